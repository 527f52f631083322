package main

import (
	"derscope/decode"
	"derscope/web"
)

// compare lays the items N and From of a case side by side.
func compare(held *decode.Case, r web.Request) web.Packer {
	var p web.Packer
	rows, left := held.Compare(r.N, r.From)
	p.Int(left)
	p.Int(len(rows))
	cell := func(c decode.Cell) {
		p.Int(int(c.Node) + 1)
		p.Int(c.Element + 1)
		p.Text(c.Text)
	}
	for _, row := range rows {
		p.Int(int(row.Sign))
		p.Int(row.Depth)
		p.Text(row.Label)
		p.Text(row.Note)
		cell(row.Left)
		cell(row.Right)
	}
	return p
}

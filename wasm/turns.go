package main

import (
	"time"

	"derscope/decode"
	"derscope/web"
)

// turns packs how the verdict about an item runs through time.
func turns(c *decode.Case, r web.Request) (p web.Packer) {
	all := c.Turns(r.N, options(r.Ask))
	p.Int(len(all))
	for _, t := range all {
		second := max(0, int(t.At.Unix()-time.Time{}.Unix())) // in two parts: an unpacker takes no number that large
		p.Int(second / 86400)
		p.Int(second % 86400)
		p.Int(int(t.Status))
		p.Text(t.Headline)
		p.Int(int(t.Is))
		p.Text(t.Check)
	}
	return p
}

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"derscope/decode"
	"derscope/decode/report"
	"derscope/web"
)

// find looks for a text among the nodes from List to From, and for the first N
// places at most; it goes on from the place in Octets. Where nothing is found to
// the end, it looks for a place anywhere else.
func (s *server) find(r web.Request) (p web.Packer) {
	from := decode.Start()
	if at := web.Numbers(r.Octets); len(at) == 2 {
		from = decode.Place{Node: report.Ref(at[0]), Element: at[1] - at[0]}
	}
	end := report.Ref(r.From)
	found := s.held.Find(r.Text, r.List, end, from, r.N)
	places(&p, found)
	beside := decode.Found{Next: decode.Start()}
	if len(found.Places) == 0 && found.Next == decode.Start() {
		if beside = s.held.Find(r.Text, end, 1<<30, decode.Start(), 1); len(beside.Places) == 0 {
			beside = s.held.Find(r.Text, 0, r.List, decode.Start(), 1)
		}
	}
	places(&p, beside)
	return p
}

func places(p *web.Packer, f decode.Found) {
	p.Text(string(f.Octets))
	more := 0
	if f.More {
		more = 1
	}
	p.Int(more)
	p.Int(int(f.Next.Node) + 1)
	p.Int(f.Next.Element + 1)
	p.Int(len(f.Places))
	for _, at := range f.Places {
		p.Int(int(at.Node))
		p.Int(at.Element + 1)
	}
}

// elements looks for a text among the elements of source From, and goes on from
// the offset in Octets.
func (s *server) elements(r web.Request) (p web.Packer, err error) {
	if r.From < 0 || r.From >= len(s.sources) {
		return nil, fmt.Errorf("there is no source %d", r.From)
	}
	b := s.held.Shown(r.From)
	off := 0
	if at := web.Numbers(r.Octets); len(at) > 0 {
		off = at[0]
	}
	return web.FindElements(b, r.Text, s.held.Find(r.Text, 0, 0, decode.Start(), 0).Octets, off, r.N), nil
}

// head gives the beginning of what export gives, whole lines of N octets at
// most, and how long the whole is.
func (s *server) head(r web.Request) (p web.Packer, err error) {
	whole, err := s.export(r)
	if err != nil {
		return nil, err
	}
	size, used := binary.Uvarint(whole)
	body := whole[used:]
	if len(body) > r.N {
		body = body[:bytes.LastIndexByte(body[:r.N], '\n')+1]
	}
	p.Int(int(size))
	p.Text(string(body))
	return p, nil
}

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
// places at most; where there is none, for one anywhere else.
func (s *server) find(r web.Request) (p web.Packer) {
	found := s.held.Find(r.Text, r.List, report.Ref(r.From), r.N)
	places(&p, found)
	if len(found.Places) == 0 {
		found = s.held.Find(r.Text, 0, 1<<30, 1)
	} else {
		found = decode.Found{}
	}
	places(&p, found)
	return p
}

func places(p *web.Packer, f decode.Found) {
	p.Text(string(f.Octets))
	more := 0
	if f.More {
		more = 1
	}
	p.Int(more)
	p.Int(len(f.Places))
	for _, at := range f.Places {
		p.Int(int(at.Node))
		p.Int(at.Element + 1)
	}
}

// elements looks for a text among the elements of source From.
func (s *server) elements(r web.Request) (p web.Packer, err error) {
	if r.From < 0 || r.From >= len(s.sources) {
		return nil, fmt.Errorf("there is no source %d", r.From)
	}
	var b []byte
	if src := s.sources[r.From]; !src.Secret {
		b = src.Bytes
	}
	return web.FindElements(b, r.Text, s.held.Find(r.Text, 0, 0, 0).Octets, r.N), nil
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

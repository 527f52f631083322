package main

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/web"
)

func TestFind(t *testing.T) {
	s := new(server)
	loaded := s.answer(web.Request{ID: 1, Op: "load", Inputs: []web.Evidence{{Name: "a", Bytes: small}, {Name: "b", Bytes: []byte("\x30\x03\x0c\x01d")}}})
	ask := func(r web.Request) []byte {
		t.Helper()
		r.ID, r.Case, r.N = 2, loaded.Case, 10
		got := s.answer(r)
		if got.Error != "" {
			t.Fatal(got.Error)
		}
		return got.Pack
	}
	pack := func(f func(p *web.Packer)) (p web.Packer) {
		f(&p)
		return p
	}
	const nodes = 3 // of the first
	for _, c := range []struct {
		name string
		r    web.Request
		want web.Packer
	}{
		{"a node", web.Request{Op: "find", Text: "02 01 2a", List: 0, From: nodes}, pack(func(p *web.Packer) {
			p.Text("\x02\x01\x2a")
			p.Int(0)
			p.Int(0)
			p.Int(0)
			p.Int(1)
			p.Int(1)
			p.Int(0)
			p.Text("")
			p.Int(0)
			p.Int(0)
			p.Int(0)
			p.Int(0)
		})},
		{"a node elsewhere", web.Request{Op: "find", Text: "0c0164", List: 0, From: nodes}, pack(func(p *web.Packer) {
			p.Text("\x0c\x01\x64")
			p.Int(0)
			p.Int(0)
			p.Int(0)
			p.Int(0)
			p.Text("\x0c\x01\x64")
			p.Int(0)
			p.Int(0)
			p.Int(0)
			p.Int(1)
			p.Int(nodes + 1)
			p.Int(0)
		})},
		{"an element", web.Request{Op: "elements", Text: "012a", From: 0}, pack(func(p *web.Packer) {
			p.Text("\x01\x2a")
			p.Int(0)
			p.Int(0)
			p.Int(0)
			p.Int(1)
			p.Int(2)
			p.Int(3)
			p.Int(2)
		})},
	} {
		if got := ask(c.r); string(got) != string(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := s.answer(web.Request{ID: 3, Op: "elements", Case: loaded.Case, From: 9}); !strings.Contains(got.Error, "no source 9") {
		t.Errorf("%+v", got)
	}
}

// A password in a certification request is not found among the elements.
func TestFindNoSecret(t *testing.T) {
	s := new(server)
	a, err := txtar.ParseFile("../testdata/cert/csr-challenge.txtar")
	if err != nil {
		t.Fatal(err)
	}
	loaded := s.answer(web.Request{ID: 1, Op: "load", Inputs: []web.Evidence{{Name: "a", Bytes: a.Files[0].Data}}})
	found := false
	for source := range s.sources {
		got := s.answer(web.Request{ID: 2, Op: "elements", Text: "not a secret", N: 10, Case: loaded.Case, From: source})
		var none web.Packer
		none.Text("")
		for range 4 {
			none.Int(0)
		}
		if !bytes.Equal(got.Pack, none) {
			t.Errorf("in source %d: %x %s", source, got.Pack, got.Error)
		}
		found = found || bytes.Contains(s.sources[source].Bytes, []byte("not a secret"))
	}
	if !found {
		t.Error("the request holds no such password")
	}
}

//go:build !first

package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"derscope/decode"
	"derscope/decode/report"
	"derscope/web"
)

// build makes an OCSP request for item N with item From as its issuer, and all
// that the page shows of it, as JSON for relay.js. Text has the hash, the nonce
// in hexadecimal and the URL of the responder, a space after each.
func (s *server) build(r web.Request) (p web.Packer, err error) {
	if min(r.N, r.From) < 0 || max(r.N, r.From) >= len(s.items) {
		return nil, fmt.Errorf("there are no items %d and %d", r.N, r.From)
	}
	hash, rest, _ := strings.Cut(r.Text, " ")
	digits, url, _ := strings.Cut(rest, " ")
	nonce, err := hex.DecodeString(digits)
	if err != nil {
		return nil, err
	}
	if digits == "" {
		nonce = nil
	}
	octets := func(n int) []byte { return s.sources[s.items[n].Source].Bytes }
	made, err := decode.BuildRequest(decode.Question{
		Subjects: [][]byte{octets(r.N)}, Issuer: octets(r.From),
		SHA256: hash == "SHA-256", Nonce: nonce, URL: url,
		File: s.file(r.N), IssuerFile: s.file(r.From),
	})
	if err != nil {
		return nil, err
	}
	b := []byte{'['}
	for _, text := range []string{made.Base64, made.Responder, made.OpenSSL, made.Get, made.Post, made.URL} {
		b = append(report.AppendQuoted(b, text), ',')
	}
	b = append(b, '[')
	for i, text := range leaves(made.DER) {
		if i > 0 {
			b = append(b, ',')
		}
		b = report.AppendQuoted(b, text)
	}
	p.Text(string(append(b, "]]"...)))
	return p, nil
}

// file is the name of the input that holds an item and nothing else.
func (s *server) file(n int) string {
	for i := range s.items {
		if i != n && s.items[i].Input == s.items[n].Input {
			return ""
		}
	}
	if s.items[n].Input == "paste" {
		return ""
	}
	return s.items[n].Input
}

// leaves are the fields of a request that hold something, name and value in turn.
func leaves(der []byte) (all []string) {
	in := decode.Input{Bytes: der, Kind: "ocsp-request"}
	for _, n := range decode.Load([]decode.Input{in}, decode.Limits{}).Report(decode.Options{}).Nodes {
		if n.Flags&report.Leaf != 0 && n.Value != "" {
			all = append(all, n.Label, n.Value)
		}
	}
	return all
}

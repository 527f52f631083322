package main

import (
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

// vector is one file under testdata. It differs from a good answer in one
// thing, which make changes and about says.
type vector struct {
	name, about, pair string
	make              func(s *scene)
}

// scene is what a vector shows: the response, its leaf and its issuer, or
// other files altogether, and how they are to be judged.
type scene struct {
	*pki
	response
	leaf    *certificate
	issuer  *certificate
	with    []file // after the leaf and the issuer
	instead []file // in place of all
	asHex   bool   // the response as hex, where its outer layer is the point
	options []string
}

// file is one input of a vector, as text.
type file struct{ name, text string }

func newScene(p *pki) *scene {
	return &scene{pki: p, response: goodResponse(p.issuing, p.leaf), leaf: p.leaf, issuer: p.issuing.certificate}
}

func armored(name, label string, b []byte) file {
	return file{name, string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: b}))}
}

func certFile(name string, c *certificate) file { return armored(name, "CERTIFICATE", c.der) }

// hexFile is the octets as hex, 32 a line.
func hexFile(name string, b []byte) file {
	var t strings.Builder
	for ; len(b) > 32; b = b[32:] {
		t.WriteString(hex.EncodeToString(b[:32]) + "\n")
	}
	return file{name, t.String() + hex.EncodeToString(b) + "\n"}
}

// files are the inputs in order.
func (s *scene) files() []file {
	if s.instead != nil {
		return s.instead
	}
	all := []file{armored("response.pem", "OCSP RESPONSE", s.response.der())}
	if s.asHex {
		all[0] = hexFile("response.hex", s.response.der())
	}
	if s.leaf != nil {
		all = append(all, certFile("leaf.pem", s.leaf))
	}
	if s.issuer != nil {
		all = append(all, certFile("issuer.pem", s.issuer))
	}
	return append(all, s.with...)
}

// option adds a line to the options, for example: profile br.
func (s *scene) option(form string, args ...any) {
	s.options = append(s.options, fmt.Sprintf(form, args...))
}

// add puts one more certificate beside the leaf and the issuer.
func (s *scene) add(name string, c *certificate) { s.with = append(s.with, certFile(name, c)) }

// first is the entry for the leaf.
func (s *scene) first() *entry { return &s.entries[0] }

// times sets thisUpdate and nextUpdate, and producedAt to thisUpdate, all
// counted from the clock. A vector about producedAt sets that afterwards.
func (s *scene) times(this, next time.Duration) {
	s.first().this, s.first().next = generalized(at(this)), generalized(at(next))
	s.produced = s.first().this
}

// signBy has the response signed by a certificate, named and sent along.
func (s *scene) signBy(c *certificate) {
	s.signer, s.rid, s.certs = c.key, byName(c.subject), []der{c.der}
}

// delegated has it signed by a responder of the issuing CA, changed.
func (s *scene) delegated(change func(c *certificate)) *certificate {
	c := s.pki.delegate("Example OCSP Responder 7", s.issuing, change)
	s.signBy(c)
	return c
}

// delegatedBy is the same with a responder of another CA.
func (s *scene) delegatedBy(by *authorityCert) {
	s.signBy(s.pki.delegate("Example OCSP Responder 8", by, nil))
}

// answerFor has another CA answer for another certificate.
func (s *scene) answerFor(by *authorityCert, leaf *certificate) {
	s.response = goodResponse(by, leaf)
	s.leaf, s.issuer = leaf, by.certificate
}

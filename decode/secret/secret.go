// Package secret is the kind of secrets that two sides agreed on beforehand: a
// pre-shared key of TLS, the password of an enrolment.
//
// Any octets can be one, so it is never guessed: somebody has to say so. What a
// secret opens, other packages tell:
//
//	secret.Kind(connection.Bound, enrol.Authenticated)
//
// Documents: RFC 9846, section 4.3.11, for the one sort; RFC 9810, section 5.1.3.1,
// for the other.
package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Shared is a secret that was given.
type Shared struct {
	Ref   report.Ref
	Bytes []byte
}

// Reading is octets that a secret may stand for.
type Reading struct {
	Bytes []byte
	As    string // how the secret is taken then; "" as it was given
}

// Readings are the octets that the secret may stand for, the most likely first: a
// password may look like hexadecimal, and a key may be written in it. As it was
// given is always among them.
func (s *Shared) Readings() []Reading {
	all := []Reading{{s.Bytes, ""}}
	add := func(b []byte, as string) {
		if len(b) > 0 && len(b) < len(s.Bytes) {
			all = append(all, Reading{b, as})
		}
	}
	add(bytes.TrimRight(s.Bytes, "\r\n"), "without the end of its line")
	if len(s.Bytes) <= longest {
		plain := strings.NewReplacer(":", "", " ", "", "\n", "", "\r", "", "-", "+", "_", "/").Replace(string(s.Bytes))
		if d, err := hex.DecodeString(plain); err == nil {
			add(d, "as the octets that its hexadecimal digits spell")
		} else if d, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(plain, "=")); err == nil && len(d) >= 16 {
			add(d, "as the octets that its base64 spells")
		}
	}
	return all
}

// longest bounds the secrets that are taken for text.
const longest = 4096

// Use is what a secret was found to be for.
type Use struct {
	Title            string // Pre-shared key
	Headline, Detail string
}

// Tried is the answer of somebody who knows what secrets are for. Use is nil
// where this one is for nothing that they found; Why then says what was tried,
// and is "" if nothing was.
type Tried struct {
	Use *Use
	Why string
}

// Kind is the kind of shared secrets, of which users tell what one is for.
func Kind(users ...func(*check.Context, *Shared) Tried) check.Kind {
	return check.Of(check.Kind{
		Name: "shared-secret", Title: "Shared secret", Spec: spec.RFC(9846, "4.3.11"), Secret: true, Whole: true,
		Match: func(k check.Candidate) (m check.Match) {
			if k.Hint == "shared-secret" {
				m = check.Match{Score: 100, Why: "it was given as a shared secret"}
			}
			return m
		},
	}, read, func(c *check.Context, s *Shared) []Tried {
		var all []Tried
		for _, f := range users {
			all = append(all, f(c, s))
		}
		return all
	}, judge)
}

func read(r *field.Reader) *Shared {
	f := r.Fixed("sharedSecret", len(r.Left()))
	return &Shared{f.Ref, f.Value}
}

func judge(c *check.Context, tried []Tried) check.Finding {
	f := check.Finding{Title: "Shared secret", Summary: []report.Member{
		{Key: "readable", Value: report.Pass.String()}, {Key: "octets", Value: len(c.Source)}}}
	why := ""
	for _, t := range tried {
		if u := t.Use; u != nil {
			f.Title = u.Title
			f.Verdict = report.Verdict{Status: report.Pass, Headline: u.Headline, Detail: u.Detail}
			return f
		}
		if why == "" {
			why = t.Why
		}
	}
	if why == "" {
		why = "Add what it protects: a CMP message with a MAC, or a ClientHello that offers a PSK."
	}
	f.Verdict = report.Verdict{Status: report.Open, Headline: "What this secret belongs to is not here", Detail: why}
	return f
}

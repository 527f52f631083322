// Package secret is the kind of secrets that two sides agreed on beforehand: a
// pre-shared key of TLS, the password of an enrolment.
//
// Any octets can be one, so it is never guessed: somebody has to say so. What a
// secret opens, other packages tell.
package secret

import (
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
		Name: "shared-secret", Title: "Shared secret", Spec: spec.RFC(9846, "4.3.11"), Secret: true,
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

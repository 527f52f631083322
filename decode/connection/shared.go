package connection

import (
	"fmt"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// SharedSecrets is the kind of secrets that two sides agreed on beforehand. Any
// octets can be one, so it is never guessed: somebody has to say so.
var SharedSecrets = check.Of(check.Kind{
	Name: "shared-secret", Title: "Shared secret", Spec: rfc9846("4.3.11"), Secret: true,
	Match: func(k check.Candidate) (m check.Match) {
		if k.Hint == "shared-secret" {
			m = check.Match{Score: 100, Why: "it was given as a shared secret"}
		}
		return m
	},
}, readShared, lookShared, judgeShared)

// Shared is a secret that was given.
type Shared struct {
	Ref   report.Ref
	Bytes []byte
}

func readShared(r *field.Reader) *Shared {
	f := r.Fixed("sharedSecret", len(r.Left()))
	return &Shared{f.Ref, f.Value}
}

// proof is an identity of a ClientHello whose binder a secret makes.
type proof struct {
	*Shared
	as    *binderSort // nil: it makes none
	place int
	host  string
	tried int
}

// proofs bounds the ClientHellos that a secret is tried on.
const proofs = 64

// lookShared looks for the binder that the secret makes.
func lookShared(c *check.Context, s *Shared) *proof {
	p := &proof{Shared: s}
	for _, o := range indexOf(c).hellos {
		if o.CH == nil || o.CH.Offer() == nil || p.tried == proofs {
			continue
		}
		p.tried++
		of := *c
		of.Self = o.Item
		v := look(&of, o.H)
		for _, id := range v.identities() {
			h := binderHash(len(id.Binder.Value))
			if h == suite.None {
				continue
			}
			hash, ok := v.bound(h)
			if !ok {
				continue
			}
			if p.as = id.made(h, s.Bytes, hash); p.as != nil {
				p.place, p.host = id.Place, v.Host()
				return p
			}
		}
	}
	return p
}

func judgeShared(_ *check.Context, p *proof) check.Finding {
	f := check.Finding{Title: "Shared secret", Summary: []report.Member{
		{Key: "readable", Value: report.Pass.String()}, {Key: "octets", Value: len(p.Bytes)}}}
	switch {
	case p.as != nil:
		to := ""
		if p.host != "" {
			to = " to " + report.Clean(p.host)
		}
		f.Title = "Pre-shared key"
		f.Verdict = report.Verdict{Status: report.Pass, Headline: "The PSK of a connection" + to,
			Detail: fmt.Sprintf("It is one %s: it makes the binder of identity %d in the ClientHello («%s»).", p.as.what, p.place, p.as.label)}
	case p.tried > 0:
		f.Verdict = report.Verdict{Status: report.Open, Headline: "What this secret belongs to is not here",
			Detail: "No binder of a ClientHello here is made with it."}
	default:
		f.Verdict = report.Verdict{Status: report.Open, Headline: "What this secret belongs to is not here",
			Detail: "Add the ClientHello that offers a PSK: its binder is made with the secret."}
	}
	return f
}

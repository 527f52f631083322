package connection

import (
	"fmt"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/secret"
	"derscope/decode/suite"
)

// proof is an identity of a ClientHello whose binder a secret makes.
type proof struct {
	*secret.Shared
	as    *binderSort // nil: it makes none
	place int
	host  string
	tried int
}

// proofs bounds the ClientHellos that a secret is tried on.
const proofs = 64

// lookShared looks for the binder that the secret makes.
func lookShared(c *check.Context, s *secret.Shared) *proof {
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
			for _, r := range s.Readings() {
				if p.as = id.made(h, r.Bytes, hash); p.as != nil {
					p.place, p.host = id.Place, v.Host()
					return p
				}
			}
		}
	}
	return p
}

// Bound says whether a secret is the PSK of a connection.
func Bound(c *check.Context, s *secret.Shared) secret.Tried {
	p := lookShared(c, s)
	switch {
	case p.as != nil:
		to := ""
		if p.host != "" {
			to = " to " + report.Clean(p.host)
		}
		return secret.Tried{Use: &secret.Use{Title: "Pre-shared key", Headline: "The PSK of a connection" + to,
			Detail: fmt.Sprintf("It is one %s: it makes the binder of identity %d in the ClientHello («%s»).", p.as.what, p.place, p.as.label)}}
	case p.tried > 0:
		return secret.Tried{Why: "No binder of a ClientHello here is made with it."}
	}
	return secret.Tried{}
}

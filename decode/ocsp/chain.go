package ocsp

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// steps bounds the length of a path to an anchor.
const steps = 8

// anchored looks for a path from a certificate to an anchor, over the
// certificates at hand, and gives the certificates on it; nil if there is none.
func (v *View) anchored(k *cert.Certificate) []*cert.Certificate {
	path := []*cert.Certificate{k}
	pool := append(append([]*cert.Certificate{}, v.Others...), v.embedded()...)
	for range steps {
		last := path[len(path)-1]
		for _, a := range v.Anchors {
			if bytes.Equal(a.Raw, last.Raw) {
				return path
			}
			if _, folded := last.Issuer.Equal(a.Subject); folded && last.SignedBy(a).Outcome == sig.Valid {
				return append(path, a)
			}
		}
		up := issuerOf(last, pool, path)
		if up == nil {
			return nil
		}
		path = append(path, up)
	}
	return nil
}

// top is the certificate signed with its own key that the issuer leads to over
// those at hand, or nil.
func (v *View) top() *cert.Certificate {
	if v.Issuer == nil {
		return nil
	}
	path := []*cert.Certificate{v.Issuer}
	for range steps {
		last := path[len(path)-1]
		if last.SelfIssued() && last.SignedBy(last).Outcome == sig.Valid {
			return last
		}
		up := issuerOf(last, v.Others, path)
		if up == nil {
			return nil
		}
		path = append(path, up)
	}
	return nil
}

func (v *View) embedded() []*cert.Certificate {
	if v.Basic == nil {
		return nil
	}
	return v.Basic.Certs
}

// issuerOf gives the certificate of the pool that issued k and is not on the path yet.
func issuerOf(k *cert.Certificate, pool, path []*cert.Certificate) *cert.Certificate {
	tries := 0
	for _, up := range pool {
		if _, folded := k.Issuer.Equal(up.Subject); !folded || tries == tried {
			continue
		}
		if tries++; k.SignedBy(up).Outcome != sig.Valid {
			continue
		}
		used := false
		for _, p := range path {
			used = used || bytes.Equal(p.Raw, up.Raw)
		}
		if !used {
			return up
		}
	}
	return nil
}

var chainRules = []rule{{
	ID: "ocsp.chain.anchor", Group: groupChain, Level: check.Must, Refs: "RFC 5280 §6",
	Title: "The issuer leads to a trust anchor",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		switch {
		case v.Issuer == nil:
			return check.Skip()
		case len(v.Anchors) == 0:
			return check.Needs("anchor", report.None, "Add the root and say that it is an anchor: a page has no store of roots.")
		}
		path := v.anchored(v.Issuer)
		if path == nil {
			return check.Broken(report.None, "No path leads from %s to %s.", v.Issuer.Title(), v.Anchors[0].Title())
		}
		return check.Holds(report.None, "%s, in %s.", path[len(path)-1].Title(), report.Plural(len(path)-1, "step", "steps"))
	}),
}, {
	ID: "ocsp.chain.issuer-valid", Group: groupChain, Level: check.Must, Refs: "RFC 5280 §6.1.3",
	Title: "The issuer's certificate is valid now",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if v.Issuer == nil || !v.Issuer.NotBefore.OK || !v.Issuer.NotAfter.OK {
			return check.Skip()
		}
		from, to := v.Issuer.NotBefore.Value.Time, v.Issuer.NotAfter.Value.Time
		switch {
		case c.At.IsZero():
			return check.Needs("time", report.None, "Give a reference time.")
		case c.At.Before(from):
			return check.Broken(report.None, "%s begins %s, %s.", v.Issuer.Title(), report.Clock(from), report.Distance(from, c.At))
		case c.At.After(to):
			return check.Broken(report.None, "%s ended %s, %s.", v.Issuer.Title(), report.Clock(to), report.Distance(to, c.At))
		}
		return check.Holds(report.None, "Until %s.", report.Clock(to))
	}),
}, {
	ID: "ocsp.chain.issuer-ca", Group: groupChain, Level: check.Must, Refs: "RFC 5280 §4.2.1.9",
	Title: "The issuer is a CA",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if v.Issuer == nil {
			return check.Skip()
		}
		if !v.Issuer.IsCA() {
			return check.Broken(report.None, "%s is given as the issuer, and its basicConstraints do not say CA:TRUE.", v.Issuer.Title())
		}
		return check.Holds(report.None, "")
	}),
}, {
	ID: "ocsp.chain.openssl", Group: groupChain, Level: check.Must, Refs: "RFC 5280 §6",
	Title: "OpenSSL's path from the signer ends in the store",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		switch {
		case v.Issuer == nil || v.Signer.Cert == nil:
			return check.Skip()
		case len(v.Anchors) == 0:
			return check.Needs("anchor", report.None, "Add the root and say that it is an anchor: OpenSSL's path must end at one in -CAfile.")
		}
		path := v.openSSLPath()
		if path == nil {
			return check.Broken(report.None, "From %s no path over certs and the issuer reaches a self-signed anchor: openssl says «certificate verify error».", v.Signer.Cert.Title())
		}
		return check.Holds(report.None, "It ends at %s.", path[len(path)-1].Title())
	}),
}}

// openSSLPath is the path from the signer to a self-signed anchor, over certs
// and the issuer, as OCSP_basic_verify builds it (crypto/ocsp/ocsp_vfy.c).
func (v *View) openSSLPath() []*cert.Certificate {
	path := []*cert.Certificate{v.Signer.Cert}
	pool := append(append([]*cert.Certificate{}, v.embedded()...), v.Anchors...)
	pool = append(pool, v.Issuer)
	for range steps {
		last := path[len(path)-1]
		for _, a := range v.Anchors {
			if bytes.Equal(a.Raw, last.Raw) && last.SelfIssued() {
				return path
			}
		}
		up := issuerOf(last, pool, path)
		if up == nil {
			return nil
		}
		path = append(path, up)
	}
	return nil
}

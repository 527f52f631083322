package enrol

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/path"
	"derscope/decode/report"
	"derscope/decode/sig"
)

var newCertificateRules = []rule{{
	ID: "cmp.rep.ca-pubs", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9483 §4.1.2; RFC 9483 §4.1.3",
	Title: "caPubs come with a first certificate", Headline: "caPubs come where they do not belong",
	Judge: caPubs(func(c *check.Context, v *View, list cmp.Certificates) check.Outcome {
		if v.Body.Type != cmp.IP {
			return check.Doubtful(list.Ref, "caPubs come in %s: new trust anchors belong into the answer to a first request, ip.", article(v.Body.Name()))
		}
		for _, r := range v.Body.Reply.Responses {
			if s := r.Status.Value(); s == cmp.Rejection || s == cmp.Waiting {
				return check.Doubtful(list.Ref, "caPubs come with the status %s: there is no certificate yet that they belong to.", s).And(r.Status.Ref)
			}
		}
		return check.Holds(list.Ref, "")
	}),
}, {
	ID: "cmp.rep.ca-pubs-anchor", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1",
	Title: "caPubs hold the root of the new certificate", Headline: "caPubs hold more than the root of the new certificate",
	Judge: caPubs(func(c *check.Context, v *View, list cmp.Certificates) check.Outcome {
		for i, k := range list.List {
			if k != nil && !k.SelfIssued() {
				return check.Doubtful(list.Refs[i], "«%s» is issued by «%s»: no root. An intermediate certificate belongs into extraCerts.", k.Title(), k.Issuer.Short())
			}
			if k != nil && i < mostSignatures && k.SignedBy(k).Outcome == sig.Wrong {
				return check.Doubtful(list.Refs[i], "«%s» names itself as its issuer, and another key than its own signed it: no root. It belongs into extraCerts.", k.Title())
			}
		}
		for _, leaf := range v.granted() {
			end := path.NewPool(nil, v.carried()).Find(leaf, path.Options{}).End()
			for i, k := range list.List {
				if k != nil && leadsAside(end, k) {
					return check.Doubtful(list.Refs[i], "The path of the new certificate ends with «%s», and caPubs bring «%s»: another root.", end.Title(), k.Title())
				}
			}
		}
		return check.Holds(list.Ref, "")
	}),
}, {
	ID: "cmp.rep.ca-pubs-trust", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.2; RFC 9810 §8.9; RFC 9483 §4.1",
	Title: "Somebody who may do so brings the trust anchors", Headline: "The message brings the anchor that is to vouch for it",
	Judge: caPubs(func(c *check.Context, v *View, list cmp.Certificates) check.Outcome {
		switch k := v.signer(c); {
		case v.ByMAC():
			return check.Holds(list.Ref, "Who has the shared secret vouches for them.")
		case !v.BySignature():
			return check.Skip()
		case k != nil:
			end := path.NewPool(nil, v.carried()).Find(k, path.Options{}).End()
			for i, a := range list.List {
				if a != nil && a.PublicKey.Same(end.PublicKey) && Compare(a.Subject, end.Subject).Equal() {
					if v.x.paths().IsAnchor(a) {
						return check.Doubtful(list.Refs[i], "«%s» is the root of the certificate that signed the message, «%s», which is not to be among caPubs. You trust it already: nothing comes of it.", a.Title(), k.Title())
					}
					return check.Broken(list.Refs[i], "«%s» is the root of the certificate that signed the message, «%s»: anybody can bring a root of their own and sign under it. Get the root by another way.", a.Title(), k.Title())
				}
			}
		}
		return check.Doubtful(list.Ref, "The message is signed: take these anchors only if the signer is one who may bring some.")
	}),
}, {
	ID: "cmp.rep.chain", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.3",
	Title: "The certificates to the new one come with it", Headline: "The certificates that come do not lead to the new one",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		if t := v.Body.Type; t != cmp.IP && t != cmp.CP && t != cmp.KUP || !r.Status.Granted() || r.Pair == nil || r.Pair.Certificate == nil || !r.Pair.Certificate.OK {
			return check.Skip()
		}
		end := path.NewPool(nil, v.carried()).Find(r.Pair.Certificate, path.Options{}).End()
		if end.SelfIssued() {
			return check.Holds(r.Pair.CertRef, "")
		}
		issuer := end.Issuer.Short()
		for _, up := range v.carried() {
			if end != r.Pair.Certificate || Compare(end.Issuer, up.Subject) < Folded || end.SignedBy(up).Outcome != sig.Wrong {
				continue
			}
			if aki := end.AKI(); aki != nil && bytes.Equal(aki, up.SKI()) {
				return check.Broken(r.Pair.CertRef, "«%s» names the key of «%s» as its issuer's, and that key did not sign it: the certificate was changed after it was signed, or is not of this CA.", end.Title(), issuer).And(up.Ref)
			}
		}
		if known := v.x.paths().Find(end, path.Options{}); len(known.Steps) > 1 {
			if known.Steps[1].Certificate.SelfIssued() {
				return check.Holds(r.Pair.CertRef, "They lead to the root «%s», which the receiver has to have.", issuer)
			}
		} else if end != r.Pair.Certificate {
			return check.Holds(r.Pair.CertRef, "They lead to «%s», issued by «%s»: the receiver has to have that.", end.Title(), issuer)
		}
		return check.Doubtful(r.Pair.CertRef, "The path ends with «%s»: the certificate of its issuer «%s» is neither in extraCerts nor in caPubs. A client that does not have it cannot use the new certificate.",
			end.Title(), issuer)
	}),
}, {
	ID: "cmp.rep.cert-dates", Group: groupBody, Level: check.Should, Refs: "RFC 5280 §4.1.2.5",
	Title: "The new certificate is fresh and valid",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		if r.Pair == nil || r.Pair.Certificate == nil || !r.Pair.Certificate.NotBefore.OK || !r.Pair.Certificate.NotAfter.OK {
			return check.Skip()
		}
		k, sent := r.Pair.Certificate, v.Header.MessageTime
		begin, end := k.NotBefore.Value.Time, k.NotAfter.Value.Time
		switch {
		case !c.At.IsZero() && c.At.After(end):
			return check.Doubtful(k.NotAfter.Ref, "The certificate was valid until %s, %s.", report.Clock(end), report.Distance(end, c.At))
		case !c.At.IsZero() && c.At.Before(begin):
			return check.Doubtful(k.NotBefore.Ref, "The certificate is valid from %s, %s: until then nobody accepts it.", report.Clock(begin), report.Distance(begin, c.At))
		case sent.OK && sent.Value.Sub(begin) > 25*time.Hour: // a day, and the hour that many CAs date back
			return check.Doubtful(k.NotBefore.Ref, "The certificate is valid from %s, %s before the message was sent: it was issued for something else, or the CA answers with an old one.",
				report.Clock(begin), report.Length(sent.Value.Sub(begin))).And(sent.Ref)
		}
		return check.Holds(r.Pair.CertRef, "")
	}),
}}

// granted are the new certificates of an answer that can be read.
func (v *View) granted() (list []*cert.Certificate) {
	for _, r := range v.responses() {
		if r.Pair != nil && r.Pair.Certificate != nil && r.Pair.Certificate.OK && len(list) < 100 {
			list = append(list, r.Pair.Certificate)
		}
	}
	return list
}

// carried are the certificates that come with a message to build paths with.
func (v *View) carried() (list []*cert.Certificate) {
	put := func(from []*cert.Certificate) {
		for _, k := range from {
			if k != nil && k.OK {
				list = append(list, k)
			}
		}
	}
	put(v.ExtraCerts.List)
	if v.Body.Reply != nil {
		put(v.Body.Reply.CAPubs.List)
	}
	return list
}

// leadsAside says that the end of a path is known and is not under a root: it is
// a root itself, and another one, or names another issuer.
func leadsAside(end, root *cert.Certificate) bool {
	if end.SelfIssued() {
		return !end.PublicKey.Same(root.PublicKey)
	}
	return !Compare(end.Issuer, root.Subject).Equal() || end.SignedBy(root).Outcome == sig.Wrong
}

// caPubs makes a rule for the anchors that an answer brings.
func caPubs(judge func(*check.Context, *View, cmp.Certificates) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Body.Reply == nil || !v.Body.Reply.CAPubs.Present() || len(v.Body.Reply.CAPubs.List) == 0 {
			return check.Skip()
		}
		return judge(c, v, v.Body.Reply.CAPubs)
	}
}

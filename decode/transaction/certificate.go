package transaction

import (
	"bytes"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/enrol"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

var certificateRules = []rule{{
	ID: "cmp.txn.key", Group: groupOutcome, Level: check.Must, Refs: "RFC 9810 §5.3.4",
	Title: "The new certificate has the requested key", Headline: "The new certificate has another key than was asked for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, g := range v.granted() {
			worst = check.Worst(worst, g.keyFits(c))
		}
		return worst
	},
}, {
	ID: "cmp.txn.subject", Group: groupOutcome, Level: check.Should, Refs: "RFC 9810 §5.2.3",
	Title: "The new certificate has the requested subject", Headline: "The new certificate has another subject than was asked for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, g := range v.granted() {
			worst = check.Worst(worst, g.subjectFits())
		}
		return worst
	},
}, {
	ID: "cmp.txn.extensions", Group: groupOutcome, Level: check.Advice, Refs: "RFC 9810 §5.2.3",
	Title: "The new certificate has the requested extensions",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, g := range v.granted() {
			a := g.want()
			if a == nil || len(a.extensions) == 0 {
				continue
			}
			worst = check.Worst(worst, extensionsFit(a.extensions, g.cert))
		}
		return worst
	},
}, {
	ID: "cmp.txn.issuer", Group: groupOutcome, Level: check.Advice, Refs: "RFC 9810 §5.3.5; RFC 4211 §6.5",
	Title: "The new certificate has the issuer of the old one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, g := range v.granted() {
			old := g.old()
			if old == nil || old.Issuer.Choice != cert.DirectoryName {
				continue
			}
			if enrol.Compare(old.Issuer.Name, g.cert.Issuer) != enrol.Different {
				worst = check.Worst(worst, check.Holds(g.cert.Issuer.Ref, ""))
				continue
			}
			worst = check.Worst(worst, check.Note(g.cert.Issuer.Ref, "The new certificate comes from %s, the old one came from %s. Whoever checks it needs the chain of the new issuer.", g.cert.Issuer, old.Issuer.Name).And(old.Ref))
		}
		return worst
	},
}, {
	ID: "cmp.txn.profile", Group: groupOutcome, Level: check.Advice, Refs: "RFC 9810 §5.1.1.4",
	Title: "No named kind of certificate is asked for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		for _, m := range v.Messages {
			i := m.Header.GeneralInfo.Find(cmp.IDCertProfile)
			if i == nil || m.From != cmp.Client {
				continue
			}
			if names := profiles(i); names != "" {
				return check.Note(i.Ref, "%s asks for a certificate of the profile %s: what that is, the CA knows.", named(m), names)
			}
			return check.Note(i.Ref, "%s asks for a certificate of a named profile.", named(m))
		}
		return check.Skip()
	},
}}

// keyFits compares the key of a certificate with the one of its request.
func (g *grant) keyFits(c *check.Context) check.Outcome {
	k := g.cert.PublicKey
	switch a, made := g.want(), g.made(c); {
	case g.ask == nil || a == nil:
		return check.Needs("request", k.Ref, "Whether the certificate in %s has the right key cannot be judged without its request.", number(g.in))
	case a.key == nil && made != nil && !made.Private.Of(k.Raw):
		return check.Skip() // cmp.env.key-fit tells
	case a.key == nil && made != nil:
		return check.Holds(k.Ref, "The CA made the key, and sends the private key that belongs to the certificate.").And(made.Ref)
	case a.key == nil && g.resp.Pair.PrivateKey != nil:
		return check.Needs("key", k.Ref, "The CA made the key: whether certificate and key belong together is seen when the private key in %s is decrypted.", number(g.in))
	case a.key == nil:
		return check.Skip() // cmp.rep.private-key-missing says so
	case k.Same(*a.key):
		return check.Holds(k.Ref, "").And(a.key.Ref)
	default:
		return check.Broken(k.Ref, "The certificate in %s has the key %s (%s), %s asks for %s (%s). The client cannot use it: OpenSSL refuses it with incorrectData.",
			number(g.in), k.Key.Name(), brief(fingerprint(k)), number(g.ask), a.key.Key.Name(), brief(fingerprint(*a.key))).And(a.key.Ref)
	}
}

// made is the private key that came with a certificate; nil: none did, or
// nothing opens it.
func (g *grant) made(c *check.Context) *enrol.Sealed {
	for _, s := range g.in.Core().Sealed(c) {
		if s.Pair == g.resp.Pair && s.Private != nil {
			return s
		}
	}
	return nil
}

// fingerprint is the end of a key: the beginning of many is alike.
func fingerprint(k cert.PublicKey) []byte {
	if n := len(k.Bits); n > 16 {
		return k.Bits[n-16:]
	}
	return k.Bits
}

// subjectFits compares the subject of a certificate with the one of its request.
func (g *grant) subjectFits() check.Outcome {
	a := g.want()
	if a == nil || a.subject == nil {
		return check.Skip()
	}
	have := g.cert.Subject
	switch {
	case enrol.Compare(*a.subject, have).Equal():
		return check.Holds(have.Ref, "").And(a.subject.Ref)
	case len(a.subject.RDNs) == 0:
		return check.Note(have.Ref, "The request leaves the subject to the CA, which chose %s.", have).And(a.subject.Ref)
	case g.resp.Status.Value() != cmp.Accepted:
		return check.Note(have.Ref, "The certificate is for %s, the request for %s; the status is %s, so the client is told to look closely.", have, a.subject, g.resp.Status.Value()).And(a.subject.Ref)
	}
	return check.Broken(have.Ref, "The certificate is for %s, the request for %s, and the status is accepted, not grantedWithMods: the client is not told of the change.", have, a.subject).And(a.subject.Ref)
}

// extensionsFit lists what was asked for and what came.
func extensionsFit(want []cert.Extension, k *cert.Certificate) check.Outcome {
	var lacks, differs []string
	at := k.Extended
	for i := range want {
		w := &want[i]
		switch have := k.Extension(w.ID); {
		case have == nil:
			lacks = append(lacks, w.Name())
		case !bytes.Equal(have.Value, w.Value):
			differs = append(differs, w.Name())
		}
	}
	s := ""
	if len(lacks) > 0 {
		s = "asked for and not in the certificate: " + report.Enumerate(lacks)
	}
	if len(differs) > 0 {
		if s != "" {
			s += "; "
		}
		s += "with another value: " + report.Enumerate(differs)
	}
	if s == "" {
		return check.Holds(at, "")
	}
	return check.Note(at, "Of the extensions, %s. A CA may do that; see whether the certificate still serves.", s).And(want[0].Ref)
}

// old is the certificate that a request wants replaced; nil if it names none.
func (g *grant) old() *crmf.CertID {
	if g.req == nil || g.req.Request == nil || g.in.Core().Body.Type != cmp.KUP {
		return nil
	}
	for _, k := range g.req.Request.Controls {
		if id, ok := k.Value.(*crmf.CertID); ok && k.ID == crmf.IDOldCertID {
			return id
		}
	}
	return nil
}

// profiles are the names of certProfile.
func profiles(i *cmp.Info) string {
	texts, _ := i.Value.(cmp.Texts)
	var list []string
	for n, t := range texts.List {
		if n == 4 {
			list = append(list, "…")
			break
		}
		list = append(list, "«"+report.Clean(short(t.Value, 60))+"»")
	}
	return strings.Join(list, ", ")
}

// templateRules look at what the CA told before about requests.
var templateRules = []rule{{
	ID: "cmp.txn.template", Group: groupOutcome, Level: check.Advice, Refs: "RFC 9483 §4.3.3",
	Title: "The request follows the template that the CA gave before",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.first == nil || !v.origin.Enrolls() {
			return check.Skip()
		}
		t, in := templateBefore(c, v)
		if t == nil || t.Template == nil {
			return check.Skip()
		}
		g := grant{}
		if b := &v.first.Core().Body; len(b.Requests) > 0 {
			g.req = b.Requests[0]
		} else {
			g.p10 = b.PKCS10
		}
		a := g.want()
		if a == nil {
			return check.Skip()
		}
		var off []string
		if s := partsMissing(t.Template.Subject, a.subject); s != "" {
			off = append(off, s)
		}
		for _, e := range t.Template.Extensions {
			if cert.Find(a.extensions, e.ID) == nil {
				off = append(off, "no "+e.Name())
			}
		}
		if s := keyOff(t.KeySpec, a.key); s != "" {
			off = append(off, s)
		}
		if len(off) == 0 {
			return check.Holds(v.first.Core().Body.Ref, "").And(t.Template.Ref)
		}
		return check.Note(v.first.Core().Body.Ref, "The template that the CA sent before (%s) wants something else. The request has %s.", in.Body.Name(), strings.Join(off, "; ")).And(t.Template.Ref)
	},
}}

// templateBefore is the last template that was sent before the transaction.
func templateBefore(c *check.Context, v *View) (*cmp.CertReqTemplateContent, *enrol.View) {
	type memo struct{}
	type told struct {
		t *cmp.CertReqTemplateContent
		m *enrol.View
	}
	all, _ := c.Once(memo{}, func() any {
		var list []told
		for _, m := range enrol.IndexOf(c).Messages {
			if m.Body.Type != cmp.GenP {
				continue
			}
			if i := m.Body.Infos.Find(cmp.IDCertReqTemplate); i != nil {
				if t, ok := i.Value.(*cmp.CertReqTemplateContent); ok && t != nil {
					list = append(list, told{t, m})
				}
			}
		}
		return list
	}).([]told)
	var last told
	for _, k := range all {
		a, b := k.m.Header.MessageTime, v.first.Header.MessageTime
		earlier := k.m.Item < v.first.Item
		if a.OK && b.OK {
			earlier = a.Value.Before(b.Value.Time)
		}
		if earlier && (last.m == nil || !a.Value.Before(last.m.Header.MessageTime.Value.Time)) {
			last = k
		}
	}
	return last.t, last.m
}

// partsMissing names the sorts of parts that a subject lacks.
func partsMissing(want, have *cert.Name) string {
	if want == nil {
		return ""
	}
	has := map[oid.ID]bool{}
	if have != nil {
		for _, rdn := range have.RDNs {
			for _, a := range rdn {
				has[a.Type] = true
			}
		}
	}
	for _, rdn := range want.RDNs {
		for _, a := range rdn {
			if !has[a.Type] {
				name := a.Type.Short()
				if name == "" {
					name = a.Type.String()
				}
				return "no " + name + " in its subject"
			}
		}
	}
	return ""
}

// keyOff says how a key differs from all that the CA takes; "" if it is one of them.
func keyOff(spec []*crmf.Control, k *cert.PublicKey) string {
	if k == nil || len(spec) == 0 {
		return ""
	}
	for _, s := range spec {
		switch x := s.Value.(type) {
		case *cert.Algorithm:
			if x.ID == k.Key.Algorithm.ID && (len(x.Parameters) == 0 || bytes.Equal(x.Parameters, k.Key.Algorithm.Parameters)) {
				return ""
			}
		case field.Field[field.Int]:
			if n, ok := x.Value.Int64(); s.ID == crmf.IDRSAKeyLen && ok && k.Key.Family() == "RSA" && n == int64(k.Key.Size()) {
				return ""
			}
		default: // what cannot be read may be what it is
			return ""
		}
	}
	return "a key of another sort (" + k.Key.Name() + ")"
}

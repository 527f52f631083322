package transaction

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/field"
	"derscope/decode/report"
)

var confirmRules = []rule{{
	ID: "cmp.txn.implicit-asked", Group: groupOutcome, Level: check.Should, Refs: "RFC 9810 §5.1.1.1",
	Title: "implicitConfirm is granted to a client that asked for it", Headline: "implicitConfirm is granted though nobody asked for it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.answer == nil || implicit(v.answer) == nil {
			return check.Skip()
		}
		q, i := v.answer.Request(), implicit(v.answer)
		switch {
		case q == nil:
			return check.Skip()
		case q.Header.ImplicitConfirm() == nil:
			return check.Broken(i.Ref, "%s has implicitConfirm, %s did not ask for it. OpenSSL's client obeys all the same and sends no certConf.", named(v.answer), number(q)).And(q.Header.Ref)
		}
		return check.Holds(i.Ref, "").And(q.Header.ImplicitConfirm().Ref)
	},
}, {
	ID: "cmp.txn.implicit-granted", Group: groupOutcome, Level: check.Advice, Refs: "RFC 9483 §4.1.1",
	Title: "implicitConfirm is granted to the client that asked for it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.answer == nil || len(v.granted()) == 0 {
			return check.Skip()
		}
		q := v.answer.Request()
		if q == nil || q.Header.ImplicitConfirm() == nil {
			return check.Skip()
		}
		at := q.Header.ImplicitConfirm().Ref
		if i := implicit(v.answer); i != nil {
			return check.Holds(i.Ref, "").And(at)
		}
		return check.Note(v.answer.Header.Ref, "%s asks for implicitConfirm, %s does not grant it: the client has to send certConf.", named(q), number(v.answer)).And(at)
	},
}, {
	ID: "cmp.txn.confirm-missing", Group: groupOutcome, Level: check.Should, Refs: "RFC 9810 §5.1.1.1; RFC 9810 §5.3.18",
	Title: "The client confirms the certificate", Headline: "The client does not confirm the certificate",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.answer == nil || len(v.granted()) == 0 || implicit(v.answer) != nil {
			return check.Skip()
		}
		for _, m := range v.Messages[v.answer.Place+1:] {
			switch t := m.Core().Body.Type; {
			case m.Again != nil:
			case t == cmp.Error:
				return check.Skip() // it ends the transaction without
			case t == cmp.CertConf, t == cmp.PKIConf && m.From == cmp.Client:
				return check.Holds(m.Body.Ref, "")
			case t == cmp.PKIConf:
				return check.Broken(m.Body.Ref, "%s comes without a certConf, and %s does not grant implicitConfirm: the CA may revoke the certificate.", named(m), number(v.answer)).And(v.answer.Body.Ref)
			}
		}
		if v.later != nil {
			return check.Broken(v.answer.Body.Ref, "The client goes on to another transaction without a certConf for the certificate in %s: the CA may revoke it.", number(v.answer)).And(v.later.Ref)
		}
		return check.Skip()
	},
}, {
	ID: "cmp.txn.confirm-needless", Group: groupOutcome, Level: check.Must, Refs: "RFC 9483 §4.1.1",
	Title: "A certConf is sent where there is something to confirm", Headline: "The client confirms what needs no confirmation",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		var answer *enrol.View
		for _, m := range v.Messages {
			b := &m.Core().Body
			switch {
			case m.Again != nil:
			case m.From == cmp.Server && (enrol.Final(b.Type) || b.Type == cmp.Error) && !m.Waiting():
				answer = m
			case b.Type != cmp.CertConf || answer == nil:
			case b.Type == cmp.CertConf && settled(answer) == failed || answer.Core().Body.Type == cmp.Error:
				worst = check.Worst(worst, check.Broken(m.Body.Ref, "%s confirms, but %s (%s) holds no certificate: it was refused.", named(m), number(answer), answer.Body.Name()).And(answer.Body.Ref))
			case implicit(answer) != nil:
				worst = check.Worst(worst, check.Doubtful(m.Body.Ref, "%s confirms, though %s grants implicitConfirm: the CA does not wait for it.", named(m), number(answer)).And(implicit(answer).Ref))
			default:
				worst = check.Worst(worst, check.Holds(m.Body.Ref, ""))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.cert-hash", Group: groupOutcome, Level: check.Must, Refs: "RFC 9810 §5.3.18; RFC 9481 §3",
	Title: "certHash is the hash of the certificate", Headline: "The certConf names another certificate",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, k := range v.confirms() {
			worst = check.Worst(worst, k.hashFits(c))
		}
		return worst
	},
}, {
	ID: "cmp.txn.confirm-accepts", Group: groupOutcome, Level: check.Should, Refs: "RFC 9810 §5.3.18; RFC 9483 §4.1.1",
	Title: "The client accepts a certificate that is as it asked", Headline: "The client accepts a certificate that it has to refuse",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, k := range v.confirms() {
			if k.of == nil || k.of.cert == nil || !k.accepts() {
				continue
			}
			key, name := k.of.keyFits(c), k.of.subjectFits()
			switch {
			case key.Bad():
				worst = check.Worst(worst, check.Broken(k.s.Ref, "%s accepts the certificate in %s, whose key is not the requested one: a rejection with incorrectData is due.", named(k.in), number(k.of.in)).And(k.of.cert.PublicKey.Ref))
			case name.Bad():
				worst = check.Worst(worst, check.Broken(k.s.Ref, "%s accepts the certificate in %s, whose subject is not the requested one.", named(k.in), number(k.of.in)).And(k.of.cert.Subject.Ref))
			default:
				worst = check.Worst(worst, check.Holds(k.s.Ref, ""))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.wait-time", Group: groupOutcome, Level: check.Should, Refs: "RFC 9810 §5.1.1.2",
	Title: "The confirmation comes in time", Headline: "The confirmation comes too late",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		var until *cmp.Info
		var limit field.Moment
		for _, m := range v.Messages {
			if i := m.Core().Header.GeneralInfo.Find(cmp.IDConfirmWaitTime); i != nil && m.From == cmp.Server {
				if t, ok := i.Value.(field.Moment); ok {
					until, limit = i, t
				}
			}
			f := m.Header.MessageTime
			if m.Core().Body.Type != cmp.CertConf || until == nil || !f.OK || m.Again != nil {
				continue
			}
			if late := f.Value.Sub(limit.Time); late > 0 {
				worst = check.Worst(worst, check.Broken(f.Ref, "%s was made at %s, %s behind the confirmWaitTime %s: the CA may have revoked the certificate.", named(m), report.Clock(f.Value.Time), report.Length(late), report.Clock(limit.Time)).And(until.Ref))
			} else {
				worst = check.Worst(worst, check.Holds(f.Ref, "").And(until.Ref))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.rejected", Group: groupOutcome, Level: check.Advice, Refs: "RFC 9483 §3.6.1",
	Title: "The client takes the certificate", Headline: "The client refuses the certificate",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, k := range v.confirms() {
			if k.accepts() {
				worst = check.Worst(worst, check.Holds(k.s.Ref, ""))
				continue
			}
			took := "the CA has not said yet that it took note"
			if k.in.Reply != nil && k.in.Reply.Body.Type == cmp.PKIConf {
				took = "the CA took note in " + number(k.in.Reply)
			}
			// A remark alone would end as if all were well.
			worst = check.Worst(worst, check.Doubtful(k.s.Status.Ref, "%s refuses the certificate%s; %s. The certificate must not be used.", named(k.in), because(k.s.Status), took))
		}
		return worst
	},
}}

// implicit is the implicitConfirm of an answer, out of what was wrapped around
// it; nil: it has none.
func implicit(m *enrol.View) *cmp.Info { return m.Core().Header.ImplicitConfirm() }

// hashFits compares a certHash with the certificate that it is to name.
func (k confirm) hashFits(c *check.Context) check.Outcome {
	f := k.s.Hash
	if !f.OK {
		return check.Skip()
	}
	switch {
	case k.of == nil:
		return check.Needs("answer", f.Ref, "Which certificate %s confirms cannot be judged: no answer with certReqId %s is here.", number(k.in), whole(k.s.ID))
	}
	crt := k.of.cert
	if crt == nil {
		crt = k.of.opened(c)
	}
	switch {
	case crt == nil && k.of.resp.Pair != nil && k.of.resp.Pair.EncryptedCert != nil:
		return check.Needs("key", f.Ref, "The certificate in %s is encrypted, and its hash cannot be computed.", number(k.of.in))
	case crt == nil:
		return check.Skip()
	}
	id := hashOf(k.s, crt)
	want := sum(id, crt.Raw)
	at := k.of.resp.Pair.Ref // an opened certificate has no place in the message
	if k.of.cert != nil {
		at = crt.Ref
	}
	switch {
	case want != nil && bytes.Equal(want, f.Value):
		return check.Holds(f.Ref, "It is %s of the certificate in %s.", hashName(id), number(k.of.in)).And(at)
	case bytes.Equal(f.Value, nil):
		return check.Broken(f.Ref, "The certHash of %s is empty; the certificate in %s is named with %s %s.", number(k.in), number(k.of.in), hashName(id), octets(want)).And(at)
	}
	if s := recognise(f.Value, crt); s != "" {
		switch {
		case id == "":
			return check.Doubtful(f.Ref, "The certHash of %s is %s. The signature of the certificate (%s) names no hash, so hashAlg is needed to say which one it is, and pvno 3.", number(k.in), s, crt.Algorithm.Scheme().Name).And(at)
		case k.s.HashAlg != nil:
			return check.Doubtful(f.Ref, "The certHash of %s is %s; hashAlg says %s. A CA that computes that answers badCertId.", number(k.in), s, hashName(id)).And(at)
		}
		return check.Doubtful(f.Ref, "The certHash of %s is %s; the certificate is signed with %s, so %s is due. A CA that computes that answers badCertId.", number(k.in), s, crt.Algorithm.Scheme().Name, hashName(id)).And(at)
	}
	if want == nil {
		return check.Broken(f.Ref, "The certHash of %s is %s, which is no hash of the certificate in %s that is known here.", number(k.in), octets(f.Value), number(k.of.in)).And(at)
	}
	return check.Broken(f.Ref, "The certHash of %s is %s, %s of the certificate in %s is %s. No other hash fits either: the client confirms another certificate.", number(k.in), octets(f.Value), hashName(id), number(k.of.in), octets(want)).And(at)
}

// because gives the reasons of a refusal, with a blank in front.
func because(s *cmp.PKIStatusInfo) string {
	out := ""
	if list := s.Failures(); len(list) > 0 {
		out = " (" + report.Enumerate(list) + ")"
	}
	if t := said(s.Text); t != "" {
		out += ", saying «" + t + "»"
	}
	return out
}

// said is free text for a sentence.
func said(t cmp.FreeText) string { return report.Clean(short(t.String(), 160)) }

package enrol

import (
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
	"derscope/decode/sig"
)

var announceRules = []rule{{
	ID: "cmp.announce.ckuann", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §4.4.1; RFC 9810 §5.3.13",
	Title: "The CA's new key is introduced by its old one", Headline: "The CA's new key is not introduced by its old one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.CKUAnn || v.Body.Update == nil {
			return check.Skip()
		}
		u := update{v.Body.Update}
		return check.Worst(u.selfSigned(), u.linked(c, v), u.dates(v))
	},
}, {
	ID: "cmp.announce.rann", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.15",
	Title: "The announcement of a revocation agrees with itself",
	Judge: rann,
}, {
	ID: "cmp.announce.crl", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.16",
	Title: "The CRLs that are announced are current and signed by their issuers",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.CRLAnn || len(v.Body.CRLs) == 0 {
			return check.Skip()
		}
		var all []check.Outcome
		for _, l := range v.Body.CRLs {
			all = append(all, v.crl(c, l))
		}
		return check.Worst(all...)
	},
}, {
	ID: "cmp.announce.protected", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.1.3",
	Title: "The announcement is protected",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case !v.Body.Type.Announces():
			return check.Skip()
		case v.Protected():
			return check.Holds(v.Protection.Ref, "")
		case v.Body.Type == cmp.RAnn:
			return check.Note(v.Body.Ref, "The announcement is not protected, and nothing in it is signed: anybody can have written it. Ask the CA before you act on it.")
		}
		return check.Note(v.Body.Ref, "The announcement is not protected, which is allowed: what it carries is signed itself.")
	},
}}

// rann judges a RevAnnContent.
func rann(c *check.Context, v *View) check.Outcome {
	a := v.Body.Revocation
	if a == nil || !a.Status.OK {
		return check.Skip()
	}
	status, _ := a.Status.Value.Int64()
	if status != int64(cmp.RevocationWarning) && status != int64(cmp.RevocationNotification) {
		return check.Doubtful(a.Status.Ref, "The status is %s; an announcement says revocationWarning (4) or revocationNotification (5).", bigText(a.Status.Value))
	}
	if !a.WillBeAt.OK {
		return check.Skip()
	}
	sent, said := v.Header.MessageTime.Value.Time, "the message was sent"
	if !v.Header.MessageTime.OK {
		sent, said = c.At, "now"
	}
	will := a.WillBeAt.Value.Time
	switch {
	case sent.IsZero():
		return check.Needs("time", a.WillBeAt.Ref, "willBeRevokedAt is %s: whether that fits the status needs a time to compare with.", report.Clock(will))
	case status == int64(cmp.RevocationWarning) && will.Before(sent.Add(-time.Minute)):
		return check.Doubtful(a.WillBeAt.Ref, "The status is revocationWarning, that is to come, and willBeRevokedAt %s, before %s (%s).", report.Clock(will), said, report.Clock(sent)).And(a.Status.Ref)
	case status == int64(cmp.RevocationNotification) && will.After(sent.Add(time.Minute)):
		return check.Doubtful(a.WillBeAt.Ref, "The status is revocationNotification, that is done, and willBeRevokedAt %s, after %s (%s).", report.Clock(will), said, report.Clock(sent)).And(a.Status.Ref)
	case a.BadSince.OK && a.BadSince.Value.After(will):
		return check.Doubtful(a.BadSince.Ref, "badSinceDate is %s, after willBeRevokedAt (%s): the key is said to be bad since a time before the revocation.", report.Clock(a.BadSince.Value.Time), report.Clock(will)).And(a.WillBeAt.Ref)
	}
	return check.Holds(a.Status.Ref, "")
}

// crlOf is the CRL that an element of the message is, which is an item of its
// own; nil if it could not be read as one.
func (v *View) crlOf(c *check.Context, l cmp.Inner) *cert.CRL {
	if len(l.Raw) == 0 {
		return nil
	}
	for _, e := range c.Exhibits {
		if k, ok := e.Value.(*cert.CRL); ok && e.Carrier == v.Item && len(e.Source) > 0 && &e.Source[0] == &l.Raw[0] {
			return k
		}
	}
	return nil
}

// crl judges a CRL in the message.
func (v *View) crl(c *check.Context, l cmp.Inner) check.Outcome {
	k := v.crlOf(c, l)
	if k == nil || !k.OK {
		return check.Doubtful(l.Ref, "The CRL of %s cannot be read to its end.", report.Plural(len(l.Raw), "octet", "octets"))
	}
	if !c.At.IsZero() && k.NextUpdate.OK && c.At.After(k.NextUpdate.Value.Time) {
		return check.Doubtful(l.Ref, "The CRL of %s is good until %s, %s.", called(k.Issuer), report.Clock(k.NextUpdate.Value.Time), report.Distance(k.NextUpdate.Value.Time, c.At))
	}
	var last sig.Result
	tried := 0
	for _, f := range v.x.Certificates {
		octets, folded := f.Is.Subject.Equal(k.Issuer)
		if !octets && !folded || tried == 8 {
			continue
		}
		tried++
		if last = k.SignedBy(f.Is); last.Outcome == sig.Valid {
			return check.Holds(l.Ref, "")
		}
	}
	if tried == 0 {
		return check.Needs("signer", l.Ref, "Whether %s signed the CRL is seen beside its certificate: add it.", called(k.Issuer))
	}
	if last.Outcome == sig.Unknown {
		return undecided(l.Ref, "Whether %s signed the CRL cannot be verified: %s.", called(k.Issuer), last.Why)
	}
	return check.Doubtful(l.Ref, "The signature of the CRL of %s was not made with the key of its issuer's certificate at hand: %s.", called(k.Issuer), last.Why)
}

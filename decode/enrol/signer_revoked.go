package enrol

import (
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// Revocation is what the lists and answers at hand say of a certificate.
type Revocation struct {
	Status report.Status // Pass: not revoked; Fail: revoked; Open: nothing that counts at the time
	Why    string
}

// issuerOf is a certificate at hand whose key signed k, or nil.
func (x *Index) issuerOf(k *cert.Certificate) *cert.Certificate {
	tries := 0
	for _, f := range x.Certificates {
		if _, same := f.Is.Subject.Equal(k.Issuer); !same || tries == mostSignatures {
			continue
		}
		if tries++; k.SignedBy(f.Is).Outcome == sig.Valid {
			return f.Is
		}
	}
	return nil
}

// Revoked looks for a certificate in the CRLs and OCSP responses at hand that
// its issuer vouches for. «Revoked» counts however old it is; «good» while it is fresh.
func Revoked(c *check.Context, k *cert.Certificate) Revocation {
	x := IndexOf(c)
	by := x.issuerOf(k)
	if by == nil {
		return Revocation{report.Open, "Its issuer " + report.Clean(k.Issuer.String()) + " is not at hand, so that no CRL and no OCSP response can be checked."}
	}
	r := Revocation{report.Open, "Neither a CRL nor an OCSP response of " + report.Clean(by.Title()) + " about it is at hand."}
	for _, e := range c.Exhibits {
		if c.LeftOut(e) {
			continue
		}
		var one Revocation
		switch is := e.Value.(type) {
		case *cert.CRL:
			one = listed(is, k, by, c.At)
		case *ocsp.Response:
			one = answered(c, e, is, k, by)
		}
		if one.Status == report.Fail {
			return one
		}
		if one.Status == report.Pass || one.Status == report.Open && r.Status == report.Open {
			r = one
		}
	}
	return r
}

// listed looks into a CRL.
func listed(l *cert.CRL, k, by *cert.Certificate, at time.Time) Revocation {
	octets, same := l.Issuer.Equal(k.Issuer)
	if !l.OK || !octets && !same || l.SignedBy(by).Outcome != sig.Valid {
		return Revocation{}
	}
	if i, ok := l.Find(k.Serial.Value); ok {
		entry := l.Entry(i)
		if why, said := entry.Reason(); said {
			return Revocation{report.Fail, "It was revoked on " + report.Clock(entry.Date.Time) + " (" + why.String() + "), says " + l.Title() + "."}
		}
		return Revocation{report.Fail, "It was revoked on " + report.Clock(entry.Date.Time) + ", says " + l.Title() + "."}
	}
	return timely("It is not on "+l.Title(), l.ThisUpdate.Value.Time, l.NextUpdate.Value.Time, l.NextUpdate.OK, at)
}

// timely says whether something that was made for a time counts at another.
func timely(what string, from, to time.Time, ends bool, at time.Time) Revocation {
	switch {
	case at.IsZero():
		return Revocation{report.Open, what + ". Give a reference time: whether that counts depends on it."}
	case at.Before(from):
		return Revocation{report.Open, what + ", which begins " + report.Clock(from) + ", " + report.Distance(from, at) + "."}
	case ends && at.After(to):
		return Revocation{report.Open, what + ", which ended " + report.Clock(to) + ", " + report.Distance(to, at) + ": add a new one."}
	}
	return Revocation{report.Pass, what + " of " + report.Clock(from) + "."}
}

// answered looks into an OCSP response whose signer speaks for the issuer.
func answered(c *check.Context, e check.Exhibit, p *ocsp.Response, k, by *cert.Certificate) Revocation {
	if p.Basic == nil {
		return Revocation{}
	}
	var r Revocation
	for _, one := range p.Basic.Data.Singles {
		if !one.ID.Fit(k, by).All() {
			continue
		}
		type key struct{ response int }
		of := *c
		of.Self = e.Item
		v, _ := c.Once(key{e.Item}, func() any { return ocsp.Responses.View(&of, p) }).(*ocsp.View)
		if v == nil || v.Issuer == nil || !v.Issuer.PublicKey.Same(by.PublicKey) || !v.Signer.Proven() {
			return Revocation{report.Open, "An OCSP response is about it, and who signed that is not proved."}
		}
		switch one.Standing {
		case ocsp.Revoked:
			return Revocation{report.Fail, "It was revoked on " + report.Clock(one.RevokedAt.Value.Time) + ", says an OCSP response."}
		case ocsp.Good:
			r = timely("It is good by an OCSP response", one.ThisUpdate.Value.Time, one.NextUpdate.Value.Time, one.HasNext && one.NextUpdate.OK, c.At)
		default:
			r = Revocation{report.Open, "An OCSP response calls it " + one.Standing.String() + "."}
		}
	}
	return r
}

func signerRevoked(c *check.Context, v *View, k *Candidate) check.Outcome {
	at := v.certAt(k, k.Certificate.Serial.Ref)
	switch r := Revoked(c, k.Certificate); r.Status {
	case report.Fail:
		return check.Broken(at, "%s Do not believe what its key signs.", r.Why)
	case report.Pass:
		return check.Holds(at, "%s", r.Why)
	default:
		if k.Certificate.SelfIssued() {
			return check.Skip() // nobody can revoke it but by taking the trust away
		}
		return check.Needs("revocation", at, "%s", r.Why)
	}
}

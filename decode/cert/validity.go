package cert

import (
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
)

// validity judges a certificate at the reference time; what is how it is called.
func validity(c *check.Context, t *Certificate, what string) check.Outcome {
	from, to := t.NotBefore, t.NotAfter
	switch {
	case !from.OK || !to.OK:
		return check.Skip()
	case c.At.IsZero():
		return check.Needs("time", to.Ref, "%s is valid from %s to %s: say for which moment you ask.", what, report.Clock(from.Value.Time), report.Clock(to.Value.Time))
	case c.At.Before(from.Value.Time):
		return check.Broken(from.Ref, "%s is valid from %s, %s.", what, report.Clock(from.Value.Time), report.Distance(from.Value.Time, c.At))
	case c.At.After(to.Value.Time):
		return check.Broken(to.Ref, "%s expired on %s, %s.", what, report.Clock(to.Value.Time), report.Distance(to.Value.Time, c.At))
	}
	return check.Holds(to.Ref, "%s is valid until %s, for another %s.", what, report.Clock(to.Value.Time), report.Length(to.Value.Sub(c.At))).And(from.Ref)
}

var validityRules = []certificateRule{{
	ID: "cert.time.valid", Group: certTime, Level: check.Must, Refs: "RFC 5280 §4.1.2.5",
	Title: "The time lies within the validity",
	Judge: func(c *check.Context, v *CertificateView) check.Outcome { return validity(c, v.Certificate, "It") },
}, {
	ID: "cert.time.order", Group: certTime, Level: check.Must, Refs: "RFC 5280 §4.1.2.5",
	Title: "notBefore does not lie after notAfter",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		from, to := v.NotBefore, v.NotAfter
		if !from.OK || !to.OK {
			return check.Skip()
		}
		if from.Value.After(to.Value.Time) {
			return check.Broken(from.Ref, "notBefore is %s, notAfter %s: there is no moment at which it is valid.",
				report.Clock(from.Value.Time), report.Clock(to.Value.Time)).And(to.Ref)
		}
		return check.Holds(from.Ref, "It is valid for %s in all.", report.Length(to.Value.Sub(from.Value.Time))).And(to.Ref)
	},
}, {
	ID: "cert.time.form", Group: certTime, Level: check.Should, Refs: "RFC 5280 §4.1.2.5",
	Title: "Times up to 2049 are UTCTime, later ones GeneralizedTime",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		for _, t := range []moment{{"notBefore", v.NotBefore}, {"notAfter", v.NotAfter}} {
			if t.OK && !t.Value.UTC && t.Value.Before(time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC)) {
				return check.Broken(t.Ref, "%s is %s and a GeneralizedTime: before 2050 it is to be a UTCTime.", t.name, report.Clock(t.Value.Time))
			}
		}
		if !v.NotBefore.OK || !v.NotAfter.OK {
			return check.Skip()
		}
		return check.Holds(v.NotBefore.Ref, "").And(v.NotAfter.Ref)
	},
}}

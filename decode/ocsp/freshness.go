package ocsp

import (
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// tolerance is how far clocks may differ: the value of OpenSSL, nginx and curl.
const tolerance = 300 * time.Second

const day = 24 * time.Hour

// age judges the times of one entry at a moment: fail where it is stale or not
// yet valid, warn where it is so within the tolerance or lacks nextUpdate.
//
// The limits are OpenSSL's, Chromium's (7 days), Apple's and Firefox's.
func age(s Single, at time.Time) report.Status {
	if !s.ThisUpdate.OK {
		return report.Fail
	}
	this, next := s.ThisUpdate.Value.Time, s.NextUpdate.Value.Time
	old := at.Sub(this)
	switch {
	case this.Sub(at) > tolerance:
		return report.Fail
	case s.HasNext && !s.NextUpdate.OK:
		return report.Fail
	case s.NextUpdate.OK && (next.Before(this) || at.Sub(next) > tolerance):
		return report.Fail
	case !s.HasNext && old > 10*day:
		return report.Fail
	case this.After(at), s.NextUpdate.OK && (at.After(next) || next.Equal(this)), !s.HasNext, old > 7*day:
		return report.Warn
	}
	return report.Pass
}

// moments lists every time of the response, by name.
func (v *View) moments() []namedMoment {
	if v.Basic == nil {
		return nil
	}
	out := []namedMoment{{"producedAt", v.Basic.Data.ProducedAt}}
	for _, s := range v.singles() {
		out = append(out, namedMoment{"thisUpdate", s.ThisUpdate}, namedMoment{"nextUpdate", s.NextUpdate}, namedMoment{"revocationTime", s.RevokedAt})
	}
	return out
}

type namedMoment struct {
	name string
	field.Field[field.Moment]
}

func eachMoment(judge func(m namedMoment) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, m := range v.moments() {
			if m.Ref != report.None && m.Value.Text != "" {
				o = check.Worst(o, judge(m))
			}
		}
		return o
	}
}

var timeRules = []rule{{
	ID: "ocsp.time.form", Group: groupFresh, Level: check.Must, Refs: "RFC 5280 §4.1.2.5.2; RFC 9919 §3.2.4",
	Title:    "Every time is written YYYYMMDDHHMMSSZ",
	Headline: "A time is written in a form that clients read differently",
	Judge: eachMoment(func(m namedMoment) check.Outcome {
		if m.OK && !m.Value.Canonical {
			what := "a zone other than Z"
			switch {
			case m.Value.Fraction:
				what = "a fraction of a second"
			case m.Value.NoSeconds:
				what = "no seconds"
			}
			return check.Broken(m.Ref, "%s is «%s», with %s: some clients refuse that, others read it in their own way.", m.name, m.Value.Text, what)
		}
		return check.Holds(m.Ref, "")
	}),
}, {
	ID: "ocsp.time.type", Group: groupFresh, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "Every time is a GeneralizedTime",
	Headline: "A time is of the wrong type: most clients refuse it",
	Judge: eachMoment(func(m namedMoment) check.Outcome {
		if m.Value.UTC {
			return check.Broken(m.Ref, "%s is the UTCTime «%s»; OCSP uses GeneralizedTime only.", m.name, m.Value.Text)
		}
		return check.Holds(m.Ref, "")
	}),
}, {
	ID: "ocsp.time.calendar", Group: groupFresh, Level: check.Must, Refs: "X.680 §46",
	Title:    "Every time is a moment that exists",
	Headline: "A time names no moment",
	Judge: eachMoment(func(m namedMoment) check.Outcome {
		if !m.OK {
			return check.Broken(m.Ref, "%s is «%s»: no such moment exists.", m.name, m.Value.Text)
		}
		return check.Holds(m.Ref, "")
	}),
}}

// timed makes a rule that looks at the times of every entry that counts.
func timed(judge func(c *check.Context, v *View, s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return deciding(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.ThisUpdate.OK {
			return check.Skip()
		}
		if c.At.IsZero() {
			return check.Needs("time", s.ThisUpdate.Ref, "Give a reference time.")
		}
		return judge(c, v, s)
	})
}

var freshRules = []rule{{
	ID: "ocsp.fresh.started", Group: groupFresh, Level: check.Must, Refs: "RFC 6960 §4.2.2.1",
	Title:    "thisUpdate has passed",
	Headline: "Not yet valid: thisUpdate lies ahead",
	Judge: timed(func(c *check.Context, v *View, s Single) check.Outcome {
		switch ahead := s.ThisUpdate.Value.Sub(c.At); {
		case ahead > tolerance:
			return check.Broken(s.ThisUpdate.Ref, "thisUpdate is %s, %s: the responder's clock or yours is wrong.", report.Clock(s.ThisUpdate.Value.Time), report.Distance(s.ThisUpdate.Value.Time, c.At))
		case ahead > 0:
			return check.Doubtful(s.ThisUpdate.Ref, "thisUpdate lies %s ahead: it passes only within the tolerance of 5 minutes.", report.Length(ahead))
		}
		return check.Holds(s.ThisUpdate.Ref, "%s.", report.Distance(s.ThisUpdate.Value.Time, c.At))
	}),
}, {
	ID: "ocsp.fresh.not-expired", Group: groupFresh, Level: check.Must, Refs: "RFC 6960 §3.2; RFC 6960 §4.2.2.1",
	Title: "nextUpdate lies ahead",
	Judge: timed(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Skip()
		}
		next := s.NextUpdate.Value.Time
		switch late := c.At.Sub(next); {
		case late > tolerance:
			if next.Before(s.ThisUpdate.Value.Time) {
				return check.Broken(s.NextUpdate.Ref, "It expired %s ago, at nextUpdate %s. An old answer can hide a revocation: fetch a new one.", report.Length(late), report.Clock(next))
			}
			return check.Broken(s.NextUpdate.Ref, "It expired %s ago; it was valid for %s. An old answer can hide a revocation: fetch a new one.", report.Length(late), report.Length(next.Sub(s.ThisUpdate.Value.Time)))
		case late > 0:
			return check.Doubtful(s.NextUpdate.Ref, "It expired %s ago: it passes only within the tolerance of 5 minutes. Chromium has none.", report.Length(late))
		}
		return check.Holds(s.NextUpdate.Ref, "Fresh for another %s.", report.Length(next.Sub(c.At)))
	}),
}, {
	ID: "ocsp.fresh.next-present", Group: groupFresh, Level: check.Should, Refs: "RFC 6960 §2.4; RFC 9919 §5",
	Title: "There is a nextUpdate",
	Judge: deciding(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.HasNext {
			return check.Doubtful(s.Ref, "Without nextUpdate nobody knows when to ask again; Firefox and Apple call it stale after a day.")
		}
		return check.Holds(s.NextUpdate.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.order", Group: groupFresh, Level: check.Must, Refs: "RFC 9919 §3.2.4",
	Title:    "thisUpdate lies before nextUpdate",
	Headline: "Its times are reversed",
	Judge: deciding(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK || !s.ThisUpdate.OK {
			return check.Skip()
		}
		switch d := s.NextUpdate.Value.Sub(s.ThisUpdate.Value.Time); {
		case d < 0:
			return check.Broken(s.NextUpdate.Ref, "nextUpdate %s lies %s before thisUpdate %s.", report.Clock(s.NextUpdate.Value.Time), report.Length(d), report.Clock(s.ThisUpdate.Value.Time)).And(s.ThisUpdate.Ref)
		case d == 0:
			return check.Doubtful(s.NextUpdate.Ref, "Both are %s: an empty window. Chromium refuses it.", report.Clock(s.NextUpdate.Value.Time)).And(s.ThisUpdate.Ref)
		}
		return check.Holds(s.NextUpdate.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.tolerance", Group: groupFresh, Level: check.Should, Refs: "RFC 9919 §5",
	Title: "It passes without any tolerance for clocks",
	Judge: timed(func(c *check.Context, v *View, s Single) check.Outcome {
		ahead := s.ThisUpdate.Value.Sub(c.At)
		if ahead > 0 && ahead <= tolerance {
			return check.Doubtful(s.ThisUpdate.Ref, "thisUpdate lies %s ahead. Only a tolerance for wrong clocks lets it pass: OpenSSL has 5 minutes, Chromium none.", report.Length(ahead))
		}
		if late := c.At.Sub(s.NextUpdate.Value.Time); s.NextUpdate.OK && late > 0 && late <= tolerance {
			return check.Doubtful(s.NextUpdate.Ref, "nextUpdate lies %s back. Only a tolerance for wrong clocks lets it pass: OpenSSL has 5 minutes, Chromium none.", report.Length(late))
		}
		return check.Holds(s.ThisUpdate.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.age", Group: groupFresh, Level: check.Must, Refs: "RFC 9919 §5",
	Title:    "It is young enough for the browsers",
	Headline: "Stale: too old, and without nextUpdate",
	Judge: timed(func(c *check.Context, v *View, s Single) check.Outcome {
		old := c.At.Sub(s.ThisUpdate.Value.Time)
		switch ca := v.Subject != nil && v.Subject.IsCA(); {
		case !s.HasNext && old > 10*day:
			return check.Broken(s.ThisUpdate.Ref, "It is %s old and has no nextUpdate: nobody can tell how long it was meant to last. Fetch a new one.", report.Length(old))
		case ca && old > 365*day:
			return check.Doubtful(s.ThisUpdate.Ref, "It is %s old. Of a CA certificate Firefox takes answers of up to 365 days, Chromium of up to 366, whatever nextUpdate says.", report.Length(old))
		case ca && s.HasNext:
		case old > 10*day:
			return check.Doubtful(s.ThisUpdate.Ref, "It is %s old. Firefox takes answers of up to 10 days, Chromium of up to 7, whatever nextUpdate says.", report.Length(old))
		case old > 7*day:
			return check.Doubtful(s.ThisUpdate.Ref, "It is %s old. Chromium takes answers of up to 7 days, whatever nextUpdate says.", report.Length(old))
		case !s.HasNext && old > day:
			return check.Doubtful(s.ThisUpdate.Ref, "It is %s old and has no nextUpdate: stale for Firefox and Apple.", report.Length(old))
		}
		return check.Holds(s.ThisUpdate.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.refresh-due", Group: groupFresh, Level: check.Advice, Refs: "TLS BR §4.9.9; Microsoft §3.2.2",
	Title: "A server should fetch the next response",
	Judge: timed(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Skip()
		}
		life := s.NextUpdate.Value.Sub(s.ThisUpdate.Value.Time)
		if gone := c.At.Sub(s.ThisUpdate.Value.Time); life <= 0 || gone <= life/2 || gone > life {
			return check.Skip()
		}
		return check.Note(s.NextUpdate.Ref, "More than half of its %s have passed: time to fetch the next one.", report.Length(life))
	}),
}, {
	ID: "ocsp.fresh.produced-past", Group: groupFresh, Level: check.Must, Refs: "RFC 6960 §2.4",
	Title:    "It was produced before the reference time",
	Headline: "Produced in the future",
	Judge: produced(func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome {
		if c.At.IsZero() {
			return check.Needs("time", p.Ref, "Give a reference time.")
		}
		switch ahead := p.Value.Sub(c.At); {
		case ahead > 75*time.Minute: // Apple's limit: SecOCSPResponse.c
			return check.Broken(p.Ref, "producedAt is %s, in %s. Apple refuses answers signed more than 75 minutes ahead.", report.Clock(p.Value.Time), report.Length(ahead))
		case ahead > tolerance:
			return check.Doubtful(p.Ref, "producedAt is %s, in %s: a clock is wrong.", report.Clock(p.Value.Time), report.Length(ahead))
		}
		return check.Holds(p.Ref, "%s.", report.Distance(p.Value.Time, c.At))
	}),
}, {
	ID: "ocsp.fresh.produced-after-this", Group: groupFresh, Level: check.Should, Refs: "RFC 6960 §2.4",
	Title: "It was produced when the status was known",
	Judge: producedAndEntry(func(c *check.Context, p field.Field[field.Moment], s Single) check.Outcome {
		if !s.ThisUpdate.OK {
			return check.Skip()
		}
		if p.Value.Before(s.ThisUpdate.Value.Truncate(time.Second)) {
			return check.Doubtful(p.Ref, "producedAt %s lies before thisUpdate %s: signed before its own knowledge.", report.Clock(p.Value.Time), report.Clock(s.ThisUpdate.Value.Time)).And(s.ThisUpdate.Ref)
		}
		return check.Holds(p.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.produced-before-next", Group: groupFresh, Level: check.Must, Refs: "RFC 6960 §2.4",
	Title:    "It was produced before its nextUpdate",
	Headline: "Born expired",
	Judge: producedAndEntry(func(c *check.Context, p field.Field[field.Moment], s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Skip()
		}
		if p.Value.After(s.NextUpdate.Value.Time) {
			return check.Broken(p.Ref, "producedAt %s lies after nextUpdate %s: born expired.", report.Clock(p.Value.Time), report.Clock(s.NextUpdate.Value.Time)).And(s.NextUpdate.Ref)
		}
		return check.Holds(p.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.produced-in-subject-validity", Group: groupFresh, Level: check.Should, Refs: "RFC 6960 §2.4",
	Title: "It was produced within the certificate's validity",
	Judge: produced(func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome {
		if v.Subject == nil || !v.Subject.NotBefore.OK || !v.Subject.NotAfter.OK {
			return check.Skip()
		}
		from, to := v.Subject.NotBefore.Value.Time, v.Subject.NotAfter.Value.Time
		if p.Value.Before(from) || p.Value.After(to) {
			return check.Doubtful(p.Ref, "producedAt is %s, the certificate is valid from %s to %s. Chromium refuses it.", report.Clock(p.Value.Time), report.Clock(from), report.Clock(to))
		}
		return check.Holds(p.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.produced-in-signer-validity", Group: groupFresh, Level: check.Should, Refs: "RFC 6960 §4.2.2.2",
	Title: "It was produced within the signer's validity",
	Judge: produced(func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome {
		k := v.Signer.Cert
		if k == nil || !k.NotBefore.OK || !k.NotAfter.OK {
			return check.Skip()
		}
		if p.Value.Before(k.NotBefore.Value.Time) || p.Value.After(k.NotAfter.Value.Time) {
			return check.Doubtful(p.Ref, "producedAt is %s; %s is valid from %s to %s.", report.Clock(p.Value.Time), k.Title(), report.Clock(k.NotBefore.Value.Time), report.Clock(k.NotAfter.Value.Time))
		}
		return check.Holds(p.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.within-signer", Group: groupFresh, Level: check.Should, Refs: "Mozilla RSP §6",
	Title: "The response does not outlive its signer",
	Judge: counting(func(c *check.Context, v *View, s Single) check.Outcome {
		k := v.Signer.Cert
		if k == nil || !k.NotBefore.OK || !k.NotAfter.OK || !s.ThisUpdate.OK {
			return check.Skip()
		}
		if s.NextUpdate.OK && s.NextUpdate.Value.After(k.NotAfter.Value.Time) {
			return check.Doubtful(s.NextUpdate.Ref, "nextUpdate is %s, %s ends %s: the answer promises to outlive the one who vouches for it.", report.Clock(s.NextUpdate.Value.Time), k.Title(), report.Clock(k.NotAfter.Value.Time))
		}
		if s.ThisUpdate.Value.Before(k.NotBefore.Value.Time) {
			return check.Doubtful(s.ThisUpdate.Ref, "thisUpdate is %s, %s begins %s.", report.Clock(s.ThisUpdate.Value.Time), k.Title(), report.Clock(k.NotBefore.Value.Time))
		}
		return check.Holds(s.ThisUpdate.Ref, "")
	}),
}, {
	ID: "ocsp.fresh.subject-expired", Group: groupFresh, Level: check.Advice, Refs: "RFC 9919 §3.2.3; RFC 9919 §4.2",
	Title: "The certificate has expired",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if v.Subject == nil || !v.Subject.NotAfter.OK || c.At.IsZero() || !c.At.After(v.Subject.NotAfter.Value.Time) {
			return check.Skip()
		}
		return check.Note(report.None, "%s expired %s: responders may forget it, and clients should not ask.", v.Subject.Title(), report.Distance(v.Subject.NotAfter.Value.Time, c.At))
	}),
}, {
	ID: "ocsp.fresh.archive", Group: groupFresh, Level: check.Should, Refs: "RFC 6960 §4.4.4",
	Title: "The archive cutoff lies before the response and the certificate's end",
	Judge: eachOf(ArchiveCutoffID, func(c *check.Context, v *View, e placed) check.Outcome {
		cutoff, ok := moment(e.Extension)
		if !ok {
			return check.Skip()
		}
		if p := v.Basic.Data.ProducedAt; p.OK && cutoff.After(p.Value.Time) {
			return check.Doubtful(e.Ref, "The cutoff %s lies after producedAt %s.", report.Clock(cutoff.Time), report.Clock(p.Value.Time))
		}
		if v.Subject != nil && v.Subject.NotAfter.OK && cutoff.After(v.Subject.NotAfter.Value.Time) {
			return check.Doubtful(e.Ref, "The cutoff %s lies after the certificate's end %s: this answer does not reach back to it.", report.Clock(cutoff.Time), report.Clock(v.Subject.NotAfter.Value.Time))
		}
		return check.Note(e.Ref, "Revocations of certificates that expired after %s are still known.", report.Clock(cutoff.Time))
	}),
}, {
	ID: "ocsp.fresh.replay-window", Group: groupFresh, Level: check.Advice, Refs: "RFC 6960 §5",
	Title: "Without a nonce, the response can be replayed until nextUpdate",
	Judge: timed(func(c *check.Context, v *View, s Single) check.Outcome {
		if nonceOf(v.Basic.Data.Extensions) != nil || s.Standing != Good || !s.NextUpdate.OK || !s.NextUpdate.Value.After(c.At) {
			return check.Skip()
		}
		return check.Note(s.NextUpdate.Ref, "For another %s this «good» can be shown to clients even if the certificate is revoked meanwhile. That is usual for stapled responses.", report.Length(s.NextUpdate.Value.Sub(c.At)))
	}),
}}

// produced makes a rule that looks at producedAt.
func produced(judge func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome) func(*check.Context, *View) check.Outcome {
	return ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if !b.Data.ProducedAt.OK {
			return check.Skip()
		}
		return judge(c, v, b.Data.ProducedAt)
	})
}

// producedAndEntry makes a rule that looks at producedAt and each entry that counts.
func producedAndEntry(judge func(c *check.Context, p field.Field[field.Moment], s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return produced(func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome {
		return deciding(func(c *check.Context, v *View, s Single) check.Outcome { return judge(c, p, s) })(c, v)
	})
}

package session

import (
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
)

const (
	// Week is the longest that a ticket of TLS 1.3 may be used (RFC 9846, section 4.7.1).
	Week = 7 * 24 * time.Hour
	// Skew is what clocks may differ by.
	Skew = 5 * time.Minute
)

var timeRules = []rule{{
	ID: "session.lifetime", Group: resumableGroup, Level: check.Must, Refs: "RFC 9846 §4.7.1; RFC 9846 §4.3.11.1; RFC 5077 §3.3",
	Title: "It is not past its time",
	Judge: func(c *check.Context, v *View) check.Outcome {
		end, why := v.end()
		switch {
		case v.Wrong != "" && !v.Created.OK:
			return check.Skip()
		case !v.Created.OK && end.IsZero():
			if v.Format == OpenSSL || v.Format == BoringSSL {
				return check.Doubtful(v.Ref, "No time stands in it: OpenSSL takes the moment at which it loads the session, so it never ages.")
			}
			return check.Skip()
		case c.At.IsZero():
			return check.Needs("time", v.Created.Ref, "Whether it is still good depends on the time.")
		case v.Created.OK && v.Created.Value.After(c.At.Add(Skew)):
			return check.Broken(v.Created.Ref, "It was made at %s, which lies %s after the time of evaluation: one of the clocks is wrong.", report.Clock(v.Created.Value), report.Length(v.Created.Value.Sub(c.At)))
		case !end.IsZero() && c.At.After(end):
			return check.Broken(v.Created.Ref, "It expired %s, at %s: %s. A client must not offer it any more; make a new connection.", report.Distance(end, c.At), report.Clock(end), why)
		case v.Format == OpenSSL && !v.Timeout.OK && !v.Printed:
			return check.Doubtful(v.Ref, "No timeout stands in it: OpenSSL takes 3 seconds.")
		case v.Timeout.OK && v.LifetimeHint.OK && v.LifetimeHint.Value > 0 && v.Timeout.Value > v.LifetimeHint.Value:
			return check.Doubtful(v.Timeout.Ref, "The client keeps it for %s, and the server takes the ticket for %s: in between the client offers a ticket in vain.", span(v.Timeout.Value), span(v.LifetimeHint.Value)).And(v.LifetimeHint.Ref)
		case end.IsZero():
			return check.Note(v.Created.Ref, "Made at %s. How long it is good does not stand in it.", report.Clock(v.Created.Value))
		}
		return check.Holds(v.Created.Ref, "Good for another %s, until %s: %s.", report.Length(end.Sub(c.At)), report.Clock(end), why)
	},
}}

// end is when the session can no longer be resumed, and why; zero if it does
// not say.
func (s *Session) end() (end time.Time, why string) {
	sooner := func(t time.Time, because string) {
		if end.IsZero() || t.Before(end) {
			end, why = t, because
		}
	}
	after := func(f uint64) time.Time {
		return s.Created.Value.Add(time.Duration(min(f, 1<<32)) * time.Second)
	}
	if s.Expires.OK && s.Expires.Value.Unix() > 0 {
		sooner(s.Expires.Value, "the time is written in it")
	}
	if !s.Created.OK {
		return end, why
	}
	if s.Timeout.OK && s.Timeout.Value > 0 {
		sooner(after(s.Timeout.Value), "its timeout is "+span(s.Timeout.Value))
	}
	if s.TLS13() {
		if s.LifetimeHint.OK {
			sooner(after(s.LifetimeHint.Value), "the lifetime of the ticket is "+span(s.LifetimeHint.Value))
		}
		sooner(s.Created.Value.Add(Week), "no ticket of TLS 1.3 is good for more than seven days")
	}
	return end, why
}

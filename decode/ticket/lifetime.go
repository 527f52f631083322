package ticket

import (
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/session"
)

var lifetimeRules = []check.Rule[*View]{{
	ID: "ticket.issued", Group: groupLifetime, Level: check.Must, Refs: "RFC 9846 §8.3",
	Title:    "The ticket was made before now",
	Headline: "Made in the future: a clock is wrong",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.State == nil || !v.State.Created.OK {
			return check.Skip()
		}
		made, at := v.State.Created.Value, v.there(v.State.Created.Ref)
		switch {
		case c.At.IsZero():
			return check.Needs("time", at, "The state inside was made at %s: say for which moment you ask.", report.Clock(made))
		case made.Sub(c.At) > session.Skew:
			return check.Broken(at, "The state inside was made at %s, %s. One of the clocks is wrong: set the server's, or the time of evaluation.", report.Clock(made), report.Distance(made, c.At))
		}
		return check.Note(at, "The state inside was made at %s, %s%s.", report.Clock(made), report.Distance(made, c.At), original(v))
	},
}, {
	ID: "ticket.expired", Group: groupLifetime, Level: check.Must, Refs: "RFC 9846 §4.7.1; RFC 9846 §4.3.11.1; RFC 5077 §5.6",
	Title:    "The ticket can still be used",
	Headline: "Expired %s",
	Judge: func(c *check.Context, v *View) check.Outcome {
		until, at, ok := v.expires()
		if !ok {
			return check.Skip()
		}
		at = v.there(at)
		if c.At.IsZero() {
			return check.Needs("time", at, "The session inside can be resumed until %s: say for which moment you ask.", report.Clock(until))
		}
		s := v.State
		whole := time.Duration(0)
		if s.Created.OK {
			whole = until.Sub(s.Created.Value)
		}
		left := until.Sub(c.At)
		switch {
		case left <= 0:
			return check.Broken(at, "The session inside could be resumed until %s, %s%s. The server does a full handshake instead; nothing breaks.", report.Clock(until), report.Distance(until, c.At), lasting(whole))
		case s.Timeout.OK && s.Timeout.Value > uint64(session.Week/time.Second):
			return check.Doubtful(at, "The timeout is %s; a ticket of TLS 1.3 ends after 7 days, and one of TLS 1.2 should not live longer. It can be used until %s.",
				report.Length(time.Duration(min(s.Timeout.Value, 1<<31))*time.Second), report.Clock(until))
		case whole > 0 && left < whole/10:
			return check.Doubtful(at, "It can be used until %s, for another %s%s: less than a tenth is left.", report.Clock(until), report.Length(left), lasting(whole))
		}
		return check.Holds(at, "It can be used until %s, for another %s%s.", report.Clock(until), report.Length(left), lasting(whole))
	},
}, {
	ID: "ticket.auth-age", Group: groupLifetime, Level: check.Should, Refs: "RFC 9846 §4.7.1; RFC 9325 §3.4",
	Title:    "The identity behind the ticket was proved not long ago",
	Headline: "Opened: the proof of identity behind it is old",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.State == nil || c.At.IsZero() {
			return check.Skip()
		}
		if k := v.Client; k != nil && k.NotAfter.OK && c.At.After(k.NotAfter.Value.Time) {
			return check.Doubtful(k.NotAfter.Ref, "The client's certificate inside expired at %s, %s. Who resumes with the ticket is still taken for its owner.",
				report.Clock(k.NotAfter.Value.Time), report.Distance(k.NotAfter.Value.Time, c.At))
		}
		s := v.State
		if !s.Original || !s.Created.OK {
			return check.Skip()
		}
		at := v.there(s.Created.Ref)
		if c.At.Sub(s.Created.Value) > session.Week {
			return check.Doubtful(at, "The first handshake was at %s, %s. Renewing a ticket does not renew the proof of identity behind it: have the server do a full handshake after seven days.",
				report.Clock(s.Created.Value), report.Distance(s.Created.Value, c.At))
		}
		return check.Holds(at, "The first handshake was at %s, %s.", report.Clock(s.Created.Value), report.Distance(s.Created.Value, c.At))
	},
}}

// original says that the time is that of the first handshake.
func original(v *View) string {
	if v.State.Original {
		return ": the time of the first handshake, through all renewals"
	}
	return ""
}

func lasting(whole time.Duration) string {
	if whole <= 0 {
		return ""
	}
	return " (it lasts " + report.Length(whole) + ")"
}

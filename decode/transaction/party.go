package transaction

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// tolerance is how far the clock of one side may go back before somebody minds.
const tolerance = 5 * time.Minute

var partyRules = []rule{{
	ID: "cmp.txn.recipient", Group: groupContinuity, Level: check.Should, Refs: "RFC 9483 §3.1; RFC 9483 §5.1",
	Title: "Each answer goes to the sender of the request", Headline: "An answer is for somebody else",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Answers
			if m.From != cmp.Server || q == nil || m.Again != nil || enrol.Null(q.Header.Sender) {
				continue
			}
			to, from := m.Header.Recipient, q.Header.Sender
			if alike(to, from) || alike(to, q.Core().Header.Sender) {
				worst = check.Worst(worst, check.Holds(to.Ref, ""))
				continue
			}
			worst = check.Worst(worst, check.Broken(to.Ref, "The recipient of %s is %s; %s was sent by %s.", number(m), person(to), number(q), person(from)).And(from.Ref))
		}
		return worst
	},
}, {
	ID: "cmp.txn.sender", Group: groupContinuity, Level: check.Should, Refs: "RFC 9483 §4.1.1; RFC 9483 §4.4",
	Title: "Each side keeps its name", Headline: "A side changes its name",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		v.beside(func(first, m *enrol.View) {
			a, b := first.Header.Sender, m.Header.Sender
			if m.Body.Type == cmp.Error && !m.Protected() {
				return // whoever could not protect it may not be able to name itself either
			}
			if alike(a, b) {
				worst = check.Worst(worst, check.Holds(b.Ref, ""))
				return
			}
			worst = check.Worst(worst, check.Broken(b.Ref, "The sender of %s is %s, that of %s %s: one side of the conversation has two names.", number(m), person(b), number(first), person(a)).And(a.Ref))
		})
		return worst
	},
}, {
	ID: "cmp.txn.version", Group: groupContinuity, Level: check.Should, Refs: "RFC 9810 §7",
	Title: "Each answer has the version of its request", Headline: "An answer has another version than its request",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Answers
			if m.From != cmp.Server || q == nil || m.Again != nil || !m.Header.Version.OK || !q.Header.Version.OK {
				continue
			}
			a, b := q.Header.Version, m.Header.Version
			if key(a) == key(b) || unsupportedVersion(m) {
				worst = check.Worst(worst, check.Holds(b.Ref, ""))
				continue
			}
			worst = check.Worst(worst, check.Broken(b.Ref, "%s has pvno %s, %s has %s: an answer comes in the version of the question.", named(m), whole(b), number(q), whole(a)).And(a.Ref))
		}
		return worst
	},
}, {
	ID: "cmp.txn.time", Group: groupContinuity, Level: check.Should, Refs: "RFC 9810 §5.1.1",
	Title: "The time of each side moves forward", Headline: "The clock of one side goes back",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		latest := map[cmp.Side]*enrol.View{}
		for _, m := range v.Messages {
			f := m.Header.MessageTime
			if !f.OK || m.Again != nil {
				continue
			}
			before := latest[m.From]
			if before != nil {
				back := before.Header.MessageTime.Value.Sub(f.Value.Time)
				if back > tolerance {
					worst = check.Worst(worst, check.Broken(f.Ref, "messageTime of %s is %s, %s before that of %s from the same side (%s).", number(m), report.Clock(f.Value.Time), report.Length(back),
						number(before), report.Clock(before.Header.MessageTime.Value.Time)).And(before.Header.MessageTime.Ref))
				} else {
					worst = check.Worst(worst, check.Holds(f.Ref, ""))
				}
				if back > 0 {
					continue
				}
			}
			latest[m.From] = m
		}
		return worst
	},
}}

// beside calls f for each message with the first one of the same side.
func (v *View) beside(f func(first, m *enrol.View)) {
	first := map[cmp.Side]*enrol.View{}
	for _, m := range v.Messages {
		switch a := first[m.From]; {
		case m.Again != nil || m.From == cmp.Either:
		case a == nil:
			first[m.From] = m
		default:
			f(a, m)
		}
	}
}

// alike says that two names are one. Some programs turn a name round when they
// pass it through text: that is the same party, and told elsewhere.
func alike(a, b cert.GeneralName) bool {
	if a.Choice == cert.DirectoryName && b.Choice == cert.DirectoryName {
		return enrol.Compare(a.Name, b.Name) != enrol.Different || len(a.Name.RDNs) == 0 && len(b.Name.RDNs) == 0
	}
	return a.Choice == b.Choice && a.Text == b.Text && bytes.Equal(a.Octets, b.Octets)
}

// unsupportedVersion says that a message refuses the version of its request.
func unsupportedVersion(m *enrol.View) bool {
	if e := m.Body.Error; e != nil && e.Status != nil {
		for _, bit := range e.Status.Bits() {
			if cmp.FailureName(bit) == "unsupportedVersion" {
				return true
			}
		}
	}
	return false
}

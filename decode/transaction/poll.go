package transaction

import (
	"time"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

var pollRules = []rule{{
	ID: "cmp.txn.poll-start", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.3.22",
	Title: "The client asks again when it was told to wait", Headline: "The client asks again without having been told to wait",
	Judge: func(c *check.Context, v *View) check.Outcome {
		waited, known := false, false
		for i, m := range v.Messages {
			switch t := m.Core().Body.Type; {
			case m.Again != nil:
			case m.From == cmp.Server:
				waited, known = waited || m.Waiting(), true
			case t == cmp.PollReq && !waited && (known || i > 0) && !v.steps[i].gap:
				return check.Broken(m.Body.Ref, "%s asks for an answer that is not ready yet, but no message before it has the status waiting. Send the request itself.", named(m))
			case t == cmp.PollReq:
				return check.Holds(m.Body.Ref, "")
			}
		}
		return check.Skip()
	},
}, {
	ID: "cmp.txn.poll-id", Group: groupPairing, Level: check.Should, Refs: "RFC 9483 §4.4; RFC 9810 §5.3.22",
	Title: "The client asks for what it waits for", Headline: "The client asks for something else than it waits for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		var wait *enrol.View
		ids := map[string]bool{}
		for _, m := range v.Messages {
			b := &m.Core().Body
			if m.Again != nil {
				continue
			}
			if m.From == cmp.Server && m.Waiting() && b.Type != cmp.PollRep {
				wait, ids = m, waitsFor(b)
			}
			if b.Type != cmp.PollReq || wait == nil {
				continue
			}
			for _, id := range b.Polls {
				switch {
				case ids[key(id)]:
					worst = check.Worst(worst, check.Holds(id.Ref, ""))
				case wait.Body.Type.Replies():
					worst = check.Worst(worst, check.Broken(id.Ref, "%s asks for certReqId %s; what waits since %s is %s.", named(m), whole(id), number(wait), listed(ids)))
				default:
					worst = check.Worst(worst, check.Broken(id.Ref, "%s asks for certReqId %s; a whole message waits since %s (%s), which is −1. OpenSSL asks for 0 even then.", named(m), whole(id), number(wait), wait.Body.Name()))
				}
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.poll-early", Group: groupContinuity, Level: check.Should, Refs: "RFC 9483 §4.4",
	Title: "The client waits as long as it was told to", Headline: "The client asks again too early",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		var before, told *enrol.View // the client's message before, and the pollRep since
		for _, m := range v.Messages {
			if m.Again != nil {
				continue
			}
			if m.From == cmp.Server {
				if told = nil; m.Body.Type == cmp.PollRep {
					told = m
				}
				continue
			}
			if before != nil && told != nil && m.Body.Type == cmp.PollReq {
				a, b := before.Header.MessageTime, m.Header.MessageTime
				wait, at := checkAfter(told)
				if a.OK && b.OK && at != report.None {
					// Both times are the client's: it cannot have waited longer than between them.
					if d := b.Value.Sub(a.Value.Time); d >= 0 && d < wait {
						worst = check.Worst(worst, check.Broken(b.Ref, "%s comes %s behind %s; checkAfter in %s is %s.", named(m), report.Length(d), number(before), number(told), report.Length(wait)).And(at))
					} else {
						worst = check.Worst(worst, check.Holds(b.Ref, ""))
					}
				}
			}
			before, told = m, nil
		}
		return worst
	},
}, {
	ID: "cmp.txn.poll-waiting", Group: groupPairing, Level: check.Should, Refs: "RFC 9810 §5.3.22",
	Title: "While the client polls, a pollRep tells it to go on waiting", Headline: "The status waiting comes a second time",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Answers
			if q == nil || q.Body.Type != cmp.PollReq || m.Body.Type == cmp.PollRep || m.Again != nil {
				continue
			}
			if m.Waiting() {
				worst = check.Worst(worst, check.Broken(m.Body.Ref, "%s answers a pollReq with the status waiting again: a pollRep says that. OpenSSL since 3.3 gives up with UNEXPECTED_PKISTATUS, older ones poll on.", named(m)))
			} else {
				worst = check.Worst(worst, check.Holds(m.Body.Ref, ""))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.poll-final", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.3.22",
	Title: "After waiting comes the answer that the first request gets", Headline: "After waiting comes an answer of the wrong kind",
	Judge: func(c *check.Context, v *View) check.Outcome {
		want, known := finals[v.origin]
		worst := check.Skip()
		polled := false
		for _, m := range v.Messages {
			t := m.Core().Body.Type
			polled = polled || t == cmp.PollReq
			if !polled || m.From != cmp.Server || !enrol.Final(t) || !known || m.Again != nil {
				continue
			}
			if t == want {
				worst = check.Worst(worst, check.Holds(m.Body.Ref, ""))
				continue
			}
			o := check.Broken(m.Body.Ref, "%s ends the waiting for the answer to an %s: %s is due.", named(m), v.origin, want)
			if v.first != nil {
				o = o.And(v.first.Body.Ref)
			}
			worst = check.Worst(worst, o)
		}
		return worst
	},
}}

// waitsFor are the certReqIds that a pollReq may name.
func waitsFor(b *cmp.Body) map[string]bool {
	ids := map[string]bool{}
	if b.Reply == nil {
		ids["-1"] = true
		return ids
	}
	for _, r := range b.Reply.Responses {
		if r.Status.Value() == cmp.Waiting {
			ids[key(r.ID)] = true
		}
	}
	return ids
}

// listed writes a few numbers.
func listed(ids map[string]bool) string {
	if len(ids) == 1 {
		for id := range ids {
			return "certReqId " + id
		}
	}
	return report.Plural(len(ids), "certReqId", "certReqIds")
}

// checkAfter is how long a pollRep tells to wait: the least of its elements, for
// the client may ask about any of them.
func checkAfter(m *enrol.View) (wait time.Duration, at report.Ref) {
	at = report.None
	for _, w := range m.Core().Body.Waits {
		n, ok := w.CheckAfter.Value.Int64()
		if !w.CheckAfter.OK || !ok || n < 0 || n > 1<<31 {
			continue
		}
		if d := time.Duration(n) * time.Second; at == report.None || d < wait {
			wait, at = d, w.CheckAfter.Ref
		}
	}
	return wait, at
}

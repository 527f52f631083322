package enrol

import (
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
)

var pollRules = []rule{{
	ID: "cmp.poll.count", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.4; RFC 9810 §5.3.22",
	Title: "The poll is about one request", Headline: "The poll is not about one request",
	Judge: func(c *check.Context, v *View) check.Outcome {
		n := len(v.Body.Polls) + len(v.Body.Waits)
		switch {
		case v.Body.Type != cmp.PollReq && v.Body.Type != cmp.PollRep || !v.Body.OK:
			return check.Skip()
		case n == 0:
			return check.Doubtful(v.Body.Ref, "The list is empty: nothing is asked, and nothing answered.")
		case n > 1:
			return check.Doubtful(v.Body.Ref, "The list has %d elements; OpenSSL takes one (MULTIPLE_RESPONSES_NOT_SUPPORTED).", n)
		}
		return check.Holds(v.Body.Ref, "")
	},
}, {
	ID: "cmp.poll.id", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.4; RFC 9810 §5.3.22",
	Title: "The poll names what is waited for", Headline: "The poll names no request",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		put := func(i int, f field.Field[field.Int]) {
			switch n, ok := f.Value.Int64(); {
			case !f.OK:
			case !ok || n != -1 && n != int64(i):
				all = append(all, check.Doubtful(f.Ref, "certReqId is %s; %d names the request, and -1 the message as a whole.", bigText(f.Value), i))
			default:
				all = append(all, check.Holds(f.Ref, ""))
			}
		}
		for i, f := range v.Body.Polls {
			put(i, f)
		}
		for i, w := range v.Body.Waits {
			put(i, w.ID)
		}
		return check.Worst(all...)
	},
}, {
	ID: "cmp.poll.after", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.22",
	Title: "The time to wait is one that a client can wait", Headline: "The time to wait is negative",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for _, w := range v.Body.Waits {
			if w.CheckAfter.OK {
				all = append(all, after(w))
			}
		}
		return check.Worst(all...)
	},
}}

// after judges checkAfter.
func after(w cmp.PollRepEntry) check.Outcome {
	f := w.CheckAfter
	n, small := f.Value.Int64()
	switch {
	case f.Value.Sign() < 0:
		return check.Broken(f.Ref, "checkAfter is %s seconds: the past cannot be waited for. OpenSSL stops with CHECKAFTER_OUT_OF_RANGE.", bigText(f.Value))
	case !small || n > 1<<31-1:
		return check.Doubtful(f.Ref, "checkAfter is %s seconds, beyond what programs keep in 31 bits: OpenSSL stops with CHECKAFTER_OUT_OF_RANGE.", bigText(f.Value))
	case n == 0:
		return check.Doubtful(f.Ref, "checkAfter is 0: the client asks again at once, and again.")
	case n > 24*60*60:
		return check.Doubtful(f.Ref, "checkAfter is %s (%s): most clients give up before.", report.Plural(int(n), "second", "seconds"), seconds(n))
	}
	return check.Holds(f.Ref, "")
}

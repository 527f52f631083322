package enrol

import (
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
)

var errorRules = []rule{{
	ID: "cmp.error.status", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.6.4; RFC 9810 §5.3.21",
	Title: "An error message refuses, or asks to wait", Headline: "The error message neither refuses nor asks to wait",
	Judge: errors(func(c *check.Context, v *View, e *cmp.ErrorMsgContent) check.Outcome {
		switch s := e.Status.Value(); {
		case !e.Status.Status.OK:
			return check.Skip()
		case s == cmp.Rejection || s == cmp.Waiting:
			return check.Holds(e.Status.Status.Ref, "")
		default:
			return check.Doubtful(e.Status.Status.Ref, "The status is %s; an error message says rejection (2), or waiting (3) where the answer comes later.", statusWords(e.Status))
		}
	}),
}, {
	ID: "cmp.error.waiting", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.4; RFC 9810 §5.3.21",
	Title: "A message that asks to wait gives no reason of failure", Headline: "A message that asks to wait gives a reason of failure",
	Judge: errors(func(c *check.Context, v *View, e *cmp.ErrorMsgContent) check.Outcome {
		switch {
		case e.Status.Value() != cmp.Waiting:
			return check.Skip()
		case e.Status.FailInfo.Ref != report.None:
			return check.Doubtful(e.Status.FailInfo.Ref, "The status is waiting, and failInfo gives a reason of failure: nothing has failed yet. Leave failInfo out.").And(e.Status.Status.Ref)
		}
		return check.Note(e.Status.Status.Ref, "The client is to poll: no error at all. OpenSSL before 3.3 does not know this and stops here.")
	}),
}, {
	ID: "cmp.error.unprotected", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §3.6.4; RFC 9810 §5.3.21",
	Title: "The error message is protected",
	Judge: errors(unprotectedError),
}, {
	ID: "cmp.error.code", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.3.21",
	Title: "There is no number that only the sender understands",
	Judge: errors(func(c *check.Context, v *View, e *cmp.ErrorMsgContent) check.Outcome {
		if e.Code.Ref == report.None || !e.Code.OK {
			return check.Skip()
		}
		if n, ok := e.Code.Value.Int64(); ok {
			if r, ok := cmp.ReasonOf(n); ok {
				return check.Note(e.Code.Ref, "errorCode is %d (%#x): of OpenSSL it is %s.", n, n, r)
			}
		}
		return check.Note(e.Code.Ref, "errorCode is %s, which means something to the program that sent it alone.", bigText(e.Code.Value))
	}),
}, {
	ID: "cmp.error.from-client", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §3.6.1; RFC 9810 §5.3.21",
	Title: "The error message comes from the server",
	Judge: errors(func(c *check.Context, v *View, e *cmp.ErrorMsgContent) check.Outcome {
		switch {
		case v.From == cmp.Either:
			return check.Skip()
		case v.From != cmp.Client:
			return check.Holds(v.Body.Ref, "")
		case c.Profiles["lw"]:
			return check.Doubtful(v.Body.Ref, "A client sends the error message: in the lightweight profile it ends the transaction without a word.")
		}
		return check.Note(v.Body.Ref, "A client sends the error message: it tells the server that it gives up.")
	}),
}}

// errors makes a rule of error messages.
func errors(judge func(*check.Context, *View, *cmp.ErrorMsgContent) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Body.Error == nil {
			return check.Skip()
		}
		return judge(c, v, v.Body.Error)
	}
}

// unprotectedError judges an error message without protection.
func unprotectedError(c *check.Context, v *View, e *cmp.ErrorMsgContent) check.Outcome {
	if v.Protected() {
		return check.Holds(v.Protection.Ref, "")
	}
	if v.From != cmp.Client {
		for _, w := range v.conversation() {
			if w != v && w.From == cmp.Server && w.Place < v.Place && w.Protected() {
				return check.Doubtful(v.Body.Ref, "The error message is not protected, and the %s before it is: the server knows how to. It can be forged, so give up, but conclude nothing from it.", w.Body.Name())
			}
		}
	}
	for _, n := range e.Status.Bits() {
		switch cmp.FailureName(n) {
		case "badAlg", "badMessageCheck", "badRequest", "badDataFormat", "wrongIntegrity", "unsupportedVersion", "signerNotTrusted", "badTime", "systemUnavail", "systemFailure":
		default:
			return check.Doubtful(v.Body.Ref, "The error message is not protected, and says %s: the server has read the request, and so knows how to protect an answer. It can be forged, so give up, but conclude nothing from it.", cmp.FailureName(n)).And(e.Status.FailInfo.Ref)
		}
	}
	return check.Note(v.Body.Ref, "The error message is not protected: allowed where the server cannot know how. It can be forged, so give up, but conclude nothing from it.")
}

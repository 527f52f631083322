package ocsp

import (
	"strconv"

	"derscope/decode/check"
)

// statusNames are the values of OCSPResponseStatus.
//
// RFC 6960, section 4.2.1
var statusNames = map[int]string{
	0: "successful", 1: "malformedRequest", 2: "internalError", 3: "tryLater", 5: "sigRequired", 6: "unauthorized",
}

// StatusName names a responseStatus; one that is not defined is its number.
func StatusName(status int) string {
	if name, ok := statusNames[status]; ok {
		return name
	}
	return "status " + strconv.Itoa(status)
}

// meanings says what each responseStatus means to a person.
//
// RFC 6960, section 2.3; RFC 9919, section 3.2.3
var meanings = map[int]string{
	1: "The responder could not read the request, or its nonce is empty or longer than 128 octets: look at the request.",
	2: "Something failed inside the responder: try again, or ask another one.",
	3: "The responder is alive but has no answer now: try again. A server that staples this is at fault.",
	5: "The responder wants the request to be signed.",
	6: "The responder holds no answer for this certificate, or not for this client: an unknown serial number, another issuer, or a record dropped after expiry.",
}

var outcomeRules = []rule{{
	ID: "ocsp.status.successful", Group: groupOutcome, Level: check.Must, Refs: "RFC 6960 §2.3",
	Title: "The response status is successful",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Status.OK {
			return check.Skip()
		}
		switch v.Status.Value {
		case 0:
			return check.Holds(v.Status.Ref, "")
		case 2, 3:
			return check.Needs("answer", v.Status.Ref, "The status is %s (%d), not successful (0). %s", StatusName(v.Status.Value), v.Status.Value, meanings[v.Status.Value])
		}
		if _, ok := statusNames[v.Status.Value]; !ok {
			return check.Broken(v.Status.Ref, "The status is %d, not successful (0).", v.Status.Value)
		}
		return check.Broken(v.Status.Ref, "The status is %s (%d), not successful (0). %s", StatusName(v.Status.Value), v.Status.Value, meanings[v.Status.Value])
	},
}, {
	ID: "ocsp.status.defined", Group: groupOutcome, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title: "The response status has a meaning",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Status.OK {
			return check.Skip()
		}
		if _, ok := statusNames[v.Status.Value]; !ok {
			return check.Broken(v.Status.Ref, "The status is %d. Defined are 0 to 3, 5 and 6.", v.Status.Value)
		}
		return check.Holds(v.Status.Ref, "")
	},
}, {
	ID: "ocsp.status.body-present", Group: groupOutcome, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "A successful response has a body",
	Headline: "Success without an answer",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Status.OK || v.Status.Value != 0 {
			return check.Skip()
		}
		if !v.HasBytes {
			return check.Broken(v.Status.Ref, "The status is successful, and responseBytes is missing: success without an answer.")
		}
		return check.Holds(v.Bytes, "")
	},
}, {
	ID: "ocsp.status.body-absent", Group: groupOutcome, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "An error response has no body",
	Headline: "An error status with a body",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Status.OK || v.Status.Value == 0 {
			return check.Skip()
		}
		if v.HasBytes {
			return check.Broken(v.Status.Ref, "The status is %s (%d), and responseBytes is there all the same. Chromium refuses such a message.", StatusName(v.Status.Value), v.Status.Value).And(v.Bytes)
		}
		return check.Holds(v.Status.Ref, "")
	},
}, {
	ID: "ocsp.status.type", Group: groupOutcome, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "The body is a basic response",
	Headline: "Not a basic response: no client reads this type",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Type.OK {
			return check.Skip()
		}
		if v.Type.Value != BasicType {
			return check.Broken(v.Type.Ref, "responseType is %s; the only type that clients know is %s.", v.Type.Value, BasicType)
		}
		return check.Holds(v.Type.Ref, "")
	},
}, {
	ID: "ocsp.status.unsigned", Group: groupOutcome, Level: check.Advice, Refs: "RFC 6960 §5",
	Title: "An error response is not signed",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Status.OK || v.Status.Value == 0 {
			return check.Skip()
		}
		return check.Note(v.Status.Ref, "Anyone between the client and the responder can write this message.")
	},
}}

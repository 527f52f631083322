package enrol

import (
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

var requestRules = []rule{{
	ID: "cmp.req.count", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9810 §C.4; RFC 9810 §C.6",
	Title: "The message has one request", Headline: "The number of requests is not one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		n := len(v.Body.Requests)
		switch {
		case !v.Body.Type.Requests() || n == 0 && !v.Body.OK:
			return check.Skip()
		case n == 0:
			return check.Broken(v.Body.Ref, "The list of requests is empty; one at least is to be in it.")
		case n == 1:
			return check.Holds(v.Body.Ref, "")
		case n == 2 && !c.Profiles["lw"]:
			return check.Note(v.Body.Ref, "There are 2 requests, as for a signing and an encryption key. OpenSSL's server takes one request a message: send two messages if it refuses.")
		}
		return check.Doubtful(v.Body.Ref, "There are %d requests in one message; most servers take one, OpenSSL's among them. Send a message for each.", n)
	},
}, {
	ID: "cmp.req.id", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9810 §C.4",
	Title: "The requests are numbered from 0", Headline: "The requests are not numbered from 0",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		at := -1
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			at++
			id := q.Request.ID
			n, ok := id.Value.Int64()
			switch {
			case !id.OK:
				return check.Skip()
			case !ok || n != int64(at):
				return check.Doubtful(id.Ref, "certReqId is %s; %d is expected here. Servers that look for the number may not find it.", bigText(id.Value), at)
			}
			return check.Holds(id.Ref, "")
		})
	},
}, {
	ID: "cmp.req.id-once", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.4; RFC 9810 §5.3.22",
	Title: "Each request has a number of its own", Headline: "The numbers of the requests do not tell them apart",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		seen := map[string]report.Ref{}
		for _, q := range v.Body.Requests {
			id := q.Request.ID
			if !id.OK {
				continue
			}
			if n, ok := id.Value.Int64(); ok && n == -1 {
				return check.Broken(id.Ref, "certReqId is -1, which stands for the whole message: answers and polls could not name this request. Use 0.")
			}
			k := string(id.Value)
			if first, twice := seen[k]; twice {
				return check.Broken(id.Ref, "certReqId %s stands in two requests: the answer says by it which of them it is for. Number them 0, 1, ….", bigText(id.Value)).And(first)
			}
			seen[k] = id.Ref
		}
		if len(seen) == 0 {
			return check.Skip()
		}
		return check.Holds(v.Body.Ref, "")
	},
}}

// mostRequests bounds the requests of one message that are looked at one by one.
const mostRequests = 256

// each judges the requests of a message, and answers with the worst outcome.
// Requests that cannot be read are passed over: the rules of encoding tell.
func (v *View) each(judge func(*crmf.CertReqMsg) check.Outcome) check.Outcome {
	var worst check.Outcome
	n := len(v.Body.Requests)
	for i, q := range v.Body.Requests[:min(n, mostRequests)] {
		if b := q.Request.Template.Raw; b == nil || b[0] != 0x30 {
			continue
		}
		o := judge(q)
		if n > 1 && o.Why != "" {
			o.Why = fmt.Sprintf("Request %d of %d: %s", i+1, n, o.Why)
		}
		worst = check.Worst(worst, o)
	}
	return worst
}

// eachTemplate is each for rules that look at the template alone.
func (v *View) eachTemplate(judge func(*crmf.CertTemplate) check.Outcome) check.Outcome {
	return v.each(func(q *crmf.CertReqMsg) check.Outcome { return judge(q.Request.Template) })
}

// signedWith is the certificate whose key made the protection; nil if none is
// known to have done so.
func (v *View) signedWith(c *check.Context) *cert.Certificate {
	if b := v.Signing(c).Best; b != nil && b.Proved() {
		return b.Certificate
	}
	return nil
}

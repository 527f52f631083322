// Package fragment shows what people have of CMP when they have no message: a
// structure from inside one, the number of a failure, a line of an error log.
//
// It judges nothing: it says what the thing is and means. Parts and Notes are its
// kinds.
//
// Documents: RFC 9810; the numbers are those of OpenSSL and Bouncy Castle.
package fragment

import (
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Part is a structure of CMP without a message around it.
type Part struct {
	Name string
	Also []string // what else the octets can be read as
}

// Parts is the kind of such structures.
var Parts = check.Of(check.Kind{
	Name: "cmp-part", Title: "Part of a CMP message", Spec: spec.RFC(9810, "5.1"), Marks: true, Most: 45,
	Match: func(c check.Candidate) check.Match {
		if c.Text || c.Hint != "" || cmp.Match(c).Score > 0 {
			return check.Match{}
		}
		if fit := cmp.PartsOf(c.Bytes); len(fit) > 0 && !cert.HoldsPrivateKey(c.Bytes) {
			return check.Match{Score: 45, Why: "it can be read as a " + fit[0].Name + " to its end"}
		}
		return check.Match{}
	},
}, read, func(_ *check.Context, p *Part) *Part { return p }, judge)

func read(r *field.Reader) *Part {
	p := &Part{}
	for i, fit := range cmp.PartsOf(r.Left()) {
		if i == 0 {
			p.Name = fit.Name
			fit.Read(r)
		} else {
			p.Also = append(p.Also, fit.Name)
		}
	}
	return p
}

func judge(_ *check.Context, p *Part) check.Finding {
	if p.Name == "" { // somebody said that it is one
		return check.Finding{Verdict: report.Verdict{Status: report.Fail, Headline: "It cannot be read as any part of a CMP message"},
			Summary: []report.Member{{Key: "readable", Value: report.Fail.String()}}}
	}
	f := check.Finding{Title: "CMP " + p.Name, Summary: []report.Member{{Key: "readable", Value: report.Pass.String()}, {Key: "part", Value: p.Name}}}
	f.Verdict = report.Verdict{Status: report.Pass, Headline: p.Name + ", without a message around it",
		Detail: "Its fields are shown. What depends on the message, such as the protection, needs the whole of it."}
	if len(p.Also) > 0 {
		f.Verdict.Detail += " The same octets can also be read as " + strings.Join(p.Also, ", ") + "."
	}
	return f
}

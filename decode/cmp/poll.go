package cmp

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// readPollReq reads an element of PollReqContent.
//
//	PollReqContent ::= SEQUENCE OF SEQUENCE { certReqId INTEGER }
//
// RFC 9810, section 5.3.22
func readPollReq(r *field.Reader, label string) (id field.Field[field.Int]) {
	id.Ref = report.None
	r.Seq(label, func(r *field.Reader) { id = r.Integer("certReqId") })
	return id
}

// PollRepEntry says when to ask again.
//
//	PollRepContent ::= SEQUENCE OF SEQUENCE {
//		certReqId   INTEGER,
//		checkAfter  INTEGER,
//		reason      PKIFreeText OPTIONAL }
//
// RFC 9810, section 5.3.22
type PollRepEntry struct {
	Ref        report.Ref
	ID         field.Field[field.Int]
	CheckAfter field.Field[field.Int] // seconds
	Reason     FreeText
}

func readPollRep(r *field.Reader, label string) PollRepEntry {
	p := PollRepEntry{Reason: FreeText{Ref: report.None}}
	p.ID.Ref, p.CheckAfter.Ref = report.None, report.None
	p.Ref = r.Seq(label, func(r *field.Reader) {
		p.ID = r.Integer("certReqId")
		p.CheckAfter = r.Integer("checkAfter")
		if r.Peek(der.Sequence) {
			p.Reason = readFreeText(r, "reason")
		}
	})
	return p
}

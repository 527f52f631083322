package cmp

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// ErrorMsgContent is the content of an error message.
//
//	ErrorMsgContent ::= SEQUENCE {
//		pKIStatusInfo  PKIStatusInfo,
//		errorCode      INTEGER OPTIONAL,
//		errorDetails   PKIFreeText OPTIONAL }
//
// RFC 9810, section 5.3.21
type ErrorMsgContent struct {
	Ref     report.Ref
	Status  *PKIStatusInfo
	Code    field.Field[field.Int]
	Details FreeText
}

func readErrorMsg(r *field.Reader, label string) *ErrorMsgContent {
	m := &ErrorMsgContent{Status: &PKIStatusInfo{Ref: report.None}, Details: FreeText{Ref: report.None}}
	m.Code.Ref = report.None
	m.Ref = r.Seq(label, func(r *field.Reader) {
		m.Status = ReadStatusInfo(r, "pKIStatusInfo")
		if r.Peek(der.Integer) {
			m.Code = r.Integer("errorCode")
			if n, ok := m.Code.Value.Int64(); ok {
				if reason, ok := ReasonOf(n); ok {
					r.ShowMore(m.Code.Ref, reason.String())
				}
			}
		}
		if r.Peek(der.Sequence) {
			m.Details = readFreeText(r, "errorDetails")
		}
	})
	return m
}

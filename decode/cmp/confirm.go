package cmp

import (
	"derscope/decode/cert"
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

// CertStatus confirms or refuses one certificate.
//
//	CertStatus ::= SEQUENCE {
//		certHash    OCTET STRING,
//		certReqId   INTEGER,
//		statusInfo  PKIStatusInfo OPTIONAL,
//		hashAlg     [0] AlgorithmIdentifier OPTIONAL }
//
// RFC 9810, section 5.3.18
type CertStatus struct {
	Ref     report.Ref
	Hash    field.Field[[]byte]
	ID      field.Field[field.Int]
	Status  *PKIStatusInfo  // nil: absent, which accepts
	HashAlg *cert.Algorithm // nil: absent
}

func readCertStatus(r *field.Reader, label string) CertStatus {
	var s CertStatus
	s.Hash.Ref, s.ID.Ref = report.None, report.None
	s.Ref = r.Seq(label, func(r *field.Reader) {
		s.Hash = r.Octets("certHash")
		s.ID = r.Integer("certReqId")
		if r.Peek(der.Sequence) {
			s.Status = ReadStatusInfo(r, "statusInfo")
		}
		wraps(r, 0, "hashAlg", "{o", func(r *field.Reader) {
			a := cert.ReadAlgorithm(r, "hashAlg")
			s.HashAlg = &a
		})
	})
	return s
}

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

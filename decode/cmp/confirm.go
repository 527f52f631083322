package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

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

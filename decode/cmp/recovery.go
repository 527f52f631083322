package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/report"
)

// KeyRecRepContent answers a request for key recovery.
//
//	KeyRecRepContent ::= SEQUENCE {
//		status       PKIStatusInfo,
//		newSigCert   [0] CMPCertificate OPTIONAL,
//		caCerts      [1] SEQUENCE SIZE (1..MAX) OF CMPCertificate OPTIONAL,
//		keyPairHist  [2] SEQUENCE SIZE (1..MAX) OF CertifiedKeyPair OPTIONAL }
//
// RFC 9810, section 5.3.8
type KeyRecRepContent struct {
	Ref        report.Ref
	Status     *PKIStatusInfo
	NewSigCert *cert.Certificate
	SigCertRef report.Ref // None: absent
	CACerts    Certificates
	HistoryRef report.Ref // None: absent
	History    []*CertifiedKeyPair
}

func readKeyRecRep(r *field.Reader, label string) *KeyRecRepContent {
	k := &KeyRecRepContent{Status: &PKIStatusInfo{Ref: report.None}, SigCertRef: report.None, CACerts: Certificates{Ref: report.None}, HistoryRef: report.None}
	k.Ref = r.Seq(label, func(r *field.Reader) {
		k.Status = ReadStatusInfo(r, "status")
		wraps(r, 0, "newSigCert", certificate, func(r *field.Reader) { k.NewSigCert, k.SigCertRef = readCertificate(r, "newSigCert") })
		wraps(r, 1, "caCerts", certificates, func(r *field.Reader) { k.CACerts = readCertificates(r, "caCerts") })
		wraps(r, 2, "keyPairHist", "{{c", func(r *field.Reader) {
			k.HistoryRef = r.Seq("keyPairHist", func(r *field.Reader) {
				some(r, "keyPairHist")
				k.History = field.List(r, "keyPairHist", readKeyPair)
			})
		})
	})
	return k
}

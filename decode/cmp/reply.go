package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// CertRepMessage answers requests for certificates.
//
//	CertRepMessage ::= SEQUENCE {
//		caPubs    [1] SEQUENCE SIZE (1..MAX) OF CMPCertificate OPTIONAL,
//		response  SEQUENCE OF CertResponse }
//
// RFC 9810, section 5.3.4
type CertRepMessage struct {
	Ref       report.Ref
	CAPubs    Certificates
	At        report.Ref // response
	Responses []*CertResponse
}

// CertResponse answers one request.
//
//	CertResponse ::= SEQUENCE {
//		certReqId         INTEGER,
//		status            PKIStatusInfo,
//		certifiedKeyPair  CertifiedKeyPair OPTIONAL,
//		rspInfo           OCTET STRING OPTIONAL }
type CertResponse struct {
	Ref     report.Ref
	ID      field.Field[field.Int]
	Status  *PKIStatusInfo
	Pair    *CertifiedKeyPair // nil: absent
	RspInfo field.Field[[]byte]
}

// CertifiedKeyPair is a new certificate, and its private key where the CA made it.
//
//	CertifiedKeyPair ::= SEQUENCE {
//		certOrEncCert    CertOrEncCert,
//		privateKey       [0] EncryptedKey OPTIONAL,
//		publicationInfo  [1] PKIPublicationInfo OPTIONAL }
//
//	CertOrEncCert ::= CHOICE {
//		certificate    [0] CMPCertificate,
//		encryptedCert  [1] EncryptedKey }
type CertifiedKeyPair struct {
	Ref           report.Ref
	CertRef       report.Ref
	Certificate   *cert.Certificate // nil: it is encrypted, or no X.509 certificate
	EncryptedCert *crmf.EncryptedKey
	PrivateKey    *crmf.EncryptedKey
	Publication   *crmf.PublicationInfo
}

func readCertRep(r *field.Reader, label string) *CertRepMessage {
	m := &CertRepMessage{CAPubs: Certificates{Ref: report.None}, At: report.None}
	m.Ref = r.Seq(label, func(r *field.Reader) {
		wraps(r, 1, "caPubs", certificates, func(r *field.Reader) { m.CAPubs = readCertificates(r, "caPubs") })
		m.At = r.Seq("response", func(r *field.Reader) {
			m.Responses = field.List(r, "response", readCertResponse)
		})
	})
	return m
}

func readCertResponse(r *field.Reader, label string) *CertResponse {
	p := &CertResponse{Status: &PKIStatusInfo{Ref: report.None}, RspInfo: field.Field[[]byte]{Ref: report.None}}
	p.Ref = r.Seq(label, func(r *field.Reader) {
		p.ID = r.Integer("certReqId")
		p.Status = ReadStatusInfo(r, "status")
		if r.Peek(der.Sequence) {
			p.Pair = readKeyPair(r, "certifiedKeyPair")
		}
		if !r.Empty() {
			p.RspInfo = r.Octets("rspInfo")
		}
	})
	return p
}

func readKeyPair(r *field.Reader, label string) *CertifiedKeyPair {
	p := &CertifiedKeyPair{CertRef: report.None}
	p.Ref = r.Seq(label, func(r *field.Reader) {
		switch {
		case r.Peek(der.Ctx(1)):
			r.Explicit(1, "encryptedCert", func(r *field.Reader) { p.EncryptedCert = crmf.ReadEncryptedKey(r, "encryptedCert") })
		default:
			if !wraps(r, 0, "certificate", certificate, func(r *field.Reader) { p.Certificate, p.CertRef = readCertificate(r, "certificate") }) {
				r.Stop("certOrEncCert", "certOrEncCert: want [0] certificate or [1] encryptedCert")
			}
		}
		r.Explicit(0, "privateKey", func(r *field.Reader) { p.PrivateKey = crmf.ReadEncryptedKey(r, "privateKey") })
		wraps(r, 1, "publicationInfo", "{i", func(r *field.Reader) { p.Publication = crmf.ReadPublicationInfo(r, "publicationInfo") })
	})
	return p
}

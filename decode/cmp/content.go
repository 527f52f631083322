package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/report"
)

// The types of this file are the contents of bodies other than requests for
// certificates and their answers.

// Challenge is one element of POPODecKeyChallContent: RFC 9810, section 5.2.8.3.3.
type Challenge struct {
	Ref       report.Ref
	OWF       *cert.Algorithm // nil: absent
	Witness   field.Field[[]byte]
	Challenge field.Field[[]byte]
	Encrypted *crmf.EncryptedKey // encryptedRand: EnvelopedData; nil: absent
}

// KeyRecRepContent answers a request for key recovery: RFC 9810, section 5.3.8.
type KeyRecRepContent struct {
	Ref        report.Ref
	Status     *PKIStatusInfo
	NewSigCert *cert.Certificate
	CACerts    Certificates
	History    []*CertifiedKeyPair
	HistoryRef report.Ref
}

// RevDetails asks to revoke one certificate: RFC 9810, section 5.3.9.
type RevDetails struct {
	Ref        report.Ref
	Template   *crmf.CertTemplate // certDetails
	Extended   report.Ref         // crlEntryDetails; None: absent
	Extensions []cert.Extension
}

// RevRepContent answers a request for revocation: RFC 9810, section 5.3.10.
type RevRepContent struct {
	Ref      report.Ref
	Statuses []*PKIStatusInfo
	CertsRef report.Ref // revCerts; None: absent
	Certs    []*crmf.CertID
	CRLsRef  report.Ref // crls; None: absent
	CRLs     []report.Ref
}

// KeyUpdate is a new key of a CA: CAKeyUpdContent, CAKeyUpdAnnContent or
// RootCaKeyUpdateContent. RFC 9810, sections 5.3.13 and 5.3.19.15.
type KeyUpdate struct {
	Ref                                report.Ref
	Root                               bool // a RootCaKeyUpdateContent
	NewWithNew, NewWithOld, OldWithNew *cert.Certificate
}

// RevAnnContent tells of a revocation: RFC 9810, section 5.3.15.
type RevAnnContent struct {
	Ref        report.Ref
	Status     field.Field[field.Int]
	CertID     *crmf.CertID
	WillBeAt   field.Field[field.Moment] // willBeRevokedAt
	BadSince   field.Field[field.Moment] // badSinceDate
	Extensions []cert.Extension
}

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

// PollRepEntry says when to ask again: RFC 9810, section 5.3.22.
type PollRepEntry struct {
	Ref        report.Ref
	ID         field.Field[field.Int]
	CheckAfter field.Field[field.Int] // seconds
	Reason     FreeText
}

// KemCiphertextInfo carries the shared secret of a KEM: RFC 9810, section 5.1.1.5.
type KemCiphertextInfo struct {
	KEM        cert.Algorithm
	Ciphertext field.Field[[]byte]
}

// CertReqTemplateContent says what a request must have: RFC 9810, section 5.3.19.16.
type CertReqTemplateContent struct {
	Template *crmf.CertTemplate
	KeySpec  []*crmf.Control
}

// CRLStatus names a CRL and the copy at hand: RFC 9810, section 5.3.19.17.
type CRLStatus struct {
	Ref        report.Ref
	Point      cert.GeneralNames // dpn fullName
	Issuer     cert.GeneralNames
	ThisUpdate field.Field[field.Moment]
}

// OOBCertHash is a fingerprint that travels by another way: RFC 9810, section 5.2.5.
type OOBCertHash struct {
	Ref     report.Ref
	HashAlg *cert.Algorithm
	CertID  *crmf.CertID
	Hash    field.Field[field.BitString]
}

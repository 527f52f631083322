package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Challenge is one element of POPODecKeyChallContent: a number that only the
// holder of a private key can read.
//
//	Challenge ::= SEQUENCE {
//		owf            AlgorithmIdentifier OPTIONAL,
//		witness        OCTET STRING,
//		challenge      OCTET STRING,
//		encryptedRand  [0] EnvelopedData OPTIONAL }
//
// RFC 9810, section 5.2.8.3.3
type Challenge struct {
	Ref       report.Ref
	OWF       *cert.Algorithm // nil: absent
	Witness   field.Field[[]byte]
	Challenge field.Field[[]byte]
	Encrypted *crmf.EncryptedKey // encryptedRand: EnvelopedData; nil: absent
}

func readChallenge(r *field.Reader, label string) Challenge {
	c := Challenge{Witness: field.Field[[]byte]{Ref: report.None}, Challenge: field.Field[[]byte]{Ref: report.None}}
	c.Ref = r.Seq(label, func(r *field.Reader) {
		if r.Peek(der.Sequence) {
			a := cert.ReadAlgorithm(r, "owf")
			c.OWF = &a
		}
		c.Witness = r.Octets("witness")
		c.Challenge = r.Octets("challenge")
		wraps(r, 0, "encryptedRand", "{i", func(r *field.Reader) {
			c.Encrypted = crmf.ReadEnveloped(r, "encryptedRand")
		})
	})
	return c
}

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

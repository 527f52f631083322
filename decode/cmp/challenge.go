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

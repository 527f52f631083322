package crmf

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// ReadCertTemplate reads a CertTemplate.
//
//	CertTemplate ::= SEQUENCE {
//		version       [0] Version               OPTIONAL,
//		serialNumber  [1] INTEGER               OPTIONAL,
//		signingAlg    [2] AlgorithmIdentifier   OPTIONAL,
//		issuer        [3] Name                  OPTIONAL,
//		validity      [4] OptionalValidity      OPTIONAL,
//		subject       [5] Name                  OPTIONAL,
//		publicKey     [6] SubjectPublicKeyInfo  OPTIONAL,
//		issuerUID     [7] UniqueIdentifier      OPTIONAL,
//		subjectUID    [8] UniqueIdentifier      OPTIONAL,
//		extensions    [9] Extensions            OPTIONAL }
//
// RFC 4211, section 5
func ReadCertTemplate(r *field.Reader, label string) *CertTemplate {
	t := &CertTemplate{Validity: report.None, IssuerUID: report.None, SubjectUID: report.None, Extended: report.None}
	t.Version.Ref, t.Serial.Ref, t.NotBefore.Ref, t.NotAfter.Ref = report.None, report.None, report.None, report.None
	t.Ref = r.Seq(label, func(r *field.Reader) {
		t.Empty = r.Empty()
		if r.Peek(der.Ctx(0)) {
			t.Version = r.IntegerAs("version", der.Ctx(0))
		}
		if r.Peek(der.Ctx(1)) {
			t.Serial = r.IntegerAs("serialNumber", der.Ctx(1))
		}
		if r.Retag(2, der.Sequence) {
			a := cert.ReadAlgorithm(r, "signingAlg")
			t.SigningAlg = &a
		}
		r.Explicit(3, "issuer", func(r *field.Reader) { n := cert.ReadName(r, "issuer"); t.Issuer = &n })
		if r.Peek(der.Ctx(4)) {
			t.Validity = r.Implicit(4, "validity", "OptionalValidity", func(r *field.Reader) {
				r.Explicit(0, "notBefore", func(r *field.Reader) { t.NotBefore = r.TimeEither("notBefore") })
				r.Explicit(1, "notAfter", func(r *field.Reader) { t.NotAfter = r.TimeEither("notAfter") })
			})
		}
		r.Explicit(5, "subject", func(r *field.Reader) { n := cert.ReadName(r, "subject"); t.Subject = &n })
		if r.Retag(6, der.Sequence) {
			k := cert.ReadPublicKey(r, "publicKey")
			t.PublicKey = &k
		}
		if r.Peek(der.Ctx(7)) {
			t.IssuerUID = r.BitsAs("issuerUID", der.Ctx(7)).Ref
		}
		if r.Peek(der.Ctx(8)) {
			t.SubjectUID = r.BitsAs("subjectUID", der.Ctx(8)).Ref
		}
		if r.Retag(9, der.Sequence) {
			t.Extended, t.Extensions = cert.ListExtensions(r, "extensions")
		}
	})
	if t.Subject != nil {
		r.Show(t.Ref, t.Subject.String())
	}
	return t
}

// readPOP reads a ProofOfPossession.
//
// RFC 4211, section 4
func readPOP(r *field.Reader, label string) *ProofOfPossession {
	e, _ := r.Next()
	p := &ProofOfPossession{Form: Form(e.Tag.Number)}
	p.Signature.Ref, p.Message.Ref = report.None, report.None
	if p.Form != Signature {
		p.Ref = r.Any(label)
		return p
	}
	p.Ref = r.Implicit(1, label, "POPOSigningKey", func(r *field.Reader) {
		if r.Peek(der.Ctx(0)) {
			p.InputRaw = r.Element()
			p.Input = &SigningKeyInput{Ref: r.Any("poposkInput")}
		}
		p.Algorithm = cert.ReadAlgorithm(r, "algorithmIdentifier")
		p.Signature = cert.ReadSignature(r, "signature", p.Algorithm)
	})
	return p
}

// ReadEncryptedKey reads an EncryptedKey.
//
//	EncryptedKey ::= CHOICE {
//		encryptedValue  EncryptedValue,
//		envelopedData   [0] EnvelopedData }
func ReadEncryptedKey(r *field.Reader, label string) *EncryptedKey {
	k := &EncryptedKey{Enveloped: r.Peek(der.Ctx(0)), Raw: r.Element()}
	k.Ref = r.Any(label)
	return k
}

// ReadCertID reads a CertId.
func ReadCertID(r *field.Reader, label string) *CertID {
	defer r.Cite(r.Cite(rfc4211("6.5")))
	c := &CertID{}
	c.Ref = r.Seq(label, func(r *field.Reader) {
		c.Issuer = cert.ReadGeneralName(r, "issuer")
		c.Serial = r.Integer("serialNumber")
	})
	return c
}

// ReadPublicationInfo reads a PKIPublicationInfo.
func ReadPublicationInfo(r *field.Reader, label string) *PublicationInfo {
	return &PublicationInfo{Ref: r.Any(label)}
}

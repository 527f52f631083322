package crmf

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// NoTemplate is a template of which nothing was read.
func NoTemplate() *CertTemplate {
	t := &CertTemplate{Ref: report.None, Validity: report.None, IssuerUID: report.None, SubjectUID: report.None, Extended: report.None}
	t.Version.Ref, t.Serial.Ref, t.NotBefore.Ref, t.NotAfter.Ref = report.None, report.None, report.None, report.None
	return t
}

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
	defer r.Cite(r.Cite(rfc4211("5")))
	t := NoTemplate()
	t.Raw = r.Element()
	t.Ref = r.Seq(label, func(r *field.Reader) {
		t.Empty = r.Empty()
		r.Replacing(0, der.Integer, "version", number("version", &t.Version))
		r.Replacing(1, der.Integer, "serialNumber", number("serialNumber", &t.Serial))
		r.Replacing(2, der.Sequence, "signingAlg", func(r *field.Reader) report.Ref {
			a := cert.ReadAlgorithm(r, "signingAlg")
			t.SigningAlg = &a
			return a.Ref
		}, der.OID)
		r.Wrapping(3, der.Sequence, "issuer", name("issuer", &t.Issuer), der.Set)
		r.Replacing(4, der.Sequence, "validity", t.readValidity, der.Ctx(0), der.Ctx(1))
		r.Wrapping(5, der.Sequence, "subject", name("subject", &t.Subject), der.Set)
		r.Replacing(6, der.Sequence, "publicKey", func(r *field.Reader) report.Ref {
			k := cert.ReadPublicKey(r, "publicKey")
			t.PublicKey = &k
			return k.Ref
		}, der.Sequence)
		r.Replacing(7, der.BitString, "issuerUID", func(r *field.Reader) report.Ref {
			t.IssuerUID = r.Bits("issuerUID").Ref
			return t.IssuerUID
		})
		r.Replacing(8, der.BitString, "subjectUID", func(r *field.Reader) report.Ref {
			t.SubjectUID = r.Bits("subjectUID").Ref
			return t.SubjectUID
		})
		r.Replacing(9, der.Sequence, "extensions", func(r *field.Reader) report.Ref {
			t.Extended, t.Extensions = cert.ListExtensions(r, "extensions")
			return t.Extended
		}, der.Sequence)
	})
	if t.Subject != nil {
		r.Show(t.Ref, t.Subject.String())
	}
	return t
}

//	OptionalValidity ::= SEQUENCE {
//		notBefore  [0] Time OPTIONAL,
//		notAfter   [1] Time OPTIONAL }
//
// A tag on a CHOICE is EXPLICIT everywhere, so these two wrap the time.
func (t *CertTemplate) readValidity(r *field.Reader) report.Ref {
	t.Validity = r.Seq("validity", func(r *field.Reader) {
		readTime(r, 0, "notBefore", &t.NotBefore)
		readTime(r, 1, "notAfter", &t.NotAfter)
	})
	return t.Validity
}

func readTime(r *field.Reader, n int, label string, to *field.Field[field.Moment]) {
	e, _ := r.Next()
	own := der.UTCTime
	if e.Len > len("YYMMDDHHMMSSZ") {
		own = der.GeneralizedTime
	}
	r.Wrapping(n, own, label, func(r *field.Reader) report.Ref {
		*to = r.TimeEither(label)
		return to.Ref
	})
}

func number(label string, to *field.Field[field.Int]) func(*field.Reader) report.Ref {
	return func(r *field.Reader) report.Ref {
		*to = r.Integer(label)
		return to.Ref
	}
}

func name(label string, to **cert.Name) func(*field.Reader) report.Ref {
	return func(r *field.Reader) report.Ref {
		n := cert.ReadName(r, label)
		*to = &n
		return n.Ref
	}
}

package cert

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Message is a ContentInfo. SignedData is opened for the certificates and CRLs
// that it carries; its signatures are shown and not judged.
//
//	ContentInfo ::= SEQUENCE {
//		contentType  OBJECT IDENTIFIER,
//		content      [0] EXPLICIT ANY DEFINED BY contentType }
//
// RFC 5652, section 3
type Message struct {
	Ref                         report.Ref
	OK                          bool
	Format                      string // "signed-data", "pkcs12" or "other"
	Type                        oid.ID
	Certificates, CRLs, Signers int
}

const idSignedData oid.ID = "1.2.840.113549.1.7.2"

// ReadCMS reads a ContentInfo, or a PKCS #12 file.
func ReadCMS(r *field.Reader) *Message {
	defer r.Cite(r.Cite(spec.RFC(5652, "3")))
	m := &Message{Format: "other"}
	before, _ := r.Breaks()
	if shape(r.Left(), "{i") {
		m.pfx(r)
	} else {
		m.Ref = r.Seq("contentInfo", m.contentInfo)
	}
	after, _ := r.Breaks()
	m.OK = after == before
	r.Show(m.Ref, m.Title())
	return m
}

func (m *Message) contentInfo(r *field.Reader) {
	m.Type = r.OID("contentType").Value
	if r.Empty() {
		return
	}
	if m.Type != idSignedData {
		r.Any("content")
		return
	}
	m.Format = "signed-data"
	r.Explicit(0, "content", func(r *field.Reader) {
		r.Cite(spec.RFC(5652, "5.1"))
		r.Seq("content", m.signedData)
	})
}

//	SignedData ::= SEQUENCE {
//		version           CMSVersion,
//		digestAlgorithms  SET OF DigestAlgorithmIdentifier,
//		encapContentInfo  EncapsulatedContentInfo,
//		certificates      [0] IMPLICIT CertificateSet OPTIONAL,
//		crls              [1] IMPLICIT RevocationInfoChoices OPTIONAL,
//		signerInfos       SET OF SignerInfo }
//
// RFC 5652, section 5.1
func (m *Message) signedData(r *field.Reader) {
	r.Integer("version")
	r.Set("digestAlgorithms", func(r *field.Reader) {
		field.List(r, "digestAlgorithms", ReadAlgorithm)
	})
	r.Seq("encapContentInfo", func(r *field.Reader) {
		r.Cite(spec.RFC(5652, "5.2"))
		r.OID("eContentType")
		r.Explicit(0, "eContent", func(r *field.Reader) { r.Any("eContent") })
	})
	if r.Peek(der.Ctx(0)) {
		r.Implicit(0, "certificates", "CertificateSet", func(r *field.Reader) {
			m.Certificates = len(field.List(r, "certificates", func(r *field.Reader, label string) struct{} {
				if !r.Peek(der.Sequence) { // an attribute certificate, or one of another format
					r.Any(label)
					return struct{}{}
				}
				r.Piece("certificate", ReadCertificate(r, label).Ref)
				return struct{}{}
			}))
		})
	}
	if r.Peek(der.Ctx(1)) {
		r.Implicit(1, "crls", "RevocationInfoChoices", func(r *field.Reader) {
			m.CRLs = len(field.List(r, "crls", func(r *field.Reader, label string) struct{} {
				if !r.Peek(der.Sequence) {
					r.Any(label)
					return struct{}{}
				}
				r.Piece("crl", r.Any(label))
				return struct{}{}
			}))
		})
	}
	r.Set("signerInfos", func(r *field.Reader) {
		r.Cite(spec.RFC(5652, "5.3"))
		m.Signers = len(field.List(r, "signerInfos", (*field.Reader).Any))
	})
}

// pfx names a PKCS #12 file and leaves it closed: what it holds is as a rule
// encrypted, and a private key.
//
//	PFX ::= SEQUENCE {
//		version  INTEGER {v3(3)},
//		authSafe ContentInfo,
//		macData  MacData OPTIONAL }
//
// RFC 7292, section 4
func (m *Message) pfx(r *field.Reader) {
	r.Cite(spec.RFC(7292, "4"))
	m.Format = "pkcs12"
	m.Ref = r.Seq("pfx", func(r *field.Reader) {
		r.Integer("version")
		r.Seq("authSafe", func(r *field.Reader) {
			m.Type = r.OID("contentType").Value
			r.Explicit(0, "content", func(r *field.Reader) {
				if !r.Peek(der.OctetString) {
					r.Any("content")
					return
				}
				at := r.Octets("content").Ref
				r.Flag(at, report.Secret)
				r.Show(at, "not opened")
			})
		})
		if !r.Empty() {
			r.Any("macData")
		}
	})
}

// Title names the message for people.
func (m *Message) Title() string {
	switch m.Format {
	case "pkcs12":
		return "PKCS #12 file"
	case "signed-data":
		if m.Signers == 0 {
			return "PKCS #7 bundle"
		}
		return "CMS SignedData"
	}
	return "CMS message"
}

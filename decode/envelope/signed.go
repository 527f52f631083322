package envelope

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// SignedData is content with signatures.
//
//	SignedData ::= SEQUENCE {
//		version           CMSVersion,
//		digestAlgorithms  SET OF DigestAlgorithmIdentifier,
//		encapContentInfo  EncapsulatedContentInfo,
//		certificates      [0] IMPLICIT CertificateSet OPTIONAL,
//		crls              [1] IMPLICIT RevocationInfoChoices OPTIONAL,
//		signerInfos       SET OF SignerInfo }
//
// RFC 5652, section 5.1
type SignedData struct {
	Ref          report.Ref
	OK           bool
	Version      field.Field[field.Int]
	Type         oid.ID // eContentType
	Content      field.Field[[]byte]
	Certificates []*cert.Certificate
	Signers      []*Signer
}

// Signer is a SignerInfo.
//
// RFC 5652, section 5.3
type Signer struct {
	Ref        report.Ref
	Version    field.Field[field.Int]
	ID         *For // sid
	Digest     cert.Algorithm
	Attributes []byte // signedAttrs as they are signed: with the tag of a SET; nil: absent
	Algorithm  cert.Algorithm
	Signature  field.Field[[]byte]

	digest, contentType []byte // of the attributes
}

// readSignedData reads a SignedData.
func readSignedData(r *field.Reader, label string) *SignedData {
	defer r.Cite(r.Cite(rfc5652("5.1")))
	s := &SignedData{Content: field.Field[[]byte]{Ref: report.None}}
	before, _ := r.Breaks()
	s.Ref = r.Seq(label, func(r *field.Reader) {
		s.Version = r.Integer("version")
		r.Set("digestAlgorithms", func(r *field.Reader) { field.List(r, "digestAlgorithms", cert.ReadAlgorithm) })
		r.Seq("encapContentInfo", func(r *field.Reader) {
			s.Type = r.OID("eContentType").Value
			r.Explicit(0, "eContent", func(r *field.Reader) { s.Content = r.Octets("eContent") })
		})
		if r.Peek(der.Ctx(0)) {
			r.Implicit(0, "certificates", "CertificateSet", func(r *field.Reader) {
				field.List(r, "certificates", func(r *field.Reader, label string) struct{} {
					if !r.Peek(der.Sequence) {
						r.Any(label)
						return struct{}{}
					}
					s.Certificates = append(s.Certificates, cert.ReadCertificate(r, label))
					return struct{}{}
				})
			})
		}
		if r.Peek(der.Ctx(1)) {
			r.Any("crls")
		}
		r.Set("signerInfos", func(r *field.Reader) { s.Signers = field.List(r, "signerInfos", readSigner) })
	})
	after, _ := r.Breaks()
	s.OK = after == before
	return s
}

// ParseSignedData reads a SignedData that is nowhere shown, or one in a
// ContentInfo; nil: it is none.
func ParseSignedData(b []byte) *SignedData {
	if in, rest, ok := der.First(b, der.Sequence); ok && len(rest) == 0 {
		if id, rest, is := der.First(in, der.OID); is {
			name, _ := oid.Parse(id)
			inner, _, has := der.First(rest, der.Ctx(0))
			if name != IDSignedData || !has {
				return nil
			}
			b = inner
		}
	}
	r := field.Trial(b)
	s := readSignedData(r, "signedData")
	if !s.OK || !r.Empty() {
		return nil
	}
	return s
}

func readSigner(r *field.Reader, label string) *Signer {
	defer r.Cite(r.Cite(rfc5652("5.3")))
	g := &Signer{}
	g.Ref = r.Seq(label, func(r *field.Reader) {
		g.Version = r.Integer("version")
		g.ID = readIdentifier(r, "sid")
		g.Digest = cert.ReadAlgorithm(r, "digestAlgorithm")
		if r.Retag(0, der.Set) {
			g.Attributes = r.Element()
			r.Set("signedAttrs", func(r *field.Reader) {
				field.List(r, "signedAttrs", g.attribute)
			})
		}
		g.Algorithm = cert.ReadAlgorithm(r, "signatureAlgorithm")
		g.Signature = r.Octets("signature")
		if !r.Empty() {
			r.Any("unsignedAttrs")
		}
	})
	return g
}

// attribute reads a signed attribute, and keeps the two that must be there.
func (g *Signer) attribute(r *field.Reader, label string) struct{} {
	r.Seq(label, func(r *field.Reader) {
		id := r.OID("attrType").Value
		r.Set("attrValues", func(r *field.Reader) {
			field.List(r, "attrValues", func(r *field.Reader, label string) struct{} {
				b := r.Element()
				switch id {
				case idMessageDigest:
					g.digest, _, _ = der.First(b, der.OctetString)
				case idContentTypeAtt:
					g.contentType, _, _ = der.First(b, der.OID)
				}
				r.Any(label)
				return struct{}{}
			})
		})
	})
	return struct{}{}
}

// Attributed says that the attributes hold the type of the content and its digest.
//
// RFC 5652, section 11
func (g *Signer) Attributed(s *SignedData) bool {
	return bytes.Equal(g.contentType, s.Type.Bytes()) && g.digest != nil
}

// plainRSA are the algorithms of RSA with a digest, by the digest: CMS may name that
// of the key alone.
//
// RFC 3370, section 3.2
var plainRSA = map[oid.ID]oid.ID{
	"1.3.14.3.2.26": "1.2.840.113549.1.1.5", "2.16.840.1.101.3.4.2.4": "1.2.840.113549.1.1.14",
	"2.16.840.1.101.3.4.2.1": "1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.2": "1.2.840.113549.1.1.12",
	"2.16.840.1.101.3.4.2.3": "1.2.840.113549.1.1.13",
}

// Verify checks a signature with a certificate's key. It answers with false and
// the reason where the digest in the attributes is not that of the content.
//
// RFC 5652, section 5.4
func (g *Signer) Verify(s *SignedData, k *cert.Certificate) (bool, string) {
	signed := s.Content.Value
	if g.Attributes != nil {
		h, name, _, ok := sig.Digest(g.Digest.ID)
		if !ok {
			return false, "the digest algorithm " + g.Digest.Name() + " is not computed here"
		}
		if !bytes.Equal(h(s.Content.Value), g.digest) {
			return false, "the " + name + " of the content is not the messageDigest that is signed"
		}
		signed = g.Attributes
	}
	a := g.Algorithm.Algorithm
	if full := plainRSA[g.Digest.ID]; a.ID == idRSA && full != "" {
		a.ID = full
	}
	res := sig.Verify(a, k.PublicKey.Key, signed, g.Signature.Value)
	if res.Outcome == sig.Valid {
		return true, ""
	}
	return false, "the signature does not verify with the key of " + k.Title() + ": " + res.Why
}

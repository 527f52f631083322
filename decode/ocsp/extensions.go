package ocsp

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Extensions of OCSP. Those of certificates and of CRL entries that it takes
// over have their names in package cert.
const (
	NonceID            oid.ID = "1.3.6.1.5.5.7.48.1.2"
	CRLReferenceID     oid.ID = "1.3.6.1.5.5.7.48.1.3"
	AcceptableID       oid.ID = "1.3.6.1.5.5.7.48.1.4"
	ArchiveCutoffID    oid.ID = "1.3.6.1.5.5.7.48.1.6"
	ServiceLocatorID   oid.ID = "1.3.6.1.5.5.7.48.1.7"
	PreferredID        oid.ID = "1.3.6.1.5.5.7.48.1.8"
	ExtendedRevokeID   oid.ID = "1.3.6.1.5.5.7.48.1.9"
	TransparencyInfoID oid.ID = "1.3.101.75"
)

// Nonce is the value of a nonce extension.
//
// RFC 9654, section 2.1
type Nonce struct {
	Bytes   []byte
	Wrapped bool // it stands in an OCTET STRING of its own, as it should since RFC 6960
}

// CRLReference is the value of a CrlID: the CRL on which the revocation stands.
//
//	CrlID ::= SEQUENCE {
//		crlUrl   [0] EXPLICIT IA5String OPTIONAL,
//		crlNum   [1] EXPLICIT INTEGER OPTIONAL,
//		crlTime  [2] EXPLICIT GeneralizedTime OPTIONAL }
//
// RFC 6960, section 4.4.2
type CRLReference struct {
	URL    field.Field[string]
	Number field.Field[field.Int]
	Time   field.Field[field.Moment]
}

// ServiceLocator is the value of a service locator extension.
//
// RFC 6960, section 4.4.6
type ServiceLocator struct {
	Issuer cert.Name
}

// Null is the content of an extension whose value is NULL.
type Null struct{}

// readExtensions reads Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension.
func readExtensions(r *field.Reader, label string) (report.Ref, []cert.Extension) {
	var list []cert.Extension
	ref := r.Seq(label, func(r *field.Reader) {
		r.Flag(r.At(), report.Wrapper)
		list = field.List(r, label, func(r *field.Reader, l string) cert.Extension {
			return cert.ReadExtension(r, l, openExtension)
		})
	})
	return ref, list
}

// openExtension reads the value of an extension that belongs to OCSP. It
// answers false for others.
func openExtension(r *field.Reader, e *cert.Extension) bool {
	switch e.ID {
	case NonceID:
		r.Cite(spec.RFC(9654, "2.1"))
		e.Content = readNonce(r)
	case CRLReferenceID:
		r.Cite(rfc6960("4.4.2"))
		e.Content = readCRLReference(r)
	case AcceptableID:
		r.Cite(rfc6960("4.4.3"))
		var ids []oid.ID
		r.Seq("AcceptableResponses", func(r *field.Reader) {
			ids = field.List(r, "AcceptableResponses", func(r *field.Reader, l string) oid.ID { return r.OID(l).Value })
		})
		e.Content = ids
	case ArchiveCutoffID:
		r.Cite(rfc6960("4.4.4"))
		e.Content = r.Time("ArchiveCutoff").Value
	case ServiceLocatorID:
		r.Cite(rfc6960("4.4.6"))
		e.Content = readServiceLocator(r)
	case PreferredID:
		r.Cite(rfc6960("4.4.7.1"))
		e.Content = readPreferred(r)
	case ExtendedRevokeID:
		r.Cite(rfc6960("4.4.8"))
		r.Null("NULL")
		e.Content = Null{}
	case TransparencyInfoID:
		r.Cite(spec.RFC(9162, "7.1.1"))
		e.Content = readTransItems(r)
	default:
		return false
	}
	return true
}

// readTransItems reads TransItemList, a vector of vectors of octets inside an
// OCTET STRING; the items themselves are shown as they are.
//
//	opaque SerializedTransItem<1..2^16-1>;
//	SerializedTransItem TransItemList<1..2^16-1>;
//
// RFC 9162, section 6.3
func readTransItems(r *field.Reader) (items [][]byte) {
	r.Wrapped("TransItemList", func(r *field.Reader) {
		r.Vector("TransItemList", 2, func(r *field.Reader) {
			items = field.List(r, "TransItemList", func(r *field.Reader, l string) []byte { return r.Opaque(l, 2).Value })
		})
	})
	return items
}

// readNonce reads the nonce: an OCTET STRING inside extnValue, or, from code
// older than RFC 6960, the bare octets.
func readNonce(r *field.Reader) *Nonce {
	all := r.Left()
	if e, err := der.Next(all, 0, len(all)); err == nil && e.Tag == der.OctetString && !e.Constructed && e.End() == len(all) {
		return &Nonce{Bytes: r.Octets("Nonce").Value, Wrapped: true}
	}
	return &Nonce{Bytes: r.Fixed("Nonce", len(all)).Value}
}

func readCRLReference(r *field.Reader) *CRLReference {
	id := new(CRLReference)
	id.URL.Ref, id.Number.Ref, id.Time.Ref = report.None, report.None, report.None
	r.Seq("CrlID", func(r *field.Reader) {
		r.Explicit(0, "crlUrl", func(r *field.Reader) { id.URL = r.TextAs("crlUrl", der.IA5String, der.IA5String) })
		r.Explicit(1, "crlNum", func(r *field.Reader) { id.Number = r.Integer("crlNum") })
		r.Explicit(2, "crlTime", func(r *field.Reader) { id.Time = r.Time("crlTime") })
	})
	return id
}

// readServiceLocator reads ServiceLocator ::= SEQUENCE { issuer Name, locator
// AuthorityInfoAccessSyntax OPTIONAL }. Appendix B leaves the OPTIONAL out;
// both forms are read.
func readServiceLocator(r *field.Reader) *ServiceLocator {
	s := new(ServiceLocator)
	r.Seq("ServiceLocator", func(r *field.Reader) {
		s.Issuer = cert.ReadName(r, "issuer")
		if !r.Empty() {
			r.Any("locator")
		}
	})
	return s
}

// readPreferred reads PreferredSignatureAlgorithms ::= SEQUENCE OF SEQUENCE {
// sigIdentifier AlgorithmIdentifier, pubKeyAlgIdentifier SMIMECapability
// OPTIONAL }, best first. The second has the shape of an AlgorithmIdentifier.
func readPreferred(r *field.Reader) []cert.Algorithm {
	var list []cert.Algorithm
	r.Seq("PreferredSignatureAlgorithms", func(r *field.Reader) {
		list = field.List(r, "PreferredSignatureAlgorithms", func(r *field.Reader, l string) (a cert.Algorithm) {
			r.Seq(l, func(r *field.Reader) {
				a = cert.ReadAlgorithm(r, "sigIdentifier")
				if !r.Empty() {
					cert.ReadAlgorithm(r, "pubKeyAlgIdentifier")
				}
			})
			return a
		})
	})
	return list
}

// find gives the first extension of a type, or nil.
func find(list []cert.Extension, id oid.ID) *cert.Extension {
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

// nonceOf gives the nonce of a list of extensions, or nil.
func nonceOf(list []cert.Extension) *Nonce {
	if e := cert.Find(list, NonceID); e != nil {
		n, _ := e.Content.(*Nonce)
		return n
	}
	return nil
}

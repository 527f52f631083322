package cert

import (
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

// Request is a certification request as it was read: PKCS #10.
//
//	CertificationRequest ::= SEQUENCE {
//		certificationRequestInfo  CertificationRequestInfo,
//		signatureAlgorithm        AlgorithmIdentifier,
//		signature                 BIT STRING }
//
// RFC 2986, section 4.2
type Request struct {
	Ref        report.Ref
	OK         bool   // its structure could be read to the end
	Raw        []byte // the whole element
	Info       []byte // certificationRequestInfo as sent, header included
	Version    field.Field[field.Int]
	Subject    Name
	PublicKey  PublicKey
	Attributed bool // attributes are there, if only as an empty set
	Attributes []oid.ID
	Extensions []Extension // asked for by extensionRequest
	Algorithm  Algorithm   // signatureAlgorithm
	Signature  field.Field[field.BitString]

	signed *sig.Result
}

// Attributes of a certification request.
const (
	idChallengePassword   oid.ID = "1.2.840.113549.1.9.7"
	idExtensionRequest    oid.ID = "1.2.840.113549.1.9.14"
	idMicrosoftExtensions oid.ID = "1.3.6.1.4.1.311.2.1.14"
)

// ReadRequest reads one certification request.
func ReadRequest(r *field.Reader, label string) *Request {
	defer r.Cite(r.Cite(spec.RFC(2986, "4.2")))
	q := &Request{Raw: r.Element()}
	before, _ := r.Breaks()
	q.Ref = r.Seq(label, func(r *field.Reader) {
		q.Info = r.Element()
		r.Cite(spec.RFC(2986, "4.1"))
		r.Seq("certificationRequestInfo", q.info)
		r.Cite(spec.RFC(2986, "4.2"))
		q.Algorithm = ReadAlgorithm(r, "signatureAlgorithm")
		q.Signature = ReadSignature(r, "signature", q.Algorithm)
	})
	after, _ := r.Breaks()
	q.OK = after == before && q.Raw != nil
	r.Show(q.Ref, q.Title())
	return q
}

//	CertificationRequestInfo ::= SEQUENCE {
//		version        INTEGER { v1(0) },
//		subject        Name,
//		subjectPKInfo  SubjectPublicKeyInfo,
//		attributes     [0] IMPLICIT SET OF Attribute }
func (q *Request) info(r *field.Reader) {
	q.Version = readVersion(r, "version", false)
	q.Subject = ReadName(r, "subject")
	q.PublicKey = ReadPublicKey(r, "subjectPKInfo")
	if r.Empty() && !r.Quiet() {
		return // left out by old programs
	}
	q.Attributed = true
	r.Implicit(0, "attributes", "SET", func(r *field.Reader) {
		q.Attributes = field.List(r, "attributes", func(r *field.Reader, label string) oid.ID {
			return readAttributeSet(r, label, q.attribute).Type
		})
	})
}

// attribute reads a value of an attribute.
//
// RFC 2985, section 5.4
func (q *Request) attribute(r *field.Reader, id oid.ID, label string) bool {
	switch id {
	case idExtensionRequest, idMicrosoftExtensions:
		r.Cite(spec.RFC(2985, "5.4.2"))
		q.Extensions = append(q.Extensions, ReadExtensions(r, label)...)
	case idChallengePassword:
		r.Cite(spec.RFC(2985, "5.4.1"))
		if e, ok := r.Next(); !ok || !field.IsText(e.Tag) || e.Constructed {
			return false
		}
		at := r.Text(label).Ref
		r.Flag(at, report.Secret)
		r.Show(at, "a password, not shown")
	default:
		return false
	}
	return true
}

// Possessed verifies the signature with the key of the request itself, which
// proves that whoever made the request has the private key.
func (q *Request) Possessed() sig.Result {
	if q.signed == nil {
		res := Verify(q.Algorithm, q.PublicKey, q.Info, q.Signature)
		q.signed = &res
	}
	return *q.signed
}

// Title names the request for people.
func (q *Request) Title() string {
	if name := q.Subject.Short(); name != "" {
		return name
	}
	if names, _ := content[GeneralNames](q.Extensions, IDSubjectAltName); len(names) > 0 {
		return names[0].Text
	}
	return "no name"
}

// wanted says for whom the request is, for people.
func (q *Request) wanted() string {
	if t := q.Title(); t != "no name" {
		return "for " + t
	}
	return "without a name"
}

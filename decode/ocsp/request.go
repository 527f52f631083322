package ocsp

import (
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Request is an OCSPRequest.
//
//	OCSPRequest ::= SEQUENCE {
//		tbsRequest         TBSRequest,
//		optionalSignature  [0] EXPLICIT Signature OPTIONAL }
//
//	TBSRequest ::= SEQUENCE {
//		version            [0] EXPLICIT Version DEFAULT v1,
//		requestorName      [1] EXPLICIT GeneralName OPTIONAL,
//		requestList        SEQUENCE OF Request,
//		requestExtensions  [2] EXPLICIT Extensions OPTIONAL }
//
// RFC 6960, section 4.1.1
type Request struct {
	Ref          report.Ref
	Raw          []byte
	TBS          []byte
	TBSRef       report.Ref
	Version      field.Field[field.Int]
	HasName      bool
	Name         cert.GeneralName
	NameRef      report.Ref
	ListRef      report.Ref
	List         []Asked
	Extensions   []cert.Extension
	Signed       bool
	SignatureRef report.Ref
	Algorithm    cert.Algorithm
	Signature    field.Field[field.BitString]
	Certs        []*cert.Certificate
}

// Asked is one Request of a requestList.
//
//	Request ::= SEQUENCE {
//		reqCert                  CertID,
//		singleRequestExtensions  [0] EXPLICIT Extensions OPTIONAL }
type Asked struct {
	ID         CertID
	Extensions []cert.Extension
}

// ReadRequest reads an OCSPRequest.
func ReadRequest(r *field.Reader) *Request {
	q := &Request{TBSRef: report.None, NameRef: report.None, ListRef: report.None, SignatureRef: report.None}
	q.Version.Ref = report.None
	r.Cite(rfc6960("4.1.1"))
	q.Ref = r.Seq("OCSPRequest", func(r *field.Reader) {
		r.Flag(r.At(), report.Wrapper)
		q.TBSRef = r.Seq("tbsRequest", func(r *field.Reader) {
			q.Version = readVersion(r)
			q.HasName = r.Explicit(1, "requestorName", func(r *field.Reader) {
				q.Name = cert.ReadGeneralName(r, "requestorName")
				q.NameRef = q.Name.Ref
			})
			q.ListRef = r.Seq("requestList", func(r *field.Reader) {
				r.Flag(r.At(), report.Wrapper)
				q.List = field.List(r, "requestList", readAsked)
			})
			r.Explicit(2, "requestExtensions", func(r *field.Reader) {
				_, q.Extensions = readExtensions(r, "requestExtensions")
			})
		})
		q.TBS = r.Bytes(q.TBSRef)
		q.Signed = r.Peek(der.Ctx(0))
		r.Explicit(0, "optionalSignature", func(r *field.Reader) {
			q.SignatureRef = r.Seq("optionalSignature", func(r *field.Reader) {
				q.Algorithm = cert.ReadAlgorithm(r, "signatureAlgorithm")
				q.Signature = cert.ReadSignature(r, "signature", q.Algorithm)
				r.Explicit(0, "certs", func(r *field.Reader) {
					r.Seq("certs", func(r *field.Reader) {
						r.Flag(r.At(), report.Wrapper)
						q.Certs = field.List(r, "certs", func(r *field.Reader, label string) *cert.Certificate {
							c := cert.ReadCertificate(r, label)
							r.Piece("certificate", c.Ref)
							return c
						})
					})
				})
			})
		})
	})
	q.Raw = r.Bytes(q.Ref)
	switch n := len(q.List); n {
	case 0:
		r.Show(q.Ref, "asks for nothing")
	case 1:
		r.Show(q.Ref, "asks for serial "+q.List[0].ID.Serial.Value.Text())
	default:
		r.Show(q.Ref, "asks for "+strconv.Itoa(n)+" certificates")
	}
	return q
}

func readAsked(r *field.Reader, label string) (a Asked) {
	r.Seq(label, func(r *field.Reader) {
		a.ID = readCertID(r, "reqCert")
		r.Explicit(0, "singleRequestExtensions", func(r *field.Reader) {
			_, a.Extensions = readExtensions(r, "singleRequestExtensions")
		})
	})
	return a
}

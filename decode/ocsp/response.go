package ocsp

import (
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

func rfc6960(section string) spec.Ref { return spec.RFC(6960, section) }

// BasicType is the one type of response in use: id-pkix-ocsp-basic.
const BasicType oid.ID = "1.3.6.1.5.5.7.48.1.1"

// Response is an OCSPResponse.
//
//	OCSPResponse ::= SEQUENCE {
//		responseStatus  OCSPResponseStatus,
//		responseBytes   [0] EXPLICIT ResponseBytes OPTIONAL }
//
// RFC 6960, section 4.2.1
type Response struct {
	Ref      report.Ref
	Raw      []byte
	Status   field.Field[int]
	HasBytes bool       // responseBytes is there
	Bytes    report.Ref // its node, or None
	Type     field.Field[oid.ID]
	Content  []byte // the octets inside the OCTET STRING response
	Basic    *Basic // nil if there is none, or if it is of another type
}

// Basic is a BasicOCSPResponse.
//
//	BasicOCSPResponse ::= SEQUENCE {
//		tbsResponseData     ResponseData,
//		signatureAlgorithm  AlgorithmIdentifier,
//		signature           BIT STRING,
//		certs               [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
//
// RFC 6960, section 4.2.1
type Basic struct {
	Ref       report.Ref
	Raw       []byte
	TBS       []byte // tbsResponseData as sent, header included: what is signed
	Data      Data
	DataSpan  report.Span
	Algorithm cert.Algorithm
	Signature field.Field[field.BitString]
	// SignatureSpan is where the signature lies, and CertsSpan where certs do.
	SignatureSpan report.Span
	HasCerts      bool
	CertsRef      report.Ref
	CertsSpan     report.Span
	Certs         []*cert.Certificate
}

// Data is ResponseData, the part that is signed.
//
//	ResponseData ::= SEQUENCE {
//		version             [0] EXPLICIT Version DEFAULT v1,
//		responderID         ResponderID,
//		producedAt          GeneralizedTime,
//		responses           SEQUENCE OF SingleResponse,
//		responseExtensions  [1] EXPLICIT Extensions OPTIONAL }
type Data struct {
	Ref            report.Ref
	Version        field.Field[field.Int] // OK false: left out, so v1
	Responder      Responder
	ProducedAt     field.Field[field.Moment]
	Responses      report.Ref
	Singles        []Single
	HasExtensions  bool
	ExtensionsRef  report.Ref
	ExtensionsSpan report.Span
	Extensions     []cert.Extension
}

// Responder is the ResponderID: a Name, or the SHA-1 of a public key.
//
//	ResponderID ::= CHOICE { byName [1] Name, byKey [2] KeyHash }
type Responder struct {
	Ref    report.Ref
	OK     bool
	ByName bool
	Name   cert.Name
	Key    []byte
}

// String shows the responder for people.
func (r Responder) String() string {
	if r.ByName {
		return r.Name.String()
	}
	if len(r.Key) == 0 {
		return "an empty key hash"
	}
	return "key " + field.Colons(r.Key)
}

// Standing is what a SingleResponse says of the certificate: its certStatus.
type Standing int

const (
	Unreadable Standing = iota
	Good
	Revoked
	Unknown
)

var standings = [...]string{"unreadable", "good", "revoked", "unknown"}

func (s Standing) String() string { return standings[s] }

// Single is a SingleResponse, an entry: the status of one certificate.
//
//	SingleResponse ::= SEQUENCE {
//		certID            CertID,
//		certStatus        CertStatus,
//		thisUpdate        GeneralizedTime,
//		nextUpdate        [0] EXPLICIT GeneralizedTime OPTIONAL,
//		singleExtensions  [1] EXPLICIT Extensions OPTIONAL }
type Single struct {
	Ref            report.Ref
	ID             CertID
	Standing       Standing
	StatusRef      report.Ref
	RevokedAt      field.Field[field.Moment]
	Reason         field.Field[cert.Reason]
	ThisUpdate     field.Field[field.Moment]
	NextUpdate     field.Field[field.Moment] // OK false with Ref None: absent
	HasNext        bool
	HasExtensions  bool
	ExtensionsRef  report.Ref
	ExtensionsSpan report.Span
	Extensions     []cert.Extension
}

// Read reads an OCSPResponse.
func Read(r *field.Reader) *Response {
	p := &Response{Ref: report.None, Bytes: report.None}
	r.Cite(rfc6960("4.2.1"))
	p.Ref = r.Seq("OCSPResponse", func(r *field.Reader) {
		r.Flag(r.At(), report.Wrapper)
		p.Status = r.Enum("responseStatus", statusNames)
		p.HasBytes = r.Peek(der.Ctx(0))
		r.Explicit(0, "responseBytes", func(r *field.Reader) {
			p.Bytes = r.Seq("responseBytes", func(r *field.Reader) {
				r.Flag(r.At(), report.Wrapper)
				p.Type = r.OID("responseType")
				if p.Type.OK && p.Type.Value != BasicType {
					p.Content = r.Octets("response").Value
					return
				}
				response := r.Wrapped("response", func(r *field.Reader) {
					r.Flag(r.At(), report.Wrapper)
					p.Content = r.Left()
					p.Basic = readBasic(r)
				})
				r.Flag(response, report.Wrapper)
			})
		})
	})
	p.Raw = r.Bytes(p.Ref)
	if p.Status.OK {
		r.Show(p.Ref, p.headline())
	}
	return p
}

// headline is the response in a few words: «successful · 1 status: good».
func (p *Response) headline() string {
	status := StatusName(p.Status.Value)
	if p.Basic == nil {
		return status
	}
	all := make([]Standing, len(p.Basic.Data.Singles))
	for i, s := range p.Basic.Data.Singles {
		all[i] = s.Standing
	}
	return status + " · " + Statuses(all)
}

// Statuses says what entries say together: «2 statuses: good».
func Statuses(all []Standing) string {
	n := report.Plural(len(all), "status", "statuses")
	for _, s := range all {
		if s != all[0] {
			return n + " that differ"
		}
	}
	if len(all) == 0 {
		return "no status"
	}
	return n + ": " + all[0].String()
}

func readBasic(r *field.Reader) *Basic {
	b := &Basic{CertsRef: report.None}
	b.Ref = r.Seq("basicResponse", func(r *field.Reader) {
		b.Data = readData(r)
		b.TBS, b.DataSpan = r.Bytes(b.Data.Ref), r.Span(b.Data.Ref)
		b.Algorithm = cert.ReadAlgorithm(r, "signatureAlgorithm")
		b.Signature = cert.ReadSignature(r, "signature", b.Algorithm)
		b.SignatureSpan = r.Span(b.Signature.Ref)
		b.HasCerts = r.Explicit(0, "certs", func(r *field.Reader) {
			b.CertsRef = r.Seq("certs", func(r *field.Reader) {
				r.Flag(r.At(), report.Wrapper)
				b.Certs = field.List(r, "certs", func(r *field.Reader, label string) *cert.Certificate {
					c := cert.ReadCertificate(r, label)
					r.Piece("certificate", c.Ref)
					return c
				})
			})
			b.CertsSpan = r.Span(b.CertsRef)
		})
	})
	b.Raw = r.Bytes(b.Ref)
	r.Show(b.Ref, BasicType.String())
	return b
}

func readData(r *field.Reader) (d Data) {
	d.ExtensionsRef, d.Responses, d.Version.Ref = report.None, report.None, report.None
	d.Ref = r.Seq("tbsResponseData", func(r *field.Reader) {
		d.Version = readVersion(r)
		d.Responder = readResponder(r)
		d.ProducedAt = r.Time("producedAt")
		r.Seq("responses", func(r *field.Reader) {
			d.Responses = r.At()
			r.Flag(r.At(), report.Wrapper)
			d.Singles = field.List(r, "responses", readSingle)
		})
		d.HasExtensions = r.Explicit(1, "responseExtensions", func(r *field.Reader) {
			d.ExtensionsRef, d.Extensions = readExtensions(r, "responseExtensions")
			d.ExtensionsSpan = r.Span(d.ExtensionsRef)
		})
	})
	r.Show(d.Ref, "signed octets")
	return d
}

// readVersion reads version [0] EXPLICIT INTEGER DEFAULT v1(0), if it is there.
func readVersion(r *field.Reader) field.Field[field.Int] {
	v := field.Field[field.Int]{Ref: report.None}
	r.Explicit(0, "version", func(r *field.Reader) {
		v = r.Integer("version")
		if n, ok := v.Value.Int64(); v.OK && ok {
			r.Show(v.Ref, "v"+strconv.FormatInt(n+1, 10)+" ("+strconv.FormatInt(n, 10)+")")
			if n == 0 {
				r.Flag(v.Ref, report.Default)
				r.Fault(field.DefaultSent, v.Ref, "version v1 is the default: DER wants it left out")
			}
		}
	})
	return v
}

func readResponder(r *field.Reader) Responder {
	id := Responder{Ref: r.At()}
	switch {
	case r.Quiet():
	case r.Peek(der.Ctx(1)):
		id.ByName = true
		r.Explicit(1, "responderID", func(r *field.Reader) {
			id.Name = cert.ReadName(r, "responderID")
			id.Ref, id.OK = id.Name.Ref, id.Name.Raw != nil
			r.Show(id.Ref, "byName "+id.Name.String())
		})
	case r.Peek(der.Ctx(2)):
		r.Explicit(2, "responderID", func(r *field.Reader) {
			k := r.Octets("responderID")
			id.Ref, id.OK, id.Key = k.Ref, k.OK, k.Value
			r.Show(id.Ref, "byKey "+field.Colons(k.Value))
		})
	default:
		if e, ok := r.Next(); ok {
			id.Ref = r.Any("responderID")
			r.Fault(field.Unexpected, id.Ref, "responderID: want byName [1] or byKey [2], found %s", e.Tag)
		} else {
			id.Ref = r.Stop("responderID", "responderID: want byName [1] or byKey [2], found nothing that can be read")
		}
	}
	return id
}

func readSingle(r *field.Reader, label string) (s Single) {
	s.ExtensionsRef, s.NextUpdate.Ref, s.Reason.Ref, s.RevokedAt.Ref = report.None, report.None, report.None, report.None
	s.Ref = r.Seq(label, func(r *field.Reader) {
		s.ID = readCertID(r, "certID")
		readStanding(r, &s)
		s.ThisUpdate = r.Time("thisUpdate")
		s.HasNext = r.Explicit(0, "nextUpdate", func(r *field.Reader) {
			s.NextUpdate = r.Time("nextUpdate")
		})
		s.HasExtensions = r.Explicit(1, "singleExtensions", func(r *field.Reader) {
			s.ExtensionsRef, s.Extensions = readExtensions(r, "singleExtensions")
			s.ExtensionsSpan = r.Span(s.ExtensionsRef)
		})
	})
	r.Show(s.Ref, s.Standing.String())
	return s
}

// readStanding reads the certStatus.
//
//	CertStatus ::= CHOICE {
//		good     [0] IMPLICIT NULL,
//		revoked  [1] IMPLICIT RevokedInfo,
//		unknown  [2] IMPLICIT UnknownInfo }   -- NULL
func readStanding(r *field.Reader, s *Single) {
	s.StatusRef = r.At()
	switch {
	case r.Quiet():
	case r.Peek(der.Ctx(0)):
		s.Standing = Good
		s.StatusRef = r.NullAs("certStatus", der.Ctx(0)).Ref
		r.Show(s.StatusRef, "good")
	case r.Peek(der.Ctx(2)):
		s.Standing = Unknown
		s.StatusRef = r.NullAs("certStatus", der.Ctx(2)).Ref
		r.Show(s.StatusRef, "unknown")
	case r.Peek(der.Ctx(1)):
		s.Standing = Revoked
		s.StatusRef = r.Implicit(1, "certStatus", "RevokedInfo", func(r *field.Reader) {
			s.RevokedAt = r.Time("revocationTime")
			r.Explicit(0, "revocationReason", func(r *field.Reader) {
				s.Reason = cert.ReadReason(r, "revocationReason", der.Enumerated)
			})
		})
		r.Show(s.StatusRef, "revoked")
	default:
		if e, ok := r.Next(); ok {
			s.StatusRef = r.Any("certStatus")
			r.Fault(field.Unexpected, s.StatusRef, "certStatus: want good [0], revoked [1] or unknown [2], found %s", e.Tag)
		} else {
			s.StatusRef = r.Stop("certStatus", "certStatus: want good [0], revoked [1] or unknown [2], found nothing that can be read")
		}
	}
}

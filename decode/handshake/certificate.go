package handshake

import (
	"bytes"
	"compress/zlib"
	"io"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

func rfc8422(section string) spec.Ref { return spec.RFC(8422, section) }
func rfc8879(section string) spec.Ref { return spec.RFC(8879, section) }

// inner reads a vector whose contents are a thing of their own, as a leaf below
// it: an item of the kind hint can be made of that.
func (m *machine) inner(r *field.Reader, label string, width int, inside, hint string, given any) field.Field[[]byte] {
	var f field.Field[[]byte]
	ref := r.Vector(label, width, func(r *field.Reader) { f = m.within(r, inside, hint, given) })
	if f.OK && f.Ref == report.None {
		f.Ref = ref
	}
	return f
}

// within makes one leaf of all that is left, and a piece of it.
func (m *machine) within(r *field.Reader, label, hint string, given any) field.Field[[]byte] {
	f := field.Field[[]byte]{Value: r.Left(), Ref: r.At(), OK: true}
	if len(f.Value) == 0 {
		return f
	}
	f.Ref = r.Closed(label, "opaque", len(f.Value))
	r.Show(f.Ref, report.Plural(len(f.Value), "octet", "octets"))
	if hint != "" {
		r.PieceWith(hint, f.Ref, given)
	}
	return f
}

// certificate reads a Certificate in the form of TLS 1.3 or that of older versions.
//
//	struct {
//	    opaque certificate_request_context<0..2^8-1>;
//	    CertificateEntry certificate_list<0..2^24-1>;
//	} Certificate;
//
//	struct { opaque cert_data<1..2^24-1>; Extension extensions<0..2^16-1>; } CertificateEntry;
//
// RFC 9846, section 4.5.1; without context and extensions in RFC 5246, section 7.4.2
func (m *machine) certificate(r *field.Reader) *Certificate {
	b := r.Left()
	c := &Certificate{Ref: r.At()}
	c.Version, c.Fit = choose(m.version, fitsCertificate13(b), fitsCertificate12(b), len(b) > 3 && 3+u24(b) == len(b))
	m.remark(r, c.Fit, c.Version)
	section := rfc9846("4.5.1")
	if c.Version != 0x0304 {
		section = rfc5246("7.4.2")
	}
	defer r.Cite(r.Cite(section))
	if c.Version == 0x0304 {
		c.Context = r.Opaque("certificate_request_context", 1)
	}
	c.List = r.Vector("certificate_list", 3, func(r *field.Reader) {
		c.Entries = field.List(r, "certificate_list", func(r *field.Reader, label string) Entry {
			e := Entry{}
			if c.Version != 0x0304 {
				e.DER = m.inner(r, label, 3, "certificate", "certificate", nil)
				e.Ref = e.DER.Ref
				return e
			}
			e.Ref = r.Struct(label, func(r *field.Reader) {
				e.DER = m.inner(r, "cert_data", 3, "certificate", "certificate", nil)
				if e.DER.OK && len(e.DER.Value) == 0 {
					m.fault(r, e.DER.Ref, "cert_data is empty: one octet is the least")
				}
				e.Extensions = m.extensions(r, inCertificate)
			})
			return e
		})
	})
	return c
}

// remark says at the message which form was taken, where that is not plain.
func (m *machine) remark(r *field.Reader, f Fit, version uint16) {
	switch f {
	case Both:
		r.Note(r.At(), "the version is not known, and the octets read in both forms: that of TLS 1.3 is shown")
	case Wrong:
		r.Note(r.At(), "it does not read in the form of "+suite.Version(m.version)+", but in that of "+suite.Version(version))
	}
}

// maxInflated bounds a certificate message that was compressed.
const maxInflated = 1 << 20

// compressed reads a CompressedCertificate and, of zlib, what is inside.
//
//	struct {
//	    CertificateCompressionAlgorithm algorithm;
//	    uint24 uncompressed_length;
//	    opaque compressed_certificate_message<1..2^24-1>;
//	} CompressedCertificate;
//
// RFC 8879, section 4
func (m *machine) compressed(r *field.Reader) *CompressedCertificate {
	defer r.Cite(r.Cite(rfc8879("4")))
	c := &CompressedCertificate{Ref: r.At()}
	c.Algorithm = m.number(r, "algorithm", 2, naming(suite.CertificateCompression, 16))
	c.Length = r.Uint("uncompressed_length", 3, nil)
	c.Message = r.Opaque("compressed_certificate_message", 3)
	if !c.Message.OK || c.Algorithm.Value != 1 {
		return c
	}
	z, err := zlib.NewReader(bytes.NewReader(c.Message.Value))
	if err != nil {
		m.fault(r, c.Message.Ref, "it is not in the form of zlib")
		return c
	}
	out, err := io.ReadAll(io.LimitReader(z, maxInflated+1))
	switch {
	case len(out) > maxInflated:
		m.fault(r, c.Message.Ref, "it holds more than %d octets: it is not opened", maxInflated)
		return c
	case err != nil:
		m.fault(r, c.Message.Ref, "it breaks off after %d octets: its form of zlib is damaged", len(out))
		return c
	case c.Length.OK && int(c.Length.Value) != len(out):
		m.fault(r, c.Length.Ref, "uncompressed_length is %d, and %d octets are inside", c.Length.Value, len(out))
	}
	r.DeriveAt(c.Message.Ref, "Certificate", "decompressed", out, func(r *field.Reader) {
		r.Frame("Certificate", "message", 0, len(out), func(r *field.Reader) {
			c.Inside = m.certificate(r)
			c.Inside.Compressed = true
		})
	})
	return c
}

// staple reads what carries OCSP responses.
//
//	struct {
//	    CertificateStatusType status_type;
//	    select (status_type) { case ocsp: opaque OCSPResponse<1..2^24-1>; } response;
//	} CertificateStatus;
//
// RFC 6066, section 8; with a list of responses in RFC 6961, section 2.2
func (m *machine) staple(r *field.Reader) Staple {
	s := Staple{Type: r.Uint("status_type", 1, suite.StatusTypes)}
	switch {
	case !s.Type.OK:
	case s.Type.Value == 1:
		s.Response = m.inner(r, "response", 3, "OCSPResponse", "ocsp-response", nil)
		if s.Response.OK && len(s.Response.Value) == 0 {
			m.fault(r, s.Response.Ref, "the response is empty: one octet is the least")
		}
	case s.Type.Value == 2:
		r.Vector("ocsp_response_list", 3, func(r *field.Reader) {
			s.List = field.List(r, "ocsp_response_list", func(r *field.Reader, label string) field.Field[[]byte] {
				return m.inner(r, label, 3, "OCSPResponse", "ocsp-response", nil)
			})
		})
	case !r.Empty():
		r.Fixed("response", len(r.Left()))
	}
	return s
}

// certificateRequest reads a CertificateRequest in one of three forms.
//
//	struct {
//	    opaque certificate_request_context<0..2^8-1>;
//	    Extension extensions<0..2^16-1>;
//	} CertificateRequest;                                   RFC 9846, section 4.4.2
//
//	struct {
//	    ClientCertificateType certificate_types<1..2^8-1>;
//	    SignatureAndHashAlgorithm supported_signature_algorithms<2^16-1>;
//	    DistinguishedName certificate_authorities<0..2^16-1>;
//	} CertificateRequest;                                   RFC 5246, section 7.4.4
//
// TLS 1.1 and older have no algorithms.
func (m *machine) certificateRequest(r *field.Reader) *CertificateRequest {
	b := r.Left()
	c := &CertificateRequest{Ref: r.At()}
	old12, old10 := fitsRequest12(b), fitsRequest10(b)
	c.Version, c.Fit = choose(m.version, fitsRequest13(b), old12 || old10, old12 || old10)
	if c.Version != 0x0304 && old10 && (!old12 || m.version != 0 && m.version < 0x0303) {
		if c.Version = 0x0302; m.version == 0x0303 {
			c.Fit = Wrong
		}
	}
	if c.Version == 0x0303 && m.version != 0 && m.version < 0x0303 && old12 && !old10 {
		c.Fit = Wrong
	}
	m.remark(r, c.Fit, c.Version)
	if c.Version == 0x0304 {
		defer r.Cite(r.Cite(rfc9846("4.4.2")))
		c.Context = r.Opaque("certificate_request_context", 1)
		c.Extensions = m.extensions(r, inRequest)
		if x := c.Extensions.Get(ExtSignatureAlgorithms); x != nil {
			if n, ok := x.Value.(*Numbers); ok {
				c.Algorithms = *n
			}
		}
		if x := c.Extensions.Get(ExtCertificateAuthorities); x != nil {
			if a, ok := x.Value.(*Authorities); ok {
				c.Authorities = *a
			}
		}
		return c
	}
	defer r.Cite(r.Cite(rfc5246("7.4.4")))
	c.Types = m.numbers(r, "certificate_types", 1, 1, naming(suite.CertificateTypes, 8))
	if c.Version == 0x0303 {
		c.Algorithms = m.numbers(r, "supported_signature_algorithms", 2, 2, naming(suite.Schemes, 16))
	}
	c.Authorities = m.authorities(r, "certificate_authorities")
	return c
}

// authorities reads a list of names.
func (m *machine) authorities(r *field.Reader, label string) Authorities {
	a := Authorities{}
	a.Ref = r.Vector(label, 2, func(r *field.Reader) {
		a.OK = true
		a.List = field.List(r, label, func(r *field.Reader, label string) field.Field[[]byte] {
			f := field.Field[[]byte]{}
			text := ""
			f.Ref = r.Vector(label, 2, func(r *field.Reader) {
				f.Value, f.OK = r.Left(), true
				if !r.Empty() {
					n := cert.ReadName(r, "name")
					text = n.String()
				}
			})
			r.Show(f.Ref, text)
			return f
		})
	})
	return a
}

// certificateVerify reads a CertificateVerify; TLS 1.1 and older name no algorithm.
//
//	struct {
//	    SignatureScheme algorithm;
//	    opaque signature<0..2^16-1>;
//	} CertificateVerify;
//
// RFC 9846, section 4.5.2; RFC 5246, section 7.4.8
func (m *machine) certificateVerify(r *field.Reader) *CertificateVerify {
	b := r.Left()
	v := &CertificateVerify{Ref: r.At()}
	newer, older := len(b) >= 4 && 4+u16(b[2:]) == len(b), len(b) >= 2 && 2+u16(b) == len(b)
	old := m.version != 0 && m.version < 0x0303
	switch {
	case old && older, !old && newer && m.version != 0:
		v.Fit = Told
	case m.version == 0 && older && newer:
		v.Fit = Both
	case m.version == 0 && (older || newer):
		v.Fit, old = Only, older
	case older || newer:
		v.Fit, old = Wrong, older
	default:
		v.Fit = Broken
	}
	defer r.Cite(r.Cite(rfc9846("4.5.2")))
	if !old {
		v.Algorithm = m.number(r, "algorithm", 2, naming(suite.Schemes, 16))
	}
	v.Signature = r.Opaque("signature", 2)
	if v.Signature.OK && len(v.Signature.Value) == 0 {
		m.fault(r, v.Signature.Ref, "the signature is empty")
	}
	return v
}

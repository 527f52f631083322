package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/mac"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Part is a structure of CMP that people show without the message around it.
type Part struct {
	Name string // PKIHeader
	Ref  spec.Ref
	// read reads it, and says whether it is likely: many structures of other
	// protocols are a number and a list.
	read func(r *field.Reader) bool
}

// Read makes the nodes of a part.
func (p *Part) Read(r *field.Reader) {
	defer r.Cite(r.Cite(p.Ref))
	p.read(r)
}

// largestPart bounds the octets that are tried as parts: all that is pasted is asked
// about, and long lists are read as what they are.
const largestPart = 1 << 20

// PartsOf are the parts that octets can be read as, without a fault and to the
// end, the likeliest first.
func PartsOf(b []byte) (fit []*Part) {
	e, err := der.Next(b, 0, len(b))
	if err != nil || e.End() != len(b) || len(b) > largestPart || !e.Constructed || e.Len == 0 {
		return nil
	}
	for _, p := range parts {
		r := field.Trial(b)
		if ok := p.read(r); ok && r.Empty() {
			if n, _ := r.Breaks(); n == 0 {
				fit = append(fit, p)
			}
		}
	}
	return fit
}

// parts are tried in this order.
var parts = []*Part{
	{"PKIHeader", rfc9810("5.1.1"), func(r *field.Reader) bool {
		var h Header
		h.read(r, &Message{})
		return h.Version.OK
	}},
	{"PKIBody", rfc9810("5.1.2"), func(r *field.Reader) bool {
		var b Body
		b.read(r, &Message{})
		return b.OK
	}},
	{"CertReqMessages", rfc9810("5.2.1"), func(r *field.Reader) bool {
		b := contents(r, IR, "CertReqMessages")
		return len(b.Requests) > 0 && wants(b.Requests[0].Request)
	}},
	{"CertRepMessage", rfc9810("5.3.4"), func(r *field.Reader) bool {
		b := contents(r, IP, "CertRepMessage")
		return len(b.Reply.Responses) > 0
	}},
	{"RevReqContent", rfc9810("5.3.9"), func(r *field.Reader) bool {
		b := contents(r, RR, "RevReqContent")
		if len(b.Revocations) == 0 {
			return false
		}
		t := b.Revocations[0].Template
		return t != nil && t.Issuer != nil && t.Serial.OK
	}},
	{"CertReqMsg", spec.RFC(4211, "3"), func(r *field.Reader) bool { return wants(crmf.ReadCertReqMsg(r, "CertReqMsg").Request) }},
	{"CertRequest", spec.RFC(4211, "5"), func(r *field.Reader) bool { return wants(crmf.ReadCertRequest(r, "CertRequest")) }},
	{"PKIStatusInfo", rfc9810("5.2.3"), func(r *field.Reader) bool {
		s := ReadStatusInfo(r, "PKIStatusInfo")
		return s.Value().String() != "" && (len(s.FailInfo.Value.Bytes) > 0 || len(s.Text.Texts) > 0)
	}},
	{"CertReqTemplateContent", rfc9810("5.3.19.16"), func(r *field.Reader) bool {
		v, _ := templateValue(r, "CertReqTemplateContent", nil)
		t := v.(*CertReqTemplateContent).Template
		return t != nil && (t.Subject != nil || t.Extensions != nil)
	}},
	{"PBMParameter", rfc9810("5.1.3.1"), func(r *field.Reader) bool { return mac.ReadPBM(r).Iterations.OK }},
	{"PBMAC1-params", spec.RFC(8018, "A.5"), func(r *field.Reader) bool { return mac.ReadPBMAC1(r).PBKDF2 != nil }},
	{"OOBCertHash", rfc9810("5.2.5"), func(r *field.Reader) bool {
		h := readOOBCertHash(r, "OOBCertHash")
		return h.Hash.OK && len(h.Hash.Value.Bytes) >= 16 && (h.HashAlg != nil || h.CertID != nil)
	}},
	{"CertTemplate", spec.RFC(4211, "5"), func(r *field.Reader) bool {
		t := crmf.ReadCertTemplate(r, "CertTemplate")
		return t.Subject != nil && t.PublicKey != nil || t.Issuer != nil && t.Serial.OK
	}},
}

// contents reads what a body holds, without its tag.
func contents(r *field.Reader, t Type, label string) *Body {
	b := &Body{Type: t}
	b.content(r, &Message{}, label)
	return b
}

// wants says that a request asks for something.
func wants(q *crmf.CertRequest) bool {
	return q != nil && q.Template != nil && q.ID.OK && (q.Template.Subject != nil || q.Template.PublicKey != nil || q.Template.Extensions != nil)
}

// OOBCertHash is a fingerprint that travels by another way than the certificate.
//
//	OOBCertHash ::= SEQUENCE {
//		hashAlg  [0] AlgorithmIdentifier OPTIONAL,
//		certId   [1] CertId OPTIONAL,
//		hashVal  BIT STRING }
//
// RFC 9810, section 5.2.5
type OOBCertHash struct {
	Ref     report.Ref
	HashAlg *cert.Algorithm // nil: absent
	CertID  *crmf.CertID    // nil: absent
	Hash    field.Field[field.BitString]
}

func readOOBCertHash(r *field.Reader, label string) *OOBCertHash {
	h := &OOBCertHash{}
	h.Ref = r.Seq(label, func(r *field.Reader) {
		r.Explicit(0, "hashAlg", func(r *field.Reader) { a := cert.ReadAlgorithm(r, "hashAlg"); h.HashAlg = &a })
		r.Explicit(1, "certId", func(r *field.Reader) { h.CertID = crmf.ReadCertID(r, "certId") })
		h.Hash = r.Bits("hashVal")
	})
	return h
}

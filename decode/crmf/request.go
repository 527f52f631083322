// Package crmf reads certificate requests in the Certificate Request Message
// Format, and the structures that other parts of CMP share with it: templates,
// controls, encrypted keys, identifiers of certificates.
//
// Its tags are IMPLICIT but for those on a CHOICE. It judges nothing; whether the
// signature of a proof of possession fits it does say, for that needs octets alone:
//
//	q := crmf.ReadCertReqMsg(r, "CertReqMsg")
//	if q.POP != nil && q.POP.Form == crmf.Signature { fmt.Println(q.Possessed().Outcome) }
//
// Documents: RFC 4211, with RFC 9045 and RFC 9810.
package crmf

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

func rfc4211(section string) spec.Ref { return spec.RFC(4211, section) }

// CertReqMsg is one request.
//
//	CertReqMsg ::= SEQUENCE {
//		certReq  CertRequest,
//		popo     ProofOfPossession OPTIONAL,
//		regInfo  SEQUENCE SIZE (1..MAX) OF AttributeTypeAndValue OPTIONAL }
//
// RFC 4211, section 3
type CertReqMsg struct {
	Ref        report.Ref
	Request    *CertRequest
	POP        *ProofOfPossession // nil: absent
	RegInfoRef report.Ref         // None: absent
	RegInfo    []*Control

	possessed *Possession
}

// CertRequest is what is asked for.
//
//	CertRequest ::= SEQUENCE {
//		certReqId     INTEGER,
//		certTemplate  CertTemplate,
//		controls      SEQUENCE SIZE (1..MAX) OF AttributeTypeAndValue OPTIONAL }
//
// RFC 4211, section 5
type CertRequest struct {
	Ref         report.Ref
	Raw         []byte // the element as received: what a proof of possession signs
	ID          field.Field[field.Int]
	Template    *CertTemplate
	ControlsRef report.Ref // None: absent
	Controls    []*Control
}

// CertTemplate is a certificate with parts left out.
//
// RFC 4211, section 5
type CertTemplate struct {
	Ref        report.Ref
	Raw        []byte // the whole element
	Empty      bool   // it has no field at all
	Version    field.Field[field.Int]
	Serial     field.Field[field.Int]
	SigningAlg *cert.Algorithm // nil: absent
	Issuer     *cert.Name
	Validity   report.Ref // None: absent
	NotBefore  field.Field[field.Moment]
	NotAfter   field.Field[field.Moment]
	Subject    *cert.Name
	PublicKey  *cert.PublicKey // nil: absent
	IssuerUID  report.Ref      // None: absent
	SubjectUID report.Ref      // None: absent
	Extended   report.Ref      // None: absent
	Extensions []cert.Extension
}

// Central says that the CA is to make the key: there is none, or one of no octets.
//
// RFC 9483, section 4.1.6
func (t *CertTemplate) Central() bool {
	return t.PublicKey == nil || len(t.PublicKey.Bits) == 0
}

// ReadCertReqMsg reads one request.
func ReadCertReqMsg(r *field.Reader, label string) *CertReqMsg {
	defer r.Cite(r.Cite(rfc4211("3")))
	m := &CertReqMsg{Request: noRequest(), RegInfoRef: report.None}
	m.Ref = r.Seq(label, func(r *field.Reader) {
		m.Request = ReadCertRequest(r, "certReq")
		r.Cite(rfc4211("4"))
		if e, ok := r.Next(); ok && e.Tag.Class == der.Context {
			m.POP = readPOP(r, "popo")
		}
		r.Cite(rfc4211("7"))
		if r.Peek(der.Sequence) {
			m.RegInfoRef, m.RegInfo = ReadControls(r, "regInfo")
		}
	})
	return m
}

// noRequest is a request of which nothing was read.
func noRequest() *CertRequest {
	return &CertRequest{Ref: report.None, ID: field.Field[field.Int]{Ref: report.None}, Template: NoTemplate(), ControlsRef: report.None}
}

// ReadCertRequest reads a CertRequest.
func ReadCertRequest(r *field.Reader, label string) *CertRequest {
	defer r.Cite(r.Cite(rfc4211("5")))
	q := noRequest()
	q.Raw = r.Element()
	q.Ref = r.Seq(label, func(r *field.Reader) {
		q.ID = r.Integer("certReqId")
		q.Template = ReadCertTemplate(r, "certTemplate")
		if r.Peek(der.Sequence) {
			r.Cite(rfc4211("6"))
			q.ControlsRef, q.Controls = ReadControls(r, "controls")
		}
	})
	return q
}

// Package cmp reads messages of the Certificate Management Protocol: header,
// the 27 bodies, status, and information of all types, as values and nodes.
//
// It judges nothing: that is the business of packages enrol, for one message
// with what was found beside it, and transaction, for many.
//
// The CMP module has EXPLICIT tags, the CRMF module IMPLICIT ones.
//
//	m := cmp.Read(r)
//	if m.OK && m.Body.Type.Requests() { fmt.Println(len(m.Body.Requests), "requests") }
//
// Documents: RFC 9810, RFC 4210 and RFC 2510 for the older versions, RFC 9483.
package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/mac"
	"derscope/decode/report"
	"derscope/decode/spec"
	"strings"
)

// rfc9810 cites the document that most of this package follows.
func rfc9810(section string) spec.Ref { return spec.RFC(9810, section) }

// Message is a PKIMessage as it was read.
//
//	PKIMessage ::= SEQUENCE {
//		header      PKIHeader,
//		body        PKIBody,
//		protection  [0] PKIProtection OPTIONAL,
//		extraCerts  [1] SEQUENCE SIZE (1..MAX) OF CMPCertificate OPTIONAL }
//
// RFC 9810, section 5.1
type Message struct {
	Ref        report.Ref
	OK         bool   // its structure could be read to the end
	Raw        []byte // the whole element
	Header     Header
	Body       Body
	Protection field.Field[field.BitString]
	ExtraCerts Certificates
	Given      *Given // what is known of it beside its octets; nil: nothing
}

// Given is what a message inside another is told.
type Given struct {
	Level int  // of messages around it
	Orig  bool // it is the value of origPKIMessage, not part of a nested body

	total *int // of messages inside the outermost one
}

// Header is a PKIHeader.
//
// RFC 9810, section 5.1.1
type Header struct {
	Ref           report.Ref
	Raw           []byte                 // the element as received, header included
	Version       field.Field[field.Int] // pvno
	Sender        cert.GeneralName
	Recipient     cert.GeneralName
	MessageTime   field.Field[field.Moment]
	Algorithm     *mac.Algorithm // protectionAlg; nil: absent
	SenderKID     field.Field[[]byte]
	RecipKID      field.Field[[]byte]
	TransactionID field.Field[[]byte]
	SenderNonce   field.Field[[]byte]
	RecipNonce    field.Field[[]byte]
	FreeText      FreeText
	GeneralInfo   Infos
}

// FreeText is a PKIFreeText: SEQUENCE SIZE (1..MAX) OF UTF8String.
type FreeText struct {
	Ref   report.Ref // None: absent
	Texts []field.Field[string]
}

// Certificates is a list of CMPCertificate: a CHOICE of which only the X.509
// certificate is defined.
type Certificates struct {
	Ref  report.Ref          // None: absent
	List []*cert.Certificate // nil where an element is no X.509 certificate
	Refs []report.Ref        // beside List
}

// Present says that the field is there, if only as an empty list.
func (c Certificates) Present() bool { return c.Ref != report.None }

// Protected says that there is a protection value.
func (m *Message) Protected() bool { return m.Protection.Ref != report.None }

// ProtectedPart is what the protection is computed over: header and body as
// they were received, in a SEQUENCE of their own; nil where one of them cannot be
// read.
//
//	ProtectedPart ::= SEQUENCE { header PKIHeader, body PKIBody }
//
// RFC 9810, section 5.1.3
func (m *Message) ProtectedPart() []byte {
	if m.Header.Raw == nil || m.Body.Raw == nil {
		return nil
	}
	return der.Wrap(der.Sequence, m.Header.Raw, m.Body.Raw)
}

// Read reads a message from the contents of a source.
func Read(r *field.Reader) *Message {
	defer r.Cite(r.Cite(rfc9810("5.1")))
	m := &Message{Raw: r.Element(), Protection: field.Field[field.BitString]{Ref: report.None}, ExtraCerts: Certificates{Ref: report.None}}
	m.Given, _ = r.Given().(*Given)
	before, _ := r.Breaks()
	m.Ref = r.Seq("PKIMessage", func(r *field.Reader) {
		m.Header.read(r, m)
		m.Body.read(r, m)
		r.Cite(rfc9810("5.1.3"))
		wraps(r, 0, "protection", "b", func(r *field.Reader) { m.Protection = r.Bits("protection") })
		r.Cite(rfc9810("5.1"))
		wraps(r, 1, "extraCerts", certificates, func(r *field.Reader) { m.ExtraCerts = readCertificates(r, "extraCerts") })
	})
	after, _ := r.Breaks()
	m.OK = after == before && m.Raw != nil
	r.Show(m.Ref, m.Body.Name())
	return m
}

//	PKIHeader ::= SEQUENCE {
//		pvno           INTEGER { cmp1999(1), cmp2000(2), cmp2021(3) },
//		sender         GeneralName,
//		recipient      GeneralName,
//		messageTime    [0] GeneralizedTime OPTIONAL,
//		protectionAlg  [1] AlgorithmIdentifier OPTIONAL,
//		senderKID      [2] KeyIdentifier OPTIONAL,
//		recipKID       [3] KeyIdentifier OPTIONAL,
//		transactionID  [4] OCTET STRING OPTIONAL,
//		senderNonce    [5] OCTET STRING OPTIONAL,
//		recipNonce     [6] OCTET STRING OPTIONAL,
//		freeText       [7] PKIFreeText OPTIONAL,
//		generalInfo    [8] SEQUENCE SIZE (1..MAX) OF InfoTypeAndValue OPTIONAL }
func (h *Header) read(r *field.Reader, m *Message) {
	defer r.Cite(r.Cite(rfc9810("5.1.1")))
	h.Raw = r.Element()
	for _, f := range []*field.Field[[]byte]{&h.SenderKID, &h.RecipKID, &h.TransactionID, &h.SenderNonce, &h.RecipNonce} {
		f.Ref = report.None
	}
	h.MessageTime.Ref, h.FreeText.Ref, h.GeneralInfo.Ref = report.None, report.None, report.None
	octets := func(r *field.Reader, n int, label string, f *field.Field[[]byte]) {
		wraps(r, n, label, "s", func(r *field.Reader) { *f = r.Octets(label) })
	}
	h.Ref = r.Seq("header", func(r *field.Reader) {
		h.Version = r.IntegerAs("pvno", der.Integer)
		if n, ok := h.Version.Value.Int64(); ok && versions[n] != "" {
			r.Show(h.Version.Ref, versions[n])
		}
		h.Sender = cert.ReadGeneralName(r, "sender")
		h.Recipient = cert.ReadGeneralName(r, "recipient")
		wraps(r, 0, "messageTime", "t", func(r *field.Reader) { h.MessageTime = r.Time("messageTime") })
		wraps(r, 1, "protectionAlg", "{o", func(r *field.Reader) { h.Algorithm = mac.ReadAlgorithm(r, "protectionAlg") })
		octets(r, 2, "senderKID", &h.SenderKID)
		octets(r, 3, "recipKID", &h.RecipKID)
		octets(r, 4, "transactionID", &h.TransactionID)
		octets(r, 5, "senderNonce", &h.SenderNonce)
		octets(r, 6, "recipNonce", &h.RecipNonce)
		wraps(r, 7, "freeText", "{u", func(r *field.Reader) { h.FreeText = readFreeText(r, "freeText") })
		wraps(r, 8, "generalInfo", "{{o", func(r *field.Reader) { h.GeneralInfo = readInfos(r, "generalInfo", InHeader, m) })
	})
}

var versions = map[int64]string{1: "cmp1999 (1)", 2: "cmp2000 (2)", 3: "cmp2021 (3)"}

// readFreeText reads a PKIFreeText.
//
// RFC 9810, section 5.1.1
func readFreeText(r *field.Reader, label string) FreeText {
	var f FreeText
	f.Ref = r.Seq(label, func(r *field.Reader) {
		some(r, label)
		f.Texts = field.List(r, label, func(r *field.Reader, label string) field.Field[string] {
			return r.TextAs(label, der.UTF8String, der.UTF8String)
		})
	})
	return f
}

// String joins the texts.
func (f FreeText) String() string {
	var s strings.Builder
	for i, t := range f.Texts {
		if i > 0 {
			s.WriteString("; ")
		}
		s.WriteString(t.Value)
	}
	return s.String()
}

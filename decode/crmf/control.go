package crmf

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Control is an AttributeTypeAndValue of controls or regInfo.
//
// RFC 4211, section 6
type Control struct {
	Ref, ValueRef report.Ref // ValueRef: None where there is no value
	ID            oid.ID
	Known         bool   // its type is one whose values are read
	Value         any    // what it was read as: see controls; nil: not known, or it could not be read
	Fault         string // why a known value could not be read
}

// Controls and registration information: RFC 4211, sections 6 and 7.
const (
	IDRegToken        oid.ID = "1.3.6.1.5.5.7.5.1.1"
	IDAuthenticator   oid.ID = "1.3.6.1.5.5.7.5.1.2"
	IDPublicationInfo oid.ID = "1.3.6.1.5.5.7.5.1.3"
	IDArchiveOptions  oid.ID = "1.3.6.1.5.5.7.5.1.4"
	IDOldCertID       oid.ID = "1.3.6.1.5.5.7.5.1.5"
	IDProtocolEncrKey oid.ID = "1.3.6.1.5.5.7.5.1.6"
	IDAltCertTemplate oid.ID = "1.3.6.1.5.5.7.5.1.7"
	IDAlgID           oid.ID = "1.3.6.1.5.5.7.5.1.11"
	IDRSAKeyLen       oid.ID = "1.3.6.1.5.5.7.5.1.12"
	IDUTF8Pairs       oid.ID = "1.3.6.1.5.5.7.5.2.1"
	IDCertReq         oid.ID = "1.3.6.1.5.5.7.5.2.2"
)

// known is what is known of a control: the section that defines it, and how its
// value is read. read answers with the node of the value, and with what it holds.
type known struct {
	document int
	section  string
	read     func(r *field.Reader, label string) (any, report.Ref)
}

// controls gives what is known of a control; a nil read of one that is not.
func controls(id oid.ID) known {
	switch id {
	case IDRegToken:
		return known{4211, "6.1", readToken} // Token
	case IDAuthenticator:
		return known{4211, "6.2", readToken} // Token
	case IDPublicationInfo:
		return known{4211, "6.3", func(r *field.Reader, l string) (any, report.Ref) { p := ReadPublicationInfo(r, l); return p, p.Ref }}
	case IDArchiveOptions:
		return known{4211, "6.4", func(r *field.Reader, l string) (any, report.Ref) { o := readArchiveOptions(r, l); return o, o.Ref }}
	case IDOldCertID:
		return known{4211, "6.5", func(r *field.Reader, l string) (any, report.Ref) { c := ReadCertID(r, l); return c, c.Ref }}
	case IDProtocolEncrKey:
		return known{4211, "6.6", func(r *field.Reader, l string) (any, report.Ref) { k := cert.ReadPublicKey(r, l); return &k, k.Ref }}
	case IDAltCertTemplate:
		return known{9810, "5.2.1", func(r *field.Reader, l string) (any, report.Ref) { c := readTemplateType(r, l); return c, c.Ref }}
	case IDAlgID:
		return known{9810, "5.3.19.16", func(r *field.Reader, l string) (any, report.Ref) { a := cert.ReadAlgorithm(r, l); return &a, a.Ref }}
	case IDRSAKeyLen:
		return known{9810, "5.3.19.16", func(r *field.Reader, l string) (any, report.Ref) { n := r.Integer(l); return n, n.Ref }}
	case IDUTF8Pairs:
		return known{4211, "7.1", func(r *field.Reader, l string) (any, report.Ref) { p := readPairs(r, l); return p, p.Ref }}
	case IDCertReq:
		return known{4211, "7.2", func(r *field.Reader, l string) (any, report.Ref) { q := ReadCertRequest(r, l); return q, q.Ref }}
	}
	return known{}
}

// Find gives the first control of a type, or nil.
func Find(list []*Control, id oid.ID) *Control {
	for _, c := range list {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// ReadControls reads a SEQUENCE OF AttributeTypeAndValue: controls, regInfo, or
// the keySpec of a template that a CA sends.
func ReadControls(r *field.Reader, label string) (at report.Ref, list []*Control) {
	at = r.Seq(label, func(r *field.Reader) {
		if r.Empty() {
			r.Fault(field.Empty, r.At(), "%s is an empty list: it has at least one element, or is left out", label)
		}
		list = field.List(r, label, readControl)
	})
	return at, list
}

// readControl reads one control. One whose value cannot be read stops nothing
// but itself.
//
//	AttributeTypeAndValue ::= SEQUENCE {
//		type   OBJECT IDENTIFIER,
//		value  ANY DEFINED BY type }
func readControl(r *field.Reader, label string) *Control {
	c := &Control{ValueRef: report.None}
	c.Ref = r.Seq(label, func(r *field.Reader) {
		c.ID = r.OID("type").Value
		if r.Quiet() {
			return
		}
		k := controls(c.ID)
		if c.Known = k.read != nil; !c.Known {
			if !r.Empty() {
				c.ValueRef = r.Any("value")
			}
			return
		}
		defer r.Cite(r.Cite(spec.RFC(k.document, k.section)))
		before, _ := r.Breaks()
		v, at := k.read(r, "value")
		c.Value, c.ValueRef = v, at
		if after, words := r.Breaks(); after > before {
			c.Value, c.Fault = nil, words
			r.Discount(before)
		}
	})
	if !r.Muted() {
		r.Show(c.Ref, c.String())
	}
	return c
}

// String names the control, with its value where that is short.
func (c *Control) String() string {
	name := c.ID.Name()
	switch v := c.Value.(type) {
	case *CertID:
		return name + ": " + v.String()
	case *cert.PublicKey:
		return name + ": " + v.Key.Name()
	case *cert.Algorithm:
		return name + ": " + v.Name()
	case *ArchiveOptions:
		return name + ": " + v.String()
	case *PublicationInfo:
		return name + ": " + actionNames[v.Action.Value]
	case *Pairs:
		return name + ": " + v.String()
	}
	return name
}

// Token is the value of regToken or authenticator: a secret.
type Token struct{ Ref report.Ref }

// readToken reads a secret that stands in clear. It is not read as text, for a
// fault of its characters would quote it, and what is no UTF8String is not opened.
func readToken(r *field.Reader, label string) (any, report.Ref) {
	e, ok := r.Next()
	if !ok {
		at := r.OctetsAs(label, der.UTF8String).Ref // which reports it
		return Token{at}, at
	}
	at := r.Whole(label, "UTF8String").Ref
	r.Flag(at, report.Secret)
	r.Show(at, "a secret, not shown")
	if e.Tag != der.UTF8String || e.Constructed {
		r.Fault(field.Unexpected, at, "%s: want UTF8String, found %s", label, e.Tag)
	}
	return Token{at}, at
}

// readTemplateType reads an AttributeTypeAndValue that is a template of another
// form of certificate: RFC 4212. What is in it is shown as ASN.1.
func readTemplateType(r *field.Reader, label string) *Control {
	c := &Control{ValueRef: report.None}
	c.Ref = r.Seq(label, func(r *field.Reader) {
		c.ID = r.OID("type").Value
		if !r.Empty() {
			c.ValueRef = r.Any("value")
		}
	})
	r.Show(c.Ref, c.ID.Name())
	return c
}

// CertID names a certificate.
//
//	CertId ::= SEQUENCE { issuer GeneralName, serialNumber INTEGER }
//
// RFC 4211, section 6.5
type CertID struct {
	Ref    report.Ref
	Issuer cert.GeneralName
	Serial field.Field[field.Int]
}

// ReadCertID reads a CertId.
func ReadCertID(r *field.Reader, label string) *CertID {
	defer r.Cite(r.Cite(rfc4211("6.5")))
	c := &CertID{}
	c.Ref = r.Seq(label, func(r *field.Reader) {
		c.Issuer = cert.ReadGeneralName(r, "issuer")
		c.Serial = r.Integer("serialNumber")
	})
	return c
}

// String names the certificate for people: 2a:7f of CN=Example CA.
func (c *CertID) String() string { return c.Serial.Value.Text() + " of " + c.Issuer.Text }

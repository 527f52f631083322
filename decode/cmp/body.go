package cmp

import (
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Type is the number of the alternative of PKIBody that a message takes.
type Type int

// The alternatives of PKIBody: RFC 9810, section 5.1.2.
const (
	IR Type = iota
	IP
	CR
	CP
	P10CR
	POPDecC
	POPDecR
	KUR
	KUP
	KRR
	KRP
	RR
	RP
	CCR
	CCP
	CKUAnn
	CAnn
	RAnn
	CRLAnn
	PKIConf
	Nested
	GenM
	GenP
	Error
	CertConf
	PollReq
	PollRep
)

var typeNames = [...]string{"ir", "ip", "cr", "cp", "p10cr", "popdecc", "popdecr", "kur", "kup", "krr", "krp", "rr", "rp", "ccr", "ccp",
	"ckuann", "cann", "rann", "crlann", "pkiconf", "nested", "genm", "genp", "error", "certConf", "pollReq", "pollRep"}

// Known says that the type is one of RFC 9810.
func (t Type) Known() bool { return t >= 0 && int(t) < len(typeNames) }

// String is the name in PKIBody: certConf.
func (t Type) String() string {
	if !t.Known() {
		return "[" + strconv.Itoa(int(t)) + "]"
	}
	return typeNames[t]
}

// Requests says that the content is CertReqMessages.
func (t Type) Requests() bool { return t == IR || t == CR || t == KUR || t == KRR || t == CCR }

// Enrolls says that the message asks for a certificate: ir cr kur p10cr.
func (t Type) Enrolls() bool { return t == IR || t == CR || t == KUR || t == P10CR }

// Replies says that the content is CertRepMessage.
func (t Type) Replies() bool { return t == IP || t == CP || t == KUP || t == CCP }

// First says that the message can begin a transaction.
func (t Type) First() bool {
	return t.Requests() || t == P10CR || t == RR || t == GenM
}

// Announces says that nothing is asked and no answer expected.
func (t Type) Announces() bool { return t == CKUAnn || t == CAnn || t == RAnn || t == CRLAnn }

// Side is who sends messages of a type, as far as the type tells.
type Side int8

const (
	Either Side = iota
	Client      // the end entity, or the CA that asks
	Server      // the PKI
)

// From is who sends messages of this type.
func (t Type) From() Side {
	switch t {
	case IR, CR, P10CR, POPDecR, KUR, KRR, RR, CCR, GenM, CertConf, PollReq:
		return Client
	case IP, CP, POPDecC, KUP, KRP, RP, CCP, CKUAnn, CAnn, RAnn, CRLAnn, PKIConf, GenP, PollRep:
		return Server
	}
	return Either
}

// Body is a PKIBody. Of the members behind Type those of its type are set.
type Body struct {
	Ref  report.Ref
	Raw  []byte // the element as received, its tag included
	Type Type   // -1: there is none
	OK   bool   // it could be read to its end

	Requests    []*crmf.CertReqMsg       // ir cr kur krr ccr
	PKCS10      *cert.Request            // p10cr
	Reply       *CertRepMessage          // ip cp kup ccp
	Challenges  []Challenge              // popdecc
	Answers     []field.Field[field.Int] // popdecr
	Recovery    *KeyRecRepContent        // krp
	Revocations []RevDetails             // rr
	Revoked     *RevRepContent           // rp
	Update      *KeyUpdate               // ckuann
	Certificate *cert.Certificate        // cann
	Revocation  *RevAnnContent           // rann
	CRLs        []Inner                  // crlann
	Messages    []Inner                  // nested
	Infos       Infos                    // genm genp
	Error       *ErrorMsgContent         // error
	Confirmed   []CertStatus             // certConf
	Polls       []field.Field[field.Int] // pollReq: certReqId
	Waits       []PollRepEntry           // pollRep
}

// Name is the name of the body for people.
func (b *Body) Name() string {
	if b.Type < 0 {
		return "no body"
	}
	return b.Type.String()
}

// read reads the second element of a message: its tag says which body it is.
func (b *Body) read(r *field.Reader, m *Message) {
	defer r.Cite(r.Cite(rfc9810("5.1.2")))
	b.Type, b.Ref = -1, r.At()
	if r.Empty() {
		r.Whole("body", "PKIBody") // which reports that it is missing
		return
	}
	e, _ := r.Next() // one that is cut short still tells
	if e.Tag.Class != der.Context {
		r.Stop("body", "body: want a context tag from [0] to [26], found %s", e.Tag)
		return
	}
	b.Type, b.Raw = Type(e.Tag.Number), r.Element()
	before, _ := r.Breaks()
	if !b.Type.Known() {
		b.Ref = r.Any("body")
		return
	}
	if s := sections[b.Type]; s != "" {
		r.Cite(rfc9810(s))
	}
	read := func(r *field.Reader) { b.content(r, m, b.Type.String()) }
	if shapes := bodyShapes[b.Type]; shapes != "" {
		wraps(r, int(b.Type), "body", shapes, read)
	} else {
		r.Explicit(int(b.Type), "body", read)
	}
	after, _ := r.Breaks()
	b.OK = after == before
}

// content reads what is inside the tag.
func (b *Body) content(r *field.Reader, m *Message, label string) {
	switch {
	case b.Type.Requests():
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Requests = field.List(r, label, crmf.ReadCertReqMsg) })
		return
	case b.Type.Replies():
		b.Reply = readCertRep(r, label)
		b.Ref = b.Reply.Ref
		return
	}
	switch b.Type {
	case P10CR:
		b.PKCS10 = cert.ReadRequest(r, label)
		b.Ref = b.PKCS10.Ref
		r.Piece("certificate-request", b.Ref)
	case POPDecC:
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Challenges = field.List(r, label, readChallenge) })
	case POPDecR:
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Answers = field.List(r, label, (*field.Reader).Integer) })
	case KRP:
		b.Recovery = readKeyRecRep(r, label)
		b.Ref = b.Recovery.Ref
	case RR:
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Revocations = field.List(r, label, readRevDetails) })
	case RP:
		b.Revoked = readRevRep(r, label)
		b.Ref = b.Revoked.Ref
	case CKUAnn:
		b.Update = readKeyUpdateContent(r, label)
		b.Ref = b.Update.Ref
	case CAnn:
		b.Certificate, b.Ref = readCertificate(r, label)
	case RAnn:
		b.Revocation = readRevAnn(r, label)
		b.Ref = b.Revocation.Ref
	case CRLAnn:
		b.Ref, b.CRLs = readCRLs(r, label)
	case PKIConf:
		if r.Peek(der.Null) {
			b.Ref = r.Null(label)
		} else {
			b.Ref = r.Any(label)
		}
	case Nested:
		b.Ref, b.Messages = readMessages(r, label, m.inside(false))
	case GenM, GenP:
		place := InGenM
		if b.Type == GenP {
			place = InGenP
		}
		b.Infos = readInfos(r, label, place, m)
		b.Ref = b.Infos.Ref
	case Error:
		b.Error = readErrorMsg(r, label)
		b.Ref = b.Error.Ref
	case CertConf:
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Confirmed = field.List(r, label, readCertStatus) })
	case PollReq:
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Polls = field.List(r, label, readPollReq) })
	case PollRep:
		b.Ref = r.Seq(label, func(r *field.Reader) { b.Waits = field.List(r, label, readPollRep) })
	}
}

// bodyShapes are how the contents of bodies begin: see wraps.
var bodyShapes = map[Type]string{IR: "{{{i", CR: "{{{i", KUR: "{{{i", KRR: "{{{i", CCR: "{{{i", P10CR: "{{i",
	IP: "{1|{{{i", CP: "{1|{{{i", KUP: "{1|{{{i", CCP: "{1|{{{i", POPDecC: "{{{o|{{s", POPDecR: "{i", KRP: "{{i",
	RR: "{{{c", RP: "{{{i", CAnn: "{{0|{{i", RAnn: "{i", CRLAnn: "{{{i|{{{{o", PKIConf: "n", Nested: "{{{i",
	GenM: "{{o", GenP: "{{o", Error: "{{i", CertConf: "{{s", PollReq: "{{i", PollRep: "{{i"}

// sections are where RFC 9810 defines the bodies.
var sections = map[Type]string{IR: "5.3.1", IP: "5.3.2", CR: "5.3.3", CP: "5.3.4", KUR: "5.3.5", KUP: "5.3.6", KRR: "5.3.7", KRP: "5.3.8",
	POPDecC: "5.2.8.3.3", POPDecR: "5.2.8.3.3", Nested: "5.1.3.5",
	RR: "5.3.9", RP: "5.3.10", CCR: "5.3.11", CCP: "5.3.12", CKUAnn: "5.3.13", CAnn: "5.3.14", RAnn: "5.3.15", CRLAnn: "5.3.16",
	PKIConf: "5.3.17", CertConf: "5.3.18", GenM: "5.3.19", GenP: "5.3.20", Error: "5.3.21", PollReq: "5.3.22", PollRep: "5.3.22"}

package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// KeyUpdate is a new key of a CA: the new certificate, and two that lead from
// the old key to the new one and back.
//
//	CAKeyUpdContent ::= CHOICE {
//		cAKeyUpdAnnV2  CAKeyUpdAnnContent,
//		cAKeyUpdAnnV3  [0] RootCaKeyUpdateContent }
//
// RFC 9810, sections 5.3.13 and 5.3.19.15
type KeyUpdate struct {
	Ref                                report.Ref
	Root                               bool              // a RootCaKeyUpdateContent
	NewWithNew, NewWithOld, OldWithNew *cert.Certificate // nil: absent, or no X.509 certificate
	// Their nodes; None: absent.
	NewWithNewRef, NewWithOldRef, OldWithNewRef report.Ref
}

func newKeyUpdate(root bool) *KeyUpdate {
	return &KeyUpdate{Root: root, NewWithNewRef: report.None, NewWithOldRef: report.None, OldWithNewRef: report.None}
}

// readKeyUpdateContent reads a CAKeyUpdContent.
func readKeyUpdateContent(r *field.Reader, label string) (u *KeyUpdate) {
	if !wraps(r, 0, label, "{{{0|{{{i", func(r *field.Reader) { u = readRootUpdate(r, label) }) {
		u = readKeyUpdateAnn(r, label)
	}
	return u
}

//	CAKeyUpdAnnContent ::= SEQUENCE {
//		oldWithNew  CMPCertificate,
//		newWithOld  CMPCertificate,
//		newWithNew  CMPCertificate }
func readKeyUpdateAnn(r *field.Reader, label string) *KeyUpdate {
	u := newKeyUpdate(false)
	u.Ref = r.Seq(label, func(r *field.Reader) {
		u.OldWithNew, u.OldWithNewRef = readCertificate(r, "oldWithNew")
		u.NewWithOld, u.NewWithOldRef = readCertificate(r, "newWithOld")
		u.NewWithNew, u.NewWithNewRef = readCertificate(r, "newWithNew")
	})
	return u
}

//	RootCaKeyUpdateContent ::= SEQUENCE {
//		newWithNew  CMPCertificate,
//		newWithOld  [0] CMPCertificate OPTIONAL,
//		oldWithNew  [1] CMPCertificate OPTIONAL }
func readRootUpdate(r *field.Reader, label string) *KeyUpdate {
	u := newKeyUpdate(true)
	u.Ref = r.Seq(label, func(r *field.Reader) {
		if r.Peek(der.Sequence) || r.Empty() {
			u.NewWithNew, u.NewWithNewRef = readCertificate(r, "newWithNew")
		}
		wraps(r, 0, "newWithOld", certificate, func(r *field.Reader) { u.NewWithOld, u.NewWithOldRef = readCertificate(r, "newWithOld") })
		wraps(r, 1, "oldWithNew", certificate, func(r *field.Reader) { u.OldWithNew, u.OldWithNewRef = readCertificate(r, "oldWithNew") })
	})
	return u
}

package crmf

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/envelope"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// PublicationInfo is PKIPublicationInfo: where the certificate is to be published.
//
// RFC 4211, section 6.3
type PublicationInfo struct {
	Ref       report.Ref
	Action    field.Field[int]
	PlacesRef report.Ref // pubInfos; None: absent
	Places    []Place
}

// Publish is the action of a PublicationInfo that wants the certificate published.
const Publish = 1

// Place is a SinglePubInfo.
type Place struct {
	Ref      report.Ref
	Method   field.Field[int]
	Location *cert.GeneralName // nil: absent
}

// KnownMethod says that the method is one of RFC 4211.
func (p Place) KnownMethod() bool { return methodNames[p.Method.Value] != "" }

var (
	actionNames = map[int]string{0: "dontPublish", Publish: "pleasePublish"}
	methodNames = map[int]string{0: "dontCare", 1: "x500", 2: "web", 3: "ldap"}
)

// ReadPublicationInfo reads a PKIPublicationInfo.
//
//	PKIPublicationInfo ::= SEQUENCE {
//		action    INTEGER { dontPublish (0), pleasePublish (1) },
//		pubInfos  SEQUENCE SIZE (1..MAX) OF SinglePubInfo OPTIONAL }
//
//	SinglePubInfo ::= SEQUENCE {
//		pubMethod    INTEGER { dontCare (0), x500 (1), web (2), ldap (3) },
//		pubLocation  GeneralName OPTIONAL }
func ReadPublicationInfo(r *field.Reader, label string) *PublicationInfo {
	defer r.Cite(r.Cite(rfc4211("6.3")))
	p := &PublicationInfo{PlacesRef: report.None}
	p.Ref = r.Seq(label, func(r *field.Reader) {
		p.Action = r.IntegerEnum("action", actionNames)
		if !r.Peek(der.Sequence) {
			return
		}
		p.PlacesRef = r.Seq("pubInfos", func(r *field.Reader) {
			p.Places = field.List(r, "pubInfos", func(r *field.Reader, label string) Place {
				var s Place
				s.Ref = r.Seq(label, func(r *field.Reader) {
					s.Method = r.IntegerEnum("pubMethod", methodNames)
					if !r.Empty() && !r.Quiet() {
						n := cert.ReadGeneralName(r, "pubLocation")
						s.Location = &n
					}
				})
				return s
			})
		})
	})
	return p
}

// ArchiveOptions is PKIArchiveOptions: the private key is to be kept by the PKI.
// One of Key, Parameters and Archive is there.
//
// RFC 4211, section 6.4
type ArchiveOptions struct {
	Ref        report.Ref
	Key        *EncryptedKey       // encryptedPrivKey
	Parameters field.Field[[]byte] // keyGenParameters
	Archive    field.Field[bool]   // archiveRemGenPrivKey
}

// String is the name of the alternative.
func (o *ArchiveOptions) String() string {
	switch {
	case o.Key != nil:
		return "encryptedPrivKey"
	case o.Archive.Ref != report.None:
		return "archiveRemGenPrivKey"
	}
	return "keyGenParameters"
}

//	PKIArchiveOptions ::= CHOICE {
//		encryptedPrivKey      [0] EncryptedKey,
//		keyGenParameters      [1] KeyGenParameters,
//		archiveRemGenPrivKey  [2] BOOLEAN }
func readArchiveOptions(r *field.Reader, label string) *ArchiveOptions {
	o := &ArchiveOptions{Ref: r.At()}
	o.Parameters.Ref, o.Archive.Ref = report.None, report.None
	switch {
	case r.Explicit(0, "encryptedPrivKey", func(r *field.Reader) {
		o.Key = ReadEncryptedKey(r, "encryptedPrivKey")
		o.Ref = o.Key.Ref
	}):
	case r.Replacing(1, der.OctetString, "keyGenParameters", func(r *field.Reader) report.Ref {
		o.Parameters = r.Octets("keyGenParameters")
		o.Ref = o.Parameters.Ref
		return o.Ref
	}):
	case r.Replacing(2, der.Boolean, "archiveRemGenPrivKey", func(r *field.Reader) report.Ref {
		o.Archive = r.Boolean("archiveRemGenPrivKey")
		o.Ref = o.Archive.Ref
		return o.Ref
	}):
	default:
		o.Ref = r.Stop(label, "PKIArchiveOptions: want [0] encryptedPrivKey, [1] keyGenParameters or [2] archiveRemGenPrivKey")
	}
	return o
}

// EncryptedKey is an EncryptedValue or an EnvelopedData.
//
// RFC 4211, section 6.4; RFC 9810, section 5.2.2
type EncryptedKey struct {
	Ref       report.Ref
	Enveloped bool        // EnvelopedData; else EncryptedValue
	Raw       []byte      // the element as received
	At        report.Span // where it lies
	Envelope  *envelope.EnvelopedData
	Value     *envelope.EncryptedValue
}

// Open opens it with the first of the openers that can.
func (k *EncryptedKey) Open(openers []envelope.Opener) envelope.Opening {
	switch {
	case k.Envelope != nil:
		return k.Envelope.Open(openers)
	case k.Value != nil:
		return k.Value.Open(openers)
	}
	return envelope.Opening{Item: -1}
}

// ReadEncryptedKey reads an EncryptedKey.
//
//	EncryptedKey ::= CHOICE {
//		encryptedValue  EncryptedValue,
//		envelopedData   [0] EnvelopedData }
func ReadEncryptedKey(r *field.Reader, label string) *EncryptedKey {
	k := &EncryptedKey{Enveloped: r.Peek(der.Ctx(0)), Raw: r.Element()}
	if !r.Replacing(0, der.Sequence, label, k.envelopedData(label), der.Integer) {
		if !r.Peek(der.Sequence) {
			k.Ref = r.Any(label)
			return k
		}
		k.Value = envelope.ReadEncryptedValue(r, label)
		k.Ref, k.At = k.Value.Ref, r.Span(k.Value.Ref)
	}
	return k
}

// envelopedData reads an EnvelopedData with the tag of a SEQUENCE.
func (k *EncryptedKey) envelopedData(label string) func(*field.Reader) report.Ref {
	return func(r *field.Reader) report.Ref {
		k.Raw = r.Element()
		k.Envelope = envelope.ReadEnvelopedData(r, label, -1)
		k.Ref, k.At = k.Envelope.Ref, r.Span(k.Envelope.Ref)
		return k.Ref
	}
}

// ContentType is what an EnvelopedData says that it holds; false if it cannot be
// read as one.
func (k *EncryptedKey) ContentType() (id oid.ID, ok bool) {
	if k.Envelope == nil || !k.Envelope.OK {
		return "", false
	}
	return k.Envelope.Type.Value, true
}

// ReadEnveloped reads an EnvelopedData in a place where no EncryptedValue can be.
func ReadEnveloped(r *field.Reader, label string) *EncryptedKey {
	k := &EncryptedKey{Enveloped: true}
	k.envelopedData(label)(r)
	return k
}

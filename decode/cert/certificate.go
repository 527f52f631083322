// Package cert reads certificates, CRLs, certification requests, public keys,
// names and extensions, and judges what can be said of each by itself and with
// its issuer at hand.
//
// It builds no path to an anchor in one verdict: each step of a chain is its
// own answer, for that is what a person can act on.
//
// Documents: RFC 5280, and those that define the extensions.
package cert

import (
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// Certificate is a certificate as it was read.
//
//	Certificate ::= SEQUENCE {
//		tbsCertificate      TBSCertificate,
//		signatureAlgorithm  AlgorithmIdentifier,
//		signatureValue      BIT STRING }
//
// RFC 5280, section 4.1
type Certificate struct {
	Ref       report.Ref
	OK        bool   // its structure could be read to the end
	Raw       []byte // the whole element
	TBS       []byte // tbsCertificate as sent, header included
	Version   field.Field[field.Int]
	Serial    field.Field[field.Int]
	Inner     Algorithm // tbsCertificate.signature
	Issuer    Name
	NotBefore field.Field[field.Moment]
	NotAfter  field.Field[field.Moment]
	Subject   Name
	PublicKey PublicKey
	// IssuerUID and SubjectUID are relics of version 2.
	IssuerUID, SubjectUID field.Field[field.BitString]
	Extensions            []Extension
	Algorithm             Algorithm // signatureAlgorithm
	Signature             field.Field[field.BitString]
}

// Algorithm is an AlgorithmIdentifier with its node.
type Algorithm struct {
	Ref report.Ref
	sig.Algorithm
}

// PublicKey is a SubjectPublicKeyInfo.
type PublicKey struct {
	Ref  report.Ref
	Raw  []byte // the whole element
	Bits []byte // subjectPublicKey without tag, length and unused-bits octet: what key hashes are made of
	Key  sig.Key
	Err  string // why Key cannot be used; "" if it can
}

// Name is a Name as it was sent.
type Name struct {
	Ref  report.Ref
	Raw  []byte // the whole element
	RDNs [][]Attribute
}

// Attribute is an AttributeTypeAndValue.
type Attribute struct {
	Type  oid.ID
	Value string
	Tag   uint32 // universal tag number of the value's string type
	Raw   []byte // the value's element
}

// Extension is one extension. Decoded is false for an unknown one, and for a
// known one whose value cannot be read; Fault then says why.
//
// RFC 5280, section 4.1
type Extension struct {
	Ref      report.Ref
	ID       oid.ID
	Critical bool
	Spelled  bool   // critical was written out, FALSE included
	Value    []byte // the octets inside extnValue
	ValueRef report.Ref
	Known    bool // its type is one that this package reads
	Decoded  bool
	Fault    string
	Content  any // of a decoded one: *BasicConstraints, KeyUsage, ExtKeyUsage, AuthorityInfo, …; see extensions.go
}

package ocsp

import (
	"bytes"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// CertID names a certificate: by its issuer's name and key, hashed, and its
// serial number.
//
//	CertID ::= SEQUENCE {
//		hashAlgorithm   AlgorithmIdentifier,
//		issuerNameHash  OCTET STRING, -- of the issuer's DN
//		issuerKeyHash   OCTET STRING, -- of the issuer's public key
//		serialNumber    CertificateSerialNumber }
//
// RFC 6960, section 4.1.1
type CertID struct {
	Ref      report.Ref
	Raw      []byte
	Hash     cert.Algorithm
	NameHash field.Field[[]byte]
	KeyHash  field.Field[[]byte]
	Serial   field.Field[field.Int]
}

func readCertID(r *field.Reader, label string) (id CertID) {
	r.Cite(rfc6960("4.1.1"))
	id.Ref = r.Seq(label, func(r *field.Reader) {
		id.Hash = cert.ReadAlgorithm(r, "hashAlgorithm")
		id.NameHash = r.Octets("issuerNameHash")
		id.KeyHash = r.Octets("issuerKeyHash")
		id.Serial = r.Integer("serialNumber")
		if !r.Muted() {
			r.Show(id.Serial.Ref, id.Serial.Value.Text())
		}
	})
	r.Cite(rfc6960("4.2.1"))
	id.Raw = r.Bytes(id.Ref)
	if !r.Muted() {
		r.Show(id.Ref, id.HashName()+" · serial "+id.Serial.Value.Text())
	}
	return id
}

// HashName names the hash of the CertID: "SHA-1", or the dotted form.
func (id CertID) HashName() string {
	if _, name, _, ok := sig.Digest(id.Hash.ID); ok {
		return name
	}
	return id.Hash.ID.String()
}

// hash computes the hash of the CertID; nil for an algorithm that is not known.
func (id CertID) hash(b []byte) []byte {
	if digest, _, _, ok := sig.Digest(id.Hash.ID); ok {
		return digest(b)
	}
	return nil
}

// Fit says which parts of a CertID fit a certificate.
type Fit struct {
	HashKnown bool // the hash algorithm is one that is computed here
	Serial    bool // the serial number is the subject's
	Name      bool // the name hash is that of the subject's issuer field (or of the issuer's subject, with no subject)
	Key       bool // the key hash is that of the issuer's key
}

// All says that the entry is for the certificate.
func (f Fit) All() bool { return f.Serial && f.Name && f.Key }

// Fit compares the CertID with a certificate and its issuer; either may be nil.
func (id CertID) Fit(subject, issuer *cert.Certificate) (f Fit) {
	digest, _, _, ok := sig.Digest(id.Hash.ID)
	f.HashKnown = ok
	if subject != nil {
		f.Serial = id.Serial.OK && sameInteger(id.Serial.Value, subject.Serial.Value)
		f.Name = ok && bytes.Equal(id.NameHash.Value, digest(subject.Issuer.Raw))
	} else if issuer != nil {
		f.Name = ok && bytes.Equal(id.NameHash.Value, digest(issuer.Subject.Raw))
	}
	if issuer != nil {
		f.Key = ok && bytes.Equal(id.KeyHash.Value, digest(issuer.PublicKey.Bits))
	}
	return f
}

// Same says that two CertIDs name the same certificate in the same hash.
// Parameters of the hash do not count: both NULL and absent occur.
func (id CertID) Same(other CertID) bool {
	return id.Hash.ID == other.Hash.ID && bytes.Equal(id.NameHash.Value, other.NameHash.Value) &&
		bytes.Equal(id.KeyHash.Value, other.KeyHash.Value) && sameInteger(id.Serial.Value, other.Serial.Value)
}

// SameIssuer says that two CertIDs name the same issuer in the same hash.
func (id CertID) SameIssuer(other CertID) bool {
	return id.Hash.ID == other.Hash.ID && bytes.Equal(id.NameHash.Value, other.NameHash.Value) &&
		bytes.Equal(id.KeyHash.Value, other.KeyHash.Value)
}

// sameInteger compares as numbers: padding does not count.
func sameInteger(a, b field.Int) bool {
	return len(a) > 0 && len(b) > 0 && bytes.Equal(shortest(a), shortest(b)) || bytes.Equal(a, b)
}

// shortest is an integer without padding.
func shortest(v field.Int) []byte {
	for len(v) > 1 && (v[0] == 0 && v[1] < 0x80 || v[0] == 0xff && v[1] >= 0x80) {
		v = v[1:]
	}
	return v
}

// index finds CertIDs: requests and responses may hold thousands.
type index struct {
	whole  map[string]int   // the first one with all parts equal
	serial map[string]twins // the first ones with a serial number
}

// twins are the first CertID with a serial number, and the first one with it in
// another hash than that one; -1 if there is none.
type twins struct {
	hash         oid.ID
	first, other int
}

func (x *index) add(i int, id CertID) {
	if x.whole == nil {
		x.whole, x.serial = map[string]int{}, map[string]twins{}
	}
	if _, seen := x.whole[id.parts()]; !seen {
		x.whole[id.parts()] = i
	}
	number := string(shortest(id.Serial.Value))
	switch t, seen := x.serial[number]; {
	case !seen:
		x.serial[number] = twins{id.Hash.ID, i, -1}
	case t.other < 0 && t.hash != id.Hash.ID:
		t.other = i
		x.serial[number] = t
	}
}

// exact gives the CertID that is the same, or -1.
func (x *index) exact(id CertID) int {
	if i, ok := x.whole[id.parts()]; ok {
		return i
	}
	return -1
}

// otherwise gives the first CertID with the same serial number in another hash, or -1.
func (x *index) otherwise(id CertID) int {
	switch t, ok := x.serial[string(shortest(id.Serial.Value))]; {
	case !ok:
		return -1
	case t.hash != id.Hash.ID:
		return t.first
	default:
		return t.other
	}
}

// parts is what Same compares, as one string.
func (id CertID) parts() string {
	return fmt.Sprintf("%s %x %x %x", id.Hash.ID, id.NameHash.Value, id.KeyHash.Value, shortest(id.Serial.Value))
}

// subject is what a CertID says of a certificate without its issuer at hand:
// the serial number, and the hash of the issuer's name.
type subject struct {
	number string
	hash   oid.ID
	name   string
}

func (id CertID) subject() subject {
	return subject{string(shortest(id.Serial.Value)), id.Hash.ID, string(id.NameHash.Value)}
}

// hashing are the hash algorithms of a list of CertIDs: those that are computed
// here, and so few.
type hashing map[oid.ID]func([]byte) []byte

func (h hashing) add(id oid.ID) bool {
	digest, _, _, ok := sig.Digest(id)
	if ok {
		h[id] = digest
	}
	return ok
}

// subjects are what such CertIDs say if they name a certificate.
func (h hashing) subjects(c *cert.Certificate) (list []subject) {
	for id, digest := range h {
		list = append(list, subject{string(shortest(c.Serial.Value)), id, string(digest(c.Issuer.Raw))})
	}
	return list
}

// issuers are the issuers that CertIDs name, by hash.
type issuers struct {
	hashing
	named map[[3]string]bool
}

func (s *issuers) add(id CertID) {
	if s.named == nil {
		s.hashing, s.named = hashing{}, map[[3]string]bool{}
	}
	if s.hashing.add(id.Hash.ID) {
		s.named[[3]string{string(id.Hash.ID), string(id.NameHash.Value), string(id.KeyHash.Value)}] = true
	}
}

// name says whether a CertID names a certificate as the issuer.
func (s *issuers) name(c *cert.Certificate) bool {
	for id, digest := range s.hashing {
		if s.named[[3]string{string(id), string(digest(c.Subject.Raw)), string(digest(c.PublicKey.Bits))}] {
			return true
		}
	}
	return false
}

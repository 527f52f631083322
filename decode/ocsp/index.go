package ocsp

import (
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

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

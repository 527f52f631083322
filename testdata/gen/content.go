package main

import (
	"crypto"
	"slices"
)

// another is an entry for some other certificate of the same CA.
func (s *scene) another() entry {
	e := *s.first()
	e.id.serial = serialFor("mail.example.org")
	return e
}

// also adds an entry for the leaf with another status.
func also(status der) func(s *scene) {
	return func(s *scene) {
		e := *s.first()
		e.status = status
		s.entries = append(s.entries, e)
	}
}

// reversed has the last entry come first.
func reversed(change func(s *scene)) func(s *scene) {
	return func(s *scene) {
		change(s)
		slices.Reverse(s.entries)
	}
}

// certs has the responder sign, and a list of certificates sent that the
// function makes from the responder's.
func certs(list func(s *scene, responder der) []der) func(s *scene) {
	return func(s *scene) {
		s.signBy(s.responder)
		s.response.certs = list(s, s.responder.der)
	}
}

var keyCompromise = revoked(at(-5*day), 1)

// content is about what BasicOCSPResponse holds: ocsp.data.*.
var content = []vector{
	{name: "version-explicit-v1", about: "The version is sent although it is the default.", pair: "plain",
		make: func(s *scene) { s.version = explicit(0, integer(0)) }},
	{name: "version-v2", about: "The version is 1, a v2 that does not exist.", pair: "version-explicit-v1",
		make: func(s *scene) { s.version = explicit(0, integer(1)) }},
	{name: "version-padded", about: "The version is an INTEGER with a needless zero octet.", pair: "version-explicit-v1",
		make: func(s *scene) { s.version = explicit(0, integerOctets(0, 0)) }},
	{name: "rid-bykey-sha256", about: "The responder is named by the SHA-256 hash of its key.", pair: "good-ca-bykey",
		make: func(s *scene) { s.rid = byKey(sum(crypto.SHA256, s.issuing.key.public)) }},
	{name: "rid-bykey-empty", about: "The responder is named by a key hash of no octets.",
		make: func(s *scene) { s.rid = byKey(nil) }},
	{name: "rid-tag3", about: "The responderID has the tag [3], which is neither byName nor byKey.",
		make: func(s *scene) { s.rid = explicit(3, s.issuing.subject) }},
	{name: "rid-empty-name", about: "The responder is named by a Name without any part.",
		make: func(s *scene) { s.rid = byName(seq()) }},
	{name: "rid-wrong-name", about: "The responder is named as another CA than the one that signed.",
		make: func(s *scene) { s.rid = byName(s.other.subject) }},

	{name: "responses-empty", about: "The list of responses is empty.",
		make: func(s *scene) { s.entries = nil }},
	{name: "three", about: "Three certificates are answered for: the leaf and two others.",
		make: func(s *scene) {
			a, b := s.another(), s.another()
			a.status = keyCompromise
			b.id.serial, b.status = serialFor("ftp.example.org"), unknown
			s.entries = append(s.entries, a, b)
		}},
	{name: "responses-two-same", about: "The same entry stands twice.", make: also(good)},
	{name: "conflict-good-revoked", about: "Two entries for the leaf: good, then revoked.", make: also(keyCompromise)},
	{name: "conflict-revoked-good", about: "Two entries for the leaf: revoked, then good.",
		pair: "conflict-good-revoked", make: reversed(also(keyCompromise))},
	{name: "conflict-good-unknown", about: "Two entries for the leaf: good, then unknown.", make: also(unknown)},
	{name: "conflict-unknown-good", about: "Two entries for the leaf: unknown, then good.",
		pair: "conflict-good-unknown", make: reversed(also(unknown))},
	{name: "conflict-expired-revoked-fresh-good", about: "Two entries for the leaf: an expired revoked one and a fresh good one.",
		make: func(s *scene) {
			old := *s.first()
			old.status = revoked(at(-50*day), 6)
			old.this, old.next = generalized(at(-40*day)), generalized(at(-33*day))
			s.entries = []entry{old, *s.first()}
		}},
	{name: "conflict-expired-good-fresh-good", about: "Two entries for the leaf, both good: an expired one and a fresh one.",
		make: func(s *scene) {
			old := *s.first()
			old.this, old.next = generalized(at(-40*day)), generalized(at(-33*day))
			s.entries = []entry{old, *s.first()}
		}},
	{name: "certid-mixed-issuers", about: "A second entry is about a certificate of another CA.",
		make: func(s *scene) {
			e := s.another()
			e.id.name, e.id.key = s.other.subject, s.other.key
			s.entries = append(s.entries, e)
		}},

	{name: "certs-empty", about: "The certs are there, and empty.",
		make: func(s *scene) { s.response.certs = []der{} }},
	{name: "certs-garbage", about: "The first of the certs is no certificate.",
		make: certs(func(s *scene, r der) []der { return []der{seq(integer(1)), r} })},
	{name: "certs-signer-last", about: "The responder's certificate is the last of the certs, after its CA's.", pair: "good-del",
		make: certs(func(s *scene, r der) []der { return []der{s.issuing.der, r} })},
	{name: "certs-leaf-first", about: "The leaf is the first of the certs, the responder's certificate the second.",
		make: certs(func(s *scene, r der) []der { return []der{s.leaf.der, r} })},
	{name: "certs-duplicate", about: "The certs hold the responder's certificate twice.",
		make: certs(func(s *scene, r der) []der { return []der{r, r} })},
	{name: "certs-unrelated", about: "The certs hold an unrelated root beside the responder's certificate.",
		make: certs(func(s *scene, r der) []der { return []der{r, s.other.der} })},
	{name: "good-ca-embedded", about: "The CA signed, and its own certificate is in the certs.", pair: "good-ca-byname",
		make: func(s *scene) { s.response.certs = []der{s.issuing.der} }},
	{name: "certs-ca-signed-leaf-included", about: "The CA signed, and the leaf is in the certs.",
		make: func(s *scene) { s.response.certs = []der{s.leaf.der} }},
}

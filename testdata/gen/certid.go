package main

import "crypto"

// hashed has the entry's CertID use another hash.
func hashed(h crypto.Hash) func(s *scene) {
	return func(s *scene) { s.first().id.hash = h }
}

// identifier has the entry's CertID spelled out: hash algorithm, and the
// other parts as SHA-1 makes them.
func identifier(algorithm der) func(s *scene) {
	return func(s *scene) {
		id := s.first().id
		s.first().certID = seq(algorithm, octets(sum(crypto.SHA1, id.name)...),
			octets(sum(crypto.SHA1, id.key.public)...), id.serial)
	}
}

// numbered has the leaf carry a serial number of that content, and the
// response answer for it.
func numbered(content ...byte) func(s *scene) {
	return func(s *scene) {
		s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) { c.serial = integerOctets(content...) }))
	}
}

// answeredUnder has the right serial number stand under another CA.
func answeredUnder(pick func(s *scene) *authorityCert) func(s *scene) {
	return func(s *scene) {
		by := pick(s)
		s.first().id.name, s.first().id.key = by.subject, by.key
	}
}

// certids is about CertID and whether it is the leaf's: ocsp.certid.* and
// ocsp.match.*.
var certids = []vector{
	{name: "certid-md5", about: "The CertID uses MD5.", make: hashed(crypto.MD5)},
	{name: "certid-sha224", about: "The CertID uses SHA-224.", make: hashed(crypto.SHA224)},
	{name: "certid-sha256", about: "The CertID uses SHA-256.", make: hashed(crypto.SHA256)},
	{name: "certid-sha384", about: "The CertID uses SHA-384.", make: hashed(crypto.SHA384)},
	{name: "certid-sha512", about: "The CertID uses SHA-512.", make: hashed(crypto.SHA512)},
	{name: "certid-sha3-256", about: "The CertID uses SHA3-256.", make: hashed(crypto.SHA3_256)},
	{name: "certid-unknown-hash", about: "The CertID names a hash that nobody knows.",
		make: identifier(algorithm(idUnknown, null()))},
	{name: "certid-no-null", about: "The hash algorithm of the CertID has no parameters instead of NULL.", pair: "plain",
		make: identifier(algorithm(hashIDs[crypto.SHA1]))},
	{name: "certid-odd-parameters", about: "The hash algorithm of the CertID has an OCTET STRING for parameters.", pair: "plain",
		make: identifier(algorithm(hashIDs[crypto.SHA1], octets()))},
	{name: "certid-short-hash", about: "An entry before the right one has the leaf's serial number, and hashes of four octets under SHA-1.",
		make: func(s *scene) {
			e := s.entries[0]
			four := octets(0xaa, 0xbb, 0xcc, 0xdd)
			e.certID = seq(algorithm(hashIDs[crypto.SHA1], null()), four, four, e.id.serial)
			s.entries = append([]entry{e}, s.entries...)
		}},
	{name: "two-hashes", about: "Two entries for the leaf, with SHA-256 and with SHA-1.",
		make: func(s *scene) {
			e := *s.first()
			e.id.hash = crypto.SHA256
			s.entries = []entry{e, *s.first()}
		}},
	{name: "certid-padded-serial", about: "The serial number in the CertID has a needless zero octet.", pair: "plain",
		make: func(s *scene) { s.first().id.serial = integerOctets(append([]byte{0}, body(s.leaf.serial)...)...) }},
	{name: "certid-empty-serial", about: "The serial number in the CertID has no octets.",
		make: func(s *scene) { s.first().id.serial = integerOctets() }},
	{name: "certid-negative-serial", about: "The serial number is negative, in the leaf and in the CertID.", make: numbered(0xff)},
	{name: "certid-zero-serial", about: "The serial number is zero, in the leaf and in the CertID.", make: numbered(0)},
	{name: "certid-serial-20-octets", about: "The serial number has 20 octets, the most there may be.",
		pair: "certid-serial-21-octets", make: numbered(append([]byte{0x55}, random("long serial", 19)...)...)},
	{name: "certid-serial-21-octets", about: "The serial number has 21 octets, one more than there may be.",
		pair: "certid-serial-20-octets", make: numbered(append([]byte{0x55}, random("long serial", 20)...)...)},

	{name: "certid-other-issuer", about: "The serial number fits, and both issuer hashes are another CA's.",
		make: answeredUnder(func(s *scene) *authorityCert { return s.other })},
	{name: "certid-twin-issuer", about: "The serial number and the name hash fit, the key hash is of another key under the same CA name.",
		make: answeredUnder(func(s *scene) *authorityCert { return s.twin })},
	{name: "certid-alias-issuer", about: "The serial number and the key hash fit, the name hash is of another name of the same key.",
		make: answeredUnder(func(s *scene) *authorityCert { return s.alias })},
	{name: "certid-other-serial", about: "The issuer hashes fit, the serial number is another.",
		make: func(s *scene) { s.first().id.serial = serialFor("mail.example.org") }},
	{name: "wrong-issuer-given", about: "The certificate given as issuer is another CA's; the response is right.", pair: "plain",
		make: func(s *scene) {
			s.issuer = s.other.certificate
			s.option("role issuer.pem issuer")
		}},
	{name: "twin-issuer-given", about: "The certificate given as issuer has the right name and another key.", pair: "plain",
		make: func(s *scene) {
			s.issuer = s.twin.certificate
			s.option("role issuer.pem issuer")
		}},
	{name: "subject-only", about: "The leaf is given, its issuer is not.", pair: "plain",
		make: func(s *scene) { s.issuer = nil }},
	{name: "precertificate", about: "The subject is a precertificate with the CT poison.",
		make: func(s *scene) {
			s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) { c.with(poison()) }))
		}},

	{name: "request-answered", about: "The request asks for the leaf, and that is answered.",
		make: func(s *scene) { s.asked(request{ids: []certID{s.first().id}}) }},
	{name: "request-unanswered", about: "The request asks for two certificates, and one is answered.", pair: "request-answered",
		make: func(s *scene) { s.asked(request{ids: []certID{s.first().id, s.another().id}}) }},
	{name: "request-more-answered", about: "The request asks for the leaf, and another certificate is answered too.", pair: "request-answered",
		make: func(s *scene) {
			s.asked(request{ids: []certID{s.first().id}})
			s.entries = append(s.entries, s.another())
		}},
	{name: "certid-sha256-asked-sha1", about: "The request uses SHA-1, and the response SHA-256.", pair: "request-answered",
		make: func(s *scene) {
			s.asked(request{ids: []certID{s.first().id}})
			s.first().id.hash = crypto.SHA256
		}},
}

// asked puts the request that led to the response beside it.
func (s *scene) asked(r request) {
	s.with = append(s.with, armored("request.pem", "OCSP REQUEST", r.der()))
}

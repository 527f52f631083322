package main

import "crypto"

// flipped is the signature with one bit turned over.
func flipped(signature []byte) der {
	signature[len(signature)/2] ^= 1
	return bits(signature...)
}

// by has another scheme sign.
func by(sch scheme) func(s *scene) {
	return func(s *scene) { s.scheme = &sch }
}

// labelled has another algorithm named than the one that signed.
func labelled(id der) func(s *scene) {
	return func(s *scene) { s.id = id }
}

// encoded has the signature element written otherwise.
func encoded(value func(signature []byte) der) func(s *scene) {
	return func(s *scene) { s.value = value }
}

// delegatedKey has a responder with another key sign.
func delegatedKey(name string) func(s *scene) {
	return func(s *scene) {
		s.delegated(func(c *certificate) {
			c.key = s.key(name)
			c.with(subjectKey(c.key.hash()))
		})
	}
}

// delegatedEC has a P-256 responder sign in another scheme or form.
func delegatedEC(change func(s *scene)) func(s *scene) {
	return func(s *scene) {
		delegatedKey("p256")(s)
		change(s)
	}
}

// signatures is about the signature: ocsp.signature.*.
var signatures = []vector{
	{name: "badsig", about: "One bit of the signature is turned over.", pair: "plain", make: encoded(flipped)},
	{name: "sig-rsa-md5", about: "Signed by RSA with MD5.", make: by(rsaMD5)},
	{name: "sig-rsa-sha1", about: "Signed by RSA with SHA-1.", make: by(rsaSHA1)},
	{name: "sig-rsa-sha224", about: "Signed by RSA with SHA-224.", make: by(rsaSHA224)},
	{name: "sig-rsa-sha384", about: "Signed by RSA with SHA-384.", make: by(rsaSHA384)},
	{name: "sig-rsa-sha512", about: "Signed by RSA with SHA-512.", make: by(rsaSHA512)},
	{name: "sig-old-sha1-oid", about: "Signed by RSA with SHA-1, named by the old OIW identifier.", pair: "sig-rsa-sha1",
		make: func(s *scene) {
			by(rsaSHA1)(s)
			s.id = algorithm("1.3.14.3.2.29", null())
		}},
	{name: "sig-pss-sha256", about: "Signed by RSASSA-PSS with SHA-256 and 32 octets of salt.", make: by(pssSHA256)},
	{name: "sig-pss-sha512", about: "Signed by RSASSA-PSS with SHA-512 and 64 octets of salt.", make: by(pssSHA512)},
	{name: "sig-pss-sha1", about: "Signed by RSASSA-PSS with SHA-1, all parameters being the defaults.", make: by(pssSHA1)},
	{name: "sig-pss-salt0", about: "Signed by RSASSA-PSS with SHA-256 and no salt.", pair: "sig-pss-sha256",
		make: by(pss(crypto.SHA256, crypto.SHA256, 0))},
	{name: "sig-pss-mgf", about: "Signed by RSASSA-PSS with SHA-256 and a mask made with SHA-1.", pair: "sig-pss-sha256",
		make: by(pss(crypto.SHA256, crypto.SHA1, 32))},

	{name: "sig-alg-mismatch", about: "Signed with SHA-256, and SHA-384 is named.", make: labelled(rsaSHA384.id)},
	{name: "sig-alg-unknown", about: "The signature algorithm named is an example OID.", make: labelled(algorithm(idUnknown))},
	{name: "sig-alg-other-key-type", about: "ECDSA is named, and the signer's key is RSA.", make: labelled(ecdsaSHA256.id)},
	{name: "sig-alg-noparams", about: "RSA with SHA-256 is named without the NULL parameters.", pair: "plain",
		make: labelled(algorithm("1.2.840.113549.1.1.11"))},
	{name: "sig-ecdsa-null", about: "ECDSA with SHA-256 is named with NULL parameters.", pair: "del-p256",
		make: delegatedEC(labelled(algorithm("1.2.840.10045.4.3.2", null())))},
	{name: "sig-ecdsa-raw", about: "The ECDSA signature is r and s in a row, as JOSE has it.", pair: "del-p256",
		make: delegatedEC(encoded(func(signature []byte) der {
			r := reader(signature)
			pair := r.element(0x30)
			raw := append(pair.integer().FillBytes(make([]byte, 32)), pair.integer().FillBytes(make([]byte, 32))...)
			return bits(raw...)
		}))},
	{name: "sig-ecdsa-padded", about: "r of the ECDSA signature has a needless zero octet.", pair: "del-p256",
		make: delegatedEC(encoded(func(signature []byte) der {
			r := reader(signature)
			pair := r.element(0x30)
			first := pair.element(0x02)
			return bits(seq(integerOctets(append([]byte{0, 0}, first...)...), der(pair))...)
		}))},
	{name: "sig-unused-bits", about: "The BIT STRING of the signature says one unused bit.", pair: "plain",
		make: encoded(func(signature []byte) der { return tlv(0x03, der{1}, signature) })},
	{name: "sig-empty", about: "The signature has no octets.", make: encoded(func([]byte) der { return bits() })},
	{name: "sig-zero", about: "The signature is all zeros.",
		make: encoded(func(signature []byte) der { return bits(make([]byte, len(signature))...) })},
	{name: "sig-short", about: "The last octet of the signature is missing.", pair: "plain",
		make: encoded(func(signature []byte) der { return bits(signature[:len(signature)-1]...) })},
	{name: "tbs-ber", about: "tbsResponseData has a length longer than needed, and was signed as sent.", pair: "plain",
		make: func(s *scene) { s.tbs = func(tbs der) der { return longLength(tbs, 3) } }},
	{name: "tbs-ber-signed-der", about: "tbsResponseData has a length longer than needed, and was signed as DER.", pair: "tbs-ber",
		make: func(s *scene) {
			s.basic = func(basic der) der {
				tbs := s.tbsDER()
				return seq(longLength(tbs, 3), body(basic)[len(tbs):])
			}
		}},

	{name: "del-p224", about: "The responder's key is on P-224.", make: delegatedKey("p224")},
	{name: "del-p256", about: "The responder's key is on P-256.", make: delegatedKey("p256")},
	{name: "del-p256-sha1", about: "The responder's key is on P-256, and it signs with SHA-1.", pair: "del-p256",
		make: delegatedEC(by(ecdsaSHA1))},
	{name: "del-p384", about: "The responder's key is on P-384.",
		make: func(s *scene) { delegatedKey("p384")(s); by(ecdsaSHA384)(s) }},
	{name: "del-p521", about: "The responder's key is on P-521.",
		make: func(s *scene) { delegatedKey("p521")(s); by(ecdsaSHA512)(s) }},
	{name: "del-k256", about: "The responder's key is on secp256k1.", make: delegatedKey("secp256k1")},
	{name: "del-brainpool", about: "The responder's key is on brainpoolP256r1.", make: delegatedKey("brainpool")},
	{name: "del-dsa", about: "The responder's key is DSA.", make: delegatedKey("dsa")},
	{name: "del-ed25519", about: "The responder's key is Ed25519.", make: delegatedKey("ed25519")},
	{name: "del-ed448", about: "The responder's key is Ed448.", make: delegatedKey("ed448")},
	{name: "del-mldsa44", about: "The responder's key is ML-DSA-44.", make: delegatedKey("mldsa44")},
	{name: "del-mldsa44-badsig", about: "One bit of a signature of ML-DSA-44 is turned over.", pair: "del-mldsa44",
		make: func(s *scene) {
			delegatedKey("mldsa44")(s)
			encoded(flipped)(s)
		}},
	{name: "del-mldsa65", about: "The responder's key is ML-DSA-65.", make: delegatedKey("mldsa65")},
	{name: "del-mldsa87", about: "The responder's key is ML-DSA-87.", make: delegatedKey("mldsa87")},
	{name: "del-slhdsa", about: "The responder's key is SLH-DSA-SHA2-128s.", make: delegatedKey("slhdsa")},
	{name: "del-rsapss", about: "The responder's key is for RSASSA-PSS only.",
		make: func(s *scene) {
			s.delegated(func(c *certificate) { c.key = c.key.asPSS() })
		}},
	{name: "ecca", about: "The CA's key is on P-256, and it signs for itself.",
		make: func(s *scene) { s.answerFor(s.ecCA, s.host("www.example.org", s.ecCA, nil)) }},
	{name: "edca", about: "The CA's key is Ed25519, and it signs for itself.",
		make: func(s *scene) { s.answerFor(s.edCA, s.host("www.example.org", s.edCA, nil)) }},
}

package main

// bare is a message that is nothing but a status.
func bare(status byte) func(s *scene) {
	return func(s *scene) {
		s.asHex = true
		s.outer = func(_, _ der) []byte { return seq(enumerated(status)) }
	}
}

// outermost has the whole message written otherwise, shown as hex.
func outermost(change func(whole der) []byte) func(s *scene) {
	return func(s *scene) {
		s.asHex = true
		s.outer = func(_, whole der) []byte { return change(whole) }
	}
}

// outer is about the encoding and the outermost layer: ocsp.der.* and
// ocsp.status.*.
var outer = []vector{
	{name: "plain", about: "Nothing is special: a good answer by the CA, byName, without certificates.",
		make: func(s *scene) {}},
	{name: "status-malformedrequest", about: "The status is malformedRequest (1).", make: bare(1)},
	{name: "status-internalerror", about: "The status is internalError (2).", make: bare(2)},
	{name: "status-trylater", about: "The status is tryLater (3).", make: bare(3)},
	{name: "status-unused4", about: "The status is 4, which was never assigned.", make: bare(4)},
	{name: "status-sigrequired", about: "The status is sigRequired (5).", make: bare(5)},
	{name: "status-unauthorized", about: "The status is unauthorized (6).", make: bare(6)},
	{name: "status-undefined7", about: "The status is 7, above all that are defined.", make: bare(7)},
	{name: "status-success-nobytes", about: "The status is successful, and responseBytes are missing.", make: bare(0)},
	{name: "status-error-with-bytes", about: "The status is tryLater, and responseBytes are there all the same.",
		make: func(s *scene) { s.status = enumerated(3) }},
	{name: "status-integer", about: "The status is an INTEGER instead of an ENUMERATED.", pair: "status-trylater",
		make: func(s *scene) {
			s.outer = func(_, _ der) []byte { return seq(integer(3)) }
		}},
	{name: "response-type-unknown", about: "The responseType is an example OID instead of id-pkix-ocsp-basic.",
		make: func(s *scene) { s.kind = idUnknown }},
	{name: "trailing-outer", about: "A NULL follows the OCSPResponse.", pair: "plain",
		make: outermost(func(whole der) []byte { return join(whole, null()) })},
	{name: "trailing-basic", about: "A NULL follows the BasicOCSPResponse inside the OCTET STRING.", pair: "plain",
		make: func(s *scene) { s.basic = func(b der) der { return join(b, null()) } }},
	{name: "truncated", about: "The last 20 octets are missing.", pair: "plain",
		make: outermost(func(whole der) []byte { return whole[:len(whole)-20] })},
	{name: "ber-indefinite", about: "The outer SEQUENCE has the indefinite length.", pair: "plain",
		make: outermost(func(whole der) []byte { return indefinite(whole) })},
	{name: "ber-longlen", about: "The outer SEQUENCE has a length of three octets where two do.", pair: "plain",
		make: outermost(func(whole der) []byte { return longLength(whole, 3) })},
	{name: "ber-segments", about: "The response octets come in two segments of a constructed OCTET STRING.", pair: "plain",
		make: func(s *scene) {
			s.asHex = true
			s.outer = func(basic, _ der) []byte {
				segments := tlv(0x24, octets(basic[:300]...), octets(basic[300:]...))
				return seq(enumerated(0), explicit(0, seq(oid(idBasic), segments)))
			}
		}},
	{name: "set-not-sequence", about: "The outermost element is a SET instead of a SEQUENCE.", pair: "plain",
		make: func(s *scene) {
			s.outer = func(_, whole der) []byte { return set(body(whole)) }
		}},
	{name: "garbage", about: "Five octets that are no ASN.1.",
		make: outermost(func(der) []byte { return der{1, 2, 3, 4, 5} })},
	{name: "empty", about: "The response is empty.",
		make: func(s *scene) {
			s.instead = []file{{"response.hex", ""}, certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
	{name: "response-only", about: "The response comes alone, without leaf and issuer.", pair: "plain",
		make: func(s *scene) { s.leaf, s.issuer = nil, nil }},
	{name: "name-set-sorted", about: "An RDN of the responder's name has two values in DER order.", pair: "name-set-unsorted",
		make: func(s *scene) { s.twoValues(false) }},
	{name: "name-set-unsorted", about: "An RDN of the responder's name has two values in the wrong order.", pair: "name-set-sorted",
		make: func(s *scene) { s.twoValues(true) }},
	{name: "large", about: "An unknown extension makes the response larger than 65,535 octets.",
		make: func(s *scene) {
			s.extensions = []extension{{idUnknown, false, octets(make([]byte, 65_535)...)}}
		}},
}

// twoValues has a responder whose name has one RDN of two attributes. The
// shorter is first in DER (X.690, section 11.6), since its length octet is.
func (s *scene) twoValues(swapped bool) {
	rdn := set(seq(oid("2.5.4.11"), utf8("Validation")), seq(oid("2.5.4.3"), utf8("Example OCSP Responder 7")))
	if swapped {
		rdn = set(seq(oid("2.5.4.3"), utf8("Example OCSP Responder 7")), seq(oid("2.5.4.11"), utf8("Validation")))
	}
	s.delegated(func(c *certificate) { c.subject = seq(set(seq(oid("2.5.4.10"), utf8("Example"))), rdn) })
}

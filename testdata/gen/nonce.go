package main

// sent is the nonce that the caller of these vectors sent.
var sent = random("nonce", 32)

// nonced is a response with a nonce of that value.
func nonced(value []byte) func(s *scene) {
	return func(s *scene) { s.extensions = []extension{nonceOf(value)} }
}

// nonces is about the nonce: ocsp.nonce.*.
var nonces = []vector{
	{name: "nonce-match", about: "The nonce is the one that was sent.",
		make: func(s *scene) {
			nonced(sent)(s)
			s.option("nonce %x", sent)
		}},
	{name: "nonce-mismatch", about: "The nonce is not the one that was sent.", pair: "nonce-match",
		make: func(s *scene) {
			nonced(random("another nonce", 32))(s)
			s.option("nonce %x", sent)
		}},
	{name: "nonce-missing", about: "A nonce was sent, and none came back.", pair: "nonce-match",
		make: func(s *scene) { s.option("nonce %x", sent) }},
	{name: "nonce-request-match", about: "The request at hand carries the same nonce.",
		make: func(s *scene) {
			nonced(sent)(s)
			s.asked(request{ids: []certID{s.first().id}, extensions: []extension{nonceOf(sent)}})
		}},
	{name: "nonce-unasked", about: "The request at hand carries no nonce, the response does.", pair: "nonce-request-match",
		make: func(s *scene) {
			nonced(sent)(s)
			s.asked(request{ids: []certID{s.first().id}})
		}},
	{name: "good-ca-nonce", about: "The response has a nonce, and what was sent is not known.", make: nonced(sent)},
	{name: "nonce-0", about: "The nonce has no octets.", make: nonced(nil)},
	{name: "nonce-1", about: "The nonce has one octet.", make: nonced(random("nonce", 1))},
	{name: "nonce-15", about: "The nonce has 15 octets.", pair: "nonce-16", make: nonced(random("nonce", 15))},
	{name: "nonce-16", about: "The nonce has 16 octets.", pair: "nonce-15", make: nonced(random("nonce", 16))},
	{name: "nonce-33", about: "The nonce has 33 octets, one more than RFC 8954 allowed.", pair: "good-ca-nonce",
		make: nonced(random("nonce", 33))},
	{name: "nonce-128", about: "The nonce has 128 octets, the most there may be.", pair: "nonce-129",
		make: nonced(random("nonce", 128))},
	{name: "nonce-129", about: "The nonce has 129 octets, one more than there may be.", pair: "nonce-128",
		make: nonced(random("nonce", 129))},
	{name: "nonce-raw", about: "The nonce stands in extnValue without an OCTET STRING of its own.", pair: "good-ca-nonce",
		make: func(s *scene) { s.extensions = []extension{{idNonce, false, sent}} }},
	{name: "nonce-critical", about: "The nonce is critical.", pair: "good-ca-nonce",
		make: func(s *scene) { s.extensions = []extension{critical(nonceOf(sent))} }},
	{name: "nonce-twice", about: "There are two nonces.",
		make: func(s *scene) {
			s.extensions = []extension{nonceOf(sent), nonceOf(random("another nonce", 32))}
		}},
	{name: "nonce-in-entry", about: "The nonce stands in the entry instead of the response.",
		make: func(s *scene) { s.first().extensions = []extension{nonceOf(sent)} }},
	{name: "nonce-constant", about: "The nonce is 32 times the same octet.", make: nonced(make([]byte, 32))},
	{name: "nonce-counting", about: "The nonce counts up from zero.",
		make: func(s *scene) {
			value := make([]byte, 32)
			for i := range value {
				value[i] = byte(i)
			}
			nonced(value)(s)
		}},
	{name: "nonce-text", about: "The nonce is ASCII text.", make: nonced([]byte("20261120-www.example.org-request"))},
}

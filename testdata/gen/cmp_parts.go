package main

import "crypto"

// part makes a vector of a structure from inside a message, as hex.
func part(what func(t *cmpTalk) der) func(s *scene) {
	return func(s *scene) {
		t := s.cmpTalk()
		t.enrol(cmpIR)
		s.show(hexFile("part.hex", what(t)))
	}
}

// noted makes a vector of a text.
func noted(text string) func(s *scene) {
	return func(s *scene) { s.show(file{"note.txt", text}) }
}

// cmpParts is about what people have when they have no message.
var cmpParts = []vector{
	{name: "part-header", about: "The header of an ir by itself.", make: part(func(t *cmpTalk) der { return t.messages[0].header() })},
	{name: "part-body", about: "The body of an ip by itself.", make: part(func(t *cmpTalk) der { return t.messages[1].body() })},
	{name: "part-requests", about: "The content of an ir: requests for certificates.",
		make: part(func(t *cmpTalk) der { return t.messages[0].inner() })},
	{name: "part-request", about: "One request of an ir.", make: part(func(t *cmpTalk) der { return t.request().der() })},
	{name: "part-asked", about: "What a request asks for, without the proof of possession.", make: part(func(t *cmpTalk) der { return t.request().request() })},
	{name: "part-replies", about: "The content of an ip: answers to requests.", make: part(func(t *cmpTalk) der { return t.messages[1].inner() })},
	{name: "part-revocation", about: "The content of an rr: what is to be revoked.", make: part(func(t *cmpTalk) der { return seq(revDetails(t.old, reasonCode(1))) })},
	{name: "part-status", about: "A status with a text and a reason.", make: part(func(*cmpTalk) der { return statusInfo(rejection, "the key is too short", 19) })},
	{name: "part-template", about: "The template that a CA wants requests to follow.",
		make: part(func(t *cmpTalk) der {
			return seq(certTemplate{subject: t.client.name, extensions: []extension{keyUsage(digitalSignature)}}.der(), seq(attributeValue(idRegCtrl+"12", integer(2048))))
		})},
	{name: "part-pbm", about: "The parameters of PasswordBasedMac.",
		make: part(func(t *cmpTalk) der { return body(t.pbm().algorithm())[len(oid(idPasswordBasedMac)):] })},
	{name: "part-pbmac1", about: "The parameters of PBMAC1.",
		make: part(func(t *cmpTalk) der {
			by := derivedMAC{salt: random("pbmac1", 16), prf: crypto.SHA256, mac: crypto.SHA256, rounds: 10_000, length: 32}
			return body(by.algorithm())[len(oid(idPBMAC1)):]
		})},
	{name: "part-oob", about: "The fingerprint of a root certificate that travels on paper.",
		make: part(func(t *cmpTalk) der {
			return seq(explicit(0, algorithm(hashIDs[crypto.SHA256])), explicit(1, certIDOf(t.root.certificate)), bits(sum(crypto.SHA256, t.root.der)...))
		})},
	{name: "part-status-broken", about: "A status whose text is a number: it is no part that is known.", pair: "part-status",
		make: part(func(*cmpTalk) der { return seq(integer(2), seq(integer(7)), bitList(19)) })},

	{name: "failure-number", about: "A number of reasons, which OpenSSL and Bouncy Castle mean differently.", make: noted("failInfo=65536\n")},
	{name: "failure-bits", about: "Reasons as ASN.1 writes bits.", make: noted("PKIFailureInfo: '0000000001'B\n")},
	{name: "failure-lines", about: "What OpenSSL's client prints when it fails.",
		make: noted("CMP info: sending IR\nCMP error: request rejected by server:PKIStatus: rejection; PKIFailureInfo: badPOP\n" +
			"40F7A2:error:1D0000B6:CMP routines:cert_response:request rejected by server:crypto/cmp/cmp_client.c:621:\n")},
}

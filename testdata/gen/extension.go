package main

import "time"

// inEntry puts extensions into the entry for the leaf.
func inEntry(list ...extension) func(s *scene) {
	return func(s *scene) { s.first().extensions = list }
}

// inResponse puts extensions into responseExtensions.
func inResponse(list ...extension) func(s *scene) {
	return func(s *scene) { s.extensions = list }
}

// inRevoked is inEntry for a certificate revoked five days ago.
func inRevoked(list ...extension) func(s *scene) {
	return func(s *scene) {
		s.first().status = keyCompromise
		s.first().extensions = list
	}
}

// crlReference names the CRL of the issuing CA (RFC 6960, section 4.4.2).
func crlReference() extension {
	return extension{idCRLRef, false, seq(
		explicit(0, ia5("http://crl.example.org/r3.crl")), explicit(1, integer(4660)), explicit(2, generalized(at(-6*day))))}
}

func strange() extension { return extension{idUnknown, false, null()} }

func archive(when time.Time) extension    { return extension{idArchive, false, generalized(when)} }
func invalidity(when time.Time) extension { return extension{idInvalidity, false, generalized(when)} }
func timestamps(list []byte) extension    { return extension{idSCTInResponse, false, octets(list...)} }

// extensionVectors is about extensions of responses: ocsp.ext.* and
// ocsp.fresh.archive.
var extensionVectors = []vector{
	{name: "ext-unknown", about: "An unknown extension that is not critical.", pair: "ext-critical-unknown",
		make: inResponse(strange())},
	{name: "ext-critical-unknown", about: "An unknown extension that is critical.", pair: "ext-unknown",
		make: inResponse(critical(strange()))},
	{name: "ext-empty-list", about: "responseExtensions are there, and empty.", make: inResponse([]extension{}...)},
	{name: "ext-extended-revoke", about: "extended-revoke in a response that is good.",
		make: inResponse(extension{idExtended, false, null()})},
	{name: "ext-extended-revoke-critical", about: "extended-revoke is critical.", pair: "ext-extended-revoke",
		make: inResponse(extension{idExtended, true, null()})},
	{name: "ext-extended-revoke-value", about: "extended-revoke has an INTEGER for its value instead of NULL.", pair: "ext-extended-revoke",
		make: inResponse(extension{idExtended, false, integer(1)})},
	{name: "ext-cutoff-misplaced", about: "The archive cutoff stands in the response instead of the entry.", pair: "sx-cutoff",
		make: inResponse(archive(at(-1000 * day)))},

	{name: "sx-unknown", about: "An unknown extension in the entry, not critical.", pair: "sx-critical-unknown",
		make: inEntry(strange())},
	{name: "sx-critical-unknown", about: "An unknown extension in the entry, critical.", pair: "sx-unknown",
		make: inEntry(critical(strange()))},
	{name: "sx-critical-elsewhere", about: "A critical unknown extension in the entry of another certificate.",
		make: func(s *scene) {
			e := s.another()
			e.extensions = []extension{critical(strange())}
			s.entries = append(s.entries, e)
		}},
	{name: "sx-empty-list", about: "singleExtensions are there, and empty.", make: inEntry([]extension{}...)},
	{name: "sx-twice", about: "The same extension stands twice in the entry.", pair: "sx-unknown",
		make: inEntry(strange(), strange())},
	{name: "sx-extrev-misplaced", about: "extended-revoke stands in the entry instead of the response.",
		make: inEntry(extension{idExtended, false, null()})},

	{name: "sx-crlref", about: "A CRL reference with URL, number and time.", make: inRevoked(crlReference())},
	{name: "sx-crlref-empty", about: "A CRL reference with none of its three parts.", pair: "sx-crlref",
		make: inRevoked(extension{idCRLRef, false, seq()})},
	{name: "sx-crlref-broken", about: "A CRL reference that is a text instead of a SEQUENCE.", pair: "sx-crlref",
		make: inRevoked(extension{idCRLRef, false, ia5("http://crl.example.org/r3.crl")})},
	{name: "sx-cutoff", about: "An archive cutoff of a thousand days ago.", make: inEntry(archive(at(-1000 * day)))},
	{name: "sx-cutoff-future", about: "An archive cutoff after producedAt.", pair: "sx-cutoff", make: inEntry(archive(at(10 * day)))},
	{name: "sx-cutoff-broken", about: "An archive cutoff that is an INTEGER instead of a time.", pair: "sx-cutoff",
		make: inEntry(extension{idArchive, false, integer(1000)})},
	{name: "sx-invalidity", about: "An invalidity date 30 days ago in an entry that is good.",
		make: inEntry(invalidity(at(-30 * day)))},
	{name: "sx-invalidity-revoked", about: "An invalidity date before the revocation.", pair: "sx-invalidity-late",
		make: inRevoked(invalidity(at(-30 * day)))},
	{name: "sx-invalidity-late", about: "An invalidity date after the revocation.", pair: "sx-invalidity-revoked",
		make: inRevoked(invalidity(at(-2 * day)))},
	{name: "sx-reason", about: "A reasonCode extension in the entry.", make: inRevoked(extension{idReason, false, enumerated(1)})},
	{name: "sx-certissuer", about: "A certificateIssuer extension, critical as CRLs have it.",
		make: func(s *scene) {
			inEntry(extension{idCertIssuer, true, seq(explicit(4, s.issuing.subject))})(s)
		}},
	{name: "reason-holdinstruction", about: "A hold instruction, which was dropped from the standard.",
		make: func(s *scene) {
			s.first().status = revoked(at(-5*day), 6)
			s.first().extensions = []extension{{idHold, false, oid("1.2.840.10040.2.3")}}
		}},

	{name: "sx-sct", about: "A list of one SCT.", make: inEntry(timestamps(sct(at(-90 * day))))},
	{name: "sx-sct-critical", about: "A list of one SCT, critical.", pair: "sx-sct",
		make: inEntry(critical(timestamps(sct(at(-90 * day)))))},
	{name: "sx-sct-empty", about: "The SCT list has no octets at all.", pair: "sx-sct",
		make: inEntry(extension{idSCTInResponse, false, nil})},
	{name: "sx-sct-none", about: "The SCT list is there, with no SCT in it.", pair: "sx-sct",
		make: inEntry(timestamps([]byte{0, 0}))},
	{name: "sx-sct-malformed", about: "The SCT list is three octets shorter than its length says.", pair: "sx-sct",
		make: func(s *scene) {
			list := sct(at(-90 * day))
			inEntry(timestamps(list[:len(list)-3]))(s)
		}},
	{name: "sx-sct-late", about: "The SCT is from after producedAt.", pair: "sx-sct",
		make: inEntry(timestamps(sct(at(time.Hour))))},
	{name: "sx-transparency", about: "Transparency information of CT v2, with content that is no TransItem list.",
		make: inEntry(extension{"1.3.101.75", false, octets(0, 1, 2)})},
}

package main

import "time"

// stated has the entry carry that status.
func stated(status der) func(s *scene) {
	return func(s *scene) { s.first().status = status }
}

// neverIssued is the answer for a serial number that was never given out
// (RFC 6960, section 2.2), without the extension that goes with it.
func neverIssued(s *scene) {
	s.first().status = revoked(time.Unix(0, 0), 6)
}

// withExtended adds extended-revoke (RFC 6960, section 4.4.8).
func withExtended(s *scene) {
	neverIssued(s)
	s.extensions = []extension{{idExtended, false, null()}}
}

// status is about the status of the certificate: ocsp.cert.*.
var status = []vector{
	{name: "good-ca-byname", about: "A good answer, signed by the issuing CA, byName.",
		make: func(s *scene) { s.add("root.pem", s.root.certificate) }},
	{name: "good-ca-bykey", about: "A good answer, signed by the issuing CA, byKey.", pair: "good-ca-byname",
		make: func(s *scene) { s.rid = byKey(s.issuing.key.hash()) }},
	{name: "revoked", about: "The certificate was revoked ten days ago for key compromise.",
		make: stated(revoked(at(-10*day), 1))},
	{name: "held", about: "The certificate is on hold.", make: stated(revoked(at(-10*day), 6))},
	{name: "unknown", about: "The responder does not know the certificate.", make: stated(unknown)},
	{name: "revoked-expired", about: "The answer says revoked and expired a month ago.",
		make: func(s *scene) {
			s.times(-40*day, -33*day)
			s.first().status = revoked(at(-50*day), 1)
		}},
	{name: "revoked-badsig", about: "The answer says revoked under a signature that does not verify.", pair: "revoked",
		make: func(s *scene) {
			s.first().status = revoked(at(-10*day), 1)
			s.value = flipped
		}},
	{name: "revoked-future", about: "revocationTime is in five days.", make: stated(revoked(at(5*day), 4))},
	{name: "revoked-after-this", about: "revocationTime is after thisUpdate.", make: stated(revoked(at(-time.Minute), 1))},
	{name: "revoked-before-issue", about: "revocationTime is before the certificate's notBefore.",
		make: stated(revoked(at(-300*day), 1))},
	{name: "good-constructed", about: "good is sent as a constructed element.", pair: "plain", make: stated(der{0xa0, 0})},
	{name: "good-with-content", about: "good is sent with two octets of content.", pair: "plain",
		make: stated(der{0x80, 2, 5, 0})},
	{name: "unknown-constructed", about: "unknown is sent as a constructed element.", pair: "unknown",
		make: stated(der{0xa2, 0})},
	{name: "status-tag3", about: "The certStatus has the tag [3], which is none of the three.", make: stated(der{0x83, 0})},

	{name: "nonissued-full", about: "The pattern for a serial number never issued, with extended-revoke.", make: withExtended},
	{name: "nonissued-noext", about: "The pattern for a serial number never issued, without extended-revoke.",
		pair: "nonissued-full", make: neverIssued},
	{name: "nonissued-critical", about: "The pattern for a serial number never issued, with a critical extended-revoke.",
		pair: "nonissued-full",
		make: func(s *scene) {
			neverIssued(s)
			s.extensions = []extension{{idExtended, true, null()}}
		}},
	{name: "nonissued-partial", about: "extended-revoke and the date of 1970, but the reason is not certificateHold.",
		pair: "nonissued-full",
		make: func(s *scene) {
			withExtended(s)
			s.first().status = revoked(time.Unix(0, 0), 1)
		}},
	{name: "nonissued-crlref", about: "The pattern for a serial number never issued, with a CRL reference.",
		pair: "nonissued-full",
		make: func(s *scene) {
			withExtended(s)
			s.first().extensions = []extension{crlReference()}
		}},
}

// reasons makes one vector for each CRLReason (RFC 5280, section 5.3.1).
func reasons() []vector {
	var all []vector
	for _, r := range []struct {
		name, about string
		reason      int
	}{
		{"unspecified", "The reason is unspecified (0), sent instead of left out.", 0},
		{"keyCompromise", "The reason is keyCompromise (1).", 1},
		{"CACompromise", "The reason is cACompromise (2).", 2},
		{"affiliationChanged", "The reason is affiliationChanged (3).", 3},
		{"superseded", "The reason is superseded (4).", 4},
		{"cessationOfOperation", "The reason is cessationOfOperation (5).", 5},
		{"certificateHold", "The reason is certificateHold (6).", 6},
		{"07", "The reason is 7, which is not used.", 7},
		{"removeFromCRL", "The reason is removeFromCRL (8).", 8},
		{"09", "The reason is privilegeWithdrawn (9).", 9},
		{"0a", "The reason is aACompromise (10).", 10},
		{"0b", "The reason is 11, above all that are defined.", 11},
		{"none", "The certificate is revoked without a reason.", -1},
	} {
		all = append(all, vector{name: "reason-" + r.name, about: r.about,
			make: func(s *scene) { s.first().status = revoked(at(-5*day), r.reason) }})
	}
	return all
}

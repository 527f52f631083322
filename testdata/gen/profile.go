package main

import (
	"crypto"
	"time"
)

// under has the vector judged by a profile too.
func under(profile string, changes ...func(s *scene)) func(s *scene) {
	return func(s *scene) {
		s.option("profile %s", profile)
		for _, change := range changes {
			change(s)
		}
	}
}

// forCA has the root answer for the issuing CA's certificate.
func forCA(s *scene) { s.answerFor(s.root, s.issuing.certificate) }

// lean is an answer as RFC 9919 wants it: SHA-256, byKey, no extensions.
func lean(s *scene) {
	s.delegated(nil)
	s.rid = byKey(s.signer.hash())
	s.first().id.hash = crypto.SHA256
}

// sha1Era sets producedAt to a time before SHA-1 was forbidden.
func sha1Era(s *scene) { s.produced = generalized(time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)) }

// constraints are name constraints of one permitted host name.
var constraints = extension{idNC, true, seq(explicit(0, seq(implicit(2, []byte("example.org")...))))}

// profiles is about the lints of ocsp.br.*, ocsp.mozilla.*, ocsp.microsoft.*
// and ocsp.rfc9919.*.
var profiles = []vector{
	{name: "profiles-kept", about: "A delegated answer that keeps every rule of the four profiles.",
		make: func(s *scene) {
			for _, p := range []string{"br", "mozilla", "microsoft", "rfc9919"} {
				s.option("profile %s", p)
			}
			lean(s)
		}},
	{name: "br-by-policy", about: "No profile is asked for, but the leaf's policy says that it is of the public web.",
		make: func(s *scene) {
			s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) { c.with(policies(idPolicyDV)) }))
		}},
	{name: "br-unassigned", about: "The response says good, and no certificate with the serial number is at hand.", pair: "br-interval-8h",
		make: under("br", func(s *scene) { s.leaf = nil })},
	{name: "br-interval-short", about: "The window is six hours.", make: under("br", window(-time.Hour, 5*time.Hour))},
	{name: "br-interval-8h", about: "The window is eight hours with both ends counted.", pair: "br-interval-short",
		make: under("br", window(-time.Hour, 7*time.Hour-time.Second))},
	{name: "br-interval-long", about: "The window is eleven days.", make: under("br", window(-day, 10*day))},
	{name: "br-interval-open", about: "nextUpdate is absent.", make: under("br", openEnded(-time.Hour))},
	{name: "br-refresh", about: "Nine days of window, five of them over.", make: under("br", window(-5*day, 4*day))},
	{name: "br-ca", about: "The root answers for the issuing CA.", make: under("br", forCA)},
	{name: "br-ca-refresh", about: "The root's answer for the issuing CA is 13 months old.", pair: "br-ca",
		make: under("br", forCA, window(-396*day, 10*day))},
	{name: "br-ca-reason", about: "The root says the issuing CA is revoked, with a reason.",
		make: under("br", forCA, stated(revoked(at(-5*day), 2)))},
	{name: "br-ca-no-reason", about: "The root says the issuing CA is revoked, without a reason.", pair: "br-ca-reason",
		make: under("br", forCA, stated(revoked(at(-5*day), -1)))},
	{name: "br-reason", about: "Revoked because superseded, which is allowed.", make: under("br", stated(revoked(at(-5*day), 4)))},
	{name: "br-reason-hold", about: "Revoked as on hold, which is not allowed.", pair: "br-reason",
		make: under("br", stated(revoked(at(-5*day), 6)))},
	{name: "br-reason-extension", about: "The reason stands in an extension too.", pair: "br-reason",
		make: under("br", inRevoked(extension{idReason, false, enumerated(1)}))},
	{name: "br-algorithm-octets", about: "RSA with SHA-256 is named without NULL.",
		make: under("br", labelled(algorithm("1.2.840.113549.1.1.11")))},
	{name: "br-sha1", about: "Signed with SHA-1 in 2026.", make: under("br", by(rsaSHA1))},
	{name: "br-sha1-2021", about: "Signed with SHA-1, and producedAt is in 2021, when that was allowed.", pair: "br-sha1",
		make: under("br", by(rsaSHA1), sha1Era)},

	{name: "br-responder-eku", about: "The responder has another purpose beside OCSPSigning.",
		make: under("br", having(purposes(idOCSPSigning, idServerAuth)))},
	{name: "br-responder-nocheck", about: "The responder has no nocheck.", make: under("br", lacking(idNocheck))},
	{name: "br-responder-ku", about: "The responder has keyEncipherment beside digitalSignature.",
		make: under("br", having(keyUsage(digitalSignature|keyEncipherment)))},
	{name: "br-responder-ku-absent", about: "The responder has no keyUsage.", make: under("br", lacking(idKeyUsage))},
	{name: "br-responder-bc", about: "The responder's basicConstraints spell cA FALSE out.",
		make: under("br", having(extension{idBC, true, seq(der{1, 1, 0})}))},
	{name: "br-responder-aki", about: "The responder has no authorityKeyIdentifier.", make: under("br", lacking(idAKI))},
	{name: "br-responder-ski", about: "The responder has no subjectKeyIdentifier.", make: under("br", lacking(idSKI))},
	{name: "br-responder-cdp", about: "The responder has a CRL distribution point.",
		make: under("br", having(crlAt("http://crl.example.org/r3.crl")))},
	{name: "br-responder-aia", about: "The responder's authorityInfoAccess has the method ocsp.",
		make: under("br", having(access(idAccessOCSP, "http://ocsp.example.org/r3")))},
	{name: "br-responder-aia-method", about: "The responder's authorityInfoAccess has the method caIssuers.", pair: "br-responder-aia",
		make: under("br", having(access(idAccessIssuer, "http://ca.example.org/r3.cer")))},
	{name: "br-responder-san", about: "The responder has a subjectAltName.", make: under("br", having(hosts("ocsp.example.org")))},
	{name: "br-responder-nc", about: "The responder has nameConstraints.", make: under("br", having(constraints))},
	{name: "br-responder-policies", about: "The responder has certificatePolicies.", make: under("br", having(policies(idPolicyDV)))},
	{name: "br-responder-other", about: "The responder has an unknown extension.", make: under("br", having(strange()))},
	{name: "br-responder-version", about: "The responder's certificate is v1.",
		make: under("br", changed(func(c *certificate) { c.version, c.extensions = 0, nil }))},
	{name: "br-responder-uids", about: "The responder's certificate has a subjectUniqueID.",
		make: under("br", changed(func(c *certificate) { c.uniqueID = implicit(2, 0, 1, 2, 3) }))},
	{name: "br-responder-serial", about: "The responder's serial number has seven octets.",
		make: under("br", changed(func(c *certificate) { c.serial = integerOctets(append([]byte{0x6d}, random("short serial", 6)...)...) }))},
	{name: "br-responder-serial-zero", about: "The responder's serial number is zero.",
		make: under("br", changed(func(c *certificate) { c.serial = integer(0) }))},
	{name: "br-responder-issuer-octets", about: "The responder's issuer is the issuing CA's name in another string type.",
		make: under("br", func(s *scene) {
			c := s.pki.delegate("Example OCSP Responder 7", s.issuing, nil)
			c.issuer = seq(
				set(seq(oid("2.5.4.10"), printable("Example"))),
				set(seq(oid("2.5.4.3"), printable("Example Issuing CA R3"))),
			)
			s.signBy(c.sign(s.issuing.key))
		})},

	{name: "mozilla-next", about: "nextUpdate is absent.", make: under("mozilla", openEnded(-time.Hour))},
	{name: "mozilla-next-10d", about: "nextUpdate is ten days and an hour after thisUpdate.",
		make: under("mozilla", window(-time.Hour, 10*day))},
	{name: "mozilla-within-certs", about: "nextUpdate is after the responder certificate's notAfter.",
		make: under("mozilla", changed(func(c *certificate) { c.end = at(2 * day) }))},
	{name: "mozilla-age", about: "thisUpdate was five days ago.", make: under("mozilla", window(-5*day, 4*day))},
	{name: "mozilla-nocheck", about: "The responder has no nocheck.", make: under("mozilla", lacking(idNocheck))},
	{name: "mozilla-sha1", about: "Signed with SHA-1 in 2026.", make: under("mozilla", by(rsaSHA1))},
	{name: "mozilla-sha1-2021", about: "Signed with SHA-1, and producedAt is in 2021, when that was allowed.", pair: "mozilla-sha1",
		make: under("mozilla", by(rsaSHA1), sha1Era)},
	{name: "microsoft-interval", about: "The window is eight days.", make: under("microsoft", window(-day, 7*day))},
	{name: "microsoft-refresh", about: "Six days of window, four of them over.", make: under("microsoft", window(-4*day, 2*day))},
	{name: "microsoft-eku", about: "The responder has another purpose beside OCSPSigning.",
		make: under("microsoft", having(purposes(idOCSPSigning, idServerAuth)))},

	{name: "rfc9919-by-name", about: "The responder is named byName.", pair: "profiles-kept",
		make: under("rfc9919", lean, func(s *scene) { s.rid = byName(s.responder.subject) })},
	{name: "rfc9919-sha1-only", about: "The only CertID uses SHA-1.", pair: "profiles-kept",
		make: under("rfc9919", lean, hashed(crypto.SHA1))},
	{name: "rfc9919-two-hashes", about: "The leaf is answered for in SHA-256 and in SHA-1.", pair: "rfc9919-sha1-only",
		make: under("rfc9919", lean, func(s *scene) {
			e := *s.first()
			e.id.hash = crypto.SHA1
			s.entries = append(s.entries, e)
		})},
	{name: "rfc9919-several", about: "Two certificates are answered for.", pair: "profiles-kept",
		make: under("rfc9919", lean, func(s *scene) { s.entries = append(s.entries, s.another()) })},
	{name: "rfc9919-extensions", about: "The response has a nonce.", pair: "profiles-kept",
		make: under("rfc9919", lean, nonced(sent))},
	{name: "rfc9919-no-next", about: "nextUpdate is absent.", pair: "profiles-kept",
		make: under("rfc9919", lean, openEnded(-time.Hour))},
	{name: "rfc9919-signer-not-sent", about: "The responder's certificate is at hand, and not in the certs.", pair: "profiles-kept",
		make: under("rfc9919", lean, func(s *scene) {
			s.add("responder.pem", s.responder)
			s.response.certs = nil
		})},
	{name: "rfc9919-nocheck", about: "The responder has no nocheck.",
		make: under("rfc9919", func(s *scene) {
			s.delegated(func(c *certificate) { c.without(idNocheck) })
			s.rid = byKey(s.signer.hash())
			s.first().id.hash = crypto.SHA256
		})},
	{name: "rfc9919-cdp", about: "The responder has nocheck and a CRL distribution point.",
		make: under("rfc9919", func(s *scene) {
			s.delegated(func(c *certificate) { c.with(crlAt("http://crl.example.org/r3.crl")) })
			s.rid = byKey(s.signer.hash())
			s.first().id.hash = crypto.SHA256
		})},
}

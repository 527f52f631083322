package client

import (
	"bytes"
	"crypto/x509"
	"slices"

	"golang.org/x/crypto/ocsp"
)

// caddy is certmagic: Go's package, called without the certificate.
var caddy = &server{
	name: "caddy", version: "certmagic 9f98c96", source: "ocsp.go, maintain.go, handshake.go of certmagic 9f98c96",
	ways: []way{{letter: 'A', name: "fetched", show: "automatic"}},
	rules: []rule{
		{id: "caddy.url", when: (*served).nowhere,
			said: "no OCSP server specified in certificate", why: "the certificate names no OCSP responder; the message comes at debug level only"},
		{id: "caddy.parse", when: func(s *served) bool { return s.caddyAnswer().err != nil },
			says: func(s *served) string { return "parsing OCSP response: " + s.caddyAnswer().String() }, why: "Go's package refuses it, as it does several entries, since no certificate is handed over"},
		{id: "caddy.signer", when: (*served).caddySigner,
			says: func(s *served) string {
				return "OCSP responder authorization check failed: OCSP responder certificate (subject: " + s.caddyAnswer().response.Certificate.Subject.String() +
					") is not the issuer and does not carry id-kp-OCSPSigning"
			}, why: "the first certificate in certs is not the issuer, and lacks the OCSP signing purpose"},
		{id: "caddy.outlives", when: func(s *served) bool {
			r := s.caddyAnswer().response
			return r != nil && s.subject != nil && r.NextUpdate.After(s.subject.NotAfter.Value.Time)
		}, said: "invalid: OCSP response for [NAMES] valid after certificate expiration", why: "nextUpdate lies after the certificate's notAfter"},
		{id: "caddy.good", when: func(s *served) bool { r := s.caddyAnswer().response; return r != nil && r.Status != ocsp.Good },
			why: "only good is stapled; revoked makes it renew a certificate that it manages"},
		{id: "caddy.match", then: serve, when: (*served).unmatched,
			why: "neither serial number nor hashes are compared: no entry has the SHA-1 CertID of this certificate"},
		{id: "caddy.times", then: serve, when: func(s *served) bool { return s.parsed && s.invalidTimes(s.single()) },
			why: "thisUpdate and nextUpdate are not compared with the clock"},
	},
}

// caddyAnswer is what Go's package says with the issuer alone.
func (s *served) caddyAnswer() goAnswer {
	if s.issuer == nil {
		s.needs = "issuer"
		return goAnswer{}
	}
	return s.goSays()
}

func (s *served) caddySigner() bool {
	r := s.caddyAnswer().response
	if r == nil || r.Certificate == nil || bytes.Equal(r.Certificate.Raw, s.issuer.Raw) {
		return false
	}
	return !slices.Contains(r.Certificate.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning)
}

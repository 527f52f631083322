package client

import (
	"bytes"
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/sig"
)

// haproxy has three ways in and one function, ssl_sock_load_ocsp_response. A
// response that was fetched is verified first.
var haproxy = &server{
	name: "haproxy", version: "3.5-dev5", source: "src/ssl_ocsp.c, ssl_sock.c, ssl_ckch.c of haproxy 50872da",
	ways: []way{
		{letter: 'F', name: "file", show: "certificate.pem.ocsp beside certificate.pem"},
		{letter: 'P', name: "pushed", show: `echo "set ssl ocsp-response $(base64 -w0 response.der)" | socat stdio haproxy.sock`},
		{letter: 'A', name: "fetched", show: "ocsp-update on"},
	},
	rules: []rule{
		{id: "haproxy.issuer", ways: "F", when: func(s *served) bool { return s.subject != nil && s.issuer == nil },
			said: "'X.ocsp' is present and activates OCSP but it is impossible to compute the OCSP certificate ID (maybe the issuer could not be found)",
			why:  "the issuer stands neither in the PEM file nor in .issuer"},
		{id: "haproxy.url", ways: "A", when: (*served).nowhere,
			said: "'X' has an OCSP auto-update set to 'on' but an error occurred (maybe the OCSP URI or the issuer could not be found)",
			why:  "the certificate names no OCSP responder"},
		{id: "haproxy.http-status", ways: "A", when: func(s *served) bool { return s.http != nil && !s.http.Request && s.http.Status != 200 },
			said: "HTTP error", why: "the HTTP status is not 200"},
		{id: "haproxy.http-type", ways: "A", when: func(s *served) bool { t, there := s.contentType(); return s.http != nil && (!there || t != ocspType) },
			said: `Missing "ocsp-response" header`, why: "Content-Type has to be application/ocsp-response and nothing else"},
		{id: "haproxy.check", ways: "A", when: (*served).haproxyCheck,
			said: "OCSP response check failure", why: "it cannot be decoded, is an error status, or OCSP_basic_verify refuses it with the chain of the PEM file as trust store"},
		{id: "haproxy.size", ways: "F", when: func(s *served) bool { return s.largerThan(16384) },
			said: "Unable to parse OCSP response", why: "a file is read up to tune.bufsize, 16,384 octets, and this one is longer"},
		{id: "haproxy.parse", ways: "FP", when: (*served).unread,
			said: "Unable to parse OCSP response", why: "OpenSSL cannot decode the outer layer"},
		{id: "haproxy.status", ways: "FP", when: (*served).failed,
			said: "OCSP response status not successful", why: "the response is an error status; the message does not say which"},
		{id: "haproxy.basic", ways: "FP", when: (*served).unparsed,
			said: "Failed to get basic response from OCSP Response", why: "there are no responseBytes of the basic type, or their inside cannot be decoded"},
		{id: "haproxy.several", when: func(s *served) bool { return s.parsed && len(s.basic.singles) > 1 },
			says: func(s *served) string {
				return "OCSP response ignored because contains multiple single responses (" + strconv.Itoa(len(s.basic.singles)) + ")"
			}, why: "there is more than one entry; it does not matter for whom"},
		{id: "haproxy.none", when: func(s *served) bool { return s.parsed && len(s.basic.singles) == 0 },
			said: "Failed to get OCSP single response", why: "there is no entry"},
		{id: "haproxy.unknown", when: func(s *served) bool { return s.has(unknown) },
			said: "OCSP single response: certificate status is unknown", why: "the responder does not know the certificate"},
		{id: "haproxy.next-missing", when: func(s *served) bool { e := s.single(); return e != nil && !e.hasNext },
			said: "OCSP single response: missing nextupdate", why: "there is no nextUpdate"},
		{id: "haproxy.times", when: func(s *served) bool { return s.invalidTimes(s.single()) },
			said: "OCSP single response: no longer valid.", why: "OCSP_check_validity with 300 s says no: expired, but also not yet valid, reversed, or a time in another form"},
		{id: "haproxy.certid", ways: "F", when: (*served).haproxyForeign,
			said: "OCSP single response: Certificate ID does not match certificate and issuer", why: "the CertID is not the SHA-1 one of this certificate and issuer"},
		{id: "haproxy.certid-long", ways: "PA", when: func(s *served) bool { e := s.single(); return e != nil && len(e.certID) > 128 },
			said: "OCSP single response: Certificate ID too long", why: "its DER exceeds 128 octets, as with SHA-512 always"},
		{id: "haproxy.certid-der", ways: "PA", when: (*served).haproxyOtherKey,
			said: "OCSP single response: Certificate ID does not match any certificate or issuer", why: "the DER of the CertID is not that of the SHA-1 one with NULL parameters, by which HAProxy looks certificates up"},
		{id: "haproxy.five-minutes", when: func(s *served) bool { return s.passed(s.single(), fiveMinutes) },
			said: "OCSP single response: no longer valid. Must be valid during at least 300s.", why: "nextUpdate is less than five minutes ahead. Before 3.2 it loads without a word, and is never sent"},
		{id: "haproxy.revoked", then: serve, when: func(s *served) bool { return s.has(revoked) },
			why: "a revoked status is stapled, whatever the manual says"},
		{id: "haproxy.unverified", ways: "FP", then: serve, when: (*served).untrusted,
			why: "signature and signer are not looked at"},
		{id: "haproxy.expiry", ways: "T", when: func(s *served) bool { return s.passed(s.single(), fiveMinutes) },
			why: "it loads, but is not sent: that ends five minutes before nextUpdate"},
	},
}

// haproxyCheck is ssl_ocsp_check_response: the store is the chain of the PEM
// file, of which only the issuer is known here.
func (s *served) haproxyCheck() bool {
	if !s.parsed {
		return true
	}
	if !s.refused([]*cert.Certificate{s.issuer}, trustOther) {
		return false
	}
	if !s.refused(append([]*cert.Certificate{s.issuer}, s.roots...), trustOther) {
		s.cause = "a delegated responder signed, and a chain that ends at the issuer does not do; with the root in the PEM file it passes"
	}
	return true
}

// haproxyForeign compares the CertID, parameters aside.
func (s *served) haproxyForeign() bool {
	e := s.single()
	if e == nil || s.certificates() != goOn {
		return false
	}
	m := s.match()
	return m == nil || !bytes.Equal(m.certID, e.certID)
}

// haproxyOtherKey compares the DER of the CertID with that of the request.
func (s *served) haproxyOtherKey() bool {
	e := s.single()
	if e == nil || s.certificates() != goOn {
		return false
	}
	digest, _, _, _ := sig.Digest(sha1)
	id := []byte("\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00")
	id = append(id, element(0x04, digest(s.subject.Issuer.Raw))...)
	id = append(id, element(0x04, digest(s.issuer.PublicKey.Bits))...)
	id = append(id, element(0x02, s.subject.Serial.Value)...)
	return !bytes.Equal(e.certID, element(0x30, id))
}

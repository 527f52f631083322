package main

import (
	"crypto"
	"encoding/base64"
	"net/url"
	"strings"
)

// asking is a scene of a request for the leaf, changed, in place of a
// response.
func asking(change func(s *scene, r *request)) func(s *scene) {
	return func(s *scene) {
		r := request{ids: []certID{s.first().id}}
		change(s, &r)
		s.instead = []file{armored("request.pem", "OCSP REQUEST", r.der()),
			certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
	}
}

// askingWith asks with request extensions.
func askingWith(list ...extension) func(s *scene) {
	return asking(func(_ *scene, r *request) { r.extensions = list })
}

// client is the certificate of the one who signs requests.
func (s *scene) client() *certificate {
	return s.host("client.example.org", s.issuing, func(c *certificate) {
		c.key = s.key("client")
		c.with(purposes("1.3.6.1.5.5.7.3.2"))
	})
}

// signedRequest is a request signed by the client and named as it.
func signedRequest(change func(s *scene, r *request)) func(s *scene) {
	return asking(func(s *scene, r *request) {
		c := s.client()
		r.signer, r.certs = c.key, []der{c.der}
		r.name = explicit(1, explicit(4, c.subject))
		change(s, r)
	})
}

// located is a GET URL, its last part made from the request's base64.
func located(encode func(b64 string) string) func(s *scene) {
	return func(s *scene) {
		r := request{ids: []certID{s.first().id}}
		text := "http://ocsp.example.org/r3/" + encode(base64.StdEncoding.EncodeToString(r.der())) + "\n"
		s.instead = []file{{"request.url", text}, certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
	}
}

// preferred lists algorithms that the client would like (RFC 6960, section
// 4.4.7).
func preferred(ids ...der) extension {
	var all der
	for _, id := range ids {
		all = append(all, seq(id)...)
	}
	return extension{idPreferred, false, seq(all)}
}

// requests is about OCSP requests: ocsp.request.*.
var requests = []vector{
	{name: "req-good", about: "A request for the leaf without anything optional.", make: asking(func(*scene, *request) {})},
	{name: "req-sha256", about: "The CertID uses SHA-256.", pair: "req-good",
		make: asking(func(_ *scene, r *request) { r.ids[0].hash = crypto.SHA256 })},
	{name: "req-sha256-rfc9919", about: "The CertID uses SHA-256, judged by RFC 9919.", pair: "req-sha1-rfc9919",
		make: under("rfc9919", asking(func(_ *scene, r *request) { r.ids[0].hash = crypto.SHA256 }))},
	{name: "req-sha1-rfc9919", about: "The CertID uses SHA-1, judged by RFC 9919.", pair: "req-sha256-rfc9919",
		make: under("rfc9919", asking(func(*scene, *request) {}))},
	{name: "req-version-explicit-v1", about: "The version is sent although it is the default.",
		make: asking(func(_ *scene, r *request) { r.version = explicit(0, integer(0)) })},
	{name: "req-version-v2", about: "The version is 1, a v2 that does not exist.",
		make: asking(func(_ *scene, r *request) { r.version = explicit(0, integer(1)) })},
	{name: "req-empty-list", about: "The request asks about nothing.",
		make: asking(func(_ *scene, r *request) { r.ids = nil })},
	{name: "req-two", about: "The request asks about two certificates.",
		make: asking(func(s *scene, r *request) { r.ids = append(r.ids, s.another().id) })},
	{name: "req-other-serial", about: "The request asks about another certificate than the one at hand.",
		make: asking(func(s *scene, r *request) { r.ids = []certID{s.another().id} })},
	{name: "req-other-issuer", about: "The request has the hashes of another CA.",
		make: asking(func(s *scene, r *request) { r.ids[0].name, r.ids[0].key = s.other.subject, s.other.key })},
	{name: "req-nonce-32", about: "The nonce has 32 octets.", make: askingWith(nonceOf(sent))},
	{name: "req-nonce-16", about: "The nonce has 16 octets, half of what a requester must send.", pair: "req-nonce-32",
		make: askingWith(nonceOf(sent[:16]))},
	{name: "req-nonce-0", about: "The nonce has no octets.", make: askingWith(nonceOf(nil))},
	{name: "req-nonce-129", about: "The nonce has 129 octets.", make: askingWith(nonceOf(random("nonce", 129)))},
	{name: "req-nonce-raw", about: "The nonce stands in extnValue without an OCTET STRING of its own.", pair: "req-nonce-32",
		make: askingWith(extension{idNonce, false, sent})},
	{name: "req-nonce-critical", about: "The nonce is critical.", pair: "req-nonce-32", make: askingWith(critical(nonceOf(sent)))},
	{name: "req-unknown-extension", about: "The request has an unknown extension.", make: askingWith(strange())},
	{name: "req-critical-unknown", about: "The request has an unknown critical extension.", pair: "req-unknown-extension",
		make: askingWith(critical(strange()))},
	{name: "req-acceptable", about: "The request accepts id-pkix-ocsp-basic.",
		make: askingWith(extension{idAcceptable, false, seq(oid(idBasic))})},
	{name: "req-acceptable-other", about: "The request accepts only a response type that does not exist.", pair: "req-acceptable",
		make: askingWith(extension{idAcceptable, false, seq(oid(idUnknown))})},
	{name: "req-preferred", about: "The request would like ECDSA, else RSA, with SHA-256.",
		make: askingWith(preferred(ecdsaSHA256.id, rsaSHA256.id))},
	{name: "req-preferred-md5", about: "The request would like RSA with MD5.", pair: "req-preferred",
		make: askingWith(preferred(rsaMD5.id))},
	{name: "req-service-locator", about: "The entry has a service locator.",
		make: asking(func(s *scene, r *request) {
			r.entry = []extension{{idLocator, false, seq(s.issuing.subject, access(idAccessOCSP, "http://ocsp.example.org/r3").value)}}
		})},
	{name: "req-name-unsigned", about: "There is a requestorName, and no signature.",
		make: asking(func(s *scene, r *request) { r.name = explicit(1, explicit(4, s.leaf.subject)) })},
	{name: "req-signed", about: "The request is signed by a client, and names it.", make: signedRequest(func(*scene, *request) {})},
	{name: "req-signed-badsig", about: "One bit of the request's signature is turned over.", pair: "req-signed",
		make: signedRequest(func(_ *scene, r *request) { r.value = flipped })},
	{name: "req-signed-no-name", about: "The request is signed, and says not by whom.", pair: "req-signed",
		make: signedRequest(func(_ *scene, r *request) { r.name = nil })},
	{name: "req-signed-dns", about: "The request is signed, and its requestorName is a host name.", pair: "req-signed",
		make: signedRequest(func(_ *scene, r *request) { r.name = explicit(1, implicit(2, []byte("client.example.org")...)) })},
	{name: "req-signed-no-certs", about: "The request is signed, and the signer's certificate is not there.", pair: "req-signed",
		make: signedRequest(func(_ *scene, r *request) { r.certs = nil })},

	{name: "req-get", about: "The URL of a GET request, escaped as it should be.", make: located(url.QueryEscape)},
	{name: "req-get-unescaped", about: "The URL of a GET request with +, / and = as they are.", pair: "req-get",
		make: located(func(b64 string) string { return b64 })},
	{name: "req-get-base64url", about: "The URL of a GET request in base64url without padding.", pair: "req-get",
		make: located(func(b64 string) string {
			return strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(b64)
		})},
	{name: "req-get-double-slash", about: "The URL of a GET request with two slashes before the request.", pair: "req-get",
		make: located(func(b64 string) string { return "/" + url.QueryEscape(b64) })},
	{name: "req-get-long", about: "The URL of a GET request for two certificates, longer than 255 octets.", pair: "req-get",
		make: func(s *scene) {
			r := request{ids: []certID{s.first().id, s.another().id}}
			located(func(string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString(r.der())) })(s)
		}},
}

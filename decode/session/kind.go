package session

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/spec"
)

// Sessions is the kind of session states: saved, opened, or printed. Its octets
// hold a secret, and its nodes say which.
var Sessions = check.Of(check.Kind{
	Name: "tls-session", Title: "TLS session", Spec: spec.RFC(5077, "4"), Secret: true, Marks: true,
	Match: match, Derive: keyLog, Rules: check.Catalogue(structureRules, secretRules, timeRules, useRules, peerRules, belongRules),
}, read, look, judge)

// match says how well octets or text fit.
func match(k check.Candidate) check.Match {
	switch {
	case k.Hint == "tls-session":
		return check.Match{Score: 100, Why: "it stands where a session does"}
	case k.Label == "SSL SESSION PARAMETERS" || k.Label == "TLS SESSION":
		return check.Match{Score: 100, Why: "a PEM block labelled " + k.Label}
	case k.Text && k.Label == "openssl-session":
		return check.Match{Score: 100, Why: "text below the heading SSL-Session"}
	case k.Text || k.Hint != "":
		return check.Match{}
	case isASN1(k.Bytes):
		return check.Match{Score: 90, Why: "SEQUENCE of version, protocol version and a cipher suite of two octets"}
	}
	if format, ok := Recognise(k.Bytes); ok {
		return check.Match{Score: 80, Why: "the octets are a state of " + programs[format] + " to the last one"}
	}
	return check.Match{}
}

// programs are the formats' programs for people.
var programs = map[string]string{
	OpenSSL: "OpenSSL", BoringSSL: "BoringSSL", LibreSSL: "LibreSSL", Go: "Go", GnuTLS: "GnuTLS", NSS: "NSS", MbedTLS: "Mbed TLS",
	WolfSSL: "wolfSSL", Rustls: "rustls", S2N: "s2n-tls", Picotls: "picotls", Fizz: "fizz", JSSE: "Java (JSSE)", Botan: "Botan",
}

func read(r *field.Reader) *Session {
	if bytes.HasPrefix(r.Left(), []byte(heading)) {
		return readText(r)
	}
	return Read(r)
}

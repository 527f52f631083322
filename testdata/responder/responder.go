// Package responder stands in for the OCSP responders of the world, on loopback:
// the one of OpenSSL over a PKI of its own, and those that answer otherwise than
// they should. The tests of the relay share it, native and at the edge.
//
//	pki := responder.NewPKI(t)
//	address := pki.Serve(t) // where responder.URL is to lead to
//	request := pki.Request(t, pki.Revoked, nil)
//
// It judges nothing: what a relay makes of all this, the tests say.
//
// RFC 6960, appendix A
package responder

// URL is that of a responder on the Internet, as tests name it: it passes the
// guard, and leads wherever a test has it lead.
const URL = "http://ocsp.ca.net/"

// Simplest is a request for one serial number.
var Simplest = []byte("\x30\x42\x30\x40\x30\x3e\x30\x3c\x30\x3a\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14aaaaaaaaaaaaaaaaaaaa\x04\x14bbbbbbbbbbbbbbbbbbbb\x02\x01\x05")

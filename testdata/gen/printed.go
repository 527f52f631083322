package main

import (
	"crypto"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// printer writes a response as OCSP_RESPONSE_print of OpenSSL does.
type printer struct{ strings.Builder }

func (p *printer) line(depth int, form string, args ...any) {
	p.WriteString(strings.Repeat(" ", depth) + fmt.Sprintf(form, args...) + "\n")
}

func capitals(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

// printedTime is a time as OpenSSL prints it.
func printedTime(t time.Time) string { return t.Format("Jan _2 15:04:05 2006 GMT") }

// standing is a status as it is printed, and as it is encoded.
type standing struct {
	lines []string
	der   der
}

var printedGood = standing{[]string{"Cert Status: good"}, good}

func printedRevoked(when time.Time) standing {
	return standing{[]string{"Cert Status: revoked", "Revocation Time: " + printedTime(when), "Revocation Reason: keyCompromise (0x1)"},
		revoked(when, 1)}
}

// printed answers for the leaf, and prints the answer. nonce may be nil.
func (s *scene) printed(responder string, status standing, nonce []byte) string {
	this := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	e := s.first()
	e.status = status.der
	var p printer
	p.line(0, "OCSP Response Data:")
	p.line(4, "OCSP Response Status: successful (0x0)")
	p.line(4, "Response Type: Basic OCSP Response")
	p.line(4, "Version: 1 (0x0)")
	p.line(4, "Responder Id: %s", responder)
	p.line(4, "Produced At: %s", printedTime(this))
	p.line(4, "Responses:")
	p.line(4, "Certificate ID:")
	p.line(6, "Hash Algorithm: sha1")
	p.line(6, "Issuer Name Hash: %s", capitals(sum(crypto.SHA1, e.id.name)))
	p.line(6, "Issuer Key Hash: %s", capitals(sum(crypto.SHA1, e.id.key.public)))
	p.line(6, "Serial Number: %s", strings.TrimPrefix(capitals(body(e.id.serial)), "00"))
	for _, l := range status.lines {
		p.line(4, "%s", l)
	}
	p.line(4, "This Update: %s", printedTime(this))
	p.line(4, "Next Update: %s", printedTime(this.Add(4*day)))
	p.line(0, "")
	if nonce != nil {
		s.response.extensions = []extension{nonceOf(nonce)}
		p.line(4, "Response Extensions:")
		p.line(8, "OCSP Nonce: ")
		p.line(12, "%s", capitals(octets(nonce...)))
	}
	p.line(4, "Signature Algorithm: sha256WithRSAEncryption")
	p.line(4, "Signature Value:")
	for b := s.signer.sign(s.signer.usual, s.tbsDER()); len(b) > 0; {
		n := min(18, len(b))
		l := spaced(b[:n], "", ":")
		if b = b[n:]; len(b) > 0 {
			l += ":"
		}
		p.line(8, "%s", l)
	}
	return p.String()
}

// byIssuing is the name of the issuing CA as OpenSSL prints it.
const byIssuing = "O = Example, CN = Example Issuing CA R3"

// described is a certificate as it stands behind a printed response.
func described(c *certificate) string {
	return "Certificate:\n    Data:\n        Version: 3 (0x2)\n" + certFile("", c).text
}

// stapled is the output of openssl s_client -status: what it says of the
// response, and the certificates.
func (s *scene) stapled(what string) []file {
	return []file{{"s_client.txt", "CONNECTED(00000003)\n" + what + "---\nCertificate chain\n 0 s:O = Example, CN = www.example.org\n" +
		"   i:" + byIssuing + "\n" + certFile("", s.leaf).text + " 1 s:" + byIssuing + "\n   i:O = Example, CN = Example Root R1\n" +
		certFile("", s.issuer).text + "---\n"}}
}

const rule = "======================================\n"

// texts is about what OpenSSL prints: ocsp.text.*.
var texts = []vector{
	{name: "printed", about: "A good response with a nonce as openssl ocsp -resp_text prints it.",
		make: func(s *scene) {
			text := s.printed(byIssuing, printedGood, random("printed", 16))
			s.instead = []file{{"response.txt", text}, certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
	{name: "printed-embedded", about: "A printed response with the responder's certificate behind it.", pair: "printed",
		make: func(s *scene) {
			s.signBy(s.responder)
			text := s.printed("O = Example, CN = Example OCSP Responder 7", printedGood, nil) + described(s.responder)
			s.instead = []file{{"response.txt", text}, certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
	{name: "printed-staple", about: "The output of openssl s_client -status: a revoked leaf, the responder by key.", pair: "printed",
		make: func(s *scene) {
			s.rid = byKey(s.signer.hash())
			s.instead = s.stapled("OCSP response: \n" + rule + s.printed(capitals(s.signer.hash()), printedRevoked(clock.Add(-9*day)), nil) + rule)
		}},
	{name: "printed-unproved", about: "A printed response without the certificate of its signer.", pair: "printed",
		make: func(s *scene) {
			s.instead = []file{{"response.txt", s.printed(byIssuing, printedGood, nil)}, certFile("leaf.pem", s.leaf)}
		}},
	{name: "printed-changed", about: "A printed response in which someone wrote good in place of revoked.", pair: "printed",
		make: func(s *scene) {
			text := s.printed(byIssuing, printedRevoked(clock.Add(-9*day)), nil)
			from, to := strings.Index(text, "    Cert Status: "), strings.Index(text, "    This Update: ")
			text = text[:from] + "    Cert Status: good\n" + text[to:]
			s.instead = []file{{"response.txt", text}, certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
	{name: "printed-cut", about: "A printed response that ends before the signature.", pair: "printed",
		make: func(s *scene) {
			text, _, _ := strings.Cut(s.printed(byIssuing, printedGood, nil), "    Signature Algorithm:")
			s.instead = []file{{"response.txt", text}, certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
	{name: "printed-trylater", about: "The output of openssl s_client -status: the server stapled an error.", pair: "printed-staple",
		make: func(s *scene) {
			s.instead = s.stapled("OCSP response: \n" + rule + "OCSP Response Data:\n    OCSP Response Status: trylater (0x3)\n" + rule)
		}},
	{name: "printed-none", about: "The output of openssl s_client -status: the server stapled nothing.", pair: "printed-staple",
		make: func(s *scene) { s.instead = s.stapled("OCSP response: no response sent\n") }},
	{name: "printed-result", about: "The result of openssl ocsp: good, verified.",
		make: func(s *scene) {
			this := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
			s.instead = []file{{"ocsp.txt", "Response verify OK\nleaf.pem: good\n\tThis Update: " + printedTime(this) +
				"\n\tNext Update: " + printedTime(this.Add(4*day)) + "\n"}}
		}},
	{name: "printed-result-failure", about: "The result of openssl ocsp: good, not verified.", pair: "printed-result",
		make: func(s *scene) {
			this := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
			s.instead = []file{{"ocsp.txt", "Response Verify Failure\nleaf.pem: good\n\tThis Update: " + printedTime(this) +
				"\n\tNext Update: " + printedTime(this.Add(4*day)) + "\n"}}
		}},
}

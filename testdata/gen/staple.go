package main

// demanding has the leaf carry a TLS feature extension, and the response
// answer for it.
func demanding(e extension, more ...func(c *certificate)) func(s *scene) {
	return func(s *scene) {
		s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) {
			c.with(e)
			for _, change := range more {
				change(c)
			}
		}))
	}
}

// withoutOCSP takes the responder's URL out of a certificate.
func withoutOCSP(c *certificate) { c.with(access(idAccessIssuer, "http://ca.example.org/r3.cer")) }

// constraining has the issuing CA's certificate carry the TLS feature
// status_request (RFC 7633, section 4.2.2).
func constraining(s *scene) {
	s.issuer = s.issuing.again(s.root.key, func(c *certificate) { c.with(features(5)) })
}

// staples is about certificates that demand a staple: ocsp.staple.must* and
// ocsp.staple.possible.
var staples = []vector{
	{name: "staple", about: "The leaf demands a staple, and the response is a good one.", make: demanding(features(5))},
	{name: "must-staple-alone", about: "The leaf demands a staple, and there is no response.", pair: "staple",
		make: func(s *scene) {
			demanding(features(5))(s)
			s.instead = []file{certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
	{name: "must-staple-expired", about: "The leaf demands a staple, and the response expired yesterday.", pair: "staple",
		make: func(s *scene) {
			demanding(features(5))(s)
			s.times(-6*day, -day)
		}},
	{name: "must-staple-v2", about: "The leaf demands status_request and status_request_v2.", pair: "staple",
		make: demanding(features(5, 17))},
	{name: "must-staple-empty", about: "The leaf's TLS feature extension lists nothing.", pair: "staple", make: demanding(features())},
	{name: "must-staple-not-integers", about: "The leaf's TLS feature extension lists a text.", pair: "staple",
		make: demanding(extension{idTLSFeature, false, seq(utf8("status_request"))})},
	{name: "must-staple-critical", about: "The leaf's TLS feature extension is critical.", pair: "staple",
		make: demanding(critical(features(5)))},
	{name: "must-staple-no-url", about: "The leaf demands a staple, and names no responder.", pair: "staple",
		make: demanding(features(5), withoutOCSP)},
	{name: "must-staple-ca", about: "The issuing CA and the leaf both demand a staple.", pair: "must-staple-ca-only",
		make: func(s *scene) {
			demanding(features(5))(s)
			constraining(s)
		}},
	{name: "must-staple-ca-only", about: "The issuing CA demands a staple of what it issues, the leaf does not.", pair: "must-staple-ca",
		make: constraining},
	{name: "no-responder-url", about: "The leaf names no responder, as it may.",
		make: func(s *scene) { s.answerFor(s.issuing, s.host("www.example.org", s.issuing, withoutOCSP)) }},
}

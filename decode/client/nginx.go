package client

// nginx looks at a file once, when it starts; what it fetches it judges.
var nginx = &server{
	name: "nginx", version: "1.31.5", source: "src/event/ngx_event_openssl_stapling.c of nginx 3f6f782",
	ways: []way{
		{letter: 'F', name: "file", show: "ssl_stapling_file response.der;"},
		{letter: 'A', name: "fetched", show: "ssl_stapling on;"},
		{letter: 'A', name: "fetched, ssl_stapling_verify on", option: true, show: "ssl_stapling on; ssl_stapling_verify on;"},
	},
	rules: []rule{
		{id: "nginx.file-parse", ways: "F", when: (*served).unread,
			said: `d2i_OCSP_RESPONSE_bio("F") failed`, why: "the outer layer cannot be decoded: nginx does not start"},
		{id: "nginx.file-any", ways: "F", then: serve, when: (*served).wrong,
			why: "nothing but the outer layer is looked at, and the file is served for ever"},
		{id: "nginx.url", ways: "A", when: (*served).nowhere,
			said: "\"ssl_stapling\" ignored, no OCSP responder URL in the certificate \"X\"", why: "the certificate names no OCSP responder, and ssl_stapling_responder is not set"},
		{id: "nginx.http-status", ways: "A", when: func(s *served) bool { return s.http != nil && !s.http.Request && s.http.Status != 200 },
			why: "the HTTP status is not 200; nothing is logged"},
		{id: "nginx.http-type", ways: "A", when: func(s *served) bool { t, there := s.contentType(); return there && t != ocspType },
			says: func(s *served) string {
				t, _ := s.contentType()
				return `OCSP responder sent invalid "Content-Type" header: "` + t + `"`
			}, why: "Content-Type may be absent, but if it is there it has to be application/ocsp-response and nothing else"},
		{id: "nginx.parse", ways: "A", when: (*served).unread,
			said: "d2i_OCSP_RESPONSE() failed", why: "the outer layer cannot be decoded"},
		{id: "nginx.status", ways: "A", when: (*served).failed,
			says: func(s *served) string { return "OCSP response not successful (" + s.statusWords() + ")" }, why: "the response is an error status"},
		{id: "nginx.basic", ways: "A", when: (*served).unparsed,
			said: "OCSP_response_get1_basic() failed", why: "there are no responseBytes of the basic type, or their inside cannot be decoded"},
		{id: "nginx.signature", ways: "A", when: func(s *served) bool { return s.parsed && s.refused(nil, noVerify) },
			says: func(s *served) string { return nginxSays(s.verify(nil, noVerify)) },
			why:  "responderID names no certificate of the response or the chain, or its key does not verify the signature"},
		{id: "nginx.signer", ways: "A", then: refuseOnOption, when: (*served).nginxSigner,
			says: func(s *served) string {
				if !s.way.option {
					return ""
				}
				return nginxSays(s.verify(s.roots, trustOther))
			}, why: "only ssl_stapling_verify looks at who signed"},
		{id: "nginx.match", ways: "A", when: (*served).unmatched,
			said: "certificate status not found in the OCSP response", why: "no entry has the SHA-1 CertID of this certificate and issuer"},
		{id: "nginx.times", ways: "A", when: func(s *served) bool { return s.invalidTimes(s.match()) },
			said: "OCSP_check_validity() failed", why: "the times do not hold, with 300 s of tolerance"},
		{id: "nginx.good", ways: "A", when: (*served).notGood,
			says: func(s *served) string {
				return `certificate status "` + s.match().status.String() + `" in the OCSP response`
			}, why: "the status is not good"},
		{id: "nginx.no-next", ways: "A", then: serve, when: func(s *served) bool { e := s.match(); return e != nil && !e.hasNext },
			why: "there is no nextUpdate: it is asked for again, but served until a newer one comes"},
		{id: "nginx.expiry", ways: "A", when: func(s *served) bool { return s.passed(s.match(), 0) },
			why: "nextUpdate has passed: within 300 s it is taken without a word, and never sent"},
	},
}

func nginxSays(v *verification) string {
	if v == nil || len(v.errors) == 0 {
		return "OCSP_basic_verify() failed"
	}
	return "OCSP_basic_verify() failed (SSL: " + v.errors[0] + ")"
}

// nginxSigner asks for the signer's right to sign, with ssl_trusted_certificate
// as the store. Without a root that stays open.
func (s *served) nginxSigner() bool {
	switch {
	case !s.parsed:
		return false
	case !s.way.option:
		return s.untrusted()
	}
	v := s.verify(s.roots, trustOther)
	if v == nil || len(v.errors) == 0 {
		return false
	}
	if len(s.roots) == 0 && v.rooted {
		s.needs = "anchor"
	}
	s.cause = verifyWhy(v.errors[0])
	return true
}

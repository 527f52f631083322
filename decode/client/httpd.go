package client

import "strings"

// httpd fetches inside a handshake, and sends errors on unless told not to.
var httpd = &server{
	name: "httpd", version: "2.4.x", source: "modules/ssl/ssl_util_stapling.c, ssl_util_ocsp.c of httpd f45abec",
	ways: []way{
		{letter: 'A', name: "fetched", show: "SSLUseStapling on"},
		{letter: 'A', name: "fetched, SSLStaplingReturnResponderErrors off", option: true, show: "SSLUseStapling on, SSLStaplingReturnResponderErrors off"},
	},
	rules: []rule{
		{id: "httpd.no-url", when: (*served).nowhere,
			said: "AH02218: ssl_stapling_init_cert: no OCSP URI in certificate and no SSLStaplingForceURL set", why: "the certificate names no OCSP responder: httpd starts, and staples nothing"},
		{id: "httpd.url", when: func(s *served) bool {
			urls := s.urls()
			return len(urls) > 0 && !strings.HasPrefix(urls[0], "http://")
		}, said: "AH01940, AH01955: fatal error renewing response", why: "the certificate's OCSP URL is not http://: the handshake ends with alert internal_error (80)"},
		{id: "httpd.parse", when: func(s *served) bool { return !s.read || s.http != nil && !s.http.Request && s.http.Status/100 != 2 },
			said: "AH01941: responder error", why: "the outer layer cannot be decoded, or the HTTP status is not 2xx: a tryLater of its own is sent instead"},
		{id: "httpd.status", then: refuseOnOption, when: (*served).failed,
			said: "AH01944 (debug)", why: "an error status is sent, and kept for ten minutes"},
		{id: "httpd.basic", then: refuseOnOption, when: (*served).unparsed,
			said: "AH01934: Error Parsing Response!; AH01943: error in retrieved response!", why: "the inner layer cannot be decoded. With errors off 2.4 sends it the next time, from its cache"},
		{id: "httpd.match", then: refuseOnOption, when: (*served).unmatched,
			said: "AH01935: certificate ID not present in response!; AH01943", why: "no entry has the SHA-1 CertID of this certificate and issuer"},
		{id: "httpd.times", then: refuseOnOption, when: func(s *served) bool { return s.invalidTimes(s.match()) },
			said: "AH01936: response times invalid; AH01943", why: "the times do not hold, with 300 s of tolerance"},
		{id: "httpd.good", then: serve, when: (*served).notGood,
			says: func(s *served) string { return "AH02969: response has certificate status " + s.match().status.String() }, why: "a status that is not good is stapled, with and without errors"},
		{id: "httpd.unverified", then: serve, when: (*served).untrusted,
			why: "signature and signer are not looked at"},
		{id: "httpd.size", then: serve, when: func(s *served) bool { return s.largerThan(10239) },
			said: "AH01928: OCSP stapling response too big; AH01945", why: "it is never cached: every handshake asks again"},
	},
}

// urls are the OCSP URLs of the certificate.
func (s *served) urls() []string {
	if s.subject == nil {
		return nil
	}
	return s.subject.OCSPURLs()
}

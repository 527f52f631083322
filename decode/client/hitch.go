package client

// hitch judges a file and a fetched response alike, but for the times.
var hitch = &server{
	name: "hitch", version: "a90f554", source: "src/ocsp.c, hitch.c of hitch a90f554",
	ways: []way{
		{letter: 'F', name: "file", show: `pem-file = { cert = "certificate.pem" ocsp-resp-file = "response.der" }`},
		{letter: 'A', name: "fetched", show: `ocsp-dir = "/var/lib/hitch"`},
	},
	rules: []rule{
		{id: "hitch.status", when: func(s *served) bool { return !s.read || s.failed() }, says: func(s *served) string {
			if !s.read {
				return "Error parsing OCSP staple in 'F'"
			}
			return "OCSP response for cert X has status " + statusText(s.outer.status)
		}, why: "the outer layer cannot be decoded, or the response is an error status; a configured file that is wrong keeps the certificate from loading"},
		{id: "hitch.signature", when: func(s *served) bool { return !s.parsed || s.refused(nil, noVerify) },
			said: "Staple verification failed for cert X", why: "responderID names no certificate of the response or the chain, or its key does not verify the signature"},
		{id: "hitch.signature", then: serve, when: (*served).untrusted,
			why: "only ocsp-verify-staple looks at who signed"},
		{id: "hitch.match", when: (*served).unmatched,
			said: "Unable to find OCSP response with a matching certificate id", why: "no entry has the SHA-1 CertID of this certificate and issuer"},
		{id: "hitch.good", when: (*served).notGood,
			says: func(s *served) string { return "Certificate X has status " + s.match().status.String() }, why: "the status is not good"},
		{id: "hitch.expiry", ways: "T", when: func(s *served) bool { return s.passed(s.match(), 0) },
			why: "it loads, but is not sent: nextUpdate has passed"},
	},
}

package client

// sServer3 and sServer4 are `openssl s_server -status_file`, which reads the
// file at every handshake.
var (
	sServer3 = &server{
		name: "s_server", version: "3.1.7", source: "apps/s_server.c of openssl 3.1.7",
		ways: []way{{letter: 'F', name: "file", show: "openssl s_server -status_file response.der"}},
		rules: []rule{
			{id: "openssl.parse", when: (*served).unread,
				said: "cert_status: Error reading OCSP response", why: "the outer layer cannot be decoded: the handshake ends with a fatal alert"},
			{id: "openssl.any", then: serve, when: (*served).wrong,
				why: "nothing but the outer layer is looked at"},
		},
	}
	sServer4 = &server{
		name: "s_server", version: "4.1.0-dev", source: "apps/s_server.c of openssl 4.1-dev fd2e286",
		ways: []way{
			{letter: 'F', name: "file", show: "openssl s_server -status_file response.der"},
			{letter: 'F', name: "file, -cert_chain", option: true, show: "openssl s_server -status_file response.der -cert_chain chain.pem"},
		},
		rules: []rule{
			{id: "openssl.parse", when: (*served).unread,
				said: "cert_status: Error reading OCSP response", why: "the outer layer cannot be decoded: the handshake goes on without a staple"},
			{id: "openssl.match", when: func(s *served) bool { return s.way.option && (!s.parsed || s.unmatched()) },
				said: "no ocsp response for certificate with index 0", why: "with a chain loaded, an entry with the SHA-1 CertID is asked for; only -status_verbose says so"},
			{id: "openssl.any", then: serve, when: (*served).wrong,
				why: "nothing else is looked at"},
		},
	}
)

package client

import "fmt"

// trafficServer staples for an hour whatever decodes at the outer layer.
var trafficServer = &server{
	name: "ats", version: "1372b5e", source: "src/iocore/net/OCSPStapling.cc, SSLConfig.cc, SSLUtils.cc of trafficserver 1372b5e",
	ways: []way{
		{letter: 'F', name: "file", show: "ssl_ocsp_name=response.der"},
		{letter: 'A', name: "fetched", show: "proxy.config.ssl.ocsp.enabled: 1"},
	},
	rules: []rule{
		{id: "ats.parse", when: (*served).unread, says: func(s *served) string {
			if s.way.letter == 'F' {
				return "cannot get prefetched response for X from F"
			}
			return "failed to parse a response from OCSP server"
		}, why: "the outer layer cannot be decoded"},
		{id: "ats.size", when: func(s *served) bool { return s.largerThan(10240) },
			says: func(s *served) string { return fmt.Sprintf("OCSP response too big (%d bytes) for X", len(s.response)) }, why: "it is longer than 10,240 octets"},
		{id: "ats.url", when: (*served).nowhere,
			said: "no OCSP responder URI for X", why: "the certificate has no OCSP URL, which is asked for even beside a file"},
		{id: "ats.any", then: serve, when: (*served).wrong,
			why: "what is wrong inside is logged at most: a fetched one is stapled for an hour, a file until a fetched one takes its place"},
	},
}

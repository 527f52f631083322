package client

import "derscope/decode/cert"

// h2o staples what its script lets pass; the script asks `openssl ocsp`.
var h2o = &server{
	name: "h2o", version: "edd7a12", source: "src/main.c, share/h2o/fetch-ocsp-response of h2o edd7a12",
	ways: []way{{letter: 'A', name: "fetched", show: "share/h2o/fetch-ocsp-response certificate.pem"}},
	rules: []rule{
		{id: "h2o.url", when: (*served).nowhere,
			said: "failed to extract ocsp URI from X", why: "the certificate names no OCSP responder: stapling is off until a restart"},
		{id: "h2o.verify", when: (*served).h2oRefused,
			said: "failed to verify the response", why: "an error status, no entry with the SHA-1 CertID, or a signer that `openssl ocsp` does not take with the issuer alone (exit 75)"},
		{id: "h2o.any", then: serve, when: (*served).wrong,
			why: "`openssl ocsp` lets it pass: status and times are not looked at, now or later"},
	},
}

// h2oRefused tries what the script tries: -VAfile, then -partial_chain -CAfile,
// then -CAfile, of the issuer.
func (s *served) h2oRefused() bool {
	if !s.parsed || s.unmatched() {
		return true
	}
	store := []*cert.Certificate{s.issuer}
	return s.needs == "" && s.refused(nil, trustOther) && s.refused(store, partialChain|trustOther) && s.refused(store, trustOther)
}

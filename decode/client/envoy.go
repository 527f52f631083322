package client

import (
	"bytes"
	"fmt"
	"time"

	"derscope/decode/report"
)

// envoy trusts a staple as part of its configuration: a wrong one keeps the TLS
// context from loading, and little is wrong.
var envoy = &server{
	name: "envoy", version: "0280191", source: "source/common/tls/ocsp/ocsp.cc, server_context_impl.cc of envoy 0280191",
	ways: []way{{letter: 'F', name: "file", show: "ocsp_staple: { filename: response.der }"}},
	rules: []rule{
		{id: "envoy.status", when: func(s *served) bool { m := s.envoy().message; return m == envoyFailed || m == envoyNoBody },
			says: envoySays, why: "the response is an error status, or has no responseBytes"},
		{id: "envoy.one", when: func(s *served) bool { return s.envoy().message == envoySeveral },
			said: envoySeveral, why: "there is not exactly one entry"},
		{id: "envoy.der", when: func(s *served) bool { return s.envoy().message != "" },
			says: envoySays, why: "it is not strict DER of version 1 with nothing behind it"},
		{id: "envoy.match", when: func(s *served) bool {
			if s.subject == nil {
				s.needs = "subject"
				return false
			}
			return !bytes.Equal(s.envoy().serial, s.subject.Serial.Value)
		}, said: "OCSP response does not match its TLS certificate", why: "the serial number is another; nothing else of the CertID is compared"},
		{id: "envoy.future", then: serve, when: func(s *served) bool { return s.clock() && s.envoy().this.After(s.at) },
			says: func(s *served) string {
				return "OCSP Response thisUpdate field is set in the future: " + report.Clock(s.envoy().this)
			}, why: "thisUpdate is ahead, which is a warning"},
		{id: "envoy.blind", then: serve, when: (*served).envoyBlind,
			why: "status, hashes, signature and signer are not looked at"},
		{id: "envoy.expiry", ways: "T", when: func(s *served) bool {
			r := s.envoy()
			return !r.hasNext || s.clock() && r.next.Before(s.at)
		}, why: "it loads, but is not sent: nextUpdate has passed or is absent. With STRICT_STAPLING, MUST_STAPLE or a certificate that demands a staple the connection is refused"},
	},
}

const (
	envoyFailed  = "OCSP response was unsuccessful"
	envoyNoBody  = "OCSP response has no body"
	envoySeveral = "OCSP Response must be for one certificate only"
	envoyTrails  = "Data contained more than a single OCSP response"
	envoyForm    = "… is not a well-formed …"
)

func (s *served) envoyBlind() bool {
	m := s.match()
	switch {
	case !s.parsed || s.untrusted():
	case !s.has(good):
		s.cause = "the status is not good"
	case m == nil && s.needs == "":
		s.cause = "the CertID is not the SHA-1 one of this certificate and issuer"
	}
	return s.cause != ""
}

func envoySays(s *served) string { return s.envoy().message }

// envoyStaple is what Envoy keeps of a response.
type envoyStaple struct {
	message    string // why it does not load
	serial     []byte
	this, next time.Time
	hasNext    bool
}

// envoyParse reads strict DER; certs, signature and extensions are passed over.
func envoyParse(b []byte) (r envoyStaple) {
	stop := func(message string) envoyStaple { r.message = message; return r }
	source := octets{b, strict}
	all, ok := source.take(0x30)
	if !ok {
		return stop(envoyForm)
	}
	if !source.empty() {
		return stop(envoyTrails)
	}
	s, ok := all.take(0x0a)
	switch {
	case !ok || len(s.b) != 1:
		return stop(envoyForm)
	case s.b[0] > 6 || s.b[0] == 4:
		return stop(fmt.Sprintf("Unknown OCSP Response Status variant: %d", s.b[0]))
	case s.b[0] != 0:
		return stop(envoyFailed)
	case all.empty():
		return stop(envoyNoBody)
	}
	wrapped, ok := all.take(0xa0)
	if !ok {
		return stop(envoyForm)
	}
	body, ok := wrapped.take(0x30)
	if !ok {
		return stop(envoyForm)
	}
	typ, ok := body.take(0x06)
	if !ok {
		return stop(envoyForm)
	}
	if string(typ.b) != basicOID {
		return stop("Unknown OCSP Response type with OID: " + oidText(typ.b))
	}
	content, ok := body.take(0x04)
	if !ok {
		return stop(envoyForm)
	}
	basic, ok := content.take(0x30)
	if !ok {
		return stop(envoyForm)
	}
	data, ok := basic.take(0x30)
	if !ok || !readable(basic) {
		return stop(envoyForm)
	}
	return envoyData(data, r)
}

func envoyData(data octets, r envoyStaple) envoyStaple {
	stop := func(message string) envoyStaple { r.message = message; return r }
	version, there, ok := data.maybe(0xa0)
	if !ok {
		return stop(envoyForm)
	}
	if there {
		if v, ok := version.take(0x02); !ok || len(v.b) != 1 || v.b[0] != 0 {
			return stop(fmt.Sprintf("OCSP ResponseData version 0x%x is not supported", v.b))
		}
	}
	if _, ok := data.raw(); !ok { // responderID
		return stop(envoyForm)
	}
	if _, ok := data.raw(); !ok { // producedAt
		return stop(envoyForm)
	}
	list, ok := data.take(0x30)
	if !ok {
		return stop(envoyForm)
	}
	single, ok := list.take(0x30)
	if !ok || !list.empty() {
		return stop(envoySeveral)
	}
	id, ok := single.take(0x30)
	if !ok {
		return stop(envoyForm)
	}
	for range 3 { // hashAlgorithm, issuerNameHash, issuerKeyHash
		if _, ok := id.raw(); !ok {
			return stop(envoyForm)
		}
	}
	serial, ok := id.take(0x02)
	if !ok {
		return stop(envoyForm)
	}
	r.serial = serial.b
	if _, ok := single.raw(); !ok { // certStatus
		return stop(envoyForm)
	}
	if r.this, ok = single.time(); !ok {
		return stop(envoyForm)
	}
	next, there, ok := single.maybe(0xa0)
	if !ok {
		return stop(envoyForm)
	}
	if r.hasNext = there; there {
		if r.next, ok = next.time(); !ok {
			return stop(envoyForm)
		}
	}
	return r
}

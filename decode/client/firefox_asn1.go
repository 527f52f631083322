package client

import (
	"time"

	"derscope/decode/cert"
)

var firefoxStatus = map[byte]string{
	1: "ERROR_OCSP_MALFORMED_REQUEST", 2: "ERROR_OCSP_SERVER_ERROR", 3: "ERROR_OCSP_TRY_SERVER_LATER",
	5: "ERROR_OCSP_REQUEST_NEEDS_SIG", 6: "ERROR_OCSP_UNAUTHORIZED_REQUEST",
}

// parseResponse reads up to the responderID. After an error status nothing more is read.
func (f *firefox) parseResponse() next {
	source := octets{f.response, narrow}
	all, ok := source.take(0x30)
	if !ok {
		return f.end(true, malformed)
	}
	s, ok := all.take(0x0a)
	if !ok || len(s.b) != 1 || s.b[0] > 0x7f {
		return f.end(true, malformed)
	}
	if s.b[0] != 0 {
		result := firefoxStatus[s.b[0]]
		if result == "" {
			result = "ERROR_OCSP_UNKNOWN_RESPONSE_STATUS"
		}
		return f.end(true, result)
	}
	if !source.empty() {
		return f.end(true, malformed)
	}
	wrapped, ok := all.only(0xa0)
	if !ok {
		return f.end(true, malformed)
	}
	in, ok := wrapped.only(0x30)
	if !ok {
		return f.end(true, malformed)
	}
	typ, ok := in.take(0x06)
	if !ok || string(typ.b) != basicOID {
		return f.end(true, malformed)
	}
	content, ok := in.only(0x04)
	if !ok {
		return f.end(true, malformed)
	}
	basic, ok := content.only(0x30)
	return f.end(!ok || !f.parseBasic(basic), malformed)
}

func (f *firefox) parseBasic(in octets) bool {
	whole := in.b
	data, ok := in.take(0x30)
	if !ok {
		return false
	}
	f.in, f.data = data, whole[:len(whole)-len(in.b)]
	if !in.peek(0x30) {
		return false
	}
	alg, ok := in.raw()
	if !ok {
		return false
	}
	f.algorithm = algorithm(alg)
	if f.signature, ok = in.take(0x03); !ok {
		return false
	}
	if !in.empty() {
		certs, ok := in.only(0xa0)
		if !ok {
			return false
		}
		list, ok := certs.only(0x30)
		for ok && !list.empty() {
			var raw []byte
			if !list.peek(0x30) {
				return false
			}
			raw, ok = list.raw()
			f.certs = append(f.certs, raw)
		}
		if !ok {
			return false
		}
	}
	return f.parseResponder()
}

func (f *firefox) parseResponder() bool {
	version, there, ok := f.in.maybe(0xa0)
	if !ok {
		return false
	}
	if there {
		if v, ok := version.only(0x02); !ok || len(v.b) != 1 || v.b[0] != 0 {
			return f.blame("the version is not v1")
		}
	}
	id := byte(0xa2)
	if f.byName = f.in.peek(0xa1); f.byName {
		id = 0xa1
	}
	responder, ok := f.in.take(id)
	f.responder = responder.b
	return ok
}

// time reads a GeneralizedTime in the form of DER, of 1970 or later.
func (f *firefox) time(in *octets) (time.Time, string) {
	t, ok := in.take(0x18)
	if !ok {
		return time.Time{}, malformed
	}
	m, ok := canonicalTime(t.b)
	if !ok || m.Year() < 1970 {
		return m, badDERTime
	}
	return m, ""
}

// extensions reads OPTIONAL [1] Extensions to the end. Of an entry's, the list
// of SCTs is known; it may not be empty and not come twice.
func (f *firefox) extensions(in *octets, entry bool) string {
	if in.empty() {
		return ""
	}
	wrapped, ok := in.take(0xa1)
	if !ok || !in.empty() {
		return malformed
	}
	list, ok := wrapped.only(0x30)
	if !ok {
		return malformed
	}
	for !list.empty() {
		e, ok := list.take(0x30)
		if !ok {
			return malformed
		}
		id, ok := e.take(0x06)
		if !ok {
			return malformed
		}
		critical, there, ok := e.maybe(0x01)
		if !ok || there && (len(critical.b) != 1 || critical.b[0] != 0 && critical.b[0] != 0xff) {
			return malformed
		}
		value, ok := e.only(0x04)
		switch {
		case !ok:
			return malformed
		case entry && string(id.b) == string(cert.IDSCTListOCSP.Bytes()):
			if value.empty() || f.scts {
				return "ERROR_EXTENSION_VALUE_INVALID"
			}
			f.scts = true
		case there && critical.b[0] != 0:
			return unknownCritical
		}
	}
	return ""
}

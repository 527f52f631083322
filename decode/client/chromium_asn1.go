package client

import (
	"time"

	"derscope/decode/sig"
)

// parseResponse reads the two outer layers. The signature algorithm has to be known here.
func (c *chromium) parseResponse() next {
	const parseError = "PARSE_RESPONSE_ERROR"
	all, ok := octets{c.response, strict}.only(0x30)
	if !ok {
		return c.end(true, parseError)
	}
	s, ok := all.take(0x0a)
	if !ok || len(s.b) != 1 || s.b[0] > 6 || s.b[0] == 4 {
		return c.end(true, parseError)
	}
	if s.b[0] != 0 {
		if !all.empty() {
			return c.end(true, parseError)
		}
		return c.end(true, "ERROR_RESPONSE")
	}
	wrapped, ok := all.only(0xa0)
	if !ok {
		return c.end(true, parseError)
	}
	in, ok := wrapped.only(0x30)
	if !ok {
		return c.end(true, parseError)
	}
	typ, ok := in.take(0x06)
	if !ok || string(typ.b) != basicOID {
		return c.end(true, parseError)
	}
	content, ok := in.only(0x04)
	return c.end(!ok || !c.parseBasic(content), parseError)
}

func (c *chromium) parseBasic(content octets) bool {
	in, ok := content.only(0x30)
	if !ok {
		return false
	}
	if c.data, ok = in.raw(); !ok {
		return false
	}
	alg, ok := in.raw()
	if !ok {
		return false
	}
	c.algorithm = algorithm(alg)
	if browserSignature(c.algorithm) == "" && !mldsa(c.algorithm) {
		return c.blame("the signature algorithm, " + c.algorithm.Scheme().Name + ", is none that BoringSSL knows in this form")
	}
	bits, ok := in.take(0x03)
	if !ok || len(bits.b) == 0 || bits.b[0] > 7 || len(bits.b) == 1 && bits.b[0] != 0 ||
		len(bits.b) > 1 && bits.b[len(bits.b)-1]&(1<<bits.b[0]-1) != 0 {
		return false
	}
	c.unused, c.signature = bits.b[0], bits.b[1:]
	certs, there, ok := in.maybe(0xa0)
	if !ok || !in.empty() {
		return false
	}
	if !there {
		return true
	}
	list, ok := certs.only(0x30)
	for ok && !list.empty() {
		var raw []byte
		raw, ok = list.raw()
		c.certs = append(c.certs, raw)
	}
	return ok
}

// mldsa says that a signature algorithm is one of ML-DSA, which BoringSSL knows.
func mldsa(a sig.Algorithm) bool {
	switch a.ID {
	case "2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19":
		return !a.Present
	}
	return false
}

func (c *chromium) parseData() bool {
	in, ok := octets{c.data, strict}.only(0x30)
	if !ok {
		return false
	}
	version, there, ok := in.maybe(0xa0)
	if !ok {
		return false
	}
	if there { // the default may be sent
		if v, ok := version.only(0x02); !ok || len(v.b) != 1 || v.b[0] != 0 {
			return c.blame("the version is not v1")
		}
	}
	switch {
	case in.peek(0xa1):
		id, ok := in.take(0xa1)
		if !ok {
			return false
		}
		c.responder.name = c.carried.name(id.b)
	default:
		id, ok := in.take(0xa2)
		if !ok {
			return false
		}
		key, ok := id.only(0x04)
		if !ok || len(key.b) != 20 {
			return c.blame("the key hash in responderID has not 20 octets")
		}
		c.responder.key = key.b
	}
	produced, ok := in.take(0x18)
	if !ok {
		return false
	}
	if c.produced, ok = canonicalTime(produced.b); !ok {
		return false
	}
	if c.singles, ok = in.take(0x30); !ok || !readable(c.singles) {
		return false
	}
	if c.extension, c.extended, ok = in.maybe(0xa1); !ok {
		return false
	}
	return in.empty()
}

func readable(list octets) bool {
	for !list.empty() {
		if _, ok := list.raw(); !ok {
			return false
		}
	}
	return true
}

// strictExtension is an Extension as BoringSSL reads it.
type strictExtension struct {
	id       string
	critical bool
}

// strictExtensions reads a list of extensions: not empty, none twice.
func strictExtensions(in octets) (list []strictExtension, ok bool) {
	all, ok := in.only(0x30)
	if !ok || all.empty() {
		return nil, false
	}
	seen := map[string]bool{}
	for !all.empty() {
		e, ok := all.take(0x30)
		if !ok {
			return nil, false
		}
		id, ok := e.take(0x06)
		if !ok || seen[string(id.b)] {
			return nil, false
		}
		seen[string(id.b)] = true
		critical, there, ok := e.maybe(0x01)
		if !ok || there && (len(critical.b) != 1 || critical.b[0] != 0xff) {
			return nil, false
		}
		if _, ok = e.only(0x04); !ok {
			return nil, false
		}
		list = append(list, strictExtension{string(id.b), there})
	}
	return list, true
}

// chromiumSingle is a SingleResponse as BoringSSL reads it.
type chromiumSingle struct {
	id         octets
	status     status
	this, next time.Time
	hasNext    bool
	extension  octets
	extended   bool
}

func parseSingle(raw []byte) (s chromiumSingle, ok bool) {
	in, ok := octets{raw, strict}.only(0x30)
	if !ok {
		return s, false
	}
	id, ok := in.raw()
	if !ok {
		return s, false
	}
	s.id = octets{id, strict}
	switch {
	case in.peek(0x80): // contents of good and unknown were not looked at in this version
		_, ok = in.take(0x80)
	case in.peek(0x82):
		s.status = unknown
		_, ok = in.take(0x82)
	default:
		s.status = revoked
		var r octets
		if r, ok = in.take(0xa1); ok {
			ok = parseRevoked(r)
		}
	}
	if !ok {
		return s, false
	}
	if s.this, ok = in.time(); !ok {
		return s, false
	}
	next, there, ok := in.maybe(0xa0)
	if !ok {
		return s, false
	}
	if s.hasNext = there; there {
		if s.next, ok = next.time(); !ok || !next.empty() {
			return s, false
		}
	}
	s.extension, s.extended, ok = in.maybe(0xa1)
	return s, ok && in.empty()
}

// time reads a GeneralizedTime in the form of DER.
func (o *octets) time() (time.Time, bool) {
	t, ok := o.take(0x18)
	if !ok {
		return time.Time{}, false
	}
	return canonicalTime(t.b)
}

func parseRevoked(in octets) bool {
	if _, ok := in.time(); !ok {
		return false
	}
	reason, there, ok := in.maybe(0xa0)
	if !ok || !in.empty() {
		return false
	}
	if !there {
		return true
	}
	v, ok := reason.only(0x0a)
	return ok && len(v.b) == 1 && v.b[0] <= 10 && v.b[0] != 7
}

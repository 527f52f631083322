package client

import (
	"bytes"
	"strings"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// chromium is a run of bssl::CheckOCSP.
//
// Source: pki/ocsp.cc of BoringSSL a0689af, under Chromium's
// net/cert/internal/revocation_checker.cc 0e49239.
type chromium struct {
	evidence
	maxAge time.Duration // zero: none

	algorithm sig.Algorithm
	signature []byte
	unused    byte
	certs     [][]byte
	data      []byte // tbsResponseData, header included
	responder chromiumResponder
	produced  time.Time
	singles   octets
	extended  bool // responseExtensions are there
	extension octets

	tried    map[string]bool // keys that do not verify the signature, as SubjectPublicKeyInfo
	status   status
	detail   string
	unproven string // why the signature does not count; "" if it does
}

type chromiumResponder struct {
	name cert.Name
	key  []byte // nil: byName
}

// checkOCSP is bssl::CheckOCSP, step by step.
var checkOCSP = []step[*chromium]{
	{"raw_response.empty", func(c *chromium) next { return c.end(len(c.response) == 0, "MISSING") }},
	{"ParseOCSPResponse", (*chromium).parseResponse},
	{"ParseOCSPResponseData", func(c *chromium) next { return c.end(!c.parseData(), "PARSE_RESPONSE_DATA_ERROR") }},
	{"ParseOCSPResponseDataExtensions", (*chromium).parseExtensions},
	{"!certificate || !issuer_certificate", func(c *chromium) next { return c.certificates() }},
	{"produced_at", func(c *chromium) next {
		return c.end(c.produced.Before(c.subject.NotBefore.Value.Time) || c.produced.After(c.subject.NotAfter.Value.Time), "BAD_PRODUCED_AT")
	}},
	{"GetRevocationStatusForCert", (*chromium).find},
	{"VerifyOCSPResponseSignature", func(c *chromium) next {
		if c.verified() {
			return goOn
		}
		c.status = unknown // the detail stays as it is
		return fail
	}},
}

func (c *chromium) end(bad bool, detail string) next {
	if bad {
		c.detail = detail
		return fail
	}
	return goOn
}

func runChromium(e evidence, maxAge time.Duration) *chromium {
	c := &chromium{evidence: e, maxAge: maxAge, status: unknown, detail: "NOT_CHECKED", tried: map[string]bool{}}
	run(c, checkOCSP)
	return c
}

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
		c.responder.name = name(id.b)
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

// parseExtensions refuses any critical response extension, known or not.
func (c *chromium) parseExtensions() next {
	if !c.extended {
		return goOn
	}
	list, ok := strictExtensions(c.extension)
	if !ok {
		c.blame("the list of response extensions is empty, names one twice, or is not strict DER")
		return c.end(true, "PARSE_RESPONSE_DATA_ERROR")
	}
	for _, e := range list {
		if e.critical {
			return c.end(true, "UNHANDLED_CRITICAL_EXTENSION")
		}
	}
	return goOn
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

// find looks through the entries. One that cannot be read ends the search, for
// whichever certificate it is.
func (c *chromium) find() next {
	c.detail = "NO_MATCHING_RESPONSE"
	result := unknown
	for all := c.singles; !all.empty(); {
		raw, _ := all.raw()
		s, ok := parseSingle(raw)
		if !ok {
			c.blame("an entry is not strict DER, or has a time or a reason that BoringSSL does not take: that ends the search")
			return goOn
		}
		if s.extended {
			list, ok := strictExtensions(s.extension)
			if !ok {
				c.detail = "PARSE_RESPONSE_DATA_ERROR"
				return goOn
			}
			for _, e := range list {
				if e.critical && e.id != string(sctList.Bytes()) {
					c.detail = "UNHANDLED_CRITICAL_EXTENSION"
					return goOn
				}
			}
		}
		match, ok := c.matches(s.id)
		if !ok {
			c.blame("an entry has a CertID that BoringSSL does not read, as with another hash than MD2 to SHA-512: that ends the search")
			return goOn
		}
		if !match {
			continue
		}
		if !c.dated(s) {
			if c.detail != "PROVIDED" {
				c.detail = "INVALID_DATE"
			}
			continue
		}
		if c.detail != "PROVIDED" || result == good || s.status == revoked {
			result = s.status
		}
		c.detail = "PROVIDED"
	}
	c.status = result
	return goOn
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

// chromiumHashes are the hashes it can read in a CertID; of these MD2, MD4 and
// MD5 never match, and any other ends the search.
var chromiumHashes = map[oid.ID]bool{
	sha1: true, sha256: true, sha384: true, sha512: true,
	"1.2.840.113549.2.2": true, "1.2.840.113549.2.4": true, "1.2.840.113549.2.5": true,
}

func (c *chromium) matches(id octets) (match, ok bool) {
	in, ok := id.only(0x30)
	if !ok {
		return false, false
	}
	raw, ok := in.raw()
	if !ok {
		return false, false
	}
	hash := algorithm(raw)
	if !chromiumHashes[hash.ID] || hash.Present && !bytes.Equal(hash.Parameters, []byte{5, 0}) {
		return false, false
	}
	nameHash, ok1 := in.take(0x04)
	keyHash, ok2 := in.take(0x04)
	serial, ok3 := in.only(0x02)
	if !ok1 || !ok2 || !ok3 {
		return false, false
	}
	return browserHashes[hash.ID] && hashed(hash.ID, nameHash.b, c.subject.Issuer.Raw) &&
		hashed(hash.ID, keyHash.b, c.issuer.PublicKey.Bits) && bytes.Equal(serial.b, c.subject.Serial.Value), true
}

// dated is CheckRevocationDateValid: no tolerance, and the end is exclusive.
func (c *chromium) dated(s chromiumSingle) bool {
	if !c.clock() {
		return true
	}
	return !s.this.After(c.at) && (!s.hasNext || s.next.After(c.at)) && (c.maxAge == 0 || !s.this.Before(c.at.Add(-c.maxAge)))
}

// verified: the issuer, or a certificate that the issuer's key signed and that
// has the purpose. Its validity, CA flag, key usage and nocheck are not looked at.
func (c *chromium) verified() bool {
	c.unproven = "responderID names neither the issuer nor a certificate in certs"
	if c.named(c.issuer) {
		if c.signedBy(c.issuer) {
			c.unproven = ""
			return true
		}
		c.unproven = "the issuer's key does not verify the signature"
	}
	for _, raw := range c.certs {
		k := certificate(raw)
		if !k.OK || !c.named(k) {
			continue
		}
		_, has := k.HasEKU(ocspSigning)
		switch {
		case !chromiumIssued(k, c.issuer):
			c.unproven = "the issuer's key did not sign the responder's certificate"
		case !has:
			c.unproven = "the responder's certificate lacks the OCSP signing purpose"
		case !c.signedBy(k):
			c.unproven = "the responder's key does not verify the signature, or is of a type that BoringSSL does not use"
		default:
			c.unproven = ""
			return true
		}
	}
	return false
}

func chromiumIssued(k, issuer *cert.Certificate) bool {
	return (browserSignature(k.Algorithm.Algorithm) != "" || mldsa(k.Algorithm.Algorithm)) && chromiumKey(issuer.PublicKey) && k.SignedBy(issuer).Outcome == sig.Valid
}

func (c *chromium) named(k *cert.Certificate) bool {
	if c.responder.key != nil {
		return bytes.Equal(c.responder.key, k.KeyHash())
	}
	_, folded := c.responder.name.Equal(k.Subject)
	return folded
}

func chromiumKey(k cert.PublicKey) bool {
	return browserKey(k) || k.Err == "" && strings.HasPrefix(k.Key.Name(), "ML-DSA")
}

// maxKeys bounds the keys that are tried on one signature. It is ours: BoringSSL
// tries as many as certs has.
const maxKeys = 64

func (c *chromium) signedBy(k *cert.Certificate) bool {
	if c.unused != 0 || !chromiumKey(k.PublicKey) || c.tried[string(k.PublicKey.Raw)] || len(c.tried) == maxKeys {
		return false
	}
	c.tried[string(k.PublicKey.Raw)] = true
	return sig.Verify(c.algorithm, k.PublicKey.Key, c.data, c.signature).Outcome == sig.Valid
}

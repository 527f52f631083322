package client

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/report"
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
	_, c.spoke = run(c, checkOCSP)
	return c
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
				if e.critical && e.id != string(cert.IDSCTListOCSP.Bytes()) {
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
		k := c.carried.certificate(raw)
		if !k.OK || !c.named(k) {
			continue
		}
		_, has := k.HasEKU(cert.PurposeOCSPSigning)
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
	return k.Verifies(c.algorithm, c.data, c.signature).Outcome == sig.Valid
}

// chromiumAge is how old an answer may be where the Baseline Requirements are
// enforced: for leaves, and for CA certificates.
const (
	chromiumAge   = 7 * 24 * time.Hour
	chromiumCAAge = 366 * 24 * time.Hour
)

var chromiumWhy = map[string]string{
	"MISSING":                      "there are no octets",
	"PARSE_RESPONSE_ERROR":         "the outer layers are not strict DER, or the signature algorithm is one that BoringSSL does not know",
	"ERROR_RESPONSE":               "an error status says nothing of the certificate",
	"PARSE_RESPONSE_DATA_ERROR":    "tbsResponseData is not strict DER of version 1, its key hash has not 20 octets, or an extension comes twice",
	"UNHANDLED_CRITICAL_EXTENSION": "a critical extension: of the response any, of an entry any but the list of SCTs, whichever certificate the entry is for",
	"BAD_PRODUCED_AT":              "producedAt lies outside the validity of the certificate",
	"NO_MATCHING_RESPONSE":         "no entry is for this certificate, or one that cannot be read stands before it",
	"INVALID_DATE":                 "thisUpdate is ahead, or nextUpdate is reached, or the answer is too old: there is no tolerance",
}

// chromiumOutcome is what becomes of a stapled response: all but good and
// revoked is ignored.
func chromiumOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "chromium", Version: "0e49239, BoringSSL a0689af", Outcome: softFail,
		Show: "bssl::CheckOCSP(response, certificate, issuer, time, max_age)"}
	age := chromiumAge
	if e.subject != nil && e.subject.IsCA() {
		age = chromiumCAAge
	}
	c := runChromium(e, age)
	o.Reason, o.Rules = c.status.String()+" "+c.detail, rules(c.spoke)
	switch {
	case c.needs != "":
		return lacking(o, c.needs)
	case c.unproven != "":
		o.Why = c.unproven + ": ignored"
		return o
	case c.detail == "PROVIDED" && c.timed:
		return lacking(o, "time")
	case c.detail == "INVALID_DATE" && runChromium(e, 0).status == good:
		o.Why = fmt.Sprintf("thisUpdate is more than %d days ago, the limit for certificates of public CAs: ignored. Under a private root it would count as good", age/(24*time.Hour))
		return o
	case c.detail != "PROVIDED":
		if o.Why = chromiumWhy[c.detail]; c.cause != "" {
			o.Why = c.cause
		}
		o.Why += ": ignored"
		return o
	}
	switch c.status {
	case good:
		o.Outcome = accept
	case revoked:
		o.Outcome, o.Reason = reject, "ERR_CERT_REVOKED"
		o.Why = "the response is proven, in date, and says revoked"
	default:
		o.Why = "the status unknown is ignored"
	}
	return o
}

package client

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// firefox is a run of VerifyEncodedOCSPResponse with ten days of life at most.
//
// Source: lib/mozpkix/lib/pkixocsp.cpp, pkixcheck.cpp and pkixder.cpp of NSS
// 9d75dfd, under Firefox's security/certverifier/NSSCertDBTrustDomain.cpp ca36c95.
type firefox struct {
	evidence
	result string // error name; "Success"
	signer string // why no certificate in certs may sign

	algorithm sig.Algorithm
	signature octets // contents of the BIT STRING
	data      []byte // tbsResponseData, header included
	certs     [][]byte
	in        octets // what is left of tbsResponseData
	byName    bool
	responder []byte // contents of the tag

	found   bool
	status  status
	expired bool
	scts    bool
}

const (
	firefoxDay  = 24 * time.Hour
	firefoxSlop = firefoxDay
	firefoxLife = 10 * firefoxDay

	malformed        = "ERROR_OCSP_MALFORMED_RESPONSE"
	badDERTime       = "ERROR_INVALID_DER_TIME"
	badSigningCert   = "ERROR_OCSP_INVALID_SIGNING_CERT"
	badSignature     = "ERROR_OCSP_BAD_SIGNATURE"
	algorithmRefused = "ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED"
	unknownCritical  = "ERROR_UNKNOWN_CRITICAL_EXTENSION"
)

// verifyEncoded is VerifyEncodedOCSPResponse, step by step. The signature comes
// before all that it covers but version and responderID.
var verifyEncoded = []step[*firefox]{
	{"Input::Init", func(f *firefox) next { return f.end(len(f.response) == 0 || len(f.response) > 0xffff, malformed) }},
	{"OCSPResponse", (*firefox).parseResponse},
	{"CertID", func(f *firefox) next { return f.certificates() }},
	{"VerifySignature", (*firefox).verifySignature},
	{"producedAt, responses", (*firefox).parseSingles},
	{"responseExtensions", (*firefox).parseExtensions},
	{"matchFound", func(f *firefox) next { return f.end(!f.found, "ERROR_OCSP_RESPONSE_FOR_CERT_MISSING") }},
	{"Revoked", func(f *firefox) next { return f.end(f.status == revoked, "ERROR_REVOKED_CERTIFICATE") }},
	{"Unknown", func(f *firefox) next { return f.end(f.status == unknown, "ERROR_OCSP_UNKNOWN_CERT") }},
	{"expired", func(f *firefox) next { return f.end(f.expired, "ERROR_OCSP_OLD_RESPONSE") }},
}

func (f *firefox) end(bad bool, result string) next {
	if bad {
		f.result = result
		return fail
	}
	return goOn
}

func runFirefox(e evidence) *firefox {
	f := &firefox{evidence: e, result: "Success", status: unknown}
	_, f.spoke = run(f, verifyEncoded)
	return f
}

// verifySignature: if responderID names the issuer, the issuer's key has to
// verify; there is no second chance then.
func (f *firefox) verifySignature() next {
	if len(f.signature.b) < 1 || f.signature.b[0] != 0 {
		return f.end(true, badSignature)
	}
	match, ok := f.named(f.issuer)
	if !ok {
		return f.end(true, malformed)
	}
	if match {
		return f.signedBy(f.issuer)
	}
	for _, raw := range f.certs {
		k := f.carried.certificate(raw)
		if fault := backCert(k); fault != "" {
			f.blame("a certificate in certs cannot be read, or has a critical extension that Firefox does not know, before the one that signs")
			return f.end(true, fault)
		}
		if match, ok := f.named(k); !ok || !match {
			continue
		}
		if f.authorized(k) {
			return f.signedBy(k)
		}
	}
	return f.end(true, badSigningCert)
}

// named compares Names as octets.
func (f *firefox) named(k *cert.Certificate) (match, ok bool) {
	if f.byName {
		return bytes.Equal(f.responder, k.Subject.Raw), true
	}
	in := octets{f.responder, narrow}
	key, ok := in.take(0x04)
	if !ok || len(key.b) != 20 {
		return false, f.blame("the key hash in responderID has not 20 octets")
	}
	return bytes.Equal(key.b, k.KeyHash()), true
}

// known are the critical extensions that BackCert takes.
var known = map[oid.ID]bool{
	cert.IDKeyUsage: true, cert.IDSubjectAltName: true, cert.IDBasicConstraints: true, cert.IDNameConstraints: true,
	cert.IDCertificatePolicies: true, cert.IDPolicyConstraints: true, cert.IDExtKeyUsage: true, cert.IDInhibitAnyPolicy: true,
	cert.IDAuthorityInfoAccess: true, cert.IDTLSFeature: true, cert.IDOCSPNoCheck: true,
}

// backCert is BackCert::Init: what is wrong with a certificate by itself.
func backCert(k *cert.Certificate) string {
	if !k.OK {
		return malformed
	}
	for _, e := range k.Extensions {
		if e.Critical && !known[e.ID] {
			return unknownCritical
		}
	}
	return ""
}

// authorized is CheckOCSPResponseSignerCert: an end entity, valid now, with the
// purpose, of a key that can be used, under the issuer's name and key.
func (f *firefox) authorized(k *cert.Certificate) bool {
	f.signer = f.objection(k)
	return f.signer == ""
}

func (f *firefox) objection(k *cert.Certificate) string {
	_, has := k.HasEKU(cert.PurposeOCSPSigning)
	switch {
	case !browserKey(k.PublicKey):
		return "its key is of a type that Firefox does not use"
	case f.clock() && f.at.Before(k.NotBefore.Value.Time):
		return "it is not valid before " + report.Clock(k.NotBefore.Value.Time)
	case f.clock() && f.at.After(k.NotAfter.Value.Time):
		return "it expired at " + report.Clock(k.NotAfter.Value.Time)
	case k.IsCA():
		return "it is a CA, and a delegated responder has to be an end entity"
	case !has:
		return "it lacks the OCSP signing purpose"
	case !bytes.Equal(k.Issuer.Raw, f.issuer.Subject.Raw):
		return "its issuer is not named as the issuer of the certificate"
	case browserSignature(k.Algorithm.Algorithm) == "" || k.Algorithm.Scheme().Hash == "SHA-1":
		return "it is signed with an algorithm that Firefox does not take in certificates"
	case !browserKey(f.issuer.PublicKey) || k.SignedBy(f.issuer).Outcome != sig.Valid:
		return "the issuer's key does not verify it"
	}
	return ""
}

func (f *firefox) signedBy(k *cert.Certificate) next {
	family := browserSignature(f.algorithm)
	if family == "" {
		return f.end(true, algorithmRefused)
	}
	if !browserKey(k.PublicKey) || k.PublicKey.Key.Family() != family {
		return f.end(true, badSignature)
	}
	wrong := k.Verifies(f.algorithm, f.data, f.signature.b[1:]).Outcome != sig.Valid
	return f.end(wrong, badSignature)
}

func (f *firefox) parseSingles() next {
	if _, fault := f.time(&f.in); fault != "" {
		return f.end(true, fault)
	}
	list, ok := f.in.take(0x30)
	if !ok || list.empty() {
		f.blame("there is no entry")
		return f.end(true, malformed)
	}
	for !list.empty() {
		s, ok := list.take(0x30)
		if !ok {
			return f.end(true, malformed)
		}
		if fault := f.single(s); fault != "" {
			return f.end(true, fault)
		}
	}
	return goOn
}

// single reads an entry. One that is for another certificate is not read on.
func (f *firefox) single(in octets) string {
	id, ok := in.take(0x30)
	if !ok {
		return malformed
	}
	match, fault := f.matches(id)
	if fault != "" || !match {
		return fault
	}
	f.found = true
	switch {
	case in.peek(0x80):
		s, ok := in.take(0x80)
		if !ok || !s.empty() {
			return malformed
		}
		if f.status != revoked {
			f.status = good
		}
	case in.peek(0xa1):
		if _, ok := in.take(0xa1); !ok {
			return malformed
		}
		f.status = revoked
	default:
		if s, ok := in.take(0x82); !ok || !s.empty() {
			return malformed
		}
	}
	if fault := f.dates(&in); fault != "" {
		return fault
	}
	return f.extensions(&in, true)
}

// dates judges thisUpdate and nextUpdate.
func (f *firefox) dates(in *octets) string {
	this, fault := f.time(in)
	if fault != "" {
		return fault
	}
	known := f.clock()
	if known && this.After(f.at.Add(firefoxSlop)) {
		return "ERROR_OCSP_FUTURE_RESPONSE"
	}
	end := this.Add(firefoxDay)
	if in.peek(0xa0) {
		wrapped, ok := in.take(0xa0)
		if !ok {
			return malformed
		}
		next, fault := f.time(&wrapped)
		switch {
		case fault != "":
			return fault
		case !wrapped.empty():
			return malformed
		case next.Before(this):
			f.blame("nextUpdate lies before thisUpdate")
			return malformed
		}
		if end = this.Add(firefoxLife); !next.After(end) {
			end = next
		}
	}
	f.expired = f.expired || known && f.at.After(end.Add(firefoxSlop))
	return ""
}

func (f *firefox) matches(in octets) (match bool, fault string) {
	if !in.peek(0x30) {
		return false, malformed
	}
	raw, ok := in.raw()
	if !ok {
		return false, malformed
	}
	hash := algorithm(raw)
	if !browserHashes[hash.ID] || hash.Present && !bytes.Equal(hash.Parameters, []byte{5, 0}) {
		return false, ""
	}
	nameHash, ok1 := in.take(0x04)
	keyHash, ok2 := in.take(0x04)
	serial, ok3 := in.take(0x02)
	switch {
	case !ok1 || !ok2 || !ok3:
		return false, malformed
	case paddedInteger(serial.b):
		return false, "ERROR_INVALID_INTEGER_ENCODING"
	case !bytes.Equal(serial.b, f.subject.Serial.Value):
		return false, ""
	}
	_, _, size, _ := sig.Digest(hash.ID)
	switch {
	case len(nameHash.b) != size:
		f.blame("an entry with this serial number has a name hash of another length than its hash algorithm makes")
		return false, malformed
	case !hashed(hash.ID, nameHash.b, f.issuer.Subject.Raw):
		return false, ""
	case len(keyHash.b) != size || !in.empty():
		return false, malformed
	}
	return hashed(hash.ID, keyHash.b, f.issuer.PublicKey.Bits), ""
}

func (f *firefox) parseExtensions() next {
	fault := f.extensions(&f.in, false)
	return f.end(fault != "", fault)
}

// tolerated are the errors after which Firefox goes on as without a staple: with
// its cache, CRLite, or a fetch.
var tolerated = map[string]bool{
	"ERROR_OCSP_OLD_RESPONSE": true, "ERROR_OCSP_TRY_SERVER_LATER": true, badSigningCert: true,
	"ERROR_OCSP_RESPONSE_FOR_CERT_MISSING": true,
}

var firefoxWhy = map[string]string{
	malformed:                              "the octets are not the strict DER that mozilla::pkix reads",
	badDERTime:                             "a time is not written YYYYMMDDHHMMSSZ",
	badSigningCert:                         "responderID names neither the issuer nor a certificate in certs",
	badSignature:                           "the key that responderID names does not verify the signature",
	algorithmRefused:                       "Firefox does not compute this signature algorithm",
	unknownCritical:                        "a critical extension that Firefox does not know",
	"ERROR_INVALID_INTEGER_ENCODING":       "a serial number is padded",
	"ERROR_EXTENSION_VALUE_INVALID":        "the list of SCTs is empty, or comes twice",
	"ERROR_OCSP_FUTURE_RESPONSE":           "thisUpdate is more than a day ahead",
	"ERROR_OCSP_OLD_RESPONSE":              "it ended more than a day ago: at nextUpdate, or ten days after thisUpdate, or one day without nextUpdate",
	"ERROR_OCSP_RESPONSE_FOR_CERT_MISSING": "no entry is for this certificate",
	"ERROR_OCSP_UNKNOWN_CERT":              "the responder does not know the certificate",
	"ERROR_REVOKED_CERTIFICATE":            "the response is proven, and an entry for this certificate says revoked",
	"ERROR_OCSP_MALFORMED_REQUEST":         "an error status in a staple ends the connection",
	"ERROR_OCSP_SERVER_ERROR":              "an error status in a staple ends the connection",
	"ERROR_OCSP_REQUEST_NEEDS_SIG":         "an error status in a staple ends the connection",
	"ERROR_OCSP_UNAUTHORIZED_REQUEST":      "an error status in a staple ends the connection",
	"ERROR_OCSP_UNKNOWN_RESPONSE_STATUS":   "an error status in a staple ends the connection",
	"ERROR_OCSP_TRY_SERVER_LATER":          "of the error statuses this one alone does not end the connection",
}

// firefoxOutcome is what becomes of a connection with this staple.
func firefoxOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "firefox", Version: "ca36c95, NSS 9d75dfd", Outcome: reject,
		Show: "VerifyEncodedOCSPResponse(trustDomain, certID, time, 10, response, expired)"}
	f := runFirefox(e)
	o.Reason, o.Why, o.Rules = f.result, firefoxWhy[f.result], rules(f.spoke)
	if f.result == badSigningCert && f.signer != "" {
		o.Why = "responderID names a certificate in certs, but " + f.signer
	}
	if f.cause != "" && f.result != badSigningCert {
		o.Why = f.cause
	}
	switch {
	case f.needs != "":
		return lacking(o, f.needs)
	case f.timed && (f.result == "Success" || f.result == "ERROR_OCSP_UNKNOWN_CERT"):
		return lacking(o, "time")
	case f.result == "Success":
		o.Outcome = accept
	case tolerated[f.result] || f.expired:
		o.Outcome = softFail
		if f.expired && !tolerated[f.result] {
			o.Why += ", but the answer is expired as well"
		}
		o.Why += ": it goes on as without a staple"
	}
	return o
}

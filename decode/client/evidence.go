package client

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// evidence is what a program is given: the octets of a response, the
// certificate it asks about, the CA that issued that one, and the time.
type evidence struct {
	response        []byte
	carried         *carried
	subject, issuer *cert.Certificate
	at              time.Time // zero: not known
	timed           bool      // a step was reached that needs the time, which is not known
	needs           string    // a step was reached that needs this, which is not known
	cause           string    // what exactly failed, where the program's own word says less
	spoke           string    // the step that ended it, "" if all were gone through
}

// blame notes the cause of a failure, and answers false.
func (e *evidence) blame(cause string) bool {
	e.cause = cause
	return false
}

// certificates says whether both certificates are known, and notes which is not.
func (e *evidence) certificates() next {
	switch {
	case e.issuer == nil:
		e.needs = "issuer"
	case e.subject == nil:
		e.needs = "subject"
	}
	return failIf(e.needs != "")
}

// clock says whether the time is known, and notes that it was asked for.
func (e *evidence) clock() bool {
	e.timed = e.timed || e.at.IsZero()
	return !e.at.IsZero()
}

const (
	sha256        oid.ID = "2.16.840.1.101.3.4.2.1"
	sha384        oid.ID = "2.16.840.1.101.3.4.2.2"
	sha512        oid.ID = "2.16.840.1.101.3.4.2.3"
	rsaEncryption oid.ID = "1.2.840.113549.1.1.1"
)

// browserHashes are the hashes of CertIDs that both browsers compare.
var browserHashes = map[oid.ID]bool{sha1: true, sha256: true, sha384: true, sha512: true}

// browserSignatures are the signature algorithms that both browsers compute,
// RSASSA-PSS aside. With RSA, parameters may be NULL or absent.
var browserSignatures = map[oid.ID]string{
	"1.2.840.113549.1.1.5": "RSA", "1.3.14.3.2.29": "RSA", "1.2.840.113549.1.1.11": "RSA",
	"1.2.840.113549.1.1.12": "RSA", "1.2.840.113549.1.1.13": "RSA",
	"1.2.840.10045.4.1": "EC", "1.2.840.10045.4.3.2": "EC", "1.2.840.10045.4.3.3": "EC", "1.2.840.10045.4.3.4": "EC",
}

const rsassaPSS oid.ID = "1.2.840.113549.1.1.10"

// browserSignature gives the family of keys of a signature algorithm, "" if
// browsers do not compute it.
func browserSignature(a sig.Algorithm) string {
	family := browserSignatures[a.ID]
	null := a.Present && bytes.Equal(a.Parameters, []byte{5, 0})
	switch {
	case a.ID == rsassaPSS:
		p := a.Scheme().PSS
		if p != nil && p.Hash == p.MGFHash && p.Salt == p.HashSize && p.Trailer == 1 &&
			(p.Hash == "SHA-256" || p.Hash == "SHA-384" || p.Hash == "SHA-512") {
			return "RSA"
		}
		return ""
	case family == "RSA" && a.Present && !null, family == "EC" && a.Present:
		return ""
	}
	return family
}

// browserCurves are the curves of keys that browsers use.
var browserCurves = map[oid.ID]bool{"1.2.840.10045.3.1.7": true, "1.3.132.0.34": true, "1.3.132.0.35": true}

// browserKey says whether browsers use a public key.
func browserKey(k cert.PublicKey) bool {
	switch k.Key.Family() {
	case "RSA":
		return k.Err == "" && k.Key.Algorithm.ID == rsaEncryption && k.Key.Modulus != nil && k.Key.Modulus.BitLen() >= 1024
	case "EC":
		return k.Err == "" && browserCurves[k.Key.Curve]
	}
	return false
}

// hashed says that a hash of a CertID is that of these octets.
func hashed(id oid.ID, hash, of []byte) bool {
	digest, _, _, ok := sig.Digest(id)
	return ok && bytes.Equal(hash, digest(of))
}

// Package sig reads algorithm identifiers and public keys, and verifies
// signatures with them. It computes weak and rare algorithms too: whether a
// signature fits is one question, whether it proves much is another, and
// [Scheme] answers the second.
//
// It reads leniently (BER lengths, NULL where nothing is due, unused curves) and
// says what it saw; it never signs, and it keeps no secrets. Chains and
// certificates are the business of package cert.
//
//	k, err := sig.ParseKey(spki)
//	r := sig.Verify(alg, k, tbs, signature)
//	if r.Outcome != sig.Valid { fmt.Println(r.Why) }
//
// # Why not crypto/x509?
//
// x509 refuses MD5, PSS with parameters of its own choice, DSA, Ed448 and every
// curve but four, and tells nobody which of these it was.
//
// # What is too large?
//
// A modulus of more than 16,384 bits, a public exponent of more than 256 (FIPS
// 186-5 allows no more), a DSA subgroup of more than 512: a key may not cost
// the reader seconds. Such a key gives [TooLarge].
//
// Sources: RFC 3279, 4055, 5480, 5639, 5758, 8017, 8032, 8410, 8692, 9688, 9881,
// 9909; FIPS 186-4, 186-5, 204, 205.
package sig

import (
	"derscope/decode/oid"
)

// Algorithm is an AlgorithmIdentifier as read.
//
//	AlgorithmIdentifier ::= SEQUENCE {
//		algorithm   OBJECT IDENTIFIER,
//		parameters  ANY DEFINED BY algorithm OPTIONAL }
//
// RFC 5280, section 4.1.1.2
type Algorithm struct {
	ID         oid.ID
	Parameters []byte // the whole element, header included
	Present    bool   // parameters are there, if only as NULL
	Raw        []byte // the whole AlgorithmIdentifier
}

// Outcome is how a verification ended.
type Outcome uint8

const (
	Unknown   Outcome = iota // the algorithm or the key is not computed here, or the key's parameters are its issuer's
	Valid                    // the signature fits the octets and the key
	Wrong                    // it does not
	Mismatch                 // the algorithm is one of another type of key
	Malformed                // key, parameters or signature are not what their type asks for
	TooLarge                 // a number in the key exceeds the limits named above
)

// String names the outcome.
func (o Outcome) String() string {
	switch o {
	case Valid:
		return "valid"
	case Wrong:
		return "wrong"
	case Mismatch:
		return "mismatch"
	case Malformed:
		return "malformed"
	case TooLarge:
		return "too large"
	}
	return "unknown"
}

// Result is the outcome of a verification and its reason.
type Result struct {
	Outcome Outcome
	Why     string // a sentence without full stop, both values given; "" when Valid
	Loose   bool   // with Malformed: the numbers fit, only their encoding is off
}

// Weakness says how little a valid signature proves.
type Weakness uint8

const (
	Strong Weakness = iota
	Legacy          // SHA-1 or DSA: no longer to be used
	Broken          // MD2, MD4, MD5: forgeries have been made
)

// Scheme is what an AlgorithmIdentifier asks for, explained.
type Scheme struct {
	Name   string // "RSA PKCS #1 v1.5 with SHA-256", "RSASSA-PSS with SHA-256", "ML-DSA-65"; the dotted form if unknown
	Family string // of the keys that make it, as Key.Family; "" if unknown
	Hash   string // "SHA-256"; "" where the scheme hashes in its own way
	PSS    *PSS   // of RSASSA-PSS, when its parameters could be read
	Known  bool   // Verify computes it
	Weak   Weakness
	Fault  string // why the parameters cannot be read; Known is then false
}

// PSS are the parameters of RSASSA-PSS with their defaults filled in.
type PSS struct {
	Hash, MGFHash string // "SHA-256"; the dotted form if unknown
	HashSize      int    // octets of Hash; 0 if unknown
	Salt, Trailer int
}

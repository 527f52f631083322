package sig

import (
	"errors"
	"fmt"
	"math/big"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// Key is a SubjectPublicKeyInfo as read.
//
//	SubjectPublicKeyInfo ::= SEQUENCE {
//		algorithm         AlgorithmIdentifier,
//		subjectPublicKey  BIT STRING }
//
// RFC 5280, section 4.1
type Key struct {
	Algorithm Algorithm
	Bits      []byte // subjectPublicKey without the octet that counts unused bits
	Unused    int    // that octet
	Fault     string // why the key inside Bits cannot be used; "" if it can

	Modulus, Exponent *big.Int // of RSA
	Curve             oid.ID   // of EC, when named or recognised

	pss   *PSS // what a key for RSASSA-PSS alone asks for; nil if anything will do
	curve *curve
	at    point // of EC
	dsa   dsaKey
}

// Object identifiers of keys.
const (
	rsaEncryption = "1.2.840.113549.1.1.1"
	rsaX509       = "2.5.8.1.1"
	rsassaPSS     = "1.2.840.113549.1.1.10"
	ecPublicKey   = "1.2.840.10045.2.1"
	idDSA         = "1.2.840.10040.4.1"
	idEd25519     = "1.3.101.112"
	idEd448       = "1.3.101.113"
)

// ParseKey reads a SubjectPublicKeyInfo. The error says that it is none; a key
// of a type unknown here, or with a fault of its own, is read nevertheless.
func ParseKey(spki []byte) (Key, error) {
	var k Key
	// What could be read is handed over, but never verifies anything.
	broken := func(why string) (Key, error) {
		k.Fault = why
		return k, errors.New("sig: " + why)
	}
	s, ok := open(spki, der.Sequence)
	if !ok {
		return broken("a public key is not one SEQUENCE")
	}
	if k.Algorithm, ok = s.algorithm(); !ok {
		return broken("the algorithm of a public key cannot be read")
	}
	if k.Bits, k.Unused, ok = s.bits(); !ok {
		return broken("a public key without BIT STRING")
	}
	if s.left() {
		return broken("a public key with more than two elements")
	}
	if k.Unused != 0 {
		k.Fault = fmt.Sprintf("the BIT STRING of the key has %d unused bits, keys have none", k.Unused)
		return k, nil
	}
	switch k.Algorithm.ID {
	case rsaEncryption, rsaX509, rsassaPSS:
		k.readRSA()
	case ecPublicKey:
		k.readEC()
	case idDSA:
		k.readDSA()
	default:
		if n, ok := plainKeys[k.Algorithm.ID]; ok && len(k.Bits) != n.key {
			k.Fault = fmt.Sprintf("the key has %d octets, %s keys have %d", len(k.Bits), n.name, n.key)
		}
	}
	return k, nil
}

// Family is "RSA", "EC", "DSA", "Ed25519", "Ed448", "ML-DSA", "SLH-DSA", or ""
// for keys that sign nothing or are unknown here.
func (k Key) Family() string {
	switch k.Algorithm.ID {
	case rsaEncryption, rsaX509, rsassaPSS:
		return "RSA"
	case ecPublicKey:
		return "EC"
	case idDSA:
		return "DSA"
	}
	return plainKeys[k.Algorithm.ID].family
}

// known says whether the type of the key is known, if only to sign nothing.
func (k Key) known() bool {
	_, plain := plainKeys[k.Algorithm.ID]
	return plain || k.Family() != ""
}

// Name is the key as people call it: "RSA 2048", "ECDSA P-256", "ML-DSA-65".
func (k Key) Name() string {
	switch k.Family() {
	case "RSA":
		name := "RSA"
		if k.Algorithm.ID == rsassaPSS {
			name = "RSA-PSS"
		}
		if k.Modulus == nil {
			return name
		}
		return fmt.Sprintf("%s %d", name, k.Size())
	case "EC":
		switch {
		case k.curve != nil:
			return "ECDSA " + k.curve.name
		case k.Curve != "":
			return "ECDSA " + k.Curve.String()
		}
		return "ECDSA"
	case "DSA":
		if k.dsa.p == nil {
			return "DSA"
		}
		return fmt.Sprintf("DSA %d", k.Size())
	}
	if n, ok := plainKeys[k.Algorithm.ID]; ok {
		return n.name
	}
	return k.Algorithm.ID.String()
}

// Size is the bits of the modulus (RSA), of p (DSA) or of the field (curves);
// 0 where none of these is meant.
func (k Key) Size() int {
	switch {
	case k.Modulus != nil:
		return k.Modulus.BitLen()
	case k.dsa.p != nil:
		return k.dsa.p.BitLen()
	case k.curve != nil:
		return k.curve.p.BitLen()
	case k.Algorithm.ID == idEd25519:
		return 255
	case k.Algorithm.ID == idEd448:
		return 448
	}
	return 0
}

// SignatureLength is how many octets a signature by k has; false where that
// varies (ECDSA, DSA) or is unknown.
func (k Key) SignatureLength() (int, bool) {
	if k.Modulus != nil {
		return (k.Modulus.BitLen() + 7) / 8, true
	}
	n, ok := plainKeys[k.Algorithm.ID]
	return n.signature, ok && n.signature > 0
}

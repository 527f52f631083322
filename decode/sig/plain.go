package sig

import (
	"crypto/ed25519"
	"fmt"

	"github.com/cloudflare/circl/sign/slhdsa"

	"derscope/decode/oid"
)

// plainKey is a type of key that is a string of octets of one length, and whose
// identifier is also that of its signatures.
type plainKey struct {
	name, family   string
	key, signature int // octets; no signature for keys that only agree on secrets
	verify         func(key, signed, signature []byte) bool
}

// plainKeys are those types: RFC 8410, 9881 (ML-DSA), 9909 (SLH-DSA) and 9935 (ML-KEM).
// ML-DSA and SLH-DSA are the pure forms, with an empty context.
var plainKeys = map[oid.ID]plainKey{
	"1.3.101.110":             {"X25519", "", 32, 0, nil},
	"1.3.101.111":             {"X448", "", 56, 0, nil},
	idEd25519:                 {"Ed25519", "Ed25519", 32, 64, verifyEd25519},
	idEd448:                   {"Ed448", "Ed448", 57, 114, verifyEd448},
	"2.16.840.1.101.3.4.3.17": {"ML-DSA-44", "ML-DSA", 1312, 2420, verifyMLDSA44},
	"2.16.840.1.101.3.4.3.18": {"ML-DSA-65", "ML-DSA", 1952, 3309, verifyMLDSA65},
	"2.16.840.1.101.3.4.3.19": {"ML-DSA-87", "ML-DSA", 2592, 4627, verifyMLDSA87},
	"2.16.840.1.101.3.4.3.20": {"SLH-DSA-SHA2-128s", "SLH-DSA", 32, 7856, verifySLHDSA(slhdsa.SHA2_128s)},
	"2.16.840.1.101.3.4.3.21": {"SLH-DSA-SHA2-128f", "SLH-DSA", 32, 17088, verifySLHDSA(slhdsa.SHA2_128f)},
	"2.16.840.1.101.3.4.3.22": {"SLH-DSA-SHA2-192s", "SLH-DSA", 48, 16224, verifySLHDSA(slhdsa.SHA2_192s)},
	"2.16.840.1.101.3.4.3.23": {"SLH-DSA-SHA2-192f", "SLH-DSA", 48, 35664, verifySLHDSA(slhdsa.SHA2_192f)},
	"2.16.840.1.101.3.4.3.24": {"SLH-DSA-SHA2-256s", "SLH-DSA", 64, 29792, verifySLHDSA(slhdsa.SHA2_256s)},
	"2.16.840.1.101.3.4.3.25": {"SLH-DSA-SHA2-256f", "SLH-DSA", 64, 49856, verifySLHDSA(slhdsa.SHA2_256f)},
	"2.16.840.1.101.3.4.3.26": {"SLH-DSA-SHAKE-128s", "SLH-DSA", 32, 7856, verifySLHDSA(slhdsa.SHAKE_128s)},
	"2.16.840.1.101.3.4.3.27": {"SLH-DSA-SHAKE-128f", "SLH-DSA", 32, 17088, verifySLHDSA(slhdsa.SHAKE_128f)},
	"2.16.840.1.101.3.4.3.28": {"SLH-DSA-SHAKE-192s", "SLH-DSA", 48, 16224, verifySLHDSA(slhdsa.SHAKE_192s)},
	"2.16.840.1.101.3.4.3.29": {"SLH-DSA-SHAKE-192f", "SLH-DSA", 48, 35664, verifySLHDSA(slhdsa.SHAKE_192f)},
	"2.16.840.1.101.3.4.3.30": {"SLH-DSA-SHAKE-256s", "SLH-DSA", 64, 29792, verifySLHDSA(slhdsa.SHAKE_256s)},
	"2.16.840.1.101.3.4.3.31": {"SLH-DSA-SHAKE-256f", "SLH-DSA", 64, 49856, verifySLHDSA(slhdsa.SHAKE_256f)},
	"2.16.840.1.101.3.4.4.1":  {"ML-KEM-512", "", 800, 0, nil},
	"2.16.840.1.101.3.4.4.2":  {"ML-KEM-768", "", 1184, 0, nil},
	"2.16.840.1.101.3.4.4.3":  {"ML-KEM-1024", "", 1568, 0, nil},
}

func verifyEd25519(key, signed, signature []byte) bool {
	return ed25519.Verify(key, signed, signature)
}

// verifyPlain verifies with a key of plain octets. Both lengths are checked
// here, as some of the functions called take nothing else.
func verifyPlain(k Key, signed, signature []byte) Result {
	p := plainKeys[k.Algorithm.ID]
	if len(signature) != p.signature {
		return lengthFault(len(signature), p.signature, p.name)
	}
	if !p.verify(k.Bits, signed, signature) {
		return Result{Outcome: Wrong, Why: fmt.Sprintf(
			"the %s signature does not fit these octets and this key; such a signature does not tell which of the two differs", p.name)}
	}
	return Result{Outcome: Valid}
}

func lengthFault(have, want int, name string) Result {
	return Result{Outcome: Malformed, Why: fmt.Sprintf(
		"the signature has %d octets, %s signatures have %d", have, name, want)}
}

package sig

import (
	"math/big"

	"derscope/decode/oid"
)

// Key is a SubjectPublicKeyInfo as read.
type Key struct {
	Algorithm Algorithm
	Bits      []byte // subjectPublicKey without the octet that counts unused bits
	Unused    int    // that octet
	Fault     string // why the key inside Bits cannot be used; "" if it can

	Modulus, Exponent *big.Int // of RSA
	Curve             oid.ID   // of EC, when named or recognised
}

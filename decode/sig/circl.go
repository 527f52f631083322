package sig

import (
	"github.com/cloudflare/circl/sign/ed448"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
	"github.com/cloudflare/circl/sign/slhdsa"
)

// The algorithms that the standard library of Go 1.26 lacks. Lengths have been
// checked by verifyPlain.

func verifyEd448(key, signed, signature []byte) bool {
	return ed448.Verify(key, signed, signature, "")
}

func verifyMLDSA44(key, signed, signature []byte) bool {
	var k mldsa44.PublicKey
	return k.UnmarshalBinary(key) == nil && mldsa44.Verify(&k, signed, nil, signature)
}

func verifyMLDSA65(key, signed, signature []byte) bool {
	var k mldsa65.PublicKey
	return k.UnmarshalBinary(key) == nil && mldsa65.Verify(&k, signed, nil, signature)
}

func verifyMLDSA87(key, signed, signature []byte) bool {
	var k mldsa87.PublicKey
	return k.UnmarshalBinary(key) == nil && mldsa87.Verify(&k, signed, nil, signature)
}

func verifySLHDSA(set slhdsa.ID) func(key, signed, signature []byte) bool {
	return func(key, signed, signature []byte) bool {
		k := slhdsa.PublicKey{ID: set}
		return k.UnmarshalBinary(key) == nil && slhdsa.Verify(&k, slhdsa.NewMessage(signed), signature, nil)
	}
}

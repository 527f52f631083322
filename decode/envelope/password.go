package envelope

import (
	"fmt"

	"derscope/decode/der"
	"derscope/decode/mac"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// idPWRIKEK is id-alg-PWRI-KEK: RFC 3211, section 2.3.
const idPWRIKEK oid.ID = "1.2.840.113549.1.9.16.3.9"

// fromPassword opens a key that was wrapped with one derived from a password.
//
// RFC 5652, section 6.2.4; RFC 9483, section 4.1.6.3
func (p *Recipient) fromPassword(f *For, password []byte) ([]byte, string) {
	if !p.derived() {
		return nil, "the key is not derived by PBKDF2"
	}
	if p.Algorithm.ID == idPWRIKEK {
		inner := sig.AlgorithmID(p.Algorithm.Parameters)
		kek, fault := p.derive(password, ciphers[inner].key)
		if fault != "" {
			return nil, fault
		}
		block, ok := blockOf(inner, kek)
		if !ok {
			return nil, "the cipher of id-alg-PWRI-KEK is not one that is opened here"
		}
		in, _, _ := der.First(p.Algorithm.Parameters, der.Sequence)
		_, in, _ = der.First(in, der.OID)
		iv, _, _ := der.First(in, der.OctetString)
		key, ok := unwrapPWRI(block, iv, f.Key.Value)
		if !ok {
			return nil, "the password at hand does not fit: another was used, or it was changed"
		}
		return key, ""
	}
	size := wraps[p.Algorithm.ID]
	if size == 0 {
		return nil, fmt.Sprintf("keys wrapped by %s are not opened here", p.Algorithm.Name())
	}
	kek, fault := p.derive(password, size)
	if fault != "" {
		return nil, fault
	}
	return unwrapped(kek, f.Key.Value, "password")
}

// derived says that the key that wraps is one that PBKDF2 makes.
func (p *Recipient) derived() bool { return p.Derivation != nil && p.Derivation.ID == mac.IDPBKDF2 }

// Rounds are salt and rounds with which a password makes the key of a pwri; ok
// is false where the parameters are not those of PBKDF2 with a salt of their own.
func (p *Recipient) Rounds() (salt []byte, rounds int, ok bool) {
	if !p.derived() {
		return nil, 0, false
	}
	k := mac.ParsePBKDF2(p.Derivation.Parameters)
	if k == nil || !k.Salt.OK {
		return nil, 0, false
	}
	n, small := k.Iterations.Value.Int64()
	if !small || n < 0 || n >= 1<<31 { // so that a few can be added up
		return nil, 0, false
	}
	return k.Salt.Value, int(n), true
}

// mostRounds bounds the rounds of a password's derivation.
const mostRounds = 1_000_000

// derive makes the key of n octets that wraps from a password.
func (p *Recipient) derive(password []byte, n int) ([]byte, string) {
	_, rounds, ok := p.Rounds()
	switch {
	case !ok:
		return nil, "the parameters of PBKDF2 cannot be read"
	case rounds < 1 || rounds > mostRounds:
		return nil, "the rounds of PBKDF2 are more than are computed here"
	}
	k := mac.ParsePBKDF2(p.Derivation.Parameters)
	if size, _ := k.KeyLength.Value.Int64(); k.KeyLength.OK && size != int64(n) {
		return nil, "PBKDF2 names another key length than the key wrap needs"
	}
	return k.Key(password, rounds, n)
}

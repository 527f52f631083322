package mac

import (
	"bytes"
	"fmt"

	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// Bounds of work, and of what is taken for sound.
const (
	AtOnce  = 1_000_000  // rounds that are computed unasked
	Ever    = 10_000_000 // rounds that are computed at all
	maxSalt = 64 << 10
	maxKey  = 8192 // octets that a key may be asked to have
)

// Key is a key that a secret gives, and how.
type Key struct {
	Bytes []byte
	// Deviation names what the maker must have done otherwise than the document
	// says, for this to be the key; "" if nothing.
	Deviation string
	// Code is the MAC that the key is for.
	Code *Code
}

// Code is the MAC at the end; nil where the parameters do not tell.
func (a *Algorithm) Code() *Code {
	switch {
	case a == nil:
		return nil
	case a.PBM != nil:
		return a.PBM.MAC
	case a.PBMAC1 != nil:
		return a.PBMAC1.MAC
	case a.DH != nil:
		return a.DH.MAC
	case a.KEM != nil:
		return a.KEM.MAC
	}
	return a.Direct
}

// Rounds is the iterationCount; 0 where there is none, -1 where it is no number
// that anybody can count to.
func (a *Algorithm) Rounds() int64 {
	var f field.Field[field.Int]
	switch {
	case a.PBM != nil:
		f = a.PBM.Iterations
	case a.PBMAC1 != nil && a.PBMAC1.PBKDF2 != nil:
		f = a.PBMAC1.PBKDF2.Iterations
	default:
		return 0
	}
	if n, ok := f.Value.Int64(); ok && n >= 0 {
		return n
	}
	return -1
}

// Cost is how many rounds a key costs: those of PBKDF2 are counted for each block
// of the key. It is -1 where that is beyond all bounds.
func (a *Algorithm) Cost() int64 {
	n := a.Rounds()
	if a.Method != PBMAC1 || n <= 0 || a.PBMAC1 == nil || a.PBMAC1.PBKDF2 == nil {
		return n
	}
	p := a.PBMAC1.PBKDF2
	size := p.prf().KeyLength()
	if size == 0 || n > Ever {
		return n
	}
	return n * int64((p.length(a.PBMAC1.MAC)+size-1)/size)
}

// Unusable says why no key can be made whatever the secret; "" if one can.
func (a *Algorithm) Unusable() string {
	var salt *field.Field[[]byte]
	switch {
	case a.Method == None:
		return "the algorithm " + a.ID.String() + " is no MAC that is known here"
	case a.Code() == nil || !a.Whole:
		return "the parameters cannot be read"
	case a.Code().unusable() != "":
		return a.Code().unusable()
	case a.PBM != nil:
		if digest(a.PBM.OWF.ID) == nil {
			return "the hash " + HashName(a.PBM.OWF.ID) + " is not known here"
		}
		salt = &a.PBM.Salt
	case a.DH != nil && digest(a.DH.OWF.ID) == nil:
		return "the hash " + a.DH.OWF.ID.String() + " is not known here"
	case a.PBMAC1 != nil:
		p := a.PBMAC1.PBKDF2
		switch {
		case p == nil:
			return "the key derivation " + a.PBMAC1.KDF.ID.String() + " is not PBKDF2"
		case !p.Salt.OK:
			return "the salt comes from another source than the message"
		case p.prf().hash() == nil:
			return "the PRF " + p.prf().Name() + " is not known here"
		}
		if n := p.length(a.PBMAC1.MAC); n < 1 || n > maxKey {
			return fmt.Sprintf("the keyLength is not from 1 to %d octets", maxKey)
		}
		salt = &p.Salt
	case a.KEM != nil:
		if why := a.KEM.unusable(); why != "" {
			return why
		}
	}
	if salt != nil && len(salt.Value) > maxSalt {
		return fmt.Sprintf("the salt has %d octets, and no more than %d are taken", len(salt.Value), maxSalt)
	}
	return ""
}

// Keys makes the key of a secret; with others, also those that programs are
// known to make instead. It is for the methods PBM, PBMAC1 and Direct.
func (a *Algorithm) Keys(secret []byte, others bool) []Key {
	switch a.Method {
	case PBM:
		p := a.PBM
		base := p.base(secret, a.Rounds())
		return []Key{{fit(base, p.OWF.ID, p.MAC), "", p.MAC}}
	case PBMAC1:
		return a.PBMAC1.keys(secret, int(a.Rounds()), others)
	case Direct:
		return []Key{{secret, "", a.Direct}}
	}
	return nil
}

// DHKey makes the key of the secret that a Diffie-Hellman agreement gives.
//
// RFC 9810, section 5.1.3.2
func (a *Algorithm) DHKey(z []byte) Key {
	return Key{fit(digest(a.DH.OWF.ID)(z), a.DH.OWF.ID, a.DH.MAC), "", a.DH.MAC}
}

// HashName names a hash for people: SHA-256; the dotted form if it is not known.
func HashName(id oid.ID) string {
	if _, name, _, ok := sig.Digest(id); ok {
		return name
	}
	return id.String()
}

// digest is a hash function; nil if it is not known.
func digest(id oid.ID) func([]byte) []byte {
	h, _, _, _ := sig.Digest(id)
	return h
}

// base hashes secret and salt, and what comes of it, as often as is said in total.
// The pseudo code of RFC 4211, section 4.4, reads as once more; RFC 9810, section
// 5.1.3.1, and programs do not.
func (p *PBMParameter) base(secret []byte, rounds int64) []byte {
	k := append(append([]byte{}, secret...), p.Salt.Value...)
	if hash := sig.Hash(p.OWF.ID); hash != nil {
		for h := hash(); ; rounds-- {
			h.Reset()
			h.Write(k)
			if k = h.Sum(k[:0]); rounds <= 1 {
				return k
			}
		}
	}
	for sum := digest(p.OWF.ID); ; rounds-- {
		if k = sum(k); rounds <= 1 {
			return k
		}
	}
}

// fit makes a key of the length that the MAC wants: HMAC and KMAC take all of it.
//
// RFC 4211, section 4.4
func fit(base []byte, owf oid.ID, mac *Code) []byte {
	n := mac.KeySize()
	if n == 0 || n <= len(base) {
		if n > 0 {
			return base[:n]
		}
		return base
	}
	key := bytes.Clone(base)
	for i := '1'; len(key) < n; i++ { // 32 octets of 16 at the least: two digits are never needed
		key = append(key, digest(owf)(append([]byte{byte(i)}, base...))...)
	}
	return key[:n]
}

// Codes are all MACs that the parameters name: that at the end, and the PRF.
func (a *Algorithm) Codes() (all []*Code) {
	if c := a.Code(); c != nil {
		all = append(all, c)
	}
	if a.PBMAC1 != nil && a.PBMAC1.PBKDF2 != nil && a.PBMAC1.PBKDF2.PRF != nil {
		all = append(all, a.PBMAC1.PBKDF2.PRF)
	}
	return all
}

// Salt is the salt of a method with passwords; false where there is none, or it
// cannot be read.
func (a *Algorithm) Salt() (f field.Field[[]byte], ok bool) {
	switch {
	case a.PBM != nil:
		f = a.PBM.Salt
	case a.PBMAC1 != nil && a.PBMAC1.PBKDF2 != nil:
		f = a.PBMAC1.PBKDF2.Salt
	}
	return f, f.OK
}

// Standard says that the key derivation is PBKDF2 by name.
func (p *PBMAC1Params) Standard() bool { return p.KDF.ID == IDPBKDF2 }

// Describe says for people how the key is made, and used: «PBM, 500 rounds of
// SHA-256, HMAC-SHA1».
func (a *Algorithm) Describe() string {
	code := a.Code()
	if code == nil {
		return a.ID.String()
	}
	switch {
	case a.PBM != nil:
		return fmt.Sprintf("PBM (%d rounds of %s, %s)", a.Rounds(), HashName(a.PBM.OWF.ID), code.Name())
	case a.PBMAC1 != nil && a.PBMAC1.PBKDF2 != nil:
		return fmt.Sprintf("PBMAC1 (PBKDF2 with %d rounds of %s, %s)", a.Rounds(), a.PBMAC1.PBKDF2.prf().Name(), code.Name())
	case a.PBMAC1 != nil:
		return fmt.Sprintf("PBMAC1 (%s, %s)", a.PBMAC1.KDF.ID, code.Name())
	case a.DH != nil:
		return fmt.Sprintf("DHBasedMac (%s, %s)", HashName(a.DH.OWF.ID), code.Name())
	case a.KEM != nil:
		return fmt.Sprintf("KemBasedMac (%s, %s)", a.KEM.KDF.Name(), code.Name())
	}
	return code.Name()
}

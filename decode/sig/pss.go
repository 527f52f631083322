package sig

import (
	"bytes"
	"crypto/sha3"
	"encoding/binary"
	"fmt"
	"math/big"

	"derscope/decode/der"
	"derscope/decode/oid"
)

const mgf1 oid.ID = "1.2.840.113549.1.1.8"

// parsePSS reads the parameters of RSASSA-PSS and fills in the defaults.
//
//	RSASSA-PSS-params ::= SEQUENCE {
//		hashAlgorithm     [0] HashAlgorithm    DEFAULT sha1Identifier,
//		maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
//		saltLength        [2] INTEGER          DEFAULT 20,
//		trailerField      [3] INTEGER          DEFAULT 1 }
//
// RFC 4055, section 3.1
func parsePSS(a Algorithm) (*PSS, string) {
	if !a.Present {
		return nil, "RSASSA-PSS without parameters does not say which hash was used (RFC 4055 §3.1)"
	}
	s, ok := open(a.Parameters, der.Sequence)
	if !ok {
		return nil, "the parameters of RSASSA-PSS are not one SEQUENCE"
	}
	p := &PSS{Hash: "SHA-1", MGFHash: "SHA-1", HashSize: 20, Salt: 20, Trailer: 1}
	if in, _, ok := s.take(der.Ctx(0)); ok {
		id, ok := ParseAlgorithm(in)
		if !ok {
			return nil, "hashAlgorithm of RSASSA-PSS cannot be read"
		}
		p.Hash = hashName(id.ID)
		p.HashSize = digestNamed(p.Hash).size
	}
	if in, _, ok := s.take(der.Ctx(1)); ok {
		id, ok := ParseAlgorithm(in)
		if !ok {
			return nil, "maskGenAlgorithm of RSASSA-PSS cannot be read"
		}
		p.MGFHash = id.ID.String()
		if id.ID == mgf1 {
			hash, ok := ParseAlgorithm(id.Parameters)
			if !ok {
				return nil, "maskGenAlgorithm of RSASSA-PSS does not say which hash it uses"
			}
			p.MGFHash = hashName(hash.ID)
		}
	}
	for n, into := range []*int{&p.Salt, &p.Trailer} {
		in, _, ok := s.take(der.Ctx(2 + n))
		if !ok {
			continue
		}
		what := []string{"saltLength", "trailerField"}[n]
		v := elements{b: in}
		i, _, ok := v.integer()
		if !ok || v.left() {
			return nil, what + " of RSASSA-PSS is not one INTEGER"
		}
		if !i.IsInt64() || i.Sign() < 0 || i.Int64() > maxModulus {
			return nil, fmt.Sprintf("%s of RSASSA-PSS is %s, 0 to %d can be meant", what, short(i), maxModulus)
		}
		*into = int(i.Int64())
	}
	if s.left() {
		return nil, "the parameters of RSASSA-PSS go on after the last that is defined"
	}
	return p, ""
}

// short writes a number for people: long ones by their size.
func short(n *big.Int) string {
	if n.BitLen() > 64 {
		return fmt.Sprintf("a number of %d bits", n.BitLen())
	}
	return n.String()
}

// Fault says what about the parameters is unusual: another hash in the mask,
// a salt of another length than the hash, a trailer other than 1. "" if nothing.
func (p *PSS) Fault() string {
	switch {
	case p.Hash != p.MGFHash:
		return fmt.Sprintf("the hash is %s, that of the mask %s", p.Hash, p.MGFHash)
	case p.HashSize > 0 && p.Salt != p.HashSize:
		return fmt.Sprintf("the salt has %d octets, %s gives %d", p.Salt, p.Hash, p.HashSize)
	case p.Trailer != 1:
		return fmt.Sprintf("trailerField is %d, only 1 is defined", p.Trailer)
	}
	return ""
}

// weakness is that of the message hash; a weak mask harms nothing.
func (p *PSS) weakness() Weakness {
	switch p.Hash {
	case "SHA-1":
		return Legacy
	case "MD2", "MD4", "MD5":
		return Broken
	}
	return Strong
}

// pssParameterFault judges the encoding of RSASSA-PSS parameters: they have to
// be there, and DER leaves out what equals its default.
func pssParameterFault(a Algorithm) string {
	if _, fault := parsePSS(a); fault != "" {
		return fault
	}
	s, _ := open(a.Parameters, der.Sequence)
	for n, what := range []string{"hashAlgorithm", "maskGenAlgorithm", "saltLength", "trailerField"} {
		in, _, ok := s.take(der.Ctx(n))
		if !ok {
			continue
		}
		spelled := false
		switch n {
		case 0, 1:
			id, _ := ParseAlgorithm(in)
			if n == 1 && id.ID == mgf1 {
				id, _ = ParseAlgorithm(id.Parameters)
			}
			if _, _, _, known := Digest(id.ID); known && !id.plain() {
				return fmt.Sprintf("the hash in %s has parameters other than NULL (RFC 4055 §2.1)", what)
			}
			spelled = hashName(id.ID) == "SHA-1"
		default:
			e := elements{b: in}
			v, minimal, _ := e.integer()
			if !minimal {
				return what + " is written with more octets than needed"
			}
			spelled = v.Int64() == []int64{20, 1}[n-2]
		}
		if spelled {
			return fmt.Sprintf("%s spells out its default, which DER leaves out (X.690 §11.5)", what)
		}
	}
	return ""
}

// verifyPSS is EMSA-PSS-VERIFY (RFC 8017, section 9.1.2), with a hash of its
// own for the mask. em is the encoded message as the key's length gives it.
func verifyPSS(p *PSS, bitLen int, em, signed []byte) Result {
	wrong := func(format string, a ...any) Result {
		return Result{Outcome: Wrong, Why: fmt.Sprintf(format, a...)}
	}
	h := digestNamed(p.Hash)
	emBits := bitLen - 1
	emLen := (emBits + 7) / 8
	if emLen < h.size+p.Salt+2 {
		return Result{Outcome: Malformed, Why: fmt.Sprintf(
			"a hash of %d and a salt of %d octets do not fit a modulus of %d bits", h.size, p.Salt, bitLen)}
	}
	unpadded := func() Result {
		return wrong("undone with this key, the signature shows no PSS padding with %s and a mask with %s: another key or other hashes made it, or it was changed", p.Hash, p.MGFHash)
	}
	if len(em) > emLen { // the modulus has one bit more than whole octets
		if em[0] != 0 {
			return unpadded()
		}
		em = em[1:]
	}
	top := byte(0xff) >> (8*emLen - emBits)
	if em[emLen-1] != 0xbc || em[0]&^top != 0 {
		return unpadded()
	}
	db := bytes.Clone(em[:emLen-h.size-1])
	hash := em[len(db) : emLen-1]
	mask := p.mask(hash, len(db))
	for i := range db {
		db[i] ^= mask[i]
	}
	db[0] &= top
	salt, ok := bytes.CutPrefix(bytes.TrimLeft(db, "\x00"), []byte{1})
	if !ok {
		return unpadded()
	}
	again := h.sum(append(append(make([]byte, 8, 8+h.size+len(salt)), h.sum(signed)...), salt...))
	if !bytes.Equal(again, hash) {
		return wrong("the PSS padding fits this key, but the signature is over other octets than these, or with another hash than %s", p.Hash)
	}
	if len(salt) != p.Salt {
		return wrong("the signature was made with a salt of %d octets, the parameters say %d", len(salt), p.Salt)
	}
	if p.Trailer != 1 {
		return Result{Outcome: Malformed, Loose: true, Why: fmt.Sprintf(
			"trailerField is %d, only 1 is defined (RFC 4055 §3.1), and 1 is what the signature has", p.Trailer)}
	}
	return Result{Outcome: Valid}
}

// mask is MGF1 (RFC 8017, appendix B.2.1), or SHAKE itself (RFC 8692, section 3).
func (p *PSS) mask(seed []byte, n int) []byte {
	switch p.MGFHash {
	case "SHAKE128":
		return sha3.SumSHAKE128(seed, n)
	case "SHAKE256":
		return sha3.SumSHAKE256(seed, n)
	}
	d := digestNamed(p.MGFHash)
	out := make([]byte, 0, n+d.size)
	in := append(bytes.Clone(seed), 0, 0, 0, 0)
	for i := uint32(0); len(out) < n; i++ {
		binary.BigEndian.PutUint32(in[len(seed):], i)
		out = append(out, d.sum(in)...)
	}
	return out[:n]
}

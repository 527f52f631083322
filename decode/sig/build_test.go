package sig

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"derscope/decode/oid"
)

// message is what the tests sign.
var message = []byte("tbsResponseData")

// tlv writes one element.
func tlv(tag byte, contents ...[]byte) []byte {
	b := slices.Concat(contents...)
	switch n := len(b); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, b...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, b...)
	default:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, b...)
	}
}

func seq(contents ...[]byte) []byte { return tlv(0x30, contents...) }
func null0() []byte                 { return []byte{5, 0} }
func objectID(id oid.ID) []byte     { return tlv(6, id.Bytes()) }
func bitString(b []byte) []byte     { return tlv(3, []byte{0}, b) }

func number(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return tlv(2, b)
}

func small(n int64) []byte { return number(big.NewInt(n)) }

// algorithm makes an AlgorithmIdentifier and reads it.
func algorithm(t testing.TB, id oid.ID, parameters ...[]byte) Algorithm {
	t.Helper()
	a, ok := ParseAlgorithm(seq(objectID(id), slices.Concat(parameters...)))
	if !ok {
		t.Fatalf("%s with %x is not read", id, parameters)
	}
	return a
}

// key makes a SubjectPublicKeyInfo and reads it.
func key(t testing.TB, algorithm, bits []byte) Key {
	t.Helper()
	k, err := ParseKey(seq(algorithm, bitString(bits)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// seed makes n octets out of a name, the same ones each time.
func seed(name string, n int) []byte {
	var b []byte
	for i := 0; len(b) < n; i++ {
		s := sha256.Sum256([]byte(name + strconv.Itoa(i)))
		b = append(b, s[:]...)
	}
	return b[:n]
}

// rsaPair is an RSA key that the tests sign with.
type rsaPair struct{ n, e, d *big.Int }

// newRSA finds the primes that come next after fixed numbers.
func newRSA(bits int, exponent int64) rsaPair {
	one, e := big.NewInt(1), big.NewInt(exponent)
	var primes []*big.Int
	for i := int64(0); len(primes) < 2; i++ {
		half := (bits + len(primes)) / 2
		p := new(big.Int).SetBytes(seed("rsa "+strconv.Itoa(bits)+" "+strconv.Itoa(len(primes)), (half+7)/8))
		p.Rsh(p, uint(p.BitLen()-min(p.BitLen(), half)))
		p.SetBit(p, half-1, 1).SetBit(p, half-2, 1).SetBit(p, 0, 1)
		p.Add(p, big.NewInt(2*i))
		if !p.ProbablyPrime(10) || new(big.Int).GCD(nil, nil, new(big.Int).Sub(p, one), e).Cmp(one) != 0 {
			continue
		}
		primes = append(primes, p)
	}
	n := new(big.Int).Mul(primes[0], primes[1])
	phi := new(big.Int).Mul(new(big.Int).Sub(primes[0], one), new(big.Int).Sub(primes[1], one))
	return rsaPair{n, e, new(big.Int).ModInverse(e, phi)}
}

func (p rsaPair) key(t testing.TB, algorithm ...[]byte) Key {
	if algorithm == nil {
		algorithm = [][]byte{seq(objectID(rsaEncryption), null0())}
	}
	return key(t, algorithm[0], seq(number(p.n), number(p.e)))
}

// raw signs an encoded message.
func (p rsaPair) raw(em []byte) []byte {
	s := new(big.Int).Exp(new(big.Int).SetBytes(em), p.d, p.n)
	return s.FillBytes(make([]byte, (p.n.BitLen()+7)/8))
}

func (p rsaPair) pkcs1(hash string, msg []byte) []byte {
	d := digestNamed(hash)
	return p.raw(encodePKCS1(d.id, d.sum(msg), true, (p.n.BitLen()+7)/8))
}

// pss is EMSA-PSS-ENCODE (RFC 8017, section 9.1.1).
func (p rsaPair) pss(params PSS, msg []byte) []byte {
	h := digestNamed(params.Hash)
	bits := p.n.BitLen() - 1
	size := (bits + 7) / 8
	salt := seed("salt", params.Salt)
	sum := h.sum(slices.Concat(make([]byte, 8), h.sum(msg), salt))
	db := make([]byte, size-h.size-1)
	copy(db[len(db)-len(salt):], salt)
	db[len(db)-len(salt)-1] = 1
	for i, m := range params.mask(sum, len(db)) {
		db[i] ^= m
	}
	db[0] &= 0xff >> (8*size - bits)
	return p.raw(slices.Concat(db, sum, []byte{0xbc}))
}

// pssParameters writes RSASSA-PSS-params with nothing left out.
func pssParameters(p PSS) []byte {
	return seq(
		tlv(0xa0, seq(objectID(digestNamed(p.Hash).id), null0())),
		tlv(0xa1, seq(objectID(mgf1), seq(objectID(digestNamed(p.MGFHash).id), null0()))),
		tlv(0xa2, small(int64(p.Salt))),
		tlv(0xa3, small(int64(p.Trailer))),
	)
}

func mustHex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

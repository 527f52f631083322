package main

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/md5"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"math/big"
)

// scheme is how a message is hashed and padded, and the AlgorithmIdentifier
// that says so.
type scheme struct {
	id   der
	hash crypto.Hash
	pss  bool
	mgf  crypto.Hash
	salt int
}

var (
	rsaMD5    = scheme{id: algorithm("1.2.840.113549.1.1.4", null()), hash: crypto.MD5}
	rsaSHA1   = scheme{id: algorithm("1.2.840.113549.1.1.5", null()), hash: crypto.SHA1}
	rsaSHA224 = scheme{id: algorithm("1.2.840.113549.1.1.14", null()), hash: crypto.SHA224}
	rsaSHA256 = scheme{id: algorithm("1.2.840.113549.1.1.11", null()), hash: crypto.SHA256}
	rsaSHA384 = scheme{id: algorithm("1.2.840.113549.1.1.12", null()), hash: crypto.SHA384}
	rsaSHA512 = scheme{id: algorithm("1.2.840.113549.1.1.13", null()), hash: crypto.SHA512}

	pssSHA1   = pss(crypto.SHA1, crypto.SHA1, 20)
	pssSHA256 = pss(crypto.SHA256, crypto.SHA256, 32)
	pssSHA512 = pss(crypto.SHA512, crypto.SHA512, 64)

	ecdsaSHA1   = scheme{id: algorithm("1.2.840.10045.4.1"), hash: crypto.SHA1}
	ecdsaSHA256 = scheme{id: algorithm("1.2.840.10045.4.3.2"), hash: crypto.SHA256}
	ecdsaSHA384 = scheme{id: algorithm("1.2.840.10045.4.3.3"), hash: crypto.SHA384}
	ecdsaSHA512 = scheme{id: algorithm("1.2.840.10045.4.3.4"), hash: crypto.SHA512}
	dsaSHA256   = scheme{id: algorithm("2.16.840.1.101.3.4.3.2"), hash: crypto.SHA256}
)

var hashIDs = map[crypto.Hash]string{
	crypto.MD5:      "1.2.840.113549.2.5",
	crypto.SHA1:     "1.3.14.3.2.26",
	crypto.SHA224:   "2.16.840.1.101.3.4.2.4",
	crypto.SHA256:   "2.16.840.1.101.3.4.2.1",
	crypto.SHA384:   "2.16.840.1.101.3.4.2.2",
	crypto.SHA512:   "2.16.840.1.101.3.4.2.3",
	crypto.SHA3_256: "2.16.840.1.101.3.4.2.8",
}

// pss gives RSASSA-PSS parameters with every default left out, as DER wants
// (RFC 4055, section 3.1): SHA-1, MGF1 with SHA-1, 20 octets of salt.
func pss(hash, mgf crypto.Hash, salt int) scheme {
	var p der
	if hash != crypto.SHA1 {
		p = append(p, explicit(0, algorithm(hashIDs[hash], null()))...)
	}
	if mgf != crypto.SHA1 {
		p = append(p, explicit(1, algorithm("1.2.840.113549.1.1.8", algorithm(hashIDs[mgf], null())))...)
	}
	if salt != 20 {
		p = append(p, explicit(2, integer(int64(salt)))...)
	}
	return scheme{id: algorithm(idPSS, seq(p)), hash: hash, pss: true, mgf: mgf, salt: salt}
}

// sign signs without any randomness: PKCS #1 v1.5 has none, PSS takes its
// salt from the message, and ECDSA and DSA follow RFC 6979.
func (k *key) sign(s scheme, message []byte) []byte {
	if k.whole != nil {
		return k.whole(message)
	}
	digest := sum(s.hash, message)
	switch {
	case k.rsa != nil && s.pss:
		return k.rsa.pss(s, digest)
	case k.rsa != nil:
		return k.rsa.pkcs1(s.hash, digest)
	case k.dsa != nil:
		return k.dsa.sign(s.hash, digest)
	}
	return k.curve.sign(s.hash, digest)
}

func sum(h crypto.Hash, parts ...[]byte) []byte {
	w := h.New()
	for _, p := range parts {
		w.Write(p)
	}
	return w.Sum(nil)
}

// rsaKey signs with plain exponentiation, because crypto/rsa refuses keys and
// salts that the vectors need.
type rsaKey struct{ n, d *big.Int }

func (k *rsaKey) raw(encoded []byte) []byte {
	m := new(big.Int).Exp(new(big.Int).SetBytes(encoded), k.d, k.n)
	return m.FillBytes(make([]byte, (k.n.BitLen()+7)/8))
}

// pkcs1 is EMSA-PKCS1-v1_5 of RFC 8017, section 9.2.
func (k *rsaKey) pkcs1(h crypto.Hash, digest []byte) []byte {
	info := seq(algorithm(hashIDs[h], null()), octets(digest...))
	em := make([]byte, (k.n.BitLen()+7)/8)
	for i := range em {
		em[i] = 0xff
	}
	em[0], em[1], em[len(em)-len(info)-1] = 0, 1, 0
	copy(em[len(em)-len(info):], info)
	return k.raw(em)
}

// pss is EMSA-PSS of RFC 8017, section 9.1.1, with a salt that depends on the
// digest alone.
func (k *rsaKey) pss(s scheme, digest []byte) []byte {
	salt := mgf1(crypto.SHA256, append([]byte("salt"), digest...), s.salt)
	h := sum(s.hash, make([]byte, 8), digest, salt)
	emBits := k.n.BitLen() - 1
	em := make([]byte, (emBits+7)/8)
	db := em[:len(em)-len(h)-1]
	db[len(db)-len(salt)-1] = 1
	copy(db[len(db)-len(salt):], salt)
	for i, m := range mgf1(s.mgf, h, len(db)) {
		db[i] ^= m
	}
	db[0] &= 0xff >> (8*len(em) - emBits)
	copy(em[len(db):], h)
	em[len(em)-1] = 0xbc
	return k.raw(em)
}

// mgf1 is the mask generation function of RFC 8017, section B.2.1.
func mgf1(h crypto.Hash, seed []byte, n int) []byte {
	var out []byte
	for i := byte(0); len(out) < n; i++ {
		out = append(out, sum(h, seed, []byte{0, 0, 0, i})...)
	}
	return out[:n]
}

// dsaKey is a DSA key (FIPS 186-4, section 4).
type dsaKey struct{ p, q, g, x *big.Int }

func (k *dsaKey) sign(h crypto.Hash, digest []byte) []byte {
	nonce := nonce6979(h, k.q, k.x, digest)
	r := new(big.Int).Exp(k.g, nonce, k.p)
	r.Mod(r, k.q)
	return signaturePair(k.q, k.x, nonce, r, digest)
}

// signaturePair is Dss-Sig-Value or ECDSA-Sig-Value (RFC 3279, section 2.2):
// r and (digest + d·r) / nonce, modulo q.
func signaturePair(q, d, nonce, r *big.Int, digest []byte) der {
	s := new(big.Int).Mul(d, r)
	s.Add(s, bitsToInt(q, digest))
	s.Mul(s, new(big.Int).ModInverse(nonce, q))
	return seq(bigInteger(r), bigInteger(s.Mod(s, q)))
}

// bitsToInt takes the leftmost bits of b that q has.
func bitsToInt(q *big.Int, b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if over := len(b)*8 - q.BitLen(); over > 0 {
		n.Rsh(n, uint(over))
	}
	return n
}

// nonce6979 is the deterministic k of RFC 6979, section 3.2.
func nonce6979(h crypto.Hash, q, x *big.Int, digest []byte) *big.Int {
	size := (q.BitLen() + 7) / 8
	z := bitsToInt(q, digest)
	z.Mod(z, q)
	input := append(x.FillBytes(make([]byte, size)), z.FillBytes(make([]byte, size))...)
	v, k := make([]byte, h.Size()), make([]byte, h.Size())
	for i := range v {
		v[i] = 1
	}
	mac := func(parts ...[]byte) []byte {
		m := hmac.New(h.New, k)
		for _, p := range parts {
			m.Write(p)
		}
		return m.Sum(nil)
	}
	for _, b := range []byte{0, 1} {
		k = mac(v, []byte{b}, input)
		v = mac(v)
	}
	for {
		var t []byte
		for len(t) < size {
			v = mac(v)
			t = append(t, v...)
		}
		if n := bitsToInt(q, t[:size]); n.Sign() > 0 && n.Cmp(q) < 0 {
			return n
		}
		k = mac(v, []byte{0})
		v = mac(v)
	}
}

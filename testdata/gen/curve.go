package main

import (
	"crypto"
	"crypto/elliptic"
	"math/big"
)

// curve is y² = x³ + ax + b over a prime field, so that one small
// implementation covers the curves that crypto/ecdsa lacks.
type curve struct {
	p, a, b, n, gx, gy *big.Int
}

// curves by the content octets of their object identifier.
var curves = map[string]*curve{
	named("1.3.132.0.33"):        standard(elliptic.P224()),
	named("1.2.840.10045.3.1.7"): standard(elliptic.P256()),
	named("1.3.132.0.34"):        standard(elliptic.P384()),
	named("1.3.132.0.35"):        standard(elliptic.P521()),
	// secp256k1, SEC 2, section 2.4.1
	named("1.3.132.0.10"): {
		p:  number("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"),
		a:  number("0"),
		b:  number("7"),
		n:  number("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
		gx: number("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
		gy: number("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"),
	},
	// brainpoolP256r1, RFC 5639, section 3.4
	named("1.3.36.3.3.2.8.1.1.7"): {
		p:  number("a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377"),
		a:  number("7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9"),
		b:  number("26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6"),
		n:  number("a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7"),
		gx: number("8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262"),
		gy: number("547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997"),
	},
}

func named(id string) string { return string(body(oid(id))) }

func number(hex string) *big.Int {
	n, ok := new(big.Int).SetString(hex, 16)
	if !ok {
		panic("gen: not a number: " + hex)
	}
	return n
}

func standard(c elliptic.Curve) *curve {
	p := c.Params()
	return &curve{p: p.P, a: big.NewInt(-3), b: p.B, n: p.N, gx: p.Gx, gy: p.Gy}
}

// point is affine; the point at infinity is nil.
type point struct{ x, y *big.Int }

func (c *curve) add(s, t *point) *point {
	if s == nil {
		return t
	}
	if t == nil {
		return s
	}
	var up, down *big.Int
	if s.x.Cmp(t.x) != 0 {
		up = new(big.Int).Sub(t.y, s.y)
		down = new(big.Int).Sub(t.x, s.x)
	} else if s.y.Cmp(t.y) == 0 && s.y.Sign() != 0 {
		up = new(big.Int).Mul(s.x, s.x)
		up.Mul(up, big.NewInt(3)).Add(up, c.a)
		down = new(big.Int).Lsh(s.y, 1)
	} else {
		return nil
	}
	slope := up.Mul(up, down.ModInverse(down.Mod(down, c.p), c.p))
	slope.Mod(slope, c.p)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, s.x).Sub(x, t.x).Mod(x, c.p)
	y := new(big.Int).Sub(s.x, x)
	y.Mul(y, slope).Sub(y, s.y).Mod(y, c.p)
	return &point{x, y}
}

// times is the multiple of the base point.
func (c *curve) times(k *big.Int) *point {
	var sum *point
	g := &point{c.gx, c.gy}
	for i := k.BitLen() - 1; i >= 0; i-- {
		sum = c.add(sum, sum)
		if k.Bit(i) == 1 {
			sum = c.add(sum, g)
		}
	}
	return sum
}

type curveKey struct {
	curve *curve
	d     *big.Int
}

// public is the uncompressed point of SEC 1, section 2.3.3.
func (k *curveKey) public() []byte {
	q := k.curve.times(k.d)
	size := (k.curve.p.BitLen() + 7) / 8
	out := append([]byte{4}, q.x.FillBytes(make([]byte, size))...)
	return append(out, q.y.FillBytes(make([]byte, size))...)
}

func (k *curveKey) sign(h crypto.Hash, digest []byte) []byte {
	n := k.curve.n
	nonce := nonce6979(h, n, k.d, digest)
	r := new(big.Int).Mod(k.curve.times(nonce).x, n)
	return signaturePair(n, k.d, nonce, r, digest)
}

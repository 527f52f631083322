package sig

import (
	"fmt"
	"math/big"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// curve is y² = x³ + ax + b over the field of p elements, with a base point of
// order n and cofactor 1.
type curve struct {
	name    string
	id      oid.ID
	p, a, b *big.Int
	g       point
	n       *big.Int
}

// point is a point of a curve; without x it is the one at infinity.
type point struct{ x, y *big.Int }

// curveWith is the curve of this identifier, or nil.
func curveWith(id oid.ID) *curve {
	for i := range curves {
		if curves[i].id == id {
			return curves[i].numbers()
		}
	}
	return nil
}

// explicitCurve recognises a known curve that is spelled out, or answers nil.
// Everything has to agree, the base point above all: a base point of one's own
// choice makes any key a key one knows the secret of (CVE-2020-0601).
//
//	SpecifiedECDomain ::= SEQUENCE {
//		version   INTEGER,
//		fieldID   SEQUENCE { OBJECT IDENTIFIER, prime INTEGER },
//		curve     SEQUENCE { a OCTET STRING, b OCTET STRING, seed BIT STRING OPTIONAL },
//		base      OCTET STRING,
//		order     INTEGER,
//		cofactor  INTEGER OPTIONAL, … }
//
// RFC 3279, section 2.3.5
func explicitCurve(parameters []byte) *curve {
	s, ok := open(parameters, der.Sequence)
	if !ok {
		return nil
	}
	s.integer()
	fieldID, _, _ := s.take(der.Sequence)
	in := elements{b: fieldID}
	in.take(der.OID)
	p, _, ok1 := in.integer()
	ab, _, _ := s.take(der.Sequence)
	in = elements{b: ab}
	a, _, ok2 := in.take(der.OctetString)
	b, _, ok3 := in.take(der.OctetString)
	base, _, ok4 := s.take(der.OctetString)
	n, _, ok5 := s.integer()
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
		return nil
	}
	if s.left() {
		if h, _, ok := s.integer(); ok && (!h.IsInt64() || h.Int64() != 1) {
			return nil
		}
	}
	for i := range curves {
		c := curves[i].numbers()
		if c.p.Cmp(p) != 0 || c.n.Cmp(n) != 0 || c.a.Cmp(new(big.Int).SetBytes(a)) != 0 || c.b.Cmp(new(big.Int).SetBytes(b)) != 0 {
			continue
		}
		if g, fault := c.parsePoint(base); fault == "" && g.x.Cmp(c.g.x) == 0 && g.y.Cmp(c.g.y) == 0 {
			return c
		}
	}
	return nil
}

// parsePoint reads a point: uncompressed, compressed, or the hybrid of both that
// OpenSSL takes as well (SEC 1, section 2.3.4).
func (c *curve) parsePoint(b []byte) (point, string) {
	size := (c.p.BitLen() + 7) / 8
	if len(b) == 1 && b[0] == 0 {
		return point{}, "the key is the point at infinity, which is nobody's key"
	}
	if len(b) == 0 {
		return point{}, "the key has no octets"
	}
	want, short := 1+2*size, b[0] == 2 || b[0] == 3
	if short {
		want = 1 + size
	}
	if b[0] < 2 || b[0] == 5 || b[0] > 7 {
		return point{}, fmt.Sprintf("the key begins with octet %02x, points begin with 02, 03 or 04", b[0])
	}
	if len(b) != want {
		return point{}, fmt.Sprintf("the key has %d octets, a point of %s beginning with %02x has %d", len(b), c.name, b[0], want)
	}
	x := new(big.Int).SetBytes(b[1 : 1+size])
	if x.Cmp(c.p) >= 0 {
		return point{}, fmt.Sprintf("x of the key is not below the prime of %s", c.name)
	}
	y := new(big.Int)
	if short {
		if y.ModSqrt(c.right(x), c.p) == nil {
			return point{}, fmt.Sprintf("no point of %s has the x of the key", c.name)
		}
		if y.Bit(0) != uint(b[0]&1) {
			y.Sub(c.p, y)
		}
	} else {
		y.SetBytes(b[1+size:])
	}
	left := new(big.Int).Mul(y, y)
	switch {
	case y.Cmp(c.p) >= 0:
		return point{}, fmt.Sprintf("y of the key is not below the prime of %s", c.name)
	case left.Mod(left, c.p).Cmp(c.right(x)) != 0:
		return point{}, fmt.Sprintf("the key is no point of %s", c.name)
	case b[0] > 5 && y.Bit(0) != uint(b[0]&1):
		return point{}, "the first octet of the key contradicts its y"
	}
	return point{x, y}, ""
}

// right is x³ + ax + b.
func (c *curve) right(x *big.Int) *big.Int {
	r := new(big.Int).Mul(x, x)
	r.Add(r, c.a).Mul(r, x).Add(r, c.b)
	return r.Mod(r, c.p)
}

// add adds two points by the rules of the secant and the tangent. Slow and
// plain: only public numbers pass here, and two verifications make a report.
func (c *curve) add(v, w point) point {
	if v.x == nil {
		return w
	}
	if w.x == nil {
		return v
	}
	rise, run := new(big.Int), new(big.Int)
	if v.x.Cmp(w.x) == 0 {
		if run.Add(v.y, w.y); run.Cmp(c.p) == 0 || run.Sign() == 0 {
			return point{}
		}
		rise.Mul(v.x, v.x).Mul(rise, big.NewInt(3)).Add(rise, c.a)
	} else {
		rise.Sub(w.y, v.y)
		run.Sub(w.x, v.x).Mod(run, c.p)
	}
	slope := rise.Mul(rise, run.ModInverse(run, c.p))
	slope.Mod(slope, c.p)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, v.x).Sub(x, w.x).Mod(x, c.p)
	y := new(big.Int).Sub(v.x, x)
	y.Mul(y, slope).Sub(y, v.y).Mod(y, c.p)
	return point{x, y}
}

// fits is the verification of ECDSA (FIPS 186-5, section 6.4.2). The numbers r
// and s lie between 0 and n, and q is a point of the curve.
func (c *curve) fits(q point, sum []byte, r, s *big.Int) bool {
	w := new(big.Int).ModInverse(s, c.n)
	u := leftmost(sum, c.n)
	u.Mul(u, w).Mod(u, c.n)
	v := w.Mul(w, r)
	v.Mod(v, c.n)

	// u·g + v·q with one doubling for both.
	both := c.add(c.g, q)
	var at point
	for i := c.n.BitLen() - 1; i >= 0; i-- {
		at = c.add(at, at)
		switch u.Bit(i) | v.Bit(i)<<1 {
		case 1:
			at = c.add(at, c.g)
		case 2:
			at = c.add(at, q)
		case 3:
			at = c.add(at, both)
		}
	}
	return at.x != nil && new(big.Int).Mod(at.x, c.n).Cmp(r) == 0
}

package sig

import (
	"fmt"
	"math/big"

	"derscope/decode/der"
)

// dsaKey are the numbers of a DSA key; nil as long as they have not been read.
type dsaKey struct{ p, q, g, y *big.Int }

const maxSubgroup = 512 // bits of q; FIPS 186-4 goes to 256

// readDSA reads domain parameters and public key.
//
//	Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
//	DSAPublicKey ::= INTEGER
//
// RFC 3279, section 2.3.2
func (k *Key) readDSA() {
	if k.Algorithm.plain() {
		k.Fault = "the key takes its parameters over from its issuer's (RFC 3279 §2.3.2), which are not at hand"
		return
	}
	s, ok := open(k.Algorithm.Parameters, der.Sequence)
	p, _, ok1 := s.integer()
	q, _, ok2 := s.integer()
	g, _, ok3 := s.integer()
	if !ok || !ok1 || !ok2 || !ok3 || s.left() {
		k.Fault = "the parameters of the DSA key are not a SEQUENCE of p, q and g"
		return
	}
	in := elements{b: k.Bits}
	y, _, ok := in.integer()
	if !ok || in.left() {
		k.Fault = "the DSA key is not one INTEGER"
		return
	}
	k.dsa = dsaKey{p, q, g, y}
	one := big.NewInt(1)
	switch {
	case p.Sign() <= 0 || p.Bit(0) == 0 || q.Sign() <= 0 || q.Bit(0) == 0 || q.Cmp(one) == 0:
		k.Fault = "p and q of the DSA key are not both odd primes"
	case q.Cmp(p) >= 0:
		k.Fault = fmt.Sprintf("q is less than p in a DSA key, here they have %d and %d bits", q.BitLen(), p.BitLen())
	case g.Cmp(one) <= 0 || g.Cmp(p) >= 0:
		k.Fault = "g of the DSA key does not lie between 1 and p"
	case y.Cmp(one) <= 0 || y.Cmp(p) >= 0:
		k.Fault = "the DSA key does not lie between 1 and p"
	}
}

func verifyDSA(s Scheme, k Key, signed, signature []byte) Result {
	d := k.dsa
	if p, q := d.p.BitLen(), d.q.BitLen(); p > maxModulus || q > maxSubgroup {
		return Result{Outcome: TooLarge, Why: fmt.Sprintf(
			"p and q of the DSA key have %d and %d bits, %d and %d are computed here", p, q, maxModulus, maxSubgroup)}
	}
	sum := digestNamed(s.Hash).sum(signed)
	return verifyNumbers(k, d.q, signature, func(r, s *big.Int) bool { return d.fits(sum, r, s) })
}

// fits is the verification of FIPS 186-4, section 4.7. The numbers r and s lie
// between 0 and q. crypto/dsa refuses a q whose bits are not whole octets.
func (d dsaKey) fits(sum []byte, r, s *big.Int) bool {
	w := new(big.Int).ModInverse(s, d.q)
	if w == nil { // q is no prime
		return false
	}
	u1 := leftmost(sum, d.q)
	u1.Mul(u1, w).Mod(u1, d.q)
	u2 := w.Mul(w, r)
	u2.Mod(u2, d.q)
	v := new(big.Int).Exp(d.g, u1, d.p)
	v.Mul(v, new(big.Int).Exp(d.y, u2, d.p))
	v.Mod(v, d.p).Mod(v, d.q)
	return v.Cmp(r) == 0
}

// leftmost is the number that the first bits of a digest make, as many as the
// order of the group has (FIPS 186-5, section 6.4.2).
func leftmost(sum []byte, order *big.Int) *big.Int {
	z := new(big.Int).SetBytes(sum)
	if over := 8*len(sum) - order.BitLen(); over > 0 {
		z.Rsh(z, uint(over))
	}
	return z
}

package sig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"fmt"
	"math/big"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// readEC reads curve and point.
//
//	ECParameters ::= CHOICE {
//		namedCurve  OBJECT IDENTIFIER }  -- the others are forbidden in PKIX
//
// RFC 5480, section 2.1.1
func (k *Key) readEC() {
	s := elements{b: k.Algorithm.Parameters}
	switch id, _, ok := s.take(der.OID); {
	case ok:
		k.Curve, _ = oid.Parse(id)
		k.curve = curveWith(k.Curve)
		if k.curve == nil {
			return
		}
	default:
		if k.curve = explicitCurve(k.Algorithm.Parameters); k.curve == nil {
			k.Fault = "the parameters of the key name no curve (RFC 5480 §2.1.1)"
			return
		}
		k.Curve = k.curve.id
	}
	k.at, k.Fault = k.curve.parsePoint(k.Bits)
}

// Explicit says that the key spells its curve out instead of naming it, which
// RFC 5480, section 2.1.1, forbids.
func (k Key) Explicit() bool {
	return k.curve != nil && len(k.Algorithm.Parameters) > 0 && k.Algorithm.Parameters[0] != 6
}

// numbers reads a signature of two numbers, leniently. The fault says what keeps
// it from being DER with two positive numbers. One that is no such SEQUENCE but
// has twice the octets of a number is taken for r‖s, as JOSE has it (RFC 7518,
// section 3.4). Without numbers, r is nil.
func numbers(signature []byte, size int) (r, s *big.Int, fault string) {
	r, s, fault = sequenceOfTwo(signature)
	if r == nil && size > 0 && len(signature) == 2*size {
		r = new(big.Int).SetBytes(signature[:size])
		s = new(big.Int).SetBytes(signature[size:])
		fault = fmt.Sprintf("the signature is r‖s, %d octets each as in JOSE, not a SEQUENCE of two INTEGERs", size)
	}
	return r, s, fault
}

// sequenceOfTwo reads
//
//	Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
//
// RFC 3279, section 2.2.3; Dss-Sig-Value (2.2.2) is the same.
func sequenceOfTwo(signature []byte) (r, s *big.Int, fault string) {
	e, err := der.Next(signature, 0, len(signature))
	if err != nil || e.Tag != der.Sequence {
		return nil, nil, fmt.Sprintf("the signature of %d octets is no SEQUENCE of two INTEGERs", len(signature))
	}
	in := elements{b: signature[e.Content():e.Close()]}
	r, minR, okR := in.integer()
	s, minS, okS := in.integer()
	switch {
	case !okR || !okS:
		return nil, nil, "the signature is a SEQUENCE, but not of two INTEGERs"
	case r.Sign() <= 0:
		fault = fmt.Sprintf("r is positive in a signature, this one is %s", short(r))
	case s.Sign() <= 0:
		fault = fmt.Sprintf("s is positive in a signature, this one is %s", short(s))
	case in.left():
		fault = "the SEQUENCE goes on after r and s"
	case e.End() < len(signature):
		fault = fmt.Sprintf("%d octets follow the SEQUENCE of r and s", len(signature)-e.End())
	case !minR:
		fault = "r is written with more octets than needed"
	case !minS:
		fault = "s is written with more octets than needed"
	case e.LongLength || e.Indefinite || e.LongTag:
		fault = "the length of the SEQUENCE is not written as DER asks"
	}
	return r, s, fault
}

// ECDSAForm says what keeps an ECDSA or DSA signature from being a SEQUENCE of
// two minimal positive INTEGERs; "" if nothing.
func ECDSAForm(k Key, signature []byte) string {
	_, _, fault := numbers(signature, k.orderSize())
	return fault
}

// orderSize is the octets of the order of the group that k works in.
func (k Key) orderSize() int {
	switch {
	case k.curve != nil:
		return (k.curve.n.BitLen() + 7) / 8
	case k.dsa.q != nil:
		return (k.dsa.q.BitLen() + 7) / 8
	}
	return 0
}

func verifyECDSA(s Scheme, k Key, signed, signature []byte) Result {
	if k.curve == nil {
		return Result{Why: fmt.Sprintf("the curve %s is not computed here", k.Curve)}
	}
	sum := digestNamed(s.Hash).sum(signed)
	return verifyNumbers(k, k.curve.n, signature, func(r, s *big.Int) bool {
		return k.curve.verify(k.at, sum, r, s)
	})
}

// verifyNumbers does what ECDSA and DSA have in common around their arithmetic.
func verifyNumbers(k Key, order *big.Int, signature []byte, fits func(r, s *big.Int) bool) Result {
	r, s, fault := numbers(signature, k.orderSize())
	if r == nil {
		return Result{Outcome: Malformed, Why: fault}
	}
	inRange := r.Sign() > 0 && s.Sign() > 0 && r.Cmp(order) < 0 && s.Cmp(order) < 0
	valid := inRange && fits(r, s)
	switch {
	case fault != "":
		return Result{Outcome: Malformed, Why: fault, Loose: valid}
	case !inRange:
		return Result{Outcome: Wrong, Why: fmt.Sprintf(
			"r and s lie below the order of the group, which has %d bits, these have %d and %d", order.BitLen(), r.BitLen(), s.BitLen())}
	case !valid:
		return Result{Outcome: Wrong, Why: fmt.Sprintf(
			"the signature does not fit these octets and this key (%s); such a signature does not tell which of the two differs", k.Name())}
	}
	return Result{Outcome: Valid}
}

// verify does the arithmetic: by the standard library where it knows the curve.
func (c *curve) verify(q point, sum []byte, r, s *big.Int) bool {
	std := map[string]func() elliptic.Curve{
		"P-224": elliptic.P224, "P-256": elliptic.P256, "P-384": elliptic.P384, "P-521": elliptic.P521,
	}[c.name]
	if std == nil {
		return c.fits(q, sum, r, s)
	}
	size := (c.p.BitLen() + 7) / 8
	b := make([]byte, 1+2*size)
	b[0] = 4
	q.x.FillBytes(b[1 : 1+size])
	q.y.FillBytes(b[1+size:])
	key, err := ecdsa.ParseUncompressedPublicKey(std(), b)
	return err == nil && ecdsa.Verify(key, sum, r, s)
}

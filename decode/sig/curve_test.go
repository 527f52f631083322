package sig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// times is k·p, the plain way.
func (c *curve) times(k *big.Int, p point) point {
	var at point
	for i := k.BitLen() - 1; i >= 0; i-- {
		at = c.add(at, at)
		if k.Bit(i) == 1 {
			at = c.add(at, p)
		}
	}
	return at
}

// octets writes a point uncompressed.
func (c *curve) octets(p point) []byte {
	size := (c.p.BitLen() + 7) / 8
	return slices.Concat([]byte{4}, p.x.FillBytes(make([]byte, size)), p.y.FillBytes(make([]byte, size)))
}

// sign makes an ECDSA signature with fixed numbers.
func (c *curve) sign(secret *big.Int, sum []byte) (r, s *big.Int) {
	k := new(big.Int).SetBytes(seed("k "+c.name, 80))
	k.Mod(k, c.n)
	r = new(big.Int).Mod(c.times(k, c.g).x, c.n)
	s = new(big.Int).Mul(r, secret)
	s.Add(s, leftmost(sum, c.n)).Mul(s, k.ModInverse(k, c.n)).Mod(s, c.n)
	return r, s
}

func (c *curve) secret() *big.Int {
	d := new(big.Int).SetBytes(seed("d "+c.name, 80))
	return d.Mod(d, c.n)
}

// The constants are those of curves: primes, a base point on the curve and of
// the order said, which lies within the bounds of Hasse for cofactor 1.
func TestCurves(t *testing.T) {
	for _, constants := range curves {
		c := constants.numbers()
		if !c.p.ProbablyPrime(20) || !c.n.ProbablyPrime(20) {
			t.Errorf("%s: p or n is no prime", c.name)
		}
		if g, fault := c.parsePoint(c.octets(c.g)); fault != "" || g.x.Cmp(c.g.x) != 0 {
			t.Errorf("%s: base point: %s", c.name, fault)
		}
		if c.times(c.n, c.g).x != nil {
			t.Errorf("%s: n·g is not the point at infinity", c.name)
		}
		gap := new(big.Int).Sub(c.p, c.n)
		gap.Add(gap, big.NewInt(1)).Abs(gap)
		if gap.BitLen() > c.p.BitLen()/2+2 {
			t.Errorf("%s: n is %d bits away from p", c.name, gap.BitLen())
		}
		if strings.HasPrefix(c.name, "brainpool") && !strings.Contains(c.name, "P"+big.NewInt(int64(c.p.BitLen())).String()) {
			t.Errorf("%s has %d bits", c.name, c.p.BitLen())
		}
	}
}

// Own arithmetic agrees with the standard library's where that has any.
func TestCurveAgainstStandard(t *testing.T) {
	for name, std := range map[string]elliptic.Curve{
		"P-224": elliptic.P224(), "P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521(),
	} {
		c := named(t, name)
		d := c.secret()
		q := c.times(d, c.g)
		pub, err := ecdsa.ParseUncompressedPublicKey(std, c.octets(q))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, hash := range []string{"SHA-1", "SHA-256", "SHA3-512"} {
			sum := digestNamed(hash).sum(message)
			r, s := c.sign(d, sum)
			if !ecdsa.Verify(pub, sum, r, s) || !c.fits(q, sum, r, s) {
				t.Errorf("%s with %s: crypto/ecdsa %t, own %t", name, hash, ecdsa.Verify(pub, sum, r, s), c.fits(q, sum, r, s))
			}
			if c.fits(q, sum[1:], r, s) {
				t.Errorf("%s with %s: another digest fits", name, hash)
			}
		}
	}
}

func named(t testing.TB, name string) *curve {
	for _, c := range curves {
		if c.name == name {
			return c.numbers()
		}
	}
	t.Fatalf("no curve %s", name)
	return nil
}

func (c *curve) key(t testing.TB, bits []byte) Key {
	return key(t, seq(objectID(ecPublicKey), objectID(c.id)), bits)
}

func TestECDSA(t *testing.T) {
	for _, constants := range curves {
		c := constants.numbers()
		d := c.secret()
		q := c.times(d, c.g)
		k := c.key(t, c.octets(q))
		if k.Fault != "" || k.Name() != "ECDSA "+c.name || k.Size() != c.p.BitLen() || k.Curve != c.id {
			t.Errorf("%s: named %s, %d bits: %s", c.name, k.Name(), k.Size(), k.Fault)
		}
		for id, s := range schemes {
			if s.family != "EC" || s.hash != "SHA-1" && s.hash != "SHA-512" {
				continue
			}
			r1, s1 := c.sign(d, digestNamed(s.hash).sum(message))
			signature := seq(number(r1), number(s1))
			if r := Verify(algorithm(t, id), k, message, signature); r.Outcome != Valid {
				t.Errorf("%s, %s: %s: %s", c.name, s.name, r.Outcome, r.Why)
			}
			if r := Verify(algorithm(t, id), k, message[1:], signature); r.Outcome != Wrong {
				t.Errorf("%s, %s, other octets: %s: %s", c.name, s.name, r.Outcome, r.Why)
			}
		}
	}
}

func TestECDSAForm(t *testing.T) {
	c := named(t, "P-256")
	d := c.secret()
	k := c.key(t, c.octets(c.times(d, c.g)))
	a := algorithm(t, "1.2.840.10045.4.3.2")
	r, s := c.sign(d, digestNamed("SHA-256").sum(message))
	good := seq(number(r), number(s))
	pad := func(n *big.Int) []byte { return tlv(2, []byte{0}, number(n)[2:]) }
	negative := new(big.Int).Sub(r, new(big.Int).Lsh(big.NewInt(1), 256)).Bytes()
	for _, v := range []struct {
		name      string
		signature []byte
		want      Outcome
		loose     bool
		why       string
	}{
		{"good", good, Valid, false, ""},
		{"padded r", seq(pad(r), number(s)), Malformed, true, "r is written with more octets"},
		{"padded s", seq(number(r), pad(s)), Malformed, true, "s is written with more octets"},
		{"long length", slices.Concat([]byte{0x30, 0x81}, good[1:]), Malformed, true, "length of the SEQUENCE"},
		{"indefinite", slices.Concat([]byte{0x30, 0x80}, good[2:], []byte{0, 0}), Malformed, true, "length of the SEQUENCE"},
		{"trailing", append(slices.Clone(good), 0), Malformed, true, "1 octets follow"},
		{"third number", seq(number(r), number(s), small(1)), Malformed, true, "goes on after r and s"},
		{"raw", slices.Concat(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))), Malformed, true, "JOSE"},
		{"negative", seq(tlv(2, []byte{0xff}, negative), number(s)), Malformed, false, "r is positive"},
		{"zero r", seq(small(0), number(s)), Malformed, false, "r is positive in a signature, this one is 0"},
		{"zero s", seq(number(r), small(0)), Malformed, false, "s is positive in a signature, this one is 0"},
		{"r plus order", seq(number(new(big.Int).Add(r, c.n)), number(s)), Wrong, false, "below the order"},
		{"empty", nil, Malformed, false, "0 octets"},
		{"one number", seq(number(r)), Malformed, false, "not of two INTEGERs"},
		{"empty numbers", seq(tlv(2), tlv(2)), Malformed, false, "not of two INTEGERs"},
		{"huge numbers", seq(tlv(2, seed("r", 20000)), number(s)), Malformed, false, ""},
	} {
		got := Verify(a, k, message, v.signature)
		if got.Outcome != v.want || got.Loose != v.loose || !strings.Contains(got.Why, v.why) {
			t.Errorf("%s: %s, loose %t: %s", v.name, got.Outcome, got.Loose, got.Why)
		}
		if form := ECDSAForm(k, v.signature); (form != "") != (v.want == Malformed) {
			t.Errorf("%s: form %q", v.name, form)
		}
	}
}

func TestPoints(t *testing.T) {
	for _, name := range []string{"P-224", "P-256", "secp256k1", "brainpoolP512t1"} {
		c := named(t, name)
		q := c.times(c.secret(), c.g)
		size := (c.p.BitLen() + 7) / 8
		full := c.octets(q)
		sign := byte(q.y.Bit(0))
		for _, v := range []struct {
			what string
			bits []byte
			why  string
		}{
			{"uncompressed", full, ""},
			{"compressed", append([]byte{2 | sign}, full[1:1+size]...), ""},
			{"hybrid", append([]byte{6 | sign}, full[1:]...), ""},
			{"hybrid, other sign", append([]byte{7 ^ sign}, full[1:]...), "contradicts"},
			{"infinity", []byte{0}, "infinity"},
			{"empty", nil, "no octets"},
			{"cut", full[:2*size], "octets"},
			{"other first octet", append([]byte{5}, full[1:]...), "begins with octet 05"},
			{"off the curve", flip(full, 2*size), "no point of"},
			{"x = p", slices.Concat([]byte{2}, c.p.FillBytes(make([]byte, size))), "x of the key is not below"},
			{"y = y + p", func() []byte {
				b := slices.Clone(full)
				y := new(big.Int).Add(q.y, c.p)
				if y.BitLen() > 8*size {
					return append([]byte{4}, make([]byte, 2*size)...) // no room for it: take 0, 0
				}
				y.FillBytes(b[1+size:])
				return b
			}(), "the"},
		} {
			k := c.key(t, v.bits)
			if v.why == "" && (k.Fault != "" || k.at.y.Cmp(q.y) != 0) || !strings.Contains(k.Fault, v.why) {
				t.Errorf("%s, %s: %s", name, v.what, k.Fault)
			}
			r := Verify(algorithm(t, "1.2.840.10045.4.3.2"), k, message, seq(small(1), small(1)))
			if v.why != "" && (r.Outcome != Malformed || r.Why != k.Fault) {
				t.Errorf("%s, %s: %s: %s", name, v.what, r.Outcome, r.Why)
			}
		}
	}
}

// A curve spelled out is taken for a known one only if its base point is too:
// the reverse was CVE-2020-0601.
func TestExplicitCurve(t *testing.T) {
	c := named(t, "P-256")
	q := c.times(c.secret(), c.g)
	explicit := func(g point) []byte {
		return seq(small(1),
			seq(objectID("1.2.840.10045.1.1"), number(c.p)),
			seq(tlv(4, c.a.Bytes()), tlv(4, c.b.Bytes())),
			tlv(4, c.octets(g)), number(c.n), small(1))
	}
	k := key(t, seq(objectID(ecPublicKey), explicit(c.g)), c.octets(q))
	if k.Fault != "" || k.Name() != "ECDSA P-256" || !k.Explicit() {
		t.Errorf("explicit P-256 is %s: %s", k.Name(), k.Fault)
	}
	k = key(t, seq(objectID(ecPublicKey), explicit(q)), c.octets(q))
	if k.Fault == "" {
		t.Errorf("another base point gives %s", k.Name())
	}
	if k := c.key(t, c.octets(q)); k.Explicit() {
		t.Error("a named curve is explicit")
	}
}

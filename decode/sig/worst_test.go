package sig

import (
	"math/big"
	"testing"
	"time"
)

// The largest keys that are computed take a fraction of a second each, or the
// limits are too wide. The bound leaves room for slow machines and WebAssembly.
func TestLargestKeys(t *testing.T) {
	odd := func(name string, bits int) *big.Int {
		n := new(big.Int).SetBytes(seed(name, (bits+7)/8))
		n.Rsh(n, uint(n.BitLen()-min(bits, n.BitLen())))
		return n.SetBit(n, bits-1, 1).SetBit(n, 0, 1)
	}
	n, e := odd("n", maxModulus), odd("e", maxExponent)
	q := odd("q", maxSubgroup)
	for !q.ProbablyPrime(1) { // s has no inverse otherwise, and the work is spared
		q.Add(q, big.NewInt(2))
	}
	d := dsaKey{n, q, odd("g", maxModulus-1), odd("y", maxModulus-1)}
	c := named(t, "brainpoolP512r1")
	for name, verify := range map[string]func() Result{
		"RSA": func() Result {
			k := rsaPair{n, e, nil}.key(t)
			return Verify(algorithm(t, "1.2.840.113549.1.1.11", null0()), k, message, append([]byte{0}, seed("s", maxModulus/8-1)...))
		},
		"RSASSA-PSS, cut": func() Result {
			k := rsaPair{n, e, nil}.key(t)
			return Verify(algorithm(t, rsassaPSS, seq()), k, message, seed("s", maxModulus/8-1))
		},
		"DSA": func() Result {
			return Verify(algorithm(t, "1.2.840.10040.4.3"), d.key(t), message, seq(number(odd("r", 500)), number(odd("s", 500))))
		},
		"curve": func() Result {
			k := c.key(t, c.octets(c.times(c.secret(), c.g)))
			return Verify(algorithm(t, "1.2.840.10045.4.3.2"), k, message, seq(number(odd("r", 511)), number(odd("s", 511))))
		},
	} {
		start := time.Now()
		r := verify()
		took := time.Since(start)
		t.Logf("%s: %s in %v", name, r.Outcome, took)
		if r.Outcome == Valid || r.Outcome == TooLarge {
			t.Errorf("%s: %s: %s", name, r.Outcome, r.Why)
		}
		if took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

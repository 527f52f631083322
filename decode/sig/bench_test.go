package sig

import (
	"math/big"
	"testing"
)

// BenchmarkVerify takes one signature of each sort, parsing of the key included.
func BenchmarkVerify(b *testing.B) {
	run := func(name string, a Algorithm, spki, signature []byte) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				k, _ := ParseKey(spki)
				if r := Verify(a, k, message, signature); r.Outcome != Valid {
					b.Fatal(r.Why)
				}
			}
		})
	}
	for _, bits := range []int{2048, 4096} {
		pair := newRSA(bits, 65537)
		spki := seq(seq(objectID(rsaEncryption), null0()), bitString(seq(number(pair.n), number(pair.e))))
		run(pair.key(b).Name(), algorithm(b, "1.2.840.113549.1.1.11", null0()), spki, pair.pkcs1("SHA-256", message))
	}
	for _, name := range []string{"P-256", "secp256k1", "brainpoolP512r1"} {
		c := named(b, name)
		d := c.secret()
		r, s := c.sign(d, digestNamed("SHA-256").sum(message))
		spki := seq(seq(objectID(ecPublicKey), objectID(c.id)), bitString(c.octets(c.times(d, c.g))))
		run("ECDSA "+name, algorithm(b, "1.2.840.10045.4.3.2"), spki, seq(number(r), number(s)))
	}
}

// BenchmarkLargestKeys takes the costliest keys that are computed: they bound the
// time of any verification.
func BenchmarkLargestKeys(b *testing.B) {
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
	c := named(b, "brainpoolP512r1")
	for name, verify := range map[string]func() Result{
		"RSA": func() Result {
			k := rsaPair{n, e, nil}.key(b)
			return Verify(algorithm(b, "1.2.840.113549.1.1.11", null0()), k, message, append([]byte{0}, seed("s", maxModulus/8-1)...))
		},
		"DSA": func() Result {
			return Verify(algorithm(b, "1.2.840.10040.4.3"), d.key(b), message, seq(number(odd("r", 500)), number(odd("s", 500))))
		},
		"curve": func() Result {
			k := c.key(b, c.octets(c.times(c.secret(), c.g)))
			return Verify(algorithm(b, "1.2.840.10045.4.3.2"), k, message, seq(number(odd("r", 511)), number(odd("s", 511))))
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if r := verify(); r.Outcome != Wrong {
					b.Fatalf("%s: %s", r.Outcome, r.Why)
				}
			}
		})
	}
}

package sig

import "testing"

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

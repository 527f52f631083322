package cert

import (
	"testing"

	"derscope/decode/der"
)

// The octets of a key without its parameters are no key: with a base of their
// own choice anyone knows a secret for them (CVE-2020-0601).
func TestSamePublicKey(t *testing.T) {
	key := func(algorithm, parameters, bits []byte) PublicKey {
		id := append([]byte{6, byte(len(algorithm))}, algorithm...)
		k := PublicKey{Bits: bits}
		k.Raw = wrap(der.Sequence, append(wrap(der.Sequence, append(id, parameters...)), wrap(der.BitString, append([]byte{0}, bits...))...))
		k.parse()
		return k
	}
	dsa, rsa := []byte{0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1}, []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1}
	domain := func(g byte) []byte { return wrap(der.Sequence, []byte{2, 1, 23, 2, 1, 11, 2, 1, g}) }
	y := []byte{2, 1, 8}
	numbers := wrap(der.Sequence, []byte{2, 1, 77, 2, 1, 3})
	for what, c := range map[string]struct {
		a, b PublicKey
		want bool
	}{
		"twice the same":           {key(dsa, domain(2), y), key(dsa, domain(2), y), true},
		"DSA with another base":    {key(dsa, domain(2), y), key(dsa, domain(3), y), false},
		"RSA, NULL or nothing":     {key(rsa, []byte{5, 0}, numbers), key(rsa, nil, numbers), true},
		"RSA and DSA":              {key(rsa, nil, y), key(dsa, domain(2), y), false},
		"unknown, other arguments": {key([]byte{0x2a, 3}, nil, y), key([]byte{0x2a, 3}, []byte{5, 0}, y), false},
		"nothing":                  {PublicKey{}, PublicKey{}, false},
	} {
		if got := c.a.Same(c.b); got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

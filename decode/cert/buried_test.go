package cert

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"
)

func TestHoldsPrivateKey(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(k)
	sec1, _ := x509.MarshalECPrivateKey(k)
	spki, _ := x509.MarshalPKIXPublicKey(&k.PublicKey)
	in := func(tag byte, b []byte) []byte { return append([]byte{tag, 0x81, byte(len(b))}, b...) }
	for what, c := range map[string]struct {
		b    []byte
		want bool
	}{
		"PKCS #8": {pkcs8, true}, "SEC 1": {sec1, true}, "in a SEQUENCE": {in(0x30, pkcs8), true},
		"in an OCTET STRING in [0]": {in(0xa0, in(0x04, sec1)), true}, "cut short": {pkcs8[:len(pkcs8)-9], true},
		"a public key": {spki, false}, "many numbers": {append([]byte{0x30, 36}, bytes.Repeat([]byte{2, 1, 5}, 12)...), false}, "a number and octets": {[]byte{0x30, 7, 2, 1, 1, 4, 2, 5, 0}, false},
	} {
		if got := HoldsPrivateKey(c.b); got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

package private

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"github.com/cloudflare/circl/kem/mlkem/mlkem512"

	"derscope/decode/der"
)

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParse(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	x, _ := ecdh.X25519().GenerateKey(rand.Reader)
	edPublic, edKey, _ := ed25519.GenerateKey(rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(ecKey)
	for _, c := range []struct {
		name, form string
		b          []byte
		public     any
		opens      bool
	}{
		{"RSA", "pkcs8", pkcs8(t, rsaKey), &rsaKey.PublicKey, true},
		{"RSA in PKCS #1", "pkcs1", x509.MarshalPKCS1PrivateKey(rsaKey), &rsaKey.PublicKey, true},
		{"P-256", "pkcs8", pkcs8(t, ecKey), &ecKey.PublicKey, true},
		{"P-256 in SEC 1", "sec1", sec1, &ecKey.PublicKey, true},
		{"X25519", "pkcs8", pkcs8(t, x), x.PublicKey(), true},
		{"Ed25519", "pkcs8", pkcs8(t, edKey), edPublic, false},
	} {
		k, why := Parse(c.form, c.b)
		if k == nil {
			t.Errorf("%s is not opened: %s", c.name, why)
			continue
		}
		spki, err := x509.MarshalPKIXPublicKey(c.public)
		if err != nil {
			t.Fatal(err)
		}
		if !k.Of(spki) {
			t.Errorf("%s is not the key of its own public half", c.name)
		}
		if other, _ := x509.MarshalPKIXPublicKey(elsewhere(t)); k.Of(other) {
			t.Errorf("%s is the key of another's public half", c.name)
		}
		if (k.RSA != nil || k.ECDH != nil) != c.opens {
			t.Errorf("%s opens something: %v", c.name, !c.opens)
		}
	}
	if k, why := Parse("pkcs8", []byte{0x30, 0}); k != nil || why == "" {
		t.Error("an empty SEQUENCE is a key")
	}
}

func elsewhere(t *testing.T) *ecdsa.PublicKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &k.PublicKey
}

// RFC 9935, section 6: the seed alone, and the seed in front of the expanded key.
func TestParseKEM(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, 64)
	d, err := mlkem.NewDecapsulationKey768(seed)
	if err != nil {
		t.Fatal(err)
	}
	shared, ciphertext := d.EncapsulationKey().Encapsulate()
	for name, value := range map[string][]byte{
		"seed": append([]byte{0x80, 64}, seed...),
		"both": der.Wrap(der.Sequence, der.Wrap(der.OctetString, seed), der.Wrap(der.OctetString, make([]byte, 2400))),
	} {
		b := der.Wrap(der.Sequence, []byte{2, 1, 0}, der.Wrap(der.Sequence, der.Wrap(der.OID, idMLKEM768.Bytes())), der.Wrap(der.OctetString, value))
		k, why := Parse("pkcs8", b)
		if k == nil || k.KEM == nil {
			t.Fatalf("%s: not opened: %s", name, why)
		}
		if got, err := k.KEM(ciphertext); err != nil || !bytes.Equal(got, shared) {
			t.Errorf("%s: another shared secret, %v", name, err)
		}
	}
}

// The set that the standard library has not is read by its seed, too.
func TestParseKEM512(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, mlkem512.KeySeedSize)
	public, _ := mlkem512.NewKeyFromSeed(seed)
	ciphertext, shared := make([]byte, mlkem512.CiphertextSize), make([]byte, mlkem512.SharedKeySize)
	public.EncapsulateTo(ciphertext, shared, bytes.Repeat([]byte{9}, mlkem512.EncapsulationSeedSize))
	pkcs8 := func(seed []byte) []byte {
		return der.Wrap(der.Sequence, []byte{2, 1, 0}, der.Wrap(der.Sequence, der.Wrap(der.OID, idMLKEM512.Bytes())),
			der.Wrap(der.OctetString, append([]byte{0x80, byte(len(seed))}, seed...)))
	}
	k, why := Parse("pkcs8", pkcs8(seed))
	if k == nil || k.KEM == nil {
		t.Fatal("not opened: ", why)
	}
	if got, err := k.KEM(ciphertext); err != nil || !bytes.Equal(got, shared) {
		t.Error("another shared secret: ", err)
	}
	if _, err := k.KEM(ciphertext[1:]); err == nil {
		t.Error("a short ciphertext is opened")
	}
	if k, _ := Parse("pkcs8", pkcs8(seed[1:])); k != nil {
		t.Error("a short seed is taken for a key")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("pkcs8", []byte{0x30, 0})
	f.Fuzz(func(t *testing.T, form string, b []byte) {
		k, why := Parse(form, b)
		if (k == nil) == (why == "") {
			t.Errorf("a key %v, and why there is none %q", k != nil, why)
		}
		if k != nil && !k.Of(k.Public) {
			t.Error("the key is not that of its public half")
		}
	})
}

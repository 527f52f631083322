package envelope

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/mlkem"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/private"
	"derscope/testdata/seal"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The vectors of RFC 3394, sections 4.1 and 4.6.
func TestUnwrapAES(t *testing.T) {
	for _, c := range [][3]string{
		{"000102030405060708090a0b0c0d0e0f", "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5", "00112233445566778899aabbccddeeff"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
			"28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
			"00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f"},
	} {
		wrapped := unhex(t, c[1])
		if got, ok := unwrapAES(unhex(t, c[0]), wrapped); !ok || !bytes.Equal(got, unhex(t, c[2])) {
			t.Errorf("%s unwraps to %x, %v", c[1], got, ok)
		}
		wrapped[5] ^= 1
		if _, ok := unwrapAES(unhex(t, c[0]), wrapped); ok {
			t.Error("a changed key unwraps")
		}
	}
}

func algorithm(id string, parameters ...[]byte) []byte {
	return der.Wrap(der.Sequence, append([][]byte{der.Wrap(der.OID, oidOf(id))}, parameters...)...)
}

// sealed makes an EnvelopedData of a recipient, with a key that is all sevens.
func sealed(recipient []byte) (e, cek []byte) {
	cek = bytes.Repeat([]byte{7}, 16)
	block, _ := aes.NewCipher(cek)
	iv := make([]byte, 16)
	content := append([]byte("what is inside"), 2, 2)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(content, content)
	inner := der.Wrap(der.Ctx(0), content)
	inner[0] = 0x80
	return der.Wrap(der.Sequence, []byte{2, 1, 3}, der.Wrap(der.Set, recipient),
		der.Wrap(der.Sequence, der.Wrap(der.OID, IDData.Bytes()), algorithm("2.16.840.1.101.3.4.1.2", der.Wrap(der.OctetString, iv)), inner)), cek
}

func open(t *testing.T, b []byte, with Opener) Opening {
	t.Helper()
	r := field.Trial(b)
	e := ReadEnvelopedData(r, "envelopedData", -1)
	if !e.OK || len(e.Recipients) != 1 {
		t.Fatal("not read as it was made")
	}
	return e.Open([]Opener{with})
}

var skid = append([]byte{0x80, 3}, "kid"...)

// ML-KEM with HKDF, and with KDF3: RFC 9629, sections 3 and 5.
func TestOpenKEM(t *testing.T) {
	d, err := mlkem.NewDecapsulationKey768(bytes.Repeat([]byte{1}, 64))
	if err != nil {
		t.Fatal(err)
	}
	other, err := mlkem.NewDecapsulationKey768(bytes.Repeat([]byte{2}, 64))
	if err != nil {
		t.Fatal(err)
	}
	shared, ct := d.EncapsulationKey().Encapsulate()
	wrap, ukm := algorithm("2.16.840.1.101.3.4.1.45"), der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, []byte("ukm")))
	info := der.Wrap(der.Sequence, wrap, []byte{2, 1, 32}, ukm)
	counted := sha256.Sum256(slices.Concat([]byte{0, 0, 0, 1}, shared, info)) // one block is enough
	_, cek := sealed(nil)
	for _, c := range []struct {
		name     string
		kdf, kek []byte
		opens    bool
	}{
		{"HKDF", algorithm("1.2.840.113549.1.9.16.3.28"), derived(t, shared, nil, info, 32), true},
		{"KDF3", algorithm("1.3.133.16.840.9.44.1.2", algorithm("2.16.840.1.101.3.4.2.1")), counted[:], true},
		{"an unknown KDF", algorithm("1.2.3"), counted[:], false},
	} {
		b, _ := sealed(der.Wrap(der.Ctx(4), der.Wrap(der.OID, idKEMRecipient.Bytes()), der.Wrap(der.Sequence, []byte{2, 1, 0}, skid,
			algorithm("2.16.840.1.101.3.4.4.2"), der.Wrap(der.OctetString, ct), c.kdf, []byte{2, 1, 32}, ukm, wrap,
			der.Wrap(der.OctetString, seal.WrapAES(c.kek, cek)))))
		o := open(t, b, Opener{Item: 9, Private: &private.Key{KEM: d.Decapsulate}})
		if c.opens != (string(o.Content) == "what is inside" && o.Item == 9) || c.opens != (o.Fault == "") {
			t.Errorf("%s: opened by %d: %q, %s", c.name, o.Item, o.Content, o.Fault)
		}
		if o := open(t, b, Opener{Private: &private.Key{KEM: other.Decapsulate}}); o.Content != nil || o.Fault == "" {
			t.Errorf("%s: another key opens it", c.name)
		}
	}
}

// derived is HKDF with SHA-256.
func derived(t *testing.T, secret, salt, info []byte, n int) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, salt, string(info), n)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// X25519 with HKDF and with the KDF of X9.63: RFC 8418, section 2.
func TestOpenX25519(t *testing.T) {
	mine, _ := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{3}, 32))
	theirs, _ := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{4}, 32))
	z, err := theirs.ECDH(mine.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	wrap := algorithm("2.16.840.1.101.3.4.1.5")
	info := der.Wrap(der.Sequence, wrap, der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, []byte("ukm"))), der.Wrap(der.Ctx(2), der.Wrap(der.OctetString, []byte{0, 0, 0, 128})))
	counted := sha256.Sum256(slices.Concat(z, []byte{0, 0, 0, 1}, info)) // one block is enough
	_, cek := sealed(nil)
	for id, kek := range map[string][]byte{
		"1.2.840.113549.1.9.16.3.19": derived(t, z, []byte("ukm"), info, 16),
		"1.3.132.1.11.1":             counted[:16],
	} {
		origin := der.Wrap(der.Ctx(0), der.Wrap(der.Ctx(1), algorithm("1.3.101.110"), der.Wrap(der.BitString, []byte{0}, theirs.PublicKey().Bytes())))
		rid := der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, []byte("kid")))
		recipient := der.Wrap(der.Ctx(1), []byte{2, 1, 3}, origin, der.Wrap(der.Ctx(1), der.Wrap(der.OctetString, []byte("ukm"))), algorithm(id, wrap),
			der.Wrap(der.Sequence, der.Wrap(der.Sequence, rid, der.Wrap(der.OctetString, seal.WrapAES(kek, cek)))))
		b, _ := sealed(recipient)
		if o := open(t, b, Opener{Private: &private.Key{ECDH: mine}}); string(o.Content) != "what is inside" {
			t.Errorf("%s: %q, %s", id, o.Content, o.Fault)
		}
	}
}

// A password as RFC 9483, section 4.1.6.3, has it: PBKDF2 and AES key wrap.
func TestOpenPassword(t *testing.T) {
	_, cek := sealed(nil)
	params := func(rounds ...byte) []byte {
		return der.Wrap(der.Sequence, der.Wrap(der.OctetString, []byte("saltsalt")), der.Wrap(der.Integer, rounds), algorithm("1.2.840.113549.2.9", []byte{5, 0}))
	}
	kek, err := pbkdf2.Key(sha256.New, "secret", []byte("saltsalt"), 10_000, 16)
	if err != nil {
		t.Fatal(err)
	}
	make := func(p []byte) []byte {
		derivation := algorithm("1.2.840.113549.1.5.12", p)
		derivation[0] = 0xa0
		b, _ := sealed(der.Wrap(der.Ctx(3), []byte{2, 1, 0}, derivation, algorithm("2.16.840.1.101.3.4.1.5"), der.Wrap(der.OctetString, seal.WrapAES(kek, cek))))
		return b
	}
	if o := open(t, make(params(0x27, 0x10)), Opener{Password: []byte("secret")}); string(o.Content) != "what is inside" {
		t.Errorf("%q, %s", o.Content, o.Fault)
	}
	if o := open(t, make(params(0x27, 0x10)), Opener{Password: []byte("Secret")}); o.Content != nil {
		t.Error("another password opens it")
	}
	// A thousand million rounds are not computed.
	if o := open(t, make(params(0x3b, 0x9a, 0xca, 0)), Opener{Password: []byte("secret")}); o.Content != nil || !strings.Contains(o.Fault, "1000000000 rounds") {
		t.Error("rounds without bound are computed")
	}
}

func TestEncryptedValue(t *testing.T) {
	if v := (&EncryptedValue{Symmetric: &cert.Algorithm{}}); v.Open([]Opener{{Private: &private.Key{}}}).Content != nil {
		t.Error("a key that is no RSA key opens it")
	}
}

func FuzzEnvelope(f *testing.F) {
	b, _ := sealed(der.Wrap(der.Ctx(3), []byte{2, 1, 0}, algorithm("2.16.840.1.101.3.4.1.5"), der.Wrap(der.OctetString, make([]byte, 24))))
	f.Add(b)
	mine, _ := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{3}, 32))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := field.Trial(b)
		e := ReadEnvelopedData(r, "envelopedData", -1)
		o := e.Open([]Opener{{Item: 1, Private: &private.Key{ECDH: mine}}, {Item: 2, Password: []byte("x")}})
		if (o.Content == nil) != (o.Item == -1) {
			t.Errorf("opened %v by %d", o.Content != nil, o.Item)
		}
		ParseSignedData(b)
		Keys(b)
		ReadEncryptedValue(field.Trial(b), "encryptedValue")
	})
}

func oidOf(dotted string) []byte { return oid.ID(dotted).Bytes() }

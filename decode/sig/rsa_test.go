package sig

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"math/big"
	"slices"
	"strings"
	"testing"

	"derscope/decode/oid"
)

// standard are the hashes that crypto/rsa knows as well.
var standard = map[string]crypto.Hash{
	"MD5": crypto.MD5, "SHA-1": crypto.SHA1, "SHA-224": crypto.SHA224, "SHA-256": crypto.SHA256,
	"SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512, "SHA-512/224": crypto.SHA512_224, "SHA-512/256": crypto.SHA512_256,
	"SHA3-224": crypto.SHA3_224, "SHA3-256": crypto.SHA3_256, "SHA3-384": crypto.SHA3_384, "SHA3-512": crypto.SHA3_512,
}

func TestPKCS1(t *testing.T) {
	pair := newRSA(1024, 65537)
	k := pair.key(t)
	if k.Fault != "" || k.Name() != "RSA 1024" || k.Family() != "RSA" {
		t.Fatalf("%s: %s", k.Name(), k.Fault)
	}
	for id, s := range schemes {
		if s.family != "RSA" || s.rule == pssParams || strings.HasPrefix(s.name, "RSASSA") {
			continue
		}
		a := algorithm(t, id, null0())
		signature := pair.pkcs1(s.hash, message)
		if r := Verify(a, k, message, signature); r.Outcome != Valid || r.Why != "" {
			t.Errorf("%s: %s: %s", s.name, r.Outcome, r.Why)
		}
		if h, ok := standard[s.hash]; ok {
			err := rsa.VerifyPKCS1v15(&rsa.PublicKey{N: pair.n, E: 65537}, h, digestNamed(s.hash).sum(message), signature)
			if err != nil {
				t.Errorf("%s: crypto/rsa: %v", s.name, err)
			}
		}
		if r := Verify(a, k, message[1:], signature); r.Outcome != Wrong || !strings.Contains(r.Why, "other octets") {
			t.Errorf("%s over other octets: %s: %s", s.name, r.Outcome, r.Why)
		}
	}
}

// Every way in which a signature of the right key misses, and what is said of it.
func TestPKCS1Faults(t *testing.T) {
	pair := newRSA(1024, 65537)
	k := pair.key(t)
	a := algorithm(t, "1.2.840.113549.1.1.11", null0())
	d := digestNamed("SHA-256")
	good := pair.pkcs1("SHA-256", message)
	withEM := func(change func([]byte) []byte) []byte {
		return pair.raw(change(encodePKCS1(d.id, d.sum(message), true, 128)))
	}
	for _, v := range []struct {
		name      string
		signature []byte
		want      Outcome
		loose     bool
		why       string
	}{
		{"bit flipped", flip(good, 60), Wrong, false, "no PKCS #1 padding"},
		{"other hash", pair.pkcs1("SHA-1", message), Wrong, false, "with SHA-1, the algorithm says SHA-256"},
		{"no NULL", pair.raw(encodePKCS1(d.id, d.sum(message), false, 128)), Malformed, true, "asks for NULL"},
		{"cut", good[:127], Malformed, false, "127 octets, RSA 1024 signatures have 128"},
		{"empty", nil, Malformed, false, "0 octets"},
		{"zero before", append([]byte{0}, good...), Malformed, true, "129 octets"},
		{"all zero", make([]byte, 128), Wrong, false, "no PKCS #1 padding"},
		{"modulus", pair.n.Bytes(), Wrong, false, "not below the modulus"},
		{"short padding", withEM(func(em []byte) []byte { // the forgery of 2006, against small exponents
			i := bytes.Index(em, []byte{0xff, 0})
			return slices.Concat(em[:12], em[i+1:], make([]byte, i-11))
		}), Wrong, false, "no DigestInfo"},
		{"octets behind", withEM(func(em []byte) []byte {
			i := bytes.Index(em, []byte{0xff, 0})
			info := em[i+2:]
			info = seq(info[2:], null0())
			return slices.Concat(em[:i-2], []byte{0xff, 0}, info)
		}), Wrong, false, "leave room for a forgery"},
	} {
		r := Verify(a, k, message, v.signature)
		if r.Outcome != v.want || r.Loose != v.loose || !strings.Contains(r.Why, v.why) {
			t.Errorf("%s: %s, loose %t: %s", v.name, r.Outcome, r.Loose, r.Why)
		}
		if rsa.VerifyPKCS1v15(&rsa.PublicKey{N: pair.n, E: 65537}, crypto.SHA256, d.sum(message), v.signature) == nil {
			t.Errorf("%s: crypto/rsa takes it", v.name)
		}
	}
}

func flip(b []byte, i int) []byte {
	b = bytes.Clone(b)
	b[i] ^= 1
	return b
}

func TestPSS(t *testing.T) {
	for _, bits := range []int{1024, 1025, 1031, 1032} { // the top octet of the encoded message has 7, 0, 6, 7 bits
		pair := newRSA(bits, 65537)
		k := pair.key(t)
		for _, p := range []PSS{
			{"SHA-256", "SHA-256", 32, 32, 1},
			{"SHA-1", "SHA-1", 20, 20, 1},
			{"SHA-256", "SHA-1", 32, 20, 1},
			{"SHA-1", "SHA-512", 20, 64, 1},
			{"SHA3-256", "SHA3-256", 32, 0, 1},
			{"SHA-384", "SHA-384", 48, 7, 1},
			{"MD5", "MD2", 16, 60, 1},
		} {
			a := algorithm(t, rsassaPSS, pssParameters(p))
			if s := a.Scheme(); s.PSS == nil || *s.PSS != p {
				t.Errorf("%+v reads as %+v %s", p, s.PSS, s.Fault)
				continue
			}
			signature := pair.pss(p, message)
			if r := Verify(a, k, message, signature); r.Outcome != Valid {
				t.Errorf("%d bits, %+v: %s: %s", bits, p, r.Outcome, r.Why)
			}
			if h, ok := standard[p.Hash]; ok && p.Hash == p.MGFHash {
				err := rsa.VerifyPSS(&rsa.PublicKey{N: pair.n, E: 65537}, h, digestNamed(p.Hash).sum(message), signature, &rsa.PSSOptions{SaltLength: p.Salt})
				if err != nil {
					t.Errorf("%d bits, %+v: crypto/rsa: %v", bits, p, err)
				}
			}
			if r := Verify(a, k, message[1:], signature); r.Outcome != Wrong {
				t.Errorf("%d bits, %+v, other octets: %s: %s", bits, p, r.Outcome, r.Why)
			}
			p.Salt++
			a = algorithm(t, rsassaPSS, pssParameters(p))
			if r := Verify(a, k, message, signature); r.Outcome != Wrong || !strings.Contains(r.Why, "salt of") {
				t.Errorf("%d bits, %+v, other salt: %s: %s", bits, p, r.Outcome, r.Why)
			}
			p.Salt, p.Trailer = p.Salt-1, 2
			a = algorithm(t, rsassaPSS, pssParameters(p))
			if r := Verify(a, k, message, signature); r.Outcome != Malformed || !r.Loose {
				t.Errorf("%d bits, %+v, other trailer: %s: %s", bits, p, r.Outcome, r.Why)
			}
		}
		for hash, id := range map[string]oid.ID{"SHAKE128": pssSHAKE128, "SHAKE256": pssSHAKE256} {
			size := digestNamed(hash).size
			signature := pair.pss(PSS{hash, hash, size, min(size, 60), 1}, message)
			want := Valid
			if bits < 8*(2*size+2)+1 {
				want = Malformed // SHAKE256 needs 1,041 bits
			}
			if r := Verify(algorithm(t, id), k, message, signature); r.Outcome != want {
				t.Errorf("%d bits, %s: %s: %s", bits, hash, r.Outcome, r.Why)
			}
		}
	}
}

// A key made for RSASSA-PSS alone, with and without wishes of its own.
func TestPSSKey(t *testing.T) {
	pair := newRSA(1024, 65537)
	sha256 := PSS{"SHA-256", "SHA-256", 32, 32, 1}
	free := pair.key(t, seq(objectID(rsassaPSS)))
	bound := pair.key(t, seq(objectID(rsassaPSS), pssParameters(sha256)))
	longer := pair.key(t, seq(objectID(rsassaPSS), pssParameters(PSS{"SHA-256", "SHA-256", 32, 33, 1})))
	pss := algorithm(t, rsassaPSS, pssParameters(sha256))
	sha1 := PSS{"SHA-1", "SHA-1", 20, 20, 1}
	for _, v := range []struct {
		name      string
		k         Key
		a         Algorithm
		signature []byte
		want      Outcome
		why       string
	}{
		{"free", free, pss, pair.pss(sha256, message), Valid, ""},
		{"bound", bound, pss, pair.pss(sha256, message), Valid, ""},
		{"longer salt asked for", longer, pss, pair.pss(sha256, message), Mismatch, "33 at least"},
		{"other hash", bound, algorithm(t, rsassaPSS, pssParameters(sha1)), pair.pss(sha1, message), Mismatch, "made with SHA-1, the key asks for SHA-256"},
		{"PKCS #1", free, algorithm(t, "1.2.840.113549.1.1.11", null0()), pair.pkcs1("SHA-256", message), Mismatch, "for RSASSA-PSS alone"},
	} {
		if v.k.Name() != "RSA-PSS 1024" {
			t.Errorf("%s: named %s", v.name, v.k.Name())
		}
		if r := Verify(v.a, v.k, message, v.signature); r.Outcome != v.want || !strings.Contains(r.Why, v.why) {
			t.Errorf("%s: %s: %s", v.name, r.Outcome, r.Why)
		}
	}
}

func TestRSASizes(t *testing.T) {
	a := algorithm(t, "1.2.840.113549.1.1.5", null0())
	for _, v := range []struct {
		bits     int
		exponent int64
	}{{384, 3}, {512, 17}, {521, 3}, {768, 65537}, {1000, 4294967297}, {2048, 65537}} {
		pair := newRSA(v.bits, v.exponent)
		k := pair.key(t)
		if k.Size() != v.bits {
			t.Errorf("%d bits: size %d", v.bits, k.Size())
		}
		if n, ok := k.SignatureLength(); !ok || n != (v.bits+7)/8 {
			t.Errorf("%d bits: signatures of %d octets", v.bits, n)
		}
		if r := Verify(a, k, message, pair.pkcs1("SHA-1", message)); r.Outcome != Valid {
			t.Errorf("%d bits, exponent %d: %s: %s", v.bits, v.exponent, r.Outcome, r.Why)
		}
	}
}

// Keys that are none get a word, not a computation.
func TestRSAHostileKeys(t *testing.T) {
	a := algorithm(t, "1.2.840.113549.1.1.11", null0())
	pss := algorithm(t, rsassaPSS, pssParameters(PSS{"SHA-256", "SHA-256", 32, 32, 1}))
	n := newRSA(1024, 65537).n
	huge := new(big.Int).SetBit(big.NewInt(1), 16384, 1)
	for _, v := range []struct {
		name string
		n, e *big.Int
		want Outcome
		why  string
	}{
		{"exponent 0", n, big.NewInt(0), Malformed, "are positive"},
		{"exponent 1", n, big.NewInt(1), Malformed, "exponent is 1"},
		{"exponent 2", n, big.NewInt(2), Malformed, "even"},
		{"exponent above modulus", n, new(big.Int).Add(n, big.NewInt(2)), Malformed, "not less than the modulus"},
		{"exponent of 1000 bits", n, new(big.Int).SetBit(big.NewInt(1), 999, 1), TooLarge, "1000"},
		{"modulus 0", big.NewInt(0), big.NewInt(3), Malformed, "are positive"},
		{"modulus 1", big.NewInt(1), big.NewInt(3), Malformed, "not less than the modulus"},
		{"modulus 15", big.NewInt(15), big.NewInt(3), Wrong, ""},
		{"even modulus", new(big.Int).Add(n, big.NewInt(1)), big.NewInt(3), Malformed, "even"},
		{"huge modulus", huge, big.NewInt(3), TooLarge, "16385"},
	} {
		k := key(t, seq(objectID(rsaEncryption), null0()), seq(number(v.n), number(v.e)))
		size, _ := k.SignatureLength()
		signature := make([]byte, size)
		if r := Verify(a, k, message, signature); r.Outcome != v.want || !strings.Contains(r.Why, v.why) {
			t.Errorf("%s: %s: %s", v.name, r.Outcome, r.Why)
		}
		if r := Verify(pss, k, message, signature); r.Outcome == Valid {
			t.Errorf("%s: PSS is valid", v.name)
		}
	}
}

package sig

import (
	"crypto/ed25519"
	"math/big"
	"strings"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
	"github.com/cloudflare/circl/sign/slhdsa"

	"derscope/decode/oid"
)

// signer answers a public key and a signature over msg.
type signer func(t *testing.T, msg []byte) (public, signature []byte)

func slhSigner(set slhdsa.ID) signer {
	return func(t *testing.T, msg []byte) ([]byte, []byte) {
		public, private, err := slhdsa.GenerateKey(strings.NewReader(string(seed("slh", 96))), set)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := slhdsa.SignDeterministic(&private, slhdsa.NewMessage(msg), nil)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := public.MarshalBinary()
		return b, signature
	}
}

var signers = map[oid.ID]signer{
	idEd25519: func(t *testing.T, msg []byte) ([]byte, []byte) {
		k := ed25519.NewKeyFromSeed(seed("ed25519", 32))
		return k.Public().(ed25519.PublicKey), ed25519.Sign(k, msg)
	},
	idEd448: func(t *testing.T, msg []byte) ([]byte, []byte) {
		k := ed448.NewKeyFromSeed(seed("ed448", 57))
		return k.Public().(ed448.PublicKey), ed448.Sign(k, msg, "")
	},
	"2.16.840.1.101.3.4.3.17": func(t *testing.T, msg []byte) ([]byte, []byte) {
		public, private := mldsa44.NewKeyFromSeed((*[32]byte)(seed("44", 32)))
		signature := make([]byte, mldsa44.SignatureSize)
		if err := mldsa44.SignTo(private, msg, nil, false, signature); err != nil {
			t.Fatal(err)
		}
		return public.Bytes(), signature
	},
	"2.16.840.1.101.3.4.3.18": func(t *testing.T, msg []byte) ([]byte, []byte) {
		public, private := mldsa65.NewKeyFromSeed((*[32]byte)(seed("65", 32)))
		signature := make([]byte, mldsa65.SignatureSize)
		if err := mldsa65.SignTo(private, msg, nil, false, signature); err != nil {
			t.Fatal(err)
		}
		return public.Bytes(), signature
	},
	"2.16.840.1.101.3.4.3.19": func(t *testing.T, msg []byte) ([]byte, []byte) {
		public, private := mldsa87.NewKeyFromSeed((*[32]byte)(seed("87", 32)))
		signature := make([]byte, mldsa87.SignatureSize)
		if err := mldsa87.SignTo(private, msg, nil, false, signature); err != nil {
			t.Fatal(err)
		}
		return public.Bytes(), signature
	},
	// The sets that sign fast; the others differ in numbers alone, see TestPlainSizes.
	"2.16.840.1.101.3.4.3.21": slhSigner(slhdsa.SHA2_128f),
	"2.16.840.1.101.3.4.3.31": slhSigner(slhdsa.SHAKE_256f),
}

func TestPlain(t *testing.T) {
	for id, sign := range signers {
		p := plainKeys[id]
		public, signature := sign(t, message)
		k := key(t, seq(objectID(id)), public)
		a := algorithm(t, id)
		if s := a.Scheme(); !s.Known || s.Name != p.name || s.Family != k.Family() || k.Name() != p.name {
			t.Errorf("%s: scheme %+v, key %s of %s", p.name, s, k.Name(), k.Family())
		}
		if n, ok := k.SignatureLength(); !ok || n != len(signature) {
			t.Errorf("%s: signatures of %d octets, made one of %d", p.name, n, len(signature))
		}
		for _, v := range []struct {
			what      string
			k         Key
			msg, sign []byte
			want      Outcome
		}{
			{"good", k, message, signature, Valid},
			{"other octets", k, message[1:], signature, Wrong},
			{"flipped", k, message, flip(signature, 3), Wrong},
			{"cut", k, message, signature[1:], Malformed},
			{"empty", k, message, nil, Malformed},
			{"short key", key(t, seq(objectID(id)), public[1:]), message, signature, Malformed},
			{"zero key", key(t, seq(objectID(id)), make([]byte, len(public))), message, signature, Wrong},
			{"RSA key", newRSA(512, 3).key(t), message, signature, Mismatch},
		} {
			if r := Verify(a, v.k, v.msg, v.sign); r.Outcome != v.want {
				t.Errorf("%s, %s: %s: %s", p.name, v.what, r.Outcome, r.Why)
			}
		}
	}
}

// The lengths in the table are those of the functions behind it.
func TestPlainSizes(t *testing.T) {
	for set := slhdsa.SHA2_128s; set.IsValid(); set++ {
		found := false
		for _, p := range plainKeys {
			if p.name == set.String() {
				found = true
				if s := set.Scheme(); s.PublicKeySize() != p.key || s.SignatureSize() != p.signature {
					t.Errorf("%s: %d and %d octets", p.name, s.PublicKeySize(), s.SignatureSize())
				}
			}
		}
		if !found {
			t.Errorf("no %s", set)
		}
	}
}

// Two parameter sets of one family are two algorithms.
func TestOtherSet(t *testing.T) {
	public, signature := signers["2.16.840.1.101.3.4.3.17"](t, message)
	k := key(t, seq(objectID("2.16.840.1.101.3.4.3.17")), public)
	r := Verify(algorithm(t, "2.16.840.1.101.3.4.3.18"), k, message, signature)
	if r.Outcome != Mismatch || r.Why != "the algorithm is ML-DSA-65, the key is ML-DSA-44" {
		t.Errorf("%s: %s", r.Outcome, r.Why)
	}
	agree := key(t, seq(objectID("1.3.101.110")), make([]byte, 32))
	if r := Verify(algorithm(t, idEd25519), agree, message, make([]byte, 64)); r.Outcome != Mismatch {
		t.Errorf("X25519 key: %s: %s", r.Outcome, r.Why)
	}
}

// newDSA makes a DSA key with a subgroup of q's bits out of fixed numbers.
func newDSA(p, q int) (k dsaKey, secret *big.Int) {
	one := big.NewInt(1)
	find := func(n *big.Int, step *big.Int) *big.Int {
		for ; !n.ProbablyPrime(10); n.Add(n, step) {
		}
		return n
	}
	k.q = new(big.Int).SetBytes(seed("q", q/8+1))
	k.q.Rsh(k.q, uint(k.q.BitLen()-q)).SetBit(k.q, q-1, 1).SetBit(k.q, 0, 1)
	find(k.q, big.NewInt(2))
	twice := new(big.Int).Lsh(k.q, 1)
	k.p = new(big.Int).SetBit(new(big.Int).SetBytes(seed("p", p/8-1)), p-1, 1)
	k.p.Sub(k.p, new(big.Int).Mod(k.p, twice)).Add(k.p, one)
	find(k.p, twice)
	k.g = new(big.Int).Exp(big.NewInt(2), new(big.Int).Div(new(big.Int).Sub(k.p, one), k.q), k.p)
	secret = new(big.Int).Mod(new(big.Int).SetBytes(seed("x", 64)), k.q)
	k.y = new(big.Int).Exp(k.g, secret, k.p)
	return k, secret
}

func (d dsaKey) sign(secret *big.Int, sum []byte) []byte {
	k := new(big.Int).Mod(new(big.Int).SetBytes(seed("k", 64)), d.q)
	r := new(big.Int).Exp(d.g, k, d.p)
	r.Mod(r, d.q)
	s := new(big.Int).Mul(r, secret)
	s.Add(s, leftmost(sum, d.q)).Mul(s, k.ModInverse(k, d.q)).Mod(s, d.q)
	return seq(number(r), number(s))
}

func (d dsaKey) key(t testing.TB) Key {
	return key(t, seq(objectID(idDSA), seq(number(d.p), number(d.q), number(d.g))), number(d.y))
}

func TestDSA(t *testing.T) {
	for _, v := range []struct{ p, q int }{{512, 160}, {1024, 163}, {1024, 224}} {
		d, secret := newDSA(v.p, v.q)
		k := d.key(t)
		if k.Fault != "" || k.Size() != v.p || k.Family() != "DSA" {
			t.Errorf("%s: %s", k.Name(), k.Fault)
		}
		for id, s := range schemes {
			if s.family != "DSA" {
				continue
			}
			signature := d.sign(secret, digestNamed(s.hash).sum(message))
			if r := Verify(algorithm(t, id), k, message, signature); r.Outcome != Valid {
				t.Errorf("%s, %s: %s: %s", k.Name(), s.name, r.Outcome, r.Why)
			}
			if r := Verify(algorithm(t, id), k, message[1:], signature); r.Outcome != Wrong {
				t.Errorf("%s, %s, other octets: %s: %s", k.Name(), s.name, r.Outcome, r.Why)
			}
		}
	}
}

func TestDSAHostileKeys(t *testing.T) {
	d, secret := newDSA(512, 160)
	signature := d.sign(secret, digestNamed("SHA-256").sum(message))
	one, zero := big.NewInt(1), big.NewInt(0)
	for name, bad := range map[string]dsaKey{
		"g = 1": {d.p, d.q, one, d.y},
		"y = 1": {d.p, d.q, d.g, one},
		"y = 0": {d.p, d.q, d.g, zero},
		"q = 0": {d.p, zero, d.g, d.y},
		"q = 1": {d.p, one, d.g, d.y},
		"p = 0": {zero, d.q, d.g, d.y},
		"q > p": {d.q, d.p, d.g, d.y},
		"y > p": {d.p, d.q, d.g, new(big.Int).Add(d.y, d.p)},
	} {
		if r := Verify(algorithm(t, "2.16.840.1.101.3.4.3.2"), bad.key(t), message, signature); r.Outcome != Malformed {
			t.Errorf("%s: %s: %s", name, r.Outcome, r.Why)
		}
	}
	large := dsaKey{new(big.Int).SetBit(one, 20000, 1), d.q, d.g, d.y}
	large.p.SetBit(large.p, 0, 1)
	if r := Verify(algorithm(t, "2.16.840.1.101.3.4.3.2"), large.key(t), message, signature); r.Outcome != TooLarge {
		t.Errorf("p of 20000 bits: %s: %s", r.Outcome, r.Why)
	}
	inherited := key(t, seq(objectID(idDSA)), number(d.y))
	if inherited.Name() != "DSA" || !strings.Contains(inherited.Fault, "issuer") {
		t.Errorf("%s: %s", inherited.Name(), inherited.Fault)
	}
	if r := Verify(algorithm(t, "2.16.840.1.101.3.4.3.2"), inherited, message, signature); r.Outcome != Unknown {
		t.Errorf("inherited parameters: %s: %s", r.Outcome, r.Why)
	}
}

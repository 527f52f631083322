package sig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"testing"
)

// FuzzVerify: any octets get an answer, the same twice, with a reason unless the
// signature is valid; and the standard library agrees where it takes the key.
func FuzzVerify(f *testing.F) {
	pair := newRSA(1024, 3)
	rsaKey := seq(seq(objectID(rsaEncryption), null0()), bitString(seq(number(pair.n), number(pair.e))))
	sha256RSA := seq(objectID("1.2.840.113549.1.1.11"), null0())
	f.Add(sha256RSA, rsaKey, message, pair.pkcs1("SHA-256", message))
	pss := PSS{"SHA-256", "SHA-1", 32, 9, 1}
	f.Add(seq(objectID(rsassaPSS), pssParameters(pss)), rsaKey, message, pair.pss(pss, message))
	for _, name := range []string{"P-256", "secp256k1", "brainpoolP160t1"} {
		c := named(f, name)
		d := c.secret()
		q := c.times(d, c.g)
		r, s := c.sign(d, digestNamed("SHA-256").sum(message))
		ec := seq(seq(objectID(ecPublicKey), objectID(c.id)), bitString(c.octets(q)))
		f.Add(seq(objectID("1.2.840.10045.4.3.2")), ec, message, seq(number(r), number(s)))
	}
	d, secret := newDSA(512, 160)
	dsa := seq(seq(objectID(idDSA), seq(number(d.p), number(d.q), number(d.g))), bitString(number(d.y)))
	f.Add(seq(objectID("1.2.840.10040.4.3")), dsa, message, d.sign(secret, digestNamed("SHA-1").sum(message)))
	f.Add(seq(objectID(idEd448)), seq(seq(objectID(idEd448)), bitString(make([]byte, 57))), message, make([]byte, 114))
	f.Add([]byte{}, []byte{}, []byte{}, []byte{})

	f.Fuzz(func(t *testing.T, algorithm, spki, signed, signature []byte) {
		a, _ := ParseAlgorithm(algorithm)
		k, err := ParseKey(spki)
		r := Verify(a, k, signed, signature)
		if again := Verify(a, k, signed, signature); again != r {
			t.Errorf("first %+v, then %+v", r, again)
		}
		if (r.Outcome == Valid) != (r.Why == "") || r.Loose && r.Outcome != Malformed {
			t.Errorf("%+v", r)
		}
		ECDSAForm(k, signature)
		k.SignatureLength()
		if k.Name() == "" && err == nil {
			t.Error("a key without name")
		}
		std, err := x509.ParsePKIXPublicKey(spki)
		if err != nil {
			return
		}
		sum := sha256.Sum256(signed)
		var valid bool
		switch std := std.(type) {
		case *rsa.PublicKey:
			if a.ID != "1.2.840.113549.1.1.11" {
				return
			}
			valid = rsa.VerifyPKCS1v15(std, crypto.SHA256, sum[:], signature) == nil
		case *ecdsa.PublicKey:
			if a.ID != "1.2.840.10045.4.3.2" {
				return
			}
			valid = ecdsa.VerifyASN1(std, sum[:], signature)
		default:
			return
		}
		if valid != (r.Outcome == Valid) {
			t.Errorf("%s: standard library %t, here %s: %s", k.Name(), valid, r.Outcome, r.Why)
		}
	})
}

// FuzzAlgorithm: what is read comes back octet by octet, every scheme has a name
// and at most one reason not to be known, and the listed encodings have no fault.
func FuzzAlgorithm(f *testing.F) {
	for id := range schemes {
		f.Add(seq(objectID(id), null0()))
	}
	f.Add(seq(objectID(rsassaPSS), pssParameters(PSS{"SHA-256", "SHA-1", 32, 9, 1})))
	f.Add(seq(objectID(idEd25519)))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := ParseAlgorithm(b)
		if ok && !bytes.Equal(a.Raw, b) {
			t.Errorf("%x comes back as %x", b, a.Raw)
		}
		s := a.Scheme()
		if ok && s.Name == "" || s.Known && (s.Fault != "" || s.Family == "") {
			t.Errorf("%+v", s)
		}
		fault := a.ParameterFault()
		if s.Fault != "" && fault == "" {
			t.Errorf("%s, yet the parameters are without fault", s.Fault)
		}
		if a.Baseline() && (fault != "" || !s.Known) {
			t.Errorf("listed, yet %q", fault)
		}
	})
}

package sig

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"derscope/decode/oid"
)

func TestParameterFault(t *testing.T) {
	sha256 := PSS{"SHA-256", "SHA-256", 32, 32, 1}
	hash := func(id oid.ID, parameters ...[]byte) []byte { return seq(objectID(id), slices.Concat(parameters...)) }
	const idSHA1, idSHA256 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1"
	for _, v := range []struct {
		name       string
		id         oid.ID
		parameters []byte
		why        string
	}{
		{"RSA with NULL", "1.2.840.113549.1.1.11", null0(), ""},
		{"RSA without", "1.2.840.113549.1.1.11", nil, "the parameters are absent, RFC 4055 §5 asks for NULL"},
		{"RSA with others", "1.2.840.113549.1.1.11", seq(), "the parameters are present, RFC 4055 §5 asks for NULL"},
		{"OIW without", oiwSHA1RSA, nil, ""},
		{"OIW with NULL", oiwSHA1RSA, null0(), ""},
		{"OIW with others", oiwSHA1RSA, seq(), "has none"},
		{"ECDSA without", "1.2.840.10045.4.3.2", nil, ""},
		{"ECDSA with NULL", "1.2.840.10045.4.3.2", null0(), "the parameters are NULL, RFC 5758 §3.2 asks for none"},
		{"Ed25519 without", idEd25519, nil, ""},
		{"Ed25519 with NULL", idEd25519, null0(), "RFC 8410 §3"},
		{"ML-DSA with NULL", "2.16.840.1.101.3.4.3.17", null0(), "RFC 9881 §2"},
		{"SLH-DSA with NULL", "2.16.840.1.101.3.4.3.20", null0(), "RFC 9909 §3"},
		{"unknown", "1.2.3", null0(), ""},
		{"PSS without", rsassaPSS, nil, "does not say which hash"},
		{"PSS with NULL", rsassaPSS, null0(), "not one SEQUENCE"},
		{"PSS, all defaults", rsassaPSS, seq(), ""},
		{"PSS, trailer spelled out", rsassaPSS, pssParameters(sha256), "trailerField spells out its default"},
		{"PSS, salt spelled out", rsassaPSS, seq(tlv(0xa2, small(20))), "saltLength spells out its default"},
		{"PSS, hash spelled out", rsassaPSS, seq(tlv(0xa0, hash(idSHA1, null0()))), "hashAlgorithm spells out its default"},
		{"PSS, hash without NULL", rsassaPSS, seq(tlv(0xa0, hash(idSHA256))), ""},
		{"PSS, hash with others", rsassaPSS, seq(tlv(0xa0, hash(idSHA256, seq()))), "other than NULL"},
		{"PSS, padded salt", rsassaPSS, seq(tlv(0xa2, tlv(2, []byte{0, 32}))), "more octets than needed"},
		{"PSS, salt of 2^70", rsassaPSS, seq(tlv(0xa2, number(new(big.Int).Lsh(big.NewInt(1), 70)))), "71 bits"},
		{"PSS, negative salt", rsassaPSS, seq(tlv(0xa2, tlv(2, []byte{0xff}))), "saltLength of RSASSA-PSS is -1"},
		{"PSS, mask without hash", rsassaPSS, seq(tlv(0xa1, hash(mgf1))), "which hash it uses"},
		{"PSS, fifth field", rsassaPSS, seq(tlv(0xa4, small(1))), "go on after"},
	} {
		got := algorithm(t, v.id, v.parameters).ParameterFault()
		if (got == "") != (v.why == "") || !strings.Contains(got, v.why) {
			t.Errorf("%s: %q, want %q", v.name, got, v.why)
		}
	}
}

func TestScheme(t *testing.T) {
	for _, v := range []struct {
		id         oid.ID
		parameters []byte
		name       string
		known      bool
		weak       Weakness
		fault      string // of PSS
	}{
		{"1.2.840.113549.1.1.2", null0(), "RSA PKCS #1 v1.5 with MD2", true, Broken, ""},
		{"1.2.840.113549.1.1.5", null0(), "RSA PKCS #1 v1.5 with SHA-1", true, Legacy, ""},
		{"1.2.840.113549.1.1.11", null0(), "RSA PKCS #1 v1.5 with SHA-256", true, Strong, ""},
		{"1.2.840.10040.4.3", nil, "DSA with SHA-1", true, Legacy, ""},
		{rsassaPSS, seq(), "RSASSA-PSS with SHA-1", true, Legacy, ""},
		{rsassaPSS, pssParameters(PSS{"SHA-256", "SHA-1", 0, 32, 1}), "RSASSA-PSS with SHA-256", true, Strong, "the hash is SHA-256, that of the mask SHA-1"},
		{rsassaPSS, pssParameters(PSS{"SHA-256", "SHA-256", 0, 20, 1}), "RSASSA-PSS with SHA-256", true, Strong, "the salt has 20 octets, SHA-256 gives 32"},
		{rsassaPSS, pssParameters(PSS{"SHA-256", "SHA-256", 0, 32, 3}), "RSASSA-PSS with SHA-256", true, Strong, "trailerField is 3, only 1 is defined"},
		{rsassaPSS, pssParameters(PSS{"MD5", "MD5", 0, 16, 1}), "RSASSA-PSS with MD5", true, Broken, ""},
		{rsassaPSS, pssParameters(PSS{"SHAKE128", "SHAKE128", 0, 32, 1}), "RSASSA-PSS with SHAKE128", false, Strong, ""},
		{pssSHAKE256, nil, "RSASSA-PSS with SHAKE256", true, Strong, ""},
		{idEd448, nil, "Ed448", true, Strong, ""},
		{"1.3.101.110", nil, "id-X25519", false, Strong, ""},
		{"2.16.840.1.101.3.4.3.32", nil, "id-hash-ml-dsa-44-with-sha512", false, Strong, ""},
		{"1.2.3", nil, "1.2.3", false, Strong, ""},
	} {
		s := algorithm(t, v.id, v.parameters).Scheme()
		if s.Name != v.name || s.Known != v.known || s.Weak != v.weak {
			t.Errorf("%s: %+v", v.name, s)
		}
		if s.PSS != nil && s.PSS.Fault() != v.fault {
			t.Errorf("%s: PSS fault %q, want %q", v.name, s.PSS.Fault(), v.fault)
		}
	}
}

// The encodings of the TLS BR are read as what they stand for, without fault.
func TestBaseline(t *testing.T) {
	var names []string
	for _, octets := range baseline {
		a, ok := ParseAlgorithm(mustHex(t, octets))
		s := a.Scheme()
		if !ok || !a.Baseline() || a.ParameterFault() != "" || s.PSS != nil && s.PSS.Fault() != "" {
			t.Errorf("%s: %t, %q", s.Name, ok, a.ParameterFault())
		}
		names = append(names, strings.TrimPrefix(s.Name, "RSA PKCS #1 v1.5 "))
	}
	want := "with SHA-1, with SHA-256, with SHA-384, with SHA-512, RSASSA-PSS with SHA-256, RSASSA-PSS with SHA-384, " +
		"RSASSA-PSS with SHA-512, ECDSA with SHA-256, ECDSA with SHA-384, ECDSA with SHA-512"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("%s", got)
	}
	if algorithm(t, "1.2.840.113549.1.1.11").Baseline() {
		t.Error("SHA-256 without NULL is listed")
	}
}

// Every scheme cites a hash that can be computed.
func TestSchemes(t *testing.T) {
	for id, s := range schemes {
		if s.rule != pssParams && digestNamed(s.hash).size == 0 {
			t.Errorf("%s: no digest %q", id, s.hash)
		}
		if s.source == "" || id.Name() == "" {
			t.Errorf("%s: no source or no name", id)
		}
	}
	for id, p := range plainKeys {
		if id.Name() == "" || (p.verify == nil) != (p.signature == 0) || (p.family == "") != (p.verify == nil) {
			t.Errorf("%s: %+v", id, p)
		}
	}
}

func TestParseKeyErrors(t *testing.T) {
	rsa := seq(objectID(rsaEncryption), null0())
	for name, spki := range map[string][]byte{
		"empty":             nil,
		"garbage":           []byte("garbage"),
		"no algorithm":      seq(bitString(nil)),
		"no key":            seq(rsa),
		"empty BIT STRING":  seq(rsa, tlv(3)),
		"third element":     seq(rsa, bitString(nil), null0()),
		"trailing octets":   append(seq(rsa, bitString(nil)), 0),
		"OCTET STRING":      seq(rsa, tlv(4, []byte{0})),
		"padded identifier": seq(seq(tlv(6, []byte{0x2a, 0x80, 1})), bitString(nil)),
	} {
		if _, err := ParseKey(spki); err == nil {
			t.Errorf("%s: a key", name)
		}
	}
	k, err := ParseKey(seq(rsa, tlv(3, []byte{3, 8})))
	if err != nil || !strings.Contains(k.Fault, "3 unused bits") {
		t.Errorf("unused bits: %v, %q", err, k.Fault)
	}
	k, err = ParseKey(seq(seq(objectID("1.2.3")), bitString([]byte("key"))))
	if err != nil || k.Family() != "" || k.Name() != "1.2.3" || !bytes.Equal(k.Bits, []byte("key")) {
		t.Errorf("unknown type: %v, %s", err, k.Name())
	}
	if r := Verify(algorithm(t, idEd25519), k, nil, nil); r.Outcome != Unknown || r.Why == "" {
		t.Errorf("unknown type: %s: %s", r.Outcome, r.Why)
	}
	k = key(t, seq(objectID(ecPublicKey), objectID("1.3.132.0.31")), []byte{4})
	if r := Verify(algorithm(t, "1.2.840.10045.4.3.2"), k, nil, nil); r.Outcome != Unknown || k.Name() != "ECDSA secp192k1" {
		t.Errorf("%s: %s: %s", k.Name(), r.Outcome, r.Why)
	}
}

func ExampleVerify() {
	rsa, _ := ParseKey(seq(seq(objectID(rsaEncryption), null0()), bitString(seq(number(newRSA(1024, 3).n), small(3)))))
	ecdsa, _ := ParseAlgorithm(seq(objectID("1.2.840.10045.4.3.2")))
	r := Verify(ecdsa, rsa, []byte("signed"), []byte("signature"))
	fmt.Println(r.Outcome)
	fmt.Println(r.Why)
	// Output:
	// mismatch
	// the algorithm is ECDSA with SHA-256, the key is RSA 1024
}

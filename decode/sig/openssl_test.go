package sig

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// TestOpenSSL lets the openssl command make keys and signatures of all kinds it
// knows, and asks for the same answer.
func TestOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("the openssl command is not installed")
	}
	pss := func(hash, mask string, salt int) []byte { return pssParameters(PSS{hash, mask, 0, salt, 1}) }
	const ecdsa = "1.2.840.10045.4.3.2"
	type row struct {
		name       string // of the key, as Key.Name
		make, sign string // arguments of genpkey, and of dgst or pkeyutl
		id         oid.ID
		parameters []byte
	}
	rows := []row{
		{"RSA 512", "-algorithm RSA -pkeyopt rsa_keygen_bits:512", "-md5", "1.2.840.113549.1.1.4", null0()},
		{"RSA 1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024 -pkeyopt rsa_keygen_pubexp:3", "-sha1", "1.2.840.113549.1.1.5", null0()},
		{"RSA 1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "-sha512-224", "1.2.840.113549.1.1.15", null0()},
		{"RSA 1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "-sha3-384", "2.16.840.1.101.3.4.3.15", null0()},
		{"RSA 1025", "-algorithm RSA -pkeyopt rsa_keygen_bits:1025", "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:11 -sigopt rsa_mgf1_md:sha1", rsassaPSS, pss("SHA-256", "SHA-1", 11)},
		{"RSA 1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "-sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0", rsassaPSS, pss("SHA-384", "SHA-384", 0)},
		{"RSA-PSS 1024", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha512 -pkeyopt rsa_pss_keygen_saltlen:5", "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha512 -sigopt rsa_pss_saltlen:5", rsassaPSS, pss("SHA-256", "SHA-512", 5)},
		{"ECDSA P-192", "-algorithm EC -pkeyopt ec_paramgen_curve:P-192", "-sha256", ecdsa, nil},
		{"ECDSA P-224", "-algorithm EC -pkeyopt ec_paramgen_curve:P-224", "-sha512", "1.2.840.10045.4.3.4", nil},
		{"ECDSA P-256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "-sha1", "1.2.840.10045.4.1", nil},
		{"ECDSA P-384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha3-256", "2.16.840.1.101.3.4.3.10", nil},
		{"ECDSA P-521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "-sha224", "1.2.840.10045.4.3.1", nil},
		{"ECDSA secp256k1", "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "-sha256", ecdsa, nil},
		{"Ed25519", "-algorithm ED25519", "", idEd25519, nil},
		{"Ed448", "-algorithm ED448", "", idEd448, nil},
		{"ML-DSA-65", "-algorithm ML-DSA-65", "", "2.16.840.1.101.3.4.3.18", nil},
		{"SLH-DSA-SHA2-128s", "-algorithm SLH-DSA-SHA2-128s", "", "2.16.840.1.101.3.4.3.20", nil},
		{"SLH-DSA-SHAKE-192f", "-algorithm SLH-DSA-SHAKE-192f", "", "2.16.840.1.101.3.4.3.29", nil},
	}
	for _, c := range curves {
		if strings.HasPrefix(c.name, "brainpool") {
			rows = append(rows, row{"ECDSA " + c.name, "-algorithm EC -pkeyopt ec_paramgen_curve:" + c.name, "-sha256", ecdsa, nil})
		}
	}
	for _, v := range rows {
		t.Run(v.name+v.sign, func(t *testing.T) {
			dir := t.TempDir()
			file := func(name string) string { return filepath.Join(dir, name) }
			if err := os.WriteFile(file("in"), message, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := openssl("genpkey " + v.make + " -out " + file("key")); err != nil {
				if strings.Contains(v.name, "-DSA-") {
					t.Skip("this openssl does not know " + v.name)
				}
				t.Fatal(err)
			}
			sign := "dgst " + v.sign + " -sign " + file("key") + " -out " + file("sig") + " " + file("in")
			if v.sign == "" {
				sign = "pkeyutl -sign -rawin -inkey " + file("key") + " -in " + file("in") + " -out " + file("sig")
			}
			if err := openssl(sign); err != nil {
				t.Fatal(err)
			}
			if err := openssl("pkey -in " + file("key") + " -pubout -outform DER -out " + file("pub")); err != nil {
				t.Fatal(err)
			}
			spki, _ := os.ReadFile(file("pub"))
			signature, _ := os.ReadFile(file("sig"))
			k, err := ParseKey(spki)
			if err != nil || k.Name() != v.name {
				t.Fatalf("named %s: %v", k.Name(), err)
			}
			a := algorithm(t, v.id, v.parameters)
			if r := Verify(a, k, message, signature); r.Outcome != Valid {
				t.Errorf("%s: %s", r.Outcome, r.Why)
			}
			if r := Verify(a, k, message[1:], signature); r.Outcome != Wrong {
				t.Errorf("over other octets: %s: %s", r.Outcome, r.Why)
			}
		})
	}
}

// openssl runs the command.
func openssl(arguments string) error {
	c := exec.Command("openssl", strings.Fields(arguments)...)
	var out bytes.Buffer
	c.Stderr = &out
	if err := c.Run(); err != nil {
		return &exec.Error{Name: "openssl " + arguments + ": " + out.String(), Err: err}
	}
	return nil
}

// TestMLDSAOfOthers verifies certificates that OpenSSL 4.1 made.
func TestMLDSAOfOthers(t *testing.T) {
	const dir = "../../../shared/fixtures/ocsp-mldsa/"
	ca := readCertificate(t, dir+"ca.pem")
	if ca == nil {
		t.Skip("the ML-DSA certificates are not here")
	}
	for _, set := range []string{"44", "65", "87"} {
		c := readCertificate(t, dir+"del-mldsa"+set+".pem")
		k, err := ParseKey(c.spki)
		if err != nil || k.Fault != "" || k.Name() != "ML-DSA-"+set {
			t.Errorf("ML-DSA-%s: %s: %v %s", set, k.Name(), err, k.Fault)
		}
		issuer, _ := ParseKey(ca.spki)
		if r := Verify(c.algorithm, issuer, c.tbs, c.signature); r.Outcome != Valid {
			t.Errorf("certificate of ML-DSA-%s: %s: %s", set, r.Outcome, r.Why)
		}
		response, err := os.ReadFile(dir + "response-mldsa" + set + ".der")
		if err != nil {
			t.Fatal(err)
		}
		outer := mustOpen(t, response)
		outer.rest() // responseStatus
		explicit, _, _ := outer.take(der.Ctx(0))
		in := mustOpen(t, explicit)
		in.rest() // responseType
		octets, _, _ := in.take(der.OctetString)
		basic := mustOpen(t, octets)
		_, tbs, _ := basic.rest()
		a, _ := basic.algorithm()
		signature, _, _ := basic.bits()
		if r := Verify(a, k, tbs, signature); r.Outcome != Valid {
			t.Errorf("response of ML-DSA-%s: %s: %s", set, r.Outcome, r.Why)
		}
	}
}

// certificate is as much of a certificate as the tests need.
type certificate struct {
	tbs, signature, spki []byte
	algorithm            Algorithm
}

func readCertificate(t *testing.T, name string) *certificate {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	block, _ := pem.Decode(b)
	outer := mustOpen(t, block.Bytes)
	c := new(certificate)
	_, c.tbs, _ = outer.rest()
	c.algorithm, _ = outer.algorithm()
	c.signature, _, _ = outer.bits()
	tbs := mustOpen(t, c.tbs)
	for range 7 { // version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
		_, c.spki, _ = tbs.rest()
	}
	return c
}

func mustOpen(t *testing.T, b []byte) elements {
	t.Helper()
	s, ok := open(b, der.Sequence)
	if !ok {
		t.Fatalf("%x is not one SEQUENCE", b[:min(len(b), 16)])
	}
	return s
}

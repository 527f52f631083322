package envelope

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/private"
	"derscope/decode/report"
)

// tool runs openssl in a folder, and skips where there is none.
func tool(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here: ", err)
	}
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// read reads an EnvelopedData in a ContentInfo, and holds its nodes against its octets.
func read(t *testing.T, b []byte) *EnvelopedData {
	t.Helper()
	in, _, _ := der.First(b, der.Sequence)
	_, in, _ = der.First(in, der.OID)
	inner, _, ok := der.First(in, der.Ctx(0))
	if !ok {
		t.Fatal("no content in the ContentInfo")
	}
	tree := field.NewTree(field.Limits{})
	tree.Add(report.Source{Bytes: inner})
	r := tree.Reader(0)
	e := ReadEnvelopedData(r, "envelopedData", -1)
	if !e.OK || !r.Empty() || len(tree.Faults) > 0 {
		t.Fatalf("read to the end: %v, left over %d octets, faults %v", e.OK, len(r.Left()), tree.Faults)
	}
	return e
}

func key(t *testing.T, path string) *private.Key {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := pem.Decode(b)
	k, why := private.Parse("pkcs8", p.Bytes)
	if k == nil {
		t.Fatal(why)
	}
	return k
}

// What OpenSSL encrypts is opened, with the key or the password that it was
// encrypted for and with no other; a flipped bit is noticed.
func TestOpenWhatOpenSSLSeals(t *testing.T) {
	dir := t.TempDir()
	message := []byte("attack at dawn, in more than one block\n")
	if err := os.WriteFile(filepath.Join(dir, "m"), message, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, k := range [][]string{{"rsa", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
		{"p256", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}, {"p521", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"}} {
		tool(t, dir, append([]string{"genpkey", "-out", k[0] + ".key"}, k[1:]...)...)
		tool(t, dir, "req", "-x509", "-new", "-key", k[0]+".key", "-subj", "/CN="+k[0], "-out", k[0]+".crt")
	}
	rsaKey, p256, p521 := Opener{Item: 1, Private: key(t, dir+"/rsa.key")}, Opener{Item: 2, Private: key(t, dir+"/p256.key")}, Opener{Item: 3, Private: key(t, dir+"/p521.key")}
	pass, other := Opener{Item: 4, Password: []byte("a password")}, Opener{Item: 5, Password: []byte("another")}
	for _, c := range []struct {
		name string
		kind Kind
		args []string
		with Opener
		not  Opener
	}{
		{"RSA", KTRI, []string{"-aes128", "-recip", "rsa.crt"}, rsaKey, p256},
		{"RSA with a key identifier", KTRI, []string{"-aes192", "-keyid", "-recip", "rsa.crt"}, rsaKey, p256},
		{"RSA and 3DES", KTRI, []string{"-des3", "-recip", "rsa.crt"}, rsaKey, p256},
		{"OAEP", KTRI, []string{"-aes256", "-recip", "rsa.crt", "-keyopt", "rsa_padding_mode:oaep"}, rsaKey, p256},
		{"OAEP with SHA-256", KTRI, []string{"-aes256", "-recip", "rsa.crt", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256"}, rsaKey, p256},
		{"P-256", KARI, []string{"-aes128", "-recip", "p256.crt"}, p256, p521},
		{"P-521 with SHA-512", KARI, []string{"-aes256", "-recip", "p521.crt", "-keyopt", "ecdh_kdf_md:sha512"}, p521, p256},
		{"P-256 with the cofactor", KARI, []string{"-aes256", "-recip", "p256.crt", "-keyopt", "ecdh_cofactor_mode:1", "-keyopt", "ecdh_kdf_md:sha384"}, p256, p521},
		{"a password", PWRI, []string{"-aes256", "-pwri_password", "a password"}, pass, other},
	} {
		t.Run(c.name, func(t *testing.T) {
			tool(t, dir, append([]string{"cms", "-encrypt", "-binary", "-in", "m", "-outform", "DER", "-out", "sealed"}, move(c.args)...)...)
			b, err := os.ReadFile(filepath.Join(dir, "sealed"))
			if err != nil {
				t.Fatal(err)
			}
			e := read(t, b)
			if len(e.Recipients) != 1 || e.Recipients[0].Kind != c.kind || e.Type.Value != IDData {
				t.Fatalf("%d recipients, the first %s; content type %s", len(e.Recipients), e.Recipients[0].Kind, e.Type.Value)
			}
			o := e.Open([]Opener{c.not, c.with})
			if !bytes.Equal(o.Content, message) || o.Item != c.with.Item {
				t.Fatalf("opened by %d: %q, fault %q", o.Item, o.Content, o.Fault)
			}
			if o := e.Open([]Opener{c.not}); o.Content != nil {
				t.Errorf("another key opens it")
			}
			e.Recipients[0].For[0].Key.Value[3] ^= 1
			if o := e.Open([]Opener{c.with}); o.Content != nil || o.Fault == "" {
				t.Errorf("with a flipped bit in the key it opens: %q", o.Content)
			}
		})
	}
}

// move puts the certificates of recipients at the end, where openssl wants them.
func move(args []string) []string {
	var front, back []string
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-recip":
			front = append(front, args[i], args[i+1])
			i++
		case "-keyopt", "-pwri_password":
			back = append(back, args[i], args[i+1])
			i++
		default:
			front = append([]string{args[i]}, front...)
		}
	}
	return append(front, back...)
}

func TestVerifyWhatOpenSSLSigns(t *testing.T) {
	dir := t.TempDir()
	message := []byte("a message\n")
	if err := os.WriteFile(filepath.Join(dir, "m"), message, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, k := range [][]string{{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}, {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}} {
		tool(t, dir, append([]string{"genpkey", "-out", "key"}, k...)...)
		tool(t, dir, "req", "-x509", "-new", "-key", "key", "-subj", "/CN=signer", "-out", "crt")
		for _, extra := range [][]string{nil, {"-keyid"}, {"-noattr"}, {"-md", "sha512"}} {
			tool(t, dir, append([]string{"cms", "-sign", "-binary", "-nodetach", "-in", "m", "-signer", "crt", "-inkey", "key", "-outform", "DER", "-out", "signed"}, extra...)...)
			b, err := os.ReadFile(filepath.Join(dir, "signed"))
			if err != nil {
				t.Fatal(err)
			}
			s := ParseSignedData(b)
			if s == nil || len(s.Signers) != 1 || len(s.Certificates) != 1 || !bytes.Equal(s.Content.Value, message) {
				t.Fatalf("%v %v: not read as it was made", k, extra)
			}
			g := s.Signers[0]
			if ok, why := g.Verify(s, s.Certificates[0]); !ok || !g.ID.Names(s.Certificates[0]) || (g.Attributes != nil) != g.Attributed(s) {
				t.Errorf("%v %v: %s", k, extra, why)
			}
			s.Content.Value = []byte("another message\n")
			if ok, _ := g.Verify(s, s.Certificates[0]); ok {
				t.Errorf("%v %v: it verifies over another message", k, extra)
			}
		}
	}
}

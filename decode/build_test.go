package decode

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	xocsp "golang.org/x/crypto/ocsp"
	"golang.org/x/tools/txtar"
)

// TestBuildRequest holds built requests against those of golang.org/x/crypto/ocsp,
// octet by octet, and against our own reader.
func TestBuildRequest(t *testing.T) {
	leaf, issuer := pieceOf(t, "plain.txtar", "leaf"), pieceOf(t, "plain.txtar", "issuer")
	for _, sha256 := range []bool{false, true} {
		b, err := BuildRequest(Question{Subjects: [][]byte{leaf}, Issuer: issuer, SHA256: sha256})
		if err != nil {
			t.Fatal(err)
		}
		hash := crypto.SHA1
		if sha256 {
			hash = crypto.SHA256
		}
		want, err := xocsp.CreateRequest(parsed(t, leaf), parsed(t, issuer), &xocsp.RequestOptions{Hash: hash})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.DER, want) {
			t.Errorf("SHA-256 %v: built %x, want %x", sha256, b.DER, want)
		}
	}
	nonce := bytes.Repeat([]byte{0x5a, 0xc3}, 16)
	b, err := BuildRequest(Question{Subjects: [][]byte{leaf}, Issuer: issuer, Nonce: nonce, URL: "http://ocsp.example.com/"})
	if err != nil {
		t.Fatal(err)
	}
	r := Load([]Input{{Name: "url", Bytes: []byte(b.URL)}}, Limits{}).Report(Options{})
	if it := first(t, r, "ocsp-request"); member(it, "readable") != "pass" || member(it, "requests") != "1" {
		t.Errorf("the built URL reads as %v", it.Summary)
	}
	if !strings.HasPrefix(b.URL, "http://ocsp.example.com/M") || !strings.Contains(b.OpenSSL, "-url 'http://ocsp.example.com/'") {
		t.Errorf("URL %s, command %s", b.URL, b.OpenSSL)
	}
	if _, err := BuildRequest(Question{Subjects: [][]byte{[]byte("no certificate")}, Issuer: issuer}); err == nil {
		t.Error("a request is built for what is no certificate")
	}
}

// TestBuildAsOpenSSL holds built requests against those of OpenSSL, which are
// made by the command that the page shows.
func TestBuildAsOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl here: make test has one")
	}
	dir := t.TempDir()
	files := map[string][]byte{}
	for _, name := range []string{"leaf", "issuer"} {
		files[name] = pieceOf(t, "plain.txtar", name)
		if err := os.WriteFile(filepath.Join(dir, name+".pem"), files[name], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, sha256 := range []bool{false, true} {
		b, err := BuildRequest(Question{Subjects: [][]byte{files["leaf"]}, Issuer: files["issuer"], SHA256: sha256})
		if err != nil {
			t.Fatal(err)
		}
		words, _, _ := strings.Cut(b.OpenSSL, " -url ")
		run := exec.Command(openssl, append(strings.Fields(words)[1:], "-reqout", "request.der")...)
		run.Dir = dir
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", words, err, out)
		}
		want, err := os.ReadFile(filepath.Join(dir, "request.der"))
		if err != nil || !bytes.Equal(b.DER, want) {
			t.Errorf("SHA-256 %v: built %x, OpenSSL makes %x (%v)", sha256, b.DER, want, err)
		}
	}
}

// pieceOf gives a file of a vector.
func pieceOf(t *testing.T, vector, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../testdata/ocsp/" + vector)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(b).Files {
		if strings.Contains(f.Name, name) {
			return f.Data
		}
	}
	t.Fatalf("%s holds no %s", vector, name)
	return nil
}

func parsed(t *testing.T, b []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(b)
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

package responder

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"derscope/decode"
)

// PKI is a CA with two certificates, one of them revoked.
type PKI struct {
	dir           string
	CA            *x509.Certificate
	Good, Revoked *x509.Certificate
}

// Request is one for a certificate, with a nonce unless that is empty.
func (p PKI) Request(t testing.TB, c *x509.Certificate, nonce []byte) []byte {
	t.Helper()
	b, err := decode.BuildRequest(decode.Question{Subjects: [][]byte{c.Raw}, Issuer: p.CA.Raw, Nonce: nonce, URL: URL})
	if err != nil {
		t.Fatal(err)
	}
	return b.DER
}

// NewPKI makes keys and certificates anew.
func NewPKI(t testing.TB) PKI {
	t.Helper()
	p := PKI{dir: t.TempDir()}
	now := time.Now()
	make := func(serial int64, name string, parent *x509.Certificate, by crypto.Signer) (*x509.Certificate, crypto.Signer) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, OCSPServer: []string{URL}}
		if parent == nil {
			parent, by = c, key
			c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
		if err != nil {
			t.Fatal(err)
		}
		c, err = x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c, key
	}
	ca, key := make(1, "Test CA", nil, nil)
	p.CA = ca
	p.Good, _ = make(0x1001, "good", ca, key)
	p.Revoked, _ = make(0x1002, "revoked", ca, key)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	form := "060102150405Z"
	end := p.Good.NotAfter.UTC().Format(form)
	for name, b := range map[string][]byte{
		"ca.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}),
		"ca.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		"index.txt": fmt.Appendf(nil, "V\t%s\t\t1001\tunknown\t/CN=good\nR\t%s\t%s,keyCompromise\t1002\tunknown\t/CN=revoked\n",
			end, end, now.Add(-time.Minute).UTC().Format(form)),
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// Serve starts OpenSSL's responder and gives its address.
func (p PKI) Serve(t testing.TB) string {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not here: ", err)
	}
	run := exec.Command(openssl, "ocsp", "-port", "0", "-ignore_err", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-ndays", "1")
	run.Dir = p.dir
	out, in := io.Pipe()
	run.Stdout, run.Stderr = in, in
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Process.Kill(); run.Wait(); in.Close() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			go io.Copy(io.Discard, out)
			address, _, _ := strings.Cut(rest, " ")
			return "127.0.0.1" + address[strings.LastIndexByte(address, ':'):]
		}
	}
	t.Fatal("the responder of openssl does not start")
	return ""
}

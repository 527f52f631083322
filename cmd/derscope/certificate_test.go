package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair is a certificate of 127.0.0.1 in files, and a client that trusts it alone.
type pair struct {
	dir       string
	cert, key string
	serial    int64
	roots     *x509.CertPool
}

func newPair(t testing.TB) *pair {
	dir := t.TempDir()
	p := &pair{dir: dir, cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), roots: x509.NewCertPool()}
	p.renew(t)
	return p
}

// renew writes another certificate with another key, at a time of their own.
func (p *pair) renew(t testing.TB) {
	t.Helper()
	p.serial++
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	is := &x509.Certificate{SerialNumber: big.NewInt(p.serial), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, is, is, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	p.roots.AppendCertsFromPEM(cert)
	p.write(t, p.cert, cert)
	p.write(t, p.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}

func (p *pair) write(t testing.TB, name string, b []byte) {
	t.Helper()
	at := time.Unix(1_800_000_000+p.serial, 0)
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func (p *pair) client() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.roots}, ForceAttemptHTTP2: true}}
}

func TestTLS(t *testing.T) {
	p := newPair(t)
	s := start(t, "-tls-cert", p.cert, "-tls-key", p.key)
	client := p.client()
	defer client.CloseIdleConnections()
	res, err := client.Post(s.url+"/api/inspect", "", strings.NewReader("MAMBAf8="))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.ProtoMajor != 2 || !strings.HasPrefix(s.url, "https://") {
		t.Errorf("%d over %s at %s", res.StatusCode, res.Proto, s.url)
	}
}

// Whoever looks sees what the files hold; what does not fit together changes
// nothing, and is complained about once.
func TestCertificate(t *testing.T) {
	p, told := newPair(t), &sink{}
	c, err := newCertificate(p.cert, p.key, log.New(told, "", 0))
	if err != nil {
		t.Fatal(err)
	}
	shown := func() int64 {
		t.Helper()
		c.looked = time.Time{} // long ago
		got, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return got.Leaf.SerialNumber.Int64()
	}
	if n := shown(); n != 1 || told.String() != "" {
		t.Errorf("certificate %d, %q", n, told)
	}
	p.renew(t)
	if n := shown(); n != 2 || !strings.Contains(told.String(), "read anew; it ends 20") {
		t.Errorf("certificate %d, %q", n, told)
	}
	old, err := os.ReadFile(p.key)
	if err != nil {
		t.Fatal(err)
	}
	p.renew(t)
	p.write(t, p.key, old) // as it is until the key is written, too
	for range 3 {
		if n := shown(); n != 2 {
			t.Errorf("certificate %d", n)
		}
	}
	if n := strings.Count(told.String(), "stays in use"); n != 1 {
		t.Errorf("%d complaints: %s", n, told)
	}
	p.renew(t)
	if n := shown(); n != 4 {
		t.Errorf("certificate %d", n)
	}
	os.Remove(p.cert)
	if n := shown(); n != 4 {
		t.Errorf("certificate %d", n)
	}
}

// Connections that are open stay while the certificate changes.
func TestRenewal(t *testing.T) {
	p := newPair(t)
	s := start(t, "-tls-cert", p.cert, "-tls-key", p.key)
	serial := func(client *http.Client) int64 {
		t.Helper()
		res, err := client.Get(s.url + "/api/health")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		io.Copy(io.Discard, res.Body)
		return res.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	first := p.client()
	defer first.CloseIdleConnections()
	if n := serial(first); n != 1 {
		t.Errorf("certificate %d", n)
	}
	p.renew(t)
	for n := int64(0); n != 2; { // it is seen after a second at the latest
		second := p.client()
		n = serial(second)
		second.CloseIdleConnections()
	}
	if n := serial(first); n != 1 {
		t.Errorf("the connection is another one, with certificate %d", n)
	}
}

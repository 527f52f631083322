//go:build !js

package relay

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"derscope/decode"
	"derscope/web/service"
)

// responder is a name on the Internet, which the tests have on loopback.
const responder = "http://ocsp.ca.net/"

// wire is a client to whom every name leads to one address of this machine. It
// has the transport of the true one; the guard has seen the name.
func wire(address string) (*Client, *atomic.Int64) {
	c, asked := NewClient(nil), &atomic.Int64{}
	c.transport.DialContext = func(ctx context.Context, network, to string) (net.Conn, error) {
		if to != "ocsp.ca.net:80" {
			return nil, fmt.Errorf("%s is dialled", to)
		}
		asked.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return c, asked
}

// front is a service with a relay.
func front(t *testing.T, r *Relay) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(service.New(service.Options{Relay: r}))
	t.Cleanup(s.Close)
	return s
}

// got is an answer of the service.
type got struct {
	*http.Response
	body []byte
}

func send(t *testing.T, method, to string, body []byte, fields ...string) got {
	t.Helper()
	r, err := http.NewRequest(method, to, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got{answer, b}
}

// post sends a request to the relay.
func post(t *testing.T, s *httptest.Server, body []byte, fields ...string) got {
	t.Helper()
	return send(t, "POST", s.URL+"/api/ocsp?url="+url.QueryEscape(responder), body, append([]string{"Content-Type", requestType}, fields...)...)
}

// detail is the sentence of problem details.
func (g got) detail(t *testing.T) string {
	t.Helper()
	var p struct {
		Detail string
		Status int
	}
	if err := json.Unmarshal(g.body, &p); err != nil || g.Header.Get("Content-Type") != "application/problem+json" || p.Status != g.StatusCode {
		t.Fatalf("%d: no problem details: %q", g.StatusCode, g.body)
	}
	return p.Detail
}

// pki is a CA with two certificates, one of them revoked.
type pki struct {
	dir           string
	ca            *x509.Certificate
	good, revoked *x509.Certificate
}

func (p pki) request(t *testing.T, c *x509.Certificate, nonce []byte) []byte {
	t.Helper()
	b, err := decode.BuildRequest(decode.Question{Subjects: [][]byte{c.Raw}, Issuer: p.ca.Raw, Nonce: nonce, URL: responder})
	if err != nil {
		t.Fatal(err)
	}
	return b.DER
}

func newPKI(t *testing.T) pki {
	t.Helper()
	p := pki{dir: t.TempDir()}
	now := time.Now()
	make := func(serial int64, name string, parent *x509.Certificate, by crypto.Signer) (*x509.Certificate, crypto.Signer) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, OCSPServer: []string{responder}}
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
	p.ca = ca
	p.good, _ = make(0x1001, "good", ca, key)
	p.revoked, _ = make(0x1002, "revoked", ca, key)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	form := "060102150405Z"
	end := p.good.NotAfter.UTC().Format(form)
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

// serve starts OpenSSL's responder and gives its address.
func (p pki) serve(t *testing.T) string {
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

func TestResponder(t *testing.T) {
	p := newPKI(t)
	client, asked := wire(p.serve(t))
	s := front(t, &Relay{Fetch: client, Kept: NewCache(8, 1<<20)})
	count := func(want int64, when string) {
		t.Helper()
		if n := asked.Swap(0); n != want {
			t.Errorf("%s: the responder was asked %d times, want %d", when, n, want)
		}
	}

	for c, want := range map[*x509.Certificate]int{p.good: ocsp.Good, p.revoked: ocsp.Revoked} {
		a := post(t, s, p.request(t, c, nil))
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != responseType || a.ContentLength != int64(len(a.body)) {
			t.Fatalf("%d %v %q", a.StatusCode, a.Header, a.body)
		}
		r, err := ocsp.ParseResponseForCert(a.body, c, p.ca)
		if err != nil || r.Status != want {
			t.Errorf("%s: %v, %v", c.Subject, r, err)
		}
		if life := a.Header.Get("Cache-Control"); !strings.HasPrefix(life, "private, max-age=86") {
			t.Errorf("Cache-Control %q for an answer of one day", life)
		}
		if a.Header.Get("Content-Security-Policy") == "" || a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v", a.Header)
		}
	}
	count(2, "two certificates")

	// Kept, and not where the caller wants a new one.
	a := post(t, s, p.request(t, p.good, nil))
	count(0, "the same again")
	if a.Header.Get("Cache-Status") != "derscope; hit" {
		t.Errorf("Cache-Status %q", a.Header.Get("Cache-Status"))
	}
	post(t, s, p.request(t, p.good, nil), "Cache-Control", "no-cache")
	count(1, "with no-cache")
	post(t, s, p.request(t, p.good, nil))
	count(0, "after it")

	// With a nonce each answer is for one asker.
	for range 2 {
		a := post(t, s, p.request(t, p.good, bytes.Repeat([]byte{7}, 32)))
		if !bytes.Contains(a.body, bytes.Repeat([]byte{7}, 32)) || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v: no nonce", a.StatusCode, a.Header)
		}
	}
	count(2, "twice with a nonce")

	// By GET, with the slash more that some clients have.
	text := coded(p.request(t, p.revoked, nil))
	for _, path := range []string{"/api/ocsp/" + text, "/api/ocsp//" + text, "/api/ocsp/" + strings.TrimRight(text, "%3D")} {
		a := send(t, "GET", s.URL+path+"?url="+url.QueryEscape(responder), nil)
		if r, err := ocsp.ParseResponseForCert(a.body, p.revoked, p.ca); err != nil || r.Status != ocsp.Revoked {
			t.Errorf("GET %s: %d %v %q", path, a.StatusCode, err, a.body)
		}
	}
	count(1, "three times by GET, of which two are kept")
}

func TestReport(t *testing.T) {
	p := newPKI(t)
	client, _ := wire(p.serve(t))
	s := front(t, &Relay{Fetch: client})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, b := range map[string][]byte{"request": p.request(t, p.revoked, nil), "issuer": p.ca.Raw, "with": p.revoked.Raw} {
		part, err := w.CreateFormFile(name, name+".der")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(b)
	}
	w.Close()
	for _, c := range []struct {
		what     string
		a        got
		items    int // the certificate in the response is one
		headline string
	}{
		{"alone", post(t, s, p.request(t, p.revoked, nil), "Accept", "application/json"), 3, "Revoked: the certificate with serial number 10:02"},
		{"with the issuer", post(t, s, form.Bytes(), "Content-Type", w.FormDataContentType(), "Accept", "application/json, */*;q=0.1"), 5, "Revoked: revoked"},
	} {
		var r struct {
			Artifacts []struct {
				Kind    string
				Verdict struct{ Status, Headline string }
			}
		}
		if err := json.Unmarshal(c.a.body, &r); err != nil || c.a.Header.Get("Content-Type") != "application/json" || c.a.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v %.200q", c.what, c.a.StatusCode, err, c.a.body)
		}
		if len(r.Artifacts) != c.items || r.Artifacts[0].Kind != "ocsp-response" || r.Artifacts[2].Kind != "ocsp-request" || r.Artifacts[0].Verdict.Headline != c.headline {
			t.Errorf("%s: %+v", c.what, r.Artifacts)
		}
	}
	// The same form, with the response wanted.
	if a := post(t, s, form.Bytes(), "Content-Type", w.FormDataContentType()); a.Header.Get("Content-Type") != responseType {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
}

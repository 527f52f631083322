//go:build !js

package relay

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"derscope/decode"
	"derscope/testdata/responder"
	"derscope/web/service"
)

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
	return send(t, "POST", s.URL+"/api/ocsp?url="+url.QueryEscape(responder.URL), body, append([]string{"Content-Type", requestType}, fields...)...)
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

func TestResponder(t *testing.T) {
	p := responder.NewPKI(t)
	client, asked := wire(p.Serve(t))
	s := front(t, &Relay{Fetch: client, Kept: NewCache(8, 1<<20)})
	count := func(want int64, when string) {
		t.Helper()
		if n := asked.Swap(0); n != want {
			t.Errorf("%s: the responder was asked %d times, want %d", when, n, want)
		}
	}

	for c, want := range map[*x509.Certificate]int{p.Good: ocsp.Good, p.Revoked: ocsp.Revoked} {
		a := post(t, s, p.Request(t, c, nil))
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != responseType || a.ContentLength != int64(len(a.body)) {
			t.Fatalf("%d %v %q", a.StatusCode, a.Header, a.body)
		}
		r, err := ocsp.ParseResponseForCert(a.body, c, p.CA)
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
	a := post(t, s, p.Request(t, p.Good, nil))
	count(0, "the same again")
	if a.Header.Get("Cache-Status") != "derscope; hit" {
		t.Errorf("Cache-Status %q", a.Header.Get("Cache-Status"))
	}
	post(t, s, p.Request(t, p.Good, nil), "Cache-Control", "no-cache")
	count(1, "with no-cache")
	post(t, s, p.Request(t, p.Good, nil))
	count(0, "after it")

	// With a nonce each answer is for one asker.
	for range 2 {
		a := post(t, s, p.Request(t, p.Good, bytes.Repeat([]byte{7}, 32)))
		if !bytes.Contains(a.body, bytes.Repeat([]byte{7}, 32)) || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v: no nonce", a.StatusCode, a.Header)
		}
	}
	count(2, "twice with a nonce")

	// By GET, with the slash more that some clients have.
	text := coded(p.Request(t, p.Revoked, nil))
	for _, path := range []string{"/api/ocsp/" + text, "/api/ocsp//" + text, "/api/ocsp/" + strings.TrimRight(text, "%3D")} {
		a := send(t, "GET", s.URL+path+"?url="+url.QueryEscape(responder.URL), nil)
		if r, err := ocsp.ParseResponseForCert(a.body, p.Revoked, p.CA); err != nil || r.Status != ocsp.Revoked {
			t.Errorf("GET %s: %d %v %q", path, a.StatusCode, err, a.body)
		}
	}
	count(1, "three times by GET, of which two are kept")
}

func TestReport(t *testing.T) {
	p := responder.NewPKI(t)
	client, _ := wire(p.Serve(t))
	s := front(t, &Relay{Fetch: client})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, b := range map[string][]byte{"request": p.Request(t, p.Revoked, nil), "issuer": p.CA.Raw, "with": p.Revoked.Raw} {
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
		{"alone", post(t, s, p.Request(t, p.Revoked, nil), "Accept", "application/json"), 3, "Revoked: the certificate with serial number 10:02"},
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

// What a caller sends beside its request may make the report long, but not too long.
func TestReportHasABound(t *testing.T) {
	p := responder.NewPKI(t)
	name := strings.Repeat("n", maxFile)
	c := &Call{Method: "POST", Request: p.Request(t, p.Good, nil), Report: true}
	for range 40 {
		c.Beside = append(c.Beside, decode.Input{Name: name, Bytes: bytes.Repeat([]byte("0\x03\x02\x01\x05"), 300)})
	}
	w := httptest.NewRecorder()
	c.Write(w, &Answer{Body: []byte("\x30\x03\x0a\x01\x03")}, time.Now(), "hit")
	if w.Code != 422 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d with %d octets: %.300s", w.Code, w.Body.Len(), w.Body)
	}
}

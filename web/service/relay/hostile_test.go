//go:build !js

package relay

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"derscope/testdata/responder"
)

func TestHostileResponders(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("each", func(t *testing.T) {
		for what, c := range responder.Hostile {
			t.Run(what, func(t *testing.T) {
				t.Parallel()
				wait := time.Minute
				switch {
				case c.Status == http.StatusGatewayTimeout && c.Detail == "before its answer began":
					wait = 400 * time.Millisecond
				case c.Status == http.StatusGatewayTimeout:
					wait = time.Second // in which it must begin, on a slow machine as well
				}
				client, _ := wire(responder.Listen(t, c.Do))
				s := front(t, &Relay{Fetch: client, Wait: wait, Kept: NewCache(8, 1<<20)})
				for range 2 { // nothing of it is kept
					a := post(t, s, responder.Simplest)
					if detail := a.detail(t); a.StatusCode != c.Status || !strings.Contains(detail, c.Detail) || !strings.HasSuffix(detail, ".") {
						t.Errorf("%d %q, want %d %q", a.StatusCode, detail, c.Status, c.Detail)
					}
					if len(a.body) > 1000 {
						t.Errorf("%d octets of the responder's are handed on", len(a.body))
					}
				}
			})
		}
	})
	quiet(t, before)
}

// quiet fails if goroutines are left over.
func quiet(t *testing.T, before int) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	for range 3000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	b := make([]byte, 1<<16)
	t.Errorf("%d goroutines, and there were %d:\n%s", runtime.NumGoroutine(), before, b[:runtime.Stack(b, true)])
}

// A caller that goes away takes the connection to the responder with it.
func TestCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("callers", func(t *testing.T) {
		arrived, gone := make(chan struct{}), make(chan struct{})
		client, _ := wire(responder.Listen(t, func(c net.Conn) { arrived <- struct{}{}; responder.Idle(c); gone <- struct{}{} }))
		s := front(t, &Relay{Fetch: client, Wait: time.Hour})
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/api/ocsp?url="+url.QueryEscape(responder.URL), strings.NewReader(string(responder.Simplest)))
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan error)
			go func() { _, err := http.DefaultClient.Do(r); done <- err }()
			<-arrived
			cancel()
			if err := <-done; err == nil {
				t.Error("there is an answer after all")
			}
			<-gone // within the time that tests have
		}
	})
	quiet(t, before)
}

// A caller that sends slowly uses up the same time.
func TestSlowCaller(t *testing.T) {
	s := front(t, &Relay{Wait: 100 * time.Millisecond})
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST /api/ocsp?url=http://ocsp.ca.net/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n0")
	c.SetReadDeadline(time.Now().Add(time.Minute))
	b := make([]byte, 4096)
	if n, err := c.Read(b); err != nil || !strings.HasPrefix(string(b[:n]), "HTTP/1.1 408 ") {
		t.Errorf("%v, %q", err, b[:n])
	}
}

// A form that ends before the length that was announced leaves net/http to wait
// for the rest: it does not wait for ever.
func TestFormWithoutItsEnd(t *testing.T) {
	client, _ := wire(responder.Listen(t, func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: 5\r\n\r\n\x30\x03\x0a\x01\x03")
	}))
	s := front(t, &Relay{Fetch: client, Wait: time.Second})
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST /api/ocsp?url="+url.QueryEscape(responder.URL)+" HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000\r\n\r\n"+
		"--b\r\nContent-Disposition: form-data; name=request\r\n\r\n"+string(responder.Simplest)+"\r\n--b--\r\n")
	c.SetReadDeadline(time.Now().Add(time.Minute)) // it is over in two seconds
	b, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 200 ") {
		t.Errorf("%v, %q", err, b)
	}
}

// What a responder is told is ours, and nothing of the caller's.
func TestNothingIsForwarded(t *testing.T) {
	for _, method := range []string{"POST", "GET"} {
		told := make(chan *http.Request, 1)
		answer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			told <- r
			w.Header().Set("Content-Type", responseType)
			w.Header().Set("Set-Cookie", "a=b")
			w.Header().Set("X-Theirs", "c")
			w.Write([]byte("\x30\x03\x0a\x01\x03")) // tryLater
		}))
		defer answer.Close()
		client, _ := wire(answer.Listener.Addr().String())
		s := front(t, &Relay{Fetch: client, Kept: NewCache(8, 1<<20)})
		to, body := s.URL+"/api/ocsp?url="+url.QueryEscape(responder.URL), responder.Simplest
		if method == "GET" {
			to, body = strings.Replace(to, "?", "/"+coded(responder.Simplest)+"?", 1), nil
		}
		a := send(t, method, to, body, "Cookie", "session=1", "Authorization", "Basic eDp5", "User-Agent", "theirs", "Referer", "http://a/",
			"X-Forwarded-For", "1.2.3.4", "Accept-Language", "eo", "Range", "bytes=0-1", "If-None-Match", "*", "Expect", "100-continue")
		if a.StatusCode != 200 || string(a.body) != "\x30\x03\x0a\x01\x03" || a.Header.Get("Set-Cookie") != "" || a.Header.Get("X-Theirs") != "" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %q", method, a.StatusCode, a.Header, a.body)
		}
		r := <-told
		want := Header(method)
		want.Set("Connection", "close")
		if method == "POST" {
			want.Set("Content-Length", "68")
		}
		for name := range r.Header {
			if r.Header.Get(name) != want.Get(name) {
				t.Errorf("%s: the responder is told %s: %q", method, name, r.Header.Get(name))
			}
		}
		if len(r.Header) != len(want) || r.Host != "ocsp.ca.net" || r.Method != method || r.TransferEncoding != nil {
			t.Errorf("%s: the responder is told %s %s %v, want %v", method, r.Method, r.Host, r.Header, want)
		}
	}
}

// A certificate of TLS is verified as everywhere else.
func TestTLS(t *testing.T) {
	answer := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", responseType)
		w.Write([]byte("\x30\x03\x0a\x01\x03"))
	}))
	answer.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer answer.Close()
	client := NewClient(nil)
	client.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, answer.Listener.Addr().String())
	}
	s := front(t, &Relay{Fetch: client})
	ask := func(name string) got {
		return send(t, "POST", s.URL+"/api/ocsp?url=https://"+name+"/", responder.Simplest)
	}
	if a := ask("example.com"); a.StatusCode != 502 || !strings.Contains(a.detail(t), "certificate") {
		t.Errorf("%d %q", a.StatusCode, a.body)
	}
	client.transport.TLSClientConfig = answer.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	if a := ask("example.com"); a.StatusCode != 200 {
		t.Errorf("%d %q", a.StatusCode, a.body)
	}
	if a := ask("ocsp.ca.net"); a.StatusCode != 502 || !strings.Contains(a.detail(t), "ocsp.ca.net") {
		t.Errorf("another name: %d %q", a.StatusCode, a.body)
	}
}

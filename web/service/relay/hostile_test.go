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
	"sync"
	"testing"
	"time"
)

// tcp answers each connection with what do writes, once the head of a request
// and its body are there.
func tcp(t *testing.T, do func(c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	t.Cleanup(func() { l.Close(); running.Wait() })
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer c.Close()
				c.Read(make([]byte, 4096))
				do(c)
			})
		}
	})
	return l.Addr().String()
}

// write repeats a text with pauses until nobody listens.
func write(c net.Conn, text string, pause time.Duration) {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// idle waits until the other side goes.
func idle(c net.Conn) { io.Copy(io.Discard, c) }

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n"

// hostile are responders, and what the caller is told of them.
var hostile = map[string]struct {
	do     func(c net.Conn)
	status int
	detail string
}{
	"silent":        {idle, 504, "before its answer began"},
	"slow head":     {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "); write(c, "x", 10*time.Millisecond) }, 504, "before its answer began"},
	"endless head":  {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "); write(c, strings.Repeat("x", 4096), 0) }, 502, "headers exceeded"},
	"many fields":   {func(c net.Conn) { io.WriteString(c, head); write(c, "X: y\r\n", 0) }, 502, "headers exceeded"},
	"endless 1xx":   {func(c net.Conn) { write(c, "HTTP/1.1 103 Early Hints\r\n\r\n", 0) }, 502, "headers exceeded"},
	"stalled body":  {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 2000\r\n\r\n0"); idle(c) }, 504, "after 1 octet"},
	"dripping body": {func(c net.Conn) { io.WriteString(c, head+"\r\n"); write(c, "0", 10*time.Millisecond) }, 504, "of the answer"},
	"huge length":   {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 999999999999\r\n\r\n"); idle(c) }, 502, "999,999,999,999 octets"},
	"endless body":  {func(c net.Conn) { io.WriteString(c, head+"\r\n"); write(c, strings.Repeat("0", 4096), 0) }, 502, "more than 65,536 octets"},
	"endless chunks": {func(c net.Conn) {
		io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
		write(c, "4\r\n0000\r\n", 0)
	}, 502, "more than 65,536 octets"},
	"chunk lines": {func(c net.Conn) {
		io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
		write(c, "1;"+strings.Repeat("x", 4000)+"\r\n0\r\n", 0)
	}, 502, "after"},
	"broken chunks":  {func(c net.Conn) { io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\nzz\r\n") }, 502, "after 0 octets"},
	"two lengths":    {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 1\r\nContent-Length: 2\r\n\r\n00") }, 502, "not heard"},
	"closes at once": {func(c net.Conn) {}, 502, "without an answer"},
	"resets":         {func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }, 502, "cuts the connection"},
	"closes early":   {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 2000\r\n\r\n0000") }, 502, "after 4 octets of the answer"},
	"no HTTP":        {func(c net.Conn) { io.WriteString(c, "220 mail.ca.net ESMTP\r\n") }, 502, "malformed"},
	"an empty body":  {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 0\r\n\r\n") }, 502, "no octet"},
	"junk":           {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 4\r\n\r\n\xde\xad\xbe\xef") }, 502, "begins with the octets deadbeef"},
	"text":           {func(c net.Conn) { io.WriteString(c, head+"\r\nnot found,\n  sorry") }, 502, "begins with «not found, sorry»"},
	"a request":      {func(c net.Conn) { io.WriteString(c, head+"\r\n\x30\x02\x30\x00") }, 502, "30023000"},
	"a wrong type": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><title>Sign in</title>")
	}, 502, "text/html, not application/ocsp-response, and it begins with «<html><title>Sign in</title>»"},
	"no type":        {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n\x30\x03\x0a\x01\x06") }, 502, "no named type"},
	"a type of junk": {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: \xff\"\x7f;\r\n\r\nx") }, 502, ""},
	"a coding":       {func(c net.Conn) { io.WriteString(c, head+"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08") }, 502, "«gzip», which nobody asked for; it begins with the octets 1f8b08"},
	"redirect": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n")
	}, 502, "points to «http://169.254.169.254/latest»"},
	"other redirect": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 308 Permanent\r\nLocation: /"+strings.Repeat("a", 5000)+"\r\nContent-Length: 0\r\n\r\n")
	}, 502, "aaa…»"},
	"redirect home": {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 300 Many\r\n\r\n") }, 502, "300 Multiple Choices"},
	"an error": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\ntoo busy")
	}, 502, "503 Service Unavailable, with text/plain that begins with «too busy»"},
	"odd status": {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 999 Blocked\r\nContent-Length: 0\r\n\r\n") }, 502, "999, with a body of no named type that is empty"},
	"upgrade": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
		idle(c)
	}, 502, "another protocol"},
}

func TestHostileResponders(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("each", func(t *testing.T) {
		for what, c := range hostile {
			t.Run(what, func(t *testing.T) {
				t.Parallel()
				client, _ := wire(tcp(t, c.do))
				s := front(t, &Relay{Fetch: client, Wait: 400 * time.Millisecond, Kept: NewCache(8, 1<<20)})
				for range 2 { // nothing of it is kept
					a := post(t, s, simplest)
					if detail := a.detail(t); a.StatusCode != c.status || !strings.Contains(detail, c.detail) || !strings.HasSuffix(detail, ".") {
						t.Errorf("%d %q, want %d %q", a.StatusCode, detail, c.status, c.detail)
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
	for range 200 {
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
		client, _ := wire(tcp(t, func(c net.Conn) { arrived <- struct{}{}; idle(c); gone <- struct{}{} }))
		s := front(t, &Relay{Fetch: client, Wait: time.Hour})
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/api/ocsp?url="+url.QueryEscape(responder), strings.NewReader(string(simplest)))
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
		to, body := s.URL+"/api/ocsp?url="+url.QueryEscape(responder), simplest
		if method == "GET" {
			to, body = strings.Replace(to, "?", "/"+coded(simplest)+"?", 1), nil
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
		return send(t, "POST", s.URL+"/api/ocsp?url=https://"+name+"/", simplest)
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

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestClients(t *testing.T) {
	c := newClients(1)
	ask := func(addr string) time.Duration {
		r := httptest.NewRequest("POST", "/api/inspect", nil)
		r.RemoteAddr = addr
		leave, d := c.admit(r)
		if leave != nil {
			leave()
		}
		return d
	}
	for i := range 2 {
		if d := ask("192.0.2.1:1000"); d != 0 {
			t.Errorf("request %d waits %v", i, d)
		}
	}
	for range 5 { // who asks too often does not have to wait longer for it
		if d := ask("[::ffff:192.0.2.1]:2000"); d <= 0 || d > time.Second {
			t.Errorf("the third waits %v", d)
		}
	}
	for _, addr := range []string{"192.0.2.2:1", "127.0.0.1:1", "127.0.0.1:1", "127.0.0.1:1", "[::1]:1", "[::1]:1", "[::1]:1", "[2001:db8::1]:1", "[2001:db8::2]:1"} {
		if d := ask(addr); d != 0 {
			t.Errorf("%s waits %v", addr, d)
		}
	}
	if d := ask("[2001:db8:0:0:ffff::3]:1"); d <= 0 {
		t.Error("a network has as many turns as it has addresses")
	}
	if c.here.count() != 0 || len(c.here.of) != 0 {
		t.Errorf("%d are still inside", c.here.count())
	}
	// The table is bounded: who no room is for shares one limiter.
	now := time.Now()
	key := func(a netip.Addr) netip.Prefix { p, _ := network(a); return p }
	for i := range mostClients + 10 {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		c.of(key(a), now).AllowN(now, 1)
	}
	last := key(netip.MustParseAddr("203.0.113.1"))
	if len(c.known) != mostClients || c.of(last, now) != c.others {
		t.Errorf("%d are known", len(c.known))
	}
	if l := c.of(last, now.Add(time.Hour)); l == c.others || len(c.known) > 10 {
		t.Errorf("after an hour %d are known", len(c.known))
	}
}

func TestAtOnce(t *testing.T) {
	c := newClients(1000)
	r := httptest.NewRequest("POST", "/api/inspect", nil)
	r.RemoteAddr = "192.0.2.1:1"
	var leave func()
	for i := range eachAtOnce {
		l, wait := c.admit(r)
		if wait != 0 {
			t.Fatalf("request %d waits %v", i, wait)
		}
		leave = l
	}
	if l, wait := c.admit(r); l != nil || wait <= 0 {
		t.Error("there is room for one more than there is")
	}
	leave()
	if _, wait := c.admit(r); wait != 0 {
		t.Errorf("one has left, and the next waits %v", wait)
	}
}

func TestCrowd(t *testing.T) {
	c := newCrowd(3, 2)
	a, b, here := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("127.0.0.1")
	enter := func(from netip.Addr, ok, own bool) func() {
		t.Helper()
		leave, mine := c.enter(from)
		if (leave != nil) != ok || mine != own {
			t.Errorf("%s: let in %v, want %v; by its own bound %v, want %v", from, leave != nil, ok, mine, own)
		}
		return leave
	}
	first := enter(a, true, false)
	enter(a, true, false)
	enter(a, false, true)
	enter(b.Next(), true, false)
	enter(b, false, false)
	enter(here, false, false) // the bound of all is one for this machine, too
	first()
	enter(here, true, false)
	if c.count() != 3 || len(c.of) != 2 {
		t.Errorf("%d are inside, of %d clients", c.count(), len(c.of))
	}
}

// Relays wait for others, and are bounded for that: each client's, and all.
func TestRelaysAtOnce(t *testing.T) {
	arrived, goOn := make(chan struct{}), make(chan struct{})
	h := newCrowd(3, 2).relayed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { arrived <- struct{}{}; <-goOn }))
	ask := func(addr string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/api/ocsp?url=http://ocsp.example.net/", nil)
		r.RemoteAddr = addr
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	done := make(chan *httptest.ResponseRecorder)
	for _, addr := range []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.2:1"} {
		go func() { done <- ask(addr) }()
		<-arrived
	}
	for addr, want := range map[string]struct {
		code   int
		detail string
	}{
		"192.0.2.1:3": {429, "For this address 2 responders are being asked"},
		"192.0.2.3:1": {503, "3 responders are being asked for others"},
		"127.0.0.1:1": {503, "3 responders are being asked for others"},
	} {
		w := ask(addr)
		if w.Code != want.code || w.Header().Get("Retry-After") != "5" || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), want.detail) {
			t.Errorf("%s: %d %v %s", addr, w.Code, w.Header(), w.Body)
		}
	}
	close(goOn)
	for range 3 {
		if w := <-done; w.Code != 200 {
			t.Errorf("%d", w.Code)
		}
	}
	go func() { done <- ask("192.0.2.1:4") }()
	<-arrived
	if w := <-done; w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

func TestProxies(t *testing.T) {
	for _, c := range []struct {
		proxies, from, want string
		forwarded           []string
	}{
		{"", "127.0.0.1:5", "127.0.0.1:5", []string{"192.0.2.1"}},
		{"10.0.0.0/8", "192.0.2.9:5", "192.0.2.9:5", []string{"192.0.2.1"}},
		{"127.0.0.1", "127.0.0.1:5", "192.0.2.1:0", []string{"192.0.2.1"}},
		{"127.0.0.1", "[::ffff:127.0.0.1]:5", "192.0.2.1:0", []string{"192.0.2.1"}},
		{"127.0.0.1", "127.0.0.1:5", "192.0.2.1:0", []string{"127.0.0.1, 203.0.113.7", "192.0.2.1"}},
		{"127.0.0.1, 10.0.0.0/8", "127.0.0.1:5", "192.0.2.1:0", []string{"203.0.113.7, 192.0.2.1,10.1.2.3"}},
		{"10.0.0.0/8", "10.0.0.1:5", "10.0.0.3:0", []string{"10.0.0.3, 10.0.0.2"}},
		{"2001:db8::/32", "[2001:db8::1]:5", "[2001:db9::1]:0", []string{"[2001:db9::1]:443"}},
		{"127.0.0.1", "127.0.0.1:5", "192.0.2.1:0", []string{"192.0.2.1:8080"}},
		{"127.0.0.1", "127.0.0.1:5", "192.0.2.1:0", []string{"::ffff:192.0.2.1"}},
		{"127.0.0.1", "127.0.0.1:5", "127.0.0.1:5", []string{"192.0.2.1, unknown"}},
		{"127.0.0.1", "127.0.0.1:5", "127.0.0.1:5", nil},
	} {
		var p proxies
		if c.proxies != "" {
			if err := p.Set(c.proxies); err != nil {
				t.Fatal(err)
			}
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.from
		r.Header["X-Forwarded-For"] = c.forwarded
		got := ""
		p.asker(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("proxies %q, from %s, forwarded for %q: %s, want %s", c.proxies, c.from, c.forwarded, got, c.want)
		}
	}
}

// Behind a proxy the rate is that of who asks the proxy, and the log names them.
func TestServeBehindAProxy(t *testing.T) {
	s := start(t, "-proxy", "127.0.0.1", "-rate", "0.001")
	ask := func(who string) int {
		r, _ := http.NewRequest("POST", s.url+"/api/inspect", strings.NewReader("MAMBAf8="))
		r.Header.Set("X-Forwarded-For", who)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	codes := fmt.Sprint(ask("192.0.2.1"), ask("198.51.100.9, 192.0.2.1"), ask("192.0.2.2"))
	if codes != "200 429 200" {
		t.Error(codes)
	}
	s.end()
	if log := s.log.String(); !strings.Contains(log, " 192.0.2.1 POST /api/inspect 429 ") {
		t.Error(log)
	}
}

// Connections are bounded: further ones are closed, and those that were there
// go on.
func TestConnections(t *testing.T) {
	s := start(t, "-connections", "8")
	addr := strings.TrimPrefix(s.url, "http://")
	dial := func() net.Conn {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(time.Minute))
		return c
	}
	get := func(c net.Conn) error {
		io.WriteString(c, "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
		b := make([]byte, 4096)
		n, err := c.Read(b)
		if err == nil && !strings.HasPrefix(string(b[:n]), "HTTP/1.1 200") {
			err = fmt.Errorf("%q", b[:n])
		}
		return err
	}
	var open []net.Conn
	for range 8 {
		open = append(open, dial())
		if err := get(open[len(open)-1]); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if err := get(dial()); err == nil {
			t.Error("there is a ninth connection")
		}
	}
	for _, c := range open {
		if err := get(c); err != nil {
			t.Error(err)
		}
	}
}

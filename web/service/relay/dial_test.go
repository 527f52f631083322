//go:build !js

package relay

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/iotest"

	"golang.org/x/net/dns/dnsmessage"

	"derscope/testdata/responder"
)

// names is a resolver that asks a server of this machine, which answers every
// name with what to gives.
func names(t *testing.T, to func(name string) []netip.Addr) *net.Resolver {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := l.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			for _, a := range to(q.Name.String()) {
				h := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}
				switch {
				case a.Is4() && q.Type == dnsmessage.TypeA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
				case a.Is6() && q.Type == dnsmessage.TypeAAAA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
				}
			}
			if out, err := m.Pack(); err == nil {
				l.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", l.LocalAddr().String())
	}}
}

// A name that the guard lets through may lead anywhere: to an address of this
// machine from the start, or the second time that it is looked up.
func TestRebinding(t *testing.T) {
	heard := &atomic.Int64{}
	canary := responder.Listen(t, func(c net.Conn) { heard.Add(1) })
	_, port, _ := net.SplitHostPort(canary)
	for _, text := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1", "fe80::1", "64:ff9b::7f00:1", "0.0.0.0", "::"} {
		client := NewClient(names(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr(text)} }))
		// The port is that of the canary: the address alone is what keeps it from being dialled.
		_, _, _, err := client.Fetch(t.Context(), "POST", "http://rebind.ca.net:"+port+"/", responder.Simplest)
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(r.Why, "address") {
			t.Errorf("%s: %v", text, err)
		}
		s := front(t, &Relay{Fetch: client})
		if a := post(t, s, responder.Simplest); a.StatusCode != 403 || !strings.Contains(a.detail(t), "The address ") {
			t.Errorf("%s: %d %q", text, a.StatusCode, a.body)
		}
	}
	if n := heard.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}

	// The same name and resolver, where nobody looks at the address.
	asked := &atomic.Int64{}
	open := names(t, func(name string) []netip.Addr {
		if name != "rebind.ca.net." {
			t.Errorf("%q is looked up", name)
		}
		asked.Add(1)
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	})
	client := NewClient(open)
	client.transport.DialContext = (&net.Dialer{Resolver: open}).DialContext
	if _, _, _, err := client.Fetch(t.Context(), "POST", "http://rebind.ca.net.:"+port+"/", responder.Simplest); err == nil || heard.Load() == 0 || asked.Load() == 0 {
		t.Errorf("the canary does not hear: %v", err)
	}
}

// A name without an address, and addresses in the URL itself.
func TestDialled(t *testing.T) {
	s := front(t, &Relay{Fetch: NewClient(names(t, func(string) []netip.Addr { return nil }))})
	if a := post(t, s, responder.Simplest); a.StatusCode != 502 || strings.Contains(a.detail(t), "127.0.0.1") {
		t.Errorf("%d %q", a.StatusCode, a.body)
	}
	for _, to := range []string{"http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://2130706433/", "http://a.local/"} {
		a := send(t, "POST", s.URL+"/api/ocsp?url="+url.QueryEscape(to), responder.Simplest)
		if a.StatusCode != 403 {
			t.Errorf("%s: %d %q", to, a.StatusCode, a.body)
		}
		// Even if the guard had let it through.
		if _, _, _, err := NewClient(nil).Fetch(t.Context(), "POST", strings.Replace(to, "a.local", "127.0.0.2", 1), responder.Simplest); err == nil {
			t.Errorf("%s is reached", to)
		}
	}
	// It does not ask itself.
	r := httptest.NewRequest("POST", "http://relay.ca.net/api/ocsp?url=http://relay.ca.net/", strings.NewReader(string(responder.Simplest)))
	if _, p := NewCall(r); p == nil || p.Status != 403 {
		t.Errorf("%+v", p)
	}
}

// Errors of the network name neither address of a connection: one of them is of
// the machine that relays.
func TestErrorsNameNoAddress(t *testing.T) {
	lost := &net.OpError{Op: "read", Net: "tcp", Source: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 7), Port: 4711}, Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}}
	for _, c := range []struct {
		err  error
		want string
	}{
		{os.NewSyscallError("read", syscall.ECONNRESET), "it cuts the connection"},
		{errors.New("out of luck"), "out of luck"},
	} {
		lost.Err = c.err
		b, err := io.ReadAll(heard{io.NopCloser(io.MultiReader(strings.NewReader("0"), iotest.ErrReader(lost)))})
		if string(b) != "0" || err == nil || err.Error() != c.want {
			t.Errorf("%q, %v, want %s", b, err, c.want)
		}
	}
}

//go:build linux

package e2e

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"derscope/testdata/responder"
)

// store is a cache as workerd asks one: it is sent whole answers with PUT, and
// asked for them with GET.
type store struct {
	mu   sync.Mutex
	kept map[string][]byte // by path
	put  chan string       // an answer, when it has been kept
}

func (s *store) host(c net.Conn, r *heard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == "PUT" {
		s.kept[r.URL.Path] = r.body
		io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
		s.put <- string(r.body)
		return
	}
	answer, found := s.kept[r.URL.Path]
	if !found {
		io.WriteString(c, "HTTP/1.1 504 Gateway Timeout\r\nCF-Cache-Status: MISS\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		return
	}
	c.Write(bytes.Replace(answer, []byte("\r\n"), []byte("\r\nCF-Cache-Status: HIT\r\nConnection: close\r\n"), 1))
}

// Where the host has a cache, an answer is kept there for as long as it is good.
func TestCache(t *testing.T) {
	w := own(t, nil, `cacheApiOutbound = "world",`)
	w.watch(t)
	s := &store{kept: map[string][]byte{}, put: make(chan string, 100)}
	w.world.at(t, strings.TrimPrefix(w.url, "http://"), s.host)
	p := responder.NewPKI(t)
	var asked atomic.Int64
	serve := through(p.Serve(t))
	w.world.at(t, "ocsp.ca.net", func(c net.Conn, r *heard) {
		asked.Add(1)
		serve(c, r)
	})
	good, revoked := p.Request(t, p.Good, nil), p.Request(t, p.Revoked, nil)
	var first got
	for i, c := range []struct {
		what   string
		ask    ask
		asked  int64
		kept   bool
		status string
	}{
		{"the first", relayed(responder.URL, good), 1, true, "fwd=miss"},
		{"the same", relayed(responder.URL, good), 1, false, "hit"},
		{"another certificate", relayed(responder.URL, revoked), 2, true, "fwd=miss"},
		{"a new one", relayed(responder.URL, good, "Cache-Control", "no-cache"), 3, true, "fwd=miss"},
		{"the same again", relayed(responder.URL, good), 3, false, "hit"},
		{"with a nonce", relayed(responder.URL, p.Request(t, p.Good, make([]byte, 16))), 4, false, "fwd=miss"},
		{"by another URL", relayed(responder.URL+"?", good), 5, true, "fwd=miss"},
	} {
		g := w.ask(t, c.ask)
		if g.status != 200 || asked.Load() != c.asked || g.header.Get("Cache-Status") != "derscope; "+c.status {
			t.Fatalf("%s: %d %v, the responder was asked %d times, want %d", c.what, g.status, g.header, asked.Load(), c.asked)
		}
		if c.kept {
			said := <-s.put
			if !strings.HasPrefix(said, "HTTP/1.1 200 OK\r\n") || !strings.HasSuffix(said, string(g.body)) || !strings.Contains(strings.ToLower(said), "cache-control: max-age=86") {
				t.Errorf("%s: kept as %.300q", c.what, said)
			}
		}
		switch {
		case i == 0:
			first = g
		case i == 1 && (!bytes.Equal(g.body, first.body) || !strings.HasPrefix(g.header.Get("Cache-Control"), "private, max-age=86")):
			t.Errorf("%s: %v", c.what, g.header)
		}
	}
	if len(s.put) > 0 {
		t.Errorf("%d more answers are kept", len(s.put))
	}
	// Where it lies is no place that a client could ask for.
	for at := range s.kept {
		if g := w.ask(t, ask{"GET", at, nil, nil}); g.status != http.StatusBadRequest {
			t.Errorf("%s: %d %q", at, g.status, g.body)
		}
	}
}

// What wrangler.jsonc offers to change.
func TestRelayOff(t *testing.T) {
	w := own(t, nil, `bindings = [(name = "RELAY", text = "off")],`)
	w.watch(t)
	g := w.ask(t, relayed(responder.URL, responder.Simplest))
	if g.status != 404 || !strings.Contains(g.detail(t), "relays nothing") {
		t.Errorf("%d %q", g.status, g.body)
	}
	if g := w.ask(t, ask{"GET", "/api/health", nil, nil}); !strings.Contains(string(g.body), `"relay": false`) {
		t.Errorf("health: %s", g.body)
	}
}

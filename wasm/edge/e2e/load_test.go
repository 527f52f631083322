//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"derscope/testdata/bigcrl"
	"derscope/testdata/responder"
)

// Sixty-four clients ask at the same time, some of them for what takes long.
// Each gets its own answer.
func TestConcurrency(t *testing.T) {
	w := edge(t)
	leaf := input(t, "ocsp/good-ca-byname", "leaf.pem")
	const to = "/api/inspect?at=" + at
	asks := []ask{
		{"POST", to, []byte("MAMBAf8="), nil},
		{"POST", to, leaf, []string{"Accept", "text/plain"}},
		{"POST", to + "&profile=br", input(t, "ocsp/good-ca-byname", "response.pem"), nil},
		form(to, part{"file", "response.pem", input(t, "ocsp/good-ca-byname", "response.pem")}, part{"issuer", "issuer.pem", input(t, "ocsp/good-ca-byname", "issuer.pem")}, part{"subject", "leaf.pem", leaf}),
		{"POST", to, bytes.Repeat([]byte("junk "), 2000), []string{"Accept", "text/plain"}},
		{"POST", to, nil, nil},
		{"GET", "/api/nothing", nil, nil},
		relayed("http://10.0.0.1/", responder.Simplest),
	}
	var wants []got
	for _, a := range asks {
		wants = append(wants, here(a))
	}
	// Each relay gets an answer of its own, once all of them are under way and
	// each client has been answered meanwhile.
	const relays, clients = 16, 48
	var underWay, answered, running sync.WaitGroup
	underWay.Add(relays)
	answered.Add(clients)
	for n := range relays {
		name, unlike := fmt.Sprintf("slow-%d.ca.net", n), "\x30\x03\x0a\x01"+string(rune(n))
		w.world.at(t, name, func(c net.Conn, r *heard) {
			underWay.Done()
			answered.Wait()
			answering(unlike)(c, r)
		})
		running.Go(func() {
			g, err := w.send(relayed("http://"+name+"/", responder.Simplest))
			if err != nil || g.status != 200 || string(g.body) != unlike {
				t.Errorf("relay %d: %v, %d %q", n, err, g.status, g.body)
			}
		})
	}
	underWay.Wait()
	for n := range clients {
		running.Go(func() {
			for i := range 10 {
				k := (n + i) % len(asks)
				g, err := w.send(asks[k])
				if err != nil {
					t.Error(err)
				} else if d := differ(g, wants[k]); d != "" {
					t.Errorf("%s %s: %s", asks[k].method, asks[k].target, d)
				}
				if i == 0 {
					answered.Done()
				}
			}
		})
	}
	running.Wait()
}

// resident is the memory of workerd, in MiB.
func (w *worker) resident(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var kib int
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 {
			return kib >> 10
		}
	}
	t.Fatalf("no VmRSS: %s", b)
	return 0
}

// After a fifth of the requests the worker has the memory that it needs, and
// after all of them it has no more. DERSCOPE_LONG makes them ten times as many.
func TestMemory(t *testing.T) {
	need(t)
	t.Parallel()
	w := own(t, nil)
	w.watch(t)
	response, list := input(t, "ocsp/good-ca-byname", "response.pem"), bigcrl.CRL(20_000)
	send := func(n int) {
		var running sync.WaitGroup
		for client := range 8 {
			running.Go(func() {
				for i := range n / 8 {
					a := ask{"POST", "/api/inspect?at=" + at, []byte("MAMBAf8="), nil}
					switch {
					case client < 2 && i == n/16: // in the middle, both at once
						a.body = list
					case i%20 == client:
						a.body = response
					}
					if g, err := w.send(a); err != nil || g.status != 200 {
						t.Errorf("%v, %d %.200q", err, g.status, g.body)
					}
				}
			})
		}
		running.Wait()
	}
	requests := 10_000
	if os.Getenv("DERSCOPE_LONG") != "" {
		requests *= 10
	}
	send(requests / 5)
	first := w.resident(t)
	send(requests - requests/5)
	last := w.resident(t)
	t.Logf("%d MiB after %d requests, %d MiB after %d", first, requests/5, last, requests)
	if last > first+64 { // what one instance may have is dropped now and then
		t.Errorf("%d MiB after %d requests, %d MiB after %d", first, requests/5, last, requests)
	}
}

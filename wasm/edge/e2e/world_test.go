//go:build linux

package e2e

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// world stands for the Internet: hosts by their names, all at one address.
type world struct {
	listener net.Listener
	running  sync.WaitGroup

	mu      sync.Mutex
	hosts   map[string]host
	open    map[net.Conn]bool
	unknown []string // hosts that were asked for and are not there
}

// host is what answers to a name. It is called when a request is there, and the
// connection is closed after it.
type host func(c net.Conn, r *heard)

// heard is a request as it came.
type heard struct {
	*http.Request
	body []byte
	raw  []byte // all of it
}

func newWorld() (*world, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &world{listener: l, hosts: map[string]host{}, open: map[net.Conn]bool{}}
	w.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.running.Go(func() { w.serve(c) })
		}
	})
	return w, nil
}

func (w *world) address() string { return w.listener.Addr().String() }

// close ends the world, with all that is still being said in it.
func (w *world) close() {
	w.listener.Close()
	w.mu.Lock()
	for c := range w.open {
		c.Close()
	}
	w.mu.Unlock()
	w.running.Wait()
}

func (w *world) serve(c net.Conn) {
	defer c.Close()
	w.mu.Lock()
	w.open[c] = true
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.open, c)
		w.mu.Unlock()
	}()
	var raw bytes.Buffer
	r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(c, &raw)))
	if err != nil {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.mu.Lock()
	answer := w.hosts[r.Host]
	if answer == nil {
		w.unknown = append(w.unknown, r.Host)
	}
	w.mu.Unlock()
	if answer != nil {
		answer(c, &heard{r, body, raw.Bytes()})
	}
}

// at gives a host a name for as long as a test runs.
func (w *world) at(t testing.TB, name string, h host) {
	w.mu.Lock()
	w.hosts[name] = h
	w.mu.Unlock()
	t.Cleanup(func() {
		w.mu.Lock()
		delete(w.hosts, name)
		w.mu.Unlock()
	})
}

// strangers are the hosts that were asked for and are not there, since they
// were last asked about.
func (w *world) strangers() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() { w.unknown = nil }()
	return slices.Clone(w.unknown)
}

// through leads a host to a program that listens elsewhere.
func through(address string) host {
	return func(c net.Conn, r *heard) {
		to, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer to.Close()
		to.Write(r.raw)
		io.Copy(c, to)
	}
}

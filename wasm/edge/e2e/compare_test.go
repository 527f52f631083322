//go:build linux

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"testing"

	"derscope/web/service"
	"derscope/web/service/relay"
)

// at is when the vectors are judged.
const at = "2026-11-20T09:12:00Z"

// native is the handler of derscope serve with the bounds of the edge.
var native = service.New(service.Options{
	Body:   1 << 20,
	Report: 8 << 20,
	Relay:  &relay.Relay{Fetch: nobody{}},
})

// nobody fetches nothing.
type nobody struct{}

func (nobody) Fetch(context.Context, string, string, []byte) (int, http.Header, io.ReadCloser, error) {
	return 0, nil, nil, errors.New("nobody fetches here")
}

// ask is a request, with header fields in pairs.
type ask struct {
	method, target string
	body           []byte
	fields         []string
}

// got is an answer.
type got struct {
	status int
	header http.Header
	body   []byte
}

// send asks the worker.
func (w *worker) send(a ask) (got, error) {
	r, err := http.NewRequest(a.method, w.url+a.target, bytes.NewReader(a.body))
	if err != nil {
		return got{}, err
	}
	for i := 0; i < len(a.fields); i += 2 {
		r.Header.Add(a.fields[i], a.fields[i+1])
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return got{}, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return got{answer.StatusCode, answer.Header, b}, err
}

// ask asks the worker, or ends the test.
func (w *worker) ask(t *testing.T, a ask) got {
	t.Helper()
	g, err := w.send(a)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", a.method, a.target, err, w.said.since(0))
	}
	return g
}

// here asks the native handler.
func here(a ask) got {
	r := httptest.NewRequest(a.method, a.target, bytes.NewReader(a.body))
	for i := 0; i < len(a.fields); i += 2 {
		r.Header.Add(a.fields[i], a.fields[i+1])
	}
	w := httptest.NewRecorder()
	native.ServeHTTP(w, r)
	return got{w.Code, w.Header(), w.Body.Bytes()}
}

// same asks both. They have to answer with the same status, fields and octets;
// the status is to be the one given, unless that is 0.
func (w *worker) same(t *testing.T, a ask, status int) got {
	t.Helper()
	g, want := w.ask(t, a), here(a)
	if d := differ(g, want); d != "" {
		t.Errorf("%s %.200s: the edge differs from the native handler: %s", a.method, a.target, d)
	}
	if status != 0 && g.status != status {
		t.Errorf("%s %.200s: %d %.300q, want %d", a.method, a.target, g.status, g.body, status)
	}
	return g
}

// transport are fields that are of the connection and not of the answer.
var transport = []string{"Date", "Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive"}

// differ says in what two answers differ, or "".
func differ(a, b got) string {
	if a.status != b.status {
		return quote(a) + " instead of " + quote(b)
	}
	if x, y := fields(a.header), fields(b.header); !slices.Equal(x, y) {
		return strings.Join(x, "; ") + " instead of " + strings.Join(y, "; ")
	}
	if !bytes.Equal(a.body, b.body) {
		n := 0
		for n < min(len(a.body), len(b.body)) && a.body[n] == b.body[n] {
			n++
		}
		from := max(0, n-40)
		return fmt.Sprintf("of %d and %d octets the one at %d: %s instead of %s", len(a.body), len(b.body), n, cut(a.body[from:]), cut(b.body[from:]))
	}
	return ""
}

func fields(h http.Header) []string {
	var all []string
	for name, values := range h {
		if !slices.Contains(transport, name) {
			all = append(all, name+": "+strings.Join(values, ", "))
		}
	}
	sort.Strings(all)
	return all
}

func quote(g got) string { return fmt.Sprintf("%d %.200q", g.status, g.body) }

// cut is the start of octets, fit to be shown.
func cut(b []byte) string { return fmt.Sprintf("%.120q", b) }

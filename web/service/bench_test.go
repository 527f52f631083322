package service

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// BenchmarkInspect measures one request without a network: a delegated RSA-2048
// response with the certificates of its issuer and of the leaf, every signature
// verified, the whole report in JSON.
func BenchmarkInspect(b *testing.B) {
	a, err := txtar.ParseFile("../../testdata/ocsp/good-del.txtar")
	if err != nil {
		b.Fatal(err)
	}
	var body []byte
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, "input/") {
			body = append(body, f.Data...)
		}
	}
	h := New(Options{Now: noon})
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/api/inspect?at="+at, bytes.NewReader(body))
		w := &discard{header: http.Header{}}
		h.ServeHTTP(w, r)
		if w.n < 10_000 {
			b.Fatalf("%d octets", w.n)
		}
	}
}

// discard counts what is written.
type discard struct {
	header http.Header
	n      int
}

func (d *discard) Header() http.Header { return d.header }
func (d *discard) WriteHeader(int)     {}
func (d *discard) Write(p []byte) (int, error) {
	d.n += len(p)
	return len(p), nil
}

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const pageText = "<!doctype html>"

func built() fstest.MapFS {
	return fstest.MapFS{
		"README":                       {Data: []byte("how to make it")},
		"_headers":                     {Data: []byte("/*\n  Content-Security-Policy: default-src 'none'; img-src 'self'\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")},
		"index.html":                   {Data: []byte(pageText)},
		"index.html.gz":                {Data: []byte("gzipped")},
		"assets/derscope.0a1b.wasm":    {Data: []byte("\x00asm")},
		"assets/derscope.0a1b.wasm.br": {Data: []byte("brotli")},
		"assets/derscope.0a1b.wasm.gz": {Data: []byte("gzip")},
	}
}

func TestSite(t *testing.T) {
	h, err := newSite(built())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, accept          string
		code                          int
		body, coding, typ, cache, csp string
	}{
		{"GET", "/", "", 200, pageText, "", "text/html; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
		{"GET", "/", "br, gzip", 200, "gzipped", "gzip", "text/html; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
		{"GET", "/assets/derscope.0a1b.wasm", "gzip, br", 200, "brotli", "br", "application/wasm", "public, max-age=31536000, immutable", "default-src 'none'; img-src 'self'"},
		{"GET", "/assets/derscope.0a1b.wasm", "gzip;q=0.5, br;q=0", 200, "gzip", "gzip", "application/wasm", "public, max-age=31536000, immutable", "default-src 'none'; img-src 'self'"},
		{"HEAD", "/assets/derscope.0a1b.wasm", "", 200, "", "", "application/wasm", "public, max-age=31536000, immutable", "default-src 'none'; img-src 'self'"},
		{"GET", "/assets/gone.js", "", 404, "no such page\n", "", "text/plain; charset=utf-8", "", "default-src 'none'; img-src 'self'"},
		{"GET", "/_headers", "", 404, "no such page\n", "", "text/plain; charset=utf-8", "", "default-src 'none'; img-src 'self'"},
		{"GET", "/../inspect.go", "", 404, "no such page\n", "", "text/plain; charset=utf-8", "", "default-src 'none'; img-src 'self'"},
		{"POST", "/", "", 405, "only GET and HEAD\n", "", "text/plain; charset=utf-8", "", "default-src 'none'; img-src 'self'"},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1"+c.path, nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Header()
		if w.Code != c.code || w.Body.String() != c.body || got.Get("Content-Encoding") != c.coding || got.Get("Content-Type") != c.typ ||
			got.Get("Cache-Control") != c.cache || got.Get("Content-Security-Policy") != c.csp {
			t.Errorf("%s %s [%s]: %d %q %v", c.method, c.path, c.accept, w.Code, w.Body, got)
		}
	}
}

func TestSiteKnowsWhatIsUnchanged(t *testing.T) {
	h, err := newSite(built())
	if err != nil {
		t.Fatal(err)
	}
	first := httptest.NewRecorder()
	h.ServeHTTP(first, httptest.NewRequest("GET", "/", nil))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	second := httptest.NewRecorder()
	h.ServeHTTP(second, r)
	if second.Code != http.StatusNotModified || second.Body.Len() > 0 {
		t.Errorf("%d with %d octets, want 304 without any", second.Code, second.Body.Len())
	}
}

func TestServeWithoutASite(t *testing.T) {
	_, err := newSite(fstest.MapFS{"README": {}})
	if err == nil || !strings.Contains(err.Error(), "make") {
		t.Errorf("%v does not say how to make the site", err)
	}
}

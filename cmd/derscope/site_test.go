package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	pageText = "<!doctype html>"
	nowhere  = "There is nothing at this path; the page is at /.\n"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"site/README":                       {Data: []byte("how to make it")},
		"site/_headers":                     {Data: []byte("/*\n  Content-Security-Policy: default-src 'none'; img-src 'self'\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")},
		"site/index.html":                   {Data: []byte(pageText)},
		"site/index.html.gz":                {Data: []byte("gzipped")},
		"site/assets/derscope.0a1b.wasm":    {Data: []byte("\x00asm")},
		"site/assets/derscope.0a1b.wasm.br": {Data: []byte("brotli")},
		"site/assets/derscope.0a1b.wasm.gz": {Data: []byte("gzip")},
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
		{"GET", "/assets/", "", 404, nowhere, "", "text/plain; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
		{"GET", "/assets", "", 404, nowhere, "", "text/plain; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
		{"HEAD", "/assets/derscope.0a1b.wasm", "", 200, "", "", "application/wasm", "public, max-age=31536000, immutable", "default-src 'none'; img-src 'self'"},
		{"GET", "/assets/gone.js", "", 404, nowhere, "", "text/plain; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
		{"GET", "/_headers", "", 404, nowhere, "", "text/plain; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
		{"GET", "/../inspect.go", "", 404, nowhere, "", "text/plain; charset=utf-8", "no-cache", "default-src 'none'; img-src 'self'"},
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

// Conditions and ranges hold for the form that is sent.
func TestSiteConditions(t *testing.T) {
	h, err := newSite(built())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method string, fields ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/assets/derscope.0a1b.wasm", nil)
		for i := 0; i < len(fields); i += 2 {
			r.Header.Set(fields[i], fields[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	plain, brotli := ask("GET").Header().Get("ETag"), ask("GET", "Accept-Encoding", "br").Header().Get("ETag")
	if plain == brotli || len(plain) < 10 {
		t.Errorf("the forms have the tags %s and %s", plain, brotli)
	}
	for _, c := range []struct {
		method string
		fields []string
		code   int
		body   string
		length string
		coding string
	}{
		{"GET", []string{"If-None-Match", plain}, 304, "", "", ""},
		{"GET", []string{"If-None-Match", `"x", W/` + plain}, 304, "", "", ""},
		{"GET", []string{"If-None-Match", "*"}, 304, "", "", ""},
		{"GET", []string{"If-None-Match", plain, "Accept-Encoding", "br"}, 200, "brotli", "6", "br"},
		{"HEAD", []string{"Accept-Encoding", "br"}, 200, "", "6", "br"},
		{"GET", []string{"Range", "bytes=1-2"}, 206, "as", "2", ""},
		{"GET", []string{"Range", "bytes=-4", "Accept-Encoding", "br"}, 206, "otli", "4", "br"},
		{"GET", []string{"Range", "bytes=1-2", "If-Range", brotli}, 200, "\x00asm", "4", ""},
		{"GET", []string{"Range", "bytes=9-"}, 416, "invalid range: failed to overlap\n", "", ""},
	} {
		w := ask(c.method, c.fields...)
		if w.Code != c.code || w.Body.String() != c.body || w.Header().Get("Content-Length") != c.length || w.Header().Get("Content-Encoding") != c.coding {
			t.Errorf("%s %v: %d %q %v", c.method, c.fields, w.Code, w.Body, w.Header())
		}
	}
}

func TestPrefer(t *testing.T) {
	all := map[string]file{"identity": {}, "br": {}, "gzip": {}}
	for header, want := range map[string]string{
		"": "identity", "gzip, deflate, br, zstd": "br", "gzip": "gzip", "deflate": "identity", "*": "br", "BR": "br", "br;q=1.5": "identity", "br;q=x, gzip": "gzip",
		"br;q=0.5, gzip;q=0.8": "gzip", "br;q=0, *": "gzip", "br;q=0.000, gzip ; Q=0": "identity", "identity, br;q=0.5": "identity", "identity;q=0.5, br;q=0.5": "br",
		"identity;q=0, gzip;q=0.1": "gzip", "*;q=0": "identity", "identity;q=0, *;q=0": "identity", "gzip;q=0.9, *;q=0.1": "gzip", "br;level=3": "br",
	} {
		if got := prefer(header, all); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
	if got := prefer("br, gzip", map[string]file{"identity": {}}); got != "identity" {
		t.Errorf("%s, which is not there", got)
	}
}

// A site may have a page of its own for what it does not have.
func TestSiteMissing(t *testing.T) {
	files := built()
	files["site/404.html"] = &fstest.MapFile{Data: []byte("<p>gone")}
	h, err := newSite(files)
	if err != nil {
		t.Fatal(err)
	}
	for method, body := range map[string]string{"GET": "<p>gone", "HEAD": ""} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/assets/gone.js", nil))
		if got := w.Header(); w.Code != 404 || w.Body.String() != body || got.Get("Content-Type") != "text/html; charset=utf-8" || got.Get("Cache-Control") != "no-cache" || got.Get("ETag") != "" {
			t.Errorf("%s: %d %q %v", method, w.Code, w.Body, got)
		}
	}
}

func TestServeWithoutASite(t *testing.T) {
	h, err := newSite(fstest.MapFS{"site/README": {}})
	if err == nil || !strings.Contains(err.Error(), "make") {
		t.Errorf("%v does not say how to make the site", err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 404 || !strings.Contains(w.Body.String(), "make") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

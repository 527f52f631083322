package service

import (
	"encoding/json"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

func TestNoGoroutineIsLeft(t *testing.T) {
	h := New(Options{Now: noon})
	before := runtime.NumGoroutine()
	form, kind := formOf(t, piece{"file", "a.der", "MAMBAf8="}, piece{"secret", "", "pass:x"})
	for range 20 {
		call(h, "POST", "/api/inspect", form.String(), "Content-Type", kind)
		call(h, "POST", "/api/inspect", form.String()[:40], "Content-Type", kind)
		call(h, "POST", "/api/inspect?all", string(input(t, "ocsp/good-ca-byname", "response.pem")))
		call(h, "GET", "/api/checks", "")
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// Whatever is sent is answered with a report or with problem details, by a
// program that is whole.
func FuzzInspect(f *testing.F) {
	form, kind := formOf(f, piece{"file", "a.der", "MAMBAf8="}, piece{"issuer", "b.pem", "x"}, piece{"at", "", at}, piece{"secret", "", "hex:00"})
	f.Add("at="+at+"&profile=br", kind, "application/json", form.Bytes())
	f.Add("all", "application/octet-stream", "text/plain;q=0.5, */*", []byte("MAMBAf8="))
	f.Add("set=work%3D5&nonce=00", "multipart/form-data; boundary=x", "", []byte("--x\r\nContent-Disposition: form-data; name=paste\r\n\r\na\r\n--x--"))
	f.Fuzz(func(t *testing.T, query, kind, accept string, body []byte) {
		h := New(Options{Now: noon, Body: 1 << 16, Report: 1 << 22, Work: 1000, Broken: func(_, what string, stack []byte) { t.Errorf("%s\n%s", what, stack) }}).(*handler)
		r := httptest.NewRequest("POST", "/api/inspect", strings.NewReader(string(body)))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch got := w.Header().Get("Content-Type"); {
		case w.Code != 200:
			problem(t, w)
		case got == asJSON && !json.Valid(w.Body.Bytes()):
			t.Errorf("no JSON: %.200q", w.Body)
		}
		if n := h.held.Load(); n != 0 {
			t.Errorf("%d octets are held afterwards", n)
		}
	})
}

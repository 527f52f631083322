package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"derscope/decode"
	"derscope/decode/report"
	"derscope/testdata/bigcrl"
)

// held is what problem details say.
type held struct {
	Type, Title, Detail string
	Status              int
}

func problem(t *testing.T, w *httptest.ResponseRecorder) held {
	t.Helper()
	var p held
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d: no problem details: %v, %q", w.Code, err, w.Body)
	}
	if p.Type != "about:blank" || p.Status != w.Code || p.Title == "" || len(p.Detail) < 20 || !strings.HasSuffix(strings.TrimSuffix(p.Detail, "…"), ".") && !strings.HasSuffix(p.Detail, "…") {
		t.Errorf("%d: %+v", w.Code, p)
	}
	return p
}

func TestErrors(t *testing.T) {
	h := New(Options{Now: noon, Body: 4096, Work: 2_000_000})
	form := "multipart/form-data; boundary=x"
	part := func(head, body string) string {
		return "--x\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + body + "\r\n--x--\r\n"
	}
	big := strings.Repeat("A", 4097)
	for _, c := range []struct {
		what, method, target, body string
		code                       int
		detail                     string // that the detail holds
		fields                     []string
	}{
		{"a method", "GET", "/api/inspect", "", 405, "curl --data-binary", nil},
		{"another method", "DELETE", "/api/checks", "", 405, "GET and HEAD", nil},
		{"a path", "GET", "/api/", "", 404, "/api/inspect", nil},
		{"a slash more", "POST", "/api/inspect/", "x", 404, "/api/inspect", nil},
		{"no relay", "POST", "/api/ocsp", "x", 404, "openssl ocsp", nil},
		{"no body", "POST", "/api/inspect", "", 400, "empty", nil},
		{"a long body", "POST", "/api/inspect", big, 413, "4 KiB", nil},
		{"a long form", "POST", "/api/inspect", part(`name="file"; filename="a"`, big), 413, "4 KiB", []string{"Content-Type", form}},
		{"a compressed body", "POST", "/api/inspect", "x", 415, "Content-Encoding", []string{"Content-Encoding", "gzip"}},
		{"a compressed body below others", "POST", "/api/inspect", "x", 415, "Content-Encoding", []string{"Content-Encoding", "identity", "Content-Encoding", "gzip"}},
		{"other parts", "POST", "/api/inspect", "x", 415, "multipart/form-data", []string{"Content-Type", "multipart/mixed; boundary=x"}},
		{"nothing acceptable", "POST", "/api/inspect", "x", 406, "text/plain", []string{"Accept", "image/png, text/html"}},
		{"all refused", "POST", "/api/inspect", "x", 406, "text/plain", []string{"Accept", "*/*;q=0"}},
		{"no time", "POST", "/api/inspect?at=today", "x", 400, "RFC 3339", nil},
		{"no profile", "POST", "/api/inspect?profile=xy", "x", 400, "there are br, mozilla", nil},
		{"no switch", "POST", "/api/inspect?set=xy%3D1", "x", 400, "unprotectedErrors", nil},
		{"half a switch", "POST", "/api/inspect?set=work", "x", 400, "NAME=VALUE", nil},
		{"much work", "POST", "/api/inspect?set=work%3D3000000", "x", 422, "2000000", nil},
		{"no nonce", "POST", "/api/inspect?nonce=xy", "x", 400, "hexadecimal", nil},
		{"all of what", "POST", "/api/inspect?all=some", "x", 400, "all=1", nil},
		{"a parameter", "POST", "/api/inspect?reveal=1", "x", 400, "at, nonce, profile and set", nil},
		{"a percent sign", "POST", "/api/inspect?at=%zz", "x", 400, "hexadecimal", nil},
		{"a long value", "POST", "/api/inspect?set=expectedSender%3D" + strings.Repeat("a", longest+1), "x", 400, "longer", nil},
		{"no boundary", "POST", "/api/inspect", "x", 400, "boundary", []string{"Content-Type", "multipart/form-data"}},
		{"a broken type", "POST", "/api/inspect", "x", 400, "boundary", []string{"Content-Type", "multipart/form-data; boundary"}},
		{"no parts", "POST", "/api/inspect", "--x--\r\n", 400, "holds nothing", []string{"Content-Type", form}},
		{"half a form", "POST", "/api/inspect", "--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc", 400, "too early", []string{"Content-Type", form}},
		{"garbage for a form", "POST", "/api/inspect", "\x00\xff\x00", 400, "too early", []string{"Content-Type", form}},
		{"a part", "POST", "/api/inspect", part(`name="isuer"; filename="a"`, "x"), 400, "«isuer»", []string{"Content-Type", form}},
		{"only options", "POST", "/api/inspect", part(`name="at"`, at), 400, "holds nothing", []string{"Content-Type", form}},
		{"a secret of a file here", "POST", "/api/inspect", part(`name="secret"`, "file:/etc/passwd"), 400, "want pass:TEXT", []string{"Content-Type", form}},
		{"a secret of this environment", "POST", "/api/inspect", part(`name="secret"`, "env:HOME"), 400, "want pass:TEXT", []string{"Content-Type", form}},
		{"a long name", "POST", "/api/inspect", part(`name="file"; filename="`+strings.Repeat("a", longest+1)+`"`, "x"), 400, "name of a file", []string{"Content-Type", form}},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := call(h, c.method, c.target, c.body, c.fields...)
			p := problem(t, w)
			if w.Code != c.code || !strings.Contains(p.Detail, c.detail) {
				t.Errorf("%d %q, want %d and %q", w.Code, p.Detail, c.code, c.detail)
			}
			if (w.Code == 405) != (w.Header().Get("Allow") != "") {
				t.Errorf("%d with Allow %q", w.Code, w.Header().Get("Allow"))
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("an error may be cached: %q", w.Header().Get("Cache-Control"))
			}
		})
	}
}

// A body without a length is stopped where the bound is, not behind its end.
func TestEndlessBody(t *testing.T) {
	h := New(Options{Now: noon, Body: 1 << 16})
	endless := &zeros{}
	r := httptest.NewRequest("POST", "/api/inspect", endless)
	r.ContentLength = -1
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 413 || endless.read > 1<<18 {
		t.Errorf("%d after %d octets", w.Code, endless.read)
	}
}

type zeros struct{ read int }

func (z *zeros) Read(p []byte) (int, error) { clear(p); z.read += len(p); return len(p), nil }
func (z *zeros) Close() error               { return nil }

// What cannot be read is answered by what kept it.
func TestBodiesThatFail(t *testing.T) {
	h := New(Options{Now: noon})
	for _, c := range []struct {
		err  error
		code int
	}{{late{}, 408}, {io.ErrUnexpectedEOF, 400}, {errors.New("reset"), 400}, {&http.MaxBytesError{Limit: 1}, 413}} {
		for _, kind := range []string{"application/octet-stream", "multipart/form-data; boundary=x"} {
			r := httptest.NewRequest("POST", "/api/inspect", io.MultiReader(strings.NewReader("--x\r\n"), failing{c.err}))
			r.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if problem(t, w); w.Code != c.code {
				t.Errorf("%v: %d, want %d", c.err, w.Code, c.code)
			}
		}
	}
	if n := h.(*handler).held.Load(); n != 0 {
		t.Errorf("%d octets are held after the last request", n)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type late struct{}

func (late) Error() string { return "late" }
func (late) Timeout() bool { return true }

// All bodies together have a bound.
func TestHeld(t *testing.T) {
	h := New(Options{Now: noon, Held: 1 << 20}).(*handler)
	h.held.Add(1<<20 - 100)
	if w := call(h, "POST", "/api/inspect", strings.Repeat("A", 200)); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(h, "POST", "/api/inspect", strings.Repeat("A", 50)); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if n := h.held.Load(); n != 1<<20-100 {
		t.Errorf("%d octets are held", n)
	}
}

// Large bodies leave room for small ones.
func TestLargeBodiesLeaveRoom(t *testing.T) {
	h := New(Options{Now: noon, Held: 1 << 20}).(*handler)
	h.held.Add(500 << 10)
	for size, code := range map[int]int{small: 200, small + 1: 503} {
		if w := call(h, "POST", "/api/inspect", strings.Repeat("A", size)); w.Code != code {
			t.Errorf("%d octets: %d, want %d", size, w.Code, code)
		}
	}
}

// slow is a client that takes its answer when it likes.
type slow struct {
	*httptest.ResponseRecorder
	begun, turn chan struct{}
}

func (s slow) Write(b []byte) (int, error) {
	close(s.begun)
	<-s.turn
	return s.ResponseRecorder.Write(b)
}

// What a stranger asks for costs no more than what is done unasked.
func TestWorkHasABound(t *testing.T) {
	for work, code := range map[string]int{"1000000": 200, "1000001": 422} {
		if w := call(New(Options{Now: noon}), "POST", "/api/inspect?set=work%3D"+work, "x"); w.Code != code {
			t.Errorf("%s rounds: %d, want %d", work, w.Code, code)
		}
	}
}

// Reports that are being taken slowly are bounded as bodies are.
func TestReportsThatAreTaken(t *testing.T) {
	h := New(Options{Now: noon, Held: 6 << 20}).(*handler)
	long := func(*http.Request) (answer, error) { return answer{asJSON, make([]byte, 2<<20)}, nil }
	h.inspect = long
	first := slow{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
	done := make(chan struct{})
	go func() { defer close(done); h.ServeHTTP(first, httptest.NewRequest("POST", "/api/inspect", nil)) }()
	<-first.begun
	w := call(h, "POST", "/api/inspect", "")
	if problem(t, w); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a second long one: %d %s", w.Code, w.Body)
	}
	h.inspect = h.judge
	if w := call(h, "POST", "/api/inspect", "MAA="); w.Code != 200 {
		t.Errorf("a short one: %d %s", w.Code, w.Body)
	}
	close(first.turn)
	<-done
	h.inspect = long
	if w := call(h, "POST", "/api/inspect", ""); w.Code != 200 || h.sent.Load() != 0 {
		t.Errorf("afterwards: %d, and %d octets are counted", w.Code, h.sent.Load())
	}
}

func TestAdmit(t *testing.T) {
	inside := 0
	h := New(Options{Now: noon, Admit: func(r *http.Request) (func(), time.Duration) {
		if r.URL.RawQuery == "all" {
			return nil, 1500 * time.Millisecond
		}
		inside++
		return func() { inside-- }, 0
	}})
	w := call(h, "POST", "/api/inspect?all", "x")
	if problem(t, w); w.Code != 429 || w.Header().Get("Retry-After") != "2" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := call(h, "GET", "/api/health", ""); w.Code != 200 {
		t.Errorf("health: %d", w.Code)
	}
	h.(*handler).inspect = func(*http.Request) (answer, error) {
		if inside != 1 {
			t.Errorf("%d are let in", inside)
		}
		panic("all the same")
	}
	if w := call(h, "POST", "/api/inspect", "x"); w.Code != 500 || inside != 0 {
		t.Errorf("%d, and %d have not left", w.Code, inside)
	}
}

func TestPanic(t *testing.T) {
	var told string
	h := New(Options{Now: noon, Broken: func(route, what string, stack []byte) { told = route + " " + what }}).(*handler)
	for _, c := range []struct {
		panic func()
		told  string
	}{
		{func() { panic("with the input in it") }, "inspect string"},
		{func() { var none []int; _ = none[len(told)] }, "inspect runtime error: index out of range"},
	} {
		h.inspect = func(*http.Request) (answer, error) { c.panic(); return answer{}, nil }
		w := call(h, "POST", "/api/inspect", "x")
		if problem(t, w); w.Code != 500 || !strings.HasPrefix(told, c.told) {
			t.Errorf("%d, told %q", w.Code, told)
		}
	}
	h.inspect = h.judge
	if w := call(h, "POST", "/api/inspect", "x"); w.Code != 200 {
		t.Errorf("after it: %d", w.Code)
	}
}

func TestCORS(t *testing.T) {
	h := New(Options{Now: noon, Relay: http.NotFoundHandler()})
	w := call(h, "OPTIONS", "/api/inspect", "", "Origin", "https://example.org", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	got := w.Header()
	if w.Code != 204 || got.Get("Access-Control-Allow-Origin") != "*" || got.Get("Access-Control-Allow-Methods") != "POST" ||
		!strings.Contains(got.Get("Access-Control-Allow-Headers"), "Content-Type") || w.Body.Len() > 0 {
		t.Errorf("preflight: %d %v", w.Code, got)
	}
	for _, body := range []string{"x", ""} { // errors can be read, too
		if w := call(h, "POST", "/api/inspect", body, "Origin", "null"); w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%d: %v", w.Code, w.Header())
		}
	}
	for _, path := range []string{"/api/inspect", "/api/ocsp", "/api/health", "/api/schema", "/api/nothing"} {
		for _, method := range []string{"OPTIONS", "POST", "GET"} {
			got := call(h, method, path, "x", "Origin", "https://example.org", "Access-Control-Request-Method", "POST").Header()
			if got.Get("Access-Control-Allow-Credentials") != "" || (path != "/api/inspect") != (got.Get("Access-Control-Allow-Origin") == "") {
				t.Errorf("%s %s: %v", method, path, got)
			}
		}
	}
}

// Every answer says that it is data.
func TestSecurityHeaders(t *testing.T) {
	h := New(Options{Now: noon})
	for _, path := range []string{"/api/inspect", "/api/ocsp", "/api/schema", "/api/checks", "/api/health", "/api/nothing"} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "PUT"} {
			w := call(h, method, path, "x")
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'"} {
				if !strings.HasPrefix(w.Header().Get(name), want) {
					t.Errorf("%s %s: %d without %s: %v", method, path, w.Code, name, w.Header())
				}
			}
			if w.Body.Len() > 0 && w.Header().Get("Content-Type") == "" {
				t.Errorf("%s %s: %d without a type", method, path, w.Code)
			}
			if method == "HEAD" && w.Body.Len() > 0 {
				t.Errorf("HEAD %s has a body", path)
			}
		}
	}
}

func TestNegotiation(t *testing.T) {
	for accept, want := range map[string]string{
		"": asJSON, "*/*": asJSON, "application/json": asJSON, "text/plain": asText, "text/*": asText, "text/markdown": asMarkdown,
		"text/plain;q=0.5, application/json;q=0.4": asText, "text/html, application/xhtml+xml, */*;q=0.8": asJSON,
		"application/json;q=0, */*": asText, "TEXT/Plain; q=1.0": asText, "text/plain;q=2": "", "text/html": "", "application/*;q=0.1": asJSON,
		"text/plain;q=0, text/*;q=0.3": asMarkdown, "application/json; charset=utf-8": asJSON, "text/plain;q=NaN": "",
	} {
		if got := negotiate([]string{accept}); got != want {
			t.Errorf("%q gives %q, want %q", accept, got, want)
		}
	}
	h := New(Options{Now: noon})
	for accept, kind := range map[string]string{"": "application/json", "text/plain": "text/plain; charset=utf-8", "text/markdown": "text/markdown; charset=utf-8"} {
		w := call(h, "POST", "/api/inspect", string(input(t, "ocsp/good-ca-byname", "leaf.pem")), "Accept", accept)
		if w.Code != 200 || w.Header().Get("Content-Type") != kind || w.Header().Get("Vary") != "Accept" || w.Body.Len() < 100 {
			t.Errorf("%q: %d %v", accept, w.Code, w.Header())
		}
	}
}

func TestSchemaAndChecks(t *testing.T) {
	h := New(Options{Now: noon})
	if w := call(h, "GET", "/api/schema", ""); w.Body.String() != string(report.Schema()) || w.Code != 200 {
		t.Errorf("schema: %d, %d octets", w.Code, w.Body.Len())
	}
	w := call(h, "GET", "/api/checks", "")
	var all struct {
		Checks []struct {
			ID, Title, Group, Level, Profile, Strict string
			Refs                                     []string
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || len(all.Checks) != len(decode.Catalogue()) {
		t.Fatalf("%v, %d checks", err, len(all.Checks))
	}
	for i, rule := range decode.Catalogue() {
		got := all.Checks[i]
		if got.ID != rule.ID || got.Title != rule.Title || got.Group != rule.Group || got.Profile != rule.Profile || got.Level == "" || len(got.Refs) != len(rule.Refs.List()) {
			t.Errorf("%+v, want %+v", got, rule)
		}
	}
	for _, path := range []string{"/api/schema", "/api/checks"} {
		first := call(h, "GET", path, "")
		tag := first.Header().Get("ETag")
		head := call(h, "HEAD", path, "")
		if tag == "" || head.Header().Get("ETag") != tag || head.Header().Get("Content-Length") != first.Header().Get("Content-Length") {
			t.Errorf("%s: %v and %v", path, first.Header(), head.Header())
		}
		for _, sent := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			if again := call(h, "GET", path, "", "If-None-Match", sent); again.Code != 304 || again.Body.Len() > 0 || again.Header().Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: %d", path, sent, again.Code)
			}
		}
		if again := call(h, "GET", path, "", "If-None-Match", `"other"`); again.Code != 200 {
			t.Errorf("%s: %d for another tag", path, again.Code)
		}
	}
}

func TestHealth(t *testing.T) {
	for relay, want := range map[bool]string{true: "true", false: "false"} {
		o := Options{Version: `v1 "x"`, Body: 5}
		if relay {
			o.Relay = http.NotFoundHandler()
		}
		w := call(New(o), "GET", "/api/health", "")
		if !json.Valid(w.Body.Bytes()) || !strings.Contains(w.Body.String(), `"version": "v1 \"x\""`) || !strings.Contains(w.Body.String(), `"relay": `+want) || !strings.Contains(w.Body.String(), `"body": 5`) {
			t.Errorf("%s", w.Body)
		}
	}
}

// A report has a bound, whatever makes it long.
func TestReportHasABound(t *testing.T) {
	crl := string(bigcrl.CRL(2000))
	deep := []byte{5, 0}
	for range 40 {
		deep = append([]byte{0x30, byte(len(deep))}, deep...)
	}
	h := New(Options{Now: noon, Report: 6 << 20})
	for _, c := range []struct {
		what, query, body, accept string
		code                      int
	}{
		{"a long list", "", crl, asJSON, 200}, {"all of it", "?all", crl, asJSON, 422}, {"all of it, as text", "?all", crl, asText, 200},
		{"deep nesting", "", string(bytes.Repeat(deep, 2000)), asJSON, 422},
	} {
		if w := call(h, "POST", "/api/inspect"+c.query, c.body, "Accept", c.accept); w.Code != c.code {
			t.Errorf("%s: %d with %d octets, want %d", c.what, w.Code, w.Body.Len(), c.code)
		}
	}
	if w := call(New(Options{Now: noon, Report: 1 << 10}), "POST", "/api/inspect", crl, "Accept", asText); w.Code != 422 {
		t.Errorf("a long text: %d", w.Code)
	}
	if w := call(New(Options{Now: noon, Report: 1 << 10}), "POST", "/api/inspect", strings.Repeat("-----BEGIN X-----\nMAA=\n-----END X-----\n", 50), "Accept", asMarkdown); w.Code != 422 {
		t.Errorf("long Markdown: %d", w.Code)
	}
}

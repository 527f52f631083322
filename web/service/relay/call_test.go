package relay

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/ocsp"
	"golang.org/x/tools/txtar"

	"derscope/decode"
	"derscope/testdata/responder"
)

func TestNewCall(t *testing.T) {
	const to = "/api/ocsp?url=http://ocsp.ca.net/"
	text := coded(responder.Simplest)
	form := func(parts ...string) string {
		var b strings.Builder
		for i := 0; i < len(parts); i += 2 {
			b.WriteString("--x\r\nContent-Disposition: form-data; name=\"" + parts[i] + "\"\r\n\r\n" + parts[i+1] + "\r\n")
		}
		return b.String() + "--x--\r\n"
	}
	multi := []string{"Content-Type", "multipart/form-data; boundary=x"}
	ok := string(responder.Simplest)
	for _, c := range []struct {
		what, method, target, body string
		status                     int // 0: it is taken
		detail                     string
		fields                     []string
	}{
		{"a request", "POST", to, ok, 0, "", nil},
		{"an escaped URL", "POST", "/api/ocsp?url=http%3A%2F%2Focsp.ca.net%2F", ok, 0, "", nil},
		{"a request in a form", "POST", to, form("request", ok, "issuer", "x"), 0, "", multi},
		{"a request in the path", "GET", "/api/ocsp/" + text + "?url=http://ocsp.ca.net", "", 0, "", nil},
		{"without padding", "GET", "/api/ocsp/" + strings.ReplaceAll(text, "%3D", "") + "?url=http://ocsp.ca.net", "", 0, "", nil},
		{"a page of ours", "POST", to, ok, 0, "", []string{"Sec-Fetch-Site", "same-origin"}},
		{"a page of others", "POST", to, ok, 403, "other sites", []string{"Sec-Fetch-Site", "cross-site"}},
		{"another method", "PUT", to, ok, 405, "POST", nil},
		{"no URL", "POST", "/api/ocsp", ok, 400, "0 times", nil},
		{"two URLs", "POST", to + "&url=http://a.net", ok, 400, "2 times", nil},
		{"another word", "POST", to + "&at=x", ok, 400, "«at»", nil},
		{"a broken query", "POST", to + "&x=%zz", ok, 400, "query cannot be read", nil},
		{"a semicolon", "POST", to + ";x", ok, 400, "query cannot be read", nil},
		{"a URL within", "POST", "/api/ocsp?url=http://10.0.0.1/", ok, 403, "private", nil},
		{"nothing", "POST", to, "", 400, "nothing was sent", nil},
		{"text", "POST", to, "hello", 400, "octet 0", nil},
		{"a request and more", "POST", to, ok + "x", 400, "1 octet follows", nil},
		{"half a request", "POST", to, ok[:40], 400, "octet", nil},
		{"a response", "POST", to, "\x30\x03\x0a\x01\x06", 400, "octet", nil},
		{"no certificate asked about", "POST", to, "\x30\x04\x30\x02\x30\x00", 400, "OCSP request", nil},
		{"a long request", "POST", to, strings.Repeat("0", MaxRequest+1), 413, "4,096", nil},
		{"GET without one", "GET", to, "", 400, "there is none", nil},
		{"GET of junk", "GET", "/api/ocsp/%21%21?url=http://ocsp.ca.net", "", 400, "base64", nil},
		{"GET of other octets", "GET", "/api/ocsp/AAAA?url=http://ocsp.ca.net", "", 400, "octet 0", nil},
		{"GET with a query", "GET", "/api/ocsp/" + text + "?url=http://ocsp.ca.net/%3Fa", "", 400, "has a query", nil},
		{"GET of a long URL", "GET", "/api/ocsp/" + text + "?url=http://ocsp.ca.net/" + strings.Repeat("a", 200), "", 400, "by POST", nil},
		{"a form without it", "POST", to, form("issuer", "x"), 400, "named request", multi},
		{"a form with two", "POST", to, form("request", ok, "request", ok), 400, "«request»", multi},
		{"a form with a secret", "POST", to, form("request", ok, "secret", "pass:x"), 400, "«secret»", multi},
		{"a form with too much", "POST", to, form("request", ok, "with", strings.Repeat("0", MaxBeside/2), "with", strings.Repeat("0", MaxBeside/2+1)), 413, "beside", multi},
		{"a form with a long name", "POST", to, form("with\"; filename=\""+strings.Repeat("n", maxFile+1), "x"), 400, "1025 octets", multi},
		{"a form cut off", "POST", to, form("request", ok)[:120], 400, "ends after", multi},
		{"a form too long", "POST", to, strings.Repeat("\r\n", MaxForm/2) + form("request", ok), 413, "The form is longer than 135,168 octets", multi},
		{"a form without a boundary", "POST", to, form("request", ok), 400, "no boundary", []string{"Content-Type", "multipart/form-data"}},
		{"a form with another boundary", "POST", to, form("request", ok), 400, "the boundary that its Content-Type has", []string{"Content-Type", "multipart/form-data; boundary=y"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
			for i := 0; i < len(c.fields); i += 2 {
				r.Header.Set(c.fields[i], c.fields[i+1])
			}
			call, p := NewCall(r)
			if c.status != 0 {
				if p == nil || p.Status != c.status || !strings.Contains(p.Detail, c.detail) || !strings.HasSuffix(p.Detail, ".") {
					t.Errorf("%+v, want %d %q", p, c.status, c.detail)
				}
				return
			}
			switch {
			case p != nil:
				t.Fatalf("%+v", p)
			case call.Method != c.method || !bytes.Equal(call.Request, responder.Simplest):
				t.Errorf("%+v", call)
			case c.method == "GET" && (call.URL != "http://ocsp.ca.net/"+text || call.Body != nil):
				t.Errorf("GET %s", call.URL)
			case c.method == "POST" && (call.URL != "http://ocsp.ca.net/" || !bytes.Equal(call.Body, responder.Simplest)):
				t.Errorf("POST %s", call.URL)
			}
		})
	}
}

// A body that stops arriving is told apart from one that is wrong, wherever it stops.
func TestLateBody(t *testing.T) {
	head := "--x\r\nContent-Disposition: form-data; name=request\r\n\r\n"
	for sent, kind := range map[string]string{
		"30": "application/ocsp-request", "--x": "multipart/form-data; boundary=x", head + "30": "multipart/form-data; boundary=x", head + "30\r\n--x\r\n": "multipart/form-data; boundary=x",
	} {
		late := io.MultiReader(strings.NewReader(sent), iotest.ErrReader(context.DeadlineExceeded))
		r := httptest.NewRequest("POST", "/api/ocsp?url=http://ocsp.ca.net/", late)
		r.Header.Set("Content-Type", kind)
		if _, p := NewCall(r); p == nil || p.Status != 408 || !strings.Contains(p.Detail, "too slowly") {
			t.Errorf("%q: %+v", sent, p)
		}
	}
}

func TestAccept(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "application/json": true, "application/*": false, "application/json;q=0": false, "text/html, application/json;q=0.5": true,
		"application/ocsp-response, application/json;q=0.9": false, "application/ocsp-response;q=0.1, application/json": true, "Application/JSON": true, "application/json;q=NaN": false,
	} {
		if got := wantsReport([]string{accept}); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

// Whatever x/crypto takes for a request is one, of all that the vectors hold.
func TestRequestsOfVectors(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/ocsp/*.txtar")
	if err != nil || len(files) == 0 {
		t.Skip("the vectors are not here: ", err)
	}
	taken, seen := 0, 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(b).Files {
			if !strings.HasPrefix(f.Name, "input/") {
				continue
			}
			r := decode.Load([]decode.Input{{Bytes: f.Data}}, decode.Limits{}).Report(decode.Options{})
			for _, it := range r.Items {
				if it.Kind != "ocsp-request" {
					continue
				}
				seen++
				der := r.Sources[it.Source].Bytes
				_, err := ocsp.ParseRequest(der)
				p := wellFormed(der)
				if p == nil {
					taken++
				}
				if err == nil && p != nil && len(der) <= MaxRequest {
					t.Errorf("%s: %s", name, p.Detail)
				}
			}
		}
	}
	if taken == 0 || seen == 0 {
		t.Errorf("%d of %d requests are taken", taken, seen)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add(responder.Simplest)
	f.Add([]byte("\x30\x80\x30\x80\x30\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := wellFormed(b)
		if p != nil && (!slices.Contains([]int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}, p.Status) || p.Detail == "") {
			t.Errorf("%+v", p)
		}
		if p == nil && (b[0] != 0x30 || len(b) > MaxRequest) {
			t.Errorf("%x is taken", b)
		}
	})
}

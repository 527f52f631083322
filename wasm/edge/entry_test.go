package main

import (
	"encoding/base64"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"derscope/testdata/responder"
	"derscope/web/service"
	"derscope/web/service/relay"
)

// lines makes a head.
func lines(l ...string) string { return strings.Join(l, "\n") }

// head takes that of an answer apart.
func head(w *reply) (status string, h http.Header) {
	l := strings.Split(w.head(), "\n")
	return l[0], fields(l[1:])
}

// Each request is answered at once: in a bubble, where time stands still while
// anybody runs, whatever waits or is left running is seen. The relay says first
// what to fetch, and then, given what came, what to answer.
func TestAnswer(t *testing.T) {
	evidence, err := os.ReadFile("../../testdata/ocsp/good-del.txtar")
	if err != nil {
		t.Skip("the vectors are not here: ", err)
	}
	const (
		inspect  = "http://a/api/inspect"
		to       = "http://a/api/ocsp?url=http%3A%2F%2Focsp.ca.net%2F"
		tryLater = "\x30\x03\x0a\x01\x03"
		small    = "MAMBAf8="
	)
	whole := func(s string) received { return received{octets: []byte(s)} }
	form := "--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" + string(evidence) + "\r\n--x\r\nContent-Disposition: form-data; name=secret\r\n\r\npass:x\r\n--x--\r\n"
	multipart := []string{"content-type", "multipart/form-data; boundary=x"}
	inPath := strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(base64.StdEncoding.EncodeToString(responder.Simplest))
	ask := whole(string(responder.Simplest))
	typed := lines("200", "content-type", "application/ocsp-response")
	good := &came{head: typed, body: whole(tryLater)}
	for _, c := range []struct {
		what, method, url string
		fields            []string
		body              received
		came              *came
		status            string // "": it is to be fetched first
		said              string
	}{
		{"health", "GET", "http://a/api/health", nil, received{}, nil, "200", `"relay": true`},
		{"the head of the schema", "HEAD", "http://a/api/schema", nil, received{}, nil, "200", ""},
		{"checks", "GET", "http://a/api/checks", nil, received{}, nil, "200", "ocsp.signer.authorized"},
		{"no route", "GET", "http://a/api/", nil, received{}, nil, "404", "/api/inspect"},
		{"no address", "GET", ":", nil, received{}, nil, "400", "address"},
		{"half an escape in it", "POST", "https://%zz/", nil, whole(small), nil, "400", "address"},

		{"leave", "OPTIONS", inspect, []string{"access-control-request-method", "POST"}, received{}, nil, "204", ""},
		{"a body", "POST", inspect, nil, whole(small), nil, "200", `"schema": 1`},
		{"evidence", "POST", inspect + "?all", nil, received{octets: evidence}, nil, "200", `"ocsp-response"`},
		{"as text", "POST", inspect, []string{"accept", "text/plain"}, received{octets: evidence}, nil, "200", "OCSP"},
		{"two wishes", "POST", inspect, []string{"accept", "text/plain", "accept", "text/html"}, whole(small), nil, "200", "ASN.1 of no known kind"},
		{"a form", "POST", inspect, multipart, whole(form), nil, "200", `"ocsp-response"`},
		{"a broken form", "POST", inspect, multipart, received{[]byte(form[:200]), "broken"}, nil, "400", "too early"},
		{"a late form", "POST", inspect, multipart, received{[]byte("--x\r\n"), "late"}, nil, "408", "5 octets"},
		{"no body", "POST", inspect, nil, received{}, nil, "400", "empty"},
		{"too large", "POST", inspect, nil, received{[]byte(small), "large"}, nil, "413", "1 MiB"},
		{"one octet too large", "POST", inspect, nil, received{octets: make([]byte, inspectBody+1)}, nil, "413", "1 MiB"},
		{"announced as too large", "POST", inspect, []string{"content-length", "50000000"}, received{failure: "large"}, nil, "413", "1 MiB"},
		{"late", "POST", inspect, nil, received{[]byte(small), "late"}, nil, "408", "8 octets of it did"},
		{"broken off", "POST", inspect, []string{"content-length", "100"}, received{[]byte(small), "broken"}, nil, "400", "8 octets"},

		{"to a responder", "POST", to, []string{"cookie", "a=b"}, ask, nil, "", ""},
		{"to it by GET", "GET", "http://a/api/ocsp/" + inPath + "?url=http://ocsp.ca.net", nil, received{}, nil, "", ""},
		{"to this machine", "POST", "http://a/api/ocsp?url=http://127.0.0.1/", nil, ask, nil, "403", "address"},
		{"a long request", "POST", to, nil, received{octets: make([]byte, relay.MaxRequest+1)}, nil, "413", "4,096"},
		{"a long form", "POST", to, multipart, whole(strings.Repeat("\r\n", relay.MaxForm/2+1)), nil, "413", "135,168"},
		{"a late request", "POST", to, nil, received{[]byte("abc"), "late"}, nil, "408", "3 octets"},
		{"a response", "POST", to, nil, ask, good, "200", tryLater},
		{"the report on it", "POST", to, []string{"accept", "application/json"}, ask, good, "200", "tryLater"},
		{"a kept one", "POST", to, nil, ask, &came{head: "4102444800", body: whole(tryLater), kept: true}, "200", tryLater},
		{"nothing", "POST", to, nil, ask, &came{head: "0", body: received{failure: "broken"}}, "502", "no connection"},
		{"nothing in time", "POST", to, nil, ask, &came{head: "0", body: received{failure: "late"}}, "504", "before its answer began"},
		{"a redirect", "POST", to, nil, ask, &came{head: lines("302", "location", "http://10.0.0.1/")}, "502", "points to"},
		{"another type", "POST", to, nil, ask, &came{head: lines("200", "content-type", "text/html"), body: whole("<html>")}, "502", "text/html"},
		{"half an answer", "POST", to, nil, ask, &came{head: typed, body: received{[]byte("0"), "broken"}}, "502", "after 1 octet of the answer: the rest"},
		{"a stalled answer", "POST", to, nil, ask, &came{head: typed, body: received{[]byte("0"), "late"}}, "504", "after 1 octet"},
		{"a long answer", "POST", to, nil, ask, &came{head: typed, body: received{octets: make([]byte, relay.MaxResponse+1)}}, "502", "more than 65,536"},
		{"a long length", "POST", to, nil, ask, &came{head: lines(typed, "content-length", "70000")}, "502", "70,000"},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := service.New(service.Options{
					Body: inspectBody, Report: reportMost, Relay: relaying{time.Now},
					Broken: func(route, what string, stack []byte) { t.Errorf("%s\n%s", what, stack) },
				})
				x, start := &exchange{came: c.came}, time.Now()
				w := answer(h, lines(append([]string{c.method, c.url}, c.fields...)...), c.body, x)
				if d := time.Since(start); d != 0 {
					t.Errorf("it waits for %v", d)
				}
				if c.status == "" {
					asks(t, c.method, x.ask)
					return
				}
				status, got := head(w)
				if status != c.status || !strings.Contains(string(w.body), c.said) || x.ask != nil || !x.until.IsZero() {
					t.Errorf("%s %.300q, want %s with %q", status, w.body, c.status, c.said)
				}
				if got.Get("X-Content-Type-Options") != "nosniff" || status != "204" && got.Get("Content-Type") == "" {
					t.Errorf("%v", got)
				}
				note := ""
				if c.came != nil && status == "200" {
					note = map[bool]string{true: "derscope; hit", false: "derscope; fwd=miss"}[c.came.kept]
				}
				if got.Get("Cache-Status") != note {
					t.Errorf("Cache-Status is %q, want %q", got.Get("Cache-Status"), note)
				}
			})
		})
	}
}

// asks looks at what is to be fetched: the request and nothing of who sent it.
func asks(t *testing.T, method string, c *relay.Call) {
	t.Helper()
	if c == nil {
		t.Fatal("nothing is to be fetched")
	}
	l := strings.Split(plan(c), "\n")
	want := relay.Header(method)
	if l[0] != method || !strings.HasPrefix(l[1], responder.URL) || len(l) != 2+2*len(want) || len(key(c)) != 64 {
		t.Fatalf("it is to be fetched by %q, and kept as %q", l, key(c))
	}
	for name := range want {
		if got := fields(l[2:]).Get(name); got != want.Get(name) {
			t.Errorf("%s is %q, want %q", name, got, want.Get(name))
		}
	}
	if method == http.MethodPost && string(c.Body) != string(responder.Simplest) {
		t.Errorf("the body is %x", c.Body)
	}
}

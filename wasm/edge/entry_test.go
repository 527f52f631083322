package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"derscope/testdata/responder"
	"derscope/web/service"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func handler() http.Handler {
	return service.New(service.Options{
		Body: inspectBody, Report: reportMost,
		Now:   func() time.Time { return now },
		Relay: relaying{func() time.Time { return now }},
	})
}

// lines makes a head.
func lines(l ...string) string { return strings.Join(l, "\n") }

// head takes that of an answer apart.
func head(w *reply) (status string, h http.Header) {
	l := strings.Split(w.head(), "\n")
	return l[0], fields(l[1:])
}

func TestAnswer(t *testing.T) {
	const to = "https://derscope.example.net/api/inspect"
	whole := []byte("MAMBAf8=")
	for _, c := range []struct {
		what, head string
		body       received
		status     string
		said       string
	}{
		{"a body", lines("POST", to), received{octets: whole}, "200", `"schema": 1`},
		{"wishes", lines("POST", to, "accept", "text/plain", "accept", "text/html"), received{octets: whole}, "200", "ASN.1 of no known kind"},
		{"no body", lines("POST", to), received{}, "400", "empty"},
		{"too large", lines("POST", to), received{octets: whole, failure: "large"}, "413", "1 MiB"},
		{"one octet too large", lines("POST", to), received{octets: make([]byte, inspectBody+1)}, "413", "1 MiB"},
		{"announced as too large", lines("POST", to, "content-length", "99999999"), received{failure: "large"}, "413", "1 MiB"},
		{"late", lines("POST", to), received{octets: whole, failure: "late"}, "408", "8 octets"},
		{"broken off", lines("POST", to, "content-length", "100"), received{octets: whole, failure: "broken"}, "400", "8 octets"},
		{"a broken form", lines("POST", to, "content-type", "multipart/form-data; boundary=x"), received{octets: []byte("--x\r\n"), failure: "late"}, "408", "5 octets"},
		{"no address", lines("POST", "https://%zz/"), received{octets: whole}, "400", "address"},
	} {
		w := answer(handler(), c.head, c.body, &exchange{})
		status, h := head(w)
		if status != c.status || !strings.Contains(string(w.body), c.said) {
			t.Errorf("%s: %s %.200q, want %s %q", c.what, status, w.body, c.status, c.said)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") == "" {
			t.Errorf("%s: %v", c.what, h)
		}
	}
	if status, h := head(answer(handler(), lines("OPTIONS", to), received{}, &exchange{})); status != "204" || h.Get("Allow") != "POST, OPTIONS" {
		t.Errorf("%s %v", status, h)
	}
}

// The relay says first what to fetch, then what to answer.
func TestRelaying(t *testing.T) {
	const to = "https://derscope.example.net/api/ocsp?url=http://ocsp.ca.net/"
	request := received{octets: responder.Simplest}
	x := &exchange{}
	answer(handler(), lines("POST", to, "cookie", "a=b"), request, x)
	if x.ask == nil || string(x.ask.Body) != string(responder.Simplest) || len(key(x.ask)) != 64 {
		t.Fatalf("%+v", x.ask)
	}
	plan := strings.Split(plan(x.ask), "\n")
	if plan[0] != "POST" || plan[1] != responder.URL || len(plan) != 8 || fields(plan[2:]).Get("Cookie") != "" || fields(plan[2:]).Get("Content-Type") != "application/ocsp-request" {
		t.Errorf("the plan: %q", plan)
	}

	const tryLater = "\x30\x03\x0a\x01\x03"
	typed := []string{"content-type", "application/ocsp-response"}
	for _, c := range []struct {
		what   string
		came   came
		status string
		said   string
	}{
		{"a response", came{head: lines(append([]string{"200"}, typed...)...), body: received{octets: []byte(tryLater)}}, "200", tryLater},
		{"a kept one", came{head: "1795200000", body: received{octets: []byte(tryLater)}, kept: true}, "200", tryLater},
		{"a redirect", came{head: lines("302", "location", "http://10.0.0.1/")}, "502", "points to"},
		{"another type", came{head: lines("200", "content-type", "text/html"), body: received{octets: []byte("<html>")}}, "502", "text/html"},
		{"half a body", came{head: lines(append([]string{"200"}, typed...)...), body: received{octets: []byte("0"), failure: "broken"}}, "502", "after 1 octet"},
		{"a stalled body", came{head: lines(append([]string{"200"}, typed...)...), body: received{octets: []byte("0"), failure: "late"}}, "504", "after 1 octet"},
		{"a long body", came{head: lines(append([]string{"200"}, typed...)...), body: received{octets: make([]byte, 65537)}}, "502", "more than 65,536"},
		{"a long length", came{head: lines(append([]string{"200", "content-length", "70000"}, typed...)...)}, "502", "70,000"},
		{"nothing", came{head: "0", body: received{failure: "broken"}}, "502", "not heard"},
		{"nothing in time", came{head: "0", body: received{failure: "late"}}, "504", "before its answer began"},
	} {
		x := &exchange{came: &c.came}
		w := answer(handler(), lines("POST", to), request, x)
		status, h := head(w)
		if status != c.status || !strings.Contains(string(w.body), c.said) || x.ask != nil || !x.until.IsZero() {
			t.Errorf("%s: %s %q, want %s %q", c.what, status, w.body, c.status, c.said)
		}
		want := map[bool]string{true: "derscope; hit", false: "derscope; fwd=miss"}[c.came.kept]
		if status == "200" && h.Get("Cache-Status") != want {
			t.Errorf("%s: %v", c.what, h)
		}
	}
}

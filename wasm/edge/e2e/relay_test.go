//go:build linux

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/ocsp"

	"derscope/testdata/responder"
	"derscope/web/service/relay"
)

// relayed is a request to the relay.
func relayed(to string, body []byte, fields ...string) ask {
	return ask{"POST", "/api/ocsp?url=" + url.QueryEscape(to), body, append([]string{"Content-Type", "application/ocsp-request"}, fields...)}
}

// detail is the sentence of problem details.
func (g got) detail(t *testing.T) string {
	t.Helper()
	var p struct {
		Detail string
		Status int
	}
	if err := json.Unmarshal(g.body, &p); err != nil || g.header.Get("Content-Type") != "application/problem+json" || p.Status != g.status {
		t.Errorf("%d: no problem details: %q", g.status, g.body)
	}
	return p.Detail
}

// answering is a responder that always says the same.
func answering(octets string) host {
	return func(c net.Conn, _ *heard) {
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: %d\r\nConnection: close\r\nSet-Cookie: a=b\r\nX-Theirs: c\r\n\r\n%s", len(octets), octets)
	}
}

const tryLater = "\x30\x03\x0a\x01\x03"

func TestResponder(t *testing.T) {
	w := edge(t)
	p := responder.NewPKI(t)
	w.world.at(t, "ocsp.ca.net", through(p.Serve(t)))
	for c, want := range map[string]int{"good": ocsp.Good, "revoked": ocsp.Revoked} {
		cert := p.Good
		if c == "revoked" {
			cert = p.Revoked
		}
		request := p.Request(t, cert, nil)
		text := url.QueryEscape(base64.StdEncoding.EncodeToString(request))
		for _, a := range []ask{
			relayed(responder.URL, request),
			relayed(responder.URL, request, "Cache-Control", "no-cache"),
			{"GET", "/api/ocsp/" + text + "?url=" + url.QueryEscape(responder.URL), nil, nil},
			{"GET", "/api/ocsp//" + strings.TrimRight(text, "%3D") + "?url=" + url.QueryEscape(responder.URL), nil, nil},
		} {
			g := w.ask(t, a)
			if g.status != 200 || g.header.Get("Content-Type") != "application/ocsp-response" {
				t.Errorf("%s %s: %d %v %q", c, a.method, g.status, g.header, g.body)
				continue
			}
			r, err := ocsp.ParseResponseForCert(g.body, cert, p.CA)
			if err != nil || r.Status != want {
				t.Errorf("%s %s: %v, %v", c, a.method, r, err)
			}
			if life := g.header.Get("Cache-Control"); !strings.HasPrefix(life, "private, max-age=86") {
				t.Errorf("%s %s: Cache-Control %q for an answer of one day", c, a.method, life)
			}
			if g.header.Get("Cache-Status") != "derscope; fwd=miss" || g.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: %v", c, a.method, g.header)
			}
		}
	}

	nonce := bytes.Repeat([]byte{7}, 32)
	g := w.ask(t, relayed(responder.URL, p.Request(t, p.Good, nonce)))
	if !bytes.Contains(g.body, nonce) || g.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v: no nonce", g.status, g.header)
	}

	a := form("/api/ocsp?url="+url.QueryEscape(responder.URL),
		part{"request", "request.der", p.Request(t, p.Revoked, nil)}, part{"issuer", "ca.der", p.CA.Raw}, part{"with", "cert.der", p.Revoked.Raw})
	g = w.ask(t, withField(a, "Accept", "application/json"))
	var report struct {
		Artifacts []struct {
			Kind    string
			Verdict struct{ Headline string }
		}
	}
	if err := json.Unmarshal(g.body, &report); err != nil || g.status != 200 || len(report.Artifacts) != 5 || report.Artifacts[0].Kind != "ocsp-response" || report.Artifacts[0].Verdict.Headline != "Revoked: revoked" {
		t.Errorf("the report: %d %v %.500q", g.status, err, g.body)
	}
}

// atEdge is what the worker says where workerd keeps from it what befell: it has
// no more than an exception, undoes codings, and reads past any number of
// informational answers.
var atEdge = map[string]responder.Odd{
	"endless head":   {Status: 502, Detail: "no connection to it can be made, or it is cut"},
	"many fields":    {Status: 502, Detail: "no connection to it can be made, or it is cut"},
	"endless 1xx":    {Status: 504, Detail: "before its answer began"},
	"closes at once": {Status: 502, Detail: "no connection to it can be made, or it is cut"},
	"resets":         {Status: 502, Detail: "no connection to it can be made, or it is cut"},
	"no HTTP":        {Status: 502, Detail: "no connection to it can be made, or it is cut"},
	"a coding":       {Status: 502, Detail: "after 0 octets of the answer"},
	"upgrade":        {Status: 502, Detail: "101 Switching Protocols"},
}

// They are asked all at once, for some take all the time there is; but the one
// that keeps workerd from everything else.
func TestHostileResponders(t *testing.T) {
	w := edge(t)
	t.Parallel() // most of it is waiting
	const flood = "endless 1xx"
	ask := func(what string) func() (got, error) {
		name := strings.ReplaceAll(what, " ", "-") + ".ca.net"
		w.world.at(t, name, func(c net.Conn, _ *heard) { responder.Hostile[what].Do(c) })
		return func() (got, error) { return w.send(relayed("http://"+name+"/", responder.Simplest)) }
	}
	answers := map[string]func() (got, error){flood: ask(flood)}
	var running sync.WaitGroup
	for what := range responder.Hostile {
		if what != flood {
			var g got
			var err error
			send := ask(what)
			running.Go(func() { g, err = send() })
			answers[what] = func() (got, error) { return g, err }
		}
	}
	running.Wait()
	for what, answer := range answers {
		want := responder.Hostile[what]
		if other, ok := atEdge[what]; ok {
			want = other
		}
		t.Run(what, func(t *testing.T) {
			g, err := answer()
			if err != nil {
				t.Fatal(err)
			}
			detail := g.detail(t)
			busy := g.status == 504 && strings.HasPrefix(what, "endless") // on such a machine the time is over first
			if !busy && (g.status != want.Status || !strings.Contains(detail, want.Detail)) || !strings.HasSuffix(detail, ".") {
				t.Errorf("%d %q, want %d %q", g.status, detail, want.Status, want.Detail)
			}
			if len(g.body) > 1000 {
				t.Errorf("%d octets of the responder's are handed on", len(g.body))
			}
		})
	}
	// It is none the worse for it.
	w.world.at(t, "ocsp.ca.net", answering(tryLater))
	if g := w.ask(t, relayed(responder.URL, responder.Simplest)); g.status != 200 || string(g.body) != tryLater {
		t.Errorf("afterwards: %d %q", g.status, g.body)
	}
}

// What the guard refuses is refused in the same words, and nobody is asked. What
// it lets through goes where the URL says.
func TestGuard(t *testing.T) {
	w := edge(t)
	w.world.strangers()
	for raw := range responder.Refused {
		w.same(t, relayed(raw, responder.Simplest), 403)
	}
	w.same(t, relayed("http://10.0.0.1/", []byte("junk")), 403)
	w.same(t, relayed(responder.URL, []byte("junk")), 400)
	w.same(t, relayed(responder.URL, nil), 400)
	w.same(t, relayed(responder.URL, bytes.Repeat([]byte("0"), relay.MaxRequest+1)), 413)
	w.same(t, relayed(responder.URL, responder.Simplest, "Sec-Fetch-Site", "cross-site"), 403)
	w.same(t, ask{"PUT", "/api/ocsp?url=" + responder.URL, responder.Simplest, nil}, 405)
	w.same(t, ask{"GET", "/api/ocsp?url=" + responder.URL, nil, nil}, 400)
	w.same(t, ask{"GET", "/api/ocsp/AAAA?url=" + responder.URL, nil, nil}, 400)
	w.same(t, ask{"POST", "/api/ocsp", responder.Simplest, nil}, 400)
	w.same(t, form("/api/ocsp?url="+responder.URL, part{"request", "", responder.Simplest}, part{"with", "", make([]byte, relay.MaxBeside+1)}), 413)
	w.same(t, form("/api/ocsp?url="+responder.URL, part{"request", "", responder.Simplest}, part{"secret", "", []byte("pass:x")}), 400)
	if asked := w.world.strangers(); len(asked) > 0 {
		t.Errorf("the worker asks %q", asked)
	}
	for raw, sent := range responder.Allowed {
		u, err := url.Parse(sent)
		if err != nil {
			t.Fatal(err)
		}
		var asked atomic.Value
		w.world.at(t, u.Host, func(c net.Conn, r *heard) {
			asked.Store(r.RequestURI)
			answering(tryLater)(c, r)
		})
		g := w.ask(t, relayed(raw, responder.Simplest))
		path := u.RequestURI()
		if g.status != 200 || string(g.body) != tryLater || asked.Load() != path {
			t.Errorf("%s: %d %.300q, asked for %q, want %q", raw, g.status, g.body, asked.Load(), path)
		}
	}
}

// What a responder is told is ours, and nothing of the caller's; what a caller
// is told is the response alone.
func TestNothingIsForwarded(t *testing.T) {
	w := edge(t)
	text := url.QueryEscape(base64.StdEncoding.EncodeToString(responder.Simplest))
	to := url.QueryEscape(responder.URL)
	for method, a := range map[string]ask{
		"POST": relayed(responder.URL, responder.Simplest),
		"GET":  {"GET", "/api/ocsp/" + text + "?url=" + to, nil, nil},
	} {
		told := make(chan *heard, 1)
		w.world.at(t, "ocsp.ca.net", func(c net.Conn, r *heard) {
			told <- r
			answering(tryLater)(c, r)
		})
		a.fields = append(a.fields, "Cookie", "session=1", "Authorization", "Basic eDp5", "User-Agent", "theirs", "Referer", "http://a/", "Origin", "null",
			"X-Forwarded-For", "1.2.3.4", "Accept-Language", "eo", "Range", "bytes=0-1", "If-None-Match", "*", "CF-Connecting-IP", "1.2.3.4")
		g := w.ask(t, a)
		if g.status != 200 || string(g.body) != tryLater || g.header.Get("Set-Cookie") != "" || g.header.Get("X-Theirs") != "" || g.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %q", method, g.status, g.header, g.body)
		}
		r := <-told
		want := relay.Header(method)
		if method == "POST" {
			want.Set("Content-Length", "68")
			if !bytes.Equal(r.body, responder.Simplest) {
				t.Errorf("the responder is sent %x", r.body)
			}
		} else if r.RequestURI != "/"+text || len(r.body) > 0 {
			t.Errorf("the responder is asked for %s with %q", r.RequestURI, r.body)
		}
		for name := range r.Header {
			if r.Header.Get(name) != want.Get(name) {
				t.Errorf("%s: the responder is told %s: %q", method, name, r.Header.Get(name))
			}
		}
		if len(r.Header) != len(want) || r.Method != method || r.TransferEncoding != nil {
			t.Errorf("%s: the responder is told %s %v %v, want %v", method, r.Method, r.Header, r.TransferEncoding, want)
		}
	}
}

// A caller that goes away while a responder is silent leaves nothing behind that
// others would notice.
func TestCallersThatGo(t *testing.T) {
	w := edge(t)
	arrived := make(chan struct{}, 20)
	w.world.at(t, "silent.ca.net", func(c net.Conn, _ *heard) {
		arrived <- struct{}{}
		responder.Idle(c)
	})
	body := string(responder.Simplest)
	for range 20 {
		c, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "POST /api/ocsp?url=http://silent.ca.net/ HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		<-arrived
		c.Close()
	}
	w.world.at(t, "ocsp.ca.net", answering(tryLater))
	for range 20 {
		if g := w.ask(t, relayed(responder.URL, responder.Simplest)); g.status != 200 {
			t.Errorf("%d %q", g.status, g.body)
		}
	}
}

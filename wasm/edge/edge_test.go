package main

import (
	"encoding/base64"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"derscope/testdata/responder"
	"derscope/web/service"
	"derscope/web/service/relay"
)

// Whoever waits at the edge waits for ever: what answers starts nothing, and
// has no channel, timer or lock to wait for. Of package service its own test
// says so.
func TestNothingWaits(t *testing.T) {
	at := build.Default
	at.GOOS, at.GOARCH = "js", "wasm"
	for _, dir := range []string{".", "../../web/service/relay"} {
		p, err := at.ImportDir(dir, 0)
		if err != nil {
			t.Skip("the source is not here: ", err)
		}
		for _, name := range p.GoFiles {
			// What a machine of its own does with the relay is not called here: it has ServeHTTP.
			if dir == "../../web/service/relay" && (name == "relay.go" || name == "cache.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, imp := range f.Imports {
				if p, _ := strconv.Unquote(imp.Path.Value); slices.Contains([]string{"net", "os", "os/signal", "crypto/tls", "net/http/httptest", "github.com/syumai/workers/cloudflare/fetch"}, p) {
					t.Errorf("%s imports %s", name, p)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if what := waits(n); what != "" && !(name == "main_js.go" && what == "<-workers.Done") {
					t.Errorf("%s has %s", name, what)
				}
				return true
			})
		}
	}
}

// waits names what may wait, or start what does.
func waits(n ast.Node) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "go"
	case *ast.SelectStmt:
		return "select"
	case *ast.SendStmt, *ast.ChanType:
		return "a channel"
	case *ast.UnaryExpr:
		if n.Op != token.ARROW {
			return ""
		}
		if c, ok := n.X.(*ast.CallExpr); ok {
			return "<-" + called(c.Fun)
		}
		return "<-"
	case *ast.SelectorExpr:
		switch name := called(n); name {
		case "http.Client", "http.DefaultClient", "http.DefaultTransport", "http.Transport", "http.Get", "http.Post",
			"time.Sleep", "time.After", "time.NewTimer", "time.NewTicker", "time.Tick", "time.AfterFunc",
			"context.WithTimeout", "context.WithDeadline", "sync.Mutex", "sync.RWMutex", "sync.WaitGroup", "sync.Cond", "io.Pipe":
			return name
		}
	}
	return ""
}

func called(e ast.Expr) string {
	s, _ := e.(*ast.SelectorExpr)
	if s == nil {
		return ""
	}
	x, _ := s.X.(*ast.Ident)
	if x == nil {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

const asking = "http://a/api/ocsp?url=http%3A%2F%2Focsp.ca.net%2F"

// Each route is answered at once: in a bubble, where time stands still while
// anybody runs, whatever waits or is left running is seen.
func TestEveryRouteIsAnsweredAtOnce(t *testing.T) {
	evidence, err := os.ReadFile("../../testdata/ocsp/good-del.txtar")
	if err != nil {
		t.Skip("the vectors are not here: ", err)
	}
	form := "--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" + string(evidence) + "\r\n--x\r\nContent-Disposition: form-data; name=secret\r\n\r\npass:x\r\n--x--\r\n"
	multipart := []string{"content-type", "multipart/form-data; boundary=x"}
	const tryLater = "\x30\x03\x0a\x01\x03"
	simplest, inPath := string(responder.Simplest), strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(base64.StdEncoding.EncodeToString(responder.Simplest))
	whole := func(s string) received { return received{octets: []byte(s)} }
	good := &came{head: lines("200", "content-type", "application/ocsp-response"), body: whole(tryLater)}
	for _, c := range []struct {
		method, url string
		fields      []string
		body        received
		came        *came
		status      int
		holds       string
	}{
		{"GET", "http://a/api/health", nil, received{}, nil, 200, `"relay": true`},
		{"HEAD", "http://a/api/schema", nil, received{}, nil, 200, ""},
		{"GET", "http://a/api/checks", nil, received{}, nil, 200, "ocsp.signer.authorized"},
		{"GET", "http://a/api/", nil, received{}, nil, 404, "/api/inspect"},
		{"GET", ":", nil, received{}, nil, 400, "address"},
		{"OPTIONS", "http://a/api/inspect", []string{"access-control-request-method", "POST"}, received{}, nil, 204, ""},
		{"POST", "http://a/api/inspect?all", nil, received{octets: evidence}, nil, 200, `"ocsp-response"`},
		{"POST", "http://a/api/inspect", []string{"accept", "text/plain"}, received{octets: evidence}, nil, 200, "OCSP"},
		{"POST", "http://a/api/inspect", multipart, whole(form), nil, 200, `"ocsp-response"`},
		{"POST", "http://a/api/inspect", multipart, received{[]byte(form[:200]), "broken"}, nil, 400, "too early"},
		{"POST", "http://a/api/inspect", []string{"content-length", "50000000"}, received{failure: "large"}, nil, 413, "1 MiB"},
		{"POST", "http://a/api/inspect", nil, received{make([]byte, inspectBody+1), ""}, nil, 413, "1 MiB"},
		{"POST", "http://a/api/inspect", nil, received{[]byte("abc"), "late"}, nil, 408, "3 octets of it did"},
		{"POST", asking, nil, whole(simplest), nil, 0, ""},
		{"GET", "http://a/api/ocsp/" + inPath + "?url=http://ocsp.ca.net", nil, received{}, nil, 0, ""},
		{"POST", "http://a/api/ocsp?url=http://127.0.0.1/", nil, whole(simplest), nil, 403, "address"},
		{"POST", asking, nil, received{make([]byte, relay.MaxRequest+1), ""}, nil, 413, "4,096"},
		{"POST", asking, nil, received{[]byte("abc"), "late"}, nil, 408, "3 octets"},
		{"POST", asking, nil, whole(simplest), good, 200, tryLater},
		{"POST", asking, []string{"accept", "application/json"}, whole(simplest), good, 200, "tryLater"},
		{"POST", asking, nil, whole(simplest), &came{head: "4102444800", body: whole(tryLater), kept: true}, 200, tryLater},
		{"POST", asking, nil, whole(simplest), &came{head: "0", body: received{failure: "late"}}, 504, "in time"},
		{"POST", asking, nil, whole(simplest), &came{head: "0", body: received{failure: "broken"}}, 502, "no connection"},
		{"POST", asking, nil, whole(simplest), &came{head: good.head, body: received{[]byte("0"), "late"}}, 504, "after 1 octet"},
		{"POST", asking, nil, whole(simplest), &came{head: lines("302", "location", "http://10.0.0.1/")}, 502, "Redirects"},
		{"POST", asking, nil, whole(simplest), &came{head: good.head, body: received{octets: make([]byte, relay.MaxResponse+1)}}, 502, "at most 65,536"},
	} {
		t.Run(c.method+" "+c.url, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := service.New(service.Options{Body: inspectBody, Relay: relaying{time.Now}, Broken: func(route, what string, stack []byte) { t.Errorf("%s\n%s", what, stack) }})
				x, start := &exchange{came: c.came}, time.Now()
				w := answer(h, lines(append([]string{c.method, c.url}, c.fields...)...), c.body, x)
				if d := time.Since(start); d != 0 {
					t.Errorf("it waits for %v", d)
				}
				if c.status == 0 {
					if x.ask == nil || !strings.HasPrefix(plan(x.ask), c.method+"\nhttp://ocsp.ca.net") || len(key(x.ask)) != 64 {
						t.Fatalf("nothing is to be fetched: %s %q", w.head(), w.body)
					}
					return
				}
				if x.ask != nil || max(w.status, http.StatusOK) != c.status || !strings.Contains(string(w.body), c.holds) {
					t.Errorf("%d %.300q, want %d with %q", w.status, w.body, c.status, c.holds)
				}
				if status, h := head(w); status != strconv.Itoa(c.status) || h.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("the head is %q", w.head())
				}
			})
		})
	}
}

// The worker says of its own what the service says: there the words are tested.
func TestWordsOfTheWorker(t *testing.T) {
	worker, err := os.ReadFile("worker.mjs")
	if err != nil {
		t.Skip("the source is not here: ", err)
	}
	h := http.Header{}
	service.Headers(h)
	for name, values := range h {
		if !strings.Contains(string(worker), `"`+strings.ToLower(name)+`": "`+values[0]+`"`) {
			t.Errorf("worker.mjs does not send %s: %s", name, values[0])
		}
	}
	handler, err := os.ReadFile("../../web/service/service.go")
	if err != nil {
		t.Skip("the source is not here: ", err)
	}
	_, words, _ := strings.Cut(string(handler), `StatusInternalServerError, "`)
	words, _, _ = strings.Cut(words, `"`)
	if words == "" || !strings.Contains(string(worker), words) {
		t.Errorf("worker.mjs does not say %q", words)
	}
}

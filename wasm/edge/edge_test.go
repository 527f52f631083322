package main

import (
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

	"derscope/web/service"
)

// Whoever waits at the edge waits for ever: what answers starts nothing, and
// has no channel, timer or lock to wait for, and reaches for nothing of a machine.
func TestNothingWaits(t *testing.T) {
	at := build.Default
	at.GOOS, at.GOARCH = "js", "wasm"
	for _, dir := range []string{".", "../../web/service", "../../web/service/relay"} {
		p, err := at.ImportDir(dir, 0)
		if err != nil {
			t.Skip("the source is not here: ", err)
		}
		for _, name := range p.GoFiles {
			if name == "cache.go" { // of a machine of its own
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, imp := range f.Imports {
				if p, _ := strconv.Unquote(imp.Path.Value); slices.Contains([]string{"net", "os", "os/signal", "syscall", "log", "encoding/json", "crypto/tls", "net/http/httptest", "github.com/syumai/workers/cloudflare/fetch"}, p) {
					t.Errorf("%s imports %s", name, p)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				// What a machine of its own does with the relay is not called here.
				if f, ok := n.(*ast.FuncDecl); ok && name == "relay.go" && dir != "." && f.Name.Name == "ServeHTTP" {
					return false
				}
				if what := waits(n); what != "" {
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

// Whatever is asked, the instance answers that is there: to make one for a
// request takes fifty times as long as to answer it.
func TestInstanceIsShared(t *testing.T) {
	worker, err := os.ReadFile("worker.mjs")
	if err != nil {
		t.Skip("the source is not here: ", err)
	}
	text := strings.Replace(string(worker), "function start(env)", "", 1)
	if n := strings.Count(text, "start("); n != 1 || !strings.Contains(text, "shared = start(env)") || strings.Contains(text, "handleRequest") {
		t.Errorf("instances are made in %d places of worker.mjs, and requests are handed to the library: %v", n, strings.Contains(text, "handleRequest"))
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

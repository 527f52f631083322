//go:build unix

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// worker is what cmd/build makes to be deployed to Cloudflare Workers.
var worker = filepath.Join("..", "..", "build", "edge")

// wrangler is a command of Cloudflare's own program, in the folder that is
// deployed. It may ask nobody but this machine, and writes nowhere else.
func wrangler(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path := os.Getenv("DERSCOPE_WRANGLER")
	if path == "" {
		t.Skip("wrangler is left out: make test-wrangler runs it")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	home := t.TempDir()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = worker
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "WRANGLER_LOG_PATH="+home,
		"CI=1", "NO_COLOR=1", "WRANGLER_SEND_METRICS=false", "CLOUDFLARE_CF_FETCH_ENABLED=false")
	// It starts others, which end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// The folder is deployed as it is: one program, and no compressed copies, which
// Cloudflare makes itself.
func TestWranglerDryRun(t *testing.T) {
	out := t.TempDir()
	if said, err := wrangler(t, "deploy", "--dry-run", "--outdir", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	programs, _ := filepath.Glob(filepath.Join(out, "*.wasm")) // the pattern is well formed
	if len(programs) != 1 {
		t.Fatalf("the worker would have the programs %v", programs)
	}
	want, err := os.ReadFile(filepath.Join(worker, "derscope.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(programs[0]); err != nil || !bytes.Equal(got, want) {
		t.Errorf("it is another program: %v", err)
	}
	for _, ext := range []string{"br", "gz"} {
		if copies, _ := filepath.Glob(filepath.Join(worker, "site", "assets", "*."+ext)); len(copies) > 0 {
			t.Errorf("the site would have %v", copies)
		}
	}
}

// ready is what wrangler says when it answers, with its address.
var ready = regexp.MustCompile(`Ready on (http://127\.0\.0\.1:\d+)`)

// As wrangler has the worker on this machine, page and service are there.
func TestWranglerDev(t *testing.T) {
	cmd := wrangler(t, "dev", "--local", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0",
		"--show-interactive-dev-session=false", "--persist-to", t.TempDir())
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Cancel()
		cmd.Wait()
	})
	var all strings.Builder
	address := ""
	lines := bufio.NewScanner(said)
	for address == "" && lines.Scan() {
		all.WriteString(lines.Text() + "\n")
		if found := ready.FindStringSubmatch(lines.Text()); found != nil {
			address = found[1]
		}
	}
	if address == "" {
		t.Fatalf("wrangler answers nowhere:\n%s", all.String())
	}
	go io.Copy(io.Discard, said) // else it stops when nobody reads

	for _, c := range []struct {
		method, path, body string
		status             int
		kind, says         string
	}{
		{"GET", "/api/health", "", 200, "application/json", `"status": "pass"`},
		{"HEAD", "/api/health", "", 200, "application/json", ""},
		{"POST", "/api/inspect?at=2026-11-20T09:12:00Z", vector(t, "good-del-byname"), 200, "application/json", "Good: www.example.org"},
		{"POST", "/api/inspect", "", 400, "application/problem+json", "The body is empty"},
		{"GET", "/api/elsewhere", "", 404, "application/problem+json", "nothing at this path"},
		{"GET", "/assets/elsewhere.js", "", 404, "text/plain", "no such page"},
	} {
		r, err := http.NewRequest(c.method, address+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(got.Body)
		got.Body.Close()
		if err != nil || got.StatusCode != c.status || !strings.HasPrefix(got.Header.Get("Content-Type"), c.kind) || !strings.Contains(string(text), c.says) {
			t.Errorf("%s %s: %s, %s, %v\n%.500s", c.method, c.path, got.Status, got.Header.Get("Content-Type"), err, text)
		}
		if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s has the headers %v", c.method, c.path, got.Header)
		}
	}

	p := blank(t)
	p.move(address, "/")
	p.works()
	if _, lacks := p.sent(); len(lacks) > 0 {
		t.Error(strings.Join(lacks, "\n"))
	}
}

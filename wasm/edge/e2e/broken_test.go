//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"derscope/testdata/responder"
)

// breakable is the program of the worker with the handler of testdata/breaking.go
// in the place of the one that judges. The source stays as it is: the compiler
// is told to read other octets for two of its files.
func breakable(t *testing.T) []byte {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "web", "service", "service.go"))
	if err != nil {
		t.Fatal(err)
	}
	before, after := []byte("h.inspect = h.judge\n"), []byte("h.inspect = h.breaking\n")
	if bytes.Count(source, before) != 1 {
		t.Fatalf("service.go does not say %q once", before)
	}
	dir := t.TempDir()
	changed, out := filepath.Join(dir, "service.go"), filepath.Join(dir, "derscope.wasm")
	if err := os.WriteFile(changed, bytes.Replace(source, before, after, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, "web", "service", "service.go"):  changed,
		filepath.Join(root, "web", "service", "breaking.go"): filepath.Join(root, "wasm", "edge", "e2e", "testdata", "breaking.go"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-overlay", file, "-o", out, "./wasm/edge")
	build.Dir = root
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	program, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// Whatever ends the program, who asked is told so, and the next one is answered
// as if nothing had been.
func TestBrokenProgram(t *testing.T) {
	need(t)
	t.Parallel()
	w := own(t, map[string][]byte{"derscope.wasm": breakable(t)})
	sound := ask{"POST", "/api/inspect?at=" + at, []byte("MAMBAf8="), nil}
	for _, how := range []string{"panic", "index", "exit", "goroutine", "memory", "stack", "exit"} {
		before := w.said.len()
		g := w.ask(t, withField(sound, "Break", how))
		status, detail := 500, "mistake in this program"
		if how == "memory" {
			status, detail = 422, "more memory"
		}
		if g.status != status || !strings.Contains(g.detail(t), detail) || g.header.Get("Cache-Control") != "no-store" ||
			g.header.Get("X-Content-Type-Options") != "nosniff" || g.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v %q", how, g.status, g.header, g.body)
		}
		w.same(t, sound, 200)
		said := w.said.since(before)
		if said == "" {
			t.Errorf("%s: nobody is told", how)
		}
		if strings.Contains(said, "pasted") {
			t.Errorf("%s: the log repeats what the panic says: %s", how, said)
		}
	}

	// A relay that is under way has nothing in the program that could be lost.
	arrived, answerNow := make(chan struct{}), make(chan struct{})
	w.world.at(t, "ocsp.ca.net", func(c net.Conn, r *heard) {
		close(arrived)
		<-answerNow
		answering(tryLater)(c, r)
	})
	answer, failed := got{}, error(nil)
	var running sync.WaitGroup
	running.Go(func() { answer, failed = w.send(relayed(responder.URL, responder.Simplest)) })
	<-arrived
	w.ask(t, withField(sound, "Break", "exit"))
	close(answerNow)
	running.Wait()
	if failed != nil || answer.status != 200 || string(answer.body) != tryLater {
		t.Errorf("a relay over the end of the program: %v, %d %q", failed, answer.status, answer.body)
	}

	// Who asks at the same time is answered.
	want := here(sound)
	for n := range 8 {
		running.Go(func() {
			for i := range 20 {
				a := sound
				if n == 0 && i%4 == 0 {
					a = withField(sound, "Break", "exit")
				}
				g, err := w.send(a)
				if err != nil {
					t.Error(err)
				} else if d := differ(g, want); len(a.fields) == 0 && d != "" {
					t.Errorf("beside a program that ends: %s", d)
				}
			}
		})
	}
	running.Wait()
}

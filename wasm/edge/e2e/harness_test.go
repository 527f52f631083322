//go:build linux

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// bundle is what cmd/build made to be deployed.
var bundle = filepath.Join("..", "..", "..", "build", "edge")

// shared is the one workerd that most tests ask.
var shared struct {
	*worker
	err error
}

func TestMain(m *testing.M) {
	if os.Getenv("DERSCOPE_WORKERD") != "" {
		shared.worker, shared.err = start(nil)
	}
	code := m.Run()
	if shared.worker != nil {
		shared.stop()
	}
	os.Exit(code)
}

// edge is the shared worker. What it complains about while a test runs, the
// test fails by.
func edge(t *testing.T) *worker {
	t.Helper()
	need(t)
	if shared.err != nil {
		t.Fatal("workerd does not start: ", shared.err)
	}
	shared.watch(t)
	return shared.worker
}

// own is a worker for one test alone. What more its configuration says, capnp
// lines do.
func own(t *testing.T, instead map[string][]byte, more ...string) *worker {
	t.Helper()
	need(t)
	w, err := start(instead, more...)
	if err != nil {
		t.Fatal("workerd does not start: ", err)
	}
	t.Cleanup(w.stop)
	return w
}

func need(t testing.TB) {
	t.Helper()
	if os.Getenv("DERSCOPE_WORKERD") == "" {
		t.Skip("no workerd is named by DERSCOPE_WORKERD: make test does it")
	}
}

// worker is a workerd that runs, and the world behind it.
type worker struct {
	url     string
	world   *world
	process *os.Process
	client  *http.Client // with connections of its own
	said    *lines
	ended   chan struct{}
}

// config is that of workerd: one worker, one socket, and one address to which
// all it fetches leads. A WebAssembly memory may have as much as a worker has at
// Cloudflare: 2,048 pages of 64 KiB.
const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ["--wasm-max-mem-pages=2048"],
  services = [
    (name = "main", worker = .edge),
    (name = "world", external = (address = "%s", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const edge :Workerd.Worker = (
  compatibilityDate = "%s",
  globalOutbound = "world",
  %s
  modules = [
%s  ],
);
`

// deployed is what wrangler.jsonc says of the worker.
var deployed = struct{ main, date *regexp.Regexp }{
	regexp.MustCompile(`"main":\s*"([^"]+)"`), regexp.MustCompile(`"compatibility_date":\s*"([^"]+)"`),
}

// modules writes the modules of the bundle into a folder, and a configuration.
func modules(dir, world string, instead map[string][]byte, more []string) error {
	said, err := os.ReadFile(filepath.Join(bundle, "wrangler.jsonc"))
	if err != nil {
		return fmt.Errorf("the bundle is made by go run ./cmd/build: %w", err)
	}
	main, date := deployed.main.FindSubmatch(said), deployed.date.FindSubmatch(said)
	if main == nil || date == nil {
		return errors.New("wrangler.jsonc names no main or no compatibility_date")
	}
	from, first := filepath.Split(filepath.Join(bundle, string(main[1])))
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	list := ""
	for _, f := range files {
		name := f.Name()
		kind := map[string]string{".mjs": "esModule", ".js": "esModule", ".wasm": "wasm"}[filepath.Ext(name)]
		if kind == "" {
			continue
		}
		octets, replaced := instead[name]
		if !replaced {
			if octets, err = os.ReadFile(filepath.Join(from, name)); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), octets, 0o600); err != nil {
			return err
		}
		line := fmt.Sprintf("    (name = %q, %s = embed %q),\n", name, kind, name)
		if name == first { // the first module is the worker
			list = line + list
		} else {
			list += line
		}
	}
	return os.WriteFile(filepath.Join(dir, "config.capnp"), fmt.Appendf(nil, config, world, date[1], strings.Join(more, "\n  "), list), 0o600)
}

// start runs workerd until it listens, with modules of the bundle replaced.
func start(instead map[string][]byte, more ...string) (*worker, error) {
	dir, err := os.MkdirTemp("", "derscope-edge")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // it has been read when workerd listens
	w := &worker{said: &lines{}, ended: make(chan struct{})}
	if w.world, err = newWorld(); err != nil {
		return nil, err
	}
	if err := modules(dir, w.world.address(), instead, more); err != nil {
		return nil, err
	}
	told, tell, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer told.Close()
	run := exec.Command(os.Getenv("DERSCOPE_WORKERD"), "serve", filepath.Join(dir, "config.capnp"), "--control-fd=3")
	run.ExtraFiles = []*os.File{tell}
	run.Stdout, run.Stderr = w.said, w.said
	run.WaitDelay = time.Second
	// It ends with us, however that happens. The system counts the thread that
	// started it for us, so that one stays.
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := run.Start()
		tell.Close()
		started <- err
		if err == nil {
			run.Wait()
			close(w.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	w.process = run.Process
	for events := bufio.NewScanner(told); events.Scan(); {
		var e struct {
			Event, Socket string
			Port          int
		}
		if json.Unmarshal(events.Bytes(), &e) == nil && e.Event == "listen" && e.Socket == "http" {
			w.url = fmt.Sprintf("http://127.0.0.1:%d", e.Port)
			w.client = &http.Client{
				Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
				Timeout:       time.Minute, // hangs are caught, nothing is timed
			}
			return w, nil
		}
	}
	w.stop()
	return nil, fmt.Errorf("it does not listen: %s", w.said.since(0))
}

// stop ends workerd and waits until it is gone.
func (w *worker) stop() {
	syscall.Kill(-w.process.Pid, syscall.SIGKILL)
	<-w.ended
	w.world.close()
	if w.client != nil {
		w.client.CloseIdleConnections()
	}
}

// complaints are what workerd says of a worker that does not work.
var complaints = regexp.MustCompile(`(?i)hung|never generate a response|uncaught|lost|mistake|fatal error|panic|RuntimeError|\*\*\*`)

// watch fails a test if workerd ends or complains while it runs.
func (w *worker) watch(t *testing.T) {
	t.Helper()
	before := w.said.len()
	t.Cleanup(func() {
		select {
		case <-w.ended:
			t.Errorf("workerd ended: %s", w.said.since(before))
		default:
		}
		if said := w.said.since(before); complaints.MatchString(said) {
			t.Errorf("workerd complains:\n%s", said)
		}
	})
}

// lines are what workerd says.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Len()
}

func (l *lines) since(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(l.text.String()[n:])
}

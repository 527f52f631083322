package e2e

import (
	"bytes"
	"crypto/rand"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// site serves build/site as a plain file server would, at a path of its own.
type site struct {
	url  string // of the page
	base string // its path: /…/
	dir  string

	mu    sync.Mutex
	paths []string      // asked for, in order
	hold  chan struct{} // the program is sent when it is closed
	large []byte        // octets to open, at /large
	bare  bool          // the programs can be looked into: see memory
	half  bool          // half of the program is sent before it is held
	which string        // program is held or missing: the beginning of its name; "" is any
	lacks bool          // it is missing
	down  bool          // nothing is answered
	api   http.Handler  // a service beside the site, or nil

	// host changes the header fields of an answer, and says in which coding files
	// are sent; nil is a host that reads _headers and sends br.
	host func(h http.Header, name string) (coding string)
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{dir: filepath.Join("..", "..", "build", "site"), base: "/" + strings.ToLower(rand.Text()[:8]) + "/pki/"}
	if _, err := os.Stat(filepath.Join(s.dir, "index.html")); err != nil {
		t.Fatal("there is no site to test: make build makes it")
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(s.release)
	s.url = server.URL + s.base
	return s
}

// delay keeps the program back until release.
func (s *site) delay() { s.hold = make(chan struct{}) }

func (s *site) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hold != nil {
		close(s.hold)
		s.hold = nil
	}
}

// change holds for what is asked for from now on.
func (s *site) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// asked counts the requests for files whose names end so, and begin so.
func (s *site) asked(ending string, begin ...string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.paths {
		if strings.HasSuffix(p, ending) && strings.HasPrefix(path.Base(p), strings.Join(begin, "")) {
			n++
		}
	}
	return n
}

// answers ends a request as if nobody were there, while nobody is.
func (s *site) answers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		panic(http.ErrAbortHandler)
	}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.paths = append(s.paths, r.URL.Path)
	hold, half, dir, which, lacks, api := s.hold, s.half, s.dir, s.which, s.lacks, s.api
	s.mu.Unlock()
	s.answers()
	name, ok := strings.CutPrefix(r.URL.Path, s.base)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if api != nil && strings.HasPrefix(name, "api/") {
		http.StripPrefix(strings.TrimSuffix(s.base, "/"), api).ServeHTTP(w, r)
		return
	}
	if name == "large" {
		w.Write(s.large)
		return
	}
	if name == "" {
		name = "index.html"
	}
	program := path.Ext(name) == ".wasm" && strings.HasPrefix(path.Base(name), which)
	if program && lacks {
		http.NotFound(w, r)
		return
	}
	if hold != nil && program && !half {
		<-hold
		s.answers()
	}
	octets, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path.Clean("/"+name))))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	s.headers(w.Header(), name)
	if s.bare && bytes.Contains(octets, []byte("await go.run(instance)")) {
		octets = bytes.ReplaceAll(octets, []byte("go.run(instance)"), []byte("(self.program = go).run(instance)"))
		r.Header.Del("Accept-Encoding")
	}
	coding := "br"
	if s.host != nil {
		coding = s.host(w.Header(), name)
	}
	if ext := map[string]string{"br": ".br", "gzip": ".gz"}[coding]; ext != "" && strings.Contains(r.Header.Get("Accept-Encoding"), coding) {
		if short, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)+ext)); err == nil {
			w.Header().Set("Content-Encoding", coding)
			octets = short
		}
	}
	if hold != nil && program && half {
		n := len(octets) / 2
		w.Write(octets[:n])
		http.NewResponseController(w).Flush()
		octets = octets[n:]
		<-hold
	}
	w.Write(octets)
}

// headers sends what the site's _headers file asks for.
func (s *site) headers(h http.Header, name string) {
	rules, _ := os.ReadFile(filepath.Join(s.dir, "_headers")) // a test looks that it is there
	holds := false
	for line := range strings.Lines(string(rules)) {
		line = strings.TrimRight(line, "\n")
		if key, val, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(line, "  ") {
			if holds {
				h.Set(strings.TrimSpace(key), val)
			}
			continue
		}
		holds, _ = path.Match(line, "/"+name)
		holds = holds || line == "/*"
	}
	switch ext := path.Ext(name); ext {
	case ".wasm":
		h.Set("Content-Type", "application/wasm")
	case ".webmanifest":
		h.Set("Content-Type", "application/manifest+json")
	default:
		h.Set("Content-Type", mime.TypeByExtension(ext))
	}
}

package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed all:site
var embedded embed.FS

// site hands out the files that cmd/build made, with the headers that its
// file _headers asks for.
type site struct {
	files map[string]file
	rules []rule
}

type file struct {
	body []byte
	etag string
}

// rule is a part of _headers: a path, which may end in *, and what is sent with it.
type rule struct {
	path   string
	fields [][2]string
}

func newSite(files fs.FS) (*site, error) {
	s := &site{files: map[string]file{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, name)
		sum := sha256.Sum256(b)
		s.files["/"+name] = file{b, `"` + hex.EncodeToString(sum[:8]) + `"`}
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, ok := s.files["/index.html"]; !ok {
		return nil, errors.New("this program was built without the site: run \"make\" in the project, which makes it, then build again")
	}
	s.rules = parseHeaders(string(s.files["/_headers"].body))
	delete(s.files, "/_headers")
	delete(s.files, "/README")
	return s, nil
}

// parseHeaders reads the form that hosts of static pages share: a line with a
// path, then indented header fields.
func parseHeaders(text string) []rule {
	var rules []rule
	for line := range strings.Lines(text) {
		field := strings.TrimSpace(line)
		name, value, ok := strings.Cut(field, ":")
		switch {
		case field == "" || field[0] == '#':
		case line[0] != ' ' && line[0] != '\t':
			rules = append(rules, rule{path: field})
		case ok && len(rules) > 0:
			r := &rules[len(rules)-1]
			r.fields = append(r.fields, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return rules
}

func (r rule) holds(p string) bool {
	if start, open := strings.CutSuffix(r.path, "*"); open {
		return strings.HasPrefix(p, start)
	}
	return r.path == p
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := r.URL.Path
	if strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	h := w.Header()
	for _, rule := range s.rules {
		if rule.holds(p) {
			for _, f := range rule.fields {
				h.Set(f[0], f[1])
			}
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	f, ok := s.files[p]
	if !ok {
		h.Del("Cache-Control")
		http.Error(w, "no such page", http.StatusNotFound)
		return
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Content-Type", contentType(p))
	h.Set("Vary", "Accept-Encoding")
	for _, form := range []struct{ coding, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if short, ok := s.files[p+form.ext]; ok && accepts(r.Header.Get("Accept-Encoding"), form.coding) {
			f = short
			h.Set("Content-Encoding", form.coding)
			break
		}
	}
	h.Set("ETag", f.etag)
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", fmt.Sprint(len(f.body)))
	if r.Method == http.MethodGet {
		w.Write(f.body)
	}
}

// contentType does not ask the machine: what it says differs from one to the next.
func contentType(p string) string {
	switch path.Ext(p) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".wasm":
		return "application/wasm"
	case ".webmanifest":
		return "application/manifest+json"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".txt", ".md", ".pem":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(p)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// accepts says whether an Accept-Encoding names a coding, and not with q=0.
// RFC 9110, section 12.5.3.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q = strings.ReplaceAll(strings.ToLower(q), " ", "")
		return q != "q=0" && !strings.HasPrefix(q, "q=0.0") || strings.Trim(q, "q=0.") != ""
	}
	return false
}

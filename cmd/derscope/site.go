package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"derscope/web/service"
)

//go:embed all:site
var embedded embed.FS

// site hands out the files that cmd/build made, with the headers that its
// file _headers asks for. Their octets stay where they are: read from the
// program, they need no memory beside it.
type site struct {
	from  fs.FS
	files map[string]file
	rules []rule
}

type file struct {
	name string // in from
	etag string
}

// rule is a part of _headers: a path, which may end in *, and what is sent with it.
type rule struct {
	path   string
	fields [][2]string
}

// newSite reads what cmd/build made. Without it there is a handler, too, which
// says what is missing.
func newSite(files fs.FS) (http.Handler, error) {
	s := &site{from: files, files: map[string]file{}}
	err := fs.WalkDir(files, "site", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		s.files[strings.TrimPrefix(name, "site")] = file{name, `"` + hex.EncodeToString(sum.Sum(nil)[:8]) + `"`}
		return err
	})
	if _, ok := s.files["/index.html"]; !ok && err == nil {
		err = errors.New("this program was built without the page, and has /api/ alone: \"make\" in the project makes the page, then build again")
	}
	if err != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			service.Headers(w.Header())
			http.Error(w, err.Error(), http.StatusNotFound)
		}), err
	}
	headers, _ := fs.ReadFile(files, "site/_headers") // a site may have none
	s.rules = parseHeaders(string(headers))
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
		s.missing(w, r)
		return
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Content-Type", contentType(p))
	h.Set("Vary", "Accept-Encoding")
	forms := map[string]file{"identity": f}
	for coding, ext := range map[string]string{"br": ".br", "gzip": ".gz"} {
		if short, ok := s.files[p+ext]; ok {
			forms[coding] = short
		}
	}
	coding := prefer(strings.Join(r.Header.Values("Accept-Encoding"), ","), forms)
	if coding != "identity" {
		h.Set("Content-Encoding", coding)
	}
	f = forms[coding]
	h.Set("ETag", f.etag)
	body, length, err := s.open(f)
	if err != nil {
		http.Error(w, "this page cannot be read", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Length", length)
	// Conditions and ranges, RFC 9110, sections 13 and 14, are net/http's.
	http.ServeContent(w, r, "", time.Time{}, body)
}

// open gives the octets of a file, and how many they are. Nothing is to be
// closed: what is embedded is in memory.
func (s *site) open(f file) (body io.ReadSeeker, length string, err error) {
	opened, err := s.from.Open(f.name)
	if err != nil {
		return nil, "", err
	}
	info, err := opened.Stat()
	body, ok := opened.(io.ReadSeeker)
	if err != nil || !ok {
		return nil, "", fmt.Errorf("%s cannot be read: %v", f.name, err)
	}
	return body, strconv.FormatInt(info.Size(), 10), nil
}

// missing answers with the site's own page for it, if it has one.
func (s *site) missing(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // what is not there may come
	body, length, err := s.open(s.files["/404.html"])
	if err != nil {
		http.Error(w, "There is nothing at this path; the page is at /.", http.StatusNotFound)
		return
	}
	h.Set("Content-Type", contentType("/404.html"))
	h.Set("Content-Length", length)
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		io.Copy(w, body)
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
	case ".txt", ".md", ".pem", ".conf", ".service", "":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// prefer chooses the coding that an Accept-Encoding wants most; of several the
// shortest. Octets as they are need not be named, and are sent, too, where
// nothing else is left. RFC 9110, section 12.5.3.
func prefer(header string, forms map[string]file) string {
	wish, others := map[string]float64{}, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		q := service.Weight(parameters)
		if name = strings.ToLower(strings.TrimSpace(name)); name == "*" {
			others = q
			continue
		}
		wish[name] = q
	}
	best, most := "identity", wish["identity"]
	for _, coding := range []string{"gzip", "br"} {
		q, named := wish[coding]
		if !named {
			q = others
		}
		if _, ok := forms[coding]; ok && q > 0 && q >= most {
			best, most = coding, q
		}
	}
	return best
}

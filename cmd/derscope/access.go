package main

import (
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"derscope/decode/report"
	"derscope/web/service"
)

// seen is what is known of a request that was answered.
type seen struct {
	method, path, route string
	from                string
	code                int
	octets              int64 // of the answer
	took                time.Duration
	at                  time.Time
}

// watcher notes what goes out.
type watcher struct {
	http.ResponseWriter
	code   int
	octets int64
}

// Unwrap is what http.ResponseController asks for.
func (w *watcher) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watcher) WriteHeader(code int) {
	if w.code == 0 && code >= 200 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *watcher) Write(b []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.octets += int64(n)
	return n, err
}

// watch counts what a handler answers, and tells of it.
func (c *counts) watch(h http.Handler, tell func(*seen)) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		s := &seen{method: r.Method, path: r.URL.Path, route: routeOf(r.URL.Path), from: r.RemoteAddr, at: time.Now()}
		w := &watcher{ResponseWriter: out}
		c.running.Add(1)
		ended := false
		defer func() {
			c.running.Add(-1)
			s.code, s.octets, s.took = w.code, w.octets, time.Since(s.at)
			switch {
			case !ended: // a panic is on its way, and net/http cuts the connection
				s.code = http.StatusInternalServerError
			case s.code == 0: // an empty answer
				s.code = http.StatusOK
			}
			c.add(s)
			tell(s)
		}()
		h.ServeHTTP(w, r)
		ended = true
	})
}

// faults is where net/http tells of what goes wrong. That others open
// connections and speak no TLS is of the same sort as the lines of requests.
func (s *serving) faults(lines *log.Logger) *log.Logger {
	return log.New(faults{lines, s.log}, "", 0)
}

type faults struct {
	lines *log.Logger
	all   bool
}

func (f faults) Write(b []byte) (int, error) {
	if !f.all && strings.HasPrefix(string(b), "http: TLS handshake error") {
		return len(b), nil
	}
	for line := range strings.Lines(string(b)) {
		f.lines.Print("derscope: " + report.Clean(strings.TrimSuffix(line, "\n")))
	}
	return len(b), nil
}

// routeOf is what a request is counted under.
func routeOf(path string) string {
	if path == "/api" || strings.HasPrefix(path, "/api/") {
		return service.Route(path)
	}
	return "page"
}

// cut shortens what a client makes up: a method may be as long as a header.
func cut(s string, most int) string {
	if len(s) > most {
		s = s[:most] + "…"
	}
	return report.Clean(s)
}

// logTo writes a line for each request. Queries are left out, and so is what
// stands behind a route of the API: there an OCSP request may be.
func (s *serving) logTo(lines *log.Logger) func(*seen) {
	if !s.log {
		return func(*seen) {}
	}
	return func(s *seen) {
		path := s.path
		switch {
		case s.route == "page":
		case s.route == "other":
			path = "/api/…"
		default:
			path = "/api/" + s.route
		}
		from, _, err := net.SplitHostPort(s.from)
		if err != nil {
			from = "-"
		}
		lines.Printf("%s %s %s %s %d %d %.1fms", s.at.UTC().Format(time.RFC3339), from, cut(s.method, 20), cut(path, 100), s.code, s.octets, s.took.Seconds()*1000)
	}
}

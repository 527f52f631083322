// Package service answers over HTTP with what package decode finds. It is one
// handler for two homes: a server of its own, and a worker at the edge of a
// network that calls it once for each request.
//
//	POST /api/inspect   the report on what was sent; as JSON, text or Markdown
//	POST /api/ocsp      a request is relayed to its responder, where that is offered
//	GET  /api/schema    the JSON Schema of the report
//	GET  /api/checks    all that can be checked
//	GET  /api/health    that it is there, its version, and its bounds
//
// The report has the octets that «derscope inspect -json» writes for the same
// input: both ask by package ask. Errors are problem details, RFC 9457.
//
// # Why does it start nothing and wait for nothing?
//
// At the edge a handler that blocks holds up every other request, and one that
// leaves something running is never waited for. Whoever has threads and clocks
// bounds waiting and time in [Options].
//
// # What does it keep?
//
// Nothing of any request. Secrets come in the body of a form alone, because
// addresses are written to logs on the way.
package service

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"derscope/decode"
	"derscope/decode/report"
)

// Options say where the handler lives. The zero Options are sound.
type Options struct {
	Version string
	Now     func() time.Time // nil: time.Now

	Body   int64 // octets of a body; 0: 1 MiB
	Held   int64 // octets of all bodies that are read or judged, and of all reports that are sent; 0: no bound
	Report int   // octets of a report; 0: 32 MiB
	Work   int64 // rounds of a key derivation that may be asked for by «work»; 0: 1,000,000, which are computed unasked

	// Relay answers for /api/ocsp and what is below it. Nil: it is not offered.
	Relay http.Handler
	// Admit lets a client in, and leave is called when it has its answer; or it
	// says how long the client has to wait before it may ask again. Nil:
	// everybody is let in.
	Admit func(*http.Request) (leave func(), wait time.Duration)
	// Turn waits until a body of so many octets, which was read, may be judged;
	// done is called afterwards. An error says that it takes too long. Nil: at once.
	Turn func(r *http.Request, octets int64) (done func(), err error)
	// Broken is told of a panic: which route, the sort of it, and the stack.
	Broken func(route, what string, stack []byte)
}

const (
	bodyDefault   = 1 << 20
	reportDefault = 32 << 20
	workDefault   = 1_000_000 // ten times as many take 10 s of a processor, and minutes at the edge
)

// handler is what New gives.
type handler struct {
	Options
	held    atomic.Int64 // of bodies
	sent    atomic.Int64 // of reports
	rooms   sync.Pool    // of *[]byte, in which reports are written
	schema  func() document
	checks  func() document
	inspect func(*http.Request) (answer, error) // of POST /api/inspect; tests replace it
}

// New makes the handler. It answers for everything below /api/.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Body <= 0 {
		o.Body = bodyDefault
	}
	if o.Report <= 0 {
		o.Report = reportDefault
	}
	if o.Work <= 0 {
		o.Work = workDefault
	}
	h := &handler{Options: o}
	h.schema = sync.OnceValue(func() document { return newDocument("application/schema+json", report.Schema()) })
	h.checks = sync.OnceValue(func() document { return newDocument("application/json", catalogue(decode.Catalogue())) })
	h.inspect = h.judge
	return h
}

// Headers are those of every answer of a service: what it says is data, and
// nobody is to run, frame or guess at it.
func Headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// The routes.
const (
	inspectPath = "/api/inspect"
	ocspPath    = "/api/ocsp"
	schemaPath  = "/api/schema"
	checksPath  = "/api/checks"
	healthPath  = "/api/health"
)

// Route names what a path leads to, for whoever counts: one of few words.
func Route(path string) string {
	switch path {
	case inspectPath, ocspPath, schemaPath, checksPath, healthPath:
		return strings.TrimPrefix(path, "/api/")
	}
	if strings.HasPrefix(path, ocspPath+"/") {
		return "ocsp"
	}
	return "other"
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	Headers(w.Header())
	// Everything is made before anything is written, so that a panic finds the
	// answer still unwritten. A relay is another's.
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v)
		}
		if h.Broken != nil {
			h.Broken(Route(r.URL.Path), sort(v), debug.Stack())
		}
		Problem(w, r, http.StatusInternalServerError, "A mistake in this program kept it from answering. Nothing was kept; the input that does it would help to mend it.")
	}()
	switch r.URL.Path {
	case inspectPath:
		shared(w.Header())
		if r.Method == http.MethodOptions {
			preflight(w, r)
		} else if h.allowed(w, r, http.MethodPost) {
			h.admitted(w, r, h.answer)
		}
	case ocspPath:
		h.relay(w, r)
	case schemaPath:
		if h.allowed(w, r, http.MethodGet, http.MethodHead) {
			h.schema().write(w, r)
		}
	case checksPath:
		if h.allowed(w, r, http.MethodGet, http.MethodHead) {
			h.checks().write(w, r)
		}
	case healthPath:
		if h.allowed(w, r, http.MethodGet, http.MethodHead) {
			write(w, r, "application/json", h.health())
		}
	default:
		if strings.HasPrefix(r.URL.Path, ocspPath+"/") { // a request in the path, RFC 6960, appendix A.1
			h.relay(w, r)
			return
		}
		there := []string{"POST /api/inspect", "GET /api/schema", "GET /api/checks", "GET /api/health"}
		if h.Relay != nil {
			there = append(there, "POST /api/ocsp")
		}
		Problem(w, r, http.StatusNotFound, "There is nothing at this path. There are "+list(there)+".")
	}
}

// relay hands over to the relay, which knows its methods itself.
func (h *handler) relay(w http.ResponseWriter, r *http.Request) {
	if h.Relay == nil {
		Problem(w, r, http.StatusNotFound, "This service relays nothing to OCSP responders. Send the request yourself: openssl ocsp -reqin FILE -url URL -respout FILE.")
		return
	}
	h.admitted(w, r, h.Relay.ServeHTTP)
}

// sort says what sort of panic it was. Only the runtime's own words are
// repeated: those of others may quote the input.
func sort(v any) string {
	if e, ok := v.(interface {
		error
		RuntimeError()
	}); ok {
		return e.Error()
	}
	return fmt.Sprintf("%T", v)
}

// allowed says that a method is one of these, and answers if not.
func (h *handler) allowed(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	for _, m := range methods {
		if r.Method == m {
			return true
		}
	}
	list := strings.Join(methods, ", ")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", list+", OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return false
	}
	w.Header().Set("Allow", list+", OPTIONS")
	detail := r.URL.Path + " answers to " + strings.Join(methods, " and ") + "."
	if r.URL.Path == inspectPath {
		detail = "Send what is to be inspected with POST: curl --data-binary @FILE " + inspectPath + "."
	}
	Problem(w, r, http.StatusMethodNotAllowed, detail)
	return false
}

// admitted has a client answered that need not wait, and tells others how long.
func (h *handler) admitted(w http.ResponseWriter, r *http.Request, then http.HandlerFunc) {
	if h.Admit == nil {
		then(w, r)
		return
	}
	leave, wait := h.Admit(r)
	if wait > 0 {
		Wait(w, r, http.StatusTooManyRequests, wait, "More requests came from this address than one client may send.")
		return
	}
	defer leave()
	then(w, r)
}

// Wait answers with a problem that is over after a while: 429 where it is the
// client's own, 503 where it is everybody's.
func Wait(w http.ResponseWriter, r *http.Request, status int, wait time.Duration, detail string) {
	seconds := int64((wait + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", fmt.Sprint(seconds))
	Problem(w, r, status, fmt.Sprintf("%s Ask again in %d s.", detail, seconds))
}

// shared lets pages of any origin read the answer. No cookie or password of
// theirs plays a part in it.
func shared(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Retry-After")
}

// preflight answers what browsers ask before they let a page send more than a
// form. Fetch Standard, section 3.3.
func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Allow", "POST, OPTIONS")
	if r.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", "POST")
		h.Set("Access-Control-Allow-Headers", "Accept, Content-Type")
		h.Set("Access-Control-Max-Age", "86400")
	}
	w.WriteHeader(http.StatusNoContent)
}

// write sends octets with their length; of HEAD the header alone.
func write(w http.ResponseWriter, r *http.Request, kind string, b []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", fmt.Sprint(len(b)))
	if r.Method != http.MethodHead {
		w.Write(b)
	}
}

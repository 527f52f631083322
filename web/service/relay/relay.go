// Package relay takes one OCSP request to its responder and brings the answer
// back, for callers that cannot go there: a page may not speak plain http, and
// responders know no CORS.
//
//	mux.Handle("/api/ocsp", r)  // POST, the request in the body
//	mux.Handle("/api/ocsp/", r) // GET, the request in the path, as RFC 6960, appendix A.1 has it
//
// where r is a [Relay] with a [Fetcher]. The query says where to: ?url=. The
// method of the caller is that by which the responder is asked.
//
// # Why does it not relay everything?
//
// Because it stands on the Internet. What goes out is an OCSP request and
// nothing of the caller besides; where it goes, [Guard] and [Public] have
// looked at; what comes back is an OCSP response or a [Problem], whose sentence
// quotes no more than the first octets of what else came.
//
// # Why is it in steps?
//
// A worker at the edge has one thread, which must not wait. There [NewCall]
// and [Call.Hear], which wait for nothing, are called from outside, and what
// lies between them is the host's. [Relay.ServeHTTP] is the same two steps with
// a wait between.
//
// RFC 6960, appendix A; RFC 9919, sections 6 and 7; RFC 9111; RFC 9457
package relay

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"derscope/decode"
	"derscope/decode/ask"
	"derscope/decode/report"
)

// Bounds of one relayed request.
const (
	MaxRequest  = 4 << 10                  // octets of the OCSP request
	MaxBeside   = 64 << 10                 // octets of the certificates beside it
	MaxForm     = MaxRequest + 2*MaxBeside // octets of a form that holds them, the heads of its parts among them
	MaxResponse = 64 << 10                 // octets of the OCSP response
	MaxReport   = 4 << 20                  // octets of the report on both
	Patience    = 5 * time.Second          // for all of it, from the caller's first octet to the responder's last
)

// Fetcher asks a responder: it sends the body with the header fields of
// [Header], a Content-Length and nothing else, follows no redirect, undoes no
// coding, and connects to addresses alone that are [Public]. The error of
// another address is a [Refusal]; all others are sentences for the caller.
type Fetcher interface {
	Fetch(ctx context.Context, method, url string, body []byte) (status int, header http.Header, answer io.ReadCloser, err error)
}

// Header is what a responder is told of a request, whoever asked for it.
func Header(method string) http.Header {
	h := http.Header{}
	h.Set("Accept", responseType)
	h.Set("User-Agent", "derscope-relay")
	if method == http.MethodPost {
		h.Set("Content-Type", requestType)
	}
	return h
}

const (
	requestType  = "application/ocsp-request"
	responseType = "application/ocsp-response"
)

// Relay answers POST …?url= and GET …/BASE64?url=.
type Relay struct {
	Fetch Fetcher
	Now   func() time.Time // nil: time.Now
	Kept  *Cache           // nil: nothing is kept
	Wait  time.Duration    // 0: Patience
}

func (r *Relay) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Relay) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	wait := cmp.Or(r.Wait, Patience)
	end := time.Now().Add(wait)
	ctx, cancel := context.WithDeadline(in.Context(), end)
	defer cancel()
	// A caller that sends slowly uses up the time, too. Not every writer knows
	// deadlines; those that do not have their own.
	control := http.NewResponseController(w)
	control.SetReadDeadline(end)
	call, problem := NewCall(in)
	if problem != nil {
		problem.Write(w, in) // what is left of the body has no more time, either
		return
	}
	// Without any deadline net/http would wait for what may be left of the body
	// for ever, and with this one call the caller gone before it has its answer.
	control.SetReadDeadline(end.Add(wait))
	now := r.now()
	if a, ok := r.Kept.get(call.Key(), now); ok && !call.Fresh {
		call.Write(w, a, now, "hit")
		return
	}
	a, problem := r.ask(ctx, call)
	if problem != nil {
		problem.Write(w, in)
		return
	}
	now = r.now()
	r.Kept.put(call.Key(), a, now)
	call.Write(w, a, now, "fwd=miss")
}

// ask sends the call and judges what comes.
func (r *Relay) ask(ctx context.Context, c *Call) (*Answer, *Problem) {
	status, header, answer, err := r.Fetch.Fetch(ctx, c.Method, c.URL, c.Body)
	if err == nil {
		defer answer.Close()
	}
	return c.Hear(ctx, status, header, answer, err, r.now)
}

// Hear judges what came of asking: an answer with a body to be read, or an
// error. It waits for nothing but the body.
func (c *Call) Hear(ctx context.Context, status int, header http.Header, answer io.Reader, err error, now func() time.Time) (*Answer, *Problem) {
	if err != nil {
		return nil, failed(ctx, err, "")
	}
	if n, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil && n > MaxResponse && status == http.StatusOK {
		return nil, tooLong(report.Plural(int(min(n, 1<<40)), "octet", "octets"))
	}
	body, err := io.ReadAll(io.LimitReader(answer, MaxResponse+1))
	// Who answers otherwise than with a response is told about, even if the
	// rest of the answer is missing.
	if err != nil && status == http.StatusOK {
		return nil, failed(ctx, err, " after "+report.Plural(len(body), "octet", "octets")+" of the answer")
	}
	return c.Judge(status, header, body, now())
}

// failed says why there is no answer.
func failed(ctx context.Context, err error, where string) *Problem {
	var refused *Refusal
	switch {
	case errors.As(err, &refused):
		return problem(http.StatusForbidden, "%s", refused.Why)
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusGatewayTimeout, "The responder gave no whole answer in time: it stopped%s. Try again, or ask it yourself.", orStart(where))
	case ctx.Err() != nil:
		return problem(http.StatusBadGateway, "The request was given up by its sender.")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the rest does not come, or cannot be read")
	}
	return problem(http.StatusBadGateway, "The responder was not heard%s: %v.", where, err)
}

func orStart(where string) string {
	if where == "" {
		return " before its answer began"
	}
	return where
}

// Write answers the caller: with the octets, or with the report on them. The
// note is a parameter of Cache-Status (RFC 9211).
func (c *Call) Write(w http.ResponseWriter, a *Answer, now time.Time, note string) {
	h := w.Header() // those of every answer, package service sets
	body := a.Body
	h.Set("Content-Type", responseType)
	h.Set("Cache-Control", "no-store")
	if c.Report {
		if body = c.report(a, now); body == nil {
			problem(http.StatusUnprocessableEntity, "The report would be longer than %s, the most that the relay writes. Have the response, and send it to /api/inspect.", report.Plural(MaxReport, "octet", "octets")).Write(w, &http.Request{Method: c.Method})
			return
		}
		h.Set("Content-Type", "application/json")
	} else if left := int(a.Until.Sub(now) / time.Second); left > 0 {
		h.Set("Cache-Control", "private, max-age="+strconv.Itoa(left))
	}
	h.Set("Cache-Status", "derscope; "+note)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Vary", "Accept")
	w.Write(body)
}

// report is the JSON report on the request, the response and what was given
// beside them; nil if it were too long.
func (c *Call) report(a *Answer, now time.Time) []byte {
	q := ask.Question{Beside: c.Beside, Most: MaxReport, Inputs: []decode.Input{
		{Name: "response.der", Bytes: a.Body, Kind: "ocsp-response"},
		{Name: "request.der", Bytes: c.Request, Kind: "ocsp-request"},
	}}
	return q.JSON(q.Answer(now))
}

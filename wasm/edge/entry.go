package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"derscope/web/service"
)

// A head is lines: two that begin it, then the name and the value of each
// header field in turn. It crosses between JavaScript and Go as one string,
// because every value that crosses costs as much as a short one.

// fields reads the header fields of a head.
func fields(lines []string) http.Header {
	h := make(http.Header, len(lines)/2)
	for i := 0; i+1 < len(lines); i += 2 {
		h.Add(lines[i], lines[i+1])
	}
	return h
}

// appendFields writes them.
func appendFields(b *strings.Builder, h http.Header) {
	for name, values := range h {
		for _, v := range values {
			b.WriteByte('\n')
			b.WriteString(name)
			b.WriteByte('\n')
			b.WriteString(v)
		}
	}
}

// received is a body as far as the host has read it.
type received struct {
	octets  []byte
	failure string // what kept the host from reading on: "", "large", "late" or "broken"
}

// reader gives the octets, and then what befell the host.
func (r received) reader() io.Reader {
	if r.failure == "" {
		return bytes.NewReader(r.octets)
	}
	return io.MultiReader(bytes.NewReader(r.octets), failing{r.err()})
}

func (r received) err() error {
	switch r.failure {
	case "large":
		return &http.MaxBytesError{}
	case "late":
		return context.DeadlineExceeded
	}
	return io.ErrUnexpectedEOF
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// request makes a request of what the host was sent. The URL is that of the
// host, so that it is whole.
func request(head string, body received) (*http.Request, error) {
	lines := strings.Split(head, "\n")
	u, err := url.Parse(lines[1])
	if err != nil {
		return nil, err
	}
	r := &http.Request{
		Method: lines[0], URL: u, Host: u.Host, Header: fields(lines[2:]),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(body.reader()), ContentLength: int64(len(body.octets)),
	}
	if body.failure != "" {
		r.ContentLength = -1
		if n, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64); err == nil {
			r.ContentLength = n
		}
	}
	return r, nil
}

// reply is an answer while it is written.
type reply struct {
	header http.Header
	status int
	body   []byte
}

func (r *reply) Header() http.Header { return r.header }

func (r *reply) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write keeps the octets of the one Write that an answer has as they are: a
// report may have some MiB. They are the handler's, who writes the next report
// over them; before that they are given to the host, for all is done at once.
func (r *reply) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if r.body == nil {
		r.body = b[:len(b):len(b)]
	} else {
		r.body = append(r.body, b...)
	}
	return len(b), nil
}

// head is that of the answer: its status, nothing, and the fields.
func (r *reply) head() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(max(r.status, http.StatusOK)))
	appendFields(&b, r.header)
	return b.String()
}

// answer lets the handler answer, at once: nothing here starts or awaits anything.
func answer(h http.Handler, head string, body received, x *exchange) *reply {
	w := &reply{header: make(http.Header, 12)}
	r, err := request(head, body)
	if err != nil {
		service.Headers(w.header)
		service.Problem(w, &http.Request{}, http.StatusBadRequest, "The address of the request cannot be read.")
		return w
	}
	h.ServeHTTP(w, r.WithContext(context.WithValue(context.Background(), exchangeKey{}, x)))
	return w
}

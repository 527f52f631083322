package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

const serveHelp = `derscope serve [flags]

Serve the page, and the decoder over HTTP beside it:

    curl --data-binary @staple.der http://127.0.0.1:8080/api/inspect

  -addr HOST:PORT   where to listen; default 127.0.0.1:8080. Port 0 takes a free one;
                    0.0.0.0:PORT is open to other machines
  -tls-cert FILE    certificate and intermediates in PEM: serve over TLS
  -tls-key FILE     its private key in PEM. Both are read anew when they are written
                    to, and on SIGHUP; connections stay open
  -proxy LIST       addresses or networks, with commas between them, of proxies whose
                    X-Forwarded-For says who asks; nobody else's is believed
  -limit MIB        the most that a request may hold; default 8, at most 256.
                    A hostile body takes up to fifty times its octets of memory
  -rate N           requests a second that each other machine may send; default 20,
                    for a short time twice as many, and 16 at once; 0 for no limit
  -connections N    the most that are open at once; default 4096, and a sixteenth of
                    them for each other machine
  -relay=false      fetch no OCSP responses from responders for others
  -relays N         the most responders that are asked at once; default 64, and an
                    eighth of them for each other machine
  -log=false        write no line for each request
  -metrics HOST:PORT  counters for Prometheus, at /metrics of this address

The log has address, method, path, status, octets and time of each request; never
the query, and nothing of what was sent. What was sent is forgotten with its answer.

SIGTERM and SIGINT let running requests finish, for ten seconds at the most; a second
one ends at once.
`

// serving are the flags of serve.
type serving struct {
	addr, metrics       string
	cert, key           string
	proxies             proxies
	limit               int // MiB
	rate                float64
	connections, relays int
	relay, log          bool
	times               times
}

func (s *serving) define() *flag.FlagSet {
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&s.addr, "addr", "127.0.0.1:8080", "")
	set.StringVar(&s.metrics, "metrics", "", "")
	set.StringVar(&s.cert, "tls-cert", "", "")
	set.StringVar(&s.key, "tls-key", "", "")
	set.Var(&s.proxies, "proxy", "")
	set.IntVar(&s.limit, "limit", 8, "")
	set.Float64Var(&s.rate, "rate", 20, "")
	set.IntVar(&s.connections, "connections", 4096, "")
	set.BoolVar(&s.relay, "relay", true, "")
	set.IntVar(&s.relays, "relays", 64, "")
	set.BoolVar(&s.log, "log", true, "")
	s.times = usual
	return set
}

func (s *serving) agree() error {
	switch {
	case (s.cert == "") != (s.key == ""):
		return errors.New("-tls-cert and -tls-key go together")
	case s.limit < 1 || s.limit > 256:
		return errors.New("-limit is 1 to 256, in MiB")
	case !(s.rate >= 0 && s.rate <= 1e6):
		return errors.New("-rate is a number of requests a second, up to 1000000, or 0 for no limit")
	case s.connections < 1:
		return errors.New("-connections is 1 or more")
	case s.relays < 1:
		return errors.New("-relays is 1 or more; -relay=false asks none")
	}
	return nil
}

// serve hands out the site and answers for the API until it is told to stop. It
// listens on this machine alone unless -addr says otherwise.
func serve(args []string, stdout, stderr io.Writer) int {
	s := &serving{}
	set := s.define()
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, serveHelp)
		return fine
	case err != nil:
		return complain(stderr, "%v", err)
	case set.NArg() > 0:
		return complain(stderr, "serve takes flags alone, and no %s", set.Arg(0))
	}
	if err := s.agree(); err != nil {
		return complain(stderr, "%v", err)
	}
	page, err := newSite(embedded)
	if err != nil {
		complain(stderr, "%v", err)
	}
	roomy()
	// The first signal lets running requests finish; the second does not wait.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := s.run(ctx, page, stdout, stderr); err != nil {
		return complain(stderr, "%v", err)
	}
	return fine
}

// roomy lets garbage lie longer than programs do that have other work: one
// request leaves a megabyte, and collecting it each time would take a third of
// the processor. GOGC and GOMEMLIMIT say otherwise.
func roomy() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(800)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(512 << 20) // it is collected more often from there on
	}
}

// run serves until the context ends.
func (s *serving) run(ctx context.Context, page http.Handler, stdout, stderr io.Writer) error {
	lines := log.New(stderr, "", 0)
	open, relays := newCrowd(s.connections, max(s.connections/16, 1)), newCrowd(s.relays, max(s.relays/8, 1))
	count := newCounts(open, relays)
	h := s.proxies.asker(count.watch(beside(s.api(lines, relays), page), s.logTo(lines)))

	l, err := s.bind(s.addr, open)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	defer l.Close()
	scheme := "http"
	if s.cert != "" {
		c, err := newCertificate(s.cert, s.key, lines)
		if err != nil {
			return fmt.Errorf("-tls-cert, -tls-key: %w", err)
		}
		defer c.heed(ctx)()
		scheme = "https"
		l = tls.NewListener(l, &tls.Config{GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}})
	} else if !from(l.Addr().String()).IsLoopback() {
		lines.Printf("derscope: other machines reach %s, and without TLS whoever is between can read what they send, secrets too: give -tls-cert and -tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS", l.Addr())
	}
	if s.metrics != "" {
		m, err := s.bind(s.metrics, newCrowd(s.connections, 0))
		if err != nil {
			return fmt.Errorf("-metrics: %w", err)
		}
		defer m.Close()
		defer until(ctx, func(ctx context.Context) {
			if err := s.listen(ctx, m, count, lines); err != nil {
				lines.Printf("derscope: -metrics: %v", err)
			}
		})()
	}
	fmt.Fprintf(stdout, "%s://%s/\n", scheme, l.Addr())
	return s.listen(ctx, l, h, lines)
}

// until starts what runs until its context ends; calling what it gives ends it,
// and waits for that.
func until(ctx context.Context, do func(context.Context)) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); do(ctx) }()
	return func() { cancel(); <-done }
}

// bind listens on an address. One without a host is of this machine: ":8080"
// would else be open to all others.
func (s *serving) bind(addr string, open *crowd) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	return &bounded{l.(*net.TCPListener), open, s.proxies.hold}, nil
}

// times are how long who sends or takes slowly is held, and who is still there
// at the end.
type times struct{ head, request, answer, idle, farewell time.Duration }

var usual = times{head: 10 * time.Second, request: time.Minute, answer: 3 * time.Minute, idle: time.Minute, farewell: 10 * time.Second}

// listen serves until the context ends, and then lets running requests finish.
func (s *serving) listen(ctx context.Context, l net.Listener, h http.Handler, lines *log.Logger) error {
	p := s.times
	server := &http.Server{
		Handler: h, ErrorLog: s.faults(lines),
		ReadHeaderTimeout: p.head, ReadTimeout: p.request, WriteTimeout: p.answer, IdleTimeout: p.idle,
		MaxHeaderBytes: 32 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.farewell)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		server.Close() // nothing is lost: nothing is kept
	}
	<-done
	return nil
}

// beside sends what is below /api to the service, and all else to the page.
func beside(api, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/") {
			api.ServeHTTP(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

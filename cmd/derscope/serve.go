package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/netutil"
)

const serveHelp = `derscope serve [flags]

Serve the page, and the decoder over HTTP beside it:

    curl --data-binary @staple.der http://127.0.0.1:8080/api/inspect

  -addr HOST:PORT   where to listen; default 127.0.0.1:8080. Port 0 takes a free one;
                    0.0.0.0:PORT is open to other machines
  -tls-cert FILE    certificate and intermediates in PEM: serve over TLS
  -tls-key FILE     its private key in PEM
  -limit MIB        the most that a request may hold; default 32, at most 256
  -rate N           requests a second that each other machine may send; default 20,
                    for a short time twice as many; 0 for no limit
  -relay=false      fetch no OCSP responses from responders for others
  -log=false        write no line for each request
  -metrics HOST:PORT  counters for Prometheus, at /metrics of this address

The log has address, method, path, status, octets and time of each request; never
the query, and nothing of what was sent. What was sent is forgotten with its answer.
`

// serving are the flags of serve.
type serving struct {
	addr, metrics string
	cert, key     string
	limit         int // MiB
	rate          float64
	relay, log    bool
}

func (s *serving) define() *flag.FlagSet {
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&s.addr, "addr", "127.0.0.1:8080", "")
	set.StringVar(&s.metrics, "metrics", "", "")
	set.StringVar(&s.cert, "tls-cert", "", "")
	set.StringVar(&s.key, "tls-key", "", "")
	set.IntVar(&s.limit, "limit", 32, "")
	set.Float64Var(&s.rate, "rate", 20, "")
	set.BoolVar(&s.relay, "relay", true, "")
	set.BoolVar(&s.log, "log", true, "")
	return set
}

func (s *serving) agree() error {
	switch {
	case (s.cert == "") != (s.key == ""):
		return errors.New("-tls-cert and -tls-key go together")
	case s.limit < 1 || s.limit > 256:
		return errors.New("-limit is 1 to 256, in MiB")
	case !(s.rate >= 0):
		return errors.New("-rate is a number of requests a second, or 0")
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
	var page http.Handler
	files, err := fs.Sub(embedded, "site")
	if err == nil {
		page, err = newSite(files)
	}
	if err != nil {
		complain(stderr, "%v; there is no page, only /api/", err)
		page = http.NotFoundHandler()
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
	count := newCounts()
	h := count.watch(beside(s.api(lines), page), s.logTo(lines))

	l, err := bind(s.addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	defer l.Close()
	scheme := "http"
	if s.cert != "" {
		pair, err := tls.LoadX509KeyPair(s.cert, s.key)
		if err != nil {
			return fmt.Errorf("-tls-cert, -tls-key: %w", err)
		}
		scheme = "https"
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}})
	}
	if s.metrics != "" {
		m, err := bind(s.metrics)
		if err != nil {
			return fmt.Errorf("-metrics: %w", err)
		}
		defer m.Close()
		ctx, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := listen(ctx, m, count, lines); err != nil {
				lines.Printf("derscope: -metrics: %v", err)
			}
		}()
		defer func() { cancel(); <-done }()
	}
	fmt.Fprintf(stdout, "%s://%s/\n", scheme, l.Addr())
	return listen(ctx, l, h, lines)
}

// bind listens on an address. One without a host is of this machine: ":8080"
// would else be open to all others.
func bind(addr string) (net.Listener, error) {
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
	return netutil.LimitListener(l, connections), nil
}

// connections is how many there may be at once; further ones wait.
const connections = 4096

// listen serves until the context ends, and then lets running requests finish.
func listen(ctx context.Context, l net.Listener, h http.Handler, lines *log.Logger) error {
	s := &http.Server{
		Handler: h, ErrorLog: lines,
		// Who sends or takes slowly is held no longer than this.
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 3 * time.Minute, IdleTimeout: time.Minute,
		MaxHeaderBytes: 32 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.Shutdown(limit); err != nil {
		s.Close() // nothing is lost: nothing is kept
	}
	<-done
	return nil
}

// beside sends what is below /api/ to the service, and all else to the page.
func beside(api, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			api.ServeHTTP(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

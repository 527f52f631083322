package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"derscope/testdata/burden"
)

// TestMain lets tests and the benchmark start this program again, as a server in
// a process of its own.
func TestMain(m *testing.M) {
	if args := os.Getenv("DERSCOPE_TEST_ARGS"); args != "" {
		os.Exit(run(strings.Split(args, "\n"), nil, os.Stdout, os.Stderr))
	}
	if home := os.Getenv("DERSCOPE_BENCH_HOME"); home != "" {
		os.Exit(live(home))
	}
	os.Exit(m.Run())
}

// live serves until it is killed: the service as the command does, or handlers
// that say how much of the time is not the service's.
func live(home string) int {
	if home == "native" {
		return run([]string{"serve", "-addr", "127.0.0.1:0", "-log=false"}, nil, os.Stdout, io.Discard)
	}
	n, err := strconv.Atoi(home)
	if err != nil {
		return useless
	}
	ready := bytes.Repeat([]byte{'x'}, n)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return useless
	}
	roomy()
	fmt.Printf("http://%s/\n", l.Addr())
	(&serving{times: usual}).listen(context.Background(), l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Length", strconv.Itoa(n))
		w.Write(ready)
	}), log.New(io.Discard, "", 0))
	return fine
}

// delegated is where the evidence lies that the service is measured with.
const delegated = "../../testdata/ocsp/good-del.txtar"

// BenchmarkServe measures the service as its clients meet it, over loopback: see
// package burden for how.
//
// «empty» and «ready» say how much of the time is HTTP and the clients: handlers
// that answer nothing, and ready octets, as many as the report has.
func BenchmarkServe(b *testing.B) {
	issuer, leaf := burden.Evidence(b, delegated, false), burden.Evidence(b, delegated, true)
	path := "/api/inspect?at=" + url.QueryEscape(at)
	long := 0
	b.Run("native", func(b *testing.B) {
		s := inhabit(b, "native")
		long = len(s.Ask(b, path, issuer))
		s.Bear(b, path, issuer)
	})
	b.Run("native,leaf", func(b *testing.B) { inhabit(b, "native").Bear(b, path, leaf) })
	b.Run("ready", func(b *testing.B) { inhabit(b, strconv.Itoa(cmp.Or(long, 100_000))).Bear(b, path, issuer) })
	b.Run("empty", func(b *testing.B) { inhabit(b, "0").Bear(b, path, issuer) })
}

// inhabit starts a server for as long as the benchmark runs.
func inhabit(b *testing.B, name string) burden.Server {
	b.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "DERSCOPE_BENCH_HOME="+name)
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		b.Skip("no process can be started here: ", err)
	}
	b.Cleanup(func() { c.Process.Kill(); c.Wait() })
	var address string
	if _, err := fmt.Fscanln(out, &address); err != nil {
		b.Fatal("it does not serve: ", err)
	}
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	return burden.Server{Addr: u.Host, PID: c.Process.Pid}
}

package main

import (
	"bufio"
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
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
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

// evidence is what is sent: a delegated RSA-2048 response of 2 KB, which carries
// the certificate of its responder, and that of the issuer; with the
// certificate that is asked about it is more to judge, and more to say.
func evidence(b *testing.B, leaf bool) []byte {
	a, err := txtar.ParseFile("../../testdata/ocsp/good-del.txtar")
	if err != nil {
		b.Fatal(err)
	}
	var body []byte
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, "input/") && (leaf || !strings.Contains(f.Name, "leaf")) {
			body = append(body, f.Data...)
		}
	}
	return body
}

// BenchmarkServe measures the service as its clients meet it, over loopback.
//
// The server is a process of its own; the clients are here, and share the
// processors with it. They write the same octets again and again over
// connections that stay open, and read each answer to its end, which costs them
// little. Told are requests a second; how long half of the answers and all but a
// hundredth of them took at the most; the time of a processor that the server
// took for one, which other programs disturb least; and its memory (VmRSS) after
// a tenth of the requests and after all: with -benchtime 100000x both are the
// same, if nothing is kept.
//
// «empty» and «ready» say how much of the time is HTTP and the clients: handlers
// that answer nothing, and ready octets, as many as the report has.
func BenchmarkServe(b *testing.B) {
	issuer, leaf := evidence(b, false), evidence(b, true)
	path := "/api/inspect?at=" + url.QueryEscape(at)
	long := 0
	b.Run("native", func(b *testing.B) {
		s := inhabit(b, "native")
		long = len(s.ask(b, path, issuer))
		s.load(b, path, issuer)
	})
	b.Run("native,leaf", func(b *testing.B) { inhabit(b, "native").load(b, path, leaf) })
	b.Run("ready", func(b *testing.B) { inhabit(b, strconv.Itoa(cmp.Or(long, 100_000))).load(b, path, issuer) })
	b.Run("empty", func(b *testing.B) { inhabit(b, "0").load(b, path, issuer) })
}

// home is a server that runs.
type home struct {
	addr string
	pid  int
}

// inhabit starts a server for as long as the benchmark runs.
func inhabit(b *testing.B, name string) home {
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
	return home{u.Host, c.Process.Pid}
}

// ask sends one request, and gives its answer.
func (h home) ask(b *testing.B, path string, body []byte) []byte {
	res, err := http.Post("http://"+h.addr+path, "application/octet-stream", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		b.Fatalf("%d, %v: %.300s", res.StatusCode, err, answer)
	}
	return answer
}

func (h home) load(b *testing.B, path string, body []byte) {
	request := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n%s", path, h.addr, len(body), body)
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("connections=%d", n), func(b *testing.B) { h.burden(b, request, n) })
	}
}

// burden sends b.N requests over n connections.
func (h home) burden(b *testing.B, request []byte, n int) {
	var sent, early atomic.Int64
	took := make([][]time.Duration, n)
	var all sync.WaitGroup
	busy := h.busy()
	b.ResetTimer()
	for i := range n {
		all.Go(func() {
			conn, err := net.Dial("tcp", h.addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 64<<10)
			for k := sent.Add(1); k <= int64(b.N); k = sent.Add(1) {
				if k == int64(b.N/10) {
					early.Store(int64(h.memory()))
				}
				conn.SetDeadline(time.Now().Add(time.Minute)) // of what hangs
				begin := time.Now()
				if _, err := conn.Write(request); err != nil {
					b.Error(err)
					return
				}
				res, err := http.ReadResponse(in, nil)
				if err == nil {
					_, err = io.Copy(io.Discard, res.Body)
				}
				if err != nil || res.StatusCode != 200 {
					b.Error(err, res)
					return
				}
				took[i] = append(took[i], time.Since(begin))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	tell(b, took)
	b.ReportMetric((h.busy()-busy).Seconds()*1000/float64(b.N), "cpu-ms")
	b.ReportMetric(float64(early.Load())/1e6, "early-MB")
	b.ReportMetric(float64(h.memory())/1e6, "left-MB")
}

// memory is how many octets of memory the server has, 0 where that is not told.
func (h home) memory() int {
	status, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(h.pid), "status"))
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	rest, _, _ = strings.Cut(rest, " kB")
	n, _ := strconv.Atoi(strings.TrimSpace(rest))
	return n << 10
}

// busy is how much time of processors the server has taken, in steps of 10 ms;
// 0 where that is not told.
func (h home) busy() time.Duration {
	stat, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(h.pid), "stat"))
	_, rest, _ := strings.Cut(string(stat), ") ")
	var ticks int
	for i, field := range strings.Fields(rest) {
		if i == 11 || i == 12 { // utime and stime, proc(5)
			n, _ := strconv.Atoi(field)
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// tell reports how many there were a second, and the median and the 99th
// percentile of how long one took.
func tell(b *testing.B, took [][]time.Duration) {
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(all) == 0 {
		return
	}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(all[len(all)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(all[len(all)*99/100].Seconds()*1000, "p99-ms")
}

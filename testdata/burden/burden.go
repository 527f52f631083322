// Package burden asks a server the same thing again and again, and tells how it
// bears that: for the benchmarks of the service in its two homes.
//
// The clients write the same octets over connections that stay open, and read
// each answer to its end, which costs them little; they share the processors
// with the server, which is a process of its own. Told are requests a second;
// how long half of the answers and all but a hundredth of them took at the most;
// the time of a processor that the server took for one, which other programs
// disturb least; and its memory (VmRSS) after a tenth of the requests and after
// all: of 100,000 both are the same, if nothing is kept.
package burden

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
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

// Server is one that runs.
type Server struct {
	Addr string // host and port
	PID  int
}

// Evidence is what is sent: a delegated RSA-2048 response of 2 KB, which carries
// the certificate of its responder, and that of the issuer; with the
// certificate that is asked about it is more to judge, and more to say. vector is
// where testdata/ocsp/good-del.txtar lies.
func Evidence(b *testing.B, vector string, leaf bool) []byte {
	a, err := txtar.ParseFile(vector)
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

// Ask sends one request, and gives its answer.
func (s Server) Ask(b *testing.B, path string, body []byte) []byte {
	res, err := http.Post("http://"+s.Addr+path, "application/octet-stream", bytes.NewReader(body))
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

// Bear sends b.N requests over 1, 16 and 64 connections.
func (s Server) Bear(b *testing.B, path string, body []byte) {
	request := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n%s", path, s.Addr, len(body), body)
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("connections=%d", n), func(b *testing.B) { s.burden(b, request, n) })
	}
}

// burden sends them over n connections.
func (s Server) burden(b *testing.B, request []byte, n int) {
	var sent, early atomic.Int64
	took := make([][]time.Duration, n)
	var all sync.WaitGroup
	busy := s.busy()
	b.ResetTimer()
	for i := range n {
		all.Go(func() {
			conn, err := net.Dial("tcp", s.Addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 64<<10)
			for k := sent.Add(1); k <= int64(b.N); k = sent.Add(1) {
				if k == int64(b.N/10) {
					early.Store(int64(s.Memory()))
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
	b.ReportMetric((s.busy()-busy).Seconds()*1000/float64(b.N), "cpu-ms")
	b.ReportMetric(float64(early.Load())/1e6, "early-MB")
	b.ReportMetric(float64(s.Memory())/1e6, "left-MB")
}

// Memory is how many octets of memory the server has, 0 where that is not told.
func (s Server) Memory() int {
	status, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.PID), "status"))
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	rest, _, _ = strings.Cut(rest, " kB")
	n, _ := strconv.Atoi(strings.TrimSpace(rest))
	return n << 10
}

// busy is how much time of processors the server has taken, in steps of 10 ms;
// 0 where that is not told.
func (s Server) busy() time.Duration {
	stat, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.PID), "stat"))
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

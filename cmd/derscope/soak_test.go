package main

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2/hpack"

	"derscope/testdata/burden"
)

// soaked is for how long hostile clients go on: DERSCOPE_SOAK, as 10m.
func soaked(t *testing.T) time.Duration {
	d, err := time.ParseDuration(os.Getenv("DERSCOPE_SOAK"))
	switch {
	case os.Getenv("DERSCOPE_SOAK") == "":
		return 5 * time.Second
	case err != nil:
		t.Fatal("DERSCOPE_SOAK: ", err)
	}
	return d
}

// connect opens a connection that cannot hang the test.
func connect(addr string) (net.Conn, error) {
	c, err := net.Dial("tcp", addr)
	if err == nil {
		c.SetDeadline(time.Now().Add(time.Minute))
	}
	return c, err
}

// impatient is how long clients of the soak are held: short, so that many come
// and go.
var impatient = times{head: 300 * time.Millisecond, request: time.Second, answer: time.Second, idle: time.Second, farewell: 10 * time.Second}

// drip sends octets one by one, until the server has enough of it, or for longer
// than it should take that.
func drip(c net.Conn, start string) {
	io.WriteString(c, start)
	for range 60 {
		if _, err := c.Write([]byte{'a'}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// hear reads what is said for a while.
func hear(c net.Conn, most int64) {
	c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	io.CopyN(io.Discard, c, most)
}

const whole = "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nMAMBAf8="

func noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

// hostile are clients, by what they do with a connection to the plain port.
var hostile = map[string]func(c net.Conn){
	"nothing":   func(c net.Conn) { hear(c, 1) },
	"slow head": func(c net.Conn) { drip(c, "GET / HTTP/1.1\r\nHost: x\r\nSlow: ") },
	"slow body": func(c net.Conn) { drip(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n") },
	"slow relay": func(c net.Conn) {
		drip(c, "POST /api/ocsp?url=http://ocsp.ca.net/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
	},
	"slow form": func(c net.Conn) {
		drip(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\nContent-Disposition: form-data; name=file\r\n\r\n")
	},
	"form, no end": func(c net.Conn) {
		drip(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\nContent-Disposition: form-data; name=file\r\n\r\nMAMBAf8=\r\n--b--\r\n")
	},
	"aborted": func(c net.Conn) {
		io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("A", rand.IntN(90000)))
		c.(*net.TCPConn).SetLinger(0) // the connection is reset
	},
	"gone before the answer": func(c net.Conn) { io.WriteString(c, whole); c.(*net.TCPConn).SetLinger(0) },
	"half closed":            func(c net.Conn) { io.WriteString(c, whole); c.(*net.TCPConn).CloseWrite(); io.Copy(io.Discard, c) },
	"half a request": func(c net.Conn) {
		io.WriteString(c, whole[:rand.IntN(len(whole))])
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c)
	},
	"garbage":        func(c net.Conn) { c.Write(noise(rand.IntN(4096))); hear(c, 1<<16) },
	"garbage before": func(c net.Conn) { c.Write(append(append(noise(20), "\r\n"...), whole...)); hear(c, 1<<16) },
	"TLS":            func(c net.Conn) { tls.Client(c, &tls.Config{InsecureSkipVerify: true}).Handshake() },
	"huge head": func(c net.Conn) {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nLong: "+strings.Repeat("a", 1<<17)+"\r\n\r\n")
		hear(c, 1<<16)
	},
	"many fields": func(c net.Conn) {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n"+strings.Repeat("A: b\r\n", 1<<14)+"\r\n")
		hear(c, 1<<16)
	},
	"huge body": func(c net.Conn) {
		io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"+strings.Repeat("A", 1<<21))
		hear(c, 1<<16)
	},
	"endless chunks": func(c net.Conn) {
		io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
		for range 1 << 12 {
			if _, err := io.WriteString(c, strings.Repeat("1;"+strings.Repeat("x", 30)+"\r\nA\r\n", 10)); err != nil {
				return
			}
		}
	},
	"many parts": func(c net.Conn) {
		body := strings.Repeat("--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n", 2000)
		fmt.Fprintf(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		hear(c, 1<<16)
	},
	"pipeline": func(c net.Conn) { io.WriteString(c, strings.Repeat(whole, 50)); hear(c, 1<<20) },
	"deaf":     func(c net.Conn) { io.WriteString(c, strings.Repeat(whole, 500)) },
	"ranges": func(c net.Conn) {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nRange: bytes="+strings.Repeat("0-,", 2000)+"0-\r\n\r\n")
		hear(c, 1<<16)
	},
	"many codings": func(c net.Conn) {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: "+strings.Repeat("br;q=0,", 4000)+"\r\n\r\n")
		hear(c, 1<<16)
	},
	"a responder here": func(c net.Conn) {
		io.WriteString(c, "POST /api/ocsp?url=http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nMAMBAf8=")
		hear(c, 1<<16)
	},
}

// hostileTLS are clients of the other port.
var hostileTLS = map[string]func(c net.Conn){
	"nothing":    func(c net.Conn) { hear(c, 1) },
	"garbage":    func(c net.Conn) { c.Write(noise(rand.IntN(4096))); hear(c, 1<<16) },
	"plain":      func(c net.Conn) { io.WriteString(c, whole); hear(c, 1<<16) },
	"slow hello": func(c net.Conn) { drip(c, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03") },
	"after TLS":  func(c net.Conn) { over(c, "http/1.1", func(c net.Conn) { c.Write(noise(1000)); hear(c, 1<<16) }) },
	"slow body": func(c net.Conn) {
		over(c, "http/1.1", func(c net.Conn) { drip(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n") })
	},
	"no preface": func(c net.Conn) { over(c, "h2", func(c net.Conn) { c.Write(noise(1000)); hear(c, 1<<16) }) },
	"h2 nothing": func(c net.Conn) { over(c, "h2", func(c net.Conn) { hear(c, 1<<16) }) },
	"h2 garbage": func(c net.Conn) {
		frames(c, func(send sender) { send(byte(rand.IntN(12)), 0xff, 1, noise(rand.IntN(100))) })
	},
	"h2 pings": func(c net.Conn) {
		frames(c, func(send sender) { repeat(1000, func(uint32) error { return send(h2Ping, 0, 0, make([]byte, 8)) }) })
	},
	"h2 settings": func(c net.Conn) {
		frames(c, func(send sender) { repeat(1000, func(uint32) error { return send(h2Settings, 0, 0, nil) }) })
	},
	"h2 endless head": func(c net.Conn) {
		frames(c, func(send sender) {
			send(h2Headers, 0, 1, post)
			repeat(1000, func(uint32) error { return send(h2Continuation, 0, 1, bytes.Repeat(post, 50)) })
		})
	},
	"h2 resets": func(c net.Conn) {
		frames(c, func(send sender) {
			repeat(200, func(id uint32) error {
				send(h2Headers, h2EndHeaders, id, post)
				send(h2Data, 0, id, []byte("MAMBAf8="))
				return send(h2Reset, 0, id, []byte{0, 0, 0, 8})
			})
		})
	},
	"h2 without bodies": func(c net.Conn) {
		frames(c, func(send sender) {
			repeat(200, func(id uint32) error { return send(h2Headers, h2EndHeaders, id, post) })
		})
	},
	"h2 deaf": func(c net.Conn) { // no window for what is answered
		frames(c, func(send sender) {
			send(h2Settings, 0, 0, []byte{0, 4, 0, 0, 0, 0})
			repeat(50, func(id uint32) error {
				send(h2Headers, h2EndHeaders, id, post)
				return send(h2Data, h2EndStream, id, []byte("MAMBAf8="))
			})
		})
	},
}

// over speaks TLS first.
func over(c net.Conn, protocol string, do func(c net.Conn)) {
	s := tls.Client(c, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}})
	if s.Handshake() == nil {
		do(s)
	}
}

// Frames of HTTP/2 and their flags, RFC 9113, section 6.
const (
	h2Data, h2Headers, h2Reset, h2Settings, h2Ping, h2Continuation = 0, 1, 3, 4, 6, 9

	h2EndStream, h2EndHeaders = 1, 4
)

// post is the head of POST /api/inspect.
var post = func() []byte {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	for _, h := range [][2]string{{":method", "POST"}, {":scheme", "https"}, {":authority", "x"}, {":path", "/api/inspect"}} {
		e.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]})
	}
	return b.Bytes()
}()

type sender func(kind, flags byte, stream uint32, payload []byte) error

// frames speaks HTTP/2, and hears for a while what comes of it.
func frames(c net.Conn, do func(sender)) {
	over(c, "h2", func(c net.Conn) {
		send := func(kind, flags byte, stream uint32, payload []byte) error {
			n := len(payload)
			head := binary.BigEndian.AppendUint32([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}, stream)
			_, err := c.Write(append(head, payload...))
			return err
		}
		io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
		send(h2Settings, 0, 0, nil)
		do(send)
		hear(c, 1<<20)
	})
}

// repeat does it for so many streams, or until the connection is gone.
func repeat(n uint32, do func(id uint32) error) {
	for i := range n {
		if do(2*i+1) != nil {
			return
		}
	}
}

// TestSoak has hostile clients at both ports for some seconds, or as long as
// DERSCOPE_SOAK says. Afterwards there are as many goroutines and open files as
// there were, about the memory, and whoever asks decently is answered.
func TestSoak(t *testing.T) {
	length := soaked(t)
	files := newPair(t)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt) // starts a goroutine that stays
	signal.Stop(signals)
	before := runtime.NumGoroutine()
	args := []string{"-limit", "1", "-connections", "500", "-log=false"}
	plain, over := startWith(t, impatient, args...), startWith(t, impatient, append(args, "-tls-cert", files.cert, "-tls-key", files.key)...)
	var all []func() // each a connection
	at := func(url string, clients map[string]func(net.Conn)) {
		_, addr, _ := strings.Cut(url, "://")
		for _, do := range clients {
			all = append(all, func() {
				if c, err := connect(addr); err == nil {
					defer c.Close()
					do(c)
				}
			})
		}
	}
	at(plain.url, hostile)
	at(over.url, hostileTLS)
	clients := map[*http.Client]string{http.DefaultClient: plain.url, files.client(): over.url}

	var wait sync.WaitGroup
	for _, once := range all { // what is made once is there before anything is counted
		wait.Go(once)
	}
	wait.Wait()
	first := rest()
	end := time.Now().Add(length)
	var bad, good atomic.Int64
	for range 64 {
		wait.Go(func() {
			for time.Now().Before(end) {
				all[rand.IntN(len(all))]()
				bad.Add(1)
			}
		})
	}
	wait.Go(func() {
		for time.Now().Before(end) {
			if decent(t, clients) {
				good.Add(1)
			}
		}
	})
	wait.Wait()
	for !decent(t, clients) { // as soon as the others are gone
	}
	for client := range clients {
		client.CloseIdleConnections()
	}
	last := settled(first)
	t.Logf("%d hostile connections of %d sorts in %v, and %d decent ones answered: %v before, %v after", bad.Load(), len(all), length, good.Load(), first, last)
	if last.more(first) {
		stacks := make([]byte, 1<<16)
		t.Errorf("something is left:\n%s", stacks[:runtime.Stack(stacks, true)])
	}
	plain.end()
	over.end()
	if last := settled(remains{goroutines: before, files: last.files, heap: last.heap}); last.goroutines > before {
		t.Errorf("%d goroutines, %d before", last.goroutines, before)
	}
}

// decent asks each server once, and says whether all of them answered. Others
// may take all the time that there is for it, but what it is told is right.
func decent(t *testing.T, clients map[*http.Client]string) bool {
	for client, url := range clients {
		res, err := client.Post(url+"/api/inspect", "", strings.NewReader("MAMBAf8="))
		if err != nil {
			return false
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode == http.StatusRequestTimeout || res.StatusCode == http.StatusServiceUnavailable {
			return false
		}
		if res.StatusCode != 200 || !bytes.Contains(b, []byte(`"kind"`)) {
			t.Errorf("%d %s", res.StatusCode, b)
		}
	}
	return true
}

// TestCrowded opens connections up to the bound and says nothing on them. There
// is no room for one more; when they are gone there is, and nothing is left.
func TestCrowded(t *testing.T) {
	const most = 2000
	s := start(t, "-connections", fmt.Sprint(most))
	addr := strings.TrimPrefix(s.url, "http://")
	get := func() bool {
		c, err := connect(addr)
		if err != nil {
			return false
		}
		defer c.Close()
		io.WriteString(c, "GET /api/health HTTP/1.0\r\n\r\n")
		b, _ := io.ReadAll(c)
		return bytes.Contains(b, []byte(" 200 OK"))
	}
	if !get() {
		t.Fatal("it does not answer")
	}
	before := rest()
	var open []net.Conn
	for range most {
		c, err := connect(addr)
		if err != nil {
			t.Skip("so many files cannot be opened here: ", err)
		}
		defer c.Close()
		open = append(open, c)
	}
	if get() {
		t.Errorf("there is room beside %d connections", most)
	}
	for _, c := range open {
		c.Close()
	}
	for !get() {
		time.Sleep(time.Millisecond)
	}
	if after := settled(before); after.more(before) {
		t.Errorf("before %v, after %v", before, after)
	}
}

// remains are what a process has, once what it needs no more is given back.
type remains struct {
	goroutines, files int
	heap, resident    int
}

func (r remains) String() string {
	return fmt.Sprintf("%d goroutines, %d files, %.1f MB of heap, %.0f MB resident", r.goroutines, r.files, float64(r.heap)/1e6, float64(r.resident)/1e6)
}

// more says that something is left; a little of the heap always is.
func (r remains) more(than remains) bool {
	return r.goroutines > than.goroutines || r.files > than.files || r.heap > than.heap+8<<20
}

// settled waits a while for what is still ending.
func settled(before remains) (r remains) {
	for range 500 {
		if r = rest(); !r.more(before) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return r
}

func rest() remains {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, _ := os.ReadDir("/proc/self/fd")
	return remains{runtime.NumGoroutine(), len(files), int(m.HeapAlloc), burden.Server{PID: os.Getpid()}.Memory()}
}

package responder

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Listen answers each connection with what do writes, once the head of a request
// and its body are there.
func Listen(t testing.TB, do func(c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	t.Cleanup(func() { l.Close(); running.Wait() })
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer c.Close()
				c.Read(make([]byte, 4096))
				do(c)
			})
		}
	})
	return l.Addr().String()
}

// write repeats a text with pauses until nobody listens.
func write(c net.Conn, text string, pause time.Duration) {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// Idle waits until the other side goes.
func Idle(c net.Conn) { io.Copy(io.Discard, c) }

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n"

// Odd is a responder that answers otherwise than it should.
type Odd struct {
	Do     func(c net.Conn)
	Status int    // that a caller of the relay is told of it
	Detail string // that the sentence of a native relay holds
}

// Hostile are responders of which nothing may be relayed.
var Hostile = map[string]Odd{
	"silent":        {Idle, 504, "before its answer began"},
	"slow head":     {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "); write(c, "x", 10*time.Millisecond) }, 504, "before its answer began"},
	"endless head":  {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "); write(c, strings.Repeat("x", 4096), 0) }, 502, "headers exceeded"},
	"many fields":   {func(c net.Conn) { io.WriteString(c, head); write(c, "X: y\r\n", 0) }, 502, "headers exceeded"},
	"endless 1xx":   {func(c net.Conn) { write(c, "HTTP/1.1 103 Early Hints\r\n\r\n", 0) }, 502, "headers exceeded"},
	"stalled body":  {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 2000\r\n\r\n0"); Idle(c) }, 504, "after 1 octet"},
	"dripping body": {func(c net.Conn) { io.WriteString(c, head+"\r\n"); write(c, "0", 10*time.Millisecond) }, 504, "of the answer"},
	"huge length":   {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 999999999999\r\n\r\n"); Idle(c) }, 502, "999,999,999,999 octets"},
	"endless body":  {func(c net.Conn) { io.WriteString(c, head+"\r\n"); write(c, strings.Repeat("0", 4096), 0) }, 502, "more than 65,536 octets"},
	"endless chunks": {func(c net.Conn) {
		io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
		write(c, "4\r\n0000\r\n", 0)
	}, 502, "more than 65,536 octets"},
	"chunk lines": {func(c net.Conn) {
		io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
		write(c, "1;"+strings.Repeat("x", 4000)+"\r\n0\r\n", 0)
	}, 502, "after"},
	"broken chunks":  {func(c net.Conn) { io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\nzz\r\n") }, 502, "after 0 octets"},
	"two lengths":    {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 1\r\nContent-Length: 2\r\n\r\n00") }, 502, "not heard"},
	"closes at once": {func(c net.Conn) {}, 502, "without an answer"},
	"resets":         {func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }, 502, "cuts the connection"},
	"closes early":   {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 2000\r\n\r\n0000") }, 502, "after 4 octets of the answer: the rest does not come"},
	"no HTTP":        {func(c net.Conn) { io.WriteString(c, "220 mail.ca.net ESMTP\r\n") }, 502, "malformed"},
	"an empty body":  {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 0\r\n\r\n") }, 502, "no octet"},
	"junk":           {func(c net.Conn) { io.WriteString(c, head+"Content-Length: 4\r\n\r\n\xde\xad\xbe\xef") }, 502, "begins with the octets deadbeef"},
	"text":           {func(c net.Conn) { io.WriteString(c, head+"\r\nnot found,\n  sorry") }, 502, "begins with «not found, sorry»"},
	"a request":      {func(c net.Conn) { io.WriteString(c, head+"\r\n\x30\x02\x30\x00") }, 502, "30023000"},
	"a wrong type": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><title>Sign in</title>")
	}, 502, "text/html, not application/ocsp-response, and it begins with «<html><title>Sign in</title>»"},
	"no type":        {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n\x30\x03\x0a\x01\x06") }, 502, "no named type"},
	"a type of junk": {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: \xff\"\x7f;\r\n\r\nx") }, 502, ""},
	"a coding":       {func(c net.Conn) { io.WriteString(c, head+"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08") }, 502, "«gzip», which nobody asked for; it begins with the octets 1f8b08"},
	"redirect": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n")
	}, 502, "points to «http://169.254.169.254/latest»"},
	"other redirect": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 308 Permanent\r\nLocation: /"+strings.Repeat("a", 5000)+"\r\nContent-Length: 0\r\n\r\n")
	}, 502, "aaa…»"},
	"redirect home": {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 300 Many\r\n\r\n") }, 502, "300 Multiple Choices"},
	"an error": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\ntoo busy")
	}, 502, "503 Service Unavailable, with text/plain that begins with «too busy»"},
	"odd status": {func(c net.Conn) { io.WriteString(c, "HTTP/1.1 999 Blocked\r\nContent-Length: 0\r\n\r\n") }, 502, "999, with a body of no named type that is empty"},
	"upgrade": {func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
		Idle(c)
	}, 502, "another protocol"},
}

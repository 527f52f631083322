//go:build linux

package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"derscope/testdata/responder"
)

// speak connects to the worker and writes what stands there: nothing is made
// right on the way.
func (w *worker) speak(t *testing.T, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute)) // hangs are caught, nothing is timed
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

// hear reads an answer.
func hear(t *testing.T, c net.Conn) got {
	t.Helper()
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got{r.StatusCode, r.Header, b}
}

const fifty = 50 << 20

func inspecting(fields ...string) string {
	return "POST /api/inspect?at=" + at + " HTTP/1.1\r\nHost: a\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n"
}

func chunked(s string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(s), s) }

// What is announced to be too large is answered before any of it is there; what
// is not announced, as soon as it is too large.
func TestLargeBodies(t *testing.T) {
	w := edge(t)
	announced := fmt.Sprintf("Content-Length: %d", fifty)
	chunk := chunked(strings.Repeat("\x05\x00", 1<<15))
	large := here(ask{"POST", "/api/inspect?at=" + at, make([]byte, edgeCap+1), nil})
	for what, text := range map[string]string{
		"announced":         inspecting(announced),
		"an announced form": inspecting(announced, "Content-Type: multipart/form-data; boundary=x"),
		"chunks":            inspecting("Transfer-Encoding: chunked") + strings.Repeat(chunk, edgeCap>>16+1),
	} {
		g := hear(t, w.speak(t, text))
		if d := differ(g, large); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	form := hear(t, w.speak(t, inspecting("Transfer-Encoding: chunked", "Content-Type: multipart/form-data; boundary=x")+
		chunked("--x\r\nContent-Disposition: form-data; name=file\r\n\r\n")+strings.Repeat(chunk, edgeCap>>16+1)))
	if form.status != 413 {
		t.Errorf("a form in chunks: %d %q", form.status, form.body)
	}
	relayed := hear(t, w.speak(t, fmt.Sprintf("POST /api/ocsp?url=%s HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", responder.URL, announced)))
	if relayed.status != 413 {
		t.Errorf("to the relay: %d %q", relayed.status, relayed.body)
	}
	if g := w.ask(t, ask{"POST", "/api/inspect", make([]byte, edgeCap), nil}); g.status != 200 {
		t.Errorf("just as large as it may be: %d %q", g.status, g.body)
	}

	// All of it, from clients that do not listen while they send.
	for _, text := range []string{inspecting(announced), inspecting("Transfer-Encoding: chunked")} {
		c := w.speak(t, text)
		sent := make(chan int64)
		go func() {
			from := io.Reader(bytes.NewReader(make([]byte, fifty)))
			if strings.Contains(text, "chunked") {
				from = strings.NewReader(strings.Repeat(chunk, fifty>>16) + "0\r\n\r\n")
			}
			n, _ := io.Copy(c, from)
			sent <- n
		}()
		g := hear(t, c)
		c.Close()
		if n := <-sent; g.status != 413 || n == fifty {
			t.Errorf("%d after %d octets", g.status, n)
		}
	}
}

// Bodies that end early, come in pieces, or not at all.
func TestOddBodies(t *testing.T) {
	w := edge(t)
	der := []byte("0\x03\n\x01\x06")
	want := here(ask{"POST", "/api/inspect?at=" + at, der, nil})
	pieces := w.speak(t, inspecting("Transfer-Encoding: chunked"))
	for _, b := range string(der) {
		io.WriteString(pieces, chunked(string(b)))
	}
	io.WriteString(pieces, "0\r\n\r\n")
	if d := differ(hear(t, pieces), want); d != "" {
		t.Errorf("in pieces: %s", d)
	}
	for _, text := range []string{
		inspecting("Content-Length: 100") + "0",
		inspecting("Transfer-Encoding: chunked") + "5\r\n0",
		inspecting("Transfer-Encoding: chunked") + "zz\r\n",
		inspecting("Content-Length: 100", "Content-Type: multipart/form-data; boundary=x") + "--x\r\n",
		"POST /api/inspect HTTP/1.1\r\nHost: a\r\nContent-Le",
		"\x16\x03\x01\x00\xa5\x01", "\r\n\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
	} {
		w.speak(t, text).Close()
	}
	if d := differ(w.ask(t, ask{"POST", "/api/inspect?at=" + at, der, nil}), want); d != "" {
		t.Errorf("after clients that went away: %s", d)
	}
}

// A body that does not arrive is given up, and holds up nobody until then.
func TestSlowBodies(t *testing.T) {
	w := edge(t)
	t.Parallel() // most of it is waiting
	const of = "Content-Length: 100"
	slow := map[string]net.Conn{
		"408 raw":    w.speak(t, inspecting(of)+"0"),
		"408 chunks": w.speak(t, inspecting("Transfer-Encoding: chunked")+chunked("0")),
		"408 form":   w.speak(t, inspecting(of, "Content-Type: multipart/form-data; boundary=x")+"--x\r\n"),
		"408 relay":  w.speak(t, "POST /api/ocsp?url="+responder.URL+" HTTP/1.1\r\nHost: a\r\n"+of+"\r\n\r\n0"),
	}
	for range 50 {
		if g := w.ask(t, ask{"POST", "/api/inspect", []byte("MAMBAf8="), nil}); g.status != 200 {
			t.Fatalf("meanwhile: %d %q", g.status, g.body)
		}
	}
	for want, c := range slow {
		if g := hear(t, c); !strings.HasPrefix(want, fmt.Sprint(g.status)) || !strings.HasSuffix(g.detail(t), ".") {
			t.Errorf("%s: %d %q", want, g.status, g.body)
		}
	}
}

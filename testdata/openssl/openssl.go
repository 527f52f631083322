// Package openssl lets tests talk to the TLS server and client of the machine's
// own OpenSSL.
package openssl

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server starts s_server, in a folder, at a port of loopback that is free, and
// gives its address. It ends with the test, or when stop is called. The flag
// -quiet must not be among args.
func Server(t testing.TB, dir string, args ...string) (address string, stop func()) {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not here: ", err)
	}
	cmd := exec.Command(openssl, append([]string{"s_server", "-accept", "127.0.0.1:0"}, args...)...)
	cmd.Dir = dir
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); in.Close(); close(ended) }()
	stop = func() { cmd.Process.Kill(); <-ended }
	t.Cleanup(stop)
	var printed strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); printed.WriteString(lines.Text() + "\n") {
		if at, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			go io.Copy(io.Discard, out)
			return at, stop
		}
	}
	t.Fatalf("s_server does not start: %s", printed.String())
	return "", nil
}

// Client runs openssl with args, in a folder, says a line to it, and closes its
// input when it has printed word. It returns all that was printed until the end,
// which may come before the word.
func Client(t testing.TB, dir, line, word string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out := &listener{word: []byte(word), heard: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(in, line+"\n")
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	select {
	case <-out.heard:
	case <-ended:
	case <-time.After(time.Minute):
		t.Errorf("openssl %v hangs", args)
		cmd.Process.Kill()
	}
	in.Close()
	<-ended
	return out.b.Bytes()
}

// listener collects output, and says when a word came.
type listener struct {
	b     bytes.Buffer
	word  []byte
	heard chan struct{}
	once  sync.Once
}

func (l *listener) Write(p []byte) (int, error) {
	l.b.Write(p)
	if bytes.Contains(l.b.Bytes(), l.word) {
		l.once.Do(func() { close(l.heard) })
	}
	return len(p), nil
}

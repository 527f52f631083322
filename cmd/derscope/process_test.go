//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is the command in a process of its own, in an empty folder.
type process struct {
	*exec.Cmd
	url    string
	errors *sink
	gone   chan error
}

func spawn(t *testing.T, args ...string) *process {
	t.Helper()
	dir := t.TempDir()
	p := &process{Cmd: exec.Command(os.Args[0]), errors: &sink{}, gone: make(chan error, 1)}
	p.Dir, p.Stderr = dir, p.errors
	p.Env = append(os.Environ(), "DERSCOPE_TEST_ARGS="+strings.Join(append([]string{"serve"}, args...), "\n"), "TMPDIR="+dir, "HOME="+dir)
	out, err := p.StdoutPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Skip("no process can be started here: ", err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	if _, err := fmt.Fscanln(out, &p.url); err != nil {
		t.Fatal(err, p.errors)
	}
	p.url = strings.TrimSuffix(p.url, "/")
	go func() { p.gone <- p.Wait() }()
	return p
}

func (p *process) addr() string { return p.url[strings.LastIndex(p.url, "/")+1:] }

// ends waits for the end.
func (p *process) ends(t *testing.T) *os.ProcessState {
	t.Helper()
	select {
	case <-p.gone:
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
	return p.ProcessState
}

// deaf waits until nobody is let in any more.
func (p *process) deaf() {
	for {
		c, err := net.Dial("tcp", p.addr())
		if err != nil {
			return
		}
		c.Close()
	}
}

// waiting is a request that waits for its body.
func (p *process) waiting(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n")
	if _, err := io.ReadFull(c, make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))); err != nil {
		t.Fatal(err)
	}
	return c
}

// Told to stop, it answers what it was asked before, and ends well.
func TestSIGTERM(t *testing.T) {
	p := spawn(t, "-addr", "127.0.0.1:0")
	c := p.waiting(t)
	p.Process.Signal(syscall.SIGTERM)
	p.deaf()
	io.WriteString(c, "MAMBAf8=")
	if b, err := io.ReadAll(c); err != nil || !bytes.HasPrefix(b, []byte("HTTP/1.1 200")) {
		t.Errorf("%v, %.60q", err, b)
	}
	if s := p.ends(t); !s.Success() {
		t.Errorf("%v: %s", s, p.errors)
	}
}

// Told twice, it waits for nobody.
func TestSIGTERMTwice(t *testing.T) {
	p := spawn(t, "-addr", "127.0.0.1:0")
	p.waiting(t)
	p.Process.Signal(syscall.SIGTERM)
	p.deaf()
	for len(p.gone) == 0 && p.Process.Signal(syscall.SIGTERM) == nil {
		time.Sleep(time.Millisecond)
	}
	if s := p.ends(t); s.Success() || s.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("%v: %s", s, p.errors)
	}
}

// Killed while it answers, it loses nothing, for it keeps nothing: no file is
// left behind, and the next one answers at the same address as the first did.
func TestSIGKILL(t *testing.T) {
	p := spawn(t, "-addr", "127.0.0.1:0", "-log=false")
	ask := func() (string, error) {
		res, err := http.Post(p.url+"/api/inspect?at="+at, "", strings.NewReader("MAMBAf8="))
		if err != nil {
			return "", err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		return string(b), err
	}
	want, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	busy := make(chan struct{}, 16)
	for range cap(busy) {
		all.Go(func() {
			for n := 0; ; n++ {
				got, err := ask()
				if err != nil {
					return
				}
				if got != want {
					t.Errorf("an answer that is none: %q", got)
				}
				if n == 3 {
					busy <- struct{}{}
				}
			}
		})
	}
	for range cap(busy) {
		<-busy
	}
	p.waiting(t)
	p.Process.Kill()
	p.ends(t)
	all.Wait()
	if left, err := os.ReadDir(p.Dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	p = spawn(t, "-addr", p.addr())
	if got, err := ask(); err != nil || got != want {
		t.Errorf("afterwards: %v, %q", err, got)
	}
}

// SIGHUP reads the certificate anew, whatever the clock of the files says.
func TestSIGHUP(t *testing.T) {
	files := newPair(t)
	p := spawn(t, "-addr", "127.0.0.1:0", "-tls-cert", files.cert, "-tls-key", files.key)
	files.renew(t)
	p.Process.Signal(syscall.SIGHUP)
	for !strings.Contains(p.errors.String(), "read anew") {
		if len(p.gone) > 0 {
			t.Fatal("it is gone: ", <-p.gone)
		}
		time.Sleep(time.Millisecond)
	}
	client := files.client()
	defer client.CloseIdleConnections()
	res, err := client.Get(p.url + "/api/health")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if n := res.TLS.PeerCertificates[0].SerialNumber.Int64(); n != 2 {
		t.Errorf("certificate %d", n)
	}
}

// Whoever opens it to other machines is told what that means without TLS.
func TestWarning(t *testing.T) {
	files := newPair(t)
	for _, c := range []struct {
		told bool
		args []string
	}{
		{true, []string{"-addr", "0.0.0.0:0"}},
		{false, []string{"-addr", "127.0.0.1:0"}},
		{false, []string{"-addr", "0.0.0.0:0", "-tls-cert", files.cert, "-tls-key", files.key}},
	} {
		p := spawn(t, c.args...)
		p.Process.Signal(syscall.SIGTERM)
		p.ends(t)
		if told := strings.Contains(p.errors.String(), "without TLS"); told != c.told {
			t.Errorf("%v: %s", c.args, p.errors)
		}
	}
}

package decode

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"derscope/testdata/openssl"
	"derscope/testdata/pcapfile"
)

// recorder is a relay in front of a server, whose connections become a capture.
type recorder struct {
	t    *testing.T
	rec  pcapfile.Recording
	n    int
	dir  string
	addr string // of the server behind it
}

// run has openssl s_client speak to the server, recorded; quit is what is said to it.
func (r *recorder) run(args ...string) {
	r.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	defer l.Close()
	c := r.rec.Dial(fmt.Sprintf("192.0.2.1:%d", 40000+r.n), "192.0.2.2:443")
	r.n++
	done := make(chan struct{})
	go func() {
		defer close(done)
		a, err := l.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("tcp", r.addr)
		if err != nil {
			a.Close()
			return
		}
		var mu sync.Mutex
		var both sync.WaitGroup
		relay := func(to, from net.Conn, side int) {
			defer both.Done()
			b := make([]byte, 1<<16)
			for {
				n, err := from.Read(b)
				if n > 0 {
					mu.Lock()
					c.Send(side, b[:n])
					mu.Unlock()
					if _, err := to.Write(b[:n]); err != nil {
						return
					}
				}
				if err != nil {
					to.(*net.TCPConn).CloseWrite()
					return
				}
			}
		}
		both.Add(2)
		go relay(b, a, pcapfile.Client)
		go relay(a, b, pcapfile.Server)
		both.Wait()
		a.Close()
		b.Close()
	}()
	args = append([]string{"s_client", "-connect", l.Addr().String(), "-servername", "www.example.org", "-keylogfile", filepath.Join(r.dir, "keys.log")}, args...)
	// The server echoes a line backwards: when it is here, so are the tickets.
	openssl.Client(r.t, r.dir, "hello", "olleh", args...)
	<-done
	c.Close()
}

// serve starts openssl s_server, and stops it when the test ends.
func (r *recorder) serve(args ...string) (stop func()) {
	r.t.Helper()
	r.addr, stop = openssl.Server(r.t, r.dir, append([]string{"-cert", "server.pem", "-rev", "-CAfile", "ca.pem"}, args...)...)
	return stop
}

// A capture of real servers shows, handshake by handshake, which callback fired
// with what.
func TestCallbacksOfServers(t *testing.T) {
	s := stageAt(t, time.Now().UTC().Truncate(time.Second))
	dir := t.TempDir()
	file := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bundle := func(c *x509.Certificate, k *ecdsa.PrivateKey) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.ca.Raw})
	file("ca.pem", ca)
	file("server.pem", bundle(s.leaf, s.key))
	file("client.pem", bundle(s.client, s.clientKey))
	good := s.response(t, ocsp.Good)
	file("staple.der", good)

	const (
		noTicket = "session_ticket server: not called\n"
		noStatus = "tlsext_status client: not called\ntlsext_status server: not called"
	)
	want := []string{}
	r := &recorder{t: t, dir: dir}
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		newer := version == "-tls1_3"
		stop := r.serve("-status_file", "staple.der")
		r.run(version, "-status", "-sess_out", "session.pem")
		first := noTicket
		if !newer {
			first = "session_ticket server: EMPTY/IGNORE_RENEW\n"
		}
		want = append(want, first+"tlsext_status client: 1, no callback\ntlsext_status server: SSL_TLSEXT_ERR_OK")

		r.run(version, "-status", "-sess_in", "session.pem")
		if newer {
			want = append(want, "session_ticket server: SUCCESS/USE_RENEW, SUCCESS_RENEW/USE_RENEW\ntlsext_status client: 1, no callback\ntlsext_status server: not called")
		} else {
			want = append(want, "session_ticket server: SUCCESS/USE, SUCCESS_RENEW/USE\n"+noStatus)
		}
		stop()

		stop = r.serve() // with new ticket keys
		r.run(version, "-sess_in", "session.pem")
		want = append(want, "session_ticket server: NO_DECRYPT/IGNORE_RENEW, SUCCESS/IGNORE_RENEW, SUCCESS_RENEW/IGNORE_RENEW\n"+noStatus)
		stop()

		stop = r.serve("-Verify", "1", "-verify_return_error")
		r.run(version, "-cert", "client.pem")
		want = append(want, first+noStatus+"\nclient_cert client: 1 with certificate and key")
		r.run(version)
		// The handshake ends before a ticket.
		if !newer {
			first = "session_ticket server: EMPTY/IGNORE, EMPTY/IGNORE_RENEW\n"
		}
		want = append(want, first+noStatus+"\nclient_cert client: 0, 1 without certificate or key, any other positive number, no callback")
		stop()
	}
	keys, err := os.ReadFile(filepath.Join(dir, "keys.log"))
	if err != nil {
		t.Fatal(err)
	}
	c := Load([]Input{{Name: "capture.pcap", Bytes: r.rec.PCAP()}, {Name: "keys.log", Bytes: keys}, {Name: "ca.pem", Bytes: ca}}, Limits{})
	report := c.Report(Options{At: s.now})
	n := 0
	for i := range report.Items {
		it := &report.Items[i]
		if it.Kind != "tls-handshake" {
			continue
		}
		got := fired(it)
		t.Logf("handshake %d: %s\n%s", n, it.Verdict.Headline, got)
		if n < len(want) && sorted(got) != sorted(want[n]) {
			t.Errorf("handshake %d:\n%s\nwant\n%s", n, got, want[n])
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d handshakes, want %d", n, len(want))
	}
}

package session

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"derscope/testdata/openssl"
)

// Go's own reader agrees on every state that it may know.
func TestGoAgrees(t *testing.T) {
	tried := 0
	for name, b := range states(t) {
		s, err := tls.ParseSessionState(b)
		if err != nil {
			if format, ok := Recognise(b); ok && format == Go && !strings.Contains(name, "old") && !strings.Contains(name, "client") {
				t.Errorf("%s: Go refuses it: %v", name, err)
			}
			continue
		}
		tried++
		all := Parse(b)
		if len(all) == 0 || all[0].Format != Go {
			t.Errorf("%s: Go reads it, and we do not", name)
			continue
		}
		if again, err := s.Bytes(); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: Go writes it in another way", name)
		}
	}
	if tried == 0 {
		t.Error("Go reads none of the vectors")
	}
}

// Fresh sessions of Go, client and server, of both versions.
func TestFreshGoSessions(t *testing.T) {
	certPEM, keyPEM := selfSigned(t)
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var sealed []byte
		server := &tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: version}
		server.WrapSession = func(cs tls.ConnectionState, s *tls.SessionState) ([]byte, error) {
			sealed, _ = s.Bytes()
			return server.EncryptTicket(cs, s)
		}
		cache := &keeper{}
		a, b := net.Pipe()
		go func() {
			c := tls.Server(a, server)
			c.Write([]byte("hello"))
			a.Close()
		}()
		c := tls.Client(b, &tls.Config{InsecureSkipVerify: true, ServerName: "localhost", ClientSessionCache: cache})
		if err := c.Handshake(); err != nil {
			t.Fatal(err)
		}
		c.Read(make([]byte, 16))
		b.Close() // no farewell: nobody would read it
		if cache.state == nil || sealed == nil {
			t.Fatal("no session was made")
		}
		kept, _ := cache.state.Bytes()
		for side, b := range map[Answer][]byte{Yes: kept, No: sealed} {
			all := Parse(b)
			if len(all) == 0 || all[0].Format != Go || all[0].ClientSide != side || all[0].Protocol.Value != version || all[0].Oldest == "" {
				t.Errorf("version %x, client %v: %d readers fit %x", version, side, len(all), b)
				continue
			}
			if want := map[uint16]int{tls.VersionTLS12: 48}[version]; want != 0 && len(all[0].Secret.Value) != want {
				t.Errorf("a secret of %d octets", len(all[0].Secret.Value))
			}
		}
	}
}

// keeper is a cache that looks into the session.
type keeper struct{ state *tls.SessionState }

func (k *keeper) Get(string) (*tls.ClientSessionState, bool) { return nil, false }

func (k *keeper) Put(_ string, s *tls.ClientSessionState) {
	if s != nil {
		_, k.state, _ = s.ResumptionState()
	}
}

// selfSigned makes a key and a certificate for localhost with openssl, or skips.
func selfSigned(t *testing.T) (cert, key []byte) {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost",
		"-addext", "subjectAltName=DNS:localhost", "-keyout", filepath.Join(dir, "key.pem"), "-out", filepath.Join(dir, "cert.pem")).CombinedOutput()
	if err != nil {
		t.Skipf("openssl cannot be used here: %v\n%s", err, out)
	}
	cert, _ = os.ReadFile(filepath.Join(dir, "cert.pem"))
	key, _ = os.ReadFile(filepath.Join(dir, "key.pem"))
	return cert, key
}

// Sessions that the machine's own openssl saves and prints: both forms say the
// same, and what openssl sess_id says of the saved one is what we read.
func TestFreshOpenSSLSessions(t *testing.T) {
	certPEM, keyPEM := selfSigned(t)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	os.WriteFile(path("cert.pem"), certPEM, 0o600)
	os.WriteFile(path("key.pem"), keyPEM, 0o600)
	addr, _ := openssl.Server(t, dir, "-cert", "cert.pem", "-key", "key.pem", "-www")
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		client := exec.Command("openssl", "s_client", "-connect", addr, "-servername", "localhost", version, "-sess_out", path("session.pem"), "-ign_eof")
		client.Stdin = strings.NewReader("GET / HTTP/1.0\r\n\r\n")
		printed, _ := client.CombinedOutput()
		text, err := os.ReadFile(path("session.pem"))
		if err != nil {
			t.Skipf("openssl s_client saves no session: %v\n%s", err, printed)
		}
		block, _ := pem.Decode(text)
		all := Parse(block.Bytes)
		if len(all) == 0 {
			t.Fatalf("%s: no reader fits", version)
		}
		s := all[0]
		says, err := exec.Command("openssl", "sess_id", "-in", path("session.pem"), "-text", "-noout").Output()
		if err != nil {
			t.Fatal(err)
		}
		word := func(name string) string {
			for l := range strings.Lines(string(says)) {
				if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == name {
					v, _, _ = strings.Cut(strings.TrimSpace(v), " ")
					return v
				}
			}
			return ""
		}
		p, _ := readBytes(says)
		if !p.Printed || p.Wrong != "" || len(p.strays) > 0 {
			t.Errorf("%s: the text is not understood: %q, %d strays\n%s", version, p.Wrong, len(p.strays), says)
		}
		number := func(f uint64) string { return strconv.FormatUint(f, 10) }
		for name, got := range map[string]string{
			"Session-ID": strings.ToUpper(hex.EncodeToString(s.ID.Value)), "Start Time": number(uint64(s.Created.Value.Unix())), "Timeout": number(s.Timeout.Value),
			"TLS session ticket lifetime hint": number(s.LifetimeHint.Value), "Verify return code": number(uint64(s.VerifyResult.Value)),
		} {
			if want := word(name); got != want {
				t.Errorf("%s: %s is %s, openssl says %s", version, name, got, want)
			}
		}
		for name, same := range map[string]bool{
			"protocol": p.Protocol.Value == s.Protocol.Value, "cipher": p.Cipher.Value == s.Cipher.Value, "id": bytes.Equal(p.ID.Value, s.ID.Value),
			"secret": bytes.Equal(p.Secret.Value, s.Secret.Value) && len(s.Secret.Value) > 0, "ticket": bytes.Equal(p.Ticket.Value, s.Ticket.Value) && len(s.Ticket.Value) > 0,
			"created": p.Created.Value.Equal(s.Created.Value), "timeout": p.Timeout.Value == s.Timeout.Value,
		} {
			if !same {
				t.Errorf("%s: %s differs between what is saved and what is printed", version, name)
			}
		}
		if !bytes.Contains(printed, []byte(heading)) {
			t.Errorf("%s: s_client prints no session", version)
		}
	}
}

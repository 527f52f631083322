package ticket

import (
	"bytes"
	"encoding/hex"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/session"
)

// Tickets that the machine's OpenSSL seals just now with known keys open to the
// secrets that its client has.
func TestOpenSSL(t *testing.T) {
	dir := t.TempDir()
	program, cert, key := filepath.Join(dir, "tickets"), filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if out, err := exec.Command("gcc", "-o", program, "testdata/tickets.c", "-lssl", "-lcrypto").CombinedOutput(); err != nil {
		t.Skipf("OpenSSL cannot be compiled against here: %v\n%.200s", err, out)
	}
	if out, err := exec.Command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
		"-subj", "/CN=host.example", "-keyout", key, "-out", cert).CombinedOutput(); err != nil {
		t.Skipf("no certificate: %v\n%.200s", err, out)
	}
	k := noiseOf("openssl", 80)
	out, err := exec.Command(program, cert, key, hex.EncodeToString(k)).Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) != 3 {
			t.Fatalf("%q is not protocol, ticket and secret", line)
		}
		n++
		o := Open(unhex(t, words[1]), keysOf(k))
		if o.Status != Opened || o.Layout != opensslCBC || o.Order != NameHMACAES {
			t.Errorf("%s: %s: %s", words[0], o.Status, o.Why)
			continue
		}
		s := session.Parse(o.Plain)[0]
		if s.Format != session.OpenSSL || !bytes.Equal(s.Secret.Value, unhex(t, words[2])) {
			t.Errorf("%s: a state of %s with another secret than the client's", words[0], s.Format)
		}
	}
	if n < 3 {
		t.Errorf("%d tickets; one of TLS 1.2 and two of TLS 1.3 are due", n)
	}
}

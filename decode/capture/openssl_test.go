package capture

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"derscope/decode/handshake"
	"derscope/testdata/openssl"
	"derscope/testdata/pcapfile"
)

// What openssl s_client and s_server say to each other opens to the last
// record, and the messages are those that -msg prints.
func TestOpensOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here")
	}
	cert := certificate(t)
	dir := t.TempDir()
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	identity := filepath.Join(dir, "server.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})...)
	if err := os.WriteFile(identity, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, args string }{
		{"1.3 AES-128-GCM", "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256"},
		{"1.3 AES-256-GCM", "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384"},
		{"1.3 ChaCha20", "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256"},
		{"1.3 CCM", "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256"},
		{"1.3 CCM-8", "-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256"},
		{"1.3 retried", "-tls1_3 -groups P-384:X25519"},
		{"1.2 GCM", "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384"},
		{"1.2 ChaCha20", "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305"},
		{"1.2 CCM", "-tls1_2 -cipher ECDHE-ECDSA-AES128-CCM"},
		{"1.2 CCM-8", "-tls1_2 -cipher ECDHE-ECDSA-AES256-CCM8"},
		{"1.2 CBC, MAC behind", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256"},
		{"1.2 CBC-384, MAC behind", "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384"},
		{"1.2 CBC, MAC inside", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256 -legacy"},
		{"1.0 CBC", "-tls1 -cipher ECDHE-ECDSA-AES256-SHA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // at the end of TLS 1.3 both programs wait for a second
			args, legacy := strings.CutSuffix(c.args, " -legacy")
			to, _ := openssl.Server(t, "", "-cert", identity, "-rev",
				"-cipher", "ALL:@SECLEVEL=0", "-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256",
				"-groups", "X25519")
			rec := &pcapfile.Recording{}
			addr, wait := listen(t, rec, to)
			log := filepath.Join(t.TempDir(), "keys.log")
			later := strings.HasPrefix(c.name, "1.3")
			stay := " -ign_eof"
			if later { // then a line may be a command: K is a KeyUpdate, Q quits
				stay = ""
			}
			client := exec.Command("openssl", append(strings.Fields("s_client -connect "+addr+" -msg"+stay+" -keylogfile "+log+" "+args), "-cipher", "ALL:@SECLEVEL=0")...)
			if strings.Contains(args, "-cipher ") {
				client.Args = client.Args[:len(client.Args)-2]
				for i, a := range client.Args {
					if a == "-cipher" {
						client.Args[i+1] += ":@SECLEVEL=0"
					}
				}
			}
			if legacy { // turn encrypt_then_mac off
				conf := filepath.Join(dir, "no-etm.cnf")
				os.WriteFile(conf, []byte("openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nOptions = -EncryptThenMac\n"), 0o600)
				client.Env = append(os.Environ(), "OPENSSL_CONF="+conf)
			}
			in, _ := client.StdinPipe()
			out := &output{}
			client.Stdout, client.Stderr = out, out
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() { client.Wait(); close(done) }()
			hang := time.AfterFunc(time.Minute, func() { client.Process.Kill() })
			defer hang.Stop()
			// Each line waits for the answer to the last: a line is a command only
			// where it is read by itself.
			fmt.Fprintln(in, "hello")
			out.wait("olleh", done)
			if later {
				fmt.Fprintln(in, "K")
				out.wait("KEYUPDATE", done) // it goes out with what is written next
			}
			fmt.Fprintln(in, "world")
			out.wait("dlrow", done)
			if later {
				fmt.Fprintln(in, "Q")
			} else {
				fmt.Fprintln(in, "CLOSE") // a word of s_server -rev
			}
			<-done
			wait()
			keys, err := os.ReadFile(log)
			if err != nil || !strings.Contains(out.String(), "Finished") {
				t.Skipf("this openssl does not speak it: %v", err)
			}
			v := open(t, rec.PCAP(), string(keys))
			readable(t, v, 1)
			k := v.TLS[0]
			covers(t, k)
			if legacy == k.tls.hellos[1].thenMAC && k.tls.suite.Mode == "CBC" && k.tls.version == 0x0303 {
				t.Errorf("encrypt_then_mac is %v", k.tls.hellos[1].thenMAC)
			}
			if text := string(k.tls.text[1]); !strings.Contains(text, "olleh") || !strings.Contains(text, "dlrow") {
				t.Errorf("the server said %q, want the client's words backwards", text)
			}
			for side, b := range sent(k) {
				if later && !bytes.Contains(b, []byte{24, 0, 0, 1}) {
					t.Errorf("side %d sent no KeyUpdate", side)
				}
			}
			// The client prints what it has read; the server's last words may come too late.
			got, want := sent(k), printed(out.String())
			if !bytes.Equal(got[0], want[0]) || !bytes.HasPrefix(got[1], want[1]) || len(want[1]) < 400 {
				t.Errorf("messages of %d and %d octets, -msg printed %d and %d", len(got[0]), len(got[1]), len(want[0]), len(want[1]))
			}
		})
	}
}

// output is what a program prints, while it prints it.
type output struct {
	mu sync.Mutex
	b  []byte
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b = append(o.b, b...)
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.b)
}

// wait waits until a word was printed, or the program is done.
func (o *output) wait(word string, done <-chan struct{}) {
	for !strings.Contains(o.String(), word) {
		select {
		case <-done:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// sent is the handshake messages of a connection, of the client and of the server.
func sent(c *Connection) (all [2][]byte) {
	for _, p := range c.tls.parts {
		b := c.tls.out[p.Off : p.Off+p.Len]
		side := p.From - handshake.Client
		switch {
		case p.Form == handshake.Messages:
			all[side] = append(all[side], b...)
		case p.Form == handshake.Records && !p.Closed && b[0] == 22:
			all[side] = append(all[side], b[5:]...)
		}
	}
	return all
}

// printed is the same from the output of -msg.
func printed(text string) (all [2][]byte) {
	side := -1
	for line := range strings.Lines(text) {
		// What was said may stand in front, in the same line.
		if i := max(strings.Index(line, ">>> "), strings.Index(line, "<<< ")); i > 0 {
			line = line[i:]
		}
		switch {
		case strings.HasPrefix(line, ">>> "), strings.HasPrefix(line, "<<< "):
			side = -1
			if strings.Contains(line, ", Handshake [") {
				side = 0
				if line[0] == '<' {
					side = 1
				}
			}
		case strings.HasPrefix(line, "    ") && side >= 0:
			for _, f := range strings.Fields(line) {
				var c byte
				if _, err := fmt.Sscanf(f, "%02x", &c); err == nil && len(f) == 2 {
					all[side] = append(all[side], c)
				}
			}
		default:
			side = -1
		}
	}
	return all
}

package suite

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// tap keeps what is written through a connection.
type tap struct {
	net.Conn
	sent bytes.Buffer
}

func (t *tap) Write(b []byte) (int, error) {
	t.sent.Write(b)
	return t.Conn.Write(b)
}

func identity(t *testing.T, rsaKey bool) tls.Certificate {
	t.Helper()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"a.example"}}
	var key any
	var der []byte
	var err error
	if rsaKey {
		k, _ := rsa.GenerateKey(rand.Reader, 2048)
		der, err = x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
		key = k
	} else {
		k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		der, err = x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
		key = k
	}
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// loopback is a connection of this machine with itself: net.Pipe has no buffer,
// so two sides that both write would wait for each other.
func loopback(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if a, err = net.Dial("tcp", l.Addr().String()); err == nil {
		b, err = l.Accept()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	a.SetDeadline(time.Now().Add(20 * time.Second))
	b.SetDeadline(time.Now().Add(20 * time.Second))
	return a, b
}

// records splits what one side sent.
func records(t *testing.T, b []byte) (list [][]byte) {
	for len(b) >= 5 {
		n := 5 + int(b[3])<<8 + int(b[4])
		list = append(list, b[:n])
		b = b[n:]
	}
	if len(b) > 0 {
		t.Fatalf("%d octets are no record", len(b))
	}
	return list
}

// What Go's own TLS sends is opened by what its key log says.
func TestOpensGo(t *testing.T) {
	rsaCert, ecCert := identity(t, true), identity(t, false)
	var all []uint16
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		all = append(all, s.ID)
	}
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		for _, id := range all {
			s, _ := Lookup(id)
			if s.TLS13 != (version == tls.VersionTLS13) {
				continue
			}
			if version < tls.VersionTLS12 && (s.AEAD() || s.MAC != SHA1) {
				continue
			}
			t.Run(Version(version)+"/"+s.Name, func(t *testing.T) {
				cert := rsaCert
				if s.Auth == "ECDSA" {
					cert = ecCert
				}
				a, b := loopback(t)
				client, server := &tap{Conn: a}, &tap{Conn: b}
				var log strings.Builder
				cfg := &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{cert}, MinVersion: version, MaxVersion: version,
					CipherSuites: []uint16{id}, KeyLogWriter: &log, SessionTicketsDisabled: true}
				sc := cfg.Clone()
				sc.KeyLogWriter = nil
				go func() {
					c := tls.Server(server, sc)
					io.Copy(c, c)
					c.Close()
				}()
				c := tls.Client(client, cfg)
				if err := c.Handshake(); err != nil {
					t.Skip("Go does not speak it: ", err)
				}
				used := c.ConnectionState().CipherSuite
				s, _ := Lookup(used)
				for _, text := range []string{"hello", "", strings.Repeat("x", 5000)} {
					io.WriteString(c, text)
					if got := make([]byte, len(text)); len(text) > 0 {
						if _, err := io.ReadFull(c, got); err != nil {
							t.Fatal(err)
						}
					}
				}
				c.CloseWrite()
				io.ReadAll(c)
				secrets := map[string][]byte{}
				for line := range strings.Lines(log.String()) {
					f := strings.Fields(line)
					secrets[f[0]], _ = hex.DecodeString(f[2])
				}
				sent, received := records(t, client.sent.Bytes()), records(t, server.sent.Bytes())
				cr, sr := sent[0][11:43], received[0][11:43]
				check := func(side string, list [][]byte, openers ...*Opener) {
					t.Helper()
					var text []byte
					on := version == tls.VersionTLS13
					for _, r := range list {
						if r[0] == 20 {
							on = true
							continue
						}
						if !on || version == tls.VersionTLS13 && r[0] != 23 {
							continue
						}
						o := openers[0]
						got, err := o.Open(r[0], 0x0300|uint16(r[2]), r[5:])
						if err != nil && len(openers) > 1 {
							openers = openers[1:]
							got, err = openers[0].Open(r[0], 0x0303, r[5:])
						}
						if err != nil {
							t.Fatalf("%s: %v", side, err)
						}
						if got.Type == 23 {
							text = append(text, got.Content...)
						}
					}
					if want := "hello" + strings.Repeat("x", 5000); string(text) != want {
						t.Errorf("%s: %d octets of data, want %d", side, len(text), len(want))
					}
				}
				if version == tls.VersionTLS13 {
					for side, list := range map[string][][]byte{"CLIENT": sent, "SERVER": received} {
						hs, err := s.Opener13(secrets[side+"_HANDSHAKE_TRAFFIC_SECRET"])
						if err != nil {
							t.Fatal(err)
						}
						data, _ := s.Opener13(secrets[side+"_TRAFFIC_SECRET_0"])
						check(side, list, hs, data)
					}
					return
				}
				co, so, err := s.Openers(version, secrets["CLIENT_RANDOM"], cr, sr, false)
				if err != nil {
					t.Fatal(err)
				}
				check("client", sent, co)
				check("server", received, so)
			})
		}
	}
}

// Octets that were altered do not open, and the error says which record it is.
func TestAltered(t *testing.T) {
	for _, id := range []uint16{0xc02f, 0xc013, 0x000a, 0x009c, 0xc0ac, 0x1301, 0x1303} {
		s, _ := Lookup(id)
		var o *Opener
		var err error
		if s.TLS13 {
			o, err = s.Opener13(make([]byte, s.Hash.Size()))
		} else {
			o, _, err = s.Openers(0x0303, make([]byte, 48), make([]byte, 32), make([]byte, 32), false)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{0, 1, 15, 16, 24, 48, 64, 100} {
			if _, err := o.Open(23, 0x0303, make([]byte, n)); err == nil {
				t.Errorf("%s: %d zeros open", s.Name, n)
			}
		}
		o.Skip()
		_, err = o.Open(23, 0x0303, make([]byte, 64))
		if e, ok := err.(*Error); !ok || e.Record != 1 || e.Fault == 0 {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

// No octets make an Opener panic, and what opens was no longer than its record.
func FuzzOpen(f *testing.F) {
	f.Add(uint16(0xc013), uint8(1), []byte("0123456789abcdef0123456789abcdef"))
	f.Add(uint16(0x1301), uint8(0), make([]byte, 40))
	f.Fuzz(func(t *testing.T, id uint16, how uint8, b []byte) {
		s, _ := Lookup(id)
		version := []uint16{0x0301, 0x0302, 0x0303}[how%3]
		main, random := make([]byte, 48), make([]byte, 32)
		list := make([]*Opener, 0, 3)
		if c, o, err := s.Openers(version, main, random, random, how&8 != 0); err == nil {
			list = append(list, c, o)
		}
		if o, err := s.Opener13(make([]byte, s.Hash.Size())); err == nil {
			list = append(list, o)
		}
		for _, o := range list {
			got, err := o.Open(23, version, b)
			if err == nil && len(got.Content) > len(b) {
				t.Errorf("%d octets open to %d", len(b), len(got.Content))
			}
		}
	})
}

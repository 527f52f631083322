package ticket

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"derscope/decode/session"
	"derscope/testdata/seal"
)

// certificate is a key with a certificate of itself.
func certificate(t *testing.T) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"host.example"}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// Tickets that Go's server issues just now open to the state that it sealed,
// and Go opens what seal.Go makes.
func TestGoServer(t *testing.T) {
	k := [32]byte(noiseOf("go server", 32))
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var ticket, state []byte
		server := &tls.Config{Certificates: []tls.Certificate{certificate(t)}, MaxVersion: v}
		server.SetSessionTicketKeys([][32]byte{k})
		server.WrapSession = func(cs tls.ConnectionState, s *tls.SessionState) (out []byte, err error) {
			if state, err = s.Bytes(); err == nil {
				ticket, err = server.EncryptTicket(cs, s)
			}
			return ticket, err
		}
		listener, err := tls.Listen("tcp", "127.0.0.1:0", server)
		if err != nil {
			t.Skip("no loopback: ", err)
		}
		done := make(chan error, 1)
		go func() {
			s, err := listener.Accept()
			if err == nil {
				_, err = s.Write([]byte("x"))
			}
			done <- err
		}()
		c, err := tls.DialWithDialer(&net.Dialer{Timeout: 20 * time.Second}, "tcp", listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, ServerName: "host.example", ClientSessionCache: tls.NewLRUClientSessionCache(1)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		c.Close()
		listener.Close()
		o := Open(ticket, keysOf(k[:]))
		if o.Status != Opened || o.Layout != goCTR || !bytes.Equal(o.Plain, state) || o.Session != session.Go {
			t.Errorf("%x: %s of %s: %s", v, o.Status, o.Session, o.Why)
		}
		made := seal.Go(k[:], noiseOf("iv", 16), state)
		if s, err := server.DecryptTicket(made, tls.ConnectionState{}); err != nil || s == nil {
			t.Errorf("%x: Go does not open what was sealed for it: %v", v, err)
		}
		if s, _ := server.DecryptTicket(flipped(made, 20), tls.ConnectionState{}); s != nil {
			t.Errorf("%x: Go opens a changed ticket", v)
		}
	}
}

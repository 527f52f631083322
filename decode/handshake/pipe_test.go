package handshake_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// read reads octets and checks that every one of them is shown once.
func read(t testing.TB, b []byte, given any) (*handshake.Handshake, *field.Tree) {
	t.Helper()
	tree := field.NewTree(field.Limits{})
	r := tree.ReaderWith(tree.Add(report.Source{Bytes: b}), given)
	h := handshake.Read(r)
	if !r.Empty() {
		t.Fatalf("%d octets are left", len(r.Left()))
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Fatal(err)
	}
	return h, tree
}

// tap records what goes through a connection, in order.
type tap struct {
	net.Conn
	from handshake.Side
	log  *record
}

type record struct {
	sync.Mutex
	octets []byte
	parts  []handshake.Part
}

func (c tap) Write(b []byte) (int, error) {
	c.log.Lock()
	c.log.parts = append(c.log.parts, handshake.Part{Off: len(c.log.octets), Len: len(b), From: c.from, Form: handshake.Records, Record: -1})
	c.log.octets = append(c.log.octets, b...)
	c.log.Unlock()
	return c.Conn.Write(b)
}

func identity(t testing.TB, names ...string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, _ = x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: c}
}

// converse runs a handshake of Go's crypto/tls and gives what each side said.
func converse(t testing.TB, client, server *tls.Config) (*record, tls.ConnectionState) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback: ", err)
	}
	defer l.Close()
	a, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, c := range []net.Conn{a, b} {
		c.SetDeadline(time.Now().Add(20 * time.Second))
	}
	log := &record{}
	c, s := tls.Client(tap{a, handshake.Client, log}, client), tls.Server(tap{b, handshake.Server, log}, server)
	done := make(chan error, 1)
	go func() {
		err := s.Handshake()
		if err == nil {
			_, err = s.Write([]byte("hello"))
		}
		done <- err
	}()
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 5)
	if _, err := io.ReadFull(c, buf); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return log, c.ConnectionState()
}

func configs(t testing.TB, version uint16) (*tls.Config, *tls.Config) {
	id, user := identity(t, "www.example.org"), identity(t, "user.example.org")
	id.OCSPStaple = []byte("not a response, but octets")
	roots, users := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(id.Leaf)
	users.AddCert(user.Leaf)
	return &tls.Config{RootCAs: roots, ServerName: "www.example.org", MaxVersion: version, NextProtos: []string{"h2", "http/1.1"},
			ClientSessionCache: tls.NewLRUClientSessionCache(4), Certificates: []tls.Certificate{user}},
		&tls.Config{Certificates: []tls.Certificate{id}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: users, NextProtos: []string{"http/1.1"}}
}

// TestAgreesWithGo: what is read out of the records is what crypto/tls says it did.
func TestAgreesWithGo(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			client, server := configs(t, version)
			for _, resumed := range []bool{false, true} {
				log, state := converse(t, client, server)
				h, tree := read(t, log.octets, &handshake.Transcript{Parts: log.parts})
				mixed, _ := read(t, log.octets, nil)
				for _, h := range []*handshake.Handshake{h, mixed} {
					agree(t, h, tree, version, resumed, state)
				}
			}
		})
	}
}

func agree(t *testing.T, h *handshake.Handshake, tree *field.Tree, version uint16, resumed bool, state tls.ConnectionState) {
	t.Helper()
	if len(tree.Faults) > 0 {
		t.Errorf("faults: %v", tree.Faults)
	}
	c, s := h.ClientHello(), h.ServerHello()
	if c == nil || s == nil {
		t.Fatal("no hellos: ", h.Title())
	}
	if state.DidResume != resumed {
		t.Errorf("resumed %v, want %v", state.DidResume, resumed)
	}
	if h.Version != version || c.ServerName() != "www.example.org" || uint16(s.Suite.Value) != state.CipherSuite {
		t.Errorf("%x, %q, suite %x: want %x, suite %x", h.Version, c.ServerName(), s.Suite.Value, version, state.CipherSuite)
	}
	if p := c.Extensions.Protocols(); p == nil || len(p.List) != 2 || string(p.List[0].Value) != "h2" {
		t.Errorf("protocols %v", p)
	}
	if h.EventOf(c).From != handshake.Client || h.EventOf(s).From != handshake.Server {
		t.Errorf("hellos from the %v and the %v", h.EventOf(c).From, h.EventOf(s).From)
	}
	if version == tls.VersionTLS13 {
		if o := c.Offer(); (o != nil) != resumed {
			t.Errorf("offer %v, resumed %v", o, resumed)
		} else if resumed {
			raw := h.EventOf(c).Raw
			if len(o.Identities) != 1 || len(o.Binders) != 1 || o.Tail != 2+1+len(o.Binders[0].Value) || len(o.Binders[0].Value) < 32 || len(raw) < o.Tail {
				t.Errorf("%d identities, %d binders, tail %d", len(o.Identities), len(o.Binders), o.Tail)
			}
		}
		return
	}
	if resumed {
		if len(c.Ticket()) == 0 || len(h.Of(handshake.TypeCertificate)) != 0 {
			t.Errorf("ticket of %d octets, %d Certificate messages", len(c.Ticket()), len(h.Of(handshake.TypeCertificate)))
		}
		return
	}
	cert, own := h.Certificate(handshake.Server), h.Certificate(handshake.Client)
	if cert == nil || own == nil || string(cert.Entries[0].DER.Value) != string(state.PeerCertificates[0].Raw) || own == cert {
		t.Errorf("certificates %v, %v", cert, own)
	}
	if st := h.CertificateStatus(); st == nil || string(st.Response.Value) != string(state.OCSPResponse) {
		t.Errorf("staple %v", st)
	}
	if q := h.CertificateRequest(); q == nil || q.Version != 0x0303 || len(q.Authorities.List) != 1 || len(q.Types.List) == 0 || len(q.Algorithms.List) == 0 {
		t.Errorf("request %+v", q)
	}
	if n := h.Tickets(); len(n) != 1 || n[0].Version != 0x0303 || n[0].Fit != handshake.Told || len(n[0].Ticket.Value) == 0 {
		t.Errorf("tickets %+v", n)
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

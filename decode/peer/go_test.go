package peer_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"derscope/decode"
	"derscope/decode/report"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// pair is a server and a client of crypto/tls whose clock is set.
type pair struct {
	server, client *tls.Config
	now            time.Time
	cache          *cache
}

// cache keeps the last session for all names.
type cache struct{ last *tls.ClientSessionState }

func (c *cache) Get(string) (*tls.ClientSessionState, bool) { return c.last, c.last != nil }
func (c *cache) Put(_ string, s *tls.ClientSessionState)    { c.last = s }

func newPair(t *testing.T, version uint16, key [32]byte) *pair {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "www.example.org"}, DNSNames: []string{"www.example.org"},
		NotBefore: start.Add(-time.Hour), NotAfter: start.AddDate(0, 0, 30), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	p := &pair{now: start, cache: &cache{}}
	clock := func() time.Time { return p.now }
	p.server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: k}}, MaxVersion: version, Time: clock}
	p.server.SetSessionTicketKeys([][32]byte{key})
	p.client = &tls.Config{ServerName: "www.example.org", RootCAs: roots, MinVersion: version, MaxVersion: version, Time: clock, ClientSessionCache: p.cache}
	return p
}

// connect makes a connection and says whether a session was resumed.
func (p *pair) connect(t *testing.T) bool {
	t.Helper()
	a, b := net.Pipe()
	s, c := tls.Server(a, p.server), tls.Client(b, p.client)
	done := make(chan error, 1)
	go func() {
		_, err := s.Write([]byte("x"))
		done <- err
	}()
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	resumed := c.ConnectionState().DidResume
	a.Close()
	b.Close()
	return resumed
}

// rows gives the item of a kind and what Go is said to do with it.
func rowOf(t *testing.T, kind string, at time.Time, in ...decode.Input) (*report.Item, report.Outcome) {
	t.Helper()
	r := decode.Load(in, decode.Limits{}).Report(decode.Options{At: at})
	for i := range r.Items {
		it := &r.Items[i]
		if it.Kind != kind {
			continue
		}
		for _, o := range it.Clients {
			if o.Client == "go" {
				return it, o
			}
		}
		t.Fatalf("the %s has no row for Go: %+v", kind, it.Clients)
	}
	t.Fatalf("there is no %s in %d items", kind, len(r.Items))
	return nil, report.Outcome{}
}

// What is said of Go's servers and clients is what they do: a ticket under the
// server's key and under another one, at different times.
func TestGo(t *testing.T) {
	var key, other [32]byte
	for i := range key {
		key[i], other[i] = byte(3*i+1), byte(5*i+7)
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, c := range []struct {
			what  string
			key   [32]byte
			later time.Duration
			want  string // of the server
		}{
			{"at once", key, time.Minute, "accept"},
			{"after six days", key, 6 * 24 * time.Hour, "accept"},
			{"after eight days", key, 8 * 24 * time.Hour, "soft-fail"},
			{"under another key", other, time.Minute, "soft-fail"},
		} {
			p := newPair(t, version, key)
			p.connect(t)
			ticket, state, err := p.cache.last.ResumptionState()
			if err != nil {
				t.Fatal(err)
			}
			blob, err := state.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			p.now = start.Add(c.later)
			p.server.SetSessionTicketKeys([][32]byte{c.key})

			it, server := rowOf(t, "session-ticket", p.now, decode.Input{Name: "ticket", Bytes: ticket, Kind: "session-ticket"},
				decode.Input{Name: "key", Bytes: c.key[:], Kind: "ticket-key"})
			_, client := rowOf(t, "tls-session", p.now, decode.Input{Name: "state", Bytes: blob, Kind: "tls-session"})
			if server.Outcome != c.want {
				t.Errorf("%x, %s: a server is said to %s: %+v", version, c.what, server.Outcome, server)
			}
			opened, err := p.server.DecryptTicket(ticket, tls.ConnectionState{})
			if err != nil {
				t.Fatal(err)
			}
			if (opened != nil) != (c.key == key) {
				t.Fatalf("DecryptTicket gives %v", opened)
			}
			offered := false
			p.server.UnwrapSession = func(identity []byte, cs tls.ConnectionState) (*tls.SessionState, error) {
				offered = offered || len(identity) > 0
				return p.server.DecryptTicket(identity, cs)
			}
			resumed := p.connect(t)
			if offered != (client.Outcome == "accept") {
				t.Errorf("%x, %s: offered is %v, though a client is said to %s", version, c.what, offered, client.Outcome)
			}
			if resumed != (offered && server.Outcome == "accept") {
				t.Errorf("%x, %s: resumed is %v, though a server is said to %s", version, c.what, resumed, server.Outcome)
			}
			if len(it.Callbacks) == 0 || it.Callbacks[0].Returns[0].Status != "NO_DECRYPT" {
				t.Errorf("OpenSSL's callback is told %+v of a ticket of Go", it.Callbacks)
			}
		}
	}
}

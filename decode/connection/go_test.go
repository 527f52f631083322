package connection

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// evidence is exhibits that a test puts together without the front door, so that
// what stands beside octets can be given.
type evidence struct {
	tree     *field.Tree
	exhibits []check.Exhibit
}

func newEvidence() *evidence { return &evidence{tree: field.NewTree(field.Limits{})} }

// add reads octets as a kind, and the messages inside them.
func (x *evidence) add(hint string, b []byte, given any, carrier int) int {
	pieces, faults := len(x.tree.Pieces), len(x.tree.Faults)
	r := x.tree.ReaderWith(x.tree.Add(report.Source{Bytes: b}), given)
	e := check.Exhibit{Item: len(x.exhibits), Kind: hint, Carrier: carrier, Source: b}
	switch hint {
	case "tls-handshake":
		e.Value = handshake.Read(r)
	case "new-session-ticket":
		e.Value = handshake.ReadTicket(r)
	case "certificate":
		e.Value = cert.Certificates.Read(r)
	case "ocsp-response":
		e.Value = ocsp.Responses.Read(r)
	}
	e.Faults = x.tree.Faults[faults:len(x.tree.Faults):len(x.tree.Faults)]
	x.exhibits = append(x.exhibits, e)
	for _, p := range x.tree.Pieces[pieces:len(x.tree.Pieces):len(x.tree.Pieces)] {
		if p.Span.Len > 0 {
			x.add(p.Hint, x.tree.Sources[p.Span.Source].Bytes[p.Span.Off:p.Span.End()], p.Given, e.Item)
		}
	}
	return e.Item
}

// secret puts a key log beside the rest.
func (x *evidence) secret(log keyLog) {
	x.exhibits = append(x.exhibits, check.Exhibit{Item: len(x.exhibits), Kind: "key-log", Value: log, Carrier: -1})
}

func (x *evidence) context(self int) *check.Context {
	return &check.Context{At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Exhibits: x.exhibits, Shared: &check.Shared{}, Self: self}
}

// judged is what the rules say of an item.
func (x *evidence) judged(i int) (*View, check.Finding) {
	c := x.context(i)
	switch is := x.exhibits[i].Value.(type) {
	case *handshake.Handshake:
		v := look(c, is)
		return v, judge(c, v)
	case *handshake.NewSessionTicket:
		v := lookTicket(c, is)
		return v, judge(c, v)
	}
	panic("not judged here")
}

// keyLog is what SSLKEYLOGFILE holds.
type keyLog map[string][]byte

func (l keyLog) Secret(label string, random []byte) ([]byte, bool) {
	s, ok := l[label+" "+hex.EncodeToString(random)]
	return s, ok
}

func readLog(b []byte) keyLog {
	l := keyLog{}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		if w := strings.Fields(s.Text()); len(w) == 3 {
			l[w[0]+" "+w[1]], _ = hex.DecodeString(w[2])
		}
	}
	return l
}

// tap records what goes through a connection.
type tap struct {
	net.Conn
	from handshake.Side
	log  *spoken
}

type spoken struct {
	sync.Mutex
	sides []handshake.Side
	said  [][]byte
}

func (c tap) Write(b []byte) (int, error) {
	c.log.Lock()
	c.log.sides = append(c.log.sides, c.from)
	c.log.said = append(c.log.said, bytes.Clone(b))
	c.log.Unlock()
	return c.Conn.Write(b)
}

func newIdentity(t testing.TB, key any, names ...string) tls.Certificate {
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(1577836800, 0), NotAfter: time.Unix(4102444800, 0)}
	var public any
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		public = k.Public()
	case *rsa.PrivateKey:
		public = k.Public()
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, public, key)
	if err != nil {
		t.Fatal(err)
	}
	c, _ = x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: c}
}

// converse runs a connection of Go's crypto/tls and keeps what was said.
func converse(t testing.TB, client, server *tls.Config, clientFails bool) (*spoken, keyLog) {
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
	var keys bytes.Buffer
	client.KeyLogWriter = &keys
	log := &spoken{}
	c, s := tls.Client(tap{a, handshake.Client, log}, client), tls.Server(tap{b, handshake.Server, log}, server)
	done := make(chan error, 1)
	go func() {
		err := s.Handshake()
		if err == nil {
			_, err = s.Write([]byte("hello"))
		}
		done <- err
	}()
	err = c.Handshake()
	if err == nil {
		_, err = io.ReadFull(c, make([]byte, 5))
	}
	if (err != nil) != clientFails {
		t.Fatal(err)
	}
	a.Close()
	<-done
	return log, readLog(keys.Bytes())
}

// opened makes a transcript of what was said, with everything that the key log
// opens in place of the records that it came in.
func opened(t testing.TB, log *spoken, keys keyLog) ([]byte, *handshake.Transcript) {
	t.Helper()
	var octets []byte
	tr := &handshake.Transcript{}
	var random, serverRandom []byte
	var s suite.Suite
	var openers [3]*suite.Opener
	var phase [3]int
	version := uint16(0)
	var main []byte
	add := func(from handshake.Side, form handshake.Form, protected bool, b []byte) {
		tr.Parts = append(tr.Parts, handshake.Part{Off: len(octets), Len: len(b), From: from, Form: form, Protected: protected, Record: -1})
		octets = append(octets, b...)
	}
	names := [3][2]string{{}, {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0"}, {"SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"}}
	for i, b := range log.said {
		from := log.sides[i]
		for len(b) >= 5 {
			n := 5 + int(b[3])<<8 + int(b[4])
			typ, body, whole := b[0], b[5:n], b[:n]
			b = b[n:]
			if typ == 22 && openers[from] == nil && len(body) > 38 {
				switch body[0] {
				case 1:
					random = body[6:38]
				case 2:
					tree := field.NewTree(field.Limits{})
					h := handshake.Read(tree.ReaderWith(tree.Add(report.Source{Bytes: body}), nil))
					if sh := h.ServerHello(); sh != nil {
						serverRandom = sh.Random.Value
						s, _ = suite.Lookup(uint16(sh.Suite.Value))
						version = sh.Negotiated
					}
				}
			}
			if openers[from] == nil && typ != 22 && typ != 20 && typ != 21 || openers[from] == nil && phase[from] == 1 {
				var err error
				if version == TLS13 {
					secret, _ := keys.Secret(names[from][0], random)
					openers[from], err = s.Opener13(secret)
				} else {
					main, _ = keys.Secret("CLIENT_RANDOM", random)
					var c, sv *suite.Opener
					c, sv, err = s.Openers(version, main, random, serverRandom, false)
					openers[from] = c
					if from == handshake.Server {
						openers[from] = sv
					}
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if openers[from] == nil || typ == 20 {
				add(from, handshake.Records, false, whole)
				if typ == 20 && version == TLS12 {
					phase[from] = 1
				}
				continue
			}
			o, err := openers[from].Open(typ, 0x0303, body)
			if err != nil {
				t.Fatal(err)
			}
			form := map[uint8]handshake.Form{22: handshake.Messages, 21: handshake.Alerts, 23: handshake.Application}[o.Type]
			if len(o.Content) > 0 {
				add(from, form, true, o.Content)
			}
			if version == TLS13 && o.Type == 22 {
				for m := o.Content; len(m) >= 4; {
					if m[0] == 20 {
						secret, _ := keys.Secret(names[from][1], random)
						openers[from], _ = s.Opener13(secret)
					}
					k := 4 + int(m[1])<<16 + int(m[2])<<8 + int(m[3])
					if k > len(m) {
						break
					}
					m = m[k:]
				}
			}
		}
	}
	return octets, tr
}

func ecKey(t testing.TB) *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestCleanHandshakes: of what Go's crypto/tls does, nothing is found wrong, and
// the proofs hold.
func TestCleanHandshakes(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		name    string
		version uint16
		key     any
		client  bool // certificates of clients
		retry   bool
	}{
		{"TLS 1.2", tls.VersionTLS12, ecKey(t), false, false},
		{"TLS 1.2 with client certificate", tls.VersionTLS12, rsaKey, true, false},
		{"TLS 1.3", tls.VersionTLS13, ecKey(t), false, false},
		{"TLS 1.3 with client certificate", tls.VersionTLS13, rsaKey, true, false},
		{"TLS 1.3 after a HelloRetryRequest", tls.VersionTLS13, ecKey(t), false, true},
	} {
		t.Run(k.name, func(t *testing.T) {
			id, user := newIdentity(t, k.key, "www.example.org"), newIdentity(t, ecKey(t), "user.example.org")
			roots, users := x509.NewCertPool(), x509.NewCertPool()
			roots.AddCert(id.Leaf)
			users.AddCert(user.Leaf)
			client := &tls.Config{RootCAs: roots, ServerName: "www.example.org", MaxVersion: k.version, NextProtos: []string{"h2", "http/1.1"},
				ClientSessionCache: tls.NewLRUClientSessionCache(4)}
			server := &tls.Config{Certificates: []tls.Certificate{id}, NextProtos: []string{"http/1.1"}}
			if k.client {
				client.Certificates, server.ClientAuth, server.ClientCAs = []tls.Certificate{user}, tls.RequireAndVerifyClientCert, users
			}
			if k.retry {
				server.CurvePreferences = []tls.CurveID{tls.CurveP521}
			}
			var main []byte
			for _, again := range []bool{false, true} {
				log, keys := converse(t, client, server, false)
				// Go logs no resumption of TLS 1.2: its secret is that of the first connection.
				label := "CLIENT_RANDOM " + hex.EncodeToString(log.said[0][11:43])
				if main != nil && keys[label] == nil {
					keys[label] = main
				}
				main = keys[label]
				octets, tr := opened(t, log, keys)
				x := newEvidence()
				i := x.add("tls-handshake", octets, tr, -1)
				x.secret(keys)
				v, f := x.judged(i)
				if (v.Mode == Resumed) != again {
					t.Errorf("resumed: %v", v.Mode)
				}
				if f.Verdict.Status != report.Pass && f.Verdict.Status != report.Warn {
					t.Errorf("%+v", f.Verdict)
				}
				for _, g := range f.Checks {
					for _, row := range g.Children {
						switch g.ID {
						case groupReadable.ID, groupNegotiation.ID, groupEnd.ID, groupServer.ID:
							if row.Status != report.Pass {
								t.Errorf("%s: %s: %s", row.Status, row.ID, row.Why)
							}
						}
					}
				}
				proofs := []string{"tls.finished.verify"}
				if k.version == tls.VersionTLS13 && !again || k.client && !again {
					proofs = append(proofs, "tls.certificate.verify")
				}
				for _, id := range proofs {
					if row, ok := check.Find(f.Checks, id); !ok || row.Status != report.Pass {
						t.Errorf("%s does not hold: %+v", id, row)
					}
				}
			}
		})
	}
}

// TestFlippedOctets: no octet of the messages can be changed without notice,
// for the Finished cover them all.
func TestFlippedOctets(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		id := newIdentity(t, ecKey(t), "www.example.org")
		roots := x509.NewCertPool()
		roots.AddCert(id.Leaf)
		log, keys := converse(t, &tls.Config{RootCAs: roots, ServerName: "www.example.org", MaxVersion: version}, &tls.Config{Certificates: []tls.Certificate{id}}, false)
		octets, tr := opened(t, log, keys)
		read := func(b []byte) check.Finding {
			x := newEvidence()
			i := x.add("tls-handshake", b, tr, -1)
			x.secret(keys)
			_, f := x.judged(i)
			return f
		}
		if s := read(octets).Verdict.Status; s == report.Fail {
			t.Fatal("it fails as it is")
		}
		step := 1 + len(octets)/700
		for _, p := range tr.Parts {
			from := p.Off
			switch {
			case p.Form == handshake.Application, p.Form == handshake.Messages && octets[p.Off] == handshake.TypeNewSessionTicket:
				continue
			case p.Form == handshake.Records && octets[p.Off] == handshake.RecordCipherSpec:
				continue // what it holds is judged in TLS 1.3, and nothing covers it
			case p.Form == handshake.Records:
				from += 5
			}
			for i := from; i < p.Off+p.Len; i += step {
				b := bytes.Clone(octets)
				b[i] ^= 0x20
				f := read(b)
				// Of another client random the key log has no secret.
				row, _ := check.Find(f.Checks, "tls.finished.verify")
				if f.Verdict.Status != report.Fail && f.Verdict.Status != report.Open && row.Status == report.Pass {
					t.Errorf("%s: octet %d changed from %#x to %#x: %+v", tls.VersionName(version), i, octets[i], b[i], f.Verdict)
				}
			}
		}
	}
}

// FuzzJudge: two halves of whatever are judged, alone and as a transaction.
func FuzzJudge(f *testing.F) {
	f.Add([]byte("\x16\x03\x01\x00\x04\x01\x00\x00\x00"), []byte("\x15\x03\x03\x00\x02\x02\x28"))
	hello, _ := hex.DecodeString("0100002f0303" + strings.Repeat("11", 32) + "0000021301010000042b0002030400")
	f.Add(hello, []byte("\x02\x00\x00\x26\x03\x03"+strings.Repeat("\x22", 32)+"\x00\x13\x01\x00"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		x := newEvidence()
		one, two := x.add("tls-handshake", a, nil, -1), 0
		two = x.add("tls-handshake", b, nil, -1)
		three := x.add("new-session-ticket", b, nil, -1)
		for _, i := range []int{one, two, three} {
			x.judged(i)
		}
		c := x.context(-1)
		for _, talk := range Connections.Find(c) {
			Connections.Judge(c, talk.View)
		}
	})
}

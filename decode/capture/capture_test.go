package capture

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/internal/tiling"
	"derscope/decode/keylog"
	"derscope/decode/report"
	"derscope/testdata/pcapfile"
)

// open reads a capture with key logs beside it.
func open(t testing.TB, b []byte, logs ...string) *View {
	t.Helper()
	tree := field.NewTree(field.Limits{})
	c := Read(tree.Reader(tree.Add(report.Source{Name: "capture", Bytes: b})))
	ctx := &check.Context{Exhibits: []check.Exhibit{{Kind: "capture", Value: c}}}
	for i, l := range logs {
		log := keylog.Read(tree.Reader(tree.Add(report.Source{Name: "log", Bytes: []byte(l)})))
		ctx.Exhibits = append(ctx.Exhibits, check.Exhibit{Item: i + 1, Kind: "key-log", Value: log})
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Error(err)
	}
	return look(ctx, c)
}

// relay records what passes between two sides into a connection of a recording.
type relay struct {
	mu sync.Mutex
	c  *pcapfile.Conn
}

func (r *relay) copy(to, from net.Conn, side int) {
	b := make([]byte, 1<<16)
	for {
		n, err := from.Read(b)
		r.mu.Lock()
		r.c.Send(side, b[:n])
		r.mu.Unlock()
		if n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if c, ok := to.(interface{ CloseWrite() error }); ok {
				c.CloseWrite()
			}
			return
		}
	}
}

// listen relays one connection after the other to an address, and records them.
func listen(t *testing.T, rec *pcapfile.Recording, to string) (addr string, wait func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var all sync.WaitGroup
	var mu sync.Mutex
	go func() {
		for n := 0; ; n++ {
			a, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", to)
			if err != nil {
				a.Close()
				return
			}
			mu.Lock()
			r := &relay{c: rec.Dial(fmt.Sprintf("192.0.2.1:%d", 40000+n), "192.0.2.2:443")}
			mu.Unlock()
			all.Add(2)
			go func() { defer all.Done(); r.copy(b, a, pcapfile.Client) }()
			go func() { defer all.Done(); r.copy(a, b, pcapfile.Server) }()
		}
	}()
	return l.Addr().String(), all.Wait
}

func certificate(t testing.TB) tls.Certificate {
	t.Helper()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"a.example"}}
	k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: k}
}

// goPair speaks TLS over a relay twice, the second time resumed, and gives the
// recording and the key log.
func goPair(t *testing.T, version uint16, suites ...uint16) (*pcapfile.Recording, string) {
	t.Helper()
	server := &tls.Config{Certificates: []tls.Certificate{certificate(t)}, MinVersion: version, MaxVersion: version, CipherSuites: suites}
	l, err := tls.Listen("tcp", "127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
	rec := &pcapfile.Recording{}
	addr, wait := listen(t, rec, l.Addr().String())
	var log strings.Builder
	client := &tls.Config{InsecureSkipVerify: true, ServerName: "a.example", MinVersion: version, MaxVersion: version, CipherSuites: suites,
		KeyLogWriter: &log, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
	for range 2 {
		c, err := tls.Dial("tcp", addr, client)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "hello "+strings.Repeat("x", 20000))
		if _, err := io.ReadFull(c, make([]byte, 20006)); err != nil {
			t.Fatal(err)
		}
		c.CloseWrite()
		io.ReadAll(c)
		c.Close()
		wait()
	}
	return rec, log.String()
}

// readable checks that every record of every connection opened.
func readable(t *testing.T, v *View, want int) {
	t.Helper()
	if len(v.TLS) != want {
		t.Fatalf("%d TLS connections, want %d", len(v.TLS), want)
	}
	for _, c := range v.TLS {
		if s := c.tls; s.protected == 0 || s.opened != s.protected {
			t.Errorf("%s: %d of %d records open: %s %s missing %v", c, s.opened, s.protected, s.failed, s.lost, s.missing)
		}
	}
}

func TestOpensGo(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			var suites []uint16
			if version == tls.VersionTLS10 {
				suites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}
			}
			rec, log := goPair(t, version, suites...)
			for name, b := range map[string][]byte{"pcap": rec.PCAP(), "pcapng": rec.PCAPNG("")} {
				v := open(t, b, log)
				readable(t, v, 2)
				for _, c := range v.TLS {
					for side, text := range c.tls.text {
						if want := "hello " + strings.Repeat("x", 20000); string(text) != want {
							t.Errorf("%s: side %d sent %d octets of data, want %d", name, side, len(text), len(want))
						}
					}
					covers(t, c)
				}
			}
			// Without the key log nothing opens, and with a wrong secret it is said where.
			if v := open(t, rec.PCAP()); v.TLS[0].tls.opened != 0 || v.TLS[0].tls.fits {
				t.Error("records open without a key log")
			}
			wrong := strings.Split(strings.TrimSpace(log), "\n")
			for i := range wrong {
				end := "00"
				if strings.HasSuffix(wrong[i], end) {
					end = "11"
				}
				wrong[i] = wrong[i][:len(wrong[i])-2] + end
			}
			if v := open(t, rec.PCAP(), strings.Join(wrong, "\n")); v.TLS[0].tls.opened != 0 || v.TLS[0].tls.failed == "" || !v.TLS[0].tls.fits {
				t.Errorf("a wrong secret: %+v", v.TLS[0].tls.failed)
			}
		})
	}
}

// covers checks that the parts of the transcript cover its octets, in order.
func covers(t *testing.T, c *Connection) {
	t.Helper()
	at := 0
	for _, p := range c.tls.parts {
		if p.Off != at {
			t.Fatalf("a part begins at %d, want %d", p.Off, at)
		}
		if p.Form == handshake.Records && p.Len < 5 {
			t.Errorf("a record of %d octets", p.Len)
		}
		at += p.Len
	}
	if at != len(c.tls.out) {
		t.Errorf("the parts end at %d of %d", at, len(c.tls.out))
	}
}

// However segments are lost, repeated and moved, the stream is the one that was
// sent, or has a gap where it was lost.
func TestReassembly(t *testing.T) {
	sent := bytes.Repeat([]byte("0123456789abcdef"), 200)
	record := func() (*pcapfile.Recording, *pcapfile.Conn) {
		r := &pcapfile.Recording{Segment: 100}
		c := r.Dial("192.0.2.1:1234", "192.0.2.2:80")
		c.Send(pcapfile.Client, sent) // over the end of the sequence numbers
		return r, c
	}
	stream := func(r *pcapfile.Recording) *Stream {
		t.Helper()
		v := open(t, r.PCAP())
		if len(v.Connections) != 1 {
			t.Fatalf("%d connections, want 1", len(v.Connections))
		}
		return &v.Connections[0].Streams[0]
	}
	whole := func(name string, s *Stream) {
		t.Helper()
		if !bytes.Equal(s.Bytes, sent) || len(s.Gaps) > 0 {
			t.Errorf("%s: %d octets and %d gaps, want %d and 0", name, len(s.Bytes), len(s.Gaps), len(sent))
		}
	}
	r, _ := record()
	whole("in order", stream(r))
	r, _ = record()
	slices.Reverse(r.Packets[3:])
	if s := stream(r); s.Late == 0 {
		t.Error("what came backwards is in order")
	} else {
		whole("backwards", s)
	}
	r, _ = record()
	r.Packets = append(r.Packets, r.Packets[5:9]...)
	if s := stream(r); s.Again != 400 {
		t.Errorf("%d octets came again, want 400", s.Again)
	} else {
		whole("repeated", s)
	}
	r, _ = record()
	other := r.Packets[6]
	other.Data = bytes.Clone(other.Data)
	other.Data[len(other.Data)-1] ^= 1
	r.Packets = append(r.Packets, other)
	if s := stream(r); len(s.Differ) != 1 || s.Differ[0].At != 399 || s.Differ[0].Packet != 7 {
		t.Errorf("the difference is %+v", s.Differ)
	} else {
		whole("altered copy", s)
	}
	r, _ = record()
	r.Packets = slices.Delete(r.Packets, 5, 7)
	if s := stream(r); len(s.Gaps) != 1 || s.Gaps[0].At != 200 || s.Gaps[0].Len != 200 || len(s.Bytes) != len(sent)-200 {
		t.Errorf("the gaps are %+v", s.Gaps)
	}
	r = &pcapfile.Recording{Segment: 100, Snap: 100}
	r.Dial("192.0.2.1:1234", "192.0.2.2:80").Send(pcapfile.Client, sent)
	if s := stream(r); len(s.Gaps) != len(sent)/100 || !s.Gaps[0].Cut || !s.Gaps[len(s.Gaps)-1].Cut {
		t.Errorf("%d gaps of a cut capture, want %d", len(s.Gaps), len(sent)/100)
	}
	// The same ports again are another connection.
	r, c := record()
	c.Close()
	c2 := r.Dial("192.0.2.1:1234", "192.0.2.2:80")
	c2.Seq[0] += 7777
	r.Packets = r.Packets[:len(r.Packets)-3]
	c3 := r.Resume("192.0.2.1:1234", "192.0.2.2:80")
	c3.Seq[0] = 99
	c3.Send(pcapfile.Client, []byte("unrelated"))
	if v := open(t, r.PCAP()); len(v.Connections) != 1 {
		t.Errorf("%d connections without a new SYN, want 1", len(v.Connections))
	}
}

// The same recording reads the same whatever it was recorded on.
func TestLinks(t *testing.T) {
	for _, r := range []pcapfile.Recording{{}, {VLANs: []int{7}}, {VLANs: []int{7, 8}}, {Link: 101}, {Link: 108}, {Link: 113}, {Link: 276}, {Big: true}, {Nanos: true}} {
		for _, ends := range [][2]string{{"192.0.2.1:1234", "192.0.2.2:80"}, {"[2001:db8::1]:1234", "[2001:db8::2]:80"}} {
			r.Packets = nil
			c := r.Dial(ends[0], ends[1])
			c.Send(pcapfile.Client, []byte("GET / HTTP/1.1\r\n\r\n"))
			c.Close()
			for name, b := range map[string][]byte{"pcap": r.PCAP(), "pcapng": r.PCAPNG("")} {
				v := open(t, b)
				if len(v.Connections) != 1 || string(v.Connections[0].Streams[0].Bytes) != "GET / HTTP/1.1\r\n\r\n" {
					t.Errorf("%s of link %d, %s: %d connections", name, r.Link, ends[0], len(v.Connections))
					continue
				}
				if want := time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC); !v.Begin.Equal(want) {
					t.Errorf("%s of link %d begins at %v, want %v", name, r.Link, v.Begin, want)
				}
			}
		}
	}
}

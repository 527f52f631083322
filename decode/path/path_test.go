package path

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// TestAgreesWithX509 holds the search against that of crypto/x509, on graphs
// whose certificates are wrong in one of many ways.
func TestAgreesWithX509(t *testing.T) {
	good := 0
	for n := range 400 {
		r := rand.New(rand.NewPCG(uint64(n), 7))
		b := make([]byte, 400)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		d := dice{b}
		g := d.graph(t, 12)
		p, err := g.pool().Find(g.leaf.ours, Options{At: noon}), g.verify()
		if p.Holds() != (err == nil) {
			t.Errorf("graph %d: %s\nx509: %v", n, p.Why(), err)
		}
		if p.Holds() {
			good++
		}
		holdsTogether(t, g.pool(), p)
	}
	if good < 20 {
		t.Errorf("only %d graphs have a path: the comparison says little", good)
	}
}

// holdsTogether says whether the steps of a path are what they claim to be.
func holdsTogether(t *testing.T, pool *Pool, p *Path) {
	t.Helper()
	if n := len(p.Steps); n == 0 || n > Depth {
		t.Fatalf("a path of %d steps", n)
	}
	for i, s := range p.Steps {
		if s.Anchor && (i != len(p.Steps)-1 || !pool.IsAnchor(s.Certificate)) {
			t.Errorf("step %d is called an anchor", i)
		}
		if i == 0 {
			continue
		}
		below := p.Steps[i-1].Certificate
		if _, named := below.Issuer.Equal(s.Certificate.Subject); !named {
			t.Errorf("step %d is not named by the one below", i)
		}
		if o := below.SignedByKey(s.Certificate.PublicKey).Outcome; o != sig.Valid {
			t.Errorf("step %d did not sign the one below: %s", i, o)
		}
	}
	if i, a := p.Break(); (i < 0) != (p.bad == 0) || i >= 0 && a.Why == "" {
		t.Errorf("%d faults, and the first is %d %q", p.bad, i, a.Why)
	}
	if !strings.HasSuffix(p.Why(), ".") || strings.Contains(p.Why(), "%!") {
		t.Errorf("a text: %q", p.Why())
	}
}

func FuzzFind(f *testing.F) {
	f.Add([]byte("a few certificates"))
	f.Add([]byte(strings.Repeat("\x05\x01\x02\x03\x04\x09\x01\x01", 40)))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := dice{b}
		g := d.graph(t, 24)
		pool := g.pool()
		for _, o := range []Options{{At: noon}, {}, {At: noon, OpenSSL: true}} {
			s := pool.search(g.leaf.ours, o)
			if s.pairs > Pairs || s.signatures > Signatures {
				t.Fatalf("%d pairs, %d signatures", s.pairs, s.signatures)
			}
			holdsTogether(t, pool, s.best)
		}
		if err := g.verify(); pool.Find(g.leaf.ours, Options{At: noon}).Holds() != (err == nil) {
			t.Errorf("%s\nx509: %v", pool.Find(g.leaf.ours, Options{At: noon}).Why(), err)
		}
	})
}

// A maze of CAs of which each has certified each other leads nowhere: the search
// ends within its bounds.
func TestMazeEnds(t *testing.T) {
	const n = 24
	var others []*cert.Certificate
	for i := range n {
		for j := range n {
			if i != j {
				c := ca(fmt.Sprintf("CA %d", i), i)
				c.SerialNumber = big.NewInt(int64(i*n + j + 2))
				others = append(others, issue(t, c, fmt.Sprintf("CA %d", j), i, j).ours)
			}
		}
	}
	leaf := issue(t, x509.Certificate{Subject: pkix.Name{CommonName: "leaf"}}, "CA 0", 100, 0).ours
	s := NewPool(nil, others).search(leaf, Options{At: noon})
	if s.pairs > Pairs || s.signatures > Signatures || s.best.Holds() {
		t.Errorf("%d pairs, %d signatures, holds %t", s.pairs, s.signatures, s.best.Holds())
	}
	if p := NewPool(nil, others).Find(leaf, Options{At: noon}); p.Limit == "" {
		t.Error("no bound is named")
	}
}

// TestWhy shows what a path says of the first step that breaks.
func TestWhy(t *testing.T) {
	root := issue(t, ca("Root", 1), "Root", 1, 1)
	sub := func(change func(c *x509.Certificate)) made {
		c := ca("Sub", 2)
		c.SerialNumber = big.NewInt(7)
		if change != nil {
			change(&c)
		}
		return issue(t, c, "Root", 2, 1)
	}
	leaf := issue(t, x509.Certificate{Subject: pkix.Name{CommonName: "leaf"}, DNSNames: []string{"a.example.com"}}, "Sub", 3, 2)
	for _, c := range []struct {
		name    string
		anchors []made
		others  []made
		o       Options
		holds   bool
		want    string
	}{
		{"good", []made{root}, []made{sub(nil)}, Options{At: noon}, true, "leaf → Sub → Root (anchor)."},
		{"no anchor", nil, []made{sub(nil), root}, Options{At: noon}, false, "Root is signed with its own key and is no anchor here."},
		{"a gap", []made{root}, nil, Options{At: noon}, false, "leaf is issued by CN=Sub, whose certificate is not at hand."},
		{"an anchor below the root", []made{sub(nil)}, nil, Options{At: noon}, true, "leaf → Sub (anchor)."},
		{"the same for OpenSSL", []made{sub(nil)}, nil, Options{At: noon, OpenSSL: true}, false, "Sub is issued by CN=Root, whose certificate is not at hand."},
		{"expired", []made{root}, []made{sub(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = noon.Add(-2*time.Hour), noon.Add(-time.Hour) })},
			Options{At: noon}, false, "Sub ended 2026-11-20 11:00:00 UTC, 1 h ago."},
		{"no CA", []made{root}, []made{sub(func(c *x509.Certificate) { c.IsCA = false })}, Options{At: noon}, false, "Sub has CA:FALSE: it is no CA."},
		{"key usage", []made{root}, []made{sub(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign })}, Options{At: noon}, false,
			"The key of Sub may be used for cRLSign, and so not to sign certificates."},
		{"names", []made{root}, []made{sub(func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"example.org"} })}, Options{At: noon}, false,
			"The name constraints of Sub do not allow DNS:a.example.com of leaf."},
		{"another key", []made{root}, []made{issue(t, ca("Sub", 9), "Root", 9, 1)}, Options{At: noon}, false,
			"Sub has the name of the issuer of leaf, and its key did not sign it: "},
		{"no time", []made{root}, []made{sub(nil)}, Options{}, true, "Whether leaf is valid depends on the time, which is not given."},
	} {
		g := graph{leaf: leaf, anchors: c.anchors, others: c.others}
		p := g.pool().Find(leaf.ours, c.o)
		if p.Holds() != c.holds || !strings.Contains(p.Why(), c.want) {
			t.Errorf("%s: holds %t: %s", c.name, p.Holds(), p.Why())
		}
	}
}

// TestWithin compares names with subtrees of their form.
func TestWithin(t *testing.T) {
	for _, c := range []struct {
		choice     cert.Choice
		name, base string
		in, known  bool
	}{
		{cert.DNSName, "www.example.org", "example.org", true, true},
		{cert.DNSName, "example.org", "example.org", true, true},
		{cert.DNSName, "badexample.org", "example.org", false, true},
		{cert.DNSName, "WWW.Example.org.", "example.org", true, true},
		{cert.DNSName, "example.org", ".example.org", false, true},
		{cert.DNSName, "anything", "", true, true},
		{cert.RFC822Name, "a@example.org", "example.org", true, true},
		{cert.RFC822Name, "a@mail.example.org", "example.org", false, true},
		{cert.RFC822Name, "a@mail.example.org", ".example.org", true, true},
		{cert.RFC822Name, "a@example.org", "a@EXAMPLE.org", true, true},
		{cert.RFC822Name, "A@example.org", "a@example.org", false, true},
		{cert.RFC822Name, "nobody", "example.org", false, false},
		{cert.URI, "https://u:p@example.org:8443/x", "example.org", true, true},
		{cert.URI, "https://www.example.org/", ".example.org", true, true},
		{cert.URI, "https://www.example.org?q=@other.test", ".example.org", true, true},
		{cert.URI, "urn:uuid:1", "example.org", false, false},
		{cert.RegisteredID, "1.2.3", "1.2.3", false, false},
	} {
		in, known := within(cert.GeneralName{Choice: c.choice, Text: c.name}, cert.GeneralName{Choice: c.choice, Text: c.base})
		if in != c.in || known != c.known {
			t.Errorf("%s in %q: %t, known %t", c.name, c.base, in, known)
		}
	}
	four := cert.GeneralName{Choice: cert.IPAddress, Octets: []byte{192, 0, 2, 7}}
	for base, want := range map[string]bool{"\xc0\x00\x02\x00\xff\xff\xff\x00": true, "\xc0\x00\x03\x00\xff\xff\xff\x00": false, strings.Repeat("\x00", 32): false} {
		if in, known := within(four, cert.GeneralName{Choice: cert.IPAddress, Octets: []byte(base)}); in != want || !known {
			t.Errorf("192.0.2.7 in %x: %t, known %t", base, in, known)
		}
	}
}

func TestStatus(t *testing.T) {
	root := issue(t, ca("Root", 1), "Root", 1, 1)
	g := graph{leaf: issue(t, x509.Certificate{Subject: pkix.Name{CommonName: "leaf"}}, "Root", 3, 1), anchors: []made{root}}
	for at, want := range map[time.Time]report.Status{noon: report.Pass, {}: report.Open, noon.Add(9 * time.Hour): report.Fail} {
		if p := g.pool().Find(g.leaf.ours, Options{At: at}); p.Status() != want {
			t.Errorf("at %s: %s", at, p.Status())
		}
	}
}

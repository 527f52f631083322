package path

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/report"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// key is the same key for a number, always.
func key(n int) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	seed[0], seed[1] = byte(n), 1
	return ed25519.NewKeyFromSeed(seed)
}

// made is a certificate in both worlds.
type made struct {
	ours   *cert.Certificate
	theirs *x509.Certificate
}

// issue makes a certificate for the key of a number, signed with that of another.
func issue(t testing.TB, c x509.Certificate, issuer string, subjectKey, issuerKey int) made {
	t.Helper()
	if c.SerialNumber == nil {
		c.SerialNumber = big.NewInt(1)
	}
	if c.NotBefore.IsZero() {
		c.NotBefore, c.NotAfter = noon.Add(-time.Hour), noon.Add(time.Hour)
	}
	parent := x509.Certificate{Subject: pkix.Name{CommonName: issuer}, SubjectKeyId: c.AuthorityKeyId}
	b, err := x509.CreateCertificate(nil, &c, &parent, key(subjectKey).Public(), key(issuerKey))
	if err != nil {
		t.Fatal(err)
	}
	x, err := x509.ParseCertificate(b)
	if err != nil {
		t.Fatal(err)
	}
	tree := field.NewTree(field.Limits{})
	k := cert.ReadCertificate(tree.Reader(tree.Add(report.Source{Bytes: b})), "certificate")
	if !k.OK {
		t.Fatalf("%s cannot be read: %v", c.Subject, tree.Faults)
	}
	return made{k, x}
}

// ca is a good CA; its key identifier is that of its key.
func ca(name string, k int) x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, MaxPathLen: -1,
		KeyUsage: x509.KeyUsageCertSign, SubjectKeyId: []byte{byte(k)}}
}

// dice hands out choices from octets; what is used up is all zeros.
type dice struct{ b []byte }

func (d *dice) below(n int) int {
	if len(d.b) == 0 {
		return 0
	}
	v := int(d.b[0]) % n
	d.b = d.b[1:]
	return v
}

// graph is certificates of few names and keys, so that many lead to many.
type graph struct {
	leaf            made
	anchors, others []made
}

func (d *dice) graph(t testing.TB, most int) graph {
	const names, keys = 4, 6
	var g graph
	n := 2 + d.below(most)
	for i := range n {
		subject, issuer := d.below(names), d.below(names)
		sk, ik := d.key(subject, keys), d.key(issuer, keys)
		c := ca(fmt.Sprintf("CA %d", subject), sk)
		c.SerialNumber = big.NewInt(int64(i + 2))
		switch d.below(16) {
		case 0:
			c.NotBefore, c.NotAfter = noon.Add(-2*time.Hour), noon.Add(-time.Hour)
		case 1:
			c.IsCA = false
		case 2:
			c.KeyUsage = x509.KeyUsageDigitalSignature
		case 3:
			c.MaxPathLen, c.MaxPathLenZero = d.below(2), true
		case 4:
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.org"}
		case 5:
			c.ExcludedDNSDomains = []string{"example.org"}
		case 6:
			c.PermittedIPRanges = []*net.IPNet{{IP: net.IP{192, 0, 2, 0}, Mask: net.CIDRMask(24, 32)}}
		case 7:
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 999, 7}, Critical: true, Value: []byte{5, 0}}}
		}
		if d.below(3) == 0 {
			c.AuthorityKeyId = []byte{byte(ik)}
		}
		if subject == issuer && sk != ik {
			ik = sk // one CA of its own: what is self-issued with another key, x509 counts otherwise
		}
		k := issue(t, c, fmt.Sprintf("CA %d", issuer), sk, ik)
		if d.below(4) == 0 {
			g.anchors = append(g.anchors, k)
		} else {
			g.others = append(g.others, k)
		}
	}
	leaf := x509.Certificate{Subject: pkix.Name{CommonName: "leaf"}, DNSNames: []string{"www.example.org"}, IPAddresses: []net.IP{{192, 0, 2, 7}}}
	if d.below(8) == 0 {
		leaf.NotBefore, leaf.NotAfter = noon.Add(time.Hour), noon.Add(2*time.Hour)
	}
	issuer := d.below(names)
	g.leaf = issue(t, leaf, fmt.Sprintf("CA %d", issuer), 100, d.key(issuer, keys))
	return g
}

// key is that of a name, or sometimes another.
func (d *dice) key(name, keys int) int {
	if d.below(4) == 0 {
		return d.below(keys)
	}
	return name
}

func (g *graph) pool() *Pool {
	var anchors, others []*cert.Certificate
	for _, k := range g.anchors {
		anchors = append(anchors, k.ours)
	}
	for _, k := range g.others {
		others = append(others, k.ours)
	}
	return NewPool(anchors, others)
}

// verify is what crypto/x509 says.
func (g *graph) verify() error {
	roots, others := x509.NewCertPool(), x509.NewCertPool()
	for _, k := range g.anchors {
		roots.AddCert(k.theirs)
	}
	for _, k := range g.others {
		others.AddCert(k.theirs)
	}
	_, err := g.leaf.theirs.Verify(x509.VerifyOptions{Roots: roots, Intermediates: others, CurrentTime: noon, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}

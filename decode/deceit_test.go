package decode

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"derscope/decode/report"
)

// authority is a CA with two leaves, and signs whatever is asked of it.
type authority struct {
	key                  *ecdsa.PrivateKey
	certificate          *x509.Certificate
	issuer, leaf, second []byte
}

var deceitAt = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: deceitAt.AddDate(-1, 0, 0), NotAfter: deceitAt.AddDate(1, 0, 0)}
	if a.issuer, err = x509.CreateCertificate(rand.Reader, ca, ca, &a.key.PublicKey, a.key); err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(a.issuer); err != nil {
		t.Fatal(err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i, leaf := range []*[]byte{&a.leaf, &a.second} {
		c := &x509.Certificate{SerialNumber: big.NewInt(int64(10 + i)), Subject: pkix.Name{CommonName: "leaf"},
			NotBefore: deceitAt.AddDate(-1, 0, 0), NotAfter: deceitAt.AddDate(1, 0, 0)}
		if *leaf, err = x509.CreateCertificate(rand.Reader, c, a.certificate, &leafKey.PublicKey, a.key); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func node(tag byte, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	b, err := asn1.Marshal(asn1.RawValue{Class: int(tag >> 6), Tag: int(tag & 31), IsCompound: tag&0x20 != 0, Bytes: content})
	if err != nil {
		panic(err)
	}
	return b
}

func numberOf(n int64) []byte { return node(2, big.NewInt(n).Bytes()) }

var (
	sha1ID    = node(6, []byte{0x2b, 14, 3, 2, 26})
	strangeID = node(6, []byte{0x2a, 3, 4, 5})
	isGood    = node(0x80)
	isRevoked = node(0xa1, node(24, []byte("20261101000000Z")))
)

// entry is a SingleResponse of the authority.
func (a *authority) entry(hash []byte, serial int64, status []byte) []byte {
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(a.certificate.RawSubjectPublicKeyInfo, &spki); err != nil {
		panic(err)
	}
	name, key := sha1.Sum(a.certificate.RawSubject), sha1.Sum(spki.Key.Bytes)
	id := node(0x30, node(0x30, hash), node(4, name[:]), node(4, key[:]), numberOf(serial))
	return node(0x30, id, status, node(24, []byte("20261120060000Z")), node(0xa0, node(24, []byte("20261124060000Z"))))
}

// response signs entries.
func (a *authority) response(t *testing.T, certs []byte, entries ...[]byte) []byte {
	t.Helper()
	tbs := node(0x30, node(0xa1, a.certificate.RawSubject), node(24, []byte("20261120060000Z")), node(0x30, entries...))
	sum := sha256.Sum256(tbs)
	s, err := a.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	ecdsaSHA256 := node(0x30, node(6, []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2}))
	basic := [][]byte{tbs, ecdsaSHA256, node(3, []byte{0}, s)}
	if certs != nil {
		basic = append(basic, node(0xa0, node(0x30, certs)))
	}
	kind := node(6, []byte{0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1})
	return node(0x30, node(10, []byte{0}), node(0xa0, node(0x30, kind, node(4, node(0x30, basic...)))))
}

// lengthened writes the length of an element in more octets than needed.
func lengthened(b []byte) []byte {
	if b[1] < 0x80 {
		return append([]byte{b[0], 0x81}, b[1:]...)
	}
	return append([]byte{b[0], b[1] + 1, 0}, b[2:]...)
}

// others are entries for n certificates that nobody asks about.
func (a *authority) others(n int) (list [][]byte) {
	for i := range n {
		list = append(list, a.entry(sha1ID, int64(1000+i), isGood))
	}
	return list
}

// What was made to look good and is not; the first one is, and so is one whose
// issuer stands beside a namesake.
func TestNothingHidesBehindGood(t *testing.T) {
	a := newAuthority(t)
	good := a.entry(sha1ID, 10, isGood)
	far := append(append([][]byte{good}, a.others(1200)...), lengthened(a.entry(sha1ID, 999, isGood)))
	for _, c := range []struct {
		what   string
		in     []Input
		status report.Status
		cert   string
	}{
		{"nothing", []Input{{Bytes: a.response(t, nil, good)}, {Bytes: a.issuer}, {Bytes: a.leaf}}, report.Pass, "good"},
		{"a revocation in an unknown hash", []Input{{Bytes: a.response(t, nil, good, a.entry(strangeID, 10, isRevoked))}, {Bytes: a.issuer}, {Bytes: a.leaf}}, report.Open, "good"},
		{"an unknown hash and another's entry", []Input{{Bytes: a.response(t, nil, a.entry(strangeID, 10, isGood), a.entry(sha1ID, 11, isGood))}, {Bytes: a.issuer}, {Bytes: a.leaf, Role: "subject"}}, report.Open, "none"},
		{"the revocation of the second subject", []Input{{Bytes: a.response(t, nil, good, a.entry(sha1ID, 11, isRevoked))}, {Bytes: a.issuer},
			{Bytes: a.leaf, Role: "subject"}, {Bytes: a.second, Role: "subject"}}, report.Fail, "revoked"},
		{"the revocation of the second certificate", []Input{{Bytes: a.response(t, nil, good, a.entry(sha1ID, 11, isRevoked))}, {Bytes: a.issuer}, {Bytes: a.leaf}, {Bytes: a.second}}, report.Fail, "revoked"},
		{"BER far down the list", []Input{{Bytes: a.response(t, nil, far...)}, {Bytes: a.issuer}, {Bytes: a.leaf}}, report.Fail, "good"},
		{"a revocation far down the list", []Input{{Bytes: a.response(t, nil, append(far[:1200:1200], a.entry(sha1ID, 10, isRevoked))...)}, {Bytes: a.issuer}, {Bytes: a.leaf}}, report.Fail, "revoked"},
		{"a CA in the response alone", []Input{{Bytes: a.response(t, a.issuer, good)}}, report.Open, "good"},
		{"an issuer among others", []Input{{Bytes: a.response(t, nil, good)}, {Bytes: newAuthority(t).issuer, Role: "issuer"}, {Bytes: a.issuer, Role: "issuer"}, {Bytes: a.leaf}}, report.Warn, "good"},
		{"faults of what came before", []Input{{Bytes: node(0x30, slices.Repeat([]byte{1, 0}, 3000))},
			{Bytes: lengthened(a.response(t, nil, good))}, {Bytes: a.issuer}, {Bytes: a.leaf}}, report.Fail, "good"},
	} {
		r := Load(c.in, Limits{}).Report(Options{At: deceitAt, Clients: []string{}})
		it := first(t, r, "ocsp-response")
		if it.Verdict.Status != c.status || member(it, "certStatus") != c.cert {
			t.Errorf("behind good stands %s: the verdict is %s (%s), certStatus %s; want %s and %s", c.what,
				it.Verdict.Status, it.Verdict.Headline, member(it, "certStatus"), c.status, c.cert)
		}
		if proven := member(it, "proven"); c.what == "a CA in the response alone" && proven != "open" {
			t.Errorf("%s: proven %s", c.what, proven)
		}
	}
}

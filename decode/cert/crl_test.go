package cert

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/testdata/bigcrl"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// zero is a source of nothing but zeros: what is made with it is always the same.
type zero struct{}

func (zero) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// key derives a key from a word.
func key(t testing.TB, word string) *ecdsa.PrivateKey {
	t.Helper()
	d := sha256.Sum256([]byte(word))
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// authority makes a CA.
func authority(t testing.TB) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	k := key(t, "ca")
	b, err := x509.CreateCertificate(zero{}, &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Test CA", Organization: []string{"A, B"}},
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Test CA", Organization: []string{"A, B"}},
	}, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(b)
	if err != nil {
		t.Fatal(err)
	}
	return c, k
}

// leaf makes a certificate of the CA; change may alter its template.
func leaf(t testing.TB, change func(*x509.Certificate)) []byte {
	t.Helper()
	ca, k := authority(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x1234), Subject: pkix.Name{CommonName: "www.example.org"}, DNSNames: []string{"www.example.org"},
		NotBefore: noon.AddDate(0, -1, 0), NotAfter: noon.AddDate(0, 1, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		OCSPServer: []string{"http://ocsp.example.org"},
	}
	if change != nil {
		change(template)
	}
	b, err := x509.CreateCertificate(zero{}, template, ca, key(t, "leaf").Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// list makes a CRL of the CA.
func list(t testing.TB, serials ...int64) []byte {
	t.Helper()
	ca, k := authority(t)
	template := &x509.RevocationList{Number: big.NewInt(3), ThisUpdate: noon.AddDate(0, 0, -1), NextUpdate: noon.AddDate(0, 0, 6)}
	for _, s := range serials {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: big.NewInt(s), RevocationTime: noon.AddDate(0, 0, -2), ReasonCode: 1})
	}
	b, err := x509.CreateRevocationList(zero{}, template, ca, k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exhibit is octets with the kind that reads them.
type exhibit struct {
	kind *check.Kind
	b    []byte
}

// judge judges the first exhibit with the others beside it.
func judge(t testing.TB, at time.Time, list ...exhibit) check.Finding {
	t.Helper()
	c := check.Context{At: at}
	for i, e := range list {
		tree := field.NewTree(field.Limits{})
		r := tree.Reader(tree.Add(report.Source{Bytes: e.b}))
		c.Exhibits = append(c.Exhibits, check.Exhibit{Item: i, Kind: e.kind.Name, Value: e.kind.Read(r), Source: e.b})
		if i == 0 {
			c.Faults, c.Source = tree.Faults, e.b
		}
	}
	return list[0].kind.Judge(&c, list[0].kind.View(&c, c.Exhibits[0].Value))
}

func TestCRL(t *testing.T) {
	b := list(t, 5, 0x1234, 9)
	want, err := x509.ParseRevocationList(b)
	if err != nil {
		t.Fatal(err)
	}
	l, tree := read(t, b, func(r *field.Reader) *CRL { return ReadCRL(r, "certificateList") })
	number, _ := l.Number()
	if !l.OK || len(tree.Faults) > 0 || !bytes.Equal(l.TBS, want.RawTBSRevocationList) || !bytes.Equal(l.Issuer.Raw, want.RawIssuer) ||
		!l.ThisUpdate.Value.Equal(want.ThisUpdate) || !l.NextUpdate.Value.Equal(want.NextUpdate) || number.Big().Cmp(want.Number) != 0 {
		t.Errorf("read otherwise than x509 does: %+v %v", l, tree.Faults)
	}
	for i, w := range want.RevokedCertificateEntries {
		e := l.Entry(i)
		reason, _ := e.Reason()
		if e.Fault != "" || e.Serial.Big().Cmp(w.SerialNumber) != 0 || !e.Date.Equal(w.RevocationTime) || int(reason) != w.ReasonCode {
			t.Errorf("entry %d is %+v, x509 reads %+v", i, e, w)
		}
	}
	if i, ok := l.Find([]byte{0x12, 0x34}); !ok || i != 1 {
		t.Errorf("Find gives %d %v, want entry 1", i, ok)
	}
	if _, ok := l.Find([]byte{0x12}); ok {
		t.Error("a serial number that is not listed was found")
	}
}

// TestLongCRL opens entries far down a list and compares them with the checks'
// view of them.
func TestLongCRL(t *testing.T) {
	b := bigcrl.CRL(2500)
	l, tree := read(t, b, func(r *field.Reader) *CRL { return ReadCRL(r, "certificateList") })
	if !l.OK || len(l.Entries) != 2500 || len(tree.Lists) != 1 {
		t.Fatalf("%v: %d entries, %d long lists", tree.Faults, len(l.Entries), len(tree.Lists))
	}
	for _, i := range []int{1000, 1999, 2499} {
		nodes := tree.Open(l.Revoked, i, 1)
		if len(nodes) == 0 || !strings.HasPrefix(nodes[0].Value, l.Entry(i).Serial.Text()+", ") {
			t.Errorf("entry %d opens as %+v, want %s", i, nodes, l.Entry(i).Serial.Text())
		}
	}
	if _, _, found := l.Twins(); found {
		t.Error("twins where there are none")
	}
}

// TestVerdict: what a certificate, a CRL and a request come to, with and
// without what would settle it.
func TestVerdict(t *testing.T) {
	ca, _ := authority(t)
	root := exhibit{&Certificates, ca.Raw}
	other := leaf(t, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA256 })
	forged := bytes.Clone(other)
	forged[len(forged)-1] ^= 1
	request, err := x509.CreateCertificateRequest(zero{}, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "new.example.org"}, DNSNames: []string{"new.example.org"}}, key(t, "leaf"))
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(request, []byte("new.example.org"), []byte("bad.example.org"), 1)
	poison := leaf(t, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}, Critical: true, Value: []byte{5, 0}}}
	})
	staple := func(value ...byte) []byte {
		return leaf(t, func(c *x509.Certificate) {
			c.OCSPServer = nil
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: value}}
		})
	}
	half := leaf(t, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 36}, Value: []byte{5, 0}}}
	})
	for _, tc := range []struct {
		name     string
		at       time.Time
		status   report.Status
		headline string
		check    string // that has the status
		list     []exhibit
	}{
		{"good", noon, report.Pass, "Certificate of www.example.org, valid until 2026-12-20", "cert.issuer.signed", []exhibit{{&Certificates, other}, root}},
		{"alone", noon, report.Open, "Certificate of www.example.org, valid until 2026-12-20", "cert.issuer.signed", []exhibit{{&Certificates, other}}},
		{"no time", time.Time{}, report.Open, "Certificate of www.example.org, valid until 2026-12-20", "cert.time.valid", []exhibit{{&Certificates, other}, root}},
		{"expired", noon.AddDate(0, 2, 0), report.Fail, "Certificate of www.example.org, expired 31 d ago", "cert.time.valid", []exhibit{{&Certificates, other}, root}},
		{"early", noon.AddDate(0, -2, 0), report.Fail, "Certificate of www.example.org, not valid before 2026-10-20", "cert.time.valid", []exhibit{{&Certificates, other}, root}},
		{"forged", noon, report.Fail, "Certificate of www.example.org has a signature that does not fit the issuer's key", "cert.issuer.signed", []exhibit{{&Certificates, forged}, root}},
		{"cut short", noon, report.Fail, "Certificate of www.example.org cannot be read to its end", "cert.readable", []exhibit{{&Certificates, other[:len(other)-9]}, root}},
		{"half an extension", noon, report.Fail, "Certificate of www.example.org has an extension whose value cannot be read", "cert.ext.values", []exhibit{{&Certificates, half}, root}},
		{"half an extension, signed all the same", noon, report.Pass, "", "cert.issuer.signed", []exhibit{{&Certificates, half}, root}},
		{"revoked", noon, report.Fail, "Certificate of www.example.org is revoked", "cert.revoked.listed", []exhibit{{&Certificates, other}, root, {&Revocations, list(t, 9, 0x1234)}}},
		{"not revoked", noon, report.Pass, "Certificate of www.example.org, valid until 2026-12-20", "cert.revoked.listed", []exhibit{{&Certificates, other}, root, {&Revocations, list(t, 9)}}},
		{"precertificate", noon, report.Fail, "Certificate of www.example.org is a precertificate", "cert.ext.poison", []exhibit{{&Certificates, poison}, root}},
		{"root", noon, report.Pass, "Certificate of Test CA, valid until 2027-11-20", "cert.issuer.signed", []exhibit{root}},
		{"must-staple without URL", noon, report.Fail, "", "ocsp.staple.must-no-url", []exhibit{{&Certificates, staple(0x30, 3, 2, 1, 5)}, root}},
		{"must-staple empty", noon, report.Fail, "", "ocsp.staple.must-form", []exhibit{{&Certificates, staple(0x30, 0)}, root}},
		{"must-staple v2", noon, report.Warn, "", "ocsp.staple.must-v2", []exhibit{{&Certificates, staple(0x30, 3, 2, 1, 17)}, root}},
		{"crl", noon, report.Pass, "CRL of Test CA, 1 entry, next due 2026-11-26", "crl.fresh.current", []exhibit{{&Revocations, list(t, 9)}, root}},
		{"stale crl", noon.AddDate(0, 0, 7), report.Fail, "CRL of Test CA is stale: the next one was due 1 d ago", "crl.fresh.current", []exhibit{{&Revocations, list(t, 9)}, root}},
		{"crl alone", noon, report.Open, "CRL of Test CA, no entries, next due 2026-11-26", "crl.issuer.signed", []exhibit{{&Revocations, list(t)}}},
		{"twins", noon, report.Warn, "CRL of Test CA, 3 entries, next due 2026-11-26", "crl.form.unique", []exhibit{{&Revocations, list(t, 9, 8, 9)}, root}},
		{"request", noon, report.Pass, "Request for new.example.org, ECDSA P-256, signed with its own key", "csr.signature.possession", []exhibit{{&Requests, request}}},
		{"changed request", noon, report.Fail, "Request for bad.example.org does not prove that the requester has the key", "csr.signature.possession", []exhibit{{&Requests, changed}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := judge(t, tc.at, tc.list...)
			if tc.headline != "" && (f.Verdict.Status != tc.status || f.Verdict.Headline != tc.headline) {
				t.Errorf("%s: %s\n%s\nwant %s: %s", f.Verdict.Status, f.Verdict.Headline, f.Verdict.Detail, tc.status, tc.headline)
			}
			if row, ok := check.Find(f.Checks, tc.check); !ok || row.Status != tc.status {
				t.Errorf("%s is %s %q, want %s", tc.check, row.Status, row.Why, tc.status)
			}
		})
	}
}

// TestIdentify: each kind knows its own and no other.
func TestIdentify(t *testing.T) {
	ca, k := authority(t)
	request, _ := x509.CreateCertificateRequest(zero{}, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "x"}}, k)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(k)
	sec1, _ := x509.MarshalECPrivateKey(k)
	spki, _ := x509.MarshalPKIXPublicKey(k.Public())
	all := []*check.Kind{&Certificates, &Revocations, &Requests, &PublicKeys, &Names, &CMS, &PKCS12, &PrivateKeys}
	for _, tc := range []struct {
		want *check.Kind
		b    []byte
	}{
		{&Certificates, ca.Raw}, {&Certificates, ca.Raw[:200]}, {&Revocations, list(t, 1)}, {&Requests, request},
		{&PublicKeys, spki}, {&Names, ca.RawSubject}, {&PrivateKeys, pkcs8}, {&PrivateKeys, sec1},
		{&CMS, bundle(ca.Raw, list(t, 1))},
	} {
		for _, k := range all {
			if m := k.Match(check.Candidate{Bytes: tc.b}); (m.Score > 0) != (k == tc.want) {
				t.Errorf("a %s scores %d as %s", tc.want.Name, m.Score, k.Name)
			}
		}
	}
}

// TestPrivateKey: nothing of a private key is in any node.
func TestPrivateKey(t *testing.T) {
	_, k := authority(t)
	b, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	v, tree := read(t, b, ReadPrivateKey)
	if n := tree.Nodes[0]; len(tree.Nodes) != 1 || n.Value != "not shown" || n.Flags&report.Secret == 0 {
		t.Errorf("nodes are %+v", tree.Nodes)
	}
	if v.Title() != "EC private key" || v.Form != "pkcs8" || !PrivateKeys.Secret {
		t.Errorf("title %q, secret %v", v.Title(), PrivateKeys.Secret)
	}
}

// TestShellURL: what is in a URL cannot leave the quotes of a command, is no
// option, and is one URL.
func TestShellURL(t *testing.T) {
	for _, s := range []string{
		"http://x/'; rm -rf '", "http://x/\n", "http://x/\x1b[2J", "http://x/\\", "http://ä/", "http://x/[1-99999]", "http://x/{a,b}",
		"", "-K/etc/passwd", "--config=x", "file:///etc/passwd", "httpx://x", "http://" + strings.Repeat("x", 500),
	} {
		if q, ok := ShellURL(s); ok {
			t.Errorf("%q is quoted as %s", s, q)
		}
	}
	if q, ok := ShellURL("http://x/a?b=$(c)&`d`"); !ok || q != "'http://x/a?b=$(c)&`d`'" {
		t.Errorf("got %s %v", q, ok)
	}
}

// TestCount: numbers are written as people read them.
func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "no entries", 1: "1 entry", 2: "2 entries", 999: "999 entries", 1000: "1,000 entries", 1234567: "1,234,567 entries"} {
		if got := count(n, "entry", "entries"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// TestNameEqual: the folding of RFC 5280, section 7.1.
func TestNameEqual(t *testing.T) {
	name := func(values ...string) Name {
		var n Name
		n.Raw = []byte(strings.Join(values, "|"))
		for _, v := range values {
			n.RDNs = append(n.RDNs, []Attribute{{Type: "2.5.4.3", Value: v, Tag: 12}})
		}
		return n
	}
	for _, tc := range []struct {
		a, b           Name
		octets, folded bool
	}{
		{name("A", "B"), name("A", "B"), true, true},
		{name("a  b "), name(" A B"), false, true},
		{name("A", "B"), name("B", "A"), false, false},
		{name("A"), name("A", "B"), false, false},
		{name("ab"), name("a b"), false, false},
		{Name{}, Name{}, false, false},
	} {
		if octets, folded := tc.a.Equal(tc.b); octets != tc.octets || folded != tc.folded {
			t.Errorf("%s and %s: %v %v, want %v %v", tc.a, tc.b, octets, folded, tc.octets, tc.folded)
		}
	}
}

// TestCatalogue: ids are unique, and every rule cites something.
func TestCatalogue(t *testing.T) {
	var ids []string
	for _, k := range []check.Kind{Certificates, Revocations, Requests, PublicKeys, Names, CMS} {
		for _, r := range k.Rules {
			if len(r.Refs) == 0 || r.Title == "" || slices.Contains(ids, r.ID) {
				t.Errorf("%s lacks a title or a citation, or stands there twice", r.ID)
			}
			ids = append(ids, r.ID)
		}
	}
}

// BenchmarkCRL reads and judges the CRL of 9.3 MB that programs are compared by.
func BenchmarkCRL(b *testing.B) {
	in := bigcrl.CRL(bigcrl.Entries)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		tree := field.NewTree(field.Limits{})
		r := tree.Reader(tree.Add(report.Source{Bytes: in}))
		l := ReadCRL(r, "certificateList")
		v := viewCRL(&check.Context{At: noon}, l)
		if f := judgeCRL(&check.Context{At: noon, Faults: tree.Faults}, v); len(v.Entries) != bigcrl.Entries {
			b.Fatal(f.Verdict)
		}
		runtime.KeepAlive(tree)
	}
}

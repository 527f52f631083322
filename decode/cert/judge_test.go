package cert

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// vectors is where other projects' files lie; they are read in place.
const vectors = "../../../shared/vectors"

// blocks gives everything in the vectors that may be DER: the files as they
// are, PEM blocks and base64.
func blocks(t testing.TB) map[string][]byte {
	if _, err := os.Stat(vectors); err != nil {
		t.Skip("the vectors of other projects are not here")
	}
	found := map[string][]byte{}
	err := filepath.WalkDir(vectors, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found[path] = b
		if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(b)), "")); err == nil {
			found[path+"#base64"] = raw
		}
		for n := 0; ; n++ {
			var p *pem.Block
			if p, b = pem.Decode(b); p == nil {
				return nil
			}
			found[path+"#"+string(rune('0'+n))] = p.Bytes
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// read reads b with f into a tree of its own, and checks that it tiles.
func read[T any](t testing.TB, b []byte, f func(*field.Reader) T) (T, *field.Tree) {
	t.Helper()
	tree := field.NewTree(field.Limits{})
	r := tree.Reader(tree.Add(report.Source{Bytes: b}))
	v := f(r)
	if !r.Empty() {
		r.Rest("trailing")
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Errorf("%v\n% x", err, b[:min(len(b), 400)])
	}
	return v, tree
}

func asCertificate(r *field.Reader) *Certificate { return ReadCertificate(r, "certificate") }

// TestCertificate compares what is read with what crypto/x509 reads.
func TestCertificate(t *testing.T) {
	n := 0
	for name, b := range blocks(t) {
		want, err := x509.ParseCertificate(b)
		if err != nil {
			continue
		}
		n++
		t.Run(filepath.Base(name), func(t *testing.T) {
			c, tree := read(t, b, asCertificate)
			if !c.OK {
				t.Fatalf("x509 reads it, this package does not: %v", tree.Faults)
			}
			for _, tc := range []struct {
				what string
				same bool
			}{
				{"Raw", bytes.Equal(c.Raw, want.Raw)},
				{"TBS", bytes.Equal(c.TBS, want.RawTBSCertificate)},
				{"Serial", c.Serial.Value.Big().Cmp(want.SerialNumber) == 0},
				{"Subject", bytes.Equal(c.Subject.Raw, want.RawSubject)},
				{"Issuer", bytes.Equal(c.Issuer.Raw, want.RawIssuer)},
				{"NotBefore", c.NotBefore.Value.Equal(want.NotBefore)},
				{"NotAfter", c.NotAfter.Value.Equal(want.NotAfter)},
				{"Signature", bytes.Equal(c.Signature.Value.Bytes, want.Signature)},
				{"PublicKey", bytes.Equal(c.PublicKey.Raw, want.RawSubjectPublicKeyInfo)},
				{"IsCA", c.IsCA() == (want.BasicConstraintsValid && want.IsCA)},
				{"SKI", bytes.Equal(c.SKI(), want.SubjectKeyId)},
				{"AKI", bytes.Equal(c.AKI(), want.AuthorityKeyId)},
				{"OCSPURLs", slices.Equal(c.OCSPURLs(), want.OCSPServer)},
				{"CAIssuers", slices.Equal(c.CAIssuers(), want.IssuingCertificateURL)},
				{"CRLURLs", slices.Equal(c.CRLURLs(), want.CRLDistributionPoints)},
				{"Version", version(c) == want.Version},
				{"Extensions", len(c.Extensions) == len(want.Extensions)},
			} {
				if !tc.same {
					t.Errorf("%s differs from what x509 reads", tc.what)
				}
			}
			for i, e := range c.Extensions {
				w := want.Extensions[i]
				if string(e.ID) != w.Id.String() || e.Critical != w.Critical || !bytes.Equal(e.Value, w.Value) {
					t.Errorf("extension %d: %s %v %x, x509 reads %s %v %x", i, e.ID, e.Critical, e.Value, w.Id, w.Critical, w.Value)
				}
				if e.Known && !e.Decoded {
					t.Errorf("%s cannot be read: %s", e.Name(), e.Fault)
				}
			}
			var names []string
			sans, _ := content[GeneralNames](c.Extensions, IDSubjectAltName)
			for _, g := range sans {
				if g.Choice == DNSName {
					names = append(names, g.Text)
				}
			}
			if !slices.Equal(names, want.DNSNames) {
				t.Errorf("DNS names %q, x509 reads %q", names, want.DNSNames)
			}
			usage, _ := c.KeyUsage()
			for bit := DigitalSignature; bit <= DecipherOnly; bit++ {
				if usage.Has(bit) != (want.KeyUsage&(1<<bit) != 0) {
					t.Errorf("key usage bit %d: %v, x509 reads %b", bit, usage.Has(bit), want.KeyUsage)
				}
			}
			if cn := want.Subject.CommonName; cn != "" && c.Subject.Short() != cn {
				t.Errorf("Short is %q, x509 reads the common name %q", c.Subject.Short(), cn)
			}
		})
	}
	if n < 40 {
		t.Errorf("%d certificates in the vectors: want 40 or more", n)
	}
}

func version(c *Certificate) int {
	n, _ := c.Version.Value.Int64()
	return int(n) + 1
}

// TestSelfSigned verifies what x509 finds to be signed by itself, and no other.
func TestSelfSigned(t *testing.T) {
	signed := 0
	for name, b := range blocks(t) {
		want, err := x509.ParseCertificate(b)
		if err != nil || want.SignatureAlgorithm == x509.UnknownSignatureAlgorithm || want.PublicKey == nil {
			continue
		}
		c, _ := read(t, b, asCertificate)
		err = want.CheckSignature(want.SignatureAlgorithm, want.RawTBSCertificate, want.Signature)
		if got := c.SignedBy(c); (err == nil) != (got.Outcome.String() == "valid") && !strings.Contains(errText(err), "insecure") {
			t.Errorf("%s: %s %s, x509 says %v", name, got.Outcome, got.Why, err)
		}
		if err == nil {
			signed++
		}
	}
	if signed < 10 {
		t.Errorf("%d self-signed certificates: want 10 or more", signed)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestTiling reads everything as everything: whatever it is, no octet may be
// left out or shown twice.
func TestTiling(t *testing.T) {
	for _, b := range blocks(t) {
		if len(b) > 20_000 {
			continue
		}
		for _, f := range readers {
			f(t, b)
		}
	}
}

var readers = []func(testing.TB, []byte){
	func(t testing.TB, b []byte) { read(t, b, asCertificate) },
	func(t testing.TB, b []byte) { read(t, b, Revocations.Read) },
	func(t testing.TB, b []byte) { read(t, b, Requests.Read) },
	func(t testing.TB, b []byte) { read(t, b, PublicKeys.Read) },
	func(t testing.TB, b []byte) { read(t, b, Names.Read) },
	func(t testing.TB, b []byte) { read(t, b, CMS.Read) },
	func(t testing.TB, b []byte) { read(t, b, PrivateKeys.Read) },
}

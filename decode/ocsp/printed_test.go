package ocsp

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"

	"strings"
	"testing"

	"derscope/decode/armor"
	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// read reads a text alone.
func read(text []byte) (*Text, *field.Tree) {
	tree := field.NewTree(field.Limits{})
	r := tree.Reader(tree.Add(report.Source{Name: "text", Bytes: text}))
	return readText(r), tree
}

// blocks gives the printed texts of an input, and the certificates in it.
func blocks(t testing.TB, in []byte) (texts [][]byte, certs []*cert.Certificate) {
	t.Helper()
	for _, p := range armor.Split(in, armor.Limits{}) {
		switch {
		case p.Text && (p.Label == "OCSP Response Data" || p.Label == "OCSP response" || p.Label == "openssl ocsp"):
			texts = append(texts, p.Bytes)
		case p.Label == "CERTIFICATE":
			certs = append(certs, certificate(p.Bytes))
		}
	}
	return texts, certs
}

func certificate(b []byte) *cert.Certificate {
	tree := field.NewTree(field.Limits{})
	return cert.ReadCertificate(tree.Reader(tree.Add(report.Source{Bytes: b})), "certificate")
}

// fixtures is the directory that make-ocsp.sh wrote.
func fixtures(t *testing.T) string {
	dir := os.Getenv("DERSCOPE_FIXTURES")
	if dir == "" {
		t.Skip("DERSCOPE_FIXTURES names no directory of fixtures")
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("texts are printed by openssl, which is not here")
	}
	return dir
}

// unprovable are the responses whose text does not lead back to their octets,
// and what of them the text does not show.
var unprovable = map[string]string{}

// TestRebuildFixtures prints each fixture with openssl, and has the octets
// that are made of the text be those of the fixture.
func TestRebuildFixtures(t *testing.T) {
	dir := fixtures(t)
	var hand []*cert.Certificate
	files, _ := filepath.Glob(dir + "/pki/*.pem")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if block, _ := pem.Decode(b); block != nil && block.Type == "CERTIFICATE" {
			hand = append(hand, certificate(block.Bytes))
		}
	}
	responses, _ := filepath.Glob(dir + "/resp/*.der")
	if len(responses) == 0 || len(hand) == 0 {
		t.Fatalf("%d responses and %d certificates in %s", len(responses), len(hand), dir)
	}
	exact := 0
	for _, file := range responses {
		name := strings.TrimSuffix(filepath.Base(file), ".der")
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		printed, _ := exec.Command("openssl", "ocsp", "-respin", file, "-resp_text", "-noverify").Output()
		texts, embedded := blocks(t, printed)
		if len(texts) == 0 {
			continue // openssl cannot read it
		}
		text, tree := read(texts[0])
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := text.Rebuild(embedded, hand)
		switch {
		case bytes.Equal(got, want):
			exact++
		case got == nil:
			t.Logf("%s: %s", name, text.Unproved)
		default:
			t.Logf("%s: other octets", name)
		}
		if len(text.Unread) > 0 {
			t.Logf("%s: %d lines not understood", name, len(text.Unread))
		}
	}
	t.Logf("%d of %d are the same octet by octet", exact, len(responses))

}

package ocsp

import (
	"strings"
	"testing"

	"derscope/decode/cert"
	"derscope/decode/field"
)

// TestCommands: commands that people paste hold no URL that a shell or curl
// could take for more than one word, or for an option.
func TestCommands(t *testing.T) {
	k := &cert.Certificate{Serial: field.Field[field.Int]{Value: field.Int{5}, OK: true}}
	k.Issuer.Raw = []byte{0x30, 0}
	build := func(url string, nonce []byte) Built {
		b, err := Build(Question{Subjects: []*cert.Certificate{k}, Issuer: k, URL: url, Nonce: nonce})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, nonce := range [][]byte{nil, make([]byte, 128)} { // by GET, and by POST
		if b := build("http://x/$(id)", nonce); !strings.HasSuffix(b.Post, " 'http://x/$(id)'") || (nonce == nil) != strings.Contains(b.Get, "'http://x/$(id)/M") || !strings.Contains(b.OpenSSL, " -url 'http://x/$(id)' ") {
			t.Errorf("curl: %s\n%s\nopenssl: %s", b.Get, b.Post, b.OpenSSL)
		}
		for _, url := range []string{"-o/etc/passwd", "http://x/'$(id)'", "http://x/\n", "ldap://x"} {
			if b := build(url, nonce); !strings.HasSuffix(b.Post, " URL") || b.Get != "" || !strings.Contains(b.OpenSSL, " -url URL ") {
				t.Errorf("%q: curl: %s\n%s\nopenssl: %s", url, b.Get, b.Post, b.OpenSSL)
			}
		}
	}
}

// TestFileNames: a name of a file stands in a command only as a plain word.
func TestFileNames(t *testing.T) {
	if got := asks(Question{Subjects: make([]*cert.Certificate, 1)}); got != plainly+" -no_nonce" {
		t.Errorf("without names it is %q", got)
	}
	for name, want := range map[string]string{
		"www.example.org-2026.pem": "www.example.org-2026.pem", "": "leaf.pem", "-out": "leaf.pem", "a b.pem": "leaf.pem",
		"$(id)": "leaf.pem", "a;b": "leaf.pem", "ü.pem": "leaf.pem", "../a": "leaf.pem", strings.Repeat("a", 101): "leaf.pem",
	} {
		if got := fileWord(name, "leaf.pem"); got != want {
			t.Errorf("%q is written %q, want %q", name, got, want)
		}
	}
}

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
		if b := build("http://x/$(id)", nonce); !strings.Contains(b.Curl, "'http://x/$(id)") || !strings.Contains(b.OpenSSL, " -url 'http://x/$(id)' ") {
			t.Errorf("curl: %s\nopenssl: %s", b.Curl, b.OpenSSL)
		}
		for _, url := range []string{"-o/etc/passwd", "http://x/'$(id)'", "http://x/\n", "ldap://x"} {
			if b := build(url, nonce); !strings.HasSuffix(b.Curl, " URL") || !strings.Contains(b.OpenSSL, " -url URL ") {
				t.Errorf("%q: curl: %s\nopenssl: %s", url, b.Curl, b.OpenSSL)
			}
		}
	}
}

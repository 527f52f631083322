package decode

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// What goes into a ticket, in the Markdown that trackers read.
func TestMarkdown(t *testing.T) {
	for _, name := range []string{"signed-by-leaf", "good-ca-byname", "chain-anchor", "br-responder-eku"} {
		v, err := readVector("../testdata/ocsp/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		got := Load(v.inputs, Limits{}).Report(v.options).Markdown(0)
		file := "../testdata/markdown/" + name + ".md"
		if *update {
			if err := os.WriteFile(file, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: the ticket reads\n%s\nwant\n%s", name, got, want)
		}
	}
}

// A private key leaves nothing of itself in a ticket.
func TestMarkdownKeepsSecrets(t *testing.T) {
	key := []byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n")
	r := Load([]Input{{Name: "key.pem", Bytes: key}}, Limits{}).Report(Options{})
	got := string(r.Markdown(0))
	for _, part := range []string{"MC4C", "J1hs", "9d61b19d"} {
		if strings.Contains(got, part) {
			t.Errorf("the ticket holds %q of the key:\n%s", part, got)
		}
	}
	if !strings.Contains(got, "left out: it holds a secret") {
		t.Errorf("the ticket does not say that a hash is left out:\n%s", got)
	}
}

package keylog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

func read(t testing.TB, text string) (*Log, *field.Tree) {
	t.Helper()
	tree := field.NewTree(field.Limits{List: 8})
	return Read(tree.Reader(tree.Add(report.Source{Bytes: []byte(text)}))), tree
}

var (
	random = strings.Repeat("0a", 32)
	main48 = strings.Repeat("0b", 48)
	key32  = strings.Repeat("0c", 32)
)

func TestLines(t *testing.T) {
	for _, c := range []struct {
		line, faulty, unusual string
		usable                bool
	}{
		{"CLIENT_RANDOM " + random + " " + main48, "", "", true},
		{"CLIENT_RANDOM " + random + " " + strings.ToUpper(main48) + "\r", "", "", true},
		{"CLIENT_RANDOM " + random + " " + key32, "the secret has 32 octets", "", false},
		{"CLIENT_HANDSHAKE_TRAFFIC_SECRET " + random + " " + key32, "", "", true},
		{"SERVER_TRAFFIC_SECRET_3 " + random + " " + main48, "", "", true},
		{"SERVER_TRAFFIC_SECRET_X " + random + " " + main48, "", "is not one of RFC 9850", true},
		{"ECH_SECRET " + random + " " + "0102", "", "", true},
		{"CLIENT_RANDOM  " + random + " " + main48, "", "more than one space", true},
		{"CLIENT_RANDOM " + random[2:] + " " + main48, "62 characters", "", false},
		{"CLIENT_RANDOM " + random[2:] + "zz " + main48, "no hex digit", "", false},
		{"CLIENT_RANDOM " + random + " " + main48[1:], "odd number", "", false},
		{"CLIENT_RANDOM " + random + " " + main48 + " x", "something follows", "", false},
		{"CLIENT_RANDOM " + random, "the secret is missing", "", false},
		{"CLIENT_RANDOM", "a line of one word", "", false},
		{"client_random " + random + " " + main48, "does not begin with a label", "", false},
		{"RSA 0102030405060708 " + main48, "", "is not read", false},
		{"RSA Session-ID:" + random + " Master-Key:" + main48, "", "a session ID", true},
	} {
		l, tree := read(t, "# comment\n\n"+c.line+"\n")
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Errorf("%s: %v", c.line, err)
		}
		if len(l.Lines) != 1 || l.Lines[0].Number != 3 || l.Comments != 2 {
			t.Errorf("%s: %+v", c.line, l)
			continue
		}
		k := l.Lines[0]
		if !strings.Contains(k.Faulty, c.faulty) || c.faulty == "" && k.Faulty != "" ||
			!strings.Contains(k.Unusual, c.unusual) || c.unusual == "" && k.Unusual != "" || c.usable != (k.Secret != nil) {
			t.Errorf("%s: faulty %q, unusual %q, usable %v", c.line, k.Faulty, k.Unusual, k.Secret != nil)
		}
	}
}

// What is hidden is every octet that may belong to a secret.
func TestSecretsAreMarked(t *testing.T) {
	text := "CLIENT_RANDOM " + random + " " + main48 + "\nCLIENT_RANDOM x " + main48 + "\n" + main48 + "\n"
	_, tree := read(t, text)
	for _, n := range tree.Nodes {
		if n.Flags&report.Leaf == 0 || n.Flags&report.Secret != 0 {
			continue
		}
		if strings.Contains(n.Value, main48[:8]) || strings.Contains(text[n.Span.Off:n.Span.End()], main48[:8]) {
			t.Errorf("%s shows a secret", n.Label)
		}
	}
	for _, f := range tree.Faults {
		if strings.Contains(f.Message, main48[:8]) {
			t.Errorf("a fault quotes a secret: %s", f.Message)
		}
	}
}

// Lookups go by label and client random; lines far down a long list count too.
func TestLookup(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		b.WriteString("EXPORTER_SECRET " + random[:62] + "f" + string("0123456789abcdef"[i%16]) + " " + key32 + "\n")
	}
	b.WriteString("CLIENT_RANDOM " + random + " " + main48 + "\n")
	l, _ := read(t, b.String())
	if s, ok := l.Secret(ClientRandom, l.Lines[40].Random); !ok || len(s) != 48 || l.Lines[40].Number != 41 {
		t.Errorf("the last of %d lines is not found", len(l.Lines))
	}
	if _, ok := l.Secret(ServerTraffic, l.Lines[40].Random); ok {
		t.Error("a label is found that is not there")
	}
}

// Whatever the text: no panic, every octet is shown once, and what is usable
// has the length that its label takes.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("../../testdata/capture/log-*.txtar")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			if file.Name == "input/keys.log" {
				f.Add(string(file.Data))
			}
		}
	}
	f.Add("\xef\xbb\xbfRSA Session-ID:" + random + " Master-Key:" + main48)
	f.Fuzz(func(t *testing.T, text string) {
		l, tree := read(t, text)
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Error(err)
		}
		for _, k := range l.Lines {
			if k.Secret != nil && k.Label == ClientRandom && len(k.Secret) != 48 {
				t.Errorf("CLIENT_RANDOM of %d octets", len(k.Secret))
			}
			if k.Secret != nil && !k.Older && len(k.Random) != 32 {
				t.Errorf("a client random of %d octets", len(k.Random))
			}
		}
	})
}

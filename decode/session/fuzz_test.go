package session

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// states are the octets of all vectors, by name.
func states(t testing.TB) map[string][]byte {
	files, _ := filepath.Glob("../../testdata/ticket/session-*.txtar")
	all := map[string][]byte{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, f := range a.Files {
			switch filepath.Ext(f.Name) {
			case ".pem":
				if p, _ := pem.Decode(f.Data); p != nil && strings.HasSuffix(p.Type, "SESSION PARAMETERS") || p != nil && p.Type == "TLS SESSION" {
					all[name] = p.Bytes
				}
			case ".hex":
				if b, err := hex.DecodeString(strings.Join(strings.Fields(string(f.Data)), "")); err == nil && f.Name == "input/session.hex" {
					all[name] = b
				}
			case ".txt":
				if i := bytes.Index(f.Data, []byte(heading)); i >= 0 {
					text, _, _ := bytes.Cut(f.Data[i:], []byte("---\n"))
					all[name] = text
				}
			}
		}
	}
	if len(all) == 0 {
		t.Skip("the vectors are not here")
	}
	return all
}

// FuzzRead: every octet is shown exactly once, whatever it is; what is
// recognised is read to its end, and the other way round.
func FuzzRead(f *testing.F) {
	for _, b := range states(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tree := field.NewTree(field.Limits{})
		r := tree.Reader(tree.Add(report.Source{Name: "state", Bytes: b}))
		s := read(r)
		if !r.Empty() {
			r.Rest("trailing")
		}
		if len(b) > 0 {
			if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
				t.Error(err)
			}
		}
		if s.Printed {
			return
		}
		format, ok := Recognise(b)
		if ok != (s.Wrong == "") || ok && format != s.Format {
			t.Errorf("recognised as %q, %v; read as %q, %q", format, ok, s.Format, s.Wrong)
		}
		for _, q := range tree.Faults {
			if ok && q.Kind <= field.Trailing {
				t.Errorf("recognised as %s, and %s", format, q.Message)
			}
		}
	})
}

// What comes out of a wrong key is never taken for a state: neither octets at
// random nor those behind the first octets of a real one.
func TestRandomOctetsAreNoStates(t *testing.T) {
	lengths := []int{48, 49, 57, 60, 61, 73, 75, 80, 89, 96, 97, 104, 105, 111, 112, 114, 121, 123, 128, 129, 144, 145, 148, 160, 176, 192, 208, 224, 256}
	n := 1_000_000
	if testing.Short() {
		n = 50_000
	}
	rng := rand.New(rand.NewChaCha8([32]byte{1}))
	b := make([]byte, 256)
	for i := range n {
		s := b[:lengths[i%len(lengths)]]
		for k := 0; k+8 <= len(b); k += 8 {
			v := rng.Uint64()
			for j := range 8 {
				b[k+j] = byte(v >> (8 * j))
			}
		}
		if format, ok := Recognise(s); ok {
			t.Fatalf("%x is taken for a state of %s", s, format)
		}
	}
	// One octet of length or form that is wrong speaks against the whole.
	for name, state := range states(t) {
		format, ok := Recognise(state)
		if !ok || format == WolfSSL { // a struct of fixed size has no lengths inside
			continue
		}
		padded := name == "session-gnutls-ticket" // the last octets are padding, of any length
		if _, ok := Recognise(state[:len(state)-1]); ok && !padded {
			t.Errorf("%s without its last octet is still taken for a state", name)
		}
		if _, ok := Recognise(append(bytes.Clone(state), 0xa5)); ok {
			t.Errorf("%s with an octet more is still taken for a state", name)
		}
	}
}

// Each program's vector is a state of that program and of no other.
func TestDialects(t *testing.T) {
	want := map[string]string{"boringssl": BoringSSL, "staple": BoringSSL, "go": Go, "gnutls": GnuTLS, "nss": NSS, "mbedtls": MbedTLS, "wolfssl": WolfSSL,
		"rustls": Rustls, "s2n": S2N, "picotls": Picotls, "fizz": Fizz, "jsse": JSSE, "botan": Botan}
	seen := map[string]bool{}
	for name, b := range states(t) {
		first, _, _ := strings.Cut(strings.TrimPrefix(name, "session-"), "-")
		program := want[first]
		if program == "" || name == "session-botan-old" {
			continue
		}
		all := Parse(b)
		if len(all) != 1 || all[0].Format != program {
			t.Errorf("%s is read as %d states, want one of %s", name, len(all), program)
			continue
		}
		seen[program] = true
		s := all[0]
		if !s.Protocol.OK || !s.Secret.OK || s.SecretKind == NoSecret {
			t.Errorf("%s lacks protocol or secret", name)
		}
		if !s.Cipher.OK && !(program == GnuTLS && s.TLS13()) {
			t.Errorf("%s lacks its suite", name)
		}
		if s.Ref != report.None || s.Secret.Ref != report.None {
			t.Errorf("%s was tried, and has nodes", name)
		}
	}
	for _, program := range want {
		if !seen[program] {
			t.Errorf("no vector is a state of %s", program)
		}
	}
}

// Sessions that a client of GnuTLS 3.7.9 kept (gnutls_session_get_data2).
func TestGnuTLS(t *testing.T) {
	for name, protocol := range map[string]uint16{"gnutls-3.7.9-tls12.hex": 0x0303, "gnutls-3.7.9-tls13.hex": 0x0304} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
		if err != nil {
			t.Fatal(err)
		}
		all := Parse(b)
		if len(all) != 1 {
			t.Errorf("%s is no state", name)
			continue
		}
		s := all[0]
		if s.Format != GnuTLS || s.Oldest != "GnuTLS 3.7.9" || s.Protocol.Value != protocol || s.Cipher.Value == 0 || len(s.Peer) != 1 || s.ClientSide != Yes ||
			len(s.Ticket.Value) < 200 || !s.Created.OK {
			t.Errorf("%s: %+v", name, s)
		}
		if tls13 := protocol == 0x0304; s.AgeAdd.OK != tls13 || s.ClientRandom.OK == tls13 || s.Host.OK == tls13 {
			t.Errorf("%s: age_add %v, random %v, host %v", name, s.AgeAdd.OK, s.ClientRandom.OK, s.Host.Value)
		}
	}
}

// The search for weak keys asks this of everything that a guess lays bare.
func BenchmarkRecogniseNoise(b *testing.B) {
	noise := make([]byte, 160)
	rng := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		for i := range noise {
			noise[i] = byte(rng.Uint32())
		}
		Recognise(noise)
	}
}

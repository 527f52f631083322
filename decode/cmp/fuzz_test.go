package cmp

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"derscope/decode/armor"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// read reads octets as a message, and checks that what is shown tiles.
func read(t testing.TB, b []byte, l field.Limits) (*Message, *field.Tree) {
	t.Helper()
	tree := field.NewTree(l)
	r := tree.Reader(tree.Add(report.Source{Name: "message", Bytes: b}))
	m := Read(r)
	if !r.Empty() {
		r.Rest("trailing")
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Errorf("%x: %v", b, err)
	}
	return m, tree
}

// vectors are the messages of the vectors.
func vectors(t testing.TB) (all [][]byte) {
	names, _ := filepath.Glob("../../testdata/cmp/*.txtar")
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range armor.Split(b, armor.Limits{}) {
			if !p.Text && p.Known {
				all = append(all, p.Bytes)
			}
		}
	}
	return all
}

// FuzzMessage: every octet is shown exactly once, whatever it is, also when no
// more than a few elements of a list may be nodes; and what is found does not
// depend on how many are.
func FuzzMessage(f *testing.F) {
	for _, b := range vectors(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, tree := read(t, b, field.Limits{})
		if m.OK && (m.Header.Raw == nil || m.Body.Type < 0) {
			t.Error("read to its end, but there is no header or no body")
		}
		if m.OK && !bytes.HasSuffix(m.ProtectedPart(), m.Body.Raw) {
			t.Error("the body is not at the end of the protected part")
		}
		if m.Body.Name() == "" {
			t.Error("no name")
		}
		for _, s := range m.Body.Statuses() {
			if f := s.Reasons(); len(f.Bits) > 0 && f.Bits[len(f.Bits)-1] < 32 {
				if g := FailInfoOfOpenSSL(f.OpenSSL); g.BouncyCastle != f.BouncyCastle {
					t.Errorf("%v and %v differ", f, g)
				}
			}
		}
		short, _ := read(t, b, field.Limits{List: 2})
		if len(tree.Faults) == 0 && (short.OK != m.OK || len(short.FreeTexts()) != len(m.FreeTexts())) {
			t.Error("what is found depends on how many elements are nodes")
		}
	})
}

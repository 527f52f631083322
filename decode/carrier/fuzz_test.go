package carrier

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"derscope/decode/armor"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// seeds are what the vectors hold, text as text.
func seeds(f *testing.F, text bool) {
	names, _ := filepath.Glob("../../testdata/cmp/*.txtar")
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range armor.Split(b, armor.Limits{}) {
			if p.Text == text && len(p.Bytes) < 1<<14 {
				f.Add(p.Bytes)
			}
		}
	}
}

// look reads octets as what carries messages.
func look(b []byte) (*Carried, *field.Tree) {
	tree := field.NewTree(field.Limits{})
	r := tree.Reader(tree.Add(report.Source{Name: "way", Bytes: b}))
	k := Read(r)
	if !r.Empty() {
		r.Rest("trailing")
	}
	return k, tree
}

// FuzzCarried: every octet is shown once, each message that is taken out is a
// whole one, and two readings agree. What is not matched is read all the same,
// for people may say that it is one.
func FuzzCarried(f *testing.F) {
	seeds(f, false)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		matched := Match(check.Candidate{Bytes: b}).Score > 0
		k, tree := look(b)
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Fatal(err)
		}
		for _, p := range tree.Pieces {
			if n, _, ok := cmp.Peek(b[p.Span.Off:p.Span.End()]); !ok || n != p.Span.Len {
				t.Errorf("%d octets at %d are no message", p.Span.Len, p.Span.Off)
			}
		}
		if matched && len(tree.Pieces) == 0 {
			t.Error("it matches, and carries nothing")
		}
		if again, other := look(b); !reflect.DeepEqual(k, again) || !reflect.DeepEqual(tree.Nodes, other.Nodes) {
			t.Error("two readings differ")
		}
		judge(&check.Context{Source: b}, k)
	})
}

// FuzzWritten: what a text is said to write down is a message, or has one in it,
// and comes from within the text.
func FuzzWritten(f *testing.F) {
	seeds(f, true)
	f.Add([]byte(`MIIB\/zCB6QIBAqQnMCUx\nEDAO`))
	f.Add([]byte("byte[] b = new byte[] { (byte) 0x30, (byte) -126 };"))
	f.Add([]byte(`<request base64="true"><![CDATA[MIIB]]></request>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, runs := written(b)
		for _, run := range runs {
			if _, n := next(run.Bytes, 0); n == 0 && !whole(run.Bytes) {
				t.Errorf("%x holds no message", run.Bytes)
			}
			if s := run.Span; s.Off < 0 || s.Len < 0 || s.Off+s.Len > len(b) {
				t.Errorf("span %+v of a text of %d octets", s, len(b))
			}
		}
	})
}

// A run of octets that seem to begin a message again and again is looked through
// in one pass: the time does not grow with the square of the length.
func BenchmarkNext(b *testing.B) {
	for name, unit := range map[string]string{"SEQUENCE": "\x30\x80\x30\x80", "header": "\x30\x10\x30\x0c\x02\x01\x02\xa4\x02\x30\x00\xa4\x02\x30\x00\x02\x01\x00"} {
		var octets []byte
		for len(octets) < 1<<20 {
			octets = append(octets, unit...)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(octets)))
			for range b.N {
				next(octets, 0)
			}
		})
	}
}

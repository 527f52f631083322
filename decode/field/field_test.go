package field_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// read reads octets with f into a tree of its own, checks that it tiles, and
// gives the tree.
func read(t *testing.T, b string, f func(*field.Reader)) *field.Tree {
	t.Helper()
	tree := field.NewTree(field.Limits{List: 4, Depth: 12, Nodes: 400})
	r := tree.Reader(tree.Add(report.Source{Bytes: []byte(b)}))
	f(r)
	if !r.Empty() {
		r.Rest("trailing")
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Errorf("% x: %v", b, err)
	}
	return tree
}

// faults writes the faults as kind@offset.
func faults(tree *field.Tree) string {
	var s []string
	for _, f := range tree.Faults {
		s = append(s, fmt.Sprintf("%d@%d", f.Kind, f.Off))
	}
	return strings.Join(s, " ")
}

// pair reads SEQUENCE { a INTEGER, b OCTET STRING, c [0] EXPLICIT INTEGER OPTIONAL }.
func pair(r *field.Reader) {
	r.Seq("pair", func(r *field.Reader) {
		r.Integer("a")
		r.Octets("b")
		r.Explicit(0, "c", func(r *field.Reader) { r.Integer("c") })
	})
}

// TestFaults: one fault makes one finding, at its place, and nothing is hidden.
func TestFaults(t *testing.T) {
	at := func(k field.Kind, off int) string { return fmt.Sprintf("%d@%d", k, off) }
	for _, tc := range []struct{ name, in, want string }{
		{"whole", "\x30\x06\x02\x01\x05\x04\x01a", ""},
		{"with c", "\x30\x0b\x02\x01\x05\x04\x01a\xa0\x03\x02\x01\x01", ""},
		{"indefinite [0]", "\x30\x0d\x02\x01\x05\x04\x01a\xa0\x80\x02\x01\x01\x00\x00", at(field.Indefinite, 8)},
		{"two things in [0]", "\x30\x0d\x02\x01\x05\x04\x01a\xa0\x05\x02\x01\x01\x05\x00", at(field.Trailing, 13)},
		{"nothing in [0]", "\x30\x08\x02\x01\x05\x04\x01a\xa0\x00", at(field.Missing, 10)},
		{"wrong type", "\x30\x06\x04\x01b\x04\x01a", at(field.Unexpected, 2)},
		{"wrong type in front of a broken rest", "\x30\x06\x04\x01b\x04\x09a", at(field.Unexpected, 2)},
		{"missing", "\x30\x03\x02\x01\x05", at(field.Missing, 5)},
		{"trailing", "\x30\x08\x02\x01\x05\x04\x01a\x05\x00", at(field.Trailing, 8)},
		{"cut short", "\x30\x06\x02\x01\x05\x04", at(field.Truncated, 0)},
		{"cut short inside a value", "\x30\x06\x02\x01\x05\x04\x04", at(field.Truncated, 0)},
		{"inner length too long", "\x30\x06\x02\x01\x05\x04\x07a", at(field.Truncated, 5)},
		{"long length", "\x30\x07\x02\x81\x01\x05\x04\x01a", at(field.LongLength, 2)},
		{"padded", "\x30\x07\x02\x02\x00\x05\x04\x01a", at(field.Integer, 2)},
		{"segments", "\x30\x0b\x02\x01\x05\x24\x06\x04\x01a\x04\x01b", at(field.Segmented, 5)},
		{"indefinite", "\x30\x80\x02\x01\x05\x04\x01a\x00\x00", at(field.Indefinite, 0)},
		{"no element", "\x30\x04\xff\xff\xff\xff", at(field.Truncated, 2)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := faults(read(t, tc.in, pair)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// TestBreaks: what costs a value is counted, also where nothing is recorded;
// odd forms are not.
func TestBreaks(t *testing.T) {
	for in, want := range map[string]int{
		"\x30\x06\x02\x01\x05\x04\x01a":         0,
		"\x30\x07\x02\x81\x01\x05\x04\x01a":     0,
		"\x30\x03\x02\x01\x05":                  1,
		"\x30\x08\x02\x01\x05\x04\x01a\x05\x00": 1,
	} {
		read(t, in, func(r *field.Reader) {
			pair(r)
			if got, words := r.Breaks(); got != want || (words != "") != (want > 0) {
				t.Errorf("% x: %d breaks %q, want %d", in, got, words, want)
			}
		})
		six := strings.Repeat(in, 6)
		read(t, "\x30"+string(rune(len(six)))+six, func(r *field.Reader) {
			r.Seq("list", func(r *field.Reader) {
				field.List(r, "list", func(r *field.Reader, _ string) bool { pair(r); return true })
			})
			if got, _ := r.Breaks(); got != 6*want {
				t.Errorf("% x six times, two of them muted: %d breaks, want %d", in, got, 6*want)
			}
		})
	}
}

// TestList: of a long list the first elements are nodes, all are answered, and
// the others can be opened.
func TestList(t *testing.T) {
	b := "\x30\x1e"
	for i := range 10 {
		b += "\x02\x01" + string(rune(i))
	}
	var got []field.Field[field.Int]
	var root report.Ref
	tree := read(t, b, func(r *field.Reader) {
		root = r.Seq("list", func(r *field.Reader) { got = field.List(r, "list", (*field.Reader).Integer) })
	})
	if len(got) != 10 || len(tree.Nodes) != 6 || tree.Nodes[5].Flags&report.More == 0 {
		t.Fatalf("%d answers, nodes %+v", len(got), tree.Nodes)
	}
	for i, f := range got {
		if v, _ := f.Value.Int64(); int(v) != i {
			t.Errorf("element %d is %d", i, v)
		}
	}
	for _, from := range []int{0, 4, 7, 9} {
		nodes := tree.Open(root, from, 2)
		if len(nodes) != min(2, 10-from) || nodes[0].Value != fmt.Sprint(from) || nodes[0].Label != fmt.Sprintf("list[%d]", from) || nodes[0].Span.Off != 2+3*from {
			t.Errorf("from %d: %+v", from, nodes)
		}
	}
	if nodes := tree.Open(root, 10, 1); nodes != nil {
		t.Errorf("past the end: %+v", nodes)
	}
}

// TestCite: a part read under its own section gives the one before back.
func TestCite(t *testing.T) {
	tree := read(t, "\x05\x00\x05\x00\x05\x00", func(r *field.Reader) {
		r.Cite(spec.RFC(1, "1"))
		r.Null("a")
		func() {
			defer r.Cite(r.Cite(spec.RFC(2, "2")))
			r.Null("b")
		}()
		r.Null("c")
	})
	for i, want := range []string{"RFC 1 §1", "RFC 2 §2", "RFC 1 §1"} {
		if got := tree.Nodes[i].Spec.String(); got != want {
			t.Errorf("node %d cites %s, want %s", i, got, want)
		}
	}
}

// TestTime: which characters name a moment, and which form is that of DER.
func TestTime(t *testing.T) {
	for _, tc := range []struct {
		in        string
		utc       bool
		want      string
		canonical bool
	}{
		{"20261120120000Z", false, "2026-11-20T12:00:00Z", true},
		{"261120120000Z", true, "2026-11-20T12:00:00Z", true},
		{"500101000000Z", true, "1950-01-01T00:00:00Z", true},
		{"491231235959Z", true, "2049-12-31T23:59:59Z", true},
		{"20261120120000+0100", false, "2026-11-20T11:00:00Z", false},
		{"20261120120000.5Z", false, "2026-11-20T12:00:00.5Z", false},
		{"202611201200Z", false, "2026-11-20T12:00:00Z", false},
		{"20240229000000Z", false, "2024-02-29T00:00:00Z", true},
		{"20260229000000Z", false, "", false},
		{"20261120240000Z", false, "", false},
		{"20261120120060Z", false, "", false},
		{"20261320120000Z", false, "", false},
		{"2026112012000Z", false, "", false},
		{"20261120120000.Z", false, "", false},
		{"", false, "", false},
		{"Z", true, "", false},
	} {
		m, ok := field.ParseTime([]byte(tc.in), tc.utc)
		switch {
		case ok != (tc.want != ""):
			t.Errorf("%q: %v, want %q", tc.in, ok, tc.want)
		case ok && (m.Format(time.RFC3339Nano) != tc.want || m.Canonical != tc.canonical):
			t.Errorf("%q: %s canonical %v, want %s %v", tc.in, m.Format(time.RFC3339Nano), m.Canonical, tc.want, tc.canonical)
		}
	}
}

// FuzzAny: whatever the octets, each is shown exactly once, read with no schema
// and with a wrong one, and limits hold.
func FuzzAny(f *testing.F) {
	for _, s := range []string{"\x30\x06\x02\x01\x05\x04\x01a", "\x30\x80\x24\x80\x04\x01a\x00\x00\x00\x00", "\x31\x03\x17\x01Z", "\xa0\x05\x30\x03\x02\x01\x01", "\x00\x03abc\x00\x01", "\x30\x80\x04\x010A\x00\x00\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := string(b)
		any := read(t, s, func(r *field.Reader) { r.Any("any") })
		if len(any.Nodes) > 1000 {
			t.Errorf("%d nodes with a limit of 400", len(any.Nodes))
		}
		read(t, s, pair)
		read(t, s, func(r *field.Reader) {
			r.Seq("s", func(r *field.Reader) {
				r.Explicit(0, "version", func(r *field.Reader) { r.Integer("version") })
				r.Wrapped("wrapped", pair)
				at := r.Bits("bits").Ref
				r.Within(at, 1, pair)
				r.Set("set", func(r *field.Reader) {
					field.List(r, "set", func(r *field.Reader, label string) report.Ref { return r.Time(label).Ref })
				})
				if r.Peek(der.Ctx(1)) {
					r.TextAs("text", der.Ctx(1), der.UTF8String)
				}
				r.Boolean("boolean")
				r.Text("text")
			})
		})
		read(t, s, func(r *field.Reader) {
			r.Uint("type", 1, nil)
			r.Vector("list", 2, func(r *field.Reader) {
				field.List(r, "list", func(r *field.Reader, label string) []byte { return r.Opaque(label, 1).Value })
			})
			r.Fixed("fixed", 3)
		})
	})
}

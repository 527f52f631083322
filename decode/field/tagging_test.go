package field_test

import (
	"fmt"
	"testing"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// TestRetag: an element whose tag stands in place of its own is read as if it
// had that, the tag counts once, and what is no such element is left alone.
func TestRetag(t *testing.T) {
	for _, c := range []struct {
		in     string
		n      int
		retags bool
		value  string
		faults string
	}{
		{"\x81\x01\x05", 1, true, "5", ""},
		{"\x02\x01\x05", 1, false, "5", ""},
		{"\x82\x01\x05", 1, false, "", fmt.Sprintf("%d@0", field.Unexpected)},
		{"\xa1\x03\x02\x01\x05", 1, true, "", fmt.Sprintf("%d@0", field.Unexpected)}, // it wraps
		{"\x81\x02\x05", 1, true, "5", fmt.Sprintf("%d@0", field.Truncated)},
		{"", 1, false, "", fmt.Sprintf("%d@0", field.Missing)},
	} {
		tree := read(t, c.in, func(r *field.Reader) {
			if got := r.Retag(c.n, der.Integer); got != c.retags {
				t.Errorf("% x: [%d] IMPLICIT INTEGER: %v, want %v", c.in, c.n, got, c.retags)
			}
			if r.Peek(der.Ctx(c.n)) && c.retags {
				t.Errorf("% x: the tag is [%d] after it was taken for that of an INTEGER", c.in, c.n)
			}
			v := r.Integer("a")
			got := ""
			if v.OK {
				got = v.Value.Big().String()
			}
			if got != c.value {
				t.Errorf("% x: %q, want %q", c.in, got, c.value)
			}
			if !r.Empty() && r.Retag(c.n, der.Integer) && c.value != "" {
				t.Errorf("% x: the tag serves twice", c.in)
			}
		})
		if got := faults(tree); got != c.faults {
			t.Errorf("% x: faults %s, want %s", c.in, got, c.faults)
		}
	}
}

// TestRetagEach: every primitive type can be read under another tag.
func TestRetagEach(t *testing.T) {
	for in, f := range map[string]struct {
		own  der.Tag
		read func(*field.Reader) bool
	}{
		"\x83\x01\x05":          {der.Integer, func(r *field.Reader) bool { return r.Integer("a").OK }},
		"\x83\x02a\x05":         {der.OctetString, func(r *field.Reader) bool { return string(r.Octets("a").Value) == "a\x05" }},
		"\xa3\x03\x04\x01a":     {der.OctetString, func(r *field.Reader) bool { return string(r.Octets("a").Value) == "a" }},
		"\x83\x02\x00\x05":      {der.BitString, func(r *field.Reader) bool { return r.Bits("a").OK }},
		"\x83\x01\xff":          {der.Boolean, func(r *field.Reader) bool { return r.Boolean("a").Value }},
		"\x83\x00":              {der.Null, func(r *field.Reader) bool { return r.Null("a") == 0 }},
		"\x83\x01\x2a":          {der.OID, func(r *field.Reader) bool { return r.OID("a").OK }},
		"\x83\x01x":             {der.UTF8String, func(r *field.Reader) bool { return r.Text("a").Value == "x" }},
		"\x83\x0d261120000000Z": {der.UTCTime, func(r *field.Reader) bool { return r.TimeEither("a").OK }},
	} {
		tree := read(t, in, func(r *field.Reader) {
			if !r.Retag(3, f.own) || !f.read(r) {
				t.Errorf("% x is not read as %s", in, f.own)
			}
		})
		for _, q := range tree.Faults {
			if q.Kind != field.Segmented {
				t.Errorf("% x as %s: %s", in, f.own, q.Message)
			}
		}
	}
}

// TestElement: the octets of the next element have the tag of its type, and
// the source keeps the one that was sent.
func TestElement(t *testing.T) {
	const in = "\xa2\x03\x02\x01\x05\x80\x01\x07"
	read(t, in, func(r *field.Reader) {
		if got := r.Element(); string(got) != in[:5] {
			t.Errorf("as it stands: % x", got)
		}
		r.Retag(2, der.Sequence)
		if got := r.Element(); string(got) != "\x30"+in[1:5] {
			t.Errorf("as a SEQUENCE: % x", got)
		}
		ref := r.Seq("seq", func(r *field.Reader) { r.Integer("a") })
		if got := r.Bytes(ref); string(got) != in[:5] {
			t.Errorf("the source has % x, and was to stay as it is", got)
		}
		r.Retag(0, der.Boolean)
		if got := r.Element(); string(got) != "\x01\x01\x07" {
			t.Errorf("as a BOOLEAN: % x", got)
		}
		r.Boolean("b")
		if got := r.Element(); got != nil {
			t.Errorf("behind the last element: % x", got)
		}
	})
}

// TestTagging: the tagging that is due and the other are read to the same
// values, and the other is a fault.
func TestTagging(t *testing.T) {
	wrong := fmt.Sprintf("%d@0", field.Tagging)
	number := func(v *field.Field[field.Int]) func(*field.Reader) report.Ref {
		return func(r *field.Reader) report.Ref { *v = r.Integer("a"); return v.Ref }
	}
	// SEQUENCE { OBJECT IDENTIFIER, INTEGER }
	pair := func(v *field.Field[field.Int]) func(*field.Reader) report.Ref {
		return func(r *field.Reader) report.Ref {
			return r.Seq("pair", func(r *field.Reader) { r.OID("id"); *v = r.Integer("a") })
		}
	}
	const inner = "\x06\x01\x2a\x02\x01\x05"
	for _, c := range []struct {
		name, in string
		implicit bool
		begin    []der.Tag
		read     func(*field.Field[field.Int]) func(*field.Reader) report.Ref
		faults   string
	}{
		{"a number replaced", "\x83\x01\x05", true, nil, number, ""},
		{"a number wrapped for replaced", "\xa3\x03\x02\x01\x05", true, nil, number, wrong},
		{"a number wrapped", "\xa3\x03\x02\x01\x05", false, nil, number, ""},
		{"a number replaced for wrapped", "\x83\x01\x05", false, nil, number, wrong},
		{"a sequence replaced", "\xa3\x06" + inner, true, []der.Tag{der.OID}, pair, ""},
		{"a sequence wrapped for replaced", "\xa3\x08\x30\x06" + inner, true, []der.Tag{der.OID}, pair, wrong},
		{"a sequence wrapped", "\xa3\x08\x30\x06" + inner, false, []der.Tag{der.OID}, pair, ""},
		{"a sequence replaced for wrapped", "\xa3\x06" + inner, false, []der.Tag{der.OID}, pair, wrong},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v field.Field[field.Int]
			own := der.Integer
			if c.begin != nil {
				own = der.Sequence
			}
			tree := read(t, c.in, func(r *field.Reader) {
				f := r.Wrapping
				if c.implicit {
					f = r.Replacing
				}
				if f(4, own, "a", c.read(&v), c.begin...) {
					t.Error("it has not the tag [4]")
				}
				if !f(3, own, "a", c.read(&v), c.begin...) {
					t.Error("it has the tag [3]")
				}
			})
			if n, _ := v.Value.Int64(); !v.OK || n != 5 {
				t.Errorf("the value is % x", v.Value)
			}
			if got := faults(tree); got != c.faults {
				t.Errorf("faults %q, want %q", got, c.faults)
			}
		})
	}
}

// TestTaggingUnsure: what fits neither tagging is read as the type has it, and
// its faults are those of that.
func TestTaggingUnsure(t *testing.T) {
	seq := func(r *field.Reader) report.Ref { return r.Seq("pair", func(r *field.Reader) { r.OID("id") }) }
	for in, want := range map[string]string{
		"\xa3\x04\x30\x02\x30\x00": fmt.Sprintf("%d@2", field.Unexpected),                        // wraps what begins otherwise
		"\xa3\x03\x30\x01\x06":     fmt.Sprintf("%d@4 %d@2", field.BadElement, field.Unexpected), // wraps what is cut short
		"\xa3\x00":                 fmt.Sprintf("%d@2", field.Missing),
	} {
		tree := read(t, in, func(r *field.Reader) { r.Replacing(3, der.Sequence, "a", seq, der.OID) })
		if got := faults(tree); got != want {
			t.Errorf("% x: faults %q, want %q", in, got, want)
		}
	}
}

// TestPieceUntagged: a message inside explicit tags is what is inside them.
func TestPieceUntagged(t *testing.T) {
	tree := read(t, "\xa0\x07\xa1\x05\x30\x03\x02\x01\x05", func(r *field.Reader) {
		r.Explicit(0, "a", func(r *field.Reader) {
			r.Explicit(1, "b", func(r *field.Reader) {
				r.Piece("x", r.Seq("c", func(r *field.Reader) { r.Integer("d") }))
			})
		})
	})
	if len(tree.Pieces) != 1 || tree.Pieces[0].Span != (report.Span{Off: 4, Len: 5}) {
		t.Errorf("the pieces are %+v, want the SEQUENCE at 4", tree.Pieces)
	}
}

package armor

import (
	"bytes"
	"math/rand"
	"reflect"
	"sort"
	"testing"
)

// check holds the properties of a splitting: pieces are in order and do not
// overlap, spans and problems lie in the input, nothing that could carry
// meaning is left out, limits are kept, and it comes out the same again.
func check(t *testing.T, in []byte) {
	t.Helper()
	l := Limits{Bytes: 1 << 20, Pieces: 50, Layers: 5}
	s := newSplitter(l)
	root := &view{b: in, spans: []Span{same(0, 0, len(in))}}
	s.octets(root)
	s.remainder(in)
	pieces := s.pieces
	if again := Split(in, l); !reflect.DeepEqual(pieces, again) {
		t.Fatalf("two runs differ:%s\n%s", outline(pieces), outline(again))
	}
	if len(pieces) > l.Pieces {
		t.Fatalf("%d pieces", len(pieces))
	}
	covered := append([]Span(nil), s.scaffold...)
	end, decoded := 0, 0
	for i, p := range pieces {
		if p.Off < 0 || p.Len < 0 || p.Off+p.Len > len(in) {
			t.Fatalf("piece %d at %d+%d of %d", i, p.Off, p.Len, len(in))
		}
		if i > 0 && p.Off < end && (p.Off != pieces[i-1].Off || p.Len != pieces[i-1].Len) {
			t.Fatalf("piece %d overlaps:%s", i, outline(pieces))
		}
		end = p.Off + p.Len
		if len(p.Layers) > l.Layers+2 {
			t.Fatalf("%d layers", len(p.Layers))
		}
		if len(p.Layers) > 0 && p.Known {
			decoded += len(p.Bytes)
		}
		next := 0
		for _, c := range p.Spans {
			if c.Out < next || c.OutLen < 0 || c.In < p.Off-1 || c.InLen < 0 || c.In+c.InLen > p.Off+p.Len || c.Out+c.OutLen > len(p.Bytes) {
				t.Fatalf("span %+v of piece %d:%s", c, i, outline(pieces))
			}
			next = c.Out + c.OutLen
		}
		for _, m := range p.Problems {
			if m.Off < 0 || m.Off > len(in) {
				t.Fatalf("problem at %d:%s", m.Off, outline(pieces))
			}
		}
		covered = append(covered, Span{In: p.Off, InLen: p.Len})
	}
	if decoded > l.Bytes+len(in) {
		t.Fatalf("%d octets decoded", decoded)
	}
	sort.Slice(covered, func(i, j int) bool { return covered[i].In < covered[j].In })
	at := 0
	for _, c := range append(covered, Span{In: len(in)}) {
		if at < c.In && !punctuation(unmarked(in[at:c.In])) {
			t.Fatalf("%q at %d is left out:%s", in[at:c.In], at, outline(pieces))
		}
		at = max(at, c.In+c.InLen)
	}
}

// unmarked drops the octets that character sets add to punctuation.
func unmarked(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	return bytes.ReplaceAll(b, []byte{0}, nil)
}

func FuzzSplit(f *testing.F) {
	for _, form := range forms {
		f.Add([]byte(form.in))
	}
	f.Fuzz(func(t *testing.T, in []byte) { check(t, in) })
}

// TestMixtures puts pieces of forms together at random, and damages them.
func TestMixtures(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 4000 {
		var in []byte
		for range 1 + r.Intn(3) {
			b := []byte(forms[r.Intn(len(forms))].in)
			from := 0
			if r.Intn(3) == 0 {
				from = r.Intn(len(b))
			}
			to := len(b)
			if r.Intn(3) == 0 {
				to = from + r.Intn(len(b)-from)
			}
			b = bytes.Clone(b[from:to])
			for range r.Intn(4) {
				if len(b) > 0 {
					b[r.Intn(len(b))] = "\n\x00 -=\"{0M\xff<\\"[r.Intn(12)]
				}
			}
			in = append(append(in, b...), "\n\n"[:r.Intn(3)]...)
		}
		mixture(t, in)
	}
}

func mixture(t *testing.T, in []byte) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("the input is %q", in)
		}
	}()
	check(t, in)
}

package web

import (
	"math/rand/v2"
	"testing"

	"derscope/decode/report"
)

// all lists every row.
func (o *outline) all() []asn1Row {
	var rows []asn1Row
	for i := range o.n() {
		r, _ := o.row(i)
		rows = append(rows, r)
	}
	return rows
}

func first(b []byte) asn1Row { return newOutline(b).all()[0] }

// nested makes a random element of DER, of n octets or a few more.
func nested(rnd *rand.Rand, n int) []byte {
	if n < 3 || rnd.IntN(4) == 0 {
		return []byte{0x02, 0x01, byte(n)}
	}
	var in []byte
	for len(in) < n {
		in = append(in, nested(rnd, rnd.IntN(n))...)
	}
	tag := []byte{0x30, 0x31, 0xa0, 0x04}[rnd.IntN(4)]
	return append([]byte{tag, 0x82, byte(len(in) >> 8), byte(len(in))}, in...)
}

// Whatever is opened and closed: rows come in order, lie in the row around them,
// and are found by their octets.
func TestOutline(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var b []byte
		for range rnd.IntN(80) {
			b = append(b, nested(rnd, rnd.IntN(300))...)
		}
		o := newOutline(b)
		for range rnd.IntN(20) {
			if o.n() > 0 {
				o.turn(rnd.IntN(o.n()))
			}
		}
		last := asn1Row{Depth: -1}
		for i := range o.n() {
			r, around := o.row(i)
			if i > 0 && (r.Off <= last.Off || r.Depth > last.Depth && !last.Open) {
				t.Fatalf("seed %d: row %d is %+v, after %+v", seed, i, r, last)
			}
			if around >= 0 {
				if up, _ := o.row(around); up.Depth != r.Depth-1 || up.Off >= r.Off || up.End() < r.End() || !up.Open {
					t.Fatalf("seed %d: row %d, %+v, is said to lie in %+v", seed, i, r, up)
				}
			} else if r.Depth > 0 {
				t.Fatalf("seed %d: row %d, %+v, lies in none", seed, i, r)
			}
			m := mark{Span: report.Span{Off: r.Off, Len: r.End() - r.Off}}
			if got := o.find(m); got != i {
				t.Fatalf("seed %d: row %d, %+v, is found in row %d", seed, i, r, got)
			}
			last = r
		}
	}
}

// A long list is walked in slices, its elements closed, and each can be opened.
func TestOutlineOfMany(t *testing.T) {
	const n = 3*atOnce + 7
	in := make([]byte, 0, 5*n)
	for range n {
		in = append(in, 0x30, 0x03, 0x02, 0x01, 0x05)
	}
	b := append([]byte{0x30, 0x83, byte(len(in) >> 16), byte(len(in) >> 8 & 0xff), byte(len(in) & 0xff)}, in...)
	o := newOutline(b)
	slices := 1
	for ; !o.whole(); slices++ {
		o.goOn()
	}
	if slices < 4 || o.n() != n+1 {
		t.Fatalf("%d rows after %d slices, want %d", o.n(), slices, n+1)
	}
	if r, _ := o.row(0); elementText(b, r) != "150,007 elements" {
		t.Errorf("the list says %q", elementText(b, r))
	}
	o.turn(70_001)
	if r, around := o.row(70_002); o.n() != n+2 || r.Off != 5+5*70_000+2 || around != 70_001 {
		t.Errorf("of %d rows the one below is %+v, in %d", o.n(), r, around)
	}
	if i := o.find(mark{Span: report.Span{Off: 5 + 5*100_000, Len: 5}}); i != 100_002 {
		t.Errorf("element 100,000 is found in row %d", i)
	}
	o.turn(0)
	if r, _ := o.row(0); o.n() != 1 || elementText(b, r) != "more than 2,000 elements" {
		t.Errorf("closed, %d rows are left, which say %q", o.n(), elementText(b, r))
	}
}

package web

import (
	"slices"
	"sort"

	"derscope/decode/der"
)

// outline is the elements of some octets, as the ASN.1 view lists them. It
// keeps no element: only, for each one that is open, where some of those in it
// begin. So a list of a million elements is walked once, in slices that the
// page does not notice, and any row of it is found again in a few steps.
type outline struct {
	b    []byte
	top  level
	open int // elements that are open
}

// level is the elements inside one that is open.
type level struct {
	next, end, depth int // next: where the walk goes on
	inside           bool
	n                int                 // elements that the walk has passed
	marks            []int               // where every stride-th of them begins
	big              map[int]der.Element // by offset: those that are costly to read again
	fault            string              // of the octets from next on, which count as an element
	open             []opened            // in order
	rows             int                 // of the level, with those of the opened elements
}

type opened struct {
	at    int // which element of the level around
	row   int // its row there
	level *level
}

const (
	stride   = 32
	costly   = 1 << 14 // octets of an element of indefinite length: its end has to be looked for
	longFrom = 1000    // a level of more elements has them closed at first
	atOnce   = 50_000  // elements walked in one go
	asn1Many = 8_000   // elements that are open at first, at the most
)

func newOutline(b []byte) *outline {
	o := &outline{b: b, top: level{end: len(b)}}
	left := atOnce
	o.walk(&o.top, &left)
	o.top.count()
	return o
}

// n is how many rows there are.
func (o *outline) n() int {
	if o == nil {
		return 0
	}
	return o.top.rows
}

// whole says whether the walk is through.
func (o *outline) whole() bool { return o == nil || o.top.whole() }

// goOn walks on for a slice.
func (o *outline) goOn() {
	left := atOnce
	o.walk(&o.top, &left)
	o.top.count()
}

func (l *level) done() bool { return l.next >= l.end || l.fault != "" }

func (l *level) whole() bool {
	for i := range l.open {
		if !l.open[i].level.whole() {
			return false
		}
	}
	return l.done()
}

// walk passes elements of a level and of those open in it, left at the most.
func (o *outline) walk(l *level, left *int) {
	for i := range l.open {
		o.walk(l.open[i].level, left)
	}
	for !l.done() && *left > 0 {
		*left--
		if l.n%stride == 0 {
			l.marks = append(l.marks, l.next)
		}
		e, err := der.Next(o.b, l.next, l.end)
		if l.n++; err != nil {
			l.fault = err.Error()
		} else {
			l.next = e.End()
		}
		if e.Indefinite && e.Len > costly {
			if l.big == nil {
				l.big = map[int]der.Element{}
			}
			l.big[e.Off] = e
		}
		// A level shows whether it is long before its elements are opened.
		if l.n <= longFrom && l.done() {
			o.openFirst(l, left)
		}
	}
}

// openFirst opens the elements of a level that is not long, all levels below.
func (o *outline) openFirst(l *level, left *int) {
	for i := range l.n {
		if o.open >= asn1Many || l.depth >= der.MaxDepth {
			return
		}
		if in := o.inner(l.element(o.b, i)); in != nil {
			l.open = append(l.open, opened{at: i, level: in})
			o.open++
			o.walk(in, left)
		}
	}
}

// inner is the level inside a row, or nil.
func (o *outline) inner(r asn1Row) *level {
	if !r.Kids {
		return nil
	}
	from, wrapped := opens(o.b, r.Element)
	return &level{next: from, end: r.Close(), depth: r.Depth + 1, inside: wrapped}
}

// count finds what row each opened element stands in.
func (l *level) count() {
	more := 0
	for i := range l.open {
		in := &l.open[i]
		in.row = in.at + more
		in.level.count()
		more += in.level.rows
	}
	l.rows = l.n + more
}

// seek passes elements from the mark before element i, up to the one that
// stop says.
func (l *level) seek(b []byte, i int, stop func(i int, e der.Element) bool) (int, der.Element, error) {
	i -= i % stride
	for off := l.marks[i/stride]; ; i++ {
		e, big := l.big[off]
		if !big {
			var err error
			if e, err = der.Next(b, off, l.end); err != nil {
				return i, der.Element{Off: off, Len: l.end - off}, err
			}
		}
		if stop(i, e) || i == l.n-1 {
			return i, e, nil
		}
		off = e.End()
	}
}

// element gives element i of the level, closed.
func (l *level) element(b []byte, i int) asn1Row {
	_, e, err := l.seek(b, i, func(k int, _ der.Element) bool { return k == i })
	row := asn1Row{Element: e, Depth: l.depth, Inside: l.inside, At: i + 1, Of: l.n}
	if err != nil {
		row.Fault = err.Error()
		return row
	}
	_, wrapped := opens(b, e)
	row.Kids = (e.Constructed && e.Len > 0 || wrapped) && l.depth < 2*der.MaxDepth
	return row
}

// row gives row i, and the row of the element around it, or -1.
func (o *outline) row(i int) (r asn1Row, around int) {
	l, base, around := &o.top, 0, -1
	for {
		k := l.before(func(in *opened) bool { return base+in.row <= i })
		if k < 0 {
			return l.element(o.b, i-base), around
		}
		in := &l.open[k]
		switch past := i - base - in.row; {
		case past == 0:
			r = l.element(o.b, in.at)
			r.Open, r.In = true, in.level.n
			if !in.level.done() {
				r.In = 0
			}
			return r, around
		case past <= in.level.rows:
			around = base + in.row
			l, base = in.level, around+1
		default:
			return l.element(o.b, in.at+past-in.level.rows), around
		}
	}
}

// before is the last opened element that holds is true of, or -1.
func (l *level) before(holds func(*opened) bool) int {
	return sort.Search(len(l.open), func(k int) bool { return !holds(&l.open[k]) }) - 1
}

// find gives the row of a run of octets, or of the innermost element around it
// that is listed, or -1.
func (o *outline) find(m mark) int {
	best := -1
	if o == nil {
		return best
	}
	for l, base := &o.top, 0; l.n > 0 && l.marks[0] <= m.Off; {
		k := sort.SearchInts(l.marks, m.Off+1) - 1
		i, e, _ := l.seek(o.b, k*stride, func(_ int, e der.Element) bool { return m.Off < e.End() })
		if m.Off >= e.End() || m.End() > e.End() {
			break
		}
		k = l.before(func(in *opened) bool { return in.at <= i })
		row := base + i
		if k >= 0 {
			in := &l.open[k]
			if row += in.row - in.at; in.at < i {
				row += in.level.rows
			}
		}
		best = row
		if k < 0 || l.open[k].at != i || m.Off == e.Off && m.End() == e.End() {
			break
		}
		l, base = l.open[k].level, row+1
	}
	return best
}

// turn opens row i, or closes it.
func (o *outline) turn(i int) {
	l, at, k := o.locate(i)
	if k >= 0 && l.open[k].at == at {
		l.open = slices.Delete(l.open, k, k+1)
	} else {
		o.unfold(l, at, k+1)
	}
	o.top.count()
}

// turnBeside opens the elements beside row i, unless they are very many.
func (o *outline) turnBeside(i int) {
	l, _, _ := o.locate(i)
	if l.n > longFrom {
		return
	}
	for at, k := 0, 0; at < l.n; at++ {
		if k == len(l.open) || l.open[k].at != at {
			o.unfold(l, at, k)
		}
		if k < len(l.open) && l.open[k].at == at {
			k++
		}
	}
	o.top.count()
}

// locate says which element of which level row i is, and which of the opened
// ones is the last up to it.
func (o *outline) locate(i int) (l *level, at, k int) {
	l, base := &o.top, 0
	for {
		k = l.before(func(in *opened) bool { return base+in.row <= i })
		if k < 0 {
			return l, i - base, k
		}
		in := &l.open[k]
		switch past := i - base - in.row; {
		case past == 0:
			return l, in.at, k
		case past > in.level.rows:
			return l, in.at + past - in.level.rows, k
		}
		l, base = in.level, base+in.row+1
	}
}

// unfold opens an element, the k-th opened one of its level.
func (o *outline) unfold(l *level, at, k int) {
	if in := o.inner(l.element(o.b, at)); in != nil {
		l.open = slices.Insert(l.open, k, opened{at: at, level: in})
		left := atOnce
		o.walk(in, &left)
	}
}

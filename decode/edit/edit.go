// Package edit changes octets inside of BER or DER and mends the lengths of
// what is around them; everything else stays as it is, octet for octet.
//
//	around, _ := edit.Around(b, nodes, n)
//	out, _ := edit.Apply(b, []edit.Change{{From: 4, To: 7, With: with, Around: around}})
//
// It judges nothing: what it writes may be broken on purpose. [Contents] reads
// a value as people write it.
//
// # Why is a list of changes kept, and not the changed octets?
//
// Each change can be undone by itself, in any order: places are those of the
// octets as they were, and [Merge] brings a place of the changed octets back to
// them.
//
// Source: X.690 (2021), sections 8.1.3 and 10.1.
package edit

import (
	"errors"
	"slices"

	"derscope/decode/der"
	"derscope/decode/report"
)

// Level is the head of an element that a change lies in: identifier and
// length, or the length alone of a vector of TLS.
type Level struct {
	Off, Header int
	Vector      bool
}

// Change puts With in the place of the octets From to To. The lengths of the
// levels around it, outermost first, are mended.
type Change struct {
	From, To int
	With     []byte
	Around   []Level

	Path, Was, Is string // for people
}

// ErrPlace says that a node's octets are not written as elements, so that no
// length around it can be mended.
var ErrPlace = errors.New("the octets here are not written as elements inside elements, so no length around them can be mended")

// Around lists the levels around the contents of a node, its own included, in
// the octets b of its source. Every octet of a tag or length is in the head of
// exactly one node, so the heads of the nodes above it are all there is.
func Around(b []byte, nodes []report.Node, n report.Ref) ([]Level, error) {
	var out []Level
	source := nodes[n].Span.Source
	for up := n; up != report.None && nodes[up].Span.Source == source; up = nodes[up].Parent {
		node := &nodes[up]
		heads, err := heads(b, node)
		if err != nil {
			return nil, err
		}
		out = append(heads, out...)
	}
	return out, nil
}

// heads gives the levels of one node: of an element inside an explicit tag
// there are two.
func heads(b []byte, n *report.Node) ([]Level, error) {
	var out []Level
	off, end := n.Span.Off, n.Span.Off+n.Header
	if n.Type == "vector" {
		return []Level{{off, n.Header, true}}, nil
	}
	for off < end {
		e, _ := der.Next(b, off, n.Span.End()) // a length that is too large is still one
		if e.Header == 0 || off+e.Header > end {
			return nil, ErrPlace
		}
		out = append(out, Level{off, e.Header, false})
		off += e.Header
	}
	return out, nil
}

// piece is a run of octets that was replaced: From to To of the old ones by At
// to End of the new.
type piece struct {
	From, To, At, End int
	with              []byte
	change            int // -1: a length that was mended
}

// Apply makes the changes. They must not overlap.
func Apply(b []byte, changes []Change) []byte {
	out, _ := apply(b, changes)
	return out
}

func apply(b []byte, changes []Change) ([]byte, []piece) {
	var pieces []piece
	// What the contents of each level grow by; an outer level grows by the
	// heads inside of it as well, so the innermost come first.
	grow := map[Level]int{}
	above := map[Level][]Level{}
	var levels []Level
	for i, c := range changes {
		pieces = append(pieces, piece{From: c.From, To: c.To, with: c.With, change: i})
		for k, l := range c.Around {
			if _, seen := above[l]; !seen {
				above[l] = c.Around[:k]
				levels = append(levels, l)
			}
			grow[l] += len(c.With) - (c.To - c.From)
		}
	}
	inOrder(levels, func(a, b Level) bool { return a.Off > b.Off })
	for _, l := range levels {
		head := b[l.Off : l.Off+l.Header]
		mended := mend(head, l.Vector, grow[l])
		for _, up := range above[l] {
			grow[up] += len(mended) - len(head)
		}
		if grow[l] != 0 {
			pieces = append(pieces, piece{From: l.Off, To: l.Off + l.Header, with: mended, change: -1})
		}
	}
	inOrder(pieces, func(a, b piece) bool { return a.From < b.From || a.From == b.From && a.To < b.To })
	out := make([]byte, 0, len(b)+64)
	at := 0
	for i := range pieces {
		p := &pieces[i]
		if p.From < at { // an overlap, which Merge does not leave
			p.From, p.To = at, max(at, p.To)
		}
		out = append(out, b[at:p.From]...)
		p.At = len(out)
		out = append(out, p.with...)
		p.End, at = len(out), p.To
	}
	return append(out, b[at:]...), pieces
}

// inOrder sorts a few things; equal ones keep their order.
func inOrder[T any](all []T, less func(a, b T) bool) {
	for i := range all {
		for k := i; k > 0 && less(all[k], all[k-1]); k-- {
			all[k], all[k-1] = all[k-1], all[k]
		}
	}
}

// mend writes a head anew whose contents have grown. A length that was written
// in more octets than needed goes on being so, if it fits.
func mend(head []byte, vector bool, grow int) []byte {
	if grow == 0 {
		return head
	}
	if vector {
		n := 0
		for _, c := range head {
			n = n<<8 | int(c)
		}
		return number(max(0, n+grow), len(head))
	}
	e, _ := der.Next(head, 0, len(head))
	if e.Indefinite || e.Header == 0 {
		return head
	}
	tag := 1
	if head[0]&31 == 31 {
		for tag < len(head) && head[tag]&0x80 != 0 {
			tag++
		}
		tag++
	}
	n := max(0, e.Len+grow)
	width := 0
	for v := n; v > 0; v >>= 8 {
		width++
	}
	out := slices.Clone(head[:tag])
	switch has := len(head) - tag - 1; {
	case e.LongLength && has >= width:
		return append(append(out, 0x80|byte(has)), number(n, has)...)
	case n < 0x80:
		return append(out, byte(n))
	default:
		return append(append(out, 0x80|byte(width)), number(n, width)...)
	}
}

// number writes n in width octets, the big end first.
func number(n, width int) []byte {
	out := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		out[i] = byte(n)
		n >>= 8
	}
	return out
}

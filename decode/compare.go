package decode

import (
	"bytes"
	"fmt"
	"strings"

	"derscope/decode/der"
	"derscope/decode/report"
)

// Sign says how the two sides of a row compare.
type Sign uint8

const (
	Same Sign = iota
	Differs
	OnlyLeft
	OnlyRight
)

// Cell is one side of a row.
type Cell struct {
	Place
	Text string // the value, for people; a long one is cut
}

// Row is a field of two items side by side.
type Row struct {
	Sign        Sign
	Depth       int
	Label       string
	Left, Right Cell
	Note        string // what the values do not show
}

// Bounds of a comparison: rows in all; and of a long list, on each side,
// elements that are compared, and those shown that the other side has not.
const (
	mostRows     = 20_000
	mostElements = 1_000_000
	mostOther    = 1_000
)

// Compare lays two items side by side, field by field. What follows the rows
// that there may be is counted, not shown.
//
// Fields are paired by name. An element of a list is known by its first part:
// an extension by its identifier, an answer by its CertID, a revoked
// certificate by its serial number; failing that, by the end of its first part
// (the serial number of a CertID of another hash), then by the identifier that
// it begins with (the type of an attribute), and what begins with none is
// paired in order (the certificates in a response). A part that is a value by
// itself, such as a name or a purpose, is on both sides or on one.
func (c *Case) Compare(a, b int) (rows []Row, left int) {
	if min(a, b) < 0 || max(a, b) >= len(c.items) {
		return nil, 0
	}
	m := &comparison{c: c}
	l, r := m.side(a), m.side(b)
	m.children(l.roots(), r.roots(), 0)
	return m.rows, m.left
}

type comparison struct {
	c    *Case
	rows []Row
	left int
}

// side is the nodes of an item; or of one element of a long list.
type side struct {
	nodes   []report.Node
	base    report.Ref // of nodes[0]; what Parent counts from
	end     []int
	list    report.Ref // that the element is of, or None
	element int
}

func newSide(nodes []report.Node, base, list report.Ref, element int) *side {
	s := &side{nodes: nodes, base: base, end: make([]int, len(nodes)), list: list, element: element}
	for i := len(nodes) - 1; i >= 0; i-- {
		s.end[i] = max(s.end[i], i+1)
		if p := nodes[i].Parent; p != report.None {
			s.end[p-base] = max(s.end[p-base], s.end[i])
		}
	}
	return s
}

func (m *comparison) side(item int) *side {
	it := &m.c.items[item]
	return newSide(m.c.tree.Nodes[it.Root:it.End], it.Root, report.None, -1)
}

// part is a node of a side.
type part struct {
	*side
	i int
}

func (s *side) roots() []part     { return s.between(0, len(s.nodes)) }
func (p part) kids() []part       { return p.between(p.i+1, p.end[p.i]) }
func (p part) node() *report.Node { return &p.nodes[p.i] }
func (p part) leaf() bool         { return p.end[p.i] == p.i+1 }
func (p part) stem() (string, bool) {
	stem, _, listed := strings.Cut(p.node().Label, "[")
	return stem, listed
}

func (s *side) between(from, to int) []part {
	var all []part
	for i := from; i < to; i = s.end[i] {
		if s.nodes[i].Flags&report.More == 0 {
			all = append(all, part{s, i})
		}
	}
	return all
}

func (m *comparison) octets(p part) []byte {
	s := p.node().Span
	return m.c.tree.Sources[s.Source].Bytes[s.Off:s.End()]
}

// cell says a value in at most so many characters.
func (m *comparison) cell(p part) Cell {
	const most = 300
	n := p.node()
	c := Cell{Place{p.base + report.Ref(p.i), -1}, n.Value}
	if p.list != report.None {
		c.Place = Place{p.list, p.element}
	}
	if n.Flags&report.Secret != 0 || m.c.tree.Sources[n.Span.Source].Hides() {
		c.Text = "kept secret"
	}
	if r := []rune(c.Text); len(r) > most {
		c.Text = string(r[:most]) + "…"
	}
	return c
}

func (m *comparison) add(r Row) {
	switch {
	case len(m.rows) < mostRows:
		m.rows = append(m.rows, r)
	case r.Sign != Same:
		m.left++
	}
}

// whole adds everything of a part that has no partner.
func (m *comparison) whole(p part, sign Sign, depth int) {
	r := Row{Sign: sign, Depth: depth, Label: p.node().Label, Left: Cell{Place: Start()}, Right: Cell{Place: Start()}}
	if sign == OnlyLeft {
		r.Left = m.cell(p)
	} else {
		r.Right = m.cell(p)
	}
	m.add(r)
	for _, k := range p.kids() {
		m.whole(k, sign, depth+1)
	}
}

// pair adds a field that both sides have, and what is inside.
func (m *comparison) pair(a, b part, depth int) {
	x, y := m.octets(a), m.octets(b)
	r := Row{Depth: depth, Label: a.node().Label, Left: m.cell(a), Right: m.cell(b)}
	if !bytes.Equal(x, y) {
		r.Sign = Differs
		if a.leaf() && b.leaf() && r.Left.Text == r.Right.Text {
			r.Note = apart(x, y)
		}
	}
	m.add(r)
	if la, lb := m.list(a), m.list(b); la != nil || lb != nil {
		m.lists(m.elements(a, la), m.elements(b, lb), depth+1)
		return
	}
	m.children(a.kids(), b.kids(), depth+1)
}

// apart says where octets differ of which the words for people are the same.
func apart(x, y []byte) string {
	at, n := 0, 0
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) || x[i] != y[i] {
			if n++; n == 1 {
				at = i
			}
		}
	}
	if len(x) != len(y) {
		return fmt.Sprintf("%d and %d octets, unlike from octet %d on", len(x), len(y), at)
	}
	return fmt.Sprintf("%d of %d octets differ, the first at %d", n, len(x), at)
}

// children pairs parts and adds them in the order of the left, each that only
// the right has before the one that follows it there.
func (m *comparison) children(as, bs []part, depth int) {
	partner := m.align(as, bs)
	taken := make([]bool, len(bs))
	for _, j := range partner {
		if j >= 0 {
			taken[j] = true
		}
	}
	next := 0 // of the right, not added yet
	only := func(to int) {
		for ; next < to; next++ {
			if !taken[next] {
				m.whole(bs[next], OnlyRight, depth)
			}
		}
	}
	for i, a := range as {
		if j := partner[i]; j >= 0 {
			only(j)
			m.pair(a, bs[j], depth)
		} else {
			m.whole(a, OnlyLeft, depth)
		}
	}
	only(len(bs))
}

// align gives each part of the left its partner on the right, or -1.
func (m *comparison) align(as, bs []part) []int {
	partner, taken := make([]int, len(as)), make([]bool, len(bs))
	for i := range partner {
		partner[i] = -1
	}
	for _, key := range []func(part) string{m.whatItIs, m.endOfFirst, m.beginning, inOrder} {
		places := map[string][]int{}
		for j, b := range bs {
			if k := key(b); !taken[j] && k != "" {
				places[k] = append(places[k], j)
			}
		}
		for i, a := range as {
			k := key(a)
			if list := places[k]; partner[i] < 0 && k != "" && len(list) > 0 {
				partner[i], taken[list[0]], places[k] = list[0], true, list[1:]
			}
		}
	}
	return partner
}

// whatItIs is the name of a field; of an element of a list its first part, or
// itself.
func (m *comparison) whatItIs(p part) string {
	stem, listed := p.stem()
	switch kids := p.kids(); {
	case !listed:
		return stem
	case len(kids) > 0:
		return stem + "[" + string(m.octets(kids[0]))
	}
	return stem + "[" + string(m.octets(p))
}

func (m *comparison) endOfFirst(p part) string {
	stem, listed := p.stem()
	kids := p.kids()
	if !listed || len(kids) == 0 || kids[0].leaf() {
		return ""
	}
	return stem + "[" + string(m.octets(part{p.side, p.end[kids[0].i] - 1}))
}

func (m *comparison) beginning(p part) string {
	stem, listed := p.stem()
	if first := p.first(); listed && first.node().Type == "OBJECT IDENTIFIER" && first.i > p.i+1 {
		return stem + "[" + string(m.octets(first))
	}
	return ""
}

// first is the first leaf inside a part.
func (p part) first() part {
	for !p.leaf() {
		p.i++
	}
	return p
}

func inOrder(p part) string {
	stem, listed := p.stem()
	if kids := p.kids(); !listed || len(kids) == 0 || kids[0].leaf() || p.first().node().Type == "OBJECT IDENTIFIER" {
		return ""
	}
	return stem + "["
}

// long is a list of which not all elements are nodes, with the first that are.
type long struct {
	nodes []part
	list  *report.List // nil: all are
	all   []element
	cut   bool // it has more than mostElements
}

type element struct {
	octets []byte
	same   bool // the other list has it, too
}

// lists compares lists of which not all elements are nodes. Those that lie on
// both sides, octet for octet, are counted; the others are made into nodes.
func (m *comparison) lists(a, b long, depth int) {
	there, both, same := map[string]int{}, map[string]int{}, 0
	for i := range b.all {
		there[string(b.all[i].octets)]++
	}
	for i := range a.all {
		if k := string(a.all[i].octets); there[k] > 0 {
			there[k]--
			both[k]++
			same++
			a.all[i].same = true
		}
	}
	for i := range b.all {
		if k := string(b.all[i].octets); both[k] > 0 {
			both[k]--
			b.all[i].same = true
		}
	}
	note := fmt.Sprintf("%s of %s and %s elements are the same", report.Count(same), report.Count(len(a.all)), report.Count(len(b.all)))
	if a.cut || b.cut {
		note += "; no further ones were compared"
	}
	m.add(Row{Depth: depth, Label: "the same", Left: Cell{Place: Start()}, Right: Cell{Place: Start()}, Note: note})
	m.children(m.others(a), m.others(b), depth)
}

func (m *comparison) list(p part) *report.List {
	for i := range m.c.tree.Lists {
		if l := &m.c.tree.Lists[i]; p.list == report.None && l.Node == p.base+report.Ref(p.i) {
			return l
		}
	}
	return nil
}

// elements lists those of a list, the first ones by their nodes.
func (m *comparison) elements(p part, l *report.List) long {
	all := long{nodes: p.kids(), list: l}
	for _, k := range all.nodes {
		all.all = append(all.all, element{octets: m.octets(k)})
	}
	if l == nil {
		return all
	}
	b := m.c.tree.Sources[l.Rest.Source].Bytes
	for off := l.Rest.Off; off < l.Rest.End(); {
		e, err := der.Next(b, off, l.Rest.End())
		if err != nil {
			break
		}
		if all.cut = len(all.all) == mostElements; all.cut {
			break
		}
		all.all = append(all.all, element{octets: b[off:e.End()]})
		off = e.End()
	}
	return all
}

// others are the elements that the other side has not.
func (m *comparison) others(l long) (parts []part) {
	for i, e := range l.all {
		switch {
		case e.same:
		case len(parts) == mostOther:
			m.left++
		case i < len(l.nodes):
			parts = append(parts, l.nodes[i])
		default:
			if nodes := m.c.tree.Open(l.list.Node, i, 1); len(nodes) > 0 {
				parts = append(parts, part{newSide(nodes, 0, l.list.Node, i), 0})
			}
		}
	}
	return parts
}

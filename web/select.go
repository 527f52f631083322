package web

import (
	"strings"

	"derscope/decode/report"
)

// mark is the run of octets that the hex view colours.
type mark struct {
	report.Span
	Header int // of them tag and length
}

// selectNode makes n the selection of tree, octets and explanation.
func (s *state) selectNode(n report.Ref) {
	if s.report == nil || n < 0 || int(n) >= len(s.report.Nodes) {
		return
	}
	if l := s.lists[s.report.Nodes[n].Parent]; l != nil && n == l.more && s.report.Nodes[n].Flags&report.Faulty == 0 {
		n = l.Node // the others have rows of their own
	}
	s.bring(n)
	s.sel, s.goal, s.grip = n, goal{}, grip{}
	s.edits.leave(n)
	s.turn.structure++
	s.show()
}

// show lists the rows, where they are not those of before, and moves the
// selection into sight.
func (s *state) show() {
	if s.report == nil || s.shown >= len(s.report.Items) {
		s.rows, s.lines = nil, nil
		return
	}
	it := &s.report.Items[s.shown]
	if s.sel == report.None && it.Root < it.End {
		s.sel = it.Root
	}
	s.mark = mark{Span: report.Span{Source: it.Source}}
	if s.sel != report.None {
		n := &s.report.Nodes[s.sel]
		s.mark = mark{n.Span, n.Header}
		for up := n.Parent; up != report.None; up = s.report.Nodes[up].Parent {
			if s.folded[up] {
				s.folded[up], s.rows = false, nil
			}
			if l := s.lists[up]; l != nil && s.elementAround(l, s.sel) >= 0 && l.place(s.elementAround(l, s.sel)) < 0 {
				s.unfilter(l)
			}
		}
	}
	s.list()
	s.revealAll()
}

// list makes the rows of the tree in view anew, if they are no longer right:
// nil says so.
func (s *state) list() {
	if s.report == nil {
		return
	}
	it := &s.report.Items[s.shown]
	if s.rows == nil {
		rows := s.visible(it.Root, it.End)
		s.rows = &rows
	}
	if s.tab == tabASN1 && (s.lines == nil || s.lined != s.mark.Source) {
		s.lines, s.lined = newOutline(s.octets()), s.mark.Source
		s.goOn()
	}
}

// rowOf is the row of a node, or -1.
func (s *state) rowOf(n report.Ref) int {
	if s.rows == nil || n == report.None {
		return -1
	}
	if i := s.rows.find(n); i >= 0 {
		return i
	}
	if l := s.lists[s.report.Nodes[n].Parent]; l != nil {
		if e := l.number(n); e >= 0 {
			return s.rows.closedAt(l, e)
		}
	}
	return -1
}

// here is the row of the selection, or of what is about to be selected.
func (s *state) here() int {
	if g := s.goal; g.list != nil && s.rows != nil {
		return s.rows.closedAt(g.list, g.element)
	}
	return s.rowOf(s.sel)
}

func (s *state) revealAll() {
	if i := s.here(); i >= 0 {
		s.fields.reveal(i, s.rows.n)
	}
	if i := s.lines.find(s.mark); i >= 0 {
		s.asn1.reveal(i, s.lines.n())
	}
	s.hex.reveal(s.mark.Off/s.perLine, hexLines(len(s.octets()), s.perLine))
}

// octets are those of the source that the selection lies in; of a secret there
// are none to see.
func (s *state) octets() []byte {
	if s.report == nil || s.mark.Source < 0 || s.mark.Source >= len(s.report.Sources) || s.secret() {
		return nil
	}
	return s.report.Sources[s.mark.Source].Bytes
}

// hidden are the octets of secrets in them.
func (s *state) hidden() []report.Span {
	if s.report == nil || s.octets() == nil || s.revealed {
		return nil
	}
	return report.Secrets(s.report.Nodes, s.mark.Source)
}

func (s *state) secret() bool {
	return s.mark.Source < len(s.report.Sources) && s.report.Sources[s.mark.Source].Hides() && !s.revealed
}

// selectOctet selects the innermost node at an octet of the shown source.
func (s *state) selectOctet(off int) { s.selectAround(off, off+1) }

// selectAround selects the innermost node around a run of them.
func (s *state) selectAround(off, to int) {
	if s.report == nil {
		return
	}
	it := &s.report.Items[s.shown]
	n := s.tree.around(s.report.Nodes, it.Root, it.End, s.mark.Source, off, to)
	if n != report.None {
		if l := s.lists[s.report.Nodes[n].Parent]; l != nil && n == l.more {
			s.octetsIn(l, off, to)
			return
		}
	}
	s.selectNode(n)
}

// selectElement selects an element of the ASN.1 view, and the innermost node
// around it.
func (s *state) selectElement(r asn1Row) {
	source := s.mark.Source
	s.selectOctet(r.Off)
	s.mark = mark{report.Span{Source: source, Off: r.Off, Len: r.End() - r.Off}, r.Header}
	s.turn.structure++
	s.revealAll()
}

// step moves the selection by rows of the tree.
func (s *state) step(by int) {
	if s.rows == nil || s.rows.n == 0 {
		return
	}
	r := s.rows.at(min(max(0, s.here()+by), s.rows.n-1))
	if r.list != nil {
		s.aim(goal{list: r.list, element: r.element, off: -1})
		return
	}
	s.selectNode(r.node)
}

// fold opens or closes the node n.
func (s *state) fold(n report.Ref) {
	if n == report.None {
		return
	}
	if s.tree.leaf(n) {
		return
	}
	s.folded[n], s.rows = !s.folded[n], nil
	if s.folded[n] && s.sel > n && s.sel < s.tree.end[n] {
		s.selectNode(n)
		return
	}
	s.turn.structure++
	s.list()
}

// inward opens the selected node, or goes to its first child; outward closes
// it, or goes to its parent: the arrow keys of a tree.
func (s *state) inward() {
	switch {
	case s.sel == report.None || s.goal.list != nil || s.tree.leaf(s.sel):
	case s.folded[s.sel]:
		s.fold(s.sel)
	default:
		s.step(1)
	}
}

func (s *state) outward() {
	switch {
	case s.sel == report.None || s.goal.list != nil:
	case !s.tree.leaf(s.sel) && !s.folded[s.sel]:
		s.fold(s.sel)
	case s.report.Nodes[s.sel].Parent != report.None:
		s.selectNode(s.report.Nodes[s.sel].Parent)
	}
}

// large is how many nodes an item may have and still be drawn with all but
// its details open.
const large = 2000

// foldAll closes what is rarely looked at: algorithms, identifiers and the
// certificates that a message carries; of a large item all but the top.
func (s *state) foldAll() {
	if s.report == nil || s.shown >= len(s.report.Items) {
		return
	}
	it := &s.report.Items[s.shown]
	for n := it.Root; n < it.End; n++ {
		if s.tree.leaf(n) {
			continue
		}
		depth := s.tree.depth[n] - s.tree.depth[it.Root]
		label, _, _ := strings.Cut(s.report.Nodes[n].Label, "[")
		s.folded[n] = depth > 0 && details[label] || depth > 8 || depth > 1 && it.End-it.Root > large
	}
	for list, l := range s.lists {
		s.folded[list] = false
		for _, n := range l.first {
			s.folded[n] = true
		}
	}
}

// details are the fields that are closed at first: a row says what is in them.
var details = map[string]bool{
	"responderID": true, "certID": true, "reqCert": true, "certs": true,
	"signatureAlgorithm": true, "signature": true, "hashAlgorithm": true, "algorithm": true,
	"issuer": true, "subject": true, "subjectPublicKeyInfo": true, "rdnSequence": true, "attribute": true,
}

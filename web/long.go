package web

import (
	"slices"
	"strconv"
	"strings"

	"derscope/decode/report"
)

// A long list, such as the entries of a CRL, comes with its first elements as
// nodes, and one node that stands for the others. All are rows; the others are
// made into nodes when they come into sight, a lot at a time, and the lots of
// long ago are forgotten. New nodes are put behind those that came with the
// report or where forgotten ones were, so that no Ref in use ever changes.

// long is a long list.
type long struct {
	report.List
	name  string
	first []report.Ref // the elements that came as nodes
	begin report.Ref   // the first of them
	more  report.Ref   // stands for the others

	made map[int]report.Ref // others that are nodes now
	lots []lot              // in the order in which they came
	free []room             // of forgotten lots

	filter    string
	hits      []int // the elements that the filter leaves
	looked    int   // elements that the filter has looked at
	filtering int   // grows with each filter
}

// longLists finds the long lists of a report.
func longLists(r *report.Report, t tree) map[report.Ref]*long {
	all := map[report.Ref]*long{}
	for _, list := range r.Lists {
		l := &long{List: list, made: map[int]report.Ref{}}
		for n := list.Node + 1; n < t.end[list.Node]; n = t.end[n] {
			if l.more = n; r.Nodes[n].Flags&report.More != 0 {
				break
			}
			l.first = append(l.first, n)
		}
		if l.more == 0 || len(l.first) < list.Shown {
			continue
		}
		l.first = l.first[len(l.first)-list.Shown:]
		if l.begin = l.more; list.Shown > 0 {
			l.begin = l.first[0]
		}
		l.name, _, _ = strings.Cut(r.Nodes[l.more].Label, "[")
		all[list.Node] = l
	}
	return all
}

// node is an element's node, or None.
func (l *long) node(e int) report.Ref {
	if e < len(l.first) {
		return l.first[e]
	}
	if n, ok := l.made[e]; ok {
		return n
	}
	return report.None
}

// number is the element that a node is, or -1.
func (l *long) number(n report.Ref) int {
	if i, ok := slices.BinarySearch(l.first, n); ok {
		return i
	}
	for _, lot := range l.lots {
		if lot.from <= n && n < lot.to {
			for _, e := range lot.elements {
				if l.made[e] == n {
					return e
				}
			}
		}
	}
	return -1
}

// shown is how many elements are listed; element gives the one at a place
// among them, and place the place of one, or -1.
func (l *long) shown() int {
	if l.filter != "" {
		return len(l.hits)
	}
	return l.Count
}

func (l *long) element(place int) int {
	if l.filter != "" {
		return l.hits[place]
	}
	return place
}

func (l *long) place(e int) int {
	if l.filter == "" {
		return e
	}
	if p, ok := slices.BinarySearch(l.hits, e); ok {
		return p
	}
	return -1
}

// opened lists the elements that are not folded.
func (l *long) opened(folded map[report.Ref]bool) []int {
	var all []int
	for e, n := range l.first {
		if !folded[n] {
			all = append(all, e)
		}
	}
	for e, n := range l.made {
		if !folded[n] {
			all = append(all, e)
		}
	}
	slices.Sort(all)
	return all
}

// label names an element.
func (l *long) label(e int) string { return l.name + "[" + strconv.Itoa(e) + "]" }

// goal is an element on its way to be selected, or what is around octets in it.
type goal struct {
	list    *long
	element int
	off, to int // -1: the element itself
}

// reach selects the node n; or, with element at 0 or above, that element of the
// long list which n is, made if need be.
func (s *state) reach(n report.Ref, element int) {
	if l := s.lists[n]; l != nil && element >= 0 && element < l.Count {
		s.aim(goal{list: l, element: element, off: -1})
		return
	}
	s.selectNode(n)
}

// aim selects what a goal says, at once if it is a node.
func (s *state) aim(g goal) {
	l := g.list
	if l.place(g.element) < 0 {
		s.unfilter(l)
	}
	if n := l.node(g.element); n != report.None {
		s.goal = goal{}
		if g.off < 0 {
			s.selectNode(n)
			return
		}
		octets, element := s.grip, s.mark
		if n = s.tree.around(s.report.Nodes, n, s.tree.end[n], s.mark.Source, g.off, g.to); n == report.None {
			n = l.Node // they lie in several elements
		}
		s.selectNode(n)
		s.grip = octets
		if s.tab == tabASN1 { // it is an element that was selected there
			s.mark = element
			s.revealAll()
		}
		return
	}
	s.bring(l.Node)
	for up := l.Node; up != report.None; up = s.report.Nodes[up].Parent {
		if s.folded[up] {
			s.folded[up], s.rows = false, nil
		}
	}
	s.goal = g
	s.turn.structure++
	s.list()
	s.revealAll()
	s.fetch()
}

// bring shows the item that a node belongs to.
func (s *state) bring(n report.Ref) {
	for s.report.Nodes[n].Parent != report.None {
		n = s.report.Nodes[n].Parent
	}
	if i := s.report.ItemOf(n); i >= 0 && i != s.shown {
		s.shown, s.rows = i, nil
		s.foldAll()
	}
}

// octetsIn selects what octets in the rest of a long list belong to.
func (s *state) octetsIn(l *long, off, to int) {
	for _, lot := range l.lots {
		if n := s.tree.around(s.report.Nodes, lot.from, lot.to, s.mark.Source, off, to); n != report.None {
			s.selectNode(n)
			return
		}
	}
	s.inquire(Request{Op: "at", List: l.Node, N: off}, func(u *unpacker) {
		if element := u.int() - 1; s.lists[l.Node] == l && u.fault == nil && element >= 0 {
			s.aim(goal{l, element, off, to})
			s.settle()
		}
	})
}

// far selects an element by the row that it has before it is a node.
func (s *state) far(arg string) {
	list, element, _ := strings.Cut(arg, ".")
	n, _ := strconv.Atoi(list)
	e, _ := strconv.Atoi(element)
	s.reach(report.Ref(n), e)
}

func farAway(r row) string { return strconv.Itoa(int(r.list.Node)) + "." + strconv.Itoa(r.element) }

// elementAround is the element of a list that a node lies in, or -1.
func (s *state) elementAround(l *long, n report.Ref) int {
	for n != report.None && s.report.Nodes[n].Parent != l.Node {
		n = s.report.Nodes[n].Parent
	}
	if n == report.None {
		return -1
	}
	return l.number(n)
}

// among says which of how many siblings a row is.
func (s *state) among(r row) (at, of int) {
	l, e := r.list, r.element
	if l == nil {
		if l = s.lists[s.report.Nodes[r.node].Parent]; l != nil {
			e = l.number(r.node)
		}
	}
	if l == nil || e < 0 {
		return s.tree.among(s.report.Nodes, r.node)
	}
	return l.place(e) + 1, l.shown()
}

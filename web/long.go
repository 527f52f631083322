package web

import (
	"slices"
	"sort"
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

// room is a stretch of nodes; a lot is one that elements were made in.
type room struct{ from, to report.Ref }

type lot struct {
	room
	elements []int
}

// Bounds of what is made: elements at a time, and nodes that are kept.
const (
	batch    = 200
	kept     = 40_000
	lookout  = 60 // rows above and below those in sight that are made, too
	atFilter = 4_000
)

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

// fetch has the elements in sight made, and the one that is to be selected.
// One request is under way at a time: what was asked for while the list moves
// on would be of no use.
func (s *state) fetch() {
	if s.fetching || s.report == nil || s.decoder == nil || s.rows == nil {
		return
	}
	l, elements := s.missing()
	if l == nil {
		return
	}
	s.fetching = true
	s.decoder.Open(l.Node, elements, func(nodes []report.Node, err error) {
		s.draw(func() {
			if s.lists[l.Node] != l {
				return // of evidence that is gone
			}
			s.fetching = false
			if err != nil {
				return
			}
			s.insert(l, elements, nodes)
			if g := s.goal; g.list == l && l.node(g.element) != report.None {
				s.aim(g)
				s.settle()
			}
			s.fetch()
		})
	})
}

// missing gives elements in sight that are no nodes yet, of one list.
func (s *state) missing() (l *long, elements []int) {
	take := func(k *long, e int) {
		if l == nil {
			l = k
		}
		if k == l && k.node(e) == report.None && len(elements) < batch && !slices.Contains(elements, e) {
			elements = append(elements, e)
		}
	}
	if g := s.goal; g.list != nil {
		take(g.list, g.element)
	}
	from, to := s.fields.window(s.rows.n)
	for i := from; i < to; i++ {
		if r := s.rows.at(i); r.list != nil && r.node == report.None {
			take(r.list, r.element)
		}
	}
	if len(elements) == 0 {
		return nil, nil
	}
	for i := 1; i <= lookout; i++ { // there is a request: let it bring the neighbours
		for _, i := range []int{from - i, to - 1 + i} {
			if i >= 0 && i < s.rows.n {
				if r := s.rows.at(i); r.list == l && r.node == report.None {
					take(l, r.element)
				}
			}
		}
	}
	slices.Sort(elements)
	return l, elements
}

// insert takes elements in that were made. The parent of each node is an index
// among them, or None for the elements themselves.
func (s *state) insert(l *long, elements []int, nodes []report.Node) {
	if len(nodes) == 0 {
		return
	}
	s.forgetLots(l, len(nodes))
	at := s.makeRoom(l, len(nodes))
	new := lot{room: room{at, at + report.Ref(len(nodes))}}
	for i, node := range nodes {
		n := at + report.Ref(i)
		if node.Parent == report.None {
			node.Parent = l.Node
			if k := len(new.elements); k < len(elements) {
				l.made[elements[k]] = n
				new.elements = append(new.elements, elements[k])
			}
		} else {
			node.Parent += at
		}
		s.report.Nodes[n] = node
	}
	l.lots = append(l.lots, new)
	s.tree.grow(s.report.Nodes, new.from, new.to)
	for n := new.from; n < new.to; n++ {
		s.folded[n] = true
	}
	s.turn.structure++
}

// makeRoom gives a stretch of n nodes that nothing uses.
func (s *state) makeRoom(l *long, n int) report.Ref {
	for i := range l.free {
		if f := &l.free[i]; int(f.to-f.from) >= n {
			at := f.from
			f.from += report.Ref(n)
			return at
		}
	}
	at := report.Ref(len(s.report.Nodes))
	s.report.Nodes = append(s.report.Nodes, make([]report.Node, n)...)
	return at
}

// forgetLots drops the oldest lots that nobody looks at, so that with n more
// nodes there are not too many. What is selected, opened or in sight stays.
func (s *state) forgetLots(l *long, n int) {
	held := n
	for _, lot := range l.lots {
		held += int(lot.to - lot.from)
	}
	if held <= kept {
		return
	}
	seen := map[int]bool{}
	from, to := s.fields.window(s.rows.n)
	for i := from; i < to; i++ {
		if r := s.rows.at(i); r.list == l {
			seen[r.element] = true
		}
	}
	l.lots = slices.DeleteFunc(l.lots, func(old lot) bool {
		used := old.from <= s.sel && s.sel < old.to || slices.ContainsFunc(old.elements, func(e int) bool {
			n := l.made[e]
			return seen[e] || !s.folded[n]
		})
		if used || held <= kept {
			return false
		}
		held -= int(old.to - old.from)
		for _, e := range old.elements {
			delete(l.made, e)
		}
		for n := old.from; n < old.to; n++ {
			delete(s.folded, n)
			s.report.Nodes[n] = report.Node{Parent: report.None}
		}
		l.free = append(l.free, old.room)
		return true
	})
	// Neighbouring rooms become one.
	sort.Slice(l.free, func(i, j int) bool { return l.free[i].from < l.free[j].from })
	joined := l.free[:0]
	for _, r := range l.free {
		if k := len(joined) - 1; k >= 0 && joined[k].to == r.from {
			joined[k].to = r.to
		} else if r.from < r.to {
			joined = append(joined, r)
		}
	}
	l.free = joined
}

// octetsIn selects what octets in the rest of a long list belong to.
func (s *state) octetsIn(l *long, off, to int) {
	for _, lot := range l.lots {
		if n := s.tree.around(s.report.Nodes, lot.from, lot.to, s.mark.Source, off, to); n != report.None {
			s.selectNode(n)
			return
		}
	}
	s.decoder.Do(Request{Op: "at", List: l.Node, N: off}, func(u *unpacker, err error) {
		element := u.int() - 1
		s.draw(func() {
			if s.lists[l.Node] == l && err == nil && u.fault == nil && element >= 0 {
				s.aim(goal{l, element, off, to})
				s.settle()
			}
		})
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

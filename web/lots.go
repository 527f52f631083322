package web

import (
	"slices"
	"sort"

	"derscope/decode/report"
)

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

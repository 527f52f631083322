package web

import (
	"fmt"
	"slices"

	"derscope/decode/report"
)

// A long list, such as the entries of a CRL, comes with its first elements as
// nodes, and one node that stands for the others. These are made when they are
// asked for, and put behind all nodes there are, so that no Ref changes.

// chunk is a run of such nodes.
type chunk struct{ from, to report.Ref }

// batch is how many elements are made at a time.
const batch = 1000

// rest finds the list that a node of flag More stands for the rest of, and how
// many of its elements are nodes.
func (s *state) rest(n report.Ref) (list report.List, made int) {
	for _, l := range s.report.Lists {
		if l.Node != s.report.Nodes[n].Parent {
			continue
		}
		made = l.Shown
		for _, c := range s.more[n] {
			for at := c.from; at < c.to; at = s.tree.end[at] {
				made++
			}
		}
		return l, made
	}
	return report.List{}, 0
}

// restText says what is left.
func (s *state) restText(n report.Ref) string {
	list, made := s.rest(n)
	switch left := list.Count - made; {
	case left <= 0:
		return "that is all"
	case left <= batch:
		return fmt.Sprintf("%s more: show them", count(left))
	default:
		return fmt.Sprintf("%s more: show the next %s", count(left), count(batch))
	}
}

// isRest says whether a node stands for the rest of a list.
func (s *state) isRest(n report.Ref) bool {
	return s.report != nil && n >= 0 && int(n) < len(s.report.Nodes) && s.report.Nodes[n].Flags&report.More != 0
}

// openMore has the next elements of a list made.
func (s *state) openMore(n report.Ref) {
	list, made := s.rest(n)
	if made >= list.Count || s.decoder == nil {
		return
	}
	of := s.report
	s.decoder.Open(list.Node, made, batch, func(nodes []report.Node, err error) {
		s.draw(func() {
			if _, now := s.rest(n); err == nil && s.report.At.Equal(of.At) && now == made {
				s.insert(n, nodes)
			}
		})
	})
}

// reach selects the node n; or, with element at 0 or above, that element of the
// long list which n is, made if need be.
func (s *state) reach(n report.Ref, element int) { s.selectNode(n) }

// insert puts elements into the tree, before the node that stands for the
// rest. Their parents are indexes among themselves, or the list.
func (s *state) insert(n report.Ref, nodes []report.Node) {
	list := s.report.Nodes[n].Parent
	from := report.Ref(len(s.report.Nodes))
	if len(nodes) == 0 {
		return
	}
	all := slices.Clip(s.report.Nodes)
	for _, node := range nodes {
		if node.Parent == report.None {
			node.Parent = list
		} else {
			node.Parent += from
		}
		all = append(all, node)
	}
	s.report.Nodes = all
	s.tree.grow(all)
	for i := from; i < report.Ref(len(all)); i++ {
		s.folded[i] = !s.tree.leaf(i)
	}
	s.more[n] = append(s.more[n], chunk{from, report.Ref(len(all))})
	s.rows = nil
	s.turn.structure++
	s.list()
}

// grow takes in the shape of nodes that were put behind the others.
func (t *tree) grow(nodes []report.Node) {
	from := len(t.end)
	for i := from; i < len(nodes); i++ {
		t.end = append(t.end, report.Ref(i+1))
		t.depth = append(t.depth, t.depth[nodes[i].Parent]+1)
	}
	for i := len(nodes) - 1; i >= from; i-- {
		if p := nodes[i].Parent; int(p) >= from {
			t.end[p] = max(t.end[p], t.end[i])
		}
	}
}

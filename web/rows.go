package web

import (
	"slices"
	"sort"

	"derscope/decode/report"
)

// tree is the shape of the nodes: for each the end of what is below it, and
// its depth.
type tree struct {
	end   []report.Ref
	depth []int
}

func shape(nodes []report.Node) tree {
	var t tree
	t.grow(nodes, 0, report.Ref(len(nodes)))
	return t
}

// grow takes in the shape of the nodes from a to b.
func (t *tree) grow(nodes []report.Node, a, b report.Ref) {
	if n := int(b) - len(t.end); n > 0 {
		t.end = append(t.end, make([]report.Ref, n)...)
		t.depth = append(t.depth, make([]int, n)...)
	}
	for i := a; i < b; i++ {
		t.end[i], t.depth[i] = i+1, 0
		if p := nodes[i].Parent; p != report.None {
			t.depth[i] = t.depth[p] + 1
		}
	}
	for i := b - 1; i >= a; i-- {
		if p := nodes[i].Parent; p >= a {
			t.end[p] = max(t.end[p], t.end[i])
		}
	}
}

// leaf says whether nothing is below a node.
func (t tree) leaf(n report.Ref) bool { return t.end[n] == n+1 }

// among is the place of a node among those beside it, from 1, and how many
// these are: of a tree of which a part is drawn nobody could count them.
func (t tree) among(nodes []report.Node, n report.Ref) (at, of int) {
	up := nodes[n].Parent
	if up == report.None {
		return 1, 1
	}
	for i := up + 1; i < t.end[up]; i = t.end[i] {
		if of++; i == n {
			at = of
		}
	}
	return at, of
}

// smallest finds the innermost node from root to end that holds an octet of
// a source, or None.
func (t tree) smallest(nodes []report.Node, root, end report.Ref, source, off int) report.Ref {
	return t.around(nodes, root, end, source, off, off+1)
}

// around finds the one that holds the octets from off to before to.
func (t tree) around(nodes []report.Node, root, end report.Ref, source, off, to int) report.Ref {
	best := report.None
	for n := root; n < end; {
		if s := nodes[n].Span; s.Source == source && s.Off <= off && to <= s.End() {
			best, end = n, t.end[n]
			n++
			continue
		} else if s.Source != source {
			n++ // what is below may lie in the source
			continue
		}
		n = t.end[n]
	}
	return best
}

// rows are what a tree shows, from top to bottom, in runs: nodes one by one,
// or elements of a long list that are closed, of which only the number is
// known. So a list of a million elements takes no more room than one of ten.
type rows struct {
	runs []rowRun
	n    int
}

type rowRun struct {
	start int          // its first row
	nodes []report.Ref // ascending
	list  *long
	from  int // the place of its first element among those that the list shows
}

// row is one of them. Of an element that is no node yet, node is None.
type row struct {
	node    report.Ref
	list    *long // whose element it is, if it is closed
	element int
}

func (r *rows) add(n report.Ref) {
	last := len(r.runs) - 1
	if last >= 0 && r.runs[last].list == nil && n > r.runs[last].nodes[len(r.runs[last].nodes)-1] {
		r.runs[last].nodes = append(r.runs[last].nodes, n)
	} else {
		r.runs = append(r.runs, rowRun{start: r.n, nodes: []report.Ref{n}})
	}
	r.n++
}

func (r *rows) closed(l *long, from, to int) {
	if to > from {
		r.runs = append(r.runs, rowRun{start: r.n, list: l, from: from})
		r.n += to - from
	}
}

// at gives row i.
func (r *rows) at(i int) row {
	k := sort.Search(len(r.runs), func(k int) bool { return r.runs[k].start > i }) - 1
	run := &r.runs[k]
	if run.list == nil {
		return row{node: run.nodes[i-run.start]}
	}
	e := run.list.element(run.from + i - run.start)
	return row{run.list.node(e), run.list, e}
}

// size is the number of rows of run k.
func (r *rows) size(k int) int {
	if k+1 < len(r.runs) {
		return r.runs[k+1].start - r.runs[k].start
	}
	return r.n - r.runs[k].start
}

// find gives the row of a node that no closed element hides, or -1.
func (r *rows) find(n report.Ref) int {
	for _, run := range r.runs {
		if i, ok := slices.BinarySearch(run.nodes, n); ok {
			return run.start + i
		}
	}
	return -1
}

// closedAt gives the row of a closed element, or -1.
func (r *rows) closedAt(l *long, element int) int {
	p := l.place(element)
	for k, run := range r.runs {
		if run.list == l && run.from <= p && p < run.from+r.size(k) {
			return run.start + p - run.from
		}
	}
	return -1
}

// visible lists the nodes from root to end that no folded node hides, and the
// elements of long lists, whether they are nodes or not.
func (s *state) visible(root, end report.Ref) rows {
	var r rows
	s.walk(&r, root, end)
	return r
}

func (s *state) walk(r *rows, from, end report.Ref) {
	for n := from; n < end; {
		r.add(n)
		if s.folded[n] {
			n = s.tree.end[n]
			continue
		}
		if l := s.lists[n]; l != nil {
			s.walk(r, n+1, l.begin)
			s.elements(r, l)
			if s.report.Nodes[l.more].Flags&report.Faulty != 0 {
				r.add(l.more) // what is wrong further down is said there
			}
			n = l.more
		}
		n++
	}
}

// elements are the rows of a long list.
func (s *state) elements(r *rows, l *long) {
	next := 0 // place
	for _, e := range l.opened(s.folded) {
		p := l.place(e)
		if p < 0 {
			continue
		}
		r.closed(l, next, p)
		n := l.node(e)
		s.walk(r, n, s.tree.end[n])
		next = p + 1
	}
	r.closed(l, next, l.shown())
}

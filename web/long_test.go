package web

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"derscope/decode/report"
)

// listed is a report of one item: a name, a list of count elements of which
// shown are nodes, each holding two leaves, and a last field.
func listed(count, shown int) *report.Report {
	r := &report.Report{At: noon, Sources: []report.Source{{Name: "list", Bytes: make([]byte, 10*count+20)}}}
	add := func(label string, parent report.Ref, off, n int, f report.Flags) report.Ref {
		r.Nodes = append(r.Nodes, report.Node{Label: label, Parent: parent, Span: report.Span{Off: off, Len: n}, Flags: f})
		return report.Ref(len(r.Nodes) - 1)
	}
	root := add("root", report.None, 0, 10*count+20, 0)
	add("name", root, 0, 5, report.Leaf)
	list := add("list", root, 5, 10*count, report.Long)
	for e := range shown {
		for _, n := range made(e, e+1) {
			parent := list
			if n.Parent != report.None {
				parent = report.Ref(len(r.Nodes)) - 1
				if n.Label == "b" {
					parent--
				}
			}
			add(n.Label, parent, n.Span.Off, n.Span.Len, n.Flags)
		}
	}
	add("list[…]", list, 5+10*shown, 10*(count-shown), report.Leaf|report.More)
	add("last", root, 10*count+5, 15, report.Leaf)
	r.Lists = []report.List{{Node: list, Count: count, Shown: shown, Rest: report.Span{Off: 5 + 10*shown, Len: 10 * (count - shown)}}}
	r.Items = []report.Item{{Kind: "crl", Title: "List", SHA256: "cc", Carrier: -1, End: report.Ref(len(r.Nodes))}}
	return r
}

// made is what the decoder makes of elements.
func made(from, to int) []report.Node {
	var all []report.Node
	for e := from; e < to; e++ {
		at := report.Ref(len(all))
		off := 5 + 10*e
		all = append(all,
			report.Node{Label: fmt.Sprintf("list[%d]", e), Parent: report.None, Span: report.Span{Off: off, Len: 10}},
			report.Node{Label: "a", Parent: at, Span: report.Span{Off: off + 2, Len: 4}, Flags: report.Leaf},
			report.Node{Label: "b", Parent: at, Span: report.Span{Off: off + 6, Len: 4}, Flags: report.Leaf})
	}
	return all
}

// naive lists the rows as one would without any care for the size of a list.
func (s *state) naive() []string {
	var all []string
	var walk func(report.Ref)
	walk = func(n report.Ref) {
		all = append(all, s.report.Path(n))
		if s.folded[n] {
			return
		}
		l := s.lists[n]
		for c := n + 1; c < s.tree.end[n]; c = s.tree.end[c] {
			if l == nil || c < l.begin {
				walk(c)
			}
		}
		for e := 0; l != nil && e < l.Count; e++ {
			if l.filter != "" && !slices.Contains(l.hits, e) {
				continue
			}
			if n := l.node(e); n != report.None {
				walk(n)
			} else {
				all = append(all, "root/list/"+l.label(e))
			}
		}
	}
	walk(0)
	return all
}

// The rows are those of a list that holds every element, whatever is made,
// opened and filtered, and each row is found again by what it shows.
func TestRows(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		s := newState()
		count := 1 + rnd.IntN(40)
		s.take(listed(count, rnd.IntN(min(count, 5)+1)))
		l := s.lists[2]
		for range rnd.IntN(6) {
			e := rnd.IntN(count)
			if n := l.node(e); n == report.None {
				s.insert(l, []int{e}, made(e, e+1))
			} else {
				s.fold(n)
			}
		}
		if rnd.IntN(3) == 0 {
			l.filter = "x"
			for e := range count {
				if rnd.IntN(3) == 0 {
					l.hits = append(l.hits, e)
				}
			}
		}
		if rnd.IntN(8) == 0 {
			s.folded[2] = true
		}
		s.relist()
		want := s.naive()
		if s.rows.n != len(want) {
			t.Fatalf("seed %d: %d rows, want %d", seed, s.rows.n, len(want))
		}
		for i, path := range want {
			r := s.rows.at(i)
			got := ""
			if r.node != report.None {
				got = s.report.Path(r.node)
				if at := s.rowOf(r.node); at != i {
					t.Fatalf("seed %d: row %d, %s, is found in row %d", seed, i, got, at)
				}
			} else {
				got = "root/list/" + r.list.label(r.element)
				if at := s.rows.closedAt(r.list, r.element); at != i {
					t.Fatalf("seed %d: row %d, %s, is found in row %d", seed, i, got, at)
				}
			}
			if got != path {
				t.Fatalf("seed %d: row %d is %s, want %s", seed, i, got, path)
			}
		}
	}
}

// However much was looked at, no more nodes are held than the bound, and those
// in use stay where they are.
func TestForgetLots(t *testing.T) {
	const count = 100_000
	s := newState()
	s.take(listed(count, 10))
	l := s.lists[2]
	base := len(s.report.Nodes)
	s.insert(l, []int{500}, made(500, 501))
	s.insert(l, []int{600}, made(600, 601))
	s.fold(l.node(500))
	s.selectNode(l.node(600) + 1)
	opened, selected := l.node(500), s.sel
	for from := 1000; from < count; from += 1000 {
		var elements []int
		for e := from; e < from+1000; e++ {
			elements = append(elements, e)
		}
		s.insert(l, elements, made(from, from+1000))
		if n := l.node(from + 7); s.report.Path(n+1) != fmt.Sprintf("root/list/list[%d]/a", from+7) {
			t.Fatalf("element %d is %s", from+7, s.report.Path(n+1))
		}
	}
	if n := len(s.report.Nodes) - base; n > kept+6000 {
		t.Errorf("%d nodes were added", n)
	}
	if len(s.folded) > len(s.report.Nodes) {
		t.Errorf("%d nodes are remembered as folded", len(s.folded))
	}
	if l.node(500) != opened || s.sel != selected || s.report.Path(s.sel) != "root/list/list[600]/a" {
		t.Errorf("opened %d, selected %s", l.node(500), s.report.Path(s.sel))
	}
	if l.node(1000) != report.None {
		t.Error("the first lot is still held")
	}
}

// fakes answers the requests of a state as the decoder would.
func fakes(s *state) *stage {
	play := new(stage)
	s.decoder = newDecoder(nil, play)
	s.decoder.evidence = []Evidence{{Name: "list"}}
	play.ready()
	return play
}

func TestReach(t *testing.T) {
	s := newState()
	s.take(listed(50_000, 10))
	play := fakes(s)
	l := s.lists[2]
	s.reach(2, 40_000)
	if i := s.here(); i != 3+40_000 {
		t.Errorf("the element on its way stands in row %d", i)
	}
	answerOpen(t, play)
	if got := s.report.Path(s.sel); got != "root/list/list[40000]" {
		t.Errorf("selected is %s", got)
	}
	s.step(1)
	if got := s.report.Path(s.sel); got != "root/list/list[40001]" {
		t.Errorf("below it %s is selected", got)
	}
	s.step(s.rows.n)
	if got := s.report.Path(s.sel); got != "root/last" {
		t.Errorf("at the end %s is selected", got)
	}
	s.selectOctet(5 + 10*30_000 + 7)
	if r := play.last(); r.Op != "at" || r.N != 300_012 {
		t.Fatalf("asked is %+v", r)
	}
	var p Packer
	p.Int(30_000 + 1)
	play.reply(Reply{ID: play.last().ID, Pack: p})
	answerOpen(t, play)
	if got := s.report.Path(s.sel); got != "root/list/list[30000]/b" {
		t.Errorf("the octet selects %s", got)
	}
	s.filterNow(l, "x")
	l.hits = []int{5, 30_000}
	s.relist()
	s.reach(2, 7)
	if l.filter != "" || s.report.Path(s.sel) != "root/list/list[7]" {
		t.Errorf("with the filter %q %s is selected", l.filter, s.report.Path(s.sel))
	}
}

// answerOpen answers what is asked for, until nothing is.
func answerOpen(t *testing.T, play *stage) {
	t.Helper()
	for answered := 0; play.last().ID > answered; {
		r := play.last()
		if answered = r.ID; r.Op != "open" {
			t.Fatalf("asked is %+v", r)
		}
		var nodes []report.Node
		for _, e := range Numbers(r.Octets) {
			nodes = append(nodes, made(e, e+1)...)
		}
		wire, err := (&report.Report{Nodes: fixParents(nodes)}).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		play.reply(Reply{ID: r.ID, Wire: wire})
	}
}

// fixParents points each leaf at the element before it.
func fixParents(nodes []report.Node) []report.Node {
	at := report.None
	for i := range nodes {
		if nodes[i].Parent == report.None {
			at = report.Ref(i)
		} else {
			nodes[i].Parent = at
		}
	}
	return nodes
}

package web

import (
	"slices"
	"testing"

	"derscope/decode/report"
)

func TestVisible(t *testing.T) {
	r := sample()
	tr := shape(r.Nodes)
	for _, c := range []struct {
		folded []report.Ref
		want   []report.Ref
	}{
		{nil, []report.Ref{0, 1, 2, 3}},
		{[]report.Ref{2}, []report.Ref{0, 1, 2}},
		{[]report.Ref{0, 2}, []report.Ref{0}},
	} {
		folded := map[report.Ref]bool{}
		for _, n := range c.folded {
			folded[n] = true
		}
		if got := tr.visible(0, 4, folded, nil); !slices.Equal(got, c.want) {
			t.Errorf("with %v folded %v is visible, want %v", c.folded, got, c.want)
		}
	}
	if want := []int{0, 1, 1, 2}; !slices.Equal(tr.depth, want) {
		t.Errorf("depths are %v, want %v", tr.depth, want)
	}
}

func TestSmallest(t *testing.T) {
	r := sample()
	tr := shape(r.Nodes)
	for off, want := range []report.Ref{0, 0, 1, 1, 1, 2, 2, 3, 3, report.None} {
		if got := tr.smallest(r.Nodes, 0, 4, 0, off); got != want {
			t.Errorf("octet %d belongs to node %d, want %d", off, got, want)
		}
	}
	if got := tr.smallest(r.Nodes, 0, 4, 1, 0); got != report.None {
		t.Errorf("an octet of another source belongs to node %d", got)
	}
}

func TestWindow(t *testing.T) {
	for _, c := range []struct{ top, height, rows, from, to int }{
		{0, 0, 3, 0, 3},
		{0, 440, 200000, 0, 20 + 2*beyond},
		{22 * 1000, 440, 200000, 1000 - beyond, 1000 - beyond + 20 + 2*beyond},
		{22 * 199990, 440, 200000, 199990 - beyond, 200000},
		{22 * 500, 440, 10, 10, 10}, // the list has grown shorter
	} {
		v := scroller{row: 22, top: c.top, height: c.height}
		if from, to := v.window(c.rows); from != c.from || to != c.to {
			t.Errorf("at %d of %d rows %d to %d are drawn, want %d to %d", c.top, c.rows, from, to, c.from, c.to)
		}
	}
}

func TestReveal(t *testing.T) {
	v := scroller{row: 20, height: 200}
	for _, c := range []struct {
		row   int
		moved bool
	}{{0, false}, {9, false}, {10, true}, {9, false}, {100000, true}, {3, true}} {
		if got := v.reveal(c.row, 200000); got != c.moved {
			t.Errorf("row %d: moved is %v", c.row, got)
		}
		if at := c.row * v.row; at < v.top || at+v.row > v.top+v.height {
			t.Errorf("row %d is out of sight at %d", c.row, v.top)
		}
	}
}

func TestSelectionGoesBothWays(t *testing.T) {
	s := newState()
	s.take(sample())
	s.fold(2)
	s.selectOctet(8)
	if s.sel != 3 || s.folded[2] {
		t.Errorf("octet 8 selects node %d, and its parent is folded: %v", s.sel, s.folded[2])
	}
	s.selectNode(1)
	if s.mark.Off != 2 || s.mark.Len != 3 || s.mark.Header != 2 {
		t.Errorf("the mark of node 1 is %+v", s.mark)
	}
	s.fold(0)
	if s.sel != 0 {
		t.Errorf("after its parent was folded node %d is selected, want 0", s.sel)
	}
}

func TestSelectionOutlivesMoreEvidence(t *testing.T) {
	s := newState()
	s.take(sample())
	s.selectNode(3)
	s.take(sample())
	if s.sel != 3 {
		t.Errorf("node %d is selected, want 3", s.sel)
	}
	other := sample()
	other.Items[0].SHA256 = "bb"
	s.take(other)
	if s.sel != 0 {
		t.Errorf("in another response node %d is selected, want the first", s.sel)
	}
}

func TestLongList(t *testing.T) {
	r := sample()
	r.Nodes[3] = report.Node{Label: "inner[…]", Value: "elements", Parent: 2, Span: r.Nodes[3].Span, Flags: report.Leaf | report.More}
	r.Lists = []report.List{{Node: 2, Count: 3, Shown: 0, Rest: r.Nodes[3].Span}}
	s := newState()
	s.take(r)
	if got := s.restText(3); got != "3 more: show them" {
		t.Errorf("the rest reads %q", got)
	}
	s.insert(3, []report.Node{
		{Label: "inner[0]", Parent: report.None, Span: report.Span{Off: 7, Len: 2}},
		{Label: "x", Parent: 0, Span: report.Span{Off: 8, Len: 1}},
		{Label: "inner[1]", Parent: report.None, Span: report.Span{Off: 9, Len: 0}},
	})
	if want := []report.Ref{0, 1, 2, 4, 6, 3}; !slices.Equal(s.rows, want) {
		t.Errorf("the rows are %v, want %v", s.rows, want)
	}
	if got := s.restText(3); got != "1 more: show them" {
		t.Errorf("then the rest reads %q", got)
	}
	s.selectOctet(8)
	if s.sel != 5 {
		t.Errorf("octet 8 selects node %d, %s", s.sel, r.Path(s.sel))
	}
	if i := s.rowOf(5); i != 4 {
		t.Errorf("it stands in row %d, want 4", i)
	}
	s.take(sample())
	if int(s.sel) >= len(s.report.Nodes) {
		t.Errorf("node %d of %d is selected", s.sel, len(s.report.Nodes))
	}
}

func BenchmarkVisible(b *testing.B) {
	nodes := make([]report.Node, 200000)
	for i := range nodes {
		if i%4 != 0 {
			nodes[i].Parent = report.Ref(i - i%4)
		} else {
			nodes[i].Parent = report.None
		}
	}
	for b.Loop() {
		shape(nodes).visible(0, report.Ref(len(nodes)), nil, nil)
	}
}

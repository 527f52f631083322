package web

import (
	"testing"

	"derscope/decode/report"
)

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
		{0, 440, 200000, 0, 20 + beyond},
		{22 * 1000, 440, 200000, 1000 - beyond, 1000 + 20 + beyond},
		{22 * 199990, 440, 200000, 199990 - beyond, 200000},
		{22 * 500, 440, 10, 10, 10}, // the list has grown shorter
	} {
		v := scroller{row: 22, top: c.top, pos: c.top, height: c.height}
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
		if at := c.row * v.row; at < v.pos || at+v.row > v.pos+v.height {
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

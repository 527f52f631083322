package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// tree is the shape of the nodes: for each the end of what is below it, and
// its depth.
type tree struct {
	end   []report.Ref
	depth []int
}

func shape(nodes []report.Node) tree {
	t := tree{make([]report.Ref, len(nodes)), make([]int, len(nodes))}
	for i := range nodes {
		t.end[i] = report.Ref(i + 1)
		if p := nodes[i].Parent; p != report.None {
			t.depth[i] = t.depth[p] + 1
		}
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		if p := nodes[i].Parent; p != report.None {
			t.end[p] = max(t.end[p], t.end[i])
		}
	}
	return t
}

// leaf says whether nothing is below a node.
func (t tree) leaf(n report.Ref) bool { return t.end[n] == n+1 }

// visible lists the nodes from root to end that no folded node hides; before a
// node that stands for the rest of a list, those of it that were made.
func (t tree) visible(root, end report.Ref, folded map[report.Ref]bool, more map[report.Ref][]chunk) []report.Ref {
	var rows []report.Ref
	for n := root; n < end; {
		for _, c := range more[n] {
			rows = append(rows, t.visible(c.from, c.to, folded, nil)...)
		}
		rows = append(rows, n)
		if folded[n] {
			n = t.end[n]
		} else {
			n++
		}
	}
	return rows
}

// smallest finds the innermost node from root to end that holds an octet of
// a source, or None.
func (t tree) smallest(nodes []report.Node, root, end report.Ref, source, off int) report.Ref {
	best := report.None
	for n := root; n < end; {
		if s := nodes[n].Span; s.Source == source && s.Off <= off && off < s.End() {
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

// A scroller shows the part of a long list that is in sight. Rows have one
// height; what is above and below them is empty space.
type scroller struct {
	id          string
	row         int // pixels
	top, height int // pixels, as the browser last said
}

// beyond is how many rows are drawn above and below those in sight, so that
// none is missing while the page catches up with the scroll bar.
const beyond = 8

// window gives the rows to draw, of n.
func (v *scroller) window(n int) (from, to int) {
	height := v.height
	if height == 0 {
		height = 30 * v.row
	}
	from = min(max(0, v.top/v.row-beyond), n)
	return from, min(n, from+height/v.row+2*beyond)
}

// reveal moves row i of n into sight and says whether the list had to move.
func (v *scroller) reveal(i, n int) bool {
	height := v.height
	if height == 0 {
		height = 10 * v.row
	}
	top := v.top
	switch at := i * v.row; {
	case at < v.top:
		top = max(0, at-2*v.row)
	case at+v.row > v.top+height:
		top = max(0, min(at-height/3, n*v.row-height))
	}
	moved := top != v.top
	v.top = top
	return moved
}

// read takes the browser's word for what is in sight.
func (v *scroller) read() {
	if el := app.Window().GetElementByID(v.id); el.Truthy() {
		v.top, v.height = el.Get("scrollTop").Int(), el.Get("clientHeight").Int()
	}
}

// apply tells the browser where the list has moved.
func (v *scroller) apply() {
	el := app.Window().GetElementByID(v.id)
	if !el.Truthy() {
		return
	}
	v.height = el.Get("clientHeight").Int()
	if el.Get("scrollTop").Int() != v.top {
		el.Set("scrollTop", v.top)
	}
}

// space stands for rows that are not drawn. It is an image because the page's
// policy forbids style attributes, and an image has a height of its own.
func (v *scroller) space(rows int) app.UI {
	return svg("svg").Attr("width", 1).Attr("height", rows*v.row).Attr("data-space", "yes").Aria("hidden", true)
}

// svg is an element of an image. Its class cannot be set through go-app, which
// sets className, so that the style sheet goes by data attributes.
func svg(tag string) app.HTMLElem {
	return app.Elem(tag).XMLNS("http://www.w3.org/2000/svg")
}

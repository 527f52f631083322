package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// A scroller shows the part of a long list that is in sight. Rows have one
// height; what is above and below them is empty space.
//
// Browsers bound the height of what they lay out: Chromium at 33 million
// pixels, divided by the zoom, Firefox at 17 million. A list that would be
// taller is given the height tallest, and pos, where the list really is, goes
// apart from top, where the browser has it: a turn of the wheel moves both by
// as much, a pull at the scroll bar moves pos to the same share of the list.
type scroller struct {
	id          string
	row         int // pixels
	top, height int // pixels, as the browser last said
	pos         int // pixels of the list above what is in sight
	rows        int // as last drawn
	told        int // pixels: where the browser had the list when it was last asked or told
}

// beyond is how many rows are drawn above and below those in sight, so that
// none is missing while the page catches up with the scroll bar.
const beyond = 8

// tallest is a height that every browser lays out, at a zoom of 500 % too.
const tallest = 6_000_000

// window gives the rows to draw, of n.
func (v *scroller) window(n int) (from, to int) {
	v.rows = n
	height := v.height
	if height == 0 {
		height = 30 * v.row
	}
	from = min(max(0, v.pos/v.row-beyond), n)
	if n*v.row > tallest { // what is above must fit there
		from = max(from, (v.pos-v.top+v.row-1)/v.row)
	}
	return from, min(n, v.pos/v.row+height/v.row+beyond)
}

// around are the two spaces: above row from, and below row to.
func (v *scroller) around(from, to int) (above, below app.UI) {
	y := v.top - v.pos + from*v.row
	return space(y), space(min(tallest, v.rows*v.row) - y - (to-from)*v.row)
}

// draw gives the rows in sight of n, between the two spaces that stand for the
// others.
func (v *scroller) draw(n int, row func(int) app.UI) []app.UI {
	from, to := v.window(n)
	above, below := v.around(from, to)
	rows := make([]app.UI, 0, to-from+2)
	rows = append(rows, above)
	for i := from; i < to; i++ {
		rows = append(rows, row(i))
	}
	return append(rows, below)
}

// page is how many rows a key moves by that goes a screen on.
func (v *scroller) page() int { return max(1, v.height/v.row-1) }

// reveal moves row i of n into sight and says whether the list had to move.
func (v *scroller) reveal(i, n int) bool {
	v.rows = n
	height := v.height
	if height == 0 {
		height = 10 * v.row
	}
	pos := v.pos
	switch at := i * v.row; {
	case at < v.pos:
		pos = max(0, at-2*v.row)
	case at+v.row > v.pos+height:
		pos = max(0, min(at-height/3, n*v.row-height))
	}
	if pos == v.pos {
		return false
	}
	v.to(pos)
	return true
}

// to moves the list.
func (v *scroller) to(pos int) {
	v.pos = pos
	v.top = v.share(pos)
}

// share is where the browser has a list that is at pos.
func (v *scroller) share(pos int) int {
	total := v.rows * v.row
	if total <= tallest {
		return pos
	}
	return int(float64(pos) / float64(max(1, total-v.height)) * float64(tallest-v.height))
}

// scrolled takes the browser's word for what is in sight.
func (v *scroller) scrolled(top, height int) {
	by := top - v.top
	v.top, v.height = top, height
	total := v.rows * v.row
	switch {
	case total <= tallest:
		v.pos = top
	case by > -2*height && by < 2*height:
		v.pos = min(max(0, v.pos+by), total-height)
	default:
		v.pos = int(float64(top) / float64(max(1, tallest-height)) * float64(total-height))
	}
	// At an edge of what the browser knows the list may not end yet, and far
	// from there it must not: top is put right while it cannot be noticed.
	if edge := 20 * height; total > tallest && by != 0 && (top < edge || top > tallest-height-edge) {
		v.top = v.share(v.pos)
	}
}

// read asks the browser. It tells late of a move, when the list may have been
// moved elsewhere and the browser does not know yet: only a place that is new to
// both comes from the user.
func (v *scroller) read() {
	el, ok := byID(v.id)
	if !ok {
		return
	}
	top := el.Get("scrollTop").Int()
	if top == v.told {
		return
	}
	if v.scrolled(top, el.Get("clientHeight").Int()); v.top != top {
		el.Set("scrollTop", v.top)
	}
	v.told = v.top
}

// apply tells the browser where the list has moved. Row here, if it was in
// sight, stays so when other parts of the page leave the list less room.
func (v *scroller) apply(here int) {
	el, ok := byID(v.id)
	if !ok {
		return
	}
	was := v.height
	v.height = el.Get("clientHeight").Int()
	if at := here * v.row; here >= 0 && at >= v.pos && at+v.row <= v.pos+was && at+v.row > v.pos+v.height {
		v.to(at + v.row - v.height)
	}
	if el.Get("scrollTop").Int() != v.top {
		el.Set("scrollTop", v.top)
	}
	if v.told = el.Get("scrollTop").Int(); v.told != v.top {
		v.told = -1 // the list has become too short for it: what the browser says of that counts
	}
}

// space stands for rows that are not drawn. It is an image because the page's
// policy forbids style attributes, and an image has a height of its own.
func space(pixels int) app.UI {
	return svg("svg").Attr("width", 1).Attr("height", max(0, pixels)).Attr("data-space", "yes").Aria("hidden", true)
}

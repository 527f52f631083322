package web

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// finder is what is looked for in the open view of the structure, and where it
// is. Fields and elements are searched by the worker, texts here.
type finder struct {
	what     string // as it was typed
	places   []spot
	at       int    // the place that is shown
	more     bool   // there are more than those
	octets   []byte // what is looked for, if it can be read as octets
	beside   []spot // one in other evidence, where there is none in this
	searched search
	busy     bool // the worker searches
	part     bool // it has not looked at everything yet
	again    bool // it has to search once more
	jump     bool // its first place is to be shown
	asked    int  // counts what it was asked: an earlier answer is not waited for
	typing   int
}

// spot is where something was found.
type spot struct {
	node    report.Ref // Fields
	element int        // of the long list that node is, or -1
	mark    mark       // ASN.1
	row     int        // Text, JSON
}

// search is what a list of places is right for.
type search struct {
	what, tab string
	item      int
	of        *report.Report
	source    int
}

// mostPlaces is how many places are listed.
const mostPlaces = 1000

// findBox is the field at the right of the tabs.
func findBox(s *state) app.UI {
	idle := s.find.what == ""
	return app.Div().Class("find").Role("search").Body(
		lineField("search", "find").DataSet("input", "find").Placeholder("Find… /").Aria("label", "Find in "+s.tab),
		app.Span().Class("hint", "tally").Aria("hidden", "true").DataSet("of", s.find.searched.what).Hidden(idle).Text(s.find.tally()),
		small("find", -1, "↑").Aria("label", "Previous place").Hidden(idle),
		small("find", 1, "↓").Aria("label", "Next place").Hidden(idle),
	)
}

// tally says which of how many places is shown.
func (f *finder) tally() string {
	switch n := len(f.places); {
	case n == 0 && (f.busy || f.part):
		return "looking"
	case n == 0 && len(f.beside) > 0:
		return "none here"
	case n == 0:
		return "none"
	case f.more || f.part:
		return count(f.at+1) + " of " + count(n) + "+"
	default:
		return count(f.at+1) + " of " + count(n)
	}
}

// text is what is looked for, as it is compared.
func (f *finder) text() string { return strings.ToLower(strings.TrimSpace(f.what)) }

// typedFind takes in what is written in the field; it is looked for when the
// typing rests.
func (s *state) typedFind(text string) {
	f := &s.find
	f.what = text
	f.typing++
	n := f.typing
	s.turn.structure++
	if f.text() == "" {
		*f = finder{busy: f.busy, asked: f.asked, typing: n}
		return
	}
	s.later(120*time.Millisecond, func() {
		if s.find.typing == n {
			s.search(true)
		}
	})
}

// wanted is what the field and the view ask for now.
func (s *state) wanted() search {
	return search{s.find.text(), s.tab, s.shown, s.report, s.mark.Source}
}

// search looks for the text of the field; with go the first place at or after
// the selection is shown.
func (s *state) search(jump bool) {
	f := &s.find
	if f.text() == "" || s.report == nil || len(s.report.Items) == 0 {
		f.places, f.beside, f.part = nil, nil, false
		return
	}
	want := s.wanted()
	if s.reads() {
		f.octets = nil
		f.part = false
		places, more := s.paper.find(want.what, mostPlaces)
		s.found(want, places, nil, more, jump)
		return
	}
	if f.busy {
		f.again = f.again || jump
		f.searched = search{}
		return
	}
	jump = jump || f.again
	f.again, f.searched, f.places, f.part = false, want, nil, true
	s.look(want, nil, jump)
}

// look has the worker look for more places, from where it had come to.
func (s *state) look(want search, from []int, jump bool) {
	f := &s.find
	it := &s.report.Items[s.shown]
	ask := Request{Op: "find", Text: want.what, List: it.Root, From: int(it.End), N: mostPlaces - len(f.places)}
	if want.tab == tabASN1 {
		ask.Op, ask.From = "elements", want.source
	}
	var at Packer
	at.Numbers(from)
	ask.Octets = at
	f.busy, f.jump = true, jump
	f.asked++
	n := f.asked
	s.inquire(ask, func(u *unpacker) {
		if f.asked != n {
			return
		}
		jump := jump || f.again
		f.busy, f.again = false, false
		s.turn.structure++
		got := unpackPlaces(u, want.tab)
		var beside finds
		if want.tab == tabFields {
			beside = unpackPlaces(u, want.tab)
		}
		switch {
		case u.fault != nil:
			f.searched, f.part = search{}, false
			return
		case s.wanted() != want:
			s.search(jump) // it was for what was asked before
			return
		}
		first := len(f.places) == 0
		f.octets, f.part = got.octets, got.next != nil && !got.more
		if first {
			s.found(want, got.places, beside.places, got.more, jump)
		} else {
			f.places, f.more = append(f.places, got.places...), got.more
		}
		if f.part {
			s.look(want, got.next, jump && len(f.places) == 0)
		}
	})
}

// finds are what the worker has found.
type finds struct {
	places []spot
	octets []byte
	more   bool
	next   []int // where to go on; nil: everything was looked at
}

func unpackPlaces(u *unpacker, tab string) (f finds) {
	f.octets = []byte(u.text())
	f.more = u.int() > 0
	next := []int{u.int(), u.int()}
	for range u.count() {
		p := spot{element: -1}
		if tab == tabASN1 {
			p.mark = mark{Span: report.Span{Off: u.int(), Len: u.int()}, Header: u.int()}
		} else {
			p.node, p.element = report.Ref(u.int()), u.int()-1
		}
		f.places = append(f.places, p)
	}
	switch {
	case next[0] == 0:
	case tab == tabASN1:
		f.next = next[:1]
	default:
		f.next = []int{next[0] - 1, next[0] + next[1] - 2} // ascending, as numbers travel
	}
	return f
}

// found takes in the places of a search.
func (s *state) found(of search, places, beside []spot, more, jump bool) {
	f := &s.find
	f.searched, f.places, f.beside, f.more = of, places, beside, more
	f.at = s.nearest()
	s.turn.structure++
	switch {
	case !jump:
	case len(places) > 0:
		s.visit()
	case f.part:
	case len(beside) > 0:
		s.said = "Not in these fields. Enter shows a place in " + inSentence(&s.report.Items[max(0, s.report.ItemOf(beside[0].node))]) + "."
	default:
		s.said = "Not found in " + s.tab + "."
	}
}

// nearest is the first place at or after the selection, or else the first.
func (s *state) nearest() int {
	for i, p := range s.find.places {
		switch s.tab {
		case tabFields:
			if p.node >= s.sel && p.element < 0 {
				return i
			}
		case tabASN1:
			if p.mark.Off >= s.mark.Off {
				return i
			}
		default:
			if p.row*s.paper.list.row >= s.paper.list.pos {
				return i
			}
		}
	}
	return 0
}

// next shows the place so many further on, or back; after the last one comes
// the first.
func (s *state) next(by int) {
	f := &s.find
	switch n := len(f.places); {
	case f.text() == "":
	case f.searched != s.wanted():
		s.search(true)
	case n > 0:
		f.at = (f.at + by + n) % n
		s.turn.structure++
		s.visit()
		if by > 0 && f.at == 0 && n > 1 {
			s.said = "Again the first: " + s.said
			if f.more {
				s.tell("Only the first " + count(n) + " places are listed. Look for more letters to have fewer.")
			}
		}
	case len(f.beside) > 0:
		p := f.beside[0]
		s.reach(p.node, p.element)
		s.search(true)
	}
}

// visit shows the place that is counted.
func (s *state) visit() {
	f := &s.find
	p := f.places[f.at]
	what := ""
	switch s.tab {
	case tabFields:
		s.reach(p.node, p.element)
		what = s.report.Nodes[p.node].Label
		if p.element >= 0 {
			what = "element " + count(p.element) + " of " + what
		}
	case tabASN1:
		s.showElement(p.mark)
		what = "octet " + count(p.mark.Off)
	default:
		s.paper.list.reveal(p.row, len(s.paper.rows))
		what = s.paper.text(p.row)
	}
	s.settle()
	s.said = f.tally() + ": " + shorten(what, 120)
}

// showElement selects an element of the ASN.1 view, and opens what it is in.
func (s *state) showElement(m mark) {
	for range 100 { // deeper than elements are read
		i := s.lines.find(m)
		if i < 0 {
			return
		}
		r, _ := s.lines.row(i)
		if r.Off == m.Off && r.End() == m.End() || !r.Kids || r.Open {
			s.selectElement(r)
			return
		}
		s.lines.turn(i)
		s.goOn()
	}
}

// findKey works the field: the focus goes to the view when it is left.
func (s *state) findKey(key string, back bool) bool {
	switch key {
	case "Enter":
		if back {
			s.next(-1)
		} else {
			s.next(1)
		}
	case "Escape":
		focus("#" + s.viewID())
	default:
		return false
	}
	return true
}

// openFind moves the keys to the field, with what it holds selected.
func (s *state) openFind() bool {
	if s.report == nil {
		return false
	}
	s.draw(func() {
		s.section = partStructure
		s.after(func() {
			focus("#find")
			if el, ok := byID("find"); ok {
				el.Call("select")
			}
		})
	})
	return true
}

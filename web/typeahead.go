package web

import (
	"strings"
	"time"
	"unicode/utf8"

	"derscope/decode/report"
)

// ahead is what was typed in a tree: the selection goes to the next row whose
// name begins so.
type ahead struct {
	text string
	at   time.Time
}

// pause is how long after a letter the next one begins anew.
const pause = 700 * time.Millisecond

// add takes a key in and says whether it is one that writes. The same letter
// again goes on to the next row.
func (a *ahead) add(key string, now time.Time) bool {
	if utf8.RuneCountInString(key) != 1 || key == " " && a.text == "" {
		return false
	}
	if now.Sub(a.at) > pause {
		a.text = ""
	}
	a.at = now
	if key = strings.ToLower(key); a.text != key {
		a.text += key
	}
	return true
}

// seek gives the next of n rows whose name begins with what was typed, from
// row i on, or -1.
func (a *ahead) seek(i, n int, name func(int) string) int {
	if utf8.RuneCountInString(a.text) == 1 {
		i++
	}
	for k := range min(n, farthest) {
		if j := (max(i, 0) + k) % n; strings.HasPrefix(strings.ToLower(name(j)), a.text) {
			return j
		}
	}
	return -1
}

// farthest bounds how many rows are looked at for a typed letter.
const farthest = 5000

// typeAhead goes to the row of the tree of fields that the typed letters name.
func (s *state) typeAhead(key string) bool {
	if s.rows == nil || !s.ahead.add(key, s.now()) {
		return false
	}
	at := s.here()
	name := func(i int) string {
		r := s.rows.at(i)
		if r.node == report.None {
			return r.list.label(r.element)
		}
		return s.report.Nodes[r.node].Label
	}
	if i := s.ahead.seek(at, s.rows.n, name); i >= 0 {
		s.step(i - at)
	}
	return true
}

// typeElement is the same for the ASN.1 view.
func (s *state) typeElement(key string, at int) bool {
	if !s.ahead.add(key, s.now()) {
		return false
	}
	name := func(i int) string {
		r, _ := s.lines.row(i)
		return elementName(r)
	}
	if i := s.ahead.seek(at, s.lines.n(), name); i >= 0 {
		s.clickElement(i, false)
	}
	return true
}

// openSiblings opens all nodes beside the selected one.
func (s *state) openSiblings() {
	it := &s.report.Items[s.shown]
	from, end := it.Root, it.End
	if up := s.report.Nodes[s.sel].Parent; up != report.None {
		from, end = up+1, s.tree.end[up]
	}
	for n := from; n < end; n = s.tree.end[n] {
		s.folded[n] = false
	}
	s.rows = nil
	s.turn.structure++
	s.show()
}

// openElements opens all elements beside row i.
func (s *state) openElements(i int) {
	s.lines.turnBeside(i)
	s.turn.structure++
	s.goOn()
}

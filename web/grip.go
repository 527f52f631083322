package web

import (
	"encoding/hex"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// grip is the octets that the user selected one by one. The selection of the
// page is the innermost field around them.
type grip struct {
	from, to       int // to is the first octet after them; none: from == to
	anchor, cursor int // where selecting began, and where it has come to
	source         int
}

// has says whether an octet of a source is among them.
func (t grip) has(source, i int) bool { return t.source == source && t.from <= i && i < t.to }

// selectOctets selects the innermost node around the octets between two, these
// included; in the ASN.1 view the innermost element.
func (s *state) selectOctets(anchor, cursor int) {
	if s.report == nil || len(s.octets()) == 0 {
		return
	}
	from, to := min(anchor, cursor), max(anchor, cursor)+1
	source := s.mark.Source
	at := -1
	if s.tab == tabASN1 {
		at = s.lines.find(mark{Span: report.Span{Off: from, Len: to - from}})
	}
	if at >= 0 {
		r, _ := s.lines.row(at)
		s.selectElement(r)
	} else {
		s.selectAround(from, to)
	}
	s.grip = grip{from, to, anchor, cursor, source}
	s.hex.reveal(cursor/s.perLine, hexLines(len(s.octets()), s.perLine))
}

// clickOctets selects what the octet under the pointer belongs to; with the
// shift key, what all octets from the cursor on belong to. Of octets that the
// pointer was dragged over the page's script has left word in the box.
func (s *state) clickOctets(e app.Event, box app.Value) {
	if data(box, "to") != "" {
		from, to := number(box, "from"), number(box, "to")
		box.Call("removeAttribute", "data-to")
		s.selectOctets(from, to)
		return
	}
	part, ok := target(e, "part")
	if !ok {
		return
	}
	line := part.Call("closest", "[data-line]")
	area := part.Call("getBoundingClientRect")
	width := area.Get("width").Float()
	if !line.Truthy() || width <= 0 {
		return
	}
	off := number(line, "line") * s.perLine
	n := min(s.perLine, len(s.octets())-off)
	x := (e.Get("clientX").Float() - area.Get("left").Float()) / width
	at := off + octetAt(x, n, data(part, "part") == "text")
	if e.Get("shiftKey").Bool() {
		s.selectOctets(s.octetCursor(), at)
		return
	}
	s.selectOctets(at, at)
}

// octetCursor is the octet that the keys stand on: the first of the selection,
// unless they have gone on from there.
func (s *state) octetCursor() int {
	if t := s.grip; t.has(s.mark.Source, t.cursor) {
		return t.cursor
	}
	return s.mark.Off
}

// octetKey moves the cursor of the octets; with the shift key it selects more,
// or less, of them.
func (s *state) octetKey(key string, more bool) bool {
	n := len(s.octets())
	if s.report == nil || n == 0 {
		return false
	}
	at := s.octetCursor()
	page := s.hex.page() * s.perLine
	to := at
	switch key {
	case "ArrowRight":
		to++
	case "ArrowLeft":
		to--
	case "ArrowDown":
		to += s.perLine
	case "ArrowUp":
		to -= s.perLine
	case "PageDown":
		to += page
	case "PageUp":
		to -= page
	case "Home":
		to -= to % s.perLine
	case "End":
		to += s.perLine - 1 - to%s.perLine
	case "Enter":
		focus("#" + s.viewID())
		return true
	default:
		return false
	}
	if to = min(max(0, to), n-1); !more {
		s.selectOctets(to, to)
		return true
	}
	anchor := at
	if t := s.grip; t.has(s.mark.Source, t.cursor) {
		anchor = t.anchor
	}
	s.selectOctets(anchor, to)
	return true
}

// copyOctets copies the octets that are selected, as hex.
func (s *state) copyOctets() {
	b, m := s.octets(), s.mark
	from, to := m.Off, m.End()
	if t := s.grip; t.to > t.from && t.source == m.Source {
		from, to = t.from, t.to
	}
	if s.keeps(report.Span{Source: m.Source, Off: from, Len: to - from}) {
		s.tell("These octets hold a secret. They are not copied.")
		return
	}
	if from >= to || to > len(b) {
		return
	}
	s.copy(hex.EncodeToString(b[from:to]), octetCount(to-from)+" copied as hex.")
}

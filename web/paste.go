package web

import (
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// readBox takes the text of the paste box in.
func (s *state) readBox(again bool) {
	s.typing++
	box, ok := byID("input")
	if !ok {
		return
	}
	if text := box.Get("value").String(); again || text != s.typed {
		if text != "" {
			s.leaveExample()
		}
		s.typed = text
		s.load()
	}
}

// damaged says whether a character is one that octets become when they are
// copied as if they were text.
func damaged(r rune) bool { return r == utf8.RuneError || r < '\t' }

// writeBox puts text into the paste box, which the state never does by itself.
func writeBox(text string) {
	write("input", text)
}

// evidencePress answers for the column of evidence.
func (s *state) evidencePress(b press) bool {
	switch b.name {
	case "inspect":
		s.readBox(true)
	case "clear":
		s.leaveExample()
		s.files, s.roles, s.edits, s.typed = nil, roles{}, edits{}, ""
		writeBox("")
		leaveFragment()
		s.load()
	case "files":
		app.Window().GetElementByID("files").Call("click")
	case "revive":
		s.notice = ""
		s.decoder.Revive()
		s.load()
	case "further":
		s.further()
		s.turn.verdict++
	case "item":
		s.choose(b.n)
	case "remove":
		s.remove(b.arg)
	case "page":
		s.turnPage(b.n)
	default:
		return false
	}
	return true
}

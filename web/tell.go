package web

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// tell says something to those who see the page and to those who hear it.
func (s *state) tell(text string) {
	s.said, s.toast = text, text
	s.toasts++
	n := s.toasts
	s.later(toastTime, func() {
		if s.toasts == n {
			s.toast = ""
		}
	})
}

// toastTime is long enough to read a sentence.
const toastTime = 6 * time.Second

// copy puts a text on the clipboard, and says so.
func (s *state) copy(text, done string) {
	say := func(words string) func(app.Value) {
		return func(app.Value) { s.draw(func() { s.tell(words) }) }
	}
	refused := say("The browser does not let this page write to the clipboard. Select the text and copy it with the keys.")
	if board := app.Window().Get("navigator").Get("clipboard"); board.Truthy() {
		await(board.Call("writeText", text), say(done), refused)
	} else {
		refused(nil)
	}
}

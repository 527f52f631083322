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

// copy puts a text on the clipboard, and says so. Where the browser refuses,
// the text is shown selected, to be taken with the keys.
func (s *state) copy(text, done string) {
	refused := func() {
		s.draw(func() {
			s.tell("The browser does not let this page write to the clipboard. Select the text and copy it with the keys.")
		})
	}
	board := app.Window().Get("navigator").Get("clipboard")
	if !board.Truthy() {
		refused()
		return
	}
	var yes, no app.Func
	release := func() {
		yes.Release()
		no.Release()
	}
	yes = app.FuncOf(func(app.Value, []app.Value) any {
		release()
		s.draw(func() { s.tell(done) })
		return nil
	})
	no = app.FuncOf(func(app.Value, []app.Value) any {
		release()
		refused()
		return nil
	})
	board.Call("writeText", text).Call("then", yes, no)
}

package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// site is what the page's script does for the program, because the browser has
// it: see derscope.js.
func site() app.Value { return app.Window().Get("site") }

func octetsFor(b []byte) app.Value {
	octets := app.Window().Get("Uint8Array").New(len(b))
	app.CopyBytesToJS(octets, b)
	return octets
}

func octetsFrom(v app.Value) []byte {
	b := make([]byte, v.Get("length").Int())
	app.CopyBytesToGo(b, v)
	return b
}

// handed is a function that the script calls once, with what was asked for
// or with the words for why there is none. done draws what it changes.
func (s *state) handed(done func(got app.Value, why string)) app.Func {
	var f app.Func
	f = app.FuncOf(func(_ app.Value, args []app.Value) any {
		f.Release()
		got, why := args[0], ""
		if len(args) > 1 {
			why = args[1].String()
		}
		s.draw(func() { done(got, why) })
		return nil
	})
	return f
}

package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

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

// saveFile lets the browser save octets as a file. They go from the page to the
// disk: the address that the link needs is one of the page's own memory.
func saveFile(name, kind string, octets []byte) { site().Call("save", name, kind, octetsFor(octets)) }

// await runs one of two functions when a promise is settled.
func await(promise app.Value, yes, no func(app.Value)) {
	var f, g app.Func
	settled := func(do func(app.Value)) app.Func {
		return app.FuncOf(func(_ app.Value, args []app.Value) any {
			f.Release()
			g.Release()
			do(args[0])
			return nil
		})
	}
	f, g = settled(yes), settled(no)
	promise.Call("then", f, g)
}

// focus moves the keys to an element, if it is there.
func focus(selector string) bool {
	el := app.Window().Get("document").Call("querySelector", selector)
	if el.Truthy() {
		el.Call("focus")
	}
	return el.Truthy()
}

func setInvalid(el app.Value, wrong bool) {
	if wrong {
		el.Call("setAttribute", "aria-invalid", "true")
	} else {
		el.Call("removeAttribute", "aria-invalid")
	}
}

// byID finds an element of the page.
func byID(id string) (app.Value, bool) {
	el := app.Window().GetElementByID(id)
	return el, el.Truthy()
}

// write puts a text into a field, if it is there. Fields belong to the browser:
// what is written into one is never drawn.
func write(id, text string) {
	if el, ok := byID(id); ok {
		el.Set("value", text)
	}
}

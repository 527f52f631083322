package web

import (
	"errors"
	"syscall/js"
)

// fetch gets a file of the site, such as "explanations". done is called from
// the browser's event loop.
func fetch(name string, done func([]byte, error)) {
	var f js.Func
	f = js.FuncOf(func(_ js.Value, args []js.Value) any {
		f.Release()
		if got := args[0]; got.Type() == js.TypeString {
			done(nil, errors.New(name+": "+got.String()))
		} else {
			done(octetsOf(got), nil)
		}
		return nil
	})
	js.Global().Get("site").Call("get", name, f)
}

package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// saveFile lets the browser save octets as a file. They go from the page to the
// disk: the address that the link needs is one of the page's own memory.
func saveFile(name, kind string, octets []byte) {
	w := app.Window()
	array := w.Get("Uint8Array").New(len(octets))
	app.CopyBytesToJS(array, octets)
	parts := w.Get("Array").New()
	parts.Call("push", array)
	options := w.Get("Object").New()
	options.Set("type", kind)
	url := w.Get("URL").Call("createObjectURL", w.Get("Blob").New(parts, options))
	link := w.Get("document").Call("createElement", "a")
	link.Set("href", url)
	link.Set("download", name)
	link.Call("click")
	w.Get("URL").Call("revokeObjectURL", url)
}

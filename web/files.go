package web

import (
	"fmt"
	"slices"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// listen catches what may happen anywhere in the window: files are dropped,
// text is pasted beside the box.
func (p *Page) listen() {
	over := app.Window().Get("document").Get("documentElement").Get("dataset")
	p.printable()
	app.Window().AddEventListener("keydown", p.anyKey)
	app.Window().AddEventListener("hashchange", func(app.Context, app.Event) { p.s.draw(p.s.readFragment) })
	app.Window().AddEventListener("dragover", func(_ app.Context, e app.Event) {
		e.PreventDefault()
		over.Set("drag", "yes")
	})
	app.Window().AddEventListener("dragleave", func(_ app.Context, e app.Event) {
		if !e.Get("relatedTarget").Truthy() { // out of the window
			over.Set("drag", "no")
		}
	})
	app.Window().AddEventListener("drop", func(_ app.Context, e app.Event) {
		e.PreventDefault()
		over.Set("drag", "no")
		if moved := e.Get("dataTransfer"); moved.Truthy() {
			p.receive(moved)
		}
	})
	app.Window().AddEventListener("paste", func(_ app.Context, e app.Event) {
		moved := e.Get("clipboardData")
		if !moved.Truthy() {
			return
		}
		if moved.Get("files").Length() > 0 {
			e.PreventDefault()
			p.receive(moved)
			return
		}
		switch e.Get("target").Get("tagName").String() {
		case "TEXTAREA", "INPUT", "SELECT": // the browser puts it there
		default:
			p.receive(moved)
		}
	})
}

// receive takes what was dropped or pasted: files, or else text.
func (p *Page) receive(moved app.Value) {
	if files := moved.Get("files"); files.Length() > 0 {
		p.take(files, p.s.add)
		return
	}
	text := moved.Call("getData", "text/plain").String()
	if text == "" {
		return
	}
	p.s.draw(func() {
		writeBox(text)
		p.s.readBox(true)
	})
}

// mostOctets is how much the decoder reads in all (limit Bytes of package
// decode): a larger file is not even brought into the page's memory.
const mostOctets = 256 << 20

// take reads files, and hands them on together once all are read.
func (p *Page) take(files app.Value, add func([]Evidence)) {
	var got []Evidence
	size, left := 0, 0
	done := func(e *Evidence, octets []byte, name string) {
		if e.Bytes = octets; octets == nil {
			p.s.draw(func() {
				p.s.tell(name + " cannot be read: the browser gives no octets of it. Is it a folder, or was it moved? Choose it again.")
			})
		}
		if left--; left == 0 {
			got = slices.DeleteFunc(got, func(e Evidence) bool { return e.Bytes == nil })
			p.s.draw(func() {
				if len(got) > 0 {
					add(got)
				}
			})
		}
	}
	var open []app.Value
	for i := range files.Length() {
		file := files.Index(i)
		name := file.Get("name").String()
		if size += file.Get("size").Int(); size > mostOctets {
			p.s.draw(func() {
				p.s.tell(fmt.Sprintf("%s is not opened: no more than %d MiB are read in all, and with it these files have %d.",
					name, mostOctets>>20, size>>20))
			})
			break
		}
		open, got = append(open, file), append(got, Evidence{Name: name})
	}
	left = len(open)
	for i, file := range open {
		await(file.Call("arrayBuffer"), func(buffer app.Value) {
			done(&got[i], octetsFrom(app.Window().Get("Uint8Array").New(buffer)), "")
		}, func(app.Value) { done(&got[i], nil, got[i].Name) })
	}
}

package web

import (
	"syscall/js"
	"time"
)

// newWorker gives the Web Worker. The page's script has compiled the program
// before this one runs, and made the object "decoder" that starts and ends
// workers with it: see wasm/assets/derscope.js.
func newWorker() worker { return webWorker{js.Global().Get("decoder")} }

type webWorker struct{ decoder js.Value }

func (w webWorker) start(ready func(whole bool), reply func(Reply), died func(string)) {
	w.decoder.Call("start", callback(func(m js.Value) {
		switch {
		case m.Type() == js.TypeString:
			died(m.String())
		case m.Get("id").IsUndefined():
			ready(m.Get("whole").Truthy())
		default:
			reply(replyFrom(m))
		}
	}))
}

func (w webWorker) post(r Request) {
	m, buffers := r.message()
	w.decoder.Call("post", m, buffers)
}

func (w webWorker) kill() { w.decoder.Call("kill") }

func (w webWorker) further() { w.decoder.Call("further") }

func (w webWorker) hear(tell func(what, text string)) {
	w.decoder.Call("hear", js.FuncOf(func(_ js.Value, args []js.Value) any {
		text := ""
		if len(args) > 1 {
			text = args[1].String()
		}
		tell(args[0].String(), text)
		return nil
	}))
}

func (w webWorker) swap() { w.decoder.Call("swap") }

func (w webWorker) after(t time.Duration, f func()) func() {
	var done js.Func
	done = js.FuncOf(func(js.Value, []js.Value) any {
		done.Release()
		f()
		return nil
	})
	id := js.Global().Call("setTimeout", done, t.Milliseconds())
	return func() {
		js.Global().Call("clearTimeout", id)
		done.Release()
	}
}

// Serve is the other end, in the Web Worker: it answers requests until the
// worker is ended.
func Serve(answer func(Request) Reply) {
	worker := js.Global()
	worker.Call("serve", callback(func(m js.Value) {
		r, buffers := answer(requestFrom(m)).message()
		worker.Call("postMessage", r, buffers)
	}))
	select {}
}

func callback(f func(js.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	})
}

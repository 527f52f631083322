package main

import (
	"cmp"
	"net/http"
	"runtime/debug"
	"syscall/js"
	"time"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"

	"derscope/web/service"
	"derscope/web/service/relay"
)

func main() {
	// A request leaves a megabyte of garbage and nothing else. Collecting it
	// every 4 MiB, as programs do that keep so little, takes a fifth of the time.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(heapMost) // it is collected more often from there on
	o := service.Options{
		Version: version(),
		Body:    inspectBody,
		Report:  reportMost,
		Broken: func(route, what string, stack []byte) {
			println("derscope: a mistake in this program, at /api/" + route + ": " + what + "\n" + string(stack))
		},
	}
	if cloudflare.Getenv("RELAY") != "off" {
		o.Relay = relaying{time.Now}
	}
	h := service.New(o)
	here := js.Global().Get("context").Get("binding")
	here.Set("bounds", map[string]any{
		"inspect": inspectBody + 1, "request": relay.MaxRequest + 1, "form": relay.MaxForm + 1,
		"response": relay.MaxResponse + 1, "patience": relay.Patience.Milliseconds(),
	})
	here.Set("answer", js.FuncOf(func(_ js.Value, a []js.Value) any { return enter(h, a) }))
	workers.Serve(h) // says that all is ready, and keeps the program here
}

// enter is what the worker calls: with the head and the body of a request, and
// what came for it from a responder, if it was asked to fetch that.
func enter(h http.Handler, a []js.Value) any {
	x := &exchange{}
	if v := a[2]; v.Truthy() {
		x.came = &came{v.Get("head").String(), take(v.Get("body")), v.Get("kept").Bool()}
	}
	w := answer(h, a[0].String(), take(a[1]), x)
	if x.ask != nil {
		return map[string]any{"ask": map[string]any{
			"head": plan(x.ask), "body": give(x.ask.Body), "key": key(x.ask), "fresh": x.ask.Fresh,
		}}
	}
	out := map[string]any{"head": w.head(), "body": give(w.body)}
	if !x.until.IsZero() {
		out["until"] = x.until.Unix()
	}
	return out
}

var octetsOf = js.Global().Get("Uint8Array")

// take copies a body that the host has read, piece by piece, into one place.
func take(v js.Value) received {
	r := received{octets: make([]byte, v.Get("size").Int()), failure: v.Get("failure").String()}
	pieces, at := v.Get("pieces"), 0
	for i := range pieces.Length() {
		at += js.CopyBytesToGo(r.octets[at:], pieces.Index(i))
	}
	return r
}

// give copies octets for the host.
func give(b []byte) js.Value {
	if b == nil {
		return js.Null()
	}
	v := octetsOf.New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}

// version is that of the module and that of Go.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return cmp.Or(info.Main.Version, "(devel)") + " " + info.GoVersion
}

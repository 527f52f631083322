package web

import (
	"errors"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// The browser compresses (RFC 1951), draws and saves: see site in derscope.js.
// done is called from its event loop.

func site() app.Value { return app.Window().Get("site") }

func deflate(b []byte, done func([]byte, error)) {
	site().Call("deflate", octetsFor(b), answered(done))
}

// inflate stops with errTooLarge at more than most octets.
func inflate(b []byte, most int, done func([]byte, error)) {
	site().Call("inflate", octetsFor(b), most, answered(done))
}

// deflates says whether this browser compresses; some that run the program
// are older than that.
func deflates() bool { return site().Get("packs").Truthy() }

var errTooLarge = errors.New("too large")

func octetsFor(b []byte) app.Value {
	octets := app.Window().Get("Uint8Array").New(len(b))
	app.CopyBytesToJS(octets, b)
	return octets
}

// answered is a function for the browser to call once: with octets, or with
// the text of an error.
func answered(done func([]byte, error)) app.Func {
	var f app.Func
	f = app.FuncOf(func(_ app.Value, args []app.Value) any {
		f.Release()
		switch got := args[0]; {
		case got.Type() != app.TypeString:
			b := make([]byte, got.Get("length").Int())
			app.CopyBytesToGo(b, got)
			done(b, nil)
		case got.String() == errTooLarge.Error():
			done(nil, errTooLarge)
		default:
			done(nil, errors.New(got.String()))
		}
		return nil
	})
	return f
}

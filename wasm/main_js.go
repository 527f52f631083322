//go:build first

package main

import (
	"syscall/js"

	"derscope/web"
)

func main() {
	if js.Global().Get("document").IsUndefined() {
		web.Serve(new(server).answer)
		return
	}
	web.Run()
}

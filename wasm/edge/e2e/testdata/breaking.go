package service

import (
	"net/http"
	"os"
)

// breaking is what the tests at the edge put in the place of judge: it fails in
// the way that a field of the request names. No program that is deployed has it.
func (h *handler) breaking(r *http.Request) (answer, error) {
	switch r.Header.Get("Break") {
	case "panic":
		panic("with what was pasted in it")
	case "index":
		var none []int
		_ = none[len(r.Header)]
	case "exit":
		os.Exit(3)
	case "goroutine":
		go func() { panic("where nobody recovers") }()
	case "memory":
		for kept := [][]byte{}; ; {
			kept = append(kept, make([]byte, 1<<20))
		}
	case "stack":
		return h.breaking(r)
	}
	return h.judge(r)
}

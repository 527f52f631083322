package e2e

import (
	"strings"
	"testing"
)

// The worker has no way out: even a decoder that somebody took over could not
// send what was pasted.
func TestWorkerIsAlone(t *testing.T) {
	p := open(t)
	p.ready()
	p.inWorker(`for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts", "indexedDB", "caches"])
		if (self[name] !== undefined) throw new Error(name + " is there")`)
}

// A decoder that hangs is ended after its time, the page says so, and reads
// the evidence again.
func TestHungWorker(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.wait(`document.querySelector("#verdict")?.textContent.includes("Good")`)
	p.inWorker(`setTimeout(() => { for (;;); }, 0)`)
	p.paste("#input", vector(t, "revoked"))
	p.wait(`document.body.innerText.includes("restarted")`)
	p.shot("restarted")
	if n := len(p.workers); n != 2 {
		t.Errorf("the page has started %d workers", n)
	}
	p.paste("#input", vector(t, "good-ca-byname"))
	p.wait(`document.querySelector("#verdict")?.textContent.includes("Good")`)
}

// A worker that dies is replaced, and the next paste is judged.
func TestDeadWorker(t *testing.T) {
	p := open(t)
	p.allow("taken over")
	p.ready()
	p.inWorker(`setTimeout(() => { throw new Error("taken over"); }, 0)`)
	p.wait(`document.body.innerText.includes("restarted")`)
	p.paste("#input", vector(t, "revoked"))
	p.wait(`document.querySelector("#verdict")?.textContent.toLowerCase().includes("revoked")`)
	if text := p.text("body"); strings.Contains(text, "does not start") {
		t.Error(text)
	}
}

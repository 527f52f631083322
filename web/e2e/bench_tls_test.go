package e2e

import (
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"derscope/testdata/pcapfile"
	"derscope/testdata/talk"
)

// asked notes how long the worker takes for what it is asked to read.
const asked = `(() => {
	const post = Worker.prototype.postMessage;
	window.loads = [];
	Worker.prototype.postMessage = function (m, ...rest) {
		if (m.op === "load") {
			const start = performance.now(), id = m.id;
			const heard = (e) => { if (e.data.id === id) { loads.push(performance.now() - start); this.removeEventListener("message", heard); } };
			this.addEventListener("message", heard);
		}
		return post.call(this, m, ...rest);
	};
	return true;
})()`

// TestBenchGuess measures what the worker takes to read and judge a ticket that
// no key is given for: all keys that people are known to have left in place are
// tried with all layouts that fit. Each ticket is another one; 240 octets fit
// the most layouts.
func TestBenchGuess(t *testing.T) {
	bench(t)
	p := open(t)
	p.ready()
	p.paste("#input", hello(t))
	p.whole()
	eval[bool](p, asked)
	var ms []float64
	for i := range 31 {
		ticket := talk.Random(fmt.Sprint("ticket ", i), 240)
		eval[bool](p, `(document.querySelector("#input").select(), window.loads.length = 0, true)`)
		p.paste("#input", hex.EncodeToString(ticket))
		p.wait(`loads.length > 0`)
		ms = append(ms, eval[float64](p, `loads[0]`))
		time.Sleep(100 * time.Millisecond)
	}
	p.wait(`document.querySelector(".ev.sel").innerText.includes("Session ticket")`)
	t.Log(spread("a ticket, all layouts with all weak keys", ms[1:]))
}

// recording is a capture of about so many octets: one TLS connection whose
// records nothing opens.
func recording(octets int) []byte {
	hello := talk.Wishes{Host: "a.example", Chain: [][]byte{make([]byte, 800)}, Sign: func([]byte) []byte { return make([]byte, 70) }}.Run()
	r := &pcapfile.Recording{Segment: 1400}
	c := r.Dial("192.0.2.1:40000", "192.0.2.2:443")
	for _, s := range hello.Sent {
		c.Send(int(s.From)-1, s.Record)
	}
	record := append([]byte{23, 3, 3, 0x40, 0x11}, make([]byte, 0x4011)...)
	for sent := 0; sent < octets/1470*1400; sent += len(record) {
		c.Send(pcapfile.Server, record)
	}
	return r.PCAP()
}

// TestBenchRecording measures captures of growing size, each in a new page, from
// the drop to the painted verdict, and what the worker's memory has grown to for
// each octet of the file.
func TestBenchRecording(t *testing.T) {
	bench(t)
	for _, size := range []int{25e6, 50e6, 100e6} {
		t.Run(fmt.Sprint(size/1e6), func(t *testing.T) {
			p := blank(t)
			p.site.bare = true
			p.navigate(p.url)
			p.ready()
			p.paste("#input", hello(t))
			p.whole()
			p.click(`[data-do="clear"]`)
			before := p.memory()
			b := recording(size)
			p.bring("large.pcap", b)
			eval[bool](p, asked)
			p.painted(`loads.length > 0 && document.querySelector("#verdict h1")`)
			p.fall()
			for i := 0; i < 60 && !eval[bool](p, `window.took > 0`); i++ {
				time.Sleep(time.Second)
			}
			after := p.memory()
			t.Logf("%s", p.text("#verdict h1"))
			t.Logf("%.1f MB: worker %.0f ms, drop to painted %.0f ms; before %v, after %v: worker %.1f times the file", float64(len(b))/1e6,
				eval[float64](p, `loads[0]`), eval[float64](p, `took`), before, after, after.Worker*1e6/float64(len(b)))
		})
	}
}

// TestBenchPasteEarly measures the first paste of a visit, right after the page
// can judge, while the whole decoder is fetched as soon as the page has nothing
// else to do; and, for comparison, where it is not fetched.
func TestBenchPasteEarly(t *testing.T) {
	bench(t)
	for _, idle := range []bool{true, false} {
		var ms []float64
		for i := range 9 {
			t.Run(fmt.Sprint(idle, i), func(t *testing.T) {
				p := blank(t)
				if idle {
					p.rich()
				}
				p.navigate(p.url)
				p.ready()
				p.clipboard(vector(t, "good-del-byname"))
				time.Sleep(1050 * time.Millisecond) // the fetch begins after a second
				p.painted(`document.querySelector("#verdict h1")`)
				eval[bool](p, `(document.addEventListener("paste", (e) => { window.fell = e.timeStamp; }, { once: true, capture: true }), true)`)
				p.paste("#input", vector(t, "good-del-byname"))
				p.wait(`window.took > 0`)
				ms = append(ms, eval[float64](p, `took`))
			})
		}
		name := "first paste, nothing fetched beside it"
		if idle {
			name = "first paste, the whole decoder on its way"
		}
		t.Log(spread(name, ms))
	}
}

package e2e

import (
	"fmt"
	"testing"
	"time"

	"derscope/testdata/bigcrl"
)

// ticker notes the longest time that the page's thread did not get round to a
// timer of 4 ms; what goes beyond the timer is work. stall gives it and
// starts anew.
const ticker = `(() => {
	window.longest = 0;
	let last = performance.now();
	const tick = () => { const now = performance.now(); longest = Math.max(longest, now - last - 4); last = now; };
	setInterval(tick, 4);
	new PerformanceObserver((l) => l.getEntries().forEach((e) => { longest = Math.max(longest, e.duration); })).observe({ type: "longtask" });
	return true;
})()`

func (p *page) stall() float64 {
	p.Helper()
	return eval[float64](p, `new Promise((done) => setTimeout(() => { const l = longest; longest = 0; done(l); }, 60))`)
}

// painted waits, in the page, for the frame after the one in which a condition
// first holds, and keeps the time since the drop.
func (p *page) painted(cond string) {
	p.Helper()
	eval[bool](p, fmt.Sprintf(`(() => {
		window.took = 0;
		const seen = new MutationObserver(() => {
			if (!(%s)) return;
			seen.disconnect();
			const c = new MessageChannel();
			c.port1.onmessage = () => { window.took = performance.now() - window.fell; };
			requestAnimationFrame(() => c.port2.postMessage(0));
		});
		seen.observe(document.body, { subtree: true, childList: true, characterData: true });
		return true;
	})()`, cond))
}

// memory is what the tab takes, in MB: the memory of both programs, and the
// JavaScript heap of the page after a collection.
func (p *page) memory() (program, worker, heap float64) {
	p.Helper()
	program = eval[float64](p, `memory.page() / 1e6`)
	return
}

// TestBenchLarge measures with the CRL of 200,000 entries, 9.3 MB, made by
// testdata/bigcrl: each time in a new page, from the drop event to the frame
// after the one that holds its verdict and its first fields. The longest stall
// is the longest time in which the page's thread got round to nothing else:
// gaps of a timer of 4 ms, and the browser's own long tasks. Scrolling is 60
// jumps of the scroll bar over the whole list, 30 ms apart; typing is a search
// text in the filter, keys 40 ms apart.
func TestBenchLarge(t *testing.T) {
	bench(t)
	crl := bigcrl.CRL(bigcrl.Entries)
	var drop, stall, scroll, typing []float64
	for i := range 5 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := open(t)
			p.ready()
			p.bring("large.crl", crl)
			eval[bool](p, ticker)
			time.Sleep(300 * time.Millisecond)
			p.stall()
			p.painted(`document.querySelector("#verdict h1, .verdict h1")?.textContent.includes("200,000") && document.querySelector("#fields .f")`)
			p.fall()
			p.wait(`window.took > 0`)
			drop = append(drop, eval[float64](p, `window.took`))
			time.Sleep(300 * time.Millisecond)
			stall = append(stall, p.stall())
			for _, id := range []string{"fields", "hex"} {
				eval[bool](p, fmt.Sprintf(`(async () => {
					const e = document.getElementById(%q);
					for (let i = 0; i < 60; i++) {
						e.scrollTop = i %% 2 ? e.scrollHeight * i / 60 : e.scrollTop + 300;
						await new Promise((next) => setTimeout(next, 30));
					}
					return true;
				})()`, id))
			}
			scroll = append(scroll, p.stall())
			p.focus("#filter")
			for _, k := range "keycompromise" {
				p.keys(string(k))
				time.Sleep(40 * time.Millisecond)
			}
			p.wait(`document.querySelector("#filter-sum").textContent.endsWith(" of 200,000") && !document.querySelector("#filter-sum").textContent.includes("first")`)
			typing = append(typing, p.stall())
		})
	}
	t.Log(spread("9.3 MB CRL: drop to painted", drop))
	t.Log(spread("9.3 MB CRL: longest stall during it", stall))
	t.Log(spread("9.3 MB CRL loaded: longest stall scrolling", scroll))
	t.Log(spread("9.3 MB CRL loaded: longest stall filtering", typing))
}

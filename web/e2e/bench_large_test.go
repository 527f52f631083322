package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/chromedp"

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

// memory is what the tab takes, after both have collected what is unused.
type memory struct {
	Page, Worker float64 // MB of WebAssembly memory, which never shrinks
	Heap         float64 // MB of JavaScript in the page
	Values       float64 // JavaScript values that the page's program holds
}

func (m memory) String() string {
	return fmt.Sprintf("program %.1f MB, worker %.1f MB, JavaScript %.1f MB, %.0f values held", m.Page, m.Worker, m.Heap, m.Values)
}

// memory looks into the programs of a page whose site is bare. The values that
// wait for a collection of Go's are held, too: their number goes up and down.
func (p *page) memory() (m memory) {
	p.Helper()
	p.do(cdpDo(heapprofiler.CollectGarbage, cdp.Empty{}))
	const size = `program._inst.exports.mem.buffer.byteLength / 1e6`
	m.Page = eval[float64](p, size)
	m.Heap = eval[float64](p, `performance.memory.usedJSHeapSize / 1e6`)
	m.Values = eval[float64](p, `program._values.length - program._idPool.length`)
	p.mu.Lock()
	id := p.workers[len(p.workers)-1]
	p.mu.Unlock()
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
	defer cancel()
	var err error
	if m.Worker, err = chromedp.Run(ctx, chromedp.Evaluate[float64](size)); err != nil {
		p.Fatal(err)
	}
	return m
}

// pastes has responses judged in turn, n times.
func (p *page) pastes(n int) {
	p.Helper()
	texts := []string{vector(p.T, "good-del-byname"), vector(p.T, "revoked")}
	for i := range n {
		before := p.text(".verdict h1")
		eval[bool](p, `(document.querySelector("#input").select(), true)`)
		p.paste("#input", texts[i%2])
		p.wait(fmt.Sprintf(`(document.querySelector(".verdict h1")?.innerText ?? "") !== %s`, quote(before)))
	}
}

// TestBenchMemory measures what the tab takes after 10 pastes and after 50, of
// two responses in turn with their certificates; and the same with the 9.3 MB
// CRL dropped 3 and 10 times, each time in place of the one before. The size of
// WebAssembly's memory is that of its buffer; JavaScript's heap is that of the
// page, after a collection.
func TestBenchMemory(t *testing.T) {
	bench(t)
	p := blank(t)
	p.site.bare = true
	p.navigate(p.url)
	p.ready()
	t.Log("ready:                  ", p.memory())
	p.pastes(10)
	t.Log("after 10 pastes:        ", p.memory())
	p.pastes(40)
	t.Log("after 50 pastes:        ", p.memory())
	crl := bigcrl.CRL(bigcrl.Entries)
	for i := range 10 {
		p.click(`[data-do="clear"]`)
		p.wait(`!document.querySelector(".verdict h1")`)
		p.bring("large.crl", crl)
		p.fall()
		p.wait(`document.querySelector(".verdict h1")?.textContent.includes("200,000")`)
		if i == 2 || i == 9 {
			t.Logf("after %2d CRLs of 9.3 MB: %s", i+1, p.memory())
		}
	}
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
			p.wait(`document.querySelector("#filter-sum").textContent.endsWith(" of 200,000")`)
			typing = append(typing, p.stall())
		})
	}
	t.Log(spread("9.3 MB CRL: drop to painted", drop))
	t.Log(spread("9.3 MB CRL: longest stall during it", stall))
	t.Log(spread("9.3 MB CRL loaded: longest stall scrolling", scroll))
	t.Log(spread("9.3 MB CRL loaded: longest stall filtering", typing))
}

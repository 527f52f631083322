package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

func bench(t *testing.T) {
	t.Helper()
	if os.Getenv("DERSCOPE_BENCH") == "" {
		t.Skip("measures are left out: make bench takes them")
	}
}

// spread is what was measured, in ms: the median, and what nine of ten keep.
func spread(name string, ms []float64) string {
	slices.Sort(ms)
	at := func(q float64) float64 { return ms[int(q*float64(len(ms)-1)+0.5)] }
	return fmt.Sprintf("%-44s p50 %6.1f ms   p90 %6.1f ms   min %6.1f ms   n=%d", name, at(0.5), at(0.9), ms[0], len(ms))
}

// TestBenchStart measures a first visit: a new profile each time, the site on
// loopback, brotli, from the start of the navigation. Ready to judge is when the
// worker has said that it is ready and the program has drawn the page.
func TestBenchStart(t *testing.T) {
	bench(t)
	var paint, program, ready []float64
	for i := range 11 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := open(t)
			p.ready()
			p.wait(`performance.getEntriesByName("first-contentful-paint").length`)
			got := eval[map[string]float64](p, `({
				paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
				program: performance.getEntriesByName("program")[0].startTime,
				decoder: performance.getEntriesByName("decoder")[0].startTime,
			})`)
			paint = append(paint, got["paint"])
			program = append(program, got["program"])
			ready = append(ready, max(got["program"], got["decoder"]))
		})
	}
	t.Log(spread("first visit: first paint", paint))
	t.Log(spread("first visit: page drawn by the program", program))
	t.Log(spread("first visit: ready to judge", ready))
}

// TestBenchPaste measures from the paste event in the box to the frame after
// the one that holds the new verdict: response, certificate and issuer, good and
// revoked in turn.
func TestBenchPaste(t *testing.T) {
	bench(t)
	p := open(t)
	p.ready()
	texts := []string{vector(t, "good-del-byname"), vector(t, "revoked")}
	var ms []float64
	for i := range 41 {
		eval[bool](p, `(() => {
			const text = () => document.querySelector("#verdict")?.textContent ?? "";
			const before = text();
			window.painted = 0;
			document.addEventListener("paste", (e) => {
				const seen = new MutationObserver(() => {
					if (text() === "" || text() === before) return;
					seen.disconnect();
					const c = new MessageChannel();
					c.port1.onmessage = () => { window.painted = performance.now() - e.timeStamp; };
					requestAnimationFrame(() => c.port2.postMessage(0));
				});
				seen.observe(document.body, { subtree: true, childList: true, characterData: true });
			}, { once: true, capture: true });
			document.querySelector("#input").select();
			return true;
		})()`)
		p.paste("#input", texts[i%2])
		p.wait(`window.painted > 0`)
		ms = append(ms, eval[float64](p, `window.painted`))
		time.Sleep(50 * time.Millisecond)
	}
	t.Logf("first paste of a visit: %.1f ms", ms[0])
	t.Log(spread("paste to painted verdict", ms[1:]))
}

// TestBenchSlide measures from an input event of the slider to the frame after
// the one that holds the verdict of its moment, which the slider's value in
// words tells: response, responder, certificate, issuer and root, all programs,
// a sixtieth of the scale a step. The next step waits for the frame; how long
// a step takes of which others follow at once, as in a drag, is measured apart:
// a step each frame, and how many frames show a new verdict.
func TestBenchSlide(t *testing.T) {
	bench(t)
	p := timed(t)
	got := eval[[]float64](p, `(async () => {
		const s = document.querySelector("#slide"), ms = [];
		for (let i = 0; i < 61; i++) {
			const before = s.getAttribute("aria-valuetext");
			const start = performance.now();
			await new Promise((done) => {
				const seen = new MutationObserver(() => {
					if (s.getAttribute("aria-valuetext") === before) return;
					seen.disconnect();
					const c = new MessageChannel();
					c.port1.onmessage = done;
					requestAnimationFrame(() => c.port2.postMessage(0));
				});
				seen.observe(s, { attributes: true });
				s.value = 30 + i * 15;
				s.dispatchEvent(new Event("input", { bubbles: true }));
			});
			ms.push(performance.now() - start);
			await new Promise((go) => setTimeout(go, 60));
		}
		return ms.slice(1);
	})()`)
	t.Log(spread("slider step to painted verdict", got))
	frames := eval[map[string]float64](p, `(async () => {
		const s = document.querySelector("#slide");
		let fresh = 0, before = "", start = performance.now();
		for (let i = 0; i < 120; i++) {
			s.value = 30 + i * 8;
			s.dispatchEvent(new Event("input", { bubbles: true }));
			await new Promise((go) => requestAnimationFrame(go));
			const now = s.getAttribute("aria-valuetext");
			if (now !== before) { fresh++; before = now; }
		}
		return { fresh, all: 120, ms: performance.now() - start };
	})()`)
	t.Logf("drag: %.0f of %.0f frames show a new moment, %.1f ms a frame", frames["fresh"], frames["all"], frames["ms"]/frames["all"])
}

// TestBenchTurns measures the search for the changes of the verdict, from its
// request to the answer of the worker: of the response and of the certificate
// of TestBenchSlide in turn. No verdict waits for it.
func TestBenchTurns(t *testing.T) {
	bench(t)
	p := timed(t)
	ms := eval[[]float64](p, `(async () => {
		const post = Worker.prototype.postMessage, ms = [];
		Worker.prototype.postMessage = function (m, ...rest) {
			if (m.op === "turns") {
				const start = performance.now(), id = m.id;
				const heard = (e) => { if (e.data.id === id) { ms.push(performance.now() - start); this.removeEventListener("message", heard); } };
				this.addEventListener("message", heard);
			}
			return post.call(this, m, ...rest);
		};
		for (let i = 1; i <= 30; i++) {
			document.querySelector('[data-do="item"][data-arg="' + i % 2 + '"]').click();
			await new Promise((go) => setTimeout(go, 200));
		}
		return ms;
	})()`)
	t.Log(spread("changes of the verdict found", ms))
}

// vector is the evidence of a vector, as one text.
func vector(t *testing.T, name string) string {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", "ocsp", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range a.Files {
		if strings.HasPrefix(f.Name, "input/") {
			all.Write(f.Data)
		}
	}
	return all.String()
}

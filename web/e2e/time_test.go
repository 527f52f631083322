package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// timed is the page with a response and the stretches of its verdict: it holds
// from the 20th, 06:00, to the 24th, 06:00, and five minutes around it with a
// warning.
func timed(t *testing.T) *page {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelectorAll("[data-band]").length > 2`)
	return p
}

// judged waits until the page is judged at a moment.
func (p *page) judged(moment, status string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.querySelector("#at").value === %s && document.querySelector("#verdict.%s")`, quote(moment), status))
}

// put moves the slider, as a drag does.
func (p *page) put(value string) {
	p.Helper()
	eval[bool](p, `(() => {
		const s = document.querySelector("#slide");
		s.value = `+value+`;
		s.dispatchEvent(new Event("input", { bubbles: true }));
		return true;
	})()`)
}

// The keys of the slider stop at the changes of the verdict, and go from one to
// the next.
func TestTimeKeys(t *testing.T) {
	p := timed(t)
	p.focus("#slide")
	for _, step := range []struct{ key, at, status string }{
		{"]", "2026-11-24 06:00:01", "warn"},
		{"]", "2026-11-24 06:05:01", "fail"},
		{"[", "2026-11-24 06:00:01", "warn"},
		{"PageDown", "2026-11-20 06:00:00", "pass"},
		{"ArrowLeft", "2026-11-20 05:55:00", "warn"},
		{"PageUp", "2026-11-20 06:00:00", "pass"},
		{"ArrowRight", "2026-11-20 07:00:00", "pass"},
		{"ArrowRight", "2026-11-20 08:00:00", "pass"},
		{"PageUp", "2026-11-24 06:00:01", "warn"},
	} {
		p.press(step.key)
		p.judged(step.at, step.status)
	}
	p.wait(`document.querySelector("#slide").getAttribute("aria-valuetext") === "2026-11-24 06:00:01 UTC, Warning"`)
	if got := eval[string](p, `document.activeElement.id`); got != "slide" {
		t.Errorf("the focus went to %q", got)
	}
	p.press("End")
	p.wait(`document.querySelector("#verdict.fail")`)
	for range 4 { // further than the picture shows: all is shown
		p.press("]")
	}
	p.judged("2027-02-01 00:00:01", "fail")
	p.wait(`document.querySelector("[data-do=zoom][data-arg=whole]").getAttribute("aria-pressed") === "true"`)
}

// What is dragged near a change comes to rest on it; the buttons, the band and
// the list lead there.
func TestTimeStops(t *testing.T) {
	p := timed(t)
	// 06:00:01 of the 24th lies between two steps of the slider.
	p.put("Math.round(s.max * .94)")
	p.judged("2026-11-24 06:00:01", "warn")
	p.click(`[data-do="turn"][data-arg="after"]`)
	p.judged("2026-11-24 06:05:01", "fail")
	p.click(`[data-do="turn"][data-arg="before"]`)
	p.click(`[data-do="turn"][data-arg="before"]`)
	p.judged("2026-11-20 06:00:00", "pass")
	p.click(".course summary")
	p.click(`.course li:nth-child(5) button`)
	p.judged("2026-11-24 06:00:01", "warn")
	p.wait(`document.querySelector('.course [aria-current="true"]').textContent.startsWith("2026-11-24 06:00:01 to ")`)
	p.click(`[data-band="pass"]`)
	p.judged("2026-11-20 06:00:00", "pass")
	// Before all changes there is none to go to, and the button keeps the focus.
	p.click(`.course li:nth-child(1) button`)
	p.judged("2026-09-30 23:59:59", "fail")
	p.wait(`document.querySelector('[data-do="turn"][data-arg="before"]').getAttribute("aria-disabled") === "true"`)
	p.click(`[data-do="turn"][data-arg="before"]`)
	p.judged("2026-09-30 23:59:59", "fail")
}

// The band says each verdict by a sign and a word, and to those who do not see
// it in a sentence; the bar says that the moment is not the present one.
func TestTimeBand(t *testing.T) {
	p := timed(t)
	if got := eval[string](p, `document.querySelector("[data-picture=band]").textContent`); !strings.Contains(got, "✓ Holds") || !strings.Contains(got, "✕") {
		t.Errorf("the band reads %q", got)
	}
	for _, css := range []string{`[data-picture="band"]`, `.course`} {
		got := eval[string](p, fmt.Sprintf(`(e => e.getAttribute("aria-label") ?? e.textContent)(document.querySelector(%s))`, quote(css)))
		for _, part := range []string{"2026-11-20 06:00 to 2026-11-24 06:00", "Good: www.example.org was not revoked", "From 2027-02-01 00:00:01"} {
			if !strings.Contains(got, part) {
				t.Errorf("%s lacks %q: %s", css, part, got)
			}
		}
	}
	if got := eval[string](p, `document.querySelector('[data-band="pass"] title').textContent`); !strings.HasPrefix(got, "2026-11-20 06:00 to 2026-11-24 06:00: Holds: Good") {
		t.Errorf("under the pointer a strip says %q", got)
	}
	pinned := `document.querySelector(".pin").checkVisibility()`
	if eval[bool](p, pinned) {
		t.Error("the moment is said to be pinned, and is the present one")
	}
	p.moment("2026-11-22 12:00")
	p.judged("2026-11-22 12:00:00", "pass")
	p.wait(pinned)
	p.click(`[data-do="now"]`)
	p.wait(`!` + pinned)
	// Other evidence has its own.
	p.click(`#evidence [data-do="clear"]`)
	p.paste("#input", vector(t, "revoked"))
	p.verdict("Revoked")
	p.wait(`document.querySelectorAll("[data-band]").length === 1 && document.querySelector(".course summary").textContent.includes("0 changes")`)
	// Of another item the verdict is another.
	p.click(`[data-do="item"][data-arg="1"]`)
	p.wait(`document.querySelectorAll("[data-band]").length === 3`)
}

// While the slider moves, the verdict and the programs go with it; nothing is
// read again, the slider stays where it is on the screen, and one verdict is
// spoken when it rests.
func TestTimeLive(t *testing.T) {
	p := timed(t)
	eval[bool](p, `(() => {
		const post = Worker.prototype.postMessage;
		window.ops = []; window.spoken = []; window.tops = []; window.programs = new Set(); window.verdicts = new Set();
		const said = document.querySelector("#said");
		new MutationObserver(() => spoken.push(said.textContent)).observe(said, { subtree: true, childList: true, characterData: true });
		Worker.prototype.postMessage = function (m, ...rest) { ops.push(m.op); return post.call(this, m, ...rest); };
		return true;
	})()`)
	// Where a busy machine takes half a second between two of its places, the slider rests.
	rests := eval[int](p, `(async () => {
		const s = document.querySelector("#slide");
		let rests = 0, last = performance.now();
		for (let v = 0; v <= 1000; v += 10) {
			if (performance.now() - last > 400) rests++;
			last = performance.now();
			s.value = v;
			s.dispatchEvent(new Event("input", { bubbles: true }));
			await new Promise((go) => requestAnimationFrame(go));
			let top = s.getBoundingClientRect().top;
			// On a busy machine a frame falls between what is drawn and what is scrolled after it.
			for (let i = 0; i < 5 && tops.length && Math.abs(top - tops[0]) > 1; i++) {
				await new Promise((go) => requestAnimationFrame(go));
				top = s.getBoundingClientRect().top;
			}
			tops.push(top);
			verdicts.add(document.querySelector("#verdict h1").textContent);
			programs.add(document.querySelector(".minding").textContent);
		}
		return rests;
	})()`)
	p.wait(`document.querySelector("#verdict.fail h1").textContent.includes("Expired")`)
	p.wait(`spoken.at(-1)?.includes("Expired")`)
	if got := eval[[]string](p, `spoken`); len(got) > 1+rests || !strings.Contains(got[len(got)-1], "Expired") {
		t.Errorf("spoken with %d rests: %q", rests, got)
	}
	if got := eval[[]string](p, `[...verdicts]`); len(got) < 3 {
		t.Errorf("seen on the way: %q", got)
	}
	if got := eval[int](p, `programs.size`); got < 2 {
		t.Errorf("the programs took %d ways", got)
	}
	if got := eval[[]string](p, `[...new Set(ops)]`); len(got) != 1 || got[0] != "report" {
		t.Errorf("asked of the worker: %q", got)
	}
	if got := eval[float64](p, `Math.max(...tops) - Math.min(...tops)`); got > 1 && rests == 0 {
		t.Errorf("the slider moved %v pixels up and down", got)
	}
}

// Without times there is nothing to slide through; a CRL and a certificate have
// their own.
func TestTimeKinds(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", map[string][]byte{"nothing.bin": {0x05, 0x00}})
	p.wait(`document.querySelectorAll("#evidence .ev").length === 1`)
	if p.count("#slide") != 0 {
		t.Error("NULL has a slider")
	}
	p.click(`#evidence [data-do="clear"]`)
	p.paste("#input", vector(t, "del-crl"))
	p.wait(`document.querySelectorAll("[data-band]").length > 1`)
	n := p.count(`[data-do="item"]`)
	for i := range n {
		p.click(fmt.Sprintf(`[data-do="item"][data-arg="%d"]`, i))
		p.wait(fmt.Sprintf(`document.querySelector('[data-do="item"][data-arg="%d"]').closest(".sel")`, i))
		p.wait(`document.querySelectorAll("[data-band]").length > 0`)
	}
}

// The slider and what belongs to it as people meet it.
func TestTimeLook(t *testing.T) {
	p := timed(t)
	p.click(".course summary")
	p.moment("2026-11-24 06:02")
	p.wait(`document.querySelector("#verdict.warn")`)
	p.shots("time")
	p.click(`[data-do="zoom"][data-arg="whole"]`)
	p.wait(`document.querySelector("[data-do=zoom][data-arg=whole]").getAttribute("aria-pressed") === "true"`)
	p.shots("time-whole")
	p.shutsNobodyOut("time")
	p.do(chromedp.EmulateViewport(390, 844))
	p.click(`.sections [data-arg="verdict"]`)
	p.wait(`document.querySelector("#slide").checkVisibility()`)
	if over := eval[float64](p, `Math.max(...[...document.querySelectorAll("#validity *")].map((e) => e.getBoundingClientRect().right)) - innerWidth`); over > 0 {
		t.Errorf("at 390 pixels the picture is %v over the width", over)
	}
	for _, b := range []string{`[data-do="turn"][data-arg="after"]`, `[data-do="zoom"]`, "#slide"} {
		if high := eval[float64](p, fmt.Sprintf(`document.querySelector(%s).getBoundingClientRect().height`, quote(b))); high < 24 {
			t.Errorf("%s is %v pixels high", b, high)
		}
	}
}

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// basics are faults that shut people out: controls without a name, references
// to nothing, text that cannot be told from its ground, two first headings.
const basics = `(() => {
	const wrong = [];
	const shown = (e) => e.checkVisibility();
	const name = (e) => e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent.trim()
		|| document.getElementById(e.getAttribute("aria-labelledby"))?.textContent;
	for (const e of document.querySelectorAll("a, button, input, select, textarea, [tabindex], [role=img], section, nav"))
		if (shown(e) && e.tabIndex !== -1 && !name(e)) wrong.push("no name: " + e.outerHTML.slice(0, 120));
	for (const kind of ["aria-labelledby", "aria-describedby", "aria-activedescendant", "for"])
		for (const e of document.querySelectorAll("[" + kind + "]"))
			if (!document.getElementById(e.getAttribute(kind))) wrong.push(kind + " points at nothing: " + e.outerHTML.slice(0, 120));
	const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push("two of id " + id);
	const heads = [...document.querySelectorAll("h1")].filter(shown).length;
	if (heads !== 1 && !document.querySelector("dialog[open]")) wrong.push(heads + " first headings");
	for (const e of document.querySelectorAll("[aria-expanded], [aria-selected]"))
		for (const kind of ["aria-expanded", "aria-selected"])
			if (!["true", "false", null].includes(e.getAttribute(kind))) wrong.push(kind + ": " + e.outerHTML.slice(0, 120));
	for (const e of document.querySelectorAll("[style]")) wrong.push("a style attribute: " + e.outerHTML.slice(0, 120));
	for (const e of document.querySelectorAll("a[target]"))
		if (!e.rel.includes("noopener")) wrong.push("a link that hands the page over: " + e.href);
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
	const rgba = (c) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
	const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const ground = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255]; };
	const seen = new Set();
	for (const e of document.querySelectorAll("input[type=text], input:not([type]), textarea, .field select")) { // WCAG 1.4.11
		if (!shown(e) || e.closest(".unseen")) continue;
		const a = light(rgba(getComputedStyle(e).borderTopColor)), b = Math.min(...[e, e.parentElement].map(ground).map(light).map((b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05)));
		if (b < 3) wrong.push("the edge of a field has a contrast of " + b.toFixed(2) + ": " + e.outerHTML.slice(0, 80));
	}
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !shown(e) || e.closest("svg, :disabled, .unseen, .skip, noscript")) continue;
		const a = light(rgba(getComputedStyle(e).color)), b = light(ground(e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		const where = e.tagName + "." + e.className;
		if (ratio < 4.5 && !seen.has(where)) { seen.add(where); wrong.push("contrast " + ratio.toFixed(2) + ": " + where + " " + e.textContent.slice(0, 30)); }
	}
	return wrong;
})()`

func (p *page) basics(when string) {
	p.Helper()
	for _, wrong := range eval[[]string](p, basics) {
		p.Errorf("%s: %s", when, wrong)
	}
}

// The page as people meet it, in every window, light and dark: nothing is cut
// off, nobody is shut out. It also takes the pictures.
func TestLook(t *testing.T) {
	p := open(t)
	p.ready()
	p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	p.shots("empty")
	p.basics("empty")
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.basics("good")
	p.shots("good")
	p.click(`#evidence [data-do="clear"]`)
	p.paste("#input", vector(t, "signed-by-leaf"))
	p.wait(`document.querySelector("#verdict.fail")`)
	p.shots("fail")
	p.scheme("dark")
	p.basics("fail, dark")
	p.scheme("light")
	p.basics("fail, light")
	for _, w := range windows {
		p.do(chromedp.EmulateViewport(w.width, w.height))
		for _, part := range []string{"evidence", "verdict", "structure"} {
			if w.width < 700 {
				p.click(`.sections [data-arg="` + part + `"]`)
				p.wait(`document.querySelector('.sections [data-arg="` + part + `"]').getAttribute("aria-current") === "page"`)
			}
			for _, way := range []string{"Width", "Height"} { // the columns scroll, the page does not
				if over := eval[int](p, `document.scrollingElement.scroll`+way+` - inner`+way); over > 0 {
					t.Errorf("at %d pixels, %s: the page is %d over its %s", w.width, part, over, way)
				}
			}
			if w.width < 700 {
				p.shot("fail-390-" + part)
			}
		}
	}
}

// The picture of the README: an example with a field selected.
func TestPicture(t *testing.T) {
	p := open(t)
	p.ready()
	p.example("Good, signed by a delegated responder")
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.scheme("light")
	p.wait(`document.querySelector("#explain .prose") && document.querySelector("#validity svg")`)
	p.shot("inspect-1440-light")
}

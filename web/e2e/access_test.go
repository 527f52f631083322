package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A screen is a state of the page that people meet. What is on it shuts nobody
// out, in any window, light and dark: TestScreens holds each line to that, and
// takes its pictures.
type screen struct {
	name string
	show func(p *page) // from the page as it opens
}

// screens are all of them: whoever adds a part to the page adds a line.
var screens = []screen{
	{"empty", func(p *page) {}},
	{"good", func(p *page) { p.loaded("good-del-byname"); p.row("thisUpdate") }},
	{"fail", func(p *page) { p.loaded("signed-by-leaf") }},
	{"expired", func(p *page) {
		p.loaded("expired")
		p.wait(`[...document.querySelectorAll("#status .chk.fail .link")].some((e) => e.textContent === "Explain" && (e.click(), true))`)
		p.wait(`document.querySelector("#status .prose")`)
	}},
	{"asn1", func(p *page) { p.loaded("good-del-byname"); p.tab("ASN.1") }},
	{"text", func(p *page) {
		p.loaded("expired")
		p.tab("Text")
		p.wait(`document.querySelector("#paper .tl")`)
		p.look("nextUpdate")
	}},
	{"json", func(p *page) { p.loaded("expired"); p.tab("JSON"); p.wait(`document.querySelector("#paper .tl")`) }},
	{"found", func(p *page) { p.loaded("good-del-byname"); p.look("18 0f 32 30"); p.keys("\r") }},
	{"broken", func(p *page) {
		p.loaded("ber-segments")
		p.look("segment")
	}},
	{"copy", func(p *page) {
		p.loaded("good-del-byname")
		p.row("producedAt")
		p.menu("copy", "")
		p.wait(`document.activeElement.getAttribute("role") === "menuitem"`)
	}},
	{"certificate", func(p *page) {
		p.drop("body", map[string][]byte{"leaf.pem": files(p.T, "good-del-byname")["leaf.pem"]})
		p.wait(`document.querySelector("#verdict")`)
	}},
	{"unknown", func(p *page) {
		p.paste("#input", "The quick brown fox jumps over the lazy dog.")
		p.wait(`document.querySelector("#verdict")`)
	}},
	{"keys", func(p *page) { p.keys("?"); p.wait(`document.querySelector("#sheet").open`) }},
	{"glossary", func(p *page) {
		p.menu("help", `[data-do="word"]`)
		p.wait(`document.querySelector("#sheet .terms dt")`)
	}},
	{"profiles", func(p *page) { p.loaded("good-del-byname"); p.menu("profiles", "") }},
	{"examples", func(p *page) {
		p.click(`#evidence [data-do="examples"]`)
		p.wait(`document.querySelector("#sheet .topic")`)
	}},
	{"an example", func(p *page) {
		p.example("Expired yesterday")
		p.wait(`document.querySelector("#verdict.fail")`)
	}},
	{"a form", func(p *page) {
		p.drop("body", filesBut(p.T, "good-del-byname", "issuer.pem"))
		p.wait(`document.querySelector("#verdict.open")`)
		p.click(`[data-check="ocsp.signer.authorized"] [data-do="want"]`)
		p.wait(`document.querySelector("#adding")`)
	}},
	{"help", func(p *page) { p.menu("help", "") }},
	{"text", func(p *page) {
		p.loaded("expired")
		p.tab("Text")
		p.wait(`document.querySelector("#structure-view pre, #structure-view [tabindex]")`)
	}},
	{"json", func(p *page) {
		p.loaded("expired")
		p.tab("JSON")
		p.wait(`document.querySelector("#structure-view pre, #structure-view [tabindex]")`)
	}},
	{"find", func(p *page) {
		p.loaded("good-del-byname")
		p.focus("#find")
		p.keys("2026")
		p.wait(`!document.querySelector('[data-do="find"]').hidden`)
	}},
	{"copy", func(p *page) {
		p.loaded("good-del-byname")
		p.row("thisUpdate")
		p.menu("copy", "")
	}},
	{"export", func(p *page) { p.loaded("expired"); p.menu("export", "") }},
	{"share", func(p *page) {
		p.loaded("expired")
		p.click(`.bar [data-do="share"]`)
		p.wait(`document.querySelector("#sheet").open`)
	}},
	{"want", func(p *page) {
		p.drop("body", map[string][]byte{"response.pem": files(p.T, "good-del-byname")["response.pem"]})
		p.wait(`document.querySelector('#evidence [data-do="want"]')`)
		p.click(`#evidence [data-do="want"]`)
		p.wait(`document.querySelector('#evidence [aria-expanded="true"][data-do="want"]')`)
	}},
	{"crl", func(p *page) {
		p.drop("body", certFiles(p.T, "crl-expired"))
		p.wait(`document.querySelector("#verdict") && document.querySelector("#fields .f")`)
	}},
	{"programs", func(p *page) {
		p.kept() // the whole decoder is wanted, and would be fetched twice at a time
		p.loaded("signed-by-leaf")
		p.wait(`document.querySelectorAll('#clients .fold[aria-expanded="false"], #servers .fold[aria-expanded="false"], #callbacks .fold[aria-expanded="false"]').forEach((e) => e.click()) ?? true`)
		p.wait(`document.querySelector('[data-do="builder"]:enabled').click() ?? true`)
		p.allow("api/health")
		p.wait(`document.querySelector(".built .form")`)
		p.wait(`document.querySelector("#callbacks").scrollIntoView() ?? true`)
	}},
	{"ticket", func(p *page) { p.given("ticket", "openssl13") }},
	{"ticket map", func(p *page) {
		p.given("ticket", "gnutls-zero")
		p.wait(`document.querySelector("[data-drawn] [data-do]")`)
		p.click(".drawn summary")
	}},
	{"ticket key", func(p *page) {
		p.drop("body", map[string][]byte{"ticket.hex": filesOf(p.T, "ticket", "openssl13")["ticket.hex"]})
		p.whole()
		p.click(`.wants [data-arg$="ticket-key"]`)
		p.wait(`document.querySelector("#adding.masked")`)
	}},
	{"secrets", func(p *page) {
		p.given("ticket", "openssl13")
		p.wait(`[...document.querySelectorAll(".items .carried .pick")].find((e) => e.innerText.includes("session"))?.click() ?? document.querySelector("#fields").innerText.includes("kept secret")`)
		p.click(`[data-do="reveal"]`)
		p.wait(`!document.querySelector("#fields").innerText.includes("kept secret")`)
	}},
	{"enrolment", func(p *page) {
		p.given("cmp", "rr")
		p.wait(`document.querySelector("[data-drawn] [data-do]") && document.querySelector("#calls [data-do=toggle]")`)
		p.click(`#calls [data-do="toggle"]`)
	}},
	{"handshake", func(p *page) { p.given("tls", "staple-13"); p.wait(`document.querySelector("[data-drawn] [data-do]")`) }},
	{"connection", func(p *page) {
		p.given("tls", "resumed-12")
		p.wait(`document.querySelector("[data-drawn] [data-do]") && document.querySelector(".members li")`)
		p.wait(`document.querySelectorAll('#callbacks .fold[aria-expanded="false"]').forEach((e) => e.click()) ?? true`)
		p.click(".drawn summary")
	}},
	{"request", func(p *page) { p.given("tls", "request") }},
	{"capture", func(p *page) { p.given("capture", "tls13") }},
	{"reading on", func(p *page) {
		p.site.change(func() { p.site.which, p.site.half = "decoder", true })
		p.site.delay()
		p.Cleanup(p.site.release)
		p.paste("#input", hello(p.T))
		p.wait(`/being fetched, [0-9.]+ of/.test(document.querySelector(".verdict.busy")?.innerText)`)
	}},
	{"readers missing", func(p *page) {
		p.allow("404")
		p.site.change(func() { p.site.which, p.site.lacks = "decoder", true })
		p.paste("#input", hello(p.T))
		p.wait(`document.querySelector("#result .notice")?.innerText.includes("The server answers 404")`)
	}},
}

// certFiles are the pieces of evidence of a vector about certificates.
func certFiles(t *testing.T, name string) map[string][]byte { return filesOf(t, "cert", name) }

// loaded pastes a vector and waits for its verdict.
func (p *page) loaded(name string) {
	p.Helper()
	p.paste("#input", vector(p.T, name))
	p.wait(`document.querySelector("#verdict") && document.querySelector("#fields .f")`)
}

func (p *page) tab(name string) {
	p.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll("[role=tab]")].some((e) => e.textContent === %s && (e.click(), true))`, quote(name)))
	p.wait(fmt.Sprintf(`document.querySelector('[role=tab][aria-selected="true"]').textContent === %s`, quote(name)))
}

// menu opens a menu of the bar, and takes something in it.
func (p *page) menu(name, item string) {
	p.Helper()
	p.click(`[data-do="menu"][data-arg="` + name + `"]`)
	p.wait(fmt.Sprintf(`document.querySelector('[data-do="menu"][data-arg=%s]').getAttribute("aria-expanded") === "true"`, quote(name)))
	if item != "" {
		p.click(".menu " + item)
	}
}

// cramped are faults of the layout: what reaches out of the window, controls
// that are too small to be hit (WCAG 2.5.8), words that are cut off.
const cramped = `(() => {
	const wrong = [], w = innerWidth;
	const top = document.querySelector("dialog[open]");
	const all = [...(top ?? document.body).querySelectorAll("*")].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .skip, [data-space]"));
	const say = (what, e) => wrong.push(what + ": " + e.outerHTML.replace(/\s+/g, " ").slice(0, 140));
	const scrolls = (e) => { for (e = e.parentElement; e && e !== document.body; e = e.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) && !e.matches(".col, .cols, .app, .sheet")) return true; return false; };
	if (document.scrollingElement.scrollWidth > w) wrong.push("the page is " + document.scrollingElement.scrollWidth + " pixels wide");
	for (const e of all) {
		const b = e.getBoundingClientRect();
		if (b.width && (b.right > w + 1 || b.left < -1) && !scrolls(e)) say("out of the window, from " + Math.round(b.left) + " to " + Math.round(b.right), e);
		const style = getComputedStyle(e);
		if (e.scrollWidth > e.clientWidth + 2 && style.overflowX === "hidden" && style.textOverflow !== "ellipsis") say("cut off", e);
	}
	const targets = all.filter((e) => e.matches("a[href], button:enabled, select, summary, input:not([type=hidden])") && !(getComputedStyle(e).display === "inline" || e.matches("p button.word, p a, label > input")));
	const boxes = targets.map((e) => e.matches("label > input") ? e.parentElement.getBoundingClientRect() : e.getBoundingClientRect());
	targets.forEach((e, i) => {
		const b = boxes[i];
		if (b.width >= 23.5 && b.height >= 23.5) return;
		const x = b.left + b.width / 2, y = b.top + b.height / 2;
		const near = boxes.findIndex((o, j) => j !== i && !targets[j].contains(e) && Math.hypot(Math.max(o.left - x, 0, x - o.right), Math.max(o.top - y, 0, y - o.bottom)) < 12);
		if (near >= 0) say("only " + Math.round(b.width) + " by " + Math.round(b.height) + " pixels, beside " + targets[near].textContent.slice(0, 20), e);
	});
	return [...new Set(wrong)].slice(0, 12);
})()`

// parts lists the parts of the page that are to be seen: the page itself, or,
// where it is narrow, each of its columns.
func (p *page) parts() []string {
	p.Helper()
	return eval[[]string](p, `document.querySelector(".sections").checkVisibility() && !document.querySelector("#sheet").open && !document.querySelector(".drop:not([hidden])")
		? [...document.querySelectorAll(".sections button")].map((e) => e.dataset.arg) : [""]`)
}

func (p *page) part(name string) {
	p.Helper()
	if name == "" {
		return
	}
	p.wait(fmt.Sprintf(`document.querySelector('.sections [data-arg=%s]').click() ?? true`, quote(name)))
	p.wait(fmt.Sprintf(`document.querySelector(".app").dataset.section === %s`, quote(name)))
}

func (p *page) settled() {
	p.Helper()
	// go-app tells of a new size after 250 ms.
	eval[bool](p, "new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(true)), 350))")
}

// Every screen, in every window, light and dark.
func TestScreens(t *testing.T) {
	for _, screen := range screens {
		t.Run(screen.name, func(t *testing.T) {
			p := open(t)
			p.ready()
			p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
			screen.show(p)
			for _, w := range windows {
				p.do(chromedp.EmulateViewport(w.width, w.height))
				p.settled()
				for _, part := range p.parts() {
					p.part(part)
					when := fmt.Sprintf("%s at %d %s", screen.name, w.width, part)
					for _, wrong := range eval[[]string](p, cramped) {
						t.Errorf("%s: %s", when, wrong)
					}
					for _, scheme := range []string{"light", "dark"} {
						p.scheme(scheme)
						p.basics(when + " " + scheme)
						switch {
						case scheme == "light":
							p.axe(when+" light", "{}")
						case w == windows[0]: // dark can spoil the contrast alone, whatever the width
							p.axe(when+" dark", `{ runOnly: ["color-contrast"] }`)
						}
						name := fmt.Sprintf("%s-%d-%s", screen.name, w.width, scheme)
						if part != "" && part != "verdict" {
							name += "-" + part
						}
						p.shot(name)
					}
				}
			}
		})
	}
}

// Enlarged to 200 and to 400 %, with wider letters and lines, the page keeps
// all it has: WCAG 1.4.4, 1.4.10 and 1.4.12.
func TestEnlarged(t *testing.T) {
	for _, screen := range screens {
		t.Run(screen.name, func(t *testing.T) {
			p := open(t)
			p.ready()
			p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
			screen.show(p)
			look := func(name string, width, height int64) {
				t.Helper()
				p.do(chromedp.EmulateViewport(width, height))
				p.settled()
				for _, part := range p.parts() {
					p.part(part)
					for _, wrong := range eval[[]string](p, cramped) {
						t.Errorf("%s %s: %s", name, part, wrong)
					}
					p.shot("enlarged-" + screen.name + "-" + name + part)
				}
			}
			look("200", 720, 450)
			look("400", 320, 256)
			eval[bool](p, `(() => {
				const wide = new CSSStyleSheet();
				wide.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; } .tree, .tree *, .hex, .hex * { line-height: inherit !important; letter-spacing: 0 !important; word-spacing: 0 !important }");
				document.adoptedStyleSheets = [wide];
				return true;
			})()`)
			look("spaced", 1440, 900)
		})
	}
}

// Where the user's own few colours replace those of the page, selections, signs
// and borders remain.
func TestForcedColors(t *testing.T) {
	p := open(t)
	p.ready()
	p.loaded("expired")
	p.row("thisUpdate")
	for _, scheme := range []string{"light", "dark"} {
		p.do(cdpDo(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "forced-colors", Value: "active"}, {Name: "prefers-color-scheme", Value: scheme},
		}}))
		p.settled()
		p.shot("forced-1440-" + scheme)
		for _, wrong := range eval[[]string](p, `(() => {
			const wrong = [], style = (css) => getComputedStyle(document.querySelector(css));
			const line = (s, side) => s["outlineStyle"] !== "none" || parseFloat(s["border" + side + "Width"]) > 0 && s["border" + side + "Style"] !== "none";
			for (const css of ['.f[aria-selected="true"]', ".ev.sel"]) if (!line(style(css), "Top")) wrong.push(css + " has no outline");
			for (const css of [".ico", "#verdict .big", "button", "#input", ".panel"]) if (!line(style(css), "Top")) wrong.push(css + " has no border");
			if (!line(style('[role=tab][aria-selected="true"]'), "Bottom")) wrong.push("the tab in view is not marked");
			const ground = style(".hex").backgroundColor;
			for (const css of ["mark.content", "mark.header"]) if (style(css).backgroundColor === ground) wrong.push(css + " is not marked");
			if (style("mark.content").backgroundColor === style("mark.header").backgroundColor) wrong.push("header and content are marked alike");
			return wrong;
		})()`) {
			t.Errorf("%s: %s", scheme, wrong)
		}
	}
}

// Nothing moves for those who asked for that.
func TestReducedMotion(t *testing.T) {
	p := blank(t)
	p.do(cdpDo(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}))
	p.navigate(p.url)
	p.ready()
	p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	eval[bool](p, `(() => {
		const meter = document.createElement("p");
		meter.className = "meter";
		document.querySelector(".welcome").append(meter);
		return true;
	})()`)
	if n := eval[int](p, `document.getAnimations().length`); n != 0 {
		t.Errorf("%d things move", n)
	}
}

// walk clicks every control of the page that it finds, one after the other and
// also those that appear, and says after which the focus was nowhere.
const walk = `(async (skip) => {
	const lost = [], done = new Set();
	const rest = () => new Promise((go) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go, 20))), 60));
	for (let n = 0; n < 100; n++) {
		const top = document.querySelector("dialog[open]") ?? document;
		const key = (e) => [e.tagName, e.id, e.dataset.do, e.dataset.arg?.replace(/\d+/, "n").split(" ")[0], e.getAttribute("role"), e.closest("section")?.id].join(" ");
		const e = [...top.querySelectorAll("button:enabled, [role=tab], [role=button], summary")].find((e) => e.checkVisibility() && !done.has(key(e)) && !e.matches(skip))
			?? (top !== document && top.querySelector("[data-do=close]"));
		if (!e) break;
		done.add(key(e));
		e.focus();
		e.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })); // a shape has no click()
		await rest();
		for (let i = 0; i < 20 && document.activeElement === document.body; i++) await rest();
		if (document.activeElement === document.body) lost.push("after " + key(e) + " “" + e.textContent.slice(0, 30) + "”");
	}
	return { lost, clicked: done.size };
})`

// Whatever is clicked, the focus stays on the page.
func TestFocusStays(t *testing.T) {
	for _, of := range [][2]string{{"ocsp", "good-del-byname"}, {"ocsp", "expired"}, {"ticket", "openssl13"}, {"tls", "resumed-12"}, {"capture", "tls13"}} {
		t.Run(of[1], func(t *testing.T) {
			p := open(t)
			p.allow("File chooser") // opens for people alone
			p.allow("api/health")   // what asks a responder looks for a service, and there is none
			p.ready()
			p.drop("body", filesOf(t, of[0], of[1]))
			if of[0] != "ocsp" {
				p.whole()
			}
			p.wait(`document.querySelector("#verdict") && document.querySelector("#fields .f, .members li")`)
			// What takes the evidence away comes last.
			for _, skip := range []string{`[data-do="files"], [data-do="clear"], [data-do="remove"], [data-do="example"], .menu [data-arg]`, `[data-do="files"]`} {
				got := eval[struct {
					Lost    []string `json:"lost"`
					Clicked int      `json:"clicked"`
				}](p, walk+"("+quote(skip)+")")
				for _, lost := range got.Lost {
					t.Errorf("the focus is nowhere %s", lost)
				}
				if got.Clicked < 8 {
					t.Errorf("only %d controls were clicked", got.Clicked)
				}
			}
		})
	}
}

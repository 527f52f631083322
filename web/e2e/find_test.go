package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const (
	chosen = `document.querySelector('.tree [aria-selected="true"] .k')?.textContent`
	tally  = `document.querySelector(".find .tally")?.textContent`
)

// look writes into the field of find, over what stands there.
func (p *page) look(text string) {
	p.Helper()
	p.wait(`document.activeElement.id === "result" || (document.querySelector("#result").focus(), false)`)
	p.press("/")
	p.wait(`document.activeElement.id === "find"`)
	p.keys(text)
	p.wait(`document.querySelector(".find .tally").dataset.of === ` + quote(strings.ToLower(strings.TrimSpace(text))))
}

// hold presses a key with others held down.
func (p *page) hold(mod, key string) {
	p.Helper()
	eval[bool](p, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %s, %sKey: true, bubbles: true, cancelable: true })) || true`, quote(key), mod))
}

// copied waits until the clipboard holds something.
func (p *page) copied(cond string) {
	p.Helper()
	p.wait(`(navigator.clipboard.readText().then((t) => { window.taken = t; }), window.taken !== undefined && (` + strings.ReplaceAll(cond, "$", "window.taken") + `))`)
	eval[bool](p, `delete window.taken`)
}

// What is looked for is found by name, value, identifier and octets, forwards
// and backwards, and marked.
func TestFind(t *testing.T) {
	p := open(t)
	p.ready()
	p.keys("/") // nothing is there to find
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good")
	p.look("thisUpdate")
	p.wait(chosen + ` === "thisUpdate"`)
	p.wait(tally + ` === "1 of 1"`)
	p.wait(`document.querySelector("#fields mark.hit")?.textContent === "thisUpdate"`)
	p.wait(`document.querySelector("#said").textContent.startsWith("1 of 1: thisUpdate")`)

	p.look("certID") // another text, so that it shows when the next is looked for
	p.press("Escape")
	p.press("Home")
	p.look("algorithm ")
	p.wait(tally + `?.endsWith(" of 9")`)
	at := func(n int) { p.wait(fmt.Sprintf(`%s === "%d of 9"`, tally, n)) }
	n := int(eval[string](p, tally)[0] - '0')
	for n < 9 {
		n++
		p.keys("\r")
		at(n)
	}
	p.keys("\r") // after the last comes the first
	at(1)
	p.wait(chosen) // the row comes when the list has moved
	first := eval[string](p, chosen)
	p.keys("\r")
	at(2)
	p.hold("shift", "Enter")
	at(1)
	p.wait(chosen + ` === ` + quote(first))
	p.hold("shift", "Enter")
	at(9)
	p.click(`.find [data-arg="1"]`)
	at(1)

	p.look("2026-11-24")
	p.wait(chosen + ` === "nextUpdate"`)
	p.look("1.3.14.3.2.26") // SHA-1, in the dotted form that no row shows
	p.wait(tally + ` === "1 of 1" && ` + chosen + ` === "algorithm"`)
	p.look("a0:11 180f3230") // the tag around nextUpdate and the first of its octets
	p.wait(chosen + ` === "nextUpdate"`)
	p.wait(`[...document.querySelectorAll("#hex .hex mark.hit")].map((e) => e.textContent).join(" ") === "a0 11 18 0f 32 30"`)

	p.look("nowhere to be found")
	p.wait(tally + ` === "none"`)
	p.wait(`document.querySelector("#said").textContent === "Not found in Fields."`)
	p.look("emailAddress or so")
	p.wait(tally + ` === "none"`)
	p.press("Escape")
	p.wait(`document.activeElement.id === "fields"`)

	// What is in other evidence alone is shown there, when the user goes there.
	p.look("Example Root R1")
	p.wait(tally + ` === "none here"`)
	p.wait(`document.querySelector("#said").textContent.includes("Enter shows")`)
	p.keys("\r")
	p.wait(tally + `?.startsWith("1 of ")`)
	p.wait(`document.querySelector("#fields mark.hit")?.textContent === "Example Root R1"`)
}

// In the ASN.1 view the innermost element is found, and opened to.
func TestFindElements(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
	p.tab("ASN.1")
	p.look("20261120060000Z")
	p.wait(`document.querySelector('#asn1 [aria-selected="true"] .v')?.textContent === "2026-11-20 06:00:00 UTC"`)
	p.wait(tally + ` === "1 of 2"`)
	p.look("18 0f 32 30 32 36")
	p.wait(tally + `?.startsWith("1 of ")`)
	p.wait(chosen + ` === "GeneralizedTime"`)
	p.look("2b0e03021a") // SHA-1's identifier
	p.wait(chosen + ` === "OBJECT IDENTIFIER"`)
	p.press("Escape")
	p.press("Home")
	p.press("ArrowLeft") // the whole is closed
	p.wait(`document.querySelectorAll("#asn1 .f").length === 1`)
	p.look("2b0e0302")
	p.wait(chosen + ` === "OBJECT IDENTIFIER"`)
}

// An element of a long list that is no node yet is found, and made.
func TestFindFar(t *testing.T) {
	p := open(t)
	p.ready()
	const n = 30_000
	list := []byte{0x30, 0x83, n * 4 >> 16, n * 4 >> 8 & 0xff, n * 4 & 0xff}
	for i := range n {
		list = append(list, 4, 2, byte(i>>8), byte(i))
	}
	p.drop("body", map[string][]byte{"numbers.der": list})
	p.wait(`document.querySelector("#asn1")`)
	p.tab("Fields")
	p.look("0402 6d61")
	p.wait(tally + ` === "1 of 1"`)
	p.wait(`document.querySelector('#fields [aria-selected="true"] .v')?.textContent === "6d61"`)
	p.look("octets of nothing")
	p.wait(tally + ` === "none"`)
	p.look("00")
	p.wait(tally + ` === "1 of 1,000+"`)
	p.hold("shift", "Enter")
	p.wait(tally + ` === "1,000 of 1,000+"`)
	p.keys("\r")
	p.wait(`document.querySelector(".toast").textContent.startsWith("Only the first 1,000 places")`)
}

// The report can be read as text and JSON, in step with the time, and taken
// away whole.
func TestReading(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good")
	p.focus(`[role=tab][aria-selected="true"]`)
	p.press("ArrowRight")
	p.press("ArrowRight")
	p.wait(`document.activeElement.textContent === "Text" && document.querySelector("#paper")?.textContent.includes("OCSP response")`)
	p.look("fresh for another")
	p.wait(`document.querySelector("#paper mark.hit")?.textContent === "Fresh for another"`)
	wide := eval[int](p, `document.querySelector("#paper").scrollWidth - document.querySelector("#paper").clientWidth`)
	if wide > 0 {
		t.Errorf("the text is %d pixels wider than its place", wide)
	}
	p.do(chromedp.SetValue(chromedp.CSS("#at"), "2027-11-20 09:12:00"))
	eval[bool](p, `document.querySelector("#at").dispatchEvent(new Event("change", { bubbles: true }))`)
	p.wait(`document.querySelector("#verdict.fail") && !document.querySelector("#paper").textContent.includes("Fresh for another")`)
	p.wait(tally + ` === "none"`)
	p.click(`.paperhead [data-arg="copy"]`)
	p.copied(`$.includes("Status tree") || $.includes("Fields")`)

	p.tab("JSON")
	p.wait(`document.querySelector("#paper").textContent.startsWith("{")`)
	p.click(`.paperhead [data-arg="copy"]`)
	p.copied(`(() => { try { return JSON.parse($).artifacts.length > 3; } catch { return false; } })()`)
	p.focus(`[role=tab][aria-selected="true"]`)
	p.press("ArrowRight") // round to the first
	p.wait(`document.querySelector("#fields") && document.activeElement.textContent === "Fields"`)
}

// A field leaves the page in the form that is asked for.
func TestCopy(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good")
	form := func(name string) {
		t.Helper()
		p.click(`[data-do="menu"][data-arg="copy"]`)
		p.wait(`document.activeElement.getAttribute("role") === "menuitem"`)
		p.click(`[data-do="take"][data-arg="` + name + `"]`)
		p.wait(`document.querySelector(".forms")?.hidden`)
	}
	p.row("thisUpdate")
	form("value")
	p.copied(`$.startsWith("2026-11-20 06:00:00")`)
	form("hex")
	p.copied(`$ === "180f32303236313132303036303030305a"`)
	form("contents")
	p.copied(`$ === "32303236313132303036303030305a"`)
	form("base64")
	p.copied(`$ === "GA8yMDI2MTEyMDA2MDAwMFo="`)
	form("path")
	p.copied(`$.endsWith("/thisUpdate") && $.includes("tbsResponseData")`)
	form("pem")
	p.copied(`$.startsWith("-----BEGIN ASN.1-----\nGA8y")`)

	p.focus("#fields") // all by keyboard
	p.keys("certs")
	p.press("ArrowRight")
	p.press("ArrowRight")
	p.wait(chosen + ` === "certs[0]"`)
	p.hold("shift", "F10")
	p.wait(`document.activeElement.dataset.arg === "value"`)
	p.press("ArrowUp")
	p.press("ArrowUp")
	p.wait(`document.activeElement.dataset.arg === "pem"`)
	if got := eval[string](p, `document.activeElement.textContent`); got != "PEMCERTIFICATE" {
		t.Errorf("of a certificate the menu offers %q", got)
	}
	p.keys("\r")
	p.copied(`$.startsWith("-----BEGIN CERTIFICATE-----\nMIID") && $.endsWith("-----END CERTIFICATE-----\n")`)
	p.focus("#fields")
	p.hold("shift", "F10")
	p.wait(`document.activeElement.dataset.arg === "value"`)
	p.press("Escape")
	p.wait(`document.activeElement.dataset.do === "menu" && document.querySelector(".forms").hidden`)
}

// Octets of a private key leave the page in no form.
func TestCopyNoSecrets(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----")
	p.wait(`document.querySelector("#fields")`)
	p.clipboard("before")
	p.click(`[data-do="menu"][data-arg="copy"]`)
	p.wait(`document.activeElement.getAttribute("role") === "menuitem"`)
	for _, name := range []string{"value", "hex", "contents", "base64", "pem", "der"} {
		if got := eval[string](p, `document.querySelector('[data-do="take"][data-arg="`+name+`"]').ariaDisabled`); got != "true" {
			t.Errorf("the menu offers the %s of a private key", name)
		}
	}
	p.click(`[data-do="take"][data-arg="hex"]`)
	p.wait(`document.querySelector(".toast").textContent.includes("it holds a secret")`)
	p.click(`[data-do="part"]`)
	p.wait(`document.querySelector(".toast").textContent.includes("is not opened on its own: it holds a secret")`)
	p.copied(`$ === "before"`)
	p.tab("Text")
	p.wait(`document.querySelector("#paper").textContent.includes("secret")`)
	if got := p.text("#paper"); strings.Contains(strings.ReplaceAll(got, ":", ""), "d4ee72") {
		t.Error("the text shows the key")
	}
}

// A field becomes evidence of its own: what is inside of a string, too.
func TestInspectPart(t *testing.T) {
	p := open(t)
	p.ready()
	p.example("Good, signed by a delegated responder")
	p.verdict("Good: www.example.org")
	p.look("certs[0]")
	p.click(`[data-do="part"]`)
	p.wait(`document.querySelector(".ev.sel .head")?.textContent.includes("Example OCSP Responder")`)
	p.wait(`document.activeElement.id === "result" && document.querySelector("#said").textContent.includes("certs[0]")`)
	p.shot("part")
	if got := p.text(".ev.sel"); !strings.Contains(got, "certs[0] of OCSP response") {
		t.Errorf("the evidence says %q", got)
	}
	p.click(`.ev .pick`)
	p.verdict("Good: www.example.org")
	p.look("response")
	p.wait(tally + `?.startsWith("1 of ")`)
	p.row("response")
	p.click(`[data-do="part"]`)
	p.wait(`document.querySelector(".ev.sel") && document.querySelector("#said").textContent.includes("response of")`)
	p.wait(`document.querySelector("#fields .k")?.textContent !== "OCTET STRING"`)
}

// mouse moves, presses or lets go of the mouse over an octet that is drawn.
func (p *page) mouse(kind input.DispatchMouseEventType, off int) {
	p.Helper()
	at := eval[[]float64](p, fmt.Sprintf(`(() => {
		const hex = document.querySelector("#hex"), per = +hex.dataset.per, off = %d;
		const box = hex.querySelector('[data-line="' + Math.floor(off / per) + '"] [data-part=hex]').getBoundingClientRect();
		const n = hex.querySelector('[data-line="' + Math.floor(off / per) + '"] [data-part=hex]').textContent.length;
		return [box.left + box.width * (3 * (off %% per) + 1) / n, box.top + box.height / 2];
	})()`, off))
	e := input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1]}
	if kind != "mouseMoved" {
		e.Button, e.ClickCount = input.MouseButtonLeft, 1
	}
	buttons := int64(0)
	if kind == "mousePressed" || p.pressed {
		buttons = 1
	}
	p.pressed = kind == "mousePressed" || p.pressed && kind != "mouseReleased"
	e.Buttons = buttons
	p.do(cdpDo(input.DispatchMouseEvent, e))
}

// Octets are selected with the mouse and the keys, and select what is around.
func TestSelectOctets(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
	p.row("certStatus") // at 187; thisUpdate follows
	p.settled()         // the pointer must not be moved to where an octet was
	p.mouse("mouseMoved", 190)
	p.wait(`document.querySelector("#fields [data-near] .k")?.textContent === "thisUpdate"`)
	before := eval[int](p, `(window.drawn = 0, new MutationObserver((all) => { window.drawn += all.filter((m) => m.attributeName !== "data-near").length; })
		.observe(document.querySelector(".structure"), { subtree: true, childList: true, attributes: true, characterData: true }), 1)`)
	for off := 186; off < 200; off++ {
		p.mouse("mouseMoved", off)
	}
	p.wait(`document.querySelector("#fields [data-near] .k")?.textContent === "thisUpdate"`)
	if got := eval[int](p, `window.drawn`); got > 0 || before != 1 {
		t.Errorf("the pointer over the octets changes %d things", got)
	}
	p.mouse("mousePressed", 187)
	p.mouse("mouseMoved", 192)
	p.mouse("mouseMoved", 195)
	if got := eval[int](p, `CSS.highlights.get("drawn").size`); got == 0 {
		t.Error("the octets that are dragged over are not marked")
	}
	p.mouse("mouseReleased", 195)
	p.wait(chosen + ` === "responses[0]"`)
	picked := `[...document.querySelectorAll("#hex .hex mark.picked")].map((e) => e.textContent).join(" ").split(" ").length`
	p.wait(picked + ` === 9`)
	p.focus("#hex")
	p.hold("ctrl", "c")
	p.copied(`$.length === 18 && $.startsWith("8000180f")`)
	p.hold("shift", "ArrowLeft")
	p.wait(picked + ` === 8`)
	p.press("Home")
	p.wait(picked + ` === 1`)
	p.press("End")
	p.press("PageDown")
	p.wait(picked + ` === 1`)
	p.press("Enter")
	p.wait(`document.activeElement.id === "fields"`)

	p.row("thisUpdate")
	p.wait(marked + `.startsWith("18 0f")`)
	for i := 0; eval[int](p, `CSS.highlights.get("near").size`) == 0; i++ { // a list that still moves takes the marks away
		if i == 50 {
			t.Fatal("the octets of the row under the pointer are not marked")
		}
		at := eval[[]float64](p, `(({ left, top }) => [left + 40, top + 9])(document.querySelector('#fields .f[aria-selected="true"]').getBoundingClientRect())`)
		p.do(cdpDo(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: "mouseMoved", X: at[0] + float64(i%2)*100, Y: at[1] + float64(i%2)*100}))
	}
}

// Letters go to the row that begins with them, and the star opens what is
// beside.
func TestTypeAhead(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
	p.focus("#fields")
	p.keys("this")
	p.wait(chosen + ` === "thisUpdate"`)
	p.row("certID")
	p.focus("#fields")
	p.press("*")
	p.wait(`document.querySelector('#fields [aria-selected="true"]').getAttribute("aria-expanded") === "true"`)
	p.tab("ASN.1")
	p.focus("#asn1")
	p.press("Home")
	p.keys("enum")
	p.wait(chosen + ` === "ENUMERATED"`)
}

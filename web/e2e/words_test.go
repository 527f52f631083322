package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// at waits until the focus is on an element.
func (p *page) at(css string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.activeElement?.matches(%s)`, quote(css)))
}

// The keys are listed by a key, from anywhere but where people write.
func TestKeysSheet(t *testing.T) {
	p := open(t)
	p.ready()
	sheet := func(title string) {
		t.Helper()
		p.wait(fmt.Sprintf(`document.querySelector("#sheet").open && document.querySelector("#sheet-title").textContent === %s`, quote(title)))
	}
	p.keys("?") // the focus is nowhere yet
	sheet("Keys")
	p.wait(`document.querySelectorAll("#sheet kbd").length > 15`)
	p.keys("\x1b")
	p.wait(`!document.querySelector("#sheet").open`)
	p.focus("#input")
	p.keys("?")
	p.wait(`document.querySelector("#input").value === "?"`)
	if eval[bool](p, `document.querySelector("#sheet").open`) {
		t.Error("a question mark in the paste box opens the keys")
	}
	p.focus(`[data-do="menu"][data-arg="help"]`)
	p.keys("\r")
	p.wait(`document.querySelector(".help .drop").checkVisibility()`)
	p.keys("\t\r") // the first of the menu
	sheet("Keys")
	p.keys("\r") // Close
	p.wait(`!document.querySelector("#sheet").open`)
	p.at(`[data-do="menu"][data-arg="help"]`)
}

// The glossary is searched, and its words lead to each other.
func TestGlossary(t *testing.T) {
	p := open(t)
	p.ready()
	p.click(`[data-do="menu"][data-arg="help"]`)
	p.click(`.help [data-do="word"]`)
	p.wait(`document.querySelectorAll("#sheet .terms dt").length > 40`)
	p.at("#find-word")
	p.keys("must-staple")
	p.wait(`document.querySelectorAll("#sheet .terms dt").length < 8`)
	p.wait(`[...document.querySelectorAll("#sheet .terms dt")].some((e) => e.textContent === "must-staple")`)
	p.keys("xyz")
	p.wait(`document.querySelector("#sheet").textContent.includes("No word has “must-staplexyz”")`)
	p.keys("\x1b")
	p.wait(`!document.querySelector("#sheet").open`)
	p.at(`[data-do="menu"][data-arg="help"]`)
	p.click(`[data-do="menu"][data-arg="help"]`)
	p.click(`.help [data-do="word"]`)
	p.wait(`document.querySelectorAll("#sheet .terms dt").length > 40 && document.querySelector("#find-word").value === ""`)
}

// A word in an explanation shows what it means, and gives the focus back.
func TestWord(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.wait(`document.querySelector("#explain .word")`)
	term := eval[string](p, `document.querySelector("#explain .word").dataset.arg`)
	p.focus("#explain .word")
	p.keys("\r")
	p.wait(fmt.Sprintf(`document.activeElement?.matches("#sheet .asked") && document.activeElement.textContent === %s`, quote(term)))
	p.wait(`(({ top, bottom }) => top > 0 && bottom < innerHeight)(document.activeElement.getBoundingClientRect())`)
	p.keys("\x1b")
	p.at("#explain .word")
}

// Every check that is opened has its explanation, and the section that decides.
func TestExplain(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "expired"))
	p.wait(`document.querySelector("#verdict.fail")`)
	p.wait(`[...document.querySelectorAll("#status .link")].some((e) => e.textContent === "Explain")`)
	// Groups, what holds in them, the checks, their explanations.
	opened := eval[bool](p, `(async () => {
		for (let n = 0; n < 60; n++) {
			const closed = document.querySelectorAll('#status [data-do="toggle"][aria-expanded="false"]');
			if (!closed.length) return true;
			closed.forEach((e) => e.click());
			for (let i = 0; i < 100 && [...closed].some((e) => e.isConnected && e.ariaExpanded === "false"); i++) await new Promise((go) => setTimeout(go, 20));
		}
		return false;
	})()`)
	if !opened {
		t.Error("something in the tree of checks does not open")
	}
	for _, wrong := range eval[[]string](p, `[...document.querySelectorAll("#status .chk[data-check]")]
		.filter((e) => !e.querySelector(".prose p")?.textContent || !e.querySelector(".ref")).map((e) => e.dataset.check)`) {
		t.Errorf("%s has no explanation, or names no source", wrong)
	}
	if n := p.count("#status .chk[data-check]"); n < 20 {
		t.Errorf("%d checks are shown", n)
	}
}

// Explanations that do not arrive are missed in their places, and fetched again
// when the user says so.
func TestNoTexts(t *testing.T) {
	p := blank(t)
	p.allow("status of 404")
	dir := p.site.dir
	p.site.dir = without(t, dir, "explanations")
	p.navigate(p.url)
	p.ready()
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.row("responderID")
	p.wait(`document.querySelector("#explain .notice")?.textContent.includes("did not arrive")`)
	p.keys("?")
	p.keys("\x1b")
	p.click(`[data-do="menu"][data-arg="help"]`)
	p.click(`.help [data-do="word"]`)
	p.wait(`document.querySelector("#sheet .notice")`)
	p.site.dir = dir
	p.click(`#sheet [data-do="texts"]`)
	p.wait(`document.querySelectorAll("#sheet .terms dt").length > 40`)
	p.keys("\x1b")
	p.wait(`document.querySelector("#explain .prose")`)
	if strings.Contains(p.text("body"), "did not arrive") {
		t.Error("the page still says that the explanations did not arrive")
	}
}

// Each key that the sheet lists for the whole page does what it says there, and
// those of one character can be turned off.
func TestPageKeys(t *testing.T) {
	p := open(t)
	p.ready()
	p.loaded("good-del-byname")
	away := func() { eval[bool](p, `document.activeElement.blur() ?? true`) }
	do := map[string]func(){
		"?": func() {
			p.keys("?")
			p.wait(`document.querySelector("#sheet").open`)
		},
		"Esc": func() {
			p.keys("\x1b")
			p.wait(`!document.querySelector("#sheet").open`)
		},
		"/": func() {
			p.keys("/")
			p.wait(`document.activeElement.matches("input, select, textarea")`)
		},
		"Tab": func() {
			p.keys("\t")
			p.wait(`document.activeElement !== document.body`)
		},
		"Shift+Tab": func() {
			p.focus("#input")
			p.do(chromedp.KeyEvent("\t", chromedp.KeyModifiers(chromedp.ModifierShift)))
			p.wait(`document.activeElement !== document.body && document.activeElement.id !== "input"`)
		},
		"Ctrl+V": func() {
			p.paste("#result", vector(t, "expired"))
			p.wait(`document.querySelector("#verdict.fail")`)
		},
	}
	away()
	do["?"]()
	listed := eval[[]string](p, `[...document.querySelector("#sheet .keys section").querySelectorAll("kbd")].map((e) => e.textContent)`)
	do["Esc"]()
	if len(listed) < 5 {
		t.Errorf("the sheet lists %q", listed)
	}
	for _, key := range listed {
		away()
		if key == "Esc" {
			do["?"]()
		}
		if do[key] == nil {
			t.Errorf("nothing tries the key %s", key)
			continue
		}
		do[key]()
		if key != "Esc" {
			p.keys("\x1b")
			p.wait(`!document.querySelector("#sheet").open`)
		}
	}
	away()
	do["?"]()
	p.click(`#sheet [data-change="single"]`)
	p.keys("\x1b")
	p.wait(`!document.querySelector("#sheet").open`)
	away()
	p.keys("?/")
	if eval[bool](p, `document.querySelector("#sheet").open || document.activeElement.matches("input")`) {
		t.Error("keys of one character still work")
	}
}

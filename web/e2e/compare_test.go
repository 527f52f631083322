package e2e

import (
	"strings"
	"testing"
)

// signs are the rows in sight: the sign and the name of each.
const signs = `[...document.querySelectorAll("#compare-rows .c")].map((e) => e.querySelector(".sg").firstChild.textContent + " " + e.querySelector(".k").textContent).join("\n")`

// Two answers about one certificate side by side, by mouse and keys.
func TestCompare(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", map[string][]byte{"today.pem": []byte(vector(t, "good-ca-byname"))})
	p.verdict("Good")
	p.wait(`document.querySelector(".item-menu .dots")`)

	// The menu works as one does: arrows move, Escape gives the focus back.
	p.focus(".item-menu .dots")
	p.keys("\r")
	p.wait(`document.activeElement.textContent === "paste another one…"`)
	p.shutsNobodyOut("menu of an item")
	if got := p.text(".item-menu [role=menu]"); !strings.Contains(got, "no other OCSP response is here") {
		t.Errorf("with one item the menu says %q", got)
	}
	p.press("ArrowDown")
	p.wait(`document.activeElement.textContent === "Edit a copy"`)
	p.press("Escape")
	p.wait(`document.activeElement.matches(".dots") && !document.querySelector(".item-menu [role=menu]")`)

	// Another one is pasted where it is asked for.
	p.keys("\r")
	p.wait(`document.activeElement.textContent === "paste another one…"`)
	p.keys("\r")
	p.wait(`document.querySelector("#sheet[open] #compare-with")`)
	p.shutsNobodyOut("form to compare")
	p.paste("#compare-with", vector(t, "expired"))
	p.click(`[data-do="compare-paste"]`)
	p.wait(`document.querySelectorAll("#compare-rows .c").length >= 4`)
	p.wait(signs + `.includes("≠ responses[0]/thisUpdate")`)
	got := eval[string](p, signs)
	for _, not := range []string{"=", "only"} {
		if strings.Contains(got, not) {
			t.Errorf("among what differs stands %q:\n%s", not, got)
		}
	}
	if head := p.text(".compare > .sides"); !strings.Contains(head, "Good") || !strings.Contains(head, "xpired") {
		t.Errorf("the verdicts are %q", head)
	}
	p.wait(`document.querySelector(".unlike .ico.pass") && document.querySelector(".unlike .ico.fail")`)
	p.wait(`[...document.querySelectorAll("#compare-rows mark")].length > 1`)
	p.shots("compare")
	p.shutsNobodyOut("comparison")

	// The keys go from difference to difference, and the structure follows.
	p.focus("#compare-rows")
	p.press("Home")
	p.wait(`document.querySelector('#compare-rows [aria-selected="true"] .k')?.textContent.endsWith("/producedAt")`)
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "producedAt"`)
	p.press("n")
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "thisUpdate"`)
	p.press("p")
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "producedAt"`)

	// What is the same can be seen as well, and the sides change places.
	p.click(`[data-do="compare-all"]`)
	p.wait(signs + `.includes("= serialNumber")`)
	p.wait(`document.querySelector('#compare-rows [aria-selected="true"] .k')?.textContent === "producedAt"`)
	p.click(`[data-do="compare-swap"]`)
	p.wait(`document.querySelector(".side").textContent.includes("pasted to compare")`)
	p.click(`[data-do="compare-copy"]`)
	p.wait(`document.querySelector(".toast")?.textContent.includes("Markdown")`)
	text := eval[string](p, `navigator.clipboard.readText()`)
	for _, want := range []string{"| Left: OCSP response · pasted to compare |", "tbsResponseData/producedAt | `", "|---|---|---|"} {
		if !strings.Contains(text, want) {
			t.Errorf("the copied differences lack %q:\n%s", want, text)
		}
	}
	p.focus("#compare-rows")
	p.press("Escape")
	p.wait(`document.activeElement.matches(".dots") && !document.querySelector("#compare")`)
}

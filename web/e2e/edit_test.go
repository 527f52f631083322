package e2e

import (
	"strings"
	"testing"
)

// write puts text into the form that edits, in the place of what it holds.
func (p *page) write(text string) {
	p.Helper()
	p.wait(`document.activeElement.id === "edit-value"`)
	eval[bool](p, `(document.activeElement.select(), document.execCommand("insertText", false, `+quote(text)+`), true)`)
}

// A value is changed in a copy, with the keys; what breaks is said, and every
// change can be undone.
func TestEdit(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", map[string][]byte{"today.pem": []byte(vector(t, "good-ca-byname"))})
	p.verdict("Good")
	p.row("nextUpdate")
	p.focus(`[data-do="edit"]`)
	p.keys("\r")
	p.wait(`document.querySelector("#edit-value")?.value === "2026-11-24 06:00:00"`)
	p.shutsNobodyOut("form to edit")
	p.write("next week")
	p.press("Enter")
	p.wait(`document.querySelector("#edit-fault").textContent.includes("«next week» is not a moment in UTC, such as")`)
	p.wait(`document.querySelector("#edit-value").getAttribute("aria-invalid") === "true" && document.activeElement.id === "edit-value"`)
	p.shot("edit-wrong-1440-light")
	p.write("2026-11-19 06:00:00")
	p.press("Enter")

	// The copy is evidence of its own, marked as one; the original stays.
	p.wait(`document.querySelector("#edited")?.textContent.includes("This is an edited copy: 1 change. Original verdict")`)
	p.wait(`document.querySelector("#verdict.fail")`)
	if got := p.text("#edited"); !strings.Contains(got, "Good: www.example.org") || !strings.Contains(got, "signature does not cover it") {
		t.Errorf("above the verdict stands %q", got)
	}
	if got := p.text(".items"); !strings.Contains(got, "edited copy") || !strings.Contains(got, "set aside") || !strings.Contains(got, "OCSP response, edited") {
		t.Errorf("the evidence is %q", got)
	}
	p.wait(`[...document.querySelectorAll("#breaks li")].some((e) => e.textContent.includes("nextUpdate lies ahead") && e.querySelector(".ico.pass") && e.querySelector(".ico.fail"))`)
	if got := p.selected(); got != "nextUpdate" {
		t.Errorf("%q is selected in the copy", got)
	}

	// Further edits go to the same copy, from the original, too.
	p.click(`[data-do="item"][data-arg="0"]`)
	p.wait(`document.querySelector("#edited")?.textContent.includes("This is the original")`)
	p.verdict("Good")
	p.row("producedAt")
	p.click(`[data-do="edit"]`)
	p.wait(`document.querySelector("#edit-value")?.value === "2026-11-20 06:00:00"`)
	p.write("2026-11-20 07:00:00")
	p.press("Enter")
	p.wait(`document.querySelector("#edited")?.textContent.includes("This is an edited copy: 2 changes.")`)
	p.shots("edit")
	p.shutsNobodyOut("edited copy")

	// The copy is compared with its original.
	p.click(`[data-do="edit-compare"]`)
	p.wait(signs + ` === "≠ tbsResponseData/producedAt\n≠ responses[0]/nextUpdate"`)
	p.wait(`document.querySelector(".sides .chip").textContent === "set aside"`)
	p.click(`[data-do="compare-close"]`)

	// Octets, and what is broken on purpose.
	p.row("certStatus")
	p.click(`[data-do="edit"]`)
	p.wait(`document.querySelector("#edit-value")?.tagName === "TEXTAREA"`)
	eval[bool](p, `(() => { const s = document.querySelector('[data-change="edit-mode"]'); s.value = "element"; s.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`)
	p.wait(`document.querySelector("#edit-value").value === "80 00"`)
	p.write("82 0")
	p.click(`[data-do="edit-apply"]`)
	p.wait(`document.querySelector("#edit-fault").textContent.includes("odd number of digits, 3")`)
	p.write("82 00")
	p.click(`[data-do="edit-apply"]`)
	p.wait(`document.querySelector("#edited")?.textContent.includes("3 changes.") && document.querySelector(".edit-list").textContent.includes("certStatus")`)
	p.wait(`[...document.querySelectorAll("#fields .k")].some((e) => e.textContent === "certStatus" && e.nextSibling.textContent === "unknown")`)

	// One change is undone, then all: the original is what is left.
	p.click(`.edit-list [data-do="edit-undo"][data-arg="0"]`)
	p.wait(`document.querySelector("#edited")?.textContent.includes("2 changes.")`)
	p.wait(`[...document.querySelectorAll("#fields .k")].some((e) => e.textContent === "nextUpdate" && e.nextSibling.textContent.startsWith("2026-11-24"))`)
	p.click(`[data-do="edit-undo-all"]`)
	p.wait(`!document.querySelector("#edited") && document.querySelectorAll(".ev .pick").length === 4`)
	p.verdict("Good")
}

// Who edits an issuer sees what breaks in what it issued.
func TestEditIssuer(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-del-nocerts"))
	p.wait(`document.querySelectorAll(".ev .pick").length >= 3`)
	p.wait(`document.querySelector("#verdict h1")`)
	before := eval[string](p, `document.querySelector("#verdict h1").lastChild.textContent`)
	p.wait(`[...document.querySelectorAll(".ev")].some((e) => e.querySelector(".role")?.textContent.startsWith("issuer") && (e.querySelector(".pick").click(), true))`)
	p.wait(`document.querySelector("#fields")`)
	p.wait(`[...document.querySelectorAll('#fields [role="treeitem"]')].some((e) => e.textContent.includes("subjectPublicKeyInfo"))`)
	p.row("notAfter")
	p.click(`[data-do="edit"]`)
	p.write("2026-11-01 00:00:00")
	p.press("Enter")
	p.wait(`document.querySelector("#edited")?.textContent.includes("It is judged as the issuer, the part of its original.")`)
	p.wait(`document.querySelector("#breaks li")`)
	p.shot("edit-issuer-1440-light")
	p.click(`#breaks .of [data-do="item"]`)
	p.wait(`document.querySelector("#edited")?.textContent.includes("This is judged with an edited copy") && document.querySelector("#breaks li")`)
	if got := p.text("#edited"); !strings.Contains(got, before) {
		t.Errorf("the verdict before the edit was %q, and %q is said", before, got)
	}
}

// What is secret is not edited.
func TestEditSecret(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n")
	p.wait(`document.querySelector(".item-menu .dots")`)
	p.click(".item-menu .dots")
	p.wait(`document.querySelector(".item-menu [role=menu]")?.textContent.includes("Edit a copy: it is kept secret")`)
	p.press("Escape")
	p.wait(`document.querySelector('[data-do="edit"]')`)
	p.click(`[data-do="edit"]`)
	p.wait(`document.querySelector(".toast").textContent.includes("kept secret") && !document.querySelector("#edit-value")`)
}

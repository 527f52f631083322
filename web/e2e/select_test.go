package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// row clicks the row of the tree that a field stands in.
func (p *page) row(label string) {
	p.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const row = [...document.querySelectorAll("#fields .k")].find((e) => e.textContent === %s);
		row?.click();
		return row;
	})()`, quote(label)))
	p.wait(fmt.Sprintf(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === %s`, quote(label)))
}

// octet clicks an octet in the hex view.
func (p *page) octet(off int) {
	p.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const off = %d;
		const ln = [...document.querySelectorAll("#hex .ln")].find((e) => {
			const from = parseInt(e.querySelector(".off").textContent, 16);
			return from <= off && off < from + e.querySelector(".text").textContent.length;
		});
		if (!ln) return false;
		const hex = ln.querySelector(".hex"), box = hex.getBoundingClientRect();
		const at = off - parseInt(ln.querySelector(".off").textContent, 16);
		const x = box.left + box.width * (3 * at + 1) / hex.textContent.length;
		hex.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: x, clientY: box.top + 4 }));
		return true;
	})()`, off))
}

func (p *page) selected() string {
	p.Helper()
	return p.text(`.tree [aria-selected="true"] .k`)
}

const marked = `[...document.querySelectorAll("#hex mark")].map((e) => e.parentElement.dataset.part === "hex" ? e.textContent : "").join(" ").trim().replace(/ +/g, " ")`

// Tree, octets and explanation show one selection, wherever it was made.
func TestSelect(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
	p.row("thisUpdate")
	p.wait(marked + ` === "18 0f 32 30 32 36 31 31 32 30 30 36 30 30 30 30 5a"`)
	if got := p.text("#explain"); !strings.Contains(got, "thisUpdate · GeneralizedTime") || !strings.Contains(got, "RFC 6960") {
		t.Errorf("the explanation says %q", got)
	}
	p.octet(191) // inside thisUpdate, at 189 in this vector
	p.wait(marked + `.startsWith("18 0f")`)
	p.octet(188) // certStatus: good is [0] without contents
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "certStatus"`)
	p.wait(marked + ` === "80 00"`)
	p.octet(1)
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "OCSPResponse"`)

	p.row("certStatus")
	p.click(`[role=tab]:nth-child(2)`)
	p.wait(`document.querySelector('#asn1 [aria-selected="true"] .k')?.textContent === "[0]"`)
	p.wait(`[...document.querySelectorAll("#asn1 .v")].some((e) => e.textContent === "2026-11-20 06:00:00 UTC" && (e.click(), true))`)
	p.wait(marked + `.startsWith("18 0f")`)
	p.click(`[role=tab]:nth-child(1)`)
	p.wait(`document.querySelector("#fields")`)
	if got := p.selected(); !strings.HasSuffix(got, "producedAt") && !strings.HasSuffix(got, "thisUpdate") {
		t.Errorf("after a choice in the ASN.1 view %q is selected among the fields", got)
	}
}

// A check leads to the octets that decided it.
func TestShowInStructure(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "expired"))
	p.wait(`document.querySelector("#verdict.fail")`)
	p.click(`.chk.fail [data-do="show"]`)
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "nextUpdate"`)
	p.wait(`[...document.querySelectorAll(".looked li")].some((e) => e.querySelector(".ico.fail"))`)
}

// Everything can be reached and worked with the keys.
func TestKeys(t *testing.T) {
	p := open(t)
	p.ready()
	p.keys("\t")
	if got := eval[string](p, `document.activeElement.textContent`); got != "Skip to the result" {
		t.Errorf("the first stop of the tab key is %q", got)
	}
	p.keys("\r")
	p.wait(`document.activeElement.id === "result"`)
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
	p.focus("#fields")
	label := func(want string) {
		t.Helper()
		p.wait(fmt.Sprintf(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === %s`, quote(want)))
		p.wait(`document.getElementById(document.querySelector("#fields").getAttribute("aria-activedescendant"))?.getAttribute("aria-selected") === "true"`)
	}
	const down, up, right, left, home, end = "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home", "End"
	label("OCSPResponse")
	p.press(down)
	label("responseStatus")
	p.press(down)
	label("responseBytes")
	p.press(left)
	p.wait(`document.querySelector('#fields [aria-selected="true"]').getAttribute("aria-expanded") === "false"`)
	p.press(right)
	p.wait(`document.querySelector('#fields [aria-selected="true"]').getAttribute("aria-expanded") === "true"`)
	p.press(right)
	label("responseType")
	p.press(left)
	label("responseBytes")
	p.press(end)
	label("signature")
	p.press(home)
	label("OCSPResponse")
	p.press(up)
	label("OCSPResponse")
	p.focus("#hex")
	p.press(right)
	p.press(right)
	p.press(right)
	p.press(right)
	label("responseStatus")

	p.focus("#status .fold")
	open := `document.querySelector("#status .fold").getAttribute("aria-expanded")`
	before := eval[string](p, open)
	p.keys("\r")
	p.wait(fmt.Sprintf(`%s !== %s`, open, quote(before)))
	if got := eval[string](p, `document.activeElement.className`); got != "fold" {
		t.Errorf("the focus went to %q", got)
	}
}

// press is a key that writes nothing.
func (p *page) press(key string) {
	p.Helper()
	eval[bool](p, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %s, bubbles: true, cancelable: true })) || true`, quote(key)))
}

// Of a long list only what is in sight is drawn, and the end can be reached.
func TestManyRows(t *testing.T) {
	p := open(t)
	p.ready()
	const n = 60000
	der := []byte{0x30, 0x83, n * 3 >> 16, n * 3 >> 8 & 0xff, n * 3 & 0xff}
	for i := range n {
		der = append(der, 0x0a, 0x01, byte(i%100))
	}
	p.drop("body", map[string][]byte{"numbers.der": der})
	// Of no known kind, so that its ASN.1 is what is shown.
	p.wait(`document.querySelector("#asn1")?.scrollHeight > 22 * 60000`)
	p.focus("#asn1")
	p.press("End")
	p.wait(`document.querySelector('#asn1 [aria-selected="true"] .v')?.textContent === "99"`)
	p.wait(`document.querySelector("#hex .ln:last-of-type .off")?.textContent === (` + fmt.Sprint((n*3+4)/16*16) + `).toString(16).padStart(6, "0")`)
	if got := p.count(".f, .ln"); got > 250 {
		t.Errorf("%d rows are drawn", got)
	}
}

package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// filesBut are the files of a vector but for some.
func filesBut(t *testing.T, name string, leave ...string) map[string][]byte {
	t.Helper()
	all := files(t, name)
	maps.DeleteFunc(all, func(file string, _ []byte) bool { return slices.Contains(leave, file) })
	return all
}

// choose takes an option of the role of an item, the n-th of the evidence.
func (p *page) choose(n int, role string) {
	p.Helper()
	css := fmt.Sprintf(`select.role[data-arg="%d"]`, n)
	p.wait(fmt.Sprintf(`(() => {
		const s = document.querySelector(%s);
		if (!s || ![...s.options].some((o) => o.value === %s)) return false;
		s.value = %s;
		s.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, quote(css), quote(role), quote(role)))
}

// A role is said of what is there: nothing is added to the list, nothing is
// read again, and it can be taken back.
func TestRoleIsSaid(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", files(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.row("producedAt")
	before := p.count("#evidence .pick")
	carried := eval[int](p, `Number(document.querySelector(".ev.carried select.role").dataset.arg)`)
	p.choose(carried, "responder")
	p.wait(`document.querySelector(".ev.carried select.role").selectedOptions[0].textContent === "trusted responder, as you said"`)
	p.wait(`document.querySelector("#said").textContent.includes("trusted responder now. Holds: Good: www.example.org")`)
	if n := p.count("#evidence .pick"); n != before {
		t.Errorf("%d items after a role was said, %d before", n, before)
	}
	if got := p.text("#explain b"); got != "producedAt" {
		t.Errorf("the selection went to %q", got)
	}
	if n := p.count(`.ev.carried select.role option[value="none"]`); n != 0 {
		t.Error("what the response carries can be left out")
	}
	p.choose(carried, "")
	p.wait(`document.querySelector("#said").textContent.includes("found for it")`)
	p.wait(`document.querySelector(".ev.carried select.role").selectedOptions[0].textContent === "responder"`)
}

// What is left out is missed at the check that needs it, which takes it back.
func TestLeftOut(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", files(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	issuer := eval[int](p, `Number([...document.querySelectorAll("#evidence .ev")].find((e) => e.textContent.includes("issuer.pem")).querySelector("select").dataset.arg)`)
	p.choose(issuer, "none")
	p.wait(`document.querySelector("#verdict.open")`)
	css := `[data-check="ocsp.match.issuer-key"] [data-do="want"]`
	p.wait(`document.querySelector(` + quote(css) + `)?.textContent === "Add the issuer"`)
	p.click(css)
	p.wait(`document.activeElement.id === "adding"`)
	p.click(fmt.Sprintf(`[data-do="hand"][data-arg="%d"]`, issuer))
	p.verdict("Good: www.example.org")
	p.wait(`!document.querySelector("#adding")`)
}

// What is missing is added at the check that misses it, with the keys alone.
func TestAddWhereMissing(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", filesBut(t, "good-del-byname", "issuer.pem"))
	p.wait(`document.querySelector("#verdict.open")`)
	css := `[data-check="ocsp.signer.authorized"] [data-do="want"]`
	p.wait(`document.querySelector(` + quote(css) + `)`)
	p.focus(css)
	p.keys("\r")
	p.wait(`document.activeElement.id === "adding"`)
	if how := p.text(`[data-check="ocsp.signer.authorized"] .cmd`); !strings.Contains(how, "curl -sS -o issuer.der 'http://ca.example.org/r3.cer'") {
		t.Errorf("the way to get the issuer is %q", how)
	}
	// Nothing in the field is no evidence.
	p.keys("\t\r")
	p.wait(`document.querySelector("#said").textContent.includes("nothing in the field")`)
	p.wait(`document.activeElement.id === "adding"`)
	p.paste("#adding", string(files(t, "good-del-byname")["issuer.pem"]))
	p.keys("\t\r")
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelector("#said").textContent.includes("Issuing CA R3 was added. Holds: Good")`)
	p.wait(`document.activeElement.closest("[data-check]")?.dataset.check === "ocsp.signer.authorized" || document.activeElement.id === "result"`)
	if got := p.text("#evidence"); !strings.Contains(got, "Issuer, pasted") {
		t.Errorf("the evidence reads %q", got)
	}
	// It goes as it came.
	p.remove("Issuer, pasted")
	p.wait(`document.querySelector("#verdict.open")`)
}

// What is no evidence is said to be none, and what was asked for stays asked.
func TestAddGarbage(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", filesBut(t, "good-ca-byname", "issuer.pem"))
	p.wait(`document.querySelector("#verdict.open")`)
	p.click(`#evidence .want [data-do="want"]`)
	p.paste("#adding", "no certificate at all")
	p.click(`[data-do="supply"]`)
	p.wait(`document.querySelector("#said").textContent.includes("Nothing was recognised in what you added")`)
	p.wait(`document.querySelector("#evidence .want")`)
}

// The nonce that was sent is asked for where the nonces are compared.
func TestAddNonce(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", files(t, "good-ca-nonce"))
	p.verdict("Good: www.example.org")
	group := `document.querySelector('[data-check="ocsp.nonce.match"]')`
	p.wait(`[...document.querySelectorAll("#status .grp > .fold")].some((e) => e.textContent.includes("the nonce that was sent") && (e.getAttribute("aria-expanded") === "true" || (e.click(), true)))`)
	p.wait(group)
	p.click(`[data-check="ocsp.nonce.match"] [data-do="want"]`)
	p.paste("#adding", "00:11:22:33")
	p.click(`[data-do="supply"]`)
	p.verdict("Made for another request")
	p.wait(group + `.classList.contains("fail")`)
}

// What is added to an example does not take the example away, nor does the
// next paste take away what was added.
func TestAddToExample(t *testing.T) {
	p := open(t)
	p.ready()
	p.example("Good, signed by the CA")
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelector("#trust").textContent.includes("none is said")`)
	p.click(`#evidence .want [data-do="want"]`)
	p.paste("#adding", string(files(t, "chain-anchor")["root.pem"]))
	p.click(`[data-do="supply"]`)
	p.wait(`document.querySelector("#trust").textContent.includes("Example Root R1, as you said")`)
	p.verdict("Good: www.example.org")
	n := p.count("#evidence .pick")
	p.drop("body", map[string][]byte{"more.pem": files(t, "good-del-byname")["leaf.pem"]})
	p.wait(fmt.Sprintf(`document.querySelectorAll("#evidence .pick").length === %d`, n+1))
}

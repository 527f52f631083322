package e2e

import (
	"strings"
	"testing"
)

// A secret that stands in a field among others is shown in no view, found by no
// search and written into no form.
func TestSecretField(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", certFiles(t, "csr-challenge"))
	p.row("attributes[0]")
	const password, octets = "not a secret", "6e 6f 74 20 61 20"
	hides := func(where string) {
		t.Helper()
		if all := eval[string](p, `document.querySelector("#structure").innerText`); strings.Contains(all, password) || strings.Contains(all, octets) || strings.Contains(all, "t a secre") {
			t.Errorf("%s shows it: %s", where, all)
		}
	}
	p.wait(`document.querySelector("#hex")?.textContent.includes("·· ·· ··")`)
	hides("the view of octets")
	p.click(`[data-do="tab"][data-arg="ASN.1"]`)
	p.wait(`document.querySelector("#asn1")?.textContent.includes("not shown")`)
	hides("ASN.1")
	p.look("6e6f742061")
	p.wait(tally + ` === "none"`)
	p.click(`[data-do="tab"][data-arg="Fields"]`)
	p.row("attributes")
	p.click(`[data-do="edit"]`)
	p.wait(`document.querySelector(".toast")?.textContent.includes("it holds a secret")`)
	hides("the form that edits")
}

// What leads to a part that is not drawn yet, as while the slider moves, does
// not stop the program.
func TestToPartThatIsNotThere(t *testing.T) {
	p := open(t)
	p.ready()
	eval[bool](p, `(() => {
		const b = document.createElement("button");
		b.dataset.do = "clients";
		document.querySelector("#app").append(b);
		b.click();
		b.remove();
		return true;
	})()`)
	p.paste("#input", vector(t, "revoked"))
	p.verdict("Revoked: www.example.org")
}

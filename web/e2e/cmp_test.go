package e2e

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// agreed is the secret that most enrolments of the tests are protected with.
const agreed = "fixture-secret"

// enrolment drops the messages of a vector on the page, without the secret.
func (p *page) enrolment(name string) {
	p.Helper()
	all := filesOf(p.T, "cmp", name)
	delete(all, "secret.txt")
	p.drop("body", all)
	p.whole()
}

// supply gives what the evidence column asks for.
func (p *page) supply(need, text string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.querySelector('.wants [data-arg$=%s]')`, quote(" "+need)))
	p.click(fmt.Sprintf(`.wants [data-arg$=%s]`, quote(" "+need)))
	p.wait(`document.activeElement.id === "adding"`)
	p.paste("#adding", text)
	p.click(`[data-do="supply"]`)
	p.wait(`!document.querySelector("#adding")`)
}

// arrow is the n-th message in the picture of a transaction.
func arrow(n int) string {
	return fmt.Sprintf(`[...document.querySelectorAll('svg[data-picture="sequence"] [data-do]')][%d]`, n-1)
}

// A transaction is drawn; an arrow leads to its message by pointer and by key,
// and the message says which one it is.
func TestEnrolment(t *testing.T) {
	p := open(t)
	p.ready()
	p.given("cmp", "story-nonce")
	p.verdict("The client must refuse message 6")
	p.wait(arrow(8))
	p.screens("enrolment")
	if got := eval[[]string](p, `(() => {
		const text = [...document.querySelectorAll('svg[data-picture="sequence"] text')], wrong = [];
		const line = Math.min(...[...document.querySelectorAll('svg[data-picture="sequence"] [data-form="1"] path')].map((e) => e.getBoundingClientRect().left));
		const box = document.querySelector('svg[data-picture="sequence"]').getBoundingClientRect();
		for (const e of text) {
			const r = e.getBoundingClientRect();
			if (/^[+\d]\S*( s)?$/.test(e.textContent) && r.right > line) wrong.push(e.textContent + " lies over the line");
			if (r.left < box.left - 1 || r.right > box.right + 1) wrong.push(e.textContent + " goes out of the picture");
		}
		return wrong;
	})()`); len(got) > 0 {
		t.Error(got)
	}
	p.says(p.text(".members"), "1 ir for CN=device-7", "6 ip for CN=device-7", "8 pkiconf")
	eval[bool](p, arrow(6)+`.dispatchEvent(new MouseEvent("click", { bubbles: true })), true`)
	p.wait(`document.querySelector("#fields [aria-selected=true]")?.innerText.includes("recipNonce")`)
	p.says(p.text(".ev.sel"), "Enrolment of CN=device-7")
	p.click(`.items .pick[aria-current=true]`) // back to the whole
	p.wait(arrow(2))
	eval[bool](p, arrow(2)+`.focus(), true`)
	p.keys("\r")
	p.wait(`document.querySelector("#fields [aria-selected=true]") && document.activeElement !== document.body`)
}

// The secret is typed into its field, as text or in hexadecimal; the MACs are
// computed, and it goes into nothing that leaves the page or stays in it.
func TestSecretTyped(t *testing.T) {
	p := open(t)
	p.ready()
	p.enrolment("ir-pbm")
	p.wait(`document.querySelector("#verdict.open")`)
	p.click(`.wants [data-arg$=" secret"]`)
	p.wait(`document.activeElement.id === "adding" && getComputedStyle(document.activeElement).webkitTextSecurity === "disc"`)
	p.keys(agreed)
	p.axe("secret-typed", "{}")
	p.click(`[data-do="toggle"][data-arg="show secret"]`)
	p.wait(`getComputedStyle(document.querySelector("#adding")).webkitTextSecurity === "none" && document.querySelector("#adding").value === ` + quote(agreed))
	p.click(`[data-do="supply"]`)
	p.wait(`document.querySelector("#verdict.pass") && !document.querySelector(".wants .want")`)
	p.says(p.text("#evidence"), "Shared secret")
	for name, text := range map[string]string{
		"the page":    eval[string](p, `document.documentElement.outerHTML`),
		"the storage": eval[string](p, `JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie + location.href + JSON.stringify(history.state)`),
		"JSON":        p.exported("json"),
		"the text":    p.exported("text"),
		"Markdown":    p.exported("markdown"),
		"the link":    string(packed(t, p.link())),
	} {
		if low := strings.ToLower(text); strings.Contains(low, agreed) || strings.Contains(low, hex.EncodeToString([]byte(agreed))) {
			t.Errorf("%s holds the secret", name)
		}
	}
	p.says(p.text("#sheet"), "stays out: it is a secret")
	p.keys("\x1b")

	// One message by itself asks for it, too.
	p.click(`#evidence [data-do="clear"]`)
	p.wait(`!document.querySelector("#verdict")`)
	p.drop("body", map[string][]byte{"ir.pem": filesOf(t, "cmp", "ir-pbm")["01-ir.pem"]})
	p.whole()
	p.wait(`document.querySelector("#verdict.open")`)
	p.supply("secret", hex.EncodeToString([]byte(agreed)))
	p.wait(`document.querySelector("#verdict.pass") || document.querySelector("#verdict.warn")`)
	p.click(`[data-do="menu"][data-arg="export"]`)
	octets := p.saved("protected.der", func() { p.click(`[data-do="export"][data-arg="save protected"]`) })
	if len(octets) < 100 || octets[0] != 0x30 {
		t.Errorf("the protected octets are %x", octets)
	}
}

// Another secret than the one of the two sides is said to be another, and the
// right one can be given after it.
func TestSecretWrong(t *testing.T) {
	p := open(t)
	p.ready()
	p.enrolment("ir-pbm")
	p.supply("secret", "another secret")
	p.wait(`document.querySelector("#verdict.fail")`)
	p.says(p.text("#status"), "The shared secret makes the MAC")
	p.axe("secret-wrong", "{}")
	p.wait(`document.querySelector('[data-check="cmp.prot.mac"].fail [data-do="want"]')`)
	p.click(`[data-check="cmp.prot.mac"].fail [data-do="want"]`)
	p.wait(`document.activeElement.id === "adding"`)
	p.paste("#adding", agreed)
	p.click(`[data-do="supply"]`)
	p.wait(`document.querySelector("#verdict.pass")`)
}

// What the client was told changes what it returns; it is kept in a link, and
// can be said in the address.
func TestSwitches(t *testing.T) {
	p := open(t)
	p.ready()
	p.given("cmp", "story-unprotected")
	p.wait(`document.querySelector("#calls")`)
	calls := `[...document.querySelectorAll("#calls .grp:not(:has(.switches))")].map((e) => e.innerText).join("\n")`
	before := eval[string](p, calls)
	p.says(before, "CMP_R_MISSING_PROTECTION")
	p.click(`#calls [data-do="toggle"]`)
	p.click(`[data-change="switch"][data-arg="unprotectedErrors"]`)
	p.wait(calls + ` !== ` + quote(before) + ` && document.querySelector("#calls .switches").checkVisibility()`)
	p.axe("switches", "{}")
	want := eval[string](p, calls)
	p.says(want, "CMP_R_RECEIVED_ERROR")
	p.focus("#switch-expectedSender")
	p.keys("CN=Somebody\r")
	p.wait(calls + ` !== ` + quote(want))
	told := eval[string](p, calls)
	fragment := p.link()
	q := follow(t, fragment)
	q.whole()
	q.wait(`document.querySelector("#switch-expectedSender")?.value === "CN=Somebody" && document.querySelector('[data-arg="unprotectedErrors"]').checked`)
	if got := eval[string](q, calls); got == want || got == before {
		t.Errorf("by the link the client returns\n%s\nwant\n%s", got, told)
	}

	r := blank(t)
	r.navigate(r.url + "?profile=lw&set=unprotectedErrors=yes")
	r.ready()
	r.given("cmp", "story-unprotected")
	r.wait(`document.querySelector('[data-do="menu"][data-arg="profiles"]').textContent === "Profiles (1)"`)
	r.wait(`document.querySelector("#calls")`)
	if got := eval[string](r, calls); got != want {
		t.Errorf("by the address the client returns\n%s\nwant\n%s", got, want)
	}
}

// Long computations wait for a word.
func TestWork(t *testing.T) {
	p := open(t)
	p.ready()
	p.enrolment("mac-rounds-many")
	p.supply("secret", agreed)
	p.wait(`document.querySelector('[data-check="cmp.prot.mac"] [data-do="work"]')`)
	p.click(`[data-check="cmp.prot.mac"] [data-do="work"]`)
	p.wait(`!document.querySelector('[data-do="work"]') && !document.querySelector("#verdict.open")`)
	p.wait(`document.activeElement !== document.body`)
}

// Who has no pointer enrols as well: by key to the secret, to the picture, to
// the switches and into a message.
func TestEnrolmentKeys(t *testing.T) {
	p := open(t)
	p.ready()
	p.enrolment("story-unprotected")
	p.wait(`document.querySelector('.wants [data-arg$=" secret"]')`)
	p.focus(`.wants [data-arg$=" secret"]`)
	p.keys("\r")
	p.wait(`document.activeElement.id === "adding"`)
	p.keys(agreed + "\t\r") // to the button that adds it
	p.wait(`!document.querySelector("#adding") && document.querySelector("#evidence").innerText.includes("Shared secret")`)
	p.wait(`document.activeElement !== document.body`)
	p.focus(`#calls [data-do="toggle"]`)
	p.keys("\r")
	p.wait(`document.querySelector("#calls .switches").checkVisibility()`)
	p.keys("\t ")
	p.wait(`document.activeElement.dataset.arg === "unprotectedErrors" && document.querySelector("#calls").innerText.includes("CMP_R_RECEIVED_ERROR")`)
	p.focus(".members .link")
	p.keys("\r")
	p.wait(`document.querySelector("#fields .f") && document.activeElement !== document.body`)
}

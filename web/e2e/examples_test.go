package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// example opens an example by its title, from the page or from the sheet.
func (p *page) example(title string) {
	p.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll(".cards .example")].some((e) => e.querySelector("b")?.textContent === %s && (e.click(), true))`, quote(title)))
	p.wait(`document.querySelector("#strip-title")?.textContent === ` + quote(title))
}

// button clicks the button of a part of the page that reads so.
func (p *page) button(part, label string) {
	p.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll(%s + " button:enabled")].some((e) => e.checkVisibility() && e.textContent.endsWith(%s) && (e.click(), true))`,
		quote(part), quote(label)))
}

// All examples are in one sheet, by topic, and are found by what is typed: with
// the keys alone.
func TestGallery(t *testing.T) {
	p := open(t)
	p.ready()
	p.wait(`!document.querySelector("#evidence [data-do=examples]").disabled`)
	p.focus(`#evidence [data-do="examples"]`)
	p.keys("\r")
	p.wait(`document.querySelector("#sheet").open && document.activeElement.id === "find-example"`)
	p.wait(`document.querySelectorAll("#sheet .topic h3").length >= 7 && document.querySelectorAll("#sheet .example").length >= 40`)
	p.keys("replayed")
	p.wait(`document.querySelectorAll("#sheet .example").length === 1`)
	p.keys("xyz")
	p.wait(`document.querySelector("#sheet .hint").textContent.startsWith("No example has these letters")`)
	p.keys("\b\b\b\t\r")
	p.verdict("Made for another request")
	p.wait(`!document.querySelector("#sheet").open && document.querySelector("#strip-title").textContent === "Nonce of another question"`)
	if got := p.text("#said"); !strings.Contains(got, "Example: Nonce of another question. A nonce ties an answer") || !strings.Contains(got, "Fails: Made for") {
		t.Errorf("the live region says %q", got)
	}
	for _, word := range []string{"Example ", " of ", "Which certificate it is for", "What differs: the nonce in the answer."} {
		if got := p.text("#strip"); !strings.Contains(got, word) {
			t.Errorf("the strip does not say %q:\n%s", word, got)
		}
	}
}

// An example turns over to its pair and back, and the place stays.
func TestFlip(t *testing.T) {
	p := open(t)
	p.ready()
	p.example("Expired yesterday")
	p.wait(`document.querySelector("#verdict.fail")`)
	p.row("nextUpdate")
	p.wait(`document.querySelector("#explain b").textContent === "nextUpdate"`)
	p.wait(`(document.querySelector("#result").scrollTop = 150) && document.querySelector("#result").scrollTop === 150`)
	p.button("#strip", "See it pass")
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelector("#explain b").textContent === "nextUpdate"`)
	p.wait(`document.querySelector("#result").scrollTop === 150`)
	p.button("#strip", "See it fail")
	p.verdict("Expired")
	p.wait(`document.querySelector("#strip-title").textContent === "Expired yesterday"`)
	// On to the next ones, and back.
	p.button("#strip", "Next")
	p.wait(`document.querySelector("#strip-title").textContent === "Not valid yet" && document.querySelector("#verdict h1").textContent.includes("Not yet valid")`)
	p.button("#strip", "Previous")
	p.verdict("Expired")
}

// From a check it is one step to where it fails, and one back to one's own
// evidence, which is as it was.
func TestSeeItFail(t *testing.T) {
	p := open(t)
	p.ready()
	p.moment("2026-11-21 10:00:00")
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.drop("body", map[string][]byte{"more.pem": files(t, "chain-anchor")["root.pem"]})
	p.wait(`document.querySelector("#evidence").textContent.includes("more.pem")`)
	root := eval[int](p, `Number([...document.querySelectorAll("#evidence .ev")].find((e) => e.textContent.includes("more.pem")).querySelector("select").dataset.arg)`)
	p.choose(root, "anchor")
	p.wait(`document.querySelector("#trust").textContent.includes("as you said")`)
	p.row("producedAt")
	p.wait(`document.querySelector("#explain b").textContent === "producedAt"`)
	items := p.count("#evidence .pick")

	p.openCheck("Signer is authorised", "ocsp.signer.delegated-eku")
	p.click(`[data-check="ocsp.signer.delegated-eku"] [data-do="see"]`)
	p.wait(`document.querySelector("#strip")?.textContent.includes("Back to your evidence")`)
	p.wait(`document.querySelector('[data-check="ocsp.signer.delegated-eku"].fail .why')`)
	p.wait(`document.activeElement.closest("[data-check]")?.dataset.check === "ocsp.signer.delegated-eku"`)
	p.wait(`(() => { const b = document.activeElement.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; })()`)

	// What differs from it holds there, at the same check.
	p.click(`[data-check="ocsp.signer.delegated-eku"] [data-do="see"]`)
	p.wait(`document.querySelector('[data-check="ocsp.signer.delegated-eku"].pass .why')`)

	p.button("#strip", "Back to your evidence")
	p.wait(`document.querySelector("#strip").hidden`)
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelector("#trust").textContent.includes("as you said")`)
	p.wait(`document.querySelector("#explain b").textContent === "producedAt"`)
	if n := p.count("#evidence .pick"); n != items {
		t.Errorf("%d items after the way back, %d before", n, items)
	}
	if got := eval[string](p, `document.querySelector("#at").value`); got != "2026-11-21 10:00:00" {
		t.Errorf("judged at %s", got)
	}
	if got := eval[string](p, `document.querySelector("#input").value.trim()`); got != strings.TrimSpace(vector(t, "good-del-byname")) {
		t.Errorf("the box holds %d characters", len(got))
	}
}

// openCheck opens a group of the status tree and a check in it.
func (p *page) openCheck(group, id string) {
	p.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll("#status .grp > .fold")].some((e) => e.textContent.includes(%s) && (e.getAttribute("aria-expanded") === "true" || (e.click(), true)))`, quote(group)))
	css := quote(`[data-check="` + id + `"] .fold`)
	p.wait(`document.querySelector(` + css + `)`)
	p.wait(`document.querySelector(` + css + `).getAttribute("aria-expanded") === "true" || (document.querySelector(` + css + `).click(), false)`)
}

// A rule of a profile is shown with the profile, which goes with the example.
func TestSeeProfile(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "profiles-kept"))
	p.verdict("Good: www.example.org")
	p.click(`[data-do="menu"][data-arg="profiles"]`)
	p.click(`[data-change="profile"][data-arg="mozilla"]`)
	p.wait(`[...document.querySelectorAll("#status .grp")].some((e) => e.textContent.includes("Mozilla"))`)
	p.openCheck("Mozilla", "ocsp.mozilla.age")
	p.wait(`document.querySelector('[data-check="ocsp.mozilla.age"] [data-do="see"]')`)
	eval[bool](p, `(document.querySelector('[data-check="ocsp.mozilla.age"] [data-do="see"]').click(), true)`) // once: in the example it leads on
	p.wait(`!document.querySelector("#strip").hidden`)
	p.wait(`document.querySelector('[data-check="ocsp.mozilla.age"].warn, [data-check="ocsp.mozilla.age"].fail')`)
	p.button("#strip", "Back to your evidence")
	p.wait(`document.querySelector("#strip").hidden`)
	p.wait(`document.querySelector('[data-change="profile"][data-arg="mozilla"]').checked`)
	p.wait(`[...document.querySelectorAll("#status .grp")].some((e) => e.textContent.includes("Mozilla"))`)
}

// What is pasted while an example is in view takes its place; what was there
// before is still to be had.
func TestSetAside(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "revoked"))
	p.verdict("Revoked: www.example.org")
	p.click(`#evidence [data-do="examples"]`)
	p.wait(`document.querySelector("#sheet").open`)
	p.example("Unknown to the responder")
	p.verdict("The responder does not know")
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelector("#strip").textContent.includes("is set aside")`)
	p.button("#strip", "Back to it")
	p.verdict("Revoked: www.example.org")
	p.wait(`document.querySelector("#strip").textContent.includes("is set aside")`)
	p.button("#strip", "Back to it")
	p.verdict("Good: www.example.org")
	p.button("#strip", "Forget it")
	p.wait(`document.querySelector("#strip").hidden`)
	p.verdict("Good: www.example.org")
}

// The address opens an example, at once and later, and says so if there is none.
func TestExampleLink(t *testing.T) {
	p := blank(t)
	p.navigate(p.url + "#example=revoked")
	p.ready()
	p.verdict("Revoked: www.example.org")
	p.button("#strip", "Copy link")
	p.wait(`navigator.clipboard.readText().then((text) => text === location.origin + location.pathname + "#example=ocsp/revoked")`)
	eval[bool](p, `(location.hash = "example=cert/crl-expired", true)`)
	p.wait(`document.querySelector("#verdict h1")?.textContent.includes("is stale")`)
	// One that is not in the gallery.
	eval[bool](p, `(location.hash = "example=ocsp/version-v2", true)`)
	p.wait(`document.querySelector("#verdict h1")?.textContent.includes("version that does not exist")`)
	p.wait(`document.querySelector("#strip").textContent.includes("The version is 1, a v2 that does not exist.")`)
	eval[bool](p, `(location.hash = "example=nothing", true)`)
	p.wait(`document.querySelector("#said").textContent.includes("There is no example called «ocsp/nothing»")`)
	p.wait(`document.querySelector("#verdict h1")?.textContent.includes("version that does not exist")`)
}

// The gallery, and an example, as people see them.
func TestExamplesLook(t *testing.T) {
	p := open(t)
	p.ready()
	p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	p.click(`#evidence [data-do="examples"]`)
	p.wait(`document.querySelector("#sheet .topic")`)
	p.shots("examples")
	p.example("Responder without the OCSP purpose")
	p.wait(`document.querySelector("#verdict.fail")`)
	p.shots("example")
	p.do(chromedp.EmulateViewport(1440, 900))
	p.button("#strip", "See it pass")
	p.verdict("Good: www.example.org")
	p.shot("example-flipped")
}

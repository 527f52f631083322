package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// firefox is the one Firefox that the tests share.
var firefox struct {
	b   *bidi
	err error
}

func (f *fox) ready() {
	f.Helper()
	f.wait(`document.documentElement.dataset.program === "ready" && document.documentElement.dataset.decoder === "ready"`)
}

func (f *fox) verdict(head string) {
	f.Helper()
	f.wait(fmt.Sprintf(`document.querySelector("#verdict h1")?.lastChild.textContent.startsWith(%s)`, quote(head)))
}

// field waits until a field is the selected one.
func (f *fox) field(label string) {
	f.Helper()
	f.wait(fmt.Sprintf(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === %s`, quote(label)))
}

// What people do first, in Firefox: paste, read the verdict, go from a field to
// its octets and back, judge at another moment, open an example, list the keys.
func TestFirefox(t *testing.T) {
	f := openFox(t)
	f.ready()
	f.paste(vector(t, "good-ca-byname"))
	f.verdict("Good: www.example.org")

	see[bool](f, `([...document.querySelectorAll("#fields .k")].find((e) => e.textContent === "thisUpdate").id = "here", true)`)
	f.click("#here")
	f.field("thisUpdate")
	f.wait(marked + ` === "18 0f 32 30 32 36 31 31 32 30 30 36 30 30 30 30 5a"`)
	f.wait(`document.querySelector("#explain .prose")`)
	f.keys(arrowDown)
	f.field("nextUpdate")
	f.shot("firefox-good")
	see[bool](f, `(document.getElementById("fields").scrollTop = document.getElementById("hex").scrollTop = 0, true)`)
	f.wait(`document.querySelector("#hex .ln .off")?.textContent === "0000"`)
	f.click("#hex .ln .hex", .01) // the first octet
	f.field("OCSPResponse")

	f.click("#at")
	f.keys("a", control)
	f.keys("2027-01-10 00:00" + enter)
	f.wait(`document.querySelector("#verdict.fail")`)
	f.click(`[data-do="now"]`)
	f.verdict("Good: www.example.org")

	f.click(`#evidence [data-do="clear"]`)
	f.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	see[bool](f, `([...document.querySelectorAll(".cards .example")].find((e) => e.querySelector("b")?.textContent.match(/revoked/i)).id = "example", true)`)
	f.click("#example")
	f.wait(`document.querySelector("#verdict")?.innerText.toLowerCase().includes("revoked")`)

	f.keys("?")
	f.wait(`document.getElementById("sheet").open`)
	f.shot("firefox-keys")
	f.keys(escape)
	f.wait(`!document.getElementById("sheet").open`)
}

// After one visit the whole site is there without a network in Firefox, too.
func TestFirefoxOffline(t *testing.T) {
	f := openFox(t)
	f.ready()
	f.wait(`document.documentElement.dataset.offline === "ready"`)
	f.site.change(func() { f.site.down = true })
	f.navigate(f.site.url + "?again")
	f.ready()
	f.paste(vector(t, "revoked"))
	f.wait(`document.querySelector("#verdict")?.innerText.toLowerCase().includes("revoked")`)
	f.wait(`document.querySelectorAll("#fields .k").length > 0`)
}

// A newer version waits for the user in Firefox, too.
func TestFirefoxUpdate(t *testing.T) {
	f := openFox(t)
	f.ready()
	f.wait(`document.documentElement.dataset.offline === "ready"`)
	f.site.change(func() { f.site.dir = newer(t, f.site.dir) })
	see[bool](f, seek)
	f.wait(`!document.getElementById("news").hidden`)
	if got := see[string](f, `document.getElementById("news").innerText`); !strings.Contains(got, "new version") {
		t.Errorf("the page announces %q", got)
	}
	f.click("#renew")
	f.wait(isNew)
	f.ready()
}

// What the first program does not read has the whole decoder fetched in Firefox,
// too.
func TestFirefoxLater(t *testing.T) {
	f := openFox(t)
	f.ready()
	f.paste(hello(t))
	f.wait(`document.documentElement.dataset.readers === "all" && document.querySelector("#verdict") && !document.body.innerText.includes("Reading on")`)
	f.wait(`document.querySelector(".ev.sel").innerText.includes("ClientHello")`)
}

// A ticket is opened with the key that is given for it, which is not shown while
// it is typed; its map leads to its parts.
func TestFirefoxTicket(t *testing.T) {
	f := openFox(t)
	f.ready()
	all := filesOf(t, "ticket", "openssl13")
	f.paste(string(all["ticket.hex"]))
	f.wait(`document.querySelector('.wants [data-arg$="ticket-key"]')`)
	f.click(`.wants [data-arg$="ticket-key"]`)
	f.wait(`document.activeElement.id === "adding" && getComputedStyle(document.activeElement).webkitTextSecurity === "disc"`)
	f.keys(strings.TrimSpace(string(all["ticket-key.hex"])))
	f.click(`[data-do="supply"]`)
	f.verdict("Opened: TLS 1.3 session for www.example.org")
	f.wait(`document.querySelector("[data-drawn] [data-do]")`)
	f.shot("firefox-ticket")
	f.click(`[data-drawn] [data-tone="proof"]`)
	f.field("mac")
}

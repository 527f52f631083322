package e2e

import (
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hello is what a TLS client sends first, in hexadecimal.
func hello(t *testing.T) string {
	t.Helper()
	here, there := net.Pipe()
	go tls.Client(there, &tls.Config{ServerName: "www.example.org"}).Handshake()
	defer here.Close()
	b := make([]byte, 4096)
	n, err := here.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(b[:n])
}

// whole waits until the whole decoder has taken over, and what it read is shown.
func (p *page) whole() {
	p.Helper()
	p.wait(`document.documentElement.dataset.readers === "all" && document.querySelector("#verdict") && !document.body.innerText.includes("Reading on")`)
}

// What the first program does not read has the whole decoder fetched at once;
// until it is here, the page says so and judges nothing.
func TestLaterAtOnce(t *testing.T) {
	p := blank(t)
	p.site.change(func() { p.site.which, p.site.half = "decoder", true })
	p.site.delay()
	p.navigate(p.url)
	p.ready()
	p.paste("#input", hello(t))
	p.wait(`/Reading on[^]*being fetched, [0-9.]+ of [0-9.]+ MB/.test(document.querySelector(".verdict.busy")?.innerText)`)
	if got := p.text("#result"); strings.Contains(got, "recognised") {
		t.Errorf("before it is read it is judged:\n%s", got)
	}
	p.screens("reading-on")
	p.site.release()
	p.whole()
	if n := len(p.workers); n != 2 {
		t.Errorf("the page has started %d workers", n)
	}
	// It is alone as well, and reads what the first one reads.
	p.inWorker(`if (self.fetch !== undefined) throw new Error("fetch is there")`)
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
}

// Where the whole decoder cannot be had the page keeps what it read, says so,
// and fetches it again when it is told to.
func TestLaterMissing(t *testing.T) {
	p := open(t)
	p.allow("404")
	p.site.change(func() { p.site.which, p.site.lacks = "decoder", true })
	p.ready()
	p.paste("#input", hello(t))
	p.wait(`document.querySelector("#result .notice")?.innerText.includes("The server answers 404")`)
	p.says(p.text("#result"), "Nothing recognised", "have not come", "Try again")
	p.screens("readers-missing")
	p.click(`#result [data-do="further"]`) // in vain
	p.wait(`performance.getEntriesByType("resource").filter((r) => r.name.includes("/decoder.")).length > 1`)
	p.wait(`document.querySelector("#result .notice")?.innerText.includes("The server answers 404")`)
	p.site.change(func() { p.site.lacks = false })
	p.click(`#result [data-do="further"]`)
	p.whole()
	if got := p.text("#result"); strings.Contains(got, "have not come") {
		t.Error(got)
	}
}

// Where the whole decoder is fetched and never starts the page says so in the
// end, and tries again when it is told to.
func TestLaterNeverReady(t *testing.T) {
	p := blank(t)
	p.first(`{
		const Real = Worker;
		let n = 0;
		Worker = class extends Real {
			which = ++n;
			postMessage(m, ...rest) { if (this.which !== 2 || !(m instanceof WebAssembly.Module)) super.postMessage(m, ...rest); }
		};
	}`)
	p.navigate(p.url)
	p.ready()
	p.paste("#input", hello(t))
	p.wait(`document.querySelector(".verdict.busy")`)
	p.wait(`document.querySelector("#result .notice")?.innerText.includes("did not start")`)
	p.says(p.text("#result"), "have not come", "Try again")
	p.click(`#result [data-do="further"]`)
	p.whole()
	if n := len(p.workers); n != 3 {
		t.Errorf("the page has started %d workers", n)
	}
}

// What is fully read does not wait for the whole decoder, which comes by itself
// and moves nothing.
func TestLaterByItself(t *testing.T) {
	p := blank(t)
	p.rich()
	p.site.change(func() { p.site.which = "decoder" })
	p.site.delay()
	p.navigate(p.url)
	p.ready()
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	row := p.text(`[role="treeitem"][aria-selected="true"]`)
	if got := p.text("#result"); strings.Contains(got, "Reading on") || row == "" {
		t.Errorf("selected is %q, and the page says\n%s", row, got)
	}
	p.site.release()
	p.whole()
	p.verdict("Good: www.example.org")
	if got := p.text(`[role="treeitem"][aria-selected="true"]`); got != row {
		t.Errorf("the selection went from %q to %q", row, got)
	}
}

// Where data is dear nothing comes that was not asked for; what was asked for
// is kept.
func TestLaterThrift(t *testing.T) {
	p := blank(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(p.site.dir)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sw.js", "sw.js.br", "sw.js.gz"} {
		os.Remove(filepath.Join(dir, name))
	}
	script, err := os.ReadFile(filepath.Join(p.site.dir, "sw.js"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sw.js"), append([]byte(thrift+"\n"), script...), 0o644); err != nil {
		t.Fatal(err)
	}
	p.site.dir = dir
	p.navigate(p.url)
	p.judges()
	p.kept()
	if n := p.site.asked(".wasm", "decoder"); n != 0 {
		t.Errorf("it was fetched %d times", n)
	}
	p.paste("#input", hello(t))
	p.whole()
	p.wait(`caches.keys().then((all) => caches.open(all[0])).then((c) => c.keys()).then((k) => k.some((r) => r.url.includes("/decoder.")))`)
	p.site.change(func() { p.site.down = true })
	p.navigate("about:blank")
	p.navigate(p.url)
	p.ready()
	p.paste("#input", hello(t))
	p.whole()
}

// After one visit all kinds are read without a network.
func TestLaterOffline(t *testing.T) {
	p := blank(t)
	p.rich()
	p.navigate(p.url)
	p.ready()
	p.kept()
	p.site.change(func() { p.site.down = true })
	p.navigate("about:blank")
	p.navigate(p.url)
	p.ready()
	p.paste("#input", hello(t))
	p.whole()
}

// A worker that hangs after the change is followed by one that reads as much.
func TestLaterHangs(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", hello(t))
	p.whole()
	read := p.text(".items")
	p.inWorker(`setTimeout(() => { for (;;); }, 0)`)
	p.paste("#input", vector(t, "revoked"))
	p.wait(`document.body.innerText.includes("restarted")`)
	p.paste("#input", hello(t))
	p.whole()
	if got := p.text(".items"); got != read {
		t.Errorf("before it read\n%s\nand then\n%s", read, got)
	}
}

// given drops a vector of a later kind on the page, at its time.
func (p *page) given(kind, name string) {
	p.Helper()
	p.drop("body", filesOf(p.T, kind, name))
	p.whole()
}

// A connection is judged as one: it leads to its messages from the list, from the
// structure and from its picture, by pointer and by key.
func TestConnection(t *testing.T) {
	p := open(t)
	p.ready()
	p.given("tls", "resumed-12")
	p.wait(`document.querySelector("[data-drawn] [data-do]")`)
	if got := p.text(".ev.sel"); !strings.Contains(got, "TLS") || !strings.Contains(got, "parts") {
		t.Errorf("judged first is %q", got)
	}
	p.screens("connection")
	n := p.count(".members li")
	if n < 2 || p.count("#fields, #hex") > 0 {
		t.Errorf("%d members, and %d trees and octets", n, p.count("#fields, #hex"))
	}
	p.focus(`[data-drawn] [data-do="item"], [data-drawn] [data-do="show"]`)
	p.keys("\r")
	p.wait(`document.querySelectorAll("#fields, #hex").length === 2`)
	svg := string(p.saved(eval[string](p, `document.querySelector("[data-drawn]")?.dataset.picture ?? "none"`)+".svg", func() {
		p.click(`.items .pick[data-arg="` + eval[string](p, `[...document.querySelectorAll(".items .pick")].find((e) => e.innerText.includes(" parts")).dataset.arg`) + `"]`)
		p.wait(`document.querySelector("[data-drawn] [data-do]")`)
		p.click(`#picture-0 [data-arg^="svg "]`)
	}))
	if !strings.Contains(svg, "<svg") || strings.Contains(svg, "tabindex") || strings.Contains(svg, "var(") {
		t.Errorf("the picture is saved as\n%.2000s", svg)
	}
	p.click(`.members .link`)
	p.wait(`document.querySelectorAll("#fields, #hex").length === 2`)
}

// What a ticket holds is shown when the key is given; its secrets when somebody
// asks for them. Neither goes into what leaves the page.
func TestTicketWithKey(t *testing.T) {
	p := open(t)
	p.ready()
	all := filesOf(t, "ticket", "openssl12")
	key := ""
	for name, b := range all {
		if strings.Contains(name, "key") {
			key = string(b)
			delete(all, name)
		}
	}
	p.drop("body", all)
	p.whole()
	p.wait(`document.querySelector('.wants [data-arg$="ticket-key"]')`)
	p.click(`.wants [data-arg$="ticket-key"]`)
	p.wait(`document.querySelector("#adding.masked") && getComputedStyle(document.querySelector("#adding")).webkitTextSecurity === "disc"`)
	p.screens("ticket-asks")
	p.paste("#adding", key)
	p.click(`[data-do="supply"]`)
	p.wait(`[...document.querySelectorAll(".items .ev")].some((e) => e.innerText.includes("session") && e.className.includes("carried"))`)
	p.screens("ticket-opened")
	eval[bool](p, `[...document.querySelectorAll(".items .carried .pick")].find((e) => e.innerText.includes("session")).click(), true`)
	p.wait(`document.querySelector('[data-do="reveal"]') && document.querySelector("#structure").innerText.includes("kept secret")`)
	p.screens("secrets-veiled")
	p.click(`[data-do="reveal"]`)
	p.wait(`!document.querySelector("#fields").innerText.includes("kept secret")`)
	p.screens("secrets-shown")
	p.click(`[data-do="menu"][data-arg="export"]`)
	p.click(`[data-do="export"][data-arg="copy json"]`)
	p.wait(`document.querySelector(".toast").innerText.includes("Copied")`)
	copied := eval[string](p, `navigator.clipboard.readText()`)
	if !strings.Contains(copied, "\"secret\"") || strings.Contains(copied, key[32:64]) {
		t.Error("the report that was copied has no mark of a secret, or the key")
	}
}

// An example that the first program does not read shows the check that it is
// about when it is read; and files that say what they are, are that.
func TestLaterExamples(t *testing.T) {
	p := open(t)
	p.ready()
	p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	eval[bool](p, `location.hash = "example=capture/log-wrong", true`)
	p.whole()
	p.verdict("The key log does not open what it belongs to")
	p.wait(`document.querySelector('[data-check="capture.decrypted"].fail .why')`)
	eval[bool](p, `location.hash = "example=ticket/key-repeated", true`)
	p.wait(`document.querySelector("#strip").innerText.includes("An example for one check") && document.querySelector('.ev.sel')?.innerText.includes("Ticket key")`)
}

// What a program does with a ticket and with a response is put into words of
// their own.
func TestManners(t *testing.T) {
	p := open(t)
	p.ready()
	p.given("ticket", "openssl13")
	p.says(p.text("#clients"), "WHAT EACH SERVER WOULD DO", "as if there were no ticket")
	p.says(p.text("#verdict"), "Servers:")
}

// Every shape that leads somewhere, and every part of a connection, is reached
// and used by key, has a name, and leaves the focus on the page; so is the field
// for a secret, which Esc closes.
func TestLaterKeys(t *testing.T) {
	p := open(t)
	p.ready()
	anew := func(kind, name string) {
		if p.count("#verdict") > 0 {
			p.click(`#evidence [data-do="clear"]`)
			p.wait(`!document.querySelector("#verdict")`)
		}
		p.given(kind, name)
		p.wait(`document.querySelector("[data-drawn] [data-do]")`)
	}
	for _, of := range [][2]string{{"ticket", "openssl13"}, {"tls", "resumed-12"}, {"tls", "staple-13"}} {
		anew(of[0], of[1])
		shapes := p.count("[data-drawn] [data-do]")
		for i := range shapes {
			if p.count("[data-drawn] [data-do]") != shapes {
				anew(of[0], of[1])
			}
			p.wait(fmt.Sprintf(`(() => {
				const e = document.querySelectorAll("[data-drawn] [data-do]")[%d];
				e?.focus();
				return e && document.activeElement === e && e.getAttribute("aria-label").length > 3 && e.getAttribute("role") === "button";
			})()`, i))
			p.keys([]string{"\r", " "}[i%2])
			p.settled()
			p.wait(`document.querySelector("#fields [aria-selected=true]")`)
			if eval[bool](p, `document.activeElement === document.body`) {
				t.Errorf("%s: after shape %d the focus is nowhere", of[1], i)
			}
		}
	}
	anew("tls", "resumed-12")
	p.wait(`document.querySelector(".members .link")`)
	p.focus(".members .link")
	p.keys("\r")
	p.wait(`document.querySelector("#fields .f") && document.activeElement !== document.body`)
	p.click(`#evidence [data-do="clear"]`)
	p.wait(`!document.querySelector("#verdict")`)
	p.drop("body", map[string][]byte{"ticket.hex": filesOf(t, "ticket", "openssl13")["ticket.hex"]})
	p.whole()
	p.wait(`document.querySelector('.wants [data-arg$="ticket-key"]')`)
	p.focus(`.wants [data-arg$="ticket-key"]`)
	p.keys("\r")
	p.wait(`document.activeElement.id === "adding" && document.activeElement.labels[0].textContent.length > 10`)
	p.keys("\x1b")
	p.wait(`!document.querySelector("#adding") && document.activeElement.matches('.wants [data-arg$="ticket-key"]')`)
}

package e2e

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"
)

// link opens the sheet, waits for the link that has what is ticked, and gives
// its fragment.
func (p *page) link() string {
	p.Helper()
	p.click(`[data-do="share"][data-arg=""]`)
	p.wait(`document.querySelector("#sheet").open && document.querySelector("#link-text")?.value && document.querySelector("#link-text").checkVisibility()`)
	_, fragment, _ := strings.Cut(eval[string](p, `document.querySelector("#link-text").value`), "#")
	return fragment
}

// packed is what a fragment holds.
func packed(t *testing.T, fragment string) []byte {
	t.Helper()
	text, ok := strings.CutPrefix(fragment, "v1=")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil {
		t.Fatalf("no link: %.40s: %v", fragment, err)
	}
	b, err = io.ReadAll(flate.NewReader(bytes.NewReader(b)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// follow opens a fragment in a profile of its own.
func follow(t *testing.T, fragment string) *page {
	t.Helper()
	p := blank(t)
	p.navigate(p.url + "#" + fragment)
	p.ready()
	return p
}

// exported takes a form of the report from the menu, by way of the clipboard.
func (p *page) exported(form string) string {
	p.Helper()
	p.clipboard("nothing yet")
	p.click(`[data-do="menu"][data-arg="export"]`)
	p.click(`[data-do="export"][data-arg="copy ` + form + `"]`)
	p.wait(`document.querySelector(".toast").textContent.startsWith("Copied")`)
	return eval[string](p, `navigator.clipboard.readText()`)
}

// A link brings the same evidence, time, profiles, nonce, roles and selection
// to somebody else, and so the same report to the last octet.
func TestShareBringsEverything(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", files(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.paste("#input", vector(t, "revoked"))
	p.wait(`document.querySelectorAll("#evidence .pick").length > 5`)
	p.moment("2026-11-21 10:00:00")
	p.click(`[data-do="menu"][data-arg="profiles"]`)
	p.click(`[data-change="profile"][data-arg="mozilla"]`)
	p.wait(`document.querySelector('[data-do="menu"][data-arg="profiles"]').textContent === "Profiles (1)"`)
	p.click(`#evidence .pick[data-arg="1"]`)
	p.wait(`document.querySelector('#evidence .pick[data-arg="1"]').getAttribute("aria-current") === "true"`)
	eval[bool](p, `(() => { const s = document.querySelector("select.role"); s.value = "anchor"; s.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`)
	p.wait(`document.querySelector("#trust b + *, #trust")?.textContent.includes("as you said")`)
	p.row("serialNumber")
	path := p.text("#explain .path")
	want := p.exported("json")
	p.click(`[data-do="tab"][data-arg="ASN.1"]`)
	fragment := p.link()
	if got := p.text("#link-length"); !strings.HasPrefix(got, "The link has ") {
		t.Errorf("of the length it is said %q", got)
	}
	p.shots("share")
	p.click(`[data-do="share-copy"]`)
	p.wait(`document.querySelector(".toast").textContent.startsWith("Copied: a link of ")`)
	if got := eval[string](p, `navigator.clipboard.readText()`); got != p.url+"#"+fragment {
		t.Errorf("copied was %.100s", got)
	}
	if got := eval[string](p, `location.hash`); got != "" {
		t.Errorf("the page has put %.50s into its own address", got)
	}

	q := follow(t, fragment)
	q.wait(`document.querySelector("#link")?.textContent.includes("Opened from a link")`)
	q.wait(`document.querySelector('#evidence .pick[data-arg="1"]')?.getAttribute("aria-current") === "true"`)
	q.shots("opened")
	if got := q.text("#explain .path"); got != path {
		t.Errorf("selected is %q, and was %q", got, path)
	}
	if got := eval[string](q, `document.querySelector("[role=tab][aria-selected=true]").textContent`); got != "ASN.1" {
		t.Errorf("in view is %s", got)
	}
	if got := eval[string](q, `document.querySelector("#at").value`); got != "2026-11-21 10:00:00" {
		t.Errorf("judged at %s", got)
	}
	if got := eval[bool](q, `document.querySelector('[data-change="profile"][data-arg="mozilla"]').checked`); !got {
		t.Error("the profile is not ticked")
	}
	if got := q.exported("json"); got != want {
		t.Errorf("the report of %d octets became one of %d", len(want), len(got))
	}
	if again := q.link(); again != fragment {
		t.Errorf("shared again, the link of %d characters has %d", len(fragment), len(again))
	}
	q.keys("\x1b")
	q.wait(`!document.querySelector("#sheet").open`)
	q.click(`#link [data-do="clear"]`)
	q.wait(`document.querySelector(".welcome") && !document.querySelector("#link") && location.hash === ""`)
}

const privateKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`

// Evidence with a secret inside stays out as a whole, and the sheet says so.
func TestShareKeepsSecrets(t *testing.T) {
	p := open(t)
	p.ready()
	all := files(t, "good-ca-byname")
	all["private.key"] = []byte(privateKey)
	all["both.pem"] = append([]byte("beside it\n"+string(all["root.pem"])), privateKey...)
	p.drop("body", all)
	p.verdict("Good: www.example.org")
	before := p.link()
	got := packed(t, before)
	for _, secret := range []string{"MC4CAQAw", "J1hsZ3v", "beside it", "private.key", "both.pem", "\x9d\x61\xb1\x9d"} {
		if bytes.Contains(got, []byte(secret)) {
			t.Errorf("the link holds %q", secret)
		}
	}
	if !bytes.Contains(got, all["response.pem"]) {
		t.Error("the link does not hold the response")
	}
	for _, name := range []string{"private.key", "both.pem"} {
		if text := p.text(".stays"); !strings.Contains(text, name+" stays out: it holds a secret") {
			t.Errorf("of %s it is said %q", name, text)
		}
	}
	p.shot("share-secret")
	p.click(`[data-change="share"][data-arg="+response.pem"]`)
	p.wait(`!document.querySelector("#link-text").value.endsWith(` + quote(before) + `) && document.querySelector("#link-text").checkVisibility()`)
	_, fragment, _ := strings.Cut(eval[string](p, `document.querySelector("#link-text").value`), "#")
	if got := packed(t, fragment); bytes.Contains(got, all["response.pem"]) || !bytes.Contains(got, all["leaf.pem"]) {
		t.Error("what is no longer ticked is in the link, or nothing is")
	}
}

// What is too much for a link is said, with its sizes, and no link is made.
func TestShareTooLarge(t *testing.T) {
	p := open(t)
	p.ready()
	noise := make([]byte, 900_000)
	rand.Read(noise)
	noise = append([]byte{0x30, 0x83, 0x0d, 0xbb, 0xa0 + 6, 0x04, 0x83, 0x0d, 0xbb, 0xa0 + 1, 0}, noise...)
	p.drop("body", map[string][]byte{"big.der": noise, "leaf.pem": files(t, "good-ca-byname")["leaf.pem"]})
	p.wait(`document.querySelectorAll("#evidence .pick").length >= 2`)
	p.click(`[data-do="share"][data-arg=""]`)
	p.wait(`document.querySelector("#link-length")?.textContent.startsWith("The link would have 1,2")`)
	if eval[bool](p, `document.querySelector('[data-do="share-copy"]').checkVisibility()`) {
		t.Error("there is a button for a link that there is not")
	}
	p.shot("share-large")
	p.click(`[data-change="share"][data-arg="+big.der"]`)
	p.wait(`document.querySelector("#link-length").textContent.startsWith("The link has ")`)
	// The sheet moves when the whole decoder comes: a mouse may then miss.
	p.wait(`document.querySelector('[data-change="share"][data-arg="+leaf.pem"]').checked === false || (document.querySelector('[data-change="share"][data-arg="+leaf.pem"]').click(), false)`)
	p.wait(`document.querySelector("#link-length").textContent.startsWith("Nothing is ticked")`)
}

// A link that was damaged on its way is called so, and the page goes on.
func TestLinkDamaged(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	whole := p.link()
	var bomb bytes.Buffer
	w, _ := flate.NewWriter(&bomb, flate.BestCompression)
	w.Write(make([]byte, 65<<20))
	w.Close()
	q := open(t)
	q.ready()
	for _, c := range []struct{ what, fragment, want string }{
		{"cut short", whole[:len(whole)/2], "cut short or changed"},
		{"with another character", whole[:100] + "A" + whole[101:], "The link is damaged"},
		{"with a character of no link", whole[:100] + "{" + whole[101:], "«{» cannot stand in it"},
		{"of nothing", "v1=", "The link is damaged"},
		{"of a later version", "v2=AAAA", "later version of derscope"},
		{"that unpacks to too much", "v1=" + base64.RawURLEncoding.EncodeToString(bomb.Bytes()), "more than 64 MiB"},
	} {
		eval[bool](q, fmt.Sprintf(`(() => { location.hash = %s; return true; })()`, quote(c.fragment)))
		q.wait(fmt.Sprintf(`document.querySelector("#link")?.textContent.includes(%s)`, quote(c.want)))
		if c.fragment == "v1=" {
			q.shot("link-damaged")
		}
		q.click(`#link [data-arg="keep"]`)
		q.wait(`!document.querySelector("#link") && location.hash === ""`)
	}
	// As it stands at the end of a sentence, and with its = quoted.
	eval[bool](q, fmt.Sprintf(`(() => { location.hash = %s; return true; })()`, quote(strings.Replace(whole, "=", "%3D", 1)+").")))
	q.verdict("Good: www.example.org")
}

// A link does not take away what somebody has on the page, unless they say so.
func TestLinkAsksFirst(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	good := p.link()
	p.keys("\x1b")
	p.wait(`!document.querySelector("#sheet").open`)
	p.click(`#evidence [data-do="clear"]`)
	p.paste("#input", vector(t, "revoked"))
	p.wait(`document.querySelector("#verdict.fail")`)
	goTo := func() {
		eval[bool](p, fmt.Sprintf(`(() => { location.hash = %s; return true; })()`, quote(good)))
		p.wait(`document.querySelector("#link")?.textContent.startsWith("A link holds a paste of ")`)
	}
	goTo()
	p.shots("link-asks")
	if eval[string](p, `document.querySelector("#input").value`) != vector(t, "revoked") {
		t.Error("the box was written to before anybody was asked")
	}
	p.focus(`#link [data-arg="keep"]`)
	p.keys("\r")
	p.wait(`!document.querySelector("#link") && location.hash === "" && document.querySelector("#verdict.fail")`)
	goTo()
	p.click(`#link [data-arg="open"]`)
	p.verdict("Good: www.example.org")
	if eval[string](p, `document.querySelector("#input").value`) != vector(t, "good-ca-byname") {
		t.Error("the box does not hold what was shared")
	}
	// Nothing of the user's own is here now: another link needs no question.
	eval[bool](p, `(() => { location.hash = ""; return true; })()`)
	eval[bool](p, fmt.Sprintf(`(() => { location.hash = %s; return true; })()`, quote(good)))
	p.wait(`document.querySelector("#link")?.textContent.startsWith("Opened from a link")`)
}

// A browser that does not compress shares all the same, and what it shared
// opens in others.
func TestShareUncompressed(t *testing.T) {
	p := blank(t)
	p.first(`delete self.CompressionStream`)
	p.navigate(p.url)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	fragment := p.link()
	if !strings.HasPrefix(fragment, "r1=") {
		t.Fatalf("the link begins with %.10s", fragment)
	}
	q := follow(t, fragment)
	q.verdict("Good: www.example.org")
}

func TestShareAxe(t *testing.T) {
	p := open(t)
	p.ready()
	all := files(t, "good-ca-byname")
	all["private.key"] = []byte(privateKey)
	p.drop("body", all)
	p.verdict("Good: www.example.org")
	p.click(`[data-do="menu"][data-arg="export"]`)
	p.wait(`document.querySelector(".exports").checkVisibility()`)
	p.shutsNobodyOut("the menu")
	p.keys("\x1b")
	fragment := p.link()
	p.shutsNobodyOut("the sheet")
	q := follow(t, fragment)
	q.wait(`document.querySelector("#link")`)
	q.shutsNobodyOut("an opened link")
}

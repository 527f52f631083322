package e2e

import (
	"archive/zip"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
)

// kept waits until the browser has the whole site.
func (p *page) kept() {
	p.Helper()
	p.wait(`document.documentElement.dataset.offline === "ready"`)
}

// judges looks that the page works: it judges a paste, and explains it.
func (p *page) judges() {
	p.Helper()
	p.ready()
	p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	p.paste("#input", vector(p.T, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.wait(`document.querySelector("#explain .prose")`)
}

// After one visit the whole site is there without a network, at every address
// that leads to it, and the program was not fetched again for that.
func TestOffline(t *testing.T) {
	p := open(t)
	p.ready()
	p.kept()
	// A browser without a disk keeps no answer of many megabytes.
	if short, _ := filepath.Glob(filepath.Join(p.site.dir, "assets", "*.wasm.br")); len(short) > 0 && (p.site.asked(".wasm", "derscope") != 1 || p.site.asked(".wasm", "decoder") != 1) {
		t.Errorf("the programs were fetched %d and %d times", p.site.asked(".wasm", "derscope"), p.site.asked(".wasm", "decoder"))
	}
	p.site.change(func() { p.site.down = true })
	for _, end := range []string{"", "?from=elsewhere", "index.html", "#part"} {
		p.navigate("about:blank")
		p.navigate(p.url + end)
		p.judges()
	}
	// What is not of the site is not answered by it.
	p.allow("ERR_")
	if got := eval[string](p, `fetch("elsewhere.txt").then((r) => r.status + "", () => "refused")`); got != "refused" {
		t.Errorf("a file that the site does not have: %s", got)
	}
}

// plain serves the unpacked zip as the plainest of file servers does: below
// other folders, without a header of its own, without a type for the program.
func (p *page) plain() {
	p.Helper()
	root := p.TempDir()
	dir := filepath.Join(root, "some", "sub", "path")
	r, err := zip.OpenReader(filepath.Join("..", "..", "build", "derscope.zip"))
	if err != nil {
		p.Fatal(err)
	}
	defer r.Close()
	if err := os.CopyFS(dir, r); err != nil {
		p.Fatal(err)
	}
	files := http.FileServer(http.Dir(root))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.site.answers()
		if strings.HasSuffix(r.URL.Path, ".wasm") {
			w.Header().Set("Content-Type", "application/octet-stream")
		}
		files.ServeHTTP(w, r)
	}))
	p.Cleanup(server.Close)
	p.url = server.URL + "/some/sub/path/derscope/"
	p.site.url = p.url
}

func TestZip(t *testing.T) {
	p := blank(t)
	p.plain()
	p.navigate(p.url)
	p.judges()
	p.kept()
	p.navigate("about:blank")
	p.navigate(p.url + "index.html") // the server sends it to the folder
	p.judges()
	p.site.change(func() { p.site.down = true })
	p.navigate("about:blank")
	p.navigate(p.url)
	p.judges()
}

// newer is the site with another style sheet, as the next version of it.
func newer(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	sheets, err := filepath.Glob(filepath.Join(to, "assets", "*.css"))
	if err != nil || len(sheets) != 1 {
		t.Fatal(sheets, err)
	}
	sheet := filepath.Base(sheets[0])
	if err := os.Rename(sheets[0], filepath.Join(to, "assets", "derscope.0123456789ab.css")); err != nil {
		t.Fatal(err)
	}
	packed, _ := filepath.Glob(filepath.Join(to, "*.*.*"))
	more, _ := filepath.Glob(filepath.Join(to, "assets", sheet+".*"))
	for _, f := range append(packed, more...) {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"index.html", "sw.js"} {
		f := filepath.Join(to, name)
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), sheet, "derscope.0123456789ab.css")
		text = strings.Replace(text, `const version = "`, `const version = "0`, 1)
		if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

const (
	isNew = `document.querySelector('link[rel="stylesheet"]').href.includes("0123456789ab")`
	seek  = `navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => true)`
)

// A newer version is fetched beside the one in use, announced, and takes over
// when the user says so, but not without a word about what would be lost.
func TestUpdate(t *testing.T) {
	p := open(t)
	p.ready()
	p.kept()
	p.site.change(func() { p.site.dir = newer(t, p.site.dir) })
	eval[bool](p, seek)
	p.wait(`!document.getElementById("news").hidden`)
	if got := p.text("#news"); !strings.Contains(got, "new version") || !strings.Contains(got, "Later") {
		t.Errorf("the page announces %q", got)
	}
	p.screens("update")
	p.click("#later")
	p.wait(`document.getElementById("news").hidden`)

	// Not taken, it is announced at the next visit again, and not applied.
	p.navigate(p.url)
	p.ready()
	p.wait(`!document.getElementById("news").hidden`)
	if eval[bool](p, isNew) {
		t.Fatal("the newer version has taken over unasked")
	}
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.focus("#renew")
	p.keys("\r")
	p.wait(`document.getElementById("news").innerText.includes("not kept")`)
	p.screens("update-warned")
	if eval[bool](p, isNew) || !strings.Contains(p.text("#verdict"), "Good") {
		t.Fatal("the page was reloaded without a word about the evidence")
	}
	p.keys("\r")
	p.wait(isNew)
	p.ready()
	p.kept()
	eval[bool](p, `(async () => { while ((await caches.keys()).length > 1) await new Promise((on) => setTimeout(on, 20)); return true; })()`)
	p.site.change(func() { p.site.down = true })
	p.navigate(p.url)
	p.judges()
	if !eval[bool](p, isNew) {
		t.Error("without a network the older version is shown")
	}
}

// Of two pages the one that agrees is reloaded. The other keeps what it shows,
// and its files, and says what has happened.
func TestUpdateBesideAnother(t *testing.T) {
	p := open(t)
	p.ready()
	p.kept()
	p.navigate(p.url) // now through the service worker
	p.ready()
	q := p.beside()
	q.navigate(q.url)
	q.judges()
	p.site.change(func() { p.site.dir = newer(t, p.site.dir) })
	eval[bool](p, seek)
	p.wait(`!document.getElementById("news").hidden`)
	q.wait(`!document.getElementById("news").hidden`)
	eval[bool](p, `document.getElementById("renew").click(), true`)
	p.wait(isNew)
	p.ready()
	q.wait(`document.getElementById("news").innerText.includes("another tab")`)
	q.verdict("Good: www.example.org")
	if eval[bool](q, isNew) {
		t.Error("the other page was reloaded")
	}
	// The style sheet of before is gone from the server; the other page has it.
	if got := eval[int](q, `fetch(document.querySelector('link[rel="stylesheet"]').href).then((r) => r.status)`); got != http.StatusOK {
		t.Errorf("the other page's own files: status %d", got)
	}
	eval[bool](q, `document.getElementById("renew").click(), true`)
	q.wait(`document.getElementById("news").innerText.includes("not kept")`)
	eval[bool](q, `document.getElementById("renew").click(), true`)
	q.wait(isNew)
	q.ready()
}

// A version that cannot be had whole is not taken: the older one stays.
func TestHalfAnUpdate(t *testing.T) {
	p := open(t)
	p.allow("derscope.0123456789ab.css")
	p.ready()
	p.kept()
	next := newer(t, p.site.dir)
	if err := os.Remove(filepath.Join(next, "assets", "derscope.0123456789ab.css")); err != nil {
		t.Fatal(err)
	}
	p.site.change(func() { p.site.dir = next })
	eval[bool](p, `navigator.serviceWorker.getRegistration().then((r) => r.update()).then((r) => new Promise((done) =>
		r.installing ? r.installing.onstatechange = (e) => e.target.state === "redundant" && done(true) : done(true)))`)
	p.site.change(func() { p.site.down = true })
	p.navigate("about:blank")
	p.navigate(p.url)
	p.judges()
	if eval[bool](p, isNew) {
		t.Error("half a version has taken over")
	}
}

// refuse is what a browser does that keeps nothing for a site: reaching for
// storage is a fault.
const refuse = `for (const name of ["localStorage", "sessionStorage", "caches", "indexedDB"])
	Object.defineProperty(window, name, { get() { throw new DOMException("storage is refused", "SecurityError"); } });
ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException("storage is refused", "SecurityError"));
BroadcastChannel = class { constructor() { throw new DOMException("storage is refused", "SecurityError"); } };`

// Where the browser keeps nothing, the page works; when the network goes away
// it says that it must not be closed.
func TestStorageRefused(t *testing.T) {
	p := blank(t)
	p.first(refuse)
	p.navigate(p.url)
	p.judges()
	p.wait(`document.documentElement.dataset.offline === "refused"`)
	if got := p.text(".states"); strings.TrimSpace(got) != "" {
		t.Errorf("while it does not matter the page says %q", got)
	}
	eval[bool](p, `dispatchEvent(new Event("offline")), true`)
	p.wait(`document.getElementById("network").innerText.includes("leave this tab open")`)
	p.screens("offline-refused")
	eval[bool](p, `dispatchEvent(new Event("online")), true`)
	p.wait(`document.getElementById("network").hidden`)
}

// Where the site is kept, the page says so when the network goes away.
func TestNetworkGone(t *testing.T) {
	p := open(t)
	p.ready()
	p.kept()
	eval[bool](p, `dispatchEvent(new Event("offline")), true`)
	p.wait(`document.getElementById("network").innerText.includes("needs none")`)
}

// A clipboard that is refused is said to be, and what to do instead.
func TestClipboardRefused(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.row("thisUpdate")
	p.permit("clipboard-write", browser.PermissionSettingDenied)
	p.click(`[data-do="menu"][data-arg="copy"]`)
	p.click(`[data-do="take"][data-arg="path"]`)
	p.wait(`document.querySelector(".toast").innerText.includes("does not let")`)
}

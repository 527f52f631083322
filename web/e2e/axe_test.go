package e2e

import (
	"os"
	"testing"
)

// axeScript is axe-core. Where it is not at hand the test says so, and goes on
// without it.
func axeScript(t *testing.T) string {
	t.Helper()
	path := os.Getenv("DERSCOPE_AXE")
	if path == "" {
		t.Log("axe-core is not at hand: make test fetches it where there is npm")
		return ""
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// axe runs it over the page, as the options say.
func (p *page) axe(when, options string) {
	p.Helper()
	script := axeScript(p.T)
	if script == "" {
		return
	}
	if !eval[bool](p, `"axe" in window`) {
		eval[bool](p, script+"; true")
	}
	for _, wrong := range eval[[]string](p, `axe.run(document, `+options+`).then((found) => found.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html).join(" ").slice(0, 300)))`) {
		p.Errorf("%s: %s", when, wrong)
	}
}

// shutsNobodyOut looks at the page as it is, light and dark, for what shuts
// people out.
func (p *page) shutsNobodyOut(when string) {
	p.Helper()
	for _, scheme := range []string{"dark", "light"} {
		p.scheme(scheme)
		p.basics(when + ", " + scheme)
		p.axe(when+", "+scheme, "{}")
	}
}

// What axe-core knows to shut people out is not on the page.
func TestAxe(t *testing.T) {
	p := open(t)
	p.ready()
	p.wait(`document.querySelectorAll(".cards .example").length >= 6`)
	p.shutsNobodyOut("empty")
	p.example("Good, signed by a delegated responder")
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.shutsNobodyOut("an example")
}

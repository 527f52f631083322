package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The page can be read before its program has come, and what is typed by then
// stays.
func TestBeforeTheProgram(t *testing.T) {
	p := blank(t)
	p.site.delay()
	p.navigate(p.url)
	for _, word := range []string{"derscope", "OCSP"} {
		if text := p.text("body"); !strings.Contains(text, word) {
			t.Errorf("before its program has come the page does not say %q:\n%s", word, text)
		}
	}
	if got := eval[string](p, `document.documentElement.dataset.program ?? ""`); got != "" {
		t.Fatalf("the program is %q while it is kept back", got)
	}
	p.focus("textarea")
	p.keys("typed early")
	p.site.release()
	p.ready()
	if got := eval[string](p, `document.querySelector("textarea").value`); got != "typed early" {
		t.Errorf("after the start the field holds %q", got)
	}
	if got := eval[string](p, `document.activeElement.tagName`); got != "TEXTAREA" {
		t.Errorf("after the start the focus is at %s", got)
	}
	p.keys(" and late")
	if got := eval[string](p, `document.querySelector("textarea").value`); got != "typed early and late" {
		t.Errorf("typing on gives %q", got)
	}
}

// The program is fetched once, for both of its roles, and the site's policy
// lets it run.
func TestStart(t *testing.T) {
	p := open(t)
	p.ready()
	if n := p.site.asked(".wasm"); n != 1 {
		t.Errorf("the program was fetched %d times", n)
	}
	if n := p.site.asked(".js") - p.site.asked("/sw.js"); n > 2 {
		t.Errorf("the script was fetched %d times", n)
	}
	for _, line := range []string{"script-src 'self' 'wasm-unsafe-eval';", "require-trusted-types-for 'script'"} {
		if got := eval[string](p, `document.querySelector("meta[http-equiv]").content`); !strings.Contains(got, line) {
			t.Errorf("the policy lacks %q: %s", line, got)
		}
	}
	headers, err := os.ReadFile(filepath.Join(p.site.dir, "_headers"))
	if err != nil || strings.Contains(string(headers), "unsafe-inline") || strings.Contains(string(headers), "'unsafe-eval'") {
		t.Errorf("the headers: %v\n%s", err, headers)
	}
}

// The page answers below index.html, too, and with a query.
func TestAddresses(t *testing.T) {
	p := open(t)
	for _, end := range []string{"index.html", "?from=elsewhere", "#part"} {
		p.navigate("about:blank")
		p.navigate(p.url + end)
		p.ready()
		if !strings.Contains(p.text("body"), "derscope") {
			t.Errorf("%s shows nothing", end)
		}
	}
}

// without copies a site, leaving out the files that have such an ending in
// their names.
func without(t *testing.T, dir, ending string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(to, "assets", "*"+ending+"*"))
	if err != nil || len(left) == 0 {
		t.Fatalf("nothing to leave out: %v", err)
	}
	for _, f := range left {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

package main

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// rewritten repairs a page and prints what its body holds.
func rewritten(t *testing.T, page string) (string, error) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if err := repair(doc); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		t.Fatal(err)
	}
	_, in, _ := strings.Cut(b.String(), "<body>")
	in, _, _ = strings.Cut(in, "</body>")
	return in, nil
}

func TestRepair(t *testing.T) {
	for _, c := range []struct{ name, printed, want string }{
		{"true is left out", `<b aria-expanded>x</b>`, `<b aria-expanded="true">x</b>`},
		{"aria states may be false", `<b aria-expanded="false">x</b>`, `<b aria-expanded="false">x</b>`},
		{"false booleans hold", `<details open="false" hidden="false">x</details>`, `<details>x</details>`},
		{"true booleans stay", `<details open>x</details>`, `<details open="">x</details>`},
		{"attributes have no order", `<b title="2" class="1">x</b>`, `<b class="1" title="2">x</b>`},
		{"Go's escapes are no HTML", `<b title="a\nb\\c">x</b>`, "<b title=\"a\nb\\c\">x</b>"},
		{"line breaks between children", "<b>\nder\n<i>scope</i>\n</b>\n<p>a b</p>", `<b>der<i>scope</i></b><p>a b</p>`},
		{"ampersands", `<b title="a & b &lt; c">x</b>`, `<b title="a &amp; b &lt; c">x</b>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rewritten(t, "<body>"+c.printed+"</body>")
			if err != nil || got != c.want {
				t.Errorf("%s\ngives %s (%v)\nwant  %s", c.printed, got, err, c.want)
			}
		})
	}
}

func TestRepairRefuses(t *testing.T) {
	for _, c := range []struct{ name, printed, want string }{
		{"a quotation mark", `<b title="say \"yes\" <i>">x</b>`, "quotation mark"},
		{"a style", `<b style="color:red">x</b>`, "style attribute"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rewritten(t, "<body>"+c.printed+"</body>")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s gives %q, %v", c.printed, got, err)
			}
		})
	}
}

// The page that is published asks its own folder for everything, and its
// policy stands before whatever it is to hold for.
func TestPage(t *testing.T) {
	s := newSite(t.TempDir())
	for _, name := range []string{"styles", "script", "program", "icon"} {
		s.asset(name, name+".txt", []byte(name))
	}
	if err := s.page(); err != nil {
		t.Fatal(err)
	}
	page := string(s.files["index.html"])
	for _, bad := range []string{"http:", "https:", "//", "<style", " style=", "javascript:", "unsafe-inline", "'unsafe-eval'", "user-scalable"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if p, s := strings.Index(page, "Content-Security-Policy"), strings.Index(page, "<link"); p < 0 || p > s {
		t.Errorf("the policy stands at %d, the first link at %d", p, s)
	}
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("the page has %d scripts", n)
	}
	for _, name := range []string{"styles", "script", "program", "icon"} {
		if !strings.Contains(page, `href="`+s.named[name]+`"`) && !strings.Contains(page, `src="`+s.named[name]+`"`) {
			t.Errorf("the page does not name %s", s.named[name])
		}
	}
	again := newSite(t.TempDir())
	again.named, again.files = s.named, maps.Clone(s.files)
	for range 5 {
		if err := again.page(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.files["index.html"], again.files["index.html"]) {
			t.Fatal("two builds give different pages")
		}
	}
}

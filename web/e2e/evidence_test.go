package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// files are the pieces of evidence of a vector about OCSP, by name.
func files(t *testing.T, name string) map[string][]byte { return filesOf(t, "ocsp", name) }

func filesOf(t *testing.T, kind, name string) map[string][]byte {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", kind, name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range a.Files {
		if base, ok := strings.CutPrefix(f.Name, "input/"); ok {
			all[base] = f.Data
		}
	}
	return all
}

// verdict waits for a verdict that starts so.
func (p *page) verdict(head string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.querySelector("#verdict h1")?.lastChild.textContent.startsWith(%s)`, quote(head)))
}

func (p *page) count(css string) int {
	p.Helper()
	return eval[int](p, fmt.Sprintf(`document.querySelectorAll(%s).length`, quote(css)))
}

// What is pasted is read at once: found, judged, shown.
func TestPaste(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	if n := p.count("#evidence .pick"); n != 4 {
		t.Errorf("%d items, want the response and three certificates", n)
	}
	for _, css := range []string{"#validity svg[role=img]", "#status .grp", "#fields [role=treeitem]", "#hex .ln"} {
		p.wait(fmt.Sprintf("document.querySelector(%s)", quote(css)))
	}
	if got := p.text("#said"); !strings.Contains(got, "Good: www.example.org") {
		t.Errorf("the live region says %q", got)
	}
	if got := eval[string](p, `document.querySelector("#validity svg").getAttribute("aria-label")`); !strings.Contains(got, "Evaluated at 2026-11-20") {
		t.Errorf("the picture is described as %q", got)
	}
	p.click(`#evidence [data-do="clear"]`)
	p.wait(`document.querySelector(".welcome") && !document.querySelector("#fields")`)
	if got := eval[string](p, `document.querySelector("#input").value`); got != "" {
		t.Errorf("after a clear the box holds %q", got)
	}
}

// What is typed is read when the typing rests, with no letter lost.
func TestType(t *testing.T) {
	p := open(t)
	p.ready()
	p.focus("#input")
	p.keys("30 03 0a 01 03")
	p.wait(`document.querySelector("#verdict h1")?.textContent.includes("tryLater")`)
	if got := eval[string](p, `document.querySelector("#input").value`); got != "30 03 0a 01 03" {
		t.Errorf("the box holds %q", got)
	}
	if got := eval[string](p, `document.activeElement.id`); got != "input" {
		t.Errorf("the focus went to %q", got)
	}
}

// Files that fall anywhere find their roles together, and can be taken away.
func TestDrop(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop(".middle", files(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	roles := p.text("#evidence")
	for _, role := range []string{"subject", "issuer", "leaf.pem", "issuer.pem"} {
		if !strings.Contains(roles, role) {
			t.Errorf("the evidence does not say %q", role)
		}
	}
	before := p.count("#evidence .pick")
	p.remove("issuer.pem")
	p.wait(fmt.Sprintf(`document.querySelectorAll("#evidence .pick").length < %d`, before))
	p.wait(`!document.querySelector("#verdict h1").textContent.includes("Good: www")`)
	if p.count("#evidence .want") == 0 {
		t.Error("nothing is said to be missing without the issuer")
	}
	p.drop("body", map[string][]byte{"issuer.pem": files(t, "good-del-byname")["issuer.pem"]})
	p.verdict("Good: www.example.org")
}

// remove takes an input away, by the menu of what was found in it.
func (p *page) remove(input string) {
	p.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll("#evidence .ev")].some((e) =>
		e.querySelector(".sub")?.textContent.includes(%s) && (e.querySelector(".dots").click(), true))`, quote(input)))
	p.click(`[data-do="remove"][data-arg="` + input + `"]`)
}

// A certificate becomes an anchor because the user says so.
func TestRole(t *testing.T) {
	p := open(t)
	p.ready()
	p.drop("body", files(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	p.wait(`[...document.querySelectorAll(".want b")].some((e) => e.textContent === "Anchor")`)
	p.wait(`[...document.querySelectorAll("#evidence .ev")].some((e) => {
		if (!e.textContent.includes("root.pem")) return false;
		const s = e.querySelector("select");
		s.value = "anchor";
		s.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})`)
	p.wait(`![...document.querySelectorAll(".want b")].some((e) => e.textContent === "Anchor")`)
	p.verdict("Good: www.example.org")
}

// An example brings its evidence and its moment.
func TestExample(t *testing.T) {
	p := open(t)
	p.ready()
	p.example("Revoked: key compromise")
	p.wait(`document.querySelector("#verdict.fail")?.textContent.includes("evoked")`)
	p.click(`#evidence .pick[data-arg="1"]`)
	p.wait(`document.querySelector('#evidence .pick[data-arg="1"]').getAttribute("aria-current") === "true"`)
}

// An example gives way to the user's own evidence, with its moment.
func TestAfterExample(t *testing.T) {
	p := open(t)
	p.ready()
	p.example("Expired yesterday")
	p.wait(`document.querySelector("#verdict.fail")`)
	p.moment("2031-01-01")
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	if n := p.count("#evidence .pick"); n != 4 {
		t.Errorf("%d items, want the four that were pasted", n)
	}
	if got := eval[string](p, `document.querySelector("#at").value`); !strings.HasPrefix(got, "2026-11-20 09:1") {
		t.Errorf("what was pasted is judged at %s", got)
	}
}

// What is no evidence is called so, and what derscope reads is named.
func TestGarbage(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", "The quick brown fox jumps over the lazy dog.")
	p.wait(`document.querySelector("#verdict h1")?.textContent.includes("Nothing recognised in 44 octets")`)
	if got := p.text("#verdict"); !strings.Contains(got, "derscope reads OCSP responses") {
		t.Errorf("the page says %q", got)
	}
	p.paste("#input", vector(t, "good-ca-byname"))
	p.wait(`document.body.innerText.includes("Good: www.example.org")`)
}

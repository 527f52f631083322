package e2e

import (
	"fmt"
	"testing"
)

// moment writes another moment of evaluation.
func (p *page) moment(text string) {
	p.Helper()
	eval[bool](p, fmt.Sprintf(`(() => {
		const at = document.querySelector("#at");
		at.value = %s;
		at.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, quote(text)))
}

// Another moment changes the verdict, and nothing is read again.
func TestMoment(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.moment("2027-01-10 00:00")
	p.wait(`document.querySelector("#verdict.fail")`)
	if got := eval[string](p, `document.querySelector("#at").value`); got != "2027-01-10 00:00:00" {
		t.Errorf("the moment reads %q", got)
	}
	if got := p.selected(); got != "thisUpdate" {
		t.Errorf("%q is selected", got)
	}
	p.moment("yesterday")
	p.wait(`document.querySelector("#at").getAttribute("aria-invalid") === "true"`)
	p.click(`[data-do="now"]`)
	p.verdict("Good: www.example.org")
	p.wait(`!document.querySelector("#at").hasAttribute("aria-invalid")`)
}

// The slider below the picture moves through the moments.
func TestSlide(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	for _, step := range []int{1000, 0} { // after nextUpdate, before thisUpdate
		eval[bool](p, fmt.Sprintf(`(() => {
			const s = document.querySelector("#slide");
			s.value = %d;
			s.dispatchEvent(new Event("input", { bubbles: true }));
			return true;
		})()`, step))
		p.wait(`document.querySelector("#verdict.fail")`)
		if got := eval[string](p, `document.querySelector("#slide").value`); got != fmt.Sprint(step) {
			t.Errorf("the slider stands at %s, was put to %d", got, step)
		}
		p.click(`[data-do="now"]`)
		p.verdict("Good: www.example.org")
	}
}

// A profile adds checks and does not change the verdict.
func TestProfile(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good: www.example.org")
	before := p.count("#status .grp")
	p.click(`[data-do="menu"][data-arg="profiles"]`)
	p.click(`input[data-arg="rfc9919"]`)
	p.wait(`document.querySelector('[data-arg="profiles"]').textContent.includes("(1)")`)
	p.wait(fmt.Sprintf(`document.querySelectorAll("#status .grp").length >= %d`, before))
	p.verdict("Good: www.example.org")
}

package web

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// What is printed is not what the screen shows, of which most is closed, rolled
// away or a control: it is a page of its own, laid out when the browser is
// about to print and taken away afterwards. It has to stand before the browser
// goes on, so it is not left to the components, which draw a moment later.

// printable has the page made up for the printer, whoever starts it.
func (p *Page) printable() {
	app.Window().AddEventListener("beforeprint", func(app.Context, app.Event) { p.s.layOut() })
	app.Window().AddEventListener("afterprint", func(app.Context, app.Event) {
		if old := app.Window().GetElementByID(printID); old.Truthy() {
			old.Call("remove")
		}
	})
}

const printID = "printed"

// layOut makes the page to print: of what is judged all that led to it, and
// the evidence by hash. Fields and octets are for the screen.
func (s *state) layOut() {
	it := s.current()
	if it == nil || app.Window().GetElementByID(printID).Truthy() {
		return
	}
	top := ink{app.Window().Get("document").Get("body")}.put("article", "")
	top.Set("id", printID)
	top.Get("dataset").Set("light", "")
	at := "evaluated without a time"
	if !s.report.At.IsZero() {
		at = "evaluated at " + report.Clock(s.report.At)
	}
	if len(s.profiles) > 0 {
		at += ", with the profiles " + report.Enumerate(s.profiles)
	}
	top.put("header", "derscope · "+at)
	top.put("h1", statusGlyph(it.Verdict.Status)+" "+statusWord(it.Verdict.Status)+": "+it.Verdict.Headline)
	top.spoken("p", it.Verdict.Detail)
	top.put("p", itemTitle(it)+", "+octetCount(len(s.report.Sources[it.Source].Bytes))+", from "+it.Input)
	for _, p := range it.Problems {
		top.put("p", "✕ Could not be read, at octet "+count(p.Offset)+": "+p.Message)
	}
	top.validity(it)
	if len(it.Wants) > 0 {
		part := top.part("What would settle what is open")
		for _, w := range it.Wants {
			row := part.put("div", "")
			row.put("b", capital(w.Need)+": ")
			row.put("span", w.Text)
			if w.How != "" {
				row.put("pre", w.How)
			}
		}
	}
	part := top.part("Status tree")
	for i := range it.Checks {
		part.group(&it.Checks[i])
	}
	top.programs("What each client would do", it.Clients)
	top.programs("What servers do with it", it.Servers)
	top.evidence(s.report)
}

// ink is an element that is printed.
type ink struct{ app.Value }

func (k ink) put(tag, text string) ink {
	el := app.Window().Get("document").Call("createElement", tag)
	if text != "" {
		el.Set("textContent", text)
	}
	k.Call("append", el)
	return ink{el}
}

func (k ink) part(title string) ink {
	part := k.put("section", "")
	part.put("h2", title)
	return part
}

// spoken puts a sentence, with what stands between backquotes as code.
func (k ink) spoken(tag, text string) {
	if text == "" {
		return
	}
	el := k.put(tag, "")
	for i, part := range strings.Split(text, "`") {
		el.put([]string{"span", "code"}[i%2], part)
	}
}

// validity is the picture, which is on the screen, and its moments in words.
func (k ink) validity(it *report.Item) {
	if len(it.Windows) == 0 {
		return
	}
	part := k.part("Validity")
	if picture := app.Window().Get("document").Call("querySelector", `svg[data-picture="timeline"]`); picture.Truthy() {
		part.Call("append", picture.Call("cloneNode", true))
	}
	rows := part.put("table", "")
	for _, w := range it.Windows {
		row := rows.put("tr", "")
		row.put("th", w.Label)
		switch {
		case moment(w):
			row.put("td", report.Clock(w.From))
		case w.To.IsZero():
			row.put("td", "from "+report.Clock(w.From)+" on")
		default:
			row.put("td", report.Clock(w.From)+" to "+report.Clock(w.To))
		}
		row.put("td", w.Text)
	}
}

// group puts a group of checks, each with why. Of a check that holds a
// citation is enough; of the others its address stands on the paper.
func (k ink) group(g *report.Check) {
	group := k.put("div", "")
	if len(g.Children) == 0 {
		group.check(g)
		return
	}
	group.put("h3", statusGlyph(g.Status)+" "+g.Title+" · "+tally(g))
	for i := range g.Children {
		group.check(&g.Children[i])
	}
}

func (k ink) check(c *report.Check) {
	row := k.put("div", "")
	row.Set("className", statusClass(c.Status))
	row.put("span", statusGlyph(c.Status)+" ")
	row.put("b", c.Title)
	for _, r := range c.Refs {
		row.put("span", " · ")
		if url := r.URL(); url == "" {
			row.put("span", r.String())
		} else {
			a := row.put("a", r.String())
			a.Set("href", url)
			if c.Status != report.Pass {
				a.Set("className", "whole")
			}
		}
	}
	if c.Profile != "" {
		row.put("span", " · profile "+c.Profile)
	}
	row.spoken("p", c.Why)
	if len(c.Needs) > 0 {
		row.put("p", "Needs: "+needList(c.Needs)+".")
	}
}

func (k ink) programs(title string, all []report.Outcome) {
	if len(all) == 0 {
		return
	}
	rows := k.part(title).put("table", "")
	rows.Set("className", "programs")
	for i := 0; i < len(all); {
		o := all[i]
		ways := o.Way
		for i++; i < len(all) && alike(o, all[i]); i++ {
			ways += ", " + all[i].Way
		}
		row := rows.put("tr", "")
		row.put("th", strings.TrimSpace(programName(&o)+" "+o.Version))
		row.put("td", strings.Join(filled(ways, o.Outcome, o.Reason), " · "))
		row.spoken("td", sentence(o.Why))
	}
}

// alike says whether two ways to a program end the same.
func alike(a, b report.Outcome) bool {
	return a.Client == b.Client && a.Version == b.Version && a.Outcome == b.Outcome && a.Reason == b.Reason && a.Why == b.Why
}

// filled leaves out what is empty.
func filled(words ...string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// evidence lists what was found, but for what was not recognised.
func (k ink) evidence(r *report.Report) {
	rows := k.part("Evidence").put("table", "")
	for _, i := range inOrder(r.Items) {
		it := &r.Items[i]
		if it.Beside != report.BesideNothing {
			continue
		}
		row := rows.put("tr", "")
		row.put("td", statusGlyph(it.Verdict.Status))
		row.put("th", itemTitle(it))
		row.put("td", strings.Join(append(roleNames(it), it.Input, octetCount(len(r.Sources[it.Source].Bytes))), " · "))
		sum := "SHA-256 left out: it holds a secret"
		if it.SHA256 != "" {
			sum = it.SHA256
		}
		row.put("td", "").put("code", sum)
	}
}

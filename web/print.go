package web

import (
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
		if old, ok := byID(printID); ok {
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
	k := &ink{}
	at := "evaluated without a time"
	if !s.report.At.IsZero() {
		at = "evaluated at " + report.Clock(s.report.At)
	}
	if len(s.profiles) > 0 {
		at += ", with the profiles " + report.Enumerate(s.profiles)
	}
	k.put("header", "derscope · "+at)
	k.put("h1", statusGlyph(it.Verdict.Status)+" "+statusWord(it.Verdict.Status)+": "+it.Verdict.Headline)
	k.put("p", it.Verdict.Detail)
	k.put("p", itemTitle(it)+", "+s.extent(it)+", from "+it.Input)
	for i := range it.Pictures {
		k.put("h2", it.Pictures[i].Title)
		k.put("picture", it.Pictures[i].Name)
	}
	for _, p := range it.Problems {
		k.put("p", "✕ Could not be read, at octet "+count(p.Offset)+": "+p.Message)
	}
	k.validity(it)
	if len(it.Wants) > 0 {
		k.put("h2", "What would settle what is open")
	}
	for _, w := range it.Wants {
		k.put("p", capital(w.Need)+": "+w.Text)
		k.put("pre", w.How)
	}
	k.put("h2", "Checks")
	for i := range it.Checks {
		g := &it.Checks[i]
		if len(g.Children) == 0 {
			k.check(g)
			continue
		}
		k.put("h3", statusGlyph(g.Status)+" "+g.Title+" · "+tally(g))
		for j := range g.Children {
			k.check(&g.Children[j])
		}
	}
	k.programs("What each "+manner(it).one+" would do", it.Clients)
	k.programs("What servers do with it", it.Servers)
	k.evidence(s.report)
	site().Call("layOut", printID, k.String())
}

// ink is what the script makes elements of, for the printer: lines of a tag
// with a class, and a text. A tag without a text stays open until its end.
type ink struct{ strings.Builder }

func (k *ink) put(tag, text string) {
	if text != "" {
		k.WriteString(tag + " " + report.Clean(text) + "\n")
	}
}

func (k *ink) open(tag string) { k.WriteString(tag + "\n") }
func (k *ink) end()            { k.WriteString("/\n") }

func (k *ink) row(cells ...string) {
	k.open("tr")
	for i, text := range cells {
		k.put([]string{"th", "td"}[min(i, 1)], text)
	}
	k.end()
}

// validity is the picture, which is on the screen, and its moments in words.
func (k *ink) validity(it *report.Item) {
	if len(it.Windows) == 0 {
		return
	}
	k.put("h2", "Validity")
	k.put("picture", "timeline")
	k.open("table")
	for _, w := range it.Windows {
		span := report.Clock(w.From)
		switch {
		case moment(w):
		case w.To.IsZero():
			span = "from " + span + " on"
		default:
			span += " to " + report.Clock(w.To)
		}
		k.row(w.Label, span, w.Text)
	}
	k.end()
}

// check puts a check, with why. Of one that holds a citation is enough; of the
// others its address stands on the paper.
func (k *ink) check(c *report.Check) {
	k.open("div." + statusClass(c.Status))
	k.put("i", statusGlyph(c.Status))
	k.put("b", c.Title)
	for _, r := range c.Refs.List() {
		text := r.String()
		if url := r.URL(); url != "" && c.Status != report.Pass {
			text += " <" + url + ">"
		}
		k.put("span", "· "+text)
	}
	if c.Profile != "" {
		k.put("span", "· profile "+c.Profile)
	}
	k.put("p", c.Why)
	if len(c.Needs) > 0 {
		k.put("p", "Needs: "+needList(c.Needs)+".")
	}
	k.end()
}

func (k *ink) programs(title string, all []report.Outcome) {
	if len(all) == 0 {
		return
	}
	k.put("h2", title)
	k.open("table.programs")
	for i := 0; i < len(all); {
		o := &all[i]
		what := o.Outcome
		if o.Reason != "" {
			what += " · " + o.Reason
		}
		way := o.Way
		for i++; i < len(all) && alike(o, &all[i]); i++ {
			way += ", " + all[i].Way
		}
		if way != "" {
			what = way + " · " + what
		}
		k.row(programName(o)+" "+o.Version, what, sentence(o.Why))
	}
	k.end()
}

// alike says whether two ways to a program end the same.
func alike(a, b *report.Outcome) bool {
	return a.Client == b.Client && a.Version == b.Version && a.Outcome == b.Outcome && a.Reason == b.Reason && a.Why == b.Why
}

// evidence lists what was found, but for what was not recognised.
func (k *ink) evidence(r *report.Report) {
	k.put("h2", "Evidence")
	k.open("table.sums")
	for _, i := range inOrder(r.Items) {
		it := &r.Items[i]
		if it.Beside != report.BesideNothing || it.Members != nil {
			continue
		}
		sum := "SHA-256 left out: it holds a secret"
		if it.SHA256 != "" {
			sum = it.SHA256
		}
		roles := ""
		if names := roleNames(it); len(names) > 0 {
			roles = strings.Join(names, ", ") + " · "
		}
		k.row(statusGlyph(it.Verdict.Status)+" "+itemTitle(it), roles+it.Input+" · "+octetCount(len(r.Sources[it.Source].Bytes)), sum)
	}
	k.end()
}

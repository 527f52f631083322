// Package web is the page: go-app components that show a report, and the
// client of the decoder that makes it. It decodes nothing itself.
//
// # How does it fit together?
//
// All that is shown is one state. Events are caught at the top of the page,
// told apart by data attributes and change the state; the components draw it.
// Each component is given a number that grows when its part of the state
// changes (see turns), so that a scroll does not redraw the verdict.
//
// # Where is what belongs to a part of the page?
//
// In files named by the part: its struct in the state, the component or method
// that draws it, and the method that answers for its buttons (evidencePress,
// comparePress, and so on: see act). judging.go has the way from evidence to a
// report in view, controls.go what parts are drawn from, words.go how things
// are called, browser.go what the browser is asked for. Of what is large the
// program links nothing that the browser or a script can do: see the scripts in
// wasm/assets, and site.
//
// # How does a part ask the worker something?
//
// By state.inquire with the name of an operation, which package wasm answers:
// one case there, which calls a function of package decode and packs what it
// gives (see Packer); the part takes the answer apart in the same order. An
// answer may come late: compare what it was for with what is in view.
//
// # Why handlers at the top and not on each element?
//
// go-app v9 compares handlers by their code, not by what they hold: a closure
// of a row would act on the row that was there before it. It also redraws the
// component of every handler and all around it.
//
// # Why is the paste box not bound to the state?
//
// A value that is written back while somebody types loses characters. The box
// belongs to the browser and is read; only a drop, an example or a clear writes
// to it.
package web

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// Page is the whole page.
type Page struct {
	app.Compo

	s     *state
	early early
}

// early is what was typed before the program had started: go-app replaces the
// prerendered page with its own.
type early struct {
	text     string
	focused  bool
	from, to int
}

// OnInit runs while the prerendered page still stands.
func (p *Page) OnInit() {
	p.s = newState()
	if app.IsServer {
		return
	}
	box, ok := byID("input")
	if !ok {
		return
	}
	p.early = early{
		text:    box.Get("value").String(),
		focused: app.Window().Get("document").Get("activeElement").Equal(box),
		from:    box.Get("selectionStart").Int(),
		to:      box.Get("selectionEnd").Int(),
	}
}

// OnMount brings back what was typed, and starts the decoder.
func (p *Page) OnMount(ctx app.Context) {
	s := p.s
	s.draw = func(f func()) { ctx.Dispatch(func(app.Context) { f() }) }
	s.later = func(d time.Duration, f func()) { ctx.After(d, func(app.Context) { f() }) }
	s.after = func(f func()) { ctx.Defer(func(app.Context) { f() }) }
	// go-app would open each link by itself, and tell the other site where
	// from; the browser does what the link says.
	app.Window().Set("onclick", nil)
	p.listen()
	s.decoder = NewDecoder(func(e Event) { s.draw(func() { s.heard(e) }) })
	if box, ok := byID("input"); ok {
		box.Set("value", p.early.text)
		if p.early.focused {
			box.Call("focus")
			box.Call("setSelectionRange", p.early.from, p.early.to)
		}
	}
	s.at = s.now().UTC().Truncate(time.Second)
	s.writeMoment()
	if p.early.text != "" {
		s.typed = p.early.text
		s.load()
	}
	s.readQuery()
	s.readFragment()
	ctx.After(20*time.Millisecond, func(app.Context) { p.fetch() })
}

// fetch gets what the first paint can do without.
func (p *Page) fetch() {
	s := p.s
	s.fetchExamples("examples", func() {
		s.warm()
		s.openExample(s.lesson.wanted, "", landing{})
	})
	s.fetchTexts()
}

// warm has an example judged and shows nothing of it: the browser compiles each
// part of the program when it first runs, which would make the first paste of
// a visit the slowest.
func (s *state) warm() {
	if s.lesson.seen == nil || len(s.evidence()) > 0 || s.health != Ready {
		return
	}
	e := shelf().Call("find")
	at, _ := momentOf(e)
	s.decoder.Load(evidenceOf(e), Ask{At: at}, func(*report.Report, error) {})
}

// heard takes in how the decoder does.
func (s *state) heard(e Event) {
	switch e.Kind {
	case Coming, Lost, Whole:
		s.comes(e)
		return
	}
	s.turn.evidence++
	s.turn.verdict++
	switch e.Kind {
	case Restarted:
		s.notice = "The decoder was restarted: " + e.Text + ". What it had read is read again, unless reading it was the cause."
		s.said = s.notice
	case Failed:
		s.notice = "The decoder does not start: " + e.Text + "."
		s.said = s.notice
	}
	s.health = e.Kind
	if e.Kind == Ready {
		s.warm()
	}
}

// Render draws the page; each part is drawn again when its number has grown.
func (p *Page) Render() app.UI {
	s := p.s
	if s == nil {
		s = newState()
		p.s = s
	}
	empty := "no"
	if s.report == nil {
		empty = "yes"
	}
	comparing := "no"
	if s.compare.open {
		comparing = "yes"
	}
	return app.Div().Class("app").ID("app").DataSet("section", s.section).DataSet("empty", empty).DataSet("comparing", comparing).
		OnClick(p.onClick).OnInput(p.onInput).OnChange(p.onChange).OnKeyDown(p.onKey).Body(
		app.A().Class("skip").Href("#result").Text("Skip to the result"),
		app.If(s.report != nil && len(s.report.Items) > 0, app.A().Class("skip").Href("#structure").Text("Skip to the structure")).
			Else(nothing()),
		&bar{S: s, Turn: s.turn.bar},
		sections(s),
		app.Main().Class("cols").Body(
			&evidence{S: s, Turn: s.turn.evidence},
			app.Div().Class("col", "middle").ID("result").TabIndex(-1).Body(
				&arrived{S: s, Turn: s.turn.link + s.turn.verdict},
				app.Section().Class("panel", "strip").ID("strip").Aria("label", "Example").Hidden(true),
				&verdict{S: s, Turn: s.turn.verdict},
				app.Section().Class("panel", "gallery").ID("welcome").Aria("label", "Examples"),
				&pictures{S: s, Turn: s.turn.verdict},
				&timeline{S: s, Turn: s.turn.verdict},
				&status{S: s, Turn: s.turn.status},
				&request{S: s, Turn: s.turn.builder},
				&clients{S: s, Turn: s.turn.programs},
				&servers{S: s, Turn: s.turn.programs},
				&callbacks{S: s, Turn: s.turn.programs},
				&calls{S: s, Turn: s.turn.programs},
			),
			&compareView{S: s, Turn: s.turn.compare},
			&structure{S: s, Turn: s.turn.structure},
		),
		&sheet{S: s, Turn: s.turn.sheet},
		app.P().Class("toast").Aria("hidden", "true").Hidden(s.toast == "").Text(s.toast),
		app.P().Class("unseen").ID("said").Role("status").Text(s.said),
	)
}

// sections is how a narrow page, which shows one column, goes from one to the
// next.
func sections(s *state) app.UI {
	part := func(name, label string) app.UI {
		b := do("section", name, label)
		if s.section == name {
			b = b.Aria("current", "page")
		}
		return b
	}
	middle := "Verdict"
	if s.compare.open {
		middle = "Compare"
	}
	return app.Nav().Class("sections").Aria("label", "Parts of the page").Body(
		// The verdict heads the page, but where it is not in view.
		app.H1().Class("unseen").Text(capital(s.section)),
		part(partEvidence, "Evidence"),
		part(partVerdict, middle),
		part(partStructure, "Structure"),
	)
}

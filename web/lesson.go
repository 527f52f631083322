package web

import (
	"slices"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// An example takes the place of the user's evidence, which is set aside and
// comes back as it was.

// lesson is the example in view, and what it stands in front of.
type lesson struct {
	all      map[string]Example // that were fetched, by name
	seen     map[string]Seen    // by rule
	fetched  bool               // the vectors beside the gallery
	fault    string             // why some did not come
	wanted   string             // that the address names, before they came
	filter   string             // of the gallery
	shown    string             // name of the example in view, or ""
	from     string             // name of the pair that it was turned over from, or ""
	say      bool               // it is to be announced with its verdict
	landing  landing            // where to go once it is judged
	profiles []string           // of the user, while an example brings its own
	aside    []aside
}

// landing is a place in a report that may be in another one too.
type landing struct {
	rule        string // a check,
	fail        bool   // that does not hold
	input, kind string // or an item,
	path        string // a field in it
	top, tree   int    // and how far the verdict and the tree were scrolled
}

// aside is evidence of the user's that an example stands in front of.
type aside struct {
	typed    string
	files    []Evidence
	copies   []copied
	said     []Said
	at       time.Time
	pinned   bool
	profiles []string
	nonce    []byte
	tab      string
	section  string
	landing  landing
}

// spotted is the place that the user looks at.
func (s *state) spotted() (p landing) {
	if s.report == nil {
		return p
	}
	it := &s.report.Items[s.shown]
	p.input, p.kind = it.Input, it.Kind
	if s.sel != report.None {
		p.path = s.report.Path(s.sel)
	}
	if el := app.Window().GetElementByID("result"); el.Truthy() {
		p.top = el.Get("scrollTop").Int()
	}
	p.tree = s.fields.top
	return p
}

// setAside puts what the user brought out of the way of an example.
func (s *state) setAside() {
	if s.sample && len(s.edits.copies) == 0 || len(s.evidence()) == 0 {
		return
	}
	s.lesson.aside = append(s.lesson.aside, aside{typed: s.typed, files: s.files, copies: s.edits.copies, said: s.roles.said, at: s.at, pinned: s.pinned,
		profiles: s.profiles, nonce: s.nonce, tab: s.tab, section: s.section, landing: s.spotted()})
}

// back brings the evidence that was set aside last to the page again. What the
// user brought since is set aside in its place.
func (s *state) back() {
	n := len(s.lesson.aside) - 1
	if n < 0 {
		return
	}
	a := s.lesson.aside[n]
	s.lesson.aside = slices.Clone(s.lesson.aside[:n])
	s.setAside()
	s.lesson.shown, s.lesson.from, s.lesson.landing = "", "", a.landing
	s.typed, s.files, s.roles, s.sample, s.picked = a.typed, a.files, roles{said: a.said}, false, false
	s.edits = edits{copies: a.copies}
	writeBox(a.typed)
	s.setMoment(a.at, a.pinned)
	s.setProfiles(a.profiles)
	s.setNonce(a.nonce)
	s.tab = a.tab
	focus("#result") // the button goes away
	s.load()
	s.section, s.stay = a.section, true
}

// forgetAside drops what was set aside.
func (s *state) forgetAside() {
	s.lesson.aside = nil
	s.turn.verdict++
	focus("#result")
}

// openExample shows an example by its name, and goes to a place in it.
func (s *state) openExample(name string, to landing) {
	e, ok := s.lesson.all[name]
	switch {
	case ok:
		s.showExample(e, to)
	case s.lesson.all == nil:
		s.lesson.wanted = name // until the examples have come
	case s.lesson.fetched:
		s.tell("There is no example called «" + name + "». Open the list of examples to choose another.")
	default:
		Examples("vectors", func(c Collection, err error) {
			s.draw(func() {
				if err != nil {
					s.tell("The examples could not be fetched: " + err.Error() + ". Try again when the page is connected.")
					return
				}
				s.lesson.fetched = true
				s.learn(c)
				s.openExample(name, to)
			})
		})
	}
}

func (s *state) showExample(e Example, to landing) {
	s.closeMenu()
	if s.sheet != "" {
		s.closeSheet()
	}
	s.setAside()
	if s.lesson.shown == "" {
		s.lesson.profiles = s.profiles
	}
	if to == (landing{}) && e.Rule != "" {
		to = landing{rule: e.Rule, fail: e.Status != report.Pass}
	}
	s.files, s.roles, s.edits, s.typed, s.picked, s.sample = nil, roles{}, edits{}, "", false, true
	s.lesson.shown, s.lesson.say, s.lesson.landing = e.Name, true, to
	writeBox("")
	if to.rule == "" {
		focus("#result") // what was clicked goes away
	}
	s.setMoment(e.At, !e.At.IsZero())
	for _, f := range e.Files {
		s.files = append(s.files, Evidence{Name: f.Name, Bytes: f.Bytes, Role: f.Role})
	}
	s.setProfiles(e.Profiles)
	s.setNonce(e.Nonce)
	s.turn.all()
	s.load()
}

// leaveExample makes room for evidence of the user's own: what belongs to an
// example, and the moment it is judged at, would only mislead beside it.
func (s *state) leaveExample() {
	if s.lesson.shown != "" {
		s.lesson.shown, s.lesson.from = "", ""
		s.setProfiles(s.lesson.profiles)
	}
	if !s.sample {
		return
	}
	s.files, s.roles, s.edits, s.sample, s.pinned = nil, roles{}, edits{}, false, false
	s.setNonce(nil)
}

// setMoment takes a moment for the one to judge at, if the user chose it.
func (s *state) setMoment(at time.Time, pinned bool) {
	if s.pinned = pinned; pinned {
		s.at = at.UTC()
		s.writeMoment()
	}
}

// setProfiles picks profiles, and ticks their boxes.
func (s *state) setProfiles(names []string) {
	s.profiles = slices.Clone(names)
	boxes := app.Window().Get("document").Call("querySelectorAll", "[data-change=profile]")
	for i := range boxes.Length() {
		boxes.Index(i).Set("checked", slices.Contains(names, data(boxes.Index(i), "arg")))
	}
}

// openPair shows what differs from an example in one thing, at the same place.
func (s *state) openPair(name string) {
	e, ok := s.lesson.all[name]
	if !ok {
		return
	}
	to := landing{}
	if name == s.lesson.shown {
		to = s.spotted()
		if to.top < 0 {
			to = landing{}
		}
	}
	pair := s.pairOf(e)
	s.openExample(pair, to)
	s.lesson.from = name
}

// pairOf is the example to turn over to: the one that was turned over from, or
// else the one that the example names.
func (s *state) pairOf(e Example) string {
	if e.Name == s.lesson.shown && s.lesson.from != "" {
		return s.lesson.from
	}
	return e.Pair
}

// step goes to the next example of the gallery, or to the one before.
func (s *state) stepExample(by int) {
	i := s.placeOf(s.lesson.shown) + by
	if i >= 0 && i < len(s.examples) {
		s.lesson.from = ""
		s.showExample(s.examples[i], landing{})
	}
}

// placeOf is the place of an example in the gallery, or -1.
func (s *state) placeOf(name string) int {
	return slices.IndexFunc(s.examples, func(e Example) bool { return e.Name == name })
}

// arriveAt goes to the place that was asked for, where the report has it.
func (s *state) arriveAt() {
	l := &s.lesson
	to := l.landing
	l.landing = landing{}
	if to.rule != "" {
		s.toRule(to)
	} else if to.kind != "" {
		s.toPlace(to)
	}
	if e, ok := l.all[l.shown]; ok && l.say {
		title := e.Title
		if title != "" {
			title += ". "
		}
		s.said = "Example: " + title + e.Lesson + " " + s.said
	}
	l.say = false
}

func (s *state) toPlace(to landing) {
	i := slices.IndexFunc(s.report.Items, func(it report.Item) bool { return it.Input == to.input && it.Kind == to.kind })
	if i < 0 {
		return
	}
	if i != s.item {
		s.choose(i)
	}
	it := &s.report.Items[i]
	for n := it.Root; n < it.End; n++ {
		if s.report.Path(n) == to.path {
			s.selectNode(n)
			break
		}
	}
	s.fields.top = to.tree
	s.after(func() {
		if el := app.Window().GetElementByID("result"); el.Truthy() {
			el.Set("scrollTop", to.top)
		}
	})
	s.settle()
}

// toRule judges an item that has a check, opens the check and moves there.
func (s *state) toRule(to landing) {
	for i := range s.report.Items {
		if c := findCheck(s.report.Items[i].Checks, to.rule); c != nil && (c.Status != report.Pass || c.Note) == to.fail {
			if i != s.item {
				s.choose(i)
			}
			s.openCheck(to.rule)
			return
		}
	}
}

func findCheck(all []report.Check, id string) *report.Check {
	for i := range all {
		if all[i].ID == id && len(all[i].Children) == 0 {
			return &all[i]
		}
		if c := findCheck(all[i].Children, id); c != nil {
			return c
		}
	}
	return nil
}

// openCheck opens a check of the status tree and what it stands in, and moves
// the focus to it.
func (s *state) openCheck(id string) {
	for i := range s.current().Checks {
		g := &s.current().Checks[i]
		c := findCheck(s.current().Checks[i:i+1], id)
		if c == nil {
			continue
		}
		held, key := c.Status == report.Pass && !c.Note, ""
		if len(g.Children) > 0 {
			key = "group " + g.ID + g.Title
			s.unfold(key, g.Status != report.Pass)
			if held {
				s.unfold("held "+key, false)
			}
		}
		s.unfold("check "+key+c.ID+c.Title, !held)
	}
	s.turn.status++
	s.after(func() {
		css := `[data-check="` + id + `"]`
		if el := app.Window().Get("document").Call("querySelector", css); el.Truthy() {
			focus(css + " .fold")
			el.Call("scrollIntoView", map[string]any{"block": "center"})
		}
	})
}

// unfold opens a disclosure, given how it first is.
func (s *state) unfold(key string, first bool) {
	if !s.isOpen(key, first) {
		s.flip(key)
	}
}

// see opens an example in which a rule fails, or one in which it holds.
func (s *state) see(arg string) {
	rule, how, _ := strings.Cut(arg, " ")
	r, to := s.lesson.seen[rule], landing{rule: rule, fail: how == "fail"}
	name := r.Pass
	if to.fail {
		name = r.Fail
	}
	s.lesson.from = ""
	s.openExample(name, to)
}

// seeButtons are the ways from a check to examples of it.
func (s *state) seeButtons(c *report.Check) app.UI {
	r, ok := s.lesson.seen[c.ID]
	if !ok {
		return nil
	}
	button := func(name, how, label string) app.UI {
		if name == "" || name == s.lesson.shown {
			return nil
		}
		return do("see", c.ID+" "+how, label).Class("link").Aria("label", label+": "+c.Title)
	}
	held := c.Status == report.Pass && !c.Note
	return app.Span().Class("sees").Body(
		app.If(held || c.Status == report.Open, button(r.Fail, "fail", "See it fail")),
		app.If(!held, button(r.Pass, "pass", "See it pass")),
	)
}

// openNamed opens the example that an address names; ocsp/ may be left out.
func (s *state) openNamed(name string) {
	if !strings.Contains(name, "/") {
		name = "ocsp/" + name
	}
	s.openExample(name, landing{})
}

// linkExample copies an address that opens the example in view.
func (s *state) linkExample() {
	at, _, _ := strings.Cut(app.Window().Get("location").Get("href").String(), "#")
	s.copy(at+"#example="+s.lesson.shown, "A link to this example is copied.")
}

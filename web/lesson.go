package web

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// An example takes the place of the user's evidence, which is set aside and
// comes back as it was. The lists of examples and the strip over one that is
// open are drawn by wasm/assets/examples.js, which takes a fraction of the
// octets there that it would take in the program.

// lesson is the example in view, and what it stands in front of.
type lesson struct {
	seen     map[string]string // by rule: the examples in which it fails, and in which it holds
	wanted   string            // that the address names, before the examples came
	shown    string            // name of the example in view, or ""
	from     string            // name of the pair that it was turned over from, or ""
	words    string            // of it, to be announced with its verdict
	landing  landing           // where to go once it is judged
	profiles []string          // of the user, while an example brings its own
	set      []Setting         // the same
	aside    []aside
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
	set      []Setting
	nonce    []byte
	tab      string
	section  string
	landing  landing
}

// shelf is where the browser keeps the examples.
func shelf() app.Value { return app.Window().Get("examples") }

// fetchExamples gets the gallery, or the examples beside it: "vectors".
func (s *state) fetchExamples(file string, then func()) {
	await(shelf().Call("load", file), func(lines app.Value) {
		s.draw(func() {
			if s.lesson.seen == nil {
				s.lesson.seen = map[string]string{}
			}
			for line := range strings.Lines(lines.String()) {
				rule, names, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
				s.lesson.seen[rule] = names
			}
			s.turn.evidence++
			s.turn.status++
			then()
		})
	}, func(err app.Value) {
		s.draw(func() {
			s.tell("The examples could not be fetched: " + err.Get("message").String() + ". Try again when the page is connected.")
		})
	})
}

// openGallery shows all examples.
func (s *state) openGallery() {
	s.openSheet(sheetExamples)
	s.after(func() {
		shelf().Call("list", app.Window().GetElementByID("gallery"), s.lesson.shown)
	})
}

// strip draws what stands over the evidence in view.
func (s *state) strip() {
	pieces := 0
	if n := len(s.lesson.aside); n > 0 {
		a := &s.lesson.aside[n-1]
		if pieces = len(a.files) + len(a.copies); a.typed != "" {
			pieces++
		}
	}
	shelf().Call("strip", s.lesson.shown, s.lesson.from, pieces)
}

// openExample shows an example by its name, and goes to a place in it. from is
// the pair that it is turned over from.
func (s *state) openExample(name, from string, to landing) {
	switch e := shelf().Call("find", name); {
	case name == "":
	case e.Truthy():
		s.showExample(e, from, to)
	case s.lesson.seen == nil:
		s.lesson.wanted = name // until the examples have come
	case shelf().Call("came", "vectors").Bool():
		s.tell("There is no example called «" + name + "». Open the list of examples to choose another.")
	default:
		s.fetchExamples("vectors", func() { s.openExample(name, from, to) })
	}
}

func (s *state) showExample(e app.Value, from string, to landing) {
	text := func(key string) string { return e.Get(key).String() }
	s.closeMenu()
	if s.sheet != "" {
		s.closeSheet()
	}
	s.setAside()
	l := &s.lesson
	if l.shown == "" {
		l.profiles, l.set = s.profiles, s.set
	}
	if rule := text("rule"); rule != "" && to.rule == "" && to.kind == "" {
		to = landing{rule: rule, fail: text("status") != "pass", quiet: true}
	}
	l.shown, l.from, l.landing = text("name"), from, to
	l.words = "Example: " + strings.TrimPrefix(text("title")+". ", ". ") + text("lesson") + " "
	s.files, s.roles, s.edits, s.typed, s.picked, s.sample = evidenceOf(e), roles{}, edits{}, "", false, true
	writeBox("")
	if to.rule == "" || to.quiet {
		focus("#result") // what was clicked goes away
	}
	s.setMoment(momentOf(e))
	s.setProfiles(strings.Fields(text("profiles")))
	s.set = settingsOf(e)
	var nonce []byte
	if sent := text("nonce"); sent != "" { // an empty one is a nonce, too
		nonce, _ = hex.DecodeString(sent)
	}
	s.setNonce(nonce)
	s.strip()
	s.turn.all()
	s.load()
}

// evidenceOf is what an example brings.
func evidenceOf(e app.Value) (all []Evidence) {
	for i := range e.Get("files").Length() {
		file, octets := e.Get("files").Index(i), e.Get("octets").Index(i)
		one := Evidence{Name: file.Index(0).String(), Role: file.Index(1).String(), Bytes: octetsFrom(octets)}
		if kind := file.Index(3); kind.Truthy() {
			one.Kind = kind.String()
		}
		all = append(all, one)
	}
	return all
}

// settingsOf are the switches that an example is to be judged with.
func settingsOf(e app.Value) (set []Setting) {
	list := e.Get("settings")
	for i := 0; list.Truthy() && i+1 < list.Length(); i += 2 {
		set = append(set, Setting{list.Index(i).String(), list.Index(i + 1).String()})
	}
	return set
}

// momentOf is when an example is to be judged, if it says so.
func momentOf(e app.Value) (time.Time, bool) {
	at := e.Get("at").Int()
	return time.Unix(int64(at), 0).UTC(), at != 0
}

// leaveExample makes room for evidence of the user's own: what belongs to an
// example, and the moment it is judged at, would only mislead beside it.
func (s *state) leaveExample() {
	if s.lesson.shown != "" {
		s.lesson.shown, s.lesson.from = "", ""
		s.setProfiles(s.lesson.profiles)
		s.set = s.lesson.set
		s.strip()
	}
	if !s.sample {
		return
	}
	s.files, s.roles, s.edits, s.sample, s.pinned = nil, roles{}, edits{}, false, false
	s.lesson.landing = landing{}
	s.setNonce(nil)
}

// setAside puts what the user brought out of the way of an example.
func (s *state) setAside() {
	if s.sample && len(s.edits.copies) == 0 || len(s.evidence()) == 0 {
		return
	}
	s.lesson.aside = append(s.lesson.aside, aside{typed: s.typed, files: s.files, copies: s.edits.copies, said: s.roles.said,
		at: s.at, pinned: s.pinned, profiles: s.profiles, set: s.set, nonce: s.nonce, tab: s.tab, section: s.section, landing: s.spotted()})
}

// back brings the evidence that was set aside last to the page again. What the
// user brought since is set aside in its place.
func (s *state) back() {
	n := len(s.lesson.aside) - 1
	if n < 0 {
		return
	}
	a := s.lesson.aside[n]
	s.lesson.aside = s.lesson.aside[:n:n]
	s.setAside()
	s.lesson.shown, s.lesson.from, s.lesson.landing = "", "", a.landing
	s.typed, s.files, s.roles, s.edits, s.sample, s.picked = a.typed, a.files, roles{said: a.said}, edits{copies: a.copies}, false, false
	writeBox(a.typed)
	s.setMoment(a.at, a.pinned)
	s.setProfiles(a.profiles)
	s.set = a.set
	s.setNonce(a.nonce)
	s.tab = a.tab
	s.strip()
	focus("#result") // the button goes away
	s.load()
	s.section, s.stay = a.section, true
}

// see opens an example in which a rule fails, or one in which it holds.
func (s *state) see(arg string) {
	rule, how, _ := strings.Cut(arg, " ")
	fail, pass, _ := strings.Cut(s.lesson.seen[rule], " ")
	to := landing{rule: rule, fail: how == "fail"}
	if to.fail {
		pass = fail
	}
	s.openExample(pass, "", to)
}

// turnOver shows the pair of an example, at the same place if it is in view.
func (s *state) turnOver(arg string) {
	name, from, _ := strings.Cut(arg, " ")
	to := landing{}
	if from == s.lesson.shown {
		to = s.spotted()
	}
	s.openExample(name, from, to)
}

// seeButtons are the ways from a check to examples of it.
func (s *state) seeButtons(c *report.Check) app.UI {
	fail, pass, _ := strings.Cut(s.lesson.seen[c.ID], " ")
	if held(c) || c.Status == report.Open && pass == "" {
		return s.seeButton(c, fail, " fail", "See it fail")
	}
	return s.seeButton(c, pass, " pass", "See it pass")
}

func (s *state) seeButton(c *report.Check, name, how, label string) app.UI {
	if name == "" || name == s.lesson.shown {
		return nil
	}
	return do("see", c.ID+how, label).Class("link").Aria("label", label+": "+c.Title)
}

// openNamed opens the example that an address names; ocsp/ may be left out.
func (s *state) openNamed(name string) {
	if !strings.Contains(name, "/") {
		name = "ocsp/" + name
	}
	s.openExample(name, "", landing{})
}

// lessonPress answers for the buttons of examples, which examples.js draws.
func (s *state) lessonPress(b press) bool {
	switch b.name {
	case "examples":
		s.openGallery()
	case "example":
		s.openExample(b.arg, "", landing{})
	case "turn-over":
		s.turnOver(b.arg)
	case "see":
		s.see(b.arg)
	case "link-example":
		s.copy(shelf().Call("link", s.lesson.shown).String(), "A link to this example is copied.")
	case "back":
		s.back()
	case "forget-aside":
		s.lesson.aside = nil
		s.strip()
		focus("#result")
	default:
		return false
	}
	return true
}

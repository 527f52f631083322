package web

import (
	"bytes"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// arrival is what came of a link.
type arrival struct {
	read  int    // how many links were
	asks  *link  // would replace what is here, and waits for the user's word
	told  string // what was opened
	wrong string // why nothing was
	own   []byte // the evidence as it was opened
	land  *link  // whose selection is taken once its evidence is read
}

// arrive shows what a link holds; in place of the user's own evidence only
// when they say so.
func (s *state) arrive(l *link) {
	s.arrived.asks, s.arrived.told, s.arrived.wrong = nil, "", ""
	s.turn.link++
	if own := s.own(); len(s.evidence()) == 0 || s.sample || bytes.Equal(own, s.arrived.own) {
		s.restore(l)
		return
	}
	s.arrived.asks = l
	s.section = partVerdict
	s.said = "A link holds " + l.words() + ". Open it in place of what is here?"
}

// refuse says why a link does not open. What is here stays.
func (s *state) refuse(why string) {
	s.arrived.asks, s.arrived.told, s.arrived.wrong = nil, "", why
	s.turn.link++
	if s.report != nil {
		s.section = partVerdict
	}
	s.said = why
}

// own is the evidence and what was said of it, to tell whether the user has
// changed anything since a link was opened.
func (s *state) own() []byte {
	l := &link{Evidence: s.linked(nil), Roles: s.roles.said}
	return l.pack()
}

// restore puts the page where it was when the link was made. What of it there
// is no longer, such as a profile, is left out.
func (s *state) restore(l *link) {
	s.files, s.roles, s.typed, s.sample, s.picked, s.sel = nil, roles{}, "", false, false, report.None
	s.compare, s.edits = compare{}, edits{}
	names := s.naming()
	for _, e := range l.Evidence {
		switch {
		case e.Box && s.typed == "":
			s.typed = string(e.Bytes)
		case e.Instead != "": // its changes did not come along: it starts from here
			e.Name = names.unused(e.Name)
			s.edits.copies = append(s.edits.copies, copied{Evidence: e.Evidence, title: e.Name, original: e.Bytes})
		default:
			e.Name = names.unused(e.Name)
			s.files = append(s.files, e.Evidence)
		}
	}
	s.lesson.shown, s.lesson.from = "", ""
	s.strip()
	writeBox(s.typed)
	s.typing++ // what was being typed is gone
	s.roles.said = l.Roles
	s.profiles = nil
	for _, p := range profiles {
		if slices.Contains(l.Profiles, p.name) {
			s.profiles = append(s.profiles, p.name)
		}
	}
	s.set = slices.DeleteFunc(l.Set, func(p Setting) bool { return !isSwitch(p.Name) })
	s.setNonce(l.Nonce)
	if s.pinned = !l.At.IsZero(); s.pinned {
		s.at = l.At
		s.writeMoment()
	}
	s.arrived.told = l.words()
	s.arrived.own = s.own()
	s.turn.bar++
	s.load()
	s.arrived.land = l
}

// land takes the selection of a link over, now that its evidence is read.
func (s *state) land() {
	l := s.arrived.land
	if l == nil {
		return
	}
	s.arrived.land = nil
	if i := l.Item.in(s.report); i >= 0 && i != s.item {
		s.choose(i)
	}
	s.picked = l.Picked
	if slices.Contains(tabs, l.Tab) {
		s.tab, s.tabbed = l.Tab, true
	}
	if i := l.Shown.in(s.report); i >= 0 {
		if it := &s.report.Items[i]; l.Sel > 0 && l.Sel <= int(it.End-it.Root) {
			s.reach(it.Root+report.Ref(l.Sel-1), l.Element-1)
		}
	}
}

// words say what is in a link.
func (l *link) words() string {
	var names []string
	for i := range l.Evidence {
		if i == 3 && len(l.Evidence) > 4 {
			names = append(names, count(len(l.Evidence)-3)+" more")
			break
		}
		name := report.Clean(shorten(l.Evidence[i].Name, longName))
		if l.Evidence[i].Box {
			name = "a paste of " + octetCount(len(l.Evidence[i].Bytes))
		}
		names = append(names, name)
	}
	text := report.Enumerate(names)
	if !l.At.IsZero() {
		text += ", judged at " + report.Clock(l.At)
	}
	return text
}

// arrived is the line that tells of a link.
type arrived struct {
	app.Compo
	S    *state
	Turn int
}

func (v *arrived) Render() app.UI {
	a := &v.S.arrived
	switch {
	case a.asks != nil:
		return linkPanel("A link holds "+a.asks.words()+". Opening it takes away what is here now.",
			do("link", "open", "Open the link").Class("primary"),
			do("link", "keep", "Keep what is here"))
	case a.wrong != "":
		return linkPanel(a.wrong+" Nothing was opened.", do("link", "keep", "Dismiss"), nothing())
	case a.told != "" && len(v.S.evidence()) > 0:
		return linkPanel("Opened from a link: "+strings.TrimSuffix(a.told, ".")+".",
			do("clear", "", "Clear"), do("link", "hide", "Dismiss"))
	}
	return nothing()
}

func linkPanel(text string, first, second app.UI) app.UI {
	return app.Section().Class("panel", "link").ID("link").Aria("label", "Link").Body(
		app.P().Text(text),
		div("row flat", first, second),
	)
}

// answerLink does what a button of the line says.
func (s *state) answerLink(what string) {
	a := &s.arrived
	s.turn.link++
	switch l := a.asks; {
	case what == "open" && l != nil:
		a.asks = nil
		s.restore(l)
	case what == "keep":
		a.asks, a.wrong = nil, ""
		leaveFragment()
	case what == "hide":
		a.told = ""
	}
	focus("#result")
}

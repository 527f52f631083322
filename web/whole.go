package web

import (
	"bytes"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// coming is the whole decoder on its way. The page begins with one that reads
// what most people bring; the other is fetched when there is nothing else to do,
// or as soon as something is here that it may know better.
type coming struct {
	here  bool
	far   string // how much of it has come; "": not known
	fault string // why it has not
}

// further has the whole decoder fetched if it may read what is in view.
func (s *state) further() {
	if s.unread() && s.decoder != nil {
		s.coming.far, s.coming.fault = "", ""
		s.decoder.Further()
	}
}

// unread says whether something was not read that the whole decoder may read.
func (s *state) unread() bool {
	return s.report != nil && !s.coming.here &&
		(itemWhere(s.report, s.leaves) >= 0 || slices.ContainsFunc(s.evidence(), func(e Evidence) bool { return e.Secret }))
}

// leaves says whether the whole decoder may read an item that was not read: any
// octets, but of the words beside a message only those of a TLS program.
func (s *state) leaves(it *report.Item) bool {
	switch {
	case it.Carrier >= 0 || it.Kind != "unknown" && it.Kind != "asn1":
		return false
	case it.Beside != report.BesideText:
		return true
	}
	text := s.report.Sources[it.Source].Bytes
	return slices.ContainsFunc([]string{"SSL", "TLS", "CLIENT_"}, func(word string) bool { return bytes.Contains(text, []byte(word)) })
}

// awaits says whether what is to be judged is not read before the whole decoder
// is here: a verdict on it would be wrong, and one on a certificate between the
// messages of a connection would be on something else.
func (s *state) awaits() bool {
	it := s.current()
	if it == nil || s.coming.here || s.coming.fault != "" {
		return false
	}
	return s.leaves(it) || !s.picked && itemWhere(s.report, func(it *report.Item) bool { return it.Beside == report.BesideTLS }) >= 0
}

// comes takes in how the whole decoder comes.
func (s *state) comes(e Event) {
	c := &s.coming
	awaited := s.unread()
	switch e.Kind {
	case Coming:
		c.far = e.Text
	case Lost:
		c.far, c.fault = "", e.Text
		if s.builder.open {
			s.buildLater()
		}
	case Whole:
		*c = coming{here: true}
		if s.report == nil {
			s.warm()
		} else if e.Report != nil && !s.reading && e.Report != s.report {
			s.reread(e.Report)
		}
		s.rebuild()
	}
	if awaited {
		s.turn.verdict++
		if e.Kind == Lost {
			s.said = c.words()
		} else if c.here {
			s.verdictSaid()
		}
	}
}

// reread shows what the whole decoder makes of the evidence in view. Where it
// finds the same things nothing moves.
func (s *state) reread(r *report.Report) {
	s.find.again = s.find.again || s.find.busy && s.find.jump
	s.unanswered()
	if !slices.EqualFunc(s.report.Items, r.Items, func(a, b report.Item) bool {
		return a.Kind == b.Kind && a.SHA256 == b.SHA256 && a.Root == b.Root && a.End == b.End
	}) {
		s.take(r)
		s.turn.all()
		return
	}
	r.Nodes = s.report.Nodes // with those made since
	s.report = r
	s.fetching, s.course.asked = false, ""
	s.follow()
	s.renew()
	s.settle()
	s.turn.all()
	if s.sheet == sheetShare {
		s.clearLink()
	}
}

// words say how the whole decoder comes.
func (c *coming) words() string {
	switch {
	case c.fault != "":
		return "The readers for TLS and CMP have not come: " + sentence(c.fault) + " What is shown is what was read without them."
	case c.far != "":
		return "Reading on: the readers for TLS and CMP are being fetched, " + c.far + "."
	}
	return "Reading on: the readers for TLS and CMP are being fetched."
}

// readingOn stands in the place of a verdict until there is one.
func (v *verdict) readingOn() app.UI {
	return div("stack", app.Div().Class("panel", "verdict", "busy").Aria("busy", "true").Body(
		app.Span().Class("big", "none").Aria("hidden", "true"),
		app.Div().Body(app.H1().Text("Reading on"), app.P().Text(capital(strings.TrimPrefix(v.S.coming.words(), "Reading on: "))), app.P().Class("meter")),
	))
}

// further says, below a verdict, that there may be more to say.
func (v *verdict) further() app.UI {
	s := v.S
	switch {
	case !s.unread():
		return nothing()
	case s.coming.fault != "":
		return parOf("notice", app.Text(s.coming.words()+" "), do("further", "", "Try again"))
	}
	return par("notice", s.coming.words())
}

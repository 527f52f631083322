package web

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// slider moves the moment of evaluation through the picture; a band below it
// shows what the verdict is when.
func (t *timeline) slider() []app.UI {
	s := t.S
	return []app.UI{
		app.Label().Class("slide").Body(
			span("unseen", "Evaluated at"),
			app.Input().Type("range").ID("slide").Min(0).Max(moments).Step(1).DataSet("input", "slide").
				Aria("valuetext", s.report.At.Format(momentLayout)+" UTC, "+statusWord(s.current().Verdict.Status)),
		),
		t.picture("band", 22, "The verdict over time: "+s.course.words()).Body(t.band()...),
		t.changes(),
		t.list(),
	}
}

// band is a strip for each stretch, with its sign, and its word where there is
// room.
func (t *timeline) band() []app.UI {
	c, right := &t.S.course, float64(gutter+t.axisWide())
	words := []app.UI{label(0, 15, "name", "Verdict")}
	var strips []app.UI
	for i, k := range c.stretches {
		from, to := t.x(k.from), right // since ever is the left edge
		if end := c.until(i); !end.IsZero() {
			to = t.x(end)
		}
		if from >= right && i > 0 || to <= gutter {
			continue
		}
		strip := path("data-band", statusClass(k.status), "M%.1f 2h%.1fv18H%.1fz", from, max(2, to-from), from).
			DataSet("do", "turn").DataSet("arg", i).Body(svg("title").Text(c.line(i)))
		if to-from < 4 { // to be seen all the same, it lies over its neighbours
			words = append(words, strip)
			continue
		}
		strips = append(strips, strip)
		text := statusGlyph(k.status)
		if word := text + " " + statusWord(k.status); to-from > float64(8*len(word)) {
			text = word
		}
		if to-from > 14 {
			words = append(words, label((from+to)/2, 15, "strip", text))
		}
	}
	words = append(words, path("data-line", "now", "M%.1f 0v22", t.x(t.S.report.At)))
	return append(strips, words...)
}

// line tells of one stretch in a line.
func (c *course) line(i int) string {
	k := c.stretches[i]
	return c.when(i) + ": " + statusWord(k.status) + ": " + k.headline
}

// when says from when until when a stretch is.
func (c *course) when(i int) string {
	from, until := c.stretches[i].from, c.until(i)
	switch {
	case i == 0 && until.IsZero():
		return "At any time"
	case i == 0:
		return "Until " + exact(until)
	case until.IsZero():
		return "From " + exact(from)
	}
	return exact(from) + " to " + exact(until)
}

// exact is a moment without what is zero of it.
func exact(t time.Time) string { return strings.TrimSuffix(t.UTC().Format(momentLayout), ":00") }

// words are all stretches, for those who do not see them.
func (c *course) words() string {
	var all []string
	for i := range c.stretches {
		all = append(all, c.line(i))
	}
	return strings.Join(all, ". ")
}

// changes tells of the stretch at the moment, between the ways to the changes
// before and after it.
func (t *timeline) changes() app.UI {
	s := t.S
	at := s.report.At
	now := app.P().Class("stretch")
	if i := s.course.during(at); i >= 0 {
		k := s.course.stretches[i]
		now = parOf("stretch", signed(k.status), app.Span().Text(s.course.when(i)))
	}
	_, before := s.course.before(at)
	_, after := s.course.after(at)
	return div("changes",
		change("before", "‹", "Previous change of the verdict", before),
		now,
		change("after", "›", "Next change of the verdict", after),
	)
}

// change is a button that keeps the focus when there is no further change.
func change(arg, text, name string, can bool) app.UI {
	b := do("turn", arg, text).Aria("label", name).Title(name)
	if !can {
		b = b.Aria("disabled", "true")
	}
	return b
}

// list is the stretches in words, each a way to it.
func (t *timeline) list() app.UI {
	s := t.S
	c := &s.course
	n := len(c.stretches) - 1
	text := "The verdict over time"
	if n >= 0 {
		text += ": " + plural(n, "change")
	}
	at := c.during(s.report.At)
	return app.Details().Class("course").Body(
		app.Summary().Text(text),
		app.Ol().Body(app.Range(c.stretches).Slice(func(i int) app.UI {
			k := c.stretches[i]
			b := do("turn", i, c.when(i))
			if i == at {
				b = b.Aria("current", "true")
			}
			why := ""
			if k.is != report.NoStatus {
				why = statusWord(k.is) + ": " + k.check
			}
			return app.Li().Body(icon(k.status), app.Div().Body(b.Class("link"), app.P().Text(k.headline), par("hint", why)))
		})),
	)
}

// zooms choose what the picture shows.
func (t *timeline) zooms() app.UI {
	s := t.S
	if !s.wider() {
		return nothing()
	}
	zoom := func(arg, text string, on bool) app.UI {
		b := small("zoom", arg, text).Aria("pressed", "false")
		if on {
			b = b.Aria("pressed", "true")
		}
		return b
	}
	return div("zooms",
		zoom("near", "Around the answer", !s.course.whole),
		zoom("whole", "Whole validity", s.course.whole),
	)
}

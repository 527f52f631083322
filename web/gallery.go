package web

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// The gallery: examples by topic, each with what it teaches and, where there is
// one, the pair that differs from it in one thing.

// featured is how many examples of each topic a page that shows nothing offers.
const featured = 2

// fetchExamples gets the gallery, and opens the example that was asked for
// before it came.
func (s *state) fetchExamples() {
	Examples("examples", func(c Collection, err error) {
		s.draw(func() {
			if err != nil {
				s.lesson.fault = err.Error()
			}
			s.learn(c)
			s.warm()
			if name := s.lesson.wanted; name != "" && err == nil {
				s.lesson.wanted = ""
				s.openExample(name, landing{})
			}
		})
	})
}

// learn takes a file of examples in.
func (s *state) learn(c Collection) {
	l := &s.lesson
	if l.all == nil {
		l.all, l.seen = map[string]Example{}, map[string]Seen{}
	}
	for _, e := range c.Examples {
		l.all[e.Name] = e
		if e.Topic != "" {
			s.examples = append(s.examples, e)
		}
	}
	for _, r := range c.Seen {
		l.seen[r.Rule] = r
	}
	s.turn.evidence++
	s.turn.verdict++
	s.turn.status++
	s.turn.sheet++
}

// openGallery shows all examples.
func (s *state) openGallery() {
	s.lesson.filter = ""
	s.openSheet(sheetExamples)
	s.after(func() {
		if box := app.Window().GetElementByID("find-example"); box.Truthy() {
			box.Set("value", "")
			box.Call("focus")
		}
	})
}

// filterGallery shows the examples that hold what was typed.
func (s *state) filterGallery(text string) {
	s.lesson.filter = strings.ToLower(strings.TrimSpace(text))
	s.turn.sheet++
}

func (s *state) gallery() app.UI {
	var shown []Example
	for _, e := range s.examples {
		if strings.Contains(strings.ToLower(e.Title+" "+e.Lesson+" "+e.Topic+" "+e.Differs+" "+e.Name), s.lesson.filter) {
			shown = append(shown, e)
		}
	}
	sum := plural(len(shown), "example")
	if len(shown) == 0 {
		sum = "No example has these letters in its title, its lesson or its topic. Take some away."
	}
	return app.Div().Class("pad", "gallery").Body(
		app.Label().Class("field", "seek").Body(
			app.Span().Text("Show the examples with"),
			app.Input().Type("text").ID("find-example").DataSet("input", "examples").AutoComplete(false).Spellcheck(false),
		),
		app.P().Class("hint").Role("status").Text(sum),
		app.Div().Body(topics(s, shown)...),
	)
}

// topics draws examples under the headings of their topics.
func topics(s *state, all []Example) (parts []app.UI) {
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].Topic == all[from].Topic {
			to++
		}
		part := all[from:to]
		parts = append(parts, app.Section().Class("topic").Body(
			app.H3().Text(part[0].Topic),
			app.Div().Class("cards").Body(app.Range(part).Slice(func(i int) app.UI { return s.card(part[i]) })),
		))
		from = to
	}
	return parts
}

// card offers an example, and its pair.
func (s *state) card(e Example) app.UI {
	open := do("example", e.Name, "").Class("example").Body(
		app.Span().Class("head").Body(icon(e.Status), app.B().Text(e.Title)),
		app.Span().Text(e.Lesson),
	)
	if e.Name == s.lesson.shown {
		open = open.Aria("current", "true")
	}
	return app.Div().Class("card").Body(open, s.pairButton(e, e.Name))
}

// pairButton opens what differs from an example in one thing.
func (s *state) pairButton(e Example, from string) app.UI {
	pair, ok := s.lesson.all[e.Pair]
	if !ok {
		return nothing()
	}
	label := seeLabel(pair.Status)
	return do("pair", from, label).Class("small", "see").Aria("label", label+": the pair of «"+e.Title+"»").Body(
		signed(pair.Status), app.Text(label))
}

func seeLabel(status report.Status) string {
	if status == report.Pass {
		return "See it pass"
	}
	return "See it fail"
}

// welcomeCards are the examples of a page that shows nothing yet.
func (s *state) welcomeCards() app.UI {
	if len(s.examples) == 0 {
		return nothing()
	}
	var some []Example
	n := map[string]int{}
	for _, e := range s.examples {
		if n[e.Topic]++; n[e.Topic] <= featured {
			some = append(some, e)
		}
	}
	return app.Div().Class("panel", "gallery").Body(
		app.Div().Class("title").Body(
			app.H2().Text("Or start with an example"),
			do("examples", "", "All "+count(len(s.examples))).Class("small").Aria("haspopup", "dialog").
				Aria("label", "All "+count(len(s.examples))+" examples"),
		),
		app.Div().Class("cards").Body(app.Range(some).Slice(func(i int) app.UI { return s.card(some[i]) })),
	)
}

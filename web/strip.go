package web

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// strip says which example is in view and what it teaches, and leads on and
// back.
type strip struct {
	app.Compo
	S    *state
	Turn int
}

func (v *strip) Render() app.UI {
	s := v.S
	e, ok := s.lesson.all[s.lesson.shown]
	if !ok {
		return v.aside()
	}
	i := s.placeOf(e.Name)
	kicker := "An example for one check"
	if i >= 0 {
		kicker = fmt.Sprintf("Example %d of %d · %s", i+1, len(s.examples), e.Topic)
	}
	title := e.Title
	if title == "" {
		title = e.Lesson
	}
	return app.Section().Class("panel", "strip").ID("strip").Aria("labelledby", "strip-title").Body(
		app.P().Class("kicker").Text(kicker),
		app.H2().ID("strip-title").Text(title),
		app.If(title != e.Lesson, app.P().Class("lesson").Text(e.Lesson)),
		v.differs(e),
		app.Div().Class("row", "flat").Body(
			v.flip(e),
			do("step", "-1", "Previous").Class("small").Disabled(i <= 0).Aria("label", "Previous example").Hidden(i < 0),
			do("step", "1", "Next").Class("small").Disabled(i < 0 || i == len(s.examples)-1).Aria("label", "Next example").Hidden(i < 0),
			do("examples", "", "All examples").Class("small").Aria("haspopup", "dialog"),
			do("link-example", "", "Copy link").Class("small"),
			v.leave(),
		),
	)
}

// differs says what the pair has otherwise.
func (v *strip) differs(e Example) app.UI {
	s := v.S
	text := e.Differs
	if from, ok := s.lesson.all[s.lesson.from]; ok && from.Pair == e.Name {
		text = from.Differs
	}
	if text == "" {
		return nothing()
	}
	return app.P().Class("differs").Body(app.B().Text("What differs: "), app.Text(text))
}

// flip turns over to the pair.
func (v *strip) flip(e Example) app.UI {
	pair, ok := v.S.lesson.all[v.S.pairOf(e)]
	if !ok {
		return nothing()
	}
	return do("pair", e.Name, "").Class("primary").ID("flip").Body(signed(pair.Status), app.Text(seeLabel(pair.Status)))
}

// leave goes back to the user's own evidence, or to the empty page.
func (v *strip) leave() app.UI {
	if len(v.S.lesson.aside) > 0 {
		return do("back", "", "Back to your evidence").Class("small", "back")
	}
	return do("clear", "", "Close").Class("small", "back").Aria("label", "Close the example")
}

// aside tells of evidence that waits while other evidence is in view.
func (v *strip) aside() app.UI {
	n := len(v.S.lesson.aside)
	if n == 0 {
		return nothing()
	}
	a := v.S.lesson.aside[n-1]
	pieces := len(a.files)
	if a.typed != "" {
		pieces++
	}
	return app.Section().Class("panel", "strip").ID("strip").Aria("label", "Evidence set aside").Body(
		app.P().Text("Evidence that you had before, "+plural(pieces, "input")+", is set aside."),
		app.Div().Class("row", "flat").Body(
			do("back", "", "Back to it").Class("small"),
			do("forget-aside", "", "Forget it").Class("small"),
		),
	)
}

package web

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// bar is the top of the page: what the evidence is judged by.
type bar struct {
	app.Compo
	S    *state
	Turn int
}

func (b *bar) Render() app.UI {
	s := b.S
	privacy := "Nothing leaves this page"
	if s.sent > 0 {
		privacy = plural(s.sent, "OCSP request") + " left this page"
	}
	return app.Header().Class("bar").Body(
		spanOf("brand", app.Text("der"), app.I().Text("scope")),
		app.Nav().Class("nav").Aria("label", "Screens").Body(
			app.A().Href("./").Aria("current", "page").Text("Inspect"),
		),
		app.Span().Class("spacer"),
		app.Label().Class("hint", "wide").For("at").Text("Evaluated at"),
		spanOf("moment",
			lineField("text", "at").Class("mono").Size(19).
				Placeholder("YYYY-MM-DD hh:mm:ss").Aria("describedby", "at-zone").Aria("label", "Evaluated at"),
			app.Span().ID("at-zone").Class("zone").Body(app.Text("UTC"), app.Span().Class("chip", "pin").Hidden(!s.pinned).Text("pinned")),
			do("now", "", "Now").Aria("label", "Now: judge at the present moment"),
		),
		b.profiles(s),
		do("share", "", "Share").Disabled(s.report == nil),
		b.export(s),
		b.help(s),
		spanOf("hint private", lock(), app.Text(privacy)),
	)
}

// help leads to what explains the page.
func (b *bar) help(s *state) app.UI {
	open := s.menu == "help"
	return div("menu help",
		do("menu", "help", "?").Aria("expanded", strconv.FormatBool(open)).Aria("label", "Help"),
		app.Div().Class("drop", "right").Hidden(!open).Body(
			do("sheet", sheetKeys, "Keys").Class("item"),
			do("word", "", "Glossary").Class("item"),
			app.A().Class("item").Href("docs/service.txt").Attr("download", "derscope-service.txt").Text("Run as a service"),
		),
	)
}

func lock() app.UI {
	return svg("svg").Attr("viewBox", "0 0 16 16").Attr("width", 13).Attr("height", 13).Attr("aria-hidden", "true").
		Attr("data-lock", "yes").Body(
		svg("path").Attr("d", "M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z").Attr("fill", "currentColor"),
	)
}

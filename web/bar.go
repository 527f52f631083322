package web

import (
	"slices"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// bar is the top of the page: what the evidence is judged by.
type bar struct {
	app.Compo
	S    *state
	Turn int
}

// profiles are the rule sets that can be added for OCSP, by their names in the
// command, beside a check and in full.
var profiles = []struct{ name, short, label string }{
	{"br", "Baseline Requirements", "CA/Browser Forum Baseline Requirements"},
	{"mozilla", "Mozilla", "Mozilla Root Store Policy"},
	{"microsoft", "Microsoft", "Microsoft Trusted Root Program"},
	{"rfc9919", "RFC 9919", "RFC 9919, the high-volume profile"},
}

// profileName is the name of a profile beside a check.
func profileName(name string) string {
	for _, p := range profiles {
		if p.name == name {
			return p.short
		}
	}
	return name
}

func (b *bar) Render() app.UI {
	s := b.S
	return app.Header().Class("bar").Body(
		app.Span().Class("brand").Body(app.Text("der"), app.I().Text("scope")),
		app.Nav().Class("nav").Aria("label", "Screens").Body(
			app.A().Href("./").Aria("current", "page").Text("Inspect"),
		),
		app.Span().Class("spacer"),
		app.Label().Class("hint", "wide").For("at").Text("Evaluated at"),
		app.Span().Class("moment").Body(
			app.Input().Type("text").ID("at").Class("mono").Size(19).AutoComplete(false).Spellcheck(false).
				Placeholder("YYYY-MM-DD hh:mm:ss").Aria("describedby", "at-zone").Aria("label", "Evaluated at"),
			app.Span().ID("at-zone").Class("zone").Body(app.Text("UTC"), app.Span().Class("chip", "pin").Hidden(!s.pinned).Text("pinned")),
			do("now", "", "Now").Aria("label", "Now: judge at the present moment"),
		),
		b.profiles(s),
		do("share", "", "Share").Disabled(s.report == nil),
		b.export(s),
		b.help(s),
		app.Span().Class("hint", "private").Body(lock(), app.Text("Nothing leaves this page")),
	)
}

func (b *bar) profiles(s *state) app.UI {
	label := "Profiles"
	if n := len(s.profiles); n > 0 {
		label += " (" + strconv.Itoa(n) + ")"
	}
	open := s.menu == "profiles"
	return app.Div().Class("menu").Body(
		do("menu", "profiles", label).Aria("expanded", strconv.FormatBool(open)),
		app.FieldSet().Class("drop", "right").Hidden(!open).Body(
			app.Legend().Text("Judge by these as well. They do not change the verdict."),
			app.Range(profiles).Slice(func(i int) app.UI {
				p := profiles[i]
				return app.Label().Class("check").Body(
					app.Input().Type("checkbox").DataSet("change", "profile").DataSet("arg", p.name).
						Checked(slices.Contains(s.profiles, p.name)),
					app.Span().Text(p.label),
				)
			}),
			app.Label().Class("field").Body(
				app.Span().Text("Nonce that was sent, in hexadecimal"),
				app.Input().Type("text").Class("mono").ID("nonce").DataSet("change", "nonce").AutoComplete(false).Spellcheck(false),
			),
		),
	)
}

// help leads to what explains the page.
func (b *bar) help(s *state) app.UI {
	open := s.menu == "help"
	return app.Div().Class("menu", "help").Body(
		do("menu", "help", "?").Aria("expanded", strconv.FormatBool(open)).Aria("label", "Help"),
		app.Div().Class("drop", "right").Hidden(!open).Body(
			do("sheet", sheetKeys, "Keys").Class("item"),
			do("word", "", "Glossary").Class("item"),
		),
	)
}

func lock() app.UI {
	return svg("svg").Attr("viewBox", "0 0 16 16").Attr("width", 13).Attr("height", 13).Attr("aria-hidden", "true").
		Attr("data-lock", "yes").Body(
		svg("path").Attr("d", "M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z").Attr("fill", "currentColor"),
	)
}

package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// explanation says what the selected field is for, and which checks look at
// it.
type explanation struct {
	app.Compo
	S    *state
	Turn int
}

func (v *explanation) Render() app.UI {
	s := v.S
	if s.sel == report.None {
		return nothing()
	}
	n := &s.report.Nodes[s.sel]
	path := s.report.Path(s.sel)
	return app.Div().Class("explain").ID("explain").Role("region").Aria("label", "The selected field").Body(
		div("explainhead",
			parOf("which",
				app.B().Text(n.Label),
				app.If(n.Type != "", app.Text(" · "+n.Type)),
				app.If(!n.Spec.IsZero(), app.Text(" · "), cite(n.Spec)),
			),
			deeds(s),
		),
		app.Div().Class("about").TabIndex(0).Role("group").Aria("label", "What it is for").Body(
			app.If(n.Value != "" && !s.veiled(n), parOf("value", app.Code().Text(shorten(n.Value, 2000)))),
			app.If(n.Note != "" && !s.veiled(n), parOf("fault", icon(v.noteStatus(n)), app.Text(sentence(n.Note)))),
			app.If(s.texts == nil, s.explained("")).Else(prose(s.text(path, n.Type))),
			v.checks(),
			parOf("path", app.Code().Text(path)),
		),
		s.editPart(),
	)
}

func (v *explanation) noteStatus(n *report.Node) report.Status {
	if n.Flags&(report.Faulty|report.Raw) != 0 {
		return report.Fail
	}
	return report.Warn
}

// checks lists those that point at the selected field, failed ones first.
func (v *explanation) checks() app.UI {
	s := v.S
	var found []*report.Check
	var walk func([]report.Check)
	walk = func(all []report.Check) {
		for i := range all {
			c := &all[i]
			walk(c.Children)
			for _, at := range c.At {
				if at == s.sel && len(c.Children) == 0 {
					found = append(found, c)
					break
				}
			}
		}
	}
	if it := s.current(); it != nil {
		walk(it.Checks)
	}
	if s.shown != s.item {
		walk(s.report.Items[s.shown].Checks)
	}
	if len(found) == 0 {
		return nil
	}
	var rows []app.UI
	for better := range report.Fail + 1 {
		status := report.Fail - better
		for _, c := range found {
			if c.Status == status {
				rows = append(rows, app.Li().Body(icon(status), app.Span().Text(c.Title)))
			}
		}
	}
	return app.Ul().Class("looked").Body(rows...)
}

// text is the explanation of a field.
func (s *state) text(path, typ string) Text {
	return s.texts[report.TextKey(path, typ, func(key string) bool { return s.texts[key] != nil })]
}

// prose draws an explanation.
func prose(t Text) app.UI {
	if len(t) == 0 {
		return nil
	}
	return div("prose", app.Range(t).Slice(func(i int) app.UI { return block(t[i]) }))
}

func block(b Block) app.UI {
	body := app.Range(b.Phrases).Slice(func(i int) app.UI { return phrase(b.Phrases[i]) })
	switch b.Kind {
	case "h":
		return app.H3().Body(body)
	case "li":
		return parOf("li", body)
	case "also":
		return parOf("hint", app.Text("Also: "), body)
	case "pre":
		return app.Pre().TabIndex(0).Body(body)
	}
	return app.P().Body(body)
}

func phrase(p Phrase) app.UI {
	switch p.Kind {
	case "code":
		return app.Code().Text(p.Text)
	case "em":
		return app.Em().Text(p.Text)
	case "strong":
		return app.Strong().Text(p.Text)
	case "a":
		return outside(p.URL, p.Text)
	case "word":
		return do("word", p.URL, p.Text).Class("word").Title("In the glossary: " + p.URL)
	}
	return app.Text(p.Text)
}

package web

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// callbacks is what an application's callbacks meet, and what each answer
// brings about.
type callbacks struct {
	app.Compo
	S    *state
	Turn int
}

func (v *callbacks) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Callbacks) == 0 {
		return nothing()
	}
	return panel("callbacks", "What your callback sees and may answer",
		app.Range(it.Callbacks).Slice(func(i int) app.UI { return v.callback(&it.Callbacks[i]) }),
	)
}

func (v *callbacks) callback(c *report.Callback) app.UI {
	var where []string
	for _, part := range []string{c.Side, c.Protocol} {
		if part != "" {
			where = append(where, part)
		}
	}
	called := "It is called."
	if !c.Called {
		called = "It is not called."
	}
	return app.Div().Class("callback").Body(
		app.P().Body(
			app.Code().Text(c.Callback), app.Text(" "),
			app.If(len(where) > 0, app.Span().Class("hint").Text(strings.Join(where, ", "))),
		),
		app.P().Class("sub").Text(strings.TrimSpace(called+" "+sentence(c.Sees))),
		app.If(len(c.Returns) > 0, app.Div().Class("wide-table").Body(app.Table().Class("cl").Body(
			app.THead().Body(app.Tr().Body(app.Th().Scope("col").Text("Returns"), app.Th().Scope("col").Text("Then"))),
			app.TBody().Body(app.Range(c.Returns).Slice(func(i int) app.UI {
				r := c.Returns[i]
				row := app.Tr()
				if r.Advised {
					row = row.Class("advised")
				}
				return row.Body(
					app.Th().Scope("row").Body(
						app.Code().Text(r.Value),
						app.If(r.Default, chip("default")),
						app.If(r.Advised, chip("advised")),
					),
					app.Td().Text(sentence(r.Outcome)),
				)
			})),
		))),
		app.If(c.Why != "", app.P().Class("sub").Text(sentence(c.Why))),
	)
}

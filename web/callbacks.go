package web

import (
	"slices"
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
	called := "yes"
	if !c.Called {
		called = "no"
	}
	key := "callback " + c.Callback + strings.Join(where, " ")
	open := v.S.isOpen(key, false)
	return div("grp",
		disclosure(key, open,
			app.Code().Class("t").Text(c.Callback),
			span("n", strings.Join(where, ", ")),
		),
		app.If(open, v.answers(c, called)).
			Else(parOf("sub pad", spoken(advised(c))...)),
	)
}

// advised says in a line what to return.
func advised(c *report.Callback) string {
	for _, r := range c.Returns {
		if r.Advised {
			if r.Status != "" {
				return "Told " + r.Status + ", return " + r.Value + ". " + sentence(c.Why)
			}
			return "Return " + r.Value + ". " + sentence(c.Why)
		}
	}
	return sentence(c.Why)
}

func (v *callbacks) answers(c *report.Callback, called string) app.UI {
	told := slices.ContainsFunc(c.Returns, func(r report.Return) bool { return r.Status != "" })
	return div("callback",
		app.Dl().Body(
			app.Dt().Text("Called"), app.Dd().Text(called),
			app.If(c.Sees != "", app.Dt().Text("Sees"), app.Dd().Text(c.Sees)),
		),
		app.If(len(c.Returns) > 0, div("wide-table", app.Table().Class("cl").Body(
			app.THead().Body(app.Tr().Body(app.If(told, app.Th().Scope("col").Text("Told")), app.Th().Scope("col").Text("Returns"), app.Th().Scope("col").Text("Then"))),
			app.TBody().Body(app.Range(c.Returns).Slice(func(i int) app.UI {
				r := c.Returns[i]
				row := app.Tr()
				if r.Advised {
					row = row.Class("advised")
				}
				return row.Body(
					app.If(told, app.Td().Body(app.If(i == 0 || c.Returns[i-1].Status != r.Status, app.Code().Text(r.Status)))),
					app.Th().Scope("row").Body(
						app.Code().Text(r.Value),
						app.If(r.Default, chip("default")),
						app.If(r.Advised, chip("advised")),
						app.If(r.Seen, chip("seen here")),
					),
					app.Td().Body(spoken(sentence(r.Outcome))...),
				)
			})),
		))),
		app.If(c.Why != "", par("sub", sentence(c.Why))),
	)
}

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
	open := v.S.isOpen(key, len(c.Returns) > 0 && c.Returns[0].Status != "")
	return div("grp",
		disclosure(key, open,
			app.Code().Class("t").Text(c.Callback),
			span("n", strings.Join(where, ", ")),
		),
		app.If(open, v.answers(c, key, called)).
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

func (v *callbacks) answers(c *report.Callback, key, called string) app.UI {
	body := []app.UI{app.Dl().Body(
		app.Dt().Text("Called"), app.Dd().Text(called),
		app.If(c.Sees != "", app.Dt().Text("Sees"), app.Dd().Body(spoken(c.Sees)...)),
	)}
	for from := 0; from < len(c.Returns); {
		to := from + 1
		for to < len(c.Returns) && c.Returns[to].Status == c.Returns[from].Status {
			to++
		}
		body = append(body, v.told(c.Returns[from:to], key, from == 0))
		from = to
	}
	return div("callback", append(body, app.If(c.Why != "", parOf("sub", spoken(sentence(c.Why))...)))...)
}

// told are the answers to one thing that a callback is told. What it is told here
// is open, what else it could be told is folded.
func (v *callbacks) told(all []report.Return, key string, first bool) app.UI {
	status := all[0].Status
	if status == "" {
		return v.returns(all)
	}
	here := slices.ContainsFunc(all, func(r report.Return) bool { return r.Advised || r.Seen })
	key += " told " + status
	open := v.S.isOpen(key, here || first)
	return div("told",
		disclosure(key, open,
			spanOf("t", app.Text("Told "), app.Code().Text(status), app.If(here, chip("here"))),
			span("n", plural(len(all), "answer")),
		),
		app.If(open, v.returns(all)),
	)
}

func (v *callbacks) returns(all []report.Return) app.UI {
	return div("wide-table", app.Table().Class("cl").Body(
		app.THead().Body(app.Tr().Body(app.Th().Scope("col").Text("Returns"), app.Th().Scope("col").Text("Then"))),
		app.TBody().Body(app.Range(all).Slice(func(i int) app.UI {
			r := all[i]
			row := app.Tr()
			if r.Advised || r.Seen {
				row = row.Class("advised")
			}
			return row.Body(
				app.Th().Scope("row").Body(
					app.Code().Text(r.Value),
					app.If(r.Default, chip("default")),
					app.If(r.Advised, chip("advised")),
					app.If(r.Seen, chip("fits what was seen")),
				),
				app.Td().Body(spoken(sentence(r.Outcome))...),
			)
		})),
	))
}

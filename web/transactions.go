package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// A transaction is an item that was not found but put together of others: the
// messages of a connection, or of an enrolment. It has no octets of its own.

// together says whether the structure column lists what a transaction consists
// of, instead of fields.
func (s *state) together() bool {
	return s.report.Items[s.shown].Members != nil && !s.reads()
}

// partOf says whether an item is a part of a transaction.
func (s *state) partOf(i int) bool {
	return itemWhere(s.report, func(it *report.Item) bool { return slices.Contains(it.Members, i) }) >= 0
}

// size says in short how large an item is.
func (s *state) size(it *report.Item) string {
	if it.Members != nil {
		n := 0
		for _, m := range it.Members {
			if !slices.Contains(it.Members, s.report.Items[m].Carrier) { // what a message carries is none itself
				n++
			}
		}
		return plural(n, "part")
	}
	return count(len(s.report.Sources[it.Source].Bytes)) + " B"
}

// extent says it in words.
func (s *state) extent(it *report.Item) string {
	if it.Members != nil {
		return s.size(it)
	}
	return octetCount(len(s.report.Sources[it.Source].Bytes))
}

// numbered is the title of a message with its place in its transaction, as the
// picture has it: 2 ip.
func (s *state) numbered(i int) string {
	title := itemTitle(&s.report.Items[i])
	for k := range s.report.Items {
		of := &s.report.Items[k]
		if at := slices.Index(of.Members, i); at >= 0 && of.Kind == "cmp" {
			return strconv.Itoa(at+1) + " " + strings.TrimPrefix(title, "CMP ")
		}
	}
	return title
}

// members lists what a transaction consists of, each a way to it.
func (v *structure) members(of *report.Item) app.UI {
	return app.Div().Class("view", "members").ID("structure-view").Role("tabpanel").Aria("label", "What it consists of").Body(
		app.Ol().Body(app.Range(of.Members).Slice(func(i int) app.UI {
			n := of.Members[i]
			it := &v.S.report.Items[n]
			row := app.Li()
			if slices.Contains(of.Members, it.Carrier) {
				row = row.Class("carried")
			}
			return row.Body(
				icon(it.Verdict.Status),
				app.Div().Body(
					do("item", n, v.S.numbered(n)).Class("link"),
					app.Text(" "),
					span("hint", v.S.size(it)),
					app.If(it.Verdict.Headline != "", par("sub", it.Verdict.Headline)),
				),
			)
		})),
	)
}

// calls is what an application's calls give for a transaction.
type calls struct {
	app.Compo
	S    *state
	Turn int
}

func (v *calls) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Calls) == 0 {
		return nothing()
	}
	title, more := "What your calls return", nothing()
	if it.Kind == "cmp" {
		title, more = "What the OpenSSL client returns", v.S.switches()
	}
	return panel("calls", title, more, app.Range(it.Calls).Slice(func(i int) app.UI {
		c := &it.Calls[i]
		status, known := c.Status()
		return div("grp pad",
			app.P().Body(app.B().Body(app.Code().Text(c.Call)), app.Text(" → "), app.Code().Text(c.Returns),
				app.If(known, app.Text(", status "), app.Code().Text(strconv.Itoa(status))),
				app.If(c.Version != "", span("hint", " "+c.Version))),
			app.If(c.Reason != "", app.P().Body(spoken(sentence(c.Reason))...)),
			app.Range(c.Callbacks).Slice(func(k int) app.UI { return answered(&c.Callbacks[k]) }),
			app.If(len(c.Errors) > 0, app.P().Class("errors").Body(app.Code().Text(strings.Join(c.Errors, " · ")))),
			app.If(c.Next != "", parOf("sub", spoken(sentence(c.Next))...)),
		)
	}))
}

// answered says what a callback was told on the way, and must have returned.
func answered(a *report.Answer) app.UI {
	text := "it cannot be seen whether it was called"
	switch {
	case a.Called == report.Fail:
		text = "it was not called"
	case a.Called == report.Pass:
		text = "it was called"
		if a.Status != "" {
			text += " and told `" + a.Status + "`"
		}
		if len(a.Returns) > 0 {
			text += "; what was seen fits an answer of `" + strings.Join(a.Returns, "` or `") + "`"
		}
	}
	return parOf("sub", append([]app.UI{app.Code().Text(a.Callback), app.Text(", " + a.Side + ": ")}, spoken(text+".")...)...)
}

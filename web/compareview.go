package web

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

const sheetCompare = "compare"

// compareView shows two items side by side, in the place of the evidence and
// the verdict.
type compareView struct {
	app.Compo
	S    *state
	Turn int
}

func (v *compareView) onScroll(app.Context, app.Event) { v.S.compare.list.read() }

func (v *compareView) OnResize(app.Context) { v.S.turn.compare++ }

func (v *compareView) Render() app.UI {
	s := v.S
	c := &s.compare
	if !c.open || s.report == nil || max(c.left, c.right) >= len(s.report.Items) {
		return nothing()
	}
	return div("col comparing",
		app.Section().Class("panel", "compare").ID("compare").TabIndex(-1).Aria("labelledby", "compare-title").Body(
			div("title",
				app.H1().ID("compare-title").Text("Compare"),
				small("compare-swap", "", "Swap sides"),
				small("compare-copy", "", "Copy").Aria("label", "Copy the differences as Markdown").Title("Copy the differences as Markdown").Disabled(len(c.rows) == 0),
				small("compare-close", "", "Close"),
			),
			div("sides", v.head("Left", c.left), v.head("Right", c.right)),
			v.checks(),
			v.tools(),
			v.rows(),
			v.detail(),
		),
	)
}

// head is one side: what it is, and its verdict.
func (v *compareView) head(side string, i int) app.UI {
	it := &v.S.report.Items[i]
	return div("side",
		app.P().Body(span("hint", side+": "), app.B().Text(v.S.itemName(i)), copyChip(it)),
		parOf("said", icon(it.Verdict.Status), app.Span().Text(it.Verdict.Headline)),
	)
}

// checks are those that answer otherwise for one side than for the other.
func (v *compareView) checks() app.UI {
	s := v.S
	all := changedChecks(s.report.Items[s.compare.left].Checks, s.report.Items[s.compare.right].Checks)
	if len(all) == 0 {
		return par("hint pad", "All checks answer the same for both.")
	}
	open := s.isOpen("compare checks", true)
	return div("grp",
		disclosure("compare checks", open, span("t", plural(len(all), "check")+" unlike"), span("n", "left | right")),
		app.If(open, app.Div().Class("unlike").TabIndex(0).Role("group").Aria("label", "Checks that answer otherwise").Body(app.Range(all).Slice(func(i int) app.UI {
			return app.P().Body(span("t", all[i].title), icon(all[i].before), unheard("hint", "|"), icon(all[i].after))
		}))),
	)
}

func (v *compareView) tools() app.UI {
	s := v.S
	c := &s.compare
	text := c.wait
	switch {
	case c.fault != "":
		text = sentence(c.fault)
	case text == "":
		text = capital(s.compareSum())
	}
	return div("tools",
		par("hint", text),
		small("compare-all", "", "Only differences").Aria("pressed", strconv.FormatBool(!c.all)),
		small("compare-last", "", "↑").Aria("label", "Previous difference").Title("Previous difference (p)"),
		small("compare-next", "", "↓").Aria("label", "Next difference").Title("Next difference (n)"),
	)
}

// narrow is the width below which values stand below each other.
const narrow = 1180

func (v *compareView) rows() app.UI {
	c := &v.S.compare
	row, class := 24, "beside"
	if !app.IsServer && app.Window().Get("innerWidth").Int() <= narrow {
		row, class = 62, "below"
	}
	if c.list.row != row {
		c.list.row, c.list.pos, c.list.top = row, 0, 0
	}
	rows := c.list.draw(len(c.shown), v.row)
	list := app.Div().Class("rows", class).ID(c.list.id).TabIndex(0).Role("listbox").Aria("label", "Fields side by side").OnScroll(v.onScroll)
	if from, to := c.list.window(len(c.shown)); c.at >= from && c.at < to {
		list = list.Aria("activedescendant", "c"+strconv.Itoa(c.at))
	}
	return list.Body(rows...)
}

func (v *compareView) row(at int) app.UI {
	c := &v.S.compare
	i := c.shown[at]
	r := &c.rows[i]
	row := app.Div().ID("c"+strconv.Itoa(at)).Class("c", "sign"+strconv.Itoa(r.sign)).
		Role("option").Aria("selected", strconv.FormatBool(at == c.at)).DataSet("do", "compare-row").DataSet("arg", at)
	name := app.Span().Class("k")
	if c.all {
		name = name.Class("d" + strconv.Itoa(min(r.depth, deepest))).Text(r.label)
	} else {
		name = name.Body(span("in", c.around(i)), app.Text(r.label))
	}
	if r.side[0].node == report.None && r.side[1].node == report.None {
		return row.Body(name, span("sg", "="), span("x whole", r.note))
	}
	left, right := r.values(!c.innermost(i) && r.sign == differs)
	return row.Body(
		name,
		spanOf("sg",
			unheard("", signGlyphs[r.sign]),
			span("unseen", signWords[r.sign]+": "),
		),
		left, span("unseen", " | "), right,
	)
}

// around names the field that a row lies in.
func (c *compare) around(i int) string {
	for up := i - 1; up >= 0; up-- {
		if c.rows[up].depth < c.rows[i].depth {
			return c.rows[up].label + "/"
		}
	}
	return ""
}

// values draws both sides of a row, marked where they differ. Of a field that
// only holds others nothing is said where both sides say the same.
func (r *compareRow) values(holds bool) (left, right app.UI) {
	a, b := r.side[0].text, r.side[1].text
	if holds && a == b {
		a, b = "", ""
	}
	x, y := []textPart{{a, false}}, []textPart{{b, false}}
	if r.sign == differs {
		x, y = marked(a, b)
	}
	draw := func(all []textPart, there bool) app.UI {
		if !there {
			return span("x none", "–")
		}
		return spanOf("x", app.Range(all).Slice(func(i int) app.UI {
			if all[i].marked {
				return app.Mark().Text(all[i].text)
			}
			return app.Span().Text(all[i].text)
		}))
	}
	return draw(x, r.side[0].node != report.None), draw(y, r.side[1].node != report.None)
}

// detail shows the values of the current row in full.
func (v *compareView) detail() app.UI {
	c := &v.S.compare
	if c.at >= len(c.shown) {
		return nothing()
	}
	r := &c.rows[c.shown[c.at]]
	left, right := r.values(false)
	return app.Div().Class("detail").TabIndex(0).Role("group").Aria("label", "The current row in full").Body(
		app.P().Body(app.B().Text(r.label), app.Text(" · "+signWords[r.sign]), app.If(r.note != "", app.Text(": "+r.note))),
		div("sides", left, right),
	)
}

// compareForm takes in another item to compare with.
func (s *state) compareForm() app.UI {
	if s.report == nil || s.compare.left >= len(s.report.Items) {
		return nothing()
	}
	it := &s.report.Items[s.compare.left]
	return div("pad",
		app.Label().For("compare-with").Text("Paste "+article(kindWord(it.Kind))+" to compare "+inSentence(it)+" with"),
		app.Textarea().ID("compare-with").Class("paste").Rows(6).Spellcheck(false).AutoFocus(true).
			Placeholder("PEM, base64, hexadecimal, openssl output"),
		do("compare-paste", "", "Compare").Class("primary"),
	)
}

// copyChip marks an edited copy, and what one stands in for.
func copyChip(it *report.Item) app.UI {
	var chips []app.UI
	for _, r := range it.Roles {
		if r.Name == copyRole || r.Name == asideRole {
			chips = append(chips, chip(r.Name))
		}
	}
	return app.Span().Body(chips...)
}

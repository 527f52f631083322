package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// status is the tree of checks: groups in rank order, in each the checks with
// why they hold or not, the section that decides, and a way to the octets.
type status struct {
	app.Compo
	S    *state
	Turn int
}

func (v *status) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Checks) == 0 {
		return nothing()
	}
	return panel("status", "Checks",
		app.Range(it.Checks).Slice(func(i int) app.UI { return v.group(&it.Checks[i]) }),
	)
}

// group draws a group, or a check that stands for itself.
func (v *status) group(g *report.Check) app.UI {
	if len(g.Children) == 0 {
		return div("grp", div("checks", v.check(g, "")))
	}
	key := "group " + g.ID + g.Title
	open := v.S.isOpen(key, g.Status != report.Pass)
	return div("grp",
		disclosure(key, open,
			icon(g.Status),
			span("t", g.Title),
			span("n", tally(g)),
		),
		app.If(open, div("checks", v.checks(g, key)...)),
	)
}

// few is how many checks that hold are shown beside others.
const few = 2

// checks draws those of a group. What holds stands back behind what does not.
func (v *status) checks(g *report.Check, key string) []app.UI {
	var held, rest []app.UI
	for i := range g.Children {
		if c := &g.Children[i]; c.Status == report.Pass && !c.Note {
			held = append(held, v.check(c, key))
		} else {
			rest = append(rest, v.check(c, key))
		}
	}
	if g.Status == report.Pass || len(held) <= few || len(rest) == 0 {
		return append(rest, held...)
	}
	key = "held " + key
	open := v.S.isOpen(key, false)
	rest = append(rest, div("chk held",
		disclosure(key, open, signed(report.Pass), app.Span().Class("t").Textf("%d checks that hold", len(held)))))
	if open {
		rest = append(rest, held...)
	}
	return rest
}

// tally counts a group's checks that hold, or says what the open ones need.
func tally(g *report.Check) string {
	held, all := 0, 0
	var needs []string
	var walk func(*report.Check)
	walk = func(c *report.Check) {
		if len(c.Children) == 0 {
			all++
			if c.Status == report.Pass {
				held++
			}
			for _, n := range c.Needs {
				if c.Status == report.Open && !slices.Contains(needs, n) {
					needs = append(needs, n)
				}
			}
		}
		for i := range c.Children {
			walk(&c.Children[i])
		}
	}
	walk(g)
	text := fmt.Sprintf("%d of %d hold", held, all)
	if len(needs) > 0 {
		text += ", needs " + needList(needs)
	}
	return text
}

func (v *status) check(c *report.Check, group string) app.UI {
	key := "check " + group + c.ID + c.Title
	open := v.S.isOpen(key, c.Status != report.Pass || c.Note)
	row := app.Div().Class("chk", statusClass(c.Status))
	if open {
		row = row.Class("opened")
	}
	return row.DataSet("check", c.ID).Body(
		disclosure(key, open,
			icon(c.Status),
			spanOf("t",
				app.Text(c.Title+" "),
				app.If(c.Profile != "", chip(profileName(c.Profile))),
				app.If(c.Advice && c.Status != report.Pass, chip("advice")),
				app.If(c.Note, chip("note")),
			),
		),
		cites(c.Refs.List()),
		app.If(open, div("why",
			app.If(c.Why != "", app.P().Body(spoken(sentence(c.Why))...)),
			v.S.needs(c),
			parOf("acts", v.jump(c), v.S.seeButtons(c), v.more(c, key), app.Code().Class("id").Text(c.ID)),
			app.If(v.S.isOpen("text "+key, false), v.lesson(c), v.S.explained(c.ID)),
		)),
	)
}

// more is a button that shows what the check is about, where that is written
// or still on its way.
func (v *status) more(c *report.Check, key string) app.UI {
	if v.S.texts != nil && len(v.S.texts[c.ID]) == 0 {
		return nil
	}
	open := v.S.isOpen("text "+key, false)
	return do("toggle", "text "+key, "Explain").Class("link").Aria("expanded", strconv.FormatBool(open))
}

// lesson says to which case an explanation belongs: it tells what goes wrong,
// and may stand below a check that holds.
func (v *status) lesson(c *report.Check) app.UI {
	switch {
	case c.Status == report.Pass && !c.Note:
		return par("hint", "The check holds here. What is said of the other case does not apply.")
	case c.Status == report.Open:
		return par("hint", "The check is not decided here. What is said of a fault applies only if it fails.")
	}
	return nil
}

func (v *status) jump(c *report.Check) app.UI {
	if len(c.At) == 0 {
		return nil
	}
	return jump(c.At[0])
}

package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// structure is the right column: the fields of an item or its bare ASN.1, the
// explanation of the selected one, and the octets.
type structure struct {
	app.Compo
	S    *state
	Turn int
}

func (v *structure) Render() app.UI {
	s := v.S
	if s.report == nil || len(s.report.Items) == 0 {
		return app.Div().Class("col", "right").Body(
			app.Section().Class("panel", "structure").Aria("label", "Structure").Body(
				app.P().Class("hint", "pad").Text("The fields of what you paste appear here, each with the octets it was read from."),
				app.P().Class("hint", "pad").Text(reads),
			),
		)
	}
	return app.Div().Class("col", "right").Body(
		app.Section().Class("panel", "structure").ID("structure").Aria("label", "Structure").Body(
			v.tabs(),
			filterField(s),
			app.If(s.tab == tabFields, &fieldTree{S: s, Turn: s.turn.structure}).
				Else(&asn1Tree{S: s, Turn: s.turn.structure}),
			&explanation{S: s, Turn: s.turn.structure},
			&hexView{S: s, Turn: s.turn.structure},
		),
	)
}

func (v *structure) tabs() app.UI {
	s := v.S
	tab := func(name string) app.UI {
		b := do("tab", name, name).Role("tab").Aria("controls", "structure-view")
		if s.tab == name {
			return b.Class("on").Aria("selected", "true")
		}
		return b.Aria("selected", "false").TabIndex(-1)
	}
	it := &s.report.Items[s.shown]
	return app.Div().Class("tabs").Body(
		app.Div().Role("tablist").Aria("label", "Views of the structure").Body(tab(tabFields), tab(tabASN1)),
		app.Span().Class("hint").Text(itemTitle(it)+" · "+count(len(s.report.Sources[it.Source].Bytes))+" octets"),
	)
}

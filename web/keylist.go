package web

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// keyGroup is a part of the page with the keys that work there.
type keyGroup struct {
	where string
	keys  []keyUse
}

// keyUse is what a key does. Keys that do much the same stand together, apart
// by a space.
type keyUse struct{ keys, does string }

// allKeys are the keys of the page, as the sheet «Keys» lists them.
var allKeys = []keyGroup{
	{"Anywhere outside of a text field", []keyUse{
		{"?", "this list of keys"},
		{"/", "find in the structure"},
		{"Ctrl+V", "read what is on the clipboard"},
		{"Esc", "close the open menu or sheet"},
		{"Tab Shift+Tab", "go to the next control, or to the one before"},
	}},
	{"Fields and ASN.1", []keyUse{
		{"↓ ↑", "go to the next row, or to the one before"},
		{"→", "open the row, or go to the first one inside"},
		{"←", "close the row, or go to the one around it"},
		{"Enter Space", "open or close the row"},
		{"Page↓ Page↑", "go a screen on, or back"},
		{"Home End", "go to the first row, or to the last"},
		{"*", "open the row and all beside it"},
		{"a–z 0–9", "go to the next row whose name begins with what you type"},
		{"Ctrl+C", "copy the value of the row"},
		{"Shift+F10", "list the forms in which the row can be copied"},
	}},
	{"Find", []keyUse{
		{"Enter Shift+Enter", "the next place, or the one before"},
		{"Esc", "back to the view"},
	}},
	{"Tabs above the structure", []keyUse{{"→ ←", "the next view, or the one before"}}},
	{"Octets", []keyUse{
		{"→ ←", "select what the next octet belongs to, or the one before"},
		{"↓ ↑ Page↓ Page↑", "the same, a line or a screen on or back"},
		{"Home End", "go to the first octet of the line, or to the last"},
		{"Shift+→ Shift+↓", "select more octets, and what is around all of them"},
		{"Ctrl+C", "copy the selected octets as hex"},
		{"Enter", "go to the row of the selection"},
	}},
	{"Two things compared", []keyUse{
		{"↓ ↑", "go to the next row, or to the one before, and show it in the structure"},
		{"n p", "go to the next difference, or to the one before"},
		{"Esc", "close the comparison"},
	}},
	{"Field that is edited", []keyUse{{"Enter", "apply to a copy"}, {"Esc", "leave it as it is"}}},
	{"Box for what is missing", []keyUse{{"Esc", "close it"}}},
	{"Slider below the validities", []keyUse{
		{"→ ←", "judge a little later, or earlier, up to the next change of the verdict"},
		{"Page↑ ]", "go to the next change of the verdict"},
		{"Page↓ [", "go to the change before"},
		{"Home End", "judge at the first moment of the picture, or at the last"},
	}},
}

// keysTable draws the keys. Those of one character can be turned off, for who
// dictates: what is said must not work the page (WCAG 2.1.4).
func (s *state) keysTable() app.UI {
	return app.Div().Body(
		checkbox("single", "", !s.dictates, app.Elem("kbd").Text("?"), app.Text(" and "), app.Elem("kbd").Text("/"),
			app.Text(" work anywhere on the page")).Class("single"),
		keyGroups(),
	)
}

func keyGroups() app.UI {
	return div("keys", app.Range(allKeys).Slice(func(i int) app.UI {
		g := allKeys[i]
		return app.Section().Aria("label", g.where).Body(
			app.H3().Text(g.where),
			app.Dl().Body(app.Range(g.keys).Slice(func(j int) app.UI {
				names := strings.Fields(g.keys[j].keys)
				return app.Div().Body(
					app.Dt().Body(app.Range(names).Slice(func(n int) app.UI { return app.Elem("kbd").Text(names[n]) })),
					app.Dd().Text(g.keys[j].does),
				)
			})),
		)
	}))
}

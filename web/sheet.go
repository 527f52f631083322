package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// sheet lies over the page: a dialog, of which one is open at a time. The
// browser keeps the focus in it and gives it back.
type sheet struct {
	app.Compo
	S    *state
	Turn int
}

// Names of the sheets.
const (
	sheetKeys     = "keys"
	sheetGlossary = "glossary"
	sheetShare    = "share"
	sheetExamples = "examples"
)

func (v *sheet) Render() app.UI {
	s := v.S
	title, body := "", app.UI(nothing())
	switch s.sheet {
	case sheetCompare:
		title, body = "Compare with another one", s.compareForm()
	case sheetKeys:
		title, body = "Keys", s.keysTable()
	case sheetExamples:
		title, body = "Examples", app.Article().ID("gallery").Class("pad", "gallery")
	case sheetGlossary:
		title, body = "Glossary", s.glossary()
	case sheetShare:
		title, body = "Share", s.shareSheet()
	}
	return app.Elem("dialog").ID("sheet").Class("sheet", "sheet-"+s.sheet).Aria("labelledby", "sheet-title").
		On("cancel", v.onCancel).Body(
		div("inner",
			div("title",
				app.H2().ID("sheet-title").Text(title),
				do("close", "", "Close"),
			),
			body,
		),
	)
}

// onCancel is Escape: the state closes the sheet, not the browser.
func (v *sheet) onCancel(_ app.Context, e app.Event) {
	e.PreventDefault()
	v.S.closeSheet()
}

func (s *state) openSheet(name string) {
	s.sheet = name
	s.turn.sheet++
	s.after(func() { dialog("showModal", false) })
}

func (s *state) closeSheet() {
	s.sheet = ""
	s.turn.sheet++
	dialog("close", true)
}

// dialog opens or closes the sheet, if it is not so already.
func dialog(method string, open bool) {
	if el, ok := byID("sheet"); ok && el.Get("open").Bool() == open {
		el.Call(method)
	}
}

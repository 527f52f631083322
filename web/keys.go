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
		app.Label().Class("check", "single").Body(
			app.Input().Type("checkbox").DataSet("change", "single").Checked(!s.dictates),
			app.Span().Body(app.Elem("kbd").Text("?"), app.Text(" and "), app.Elem("kbd").Text("/"), app.Text(" work anywhere on the page")),
		),
		keyGroups(),
	)
}

func keyGroups() app.UI {
	return app.Div().Class("keys").Body(app.Range(allKeys).Slice(func(i int) app.UI {
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

// anyKey does what a key does anywhere on the page, but where people write:
// the page has the event only when the focus is inside of it.
func (p *Page) anyKey(_ app.Context, e app.Event) {
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() || inside(e, writable) {
		return
	}
	key := e.Get("key").String()
	if p.s.dictates || p.s.sheet != "" && key != "?" { // a sheet lies over all else
		return
	}
	if p.s.pageKey(key) {
		e.PreventDefault()
	}
}

// writable are the controls in which a key writes or chooses.
const writable = "textarea, select, input:not([type=checkbox], [type=range])"

// pageKey does what a key does anywhere, and says whether it does anything.
func (s *state) pageKey(key string) bool {
	switch key {
	case "?":
		s.draw(func() { s.openSheet(sheetKeys) })
	case "/":
		return s.openFind()
	default:
		return false
	}
	return true
}

// onKey works the lists with the keys.
func (p *Page) onKey(ctx app.Context, e app.Event) {
	s := p.s
	key := e.Get("key").String()
	if key == "Escape" && s.menu != "" {
		focus("[data-do=menu][data-arg=" + s.menu + "]")
		s.closeMenu()
		return
	}
	id := e.Get("target").Get("id").String()
	if s.copyShortcut(e, id, key) {
		return
	}
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
		return
	}
	known := false
	if len(key) > 1 && key != "Shift" {
		s.ahead = ahead{}
	}
	switch {
	case e.Get("target").Get("role").String() == "menuitem" && inside(e, ".item-menu"):
		known = menuKey(e.Get("target"), key)
	case key == "Escape" && s.compare.open && s.sheet == "":
		s.compareAct("compare-close", "")
	case id == s.compare.list.id && id != "":
		known = s.compareKey(key)
	case id == editValue:
		known = s.editKey(e, key)
	case id == s.fields.id:
		known = s.treeKey(key)
	case id == s.asn1.id:
		known = s.elementKey(key)
	case id == s.hex.id:
		known = s.octetKey(key, e.Get("shiftKey").Bool())
	case id == "find":
		known = s.findKey(key, e.Get("shiftKey").Bool())
	case id == "slide":
		known = s.slideKey(key)
	case e.Get("target").Get("role").String() == "tab":
		known = s.tabKey(key)
	case e.Get("target").Get("role").String() == "menuitem":
		known = s.copyKey(e, key)
	}
	if known {
		e.PreventDefault()
		s.settle()
	}
}

// treeKey moves in the tree of fields, as the ARIA pattern for trees has it.
func (s *state) treeKey(key string) bool {
	if s.report == nil || s.rows == nil {
		return false
	}
	page := max(1, s.fields.height/s.fields.row-1)
	switch key {
	case "ArrowDown":
		s.step(1)
	case "ArrowUp":
		s.step(-1)
	case "ArrowRight":
		s.inward()
	case "ArrowLeft":
		s.outward()
	case "Home":
		s.step(-s.rows.n)
	case "End":
		s.step(s.rows.n)
	case "PageDown":
		s.step(page)
	case "PageUp":
		s.step(-page)
	case "Enter", " ":
		s.fold(s.sel)
	case "*":
		s.openSiblings()
	default:
		return s.typeAhead(key)
	}
	return true
}

// elementKey is the same for the ASN.1 view.
func (s *state) elementKey(key string) bool {
	i := s.lines.find(s.mark)
	if i < 0 {
		return false
	}
	page := max(1, s.asn1.height/s.asn1.row-1)
	r, around := s.lines.row(i)
	switch key {
	case "ArrowDown":
		i++
	case "ArrowUp":
		i--
	case "ArrowRight":
		if r.Kids && !r.Open {
			s.clickElement(i, true)
			return true
		}
		if r.Open {
			i++
		}
	case "ArrowLeft":
		if r.Open {
			s.clickElement(i, true)
			return true
		}
		i = max(around, 0)
	case "Home":
		i = 0
	case "End":
		i = s.lines.n() - 1
	case "PageDown":
		i += page
	case "PageUp":
		i -= page
	case "Enter", " ":
		s.clickElement(i, true)
		return true
	case "*":
		s.openElements(i)
		return true
	default:
		return s.typeElement(key, i)
	}
	s.clickElement(min(max(0, i), s.lines.n()-1), false)
	return true
}

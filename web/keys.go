package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

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
	case e.Get("target").Get("role").String() == "menuitem":
		known = s.menuKey(e.Get("target"), key)
	case key == "Escape" && s.compare.open && s.sheet == "":
		s.closeCompare()
	case id == s.compare.list.id && id != "":
		known = s.compareKey(key)
	case id == editValue:
		known = s.editKey(e, key)
	case id == "adding" && key == "Escape":
		s.openForm(s.roles.form) // which closes it
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
	page := s.fields.page()
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
	page := s.asn1.page()
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

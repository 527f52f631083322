package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

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
	if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
		return
	}
	known := false
	switch {
	case id == s.fields.id:
		known = s.treeKey(key)
	case id == s.asn1.id:
		known = s.elementKey(key)
	case id == s.hex.id:
		known = s.octetKey(key)
	case e.Get("target").Get("role").String() == "tab":
		if known = key == "ArrowLeft" || key == "ArrowRight"; known {
			s.tab = map[string]string{tabFields: tabASN1, tabASN1: tabFields}[s.tab]
			s.turn.structure++
			s.show()
			ctx.Defer(func(app.Context) { focus("[role=tab][aria-selected=true]") })
		}
	}
	if known {
		e.PreventDefault()
		s.settle()
	}
}

// treeKey moves in the tree of fields, as the ARIA pattern for trees has it.
func (s *state) treeKey(key string) bool {
	if s.report == nil {
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
		s.step(-len(s.rows))
	case "End":
		s.step(len(s.rows))
	case "PageDown":
		s.step(page)
	case "PageUp":
		s.step(-page)
	case "Enter", " ":
		s.fold(s.sel)
	default:
		return false
	}
	return true
}

// elementKey is the same for the ASN.1 view.
func (s *state) elementKey(key string) bool {
	i := asn1At(s.lines, s.mark)
	if i < 0 {
		return false
	}
	page := max(1, s.asn1.height/s.asn1.row-1)
	r := s.lines[i]
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
		for j := i; j >= 0; j-- {
			if s.lines[j].Depth < r.Depth {
				i = j
				break
			}
		}
	case "Home":
		i = 0
	case "End":
		i = len(s.lines) - 1
	case "PageDown":
		i += page
	case "PageUp":
		i -= page
	case "Enter", " ":
		s.clickElement(i, true)
		return true
	default:
		return false
	}
	s.clickElement(min(max(0, i), len(s.lines)-1), false)
	return true
}

// octetKey moves from the first octet of the selection.
func (s *state) octetKey(key string) bool {
	by := map[string]int{"ArrowRight": 1, "ArrowLeft": -1, "ArrowDown": s.perLine, "ArrowUp": -s.perLine}[key]
	if by == 0 || s.report == nil {
		return false
	}
	if s.cursor < s.mark.Off || s.cursor >= s.mark.End() {
		s.cursor = s.mark.Off
	}
	to := s.cursor + by
	if to < 0 || to >= len(s.octets()) {
		return true
	}
	s.selectOctet(to)
	s.cursor = to
	return true
}

package web

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// target finds the element around an event that has a data attribute.
func target(e app.Event, data string) (app.Value, bool) {
	t := e.Get("target")
	if !t.Truthy() || !t.Get("closest").Truthy() {
		return nil, false
	}
	el := t.Call("closest", "[data-"+data+"]")
	return el, el.Truthy()
}

func data(el app.Value, name string) string {
	if v := el.Get("dataset").Get(name); v.Truthy() {
		return v.String()
	}
	return ""
}

func number(el app.Value, name string) int {
	n, _ := strconv.Atoi(data(el, name))
	return n
}

func (p *Page) onClick(ctx app.Context, e app.Event) {
	s := p.s
	if el, ok := target(e, "do"); ok {
		s.act(press{el, data(el, "do"), data(el, "arg"), number(el, "arg")})
		s.settle()
		return
	}
	if t := e.Get("target"); t.Get("id").String() == "sheet" {
		s.closeSheet() // beside the sheet
		return
	}
	if s.menu != "" && !inside(e, ".menu") {
		s.closeMenu()
	}
	if el, ok := target(e, "node"); ok {
		n := report.Ref(number(el, "node"))
		s.selectNode(n)
		if inside(e, ".tw") {
			s.fold(n)
		}
	} else if el, ok := target(e, "element"); ok {
		s.clickElement(number(el, "element"), inside(e, ".tw"))
	} else if el, ok := target(e, "per"); ok {
		s.clickOctets(e, el)
	} else {
		return
	}
	s.settle()
}

func inside(e app.Event, selector string) bool {
	return e.Get("target").Call("closest", selector).Truthy()
}

// press is a button that was pressed: its name, and its argument, which may be
// a number.
type press struct {
	button    app.Value
	name, arg string
	n         int
}

// act does what a button says. Each part of the page knows its own.
func (s *state) act(b press) {
	if b.name != "menu" && s.menu != "" {
		s.leaveMenu()
	}
	_ = s.pagePress(b) || s.evidencePress(b) || s.needsPress(b) || s.lessonPress(b) || s.timePress(b) ||
		s.structurePress(b) || s.comparePress(b) || s.editPress(b) || s.sharePress(b)
}

// pagePress answers for what is anywhere on the page: menus, sheets and
// disclosures, and the ways from part to part.
func (s *state) pagePress(b press) bool {
	switch b.name {
	case "toggle":
		s.flip(b.arg)
		s.turn.evidence++
		s.turn.status++
		s.turn.programs++
		s.turn.compare++
		s.turn.verdict++
	case "menu":
		if s.menu == b.arg {
			s.closeMenu()
		} else {
			s.openMenu(b.arg)
		}
	case "sheet":
		s.openSheet(b.arg)
	case "close":
		s.closeSheet()
	case "word":
		s.openGlossary(b.arg)
	case "texts":
		s.fetchTexts()
	case "section":
		s.section = b.arg
	case "clients":
		// The programs are drawn a little later than the line that leads to them.
		if el := app.Window().GetElementByID("clients"); el.Truthy() {
			el.Call("scrollIntoView")
		}
	case "copy":
		s.copy(b.button.Get("previousElementSibling").Get("textContent").String(), "Copied.")
	case "builder":
		s.builder.open = !s.builder.open
		s.turn.builder++
		s.rebuild()
	case "asker":
		s.builder.open, s.section = true, partVerdict
		s.turn.builder++
		s.rebuild()
		s.after(func() { focus("#request [data-do=builder]") })
	case "send":
		s.sendRequest()
	default:
		return false
	}
	return true
}

func (p *Page) onInput(ctx app.Context, e app.Event) {
	s := p.s
	el := e.Get("target")
	switch {
	case el.Get("id").String() == "input":
		// What is typed is read when the typing rests, what is pasted at once.
		kind := e.Get("inputType").String()
		if strings.HasPrefix(kind, "insertFrom") || strings.HasPrefix(kind, "delete") && el.Get("value").String() == "" {
			s.stay = false
			s.readBox(false)
			return
		}
		s.typing++
		n := s.typing
		s.later(150*time.Millisecond, func() {
			if s.typing == n {
				s.stay = true
				s.readBox(false)
			}
		})
	case data(el, "input") == "find":
		s.typedFind(el.Get("value").String())
	case data(el, "input") == "glossary":
		s.filterGlossary(el.Get("value").String())
	case data(el, "input") == "pieces":
		s.filterPieces(el.Get("value").String())
	case data(el, "input") == "filter":
		s.filterBy(el.Get("value").String())
	case data(el, "input") == "slide":
		step, err := strconv.Atoi(el.Get("value").String())
		if err == nil {
			s.slide(step)
		}
	}
}

func (p *Page) onChange(ctx app.Context, e app.Event) {
	s := p.s
	el := e.Get("target")
	if !el.Truthy() {
		return
	}
	value, arg := el.Get("value"), data(el, "arg")
	switch el.Get("id").String() {
	case "at":
		s.readMoment(el, value.String())
		return
	case "files":
		p.take(el.Get("files"), s.add)
		el.Set("value", "")
		return
	case "adding-file":
		p.take(el.Get("files"), s.provide)
		el.Set("value", "")
		return
	}
	switch data(el, "change") {
	case "single":
		s.dictates = !el.Get("checked").Bool()
	case "profile":
		s.profiles = slices.DeleteFunc(s.profiles, func(p string) bool { return p == arg })
		if el.Get("checked").Bool() {
			s.profiles = append(s.profiles, arg)
		}
		s.judge()
	case "switch":
		if value := value.String(); el.Get("type").String() != "checkbox" {
			s.turnSwitch(arg, strings.TrimSpace(value))
		} else if el.Get("checked").Bool() {
			s.turnSwitch(arg, "yes")
		} else {
			s.turnSwitch(arg, "")
		}
		s.judge()
	case "leaving":
		s.leaving = el.Get("checked").Bool()
		s.turn.bar++
	case "share":
		s.changeShare(arg, el.Get("checked").Bool())
	case "nonce":
		b, err := hex.DecodeString(strings.Map(hexDigit, value.String()))
		setInvalid(el, err != nil)
		if err == nil {
			s.nonce = b
			s.judge()
		}
	case "edit-mode":
		s.editMode(value.String())
	case "role":
		n, _ := strconv.Atoi(arg)
		s.assign(n, value.String())
	case "ask":
		s.build()
	}
}

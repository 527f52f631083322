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
		s.act(el, data(el, "do"), data(el, "arg"))
		s.settle()
		return
	}
	if t := e.Get("target"); t.Get("id").String() == "sheet" {
		s.closeSheet() // beside the sheet
		return
	}
	if s.menu != "" && !inside(e, ".menu, .list") {
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

// act does what a button says.
func (s *state) act(el app.Value, name, arg string) {
	n, _ := strconv.Atoi(arg)
	if name != "menu" && s.menu != "" && name != "example" {
		s.leaveMenu()
	}
	switch name {
	case "toggle":
		s.flip(arg)
		s.turn.evidence++
		s.turn.status++
		s.turn.programs++
		s.turn.compare++
		s.turn.verdict++
	case "clients":
		app.Window().GetElementByID("clients").Call("scrollIntoView")
	case "item":
		s.choose(n)
	case "show":
		s.section = partStructure
		s.selectNode(report.Ref(n))
	case "tab":
		s.openTab(arg)
	case "page":
		s.turnPage(n)
	case "far":
		s.far(arg)
	case "section":
		s.section = arg
		s.settle()
	case "menu":
		if s.menu == arg {
			arg = ""
		}
		s.closeMenu()
		s.menu = arg
		if arg == menuCopy {
			s.focusForms()
		}
		s.menuOpened()
	case "copy":
		s.copy(el.Get("previousElementSibling").Get("textContent").String(), "Copied.")
	case "inspect":
		s.readBox(true)
	case "revive":
		s.notice = ""
		s.decoder.Revive()
		s.load()
	case "clear":
		s.leaveExample()
		s.files, s.roles, s.edits, s.typed = nil, roles{}, edits{}, ""
		writeBox("")
		leaveFragment()
		s.load()
	case "remove":
		s.remove(arg)
	case "files":
		app.Window().GetElementByID("files").Call("click")
	case "want":
		s.openForm(arg)
	case "supply":
		s.readForm()
	case "supply-file":
		app.Window().GetElementByID("adding-file").Call("click")
	case "hand":
		s.give(n)
	case "moment":
		focus("#at")
	case "examples":
		s.openGallery()
	case "example":
		s.openExample(arg, "", landing{})
	case "turn-over":
		s.turnOver(arg)
	case "see":
		s.see(arg)
	case "link-example":
		s.copy(shelf().Call("link", s.lesson.shown).String(), "A link to this example is copied.")
	case "back":
		s.back()
	case "forget-aside":
		s.lesson.aside = nil
		s.strip()
		focus("#result")
	case "now":
		s.pinned = false
		s.at = s.now().UTC().Truncate(time.Second)
		s.writeMoment()
		s.rescale()
		s.judge()
	case "turn":
		s.toTurn(arg, n)
	case "zoom":
		s.course.whole = arg == "whole"
		s.rescale()
		s.turn.verdict++
	case "sheet":
		s.openSheet(arg)
	case "close":
		s.closeSheet()
	case "find":
		s.next(n)
	case "take":
		s.takeAway(arg)
	case "part":
		s.inspectPart()
	case "paper":
		s.handOut(arg)
	case "share":
		s.shareButton(arg)
	case "export":
		s.exportButton(arg)
	case "link":
		s.answerLink(arg)
	default:
		switch {
		case strings.HasPrefix(name, "compare"):
			s.compareAct(name, arg)
		case strings.HasPrefix(name, "edit"):
			s.editAct(name, arg)
		}
	case "word":
		s.openGlossary(arg)
	case "texts":
		s.fetchTexts()
	case "builder":
		s.builder.open = !s.builder.open
		s.build()
	}
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
	case "hash":
		s.builder.sha256 = value.String() != ""
		s.build()
	case "with-nonce":
		s.builder.nonce = nil
		if el.Get("checked").Bool() {
			s.builder.nonce = newNonce()
		}
		s.build()
	}
}

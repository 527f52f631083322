package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

func (s *state) closeMenu() {
	s.menu = ""
	s.turn.bar++
	s.turn.evidence++
	s.turn.structure++
}

// leaveMenu closes the open menu. The focus goes from what was chosen in it to
// the button that opened it, and a sheet gives it back there.
func (s *state) leaveMenu() {
	if at := app.Window().Get("document").Get("activeElement"); at.Truthy() && at.Call("closest", ".drop").Truthy() {
		focus("[data-do=menu][data-arg=" + s.menu + "]")
	}
	s.closeMenu()
}

// menuKey moves in an open menu.
func menuKey(at app.Value, key string) bool {
	by := map[string]int{"ArrowDown": 1, "ArrowUp": -1, "Home": 0, "End": 0}
	step, known := by[key]
	if !known {
		return false
	}
	all := at.Call("closest", "[role=menu]").Call("querySelectorAll", "[role=menuitem]")
	n := all.Get("length").Int()
	to := 0
	for i := range n {
		if all.Index(i).Equal(at) {
			to = (i + step + n) % n
		}
	}
	switch key {
	case "Home":
		to = 0
	case "End":
		to = n - 1
	}
	all.Index(to).Call("focus")
	return true
}

// menuOpened puts the focus on the first choice of a menu that was opened.
func (s *state) menuOpened() {
	s.after(func() { focus(".item-menu [role=menuitem]:not([aria-disabled])") })
}

// copyKey moves in the open menu.
func (s *state) copyKey(e app.Event, key string) bool {
	item := e.Get("target")
	all := item.Call("closest", ".forms").Get("children")
	n, at := all.Length(), 0
	for i := range n {
		if all.Index(i).Equal(item) {
			at = i
		}
	}
	switch key {
	case "ArrowDown":
		at++
	case "ArrowUp":
		at += n - 1
	case "Home":
		at = 0
	case "End":
		at = n - 1
	case "Tab":
		s.leaveMenu()
		return false
	default:
		return false
	}
	all.Index(at % n).Call("focus")
	return true
}

// openCopy opens the menu from the keys.
func (s *state) openCopy() {
	s.closeMenu()
	s.menu = menuCopy
	s.focusForms()
}

// focusForms moves the focus into the menu once it is drawn.
func (s *state) focusForms() {
	s.after(func() { focus(".forms [role=menuitem]") })
}

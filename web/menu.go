package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// A menu drops from its button, one at a time: state.menu names it.

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

// openMenu opens a menu in place of the one that is open. In a menu of commands
// the focus goes to the first.
func (s *state) openMenu(name string) {
	s.closeMenu()
	s.menu = name
	s.after(func() {
		focus(".item-menu [role=menuitem]:not([aria-disabled]), .forms:not([hidden]) [role=menuitem]")
	})
}

// menuKey moves among the commands of an open menu, one of which is at.
func (s *state) menuKey(at app.Value, key string) bool {
	all := at.Call("closest", "[role=menu]").Call("querySelectorAll", "[role=menuitem]")
	n, to := all.Length(), 0
	for i := range n {
		if all.Index(i).Equal(at) {
			to = i
		}
	}
	switch key {
	case "ArrowDown":
		to++
	case "ArrowUp":
		to += n - 1
	case "Home":
		to = 0
	case "End":
		to = n - 1
	case "Tab":
		s.leaveMenu() // and on from its button
		return false
	default:
		return false
	}
	all.Index(to % n).Call("focus")
	return true
}

package web

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// itemMenu is what can be done with a piece of evidence: a menu button, and
// its menu while it is open.
func (v *evidence) itemMenu(i int, it *report.Item) app.UI {
	s := v.S
	name := "item-" + strconv.Itoa(i)
	open := s.menu == name
	button := do("menu", name, "⋯").Class("dots").Aria("label", "More about "+itemTitle(it)).
		Aria("haspopup", "menu").Aria("expanded", strconv.FormatBool(open))
	if !open {
		return div("menu item-menu", button, nothing())
	}
	choice := func(name string, arg any, label string) app.HTMLButton {
		return do(name, arg, label).Role("menuitem").TabIndex(-1)
	}
	var with []app.UI
	const most = 40
	others := s.alike(i)
	for _, k := range others[:min(len(others), most)] {
		with = append(with, choice("compare", strconv.Itoa(i)+" "+strconv.Itoa(k), s.itemName(k)))
	}
	if len(others) == 0 {
		with = append(with, choice("", "", "no other "+kindWord(it.Kind)+" is here").Aria("disabled", "true"))
	} else if n := len(others) - most; n > 0 {
		with = append(with, choice("", "", plural(n, "more")+" cannot be listed").Aria("disabled", "true"))
	}
	with = append(with, choice("compare-new", i, "paste another one…"))
	edit := choice("edit-item", i, "Edit a copy")
	if why := s.notEdited(i); why != "" {
		edit = choice("", "", "Edit a copy: "+why).Aria("disabled", "true")
	}
	whole := "Remove " + it.Input
	if n := s.alone(it.Input); n > 1 {
		whole += ", " + count(n) + " things"
	}
	remove := choice("remove", it.Input, whole)
	if it.Carrier >= 0 {
		remove = choice("", "", "Remove: it is a part of "+inSentence(&s.report.Items[it.Carrier])).Aria("disabled", "true")
	}
	return div("menu item-menu", button, app.Div().Class("drop", "right").Role("menu").Aria("label", itemTitle(it)).Body(
		app.Div().Role("group").Aria("label", "Compare with").Body(append([]app.UI{app.P().Class("hint").Aria("hidden", "true").Text("Compare with")}, with...)...),
		app.Div().Role("group").Aria("label", "Change").Body(edit, remove),
	))
}

// itemName tells an item from others of its title.
func (s *state) itemName(i int) string {
	it := &s.report.Items[i]
	name := itemTitle(it)
	if it.Input != name {
		name += " · " + it.Input
	}
	if it.Off > 0 {
		name += ", offset " + count(it.Off)
	}
	return name
}

// alike lists the other items of a kind.
func (s *state) alike(i int) []int {
	var all []int
	for k := range s.report.Items {
		if k != i && s.report.Items[k].Kind == s.report.Items[i].Kind {
			all = append(all, k)
		}
	}
	return all
}

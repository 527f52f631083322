package decode

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/report"
)

// world is one view of the evidence: what there is, and what can be said of
// each item without a time.
type world struct {
	exhibits []check.Exhibit
	views    []any // beside items, made when they are first asked for
	talks    []talk
	shared   *check.Shared
}

// stand lets edited copies stand in for what they were made of. In the world
// as it is now the originals are nothing, wherever their octets lie, nor is
// what they carry; in the one before, the copies are.
func (c *Case) stand() {
	copies := map[string]int{}
	for i := range c.items {
		if of := c.items[i].instead; of != "" {
			copies[of] = i
		}
	}
	if len(copies) == 0 {
		return
	}
	c.made, c.aside = make([]bool, len(c.items)), make([]bool, len(c.items))
	for i := range c.items {
		it := &c.items[i]
		c.made[i] = it.instead != "" || it.Carrier >= 0 && c.made[it.Carrier]
		by, stood := copies[it.SHA256]
		stood = stood && !c.made[i]
		c.aside[i] = stood || !c.made[i] && it.Carrier >= 0 && c.aside[it.Carrier]
		if !stood {
			continue
		}
		it.Roles = append(it.Roles, report.Role{Name: "set aside", Of: by})
		if copy := &c.items[by]; !slices.ContainsFunc(copy.Roles, func(r report.Role) bool { return r.Name == "edited copy" }) {
			copy.Roles = append(copy.Roles, report.Role{Name: "edited copy", Of: i})
			copy.http = it.http // the message around it was not edited
		}
	}
}

// world is the one that item i is judged in: an original in the one that it
// was part of. A transaction, whose i is -1, is judged as the evidence is now.
func (c *Case) world(i int, before bool) *world {
	w, hidden := &c.now, c.aside
	if c.made != nil && (i < 0 && before || i >= 0 && (before && !c.made[i] || c.aside[i])) {
		w, hidden = &c.before, c.made
	}
	if w.exhibits == nil {
		w.exhibits, w.views, w.shared = c.exhibits, make([]any, len(c.items)), &check.Shared{}
		if hidden != nil {
			w.exhibits = slices.Clone(c.exhibits)
		}
		for k, hide := range hidden {
			if e := &w.exhibits[k]; hide {
				*e = check.Exhibit{Item: e.Item, Name: e.Name, Carrier: e.Carrier}
			}
		}
	}
	return w
}

// view is what can be said of item i without a time; it is made once.
func (c *Case) view(w *world, i int) any {
	if w.views[i] == nil {
		w.views[i] = c.items[i].kind.View(c.context(check.Context{}, w, i), c.exhibits[i].Value)
	}
	return w.views[i]
}

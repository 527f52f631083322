package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// landing is a place in a report that may be in another one too.
type landing struct {
	quiet       bool   // the check is opened, and what was in view stays
	rule        string // a check,
	fail        bool   // that does not hold
	input, kind string // or an item,
	path        string // a field in it
	top, tree   int    // and how far the verdict and the tree were scrolled
}

// spotted is the place that the user looks at.
func (s *state) spotted() (p landing) {
	if s.report == nil {
		return p
	}
	it := &s.report.Items[s.shown]
	p.input, p.kind = it.Input, it.Kind
	if s.sel != report.None {
		p.path = s.report.Path(s.sel)
	}
	p.top = app.Window().GetElementByID("result").Get("scrollTop").Int()
	p.tree = s.fields.top
	return p
}

// arriveAt goes to the place that was asked for, where the report has it; what
// is still to be read may have it later.
func (s *state) arriveAt() {
	to := s.lesson.landing
	if !s.awaits() {
		s.lesson.landing = landing{}
	}
	if to.rule != "" {
		s.toRule(to)
	} else if to.kind != "" {
		s.toPlace(to)
	}
	s.said = s.lesson.words + s.said
	s.lesson.words = ""
}

func (s *state) toPlace(to landing) {
	for i := range s.report.Items {
		it := &s.report.Items[i]
		if it.Input != to.input || it.Kind != to.kind {
			continue
		}
		if i != s.item {
			s.choose(i)
		}
		s.selectPath(to.path)
		s.fields.top = to.tree
		s.after(func() { app.Window().GetElementByID("result").Set("scrollTop", to.top) })
		s.settle()
		return
	}
}

// toRule judges an item that has a check, opens the check and moves there.
func (s *state) toRule(to landing) {
	for i := range s.report.Items {
		if c := findCheck(s.report.Items[i].Checks, to.rule); c != nil && held(c) != to.fail {
			if i != s.item {
				s.choose(i)
			}
			s.openCheck(to.rule, !to.quiet)
			return
		}
	}
}

// held says whether a check holds, without a remark.
func held(c *report.Check) bool { return c.Status == report.Pass && !c.Note }

func findCheck(all []report.Check, id string) *report.Check {
	for i := range all {
		if all[i].ID == id && len(all[i].Children) == 0 {
			return &all[i]
		}
		if c := findCheck(all[i].Children, id); c != nil {
			return c
		}
	}
	return nil
}

// openCheck opens a check of the status tree and what it stands in, and moves
// the focus to it if it is to be gone to.
func (s *state) openCheck(id string, there bool) {
	all := s.current().Checks
	for i := range all {
		g, key := &all[i], ""
		c := findCheck(all[i:i+1], id)
		if c == nil {
			continue
		}
		if len(g.Children) > 0 {
			key = "group " + g.ID + g.Title
			s.unfold(key, g.Status != report.Pass)
			s.unfold("held "+key, !held(c)) // of what does not hold it says nothing
		}
		s.unfold("check "+key+c.ID+c.Title, !held(c))
	}
	s.turn.status++
	if !there {
		return
	}
	s.after(func() {
		css := `[data-check="` + id + `"] .fold`
		if focus(css) {
			app.Window().Get("document").Call("querySelector", css).Call("scrollIntoView", map[string]any{"block": "center"})
		}
	})
}

// unfold opens a disclosure, given how it first is.
func (s *state) unfold(key string, first bool) {
	if !s.isOpen(key, first) {
		s.flip(key)
	}
}

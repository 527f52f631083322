package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// filtered is the long list that the field above the tree filters: the longest
// of the shown item.
func (s *state) filtered() *long {
	var best *long
	if s.report == nil || s.shown >= len(s.report.Items) {
		return nil
	}
	it := &s.report.Items[s.shown]
	for n, l := range s.lists {
		if n >= it.Root && n < it.End && (best == nil || l.Count > best.Count || l.Count == best.Count && n < best.Node) {
			best = l
		}
	}
	return best
}

// filterField is drawn where the shown item has a long list.
func filterField(s *state) app.UI {
	l := s.filtered()
	if l == nil || s.tab != tabFields {
		return nothing()
	}
	label := "Filter " + count(l.Count) + " " + l.name
	return div("filter",
		lineField("search", "filter").DataSet("input", "filter").
			Placeholder(label+" by value, name, OID or hex").Aria("label", label).Aria("describedby", "filter-sum"),
		app.Span().Class("hint").ID("filter-sum").Text(l.sum()),
	)
}

// sum says what the filter has left so far.
func (l *long) sum() string {
	switch {
	case l.filter == "":
		return ""
	case l.looked < l.Count:
		return fmt.Sprintf("%s in the first %s of %s", count(len(l.hits)), count(l.looked), count(l.Count))
	}
	return fmt.Sprintf("%s of %s", count(len(l.hits)), count(l.Count))
}

// filterBy lists only the elements that hold a text, once the typing rests.
func (s *state) filterBy(text string) {
	l := s.filtered()
	if l == nil {
		return
	}
	l.filtering++
	n := l.filtering
	s.later(120*time.Millisecond, func() {
		if l.filtering == n && s.lists[l.Node] == l {
			s.filterNow(l, strings.TrimSpace(text))
		}
	})
}

func (s *state) filterNow(l *long, text string) {
	if text == l.filter {
		return
	}
	l.filtering++
	l.filter, l.hits, l.looked = text, nil, 0
	s.goal, s.folded[l.Node] = goal{}, false
	s.relist()
	if text != "" {
		s.filterOn(l, l.filtering)
		return
	}
	s.show()
	s.settle()
}

// filterOn has the next stretch of the list looked through. The worker is free
// for other questions after each.
func (s *state) filterOn(l *long, n int) {
	s.inquire(Request{Op: "filter", List: l.Node, Text: l.filter, From: l.looked, N: atFilter}, func(u *unpacker) {
		looked, found := u.int(), u.numbers()
		if l.filtering != n || s.lists[l.Node] != l {
			return
		}
		if u.fault != nil || looked == 0 {
			s.tell("The filter stopped: the decoder gave no answer. Type again to go on.")
			return
		}
		l.looked += looked
		l.hits = append(l.hits, found...)
		s.turn.structure++
		if len(found) > 0 {
			s.relist()
		}
		if l.looked < l.Count {
			s.filterOn(l, n)
			return
		}
		s.said = l.sum()
	})
}

// relist draws the list of fields anew.
func (s *state) relist() {
	s.rows = nil
	s.turn.structure++
	s.list()
	s.settle()
}

// unfilter lists all elements again.
func (s *state) unfilter(l *long) {
	l.filtering++
	l.filter, l.hits, l.looked, s.rows = "", nil, 0, nil
	write("filter", "")
}

// writeFilter has the field say by what the shown list is filtered, unless
// somebody types there.
func (s *state) writeFilter() {
	el, ok := byID("filter")
	if !ok || app.Window().Get("document").Get("activeElement").Equal(el) {
		return
	}
	if l := s.filtered(); l != nil && el.Get("value").String() != l.filter {
		el.Set("value", l.filter)
	}
}

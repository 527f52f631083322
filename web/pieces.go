package web

import (
	"fmt"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// pieces is which part of the list of evidence is shown. A bundle may hold
// hundreds of certificates: beyond a page of them there are a field that
// filters and a way from page to page.
type pieces struct {
	page   int
	filter string

	of    *report.Report // that alone belongs to
	alone map[string]int // items of each input that nothing else carries
}

// entry is a row of the list: an item, the head of an input that holds
// several, or the places of an input in which nothing was recognised.
type entry struct {
	item  int
	input string
	other []int
}

const perPage = 50

// entries lists the rows, each input's together.
func (s *state) entries() []entry {
	var all []entry
	var other []int // of the input
	input := ""
	flush := func() {
		if len(other) > 0 {
			all = append(all, entry{-1, input, other})
		}
		other = nil
	}
	main := s.report.Items[mainItem(s.report)].Kind
	for _, i := range inOrder(s.report.Items) {
		it := &s.report.Items[i]
		if it.Input != input {
			flush()
			input = it.Input
			if s.alone(input) > 1 {
				all = append(all, entry{-1, input, nil})
			}
		}
		if it.Kind == "unknown" && main != "unknown" {
			other = append(other, i)
		} else {
			all = append(all, entry{i, input, nil})
		}
	}
	flush()
	return all
}

// paged gives the rows of the page that is shown, of those that the filter
// leaves; many says that there is more than one page without it.
func (s *state) paged(all []entry) (rows []entry, from, left int, many bool) {
	if many = len(all) > perPage+perPage/5; !many {
		return all, 0, len(all), false
	}
	if s.pieces.filter != "" {
		var some []entry
		for _, e := range all {
			if e.item >= 0 && s.pieceShows(e.item, s.pieces.filter) {
				some = append(some, e)
			}
		}
		all = some
	}
	from = min(s.pieces.page*perPage, max(0, len(all)-1)/perPage*perPage)
	return all[from:min(len(all), from+perPage)], from, len(all), true
}

// pieceShows says whether an item's row, or its verdict, holds a text.
func (s *state) pieceShows(i int, text string) bool {
	it := &s.report.Items[i]
	for _, has := range append([]string{itemTitle(it), kindWord(it.Kind), it.Input, it.Verdict.Headline, statusWord(it.Verdict.Status)}, roleNames(it)...) {
		if strings.Contains(strings.ToLower(has), text) {
			return true
		}
	}
	return false
}

// piecesHead is the field and the way from page to page.
func (v *evidence) piecesHead(from, shown, left, all int) app.UI {
	label := "Filter " + count(all) + " pieces"
	sum := "none"
	if left > 0 {
		sum = fmt.Sprintf("%s–%s of %s", count(from+1), count(from+shown), count(left))
	}
	return div("pieces",
		lineField("search", "pieces").DataSet("input", "pieces").
			Placeholder(label+"…").Aria("label", label+" by name, kind, role or verdict"),
		do("page", "-1", "‹").Aria("label", "Earlier pieces").Disabled(from == 0),
		app.Span().Class("hint").ID("pieces-sum").Text(sum),
		do("page", "1", "›").Aria("label", "Later pieces").Disabled(from+shown >= left),
	)
}

// turnPage shows the next page, or the one before.
func (s *state) turnPage(by int) {
	s.pieces.page = max(0, s.pieces.page+by)
	s.turn.evidence++
	s.after(func() {
		if el, ok := byID("pieces"); ok {
			el.Call("scrollIntoView", map[string]any{"block": "nearest"})
		}
	})
}

func (s *state) filterPieces(text string) {
	s.pieces.filter, s.pieces.page = strings.ToLower(strings.TrimSpace(text)), 0
	s.turn.evidence++
}

// alone counts the items of an input that nothing else carries.
func (s *state) alone(input string) int {
	p := &s.pieces
	if p.of != s.report {
		p.of, p.alone = s.report, map[string]int{}
		for i := range s.report.Items {
			if it := &s.report.Items[i]; it.Carrier < 0 && it.Members == nil {
				p.alone[it.Input]++
			}
		}
	}
	return p.alone[input]
}

// pageTo shows the page that the chosen item stands on.
func (s *state) pageTo() {
	all := s.entries()
	if len(all) <= perPage+perPage/5 {
		s.pieces.filter, s.pieces.page = "", 0
		return
	}
	if s.pieces.filter != "" {
		return // the user looks for something
	}
	for i, e := range all {
		if e.item == s.item {
			s.pieces.page = i / perPage
		}
	}
}

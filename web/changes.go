package web

import (
	"strconv"
	"unicode/utf8"

	"derscope/decode/report"
)

// checkChange is a check that answers otherwise for one item than for another.
type checkChange struct {
	title         string
	before, after report.Status
	why           string // of after
}

// changedChecks compares the checks of two items, those first that are worse
// after than before.
func changedChecks(before, after []report.Check) []checkChange {
	was := map[string]*report.Check{}
	eachCheck(before, map[string]int{}, func(key string, c *report.Check) { was[key] = c })
	var all []checkChange
	eachCheck(after, map[string]int{}, func(key string, c *report.Check) {
		k := checkChange{title: c.Title, after: c.Status, why: c.Why}
		if b := was[key]; b != nil {
			k.before = b.Status
			delete(was, key)
		}
		if k.before != k.after {
			all = append(all, k)
		}
	})
	eachCheck(before, map[string]int{}, func(key string, c *report.Check) {
		if was[key] != nil && c.Status != report.NoStatus {
			all = append(all, checkChange{title: c.Title, before: c.Status})
		}
	})
	for i := range all {
		for k := i; k > 0 && all[k].worse() > all[k-1].worse(); k-- {
			all[k], all[k-1] = all[k-1], all[k]
		}
	}
	return all
}

// worse orders changes: what breaks, what becomes doubtful or open, what is no
// longer or newly judged, what is mended.
func (k checkChange) worse() int {
	switch {
	case k.before == report.NoStatus && k.after <= report.Pass || k.after == report.NoStatus:
		return 0
	case k.after > k.before:
		return int(k.after)
	}
	return -1
}

// eachCheck visits checks, not their groups, each by its id and how many of
// the id came before it.
func eachCheck(all []report.Check, seen map[string]int, f func(key string, c *report.Check)) {
	for i := range all {
		c := &all[i]
		if len(c.Children) > 0 {
			eachCheck(c.Children, seen, f)
			continue
		}
		seen[c.ID]++
		f(c.ID+" "+strconv.Itoa(seen[c.ID]), c)
	}
}

// textPart is a part of a text, marked or not.
type textPart struct {
	text   string
	marked bool
}

// marked cuts two texts where they differ: of texts of one length each
// character by itself, else what lies between a common beginning and a common
// end.
func marked(a, b string) (left, right []textPart) {
	x, y := []rune(a), []rune(b)
	if len(x) == len(y) {
		for i := 0; i < len(x); {
			j, differs := i, x[i] != y[i]
			for j < len(x) && (x[j] != y[j]) == differs {
				j++
			}
			left, right = append(left, textPart{string(x[i:j]), differs}), append(right, textPart{string(y[i:j]), differs})
			i = j
		}
		return left, right
	}
	from, to := 0, 0
	for from < min(len(x), len(y)) && x[from] == y[from] {
		from++
	}
	for to < min(len(x), len(y))-from && x[len(x)-1-to] == y[len(y)-1-to] {
		to++
	}
	cut := func(r []rune) (all []textPart) {
		for _, s := range []textPart{{string(r[:from]), false}, {string(r[from : len(r)-to]), true}, {string(r[len(r)-to:]), false}} {
			if utf8.RuneCountInString(s.text) > 0 {
				all = append(all, s)
			}
		}
		return all
	}
	return cut(x), cut(y)
}

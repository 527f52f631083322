package main

import (
	"maps"
	"slices"
	"strings"

	"derscope/decode/report"
)

// rules finds for each rule a vector that it does not hold in, and one that it
// holds in: at best two that differ in that alone. Those that are published
// anyway come first, so that the page has little to fetch.
func rules(all []vector, published map[string]bool) (shown []seen) {
	views := make([]view, len(all))
	ids := map[string]bool{}
	for i := range all {
		views[i] = look(&all[i])
		for id := range views[i].rows {
			ids[id] = true
		}
	}
	chosen := maps.Clone(published)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		s := seen{Rule: id}
		if fail := best(views, func(v *view) int { return v.fails(id, published) }); fail != nil {
			s.Fail = fail.Name
			chosen[s.Fail] = true
		}
		shown = append(shown, s)
	}
	for i := range shown {
		s := &shown[i]
		if pass := best(views, func(v *view) int { return v.holds(s, chosen) }); pass != nil {
			s.Pass = pass.Name
			chosen[s.Pass] = true
		}
	}
	return slices.DeleteFunc(shown, func(s seen) bool { return s.Fail == "" && s.Pass == "" })
}

// view is what the checks of a vector came to.
type view struct {
	*vector
	rows  map[string]report.Check // by rule, the worst
	wrong int                     // how many do not hold
}

func look(v *vector) view {
	w := view{vector: v, rows: map[string]report.Check{}}
	var walk func([]report.Check)
	walk = func(rows []report.Check) {
		for _, k := range rows {
			if len(k.Children) > 0 {
				walk(k.Children)
				continue
			}
			if severity(k) > 1 {
				w.wrong++
			}
			if old, ok := w.rows[k.ID]; !ok || severity(k) > severity(old) {
				w.rows[k.ID] = k
			}
		}
	}
	for i := range v.report.Items {
		walk(v.report.Items[i].Checks)
	}
	return w
}

// severity orders outcomes: 0 holds, 1 is not judged for want of evidence,
// then a remark, open, doubtful, failed.
func severity(k report.Check) int {
	switch {
	case k.Status == report.Fail:
		return 5
	case k.Status == report.Warn:
		return 4
	case k.Status == report.Open && len(k.Needs) == 0:
		return 3
	case k.Status == report.Open:
		return 1
	case k.Note:
		return 2
	}
	return 0
}

// fails says how well a vector shows that a rule does not hold: the worse the
// outcome and the fewer others beside it the better. 0 is not at all.
func (v *view) fails(id string, published map[string]bool) int {
	k, ok := v.rows[id]
	if !ok || severity(k) < 2 {
		return 0
	}
	score := 10_000*severity(k) - 20*min(v.wrong, 100)
	if published[v.Name] {
		score += 50
	}
	return score - v.size()
}

// holds says how well a vector shows that a rule holds, beside the one in
// which it does not.
func (v *view) holds(s *seen, chosen map[string]bool) int {
	k, ok := v.rows[s.Rule]
	if !ok || severity(k) > 0 || k.Status != report.Pass {
		return 0
	}
	score := 10_000 - 20*min(v.wrong, 100)
	kind, _, _ := strings.Cut(v.Name, "/")
	if strings.HasPrefix(s.Fail, kind+"/") {
		score += 500
	}
	if chosen[v.Name] {
		score += 2_000
	}
	return score - v.size()
}

// size is what a vector costs to fetch, in units of a thousand octets.
func (v *view) size() (n int) {
	for _, f := range v.Files {
		n += len(f.octets)
	}
	return min(n/1000, 900)
}

func best(views []view, score func(*view) int) (top *view) {
	most := 0
	for i := range views {
		if n := score(&views[i]); n > most {
			top, most = &views[i], n
		}
	}
	return top
}

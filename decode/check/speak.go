package check

import (
	"strings"

	"derscope/decode/report"
)

// Speaker finds the row that makes the headline, where a catalogue lists who
// speaks first. An id stands for itself, one that ends in "." for all that
// begin with it; with a "*" in front it speaks also when it is open, and only
// then. The first that fails speaks; else the first that is open and may; else
// the first that warns. False: all is well, or nothing that may speak is not.
func Speaker(tree []report.Check, order []string) (report.Check, bool) {
	for _, s := range []report.Status{report.Fail, report.Open, report.Warn} {
		for _, id := range order {
			id, open := strings.CutPrefix(id, "*")
			if open != (s == report.Open) {
				continue
			}
			if row, ok := findAt(tree, id, s); ok {
				return row, true
			}
		}
	}
	return report.Check{}, false
}

// findAt gives the first row of an id, or of a beginning, with a status.
func findAt(tree []report.Check, id string, s report.Status) (report.Check, bool) {
	for i := range tree {
		k := &tree[i]
		if k.Children != nil {
			if row, ok := findAt(k.Children, id, s); ok {
				return row, true
			}
			continue
		}
		if k.Status == s && (k.ID == id || strings.HasSuffix(id, ".") && strings.HasPrefix(k.ID, id)) {
			return *k, true
		}
	}
	return report.Check{}, false
}

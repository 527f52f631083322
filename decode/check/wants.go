package check

import "derscope/decode/report"

// Wants lists what would settle the rows of a tree, each need once: want says
// what a need means beside a row, and false where nothing is to be asked for.
func Wants(tree []report.Check, want func(k *report.Check, need string) (report.Want, bool)) (all []report.Want) {
	seen := map[string]bool{}
	var walk func([]report.Check)
	walk = func(rows []report.Check) {
		for i := range rows {
			walk(rows[i].Children)
			for _, need := range rows[i].Needs {
				if w, ok := want(&rows[i], need); ok && !seen[need] {
					seen[need] = true
					all = append(all, w)
				}
			}
		}
	}
	walk(tree)
	return all
}

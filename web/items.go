package web

import (
	"slices"

	"derscope/decode/report"
)

// rank orders kinds by what a user most likely wants judged.
var rank = []string{"ocsp-response", "ocsp-request", "crl", "certificate-request", "certificate"}

// mainItem is the item to judge first.
func mainItem(r *report.Report) int {
	best, at := len(rank)+2, 0
	for i := range r.Items {
		it := &r.Items[i]
		n := slices.Index(rank, it.Kind)
		if n < 0 {
			n = len(rank)
		}
		if it.Kind == "unknown" {
			n++
		}
		if plays(it, asideRole) {
			n = len(rank) + 1
		}
		if n < best || n == best && it.Carrier == at && rebuilt(r, it) {
			best, at = n, i
		}
	}
	return at
}

// rebuilt says whether an item was made of a response that OpenSSL printed; it
// is the one to judge.
func rebuilt(r *report.Report, it *report.Item) bool {
	return it.Carrier >= 0 && it.Kind == "ocsp-response" && r.Items[it.Carrier].Kind == it.Kind
}

// same finds the item of r that item i of old was, or -1.
func same(old *report.Report, i int, r *report.Report) int {
	if old == nil || i < 0 || i >= len(old.Items) {
		return -1
	}
	was := &old.Items[i]
	for j := range r.Items {
		is := &r.Items[j]
		if is.Kind == was.Kind && is.SHA256 != "" && is.SHA256 == was.SHA256 && is.End-is.Root == was.End-was.Root {
			return j
		}
	}
	return -1
}

// inOrder lists the items, each followed by what it carries.
func inOrder(items []report.Item) []int {
	carried := map[int][]int{}
	for i := range items {
		carried[items[i].Carrier] = append(carried[items[i].Carrier], i)
	}
	var order []int
	var add func(int)
	add = func(carrier int) {
		for _, i := range carried[carrier] {
			order = append(order, i)
			add(i)
		}
	}
	add(-1)
	return order
}

// itemWhere is the first item that something is true of, or -1.
func itemWhere(r *report.Report, is func(*report.Item) bool) int {
	for i := range r.Items {
		if is(&r.Items[i]) {
			return i
		}
	}
	return -1
}

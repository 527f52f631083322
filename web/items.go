package web

import (
	"derscope/decode/report"
)

// rank orders kinds by what a user most likely wants judged, those that stand
// for the whole of a conversation first. A kind that is not listed comes last.
var rank = map[string]int{
	"cmp": -7, "tls": -7, "ocsp-response": -6, "ocsp-request": -5,
	"session-ticket": -4, "new-session-ticket": -4, "tls-session": -4, "tls-handshake": -4, "cmp-message": -4,
	"capture": -4, "crl": -3, "certificate-request": -2, "certificate": -1, "key-log": 1, "ticket-key": 1, "shared-secret": 1, "unknown": 2,
}

// mainItem is the item to judge first.
func mainItem(r *report.Report) int {
	best, at := 4, 0
	for i := range r.Items {
		it := &r.Items[i]
		n := rank[it.Kind]
		if plays(it, asideRole) || handshakes(r, it.Carrier) {
			n = 3
		}
		if it.Kind == "capture" && it.Verdict.Status == report.Pass {
			n++ // nothing is to be said of it: what it carries tells more
		}
		worse := it.Kind == "tls-handshake" && r.Items[at].Kind == it.Kind && fails(it) && !fails(&r.Items[at])
		// Of a certificate and its issuer, the former is what is asked about.
		worse = worse || it.Kind == "certificate" && r.Items[at].Kind == it.Kind && issued(&r.Items[at], i)
		if n < best || n == best && worse || n == best && it.Carrier == at && rebuilt(r, it) {
			best, at = n, i
		}
	}
	return at
}

// issued says whether it is the issuer of item i.
func issued(it *report.Item, i int) bool {
	for _, r := range it.Roles {
		if r.Name == "issuer" && r.Of == i {
			return true
		}
	}
	return false
}

func fails(it *report.Item) bool { return it.Verdict.Status == report.Fail }

// handshakes says whether an item is one side's messages or both's, which are
// judged with what they carry.
func handshakes(r *report.Report, i int) bool { return i >= 0 && r.Items[i].Kind == "tls-handshake" }

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
		if is.Members != nil && is.Kind == was.Kind && is.Title == was.Title && len(is.Members) == len(was.Members) {
			return j
		}
		if is.Kind == was.Kind && is.SHA256 != "" && is.SHA256 == was.SHA256 && is.End-is.Root == was.End-was.Root {
			return j
		}
	}
	return -1
}

// inOrder lists the items, each followed by what it carries. A transaction
// stands before the first of what it consists of.
func inOrder(items []report.Item) []int {
	carried, heads := map[int][]int{}, map[int][]int{}
	for i := range items {
		if m := items[i].Members; m != nil {
			heads[m[0]] = append(heads[m[0]], i)
		} else {
			carried[items[i].Carrier] = append(carried[items[i].Carrier], i)
		}
	}
	var order []int
	var add func(int)
	add = func(carrier int) {
		for _, i := range carried[carrier] {
			order = append(append(order, heads[i]...), i)
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

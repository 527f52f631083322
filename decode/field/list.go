package field

import (
	"strconv"

	"derscope/decode/der"
	"derscope/decode/report"
)

// Skip passes one element unread. It is for the elements of a long list that are
// no nodes, in a muted Reader: elsewhere it would leave a gap. It answers false
// if there is none that can be read.
func (r *Reader) Skip() (der.Element, bool) {
	if r.quiet {
		return der.Element{}, false
	}
	e, err := der.Next(r.b, r.off, r.end)
	if err != nil {
		return e, false
	}
	r.off = e.End()
	return e, true
}

// List reads elements to the end of r, each with f, which must use nothing but
// its Reader: elements of a long list are read again when they are opened.
// The first ones become nodes; all of them are answered. label is the name of
// the list; the elements are called label[0], label[1], …
func List[T any](r *Reader, label string, f func(r *Reader, label string) T) []T {
	var out []T
	r.list(label, func(r *Reader, l string) { out = append(out, f(r, l)) }, func(r *Reader, l string) { f(r, l) })
	return out
}

// list is the part of List that is the same for all types: each copy of it
// would count in the page. again reads an element that is opened.
func (r *Reader) list(label string, each, again func(*Reader, string)) {
	limit := r.t.limits.List
	long, start, count, faults := false, 0, 0, 0
	var marks []int
	for ; !r.Empty() && !r.quiet; count++ {
		if count%limit == 0 {
			marks = append(marks, r.off)
		}
		if count == limit && r.t.mute == 0 {
			long, start, faults = true, r.off, len(r.t.Faults)
			r.t.heard = 0
			r.t.mute++
		}
		if r.t.mute > 0 {
			each(r, label)
			continue
		}
		each(r, label+"["+strconv.Itoa(count)+"]")
	}
	if long {
		r.t.mute--
		more := r.add(label+"[…]", "elements", start, 0, r.end-start, report.Leaf|report.More)
		for i := faults; i < len(r.t.Faults); i++ {
			r.t.Faults[i].Ref = more
			r.Flag(more, report.Faulty)
		}
		r.Flag(r.at, report.Long)
		from := *r
		from.off, from.quiet = 0, false
		r.t.Lists = append(r.t.Lists, report.List{Node: r.at, Count: count, Shown: limit,
			Rest: report.Span{Source: r.src, Off: start, Len: r.end - start}})
		r.t.openers = append(r.t.openers, opener{again, label, marks, &from, r.tls})
		r.off = r.end
	}
}

package field

import (
	"slices"

	"derscope/decode/der"
	"derscope/decode/report"
)

// A tag of its context stands in place of the tag of a type (IMPLICIT) or around
// it (EXPLICIT). Programs mix these up, so the two methods of this file read the
// one that is due, and the other with a fault of kind Tagging.

// Replacing reads an element whose tag [n] IMPLICIT stands in place of own, if
// the tag is there: f reads the element as if it had its own tag, and answers
// with its node. begin are the tags that the contents of a constructed type
// begin with; none for a primitive one.
func (r *Reader) Replacing(n int, own der.Tag, label string, f func(*Reader) report.Ref, begin ...der.Tag) bool {
	if r.quiet || !r.Peek(der.Ctx(n)) {
		return false
	}
	if !r.wraps(own, begin) {
		r.retag, r.own = true, own
		f(r)
		return true
	}
	return r.Explicit(n, label, func(r *Reader) {
		r.Fault(Tagging, f(r), "%s: tag [%d] wraps the %s, and is to replace its tag: EXPLICIT where the type has IMPLICIT", label, n, own)
	})
}

// Wrapping reads the one element inside a tag [n] EXPLICIT, if the tag is there;
// see Replacing.
func (r *Reader) Wrapping(n int, own der.Tag, label string, f func(*Reader) report.Ref, begin ...der.Tag) bool {
	if r.quiet || !r.Peek(der.Ctx(n)) {
		return false
	}
	if !r.replaces(own, begin) {
		return r.Explicit(n, label, func(r *Reader) { f(r) })
	}
	r.retag, r.own = true, own
	r.Fault(Tagging, f(r), "%s: tag [%d] replaces the tag of the %s, and is to wrap it: IMPLICIT where the type has EXPLICIT", label, n, own)
	return true
}

// wraps says that the next element holds nothing but one of type own.
func (r *Reader) wraps(own der.Tag, begin []der.Tag) bool {
	e, err := der.Next(r.b, r.off, r.end)
	if err != nil || !e.Constructed {
		return false
	}
	in, err := der.Next(r.b, e.Content(), e.Close())
	if err != nil || in.Tag != own || in.End() != e.Close() {
		return false
	}
	if len(begin) == 0 {
		return true
	}
	first, err := der.Next(r.b, in.Content(), in.Close())
	return err == nil && slices.Contains(begin, first.Tag)
}

// replaces says that the contents of the next element are those of type own.
func (r *Reader) replaces(own der.Tag, begin []der.Tag) bool {
	e, err := der.Next(r.b, r.off, r.end)
	if err != nil || e.Constructed != (len(begin) > 0) {
		return false
	}
	if !e.Constructed || e.Len == 0 {
		return true
	}
	first, err := der.Next(r.b, e.Content(), e.Close())
	return err == nil && first.Tag != own && slices.Contains(begin, first.Tag)
}

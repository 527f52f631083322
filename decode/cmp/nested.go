package cmp

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Bounds of messages inside messages: in the body nested and in origPKIMessage.
const (
	levels   = 4
	messages = 256
)

// inside is what a message in this one is told.
func (m *Message) inside(orig bool) *Given {
	g := &Given{Level: 1, Orig: orig, total: new(int)}
	if m.Given != nil && m.Given.total != nil {
		g.Level, g.total = m.Given.Level+1, m.Given.total
	}
	return g
}

// readMessages reads a PKIMessages. Each is an item of its own.
//
//	PKIMessages ::= SEQUENCE SIZE (1..MAX) OF PKIMessage
//
// RFC 9810, section 5.1
func readMessages(r *field.Reader, label string, g *Given) (at report.Ref, list []Inner) {
	at = r.Seq(label, func(r *field.Reader) {
		list = field.List(r, label, func(r *field.Reader, label string) Inner { return readMessage(r, label, g) })
	})
	r.Show(at, report.Plural(len(list), "message", "messages"))
	return at, list
}

func readMessage(r *field.Reader, label string, g *Given) Inner {
	if !r.Peek(der.Sequence) {
		return Inner{Ref: r.Stop(label, "%s: want a PKIMessage, which is a SEQUENCE", label)}
	}
	w := r.Whole(label, "PKIMessage")
	if r.Muted() {
		return Inner{w.Ref, w.Value}
	}
	switch *g.total++; {
	case g.Level > levels:
		r.Fault(field.Depth, w.Ref, "a message inside %d others: it is not opened, which is done %d deep", g.Level, levels)
	case *g.total == messages+1:
		r.Fault(field.TooMany, w.Ref, "more than %d messages inside one: this and later ones are not opened", messages)
	case *g.total < messages+1:
		r.PieceWith("cmp-message", w.Ref, g)
	}
	return Inner{w.Ref, w.Value}
}

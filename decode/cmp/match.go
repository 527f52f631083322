package cmp

import (
	"mime"
	"slices"
	"strings"

	"derscope/decode/check"
	"derscope/decode/der"
)

// labels are what PEM blocks and HTTP messages call a PKIMessage.
var labels = []string{"PKIXCMP", "PKIMESSAGE", "CMP", "application/pkixcmp", "application/x-pkixcmp", "application/pkixcmp-poll"}

// Match scores a candidate: the shape tells most, for labels are often wrong.
func Match(c check.Candidate) check.Match {
	if c.Text {
		return check.Match{}
	}
	label := c.Label
	if t, _, err := mime.ParseMediaType(label); err == nil && strings.Contains(t, "/") {
		label = t
	}
	labelled := slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, label) })
	const why = "SEQUENCE of a header (INTEGER, two GeneralNames) and a body with a context tag"
	switch fits := shaped(c.Bytes); {
	case fits && (labelled || c.Hint == "cmp-message"):
		return check.Match{Score: 100, Why: why}
	case fits:
		return check.Match{Score: 90, Why: why}
	case c.Hint == "cmp-message":
		return check.Match{Score: 80, Why: "the message around it has it as one"}
	case labelled:
		return check.Match{Score: 70, Why: "labelled " + c.Label}
	}
	return check.Match{}
}

// shaped says that b begins like a PKIMessage: a SEQUENCE whose first element is
// a SEQUENCE of a small INTEGER and a GeneralName, and whose second has a context
// tag up to 26. What is cut short can still be told.
func shaped(b []byte) bool {
	outer, err := der.Next(b, 0, len(b))
	if outer.Tag != der.Sequence || !outer.Constructed || err != nil && !overrun(err) {
		return false
	}
	end := min(outer.Close(), len(b))
	header, err := der.Next(b, outer.Content(), end)
	if header.Tag != der.Sequence || !header.Constructed || err != nil && !overrun(err) {
		return false
	}
	in := min(header.Close(), end)
	version, e1 := der.Next(b, header.Content(), in)
	if e1 != nil || version.Tag != der.Integer || version.Len > 2 {
		return false
	}
	sender, _ := der.Next(b, version.End(), in)
	if sender.Tag.Class != der.Context || sender.Tag.Number > 8 {
		return false
	}
	if err != nil {
		return true // cut short within the header
	}
	body, err := der.Next(b, header.End(), end)
	return body.Tag.Class == der.Context && body.Tag.Number <= 40 || err != nil && header.End() >= len(b)
}

// Peek says how many octets the message takes that b begins with, and of which
// type its body is. ok is false where b begins with no whole message.
func Peek(b []byte) (n int, t Type, ok bool) {
	if len(b) < 2 || b[0] != 0x30 || !shaped(b) {
		return 0, 0, false
	}
	outer, err := der.Next(b, 0, len(b))
	if err != nil {
		return 0, 0, false
	}
	header, err := der.Next(b, outer.Content(), outer.Close())
	if err != nil {
		return 0, 0, false
	}
	body, err := der.Next(b, header.End(), outer.Close())
	return outer.End(), Type(body.Tag.Number), err == nil
}

// overrun says that the element ends behind the octets.
func overrun(err error) bool {
	fault, ok := err.(*der.Error)
	return ok && fault.Fault == der.Overrun
}

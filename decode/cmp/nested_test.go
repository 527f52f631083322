package cmp

import (
	"bytes"
	"testing"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// of is a message of nobody to nobody with a body.
func of(tag int, content []byte) []byte {
	nobody := der.Wrap(der.Ctx(4), der.Wrap(der.Sequence))
	header := der.Wrap(der.Sequence, der.Wrap(der.Integer, []byte{2}), nobody, nobody)
	return der.Wrap(der.Sequence, header, der.Wrap(der.Ctx(tag), content))
}

// faults counts those of a kind.
func faults(t *field.Tree, k field.Kind) (n int) {
	for _, f := range t.Faults {
		if f.Kind == k {
			n++
		}
	}
	return n
}

// No more than so many messages inside one are opened, and it is said once.
func TestManyMessages(t *testing.T) {
	one := of(21, der.Wrap(der.Sequence))
	m, tree := read(t, of(20, der.Wrap(der.Sequence, bytes.Repeat(one, messages+40))), field.Limits{})
	if len(m.Body.Messages) != messages+40 || len(tree.Pieces) != messages || faults(tree, field.TooMany) != 1 {
		t.Errorf("%d messages, %d opened, %d faults", len(m.Body.Messages), len(tree.Pieces), faults(tree, field.TooMany))
	}
	if m, tree := read(t, of(20, der.Wrap(der.Sequence, bytes.Repeat(one, messages))), field.Limits{}); len(tree.Faults) != 0 || !m.OK {
		t.Errorf("as many as may be have %d faults", len(tree.Faults))
	}
}

// The bounds go through messages inside messages.
func TestDeepMessages(t *testing.T) {
	b := of(21, der.Wrap(der.Sequence))
	for range levels + 2 {
		b = of(20, der.Wrap(der.Sequence, b))
	}
	var given any
	for level := 0; ; level++ {
		tree := field.NewTree(field.Limits{})
		Read(tree.ReaderWith(tree.Add(report.Source{Bytes: b}), given))
		if len(tree.Pieces) == 0 {
			if level != levels || faults(tree, field.Depth) != 1 {
				t.Errorf("opened %d deep, with %d faults", level, faults(tree, field.Depth))
			}
			return
		}
		p := tree.Pieces[0]
		if p.Hint != "cmp-message" || p.Given.(*Given).Level != level+1 {
			t.Fatalf("%s at level %d: %+v", p.Hint, level, p.Given)
		}
		b, given = b[p.Span.Off:p.Span.End()], p.Given
	}
}

// A CRL inside is not read with the message: it is one leaf.
func TestListsStayClosed(t *testing.T) {
	list := der.Wrap(der.Sequence, der.Wrap(der.Sequence, der.Wrap(der.Integer, []byte{1})), der.Wrap(der.Sequence), der.Wrap(der.BitString, []byte{0}))
	for _, b := range [][]byte{
		of(18, der.Wrap(der.Sequence, list)),
		of(22, der.Wrap(der.Sequence, der.Wrap(der.Sequence, der.Wrap(der.OID, []byte{0x2b, 6, 1, 5, 5, 7, 4, 6}), list))),
		of(12, der.Wrap(der.Sequence, der.Wrap(der.Sequence, der.Wrap(der.Sequence, der.Wrap(der.Integer, []byte{0}))), der.Wrap(der.Ctx(1), der.Wrap(der.Sequence, list)))),
	} {
		m, tree := read(t, b, field.Limits{})
		if len(tree.Pieces) != 1 || tree.Pieces[0].Hint != "crl" || tree.Pieces[0].Span.Len != len(list) || !m.OK {
			t.Errorf("%s: %+v", m.Body.Name(), tree.Pieces)
		}
	}
}

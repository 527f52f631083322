package web

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// asn1Tree is the bare ASN.1 of the octets, as any BER reader sees them.
type asn1Tree struct {
	app.Compo
	S    *state
	Turn int
}

func (v *asn1Tree) OnMount(app.Context) { v.S.settle() }

func (v *asn1Tree) onScroll(app.Context, app.Event) { v.S.asn1.read() }

func (v *asn1Tree) Render() app.UI {
	s := v.S
	b, hidden, n, at := s.octets(), s.hidden(), s.lines.n(), s.lines.find(s.mark)
	rows := s.asn1.draw(n, func(i int) app.UI { return v.row(b, hidden, i, i == at) })
	active := ""
	if from, to := s.asn1.window(n); from <= at && at < to {
		active = elementID(at)
	}
	return treeView(s.asn1.id, tabASN1, active, v.onScroll, rows)
}

func elementID(i int) string { return "e" + strconv.Itoa(i) }

func (v *asn1Tree) row(b []byte, hidden []report.Span, i int, selected bool) app.UI {
	s := v.S
	r, _ := s.lines.row(i)
	text := elementText(b, r)
	if !r.Constructed && overlap(hidden, r.Content(), r.Close()) {
		text = "not shown"
	}
	length := r.End() - r.Off
	row := treeRow(elementID(i), r.Depth, r.At, r.Of, selected).
		DataSet("element", i).DataSet("at", spanText(report.Span{Source: s.mark.Source, Off: r.Off, Len: length}))
	if r.Fault != "" {
		row = row.Class("bad")
	}
	if r.Inside {
		row = row.Class("inside")
	}
	return treeCells(row, r.Kids, r.Open, s.marked(elementName(r)), s.marked(text), offLen(r.Off, length))
}

// form names what DER forbids and BER allows in how an element is written.
func form(r asn1Row) string {
	switch {
	case r.Indefinite:
		return " (indefinite length)"
	case r.LongLength:
		return " (long length)"
	case r.LongTag:
		return " (long tag)"
	}
	return ""
}

// clickElement selects a row of the ASN.1 view, or opens or closes it.
func (s *state) clickElement(i int, twist bool) {
	if i < 0 || i >= s.lines.n() {
		return
	}
	if r, _ := s.lines.row(i); !twist {
		s.selectElement(r)
		return
	} else if r.Kids {
		s.lines.turn(i)
		s.turn.structure++
		s.goOn()
	}
}

// goOn walks the elements of the ASN.1 view on, a slice at a time.
func (s *state) goOn() {
	o := s.lines
	if o.whole() {
		return
	}
	s.later(time.Millisecond, func() {
		if s.lines != o {
			return
		}
		before := o.find(s.mark)
		o.goOn()
		s.turn.structure++
		if i := o.find(s.mark); i != before {
			s.asn1.reveal(i, o.n())
			s.settle()
		}
		s.goOn()
	})
}

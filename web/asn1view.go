package web

import (
	"fmt"
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
	b := s.octets()
	from, to := s.asn1.window(s.lines.n())
	at := s.lines.find(s.mark)
	rows := make([]app.UI, 0, to-from+2)
	above, below := s.asn1.around(from, to)
	rows = append(rows, above)
	for i := from; i < to; i++ {
		rows = append(rows, v.row(b, i, i == at))
	}
	rows = append(rows, below)
	tree := app.Div().Class("tree").ID(s.asn1.id).Role("tree").TabIndex(0).Aria("label", "ASN.1").OnScroll(v.onScroll)
	if from <= at && at < to {
		tree = tree.Aria("activedescendant", elementID(at))
	}
	return app.Div().Class("view").ID("structure-view").Role("tabpanel").Aria("label", "ASN.1").Body(tree.Body(rows...))
}

func elementID(i int) string { return "e" + strconv.Itoa(i) }

func (v *asn1Tree) row(b []byte, i int, selected bool) app.UI {
	r, _ := v.S.lines.row(i)
	row := app.Div().ID(elementID(i)).Role("treeitem").Class("f", "d"+strconv.Itoa(min(r.Depth, deepest))).
		DataSet("element", i).DataSet("at", spanText(report.Span{Source: v.S.mark.Source, Off: r.Off, Len: r.End() - r.Off})).Aria("level", r.Depth+1).Aria("setsize", r.Of).Aria("posinset", r.At).Aria("selected", strconv.FormatBool(selected))
	twist := ""
	if r.Kids {
		row = row.Aria("expanded", strconv.FormatBool(r.Open))
		twist = "▸"
		if r.Open {
			twist = "▾"
		}
	}
	if r.Fault != "" {
		row = row.Class("bad")
	}
	if r.Inside {
		row = row.Class("inside")
	}
	return row.Body(
		app.Span().Class("tw").Aria("hidden", "true").Text(twist),
		app.Span().Class("k").Body(v.S.marked(elementName(r))...),
		app.Span().Class("v").Body(v.S.marked(elementText(b, r))...),
		app.Span().Class("o").Aria("hidden", "true").Text(fmt.Sprintf("%d +%d", r.Off, r.End()-r.Off)),
	)
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

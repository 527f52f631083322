package web

import (
	"fmt"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// fieldTree is the tree of fields. Only the rows in sight are drawn.
type fieldTree struct {
	app.Compo
	S    *state
	Turn int
}

func (v *fieldTree) OnMount(app.Context) { v.S.settle() }

func (v *fieldTree) onScroll(app.Context, app.Event) { v.S.fields.read(); v.S.fetch() }

func (v *fieldTree) Render() app.UI {
	s := v.S
	n := 0
	if s.rows != nil {
		n = s.rows.n
	}
	from, to := s.fields.window(n)
	above, below := s.fields.around(from, to)
	here := s.here()
	rows := make([]app.UI, 0, to-from+2)
	rows = append(rows, above)
	for i := from; i < to; i++ {
		rows = append(rows, v.row(s.rows.at(i), i == here))
	}
	rows = append(rows, below)
	tree := app.Div().Class("tree").ID(s.fields.id).Role("tree").TabIndex(0).Aria("label", "Fields").
		OnScroll(v.onScroll)
	if from <= here && here < to {
		tree = tree.Aria("activedescendant", rowID(s.rows.at(here)))
	}
	return app.Div().Class("view").ID("structure-view").Role("tabpanel").Aria("label", "Fields").Body(tree.Body(rows...))
}

func rowID(r row) string {
	if r.node == report.None {
		return "far" + strconv.Itoa(r.element)
	}
	return fieldID(r.node)
}

func fieldID(n report.Ref) string { return "f" + strconv.Itoa(int(n)) }

// deepest is the last level that is moved in further than the one above it.
const deepest = 24

func (v *fieldTree) row(r row, selected bool) app.UI {
	s := v.S
	var depth int
	if r.list != nil {
		depth = s.tree.depth[r.list.Node] + 1
	} else {
		depth = s.tree.depth[r.node]
	}
	depth -= s.tree.depth[s.report.Items[s.shown].Root]
	row := app.Div().ID(rowID(r)).Role("treeitem").Class("f", "d"+strconv.Itoa(min(depth, deepest))).
		Aria("level", depth+1).Aria("selected", strconv.FormatBool(selected))
	at, of := s.among(r)
	row = row.Aria("setsize", of).Aria("posinset", at)
	if r.node == report.None { // it is being made
		return row.DataSet("do", "far").DataSet("arg", farAway(r)).Body(
			app.Span().Class("tw").Aria("hidden", "true"),
			app.Span().Class("k").Text(r.list.label(r.element)),
			app.Span().Class("v"),
			app.Span().Class("o").Aria("hidden", "true"),
		)
	}
	n := r.node
	node := &s.report.Nodes[n]
	row = row.DataSet("node", int(n)).DataSet("at", spanText(node.Span))
	twist := ""
	if !s.tree.leaf(n) {
		row = row.Aria("expanded", strconv.FormatBool(!s.folded[n]))
		twist = "▾"
		if s.folded[n] {
			twist = "▸"
		}
	}
	if node.Flags&(report.Faulty|report.Raw) != 0 {
		row = row.Class("bad")
	}
	return row.Body(
		app.Span().Class("tw").Aria("hidden", "true").Text(twist),
		app.Span().Class("k").Body(s.marked(node.Label)...),
		app.Span().Class("v").Body(s.marked(s.rowText(n, node))...),
		app.Span().Class("o").Aria("hidden", "true").Text(fmt.Sprintf("%d +%d", node.Span.Off, node.Span.Len)),
	)
}

// rowText is what a row says behind the name of its node.
func (s *state) rowText(n report.Ref, node *report.Node) string {
	if l := s.lists[n]; l != nil && node.Value == "" {
		return count(l.Count) + " elements"
	}
	return nodeValue(node)
}

// nodeValue is what a row says of a node's value.
func nodeValue(n *report.Node) string {
	text := n.Value
	switch {
	case n.Flags&report.Secret != 0:
		text = octetCount(n.Span.Len-n.Header) + ", kept secret"
	case n.Flags&report.Faulty != 0 && n.Note != "":
		text = "✕ " + n.Note
	case text == "" && n.Flags&report.Raw != 0:
		text = "not readable"
	}
	return shorten(text, 200)
}

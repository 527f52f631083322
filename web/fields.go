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

func (v *fieldTree) onScroll(app.Context, app.Event) { v.S.fields.read() }

func (v *fieldTree) Render() app.UI {
	s := v.S
	from, to := s.fields.window(len(s.rows))
	rows := make([]app.UI, 0, to-from+2)
	rows = append(rows, s.fields.space(from))
	for _, n := range s.rows[from:to] {
		rows = append(rows, v.row(n))
	}
	rows = append(rows, s.fields.space(len(s.rows)-to))
	tree := app.Div().Class("tree").ID(s.fields.id).Role("tree").TabIndex(0).Aria("label", "Fields").
		OnScroll(v.onScroll)
	if s.sel != report.None {
		tree = tree.Aria("activedescendant", fieldID(s.sel))
	}
	return app.Div().Class("view").ID("structure-view").Role("tabpanel").Aria("label", "Fields").Body(tree.Body(rows...))
}

func fieldID(n report.Ref) string { return "f" + strconv.Itoa(int(n)) }

// deepest is the last level that is moved in further than the one above it.
const deepest = 24

func (v *fieldTree) row(n report.Ref) app.UI {
	s := v.S
	node := &s.report.Nodes[n]
	depth := s.tree.depth[n] - s.tree.depth[s.report.Items[s.shown].Root]
	row := app.Div().ID(fieldID(n)).Role("treeitem").Class("f", "d"+strconv.Itoa(min(depth, deepest))).
		DataSet("node", int(n)).Aria("level", depth+1).Aria("selected", strconv.FormatBool(n == s.sel))
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
		app.Span().Class("k").Text(node.Label),
		app.Span().Class("v").Text(s.rowText(n, node)),
		app.Span().Class("o").Aria("hidden", "true").Text(fmt.Sprintf("%d +%d", node.Span.Off, node.Span.Len)),
	)
}

func (s *state) rowText(n report.Ref, node *report.Node) string {
	if s.isRest(n) {
		return s.restText(n)
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

package web

import (
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
	n, here := 0, s.here()
	if s.rows != nil {
		n = s.rows.n
	}
	rows := s.fields.draw(n, func(i int) app.UI { return v.row(s.rows.at(i), i == here) })
	active := ""
	if from, to := s.fields.window(n); from <= here && here < to {
		active = rowID(s.rows.at(here))
	}
	return treeView(s.fields.id, tabFields, active, v.onScroll, rows)
}

// treeView is a view of the structure with rows that hold each other.
func treeView(id, name, active string, scroll app.EventHandler, rows []app.UI) app.UI {
	tree := app.Div().Class("tree").ID(id).Role("tree").TabIndex(0).Aria("label", name).OnScroll(scroll)
	if active != "" {
		tree = tree.Aria("activedescendant", active)
	}
	return app.Div().Class("view").ID("structure-view").Role("tabpanel").Aria("label", name).Body(tree.Body(rows...))
}

// treeRow is a row of a tree, so deep, at a place among so many beside it.
func treeRow(id string, depth, at, of int, selected bool) app.HTMLDiv {
	return app.Div().ID(id).Role("treeitem").Class("f", "d"+strconv.Itoa(min(depth, deepest))).
		Aria("level", depth+1).Aria("setsize", of).Aria("posinset", at).Aria("selected", strconv.FormatBool(selected))
}

// treeCells fill a row: a sign that it is open or closed, a name, a value, and
// where it lies.
func treeCells(row app.HTMLDiv, opens, open bool, name, value []app.UI, off string) app.UI {
	twist := ""
	if opens {
		row = row.Aria("expanded", strconv.FormatBool(open))
		twist = "▸"
		if open {
			twist = "▾"
		}
	}
	return row.Body(
		unheard("tw", twist),
		spanOf("k", name...),
		spanOf("v", value...),
		unheard("o", off),
	)
}

// offLen is where octets lie and how many they are.
func offLen(off, length int) string { return strconv.Itoa(off) + " +" + strconv.Itoa(length) }

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
	at, of := s.among(r)
	row := treeRow(rowID(r), depth, at, of, selected)
	if r.node == report.None { // it is being made
		return treeCells(row.DataSet("do", "far").DataSet("arg", farAway(r)), false, false,
			[]app.UI{app.Text(r.list.label(r.element))}, nil, "")
	}
	n := r.node
	node := &s.report.Nodes[n]
	row = row.DataSet("node", int(n)).DataSet("at", spanText(node.Span))
	if node.Flags&(report.Faulty|report.Raw) != 0 {
		row = row.Class("bad")
	}
	return treeCells(row, !s.tree.leaf(n), !s.folded[n], s.marked(node.Label), s.marked(s.rowText(n, node)),
		offLen(node.Span.Off, node.Span.Len))
}

// rowText is what a row says behind the name of its node.
func (s *state) rowText(n report.Ref, node *report.Node) string {
	if l := s.lists[n]; l != nil && node.Value == "" {
		return count(l.Count) + " elements"
	}
	return s.nodeValue(node)
}

// nodeValue is what a row says of a node's value.
func (s *state) nodeValue(n *report.Node) string {
	text := n.Value
	switch {
	case n.Flags&report.Secret != 0 && !s.revealed, text != "" && s.veiled(n):
		text = octetCount(n.Span.Len-n.Header) + ", kept secret"
	case text == "" && n.Flags&(report.Secret|report.Leaf) == report.Secret|report.Leaf:
		text = hexText(s.report.Octets(n.Content()))
	case n.Flags&report.Faulty != 0 && n.Note != "":
		text = "✕ " + n.Note
	case text == "" && n.Flags&report.Raw != 0:
		text = "not readable"
	}
	return shorten(text, 200)
}

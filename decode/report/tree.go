package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// This file writes the fields of an item as a tree in text: offset, length,
// name, value.

func (w *textWriter) fields(it *Item) {
	if it.Root >= it.End {
		return
	}
	w.heading("Fields")
	if at, ok := w.r.shownIn(it); ok && w.o.Part == Everything {
		w.lines(4, "", fmt.Sprintf("those of %s in %s", w.r.Path(at), ID(it.Carrier)))
		return
	}
	for _, p := range it.Roles {
		if p.Name == "duplicate" && w.o.Part == Everything {
			w.lines(4, "", "those of "+ID(p.Of))
			return
		}
	}
	marks := marks(it)
	depths := make([]int, it.End-it.Root)
	for n := it.Root; n < it.End; n++ {
		node := &w.r.Nodes[n]
		depth := 0
		if node.Parent != None {
			depth = depths[node.Parent-it.Root] + 1
		}
		depths[n-it.Root] = depth
		if node.Flags&More != 0 {
			w.more(node, depth)
			continue
		}
		w.field(node, depth, marks[n-it.Root], it.Source)
	}
}

// shownIn gives the node of the carrier that already shows the fields of an
// item found inside it. Octets that were made of a node are not shown there.
func (r *Report) shownIn(it *Item) (Ref, bool) {
	from := r.Sources[it.Source].From
	if it.Carrier < 0 || len(from) != 1 || r.Sources[it.Source].How != "" {
		return None, false
	}
	carrier := &r.Items[it.Carrier]
	for n := carrier.Root; n+1 < carrier.End; n++ {
		if r.Nodes[n].Span == from[0] && r.Nodes[n+1].Parent == n {
			return n, true
		}
	}
	return None, false
}

func (w *textWriter) field(n *Node, depth int, mark Status, source int) {
	if w.full() {
		return
	}
	hidden := w.r.hidden(n) && !w.o.Reveal
	place := fmt.Sprintf("%8s %-7s ", Count(n.Span.Off), "+"+Count(n.Span.Len))
	var s strings.Builder
	s.WriteString(w.in(faint, place) + strings.Repeat("  ", depth) + Clean(n.Label))
	switch {
	case hidden && n.Flags&Leaf != 0:
		s.WriteString("  " + w.in(faint, "(secret)"))
	case !hidden && n.Value != "":
		s.WriteString("  " + w.in(strong, w.short(n.Value)))
	case n.Flags&Leaf != 0 && n.Type == "NULL" && n.Label != "NULL":
		s.WriteString("  " + w.in(faint, "NULL"))
	case n.Flags&Leaf != 0 && n.Type == "OCTET STRING":
		s.WriteString("  " + w.in(faint, "no octets"))
	case n.Flags&Leaf == 0 && n.Type != n.Label:
		s.WriteString("  " + w.in(faint, Clean(n.Type)))
	}
	if mark > Pass {
		s.WriteString("  " + w.mark(mark))
	}
	if n.Note != "" && !hidden {
		s.WriteString("  " + w.in(coloursOf[Warn], "("+Clean(n.Note)+")"))
	}
	if n.Span.Source != source {
		s.WriteString("  " + w.in(faint, "["+Clean(w.r.Sources[n.Span.Source].Name)+"]"))
	}
	w.b.WriteString(s.String() + "\n")
}

// more writes what stands for the elements of a long list that are no nodes,
// or the elements themselves.
func (w *textWriter) more(n *Node, depth int) {
	var l List
	for _, k := range w.r.Lists {
		if k.Node == n.Parent {
			l = k
		}
	}
	if w.o.Open == nil || l.Count == 0 {
		place := fmt.Sprintf("%8s %-7s ", Count(n.Span.Off), "+"+Count(n.Span.Len))
		w.b.WriteString(w.in(faint, place) + strings.Repeat("  ", depth) + "… " + Count(l.Count-l.Shown) + " more of " + Count(l.Count) + "\n")
		return
	}
	for from := l.Shown; from < l.Count && !w.full(); {
		nodes := w.o.Open(l.Node, from, l.Count-from)
		if len(nodes) == 0 {
			return
		}
		depths := make([]int, len(nodes))
		for i := range nodes {
			depths[i] = depth
			if up := nodes[i].Parent; up != None {
				depths[i] = depths[up] + 1
			} else {
				from++
			}
			w.field(&nodes[i], depths[i], NoStatus, nodes[i].Span.Source)
		}
	}
}

// short cuts a value that would fill more than a line, unless all was asked for.
func (w *textWriter) short(s string) string {
	const most = 80
	s = Clean(s)
	if w.o.Open != nil || utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// Package tiling checks the property that every reader must keep: the headers
// of all nodes and the contents of the leaves cover each source exactly once,
// and nodes lie inside their parents. Tests and fuzz targets use it.
//
//	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil { t.Error(err) }
package tiling

import (
	"fmt"

	"derscope/decode/report"
)

// Check looks for octets that no node shows, or two do. A source without nodes
// is passed over: it is one that others were made from, such as the text of a
// paste. A leaf may have nodes below it in another source: what was made from
// its octets.
func Check(sources []report.Source, nodes []report.Node) error {
	covered := make([][]report.Ref, len(sources))
	for i := range nodes {
		if err := nests(sources, nodes, report.Ref(i)); err != nil {
			return err
		}
		n := &nodes[i]
		s := n.Span
		if covered[s.Source] == nil {
			covered[s.Source] = make([]report.Ref, len(sources[s.Source].Bytes))
		}
		end := s.Off + n.Header
		if n.Flags&report.Leaf != 0 {
			end = s.End()
		}
		for at := s.Off; at < end; at++ {
			// Refs are kept one up, so that zero means nobody.
			if other := covered[s.Source][at]; other != 0 {
				return fmt.Errorf("octet %d of source %d is shown by %s and by %s", at, s.Source, name(nodes, other-1), name(nodes, report.Ref(i)))
			}
			covered[s.Source][at] = report.Ref(i) + 1
		}
	}
	for i, c := range covered {
		for at, by := range c {
			if by == 0 {
				return fmt.Errorf("octet %d of source %d (%d octets) is shown by no node", at, i, len(c))
			}
		}
	}
	return nil
}

// nests says what is wrong with the place of a node.
func nests(sources []report.Source, nodes []report.Node, i report.Ref) error {
	n := &nodes[i]
	s := n.Span
	switch {
	case s.Source < 0 || s.Source >= len(sources):
		return fmt.Errorf("%s lies in source %d, there are %d", name(nodes, i), s.Source, len(sources))
	case s.Off < 0 || n.Header < 0 || n.Header > s.Len || s.End() > len(sources[s.Source].Bytes):
		return fmt.Errorf("%s has span %d+%d with a header of %d; its source has %d octets", name(nodes, i), s.Off, s.Len, n.Header, len(sources[s.Source].Bytes))
	case n.Parent == report.None:
		return nil
	case n.Parent < 0 || n.Parent >= i:
		return fmt.Errorf("%s has the parent %d, which does not stand before it", name(nodes, i), n.Parent)
	}
	up := &nodes[n.Parent]
	switch in := up.Content(); {
	case in.Source != s.Source:
		return nil
	case up.Flags&report.Leaf != 0:
		return fmt.Errorf("%s lies in %s, which is a leaf", name(nodes, i), name(nodes, n.Parent))
	case s.Off < in.Off || s.End() > in.End():
		return fmt.Errorf("%s at %d+%d lies outside its parent %s at %d+%d", name(nodes, i), s.Off, s.Len, name(nodes, n.Parent), in.Off, in.Len)
	}
	return nil
}

func name(nodes []report.Node, i report.Ref) string {
	return fmt.Sprintf("node %d (%s)", i, nodes[i].Label)
}

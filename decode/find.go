package decode

import (
	"bytes"
	"encoding/hex"
	"strings"

	"derscope/decode/oid"
	"derscope/decode/report"
)

// Place is a node; or, with Element at 0 or above, that element of the long
// list which the node is.
type Place struct {
	Node    report.Ref
	Element int // -1: the node itself
}

// Start is the place before all others: from there Find finds the first one.
func Start() Place { return Place{report.None, -1} }

// Find gives the next place after one that names, shows or holds what is
// looked for: a part of a name or value, whatever its case, an object
// identifier in dotted form, or octets in hex. It looks into the elements of
// long lists that are no nodes, too. Secrets are not looked into.
func (c *Case) Find(what string, after Place) (Place, bool) {
	q := newQuery(what)
	if q.text == "" {
		return Place{}, false
	}
	n, element := after.Node+1, 0
	if after.Element >= 0 {
		n, element = c.rest(after.Node), after.Element+1
	}
	for ; int(n) < len(c.tree.Nodes); n++ {
		node := &c.tree.Nodes[n]
		if node.Flags&report.More != 0 {
			if p, ok := c.among(node.Parent, element, q); ok {
				return p, true
			}
			element = 0
			continue
		}
		if c.shows(node, q) {
			return Place{n, -1}, true
		}
	}
	return Place{}, false
}

// rest is the node that stands for the unopened elements of a list, or the end.
func (c *Case) rest(list report.Ref) report.Ref {
	n := list + 1
	for ; int(n) < len(c.tree.Nodes); n++ {
		if node := &c.tree.Nodes[n]; node.Parent == list && node.Flags&report.More != 0 {
			break
		}
	}
	return n
}

// among looks through the elements of a long list from the first-th on.
func (c *Case) among(list report.Ref, first int, q query) (Place, bool) {
	for _, l := range c.tree.Lists {
		if l.Node != list {
			continue
		}
		for k := max(first, l.Shown); k < l.Count; {
			nodes := c.tree.Open(list, k, l.Count-k)
			if len(nodes) == 0 {
				break
			}
			k--
			for i := range nodes {
				if nodes[i].Parent == report.None {
					k++
				}
				if c.shows(&nodes[i], q) {
					return Place{list, k}, true
				}
			}
			k++
		}
	}
	return Place{}, false
}

// query is what is looked for, in the forms in which it can be found.
type query struct {
	text  string // lower case
	bytes []byte // if it can be read as hex
	oid   []byte // contents octets, if it is a dotted identifier
}

func newQuery(what string) query {
	q := query{text: strings.ToLower(strings.TrimSpace(what))}
	plain := strings.NewReplacer(" ", "", ":", "", "0x", "").Replace(q.text)
	if b, err := hex.DecodeString(plain); err == nil && len(b) > 1 {
		q.bytes = b
	}
	if strings.Count(q.text, ".") > 1 {
		q.oid = oid.ID(q.text).Bytes()
	}
	return q
}

func (c *Case) shows(n *report.Node, q query) bool {
	source := &c.tree.Sources[n.Span.Source]
	if source.Secret || n.Flags&report.Secret != 0 {
		return false
	}
	if strings.Contains(strings.ToLower(n.Label), q.text) || strings.Contains(strings.ToLower(n.Value), q.text) {
		return true
	}
	if n.Flags&report.Leaf == 0 {
		return false
	}
	s := n.Content()
	b := source.Bytes[s.Off:s.End()]
	return q.bytes != nil && bytes.Contains(b, q.bytes) || q.oid != nil && n.Type == "OBJECT IDENTIFIER" && bytes.Equal(b, q.oid)
}

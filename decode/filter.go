package decode

import (
	"bytes"

	"derscope/decode/report"
)

// Filter gives the elements of a long list that name, show or hold what is
// looked for, as Find has it, and how many it has looked at: n at the most, from
// the from-th on. So a caller can show what was found so far, and stop.
func (c *Case) Filter(list report.Ref, what string, from, n int) (found []int, looked int) {
	return c.filter(list, newQuery(what), from, n)
}

func (c *Case) filter(list report.Ref, q query, from, n int) (found []int, looked int) {
	for looked < n {
		nodes := c.tree.Open(list, from+looked, n-looked)
		if len(nodes) == 0 {
			break
		}
		last := -1
		for i := range nodes {
			if nodes[i].Parent == report.None {
				looked++
			}
			if e := from + looked - 1; e != last && c.holds(&nodes[i], q) {
				found = append(found, e)
				last = e
			}
		}
	}
	return found, looked
}

// holds says whether a part of an element shows what is looked for, or the
// element, whose nodes are none of the tree, holds it as octets.
func (c *Case) holds(n *report.Node, q query) bool {
	whole := n.Parent == report.None && len(q.bytes) > 0 && !c.hidden(n)
	return whole && bytes.Contains(c.octets(n.Span), q.bytes) || c.shows(n, q)
}

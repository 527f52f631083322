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

// Start is the place before all others, which is that of nothing.
func Start() Place { return Place{report.None, -1} }

// Found is what was found.
type Found struct {
	Places []Place // in the order of the report
	More   bool    // there are more than were asked for
	Octets []byte  // what is looked for, if it can be read as octets
}

// Find gives the first places among the nodes from root to end that name, show
// or hold what is looked for: a part of a name, value or note, whatever its
// case, an object identifier in dotted form or the beginning of one, or octets
// in hex. Octets are found in the innermost node around them. Find looks into
// the elements of long lists that are no nodes, too, and never into secrets.
func (c *Case) Find(what string, root, end report.Ref, most int) Found {
	q := newQuery(what)
	f := finding{c: c, query: q, most: most}
	f.Octets = q.bytes
	if q.text == "" {
		return f.Found
	}
	end = min(end, report.Ref(len(c.tree.Nodes)))
	root = min(max(root, 0), end)
	held := c.holders(q.bytes, root, end)
	for n := root; n < end && !f.More; n++ {
		node := &c.tree.Nodes[n]
		switch {
		case node.Flags&report.More != 0:
			f.among(node.Parent)
		case held[n] || c.shows(node, q):
			f.add(Place{n, -1})
		}
	}
	return f.Found
}

// finding is a search on its way.
type finding struct {
	Found
	c     *Case
	query query
	most  int
}

func (f *finding) add(p Place) {
	if len(f.Places) == f.most {
		f.More = true
		return
	}
	f.Places = append(f.Places, p)
}

// among looks through the elements of a long list that are no nodes.
func (f *finding) among(list report.Ref) {
	for _, l := range f.c.tree.Lists {
		for k := l.Shown; l.Node == list && k < l.Count && !f.More; {
			found, looked := f.c.filter(list, f.query, k, atOnce)
			if looked == 0 {
				return
			}
			for _, e := range found {
				f.add(Place{list, e})
			}
			k += looked
		}
	}
}

// atOnce is how many elements are opened at a time.
const atOnce = 1000

// holders are the nodes from root to end that octets lie in, each the innermost
// one around them. Octets that lie in a node and in none below it touch its
// header, or a place where something below it begins.
func (c *Case) holders(octets []byte, root, end report.Ref) map[report.Ref]bool {
	held := map[report.Ref]bool{}
	if len(octets) == 0 {
		return held
	}
	reach := len(octets) - 1
	for n := root; n < end; n++ {
		node := &c.tree.Nodes[n]
		if c.hidden(node) {
			continue
		}
		s := node.Span
		if up := node.Parent; up >= root && c.tree.Nodes[up].Span.Source == s.Source {
			p := c.tree.Nodes[up].Span
			from, to := max(p.Off, s.Off-reach), min(p.End(), s.Off+reach)
			if bytes.Contains(c.octets(report.Span{Source: s.Source, Off: from, Len: max(0, to-from)}), octets) {
				held[up] = true
			}
		}
		switch {
		case node.Flags&report.More != 0: // its elements are looked into one by one
		case node.Flags&report.Leaf == 0:
			s.Len = min(s.Len, node.Header)
			fallthrough
		default:
			if bytes.Contains(c.octets(s), octets) {
				held[n] = true
			}
		}
	}
	return held
}

func (c *Case) octets(s report.Span) []byte { return c.tree.Sources[s.Source].Bytes[s.Off:s.End()] }

func (c *Case) hidden(n *report.Node) bool {
	return n.Flags&report.Secret != 0 || c.tree.Sources[n.Span.Source].Secret
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
		q.oid = oid.ID(strings.TrimRight(q.text, ".")).Bytes()
	}
	return q
}

func (c *Case) shows(n *report.Node, q query) bool {
	if c.hidden(n) {
		return false
	}
	for _, text := range [...]string{n.Label, n.Value, n.Note} {
		if strings.Contains(strings.ToLower(text), q.text) {
			return true
		}
	}
	return len(q.oid) > 0 && n.Type == "OBJECT IDENTIFIER" && bytes.HasPrefix(c.octets(n.Content()), q.oid)
}

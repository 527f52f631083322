package decode

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"derscope/decode/der"
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
	Next   Place   // where to go on: not all was looked at. Start: all was
	Octets []byte  // what is looked for, if it can be read as octets
}

// Find gives the first places among the nodes from root to end that name, show
// or hold what is looked for: a part of a name, value or note, whatever its
// case, an object identifier in dotted form or the beginning of one, or octets
// in hex. Octets are found in the innermost node around them. Find looks into
// the elements of long lists that are no nodes, too, and never into secrets.
//
// It begins at a place, or at root for Start. Of a list of a million elements
// it looks at some thousand at a time: so a caller can show what was found so
// far, and stop.
func (c *Case) Find(what string, root, end report.Ref, from Place, most int) Found {
	q := newQuery(what)
	f := finding{c: c, query: q, most: most, left: atOnce}
	f.Octets, f.Next = q.bytes, Start()
	if q.text == "" {
		return f.Found
	}
	end = min(end, report.Ref(len(c.tree.Nodes)))
	root = min(max(root, from.Node, 0), end)
	held := c.holders(q.bytes, root, end)
	for n := root; n < end && !f.More && f.Next == Start(); n++ {
		node := &c.tree.Nodes[n]
		switch {
		case node.Flags&report.More != 0:
			f.among(n, node.Parent, from.Element)
			from.Element = -1
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
	left  int // elements of lists that it may still look at
}

func (f *finding) add(p Place) {
	if len(f.Places) == f.most {
		f.More = true
		return
	}
	f.Places = append(f.Places, p)
}

const (
	// atOnce is how many elements of lists are looked at in one go.
	atOnce = 2000
	// serial is from how many octets on what is looked for is no word or date,
	// but a serial number or a key: it is looked for as octets only, which
	// takes a thousandth of the time.
	serial = 6
)

// among looks through the elements of a long list that are no nodes; the node
// rest stands for them.
func (f *finding) among(rest, list report.Ref, from int) {
	for _, l := range f.c.tree.Lists {
		if l.Node != list {
			continue
		}
		from = max(from, l.Shown)
		if len(f.query.bytes) >= serial {
			f.octets(l, from)
			return
		}
		for from < l.Count && !f.More {
			if f.left <= 0 {
				f.Next = Place{rest, from}
				return
			}
			found, looked := f.c.filter(list, f.query, from, f.left)
			if looked == 0 {
				return
			}
			for _, e := range found {
				f.add(Place{list, e})
			}
			from += looked
			f.left -= looked
		}
	}
}

// octets looks for them in the rest of a list without making any of it.
func (f *finding) octets(l report.List, from int) {
	source := &f.c.tree.Sources[l.Rest.Source]
	if source.Secret {
		return
	}
	for k, off := l.Shown, l.Rest.Off; k < l.Count && !f.More; k++ {
		e, err := der.Next(source.Bytes, off, l.Rest.End())
		if err != nil {
			return
		}
		if off = e.End(); k >= from && bytes.Contains(source.Bytes[e.Off:off], f.query.bytes) {
			f.add(Place{l.Node, k})
		}
	}
}

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
	return n.Flags&report.Secret != 0 || c.tree.Sources[n.Span.Source].Hides()
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
	if q.in(n.Label) || q.in(n.Value) || q.in(n.Note) {
		return true
	}
	return len(q.oid) > 0 && n.Type == "OBJECT IDENTIFIER" && bytes.HasPrefix(c.octets(n.Content()), q.oid)
}

// in says whether a text holds what is looked for, whatever its case. It is
// asked a million times for a large list.
func (q query) in(text string) bool {
	if strings.IndexFunc(q.text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		return strings.Contains(strings.ToLower(text), q.text)
	}
next:
	for i := 0; i+len(q.text) <= len(text); i++ {
		for k := range len(q.text) {
			c := text[i+k]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c != q.text[k] {
				continue next
			}
		}
		return true
	}
	return false
}

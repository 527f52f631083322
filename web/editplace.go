package web

import (
	"derscope/decode/edit"
	"derscope/decode/report"
)

// notEdited says why an item cannot be edited, or "".
func (s *state) notEdited(i int) string {
	it := &s.report.Items[i]
	switch {
	case s.report.Sources[it.Source].Secret || it.SHA256 == "":
		return "it is kept secret"
	case it.Root >= it.End || s.report.Nodes[it.Root].Type == "text":
		return "it is text, not octets with a structure"
	}
	return ""
}

// editPlace is where a node lies in the outermost item whose octets it is a part
// of: a certificate in a response is edited in the response.
type editPlace struct {
	item     int
	span     report.Span
	header   int
	around   []edit.Level // its own included
	own      int          // of them
	contents []byte
}

func (s *state) editPlace(n report.Ref) (p editPlace, why string) {
	nodes := s.report.Nodes
	root := n
	for nodes[root].Parent != report.None {
		root = nodes[root].Parent
	}
	p.item = s.report.ItemOf(root)
	if p.item < 0 {
		return p, "it belongs to nothing"
	}
	if why := s.notEdited(p.item); why != "" {
		return p, why
	}
	node, it := &nodes[n], &s.report.Items[p.item]
	switch {
	case node.Flags&report.Secret != 0:
		return p, "it is kept secret"
	case s.secretIn(node.Span):
		return p, "it holds a secret: choose a field inside of it"
	case node.Flags&report.More != 0:
		return p, "it stands for other fields"
	case node.Span.Source != it.Source:
		return p, "its octets do not stand in the evidence as they are: they were " + s.report.Sources[node.Span.Source].How
	}
	source := &s.report.Sources[it.Source]
	around, err := edit.Around(source.Bytes, nodes, n)
	if err != nil {
		return p, err.Error()
	}
	above := 0
	if node.Parent != report.None {
		if list, err := edit.Around(source.Bytes, nodes, node.Parent); err == nil && nodes[node.Parent].Span.Source == node.Span.Source {
			above = len(list)
		}
	}
	c := node.Content()
	p.span, p.header, p.around, p.own = node.Span, node.Header, around, len(around)-above
	p.contents = source.Bytes[c.Off:c.End()]
	s.carry(&p)
	return p, ""
}

// carry moves a place from an item to the one that carries it, as long as
// the octets are the same.
func (s *state) carry(p *editPlace) {
	for {
		it := &s.report.Items[p.item]
		source := &s.report.Sources[it.Source]
		if it.Carrier < 0 || len(source.From) != 1 || source.How != "" {
			return
		}
		from, carrier := source.From[0], &s.report.Items[it.Carrier]
		if from.Source != carrier.Source {
			return
		}
		n := s.tree.smallest(s.report.Nodes, carrier.Root, carrier.End, from.Source, from.Off)
		for n != report.None && (s.report.Nodes[n].Span.Off > from.Off || s.report.Nodes[n].Span.End() < from.End() || s.report.Nodes[n].Span == from) {
			n = s.report.Nodes[n].Parent
		}
		if n == report.None {
			return
		}
		around, err := edit.Around(s.report.Sources[from.Source].Bytes, s.report.Nodes, n)
		if err != nil {
			return
		}
		for _, l := range p.around {
			l.Off += from.Off
			around = append(around, l)
		}
		p.around, p.item = around, it.Carrier
		p.span.Off += from.Off
		p.span.Source = from.Source
	}
}

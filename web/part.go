package web

import (
	"derscope/decode/der"
	"derscope/decode/report"
)

// part is a field that becomes evidence of its own.
type part struct {
	input, said string
	chosen      bool
}

// inspectPart judges the octets of the selected field as evidence of their own.
func (s *state) inspectPart() {
	if s.sel == report.None {
		return
	}
	n := &s.report.Nodes[s.sel]
	b, why := s.octetsOf(s.sel)
	if why != "" {
		s.tell(n.Label + " is not opened on its own: " + why + ".")
		return
	}
	it := &s.report.Items[s.shown]
	s.keep([]Evidence{{Name: n.Label + " of " + itemTitle(it), Bytes: partOctets(b, n.Header),
		Secret: s.report.Sources[n.Span.Source].Hides() || s.secretIn(n.Span)}})
	name := s.files[len(s.files)-1].Name
	s.part = part{input: name, said: "The octets of " + name + " are now evidence of their own."}
	s.load()
	focus("#result")
}

// partOctets are the octets of a node that are worth reading on their own: what
// is inside tags around them, or inside a string that holds an element.
func partOctets(b []byte, header int) []byte {
	b = untagged(b, header)
	e, err := der.Next(b, 0, len(b))
	if err != nil || e.End() != len(b) {
		return b
	}
	if from, wrapped := opens(b, e); wrapped {
		return b[from:e.Close()]
	}
	return b
}

// chooseInput judges what was made of a part, once it is read.
func (s *state) chooseInput(r *report.Report) {
	if s.part.input == "" {
		return
	}
	for i := range r.Items {
		if r.Items[i].Input == s.part.input && r.Items[i].Carrier < 0 {
			s.item, s.picked = i, true
			s.part.chosen = true
			break
		}
	}
}

// partTold says what became of the part.
func (s *state) partTold() {
	if s.part.chosen {
		s.tell(s.part.said + " " + s.said)
	}
	s.part = part{}
}

package main

import (
	"derscope/decode/report"
	"derscope/web"
)

// open makes nodes of elements of a long list, which come in ascending order:
// one call for each run of neighbours.
func (s *server) open(list report.Ref, elements []int) []report.Node {
	var all []report.Node
	for i := 0; i < len(elements); {
		j := i + 1
		for j < len(elements) && elements[j] == elements[j-1]+1 {
			j++
		}
		at := report.Ref(len(all))
		for _, n := range s.held.Open(list, elements[i], j-i) {
			if n.Parent != report.None {
				n.Parent += at
			}
			all = append(all, n)
		}
		i = j
	}
	return all
}

// filter looks through a stretch of a long list: the answer is how many
// elements it has looked at, and which of them are left.
func (s *server) filter(r web.Request) (web.Packer, error) {
	found, looked := s.held.Filter(r.List, r.Text, r.From, r.N)
	var p web.Packer
	p.Int(looked)
	p.Numbers(found)
	return p, nil
}

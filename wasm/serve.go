// The browser's two programs. The first, built with the tag "first", is what a
// visit begins with: in a page, where there is a document, it draws; in the
// page's Web Worker it decodes what most people bring. Both are one program
// because the page links most of what such a decoder needs anyway. The second,
// built without the tag, is the whole decoder and nothing else: it takes the
// first one's place in the Worker once it is here (see decoder in
// assets/derscope.js).
package main

import (
	"fmt"

	"derscope/decode"
	"derscope/decode/report"
	"derscope/web"
)

// server answers the page's requests, one after the other. It holds the case
// that was loaded last.
type server struct {
	number  int
	held    *decode.Case
	sources []report.Source // of the case
	items   []report.Item
}

func (s *server) answer(r web.Request) web.Reply {
	return guard(r.ID, func() (web.Reply, error) { return s.do(r) })
}

// guard makes a reply of whatever happens: a fault of the decoder is an error
// like another, and the page lives on.
func guard(id int, do func() (web.Reply, error)) (reply web.Reply) {
	defer func() {
		if fault := recover(); fault != nil {
			reply = web.Reply{ID: id, Error: fmt.Sprintf("the decoder stopped at a fault of its own: %v", fault)}
		}
	}()
	reply, err := do()
	reply.ID = id
	if err != nil {
		reply.Error = err.Error()
	}
	return reply
}

func (s *server) do(r web.Request) (reply web.Reply, err error) {
	if r.Op == "load" {
		s.number, s.held = s.number+1, nil // a fault leaves no case of before
		s.held = decode.Load(inputs(r.Inputs), decode.Limits{})
		reply.Case = s.number
		got := s.held.Report(options(r.Ask))
		s.sources, s.items = got.Sources, got.Items
		reply.Wire, err = got.MarshalBeside(web.Octets(r.Inputs))
		return reply, err
	}
	if s.held == nil || r.Case != s.number {
		return reply, fmt.Errorf("case %d is not loaded", r.Case)
	}
	switch r.Op {
	case "report":
		reply.Wire, err = s.held.Report(options(r.Ask)).MarshalResults()
	case "open":
		// The nodes point at sources that the page has, and travel without.
		part := report.Report{Nodes: s.open(r.List, web.Numbers(r.Octets))}
		reply.Wire, err = part.MarshalBinary()
	case "at":
		reply.Pack.Int(s.held.At(r.List, r.N) + 1)
	case "filter":
		reply.Pack, err = s.filter(r)
	case "cleared":
		reply.Pack = s.cleared()
	case "build":
		reply.Pack, err = s.build(r)
	case "export":
		reply.Pack, err = s.export(r)
	case "compare":
		reply.Pack = compare(s.held, r)
	case "before":
		r.Ask.Before = true
		reply.Pack, err = s.held.Report(options(r.Ask)).MarshalResults()
	case "turns":
		reply.Pack = turns(s.held, r)
	case "head":
		reply.Pack, err = s.head(r)
	case "find":
		reply.Pack = s.find(r)
	case "elements":
		reply.Pack, err = s.elements(r)
	default:
		err = fmt.Errorf("no operation is called %q", r.Op)
	}
	return reply, err
}

func inputs(from []web.Evidence) []decode.Input {
	var in []decode.Input
	for _, e := range from {
		in = append(in, decode.Input{Name: e.Name, Bytes: e.Bytes, Role: e.Role, Secret: e.Secret, Kind: e.Kind, Instead: e.Instead})
	}
	return in
}

func options(a web.Ask) decode.Options {
	o := decode.Options{At: a.At, Profiles: a.Profiles, Nonce: a.Nonce, Before: a.Before}
	for _, r := range a.Roles {
		o.Roles = append(o.Roles, decode.Said(r))
	}
	for _, p := range a.Set {
		if o.Set == nil {
			o.Set = map[string]string{}
		}
		o.Set[p.Name] = p.Value
	}
	return o
}

package connection

import (
	"bytes"
	"slices"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/ticket"
)

// Connections is the transaction of a TLS connection.
var Connections = check.Conversation{
	Name: "tls", Find: findConnections,
	Judge: func(c *check.Context, v any) check.Finding { return judge(c, v.(*View)) },
	Rules: catalogue,
}

// part is what was pasted of a connection, on its way to become a transaction.
type part struct {
	handshakes []int // exhibits of kind tls-handshake, in order
	beside     []int // NewSessionTickets, sessions and tickets that belong to it
}

// findConnections puts together what belongs to one connection.
//
// Handshakes are parts of one where they show the same client random and no two
// server randoms, and where
// pieces without a ClientHello, or without an answer to it, follow each other in
// the paste and do not contradict each other. What a capture holds is whole
// already, and joins nothing by order. NewSessionTickets, sessions and tickets
// join the connection that shows the same ticket, session id or client random.
//
// One handshake alone is no transaction, whatever it carries: it would say the
// same thing twice. There must be two things that were pasted beside each other,
// or a handshake and something that belongs to it from elsewhere. Keys, key logs
// and certificates are tools to read a connection with, and do not count.
func findConnections(c *check.Context) (talks []check.Talk) {
	x := indexOf(c)
	var parts []*part
	random := map[string][]*part{}
	open := -1 // the part that a piece without a ClientHello goes on
	for _, o := range x.hellos {
		carried := x.exhibits[o.Item].Carrier >= 0
		if o.CH != nil && o.CH.Random.OK {
			list := random[string(o.CH.Random.Value)]
			if i := slices.IndexFunc(list, func(p *part) bool { return x.agrees(p, o) }); i >= 0 {
				list[i].handshakes = append(list[i].handshakes, o.Item)
				continue
			}
		}
		if open >= 0 && !carried && x.goesOn(parts[open], o) {
			parts[open].handshakes = append(parts[open].handshakes, o.Item)
		} else {
			parts = append(parts, &part{handshakes: []int{o.Item}})
			open = -1
			if !carried {
				open = len(parts) - 1
			}
		}
		if o.CH != nil && o.CH.Random.OK {
			p := parts[len(parts)-1]
			if !carried && open >= 0 {
				p = parts[open]
			}
			random[string(o.CH.Random.Value)] = append(random[string(o.CH.Random.Value)], p)
		}
	}
	x.gather(parts)
	for _, p := range parts {
		if len(p.handshakes)+len(p.beside) < 2 {
			continue
		}
		v := x.view(c, x.merge(p.handshakes), p.handshakes)
		v.Talk = true
		talks = append(talks, check.Talk{Title: v.title(), Items: x.members(p), View: v})
	}
	return talks
}

// agrees says that a handshake with the client random of a part can be of the
// same connection: its ServerHello is not another one.
func (x *index) agrees(p *part, o Other) bool {
	for _, i := range p.handshakes {
		sh := x.exhibits[i].Value.(*handshake.Handshake).ServerHello()
		if sh != nil && o.SH != nil && !bytes.Equal(sh.Random.Value, o.SH.Random.Value) {
			return false
		}
	}
	return true
}

// goesOn says that a handshake can be the next piece of a connection of which a
// part was pasted before it.
func (x *index) goesOn(p *part, o Other) bool {
	var ch *handshake.ClientHello
	var sh *handshake.ServerHello
	for _, i := range p.handshakes {
		h := x.exhibits[i].Value.(*handshake.Handshake)
		if k := h.ClientHello(); k != nil {
			ch = k
		}
		if k := h.ServerHello(); k != nil {
			sh = k
		}
	}
	switch {
	case o.CH != nil:
		// A second hello answers a HelloRetryRequest, or follows the other half.
		if ch == nil {
			return sh == nil || answers(sh, o.CH)
		}
		return sh == nil && bytes.Equal(ch.Random.Value, o.CH.Random.Value)
	case o.SH != nil:
		return sh == nil && (ch == nil || answers(o.SH, ch))
	}
	return true
}

// answers says that a ServerHello can be the answer to a ClientHello.
func answers(sh *handshake.ServerHello, ch *handshake.ClientHello) bool {
	if sh.Negotiated >= TLS13 {
		return bytes.Equal(sh.SessionID.Value, ch.SessionID.Value)
	}
	return !sh.Suite.OK || !ch.Suites.OK || ch.Suites.Has(uint16(sh.Suite.Value))
}

// gather adds what was pasted beside handshakes to those that it belongs to.
func (x *index) gather(parts []*part) {
	by := map[string]*part{} // what connections are known by
	say := func(what string, value []byte, p *part) {
		if len(value) > 0 && by[what+string(value)] == nil {
			by[what+string(value)] = p
		}
	}
	for _, p := range parts {
		for _, i := range p.handshakes {
			h := x.exhibits[i].Value.(*handshake.Handshake)
			if ch := h.ClientHello(); ch != nil {
				say("random", ch.Random.Value, p)
				say("ticket", ch.Ticket(), p)
				if o := ch.Offer(); o != nil {
					for _, id := range o.Identities {
						say("ticket", id.Ticket.Value, p)
					}
				}
			}
			if sh := h.ServerHello(); sh != nil && sh.Negotiated < TLS13 {
				say("id", sh.SessionID.Value, p)
			}
			for _, n := range h.Tickets() {
				say("ticket", n.Ticket.Value, p)
			}
		}
	}
	for i, e := range x.exhibits {
		var p *part
		switch is := e.Value.(type) {
		case *session.Session:
			for _, key := range []string{"random" + string(is.ClientRandom.Value), "ticket" + string(is.Ticket.Value), "id" + string(is.ID.Value)} {
				if p == nil {
					p = by[key]
				}
			}
		case *ticket.Ticket:
			p = by["ticket"+string(is.Bytes)]
		case *handshake.NewSessionTicket:
			p = by["ticket"+string(is.Ticket.Value)]
			if p == nil && len(parts) == 1 {
				p = parts[0] // one connection was pasted, and its ticket beside it
			}
		}
		if p != nil && e.Carrier < 0 && e.Said != "none" {
			p.beside = append(p.beside, i)
		}
	}
}

// members are the items of a transaction, with what they carry, in order.
func (x *index) members(p *part) []int {
	var all []int
	var add func(i, depth int)
	add = func(i, depth int) {
		if slices.Contains(all, i) {
			return
		}
		all = append(all, i)
		for _, k := range x.inside[i] {
			if depth > 0 {
				add(k, depth-1)
			}
		}
	}
	for _, i := range append(slices.Clone(p.handshakes), p.beside...) {
		add(i, 3)
	}
	slices.Sort(all)
	return all
}

// merge puts handshakes one behind the other. A message that was pasted twice
// counts once.
func (x *index) merge(items []int) *handshake.Handshake {
	out := &handshake.Handshake{Ref: report.None}
	seen := map[string]bool{}
	sorted := slices.Clone(items)
	// The half with the ClientHello comes first, whatever the order of the paste.
	slices.SortStableFunc(sorted, func(a, b int) int { return x.rank(a) - x.rank(b) })
	for _, i := range sorted {
		h := x.exhibits[i].Value.(*handshake.Handshake)
		if out.Ref == report.None {
			out.Ref, out.Transcript = h.Ref, h.Transcript
		}
		for k := range h.Events {
			e := h.Events[k]
			if e.Kind == handshake.Message {
				twin := string(e.Raw)
				if len(items) > 1 && len(e.Raw) > 4 && seen[twin] {
					continue
				}
				seen[twin] = true
			}
			out.Events = append(out.Events, e)
		}
		out.Records, out.More = append(out.Records, h.Records...), out.More+h.More
		out.Datagrams, out.Partial = out.Datagrams || h.Datagrams, out.Partial || h.Partial
		if out.Version == 0 {
			out.Version = h.Version
		}
	}
	return out
}

// sided is the handshake with the sides of all messages whose side can be told
// by their order. The one that was read stays as it is.
func sided(h *handshake.Handshake) *handshake.Handshake {
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == handshake.Message && e.From == handshake.Unknown && len(h.Events) > 1 {
			with := *h
			with.Events = slices.Clone(h.Events)
			settle(&with)
			return &with
		}
	}
	return h
}

// settle gives a side to messages of which nothing said it, by their order: each
// was pasted by itself, and only the whole tells.
func settle(h *handshake.Handshake) {
	new := h.Version == TLS13
	if sh := h.ServerHello(); sh != nil {
		new = sh.Negotiated == TLS13
	}
	certificate := handshake.Client // the side of the last Certificate
	var seen [256]int
	for i := range h.Events {
		e := &h.Events[i]
		if e.Kind != handshake.Message {
			continue
		}
		n := seen[e.Type]
		seen[e.Type]++
		if e.From == handshake.Unknown {
			first := handshake.Server
			switch e.Type {
			case handshake.TypeFinished:
				// In a full handshake of TLS 1.2 the client's comes first.
				if !new && seen[handshake.TypeClientKeyExchange] > 0 {
					first = handshake.Client
				}
			case handshake.TypeCertificate, handshake.TypeCompressedCertificate:
			case handshake.TypeCertificateVerify:
				if first = certificate; !new {
					first = handshake.Client
				}
				n = 0
			default:
				continue
			}
			if e.From = first; n > 0 {
				e.From = first.Other()
			}
		}
		if e.Type == handshake.TypeCertificate || e.Type == handshake.TypeCompressedCertificate {
			certificate = e.From
		}
	}
}

// rank orders the halves of a connection.
func (x *index) rank(item int) int {
	h := x.exhibits[item].Value.(*handshake.Handshake)
	switch {
	case len(h.Events) > 0 && h.Events[0].Kind == handshake.Message && h.Events[0].Type == handshake.TypeClientHello:
		return 0
	case h.ClientHello() != nil:
		return 1
	case h.ServerHello() != nil || h.HelloRetry() != nil:
		return 2
	}
	return 3
}

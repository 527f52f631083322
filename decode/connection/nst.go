package connection

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// around is the connection that tickets were found in: that of a message that
// is an item of its own, else the view itself.
func (v *View) around() *View {
	if v.In != nil {
		return v.In
	}
	return v
}

// Unpromised says that a ticket of TLS 1.2 or older came, and the ServerHello has
// no session_ticket.
func (v *View) Unpromised() bool {
	of := v.around()
	return len(v.NSTs) > 0 && of.SH != nil && of.Old() && !of.SH.Extensions.Has(handshake.ExtSessionTicket)
}

// ofTickets makes a rule of what is judged of each NewSessionTicket.
func ofTickets(judge func(*View, *handshake.NewSessionTicket) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(_ *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, n := range v.NSTs {
			if n.Fit != handshake.Broken {
				o = check.Worst(o, judge(v, n))
			}
		}
		return o
	}
}

// siblings are the tickets of the connection that n came in, n left out: the
// message that is an item stands among them a second time.
func (v *View) siblings(n *handshake.NewSessionTicket) (list []*handshake.NewSessionTicket, place int) {
	place = -1
	for i, o := range v.around().NSTs {
		if o == n || v.In != nil && place < 0 && bytes.Equal(o.Ticket.Value, n.Ticket.Value) && bytes.Equal(o.Nonce.Value, n.Nonce.Value) {
			place = i
			continue
		}
		list = append(list, o)
	}
	if place < 0 && n.Given != nil {
		place = n.Given.Index
	}
	return list, max(place, 0)
}

var nstRules = []rule{{
	ID: "tls.nst.lifetime", Group: groupIssued, Level: check.Must,
	Refs:  "RFC 9846 §4.7.1; RFC 5077 §3.3; RFC 9325 §3.4",
	Title: "The ticket claims a lifetime that it may have",
	Judge: ofTickets(func(v *View, n *handshake.NewSessionTicket) check.Outcome {
		f := n.Lifetime
		switch long := f.Value > 604800; {
		case !f.OK:
			return check.Skip()
		case n.Version == TLS13 && long:
			return check.Broken(f.Ref, "The ticket claims to live %s; 604800 s (7 d) are the most.", seconds(f.Value))
		case n.Version == TLS13 && f.Value == 0:
			return check.Doubtful(f.Ref, "ticket_lifetime is 0: the client has to throw the ticket away at once.")
		case long:
			return check.Doubtful(f.Ref, "ticket_lifetime_hint is %s: more than 7 d, after which a session should not be resumed.", seconds(f.Value))
		case f.Value == 0 && n.Version != TLS13:
			return check.Note(f.Ref, "ticket_lifetime_hint is 0: the server says nothing, and the client goes by its own rules. OpenSSL says 0 whenever it renews a ticket.")
		}
		return check.Holds(f.Ref, "%s.", seconds(f.Value))
	}),
}, {
	ID: "tls.nst.age-add", Group: groupIssued, Level: check.Should, Refs: "RFC 9846 §4.7.1; RFC 9846 §4.3.11.1",
	Title:    "Each ticket has a random mask for its age",
	Headline: "The mask of the ticket's age is not random",
	Judge: ofTickets(func(v *View, n *handshake.NewSessionTicket) check.Outcome {
		f := n.AgeAdd
		switch {
		case n.Version != TLS13 || !f.OK:
			return check.Skip()
		case f.Value == 0:
			return check.Broken(f.Ref, "ticket_age_add is 0: whoever listens reads how old the ticket is, and can tell one client from another.")
		}
		if twin := v.all.sameMask(n); twin != nil {
			return check.Broken(f.Ref, "ticket_age_add is %d in another ticket, too: it is to be drawn anew for each.", f.Value).And(twin.AgeAdd.Ref)
		}
		return check.Holds(f.Ref, "")
	}),
}, {
	ID: "tls.nst.nonce", Group: groupIssued, Level: check.Must, Refs: "RFC 9846 §4.7.1",
	Title:    "No two tickets of a connection have the same nonce",
	Headline: "Two tickets of one connection have the same nonce",
	Judge: ofTickets(func(v *View, n *handshake.NewSessionTicket) check.Outcome {
		if n.Version != TLS13 || !n.Nonce.OK {
			return check.Skip()
		}
		twins, place := v.siblings(n)
		for _, o := range twins {
			if o.Nonce.OK && bytes.Equal(o.Nonce.Value, n.Nonce.Value) && !bytes.Equal(o.Ticket.Value, n.Ticket.Value) {
				return check.Broken(n.Nonce.Ref, "ticket_nonce is %s in two tickets of this connection: both get the same PSK.", colons(n.Nonce.Value)).And(o.Nonce.Ref)
			}
		}
		habit := ""
		if fit := stacks([]*handshake.NewSessionTicket{n}, place, false); len(fit) > 0 {
			habit = " With this lifetime that is the habit of " + either(fit) + "."
		}
		return check.Note(n.Nonce.Ref, "The nonce is %s.%s", nonceHabit(n.Nonce.Value), habit)
	}),
}, {
	ID: "tls.nst.empty", Group: groupIssued, Level: check.Must, Refs: "RFC 5077 §3.3; RFC 9846 §4.7.1",
	Title:    "The message brings a ticket",
	Headline: "The ticket is empty",
	Judge: ofTickets(func(v *View, n *handshake.NewSessionTicket) check.Outcome {
		switch f := n.Ticket; {
		case !f.OK:
			return check.Skip()
		case len(f.Value) > 0:
			return check.Holds(f.Ref, "%s.", octetCount(len(f.Value)))
		case n.Version == TLS13:
			return check.Broken(f.Ref, "The ticket has no octets, 1 is the least: clients answer decode_error (50).")
		}
		return check.Note(n.Ticket.Ref, "The ticket is empty: the server promised one and has none after all. The client keeps the ticket that it had. With OpenSSL the key callback returned 0.")
	}),
}, {
	ID: "tls.nst.early-data", Group: groupIssued, Level: check.Advice,
	Refs:  "RFC 9846 §4.7.1; RFC 9846 §8; RFC 9846 §F.5",
	Title: "The ticket allows no early data",
	Judge: ofTickets(func(v *View, n *handshake.NewSessionTicket) check.Outcome {
		if n.Version != TLS13 {
			return check.Skip()
		}
		x := n.Extensions.Get(handshake.ExtEarlyData)
		if x == nil {
			return check.Holds(n.Ref, "")
		}
		most, ok := x.Value.(*handshake.Number)
		switch {
		case !ok || most == nil || !most.OK:
			return check.Skip()
		case most.Value == 0:
			return check.Note(most.Ref, "max_early_data_size is 0: none after all.")
		case most.Value == 0xffffffff:
			return check.Note(most.Ref, "max_early_data_size is 0xFFFFFFFF, the one value that QUIC allows; there other limits count. Early data can be sent again by whoever records it.")
		}
		return check.Note(most.Ref, "The client may send %s before the server has answered. Whoever records them can send them again: only what may be done twice belongs there.", report.Plural(int(most.Value), "octet", "octets"))
	}),
}, {
	ID: "tls.nst.promised", Group: groupIssued, Level: check.Must, Refs: "RFC 5077 §3.3",
	Title:    "A ticket comes if and only if the ServerHello promised one",
	Headline: "The promise of a ticket was broken",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		of := v.around()
		if of.SH == nil || !of.Old() {
			return check.Skip()
		}
		x := of.SH.Extensions.Get(handshake.ExtSessionTicket)
		switch {
		case v.Unpromised():
			return check.Broken(v.NSTs[0].Ref, "A NewSessionTicket comes, and the ServerHello has no session_ticket (35): clients answer unexpected_message (10).").And(of.SH.Extensions.Ref)
		case x == nil:
			return check.Skip()
		case len(of.NSTs) > 0:
			return check.Holds(x.Ref, "")
		}
		for i := range of.H.Events {
			if e := &of.H.Events[i]; e.Kind == handshake.ChangeCipherSpec && e.From == handshake.Server {
				return check.Broken(x.Ref, "The ServerHello has session_ticket (35), and no NewSessionTicket came before the server's ChangeCipherSpec: clients answer unexpected_message (10).").And(e.Ref)
			}
		}
		return check.Skip()
	},
}, {
	ID: "tls.nst.place", Group: groupIssued, Level: check.Must,
	Refs:     "RFC 5077 §3.3; RFC 9846 §4.7.1; RFC 9846 §4.3.9",
	Title:    "The ticket comes at its place in the handshake",
	Headline: "The ticket comes where it must not, or serves nobody",
	Judge: ofTickets(func(v *View, n *handshake.NewSessionTicket) check.Outcome {
		of := v.around()
		at := -1
		for i := range of.H.Events {
			if m, ok := of.H.Events[i].Body.(*handshake.NewSessionTicket); ok && (m == n || v.In != nil && bytes.Equal(m.Ticket.Value, n.Ticket.Value)) {
				at = i
				break
			}
		}
		if at < 0 || of.H.Events[at].From == handshake.Unknown || len(of.H.Events) == len(of.NSTs) {
			return check.Skip()
		}
		if n.Version == TLS13 {
			return of.place13(n, at)
		}
		return of.placeOld(n, at)
	}),
}, {
	ID: "tls.nst.count", Group: groupIssued, Level: check.Should, Refs: "RFC 9149 §3; RFC 9846 §C.4",
	Title:    "The server gives the tickets that it was asked for, each another one",
	Headline: "The server gives tickets that serve nobody",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.NST != nil {
			return check.Skip()
		}
		for i, n := range v.NSTs {
			for _, o := range v.NSTs[:min(i, 64)] {
				if sameOctets(o.Ticket.Value, n.Ticket.Value) {
					return check.Broken(n.Ticket.Ref, "Two tickets of this connection are the same, to the last octet: whoever uses both is recognised.").And(o.Ticket.Ref)
				}
			}
		}
		n := len(v.NSTs)
		if wanted, at, ok := v.wanted(); ok && n > wanted {
			return check.Broken(v.NSTs[wanted].Ref, "The client asked for %s, the server gave %d.", report.Plural(wanted, "ticket", "tickets"), n).And(at)
		}
		if !v.Complete() || v.Version == 0 || v.SH == nil {
			return check.Skip()
		}
		if n == 0 && v.Mode == Resumed {
			return check.Note(v.SH.Ref, "The server gave no new ticket: the client keeps the one that it showed.")
		}
		if n == 0 {
			return check.Note(v.SH.Ref, "The server gave no ticket: this connection cannot be resumed with one.")
		}
		points := ""
		if fit := stacks(v.NSTs, 0, v.Mode == Full); v.TLS13() && len(fit) > 0 {
			points = " Number, nonce and lifetime are those of " + either(fit) + ", as it comes."
		}
		return check.Note(v.NSTs[0].Ref, "The server gave %s.%s", report.Plural(n, "ticket", "tickets"), points)
	},
}}

// sameMask finds another ticket at hand with the same ticket_age_add, or nil.
func (x *index) sameMask(n *handshake.NewSessionTicket) *handshake.NewSessionTicket {
	if x.masks == nil {
		x.masks = map[uint64][]*handshake.NewSessionTicket{}
		for _, o := range x.issued {
			if o.nst.Version == TLS13 && o.nst.AgeAdd.OK {
				x.masks[o.nst.AgeAdd.Value] = append(x.masks[o.nst.AgeAdd.Value], o.nst)
			}
		}
	}
	var twin *handshake.NewSessionTicket
	for _, o := range x.masks[n.AgeAdd.Value] {
		// The order of a map is nobody's: the first in the order of nodes counts.
		if !bytes.Equal(o.Ticket.Value, n.Ticket.Value) && (twin == nil || o.Ref < twin.Ref) {
			twin = o
		}
	}
	return twin
}

// wanted is how many tickets the client asked for by ticket_request.
func (v *View) wanted() (n int, at report.Ref, ok bool) {
	if v.CH == nil || v.Mode == Undecided {
		return 0, report.None, false
	}
	x := v.CH.Extensions.Get(handshake.ExtTicketRequest)
	if x == nil {
		return 0, report.None, false
	}
	r, is := x.Value.(*handshake.TicketRequest)
	if !is || r == nil || !r.New.OK || !r.Resumption.OK {
		return 0, report.None, false
	}
	if v.Mode == Resumed {
		return int(r.Resumption.Value), x.Ref, true
	}
	return int(r.New.Value), x.Ref, true
}

// placeOld judges the place of a ticket of TLS 1.2: directly before the
// server's ChangeCipherSpec, and in a full handshake behind the client's.
func (v *View) placeOld(n *handshake.NewSessionTicket, at int) check.Outcome {
	client := false
	for i := range v.H.Events[:at] {
		e := &v.H.Events[i]
		client = client || e.From == handshake.Client && (e.Kind == handshake.ChangeCipherSpec || isFinished(*e))
	}
	seen := v.CH != nil || v.SH != nil
	if v.Mode == Full && seen && !client {
		return check.Broken(n.Ref, "In a full handshake it comes after the client's Finished; here the client had not got as far.")
	}
	for i := at + 1; i < len(v.H.Events); i++ {
		e := &v.H.Events[i]
		switch {
		case e.From != handshake.Server:
			continue
		case e.Kind == handshake.ChangeCipherSpec || isFinished(*e): // dumps of messages alone have no ChangeCipherSpec
			return check.Holds(n.Ref, "")
		case e.Kind == handshake.Alert:
			return check.Skip()
		}
		return check.Broken(n.Ref, "It is followed by %s, and belongs directly before the server's ChangeCipherSpec.", eventName(e)).And(e.Ref)
	}
	return check.Skip()
}

// place13 judges the place of a ticket of TLS 1.3: behind the server's Finished.
func (v *View) place13(n *handshake.NewSessionTicket, at int) check.Outcome {
	server, client := false, false
	for i := range v.H.Events {
		e := &v.H.Events[i]
		if !isFinished(*e) {
			continue
		}
		switch {
		case e.From == handshake.Server && i > at:
			return check.Broken(n.Ref, "It comes before the server's Finished: clients answer unexpected_message (10).").And(e.Ref)
		case e.From == handshake.Server:
			server = true
		case e.From == handshake.Client && i < at:
			client = true
		}
	}
	if v.CH != nil && !v.CH.Extensions.Has(handshake.ExtPSKModes) {
		return check.Doubtful(n.Ref, "The ClientHello has no psk_key_exchange_modes: this client can do nothing with a ticket, and servers should send it none.").And(v.CH.Extensions.Ref)
	}
	switch {
	case !server:
		return check.Skip()
	case !client && v.CR != nil:
		return check.Doubtful(n.Ref, "It comes before the client's Finished although a client certificate was asked for: the ticket cannot hold who the client is.").And(v.CR.Ref)
	case !client:
		return check.Note(n.Ref, "It comes before the client's Finished, which is allowed where no client certificate was asked for. Go does so.")
	}
	return check.Holds(n.Ref, "")
}

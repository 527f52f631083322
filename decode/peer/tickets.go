package peer

import (
	"slices"
	"strconv"

	"derscope/decode/callback"
	"derscope/decode/connection"
	"derscope/decode/report"
)

const ticketFunction = "SSL_CTX_set_session_ticket_cb"

// ticketCallback is what a server's dec_cb meets in a ClientHello.
func ticketCallback(v *connection.View, g callback.Version) report.Callback {
	w := v.WireIn(g)
	t := v.Shown(g)
	told := v.Told(g)
	if w.Offer == callback.NotOffered {
		told = []callback.TicketStatus{callback.None}
	}
	seen := w.TicketFits(nil, told...)
	if told == nil && w.Hello == callback.ResumedHello {
		told = []callback.TicketStatus{callback.Success, callback.SuccessRenew}
	}
	m := met{g: g, octets: t.Octets, told: told, seen: seen}
	k := m.callback()
	if w.Alert.Place == callback.InsteadOfHello && w.Alert.Number == 80 {
		k.Why = "internal_error (80) came in place of the ServerHello: what fits is marked; the key callback may also have returned less than 0"
	}
	if w.Hello == callback.FullHello {
		if why := v.Refusal(t); why != "" {
			k.Why += "; or the callback said USE, and the session was refused afterwards: " + why
		}
	}
	if place := t.Place; place > 0 {
		k.Sees += ". It is called for each identity in turn until one is taken; this is number " + strconv.Itoa(place)
	}
	return k
}

// met is a ticket on its way into the callback.
type met struct {
	g      callback.Version
	octets []byte
	told   []callback.TicketStatus // nil: not known
	seen   []callback.TicketFit
}

// callback writes the table of statuses and answers: first what the callback is
// told here, then what else it could be told of a ticket.
func (m *met) callback() report.Callback {
	k := report.Callback{Callback: ticketFunction, Side: "server", Protocol: m.g.String(), Called: true, Sees: m.sees()}
	if m.is(callback.None) {
		o := callback.Ticket(m.g, callback.BuiltIn, callback.None, callback.IgnoreRenew)
		k.Called = false
		k.Returns = []report.Return{{Status: callback.None.String(), Value: "not called", Outcome: leads(o), Default: true, Seen: len(m.seen) > 0}}
		return k
	}
	order := slices.Clone(m.told)
	if m.g == callback.TLS13 { // that of the library's own keys first
		slices.Reverse(order)
	}
	for _, s := range []callback.TicketStatus{callback.NoDecrypt, callback.Success, callback.SuccessRenew, callback.Empty} {
		if !slices.Contains(order, s) {
			order = append(order, s)
		}
	}
	for _, s := range order {
		k.Returns = append(k.Returns, m.returns(s)...)
	}
	k.Why = m.why()
	return k
}

func (m *met) is(s callback.TicketStatus) bool { return len(m.told) == 1 && m.told[0] == s }

// returns are the answers to one status, those that lead to the same beside each other.
func (m *met) returns(s callback.TicketStatus) (all []report.Return) {
	answers := []callback.TicketReturn{callback.Use, callback.UseRenew, callback.Ignore, callback.IgnoreRenew, callback.Abort}
	switch s {
	case callback.SuccessRenew:
		answers[0], answers[1] = callback.UseRenew, callback.Use
	case callback.NoDecrypt, callback.Empty:
		answers = []callback.TicketReturn{callback.IgnoreRenew, callback.Ignore, callback.Use, callback.UseRenew, callback.Abort}
	}
	keys := callback.BuiltIn
	if !slices.Contains(callback.Reachable(m.g, keys), s) {
		keys = callback.KeyCallback
	}
	for _, r := range answers {
		o := callback.Ticket(m.g, keys, s, r)
		usual := callback.DefaultReturn(s) == r
		all = append(all, report.Return{
			Status: s.String(), Value: r.String() + " (" + strconv.Itoa(int(r)) + ")", Outcome: leads(o), Default: usual,
			Advised: usual && slices.Contains(m.told, s),
			Seen:    slices.ContainsFunc(m.seen, func(f callback.TicketFit) bool { return f.Status == s && f.Return == r }),
		})
	}
	return all
}

// leads writes what an answer leads to.
func leads(o callback.Outcome) string {
	s := ""
	switch {
	case o.Alert.Number != 0:
		s = ending(o)
	case o.Resumed:
		s = "resumed, "
	default:
		s = "full handshake, "
	}
	if o.Alert.Number == 0 {
		switch o.Tickets {
		case 0:
			s += "no new ticket"
		case 1:
			s += "one new ticket (gen_cb runs once)"
		default:
			s += strconv.Itoa(o.Tickets) + " new tickets (gen_cb " + times(o.Generated) + ")"
		}
	}
	if !o.Measured {
		s += "; read in the source, not measured"
	}
	return s
}

// sees says what the callback is handed.
func (m *met) sees() string {
	number := func(s callback.TicketStatus) string {
		return "SSL_TICKET_" + s.String() + " (" + strconv.Itoa(int(s)) + ")"
	}
	switch {
	case m.is(callback.None):
		return "nothing: the ClientHello shows no ticket, SSL_TICKET_NONE (2), and dec_cb is not called"
	case m.is(callback.Empty):
		return number(callback.Empty) + ", and no key name: keyname_len is 0"
	}
	name := "; as key name the first " + report.Plural(min(16, len(m.octets)), "octet", "octets") + " of the ticket, " + connection.KeyName(m.octets)
	switch {
	case m.told == nil:
		return number(callback.NoDecrypt) + " if no key of the server opens the ticket; else " + m.success(number) + name
	case m.is(callback.NoDecrypt):
		return number(callback.NoDecrypt) + name
	}
	return m.success(number) + name
}

// success names the status of a ticket that opens.
func (m *met) success(number func(callback.TicketStatus) string) string {
	if m.g == callback.TLS13 {
		return number(callback.SuccessRenew) + ", or " + number(callback.Success) + " where a key callback holds the keys and returns 1"
	}
	return number(callback.Success) + ", or " + number(callback.SuccessRenew) + " where a key callback holds the keys and returns 2"
}

// why explains what stands above.
func (m *met) why() string {
	switch {
	case m.told == nil:
		return "without the server's ticket key it is open which of these the callback is told"
	case m.is(callback.NoDecrypt) && len(m.octets) < 32:
		return "fewer than 32 octets are no ticket that OpenSSL tries to open"
	case m.is(callback.NoDecrypt):
		return "a ticket that did not open cannot be used: USE ends the handshake, as ABORT does. A full handshake with a new ticket costs least"
	case m.is(callback.Empty):
		return "the client asks for a ticket and shows none"
	}
	return "the ticket opens; keys of the library give " + m.builtIn() + " in " + m.g.String()
}

func (m *met) builtIn() string {
	if m.g == callback.TLS13 {
		return "SUCCESS_RENEW"
	}
	return "SUCCESS"
}

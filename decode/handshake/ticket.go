package handshake

import (
	"slices"
	"strings"
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// newSessionTicket reads a NewSessionTicket in the form of TLS 1.3 or that of
// older versions.
//
//	struct {
//	    uint32 ticket_lifetime; uint32 ticket_age_add;
//	    opaque ticket_nonce<0..255>; opaque ticket<1..2^16-1>;
//	    Extension extensions<0..2^16-1>;
//	} NewSessionTicket;                                     RFC 9846, section 4.7.1
//
//	struct {
//	    uint32 ticket_lifetime_hint; opaque ticket<0..2^16-1>;
//	} NewSessionTicket;                                     RFC 5077, section 3.3
func (m *machine) newSessionTicket(r *field.Reader) *NewSessionTicket {
	b := r.Left()
	n := &NewSessionTicket{Ref: r.At()}
	n.Version, n.Fit = choose(m.version, fitsTicket13(b), fitsTicket12(b), len(b) >= 6 && 6+u16(b[4:]) == len(b))
	m.remark(r, n.Fit, n.Version)
	if n.Version != 0x0304 {
		defer r.Cite(r.Cite(spec.RFC(5077, "3.3")))
		n.Lifetime = m.seconds(r, "ticket_lifetime_hint")
		n.Ticket = m.inner(r, "ticket", 2, "session_ticket", m.ticketHint(), nil)
		return n
	}
	defer r.Cite(r.Cite(rfc9846("4.7.1")))
	n.Lifetime = m.seconds(r, "ticket_lifetime")
	n.AgeAdd = r.Uint("ticket_age_add", 4, nil)
	n.Nonce = r.Opaque("ticket_nonce", 1)
	n.Ticket = m.inner(r, "ticket", 2, "session_ticket", m.ticketHint(), nil)
	n.Extensions = m.extensions(r, inTicket)
	return n
}

// ticketHint is the kind of the ticket as an item of its own, where the message
// is no item itself: else it is found in that.
func (m *machine) ticketHint() string {
	if m.h == nil {
		return "session-ticket"
	}
	return ""
}

// seconds reads a time span.
func (m *machine) seconds(r *field.Reader, label string) field.Field[uint64] {
	f := r.Uint(label, 4, nil)
	if f.OK && f.Value > 0 {
		r.Show(f.Ref, report.Count(int(f.Value))+" s")
	}
	return f
}

// ReadTicket reads a NewSessionTicket message that stands by itself: the reader
// of the kind new-session-ticket.
func ReadTicket(r *field.Reader) *NewSessionTicket {
	m := &machine{labels: map[string]int{}}
	given, _ := r.Given().(*Ticketing)
	if given != nil {
		m.version = given.Version
	}
	n := &NewSessionTicket{Ref: report.None}
	b := r.Left()
	if len(b) < 4 {
		m.leftover(r, "a message has a header of 4 octets, %d are there", len(b))
		return n
	}
	r.Cite(rfc9846("4.7.1"))
	n.Ref = r.Frame("NewSessionTicket", "message", 4, u24(b[1:]), func(r *field.Reader) { n = m.newSessionTicket(r) })
	n.Given = given
	r.Show(n.Ref, (&Event{Kind: Message, Type: TypeNewSessionTicket, Body: n}).words())
	return n
}

// MatchTicket says how well octets fit the kind new-session-ticket.
func MatchTicket(c check.Candidate) check.Match {
	b := c.Bytes
	if c.Text || len(b) < 10 || b[0] != TypeNewSessionTicket || 4+u24(b[1:]) != len(b) {
		if c.Hint == "new-session-ticket" {
			return check.Match{Score: 90, Why: "it stands where a NewSessionTicket belongs"}
		}
		return check.Match{}
	}
	newer, older := fitsTicket13(b[4:]), fitsTicket12(b[4:])
	switch {
	case newer && older:
		return check.Match{Score: 96, Why: "a handshake message of type 4 that adds up in the forms of TLS 1.2 and 1.3"}
	case newer:
		return check.Match{Score: 96, Why: "a handshake message of type 4 that adds up in the form of TLS 1.3"}
	case older:
		return check.Match{Score: 96, Why: "a handshake message of type 4 that adds up in the form of TLS 1.2"}
	case c.Hint == "new-session-ticket":
		return check.Match{Score: 90, Why: "it stands where a NewSessionTicket belongs"}
	}
	return check.Match{}
}

// TicketWitness is what a handshake tells of the tickets in it: the host that
// the client asked for, in small letters, and when it was recorded.
func (h *Handshake) TicketWitness() (host string, seen time.Time) {
	if c := h.ClientHello(); c != nil {
		host = strings.ToLower(c.ServerName())
	}
	for i := range h.Events {
		if at := h.Events[i].At; !at.IsZero() {
			return host, at
		}
	}
	return host, time.Time{}
}

// TicketConnection is what tells the connection apart: the client's random, which
// two hellos around a HelloRetryRequest share, and behind it that of the server,
// which differs where somebody sends a ClientHello again.
func (h *Handshake) TicketConnection() []byte {
	c := h.ClientHello()
	if c == nil || !c.Random.OK {
		return nil
	}
	if s := h.ServerHello(); s != nil && s.Random.OK {
		return slices.Concat(c.Random.Value, s.Random.Value)
	}
	return c.Random.Value
}

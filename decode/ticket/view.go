package ticket

import (
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/session"
)

// mostTickets bounds how many tickets are opened for one another's sake.
const mostTickets = 64

// View is a ticket with what there is beside it.
type View struct {
	*Ticket
	Opening
	Guess  *Guess
	Given  bool             // a key file is at hand
	State  *session.Session // inside; nil if it was not opened
	Inside int              // the item of the state, or -1
	Client *cert.Certificate
	host   string
	seen   time.Time // when the message around it was sent
	others []other
	marks  crossing
}

// other is another ticket at hand.
type other struct {
	item    int
	t       *Ticket
	o       Opening
	host    string
	seen    time.Time
	carrier int
	kind    string // of the carrier
}

// witness is what a message or a session around a ticket can tell of it.
type witness interface {
	TicketWitness() (host string, seen time.Time)
}

// look opens the ticket and sets others beside it.
func look(c *check.Context, t *Ticket) *View {
	keys := ringOf(c)
	v := &View{Ticket: t, Opening: t.open(c, keys), Guess: &Guess{}, Given: len(keys.files) > 0, Inside: -1}
	if t.first(c) {
		v.Guess = t.guess()
	}
	v.host, v.seen = around(c, c.Exhibits[c.Self].Carrier)
	if v.Status == Opened {
		v.inside(c)
	}
	n := 0
	for _, e := range ticketsOf(c) {
		if n == mostTickets {
			break
		}
		if e.Item == c.Self {
			continue
		}
		n++
		x := other{item: e.Item, t: e.Is, o: e.Is.open(c, keys), carrier: e.Carrier}
		x.host, x.seen = around(c, e.Carrier)
		if e.Carrier >= 0 {
			x.kind = c.Exhibits[e.Carrier].Kind
		}
		if s := x.o.parsed; s != nil && s.Host.Value != "" {
			x.host = s.Host.Value
		}
		v.others = append(v.others, x)
	}
	v.marks = cross(v)
	return v
}

// ticketsOf lists the tickets at hand, once for all of them.
func ticketsOf(c *check.Context) []check.Found[*Ticket] {
	type key struct{}
	return c.Once(key{}, func() any { return check.All[*Ticket](c) }).([]check.Found[*Ticket])
}

// inside finds the item of the state, whose nodes the rules point at.
func (v *View) inside(c *check.Context) {
	for _, e := range c.Exhibits {
		if s, ok := e.Value.(*session.Session); ok && e.Carrier == c.Self {
			v.State, v.Inside = s, e.Item
		}
	}
	for _, e := range c.Exhibits {
		if k, ok := e.Value.(*cert.Certificate); ok && v.Inside >= 0 && e.Carrier == v.Inside && v.Client == nil && v.State.PeerIs() != "server" {
			v.Client = k
		}
	}
	if v.State == nil {
		v.State = v.parsed
	}
	if v.State != nil && v.State.Host.Value != "" {
		v.host = v.State.Host.Value // a client may offer it to another
	}
}

// around asks what carries a ticket for which host it is, and when it was made.
// A ticket that a client offers was made at some time before.
func around(c *check.Context, carrier int) (host string, seen time.Time) {
	fresh := false
	for n := 0; carrier >= 0 && n < 8; n++ {
		e := c.Exhibits[carrier]
		fresh = fresh || e.Kind == issuing
		switch v := e.Value.(type) {
		case witness:
			if host, seen = v.TicketWitness(); !fresh {
				seen = time.Time{}
			}
			return host, seen
		case *session.Session:
			return v.Host.Value, v.Created.Value
		}
		carrier = e.Carrier
	}
	return "", time.Time{}
}

// parts are those that a MAC proved, or else those of the likeliest layout.
func (v *View) parts() []Part {
	if v.Proved() {
		return v.Opening.Parts
	}
	return v.Ticket.Parts
}

// node is the node of a part where the layout that was read has one there.
func (v *View) node(p Part) report.Ref {
	for _, q := range v.Ticket.Parts {
		if q.Off == p.Off && q.Ref != report.None {
			return q.Ref
		}
	}
	return v.Ref
}

// at is the node of the part of a role.
func (v *View) at(role Role) report.Ref {
	if p, ok := partOf(v.parts(), role); ok {
		return v.node(p)
	}
	return v.Ref
}

// octets are those of the part of a role; nil if it has none.
func (v *View) octets(role Role) []byte {
	p, ok := partOf(v.parts(), role)
	if !ok || p.End() > len(v.Bytes) {
		return nil
	}
	return v.Bytes[p.Off:p.End()]
}

// layout is the one that a MAC proved, or else the likeliest; nil: none.
func (v *View) layout() *Layout {
	if v.Opening.Layout != nil {
		return v.Opening.Layout
	}
	return v.Best()
}

// expires is when a server stops taking the state, as far as it says.
func (v *View) expires() (t time.Time, at report.Ref, ok bool) {
	s := v.State
	if s == nil {
		return t, report.None, false
	}
	switch {
	case s.Expires.OK:
		t, at, ok = s.Expires.Value, s.Expires.Ref, true
	case s.Created.OK && s.Timeout.OK && s.Timeout.Value < 1<<31:
		t, at, ok = s.Created.Value.Add(time.Duration(s.Timeout.Value)*time.Second), s.Timeout.Ref, true
	case s.Created.OK && s.LifetimeHint.OK && s.LifetimeHint.Value > 0 && s.LifetimeHint.Value < 1<<31:
		t, at, ok = s.Created.Value.Add(time.Duration(s.LifetimeHint.Value)*time.Second), s.LifetimeHint.Ref, true
	case s.Created.OK && s.TLS13() && !s.Original:
		return s.Created.Value.Add(session.Week), s.Created.Ref, true
	}
	if ok && s.TLS13() && s.Created.OK && !s.Original && t.After(s.Created.Value.Add(session.Week)) {
		t, at = s.Created.Value.Add(session.Week), s.Created.Ref
	}
	return t, at, ok
}

// there is the node, or that of the ticket if it has none.
func (v *View) there(ref report.Ref) report.Ref {
	if ref == report.None || v.Inside < 0 {
		return v.Ref
	}
	return ref
}

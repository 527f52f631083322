package ticket

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/session"
)

// The kinds of messages in which a client offers a ticket, and in which a server
// gives one.
const (
	offering = "tls-handshake"
	issuing  = "new-session-ticket"
)

// hello is a message with the randoms that tell connections apart: the client's,
// and the server's where it is there.
type hello interface{ TicketConnection() []byte }

var useRules = []check.Rule[*View]{{
	ID: "ticket.reused", Group: groupUsed, Level: check.Should, Refs: "RFC 9846 §C.4; RFC 5077 §5.8",
	Title:    "The ticket is offered in one connection only",
	Headline: "Opened: the client offers one ticket in two connections",
	Judge: func(c *check.Context, v *View) check.Outcome {
		mine := c.Exhibits[c.Self].Carrier
		if mine < 0 || c.Exhibits[mine].Kind != offering {
			return check.Skip()
		}
		for i := range v.others {
			x := &v.others[i]
			if x.kind == offering && x.carrier != mine && bytes.Equal(x.t.Bytes, v.Bytes) && !sameConnection(c, mine, x.carrier) {
				return check.Doubtful(v.Ref, "The same ticket is offered in two connections here. Whoever watches can tell that both came from one client: a client should use each ticket once.").And(x.t.Ref)
			}
		}
		return check.Holds(v.Ref, "No other connection here offers this ticket.")
	},
}, {
	ID: "ticket.key-name-shared", Group: groupUsed, Level: check.Should, Refs: "RFC 5077 §4; CVE-2025-23419",
	Title:    "The key is of this host alone",
	Headline: "One ticket key for two hosts",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.host == "" || v.octets(KeyName) == nil {
			return check.Skip()
		}
		at := v.at(KeyName)
		switch {
		case v.marks.host < 0 && !v.named():
			return check.Skip()
		case v.marks.host < 0:
			return check.Holds(at, "No ticket of another host here names this key.")
		}
		x := &v.others[v.marks.host]
		words := "A ticket of one may be taken by the other: check that each host refuses the tickets of the other, or give them keys of their own."
		if v.Client != nil {
			words = "There is a client certificate inside: a ticket got at the one may open the door of the other without a certificate (CVE-2025-23419). Give each host its own key."
		}
		return check.Doubtful(at, "The tickets of %s and of %s name the same key %s. %s", v.host, x.host, short(v.octets(KeyName)), words).And(x.t.Ref)
	},
}, {
	ID: "ticket.key-name-age", Group: groupUsed, Level: check.Should, Refs: "RFC 9325 §3.4; RFC 5077 §5.5",
	Title:    "The key is changed often enough",
	Headline: "The ticket key was not changed for more than a week",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		m, at := v.marks, v.at(KeyName)
		switch {
		case v.octets(KeyName) == nil:
			return check.Skip()
		case m.age >= 0 && m.apart > session.Week:
			return check.Doubtful(at, "Two tickets here name the same key %s and were made %s apart. Whoever gets this key can read all that was sealed in between: change it every day.", short(v.octets(KeyName)), report.Length(m.apart)).And(v.others[m.age].t.Ref)
		case m.rotated >= 0:
			return check.Note(at, "Another ticket of %s here names another key: the keys are rotated.", v.host).And(v.others[m.rotated].t.Ref)
		case m.age >= 0:
			return check.Holds(at, "The tickets here that name this key were made %s apart at the most.", report.Length(m.apart))
		}
		return check.Skip()
	},
}}

// sameConnection says that two messages are of one connection, such as the two
// ClientHellos around a HelloRetryRequest.
func sameConnection(c *check.Context, i, j int) bool {
	a, aok := c.Exhibits[i].Value.(hello)
	b, bok := c.Exhibits[j].Value.(hello)
	if !aok || !bok {
		return false
	}
	m, n := a.TicketConnection(), b.TicketConnection()
	return len(m) > 0 && len(n) > 0 && (bytes.HasPrefix(m, n) || bytes.HasPrefix(n, m))
}

package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

var rfc9846 = func(section string) spec.Ref { return spec.RFC(9846, section) }

// Handshakes is the kind of what was recorded or printed of TLS handshakes:
// records, messages, one or many.
var Handshakes = check.Of(check.Kind{
	Name: "tls-handshake", Title: "TLS handshake", Spec: rfc9846("4"), Marks: true,
	Match: handshake.Match, Rules: catalogue,
}, handshake.Read, look, judge)

// NewSessionTickets is the kind of NewSessionTicket messages that stand by
// themselves, or inside a handshake.
var NewSessionTickets = check.Of(check.Kind{
	Name: "new-session-ticket", Title: "NewSessionTicket", Spec: rfc9846("4.7.1"), Marks: true,
	Match: handshake.MatchTicket, Rules: check.Catalogue(ticketRules...),
}, handshake.ReadTicket, lookTicket, judge)

// lookTicket makes the view of a NewSessionTicket that is an item: a connection
// of one message. What is known of the connection around it is in View.In.
func lookTicket(c *check.Context, n *handshake.NewSessionTicket) *View {
	x := indexOf(c)
	h := &handshake.Handshake{Ref: n.Ref, Events: []handshake.Event{{
		Kind: handshake.Message, Type: handshake.TypeNewSessionTicket, From: handshake.Server, Ref: n.Ref, Raw: c.Source, Body: n, Record: report.None,
	}}}
	if n.Given != nil {
		h.Version, h.Events[0].Protected = n.Given.Version, n.Given.Protected
	}
	v := x.view(c, h, []int{c.Self})
	v.NST = n
	if n.Given != nil && n.Given.Suite != 0 && !v.SuiteOK {
		v.Suite, v.SuiteOK = suite.Lookup(n.Given.Suite)
	}
	carrier := c.Exhibits[c.Self].Carrier
	if carrier < 0 {
		return v
	}
	if around, ok := c.Exhibits[carrier].Value.(*handshake.Handshake); ok {
		of := *c
		of.Self = carrier
		v.In = look(&of, around)
	}
	return v
}

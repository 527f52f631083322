package ticket

import (
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/session"
)

// discloses says what somebody with the server's ticket key could do.
var discloses = map[session.SecretKind]string{
	session.Main: "The main secret of the connection is inside. Whoever has the ticket key and a recording reads that connection and all its resumptions, " +
		"forward secret or not, and can play the server to clients that hold such tickets.",
	session.PSK: "The secret of one ticket of TLS 1.3 (its PSK) is inside. Whoever has the ticket key reads early data and resumptions without a new key exchange (psk_ke), " +
		"and can play the server on resumption. The first connection, and resumptions with (EC)DHE, stay closed.",
	session.Resumption: "The resumption secret of a connection of TLS 1.3 is inside: it gives the PSK of every ticket of that connection. Whoever has the ticket key reads early data " +
		"and resumptions without a new key exchange (psk_ke), and can play the server on resumption. The first connection stays closed.",
	session.Wrapped: "The secret inside is sealed once more: the ticket key alone opens no connection.",
}

var contentRules = []check.Rule[*View]{{
	ID: "ticket.secrets", Group: groupContents, Level: check.Advice, Refs: "RFC 9325 §3.4; RFC 9325 §7.3",
	Title: "What the ticket key gives away",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.State == nil || v.State.SecretKind == session.NoSecret {
			return check.Skip()
		}
		return check.Note(v.there(v.State.Secret.Ref), "%s", discloses[v.State.SecretKind])
	},
}, {
	ID: "ticket.client-certificate", Group: groupContents, Level: check.Should, Refs: "RFC 5077 §4",
	Title:    "The client's certificate inside is valid",
	Headline: "Opened: the client's certificate inside is not valid now",
	Judge: func(c *check.Context, v *View) check.Outcome {
		k := v.Client
		if k == nil {
			return check.Skip()
		}
		from, to := k.NotBefore, k.NotAfter
		who := "The certificate of the client " + k.Title() + " is inside: the server believes this identity without asking for a new signature."
		if !c.At.IsZero() && from.OK && to.OK && (c.At.Before(from.Value.Time) || c.At.After(to.Value.Time)) {
			return check.Doubtful(k.Ref, "%s It is valid from %s to %s, and not at %s: the server should do a full handshake.", who, report.Clock(from.Value.Time), report.Clock(to.Value.Time), report.Clock(c.At))
		}
		return check.Note(k.Ref, "%s", who)
	},
}}

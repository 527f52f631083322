package session

import (
	"crypto/sha256"
	"encoding/hex"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

var useRules = []rule{{
	ID: "session.resumable", Group: resumableGroup, Level: check.Must, Refs: "RFC 9846 §4.3.11; RFC 9846 §4.7.1; RFC 5077 §3.4",
	Title: "It has all that the next ClientHello must show",
	Judge: func(c *check.Context, v *View) check.Outcome {
		ticket := v.Ticket.Ref != report.None && (v.Ticket.OK || len(v.Ticket.Value) > 0)
		switch {
		case !v.client() || v.Wrong != "":
			return check.Skip()
		case (v.Format == Go || v.Format == S2N || v.Format == Botan) && !ticket && !v.ID.OK:
			return check.Note(v.Ref, "%s keeps the ticket apart from this: the application must store both.", programs[v.Format])
		case v.TLS13() && !ticket:
			return check.Broken(v.Ref, "TLS 1.3 resumes with a ticket, and there is none in it: it was saved before the server sent one. Save the session after the first data have come.")
		case !ticket && len(v.ID.Value) == 0:
			return check.Broken(v.Ref, "There is neither a ticket nor a session id: the next ClientHello has nothing to show.")
		case v.TLS13() && v.LifetimeHint.OK && v.LifetimeHint.Value == 0:
			return check.Broken(v.LifetimeHint.Ref, "The lifetime of the ticket is 0: the server wants it to be thrown away at once.")
		case v.TLS13() && !v.AgeAdd.OK && v.Printed:
			return check.Note(v.Ref, "OpenSSL does not print ticket_age_add: the text alone is not enough to resume; a file of -sess_out is.")
		case v.TLS13() && !v.AgeAdd.OK:
			return check.Doubtful(v.Ref, "There is no ticket_age_add: the age of the ticket goes over the wire bare, or wrong, and the server refuses early data.")
		case v.MaxEarlyData.OK && v.MaxEarlyData.Value > 0:
			return check.Note(v.MaxEarlyData.Ref, "%d octets of early data may be sent with it. Anyone can record them and send them again.", v.MaxEarlyData.Value)
		case ticket:
			return check.Holds(v.Ticket.Ref, "A ticket of %s.", report.Plural(len(v.Ticket.Value), "octet", "octets"))
		}
		return check.Note(v.ID.Ref, "There is a session id and no ticket: the server must still have the session in its own cache.")
	},
}, {
	ID: "session.id-hash", Group: resumableGroup, Level: check.Must, Refs: "RFC 5077 §3.4; ssl/statem/statem_clnt.c",
	Title: "The session id is at most 32 octets, and a made-up one is the hash of the ticket",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.ID.Value) > 32 {
			return check.Broken(v.ID.Ref, "The session id has %d octets; 32 are the most.", len(v.ID.Value))
		}
		if !v.Ticket.OK || len(v.Ticket.Value) == 0 || len(v.ID.Value) == 0 {
			return check.Skip()
		}
		sum := sha256.Sum256(v.Ticket.Value)
		if string(sum[:]) == string(v.ID.Value) {
			return check.Holds(v.ID.Ref, "It is the SHA-256 of the ticket, as clients of the OpenSSL family make it: a server that repeats it has taken the ticket.").And(v.Ticket.Ref)
		}
		return check.Note(v.ID.Ref, "It is not the SHA-256 of the ticket: the server chose it, or the ticket was replaced, or the client makes ids in another way.").And(v.Ticket.Ref)
	},
}, {
	ID: "session.context", Group: resumableGroup, Level: check.Should, Refs: "ssl/ssl_sess.c; ssl/ssl_asn1.c",
	Title: "The session-id context tells applications of one server apart",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Format != OpenSSL && v.Format != BoringSSL && v.Format != LibreSSL || v.Wrong != "" {
			return check.Skip()
		}
		own := v.Context.Value
		if v.ClientSide == No && len(v.Peer) > 0 && len(own) == 0 {
			return check.Doubtful(v.Ref, "A client certificate is in it, and no session-id context: a server that verifies clients and set none ends the handshake when this is offered. Set one with SSL_CTX_set_session_id_context.")
		}
		for _, o := range v.All {
			if o.Is != v.Session && v.ClientSide == No && o.Is.ClientSide == No && o.Is.Format == v.Format && len(own) > 0 && len(o.Is.Context.Value) > 0 &&
				string(own) != string(o.Is.Context.Value) && o.Is.Host.Value == v.Host.Value {
				return check.Doubtful(v.Context.Ref, "It is %s here and %s in another session: a server takes back only sessions of its own context, and lets the other be a full handshake.", shown(own), shown(o.Is.Context.Value))
			}
		}
		switch {
		case len(own) == 0:
			return check.Skip()
		case ascii(own):
			return check.Note(v.Context.Ref, "It reads %s.", shown(own))
		}
		return check.Holds(v.Context.Ref, "%s.", report.Plural(len(own), "octet", "octets"))
	},
}, {
	ID: "session.extended-main-secret", Group: resumableGroup, Level: check.Should, Refs: "RFC 7627 §5.3; RFC 7627 §5.4; RFC 9325 §3.5",
	Title: "The main secret is an extended one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		at := v.ExtendedMainSecretRef
		if at == report.None {
			at = v.Ref
		}
		switch {
		case v.TLS13() || !v.Protocol.OK || v.Protocol.Value < 0x0300 || v.SecretKind != Main && v.SecretKind != Wrapped || v.Wrong != "":
			return check.Skip()
		case v.ExtendedMainSecret == No:
			return check.Broken(at, "It was made without extended_master_secret: an attacker in the middle can make two connections share one secret (triple handshake), and a resumption does not mend that. Peers that know the extension refuse to resume it with the extension in the hello.")
		case v.ExtendedMainSecret == Unknown:
			return check.Needs("server-hello", at, "%s does not say in this form whether the extension was used; the ServerHello does.", programs[v.Format])
		}
		return check.Holds(at, "")
	},
}}

// shown writes octets for a sentence.
func shown(b []byte) string {
	if ascii(b) {
		return "«" + string(b) + "»"
	}
	return hex.EncodeToString(b[:min(len(b), 32)])
}

// versionName is the protocol for people, or "TLS".
func (s *Session) versionName() string {
	if !s.Protocol.OK || !known(s.Protocol.Value) {
		return "TLS"
	}
	return suite.Version(s.Protocol.Value)
}

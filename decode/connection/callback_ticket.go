package connection

import (
	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/suite"
	"derscope/decode/ticket"
)

// callbackTicketRules say what OpenSSL's session ticket callbacks were given, and
// what they must have returned.
//
// Source: ssl/t1_lib.c, ssl/ssl_sess.c, ssl/statem/statem_srvr.c of OpenSSL
// 3.0.19, measured.
var callbackTicketRules = []rule{
	{
		ID: "tls.callback.ticket.status", Group: groupCallbacks, Level: check.May, Refs: "RFC 5077 §3.4; RFC 9846 §4.3.11",
		Title: "What the server's ticket callback is told of the ticket",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			if v.CH == nil {
				return check.Skip()
			}
			w := v.Wire()
			at := v.ticketRef()
			switch w.Offer {
			case callback.NotOffered:
				return check.Note(at, "NONE: the ClientHello shows no ticket, and the callback is not called.")
			case callback.OfferedEmpty:
				if w.Version == callback.TLS13 {
					return check.Note(at, "EMPTY: the identity has no octets. Unless the callback returns IGNORE or ABORT the handshake ends with decode_error (50); this was read in the source, not measured.")
				}
				return check.Note(at, "EMPTY: the ClientHello asks for a ticket and shows none.")
			}
			name := KeyName(v.shown().Octets)
			told := v.Told(w.Version)
			if told == nil {
				told = seenStatuses(w)
			}
			if told == nil {
				return check.Needs("ticket-key", at, "Whether the ticket opens cannot be seen; the callback gets %s as name of the key, and NO_DECRYPT, SUCCESS or SUCCESS_RENEW.", name)
			}
			return check.Note(at, "%s; the callback gets %s as name of the key.", statuses(told, w.Version), name)
		},
	},
	{
		ID: "tls.callback.ticket.return", Group: groupCallbacks, Level: check.Must, Refs: "RFC 5077 §3.4; RFC 9846 §4.3.11",
		Title:    "The server's ticket callback did not end the handshake",
		Headline: "A callback of the server ended the handshake",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if v.CH == nil || w.Offer == callback.NotOffered || w.Offer == callback.OfferUnknown {
				return check.Skip()
			}
			list := w.TicketFits(nil, v.Told(w.Version)...)
			if w.Alert.Place == callback.InsteadOfHello {
				if w.Alert.Number != 80 {
					return check.Skip()
				}
				also := ""
				if w.Asked {
					also = " The ClientHello asks for an OCSP response too, so that the server's status callback can have refused as well."
				}
				return check.Broken(v.lastAlert().Ref, "The alert internal_error (80) stands in place of the ServerHello: the ticket callback returned ABORT, or USE for a ticket that did not open, or the key callback less than 0. What fits: %s.%s", fits(list), also).And(v.ticketRef())
			}
			switch {
			case w.Hello == callback.NoHello:
				return check.Skip()
			case len(list) == 0:
				return check.Note(v.SH.Ref, "No answer of the callback leads to this: %s; %s.", modeWords(w), seenTickets(w.Tickets))
			}
			also := ""
			if w.Hello == callback.FullHello && w.Offer == callback.Offered {
				also = ". Or it said USE, and the session was refused afterwards"
				if why := v.Refusal(v.shown()); why != "" {
					also += ": " + why
				}
			}
			return check.Note(v.SH.Ref, "%s; %s. What fits: %s%s.", modeWords(w), seenTickets(w.Tickets), fits(list), also)
		},
	},
	{
		ID: "tls.callback.ticket.count", Group: groupCallbacks, Level: check.Should, Refs: "RFC 5077 §3.3; RFC 9846 §4.7.1",
		Title: "The server issued as many tickets as OpenSSL does",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if w.Hello == callback.NoHello || w.Tickets == callback.Unknown || w.Offer == callback.OfferUnknown {
				return check.Skip()
			}
			at := v.SH.Ref
			if len(v.NSTs) > 0 {
				at = v.NSTs[0].Ref
			}
			if len(w.TicketFits(nil)) > 0 {
				if w.Tickets == 0 {
					return check.Holds(at, "No NewSessionTicket, as OpenSSL does here; the generation callback did not run.")
				}
				return check.Holds(at, "%s, as OpenSSL does here; its generation callback ran as often.", upper(seenTickets(w.Tickets)))
			}
			usual := "two after a full handshake, one after a resumption, none after IGNORE"
			if w.Version == callback.TLS12 {
				usual = "one, or none"
			}
			if w.Version == callback.TLS13 && !v.countsAsOpenSSL() {
				return check.Note(at, "%s, where OpenSSL sends %s: another program is the server, which is nothing bad, or SSL_CTX_set_num_tickets was called.", upper(seenTickets(w.Tickets)), usual)
			}
			return check.Doubtful(at, "%s, where OpenSSL sends %s: SSL_CTX_set_num_tickets was called, or another program is the server.", upper(seenTickets(w.Tickets)), usual)
		},
	},
	{
		ID: "tls.callback.ticket.renewal-lost", Group: groupCallbacks, Level: check.Should, Refs: "RFC 5077 §3.3; RFC 9846 §4.7.1",
		Title: "A client that resumes gets a new ticket where its old one is due for renewal",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if w.Hello != callback.ResumedHello || w.Offer != callback.Offered || w.Tickets == callback.Unknown {
				return check.Skip()
			}
			t := v.shown()
			old := t.Opening.Status == ticket.Opened && t.Opening.Key != nil && !t.Opening.Key.Encrypts
			if w.Version == callback.TLS12 && !old {
				return check.Skip()
			}
			if w.Tickets > 0 {
				return check.Holds(v.NSTs[0].Ref, "%s came with the resumption: the next one can use it.", upper(seenTickets(w.Tickets)))
			}
			if old {
				return check.Doubtful(v.ticketRef(), "The ticket opens under a key that no longer seals new ones, and no new one came: SUCCESS_RENEW was answered with USE. When that key is retired, this client starts from zero.")
			}
			return check.Doubtful(v.ticketRef(), "No new ticket came: keys of the library give SUCCESS_RENEW in TLS 1.3, which was answered with USE. The client must show the same ticket again, and be known by it.")
		},
	},
	{
		ID: "tls.callback.ticket.generate", Group: groupCallbacks, Level: check.Advice, Refs: "RFC 5077 §3.3; RFC 9846 §4.7.1",
		Title: "The server's ticket could be made",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if w.Alert.Number == 80 && w.Alert.From == callback.Server && w.Alert.Place == callback.AfterClientDone {
				when := "where the NewSessionTicket belongs"
				if w.Version == callback.TLS13 {
					when = "when the client already held the handshake for complete"
				}
				return check.Note(v.lastAlert().Ref, "The alert internal_error (80) came after the client's Finished, %s: the ticket generation callback returned 0.", when)
			}
			for _, n := range v.NSTs {
				if v.Old() && n.Ticket.OK && len(n.Ticket.Value) == 0 {
					return check.Note(n.Ref, "The ticket is empty: the ticket key callback returned 0 while encrypting.")
				}
			}
			return check.Skip()
		},
	},
	{
		ID: "tls.callback.ticket.refused", Group: groupCallbacks, Level: check.May, Refs: "RFC 5077 §3.4; RFC 9846 §4.3.11",
		Title: "A ticket that opens is taken",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w, t := v.Wire(), v.shown()
			if w.Offer != callback.Offered || t.Opening.Status != ticket.Opened || w.Hello == callback.NoHello {
				return check.Skip()
			}
			if w.Hello == callback.ResumedHello {
				return check.Holds(t.Ref, "It opens, and the session is resumed.")
			}
			if why := v.Refusal(t); why != "" {
				return check.Note(t.Ref, "It opens, and a full handshake follows: %s.", why)
			}
			return check.Needs("session", t.Ref, "It opens, and a full handshake follows; the state inside shows no reason. The callback can have returned IGNORE_RENEW, or the server's session-id context is another.")
		},
	},
}

// Refusal finds in the state of a ticket why OpenSSL takes no session that it
// opened, or "".
func (v *View) Refusal(t Offered) string {
	s := t.State
	if s == nil {
		return ""
	}
	switch {
	case s.Format != session.OpenSSL && s.Format != session.BoringSSL && s.Format != session.LibreSSL && s.Format != "":
		return "the state is one of " + s.Format + ", which OpenSSL does not read: it says NO_DECRYPT"
	case s.Protocol.OK && v.Version != 0 && s.Protocol.Value != v.Version:
		return "the session is of " + suite.Version(s.Protocol.Value) + ", and " + suite.Version(v.Version) + " was agreed"
	case s.Created.OK && s.Timeout.OK && !v.Start.IsZero() && uint64(max(0, v.Start.Sub(s.Created.Value)/1e9)) > s.Timeout.Value:
		return "its time was over when the hello came"
	case s.Cipher.OK && v.SuiteOK && v.TLS13() && otherHash(s.Cipher.Value, v.Suite):
		return "its suite has another hash than the one that was agreed"
	case v.Old() && s.ExtendedMainSecret == session.No && v.CH.Extensions.Has(handshake.ExtExtendedMainSecret):
		return "it was made without the extended main secret, which the hello asks for"
	}
	return ""
}

// otherHash says that the suite of a session has another hash.
func otherHash(n uint16, s suite.Suite) bool {
	was, ok := suite.Lookup(n)
	return ok && was.Hash != s.Hash
}

// seenStatuses are the statuses that the outcome leaves; nil: more than one kind.
func seenStatuses(w callback.Wire) (list []callback.TicketStatus) {
	for _, f := range w.TicketFits(nil) {
		if len(list) == 0 || list[len(list)-1] != f.Status {
			list = append(list, f.Status)
		}
	}
	if len(list) > 0 && list[0] == callback.NoDecrypt {
		return nil
	}
	return list
}

// ticketRef is the place of the ticket in the ClientHello, else of the ClientHello.
func (v *View) ticketRef() report.Ref {
	if t := v.shown(); t.Octets != nil {
		return t.Ref
	}
	if x := v.CH.Extensions.Get(handshake.ExtSessionTicket); x != nil {
		return x.Ref
	}
	return v.CH.Ref
}

// modeWords says how the handshake went.
func modeWords(w callback.Wire) string {
	if w.Hello == callback.ResumedHello {
		return "Resumed"
	}
	return "Full handshake"
}

// upper makes the beginning of a sentence.
func upper(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// countsAsOpenSSL says that the nonces of the tickets are counters of eight
// octets, as OpenSSL writes them: by that it is known where tickets can be seen.
func (v *View) countsAsOpenSSL() bool {
	for _, n := range v.NSTs {
		if !n.Nonce.OK || len(n.Nonce.Value) != 8 {
			return false
		}
	}
	return len(v.NSTs) > 0
}

package session

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/suite"
)

var belongRules = []rule{{
	ID: "session.from-nst", Group: belongsGroup, Level: check.Must, Refs: "RFC 9846 §4.7.1; RFC 5077 §3.3",
	Title: "It agrees with the NewSessionTicket that its ticket came in",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.Tickets) == 0 || v.Wrong != "" || v.ClientSide != Yes || len(v.Ticket.Value) == 0 {
			return check.Skip()
		}
		for _, n := range v.Tickets {
			if n.Is.Ticket.OK && bytes.Equal(n.Is.Ticket.Value, v.Ticket.Value) {
				return v.agrees(n.Is)
			}
		}
		for _, n := range v.Tickets {
			if t := n.Is.Ticket; t.OK && len(t.Value) > 16 && len(v.Ticket.Value) > 16 && bytes.Equal(t.Value[:16], v.Ticket.Value[:16]) {
				return check.Note(v.Ticket.Ref, "None of the NewSessionTickets here holds its ticket; one begins with the same key name, so it is another ticket of the same server.").And(t.Ref)
			}
		}
		return check.Skip()
	},
}, {
	ID: "session.from-handshake", Group: belongsGroup, Level: check.Must, Refs: "RFC 5246 §7.4.9; RFC 9846 §4.5.3",
	Title: "It comes from the connection beside it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		w := check.Skip()
		if v.Wrong != "" {
			return w
		}
		for _, h := range v.Shakes {
			if o := v.cameFrom(h.Is); o.Applies() {
				if !o.Bad() {
					return o
				}
				w = check.Worst(w, o)
			}
		}
		return w
	},
}}

// agrees compares with the message that the ticket came in.
func (v *View) agrees(n *handshake.NewSessionTicket) check.Outcome {
	type pair struct {
		name       string
		file, wire field.Field[uint64]
	}
	early := field.Field[uint64]{}
	if x := n.Extensions.Get(handshake.ExtEarlyData); x != nil {
		if n, ok := x.Value.(*handshake.Number); ok {
			early = n.Field
		}
	}
	wide := func(f field.Field[uint32]) field.Field[uint64] {
		return field.Field[uint64]{Value: uint64(f.Value), Ref: f.Ref, OK: f.OK}
	}
	for _, p := range [...]pair{{"lifetime", v.LifetimeHint, n.Lifetime}, {"ticket_age_add", wide(v.AgeAdd), n.AgeAdd}, {"limit on early data", wide(v.MaxEarlyData), early}} {
		if p.file.OK && p.wire.OK && p.file.Value != p.wire.Value {
			return check.Broken(p.file.Ref, "The ticket is the same, and the %s is not: %d here, %d in the message. The file was changed, or put together from two.", p.name, p.file.Value, p.wire.Value).And(p.wire.Ref)
		}
	}
	if v.SecretKind == Resumption && v.Nonce.OK && n.Nonce.OK && !bytes.Equal(v.Nonce.Value, n.Nonce.Value) {
		return check.Broken(v.Nonce.Ref, "The ticket is the same, and the nonce is not: the secret that follows from it is another.").And(n.Nonce.Ref)
	}
	return check.Holds(v.Ticket.Ref, "The ticket is the same, and what stands beside it on the wire agrees.").And(n.Ticket.Ref)
}

// tie says what a session and a handshake have in common; "" for nothing.
func (s *Session) tie(h *handshake.Handshake, sh *handshake.ServerHello) string {
	for _, e := range h.Of(handshake.TypeNewSessionTicket) {
		if n, ok := e.Body.(*handshake.NewSessionTicket); ok && n.Ticket.OK && len(n.Ticket.Value) > 0 && bytes.Equal(n.Ticket.Value, s.Ticket.Value) {
			return "the ticket"
		}
	}
	switch {
	case s.ServerRandom.OK && bytes.Equal(s.ServerRandom.Value, sh.Random.Value):
		return "the random of the server"
	case !s.TLS13() && len(s.ID.Value) > 0 && bytes.Equal(s.ID.Value, sh.SessionID.Value):
		return "the session id"
	}
	return ""
}

// cameFrom compares with a handshake: what proves that the session comes from
// it is its Finished.
func (v *View) cameFrom(h *handshake.Handshake) check.Outcome {
	ch, sh := hellos(h)
	if sh == nil {
		return check.Skip()
	}
	tie := v.tie(h, sh)
	if tie == "" {
		return check.Skip()
	}
	switch version := h.Version; {
	case version != 0 && v.Protocol.OK && version != v.Protocol.Value:
		return check.Broken(v.Protocol.Ref, "%s is the same, and the version is not: %s here, %s in the handshake.", sentence(tie), v.versionName(), suite.Version(version)).And(sh.Version.Ref)
	case v.Cipher.OK && sh.Suite.OK && uint64(v.Cipher.Value) != sh.Suite.Value:
		return check.Broken(v.Cipher.Ref, "%s is the same, and the suite is not: %s here, %s in the handshake.", sentence(tie), suite.Name(v.Cipher.Value), suite.Name(uint16(sh.Suite.Value))).And(sh.Suite.Ref)
	case ch != nil && v.Host.OK && v.ClientSide == Yes && ch.ServerName() != "" && !strings.EqualFold(ch.ServerName(), v.Host.Value):
		return check.Broken(v.Host.Ref, "%s is the same, and the host is not: %s here, %s in the handshake.", sentence(tie), v.Host.Value, ch.ServerName())
	}
	right, could := v.finished(h)
	switch {
	case could && right:
		return check.Holds(v.Secret.Ref, "%s is the same, and the Finished of the handshake proves the secret.", sentence(tie)).And(sh.Ref)
	case could:
		return check.Broken(v.Secret.Ref, "%s is the same, and the Finished of the handshake was made with another secret: the file was changed, or put together from two.", sentence(tie)).And(sh.Ref)
	case v.TLS13():
		return check.Note(v.Ref, "%s, the version and the suite agree. The secret cannot be compared: that of a TLS 1.3 ticket does not show in the handshake that it came in.", sentence(tie)).And(sh.Ref)
	}
	return check.Needs("key-log", v.Ref, "%s, the version and the suite agree. The Finished, in the clear, would prove the secret; add a dump of -msg, or the key log.", sentence(tie)).And(sh.Ref)
}

// hellos are the two hellos of a handshake, nil where they are not there.
func hellos(h *handshake.Handshake) (ch *handshake.ClientHello, sh *handshake.ServerHello) {
	for _, e := range h.Of(handshake.TypeClientHello) {
		ch, _ = e.Body.(*handshake.ClientHello)
	}
	for _, e := range h.Of(handshake.TypeServerHello) {
		if s, ok := e.Body.(*handshake.ServerHello); ok && s != nil && !s.Retry {
			sh = s
		}
	}
	return ch, sh
}

// finished proves the main secret with the first Finished of a handshake before
// TLS 1.3; could says whether it can be tried.
func (v *View) finished(h *handshake.Handshake) (right, could bool) {
	if v.TLS13() || !v.Protocol.OK || v.SecretKind != Main || !v.Secret.OK || !v.SuiteOK || h.Partial || h.Datagrams {
		return false, false
	}
	var messages []byte
	began := false
	for i := range h.Events {
		e := &h.Events[i]
		if e.Kind != handshake.Message || e.Type == handshake.TypeHelloRequest {
			continue
		}
		if began = began || e.Type == handshake.TypeClientHello; !began {
			return false, false
		}
		f, ok := e.Body.(*handshake.Finished)
		if !ok || f == nil {
			messages = append(messages, e.Raw...)
			continue
		}
		if !f.Data.OK || len(f.Data.Value) != 12 {
			return false, false
		}
		for _, side := range [...]string{"client", "server"} {
			if bytes.Equal(v.Suite.FinishedOld(v.Protocol.Value, v.Secret.Value, side, messages), f.Data.Value) {
				return true, true
			}
		}
		return false, true
	}
	return false, false
}

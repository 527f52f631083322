package peer

import (
	"time"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/ticket"
)

// The releases that are spoken of. What OpenSSL 3.0 does was measured. Of 4.0 no
// build was at hand: it is taken to do the same, but for what its list of changes
// and its manual say.
const (
	openSSL3Version = "3.0.19"
	openSSL4Version = "4.0.1"
	goVersion       = "1.26"
	gnuTLSVersion   = "3.7.9"
)

// The outcomes of programs.
const (
	accept   = "accept"
	softFail = "soft-fail"
	reject   = "reject"
	open     = "open"
)

// sealedTicket is a ticket that stands by itself, as servers meet it that hold
// the keys at hand.
type sealedTicket struct {
	octets []byte
	o      ticket.Opening
	state  *session.Session // nil: it was not opened
	at     time.Time
}

// callbacks are what dec_cb meets in a ticket, in the version that its
// state is of; where that is not known, in both.
func (t *sealedTicket) callbacks() (all []report.Callback) {
	generations := []callback.Version{callback.TLS12, callback.TLS13}
	if t.state != nil && t.state.Protocol.OK {
		if generations = generations[:1]; t.state.TLS13() {
			generations[0] = callback.TLS13
		}
	}
	for _, g := range generations {
		told := connection.Statuses(t.octets, t.o)
		if t.o.Status == ticket.Opened && t.foreign(session.OpenSSL) {
			told = []callback.TicketStatus{callback.NoDecrypt}
		}
		if t.o.Status == ticket.NameUnknown {
			told = []callback.TicketStatus{callback.NoDecrypt}
		}
		m := met{g: g, octets: t.octets, told: told}
		k := m.callback()
		if t.o.Status == ticket.NameUnknown {
			k.Why = "none of the keys at hand has this name or opens the ticket: a server that holds these and no others tells NO_DECRYPT. " + k.Why
		}
		if t.o.Status == ticket.Opened && t.foreign(session.OpenSSL) {
			k.Why = "the state is one of " + t.o.Session + ", which OpenSSL does not read"
		}
		if t.over() && len(told) > 1 {
			k.Why += ". The session inside is past its time: it is refused after the callback said USE, and a full handshake with a new ticket follows"
		}
		all = append(all, k)
	}
	return all
}

// foreign says that the state is none of a program.
func (t *sealedTicket) foreign(format string) bool {
	if t.o.Session == format || t.state == nil && t.o.Session == "" {
		return false
	}
	if t.state != nil {
		for _, f := range t.state.Fits {
			if f == format {
				return false
			}
		}
	}
	return true
}

// servers are what servers with the keys at hand would do.
func (t *sealedTicket) servers() []report.Outcome {
	return []report.Outcome{
		t.openSSL(openSSL3Version), t.openSSL(openSSL4Version), t.golang(), t.gnuTLS(),
	}
}

// openSSL follows tls_decrypt_ticket in ssl/t1_lib.c and ssl_get_prev_session in
// ssl/ssl_sess.c.
func (t *sealedTicket) openSSL(version string) report.Outcome {
	row := report.Outcome{Client: "openssl", Version: version, Show: "openssl s_client -connect HOST:443 -sess_in session.pem"}
	full := func(status, why string) report.Outcome {
		row.Outcome, row.Reason, row.Why = softFail, status, why
		return row
	}
	switch {
	case len(t.octets) == 0:
		return full("SSL_TICKET_EMPTY", "the client only asks for a ticket")
	case len(t.octets) < 32:
		return full("SSL_TICKET_NO_DECRYPT", "fewer than 32 octets are no ticket")
	}
	if row, done := t.closed(row, "SSL_TICKET_NO_DECRYPT"); done {
		return row
	}
	switch {
	case t.o.Front+t.o.Back > 0:
		return full("SSL_TICKET_NO_DECRYPT", "octets were copied along that are no part of the ticket")
	case t.foreign(session.OpenSSL):
		return full("SSL_TICKET_NO_DECRYPT", "the state is one of "+t.o.Session+", and d2i_SSL_SESSION does not read it")
	case t.over():
		return full("SSL_TICKET_SUCCESS, then timed out", "the session was made "+age(t.state.Created.Value, t.at)+", and its timeout is "+report.Length(time.Duration(t.state.Timeout.Value)*time.Second))
	}
	row.Outcome, row.Reason = accept, "SSL_TICKET_SUCCESS"
	row.Why = "if the session-id context and the version are those of the server"
	if t.state != nil && t.state.TLS13() {
		row.Reason = "SSL_TICKET_SUCCESS_RENEW"
	}
	return row
}

// golang follows DecryptTicket in crypto/tls/ticket.go and checkForResumption in
// its servers.
func (t *sealedTicket) golang() report.Outcome {
	row := report.Outcome{Client: "go", Version: goVersion, Show: "(*tls.Config).DecryptTicket(ticket, tls.ConnectionState{})"}
	if row, done := t.closed(row, "nil, nil"); done {
		return row
	}
	full := func(why string) report.Outcome {
		row.Outcome, row.Reason, row.Why = softFail, "nil, nil", why
		return row
	}
	switch {
	case t.o.Layout == nil || t.o.Layout.ID != "go-ctr":
		return full("the layout is not that of Go since 1.21")
	case t.foreign(session.Go):
		return full("the state is one of " + t.o.Session)
	case t.state == nil:
		return full("the state does not read")
	case !t.at.IsZero() && t.state.Created.OK && t.at.Sub(t.state.Created.Value) > session.Week:
		row.Outcome, row.Reason, row.Why = softFail, "", "the session was made "+age(t.state.Created.Value, t.at)+"; servers take none that is older than seven days"
		return row
	}
	row.Outcome, row.Reason, row.Why = accept, "SessionState", "if version and cipher suite are still offered"
	if len(t.state.Peer) > 0 {
		row.Why += ", and the server asks for client certificates"
	}
	return row
}

// gnuTLS follows _gnutls_decrypt_session_ticket in lib/ext/session_ticket.c and
// _gnutls_session_unpack in lib/session_pack.c.
func (t *sealedTicket) gnuTLS() report.Outcome {
	row := report.Outcome{Client: "gnutls", Version: gnuTLSVersion, Show: "gnutls-cli --resume HOST"}
	if row, done := t.closed(row, "GNUTLS_E_DECRYPTION_FAILED"); done {
		return row
	}
	switch {
	case t.o.Layout == nil || t.o.Layout.ID != "gnutls" || t.foreign(session.GnuTLS):
		row.Outcome, row.Reason, row.Why = softFail, "GNUTLS_E_DECRYPTION_FAILED", "the layout is not that of GnuTLS"
	case t.over():
		row.Outcome, row.Reason, row.Why = softFail, "GNUTLS_E_EXPIRED", "the session was made "+age(t.state.Created.Value, t.at)
	case t.o.Late(t.at):
		row.Outcome, row.Reason, row.Why = softFail, "GNUTLS_E_DECRYPTION_FAILED", "the ticket is under a key of another step of time: a server takes that of its own step and of the one before it"
	default:
		row.Outcome, row.Why = accept, "if the server's key is of the same step of time"
	}
	return row
}

// closed makes the row of a ticket that no key at hand opens.
func (t *sealedTicket) closed(row report.Outcome, words string) (report.Outcome, bool) {
	row.Outcome = softFail
	row.Reason = words
	switch t.o.Status {
	case ticket.Sealed:
		row.Outcome, row.Reason, row.Why = open, "", "needs the ticket key of the server"
	case ticket.NameUnknown:
		row.Why = "a server with the keys at hand: none of them has this name or opens it"
	case ticket.WrongMAC:
		row.Why = "a server with the key at hand: its name is right, and the MAC does not hold"
	case ticket.Unreadable:
		row.Why = "the MAC holds, and no state is inside"
	default:
		return row, false
	}
	return row, true
}

// over says that the state inside is past its time.
func (t *sealedTicket) over() bool {
	s := t.state
	if s == nil || t.at.IsZero() {
		return false
	}
	if s.Expires.OK {
		return t.at.After(s.Expires.Value)
	}
	return s.Created.OK && s.Timeout.OK && t.at.Sub(s.Created.Value) > time.Duration(min(s.Timeout.Value, 1<<32))*time.Second
}

// age is how long ago something was: 3 hours ago.
func age(t, at time.Time) string { return report.Distance(t, at) }

// ofTicket fills in the rows of a ticket.
func ofTicket(c *check.Context, v *ticket.View, out *report.Item) {
	t := sealedTicket{octets: v.Bytes, o: v.Opening, state: v.State, at: c.At}
	out.Clients, out.Callbacks = t.servers(), t.callbacks()
}

package callback

// Cause is what an alert can come from: an answer of a callback, or what
// OpenSSL decides by itself.
type Cause struct {
	Callback string // session_ticket, status, client_cert; "" where it is none of these
	Side     Side   // whose callback it is
	Text     string // «the ticket callback returned ABORT»
	Rows     []string
	Reason   string // in the words of the error queue of the side that gives up
}

// Causes are what the alert that ended a handshake can come from, the nearest first.
func (w *Wire) Causes() []Cause {
	var all []Cause
	switch {
	case w.Alert.Number == 0:
	case w.Alert.From == Server && w.Alert.Place == InsteadOfHello:
		all = w.atHello()
	case w.Alert.From == Server && w.Alert.Place == AfterClientDone:
		all = w.atEnd()
	case w.Alert.From == Client:
		all = w.ofClient()
	}
	return all
}

// atHello are the causes of an alert of the server in place of its ServerHello.
func (w *Wire) atHello() (all []Cause) {
	offered := w.Offer == Offered || w.Offer == OfferedEmpty
	switch {
	case w.Alert.Number == 80:
		if offered {
			var rows []string
			for _, f := range w.TicketFits(nil) {
				rows = append(rows, f.Rows...)
			}
			text := "the ticket callback returned ABORT, or USE or USE_RENEW for a ticket that did not open"
			if w.Offer == OfferedEmpty {
				text = "the ticket callback returned USE, USE_RENEW or ABORT for an empty ticket"
			}
			all = append(all, Cause{"session_ticket", Server, text, rows, "internal error"},
				Cause{"", Server, "the ticket key callback returned less than 0", nil, "internal error"})
		}
		if fits, called := w.ServerFits(); called {
			var rows []string
			for _, s := range fits {
				row, _ := statusRow(w.Version, Full, s, 1)
				rows = append(rows, row)
			}
			all = append(all, Cause{"status", Server, "the server's status callback returned ALERT_FATAL, ALERT_WARNING or a value that is not defined", rows, "clienthello tlsext"})
		}
	case w.Alert.Number == 40 && offered && w.Version == TLS12:
		all = append(all, Cause{"", Server, "the session in the ticket has the extended main secret and the hello does not ask for it", nil, "inconsistent extms"})
	case w.Alert.Number == 50 && w.Offer == OfferedEmpty && w.Version == TLS13:
		all = append(all, Cause{"", Server, "an identity of zero octets", nil, "bad extension"})
	case w.Alert.Number == 51 && offered && w.Version == TLS13:
		all = append(all, Cause{"", Server, "the binder is wrong: the client does not have the secret of this ticket", nil, "binder does not verify"})
	}
	return all
}

// atEnd are the causes of an alert of the server after the client's Finished.
func (w *Wire) atEnd() (all []Cause) {
	switch n := w.Alert.Number; {
	case n == 80:
		all = append(all, Cause{"", Server, "the ticket generation callback returned 0", nil, "internal error"})
	case w.Requested && (n == 40 && w.Version == TLS12 || n == 116) && w.Sent != SentOne:
		var rows []string
		for _, f := range w.CertFits() {
			if w.Version == TLS13 || !f.Answer.half() { // of those the end was not measured
				rows = append(rows, f.Rows...)
			}
		}
		all = append(all, Cause{"client_cert", Client, "the server requires a certificate, and the list is empty: no callback, it returned 0 or a number other than 1, or it did not hand over both certificate and key", rows, "peer did not return a certificate"})
	case w.Requested && w.Sent != SentNone && refusals[n] != "":
		all = append(all, Cause{"client_cert", Client, "a certificate was sent and refused: " + refusals[n], nil, "certificate verify failed"})
	}
	return all
}

// refusals say why OpenSSL refuses a client's certificate, by alert.
var refusals = map[uint8]string{
	42: "not yet valid, a weak key or hash, or another fault", 43: "it is not for clients", 44: "it is revoked", 45: "it has expired",
	48: "its issuer is not known", 51: "a signature in the chain, or that of CertificateVerify, is wrong",
}

// ofClient are the causes of an alert of the client.
func (w *Wire) ofClient() (all []Cause) {
	switch n := w.Alert.Number; {
	case w.Alert.Place == AfterServer && (n == 80 || n == 113):
		fits, _, called := w.ClientFits()
		if !called {
			break
		}
		var rows []string
		for _, f := range fits {
			rows = append(rows, f.Rows...)
		}
		text, reason := "the client's status callback returned less than 0", "ocsp callback failure"
		if n == 113 {
			reason = "invalid status response"
		}
		switch {
		case n == 113 && w.Hello == ResumedHello:
			text = "the client's status callback returned 0 on a resumption, where no response can come"
		case n == 113 && w.Staple >= 0:
			text = "the client's status callback returned 0; from OpenSSL 3.6 on also a response that cannot be decoded"
		case n == 113:
			text = "the client's status callback returned 0"
		}
		all = append(all, Cause{"status", Client, text, rows, reason})
	case w.Alert.Place == AfterRequest && n == 80:
		all = append(all, Cause{"", Client, "the callback of SSL_CTX_set_cert_cb returned 0", nil, "callback failed"})
	case w.Alert.Place == AfterTicket && n == 10 && w.Version == TLS12:
		all = append(all, Cause{"", Client, "a ticket came that the ServerHello did not promise", nil, "unexpected message"})
	}
	return all
}

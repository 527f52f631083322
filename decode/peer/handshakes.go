package peer

import (
	"strconv"

	"derscope/decode/callback"
	"derscope/decode/connection"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// ofHandshake are what clients without callbacks do with the staple of a server:
// that is where they differ.
func ofHandshake(v *connection.View) []report.Outcome {
	w := v.Wire()
	if !w.Asked || w.Hello != callback.FullHello || w.Staple == callback.Unknown {
		return nil
	}
	row := func(client, version, outcome, reason, why string) report.Outcome {
		return report.Outcome{Client: client, Version: version, Outcome: outcome, Reason: reason, Why: why, Show: shows[client]}
	}
	if w.Staple < 0 {
		return []report.Outcome{
			row("openssl", openSSL3Version, softFail, "", "goes on without a staple; a certificate that demands one makes no difference to it"),
			row("openssl", openSSL4Version, softFail, "", "goes on without a staple"),
			row("go", goVersion, softFail, "", "goes on without a staple: ConnectionState.OCSPResponse is nil"),
		}
	}
	if kind, ok := v.StapleType(); ok && kind != 1 {
		status := "of a status of type " + strconv.FormatUint(kind, 10)
		return []report.Outcome{
			row("openssl", openSSL3Version, reject, "decode_error (50): unsupported status type", "reads no octets "+status),
			row("openssl", openSSL4Version, reject, "decode_error (50): unsupported status type", "reads no octets "+status),
			row("go", goVersion, reject, "tls: error decoding message", "decode_error (50): it reads no octets "+status),
		}
	}
	newer := row("openssl", openSSL4Version, accept, "", "reads the response, and judges it only in a callback")
	if !readable(v) {
		newer = row("openssl", openSSL4Version, reject, "bad_certificate_status_response (113)", "since 3.6 the library reads every response when it comes, and this one cannot be decoded")
	}
	return []report.Outcome{
		row("openssl", openSSL3Version, accept, "", "hands the octets on unread; without a callback nobody looks at them"),
		newer,
		row("go", goVersion, accept, "", "hands the octets on as ConnectionState.OCSPResponse, unread"),
	}
}

var shows = map[string]string{
	"openssl": "openssl s_client -connect HOST:443 -status",
	"go":      "(*tls.Conn).OCSPResponse()",
}

// readable says that the staple of the server's certificate can be decoded.
func readable(v *connection.View) bool {
	for i := range v.Staples {
		if s := &v.Staples[i]; s.From != handshake.Client && s.Entry == 0 {
			return s.Is != nil
		}
	}
	return true
}

// ofGiven are what clients do with a NewSessionTicket.
func ofGiven(v *connection.View) []report.Outcome {
	n := v.NST
	if !n.Lifetime.OK || !n.Ticket.OK || v.Version == 0 && n.Fit == handshake.Both {
		return nil
	}
	ssl := func(version string) report.Outcome {
		row := report.Outcome{Client: "openssl", Version: version, Outcome: accept, Show: "openssl s_client -connect HOST:443 -sess_out session.pem"}
		switch {
		case v.Unpromised():
			row.Outcome, row.Reason, row.Why = reject, "unexpected_message (10)", "the ServerHello promised no ticket, so ChangeCipherSpec is due"
		case len(n.Ticket.Value) > 0 && v.TLS13():
			row.Why = "each ticket of TLS 1.3 makes a session of its own, which the new-session callback gets"
		case len(n.Ticket.Value) > 0:
			row.Why = "the ticket is kept with the session"
		case v.TLS13():
			row.Outcome, row.Reason, row.Why = reject, "decode_error (50): length mismatch", "a ticket of TLS 1.3 has one octet at least"
		default:
			row.Outcome, row.Why = softFail, "an empty ticket of TLS 1.2 is none: the one at hand is kept"
		}
		return row
	}
	golang := report.Outcome{Client: "go", Version: goVersion, Outcome: accept, Show: "tls.Config{ClientSessionCache: …}"}
	switch life := n.Lifetime.Value; {
	case !v.TLS13():
	case life == 0:
		golang.Outcome, golang.Why = softFail, "a lifetime of 0 says to throw it away at once"
	case life > 604800:
		golang.Outcome, golang.Reason = reject, "tls: received a session ticket with invalid lifetime"
		golang.Why = "illegal_parameter (47): seven days are the most"
	case len(n.Ticket.Value) == 0:
		golang.Outcome, golang.Reason = reject, "tls: received a session ticket with empty opaque ticket label"
		golang.Why = "decode_error (50)"
	}
	rows := []report.Outcome{ssl(openSSL3Version), ssl(openSSL4Version)}
	if v.TLS13() {
		rows = append(rows, golang)
	}
	return rows
}

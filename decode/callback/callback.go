// Package callback is what OpenSSL's three callbacks are told, and what each
// of their answers leads to:
//
//   - of session tickets: SSL_CTX_set_session_ticket_cb, of servers;
//   - of certificate status: SSL_CTX_set_tlsext_status_cb, of both sides;
//   - of client certificates: SSL_CTX_set_client_cert_cb, of clients.
//
// It is arithmetic on small values: no octets come in, and nothing of ours is
// imported. [Ticket], [Status] and [ClientCert] go from what is met and
// answered to an [Outcome]; [Wire] goes back, from what is seen to the answers
// that fit.
//
//	o := callback.Ticket(callback.TLS13, callback.BuiltIn, callback.SuccessRenew, callback.UseRenew)
//	o.Resumed, o.Tickets // true, 1
//
// # Why code, and not the table that was measured?
//
// 198 runs with OpenSSL 3.0.19 were written down, and a test holds the code to
// every one of them. But the page must also say what was not run: other
// values, empty tickets in TLS 1.3, a callback that suspends for ever. Those
// outcomes were read in the source, and have Measured unset.
//
// TLS12 stands for TLS 1.2 and older.
//
// Sources: ssl/t1_lib.c, ssl/statem/{extensions_srvr,extensions_clnt,
// statem_srvr,statem_clnt}.c and ssl/ssl_sess.c of OpenSSL 3.0.19; RFC 5077,
// RFC 6066, RFC 9846.
package callback

import (
	"strconv"
	"strings"
)

// Version is a generation of TLS.
type Version uint8

const (
	TLS12 Version = 1 // and older
	TLS13 Version = 2
)

func (v Version) String() string {
	if v == TLS13 {
		return "TLS 1.3"
	}
	return "TLS 1.2"
}

// key is the version as row keys write it.
func (v Version) key() string {
	if v == TLS13 {
		return "TLS1.3"
	}
	return "TLS1.2"
}

// Side is one end of a connection.
type Side uint8

const (
	Server Side = 1
	Client Side = 2
)

func (s Side) String() string {
	switch s {
	case Server:
		return "server"
	case Client:
		return "client"
	}
	return ""
}

// End is how a handshake ends.
type End uint8

const (
	Completed End = iota
	Aborted
	Suspended // until the next call
	// Stopped: the wire goes on as with an empty certificate, but an error is
	// left on the client's queue, and the next SSL_get_error reports it.
	Stopped
)

// Place is where in the handshake an alert stands.
type Place uint8

const (
	NoPlace         Place = iota
	InsteadOfHello        // after ClientHello, in place of ServerHello
	AfterServer           // after the server's flight: ServerHelloDone, of TLS 1.3 its Finished
	AfterRequest          // after CertificateRequest
	AfterClientDone       // after the client's Finished
	AfterTicket           // after a NewSessionTicket
	Elsewhere
)

func (p Place) String() string {
	switch p {
	case InsteadOfHello:
		return "in place of the ServerHello"
	case AfterServer:
		return "after the server's flight"
	case AfterRequest:
		return "after the CertificateRequest"
	case AfterClientDone:
		return "after the client's Finished"
	case AfterTicket:
		return "after the NewSessionTicket"
	}
	return ""
}

// Alert is a fatal alert. The zero Alert is none.
type Alert struct {
	Number uint8
	From   Side
	Place  Place
}

// names are those of the alerts that callbacks lead to.
var names = map[uint8]string{
	10: "unexpected_message", 40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate",
	44: "certificate_revoked", 45: "certificate_expired", 48: "unknown_ca", 50: "decode_error", 51: "decrypt_error",
	80: "internal_error", 113: "bad_certificate_status_response", 116: "certificate_required",
}

func (a Alert) String() string {
	if a.Number == 0 {
		return ""
	}
	return names[a.Number] + " (" + strconv.Itoa(int(a.Number)) + ")"
}

// Heard is what the error queue of the side that gets the alert says.
func (a Alert) Heard() string {
	switch a.Number {
	case 0:
		return ""
	case 10, 40, 42, 43, 44, 45:
		return "sslv3 alert " + strings.ReplaceAll(names[a.Number], "_", " ")
	case 113:
		return "tlsv1 bad certificate status response"
	case 116:
		return "tlsv13 alert certificate required"
	case 48:
		return "tlsv1 alert unknown ca"
	}
	return "tlsv1 alert " + strings.ReplaceAll(names[a.Number], "_", " ")
}

// Outcome is what an answer leads to.
type Outcome struct {
	End     End
	Resumed bool
	// Calls is how often the callback runs, Suspensions how often it stops the
	// handshake, Generated how often the ticket generation callback runs.
	Calls, Suspensions, Generated int
	Tickets                       int // NewSessionTicket messages
	Alert                         Alert
	Steps                         []Step
	Measured                      bool // a row says so; else it was read in the source
	Row                           string
	// Reason is what the error queue of the side that gives up says.
	Reason string
	// ServerCalls and Sees are of the status callback: how often that of the
	// server runs, and the length that the client's is told; None without a call.
	ServerCalls int
	Sees        int
}

// Step is a message, or a call of a callback, which has no sender.
type Step struct {
	From Side
	What string
}

// View writes a step as one side sees it: ">SH" was sent, "<CH" received.
func (s Step) View(side Side) string {
	switch s.From {
	case 0:
		return s.What
	case side:
		return ">" + s.What
	}
	return "<" + s.What
}

// EmptyCertificate is the step of a Certificate message with an empty list.
const EmptyCertificate = "Cert(empty)"

package callback

import "strconv"

// StatusKind is the situation that the status callbacks meet.
type StatusKind uint8

const (
	Full       StatusKind = iota // the client asked, and a certificate is sent
	NotAsked                     // no status_request of type ocsp
	Resumption                   // the client asked, and a session is resumed
	NoCallback                   // the client asked, and has no callback
)

func (k StatusKind) String() string {
	return [...]string{"full", "not requested", "resumption", "client no cb"}[k]
}

// StatusServer is what the server's callback answers.
type StatusServer uint8

const (
	OKWithResponse    StatusServer = iota // SSL_TLSEXT_ERR_OK, after SSL_set_tlsext_status_ocsp_resp
	OKWithoutResponse                     // SSL_TLSEXT_ERR_OK alone
	NoAck                                 // SSL_TLSEXT_ERR_NOACK
	AlertFatal                            // SSL_TLSEXT_ERR_ALERT_FATAL
	AlertWarning                          // SSL_TLSEXT_ERR_ALERT_WARNING
	Undefined                             // any other value
)

// StatusServers are all of them.
var StatusServers = []StatusServer{OKWithResponse, OKWithoutResponse, NoAck, AlertFatal, AlertWarning, Undefined}

// String is the answer as row keys write it; the undefined value that was tried is -7.
func (s StatusServer) String() string {
	return [...]string{"OK+resp", "OK no resp", "NOACK", "ALERT_FATAL", "ALERT_WARNING(1)", "-7"}[s]
}

// Refuses says that the answer ends the handshake.
func (s StatusServer) Refuses() bool { return s >= AlertFatal }

// Lengths that the client's callback is told in place of one.
const (
	NoResponse = -1
	NotSeen    = -2 // it is not called
)

// Status is what the answers of the two status callbacks lead to: server is not
// asked in a resumption, and client counts where it is called. length is that
// of the response, if one is sent.
func Status(v Version, k StatusKind, server StatusServer, client, length int) Outcome {
	o := Outcome{Sees: NotSeen}
	f := flow{version: v, resumed: k == Resumption}
	asked := k != NotAsked
	if asked && !f.resumed {
		o.ServerCalls = 1
		f.staple = server == OKWithResponse
		if server.Refuses() {
			o.Alert, o.Reason = Alert{80, Server, InsteadOfHello}, "clienthello tlsext"
		}
	}
	// The call stands where the server's flight is complete, which a resumption
	// of TLS 1.3 passes as well; in TLS 1.2 that is ServerHelloDone.
	if asked && k != NoCallback && o.Alert.Number == 0 && (v == TLS13 || !f.resumed) {
		o.Calls, f.status, o.Sees = 1, true, NoResponse
		if f.staple {
			o.Sees = length
		}
		switch {
		case client == 0:
			o.Alert, o.Reason = Alert{113, Client, AfterServer}, "invalid status response"
		case client < 0:
			o.Alert, o.Reason = Alert{80, Client, AfterServer}, "ocsp callback failure"
		}
	}
	o.Resumed = f.resumed
	if o.Alert.Number != 0 {
		o.End = Aborted
	} else {
		o.Tickets = 1
		switch {
		case v == TLS12 && f.resumed:
			o.Tickets = 0
		case v == TLS13 && !f.resumed:
			o.Tickets = 2
		}
		f.tickets = o.Tickets
	}
	f.alert = o.Alert
	o.Steps = f.steps()
	o.Row, o.Measured = statusRow(v, k, server, client)
	return o
}

// statusRow is the key of the row, and whether there is one. Only signs were
// measured: 1 stands for every positive number, -1 for every negative one. What a
// client answers is not told where it is not called.
func statusRow(v Version, k StatusKind, s StatusServer, client int) (string, bool) {
	client = max(-1, min(1, client))
	server, returns := s.String(), strconv.Itoa(client)
	switch k {
	case Full:
		if s.Refuses() {
			returns = "1"
		}
	case NotAsked, NoCallback:
		if s != OKWithResponse {
			return "", false
		}
		returns = "None"
	case Resumption:
		if client < 0 || s != OKWithResponse {
			return "", false
		}
		server += " (not called)"
	}
	return "status/" + v.key() + "/" + k.String() + "/" + server + "/" + returns, true
}

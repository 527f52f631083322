package peer

import (
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/session"
)

// ofSession fills in what clients do with a session that is one of theirs. What a
// server sealed is offered by nobody.
func ofSession(c *check.Context, v *session.View, out *report.Item) {
	if v.ClientSide == session.No || v.Format == "" {
		return
	}
	out.Clients = []report.Outcome{
		openSSLSession(v, c.At, openSSL3Version), openSSLSession(v, c.At, openSSL4Version), goSession(v, c.At),
	}
}

// reads says that a format's reader takes the session.
func reads(v *session.View, format string) bool {
	for _, f := range v.Fits {
		if f == format {
			return true
		}
	}
	return v.Format == format && v.Wrong == ""
}

// openSSLSession follows d2i_SSL_SESSION in ssl/ssl_asn1.c, and
// tls_construct_client_hello and tls_construct_ctos_psk in ssl/statem.
func openSSLSession(v *session.View, at time.Time, version string) report.Outcome {
	row := report.Outcome{Client: "openssl", Version: version, Show: "openssl s_client -connect HOST:443 -sess_in session.pem"}
	drops := func(why string) report.Outcome {
		row.Outcome, row.Why = softFail, why
		return row
	}
	switch {
	case v.Printed:
		row.Outcome, row.Reason, row.Why = reject, "Can't open session file", "text that was printed is no session file: keep one with -sess_out"
		return row
	case !reads(v, session.OpenSSL):
		row.Outcome, row.Reason, row.Why = reject, "d2i_SSL_SESSION: NULL", "it is no session of OpenSSL"
		if v.Format != session.OpenSSL {
			row.Why += " but of " + v.Format
		}
		return row
	case len(v.Ticket.Value) == 0 && (len(v.ID.Value) == 0 || v.TLS13()):
		return drops("there is no ticket to show, and no session id that would do in its place")
	case v.TLS13() && v.LifetimeHint.OK && v.Created.OK && !at.IsZero() && at.Sub(v.Created.Value) > seconds(v.LifetimeHint.Value):
		return drops("the server said to keep the ticket for " + report.Length(seconds(v.LifetimeHint.Value)) + ", and it is from " + report.Distance(v.Created.Value, at))
	}
	row.Outcome, row.Why = accept, "the client looks at no other time: whether the session still counts is for the server to say"
	if v.TLS13() {
		row.Why = "as pre_shared_key, while the ticket is younger than the server said"
	}
	return row
}

// goSession follows ParseSessionState in crypto/tls/ticket.go and loadSession in
// handshake_client.go.
func goSession(v *session.View, at time.Time) report.Outcome {
	row := report.Outcome{Client: "go", Version: goVersion, Show: "tls.ParseSessionState(state); tls.NewResumptionState(ticket, state)"}
	drops := func(why string) report.Outcome {
		row.Outcome, row.Why = softFail, why
		return row
	}
	switch {
	case !reads(v, session.Go):
		row.Outcome, row.Reason, row.Why = reject, "tls: invalid session encoding", "it is no state of Go"
		if v.Format != session.Go {
			row.Why += " but of " + v.Format
		}
		return row
	case at.IsZero():
		row.Outcome, row.Why = open, "needs a reference time"
		return row
	case v.Leaf != nil && v.Leaf.NotAfter.OK && at.After(v.Leaf.NotAfter.Value.Time):
		return drops("the server's certificate has expired; the cache forgets the session")
	case v.TLS13() && v.Expires.OK && at.After(v.Expires.Value):
		return drops("the ticket is past its time; the cache forgets the session")
	}
	row.Outcome, row.Why = accept, "if the name is that of the certificate inside, and its chain still leads to a root"
	return row
}

// seconds bounds a number of seconds, so that it fits a Duration.
func seconds(n uint64) time.Duration { return time.Duration(min(n, 1<<32)) * time.Second }

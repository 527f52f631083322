// Package peer says what programs do with what was found of TLS: whether a
// server resumes a ticket, a client offers a session, what either side does with
// a handshake; and what OpenSSL's callbacks meet in it and lead to. It judges
// nothing itself: packages ticket, session and connection do.
//
//	peer.Programs(c, view, &item) // fills in Clients, Callbacks and Calls
//
// # Why is this no part of package client?
//
// That one is in the program that a first visit waits for, which knows OCSP and
// certificates alone. This one knows connections, and comes with them.
//
// The outcomes of the callbacks are those of package callback, where every
// combination that was measured is held to OpenSSL. What programs do with
// tickets and sessions was read in their sources, and for Go is tried with
// crypto/tls itself; see the tests.
package peer

import (
	"strconv"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/ticket"
)

// Programs fills in what programs do with an item of a later kind, and what
// callbacks meet.
func Programs(c *check.Context, view any, out *report.Item) {
	switch v := view.(type) {
	case *connection.View:
		if v.NST != nil {
			out.Clients = ofGiven(v)
			return
		}
		out.Clients, out.Callbacks = ofHandshake(v), Callbacks(c, v)
		if v.Talk {
			out.Calls = calls(c, v)
		}
	case *ticket.View:
		ofTicket(c, v, out)
	case *session.View:
		ofSession(c, v, out)
	}
}

// Callbacks are the three callbacks of OpenSSL in a connection, as far as it
// shows what they would meet.
func Callbacks(c *check.Context, v *connection.View) (all []report.Callback) {
	if v.CH != nil {
		for _, g := range v.Generations() {
			all = append(all, ticketCallback(v, g))
		}
		if len(v.Generations()) == 1 && v.SH != nil || v.WireIn(v.Generations()[0]).Asked {
			for _, g := range v.Generations() {
				all = append(all, statusClient(c, v, g), statusServer(c, v, g))
			}
		}
	}
	if v.CR != nil {
		all = append(all, certificateCallback(c, v))
	}
	return all
}

// times writes how often a callback runs.
func times(n int) string {
	switch n {
	case 0:
		return "does not run"
	case 1:
		return "runs once"
	case 2:
		return "runs twice"
	}
	return "runs " + strconv.Itoa(n) + " times"
}

// ending writes how a handshake ends, from an outcome.
func ending(o callback.Outcome) string {
	if o.Alert.Number != 0 {
		return "fatal alert " + o.Alert.String() + " " + o.Alert.Place.String()
	}
	return "the handshake goes on"
}

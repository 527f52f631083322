//go:build !first

package decode

import (
	"derscope/decode/capture"
	"derscope/decode/carrier"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/enrol"
	"derscope/decode/fragment"
	"derscope/decode/keylog"
	"derscope/decode/peer"
	"derscope/decode/report"
	"derscope/decode/secret"
	"derscope/decode/session"
	"derscope/decode/ticket"
	"derscope/decode/transaction"
)

// later are the kinds that the program of a first visit does not know.
var later = []check.Kind{session.Sessions, connection.Handshakes, connection.NewSessionTickets, ticket.Tickets, ticket.KeyFiles,
	keylog.Logs, capture.Captures,
	enrol.Messages, carrier.Messages, carrier.Texts, carrier.Answers, fragment.Parts, fragment.Notes, secret.Kind(connection.Bound, enrol.Authenticated)}

// conversations are the sorts of transactions that items can be parts of.
var conversations = []check.Conversation{connection.Connections, transaction.Enrolments}

// laterPrograms fills in what programs do with an item of a later kind.
func laterPrograms(c *check.Context, view any, out *report.Item) { peer.Programs(c, view, out) }

//go:build !first

package decode

import (
	"derscope/decode/capture"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/keylog"
	"derscope/decode/peer"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/ticket"
)

// later are the kinds that the program of a first visit does not know.
var later = []check.Kind{session.Sessions, connection.Handshakes, connection.NewSessionTickets, ticket.Tickets, ticket.KeyFiles,
	keylog.Logs, capture.Captures, connection.SharedSecrets}

// conversations are the sorts of transactions that items can be parts of.
var conversations = []check.Conversation{connection.Connections}

// laterPrograms fills in what programs do with an item of a later kind.
func laterPrograms(c *check.Context, view any, out *report.Item) { peer.Programs(c, view, out) }

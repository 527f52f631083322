//go:build first

package decode

import (
	"derscope/decode/armor"
	"derscope/decode/check"
	"derscope/decode/report"
)

// The program of a first visit reads nothing else: what it does not know is
// read by the whole decoder, which the page fetches when there is need for it.
var (
	later         []check.Kind
	conversations []check.Conversation
)

// laterPrograms fills in what programs do with an item of a later kind.
func laterPrograms(*check.Context, any, *report.Item) {}

// dialogues leaves the messages of a conversation apart: they are not read.
func dialogues(pieces []armor.Piece) []lump {
	all := make([]lump, len(pieces))
	for i := range pieces {
		all[i].Piece = pieces[i]
	}
	return all
}

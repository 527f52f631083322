//go:build first

package decode

import (
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

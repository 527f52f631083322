package web

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// marked draws a text with what is looked for marked in it.
func (s *state) marked(text string) []app.UI {
	var parts []app.UI
	at := 0
	for _, h := range hits(text, s.find.text()) {
		parts = append(parts, app.Text(text[at:h]))
		at = h + len(s.find.text())
		parts = append(parts, app.Mark().Class("hit").Text(text[h:at]))
	}
	return append(parts, app.Text(text[at:]))
}

// hits are the offsets of a lower-case text in another one, whatever its case.
func hits(text, what string) []int {
	lower := strings.ToLower(text)
	if what == "" || len(lower) != len(text) { // letters whose other case is longer
		return nil
	}
	var at []int
	for from := 0; ; {
		i := strings.Index(lower[from:], what)
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(what)
	}
}

// octetHits are the offsets in b, from one offset to another, at which octets
// begin.
func octetHits(b, what []byte, from, to int) []int {
	if len(what) == 0 {
		return nil
	}
	var at []int
	for from, to = max(0, from), min(len(b), to+len(what)-1); ; {
		if from >= to {
			return at
		}
		i := bytes.Index(b[from:to], what)
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(what)
	}
}

// spanText is a span as the page's script reads it, which marks what belongs
// to the pointer.
func spanText(s report.Span) string { return fmt.Sprintf("%d %d %d", s.Source, s.Off, s.End()) }

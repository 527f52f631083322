package web

import (
	"slices"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// secrets say how those of a report are shown. Whatever reveals them ends when
// other evidence is read.
type secrets struct {
	there    bool // it has some
	revealed bool // on this page
	leaving  bool // they are in what is exported
}

func secretsIn(r *report.Report) secrets {
	return secrets{there: slices.ContainsFunc(r.Sources, func(s report.Source) bool { return s.Secret }) ||
		slices.ContainsFunc(r.Nodes, func(n report.Node) bool { return n.Flags&report.Secret != 0 })}
}

// hides says whether a source is kept secret as a whole.
func (s *state) hides(source int) bool { return s.report.Sources[source].Hides() && !s.revealed }

// veiled says whether the value of a node is not shown.
func (s *state) veiled(n *report.Node) bool {
	return !s.revealed && (n.Flags&report.Secret != 0 || s.report.Sources[n.Span.Source].Hides())
}

// curtain reveals the secrets on the page, and veils them again.
func (s *state) curtain() app.UI {
	text := "Secrets are veiled, on this page and in what leaves it."
	if s.revealed {
		text = "Secrets are shown on this page: whoever sees it can use them. Links and files go without them."
	}
	return div("curtain",
		small("reveal", "", "Reveal secrets").Aria("pressed", strconv.FormatBool(s.revealed)),
		span("hint", text),
	)
}

func (s *state) reveal() {
	s.revealed = !s.revealed
	s.lines = nil
	s.show()
	s.remake()
	s.turn.structure++
	s.turn.verdict++
	s.said = "Secrets are veiled."
	if s.revealed {
		s.said = "Secrets are shown."
	}
}

// stayOut says whether secrets leave the page.
func (s *state) stayOut() string {
	if s.leaving {
		return "JSON and text hold the secrets of what you gave. Markdown, paper and links go without them."
	}
	return "Secrets stay out of all of them."
}

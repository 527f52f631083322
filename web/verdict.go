package web

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// verdict is the answer in one sentence, and what stood in the way of one.
type verdict struct {
	app.Compo
	S    *state
	Turn int
}

func (v *verdict) Render() app.UI {
	s := v.S
	it := s.current()
	switch {
	case s.fault != "":
		return v.card(report.Open, "The decoder gave no answer", capital(s.fault)+". Change the evidence, or reload the page, to try again.", nil)
	case s.busy && it == nil:
		return div("stack", app.Div().Class("panel", "verdict", "busy").Aria("busy", "true").Body(
			app.Span().Class("big", "none").Aria("hidden", "true"),
			app.Div().Body(app.H1().Text("Reading"), app.P().Text("The decoder works on what you gave it."), app.P().Class("meter")),
		))
	case it == nil:
		return v.empty()
	case s.awaits():
		return v.readingOn()
	case it.Kind == "unknown" && len(s.report.Items) == 1:
		return v.card(report.Open, fmt.Sprintf("Nothing recognised in %s", octetCount(len(s.report.Sources[it.Source].Bytes))), it.Verdict.Detail, nil)
	}
	card := v.card(it.Verdict.Status, it.Verdict.Headline, it.Verdict.Detail, s.minding(it, it.Clients), v.problems(it), v.why(it))
	return div("stack", s.editBanner(), card, s.editBreaks())
}

func (v *verdict) card(status report.Status, head, detail string, minding app.UI, more ...app.UI) app.UI {
	if head == "" {
		head = statusWord(status)
	}
	card := app.Div().Class("panel", "verdict", statusClass(status)).ID("verdict").Body(
		unheard("big "+statusClass(status), statusGlyph(status)),
		div("words",
			app.H1().Body(span("unseen", statusWord(status)+": "), app.Text(head)),
			app.P().Body(spoken(detail)...),
			minding,
			app.If(v.S.busy, app.P().Class("meter").Aria("label", "The decoder works")),
			v.S.asker(),
		),
		svg("svg").Attr("data-strut", "").Attr("width", 0).Attr("height", v.S.course.tall),
	)
	return div("stack", append([]app.UI{card, v.further()}, more...)...)
}

// empty is the page before anything was pasted.
func (v *verdict) empty() app.UI {
	return div("stack",
		div("panel welcome",
			app.H1().Text("What is in this OCSP response, ticket, handshake or CMP message, and should anyone believe it?"),
			app.P().Text("Paste it into the box, or drop files anywhere. Add the certificates, keys and secrets "+
				"that belong to it, and each check of its RFCs is made: who vouches for it, by whose leave, for what, and until when. "+
				"Every field is linked to its octets."),
			par("hint", "It is decoded in this page by a WebAssembly program. Nothing is sent anywhere unless you say so, and nothing is kept."),
		),
	)
}

// problems are what stopped or bent the decoding.
func (v *verdict) problems(it *report.Item) app.UI {
	if len(it.Problems) == 0 {
		return nil
	}
	return panel("problems", "What could not be read", app.Ul().Class("problems").Body(
		app.Range(it.Problems).Slice(func(i int) app.UI {
			p := it.Problems[i]
			text := p.Message
			if p.At != report.None && (v.S.hides(it.Source) || v.S.veiled(&v.S.report.Nodes[p.At])) {
				text = "something is wrong here: the words are shown with the secret"
			}
			if p.At != report.None { // else it tells of the input, and says where
				text = "At octet " + count(p.Offset) + ": " + text
			}
			return app.Li().Body(
				icon(report.Fail),
				span("t", text),
				jump(p.At),
			)
		}),
	))
}

// why says why an item was taken for its kind, where it does not fit well.
func (v *verdict) why(it *report.Item) app.UI {
	if it.Why == "" || len(it.Problems) == 0 {
		return nil
	}
	return app.P().Class("hint", "aside").Textf("Taken for %s: %s.", article(kindWord(it.Kind)), it.Why)
}

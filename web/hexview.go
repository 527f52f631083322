package web

import (
	"fmt"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// hexView is the octets that the selection lies in, with the selection
// coloured: its tag and length apart from its contents.
type hexView struct {
	app.Compo
	S    *state
	Turn int
}

func (v *hexView) OnMount(app.Context) { v.S.settle() }

func (v *hexView) OnResize(app.Context) { v.S.settle() }

func (v *hexView) onScroll(app.Context, app.Event) { v.S.hex.read() }

func (v *hexView) Render() app.UI {
	s := v.S
	b := s.octets()
	n := hexLines(len(b), s.perLine)
	from, to := s.hex.window(n)
	p := paint{mark: s.mark, long: len(s.find.octets), grip: s.grip, hidden: s.hidden()}
	p.hits = octetHits(b, s.find.octets, from*s.perLine-p.long+1, min(to*s.perLine, len(b)))
	rows := s.hex.draw(n, func(i int) app.UI { return v.line(b, i, p) })
	what := fmt.Sprintf("Octets %d to %d of %d are selected", s.mark.Off, s.mark.End(), len(b))
	if t := s.grip; t.has(s.mark.Source, t.cursor) {
		what = fmt.Sprintf("%s from %d on are selected, in a field of %d", octetCount(t.to-t.from), t.from, s.mark.Len)
	}
	return div("octets",
		div("hexhead",
			app.Span().Text(v.source()),
			app.If(s.secret(), app.Span().Text("The octets are kept secret.")),
			app.If(len(p.hidden) > 0, app.Span().Text("Secrets are not shown: ·· stands for each octet.")),
			span("sum", v.sum()),
		),
		app.Div().Class("hex", "per"+strconv.Itoa(s.perLine)).ID(s.hex.id).DataSet("per", s.perLine).DataSet("source", s.mark.Source).TabIndex(0).Role("group").Aria("label", "Octets. "+what).
			OnScroll(v.onScroll).Body(rows...),
	)
}

// source names the run of octets, and how it was come by.
func (v *hexView) source() string {
	s := v.S
	if s.mark.Source >= len(s.report.Sources) {
		return ""
	}
	src := &s.report.Sources[s.mark.Source]
	if src.How == "" {
		return src.Name
	}
	return src.Name + ", from " + armorWord(src.How)
}

// sum says how long the selection is. The heading of a printed structure is no
// tag.
func (v *hexView) sum() string {
	m := v.S.mark
	if m.Len == 0 {
		return ""
	}
	if n := v.S.sel; m.Header == 0 || n != report.None && v.S.report.Nodes[n].Type == "text" {
		return fmt.Sprintf("%s at %s", octetCount(m.Len), count(m.Off))
	}
	return fmt.Sprintf("%s at %s: %d of tag and length, %s of contents",
		octetCount(m.Len), count(m.Off), m.Header, count(m.Len-m.Header))
}

func (v *hexView) line(b []byte, i int, p paint) app.UI {
	runs := hexRuns(b, i, v.S.perLine, p)
	part := func(text func(run) string, sort string) app.UI {
		kids := make([]app.UI, 0, 2*len(runs))
		for k, r := range runs {
			if k > 0 && sort == "hex" {
				kids = append(kids, app.Text(" "))
			}
			if r.Part == "" {
				kids = append(kids, app.Span().Text(text(r)))
			} else {
				kids = append(kids, app.Mark().Class(r.Part).Text(text(r)))
			}
		}
		return app.Span().Class(sort).DataSet("part", sort).Body(kids...)
	}
	return app.Div().Class("ln").DataSet("line", i).Body(
		span("off", offsetText(i*v.S.perLine, len(b))),
		spanOf("hexes", part(func(r run) string { return r.Hex }, "hex")),
		part(func(r run) string { return r.Text }, "text"),
	)
}

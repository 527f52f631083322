package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// timeline is the picture of validities against the moment of evaluation.
type timeline struct {
	app.Compo
	S    *state
	Turn int
}

// The picture's measures, in pixels: it is as wide as there is room, so that
// its letters have one size everywhere.
const gutter, edge, lane = 78, 12, 22

// axisWide is how long the scale is drawn.
func (t *timeline) axisWide() int { return max(t.S.wide-gutter-edge, 60) }

func (t *timeline) Render() app.UI {
	s := t.S
	windows := s.windows()
	if len(windows) == 0 || s.scale.From.IsZero() {
		return nothing()
	}
	high := len(windows)*lane + 40
	return panel("validity", "Validity", append([]app.UI{
		t.zooms(),
		t.picture("timeline", high, t.words(windows)).Body(append(t.axis(len(windows)*lane+18), t.lanes(windows)...)...),
	}, append(t.slider(), pictureButtons("timeline"))...)...)
}

// picture is an empty one, as wide as there is room, with what it says.
func (t *timeline) picture(name string, high int, words string) app.HTMLElem {
	return svg("svg").Attr("viewBox", fmt.Sprintf("0 0 %d %d", t.S.wide, high)).Attr("role", "img").
		Attr("data-picture", name).Attr("aria-label", words)
}

// words says what the picture shows.
func (t *timeline) words(windows []report.Window) string {
	var b strings.Builder
	for _, w := range windows {
		switch {
		case moment(w):
			fmt.Fprintf(&b, "%s: %s. ", w.Label, utc(w.From))
		case w.To.IsZero():
			fmt.Fprintf(&b, "%s: from %s on. ", w.Label, utc(w.From))
		default:
			fmt.Fprintf(&b, "%s: %s to %s. ", w.Label, utc(w.From), utc(w.To))
		}
	}
	return b.String() + "Evaluated at " + utc(t.S.report.At) + "."
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

func (t *timeline) x(at time.Time) float64 { return gutter + t.S.scale.place(at)*float64(t.axisWide()) }

func (t *timeline) axis(y int) []app.UI {
	axis := t.axisWide()
	out := []app.UI{path("data-line", "axis", "M%d %dh%d", gutter, y, axis)}
	last := 0.0
	for _, k := range t.S.scale.ticks() {
		x := t.x(k.At)
		if x < last || x+float64(6*len(k.Text)) > float64(t.S.wide+6) {
			continue
		}
		last = x + float64(len(k.Text))*6 + 8
		out = append(out,
			path("data-line", "axis", "M%.1f %dv3", x, y-3),
			label(x-2, y+14, "tick", k.Text))
	}
	return out
}

func (t *timeline) lanes(windows []report.Window) []app.UI {
	right := gutter + t.axisWide()
	var bars, words []app.UI
	for i, w := range windows {
		y := 4 + i*lane
		words = append(words, label(0, y+13, "name", w.Label))
		if moment(w) {
			bars = append(bars, svg("circle").Attr("cx", px(t.x(w.From))).Attr("cy", y+9).Attr("r", 4.5).Attr("data-bar", "moment"))
			continue
		}
		sort := "other"
		if w.Main {
			sort = t.holds(w).String()
		}
		from, to := t.x(w.From), float64(right)
		if !w.To.IsZero() {
			to = t.x(w.To)
		}
		bars = append(bars, svg("rect").Attr("x", px(from)).Attr("y", y).Attr("width", px(max(3, to-from))).Attr("height", 16).
			Attr("rx", 4).Attr("data-bar", sort))
		if w.From.Before(t.S.scale.From) { // an arrow: it goes on outside of the picture
			bars = append(bars, path("data-cut", sort, "M%d %dl7 -8v16z", gutter-7, y+8))
		}
		if w.To.After(t.S.scale.To) {
			bars = append(bars, path("data-cut", sort, "M%d %dl-7 -8v16z", right+7, y+8))
		}
		if to-from > float64(6*len(w.Text)) {
			words = append(words, label(from+6, y+12, sort, w.Text))
		} else if to+float64(6*len(w.Text)) < float64(t.S.wide) {
			words = append(words, label(to+5, y+12, sort, w.Text))
		}
	}
	now, end := t.x(t.S.report.At), len(windows)*lane+18
	said := t.said()
	at := now + 5
	if now > float64(right-60) {
		at = now - float64(7*len(said)+6)
	}
	bars = append(bars, path("data-line", "now", "M%.1f 0v%d", now, end))
	return append(append(bars, words...), label(at, end-5, "now", said))
}

// said are the words at the line of the moment, which may lie outside.
func (t *timeline) said() string {
	text := "now"
	if t.S.pinned {
		text = "evaluated"
	}
	switch at := t.S.report.At; {
	case at.Before(t.S.scale.From):
		return "◂ " + text
	case at.After(t.S.scale.To):
		return text + " ▸"
	}
	return text
}

// writeSlide puts the slider where the moment is. The browser would clip a
// value that it is given before the slider's bounds.
func (s *state) writeSlide() {
	el, ok := byID("slide")
	if !ok {
		return
	}
	step, err := strconv.Atoi(el.Get("value").String())
	if err != nil || !s.scale.at(step).Equal(s.at) {
		el.Set("value", int(s.scale.place(s.at)*moments+0.5))
	}
}

// holds says whether the moment of evaluation lies within a window.
func (t *timeline) holds(w report.Window) report.Status {
	at := t.S.report.At
	switch {
	case at.Before(w.From), !w.To.IsZero() && at.After(w.To):
		return report.Fail
	case w.To.IsZero():
		return report.Warn
	}
	return report.Pass
}

func label(x float64, y int, sort, text string) app.UI {
	return svg("text").Attr("x", px(x)).Attr("y", y).Attr("data-text", sort).Text(text)
}

// path is a line or a shape of one sort.
func path(data, sort, d string, a ...any) app.HTMLElem {
	return svg("path").Attr("d", fmt.Sprintf(d, a...)).Attr(data, sort)
}

func px(x float64) string { return fmt.Sprintf("%.1f", x) }

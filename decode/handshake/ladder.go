package handshake

import (
	"strconv"
	"time"

	"derscope/decode/report"
	"derscope/decode/suite"
)

// The ladder is drawn in these units.
const (
	ladderWide   = 460
	ladderLeft   = 66 // the client's line; times stand before it
	ladderRight  = 436
	ladderTop    = 34
	ladderStep   = 34
	ladderArrows = 64
)

// rung is one arrow: an event, or several alike that follow each other.
type rung struct {
	first *Event
	count int
	size  int
}

// Ladder draws who sent what, in order of time: a line for each side, an arrow
// for each message with its name and size. What was encrypted has a tone of its
// own, and a dashed arrow where it was not opened. Items gives the item that an
// event opens, or -1; nil: none.
func Ladder(h *Handshake, items func(*Event) int) report.Picture {
	p := report.Picture{Name: "ladder", Title: "Who sent what, in order", W: ladderWide}
	rungs := h.rungs()
	left := 0
	if len(rungs) > ladderArrows {
		left = len(rungs) - ladderArrows
		rungs = rungs[:ladderArrows]
	}
	bottom := ladderTop + ladderStep*len(rungs) + 10
	client, server := "Client", "Server"
	if t := h.Transcript; t != nil {
		client, server = named(client, t.Client), named(server, t.Server)
	}
	p.Shapes = append(p.Shapes,
		words(ladderLeft-66, 12, 150, client), words(ladderRight-126, 12, 150, server),
		line(ladderLeft, ladderTop-14, bottom-ladderTop+14), line(ladderRight, ladderTop-14, bottom-ladderTop+14))
	var start, before time.Time
	for i, g := range rungs {
		y := ladderTop + ladderStep*i + 20
		e := g.first
		if start.IsZero() {
			start = e.At
		}
		if !e.At.IsZero() && !e.At.Equal(before) {
			p.Shapes = append(p.Shapes, report.Shape{Form: report.Words, Tone: report.Quiet, X: 0, Y: y + 4, Text: sinceText(start, e.At), At: report.None, Item: -1})
			before = e.At
		}
		s := report.Shape{Form: report.Arrow, Tone: e.tone(), Dashed: e.closed(), X: ladderLeft, Y: y, W: ladderRight - ladderLeft,
			Text: g.text(), Hint: g.hint(), At: e.Ref, Item: -1}
		if items != nil {
			s.Item = items(e)
		}
		switch e.From {
		case Server:
			s.X, s.W = ladderRight, ladderLeft-ladderRight
		case Unknown:
			s.Form, s.Y = report.Words, y-6
		}
		p.Shapes = append(p.Shapes, s)
	}
	if left > 0 {
		p.Shapes = append(p.Shapes, words(ladderLeft, bottom+14, ladderRight-ladderLeft, "and "+report.Count(left)+" more"))
		bottom += 20
	}
	p.H = bottom + 4
	return p
}

func named(side, address string) string {
	if address == "" {
		return side
	}
	return side + " " + report.Clean(address)
}

func words(x, y, w int, text string) report.Shape {
	return report.Shape{Form: report.Words, Tone: report.Name, X: x, Y: y, W: w, Text: text, At: report.None, Item: -1}
}

func line(x, y, h int) report.Shape {
	return report.Shape{Form: report.Line, Tone: report.Quiet, X: x, Y: y, H: h, At: report.None, Item: -1}
}

// rungs are the events, records of application data that follow each other taken
// together.
func (h *Handshake) rungs() []rung {
	var all []rung
	for i := range h.Events {
		e := &h.Events[i]
		if n := len(all); n > 0 && e.records() && all[n-1].first.records() && e.From == all[n-1].first.From && e.Kind == all[n-1].first.Kind && e.Type == all[n-1].first.Type {
			all[n-1].count += e.Count
			all[n-1].size += len(e.Raw)
			continue
		}
		all = append(all, rung{e, e.Count, len(e.Raw)})
	}
	return all
}

// records says that the event is records of which nothing more is told.
func (e *Event) records() bool { return e.Kind == ApplicationData || e.Kind == ClosedRecord }

func (e *Event) closed() bool {
	return e.Kind == ClosedRecord || e.Kind == ApplicationData && !e.Protected
}

// tone is how its arrow looks.
func (e *Event) tone() report.Tone {
	switch a, _ := e.Body.(*AlertBody); {
	case e.Faults || e.Kind == Lost:
		return report.Bad
	case a != nil && a.Description.OK && a.Description.Value == 0:
		return report.Quiet
	case e.Kind == Alert:
		return report.Bad
	case e.Kind == ChangeCipherSpec:
		return report.Quiet
	case e.Protected || e.closed():
		return report.Sealed
	case e.From == Unknown:
		return report.Unknown
	}
	return report.Plain
}

// text is what stands above an arrow.
func (g rung) text() string {
	e := g.first
	name := e.Name()
	if e.Kind == ClosedRecord {
		name = "encrypted"
		if e.Type != RecordApplication {
			name += " " + plain(suite.ContentTypes, uint16(e.Type), "record")
		}
	}
	if g.count > 1 {
		name += ", " + report.Count(g.count) + " records"
	}
	switch e.Kind {
	case Alert, ChangeCipherSpec:
		return name
	case Lost:
		return "octets are missing here"
	}
	return name + " · " + report.Plural(g.size, "octet", "octets")
}

// hint is what is said of an arrow when it is pointed at.
func (g rung) hint() string {
	e := g.first
	s := ""
	add := func(t string) {
		if t != "" && s != "" {
			s += ", "
		}
		s += t
	}
	add(e.words())
	switch {
	case e.Kind == Alert && e.Body != nil:
		a := e.Body.(*AlertBody)
		add(plain(suite.AlertLevels, uint16(a.Level.Value), "level "+strconv.Itoa(int(a.Level.Value))))
	case e.closed():
		add("not opened: a key log can open it")
	}
	if e.Protected {
		add("travelled encrypted, and was opened")
	}
	if e.Faults {
		add("something is wrong with its octets")
	}
	return s
}

// sinceText is the time of an event, counted from the first.
func sinceText(start, at time.Time) string {
	d := at.Sub(start)
	switch {
	case d == 0:
		return at.UTC().Format("15:04:05")
	case d < 0:
		return "earlier"
	case d < 10*time.Second:
		return "+" + strconv.Itoa(int(d/time.Millisecond)) + " ms"
	}
	return "+" + strconv.Itoa(int(d/time.Second)) + " s"
}

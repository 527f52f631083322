package web

import (
	"strings"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// paper is the report as text or JSON, as far as it is shown: the worker writes
// it, and of a long one only the beginning comes to the page.
type paper struct {
	form    string // that body is of; "": there is none yet
	body    string
	size    int // octets of the whole
	rows    []paperRow
	columns int
	fault   string
	busy    bool
	again   bool
	list    scroller
}

// paperRow is a line of the report, or as much of it as fits on the screen.
type paperRow struct {
	from, to int
	on       bool // it goes on with the line above
}

// mostPaper is how many octets of a report are shown.
const mostPaper = 1 << 20

// reads says whether the open view is the report as text or JSON.
func (s *state) reads() bool { return s.tab == tabText || s.tab == tabJSON }

func (s *state) paperForm() string {
	if s.tab == tabJSON {
		return FormJSON
	}
	return FormText
}

// renew is for new evidence: what was written of the old, and where something
// was found in it, does no longer hold.
func (s *state) renew() {
	s.paper.form, s.paper.body, s.paper.rows = "", "", nil
	s.remake()
	s.rebuild()
	s.search(false)
	s.partTold()
}

// remake has the report written anew, if it is shown.
func (s *state) remake() {
	p := &s.paper
	if !s.reads() || s.report == nil || s.decoder == nil {
		p.form = ""
		return
	}
	if p.busy {
		p.again = true
		return
	}
	columns, form := paperColumns(), s.paperForm()
	if p.form != form {
		p.list.top, p.list.pos = 0, 0
	}
	p.busy = true
	s.inquire(Request{Op: "head", Text: form, From: columns, N: mostPaper, Ask: s.ask(), Reveal: s.revealed}, func(u *unpacker) {
		size, body := u.int(), u.text()
		s.wrote(form, size, body, columns, u.fault)
	})
}

// wrote takes in what the worker has written.
func (s *state) wrote(form string, size int, body string, columns int, err error) {
	p := &s.paper
	p.busy = false
	s.turn.structure++
	if p.again {
		p.again = false
		s.remake()
		return
	}
	p.form, p.size, p.body, p.fault = form, size, body, ""
	if err != nil {
		p.form, p.body, p.fault = "", "", err.Error()
	}
	p.columns, p.rows = columns, paperRows(p.body, columns)
	s.search(false)
	s.settle()
}

// paperColumns is how many characters have room in a line; 0: it is not known.
func paperColumns() int {
	if el, ok := byID("structure"); ok {
		return max(0, el.Get("clientWidth").Int()-44) * 10 / 76
	}
	return 0
}

// refit has the report written anew where its lines have got another length.
func (s *state) refit() {
	if n := paperColumns(); n > 0 && s.paper.form != "" && n != s.paper.columns {
		s.paper.columns = n
		s.remake()
	}
}

// paperRows breaks lines that are longer than so many columns.
func paperRows(body string, columns int) []paperRow {
	columns = max(columns, 40)
	var rows []paperRow
	for from := 0; from < len(body); {
		end, next := len(body), len(body)
		if i := strings.IndexByte(body[from:], '\n'); i >= 0 {
			end, next = from+i, from+i+1
		}
		on := false
		for end-from > columns {
			to := from
			for range columns {
				if to >= end {
					break
				}
				_, n := utf8.DecodeRuneInString(body[to:])
				to += n
			}
			if to >= end {
				break
			}
			rows = append(rows, paperRow{from, to, on})
			from, on = to, true
		}
		rows = append(rows, paperRow{from, end, on})
		from = next
	}
	return rows
}

func (p *paper) text(i int) string { return p.body[p.rows[i].from:p.rows[i].to] }

// find lists the rows in which a text begins, each once.
func (p *paper) find(what string, most int) (places []spot, more bool) {
	row := 0
	for line := range p.rows {
		if p.rows[line].on {
			continue
		}
		end := line + 1
		for end < len(p.rows) && p.rows[end].on {
			end++
		}
		from := p.rows[line].from
		row = line
		last := -1
		for _, h := range hits(p.body[from:p.rows[end-1].to], what) {
			for from+h >= p.rows[row].to && row < end-1 {
				row++
			}
			if row == last {
				continue
			}
			if len(places) == most {
				return places, true
			}
			places = append(places, spot{element: -1, row: row})
			last = row
		}
	}
	return places, false
}

// reading is the report as text or JSON. Only the lines in sight are drawn.
type reading struct {
	app.Compo
	S    *state
	Turn int
}

func (v *reading) OnMount(app.Context) { v.S.settle() }

func (v *reading) OnResize(app.Context) { v.S.settle() }

func (v *reading) onScroll(app.Context, app.Event) { v.S.paper.list.read() }

func (v *reading) Render() app.UI {
	s := v.S
	p := &s.paper
	rows := p.list.draw(len(p.rows), func(i int) app.UI {
		row := div("tl", s.marked(p.text(i))...)
		if p.rows[i].on {
			row = row.Class("on")
		}
		if len(s.find.places) > 0 && s.find.places[s.find.at].row == i {
			row = row.Class("here")
		}
		return row
	})
	return app.Div().Class("view", "paper").ID("structure-view").Role("tabpanel").Aria("label", s.tab).Body(
		div("paperhead",
			span("hint", v.about()),
			small("paper", "copy", "Copy").Aria("label", "Copy the report as "+s.tab).Disabled(p.form == ""),
			small("paper", "save", "Save").Aria("label", "Save the report as "+s.tab).Disabled(p.form == ""),
		),
		app.Div().Class("lines").ID(p.list.id).TabIndex(0).Role("group").Aria("label", "The report as "+s.tab).
			OnScroll(v.onScroll).Body(rows...),
	)
}

// about says what is shown of what.
func (v *reading) about() string {
	s := v.S
	p := &s.paper
	switch {
	case p.fault != "":
		return "The report is not written: " + p.fault + "."
	case p.form == "":
		return "The report is being written."
	case s.revealed && s.there:
		return "The report with its secrets. Copy and Save leave them out, unless Export was told otherwise."
	case p.size > len(p.body):
		return "The first " + octetCount(len(p.body)) + " of " + count(p.size) + ". Copy and Save take the whole."
	}
	return "The whole report, as derscope inspect prints it. Secrets are left out."
}

// handOut copies or saves the whole report in the form that is shown.
func (s *state) handOut(how string) {
	form, name := s.paperForm(), "report."+map[string]string{FormJSON: "json", FormText: "txt"}[s.paperForm()]
	give := func(text string) {
		if how == "save" {
			saveFile(name, "text/plain;charset=utf-8", []byte(text))
			s.tell("The report is saved as " + name + ".")
			return
		}
		s.copy(text, "The report is copied: "+octetCount(len(text))+".")
	}
	if p := &s.paper; form == FormJSON && p.form == form && s.revealed == s.leaving && p.size == len(p.body) {
		give(p.body)
		return
	}
	s.written(form, func(text string, err error) {
		if err != nil {
			s.tell("The report is not written: " + err.Error() + ".")
			return
		}
		give(text)
	})
}

package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// What the user says of the client whose calls are simulated. The names are
// those of the command's -set; package wasm holds the list against the decoder's.

// Switches are what can be said, in the order in which they are shown.
var Switches = []struct {
	Name, Label string
	Text        bool // a value is typed; else it is on or off
}{
	{"unprotectedErrors", "It takes errors, rejections and confirmations without protection", false},
	{"disableConfirm", "It sends no certConf", false},
	{"ignoreKeyUsage", "It takes signers whose keyUsage lacks digitalSignature", false},
	{"permitTAInExtraCertsForIR", "It takes a root from the extraCerts of an ip (3GPP)", false},
	{"expectedSender", "It expects answers of this sender", true},
	{"totalTimeout", "It gives up after so many seconds; 0 is never", true},
}

// work is the switch that allows long computations, and what it is set to.
const (
	work     = "work"
	mostWork = "10000000"
)

func isSwitch(name string) bool {
	if name == work {
		return true
	}
	for _, p := range Switches {
		if p.Name == name {
			return true
		}
	}
	return false
}

// turnSwitch gives a switch its value; "" is its default.
func (s *state) turnSwitch(name, value string) {
	s.set = slices.DeleteFunc(s.set, func(p Setting) bool { return p.Name == name })
	if value != "" {
		s.set = append(s.set, Setting{name, value})
	}
}

func (s *state) switched(name string) string {
	for _, p := range s.set {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// switches lets the user say what the client was told.
func (s *state) switches() app.UI {
	open := s.isOpen("switches", false)
	return div("grp pad",
		do("toggle", "switches", "Say what the client was told").Aria("expanded", open),
		app.FieldSet().Class("switches").Hidden(!open).Body(app.Range(Switches).Slice(func(i int) app.UI {
			p := Switches[i]
			if !p.Text {
				return checkbox("switch", p.Name, s.switched(p.Name) != "", app.Text(p.Label))
			}
			return app.Label().Class("field").Body(app.Span().Text(p.Label),
				lineField("text", "switch-"+p.Name).DataSet("change", "switch").DataSet("arg", p.Name).Value(s.switched(p.Name)))
		})),
	)
}

// readQuery picks the profiles, and turns the switches, that the address names:
// ?profile=lw&set=unprotectedErrors=yes. What there is none of is left out.
func (s *state) readQuery() {
	q, err := url.ParseQuery(strings.TrimPrefix(app.Window().Get("location").Get("search").String(), "?"))
	if err != nil {
		return
	}
	var names []string
	for _, name := range q["profile"] {
		if slices.ContainsFunc(profiles, func(p profile) bool { return p.name == name }) {
			names = append(names, name)
		}
	}
	if names != nil {
		s.setProfiles(names)
		s.turn.bar++
	}
	for _, pair := range q["set"] {
		if name, value, _ := strings.Cut(pair, "="); isSwitch(name) {
			s.turnSwitch(name, value)
		}
	}
}

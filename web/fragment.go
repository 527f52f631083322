package web

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// What stands behind the # of the address says what the page opens, and its
// key says how: this is the one place that tells keys apart. A link is read at
// the start of the page and whenever the fragment changes; the page itself
// writes no fragment, so that the history of the browser holds nothing that
// its user did not ask for.
//
//	#v1=…    a link of Share, compressed: see link.go, and fromLink in derscope.js
//	#r1=…    the same without compression, from browsers that have none
//	#example=ocsp/expired   an example by its name: see lesson.go
//
// A fragment without a key is a place on the page.

// mostInflated bounds what a link may unpack to: whoever made it may mean harm.
const mostInflated = 64 << 20

// readFragment opens what the address asks for. Programs that carry links
// sometimes write = as %3D.
func (s *state) readFragment() {
	fragment := strings.Replace(app.Window().Get("location").Get("hash").String(), "%3D", "=", 1)
	switch key, value, _ := strings.Cut(fragment, "="); key {
	case "#v1", "#r1":
		s.openLink(value, key == "#r1")
	case "#example":
		s.openNamed(value)
	case "#v2", "#v3":
		s.refuse("The link was made by a later version of derscope than this one. Reload the page, or open the link where it was made.")
	}
}

// openLink unpacks a link and shows what is in it.
func (s *state) openLink(text string, raw bool) {
	s.arrived.read++
	n := s.arrived.read
	site().Call("fromLink", text, raw, mostInflated, s.handed(func(got app.Value, why string) {
		switch {
		case n != s.arrived.read: // another link was opened meanwhile
		case why != "":
			s.refuse(why)
		default:
			l, err := unpackLink(octetsFrom(got))
			if err != nil || len(l.Evidence) == 0 {
				s.refuse("The link is damaged: what it holds is not what was packed into it.")
				return
			}
			s.arrive(l)
		}
	}))
}

func leaveFragment() { site().Call("leave") }

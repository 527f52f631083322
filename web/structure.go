package web

import (
	"slices"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// structure is the right column: the fields of an item or its bare ASN.1, the
// explanation of the selected one, and the octets.
type structure struct {
	app.Compo
	S    *state
	Turn int
}

const reads = "derscope reads OCSP responses and requests, certificates, CRLs and certificate requests, TLS tickets, sessions, " +
	"handshakes, captures and key logs, and CMP messages and transactions: as DER, PEM, base64, hexadecimal, openssl output, HTTP messages and OCSP GET URLs."

func (v *structure) Render() app.UI {
	s := v.S
	if s.report == nil || len(s.report.Items) == 0 {
		return div("col right",
			app.Section().Class("panel", "structure").Aria("label", "Structure").Body(
				par("hint pad", "The fields of what you paste appear here, each with the octets it was read from."),
				par("hint pad", reads),
				par("hint pad", "Anything else in DER or BER is shown as ASN.1: elements, nested ones in strings too, and octets."),
			),
		)
	}
	return div("col right",
		app.Section().Class("panel", "structure").ID("structure").Aria("label", "Structure").Body(
			v.tabs(),
			app.If(s.there, s.curtain()).Else(nothing()),
			filterField(s),
			v.view(),
			app.If(!s.reads() && !s.together(), &explanation{S: s, Turn: s.turn.structure}, &hexView{S: s, Turn: s.turn.structure}),
		),
	)
}

// view is what the open tab shows.
func (v *structure) view() app.UI {
	s := v.S
	switch {
	case s.together():
		return v.members(&s.report.Items[s.shown])
	case s.tab == tabASN1:
		return &asn1Tree{S: s, Turn: s.turn.structure}
	case s.reads():
		return &reading{S: s, Turn: s.turn.structure}
	}
	return &fieldTree{S: s, Turn: s.turn.structure}
}

// tabs are the views of the structure, in order.
var tabs = []string{tabFields, tabASN1, tabText, tabJSON}

func (v *structure) tabs() app.UI {
	s := v.S
	return div("tabs",
		app.Div().Role("tablist").Aria("label", "Views of the structure").Body(app.Range(tabs).Slice(func(i int) app.UI {
			b := do("tab", tabs[i], tabs[i]).Role("tab")
			if s.tab == tabs[i] {
				return b.Class("on").Aria("selected", "true").Aria("controls", "structure-view")
			}
			return b.Aria("selected", "false").TabIndex(-1)
		})),
		findBox(s),
	)
}

// fitTab shows what is of no known kind as elements: it has no fields that say
// more. Whoever has chosen a view keeps it.
func (s *state) fitTab() {
	it := s.current()
	if s.tabbed || it == nil || s.reads() {
		return
	}
	s.tab = tabFields
	if it.Kind == "asn1" {
		s.tab = tabASN1
	}
}

// openTab shows another view.
func (s *state) openTab(name string) {
	s.tab, s.tabbed = name, true
	s.turn.structure++
	s.show()
	s.remake()
	s.search(false)
}

// tabKey goes from tab to tab.
func (s *state) tabKey(key string) bool {
	i := slices.Index(tabs, s.tab)
	switch key {
	case "ArrowRight":
		i++
	case "ArrowLeft":
		i += len(tabs) - 1
	case "Home":
		i = 0
	case "End":
		i = len(tabs) - 1
	default:
		return false
	}
	s.openTab(tabs[i%len(tabs)])
	s.after(func() { focus("[role=tab][aria-selected=true]") })
	return true
}

// viewID is the element of the open view that takes the keys.
func (s *state) viewID() string {
	switch s.tab {
	case tabFields:
		return s.fields.id
	case tabASN1:
		return s.asn1.id
	}
	return s.paper.list.id
}

// structurePress answers for the structure, and the ways into it.
func (s *state) structurePress(b press) bool {
	switch b.name {
	case "show":
		s.section = partStructure
		s.selectNode(report.Ref(b.n))
	case "tab":
		s.openTab(b.arg)
	case "far":
		s.far(b.arg)
	case "find":
		s.next(b.n)
	case "take":
		s.takeAway(b.arg)
	case "part":
		s.inspectPart()
	case "reveal":
		s.reveal()
	case "paper":
		s.handOut(b.arg)
	default:
		return false
	}
	return true
}

package web

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// sharing is the sheet that makes a link of what the page shows.
type sharing struct {
	cleared map[string]string // inputs that were looked through for secrets, and why they stay
	fault   string            // why they were not
	left    map[string]bool   // evidence that the user leaves out
	later   bool              // it is judged when the link is opened
	asked   int               // number of the last link
	url     string            // "" while it is made, or if there is none
	packed  int               // characters that it has, or would have
}

// From so many characters on a link is said to be long, is likely to be cut,
// and is not made. Browsers take a million; mail and chat programs do not.
const (
	longLink  = 2_000
	riskyLink = 8_000
	hardLink  = 30_000
	mostLink  = 1_000_000
)

// openShare opens the sheet. Nothing goes into a link before the worker has
// looked through it for secrets, and nothing that came after it did.
func (s *state) openShare() {
	s.share = sharing{left: map[string]bool{}, asked: s.share.asked}
	s.openSheet(sheetShare)
	s.clearLink()
}

// clearLink has the evidence looked through, and a link made of it.
func (s *state) clearLink() {
	s.share.asked++
	n := s.share.asked
	s.inquire(Request{Op: "cleared"}, func(u *unpacker) {
		cleared := map[string]string{}
		for range u.count() {
			name := u.text()
			cleared[name] = u.text()
		}
		switch {
		case s.share.asked != n:
		case u.fault != nil:
			s.share.fault = u.fault.Error()
			s.turn.sheet++
		default:
			s.share.cleared = cleared
			s.makeLink()
		}
	})
}

// stays says why a piece of evidence cannot go into a link; "" if it can.
func (s *state) stays(e *Evidence) string {
	why, looked := s.share.cleared[e.Name]
	switch {
	case e.Secret:
		return "it is a secret"
	case !looked:
		return "it was not looked through for secrets"
	}
	return why
}

// linked is the evidence for a link, without what is left out.
func (s *state) linked(out func(*Evidence) bool) []linked {
	var all []linked
	for i, e := range s.evidence() {
		if out == nil || !out(&e) {
			box := i == 0 && strings.TrimSpace(s.typed) != ""
			all = append(all, linked{e, box})
		}
	}
	return all
}

// link is what the page shows, as far as it may be shared.
func (s *state) link() *link {
	l := &link{Profiles: s.profiles, Set: s.set, Nonce: s.nonce, Picked: s.picked, Tab: s.tab}
	l.Evidence = s.linked(func(e *Evidence) bool { return s.share.left[e.Name] || s.stays(e) != "" })
	if !s.share.later {
		l.At = s.at
	}
	goes := func(it *report.Item) bool {
		return slices.ContainsFunc(l.Evidence, func(e linked) bool { return e.Name == it.Input })
	}
	for _, r := range s.roles.said {
		if itemWhere(s.report, func(it *report.Item) bool { return it.SHA256 == r.SHA256 && goes(it) }) >= 0 {
			l.Roles = append(l.Roles, r)
		}
	}
	if it := s.current(); it != nil && goes(it) {
		l.Item = pieceOf(s.report, s.item)
	}
	if s.shown >= len(s.report.Items) {
		return l
	}
	if it := &s.report.Items[s.shown]; goes(it) {
		l.Shown = pieceOf(s.report, s.shown)
		l.Sel, l.Element = s.selected(it)
	}
	return l
}

// selected says where the selection stands in an item, as link has it: at a
// node, or at or in an element of the long list which that node is.
func (s *state) selected(it *report.Item) (node, element int) {
	for n := s.sel; n != report.None; n = s.report.Nodes[n].Parent {
		if n >= it.Root && n < it.End {
			return int(n-it.Root) + 1, 0
		}
		if l := s.lists[s.report.Nodes[n].Parent]; l != nil && l.number(n) >= 0 {
			return int(l.Node-it.Root) + 1, l.number(n) + 1
		}
	}
	return 0, 0
}

// makeLink makes the link of what is ticked.
func (s *state) makeLink() {
	s.share.asked++
	s.share.url, s.share.packed = "", 0
	s.turn.sheet++
	if s.report == nil {
		return
	}
	n, l := s.share.asked, s.link()
	if len(l.Evidence) == 0 {
		return
	}
	site().Call("toLink", octetsFor(l.pack()), mostLink, s.handed(func(got app.Value, why string) {
		sh := &s.share
		if sh.asked != n {
			return
		}
		s.turn.sheet++
		if sh.fault = why; why != "" {
			return
		}
		sh.url, sh.packed = got.Get("text").String(), got.Get("size").Int()
		s.after(func() {
			write("link-text", s.share.url)
		})
	}))
}

// changeShare takes in what was ticked: a piece of evidence, or the moment.
func (s *state) changeShare(name string, on bool) {
	if name == "" {
		s.share.later = !on
	} else {
		s.share.left[strings.TrimPrefix(name, "+")] = !on
	}
	s.makeLink()
}

// shareSheet is the body of the sheet.
func (s *state) shareSheet() app.UI {
	sh := &s.share
	going := []app.UI{app.Legend().Text("In the link")}
	var staying []app.UI
	for _, e := range s.evidence() {
		if sh.cleared == nil {
			break
		}
		name := e.Name
		if name == "paste" {
			name = "What you pasted"
		}
		if why := s.stays(&e); why != "" {
			staying = append(staying, app.Li().Text(name+" stays out: "+why+"."))
		} else {
			going = append(going, checkbox("share", "+"+e.Name, !sh.left[e.Name], app.Text(name+", "+octetCount(len(e.Bytes)))))
		}
	}
	return div("pad share",
		app.P().Text("The link itself holds what is ticked, behind its #. Browsers send that part to no server, "+
			"but whoever sees the link can read it, and it stays wherever you paste it."),
		app.FieldSet().Body(going...),
		app.Ul().Class("stays").Hidden(staying == nil).Body(staying...),
		checkbox("share", "", !sh.later, app.Text("Judge at "+report.Clock(s.at)+", as here; otherwise at the time when it is opened")),
		par("hint", "What is selected goes with it, and the roles, profiles and nonce that you gave."),
		app.Div().Class("row", "flat", "made").Hidden(sh.url == "").Body(
			app.Input().Type("text").ID("link-text").Class("mono").ReadOnly(true).Aria("label", "Link"),
			do("share-copy", "", "Copy the link").Class("primary"),
		),
		app.P().ID("link-length").Role("status").Text(s.linkLength()),
	)
}

// linkLength says how long the link is, and what that means.
func (s *state) linkLength() string {
	sh := &s.share
	n := sh.packed
	text := "The link has " + count(n) + " characters. "
	switch {
	case sh.fault != "":
		return "The link could not be made: " + sh.fault + "."
	case sh.cleared == nil:
		return "Looking for secrets …"
	case n == 0 && len(s.link().Evidence) == 0:
		return "Nothing is ticked, so there is no link."
	case n == 0:
		return "Making the link …"
	case n > mostLink:
		return "The link would have " + count(n) + " characters, and no more than " + count(mostLink) +
			" are of use. Leave out the largest piece, or send the files themselves."
	case n > hardLink:
		return text + "Few programs carry so long a link whole. Try it, or send the files themselves."
	case n > riskyLink:
		return text + "Some mail and chat programs cut links longer than 2,000 or 8,000 characters. Try it before you rely on it."
	case n > longLink:
		return text + "Some mail and chat programs cut links longer than 2,000 characters."
	}
	return text
}

// sharePress answers for what leaves the page, and for links that come to it.
func (s *state) sharePress(b press) bool {
	switch b.name {
	case "share":
		s.openShare()
	case "share-copy":
		if s.share.url != "" {
			s.copy(s.share.url, "Copied: a link of "+count(s.share.packed)+" characters.")
		}
	case "export":
		s.exportButton(b.arg)
	case "link":
		s.answerLink(b.arg)
	default:
		return false
	}
	return true
}

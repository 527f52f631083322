package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// What the pieces of evidence are to each other is found by itself. The user
// overrides it, says what is trusted, and adds what is missing at the place
// that misses it.

// Said is the role that the user gives whatever has these octets, in place of
// the one that was found; "" is as found.
type Said struct{ SHA256, Role string }

// roles is what the user said of roles, and the form in which more is added.
type roles struct {
	said  []Said
	tell  string // to be said with the next verdict
	form  string // place and need of the open form, or ""
	input string // what was added by a form and is being read
	need  string // what it is meant for
	back  string // the place of the form that was closed last
}

// noRole leaves a piece out: nothing else is judged by it.
const noRole = "none"

// kindRoles are the roles that a kind of evidence can be given.
var kindRoles = map[string][]string{
	"certificate":  {"subject", "issuer", "responder", "anchor", "signer", "old", "outTrusted", noRole},
	"ocsp-request": {"request", noRole},
	"public-key":   {"signer", noRole},
	"crl":          {"revocation", noRole},
}

// roleWords spell roles for people.
var roleWords = map[string]string{
	"anchor": "trust anchor", "responder": "trusted responder", "request": "request that was sent",
	"revocation": "list to look in", "signer": "signer of CMP messages", "old": "certificate to update or revoke",
	"outTrusted": "trust anchor of new certificates", noRole: "plays no part",
}

func roleWord(role string) string {
	if w := roleWords[role]; w != "" {
		return w
	}
	return role
}

// roleNames are the roles of an item, each once.
func roleNames(it *report.Item) []string {
	var names []string
	for _, r := range it.Roles {
		if r.Name != "duplicate" && r.Name != copyRole && r.Name != asideRole && !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}

// offered are the roles that an item can be given. What a message carries is a
// part of it and cannot be left out.
func offered(it *report.Item) []string {
	all := kindRoles[it.Kind]
	if it.SHA256 == "" || len(all) == 0 {
		return nil
	}
	if it.Carrier >= 0 {
		all = all[:len(all)-1]
	}
	return all
}

// input is the role that a file was given as a whole.
func (s *state) inputRole(it *report.Item) string {
	for i := range s.files {
		if s.files[i].Name == it.Input {
			return s.files[i].Role
		}
	}
	return ""
}

// said is the role that the user gave an item, or "".
func (s *state) saidRole(it *report.Item) string {
	for _, r := range s.roles.said {
		if it.SHA256 != "" && r.SHA256 == it.SHA256 {
			return r.Role
		}
	}
	return s.inputRole(it)
}

// roleSelect lets the user say what an item is, instead of having it found.
func (s *state) roleSelect(i int, it *report.Item) app.UI {
	all := offered(it)
	if len(all) == 0 {
		return nothing()
	}
	now := s.saidRole(it)
	found := "as found"
	if now == "" {
		found = "no role"
		if names := roleNames(it); len(names) > 0 {
			found = strings.Join(names, ", ")
		}
	}
	choice := app.Select().Class("role").DataSet("change", "role").DataSet("arg", i).Aria("label", "Role of "+itemTitle(it))
	if now != "" {
		choice = choice.Class("said")
	}
	return choice.Body(
		app.Option().Value("").Text(found).Selected(now == ""),
		app.Range(all).Slice(func(r int) app.UI {
			label := roleWord(all[r])
			if all[r] == now {
				label += ", as you said"
			}
			return app.Option().Value(all[r]).Text(label).Selected(all[r] == now)
		}),
	)
}

// assign gives item i a role, wherever its octets stand. It is judged anew
// without being read again.
func (s *state) assign(i int, role string) {
	if s.report == nil || i < 0 || i >= len(s.report.Items) {
		return
	}
	it := &s.report.Items[i]
	if it.SHA256 == "" || role == s.saidRole(it) {
		return
	}
	s.say(it, role)
	s.judge()
}

func (s *state) say(it *report.Item, role string) {
	// The old list may be with the decoder.
	s.roles.said = slices.DeleteFunc(slices.Clone(s.roles.said), func(r Said) bool { return r.SHA256 == it.SHA256 })
	if role != s.inputRole(it) {
		s.roles.said = append(s.roles.said, Said{it.SHA256, role})
	}
	title := capital(inSentence(it))
	switch role {
	case "":
		s.roles.tell = title + " has the role again that is found for it."
	case noRole:
		s.roles.tell = title + " plays no part now: nothing else is judged by it."
	default:
		s.roles.tell = fmt.Sprintf("%s has the role %s now.", title, roleWord(role))
	}
}

// rolesSaid tells what a change of roles has come to, once it is judged.
func (s *state) rolesSaid() {
	if s.roles.tell == "" {
		return
	}
	verdict := s.said
	s.tell(s.roles.tell)
	s.said += " " + verdict
	s.roles.tell = ""
	s.rescale()
	s.backToForm()
}

// anchors says what is trusted: what the user said, and nothing else.
func (s *state) anchors() app.UI {
	var named, could []string
	for i := range s.report.Items {
		it := &s.report.Items[i]
		switch {
		case !slices.Contains(kindRoles[it.Kind], "anchor"):
		case s.saidRole(it) != "anchor":
			could = append(could, it.SHA256)
		case !slices.Contains(named, itemTitle(it)):
			named = append(named, itemTitle(it))
		}
	}
	switch {
	case len(named) > 0:
		return app.P().Class("trust").ID("trust").Body(app.B().Text("Trust anchor: "), app.Text(strings.Join(named, ", ")+", as you said."))
	case len(could) > 0:
		return app.P().Class("trust").ID("trust").Body(app.B().Text("Trust anchor: "),
			app.Text("none is said, and no root is trusted by itself. Give one of these certificates the role «trust anchor», or add a root."))
	}
	return nothing()
}

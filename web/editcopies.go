package web

import (
	"fmt"
	"slices"
	"strings"

	"derscope/decode/edit"
	"derscope/decode/report"
)

// Roles of the report: an edited copy, and the original that it stands in for.
const (
	copyRole  = "edited copy"
	asideRole = "set aside"
)

// copied is an edited copy: evidence of its own, made of an original anew with
// each change.
type copied struct {
	Evidence
	title    string
	original []byte
	signed   bool // a change lies in a part that is signed
	changes  []edit.Change
}

func (e *edits) evidence() []Evidence {
	var all []Evidence
	for i := range e.copies {
		all = append(all, e.copies[i].Evidence)
	}
	return all
}

func (e *edits) remove(name string) {
	e.copies = slices.DeleteFunc(e.copies, func(c copied) bool { return c.Name == name })
}

func (e *edits) copyNamed(name string) *copied {
	for i := range e.copies {
		if e.copies[i].Name == name {
			return &e.copies[i]
		}
	}
	return nil
}

// plays says whether an item has a role.
func plays(it *report.Item, role string) bool { return counterpart(it, role) >= 0 }

// counterpart is the item that one of a role has it for, or -1.
func counterpart(it *report.Item, role string) int {
	for _, r := range it.Roles {
		if r.Name == role {
			return r.Of
		}
	}
	return -1
}

// change adds a change to the copy that item i is, or to a new one of it.
func (s *state) change(i int, c edit.Change) {
	it := &s.report.Items[i]
	made := s.edits.copyNamed(it.Input)
	if made == nil {
		name := it.Input
		if s.alone(it.Input) != 1 || it.Carrier >= 0 {
			name = itemTitle(it)
		}
		fresh := copied{title: itemTitle(it), original: s.report.Sources[it.Source].Bytes,
			Evidence: Evidence{Name: name + ", edited", Kind: it.Kind, Instead: it.SHA256, Role: s.copyRoleOf(it)}}
		base := fresh.Name
		for n := 2; slices.ContainsFunc(s.evidence(), func(e Evidence) bool { return e.Name == fresh.Name }); n++ {
			fresh.Name = fmt.Sprintf("%s (%d)", base, n)
		}
		s.edits.copies = append(s.edits.copies, fresh)
		made = &s.edits.copies[len(s.edits.copies)-1]
	}
	was := len(made.changes)
	made.changes = edit.Merge(made.original, made.changes, c)
	if len(made.changes) == 0 && was == 0 {
		s.edits.remove(made.Name)
		s.closeEdit()
		s.tell("That is what the field holds already: nothing is changed.")
		return
	}
	s.renewCopy(made, c.Path)
}

// copyRoleOf is the part that a copy plays. The issuer and the subject that
// were found stay so when their names are edited.
func (s *state) copyRoleOf(it *report.Item) string {
	if role := s.saidRole(it); role != "" {
		return role
	}
	for _, role := range []string{"issuer", "subject"} {
		if it.Kind == "certificate" && it.Carrier < 0 && plays(it, role) {
			return role
		}
	}
	return ""
}

// renewCopy makes a copy of its original and its changes, and has it judged.
func (s *state) renewCopy(c *copied, path string) {
	goal := editGoal{c.Name, path}
	if len(c.changes) == 0 {
		goal.name = c.Instead // the original
		s.edits.remove(c.Name)
	} else {
		c.Bytes = edit.Apply(c.original, c.changes)
		c.signed = slices.ContainsFunc(c.changes, func(k edit.Change) bool { return signedPart(k.Path) })
	}
	s.edits.form, s.edits.goal = editForm{}, goal
	s.turn.verdict++
	s.load()
}

// signedPart says whether a path leads into what a signature covers: the parts
// «to be signed» have names that say so, but for that of a request for a
// certificate.
func signedPart(path string) bool {
	return strings.Contains(path, "/tbs") || strings.HasPrefix(path, "tbs") || strings.Contains(path, "certificationRequestInfo/")
}

// undo takes a change of the judged copy back, or with -1 all of them.
func (s *state) undo(n int) {
	it := s.current()
	if it == nil {
		return
	}
	c := s.edits.copyNamed(it.Input)
	switch {
	case c == nil || n >= len(c.changes):
		return
	case n < 0:
		c.changes = nil
	default:
		c.changes = slices.Delete(slices.Clone(c.changes), n, n+1)
	}
	s.after(func() { focus("#result") }) // what was clicked goes away
	s.renewCopy(c, s.report.Path(s.sel))
}

// adopt takes edited copies out of the files, where a link put them. Which
// fields were edited it does not say: the octets that differ are one change.
func (s *state) adopt() {
	s.files = slices.DeleteFunc(s.files, func(f Evidence) bool {
		i := s.originalOf(f.Instead)
		if i < 0 {
			return false
		}
		it := &s.report.Items[i]
		b := s.report.Sources[it.Source].Bytes
		from, to := 0, 0
		for from < min(len(b), len(f.Bytes)) && b[from] == f.Bytes[from] {
			from++
		}
		for to < min(len(b), len(f.Bytes))-from && b[len(b)-1-to] == f.Bytes[len(f.Bytes)-1-to] {
			to++
		}
		c := edit.Change{From: from, To: len(b) - to, With: f.Bytes[from : len(f.Bytes)-to]}
		c.Path = fmt.Sprintf("octets %d to %d", c.From, c.To)
		c.Was, c.Is = octetText(b[c.From:c.To]), octetText(c.With)
		s.edits.copies = append(s.edits.copies, copied{Evidence: f, title: itemTitle(it), original: b, changes: []edit.Change{c}})
		return true
	})
}

// originalOf is the item that a copy was made of, by its SHA-256, or -1.
func (s *state) originalOf(sum string) int {
	return itemWhere(s.report, func(it *report.Item) bool { return sum != "" && it.SHA256 == sum && !plays(it, copyRole) })
}

// edited looks after the copies when the evidence was read: one whose original
// is gone goes, too, and one that was just made is shown.
func (s *state) edited() {
	e := &s.edits
	e.form, e.before = editForm{}, nil
	s.adopt()
	gone := len(e.copies)
	e.copies = slices.DeleteFunc(e.copies, func(c copied) bool { return s.originalOf(c.Instead) < 0 })
	if gone > len(e.copies) {
		s.tell("The edited copy is gone with what it was made of.")
		s.load()
		return
	}
	if g := e.goal; g.name != "" {
		e.goal = editGoal{}
		for i := range s.report.Items {
			if it := &s.report.Items[i]; it.Carrier < 0 && it.Input == g.name || it.SHA256 == g.name {
				s.choose(i)
				s.selectPath(g.path)
				s.after(func() { focus("[data-do=edit]") })
				break
			}
		}
	}
	s.turn.verdict++
	s.askBefore()
}

// askBefore has everything judged as if there were no copies.
func (s *state) askBefore() {
	if len(s.edits.copies) == 0 || s.report == nil {
		return
	}
	r := s.report
	s.inquire(Request{Op: "before", Ask: s.ask()}, func(u *unpacker) {
		before := *r
		if u.fault == nil && s.report == r && before.UnmarshalResults(u.rest) == nil {
			s.edits.before = &before
			s.turn.verdict++
		}
	})
}

package web

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/edit"
	"derscope/decode/report"
)

// Roles of the report: an edited copy, and the original that it stands in for.
const (
	copyRole  = "edited copy"
	asideRole = "set aside"
)

// edits are the edited copies, and the form that edits.
type edits struct {
	copies []copied
	before *report.Report // as if there were no copies
	form   editForm
	goal   editGoal
}

// copied is an edited copy: evidence of its own, made of an original anew with
// each change.
type copied struct {
	Evidence
	title    string
	original []byte
	signed   bool // a change lies in a part that is signed
	changes  []edit.Change
}

// editForm is the open form: the field, and how its octets are written.
type editForm struct {
	open  bool
	node  report.Ref
	mode  string
	entry string // as it first is
	fault string
}

// The ways in which a field can be written.
const (
	editAsValue    = "value"
	editAsContents = "contents"
	editAsElement  = "element"
	editAsRaw      = "raw"
)

// editGoal is what is to be shown once a copy has been read.
type editGoal struct{ name, path string }

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

// editAct does what a button of the form or the banner says.
func (s *state) editAct(name, arg string) {
	n, _ := strconv.Atoi(arg)
	switch name {
	case "edit":
		s.openEdit(s.sel)
	case "edit-item":
		if sel := s.sel; s.shown == n && sel != report.None {
			s.choose(n)
			s.selectNode(sel)
		} else {
			s.choose(n)
			s.selectNode(s.firstLeaf(n))
		}
		s.section = partStructure
		s.openEdit(s.sel)
	case "edit-apply":
		s.applyEdit(false)
	case "edit-delete":
		s.applyEdit(true)
	case "edit-cancel":
		s.closeEdit()
	case "edit-undo":
		s.undo(n)
	case "edit-undo-all":
		s.undo(-1)
	case "edit-compare":
		if i := counterpart(s.current(), copyRole); i >= 0 {
			s.startCompare(i, s.item)
		}
	}
	s.turn.structure++
	s.turn.verdict++
}

// firstLeaf is the first field of an item that holds a value.
func (s *state) firstLeaf(i int) report.Ref {
	n := s.report.Items[i].Root
	for !s.tree.leaf(n) {
		n++
	}
	return n
}

func (s *state) closeEdit() {
	s.edits.form = editForm{}
	s.turn.structure++
	s.after(func() { focus("[data-do=edit]") })
}

// openEdit shows the form for a field. An original that has a copy is edited
// in the copy.
func (s *state) openEdit(n report.Ref) {
	if n == report.None || s.report == nil {
		return
	}
	p, why := s.editPlace(n)
	if why != "" {
		s.tell("This field is not edited: " + why + ".")
		return
	}
	if of := counterpart(&s.report.Items[p.item], asideRole); of >= 0 {
		path := s.report.Path(n)
		s.tell("There is an edited copy already: it is edited further.")
		s.choose(of)
		s.section = partStructure
		s.selectPath(path)
		n = s.sel
		if p, why = s.editPlace(n); why != "" {
			return
		}
	}
	s.edits.form = editForm{open: true, node: n}
	s.editMode("")
}

// mostWritten is how many octets a form holds.
const mostWritten = 16 << 10

// editMode chooses how the octets are written: "" by the type.
func (s *state) editMode(mode string) {
	f := &s.edits.form
	node := &s.report.Nodes[f.node]
	p, why := s.editPlace(f.node)
	if mode == "" {
		mode = editAsContents
		if edit.Expect(node.Type) != "" && node.Flags&report.Leaf != 0 {
			mode = editAsValue
		}
	}
	f.mode, f.fault, f.entry = mode, why, ""
	b := p.contents
	switch {
	case why != "":
	case mode == editAsValue:
		f.entry = edit.Text(node.Type, b)
	default:
		if mode != editAsContents {
			b = s.report.Octets(node.Span)
		}
		if len(b) > mostWritten {
			f.fault = fmt.Sprintf("These are %s, and %s are the most that can be written here: choose a field inside of it.", octetCount(len(b)), count(mostWritten))
		} else {
			f.entry = spaced(b)
		}
	}
	s.turn.structure++
	entry := f.entry
	s.after(func() {
		if el := app.Window().GetElementByID(editValue); el.Truthy() {
			el.Set("value", entry)
			el.Call("focus")
			el.Call("select")
		}
	})
}

// spaced writes octets in hexadecimal, in lines.
func spaced(b []byte) string {
	var out strings.Builder
	for i := range b {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(hex.EncodeToString(b[i : i+1]))
	}
	return out.String()
}

// applyEdit makes the change that the form says: to a copy, which is made if
// there is none.
func (s *state) applyEdit(gone bool) {
	f := &s.edits.form
	el := app.Window().GetElementByID(editValue)
	if !f.open || !el.Truthy() {
		return
	}
	p, why := s.editPlace(f.node)
	if why != "" {
		f.fault = why
		return
	}
	node := &s.report.Nodes[f.node]
	entry := el.Get("value").String()
	var with []byte
	var err error
	switch {
	case gone:
	case f.mode == editAsValue:
		with, err = edit.Contents(node.Type, entry, parseMoment)
	default:
		with, err = edit.Hex(entry)
	}
	if err != nil {
		f.fault = err.Error() + "."
		setInvalid(el, true)
		s.said = f.fault
		focus("#" + editValue)
		return
	}
	c := edit.Change{From: p.span.Off + p.header, To: p.span.End(), With: with, Around: p.around,
		Path: s.report.Path(f.node), Was: fieldSays(node, s.rowText(f.node, node)), Is: shorten(entry, 120)}
	if gone || f.mode == editAsElement || f.mode == editAsRaw {
		c.From, c.Around = p.span.Off, p.around[:len(p.around)-p.own]
	}
	if f.mode == editAsRaw && !gone {
		c.Around = nil
	}
	if gone {
		c.Is = "(deleted)"
	}
	s.change(p.item, c)
}

// fieldSays is what a field says, or what it is where it says nothing.
func fieldSays(n *report.Node, text string) string {
	if text == "" {
		return n.Type + ", " + octetCount(n.Span.Len)
	}
	return shorten(text, 120)
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

// leave closes the form when another field is selected.
func (e *edits) leave(n report.Ref) {
	if e.form.node != n {
		e.form = editForm{}
	}
}

// adopt takes edited copies out of the files, where a link put them. Which
// fields were edited it does not say: the octets that differ are one change.
func (s *state) adopt() {
	s.files = slices.DeleteFunc(s.files, func(f Evidence) bool {
		i := slices.IndexFunc(s.report.Items, func(it report.Item) bool {
			return f.Instead != "" && it.SHA256 == f.Instead && !plays(&it, copyRole)
		})
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

// edited looks after the copies when the evidence was read: one whose original
// is gone goes, too, and one that was just made is shown.
func (s *state) edited() {
	e := &s.edits
	e.form, e.before = editForm{}, nil
	s.adopt()
	gone := len(e.copies)
	e.copies = slices.DeleteFunc(e.copies, func(c copied) bool {
		return !slices.ContainsFunc(s.report.Items, func(it report.Item) bool { return it.SHA256 == c.Instead && !plays(&it, copyRole) })
	})
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
				break
			}
		}
	}
	s.turn.verdict++
	s.askBefore()
}

// selectPath selects the field of the shown item with a path, or the nearest
// one around it.
func (s *state) selectPath(path string) {
	for path != "" {
		it := &s.report.Items[s.shown]
		for n := it.Root; n < it.End; n++ {
			if full := s.report.Path(n); full == path {
				s.selectNode(n)
				return
			}
		}
		path = path[:max(0, strings.LastIndexByte(path, '/'))]
	}
}

// askBefore has everything judged as if there were no copies.
func (s *state) askBefore() {
	if len(s.edits.copies) == 0 || s.report == nil {
		return
	}
	r := s.report
	ask := s.ask()
	s.decoder.Do(Request{Op: "before", Ask: ask}, func(u *unpacker, err error) {
		before := *r
		if err == nil {
			err = before.UnmarshalResults(u.rest)
		}
		s.draw(func() {
			if err == nil && s.report == r {
				s.edits.before = &before
				s.turn.verdict++
			}
		})
	})
}

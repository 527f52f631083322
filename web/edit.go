package web

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/edit"
	"derscope/decode/report"
)

// edits are the edited copies, and the form that edits.
type edits struct {
	copies []copied
	before *report.Report // as if there were no copies
	form   editForm
	goal   editGoal
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

// editPress answers for the form and the banner.
func (s *state) editPress(b press) bool {
	switch b.name {
	case "edit":
		s.openEdit(s.sel)
	case "edit-item":
		sel := s.sel
		if s.shown != b.n || sel == report.None {
			sel = s.firstLeaf(b.n)
		}
		s.choose(b.n)
		s.selectNode(sel)
		s.section = partStructure
		s.openEdit(s.sel)
	case "edit-apply":
		s.applyEdit(false)
	case "edit-delete":
		s.applyEdit(true)
	case "edit-cancel":
		s.closeEdit()
	case "edit-undo":
		s.undo(b.n)
	case "edit-undo-all":
		s.undo(-1)
	case "edit-compare":
		if i := counterpart(s.current(), copyRole); i >= 0 {
			s.startCompare(i, s.item)
		}
	default:
		return false
	}
	s.turn.structure++
	s.turn.verdict++
	return true
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
		if el, ok := byID(editValue); ok {
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

// leave closes the form when another field is selected.
func (e *edits) leave(n report.Ref) {
	if e.form.node != n {
		e.form = editForm{}
	}
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

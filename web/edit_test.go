package web

import (
	"testing"

	"derscope/decode/edit"
	"derscope/decode/report"
)

// A copy that came by a link is a copy again, and can be undone.
func TestAdopt(t *testing.T) {
	original, changed := []byte{0x30, 3, 2, 1, 5}, []byte{0x30, 4, 2, 2, 1, 5}
	s := newState()
	s.files = []Evidence{{Name: "a"}, {Name: "a, edited", Bytes: changed, Instead: "5um"}, {Name: "of nothing", Instead: "other"}}
	s.report = &report.Report{Sources: []report.Source{{Bytes: original}, {Bytes: changed}}, Items: []report.Item{
		{SHA256: "5um", Input: "a", Roles: []report.Role{{Name: asideRole, Of: 1}}},
		{SHA256: "5um2", Input: "a, edited", Source: 1, Roles: []report.Role{{Name: copyRole, Of: 0}}},
	}}
	s.adopt()
	if len(s.files) != 2 || len(s.edits.copies) != 1 {
		t.Fatalf("%d files and %d copies are left", len(s.files), len(s.edits.copies))
	}
	c := s.edits.copies[0]
	if got := edit.Apply(c.original, c.changes); string(got) != string(changed) {
		t.Errorf("its changes make %x, want %x", got, changed)
	}
	if got := edit.Apply(c.original, nil); string(got) != string(original) {
		t.Errorf("without them it is %x, want %x", got, original)
	}
}

// What is typed into a form does not reach another field.
func TestFormIsOfOneField(t *testing.T) {
	e := edits{form: editForm{open: true, node: 3}}
	if e.leave(3); !e.form.open {
		t.Error("selecting the field itself closes its form")
	}
	if e.leave(4); e.form.open {
		t.Error("another field is selected, and the form is open")
	}
}

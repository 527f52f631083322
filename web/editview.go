package web

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/edit"
	"derscope/decode/report"
)

const editValue = "edit-value"

// editPart is the form that edits the selected field, while it is open.
func (s *state) editPart() app.UI {
	f := &s.edits.form
	if !f.open || f.node != s.sel {
		return nothing()
	}
	n := &s.report.Nodes[f.node]
	type way struct{ mode, label string }
	ways := []way{{editAsContents, "contents, in hexadecimal"}, {editAsElement, "whole element, in hexadecimal"}, {editAsRaw, "raw octets, nothing mended"}}
	if edit.Expect(n.Type) != "" && n.Flags&report.Leaf != 0 {
		ways = append([]way{{editAsValue, "value"}}, ways...)
	}
	hint := "The lengths of what is around it are mended."
	switch f.mode {
	case editAsValue:
		hint = "Write " + edit.Expect(n.Type) + ". " + hint
	case editAsElement:
		hint = "Tag and length, too. Write nothing to delete it, or several elements to add some. " + hint
	case editAsRaw:
		hint = "Tag and length, too, broken if you like: no length around it is mended."
	case editAsContents:
		if n.Type == "BIT STRING" {
			hint = "The first octet counts the unused bits. " + hint
		}
	}
	if signedPart(s.report.Path(f.node)) {
		hint += " This part is signed: the signature does not cover what you change."
	}
	var field app.UI = app.Textarea().ID(editValue).Class("mono").Rows(3).Spellcheck(false).Aria("label", "New octets of "+n.Label).Aria("describedby", "edit-hint")
	if f.mode == editAsValue {
		field = lineField("text", editValue).Class("mono").
			Aria("label", "New value of "+n.Label).Aria("describedby", "edit-hint")
	}
	return app.Div().Class("edit-form").Role("group").Aria("label", "Edit "+n.Label+" in a copy").Body(
		app.Label().Body(
			app.Span().Text("Written as "),
			app.Select().DataSet("change", "edit-mode").Body(app.Range(ways).Slice(func(i int) app.UI {
				return app.Option().Value(ways[i].mode).Text(ways[i].label).Selected(ways[i].mode == f.mode)
			})),
		),
		field,
		app.P().Class("hint").ID("edit-hint").Text(hint),
		app.P().Class("wrong").ID("edit-fault").Role("alert").Hidden(f.fault == "").Text(f.fault),
		div("acts",
			do("edit-apply", "", "Apply to a copy").Class("primary", "small"),
			small("edit-delete", "", "Delete the field"),
			small("edit-cancel", "", "Cancel"),
		),
	)
}

// editKey applies with Enter and leaves with Escape.
func (s *state) editKey(e app.Event, key string) bool {
	switch {
	case key == "Escape":
		s.closeEdit()
	case key == "Enter" && !e.Get("shiftKey").Bool():
		s.editPress(press{name: "edit-apply"})
	default:
		return false
	}
	return true
}

// editBanner stands above a verdict that edited copies have a part in.
func (s *state) editBanner() app.UI {
	it := s.current()
	if it == nil || len(s.edits.copies) == 0 {
		return nothing()
	}
	if of := counterpart(it, asideRole); of >= 0 {
		return app.Section().Class("panel", "edited").ID("edited").Aria("label", "Edited copy").Body(
			par("pad", "This is the original, judged by itself. Its edited copy takes its part in everything else. "),
			parOf("pad acts", small("item", of, "Show the edited copy")),
		)
	}
	c := s.edits.copyNamed(it.Input)
	of := counterpart(it, copyRole)
	if c == nil || of < 0 {
		return s.judgedWith()
	}
	original := &s.report.Items[of]
	about := ": " + plural(len(c.changes), "change") + ". "
	if len(c.changes) == 0 {
		about = ", opened from a link. Compare it with the original to see what was changed. "
	}
	part := ""
	switch {
	case c.Role != "":
		part = "It is judged as the " + roleWord(c.Role) + ", the part of its original. "
	case len(s.report.Items) > 2:
		part = "It takes the part of its original in judging everything else. "
	}
	return app.Section().Class("panel", "edited").ID("edited").Aria("label", "Edited copy").Body(
		div("pad",
			app.P().Body(app.B().Text("This is an edited copy"+about),
				app.Text("Original verdict: "), icon(original.Verdict.Status), app.Text(" "+original.Verdict.Headline)),
			par("sub", part+"The original is untouched, among the evidence."),
			app.If(c.signed, par("sub", "A change lies in a part that is signed: the signature does not cover it.")),
		),
		app.Ul().Class("edit-list").Body(app.Range(c.changes).Slice(func(i int) app.UI {
			k := &c.changes[i]
			return app.Li().Body(
				div("t",
					app.Code().Class("path").Text(k.Path),
					app.Span().Body(app.Elem("del").Text(k.Was), app.Text(" → "), app.Elem("ins").Text(k.Is)),
				),
				small("edit-undo", i, "Undo").Aria("label", "Undo the change of "+k.Path),
			)
		})),
		parOf("pad acts",
			small("edit-compare", "", "Compare with the original"),
			small("edit-undo-all", "", "Undo all"),
		),
	)
}

// judgedWith stands above the verdict about something that is judged with a copy.
func (s *state) judgedWith() app.UI {
	was := s.without()
	if was == nil {
		return nothing()
	}
	return app.Section().Class("panel", "edited").ID("edited").Aria("label", "Judged with an edited copy").Body(
		parOf("pad", app.B().Text("This is judged with an edited copy: "+s.edits.copies[0].Name+". "),
			app.Text("Verdict without it: "), icon(was.Verdict.Status), app.Text(" "+was.Verdict.Headline)),
	)
}

// without is the judged item as it is without the edited copies, if they make
// a difference to it.
func (s *state) without() *report.Item {
	it, b := s.current(), s.edits.before
	if b == nil || it == nil || plays(it, asideRole) || s.edits.copyNamed(it.Input) != nil {
		return nil
	}
	if was := &b.Items[s.item]; was.Verdict != it.Verdict || len(changedChecks(was.Checks, it.Checks)) > 0 {
		return was
	}
	return nil
}

// editBreaks lists the checks that answer otherwise than without the edit: of
// the copy itself, and of other things that are judged with it.
func (s *state) editBreaks() app.UI {
	it := s.current()
	if it == nil || len(s.edits.copies) == 0 {
		return nothing()
	}
	of := counterpart(it, copyRole)
	if was := s.without(); was != nil {
		return panel("breaks", "What the edit breaks", s.breaksList("", changedChecks(was.Checks, it.Checks)))
	}
	if of < 0 || s.edits.copyNamed(it.Input) == nil {
		return nothing()
	}
	own := changedChecks(s.report.Items[of].Checks, it.Checks)
	parts := []app.UI{s.breaksList("", own)}
	if len(own) == 0 {
		parts = []app.UI{par("pad sub", "No check of its own answers otherwise than for the original.")}
	}
	if b := s.edits.before; b != nil {
		for i := range s.report.Items {
			k := &s.report.Items[i]
			if i == s.item || plays(k, asideRole) || k.Input == it.Input {
				continue
			}
			if i >= len(b.Items) {
				break // a transaction that the change has made
			}
			if others := changedChecks(b.Items[i].Checks, k.Checks); len(others) > 0 {
				parts = append(parts, parOf("of", app.Text("In "), do("item", i, s.itemName(i)).Class("link")), s.breaksList(strconv.Itoa(i), others))
			}
		}
	}
	return panel("breaks", "What the edit breaks", parts...)
}

// breaksList draws what breaks, and behind a button what is no longer judged, newly
// judged, or mended.
func (s *state) breaksList(of string, all []checkChange) app.UI {
	broken := 0
	for broken < len(all) && all[broken].worse() > 0 {
		broken++
	}
	key := "edit rest " + of
	open := broken == 0 || s.isOpen(key, false)
	rest := app.UI(nothing())
	if n := len(all) - broken; n > 0 && broken > 0 {
		rest = disclosure(key, open, span("t", plural(n, "check")+" otherwise: no longer judged, newly judged, or mended"))
	}
	if open {
		broken = len(all)
	}
	rows := app.Ul().Class("breaks").Body(app.Range(all[:broken]).Slice(func(i int) app.UI {
		k := all[i]
		return app.Li().DataSet("worse", strconv.FormatBool(k.worse() > 0)).Body(
			icon(k.before), unheard("", "→"), icon(k.after),
			div("t", app.Text(k.title), app.If(k.why != "" && k.after > report.Pass, parOf("sub", spoken(sentence(k.why))...))),
		)
	}))
	return div("broken", rows, rest)
}

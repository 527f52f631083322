package web

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// evidence is the left column: what was pasted or dropped, what was found in
// it, and what is missing.
type evidence struct {
	app.Compo
	S    *state
	Turn int
}

func (v *evidence) Render() app.UI {
	s := v.S
	return div("col left",
		app.Section().Class("panel").ID("evidence").Aria("labelledby", "evidence-title").Body(
			div("title",
				app.H2().ID("evidence-title").Text("Evidence"),
				small("inspect", "", "Read again").Disabled(s.typed == "" && len(s.files) == 0),
				small("clear", "", "Clear").Disabled(s.typed == "" && len(s.files) == 0),
			),
			app.Label().Class("unseen").For("input").Text("Paste what you have"),
			app.Textarea().ID("input").Class("paste").Rows(5).Spellcheck(false).
				Placeholder("Paste or drop anything: PEM, DER, base64, hex, openssl output, an HTTP dump, CMP files.\n\nSeveral at once is fine: each finds its role."),
			div("row",
				do("files", "", "Open files").Class("primary"),
				app.Input().Type("file").ID("files").Class("unseen").Multiple(true).TabIndex(-1).Aria("label", "Files to open"),
				do("examples", "", "Examples").Aria("haspopup", "dialog").Disabled(s.lesson.seen == nil),
			),
			v.health(),
			v.items(),
			v.wants(),
			v.trust(),
		),
	)
}

func (v *evidence) health() app.UI {
	s := v.S
	switch {
	case s.notice != "" && s.health == Failed:
		return parOf("notice", app.Text(s.notice+" "), do("revive", "", "Try again"))
	case s.notice != "":
		return par("notice", s.notice)
	case strings.ContainsFunc(s.typed, damaged):
		return par("notice", "This paste holds octets that no text can carry, and some of them are lost. "+
			"Drop the file instead, or paste it as base64 or hexadecimal.")
	case len(s.lesson.aside) > 0: // the strip that says so scrolls away
		return parOf("notice", app.Text("Your evidence is set aside while you look at the example. "),
			do("back", "", "Back to it").Class("small"))
	case s.health == Starting:
		return app.P().Class("notice", "quiet").ID("starting").Text("The decoder is starting. You can paste already.")
	}
	return nothing()
}

// items lists what was found, by the input that it lay in.
func (v *evidence) items() app.UI {
	s := v.S
	if s.report == nil {
		return nothing()
	}
	all := s.entries()
	shown, from, left, many := s.paged(all)
	rows := []app.UI{nothing()}
	if many {
		rows[0] = v.piecesHead(from, len(shown), left, len(all))
	}
	for _, e := range shown {
		switch {
		case e.item >= 0:
			rows = append(rows, v.item(e.item, &s.report.Items[e.item]))
		case e.other != nil:
			rows = append(rows, v.others(e.input, e.other)...)
		default:
			rows = append(rows, v.input(e.input))
		}
	}
	return div("items", rows...)
}

// others lists the stretches of an input in which nothing was recognised, such
// as the chatter of a command around what it printed.
func (v *evidence) others(input string, items []int) []app.UI {
	if len(items) == 0 {
		return nil
	}
	key := "other " + input
	open := v.S.isOpen(key, false)
	size := 0
	for _, i := range items {
		size += v.S.report.Items[i].Len
	}
	rows := []app.UI{div("ev others", disclosure(key, open, app.Span().Class("t", "sub").
		Textf("Nothing recognised in %s, %s in all", plural(len(items), "place"), octetCount(size))))}
	for _, i := range items {
		if open || i == v.S.item {
			rows = append(rows, v.item(i, &v.S.report.Items[i]))
		}
	}
	return rows
}

// input heads the items of an input that holds several.
func (v *evidence) input(name string) app.UI {
	size := 0
	for _, e := range v.S.evidence() {
		if e.Name == name {
			size = len(e.Bytes)
		}
	}
	return div("input",
		span("name", name),
		span("hint", octetCount(size)),
		small("remove", name, "Remove").Aria("label", "Remove "+name),
	)
}

func (v *evidence) item(i int, it *report.Item) app.UI {
	s := v.S
	names := roleNames(it)
	if len(offered(it)) > 0 {
		names = nil // its select says them
	}
	row := app.Div().Class("ev")
	if it.Carrier >= 0 || s.partOf(i) {
		row = row.Class("carried")
	}
	pick := app.Button().Type("button").Class("pick").DataSet("do", "item").DataSet("arg", i).Body(
		icon(it.Verdict.Status),
		spanOf("what",
			spanOf("head",
				app.B().Text(s.numbered(i)),
				app.Text(" "),
				span("hint", s.size(it)),
				app.Range(names).Slice(func(r int) app.UI { return chip(names[r]) }),
				copyChip(it),
			),
			span("sub", v.sub(it)),
		),
	)
	if i == s.item {
		row = row.Class("sel")
		pick = pick.Aria("current", "true")
	}
	if it.Members != nil {
		return row.Body(pick, nothing(), nothing())
	}
	return row.Body(pick, s.roleSelect(i, it), v.itemMenu(i, it))
}

// sub says in a line what an item is and where it lay.
func (v *evidence) sub(it *report.Item) string {
	var parts []string
	if kind := kindWord(it.Kind); it.Kind != "unknown" && !strings.HasPrefix(itemTitle(it), kind) {
		parts = append(parts, kind)
	}
	if rebuilt(v.S.report, it) {
		return "rebuilt from what OpenSSL printed"
	}
	if it.Members != nil {
		return it.Verdict.Headline
	}
	if it.Carrier >= 0 && it.Carrier < len(v.S.report.Items) {
		parts = append(parts, "carried in "+inSentence(&v.S.report.Items[it.Carrier]))
	}
	if slices.ContainsFunc(it.Roles, func(r report.Role) bool { return r.Name == "duplicate" }) {
		parts = append(parts, "given twice")
	}
	return strings.Join(append(parts, place(it, v.S.alone(it.Input) > 1)...), " · ")
}

// wants lists what would settle open checks, and how to get it.
func (v *evidence) wants() app.UI {
	it := v.S.current()
	if it == nil || len(it.Wants) == 0 {
		return nothing()
	}
	return div("wants",
		app.Range(it.Wants).Slice(func(i int) app.UI {
			w := it.Wants[i]
			return div("ev want",
				icon(report.Open),
				div("what",
					div("head", app.B().Text(capital(strings.ReplaceAll(w.Need, "-", " "))), app.Text(" "), chip("missing")),
					app.Div().Class("sub").Text(sentence(w.Text)),
					v.S.askFor(partEvidence, w),
				),
			)
		}),
	)
}

// trust says which anchors there are, where there are certificates.
func (v *evidence) trust() app.UI {
	if v.S.report == nil {
		return nothing()
	}
	return v.S.anchors()
}

// remove takes an input away.
func (s *state) remove(name string) {
	gone := func(e Evidence) bool { return e.Name == name }
	s.edits.remove(name)
	s.files = slices.DeleteFunc(s.files, gone)
	if name == "paste" {
		s.typed = ""
		writeBox("")
	}
	s.load()
}

package web

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Forms in which a report leaves the page.
const (
	FormJSON     = "json"     // the octets that derscope inspect -json prints
	FormText     = "text"     // what derscope inspect prints
	FormMarkdown = "markdown" // a ticket about the item that is judged

	// The octets that the protection of the message is made over.
	FormProtected = "protected"
)

// forms are what the menu offers; their files are named report and the ending.
var forms = []struct{ name, label, ending, kind string }{
	{FormJSON, "JSON, for scripts", ".json", "application/json"},
	{FormText, "Text, for people", ".txt", "text/plain;charset=utf-8"},
	{FormMarkdown, "Markdown, for a ticket", ".md", "text/markdown;charset=utf-8"},
}

// written has the report written out, as it is judged now.
func (s *state) written(form string, done func(text string, err error)) {
	s.inquire(Request{Op: "export", Text: form, N: s.item, Ask: s.ask(), Reveal: s.leaving}, func(u *unpacker) {
		text := u.text()
		done(text, u.fault)
	})
}

// export is the menu of what can be taken away.
func (b *bar) export(s *state) app.UI {
	open := s.menu == "export"
	return div("menu",
		do("menu", "export", "Export").Aria("expanded", strconv.FormatBool(open)).Disabled(s.report == nil),
		app.Div().Class("drop", "right", "exports").Hidden(!open).Body(
			app.Range(forms).Slice(func(i int) app.UI {
				f := forms[i]
				return div("out",
					app.Span().Text(f.label),
					small("export", "copy "+f.name, "Copy").Aria("label", "Copy "+f.label),
					small("export", "save "+f.name, "Save").Aria("label", "Save "+f.label),
				)
			}),
			app.If(s.report != nil && s.current().Kind == "cmp-message", div("out",
				app.Span().Text("Protected octets, DER"),
				small("export", "save "+FormProtected, "Save"),
			)),
			div("out",
				app.Span().Text("On paper, or as PDF"),
				small("export", "print", "Print"),
			),
			app.If(s.there, checkbox("leaving", "", s.leaving, app.Text("with secrets, in JSON and text"))),
			par("hint", s.stayOut()),
		),
	)
}

// exportButton does what a button of the menu, or of a picture, says.
func (s *state) exportButton(arg string) {
	how, what, _ := strings.Cut(arg, " ")
	switch how {
	case "print":
		// Later: the page is laid out by this program, which waits here.
		app.Window().Call("setTimeout", app.Window().Get("print"))
		return
	case "svg", "png":
		s.savePicture(what, how)
		return
	}
	if what == FormProtected {
		s.written(what, func(octets string, err error) {
			if err != nil {
				s.tell("They could not be written: " + err.Error() + ".")
				return
			}
			saveFile("protected.der", "application/octet-stream", []byte(octets))
			s.tell("Saved as protected.der: " + octetCount(len(octets)) + ".")
		})
		return
	}
	for _, f := range forms {
		if f.name != what {
			continue
		}
		s.written(f.name, func(text string, err error) {
			switch {
			case err != nil:
				s.tell("The report could not be written: " + err.Error() + ".")
			case how == "copy":
				s.copy(text, "Copied: "+octetCount(len(text))+".")
			default:
				saveFile("report"+f.ending, f.kind, []byte(text))
				s.tell("Saved as report" + f.ending + ".")
			}
		})
	}
}

// pictureButtons stand below a picture, and save it.
func pictureButtons(name string) app.UI {
	return div("row flat save",
		small("export", "svg "+name, "Save SVG"),
		small("export", "png "+name, "Save PNG"),
	)
}

// savePicture saves the picture of that name as it looks on white.
func (s *state) savePicture(name, form string) {
	site().Call("picture", name, form, s.handed(func(_ app.Value, why string) {
		text := "Saved as " + name + "." + form + "."
		if why != "" {
			text = "The picture could not be made: " + why + "."
		}
		s.tell(text)
	}))
}

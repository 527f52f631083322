package web

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
	"derscope/decode/spec"
)

// icon is a status as a shape with a sign in it, and a word for those who do
// not see it.
func icon(s report.Status) app.UI {
	return app.Span().Class("ico", statusClass(s)).Body(
		unheard("", statusGlyph(s)),
		app.Span().Class("unseen").Text(statusWord(s)+": "),
	)
}

// signed is an icon beside words that say the same.
func signed(s report.Status) app.UI {
	return unheard("ico "+statusClass(s), statusGlyph(s))
}

// cite is a citation, and a link where its document can be read.
func cite(r spec.Ref) app.UI {
	url := r.URL()
	if url == "" {
		return app.Span().Class("ref").Text(r.String())
	}
	return outside(url, r.String()).Class("ref")
}

// outside is a link to another site, which learns nothing of this page.
func outside(url, text string) app.HTMLA {
	return app.A().Href(url).Target("_blank").Rel("noopener noreferrer").Text(text)
}

func cites(refs []spec.Ref) app.UI {
	if len(refs) == 0 {
		return nil
	}
	return app.Span().Class("refs").Body(app.Range(refs).Slice(func(i int) app.UI { return cite(refs[i]) }))
}

// do is a button that the page's click handler knows by name and argument.
func do(name string, arg any, label string) app.HTMLButton {
	return app.Button().Type("button").DataSet("do", name).DataSet("arg", arg).Text(label)
}

// command is a command line, or other text to be taken away.
func command(text string) app.UI {
	if text == "" {
		return nil
	}
	return app.Div().Class("cmd").Body(
		app.Code().TabIndex(0).Text(text),
		do("copy", "", "Copy").Class("small"),
	)
}

// disclosure is a button that shows or hides what follows it.
func disclosure(key string, open bool, body ...app.UI) app.UI {
	return app.Button().Type("button").Class("fold").DataSet("do", "toggle").DataSet("arg", key).
		Aria("expanded", strconv.FormatBool(open)).Body(body...)
}

// panel is a titled part of a column.
func panel(id, title string, body ...app.UI) app.UI {
	return app.Section().Class("panel").ID(id).Aria("labelledby", id+"-title").
		Body(append([]app.UI{app.H2().ID(id + "-title").Text(title)}, body...)...)
}

// spoken draws a sentence, with what stands between backquotes as code.
func spoken(text string) []app.UI {
	var parts []app.UI
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			parts = append(parts, app.Code().Text(part))
		} else {
			parts = append(parts, app.Text(part))
		}
	}
	return parts
}

// nothing is drawn in the place of a part that has no content, so that what
// follows it keeps its position: go-app compares by position.
func nothing() app.UI { return app.Div().Class("nothing").Attr("hidden", true) }

func chip(text string) app.UI { return app.Span().Class("chip").Text(text) }

// jump is a button that shows a node in the structure.
func jump(n report.Ref) app.UI {
	if n == report.None {
		return nil
	}
	return do("show", int(n), "Show in structure").Class("link")
}

// checkbox is one with its words; change and arg tell the page which.
func checkbox(change, arg string, on bool, words ...app.UI) app.HTMLLabel {
	return app.Label().Class("check").Body(
		app.Input().Type("checkbox").DataSet("change", change).DataSet("arg", arg).Checked(on),
		app.Span().Body(words...),
	)
}

// lineField is a field of one line, in which the browser changes nothing.
func lineField(kind, id string) app.HTMLInput {
	return app.Input().Type(kind).ID(id).AutoComplete(false).Spellcheck(false)
}

// svg is an element of an image. Its class cannot be set through go-app, which
// sets className, so that the style sheet goes by data attributes.
func svg(tag string) app.HTMLElem {
	return app.Elem(tag).XMLNS("http://www.w3.org/2000/svg")
}

// div, par and span are elements of a class with a content, which most of the
// page is made of: written out each, they would make the program longer.
func div(class string, body ...app.UI) app.HTMLDiv     { return app.Div().Class(class).Body(body...) }
func parOf(class string, body ...app.UI) app.HTMLP     { return app.P().Class(class).Body(body...) }
func par(class, text string) app.HTMLP                 { return app.P().Class(class).Text(text) }
func spanOf(class string, body ...app.UI) app.HTMLSpan { return app.Span().Class(class).Body(body...) }
func span(class, text string) app.HTMLSpan             { return app.Span().Class(class).Text(text) }

// small is a button like do, of less height.
func small(name string, arg any, label string) app.HTMLButton {
	return do(name, arg, label).Class("small")
}

// unheard is a sign that is seen only: words beside it say the same.
func unheard(class, sign string) app.UI {
	return app.Span().Class(class).Aria("hidden", "true").Text(sign)
}

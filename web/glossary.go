package web

import (
	"sort"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// library is how the explanations came, and what is looked for in the
// glossary.
type library struct {
	fault  string // why they did not come
	filter string // what is typed above the glossary
	term   string // that was asked for
}

// word is before a term of the glossary, as explanations are published.
const word = "word "

// fetchTexts gets the explanations, which lie beside the program.
func (s *state) fetchTexts() {
	s.library.fault = ""
	s.turn.texts()
	Texts(func(all map[string]Text, err error) {
		s.draw(func() {
			if err != nil {
				s.library.fault = err.Error()
			} else {
				s.texts = all
			}
			s.turn.texts()
		})
	})
}

// texts are shown in these parts of the page.
func (t *turns) texts() {
	t.structure++
	t.status++
	t.sheet++
}

// openGlossary shows the glossary, at a term if one is given.
func (s *state) openGlossary(term string) {
	s.library.filter, s.library.term = "", term
	s.openSheet(sheetGlossary)
	s.after(func() {
		write("find-word", "")
		if term == "" {
			focus("#find-word")
		} else {
			focus("#sheet .asked")
		}
	})
}

// filterGlossary shows the terms that hold what was typed.
func (s *state) filterGlossary(text string) {
	s.library.filter, s.library.term = text, ""
	s.turn.sheet++
}

func (s *state) glossary() app.UI {
	if s.texts == nil {
		return div("pad", s.explained(""))
	}
	l := &s.library
	terms := s.terms()
	sum := plural(len(terms), "word")
	if len(terms) == 0 {
		sum = "No word has “" + strings.TrimSpace(l.filter) + "” in it or in its meaning."
	}
	return div("pad",
		app.Label().Class("field", "lookup").Body(
			app.Span().Text("Find a word"),
			lineField("text", "find-word").DataSet("input", "glossary"),
		),
		app.P().Class("hint").Role("status").Text(sum),
		app.Dl().Class("terms").Body(app.Range(terms).Slice(func(i int) app.UI {
			dt := app.Dt().TabIndex(-1).Text(terms[i])
			if terms[i] == l.term {
				dt = dt.Class("asked")
			}
			return app.Div().Body(dt, app.Dd().Body(prose(s.texts[word+terms[i]])))
		})),
	)
}

// terms are the words of the glossary that have the filter in them, or in
// their meaning, in order.
func (s *state) terms() []string {
	look := strings.ToLower(strings.TrimSpace(s.library.filter))
	var terms []string
	for key, text := range s.texts {
		if term, ok := strings.CutPrefix(key, word); ok && strings.Contains(strings.ToLower(term+" "+text.plain()), look) {
			terms = append(terms, term)
		}
	}
	sort.Slice(terms, func(i, j int) bool { return strings.ToLower(terms[i]) < strings.ToLower(terms[j]) })
	return terms
}

// plain is a text without its marks.
func (t Text) plain() string {
	var b strings.Builder
	for _, block := range t {
		for _, p := range block.Phrases {
			b.WriteString(p.Text)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// explained is the text of an id, or why there is none.
func (s *state) explained(id string) app.UI {
	switch {
	case s.texts != nil:
		return prose(s.texts[id])
	case s.library.fault != "":
		return parOf("notice",
			app.Text("The explanations did not arrive ("+s.library.fault+"). Everything else works without them. "),
			small("texts", "", "Fetch them again"))
	}
	return par("hint", "The explanations are on their way.")
}

// Package explain holds what people may want to read about a rule, a field, an
// ASN.1 type or a word of the trade.
//
// It is for those who print or test the texts. The decoder does not need them,
// and the program in the browser does not hold them: cmd/build publishes the
// files, and the page fetches them after it has been drawn.
//
// The texts are Markdown files beside this one:
//
//	<id of a rule>.md   what the rule is for, who minds, what to do
//	fields.md           a heading and a text for each field
//	types.md            the same for each type, where a field has no text
//	glossary.md         the same for each word; other words for it stand
//	                    behind a slash, apart by commas
//
// A field is known by its label, or by the end of its path where one label
// means different things: "tbsCertificate/version".
//
//	text, ok := explain.Field("basicResponse/tbsResponseData/producedAt", "GeneralizedTime")
//
// Each fact in a text has its source in the references of the rule that it
// belongs to, or in those of the field.
package explain

import (
	"embed"
	"strings"
	"sync"

	"derscope/decode/report"
)

// FS holds the files that the texts are in.
//
//go:embed *.md
var FS embed.FS

// Text is an explanation in Markdown: paragraphs and `code`, nothing else.
type Text string

// Entry is a word and what it means.
type Entry struct {
	Term string
	Also []string // other spellings and words for the same
	Text Text
}

// Rule explains the rule of an id.
func Rule(id string) (Text, bool) {
	if isList(id) {
		return "", false
	}
	b, err := FS.ReadFile(id + ".md")
	return Text(strings.TrimSpace(string(b))), err == nil
}

// Field explains a field of a path of labels and of a type, as the page does:
// see report.TextKey.
func Field(path, typ string) (Text, bool) {
	texts := fieldTexts()
	t, ok := texts[report.TextKey(path, typ, func(key string) bool { return texts[key] != "" })]
	return t, ok
}

// The lists are read when the first field is asked for.
var fieldTexts = sync.OnceValue(func() map[string]Text {
	m := map[string]Text{}
	for _, e := range Fields() {
		m[e.Term] = e.Text
	}
	for _, e := range Types() {
		m["type "+e.Term] = e.Text
	}
	return m
})

// Fields are the fields that have a text of their own, by label or the end of
// a path.
func Fields() []Entry { return list("fields") }

// Types are the ASN.1 and TLS types.
func Types() []Entry { return list("types") }

// Glossary is the words of the trade, sorted.
func Glossary() []Entry { return list("glossary") }

// isList tells a file of many texts from that of one rule.
func isList(name string) bool {
	return name == "fields" || name == "types" || name == "glossary"
}

// list reads a file of many texts. Each begins with its term as a heading of
// the second level.
func list(name string) (all []Entry) {
	b, _ := FS.ReadFile(name + ".md")
	_, rest, more := strings.Cut("\n"+string(b), "\n## ")
	for more {
		var one string
		one, rest, more = strings.Cut(rest, "\n## ")
		term, text, _ := strings.Cut(one, "\n")
		e := Entry{Term: strings.TrimSpace(term), Text: Text(strings.TrimSpace(text))}
		if name == "glossary" {
			var also string
			if e.Term, also, _ = strings.Cut(e.Term, " / "); also != "" {
				e.Also = strings.Split(also, ", ")
			}
		}
		all = append(all, e)
	}
	return all
}

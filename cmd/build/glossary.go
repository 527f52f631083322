package main

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"derscope/decode/explain"
	"derscope/web"
)

// A linker turns the first occurrence of each term of the glossary in a text
// into a phrase that leads to its meaning.
type linker struct {
	find *regexp.Regexp
	term map[string]string // by spelling, in lower case
}

// newLinker knows the terms by all their spellings, with and without a plural.
func newLinker(glossary []explain.Entry) *linker {
	l := &linker{term: map[string]string{}}
	var spellings []string
	for _, e := range glossary {
		for _, s := range append([]string{e.Term}, e.Also...) {
			if slices.Contains(everyday, s) {
				continue
			}
			l.term[strings.ToLower(s)] = e.Term
			spellings = append(spellings, s)
		}
	}
	// The longest that fits is meant: must-staple, and not staple.
	slices.SortFunc(spellings, func(a, b string) int { return len(b) - len(a) })
	for i, s := range spellings {
		spellings[i] = regexp.QuoteMeta(s)
		if first := rune(s[0]); unicode.IsLower(first) { // a sentence may begin with it
			spellings[i] = "[" + string(unicode.ToUpper(first)) + string(first) + "]" + regexp.QuoteMeta(s[1:])
		}
	}
	l.find = regexp.MustCompile(`\b(` + strings.Join(spellings, "|") + `)(s|es)?\b`)
	return l
}

// everyday are spellings that mean something else more often than not.
var everyday = []string{"good", "GET", "hold", "open", "path", "root", "subject", "tag", "unknown"}

// link gives the text of a term, or of anything else, with its words linked.
func (l *linker) link(text web.Text, of string) web.Text {
	done := map[string]bool{of: true}
	var out web.Text
	for _, b := range text {
		if b.Kind == "pre" || b.Kind == "h" || b.Kind == "also" {
			out = append(out, b)
			continue
		}
		var phrases []web.Phrase
		for _, p := range b.Phrases {
			if p.Kind != "" {
				phrases = append(phrases, p)
				continue
			}
			at := 0
			for _, m := range l.find.FindAllStringSubmatchIndex(p.Text, -1) {
				term := l.term[strings.ToLower(p.Text[m[2]:m[3]])]
				if done[term] {
					continue
				}
				done[term] = true
				if m[0] > at {
					phrases = append(phrases, web.Phrase{Text: p.Text[at:m[0]]})
				}
				phrases = append(phrases, web.Phrase{Text: p.Text[m[0]:m[1]], Kind: "word", URL: term})
				at = m[1]
			}
			if at < len(p.Text) {
				phrases = append(phrases, web.Phrase{Text: p.Text[at:]})
			}
		}
		out = append(out, web.Block{Kind: b.Kind, Phrases: phrases})
	}
	return out
}

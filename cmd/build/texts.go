package main

import (
	"fmt"
	"regexp"
	"strings"

	"derscope/decode/explain"
	"derscope/web"
)

// texts publishes the explanations: of rules by their ids, of fields by their
// labels or the ends of their paths, of types as "type SEQUENCE", of words as
// "word nonce". They are parsed here, so the page needs no parser and puts no
// markup into the document that a text could have brought. Words of the
// glossary are linked to it.
func (s *site) texts() error {
	all := map[string]web.Text{}
	words := newLinker(explain.Glossary())
	add := func(id string, t explain.Text) error {
		text, err := parse(string(t))
		if err != nil {
			return fmt.Errorf("the explanation of %s: %w", id, err)
		}
		all[id] = words.link(text, strings.TrimPrefix(id, "word "))
		return nil
	}
	files, err := explain.FS.ReadDir(".")
	if err != nil {
		return err
	}
	for _, f := range files {
		id := strings.TrimSuffix(f.Name(), ".md")
		if t, ok := explain.Rule(id); ok {
			if err := add(id, t); err != nil {
				return err
			}
		}
	}
	for before, list := range map[string][]explain.Entry{"": explain.Fields(), "type ": explain.Types(), "word ": explain.Glossary()} {
		for _, e := range list {
			if err := add(before+e.Term, e.Text); err != nil {
				return err
			}
			if len(e.Also) > 0 {
				also := web.Block{Kind: "also", Phrases: []web.Phrase{{Text: strings.Join(e.Also, ", ")}}}
				all[before+e.Term] = append(web.Text{also}, all[before+e.Term]...)
			}
		}
	}
	s.asset("explanations", "explanations.bin", web.PackTexts(all))
	return nil
}

// parse reads the part of Markdown that explanations are written in:
// paragraphs, # headings, - lists, ``` blocks; in them `code`, *em*,
// **strong** and [text](https://…).
func parse(md string) (web.Text, error) {
	var text web.Text
	var block []string // lines of the paragraph or item that is open
	kind := ""
	var err error
	flush := func() {
		if len(block) == 0 {
			return
		}
		phrases, e := inline(strings.Join(block, " "))
		if e != nil && err == nil {
			err = e
		}
		text = append(text, web.Block{Kind: kind, Phrases: phrases})
		block, kind = nil, ""
	}
	lines := strings.Split(strings.ReplaceAll(md, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case line == "":
			flush()
		case strings.HasPrefix(line, "```"):
			flush()
			var code []string
			for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "```"; i++ {
				code = append(code, lines[i])
			}
			if i == len(lines) {
				return nil, fmt.Errorf("a ``` block does not end")
			}
			text = append(text, web.Block{Kind: "pre", Phrases: []web.Phrase{{Text: strings.Join(code, "\n")}}})
		case strings.HasPrefix(line, "#"):
			flush()
			kind, block = "h", []string{strings.TrimSpace(strings.TrimLeft(line, "#"))}
			flush()
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
			flush()
			kind, block = "li", []string{strings.TrimSpace(line[2:])}
		default:
			block = append(block, line)
		}
	}
	flush()
	return text, err
}

var marks = regexp.MustCompile("`([^`]+)`" + `|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)]+)\)`)

func inline(s string) (phrases []web.Phrase, err error) {
	plain := func(t string) {
		if t != "" {
			phrases = append(phrases, web.Phrase{Text: t})
		}
	}
	at := 0
	for _, m := range marks.FindAllStringSubmatchIndex(s, -1) {
		plain(s[at:m[0]])
		at = m[1]
		for i, kind := range []string{"code", "strong", "em", "a"} {
			if m[2+2*i] < 0 {
				continue
			}
			r := web.Phrase{Text: s[m[2+2*i]:m[3+2*i]], Kind: kind}
			if kind == "a" {
				r.URL = s[m[10]:m[11]]
				if !strings.HasPrefix(r.URL, "https://") {
					return nil, fmt.Errorf("the link %q is not an https one", r.URL)
				}
			}
			phrases = append(phrases, r)
			break
		}
	}
	plain(s[at:])
	return phrases, nil
}

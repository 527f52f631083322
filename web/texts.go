package web

import (
	"maps"
	"slices"
)

// What cmd/build publishes beside the program, fetched after the first paint.

// Text explains a rule or a field.
type Text []Block

// Block is a paragraph or the like.
type Block struct {
	Kind    string // "" paragraph, "h" heading, "li" item of a list, "pre" octets or commands, "also" other spellings
	Phrases []Phrase
}

// Phrase is a stretch of text of one sort.
type Phrase struct {
	Text string
	Kind string // "", "code", "em", "strong", "a", "word"
	URL  string // of "a"; of "word" the term in the glossary
}

// Texts fetches the explanations, by the id of a rule, the end of the path of
// a field, "type " and a type, or "word " and a term. done is called from the
// browser's event loop.
func Texts(done func(map[string]Text, error)) {
	fetch("explanations", func(b []byte, err error) {
		if err != nil {
			done(nil, err)
			return
		}
		done(UnpackTexts(b))
	})
}

// PackTexts gives the file that UnpackTexts reads.
func PackTexts(all map[string]Text) []byte {
	var p Packer
	p.Int(len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p.Text(id)
		p.Int(len(all[id]))
		for _, b := range all[id] {
			p.Text(b.Kind)
			p.Int(len(b.Phrases))
			for _, f := range b.Phrases {
				p.Text(f.Kind)
				p.Text(f.Text)
				p.Text(f.URL)
			}
		}
	}
	return p
}

// UnpackTexts reads the explanations.
func UnpackTexts(b []byte) (map[string]Text, error) {
	u := &unpacker{rest: b}
	n := u.count()
	all := make(map[string]Text, n)
	for range n {
		id := u.text()
		text := make(Text, u.count())
		for i := range text {
			text[i].Kind = u.text()
			text[i].Phrases = make([]Phrase, u.count())
			for j := range text[i].Phrases {
				text[i].Phrases[j] = Phrase{Kind: u.text(), Text: u.text(), URL: u.text()}
			}
		}
		all[id] = text
	}
	return all, u.fault
}

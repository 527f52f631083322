package web

import (
	"encoding/json"
	"time"
)

// What cmd/build publishes beside the program, fetched after the first paint.

// Text explains a rule or a field.
type Text []Block

// Block is a paragraph or the like.
type Block struct {
	Kind    string   `json:"k,omitempty"` // "" paragraph, "h" heading, "li" item of a list, "pre" octets or commands
	Phrases []Phrase `json:"p"`
}

// Phrase is a stretch of text of one sort.
type Phrase struct {
	Text string `json:"t"`
	Kind string `json:"k,omitempty"` // "", "code", "em", "strong", "a"
	URL  string `json:"u,omitempty"` // of "a"
}

// Example is something to look at, and what it teaches.
type Example struct {
	Title  string        `json:"title"`
	Lesson string        `json:"lesson"`
	Name   string        `json:"name"`
	At     time.Time     `json:"at,omitzero"` // the moment that it is to be judged at
	Nonce  []byte        `json:"nonce,omitempty"`
	Files  []ExampleFile `json:"files"`
}

// ExampleFile is one piece of evidence of an example.
type ExampleFile struct {
	Name  string `json:"name"`
	Role  string `json:"role,omitempty"`
	Bytes []byte `json:"base64"`
}

// Texts fetches the explanations, by the id of a rule or the label path of a
// field. done is called from the browser's event loop.
func Texts(done func(map[string]Text, error)) { fetchJSON("explanations", done) }

// Examples fetches the examples, in the order they are shown in. done is
// called from the browser's event loop.
func Examples(done func([]Example, error)) { fetchJSON("examples", done) }

func fetchJSON[T any](name string, done func(T, error)) {
	fetch(name, func(b []byte, err error) {
		var got T
		if err == nil {
			err = json.Unmarshal(b, &got)
		}
		done(got, err)
	})
}

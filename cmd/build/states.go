package main

import (
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// states are what the page says when it cannot simply work. They stand beside
// what the program draws, so that they hold without it; wasm/assets/states.js
// fills them in and shows them. One needs no script: "bare" is shown by the
// style sheet when no script has come after a while, and by the browser when
// no style sheet has come either.
func (s *site) states() *html.Node {
	program := strconv.Itoa(len(s.files[s.named["program"]]))
	line := func(tag atom.Atom) *html.Node { return element(tag, "", "data-line", "") }
	button := func(id, text string) *html.Node {
		return element(atom.Button, text, "id", id, "type", "button")
	}
	return with(element(atom.Div, "", "class", "states"),
		with(element(atom.Section, "", "id", "loading", "class", "state", "aria-label", "Start", "hidden", ""),
			with(element(atom.P, ""),
				element(atom.Label, "Loading the program.", "for", "progress"),
				element(atom.Span, "", "id", "loaded", "class", "hint")),
			element(atom.Progress, "", "id", "progress", "max", program),
			element(atom.P, "You can type, paste and drop already: it is read as soon as the program is here.", "class", "hint")),
		with(element(atom.Section, "", "id", "network", "class", "state", "role", "status", "hidden", ""), line(atom.P)),
		with(element(atom.Section, "", "id", "news", "class", "state", "role", "status", "hidden", ""),
			line(atom.P), line(atom.P),
			with(element(atom.Div, "", "class", "acts"), button("renew", "Reload now"), button("later", "Later"))),
		with(element(atom.Section, "", "id", "stopped", "class", "state bad", "role", "alert", "hidden", ""),
			line(atom.H2), line(atom.P), line(atom.P),
			with(element(atom.Div, "", "class", "acts"),
				button("again", "Try again"), button("rescue", "Copy what is in the box"), button("reload", "Reload the page"))),
		with(element(atom.Section, "", "id", "bare", "class", "state bad", "aria-label", "Trouble"),
			element(atom.P, "The page's own script has not come. Reload the page to try again. If it stays away, the site is not "+
				"whole, this browser is too old for it, or the page was opened as a file: then let a web server hand out its folder.")))
}

// with puts nodes into another.
func with(n *html.Node, in ...*html.Node) *html.Node {
	for i, c := range in {
		if i > 0 {
			n.AppendChild(&html.Node{Type: html.TextNode, Data: "\n"})
		}
		n.AppendChild(c)
	}
	return n
}

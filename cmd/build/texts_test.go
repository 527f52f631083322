package main

import (
	"cmp"
	"strings"
	"testing"

	"derscope/decode/explain"
	"derscope/web"
)

// shown is a text with its kinds: p{plain code{x} a{text https://…}}.
func shown(text web.Text) string {
	var b strings.Builder
	for _, block := range text {
		b.WriteString(cmp.Or(block.Kind, "p") + "{")
		for _, f := range block.Phrases {
			switch {
			case f.URL != "":
				b.WriteString(f.Kind + "{" + f.Text + " " + f.URL + "}")
			case f.Kind != "":
				b.WriteString(f.Kind + "{" + f.Text + "}")
			default:
				b.WriteString(f.Text)
			}
		}
		b.WriteString("}")
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, md, want string }{
		{"paragraphs", "One\ntwo.\n\nThree.", "p{One two.}p{Three.}"},
		{"heading and list", "# Why\n- a\n  b\n- c\n", "h{Why}li{a b}li{c}"},
		{"code block", "```\nopenssl *ocsp*\n  -x\n```", "pre{openssl *ocsp*\n  -x}"},
		{"in a line", "a `b*c*` **d** *e* f*g", "p{a code{b*c*} strong{d} em{e} f*g}"},
		{"link", "See [RFC 6960](https://www.rfc-editor.org/rfc/rfc6960).", "p{See a{RFC 6960 https://www.rfc-editor.org/rfc/rfc6960}.}"},
		{"markup is text", "<b onclick=x>&amp;", "p{<b onclick=x>&amp;}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := parse(c.md)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for md, want := range map[string]string{
		"[x](javascript:alert(1))": "not an https one",
		"[x](http://example.org/)": "not an https one",
		"```\nnever closed":        "does not end",
	} {
		if _, err := parse(md); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", md, err)
		}
	}
}

// The first occurrence of a term leads to its meaning; a longer one wins.
func TestLink(t *testing.T) {
	l := newLinker([]explain.Entry{
		{Term: "CA", Also: []string{"certification authority"}}, {Term: "nonce"}, {Term: "staple", Also: []string{"stapled"}},
		{Term: "must-staple"}, {Term: "hold", Also: []string{"on hold"}},
	})
	for _, c := range []struct{ of, md, want string }{
		{"", "Nonces of a CA, and of another CA.", "p{word{Nonces nonce} of a word{CA CA}, and of another CA.}"},
		{"nonce", "A nonce.", "p{A nonce.}"},
		{"", "With must-staple a stapled answer.\n\nA staple.", "p{With word{must-staple must-staple} a word{stapled staple} answer.}p{A staple.}"},
		{"", "It holds. They hold. Put on hold.", "p{It holds. They hold. Put word{on hold hold}.}"},
		{"", "`CA` and cas, nonsense", "p{code{CA} and cas, nonsense}"},
		{"", "```\nCA\n```", "pre{CA}"},
	} {
		text, err := parse(c.md)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(l.link(text, c.of)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

package report

import (
	"strings"
	"testing"
)

// What an input says stands in the ticket as text: it makes no link, no
// picture and no code.
func TestLiteral(t *testing.T) {
	for in, want := range map[string]string{
		"www.example.org":            "www.example.org",
		"![x](https://evil.example)": `!\[x\](https://evil.example)`,
		"<img src=x> & <b>":          `\<img src=x\> \& \<b\>`,
		"a_b _c_ *d*":                `a_b \_c\_ \*d\*`,
		"a|b`c":                      "a\\|b\\`c",
		"one\ntwo":                   `one\\ntwo`,
	} {
		if got := literal(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := spoken("say `a*b` and <i>"); got != "say `a*b` and \\<i\\>" {
		t.Errorf("got %q", got)
	}
}

func TestFence(t *testing.T) {
	r := small()
	r.Items[0].Wants = []Want{{Need: "issuer", Text: "the issuer", How: "echo ```` | sh"}}
	got := string(r.Markdown(0))
	if !strings.Contains(got, "  `````\n  echo ```` | sh\n  `````\n") {
		t.Errorf("a command with backquotes is not held together:\n%s", got)
	}
}

// Backquotes from the input do not lay bare what follows them.
func TestSpoken(t *testing.T) {
	for in, want := range map[string]string{
		"ask by `-at <TIME>`.":  "ask by `-at <TIME>`.",
		"a `b` and `c`":         "a `b` and `c`",
		"CN=a` <img src=x>":     "CN=a\\` \\<img src=x\\>",
		"CN=a``` <img src=x>":   "CN=a\\`\\`\\` \\<img src=x\\>",
		"CN=a`` <img src=x> `b": "CN=a\\`\\` \\<img src=x\\> \\`b",
	} {
		if got := spoken(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

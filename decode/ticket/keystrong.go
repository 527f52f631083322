package ticket

import (
	"bytes"

	"derscope/decode/check"
)

var keyStrengthRules = []check.Rule[*KeyView]{{
	ID: "stek.pattern", Group: keyStrong, Level: check.Must, Refs: "RFC 5077 §5.5; Hebrok et al., USENIX Security 2023",
	Title:    "The key has no pattern",
	Headline: "A key out of a pattern: anyone can open these tickets",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		best := check.Skip()
		for i := range v.Blocks {
			w := patternOfBlock(v.Blocks[i].Bytes)
			var o check.Outcome
			switch {
			case w.Words == "":
				o = check.Holds(v.at(i), "No pattern of the list, and none like them.")
			case w.Seen:
				o = check.Broken(v.at(i), "The key is %s: such keys were found on servers, and scanners try them first. Anyone can open these tickets. Make a new one with openssl rand 80.", w.Words)
			default:
				o = check.Doubtful(v.at(i), "The key is a pattern: %s. Whoever guesses it can open these tickets. Make a new one with openssl rand 80.", w.Words)
			}
			best = check.Worst(best, o)
		}
		return best
	},
}, {
	ID: "stek.parts", Group: keyStrong, Level: check.Must, Refs: "RFC 5077 §4; RFC 5077 §5.5",
	Title:    "Name, cipher key and MAC key are different",
	Headline: "Parts of the key repeat each other",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		best := check.Skip()
		for i := range v.Blocks {
			b := v.Blocks[i].Bytes
			n := len(b)
			if n != 48 && n != 80 || v.Form == FormH2O || v.Form == FormS2N {
				continue
			}
			half := (n - 16) / 2
			name, first, second := b[:16], b[16:16+half], b[16+half:]
			at := v.at(i)
			var o check.Outcome
			switch {
			case bytes.Equal(first, second):
				o = check.Broken(at, "The cipher key and the MAC key are the same octets: whoever breaks one has both. Make a new file of random octets.")
			case bytes.Contains(first, name) || bytes.Contains(second, name):
				o = check.Doubtful(at, "The key name is part of a key. The name is sent in clear with every ticket, and so is that part of the key.")
			case printableAll(b):
				o = check.Doubtful(at, "All octets of the key are printable: it was typed, or made of letters, and has far less strength than its %d octets could have.", n)
			case half == 32 && (bytes.Equal(first[:16], first[16:]) || bytes.Equal(second[:16], second[16:])):
				o = check.Doubtful(at, "A key of 32 octets is 16 octets written twice: it has half the strength.")
			default:
				o = check.Holds(at, "The three parts share nothing.")
			}
			best = check.Worst(best, o)
		}
		return best
	},
}}

// patternOfBlock looks at a whole key, and at the parts of a key file.
func patternOfBlock(b []byte) Weak {
	w := patternOf(b)
	n := len(b)
	if w.Words != "" || n != 48 && n != 80 {
		return w
	}
	half := (n - 16) / 2
	first, second := patternOf(b[16:16+half]), patternOf(b[16+half:])
	if first.Words == "" || second.Seen {
		return second
	}
	return first
}

func printableAll(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

package ticket

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

var strengthRules = []check.Rule[*View]{{
	ID: "ticket.weak-key", Group: groupStrong, Level: check.Must, Refs: "RFC 5077 §5.5; CVE-2020-13777; Hebrok et al., USENIX Security 2023",
	Title:    "The key is not one that anybody can guess",
	Headline: "Opened: the key fits, and it is a guessable one",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		weak, at := v.Opening.Weak, v.at(KeyName)
		switch {
		case !v.Proved() && v.Guess.Patterns == 0:
			return check.Skip() // nothing is sealed here
		case v.Proved() && weak.Words == "":
			return check.Holds(at, "The key that opens it has no pattern of the %d that are looked for.", len(fills))
		case !v.Proved() && v.Guess.Patterns < v.Guess.Of:
			return check.Note(at, "The first %d of the list's %d patterns do not open it; the ticket is too long for all of them.", v.Guess.Patterns, v.Guess.Of)
		case !v.Proved():
			return check.Holds(at, "None of the %d patterns that are tried first opens it, in any layout that fits.", v.Guess.Patterns)
		}
		what := "It opens under a key that is a pattern: " + weak.Words + "."
		if v.Opening.Layout == gnutls && weak.Words == fills[0].weak.Words && allZero(v.octets(KeyName)) {
			return check.Broken(at, "It opens under the all-zero key that GnuTLS 3.6.4 to 3.6.13 used until the first rotation (CVE-2020-13777). Scanners try this first, and whoever knows of it owns every session under it: update GnuTLS.")
		}
		if weak.Seen {
			return check.Broken(at, "%s Scanners try this first, and whoever guesses the key owns every session under it. Make a new one with openssl rand 80.", what)
		}
		return check.Doubtful(at, "%s Whoever guesses the key owns every session under it. Make a new one with openssl rand 80.", what)
	},
}, {
	ID: "ticket.protection", Group: groupStrong, Level: check.Should, Refs: "RFC 9325 §3.4; RFC 5077 §5.2; RFC 5077 §5.5",
	Title:    "The ticket is protected as well as the session in it",
	Headline: "Opened: the ticket is protected less well than the session in it",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Status != Opened {
			return check.Skip()
		}
		at := v.at(MAC)
		if l := v.layout(); v.Opening.MAC == "HMAC-SHA-1" && l != nil && l.ID == "gnutls" {
			return check.Note(at, "The MAC is HMAC-SHA-1, as in every ticket of GnuTLS, which has no other. Nothing new should use it; no attack on it in this place is known.")
		}
		if v.Opening.MAC == "HMAC-SHA-1" {
			return check.Doubtful(at, "The MAC is HMAC-SHA-1, which nothing new should use: build with SHA-256.")
		}
		bits := keyBits(v.Opening.Cipher)
		if v.State == nil || !v.State.Cipher.OK || bits == 0 {
			return check.Skip()
		}
		s, ok := suite.Lookup(v.State.Cipher.Value)
		if !ok || s.KeyLen == 0 {
			return check.Skip()
		}
		if need := 8 * s.KeyLen; bits < need && s.Cipher != "3DES_EDE" {
			return check.Doubtful(v.at(Ciphertext), "The session is %s with %d bits, and the ticket that holds its secret is sealed with %s: the weaker link decides. Use an 80-octet key file, which means AES-256.", s.Name, need, v.Opening.Cipher)
		}
		return check.Holds(at, "%s seals a session of %s.", v.Opening.Cipher, s.Name)
	},
}, {
	ID: "ticket.entropy", Group: groupStrong, Level: check.Must, Refs: "RFC 5077 §4",
	Title:    "The sealed part looks like noise",
	Headline: "The sealed part has a pattern: it is not well encrypted",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		l := v.layout()
		b := v.octets(Ciphertext)
		if l == stateful || l == plaintext || len(b) < 64 {
			return check.Skip()
		}
		at := v.at(Ciphertext)
		if i, j, ok := sameBlock(b); ok {
			return check.Broken(at, "The blocks of 16 octets at %d and %d of the sealed part are the same. Good encryption does not repeat itself: this looks like ECB, or no encryption.", i, j)
		}
		if i, ok := runOf(b, 8, func(a, c byte) bool { return a == c }); ok {
			return check.Doubtful(at, "Eight octets in a row are the same, at %d of the sealed part. By chance this happens once in 2^56 octets.", i)
		}
		printable := func(_, c byte) bool { return c >= ' ' && c <= '~' }
		if i, ok := runOf(b, 17, printable); ok {
			return check.Doubtful(at, "Sixteen octets in a row are printable, at %d of the sealed part. By chance this happens once in ten million octets.", i+1)
		}
		return check.Holds(at, "No block of 16 octets stands in it twice, and there is no run of equal or printable octets.")
	},
}}

// keyBits reads the key length out of a cipher's name.
func keyBits(cipher string) int {
	for words, bits := range map[string]int{"AES-128": 128, "AES-192": 192, "AES-256": 256, "ChaCha20": 256} {
		if len(cipher) >= len(words) && cipher[:len(words)] == words {
			return bits
		}
	}
	return 0
}

// sameBlock finds two aligned blocks of 16 octets that are equal.
func sameBlock(b []byte) (i, j int, ok bool) {
	seen := make(map[[16]byte]int, len(b)/16)
	for at := 0; at+16 <= len(b); at += 16 {
		k := [16]byte(b[at : at+16])
		if first, twice := seen[k]; twice {
			return first, at, true
		}
		seen[k] = at
	}
	return 0, 0, false
}

// runOf finds n octets in a row of which each goes on from the one before it.
func runOf(b []byte, n int, on func(before, c byte) bool) (int, bool) {
	run := 1
	for i := 1; i < len(b); i++ {
		if !on(b[i-1], b[i]) {
			run = 1
			continue
		}
		if run++; run == n {
			return i - n + 1, true
		}
	}
	return 0, false
}

var crossRules = []check.Rule[*View]{{
	ID: "ticket.nonce-reuse", Group: groupStrong, Level: check.Must, Refs: "NIST SP 800-38A App. B; NIST SP 800-38D §8",
	Title:    "No other ticket has the same nonce or keystream",
	Headline: "Two tickets were sealed with one keystream",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		m, l := v.marks, v.layout()
		if l == nil || m.compared == 0 || l == stateful || l == plaintext {
			return check.Skip()
		}
		name := v.octets(KeyName)
		oneKey := func(i int) bool { // as far as can be told
			p, ok := partOf(v.partsOf(&v.others[i]), KeyName)
			return !ok || bytes.Equal(v.others[i].t.Bytes[p.Off:p.End()], name)
		}
		switch {
		case m.stream >= 0 && oneKey(m.stream) && m.known:
			return check.Broken(v.at(Ciphertext), "The XOR of this ciphertext and that of another ticket here holds the XOR of the two sessions' secrets: both were made with one keystream, and whoever knows one session has the other.").And(v.others[m.stream].t.Ref)
		case m.stream >= 0 && oneKey(m.stream):
			return check.Broken(v.at(Ciphertext), "%s in a row of this ciphertext are the same in another ticket here: both were made with one keystream, so one session gives the other away.", report.Plural(m.run, "octet", "octets")).And(v.others[m.stream].t.Ref)
		case m.nonce >= 0 && oneKey(m.nonce) && l.counters && v.named():
			return check.Broken(v.at(Nonce), "Another ticket here has the same nonce under the same key. With %s that gives both states away.", l.Sealed).And(v.others[m.nonce].t.Ref)
		case m.nonce >= 0 && oneKey(m.nonce):
			return check.Doubtful(v.at(Nonce), "Another ticket here has the same IV under the same key: equal beginnings of their states can be seen. IVs must be random.").And(v.others[m.nonce].t.Ref)
		}
		return check.Holds(v.at(Nonce), "Its IV and keystream are its own among %s here.", report.Plural(m.compared+1, "ticket", "tickets"))
	},
}}

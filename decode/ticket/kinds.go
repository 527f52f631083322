package ticket

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/session"
)

// Tickets is the kind of session tickets.
var Tickets = check.Of(check.Kind{
	Name: "session-ticket", Title: "Session ticket", Spec: rfc5077("4"),
	Match: matchTicket, Derive: derive, Rules: check.Catalogue(rules...),
}, read, look, judge)

// KeyFiles is the kind of ticket keys.
var KeyFiles = check.Of(check.Kind{
	Name: "ticket-key", Title: "Ticket key", Spec: rfc5077("5.5"), Secret: true, Marks: true, Whole: true,
	Match: matchKeys, Rules: check.Catalogue(keyRules...),
}, readKeys, lookKeys, judgeKeys)

// matchTicket says how well octets fit. A ticket that stands by itself has no
// sign but its length: the score is low, so that whatever has one goes first.
func matchTicket(k check.Candidate) check.Match {
	n := len(k.Bytes)
	switch {
	case k.Hint == "session-ticket":
		return check.Match{Score: 100, Why: "it stands where a session ticket does"}
	case k.Text || k.Hint != "" || k.Label != "" || n < 64 || n > 1<<16 || !noise(k.Bytes):
		return check.Match{}
	}
	if e, err := der.Next(k.Bytes, 0, n); err == nil && e.End() == n {
		return check.Match{}
	}
	switch n {
	case 64, 80: // keys have these sizes, and those of NSS the same marker
		return check.Match{}
	}
	list, marked := candidates(k.Bytes)
	switch {
	case marked != "":
		return check.Match{Score: 60, Why: "it begins as a ticket of " + layoutOf(marked).Title + " does"}
	case len(list) > 0 && list[0].Strong && list[0].Layout != plaintext:
		return check.Match{Score: 60, Why: list[0].Why}
	}
	switch n {
	case 256, 384, 512: // as long as signatures are
		return check.Match{}
	case 105, 113, 121, 123, 129:
	default:
		if n < 160 || n > 4096 || (n-64)%16 != 0 {
			return check.Match{}
		}
	}
	if len(list) == 0 {
		return check.Match{}
	}
	return check.Match{Score: 12, Why: list[0].Why}
}

// noise says that octets look as encrypted ones do: as many of them differ as
// would by chance, or nearly so.
func noise(b []byte) bool {
	var seen [256]bool
	distinct, expect, free := 0, 0.0, 1.0
	for _, c := range b {
		if !seen[c] {
			seen[c] = true
			distinct++
		}
		expect += free
		free *= 255.0 / 256
	}
	return float64(distinct) >= 0.8*min(expect, 256)
}

// matchKeys says how well octets or text fit. Bare octets are taken for a key
// only beside a ticket.
func matchKeys(k check.Candidate) check.Match {
	n := len(k.Bytes)
	switch {
	case k.Hint == "ticket-key":
		return check.Match{Score: 100, Why: "it was given as a ticket key"}
	case k.Text && n < 1<<16:
		return matchKeyText(k.Bytes)
	case k.Text || k.Hint != "" || k.Label != "":
		return check.Match{}
	}
	for _, kind := range k.Beside {
		if kind != "session-ticket" {
			continue
		}
		switch n {
		case 32, 48, 64, 80:
			return check.Match{Score: 40, Why: "it stands beside a session ticket, and is as long as a ticket key is"}
		}
	}
	return check.Match{}
}

// matchKeyText knows the forms of text that nothing else has.
func matchKeyText(b []byte) check.Match {
	lines := textLines(b)
	cipher, key, base := 0, 0, 0
	for _, l := range lines {
		switch name, value := member(l.text); {
		case name == "cipher" && strings.Contains(strings.ToUpper(value), "AES"):
			cipher++
		case name == "key" && len(value) >= 64:
			key++
		}
		// Lines of 48 octets are what any base64 is wrapped to, 64 letters each.
		if len(l.text) < 107 {
			continue
		}
		if m, ok := base64Line(l.text); ok && len(m.Bytes) == 80 {
			base++
		}
	}
	switch {
	case cipher > 0 && key > 0:
		return check.Match{Score: 80, Why: "it names a cipher and a key as h2o's ticket keys do"}
	case base >= 2 && base == len(lines):
		return check.Match{Score: 80, Why: "each line is 80 octets in base64, as HAProxy's ticket keys are"}
	case base >= 2 && 2*base > len(lines):
		return check.Match{Score: 80, Why: "most lines are 80 octets in base64, as HAProxy's ticket keys are"}
	}
	return check.Match{}
}

// derive makes an item of what is inside a ticket.
func derive(c *check.Context, v any) []check.Derived {
	t := v.(*Ticket)
	if t.Best() == plaintext {
		return []check.Derived{{Bytes: t.Bytes, Hint: "tls-session", Name: "ticket", How: "it is not encrypted", Secret: true, Given: session.Opened{}}}
	}
	o := t.open(c, ringOf(c))
	if o.Plain == nil || o.Status != Opened {
		return nil
	}
	return []check.Derived{{Bytes: o.Plain, Hint: "tls-session", Name: "ticket, opened", How: "opened with " + o.with(), Secret: true, Given: session.Opened{}}}
}

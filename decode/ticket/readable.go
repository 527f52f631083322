package ticket

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
)

// longest is a size beyond which a ticket does not fit into a ClientHello that
// every server takes.
const longest = 4096

var layoutRules = []check.Rule[*View]{{
	ID: "ticket.layout", Group: groupReadable, Level: check.Should, Refs: "RFC 5077 §4",
	Title:    "The layout of the ticket is known",
	Headline: "No known layout fits these octets",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		n := len(v.Bytes)
		list := v.Candidates
		size := report.Plural(n, "octet", "octets")
		switch {
		case n < 32:
			return check.Doubtful(v.Ref, "The ticket has %s. OpenSSL takes none under 32 octets: its ticket callback sees NO_DECRYPT at once. Copy the whole ticket.", size)
		case n > longest:
			return check.Doubtful(v.Ref, "The ticket has %s; over %s it makes a ClientHello that some servers and middleboxes refuse. See what the server puts into it: a client certificate, application data.", size, report.Count(longest))
		case v.Proved():
			why := "A MAC that holds decided: it is the layout of " + v.Opening.Layout.Title + "."
			if also := v.also(); also != "" {
				why += " By its length it also fits " + also + "."
			}
			return check.Holds(v.Ref, "%s", why)
		case v.Status == WrongMAC && v.layout() != nil:
			return check.Note(v.Ref, "It begins with the name of a key that was given, so it has the layout of %s.", v.layout().Title)
		case len(list) == 0:
			return check.Doubtful(v.Ref, "%s fit no layout that is known. The server may have one of its own, or the ticket was cut: compare its length with that in the NewSessionTicket.", size)
		case list[0].Layout == stateful:
			return check.Note(v.Ref, "32 octets hold no sealed state. In TLS 1.3 this is what a server sends that keeps its sessions in a table: a key of that table, with nothing inside to open.")
		case list[0].Strong:
			return check.Holds(v.Ref, "%s: %s.", list[0].Layout.Title, list[0].Why)
		}
		why := "It may be of " + list[0].Layout.Title + ": " + list[0].Why + "."
		if len(list) > 1 {
			why += " By its length it also fits " + titles(list, 1) + "."
		}
		if m := v.marks; m.prefix >= 0 && m.common >= 4 {
			why += " " + sharedPrefix(m.common)
		}
		return check.Needs("ticket-key", v.Ref, "%s Only the ticket key decides.", why)
	},
}, {
	ID: "ticket.length-field", Group: groupReadable, Level: check.Must, Refs: "RFC 5077 §4",
	Title:    "Length, blocks and total add up",
	Headline: "The ticket is cut off, or something was copied with it",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if l := layoutOf(v.Marked); l != nil {
			return check.Broken(v.Ref, "The ticket begins with the marker of %s, and its %s do not add up to that layout: copy it again, without what stands before and after it.",
				l.Title, report.Plural(len(v.Bytes), "octet", "octets"))
		}
		p, ok := partOf(v.parts(), Length)
		if !ok || !v.named() {
			return check.Skip()
		}
		ct, _ := partOf(v.parts(), Ciphertext)
		return check.Holds(v.node(p), "The length field says %d, and so many octets of ciphertext stand between it and the MAC.", ct.Len)
	},
}, {
	ID: "ticket.extra-length", Group: groupReadable, Level: check.Should, Refs: "RFC 5077 §A",
	Title:    "Nothing but the ticket was copied",
	Headline: "Octets that do not belong to the ticket were copied with it",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		n := len(v.Bytes)
		switch {
		case v.Front+v.Back > 0:
			var parts []string
			if v.Front > 0 {
				parts = append(parts, "the first "+report.Plural(v.Front, "octet", "octets"))
			}
			if v.Back > 0 {
				parts = append(parts, "the last "+report.Plural(v.Back, "octet", "octets"))
			}
			return check.Doubtful(v.Ref, "The MAC holds only without %s: %s. Leave them out when you copy the ticket.", report.Enumerate(parts), extraWords(v.Front))
		case n > 2 && int(v.Bytes[0])<<8|int(v.Bytes[1]) == n-2:
			return check.Doubtful(v.Ref, "The first two octets say %d, which is how many follow: it is the length before the ticket, which is not part of it (or the form of RFC 4507). Leave them out.", n-2)
		}
		return check.Holds(v.Ref, "It does not begin with its own length.")
	},
}, {
	ID: "ticket.plaintext", Group: groupReadable, Level: check.Must, Refs: "RFC 5077 §5; RFC 5077 §5.7",
	Title:    "The state is encrypted",
	Headline: "Not encrypted: everybody on the way can read the session",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Best() == plaintext {
			return check.Broken(v.Ref, "The octets read as a session state without any key: whoever sees the ticket has the session's secret. Turn ticket encryption on, and treat these sessions as disclosed.")
		}
		return check.Holds(v.Ref, "No known state can be read without a key.")
	},
}}

// also names the further layouts that the length allows.
func (v *View) also() string {
	var words []string
	for _, c := range v.Candidates {
		if c.Layout != v.Opening.Layout {
			words = append(words, c.Layout.Title)
		}
	}
	return report.Enumerate(words)
}

// sharedPrefix says what equal first octets of two tickets speak for.
func sharedPrefix(n int) string {
	words := "The first " + report.Plural(n, "octet is", "octets are") + " the same as in another ticket here"
	switch {
	case n >= 16:
		return words + ": a key name of 16 octets."
	case n >= 12:
		return words + ", which speaks for Botan."
	}
	return words + ", which speaks for a key name of 4 octets (Mbed TLS, Java)."
}

// extraWords says what the octets in front of a ticket are.
func extraWords(front int) string {
	return strings.TrimSpace(map[int]string{
		0:  "they follow the ticket",
		2:  "they are the length before the ticket",
		4:  "they are the type and the length of the extension",
		6:  "they are the lifetime hint and the length in a NewSessionTicket",
		10: "they are the header, the lifetime hint and the length of a NewSessionTicket",
	}[front])
}

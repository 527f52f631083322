// Package ticket reads TLS session tickets and the keys that seal them: it says
// which programs' layout a ticket may have, opens it where a key fits, and
// judges ticket and key.
//
//	keys := ticket.Keys(c)                       // all that was given
//	o := ticket.Open(t.Bytes, keys)              // every order, every layout that fits
//	if o.Status == ticket.Opened {
//		states := session.Parse(o.Plain)
//	}
//
// # Why is a layout only a candidate?
//
// A ticket is opaque to everybody but the server that made it (RFC 5077,
// section 4; RFC 9846, section 4.7.1), and nothing in it names its format. What
// its length and a few fixed octets allow is a list with reasons. A MAC that
// holds is a fact.
//
// # In which order is a ticket opened?
//
// MAC or tag first, then decryption, then the state inside. A ticket whose MAC
// does not hold is never decrypted, here as in the programs.
//
// Sources: RFC 5077; the source code of OpenSSL, BoringSSL, Go, GnuTLS, NSS,
// Mbed TLS, wolfSSL, rustls, s2n-tls, OpenJDK, fizz, Botan, picotls, nginx,
// Apache httpd, HAProxy and Traffic Server, as named at each layout.
package ticket

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Ticket is the value of the kind session-ticket.
type Ticket struct {
	Ref   report.Ref
	Bytes []byte
	// Candidates are the layouts that the octets allow, the likeliest first.
	Candidates []Candidate
	// Parts are those of the first candidate, with their nodes.
	Parts []Part
	// Marked names the layout whose marker stands in front although the rest
	// does not add up to it; "" if there is none.
	Marked string

	weakly *Guess // made once: it does not depend on anything beside the ticket
	under  []attempt
}

// attempt is what the keys of some files make of a ticket. Every ticket beside
// it asks for that again, so it is kept.
type attempt struct {
	files []*KeyFile
	o     Opening
}

// openWith opens the ticket with the keys at hand.
func (t *Ticket) openWith(r ring, thorough bool) Opening {
	for i := range t.under {
		if slices.Equal(t.under[i].files, r.files) {
			return t.under[i].o
		}
	}
	o := openBounded(t.Bytes, r.keys, thorough)
	t.under = append(t.under, attempt{r.files, o})
	return o
}

// guess is what the list of weak keys makes of the ticket.
func (t *Ticket) guess() *Guess {
	if t.weakly == nil {
		g := Weakly(t.Bytes)
		t.weakly = &g
	}
	return t.weakly
}

// first says that the ticket is one of those that guessing, and trying keys on
// it with octets left out, is worth its time for.
func (t *Ticket) first(c *check.Context) bool {
	n := 0
	for _, e := range c.Exhibits {
		if other, ok := e.Value.(*Ticket); ok {
			if other == t {
				return true
			}
			if n++; n >= mostTickets {
				return false
			}
		}
	}
	return true
}

// open opens the ticket with the keys, or else with one of the list.
func (t *Ticket) open(c *check.Context, r ring) Opening {
	first := t.first(c)
	o := t.openWith(r, first)
	if !first {
		return o
	}
	if g := t.guess(); g.Status > o.Status && g.Proved() {
		return g.Opening
	}
	return o
}

// Candidate is a layout that a ticket may have.
type Candidate struct {
	Layout *Layout
	Strong bool   // its structure nearly proves it; else only the length fits
	Why    string // for people
}

// Part is a run of a ticket's octets.
type Part struct {
	Role Role
	Off  int
	Len  int
	Ref  report.Ref // None in an Opening
}

// End is the offset of the first octet after the part.
func (p Part) End() int { return p.Off + p.Len }

// Best is the likeliest candidate, or nil.
func (t *Ticket) Best() *Layout {
	if len(t.Candidates) == 0 {
		return nil
	}
	return t.Candidates[0].Layout
}

// Strong says that the structure speaks for the first candidate.
func (t *Ticket) Strong() bool { return len(t.Candidates) > 0 && t.Candidates[0].Strong }

func rfc5077(section string) spec.Ref { return spec.RFC(5077, section) }

// read makes nodes of the parts of the likeliest layout. Keys are not known
// here: where one proves another layout, the rules say so.
func read(r *field.Reader) *Ticket {
	t := &Ticket{Bytes: r.Left()}
	t.Candidates, t.Marked = candidates(t.Bytes)
	r.Cite(rfc5077("4"))
	t.Ref = r.Struct("sessionTicket", func(r *field.Reader) {
		l := t.Best()
		if l == nil {
			if m := layoutOf(t.Marked); m != nil {
				t.Parts = m.readBroken(r)
				return
			}
			octets(r, "octets", len(t.Bytes))
			return
		}
		t.Parts = l.read(r, t.Bytes)
	})
	if l := t.Best(); l != nil {
		r.Show(t.Ref, "fits the layout of "+l.Title+", "+report.Plural(len(t.Bytes), "octet", "octets"))
	}
	return t
}

// octets makes n octets a leaf, however many there are.
func octets(r *field.Reader, label string, n int) report.Ref {
	ref := r.Fixed(label, n).Ref
	if n > 32 {
		r.Show(ref, report.Plural(n, "octet", "octets"))
	}
	return ref
}

// partOf gives the first part of a role.
func partOf(parts []Part, role Role) (Part, bool) {
	for _, p := range parts {
		if p.Role == role {
			return p, true
		}
	}
	return Part{Ref: report.None}, false
}

package ticket

import (
	"strings"

	"derscope/decode/session"
)

// Status is how far a ticket could be opened.
type Status uint8

const (
	Sealed      Status = iota // no key was given
	NameUnknown               // keys were given, and none is of this name or opens it
	WrongMAC                  // a key of this name was given, and the MAC does not hold under it
	Unreadable                // the MAC holds, and no known state is inside
	Opened
)

var statusWords = [...]string{"sealed", "key name unknown", "wrong MAC", "state unreadable", "opened"}

// String is the status in words.
func (s Status) String() string { return statusWords[s] }

// Opening is what keys make of a ticket.
type Opening struct {
	Status Status
	Layout *Layout // that a MAC proved; below Unreadable that of the name that is equal, or nil
	Key    *Key    // that fits, or the first whose name does; nil: none
	Order  Order   // of Key
	Cipher string  // that the state was sealed with: «AES-256-CBC»
	MAC    string  // «HMAC-SHA-256»; "" of an AEAD
	// Hint says that the MAC holds only as another program cuts the key file.
	Hint  string
	Plain []byte // the state, from Unreadable on
	// Session is the format of the state, as package session names it.
	Session string
	parsed  *session.Session // it, without nodes; nil below Opened
	Parts   []Part           // of Layout
	Weak    Weak             // what is wrong with the key, if it is a pattern
	Tried   []string
	// Front and Back count the octets that had to be left out for the MAC to hold.
	Front, Back int
	Step        int64  // of GnuTLS; 0: none
	Why         string // it is unreadable
}

// Proved says that a MAC or tag holds.
func (o *Opening) Proved() bool { return o.Status >= Unreadable }

// with names what the ticket was opened with, without a secret.
func (o *Opening) with() string {
	if o.Key == nil {
		return ""
	}
	how := o.Cipher
	if o.MAC != "" {
		how += " and " + o.MAC
	}
	if o.Key.File < 0 {
		return "a key that anybody can guess, " + o.Weak.Words + ": " + how
	}
	return "the ticket key of " + o.Key.Program + ": " + how
}

// mostKeys bounds the readings that are tried on one ticket.
const mostKeys = 4096

// shape is a layout that a ticket's length allows, with its parts.
type shape struct {
	layout *Layout
	parts  []Part
	sealed sealedParts
}

// shapes are the sealed layouts that octets can have.
func shapes(b []byte) (list []shape) {
	for _, l := range layouts {
		if l == stateful || l == plaintext {
			continue
		}
		if parts, ok := l.split(b); ok {
			list = append(list, shape{l, parts, l.sealedParts(b, parts)})
		}
	}
	return list
}

// Open tries every key, in every order, on every layout that fits, and then
// with octets left out that are often copied along with a ticket.
func Open(t []byte, keys []Key) Opening { return openBounded(t, keys, true) }

// openBounded is Open; only if it is thorough, octets are left out.
func openBounded(t []byte, keys []Key, thorough bool) Opening {
	if len(keys) == 0 {
		return Opening{}
	}
	keys = keys[:min(len(keys), mostKeys)]
	o := open(t, keys)
	if o.Status >= Unreadable || !thorough {
		return o
	}
	for _, front := range []int{0, 2, 4, 6, 10} {
		for back := range 3 {
			if front+back == 0 || len(t) < front+back+44 {
				continue
			}
			if p := open(t[front:len(t)-back], keys); p.Proved() {
				p.Front, p.Back = front, back
				for i := range p.Parts {
					p.Parts[i].Off += front
				}
				return p
			}
		}
	}
	return o
}

func open(t []byte, keys []Key) Opening {
	o := Opening{Status: NameUnknown}
	for _, s := range shapes(t) {
		for i := range keys {
			k := &keys[i]
			if !k.fits(s.layout) {
				continue
			}
			same, known := k.sameName(s.layout, s.sealed)
			if known && !same {
				continue
			}
			u := k.unseal(s.layout, s.sealed)
			if !u.proved {
				if known && o.Status < Unreadable {
					if o.Status < WrongMAC {
						o = Opening{Status: WrongMAC, Layout: s.layout, Key: k, Order: k.Order, Parts: s.parts}
					}
					o.tried(k, s.layout)
				}
				continue
			}
			p := k.opening(s, u)
			if p.Status == Opened {
				p.Hint = hint(keys, k)
			}
			// Another file can hold the key in its program's own order: whichever
			// was given first, that one counts.
			if p.Status > o.Status || p.Status == Opened && p.Hint == "" {
				o = p
			}
			if o.Status == Opened && o.Hint == "" {
				return o
			}
		}
	}
	if o.Status == Unreadable {
		o.Hint = hint(keys, o.Key)
	}
	return o
}

// tried notes a reading whose MAC does not hold.
func (o *Opening) tried(k *Key, l *Layout) {
	words := l.Title
	if k.scheme == block && !k.h2o {
		words = orderWords[k.Order] + ", as " + reads(k.Program)
	}
	for _, w := range o.Tried {
		if w == words {
			return
		}
	}
	o.Tried = append(o.Tried, words)
}

// opening is what a proved ticket holds.
func (k *Key) opening(s shape, u unsealed) Opening {
	o := Opening{Status: Unreadable, Layout: s.layout, Key: k, Order: k.Order, Cipher: k.Cipher, MAC: k.MAC,
		Plain: u.plain, Parts: s.parts, Step: u.step, Why: u.why, Weak: k.pattern()}
	if u.cipher != "" {
		o.Cipher = u.cipher
	}
	if u.mac != "" {
		o.MAC = u.mac
	}
	if u.plain == nil {
		return o
	}
	states := session.Parse(u.plain)
	if len(states) == 0 {
		o.Why = "the MAC holds, and no program's state is known that reads like this"
		return o
	}
	o.Status, o.Session, o.parsed = Opened, states[0].Format, states[0]
	return o
}

// hint says how the key's program would read the file, where only another
// program's order fits.
func hint(keys []Key, fits *Key) string {
	if fits.Said || fits.Letters {
		return ""
	}
	for i := range keys {
		k := &keys[i]
		if k.Said && k.File == fits.File && k.Place == fits.Place && k.scheme == fits.scheme && k.Order != fits.Order {
			return k.Program + " reads the file as " + orderWords[k.Order] + "; the MAC holds as " + reads(fits.Program) + ": " + orderWords[fits.Order]
		}
	}
	return ""
}

// reads says of a program, or of several, that they read something.
func reads(program string) string {
	if strings.Contains(program, " and ") {
		return program + " read it"
	}
	return program + " reads it"
}

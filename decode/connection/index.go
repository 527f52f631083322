package connection

import (
	"bytes"
	"slices"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/session"
	"derscope/decode/ticket"
)

// index is what all connections look things up in: a capture holds many of
// them, and not each is to look through everything.
type index struct {
	exhibits []check.Exhibit
	inside   map[int][]int // what an exhibit carries
	hellos   []Other
	keys     []ticket.Key
	sessions []Session
	files    map[string]int                // sessions of clients, by their ticket: index into sessions
	twins    map[string][]*session.Session // further ones with the same ticket and another secret
	issued   map[string]origin
	opened   map[string]ticket.Opening
	marks    map[string][]int // handshakes with a value, by the value
	certs    []check.Found[*cert.Certificate]
	secrets  []check.Found[*cert.PrivateKey]
	logs     []secretBook

	// What is worked out when it is first asked for.
	private []privateKey                             // see privateKeys
	psks    [][]byte                                 // see shared
	masks   map[uint64][]*handshake.NewSessionTicket // see sameMask
}

// origin is the message that gave a ticket.
type origin struct {
	nst  *handshake.NewSessionTicket
	item int
	at   time.Time
}

// openings bounds the tickets that are tried with the keys: each costs a MAC for
// every reading of every key.
const openings = 2048

// mostTwins bounds the sessions with one ticket and different secrets.
const mostTwins = 8

// indexOf makes the index of the exhibits, once.
func indexOf(c *check.Context) *index {
	type key struct{}
	x, _ := c.Once(key{}, func() any { return newIndex(c) }).(*index)
	return x
}

func newIndex(c *check.Context) *index {
	// Nobody is special: what is left out is left out for everybody.
	all := check.Context{Exhibits: c.Exhibits, Self: -1}
	x := &index{exhibits: c.Exhibits, inside: map[int][]int{}, files: map[string]int{}, twins: map[string][]*session.Session{}, issued: map[string]origin{}, opened: map[string]ticket.Opening{}, marks: map[string][]int{}}
	for i, e := range c.Exhibits {
		if e.Carrier >= 0 {
			x.inside[e.Carrier] = append(x.inside[e.Carrier], i)
		}
		if all.LeftOut(e) {
			continue
		}
		if l, ok := e.Value.(secretBook); ok {
			x.logs = append(x.logs, l)
		}
		switch is := e.Value.(type) {
		case *handshake.Handshake:
			x.hellos = append(x.hellos, Other{e.Item, is, is.ClientHello(), is.ServerHello()})
			for k := range is.Events {
				x.note(&is.Events[k], e.Item)
			}
		case *handshake.NewSessionTicket:
			x.give(is, e.Item, time.Time{})
		case *session.Session:
			x.sessions = append(x.sessions, Session{e.Item, e.Carrier, is})
			if t := is.Ticket; t.OK && len(t.Value) > 0 {
				if first, seen := x.files[string(t.Value)]; !seen {
					x.files[string(t.Value)] = len(x.sessions) - 1
				} else if list := x.twins[string(t.Value)]; len(list) < mostTwins && !bytes.Equal(x.sessions[first].Is.Secret.Value, is.Secret.Value) {
					x.twins[string(t.Value)] = append(list, is)
				}
			}
		}
	}
	x.certs, x.secrets = check.All[*cert.Certificate](&all), check.All[*cert.PrivateKey](&all)
	x.keys = ticket.Keys(&all)
	return x
}

// note keeps what may come again in another connection.
func (x *index) note(e *handshake.Event, item int) {
	var block *handshake.Extensions
	switch b := e.Body.(type) {
	case *handshake.NewSessionTicket:
		x.give(b, item, e.At)
		return
	case *handshake.ClientHello:
		x.mark("client random", b.Random.Value, item)
		x.mark("client hello", e.Raw, item)
		block = &b.Extensions
	case *handshake.ServerHello:
		if b.Retry {
			return
		}
		x.mark("server random", b.Random.Value, item)
		block = &b.Extensions
	default:
		return
	}
	if k := block.Get(handshake.ExtKeyShare); k != nil {
		if shares, ok := k.Value.(*handshake.KeyShares); ok {
			for _, s := range shares.List {
				x.mark("key share", s.Key.Value, item)
			}
		}
	}
}

// give notes who gave a ticket first.
func (x *index) give(n *handshake.NewSessionTicket, item int, at time.Time) {
	if _, seen := x.issued[string(n.Ticket.Value)]; !seen && len(n.Ticket.Value) > 0 {
		x.issued[string(n.Ticket.Value)] = origin{n, item, at}
	}
}

// carried finds what items carry, near or far, that has these octets.
func (x *index) carried(items []int, octets []byte) (int, any) {
	if len(octets) == 0 {
		return -1, nil
	}
	for _, i := range items {
		if at := x.within(i, octets, 3); at >= 0 {
			return at, x.exhibits[at].Value
		}
	}
	return -1, nil
}

// within looks through what an exhibit carries, and what that carries.
func (x *index) within(i int, octets []byte, depth int) int {
	for _, k := range x.inside[i] {
		if bytes.Equal(x.exhibits[k].Source, octets) {
			return k
		}
	}
	for _, k := range x.inside[i] {
		if depth > 0 && x.inside[k] != nil {
			if at := x.within(k, octets, depth-1); at >= 0 {
				return at
			}
		}
	}
	return -1
}

// known gathers what is known of a ticket that a connection shows.
func (x *index) known(v *View, octets []byte) Known {
	k := Known{Item: -1, StateItem: -1, FileItem: -1, FromItem: -1}
	if len(octets) == 0 {
		return k
	}
	if at, value := x.carried(v.Items, octets); at >= 0 {
		if _, ok := value.(*ticket.Ticket); ok {
			k.Item = at
		}
	}
	if o, ok := x.issued[string(octets)]; ok {
		k.From, k.FromItem, k.At = o.nst, o.item, o.at
	}
	if f, ok := x.files[string(octets)]; ok {
		k.File, k.FileItem, k.Files = x.sessions[f].Is, x.sessions[f].Item, x.twins[string(octets)]
	}
	if len(x.keys) == 0 {
		return k
	}
	o, done := x.opened[string(octets)]
	if !done && len(x.opened) < openings {
		o = ticket.Open(octets, x.keys)
		x.opened[string(octets)] = o
	}
	k.Opening = o
	if o.Status != ticket.Opened {
		return k
	}
	if k.Item >= 0 {
		for _, i := range x.inside[k.Item] {
			if s, ok := x.exhibits[i].Value.(*session.Session); ok {
				k.State, k.StateItem = s, i
				return k
			}
		}
	}
	if list := session.Parse(o.Plain); len(list) > 0 {
		k.State = list[0]
	}
	return k
}

// mark notes that a value was seen in a connection. The word in front keeps
// values of different sorts apart.
func (x *index) mark(what string, value []byte, item int) {
	if len(value) == 0 {
		return
	}
	at := x.marks[what+string(value)]
	if len(at) < 8 && (len(at) == 0 || at[len(at)-1] != item) {
		x.marks[what+string(value)] = append(at, item)
	}
}

// Repeated lists the handshakes, other than those of the view, in which a value
// stands as well: a random ("client random", "server random"), a public value
// ("key share"), a whole ClientHello ("client hello").
func (v *View) Repeated(what string, value []byte) (items []int) {
	for _, i := range v.all.marks[what+string(value)] {
		if !slices.Contains(v.Items, i) {
			items = append(items, i)
		}
	}
	return items
}

// Others lists the handshakes at hand that are none of this connection. There
// may be many: what can be asked of [View.Repeated] is better asked there.
func (v *View) Others() (rest []Other) {
	for _, o := range v.all.hellos {
		if !slices.Contains(v.Items, o.Item) {
			rest = append(rest, o)
		}
	}
	return rest
}

// candidates lists the certificates that the client could send: those that were
// said to be, else every end-entity certificate that was pasted and that the
// server did not show itself.
func (x *index) candidates(v *View) []Candidate {
	if len(v.CRs) == 0 {
		return nil
	}
	var said, free []Candidate
	for _, f := range x.certs {
		if f.Carrier >= 0 || !f.Is.OK || x.sent(v, f.Is) {
			continue
		}
		k := Candidate{Item: f.Item, Is: f.Is, Key: x.keyBeside(f.Name)}
		switch {
		case f.Said == "client" || f.Said == "candidate":
			said = append(said, k)
		case f.Said == "" && !f.Is.IsCA():
			free = append(free, k)
		}
	}
	if said == nil {
		said = free
	}
	for i := range said {
		said[i].Chain = x.upwards(said[i].Is)
	}
	return said
}

// sent says that the server itself sent a certificate.
func (x *index) sent(v *View, k *cert.Certificate) bool {
	for _, s := range v.Server.Certificates {
		if s != nil && bytes.Equal(s.Raw, k.Raw) {
			return true
		}
	}
	return false
}

// keyBeside gives the only private key of an input, or -1.
func (x *index) keyBeside(input string) int {
	found := -1
	for _, f := range x.secrets {
		if f.Name == input {
			if found >= 0 {
				return -1
			}
			found = f.Item
		}
	}
	return found
}

// upwards follows the names of issuers over the certificates at hand.
func (x *index) upwards(k *cert.Certificate) []*cert.Certificate {
	chain := []*cert.Certificate{k}
	for len(chain) < 8 {
		top, found := chain[len(chain)-1], false
		if octets, _ := top.Issuer.Equal(top.Subject); octets {
			break
		}
		for _, f := range x.certs {
			if _, same := f.Is.Subject.Equal(top.Issuer); same && f.Is.OK && f.Is != top {
				chain, found = append(chain, f.Is), true
				break
			}
		}
		if !found {
			break
		}
	}
	return chain
}

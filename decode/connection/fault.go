package connection

import (
	"sort"
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// Fault is something that the reader found wrong, with what it lies in.
type Fault struct {
	field.Fault
	Event     *handshake.Event     // nil: outside of any message
	Extension *handshake.Extension // nil: outside of any extension
}

// Why is the fault as a sentence.
func (f Fault) Why() string { return upperFirst(strings.TrimSuffix(f.Message, ".")) + "." }

// place is where something begins, by its node: nodes stand in the order in
// which they were read.
type place struct {
	at        report.Ref
	event     *handshake.Event
	extension *handshake.Extension
}

// findFaults says what each fault of the items lies in. Nodes of what is inside
// come behind the node of what is around, so the last place before a fault is
// the innermost, if it has one to tell at all.
func (v *View) findFaults() (all []Fault) {
	any := false
	for _, i := range v.Items {
		any = any || i >= 0 && i < len(v.all.exhibits) && len(v.all.exhibits[i].Faults) > 0
	}
	if !any {
		return nil
	}
	var places []place
	for i := range v.H.Events {
		e := &v.H.Events[i]
		places = append(places, place{e.Ref, e, nil})
		for _, b := range blocksOf(e) {
			for k := range b.List {
				places = append(places, place{b.List[k].Ref, e, &b.List[k]})
			}
		}
	}
	sort.SliceStable(places, func(i, j int) bool { return places[i].at < places[j].at })
	for _, i := range v.Items {
		for _, f := range v.all.exhibits[i].Faults {
			if f.Kind == field.TooMany || f.Kind == field.Depth {
				continue // a limit of this program
			}
			k := sort.Search(len(places), func(k int) bool { return places[k].at > f.Ref }) - 1
			is := Fault{Fault: f}
			if k >= 0 && f.Ref != report.None {
				is.Event, is.Extension = places[k].event, places[k].extension
			}
			if is.Extension != nil && !is.Extension.Faults {
				is.Extension = nil
			}
			if is.Event != nil && !is.Event.Faults {
				is.Event = nil
			}
			all = append(all, is)
		}
	}
	return all
}

// FaultIn is the first fault within a message and outside of the bodies of its
// extensions, or of one extension.
func (v *View) FaultIn(e *handshake.Event, x *handshake.Extension) (Fault, bool) {
	for _, f := range v.Faults {
		if f.Event == e && f.Extension == x {
			return f, true
		}
	}
	return Fault{}, false
}

// unread is the outcome for a field that a rule needs and that could not be
// read: the reason is what the reader said.
func (v *View) unread(at report.Ref, what string) check.Outcome {
	why := what + " cannot be read"
	for _, f := range v.Faults {
		if f.Ref == at {
			why += ": " + f.Message
			break
		}
	}
	return open(at, strings.TrimSuffix(why, ".")+".")
}

// open is an outcome that nothing settles.
func open(at report.Ref, why string) check.Outcome {
	o := check.Needs("", at, "%s", why)
	o.Needs = nil
	return o
}

// Where says which message a block of extensions is in, as the table of RFC
// 9846, section 4.3, abbreviates them.
type Where uint8

const (
	InCH Where = 1 << iota
	InSH
	InHRR
	InEE
	InCT // a CertificateEntry
	InCR
	InNST
	Nowhere Where = 0 // extensions without a message
)

// Block is a block of extensions with its place.
type Block struct {
	*handshake.Extensions
	In    Where
	Event *handshake.Event
	Entry int // of a Certificate
	// New: it follows the rules of TLS 1.3. Of a ClientHello: it offers that.
	New bool
}

// name says where it stands, for people.
func (b Block) name() string {
	switch b.In {
	case InCT:
		if b.Entry > 0 {
			return "entry " + itoa(b.Entry) + " of the Certificate"
		}
		return "the Certificate"
	case Nowhere:
		return "the extensions"
	}
	return "the " + eventName(b.Event)
}

// blocksOf lists the blocks of extensions of an event.
func blocksOf(e *handshake.Event) []Block {
	switch b := e.Body.(type) {
	case *handshake.ClientHello:
		versions := b.Versions()
		return one(&b.Extensions, InCH, e, versions != nil && versions.Has(TLS13))
	case *handshake.ServerHello:
		if b.Retry {
			return one(&b.Extensions, InHRR, e, true)
		}
		return one(&b.Extensions, InSH, e, b.Negotiated == TLS13)
	case *handshake.EncryptedExtensions:
		return one(&b.Extensions, InEE, e, true)
	case *handshake.CertificateRequest:
		return one(&b.Extensions, InCR, e, b.Version == TLS13)
	case *handshake.NewSessionTicket:
		return one(&b.Extensions, InNST, e, b.Version == TLS13)
	case *handshake.Extensions:
		return one(b, Nowhere, e, false)
	case *handshake.CompressedCertificate:
		return entries(b.Inside, e)
	case *handshake.Certificate:
		return entries(b, e)
	}
	return nil
}

func one(x *handshake.Extensions, in Where, e *handshake.Event, new bool) []Block {
	if !x.OK && len(x.List) == 0 {
		return nil
	}
	return []Block{{x, in, e, 0, new}}
}

func entries(c *handshake.Certificate, e *handshake.Event) (all []Block) {
	if c == nil {
		return nil
	}
	for i := range c.Entries {
		if x := &c.Entries[i].Extensions; x.OK || len(x.List) > 0 {
			all = append(all, Block{x, InCT, e, i, c.Version == TLS13})
		}
	}
	return all
}

// blocks lists all blocks of extensions, in order.
func (v *View) blocks() (all []Block) {
	for i := range v.H.Events {
		all = append(all, blocksOf(&v.H.Events[i])...)
	}
	return all
}

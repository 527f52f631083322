// Package carrier finds CMP messages in what carries them and is no HTTP
// message: frames of CMP over TCP, CoAP messages, packets, octets with
// something else around a message.
//
// It reads no message: each becomes an item of its own.
//
// Documents: RFC 2510, section 5.2; RFC 9482; RFC 7252, section 3.
package carrier

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Form is how octets carry messages.
type Form int

const (
	None   Form = iota
	TCP         // frames of RFC 2510
	TCP10       // frames of the drafts after it, which say version 10
	CoAP        // one message of CoAP
	Around      // octets that are not understood, with messages among them
)

var titles = map[Form]string{TCP: "CMP over TCP", TCP10: "CMP over TCP, version 10", CoAP: "CMP over CoAP", Around: "Octets around a CMP message"}

// Carried is what carries messages.
type Carried struct {
	Ref    report.Ref
	Form   Form
	Frames []Frame    // TCP, TCP10
	Path   []string   // CoAP: the segments of Uri-Path
	PathAt report.Ref // the first of them
	Code   field.Field[uint64]
	Types  []cmp.Type // of the messages
	Offset int        // of the first message
}

// Messages is the kind of octets that carry messages.
var Messages = check.Of(check.Kind{
	Name: "cmp-carrier", Title: "CMP message on its way", Spec: spec.RFC(2510, "5.2"), Match: Match, Rules: check.Catalogue(rules),
}, Read, func(_ *check.Context, k *Carried) *Carried { return k }, judge)

// Match scores what frames or CoAP have in front of a message by their numbers,
// which have to agree; any other octets with a message among them as the last
// resort. A single element of DER is left to those who know more of it.
func Match(c check.Candidate) check.Match {
	if c.Text || len(c.Bytes) < 32 {
		return check.Match{}
	}
	switch form := formOf(c.Bytes); {
	case form == None || cert.HoldsPrivateKey(c.Bytes): // what holds a key is hidden as a whole
		return check.Match{}
	case form == CoAP:
		return check.Match{Score: 90, Why: "a message of CoAP with a CMP message as its payload"}
	case form == Around:
		return check.Match{Score: 40, Why: "a whole CMP message lies among these octets"}
	}
	return check.Match{Score: 99, Why: "a length of the octets that follow, a type, and a CMP message"}
}

// Framed says that octets, one side of a TCP connection, are frames of CMP.
func Framed(b []byte) bool { return frames(b, TCP) > 0 || frames(b, TCP10) > 0 }

func formOf(b []byte) Form {
	if n := frames(b, TCP); n > 0 {
		return TCP
	}
	if n := frames(b, TCP10); n > 0 {
		return TCP10
	}
	if at, ok := payload(b); ok {
		if n, _, ok := cmp.Peek(b[at:]); ok && at+n == len(b) {
			return CoAP
		}
	}
	if len(b) == 0 || b[0] == 0x30 { // an element: its kinds know more of it
		return None
	}
	if _, n := next(b[:min(len(b), searched)], 0); n > 0 {
		return Around
	}
	return None
}

// searched bounds how far into octets that are not understood a message is
// looked for.
const searched = 8 << 20

// next finds the first whole message from at on: its place and its length, 0 if
// there is none. What cannot begin a message costs a look at a few octets.
func next(b []byte, at int) (off, n int) {
	for {
		i := bytes.IndexByte(b[at:], 0x30)
		if i < 0 {
			return 0, 0
		}
		at += i
		if in, ok := header(b[at:]); ok && in < len(b)-at && b[at+in] == 0x30 {
			if more, ok := header(b[at+in:]); ok && bytes.HasPrefix(b[at+in+more:], []byte{2, 1}) {
				if n, _, ok := cmp.Peek(b[at:]); ok {
					return at, n
				}
			}
		}
		at++
	}
}

// header gives the octets of tag and length of an element of definite length
// that ends within b.
func header(b []byte) (n int, ok bool) {
	if len(b) < 2 || b[1] == 0x80 {
		return 0, false
	}
	if b[1] < 0x80 {
		return 2, int(b[1]) <= len(b)-2
	}
	k := int(b[1] & 0x7f)
	if k > 4 || len(b) < 2+k {
		return 0, false
	}
	length := uint64(0)
	for _, c := range b[2 : 2+k] {
		length = length<<8 | uint64(c)
	}
	return 2 + k, length <= uint64(len(b)-2-k)
}

// Read reads what carries messages.
func Read(r *field.Reader) *Carried {
	b := r.Left()
	k := &Carried{Form: formOf(b), PathAt: report.None, Offset: -1}
	switch k.Form {
	case TCP, TCP10:
		defer r.Cite(r.Cite(spec.RFC(2510, "5.2")))
		k.Ref = r.Struct("tcpMessages", func(r *field.Reader) {
			for len(r.Left()) >= 5 && len(k.Frames) < most {
				k.frame(r)
			}
		})
	case CoAP:
		defer r.Cite(r.Cite(spec.RFC(7252, "3")))
		k.Ref = r.Struct("coapMessage", k.coap)
	default:
		k.Ref = r.Struct("octets", k.around)
	}
	r.Show(k.Ref, titles[k.Form])
	return k
}

// most bounds the messages that are taken out of one run of octets.
const most = 256

// message makes an item of the n octets that are a message.
func (k *Carried) message(r *field.Reader, n int) {
	_, t, _ := cmp.Peek(r.Left())
	at := r.Fixed("message", n)
	r.Show(at.Ref, t.String())
	r.Piece("cmp-message", at.Ref)
	if k.Types = append(k.Types, t); k.Offset < 0 {
		k.Offset = r.Span(at.Ref).Off
	}
}

// around reads messages with something else before, between and behind them.
func (k *Carried) around(r *field.Reader) {
	for len(k.Types) < most {
		b := r.Left()
		off, n := next(b, 0)
		if n == 0 {
			break
		}
		if off > 0 {
			r.Fixed("before", off)
		}
		k.message(r, n)
	}
	if n := len(r.Left()); n > 0 {
		r.Fixed("behind", n)
	}
}

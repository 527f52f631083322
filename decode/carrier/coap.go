package carrier

import (
	"strings"

	"derscope/decode/field"
	"derscope/decode/report"
)

// Options of CoAP that are named here.
var options = map[int]string{3: "Uri-Host", 6: "Observe", 7: "Uri-Port", 11: "Uri-Path", 12: "Content-Format", 14: "Max-Age", 15: "Uri-Query",
	17: "Accept", 23: "Block2", 27: "Block1", 28: "Size2", 35: "Proxy-Uri", 60: "Size1"}

const uriPath = 11

// codes are those that CMP over CoAP meets.
var codes = map[int]string{2: "0.02 POST", 0x44: "2.04 Changed", 0x45: "2.05 Content", 0x41: "2.01 Created", 0x80: "4.00 Bad Request",
	0x81: "4.01 Unauthorized", 0x83: "4.03 Forbidden", 0x84: "4.04 Not Found", 0x85: "4.05 Method Not Allowed", 0x8d: "4.13 Request Entity Too Large",
	0x8f: "4.15 Unsupported Content-Format", 0xa0: "5.00 Internal Server Error", 0xa3: "5.03 Service Unavailable"}

// option is the head of one option: what it adds to the number of the one
// before, the length of its value, and its own.
type option struct{ delta, length, head int }

// optionAt reads the head of an option; ok is false if it has none, or runs
// past the end.
func optionAt(b []byte) (o option, ok bool) {
	if len(b) == 0 || b[0] == 0xff {
		return o, false
	}
	o = option{int(b[0] >> 4), int(b[0] & 15), 1}
	for _, v := range []*int{&o.delta, &o.length} {
		switch {
		case *v == 13 && len(b) > o.head:
			*v = 13 + int(b[o.head])
			o.head++
		case *v == 14 && len(b) > o.head+1:
			*v = 269 + int(b[o.head])<<8 + int(b[o.head+1])
			o.head += 2
		case *v > 12:
			return o, false
		}
	}
	return o, o.head+o.length <= len(b)
}

// payload gives the offset of the payload of the message of CoAP that b is.
func payload(b []byte) (int, bool) {
	if len(b) < 5 || b[0]>>6 != 1 || b[0]&15 > 8 {
		return 0, false
	}
	at := 4 + int(b[0]&15)
	for at < len(b) && b[at] != 0xff {
		o, ok := optionAt(b[at:])
		if !ok {
			return 0, false
		}
		at += o.head + o.length
	}
	return at + 1, at+1 < len(b)
}

// coap reads a message of CoAP.
//
// RFC 7252, section 3
func (k *Carried) coap(r *field.Reader) {
	tokens := int(r.Left()[0] & 15)
	kinds := map[int]string{}
	for i, name := range []string{"confirmable", "non-confirmable", "acknowledgement", "reset"} {
		kinds[0x40|i<<4|tokens] = name
	}
	r.Uint("type", 1, kinds)
	k.Code = r.Uint("code", 1, codes)
	r.Uint("messageID", 2, nil)
	if tokens > 0 {
		r.Fixed("token", tokens)
	}
	number := 0
	for {
		o, ok := optionAt(r.Left())
		if !ok {
			break
		}
		number += o.delta
		name := options[number]
		if name == "" {
			name = "option"
		}
		text := string(r.Left()[o.head : o.head+o.length])
		at := r.Frame(name, "option", o.head, o.length, func(r *field.Reader) {
			if o.length > 0 {
				v := r.Fixed("value", o.length)
				if printable(text) {
					r.Show(v.Ref, text)
				}
			}
		})
		if printable(text) {
			r.Show(at, text)
		}
		if number == uriPath {
			if k.PathAt == report.None {
				k.PathAt = at
			}
			k.Path = append(k.Path, text)
		}
	}
	r.Fixed("payloadMarker", 1)
	k.message(r, len(r.Left()))
}

func printable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool { return c < ' ' || c > '~' }) < 0
}

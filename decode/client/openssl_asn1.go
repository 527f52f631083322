package client

import (
	"math/bits"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// d2i reads as OpenSSL's template decoder does: all of BER, nothing left over
// inside a SEQUENCE, INTEGERs without padding. What it has read it writes again
// in DER, for that is what OpenSSL hashes: a tbsResponseData is verified as
// re-encoded, not as sent.
//
// Source: crypto/asn1/tasn_dec.c, tasn_enc.c, a_int.c.
type d2i struct {
	in  octets
	out []byte
	bad bool
}

// appendHeader appends identifier and length in DER.
func appendHeader(b []byte, id byte, n int) []byte {
	if n < 0x80 {
		return append(b, id, byte(n))
	}
	k := (bits.Len(uint(n)) + 7) / 8
	b = append(b, id, 0x80|byte(k))
	for k--; k >= 0; k-- {
		b = append(b, byte(n>>(8*k)))
	}
	return b
}

func element(id byte, content []byte) []byte {
	return appendElement(make([]byte, 0, 6+len(content)), id, content)
}

func appendElement(b []byte, id byte, content []byte) []byte {
	return append(appendHeader(b, id, len(content)), content...)
}

func (d *d2i) more() bool { return !d.bad && !d.in.empty() }

// next reads an element of this identifier octet, the bit for «constructed» aside.
func (d *d2i) next(id byte) (found byte, content []byte) {
	if d.bad || d.in.empty() || d.in.b[0]&^0x20 != id&^0x20 {
		d.bad = true
		return 0, nil
	}
	found, content, _, ok := d.in.next()
	d.bad = !ok
	return found, content
}

// peek says whether the next element has this tag.
func (d *d2i) peek(id byte) bool { return d.more() && d.in.b[0]&^0x20 == id&^0x20 }

// into reads a constructed element with f, to its end.
func (d *d2i) into(id byte, f func(*d2i)) {
	found, content := d.next(id)
	if d.bad || found&0x20 == 0 {
		d.bad = true
		return
	}
	in := &d2i{in: octets{content, d.in.form}, out: make([]byte, 0, len(content))}
	f(in)
	d.bad = in.bad || !in.in.empty()
	d.out = appendElement(d.out, id, in.out)
}

// primitive reads an element that may not be in segments.
func (d *d2i) primitive(id byte) []byte {
	found, content := d.next(id)
	if d.bad || found&0x20 != 0 {
		d.bad = true
		return nil
	}
	d.out = appendElement(d.out, id, content)
	return content
}

// number reads an INTEGER or ENUMERATED.
func (d *d2i) number(id byte) []byte {
	b := d.primitive(id)
	d.bad = d.bad || paddedInteger(b)
	return b
}

// text reads a string, and joins its segments.
func (d *d2i) text(id byte) []byte {
	found, content := d.next(id)
	if d.bad {
		return nil
	}
	if found&0x20 != 0 {
		content = d.join(content, 5)
	}
	d.out = appendElement(d.out, id&^0x20, content)
	return content
}

// join collects segments. OpenSSL gives up at a nesting of five.
func (d *d2i) join(b []byte, depth int) []byte {
	var all []byte
	for in := (octets{b, d.in.form}); !in.empty() && !d.bad; {
		id, content, _, ok := in.next()
		if d.bad = !ok || depth == 0; d.bad {
			return nil
		}
		if id&0x20 != 0 {
			content = d.join(content, depth-1)
		}
		all = append(all, content...)
	}
	return all
}

// keep reads an element that OpenSSL keeps as it was sent: a Name, an ANY.
func (d *d2i) keep() []byte {
	if d.bad {
		return nil
	}
	raw, ok := d.in.raw()
	d.bad = !ok
	d.out = append(d.out, raw...)
	return raw
}

// outer is an OCSPResponse: its status, and what stands in it.
type outer struct {
	status  int
	bytes   bool // responseBytes is there
	basic   bool // and is of type id-pkix-ocsp-basic
	content []byte
}

const basicOID = "\x2b\x06\x01\x05\x05\x07\x30\x01\x01"

// d2iResponse reads the outer layer. Octets that follow it are never looked at.
func d2iResponse(b []byte) (o outer, ok bool) {
	d := &d2i{in: octets{b, ber}}
	d.into(0x30, func(d *d2i) {
		o.status = small(d.number(0x0a))
		if !d.peek(0xa0) {
			return
		}
		d.into(0xa0, func(d *d2i) {
			d.into(0x30, func(d *d2i) {
				o.bytes = true
				o.basic = string(d.primitive(0x06)) == basicOID
				o.content = d.text(0x04)
			})
		})
	})
	return o, !d.bad
}

// small is the value of a short INTEGER, or -1.
func small(b []byte) int {
	if len(b) == 0 || len(b) > 3 {
		return -1
	}
	n := int(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int(c)
	}
	return n
}

// basic is a BasicOCSPResponse as a lenient program holds it.
type basic struct {
	tbs       []byte // what the signature is verified over
	byName    bool
	name      cert.Name
	key       []byte // of a responderID byKey
	singles   []single
	nonce     []byte // contents of the nonce's extnValue; nil: no nonce
	algorithm sig.Algorithm
	signature []byte
	unused    byte
	certs     []*cert.Certificate
	bad       bool // it cannot be decoded
	oddTimes  bool // a time is in a form that 4.0 does not decode
}

// single is a SingleResponse.
type single struct {
	certID            []byte // in DER
	hash              oid.ID
	nameHash, keyHash []byte
	serial            []byte
	status            status
	this, next        []byte
	hasNext           bool
}

// status is a certStatus: its tag.
type status int

const (
	good status = iota
	revoked
	unknown
)

func (s status) String() string { return [...]string{"good", "revoked", "unknown"}[s] }

// d2iBasic reads the inner layer. All versions read the same, but for times.
func d2iBasic(b []byte, known *carried) *basic {
	r := new(basic)
	d := &d2i{in: octets{b, ber}}
	d.into(0x30, func(d *d2i) {
		at := len(d.out)
		r.data(d, known)
		r.tbs = d.out[at:]
		r.algorithm = d2iAlgorithm(d)
		if bits := d.text(0x03); len(bits) > 0 && bits[0] < 8 {
			r.unused, r.signature = bits[0], bits[1:]
		} else {
			d.bad = true
		}
		if d.peek(0xa0) {
			d.into(0xa0, func(d *d2i) {
				d.into(0x30, func(d *d2i) {
					for d.more() {
						c := known.certificate(d.keep())
						d.bad = d.bad || !c.OK
						r.certs = append(r.certs, c)
					}
				})
			})
		}
	})
	r.bad = d.bad
	return r
}

func (r *basic) data(d *d2i, known *carried) {
	d.into(0x30, func(d *d2i) {
		if d.peek(0xa0) {
			d.into(0xa0, func(d *d2i) { d.number(0x02) })
		}
		switch {
		case d.peek(0xa1):
			r.byName = true
			d.into(0xa1, func(d *d2i) { r.name = known.name(d.keep()) })
		default:
			d.into(0xa2, func(d *d2i) { r.key = d.text(0x04) })
		}
		r.time(d)
		d.into(0x30, func(d *d2i) {
			for d.more() {
				r.singles = append(r.singles, r.single(d))
			}
		})
		if d.peek(0xa1) {
			d.into(0xa1, func(d *d2i) { r.nonce = d2iExtensions(d) })
		}
	})
}

func (r *basic) single(d *d2i) (s single) {
	d.into(0x30, func(d *d2i) {
		at := len(d.out)
		d.into(0x30, func(d *d2i) {
			s.hash = d2iAlgorithm(d).ID
			s.nameHash = d.text(0x04)
			s.keyHash = d.text(0x04)
			s.serial = d.number(0x02)
		})
		s.certID = d.out[at:]
		switch {
		case d.peek(0x80):
			d.bad = len(d.primitive(0x80)) > 0 || d.bad
		case d.peek(0x82):
			s.status = unknown
			d.bad = len(d.primitive(0x82)) > 0 || d.bad
		default:
			s.status = revoked
			d.into(0xa1, func(d *d2i) {
				r.time(d)
				if d.peek(0xa0) {
					d.into(0xa0, func(d *d2i) { d.number(0x0a) })
				}
			})
		}
		s.this = r.time(d)
		if d.peek(0xa0) {
			s.hasNext = true
			d.into(0xa0, func(d *d2i) { s.next = r.time(d) })
		}
		if d.peek(0xa1) {
			d.into(0xa1, func(d *d2i) { d2iExtensions(d) })
		}
	})
	return s
}

// time reads a GeneralizedTime. Before 4.0 its characters are not looked at here.
func (r *basic) time(d *d2i) []byte {
	b := d.text(0x18)
	if _, ok := looseTime(b, true); !ok {
		r.oddTimes = true
	}
	return b
}

func d2iAlgorithm(d *d2i) sig.Algorithm {
	at := len(d.out)
	d.into(0x30, func(d *d2i) {
		d.primitive(0x06)
		if d.more() {
			d.keep()
		}
	})
	if d.bad {
		return sig.Algorithm{}
	}
	return algorithm(d.out[at:])
}

const nonceOID = "\x2b\x06\x01\x05\x05\x07\x30\x01\x02"

// d2iExtensions reads Extensions and answers with the contents of the first
// nonce. A critical FALSE that was sent is not written again.
func d2iExtensions(d *d2i) (nonce []byte) {
	d.into(0x30, func(d *d2i) {
		for d.more() {
			d.into(0x30, func(d *d2i) {
				id := d.primitive(0x06)
				if d.peek(0x01) {
					at := len(d.out)
					b := d.primitive(0x01)
					d.bad = d.bad || len(b) != 1
					if !d.bad && b[0] == 0 {
						d.out = d.out[:at]
					}
				}
				if value := d.text(0x04); string(id) == nonceOID && nonce == nil {
					nonce = append([]byte{}, value...)
				}
			})
		}
	})
	return nonce
}

package client

import (
	"bytes"

	"derscope/decode/sig"
)

// tasn1 reads as libtasn1 does with its strict flag: DER, but for lengths with
// leading zeros. The first fault stays.
type tasn1 struct {
	octets
	fault string
}

func (d *tasn1) fail(fault string) {
	if d.fault == "" {
		d.fault = fault
	}
}

func (d *tasn1) take(id byte) *tasn1 {
	in := &tasn1{octets{nil, padded}, d.fault}
	if d.fault != "" {
		return in
	}
	if !d.peek(id) {
		d.fail(tagError)
		return &tasn1{fault: d.fault}
	}
	content, ok := d.octets.take(id)
	if !ok {
		d.fail(derError)
	}
	return &tasn1{content, d.fault}
}

// into reads a constructed element with f, to its end.
func (d *tasn1) into(id byte, f func(*tasn1)) {
	in := d.take(id)
	if d.fault != "" {
		return
	}
	f(in)
	if in.fault == "" && !in.empty() {
		in.fault = derError
	}
	d.fail(in.fault)
}

func (d *tasn1) optional(id byte, f func(*tasn1)) {
	if d.fault == "" && d.peek(id) {
		d.into(id, f)
	}
}

func (d *tasn1) any() []byte {
	if d.fault != "" {
		return nil
	}
	raw, ok := d.raw()
	if !ok {
		d.fail(derError)
	}
	return raw
}

// parse is gnutls_ocsp_resp_import.
func (g *gnutls) parse() next {
	var content []byte
	var typ []byte
	d := &tasn1{octets: octets{g.response, padded}}
	d.into(0x30, func(d *tasn1) {
		g.status = small(d.take(0x0a).b)
		d.optional(0xa0, func(d *tasn1) {
			d.into(0x30, func(d *tasn1) {
				typ = d.take(0x06).b
				content = d.take(0x04).b
			})
		})
	})
	if d.fault == "" && !d.empty() {
		d.fail(derError)
	}
	if d.fault == "" && g.status == 0 {
		switch {
		case typ == nil:
			d.fail(elementError)
		case string(typ) == basicOID:
			g.basic = new(basic)
			in := &tasn1{octets: octets{content, padded}}
			g.parseBasic(in)
			if in.fault == "" && !in.empty() {
				in.fault = derError
			}
			d.fail(in.fault)
		}
	}
	g.importError = d.fault
	return failIf(d.fault != "")
}

func (g *gnutls) parseBasic(d *tasn1) {
	b := g.basic
	d.into(0x30, func(d *tasn1) {
		whole := d.b
		g.parseData(d)
		b.tbs = whole[:len(whole)-len(d.b)]
		b.algorithm = tasn1Algorithm(d)
		if bits := d.take(0x03).b; len(bits) > 0 {
			b.unused, b.signature = bits[0], bits[1:]
		} else {
			d.fail(derError)
		}
		d.optional(0xa0, func(d *tasn1) {
			d.into(0x30, func(d *tasn1) {
				for !d.empty() && d.fault == "" {
					c := g.carried.certificate(d.any())
					if !c.OK {
						d.fail(tagError)
					}
					b.certs = append(b.certs, c)
				}
			})
		})
	})
}

func tasn1Algorithm(d *tasn1) sig.Algorithm {
	whole := d.b
	d.into(0x30, func(d *tasn1) {
		d.take(0x06)
		if !d.empty() {
			d.any()
		}
	})
	if d.fault != "" {
		return sig.Algorithm{}
	}
	return algorithm(whole[:len(whole)-len(d.b)])
}

func (g *gnutls) parseData(d *tasn1) {
	b := g.basic
	d.into(0x30, func(d *tasn1) {
		d.optional(0xa0, func(d *tasn1) { d.take(0x02) })
		switch {
		case d.peek(0xa1):
			b.byName = true
			d.into(0xa1, func(d *tasn1) { b.name = g.carried.name(d.any()) })
		case d.peek(0xa2):
			d.into(0xa2, func(d *tasn1) { b.key = d.take(0x04).b })
		default:
			d.fail(derError)
		}
		d.time()
		d.into(0x30, func(d *tasn1) {
			for !d.empty() && d.fault == "" {
				b.singles = append(b.singles, g.parseSingle(d))
			}
		})
		d.optional(0xa1, g.parseExtensions)
	})
}

func (g *gnutls) parseSingle(d *tasn1) (s single) {
	d.into(0x30, func(d *tasn1) {
		d.into(0x30, func(d *tasn1) {
			s.hash = tasn1Algorithm(d).ID
			s.nameHash, s.keyHash, s.serial = d.take(0x04).b, d.take(0x04).b, d.take(0x02).b
		})
		switch {
		case d.fault != "":
		case d.peek(0x80), d.peek(0x82):
			if d.peek(0x82) {
				s.status = unknown
			}
			if _, content, _, ok := d.next(); !ok || len(content) > 0 {
				d.fail(derError)
			}
		case d.peek(0xa1):
			s.status = revoked
			d.into(0xa1, func(d *tasn1) {
				d.time()
				d.optional(0xa0, func(d *tasn1) { d.take(0x0a) })
			})
		default:
			d.fail(derError)
		}
		s.this = d.time()
		if bytes.IndexByte(s.this, '.') >= 0 {
			g.printE = append(g.printE, "this_update")
		}
		d.optional(0xa0, func(d *tasn1) { s.hasNext, s.next = true, d.time() })
		d.optional(0xa1, func(d *tasn1) { extensionList(d, func([]byte, []byte) {}) })
	})
	return s
}

func (g *gnutls) parseExtensions(d *tasn1) {
	extensionList(d, func(id, value []byte) {
		if string(id) != nonceOID {
			return
		}
		if in, ok := (octets{value, padded}).only(0x04); !ok || in.empty() {
			g.printE = append(g.printE, "get_nonce: "+derError)
		}
	})
}

func extensionList(d *tasn1, f func(id, value []byte)) {
	d.into(0x30, func(d *tasn1) {
		for !d.empty() && d.fault == "" {
			d.into(0x30, func(d *tasn1) {
				id := d.take(0x06).b
				d.optional(0x01, func(d *tasn1) { d.b = nil })
				f(id, d.take(0x04).b)
			})
		}
	})
}

// time reads a GeneralizedTime: Z is asked for, fractions and missing seconds pass.
func (d *tasn1) time() []byte {
	b := d.take(0x18).b
	if d.fault == "" && (len(b) < 11 || b[len(b)-1] != 'Z') {
		d.fail(timeError)
	}
	return b
}

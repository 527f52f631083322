package decode

import "slices"

// pulled is a DER element of a message that is taken apart to be changed.
type pulled struct {
	tag  byte
	kids []*pulled // of a constructed one
	data []byte
}

// takeApart reads elements whose tags and lengths the fixtures have: low tags,
// and lengths of up to two octets.
func takeApart(b []byte) (all []*pulled) {
	for len(b) > 1 {
		n, head := int(b[1]), 2
		for k := n & 0x7f; n >= 0x80 && head == 2 && k > 0; k-- {
			n, head = 0, 2+k
			for _, o := range b[2 : 2+k] {
				n = n<<8 | int(o)
			}
			break
		}
		e := &pulled{tag: b[0], data: b[head : head+n]}
		if e.tag&0x20 != 0 {
			e.kids, e.data = takeApart(e.data), nil
		}
		all, b = append(all, e), b[head+n:]
	}
	return all
}

func (e *pulled) der() []byte {
	data := slices.Clone(e.data)
	for _, k := range e.kids {
		data = append(data, k.der()...)
	}
	n := len(data)
	switch {
	case n < 0x80:
		return append([]byte{e.tag, byte(n)}, data...)
	case n < 0x100:
		return append([]byte{e.tag, 0x81, byte(n)}, data...)
	}
	return append([]byte{e.tag, 0x82, byte(n >> 8), byte(n)}, data...)
}

// at goes down by places.
func (e *pulled) at(places ...int) *pulled {
	for _, i := range places {
		e = e.kids[i]
	}
	return e
}

// tagged finds the member with a tag, or nil. The names of a header stand before
// its tagged members, and have tags themselves.
func (e *pulled) tagged(tag byte) *pulled {
	for i, k := range e.kids {
		if k.tag == tag && (i > 2 || len(e.kids) < 5) {
			return k
		}
	}
	return nil
}

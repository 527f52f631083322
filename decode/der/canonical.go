package der

import "bytes"

// Canonical rewrites an element with definite, shortest lengths and joined
// string segments, as programs do that decode and encode again before they
// hash. Contents of primitive elements are kept as they are. It answers false
// for what cannot be read. What needs no rewriting is given back as it is, for
// it may be large.
func Canonical(b []byte) ([]byte, bool) {
	if isCanonical(b, 0) {
		return b, true
	}
	return canonical(nil, b, 0)
}

// isCanonical says that Canonical would write b as it is.
func isCanonical(b []byte, depth int) bool {
	e, err := Next(b, 0, len(b))
	if err != nil || e.End() != len(b) || depth > MaxDepth || e.Constructed && e.Tag == OctetString {
		return false
	}
	var room [16]byte
	if inside := b[e.Content():e.Close()]; !bytes.Equal(b[:e.Content()], appendHeader(room[:0], e.Tag, e.Constructed, len(inside))) {
		return false
	}
	for at := e.Content(); e.Constructed && at < e.Close(); {
		in, err := Next(b, at, e.Close())
		if err != nil || !isCanonical(b[at:in.End()], depth+1) {
			return false
		}
		at = in.End()
	}
	return true
}

func canonical(out, b []byte, depth int) ([]byte, bool) {
	e, err := Next(b, 0, len(b))
	if err != nil || e.End() != len(b) || depth > MaxDepth {
		return nil, false
	}
	inside := b[e.Content():e.Close()]
	joined := e.Constructed && (e.Tag == OctetString)
	var content []byte
	if !e.Constructed {
		content = inside
	}
	for at := 0; e.Constructed && at < len(inside); {
		in, err := Next(inside, at, len(inside))
		if err != nil {
			return nil, false
		}
		part, ok := canonical(nil, inside[at:in.End()], depth+1)
		if !ok {
			return nil, false
		}
		if joined {
			head, err := Next(part, 0, len(part))
			if err != nil || head.Tag != OctetString {
				return nil, false
			}
			part = part[head.Content():]
		}
		content = append(content, part...)
		at = in.End()
	}
	return append(appendHeader(out, e.Tag, e.Constructed && !joined, len(content)), content...), true
}

// appendHeader appends the identifier and length octets of an element in DER.
func appendHeader(out []byte, t Tag, constructed bool, length int) []byte {
	first := byte(t.Class) << 6
	if constructed {
		first |= 0x20
	}
	if t.Number < 31 {
		out = append(out, first|byte(t.Number))
	} else {
		out = append(out, first|31)
		n := 1
		for v := t.Number >> 7; v > 0; v >>= 7 {
			n++
		}
		for n--; n >= 0; n-- {
			c := byte(t.Number>>(7*n)) & 0x7f
			if n > 0 {
				c |= 0x80
			}
			out = append(out, c)
		}
	}
	if length < 0x80 {
		return append(out, byte(length))
	}
	n := 0
	for v := length; v > 0; v >>= 8 {
		n++
	}
	out = append(out, 0x80|byte(n))
	for n--; n >= 0; n-- {
		out = append(out, byte(length>>(8*n)))
	}
	return out
}

package talk

import "bytes"

// The functions of this file write the presentation language of TLS.

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// Num is a number of n octets.
func Num(n int, v uint64) []byte {
	b := make([]byte, n)
	for i := range b {
		b[n-1-i] = byte(v >> (8 * i))
	}
	return b
}

// Vec is octets behind a length of n octets.
func Vec(n int, parts ...[]byte) []byte {
	b := join(parts...)
	return append(Num(n, uint64(len(b))), b...)
}

// Nums are numbers of n octets each.
func Nums(n int, list ...uint16) []byte {
	var b []byte
	for _, v := range list {
		b = append(b, Num(n, uint64(v))...)
	}
	return b
}

// Ext is an extension.
func Ext(typ uint16, body ...[]byte) []byte { return append(Num(2, uint64(typ)), Vec(2, body...)...) }

// Msg is a handshake message.
func Msg(typ byte, body ...[]byte) []byte { return append([]byte{typ}, Vec(3, body...)...) }

// Hello is the parts of a ClientHello, to be changed and put together again.
type Hello struct {
	Version     uint16
	Random      []byte
	SessionID   []byte
	Suites      []uint16
	Compression []byte
	Extensions  [][]byte // each with its header
}

// Bytes is the message.
func (h *Hello) Bytes() []byte {
	return Msg(1, Num(2, uint64(h.Version)), h.Random, Vec(1, h.SessionID), Vec(2, Nums(2, h.Suites...)),
		Vec(1, h.Compression), Vec(2, h.Extensions...))
}

// ParseHello takes a ClientHello apart that was made here.
func ParseHello(message []byte) *Hello {
	b := message[4:]
	take := func(n int) []byte {
		part := b[:n:n]
		b = b[n:]
		return part
	}
	vec := func(n int) []byte {
		l := 0
		for _, c := range take(n) {
			l = l<<8 | int(c)
		}
		return take(l)
	}
	h := &Hello{}
	v := take(2)
	h.Version = uint16(v[0])<<8 | uint16(v[1])
	h.Random, h.SessionID = take(32), vec(1)
	s := vec(2)
	for i := 0; i+1 < len(s); i += 2 {
		h.Suites = append(h.Suites, uint16(s[i])<<8|uint16(s[i+1]))
	}
	h.Compression = vec(1)
	b = vec(2)
	for len(b) > 0 {
		n := 4 + int(b[2])<<8 + int(b[3])
		h.Extensions = append(h.Extensions, take(n))
	}
	return h
}

// Index is the place of an extension in the hello, or -1.
func (h *Hello) Index(typ uint16) int {
	for i, x := range h.Extensions {
		if uint16(x[0])<<8|uint16(x[1]) == typ {
			return i
		}
	}
	return -1
}

// Put puts an extension in the place of the one of its type, or in front of
// pre_shared_key, which comes last.
func (h *Hello) Put(x []byte) {
	if i := h.Index(uint16(x[0])<<8 | uint16(x[1])); i >= 0 {
		h.Extensions[i] = x
		return
	}
	at := len(h.Extensions)
	if i := h.Index(41); i >= 0 {
		at = i
	}
	h.Extensions = append(h.Extensions[:at:at], append([][]byte{x}, h.Extensions[at:]...)...)
}

// Drop takes an extension away.
func (h *Hello) Drop(typ uint16) {
	if i := h.Index(typ); i >= 0 {
		h.Extensions = append(h.Extensions[:i:i], h.Extensions[i+1:]...)
	}
}

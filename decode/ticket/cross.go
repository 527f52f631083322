package ticket

import (
	"bytes"
	"encoding/hex"
	"time"
)

// crossing is what a ticket has in common with others.
type crossing struct {
	nonce    int // index of the other whose nonce is equal, or -1
	stream   int // of the one whose ciphertext has the same keystream, or -1
	run      int // octets that are equal in both ciphertexts, or XOR to known secrets
	known    bool
	host     int // of the one with the same key name under another host, or -1
	age      int // of the one with the same key name longest ago, or -1
	apart    time.Duration
	rotated  int // of one of the same host and layout with another key name, or -1
	prefix   int // of one with the same first octets, or -1
	common   int // octets in front that are the same
	again    int // of the same ticket offered in another connection, or -1
	compared int
}

// zeroRun is how many zero octets in a row the XOR of two ciphertexts has by
// chance once in 2^64 places.
const zeroRun = 8

// cross compares the ticket with the others, each once.
func cross(v *View) crossing {
	m := crossing{nonce: -1, stream: -1, host: -1, age: -1, rotated: -1, prefix: -1, again: -1}
	mine, _ := partOf(v.parts(), Nonce)
	for i := range v.others {
		x := &v.others[i]
		if bytes.Equal(x.t.Bytes, v.Bytes) {
			continue
		}
		m.compared++
		if n := commonPrefix(v.Bytes, x.t.Bytes); n > m.common {
			m.common, m.prefix = n, i
		}
		if !v.alike(x) {
			continue
		}
		if theirs, ok := partOf(v.partsOf(x), Nonce); ok && m.nonce < 0 && mine.Len > 0 &&
			bytes.Equal(v.Bytes[mine.Off:mine.End()], x.t.Bytes[theirs.Off:theirs.End()]) {
			m.nonce = i
		}
		if m.stream < 0 {
			if run, known := v.keystream(x); run > 0 {
				m.stream, m.run, m.known = i, run, known
			}
		}
		v.names(&m, i)
	}
	return m
}

// partsOf are the parts of another ticket of the same layout.
func (v *View) partsOf(x *other) []Part {
	if x.o.Proved() {
		return x.o.Parts
	}
	return x.t.Parts
}

// alike says that another ticket has the same layout, as far as is known.
func (v *View) alike(x *other) bool {
	theirs := x.o.Layout
	if !x.o.Proved() {
		theirs = x.t.Best()
	}
	return theirs != nil && theirs == v.layout()
}

// named says that the layout with its key name is more than a guess from a length.
func (v *View) named() bool { return v.Proved() || v.Strong() }

// names compares key names, hosts and times.
func (v *View) names(m *crossing, i int) {
	x := &v.others[i]
	a, b := v.octets(KeyName), []byte(nil)
	if p, ok := partOf(v.partsOf(x), KeyName); ok {
		b = x.t.Bytes[p.Off:p.End()]
	}
	if a == nil || b == nil {
		return
	}
	if !bytes.Equal(a, b) {
		// What only a length suggests may have no key name there at all.
		if m.rotated < 0 && v.host != "" && v.host == x.host && v.named() && (x.o.Proved() || x.t.Strong()) {
			m.rotated = i
		}
		return
	}
	if m.host < 0 && v.host != "" && x.host != "" && v.host != x.host {
		m.host = i
	}
	if mine, theirs := v.when(), x.when(); !mine.IsZero() && !theirs.IsZero() {
		if d := mine.Sub(theirs).Abs(); d > m.apart {
			m.apart, m.age = d, i
		}
	}
}

// when is the best time at which the ticket is known to have been made.
func (v *View) when() time.Time {
	if v.State != nil && v.State.Created.OK && !v.State.Original {
		return v.State.Created.Value
	}
	return v.seen
}

func (x *other) when() time.Time {
	if s := x.o.parsed; s != nil && s.Created.OK && !s.Original {
		return s.Created.Value
	}
	return x.seen
}

// keystream says how many octets in a row of two ciphertexts were made with the
// same keystream: equal plaintexts leave zeros in their XOR, and known secrets
// are found in it.
func (v *View) keystream(x *other) (run int, known bool) {
	l := v.layout()
	if l == nil || !l.counters {
		return 0, false
	}
	a, aok := partOf(v.parts(), Ciphertext)
	b, bok := partOf(v.partsOf(x), Ciphertext)
	if !aok || !bok {
		return 0, false
	}
	n := min(a.Len, b.Len, 4096)
	both, best, at := make([]byte, n), 0, 0
	for i := range n {
		both[i] = v.Bytes[a.Off+i] ^ x.t.Bytes[b.Off+i]
		if both[i] == 0 {
			at++
			best = max(best, at)
			continue
		}
		at = 0
	}
	if best >= zeroRun {
		return best, false
	}
	if v.State != nil && v.State.Secret.OK {
		if theirs := x.o.parsed; theirs != nil && len(theirs.Secret.Value) == len(v.State.Secret.Value) {
			s := bytes.Clone(v.State.Secret.Value)
			for i, c := range theirs.Secret.Value {
				s[i] ^= c
			}
			if len(s) >= 16 && !allZero(s) && bytes.Contains(both, s) {
				return len(s), true
			}
		}
	}
	return 0, false
}

func commonPrefix(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// short writes the first octets of a name.
func short(b []byte) string {
	if len(b) > 16 {
		b = b[:16]
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return hex.EncodeToString(b)
		}
	}
	return "«" + string(b) + "»"
}

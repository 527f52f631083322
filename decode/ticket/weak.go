package ticket

import (
	"bytes"
	"strconv"
)

// Weak says which pattern a key has; the zero Weak is none.
type Weak struct {
	Words string // «all zero», «counting up from 10»
	Seen  bool   // all zero, or seen on servers: scanners try these first
}

// fill is a pattern that a key of any length can have.
type fill struct {
	weak Weak
	word []byte // repeated
	step byte   // added at each octet, where word is one octet
	tail bool   // word once for half the key, and zeros behind it
}

// key makes n octets of the pattern.
func (f *fill) key(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		switch {
		case f.tail && i >= n/2:
		default:
			out[i] = f.word[i%len(f.word)] + byte(i)*f.step
		}
	}
	return out
}

// fills are the patterns that are tried on every ticket, those seen most often
// first: Hebrok et al., USENIX Security 2023, with the list of TLS-Scanner;
// the examples of FIPS 197; and what people type.
var fills = func() (list []fill) {
	zero := Weak{"all zero", true}
	list = append(list, fill{weak: zero, word: []byte{0}},
		fill{weak: Weak{"digits «1» and then zeros", true}, word: []byte("1"), tail: true})
	for _, c := range []byte{0x00, 0x01, 0x04, 0x10, 0x11, 0x20, 0x21, 0x30, 0x31, 0x40} {
		list = append(list, fill{weak: Weak{"counting up from " + hex2(c), false}, word: []byte{c}, step: 1})
	}
	for _, c := range []byte{0xff, 0x1f, 0x0f} {
		list = append(list, fill{weak: Weak{"counting down from " + hex2(c), false}, word: []byte{c}, step: 0xff})
	}
	for _, c := range []byte{0x00, 0x11} {
		list = append(list, fill{weak: Weak{"rising by 11 from " + hex2(c), false}, word: []byte{c}, step: 0x11})
	}
	for _, c := range []byte("\xff\xa5\xab\xcc\xcd\xdd\xfd\x01\x02\x11\x22\x33\x44\x55\x5a\x66\x77\x88\x99\xaa\xbb\xee\x20\x2a\x30\x31\x41\x58\x61\x78") {
		list = append(list, fill{weak: Weak{"only octets " + hex2(c), false}, word: []byte{c}})
	}
	for _, w := range []string{"\xde\xad\xbe\xef", "\xca\xfe\xba\xbe", "\xfe\xed\xfa\xce", "\xba\xad\xf0\x0d", "\x0b\xad\xf0\x0d", "\x12\x34\x56\x78",
		"\x01\x23\x45\x67\x89\xab\xcd\xef", "\xfe\xdc\xba\x98\x76\x54\x32\x10", "\x00\xff", "\xaa\x55", "\xef\xbe\xad\xde",
		"0123456789", "1234567890", "0123456789abcdef", "0123456789ABCDEF", "abcdefghijklmnopqrstuvwxyz", "password", "changeme", "secret"} {
		list = append(list, fill{weak: Weak{"a word repeated", false}, word: []byte(w)})
	}
	for _, k := range fips197 {
		list = append(list, fill{weak: Weak{"an example of FIPS 197", false}, word: k})
	}
	return list
}()

// The keys of FIPS 197, appendix A, that do not count upwards.
var fips197 = [][]byte{
	[]byte("\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15\x88\x09\xcf\x4f\x3c"),
	[]byte("\x8e\x73\xb0\xf7\xda\x0e\x64\x52\xc8\x10\xf3\x2b\x80\x90\x79\xe5\x62\xf8\xea\xd2\x52\x2c\x6b\x7b"),
	[]byte("\x60\x3d\xeb\x10\x15\xca\x71\xbe\x2b\x73\xae\xf0\x85\x7d\x77\x81\x1f\x35\x2c\x07\x3b\x61\x08\xd7\x2d\x98\x10\xa3\x09\x14\xdf\xf4"),
}

func hex2(c byte) string {
	s := strconv.FormatUint(uint64(c), 16)
	if len(s) == 1 {
		s = "0" + s
	}
	return s
}

// patternOf says which pattern octets have, of the list or of its kind.
func patternOf(b []byte) Weak {
	n := len(b)
	if n < 8 {
		return Weak{}
	}
	for i := range fills {
		if f := &fills[i]; bytes.Equal(f.key(n), b) {
			return f.weak
		}
	}
	step, even := b[1]-b[0], true
	for i := 2; i < n && even; i++ {
		even = b[i]-b[i-1] == step
	}
	switch {
	case even && step == 0:
		return Weak{Words: "only octets " + hex2(b[0])}
	case even && step == 1:
		return Weak{Words: "counting up from " + hex2(b[0])}
	case even && step == 0xff:
		return Weak{Words: "counting down from " + hex2(b[0])}
	case even:
		return Weak{Words: "rising by " + hex2(step) + " from " + hex2(b[0])}
	}
	for p := 2; p <= 8 && 2*p <= n; p++ {
		if bytes.Equal(b[p:], b[:n-p]) {
			return Weak{Words: "a word of " + strconv.Itoa(p) + " octets repeated"}
		}
	}
	return Weak{}
}

// pattern says which pattern the key has: the whole of what it is derived from,
// or the worse one of its two keys.
func (k *Key) pattern() Weak {
	if k.material != nil && k.scheme != rolling {
		return patternOf(k.material)
	}
	a, b := patternOf(k.CipherKey), patternOf(k.MACKey)
	if a.Words == "" || b.Seen && !a.Seen {
		return b
	}
	return a
}

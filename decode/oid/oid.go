// Package oid names object identifiers. The names are those of the documents
// that define them; names.txt holds one a line, and adding one is adding a line.
//
//	id, ok := oid.Parse(contents)
//	fmt.Println(id.Name()) // id-pkix-ocsp-basic
//
// It does not say what an identifier stands for: an algorithm's meaning is the
// business of package sig, an extension's that of the kinds.
//
// Sources: X.660 and X.690, section 8.19; RFC 4514, section 3, for the keywords of
// names.
package oid

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// ID is an object identifier in dotted form: "1.3.6.1.5.5.7.48.1.1".
type ID string

// Parse reads the contents octets of an OBJECT IDENTIFIER (X.690, 8.19).
// It answers false for an empty one, a padded or unfinished arc, and an arc of
// more than 63 bits; the ID then holds what could be read.
func Parse(b []byte) (ID, bool) {
	if len(b) == 0 {
		return "", false
	}
	var room [64]byte // most need no more
	out := room[:0]
	var arc uint64
	ok, first, open := true, true, false
	for _, c := range b {
		if !open && c == 0x80 {
			ok = false
		}
		if arc >= 1<<56 {
			return ID(out), false
		}
		arc = arc<<7 | uint64(c&0x7f)
		if open = c&0x80 != 0; open {
			continue
		}
		if first {
			top := min(arc/40, 2)
			out = strconv.AppendUint(out, top, 10)
			arc -= top * 40
			first = false
		}
		out = append(out, '.')
		out = strconv.AppendUint(out, arc, 10)
		arc = 0
	}
	return ID(out), ok && !open
}

// Bytes are the contents octets of the identifier; nil if it is none.
func (id ID) Bytes() []byte {
	parts := strings.Split(string(id), ".")
	if len(parts) < 2 {
		return nil
	}
	var out []byte
	var top uint64
	for i, p := range parts {
		arc, err := strconv.ParseUint(p, 10, 63)
		if err != nil {
			return nil
		}
		if i == 0 {
			top = arc
			continue
		}
		if i == 1 {
			if top > 2 || top < 2 && arc > 39 || arc >= 1<<63-80 { // X.660, 7.6
				return nil
			}
			arc += top * 40
		}
		n := 1
		for v := arc >> 7; v > 0; v >>= 7 {
			n++
		}
		for n--; n >= 0; n-- {
			c := byte(arc>>(7*n)) & 0x7f
			if n > 0 {
				c |= 0x80
			}
			out = append(out, c)
		}
	}
	return out
}

//go:embed names.txt
var text string

// names is read from names.txt once, when a name is first asked for.
var names = sync.OnceValue(func() map[ID]string {
	m := make(map[ID]string, 512)
	for line := range strings.Lines(text) {
		id, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && id[0] != '#' {
			m[ID(id)] = strings.TrimSpace(name)
		}
	}
	return m
})

// Name is the name of the identifier, or "" if it has none here.
func (id ID) Name() string { return names()[id] }

// String is the name, or the dotted form of an identifier without one.
func (id ID) String() string {
	if n := id.Name(); n != "" {
		return n
	}
	return string(id)
}

// Valid says that there is an identifier at all.
func (id ID) Valid() bool { return id != "" }

// Named gives the identifier of a name, or "" if the name is not known here.
func Named(name string) (found ID) {
	for id, n := range names() {
		if strings.EqualFold(n, name) && (found == "" || id < found) {
			found = id
		}
	}
	return found
}

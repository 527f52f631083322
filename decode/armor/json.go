package armor

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// leaf is a value of a JSON text that may hold something.
type leaf struct {
	from, to int
	path     string
	kind     byte // '"' a string, '[' an array of octets, 0 any other scalar
	member   bool // the value of a member that is private in a key (RFC 7517)
	secret   bool // and the object around it is a key
}

// json recognises a JSON value and looks into its strings. It is taken only
// if one of them holds something.
func (t *scan) json(p, end int) *found {
	from, _ := trim(t.b, p, end)
	if from == end || t.b[from] != '{' && t.b[from] != '[' || from < t.noJSON {
		return nil
	}
	w := walker{b: t.b, at: from}
	ok := w.value(0) && len(w.leaves) > 0
	t.noJSON = max(w.at, from+1)
	if !ok {
		return nil
	}
	s := t.s
	first, scaffold, left := len(s.pieces), len(s.scaffold), s.left
	t.leaves(w, from)
	pieces := append([]Piece(nil), s.pieces[first:]...)
	marks := append([]Span(nil), s.scaffold[scaffold:]...)
	s.pieces, s.scaffold = s.pieces[:first], s.scaffold[:scaffold]
	if !anyKnown(pieces) {
		s.left = left
		return nil
	}
	return &found{from, w.at, func() {
		room := max(s.max.Pieces-1-len(s.pieces), 0)
		s.pieces = append(s.pieces, pieces[:min(room, len(pieces))]...)
		s.scaffold = append(s.scaffold, marks...)
	}}
}

func anyKnown(pieces []Piece) bool {
	for _, p := range pieces {
		if p.Known {
			return true
		}
	}
	return false
}

// leaves adds what the leaves hold, and between them stretches of values that
// hold nothing.
func (t *scan) leaves(w walker, from int) {
	s, done := t.s, from
	a, z := -1, -1
	flush := func(to int) {
		if a >= 0 {
			s.skip(t.v, done, a)
			s.prose(t.v, a, z)
			done = z
		}
		s.skip(t.v, done, to)
		a = -1
	}
	for _, l := range w.leaves {
		if s.full() {
			return
		}
		if l.secret {
			flush(l.from)
			s.add(t.v, l.from, l.to, Piece{Text: true, Known: true, Secret: true, Label: "private-jwk", Layers: []Layer{{"json", l.path}}})
			done = l.to
			continue
		}
		first, left := len(s.pieces), s.left
		t.leaf(l)
		held := append([]Piece(nil), s.pieces[first:]...)
		s.pieces = s.pieces[:first]
		if !anyKnown(held) {
			s.left = left
			if a < 0 {
				a = l.from
			}
			z = l.to
			continue
		}
		flush(l.from)
		s.pieces = append(s.pieces, held...)
		done = l.to
	}
	flush(w.at)
}

// leaf looks into one value.
func (t *scan) leaf(l leaf) {
	f := form{from: l.from, to: l.to, layers: []Layer{{"json", l.path}}}
	switch {
	case l.kind == '"' && l.to-l.from > 12:
		f.b, f.spans = unescapeJSON(t.b, l.from+1, l.to-1)
	case l.kind == '[':
		var sp speller
		f.b = octetArray(t.b, l.from, l.to, &sp)
		f.spans, f.layers, f.octets = sp.spans, append(f.layers, Layer{Name: "decimal"}), true
	default:
		return
	}
	if len(f.b) > t.s.left {
		return
	}
	t.s.spend(len(f.b))
	t.s.peel(t.v, f)
}

// unescapeJSON undoes the escapes of a string.
func unescapeJSON(b []byte, from, to int) (out []byte, spans []Span) {
	out = make([]byte, 0, to-from)
	for i := from; i < to; {
		k := bytes.IndexByte(b[i:to], '\\')
		if k < 0 {
			k = to - i
		}
		if k > 0 {
			spans = append(spans, same(len(out), i, k))
			out = append(out, b[i:i+k]...)
			i += k
			continue
		}
		n, w := len(out), 2
		switch c := b[i+1]; c {
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			r, _ := strconv.ParseUint(string(b[i+2:i+6]), 16, 32)
			out = utf8.AppendRune(out, rune(r))
			w = 6
		default:
			out = append(out, c)
		}
		spans = append(spans, Span{n, len(out) - n, i, w, 0})
		i += w
	}
	return out, spans
}

// octetArray reads [48, 130, 5, …], of signed octets too.
func octetArray(b []byte, from, to int, sp *speller) (out []byte) {
	for i := from; i < to; {
		start := i
		for i < to && (b[i] >= '0' && b[i] <= '9' || b[i] == '-') {
			i++
		}
		if i == start {
			i++
			continue
		}
		v, err := strconv.Atoi(string(b[start:min(i, start+5)]))
		if err != nil || v < -128 || v > 255 {
			return nil
		}
		out = append(out, byte(v))
		sp.octet(start, i-start)
	}
	return out
}

// maxDepth and maxLeaves bound the JSON values that are looked into.
const (
	maxDepth  = 64
	maxLeaves = 1 << 20
)

// walker reads one JSON value (RFC 8259) and notes its leaves.
type walker struct {
	b      []byte
	at     int
	path   []byte
	leaves []leaf
}

func (w *walker) space() {
	for w.at < len(w.b) && (w.b[w.at] == ' ' || w.b[w.at] == '\t' || w.b[w.at] == '\n' || w.b[w.at] == '\r') {
		w.at++
	}
}

// next passes over white space and takes c if it stands there.
func (w *walker) next(c byte) bool {
	w.space()
	if w.at < len(w.b) && w.b[w.at] == c {
		w.at++
		return true
	}
	return false
}

func (w *walker) value(depth int) bool {
	w.space()
	if w.at >= len(w.b) || depth > maxDepth {
		return false
	}
	from := w.at
	switch w.b[from] {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		if !w.string() {
			return false
		}
		w.leaf(from, '"')
		return true
	}
	for w.at < len(w.b) && (alnum(w.b[w.at]) || w.b[w.at] == '-' || w.b[w.at] == '+' || w.b[w.at] == '.') {
		w.at++
	}
	w.leaf(from, 0)
	return w.at > from && scalar(w.b[from:w.at])
}

func scalar(b []byte) bool {
	switch string(b[:min(len(b), 6)]) {
	case "true", "false", "null":
		return true
	}
	return b[0] == '-' || b[0] >= '0' && b[0] <= '9'
}

func (w *walker) leaf(from int, kind byte) {
	l := leaf{from: from, to: w.at, kind: kind}
	if kind != 0 {
		l.path = string(w.path)
	}
	w.leaves = append(w.leaves, l)
}

func (w *walker) object(depth int) bool {
	w.at++
	if w.next('}') {
		return true
	}
	n, first, key := len(w.path), len(w.leaves), false
	defer func() {
		for i := first; key && i < len(w.leaves); i++ {
			w.leaves[i].secret = w.leaves[i].secret || w.leaves[i].member
		}
	}()
	for {
		w.space()
		from := w.at
		if w.at >= len(w.b) || len(w.leaves) > maxLeaves || w.b[w.at] != '"' || !w.string() {
			return false
		}
		name := w.b[from+1 : w.at-1]
		if n > 0 {
			w.path = append(w.path, '.')
		}
		w.path = append(w.path, name[:min(len(name), 80)]...)
		before := len(w.leaves)
		if !w.next(':') || !w.value(depth+1) {
			return false
		}
		key = key || string(name) == "kty"
		if privateMember(string(name)) && len(w.leaves) == before+1 {
			w.leaves[before].member = true
		}
		w.path = w.path[:n]
		if w.next('}') {
			return true
		}
		if !w.next(',') {
			return false
		}
	}
}

// privateMember says whether a member of a JSON Web Key is private or part of
// a private key.
//
// RFC 7518, sections 6.2.2, 6.3.2 and 6.4; RFC 8037, section 2
func privateMember(name string) bool {
	switch name {
	case "d", "p", "q", "dp", "dq", "qi", "k", "priv", "seed":
		return true
	}
	return false
}

func (w *walker) array(depth int) bool {
	if w.numbers() {
		return true
	}
	w.at++
	if w.next(']') {
		return true
	}
	n := len(w.path)
	for i := 0; ; i++ {
		w.path = append(strconv.AppendInt(append(w.path, '['), int64(i), 10), ']')
		if len(w.leaves) > maxLeaves || !w.value(depth+1) {
			return false
		}
		w.path = w.path[:n]
		if w.next(']') {
			return true
		}
		if !w.next(',') {
			return false
		}
	}
}

// numbers takes an array of nothing but integers as one leaf: programs that
// know no octets write them so.
func (w *walker) numbers() bool {
	from, n, comma := w.at, 0, false
	for i := from + 1; i < len(w.b); i++ {
		switch c := w.b[i]; {
		case c >= '0' && c <= '9':
			n++
		case c == ']' && n > 0 && comma:
			w.at = i + 1
			kind := byte(0)
			var sp speller
			head := octetArray(w.b, from, min(w.at, from+judged), &sp)
			if len(head) >= 8 && recognisedStart(head, n/3, true) {
				kind = '['
			}
			w.leaf(from, kind)
			return true
		case c == ',':
			comma = true
		case c != '-' && !space(c):
			return false
		}
	}
	return false
}

// string passes over a string.
func (w *walker) string() bool {
	for i := w.at + 1; i < len(w.b); i++ {
		switch c := w.b[i]; {
		case c == '"':
			w.at = i + 1
			return true
		case c == '\\':
			i++
			if i < len(w.b) && w.b[i] == 'u' {
				if i+4 >= len(w.b) || nibble[w.b[i+1]]|nibble[w.b[i+2]]|nibble[w.b[i+3]]|nibble[w.b[i+4]] > 15 {
					w.at = i
					return false
				}
				i += 4
			}
		case c < ' ':
			w.at = i
			return false
		}
	}
	w.at = len(w.b)
	return false
}

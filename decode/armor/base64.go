package armor

import (
	"bytes"
	"fmt"
)

const (
	notBase64 = 0xff
	urlBase64 = 0x40 // added to the value of - and _
)

// base64Value gives the six bits of a character of either alphabet (RFC 4648,
// sections 4 and 5).
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = notBase64
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	t['-'], t['_'] = urlBase64|62, urlBase64|63
	return t
}()

// decoder collects base64 characters and the runs they stand in.
type decoder struct {
	out      []byte
	n        int // characters taken
	acc      uint32
	url      bool
	padded   bool
	inside   bool // what is fed begins within quotes
	spans    []Span
	problems []Problem
}

// feed takes the characters in b[from:to]. Quotes, commas, backslashes with
// their letter, and padding are passed over; others are told, once.
func (d *decoder) feed(b []byte, from, to int) {
	if d.out == nil {
		d.out = make([]byte, 0, (to-from)*3/4+64)
	}
	run := from
	flush := func(at int) {
		if at > run {
			d.span(run, at)
		}
	}
	// Outside the quotes of a program only its operators stand.
	open := d.inside
	quoted := open || from < to && (b[from] == '"' || b[from] == '\'')
	for i := from; i < to; i++ {
		c := b[i]
		v := base64Value[c]
		if v != notBase64 && (!quoted || open) {
			if v >= urlBase64 {
				d.url = true
				v &= 63
			}
			d.acc = d.acc<<6 | uint32(v)
			d.n++
			if d.n&3 == 0 {
				d.out = append(d.out, byte(d.acc>>16), byte(d.acc>>8), byte(d.acc))
			}
			continue
		}
		flush(i)
		switch {
		case c == '"' || c == '\'' || c == '`':
			open = !open
		case c == '=':
			d.padded = true
		case c == '\\' && i+1 < to && b[i+1] != '/':
			i++
		case space(c) || c == ',' || c == ';' || c == '\\' || c == '+' || c == '.' || c == ')' || c == '(':
		case len(d.problems) == 0:
			d.problems = append(d.problems, Problem{i, fmt.Sprintf("The octet %02x is not base64. It is passed over.", c)})
		}
		run = i + 1
	}
	flush(to)
}

// span notes the characters b[from:to], which were the last ones taken.
func (d *decoder) span(from, to int) {
	n := to - from
	a, z := (d.n-n)*3/4, d.n*3/4
	d.spans = append(d.spans, Span{a, z - a, from, n, 0})
}

// bytes ends the decoding.
func (d *decoder) bytes(s *splitter) []byte {
	switch d.n & 3 {
	case 1:
		d.problem("One base64 character is left over: characters are missing or too many.")
	case 2:
		d.out = append(d.out, byte(d.acc>>4))
	case 3:
		d.out = append(d.out, byte(d.acc>>10), byte(d.acc>>2))
	}
	if n := s.spend(len(d.out)); n < len(d.out) {
		d.out = d.out[:n]
		d.problem(fmt.Sprintf("The limit of %d decoded octets is reached: the rest is cut off.", s.max.Bytes))
	}
	for len(d.spans) > 0 {
		c := &d.spans[len(d.spans)-1]
		if c.OutLen = min(c.OutLen, len(d.out)-c.Out); c.OutLen > 0 || len(d.spans) == 1 {
			break
		}
		d.spans = d.spans[:len(d.spans)-1]
	}
	if d.spans == nil {
		d.spans = []Span{}
	}
	return d.out
}

func (d *decoder) problem(m string) {
	at := 0
	if n := len(d.spans); n > 0 {
		at = d.spans[n-1].In + d.spans[n-1].InLen
	}
	d.problems = append(d.problems, Problem{at, m})
}

func (d *decoder) layer() Layer {
	if d.url {
		return Layer{Name: "base64url"}
	}
	return Layer{Name: "base64"}
}

// base64Line gives the bounds of the base64 characters of a line that holds
// nothing else, but for quotes and what strings of a program end with.
func base64Line(b []byte, p, end int) (from, to int, ok bool) {
	from, to = inner(b, p, end)
	if from < to && (b[from] == '"' || b[from] == '\'') {
		quote := b[from]
		i := bytes.LastIndexByte(b[from+1:to], quote)
		if i < 0 {
			return 0, 0, false
		}
		from, to = from+1, from+1+i
		if to-from > 2 && b[to-2] == '\\' && b[to-1] == 'n' {
			to -= 2
		}
	}
	last := to
	for last > from && b[last-1] == '=' {
		last--
	}
	for _, c := range b[from:last] {
		if base64Value[c] == notBase64 {
			return 0, 0, false
		}
	}
	return from, to, last > from && to-last <= 2
}

// base64Lines recognises base64 that fills lines of its own.
func (t *scan) base64Lines(p, end int) *found {
	if !atLine(t.b, p) {
		return nil
	}
	from, to, ok := base64Line(t.b, p, end)
	if !ok || !worthDecoding(t.b[from:to], true) {
		return nil
	}
	return t.base64Run(from, to, true)
}

// base64Run reads the characters of b[from:to] and, if more is set, of the
// lines that follow, as long as they go on as the first one began.
func (t *scan) base64Run(from, to int, more bool) *found {
	var d decoder
	width, last := to-from, to
	_, stop := line(t.b, to)
	d.feed(t.b, from, to)
	// want is how many characters the element asks for that begins here.
	want := -1
	if h := header(d.out, 0); len(d.out) > 1 && d.out[0] == 0x30 && h.ok && !h.indefinite {
		want = (8*(h.n+h.length) + 5) / 6
	}
	for more && stop < len(t.b) && !d.padded && d.n != want {
		end, next := line(t.b, stop)
		a, z, ok := base64Line(t.b, stop, end)
		switch n := z - a; {
		case !ok:
			more = false
		case n == width:
		case want >= 0:
			// A word of its own line may follow: take it only if it is needed.
			more = d.n < want && (n >= 16 || d.n+n >= want)
		default:
			more = n < width && width >= 40 && (n >= 16 || n%4 == 0)
			width = -1
		}
		if more {
			d.feed(t.b, a, z)
			stop, last = next, z
		}
	}
	f := form{from: from, to: last, octets: true}
	f.b = d.bytes(t.s)
	f.spans, f.layers, f.problems = d.spans, []Layer{d.layer()}, d.problems
	return t.block(f)
}

// worthDecoding says whether characters are base64 of something, and not a
// word or a path: they begin as something known does, or fill a line of 40 and
// mix capitals, small letters and digits as only chance does.
func worthDecoding(b []byte, wholeLine bool) bool {
	if len(b) < 8 {
		return false
	}
	var d decoder
	d.feed(b, 0, min(len(b), 32))
	total := len(bytes.TrimRight(b, "=")) * 3 / 4
	if d.n&3 != 0 {
		// The rest of the characters is not whole octets.
		d.acc <<= 6 * (4 - uint(d.n&3))
		d.out = append(d.out, byte(d.acc>>16), byte(d.acc>>8))[:d.n*3/4]
	}
	if recognisedStart(d.out, total, wholeLine) {
		return true
	}
	if !wholeLine || len(b) < 40 {
		return false
	}
	var upper, lower, digit, slash int
	for _, c := range b[:min(len(b), 256)] {
		switch {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		case c >= '0' && c <= '9':
			digit++
		case c == '/' || c == '-' || c == '_':
			slash++
		}
	}
	n := min(len(b), 256)
	// Of random octets one line in 1,000 has fewer digits or more of the signs.
	return upper > n/8 && lower > n/8 && digit > n/64 && slash < n/6
}

// recognisedStart judges the first octets of something spelled over lines, of
// which the first one holds total octets.
func recognisedStart(b []byte, total int, more bool) bool {
	if recognised(b, total) {
		return true
	}
	if !more || len(b) < 6 || b[0] != 0x30 || total < 12 {
		return false
	}
	h := header(b, 0)
	if !h.ok || h.n >= len(b) {
		return false
	}
	switch b[h.n] {
	case 0x02, 0x04, 0x06, 0x0a, 0x30, 0x31, 0x80, 0xa0, 0xa1:
		return h.indefinite || h.n+h.length > total
	}
	return false
}

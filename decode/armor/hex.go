package armor

import "bytes"

// nibble gives the value of a hex digit, 0xff for others.
var nibble = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range 10 {
		t['0'+i] = byte(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = byte(10+i), byte(10+i)
	}
	return t
}()

// hexer reads octets spelled in hex, with whatever stands between them.
type hexer struct {
	out    []byte
	sp     speller
	prefix bool // 0x or \x was seen
	half   int  // offset of a digit without its pair, -1 none
	max    int
}

func newHexer(max int) *hexer { return &hexer{half: -1, max: max} }

// feed reads b[from:to] and stops at the first character that does not belong.
// Single digits between separators are octets only after 0x.
func (h *hexer) feed(b []byte, from, to int) (stop int) {
	for i := from; i < to; {
		c := b[i]
		if c == '0' && i+2 < to && b[i+1]|0x20 == 'x' && nibble[b[i+2]] < 16 ||
			c == '\\' && i+2 < to && b[i+1]|0x20 == 'x' && nibble[b[i+2]] < 16 {
			h.prefix = true
			n := 3
			value := nibble[b[i+2]]
			if i+3 < to && nibble[b[i+3]] < 16 {
				n, value = 4, value<<4|nibble[b[i+3]]
			}
			if i+n < to && nibble[b[i+n]] < 16 {
				// A long number behind 0x: its digits are pairs.
				if c == '\\' {
					return i
				}
				i += 2
				continue
			}
			h.octet(value, i, n)
			i += n
			continue
		}
		if hi := nibble[c]; hi < 16 {
			if i+1 < to && nibble[b[i+1]] < 16 {
				h.octet(hi<<4|nibble[b[i+1]], i, 2)
				i += 2
				continue
			}
			if i+1 < to && !hexSeparator(b[i+1]) {
				return i
			}
			if h.half < 0 {
				h.half = i
			}
			i++
			continue
		}
		if !hexSeparator(c) {
			return i
		}
		i++
	}
	return to
}

func (h *hexer) octet(v byte, pos, n int) {
	if len(h.out) < h.max {
		h.out = append(h.out, v)
		h.sp.octet(pos, n)
	}
}

func hexSeparator(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ':', ',', ';', '-', '_', '"', '\'', '{', '}', '[', ']', '(', ')', '\\', '+', '>', '|', '.', '&', 'h', 'n':
		return c != 'h' && c != 'n'
	}
	return false
}

// hexLines recognises hex that fills lines of its own: plain, with separators,
// as the array or the strings of a program. Such a line begins as something
// known does, or holds 20 octets or more.
func (t *scan) hexLines(p, end int) *found {
	from, to := inner(t.b, p, end)
	if !atLine(t.b, p) || from == to {
		return nil
	}
	if t.b[from] == '"' && bytes.Contains(t.b[from:to], []byte(`\x`)) {
		return t.strings(from, end)
	}
	h := newHexer(t.s.left)
	if h.feed(t.b, from, to) != to || h.half >= 0 || len(h.out) == 0 {
		return nil
	}
	n := len(h.out)
	if n < 20 && !recognisedStart(h.out, n, true) && !(h.prefix && n >= 8) {
		return nil
	}
	if !h.prefix {
		return t.hexRun(h, from, to)
	}
	return t.array(h, from, to)
}

// array takes the declaration before an array of a program, and the length
// that xxd -i puts behind it, as part of the form.
func (t *scan) array(h *hexer, from, to int) *found {
	if p := bytes.LastIndexByte(t.b[:from], '\n'); p > 0 {
		a, z := trim(t.b, max(bytes.LastIndexByte(t.b[:p], '\n')+1, p-200), p)
		if a < z && t.b[z-1] == '{' && a >= t.start {
			from = a
		}
	}
	return t.hexRun(h, from, to)
}

// hexRun reads on from a line that h has read, as long as lines are hex.
func (t *scan) hexRun(h *hexer, from, to int) *found {
	_, next := line(t.b, to)
	var half int
	for stop := next; stop < len(t.b); {
		end, next := line(t.b, stop)
		a, z := inner(t.b, stop, end)
		n, prefix := len(h.out), h.prefix
		if a == z {
			break
		}
		if h.feed(t.b, a, z) != z || !prefix && h.prefix {
			h.out = h.out[:n]
			h.sp.cut(n)
			break
		}
		if h.half >= 0 {
			half = h.half
		}
		stop, to = next, z
	}
	if _, p := line(t.b, to); h.prefix && bytes.HasPrefix(t.b[p:], []byte("unsigned int ")) {
		if end, _ := line(t.b, p); bytes.Contains(t.b[p:min(end, p+200)], []byte("_len = ")) && end < p+200 {
			to = end
		}
	}
	f := form{from: from, to: to, b: h.out, spans: h.sp.spans, layers: []Layer{{Name: "hex"}}, octets: true}
	if half > 0 {
		f.problems = []Problem{{half, "A single hex digit stands where an octet takes two. It is passed over."}}
	}
	t.s.spend(len(h.out))
	return t.peel(f)
}

// strings reads the string literals of a program, one after the other, with
// the escapes of C.
func (t *scan) strings(from, end int) *found {
	if from < t.noString {
		return nil
	}
	var out []byte
	var sp speller
	to := from
	escaped := 0
	for i := from; i < len(t.b) && len(out) < t.s.left; {
		quote := t.b[i]
		if c := quote; c != '"' && c != '\'' || i > from && c != t.b[from] {
			if space(c) || c == '+' || c == '\\' || c == '>' {
				i++
				continue
			}
			break
		}
		n := len(out)
		i++
		closed := false
		for i < len(t.b) && t.b[i] != '\n' {
			if t.b[i] == quote {
				closed = true
				i++
				break
			}
			v, w := cEscape(t.b, i)
			if w > 1 {
				escaped++
			}
			out = append(out, v)
			sp.octet(i, w)
			i += w
		}
		if !closed {
			out = out[:n]
			sp.cut(n)
			break
		}
		to = i
	}
	if len(out) < 2 || escaped*4 < len(out) || !recognisedStart(out, len(out), true) && len(out) < 20 {
		t.noString = to
		return nil
	}
	t.s.spend(len(out))
	return t.peel(form{from: from, to: to, b: out, spans: sp.spans, layers: []Layer{{"hex", "string"}}, octets: true})
}

// cEscape reads one character of a string literal at i and gives its width.
func cEscape(b []byte, i int) (v byte, n int) {
	if b[i] != '\\' || i+1 >= len(b) {
		return b[i], 1
	}
	c := b[i+1]
	switch {
	case c == 'x' && i+2 < len(b) && nibble[b[i+2]] < 16:
		if i+3 < len(b) && nibble[b[i+3]] < 16 {
			return nibble[b[i+2]]<<4 | nibble[b[i+3]], 4
		}
		return nibble[b[i+2]], 3
	case c >= '0' && c <= '7':
		n = 2
		v = c - '0'
		for n < 4 && i+n < len(b) && b[i+n] >= '0' && b[i+n] <= '7' {
			v = v<<3 | (b[i+n] - '0')
			n++
		}
		return v, n
	}
	if k := bytes.IndexByte([]byte("abtnvfr"), c); k >= 0 {
		return []byte("\a\b\t\n\v\f\r")[k], 2
	}
	if c == '\n' {
		return c, 1
	}
	return c, 2
}

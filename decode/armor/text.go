package armor

import "bytes"

// found is a form at a place in a text. Its pieces are added by add, after
// what lies before it has been listed.
type found struct {
	from, to int
	add      func()
}

// text looks for forms line by line. Every recogniser looks at the line it is
// asked about, and at more only when it takes what it looked at: so the time
// is linear, whatever the text.
func (s *splitter) text(v *view) {
	if keyLines(v.b) {
		s.add(v, 0, len(v.b), Piece{Known: true, Text: true, Secret: true})
		return
	}
	t := &scan{s: s, v: v, b: v.b}
	rest := 0
	for p := 0; p < len(t.b) && !s.full(); {
		end, next := line(t.b, p)
		t.floor, t.start = p, rest
		f := t.line(p, end)
		if f == nil {
			f = t.token(p, end)
		}
		if f == nil || f.to <= p {
			p = next
			continue
		}
		s.prose(v, rest, f.from)
		f.add()
		p, rest = f.to, f.to
	}
	if !s.full() {
		s.prose(v, rest, len(t.b))
	}
}

// scan is the search through one text.
type scan struct {
	s *splitter
	v *view
	b []byte
	// floor is the offset after the last form: no other begins before it.
	floor int
	// start is where the stretch begins that is not yet recognised.
	start int
	// Offsets before which a search was in vain that looked far ahead: it
	// would be again.
	noJSON, noURL, noString, noDecimal, noKeyLog int
}

// line asks the recognisers of forms that take whole lines.
func (t *scan) line(p, end int) *found {
	for _, recognise := range [...]func(*scan, int, int) *found{
		(*scan).json, (*scan).pem, (*scan).message, (*scan).openssl,
		(*scan).dump, (*scan).hexLines, (*scan).base64Lines,
	} {
		if f := recognise(t, p, end); f != nil {
			return f
		}
	}
	return nil
}

// peel is the found that opens one form.
func (t *scan) peel(f form) *found {
	return &found{f.from, f.to, func() { t.s.peel(t.v, f) }}
}

// block is a peel that looks around the form: for the YAML key whose block
// scalar it is, «key: |» in the line above, and for the END of a private key
// that has lost its BEGIN.
func (t *scan) block(f form) *found {
	if m, ok := nextMarker(t.b, f.to, min(f.to+maxLabel, len(t.b))); ok && !m.begin {
		f.secret = f.secret || secretLabel(m.label)
	}
	p := bytes.LastIndexByte(t.b[:f.from], '\n')
	if p < 0 {
		return t.peel(f)
	}
	a, z := trim(t.b, max(bytes.LastIndexByte(t.b[:p], '\n')+1, p-200), p)
	key, mark, ok := bytes.Cut(t.b[a:z], []byte(": "))
	if ok && a >= t.start && len(mark) <= 2 && len(mark) > 0 && (mark[0] == '|' || mark[0] == '>') {
		f.from = a
		f.layers = append([]Layer{{"yaml", string(key)}}, f.layers...)
	}
	return t.peel(f)
}

// prose lists a stretch in which nothing was recognised.
func (s *splitter) prose(v *view, from, to int) {
	if to-from == len(v.b) && mayBeKey(v) {
		// A key may begin or end like white space.
		s.unknown(v, from, to, true)
		return
	}
	a, z := trim(v.b, from, to)
	b := v.b[a:z]
	if punctuation(b) {
		a, z = to, to
	}
	if len(v.layers) > 0 {
		// White space may be spelled with letters in the layers above.
		s.skip(v, from, a)
		s.skip(v, z, to)
	}
	from, to = a, z
	if from == to {
		return
	}
	if !isText(b) {
		s.unknown(v, from, to, false)
		return
	}
	s.add(v, from, to, Piece{Text: true, Secret: mentionsSecret(b)})
}

// line gives the end of the line at p, without its break, and the next line.
func line(b []byte, p int) (end, next int) {
	i := bytes.IndexByte(b[p:], '\n')
	if i < 0 {
		return len(b), len(b)
	}
	end, next = p+i, p+i+1
	if end > p && b[end-1] == '\r' {
		end--
	}
	return end, next
}

// atLine says whether a line begins at p.
func atLine(b []byte, p int) bool { return p == 0 || b[p-1] == '\n' }

// trim moves both ends inwards over white space.
func trim(b []byte, from, to int) (int, int) {
	for from < to && space(b[from]) {
		from++
	}
	for to > from && space(b[to-1]) {
		to--
	}
	return from, to
}

// inner trims white space, the marks of quoted mail, and comment marks.
func inner(b []byte, from, to int) (int, int) {
	for from < to && (space(b[from]) || b[from] == '>' || b[from] == '|' || b[from] == '#' || b[from] == '*') {
		from++
	}
	return trim(b, from, to)
}

func space(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// punctuation says whether nothing in b could carry meaning of its own.
func punctuation(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f || c < ' ' && !space(c) || alnum(c) {
			return false
		}
	}
	return true
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// control marks the octets that text does not hold. Escape stays allowed:
// terminals colour with it.
var control = func() (t [256]bool) {
	for c := range 32 {
		t[c] = !space(byte(c)) && c != 0x1b
	}
	t[0x7f] = true
	return t
}()

func isText(b []byte) bool {
	for _, c := range b {
		if control[c] {
			return false
		}
	}
	return true
}

// hasFold says whether b begins with the lower-case prefix, in any case.
func hasFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}

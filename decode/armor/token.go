package armor

import "bytes"

// tokenChar marks the characters that base64, hex and words are made of.
var tokenChar = func() (t [256]bool) {
	for c := range t {
		t[c] = base64Value[c] != notBase64
	}
	return t
}()

// token looks for a form inside a line of other text: a URL, a value behind a
// name. Only what begins as something known does is taken.
func (t *scan) token(p, end int) *found {
	b := t.b
	for i := p; i < end; {
		if b[i] == '\\' && i+1 < end && b[i+1] != 'x' {
			i += 2
			continue
		}
		if !tokenChar[b[i]] && b[i] != '\\' {
			i++
			continue
		}
		j := i + 1
		for j < end && tokenChar[b[j]] {
			j++
		}
		if f := t.tokenAt(i, j, end); f != nil {
			return f
		}
		i = j
	}
	return nil
}

func (t *scan) tokenAt(i, j, end int) *found {
	b := t.b
	rest := b[i:end]
	switch b[i] {
	case 'h', 'H':
		if hasFold(rest, "http://") || hasFold(rest, "https://") {
			return t.url(i, end)
		}
	case 'G':
		if bytes.HasPrefix(rest, []byte("GET /")) {
			return t.url(i, end)
		}
	case 'd', 'D':
		if hasFold(rest, "data:") {
			return t.dataURL(i, end)
		}
	case '4':
		if f := t.decimal(i, end); f != nil {
			return f
		}
	case '0', '3', '\\':
		if bytes.HasPrefix(rest, []byte("0x")) || bytes.HasPrefix(rest, []byte(`\x`)) || bytes.HasPrefix(rest, []byte("30")) {
			if f := t.hexToken(i, end); f != nil {
				return f
			}
		}
	}
	if i > t.floor && (b[i-1] == '"' || b[i-1] == '\'') && bytes.Contains(b[i:min(end, i+64)], []byte(`\x`)) {
		if f := t.strings(i-1, end); f != nil {
			return f
		}
	}
	// What begins as a SEQUENCE, PEM or gzip does.
	if b[i] != 'M' && b[i] != 'L' && b[i] != 'H' || j-i < 16 {
		return nil
	}
	for k := 0; k < 2 && j < end && b[j] == '='; k++ {
		j++
	}
	if !worthDecoding(b[i:j], false) {
		return nil
	}
	return t.base64Run(i, j, punctuation(b[j:end]))
}

// judged is how many characters are read to judge hex inside a line.
const judged = 96

// hexToken recognises hex that begins in the middle of a line.
func (t *scan) hexToken(i, end int) *found {
	h := newHexer(t.s.left)
	h.feed(t.b, i, min(end, i+judged))
	if len(h.out) < 8 || !recognisedStart(h.out, len(h.out), true) {
		return nil
	}
	h = newHexer(t.s.left)
	stop := h.feed(t.b, i, end)
	// An array opens with a declaration: its line is part of the form.
	from := i
	if start := declaration(t.b, i); start >= t.start {
		from = start
	}
	last := lastHex(t.b, i, stop)
	if stop < end {
		t.s.spend(len(h.out))
		return t.peel(form{from: from, to: last, b: h.out, spans: h.sp.spans, layers: []Layer{{Name: "hex"}}, octets: true})
	}
	return t.hexRun(h, from, last)
}

// decimal recognises octets spelled as numbers, as Go and Java print them:
// «48 130 5 43» or «48, -126, 5, 43».
func (t *scan) decimal(i, end int) *found {
	if !bytes.HasPrefix(t.b[i:], []byte("48")) || i < t.noDecimal {
		return nil
	}
	var sp speller
	head := octetArray(t.b, i, numbersEnd(t.b, i, min(end, i+judged)), &sp)
	if len(head) < 8 || !recognisedStart(head[:len(head)-1], len(head)-1, true) {
		return nil
	}
	sp = speller{}
	to := numbersEnd(t.b, i, len(t.b))
	out := octetArray(t.b, i, to, &sp)
	if out == nil || len(out) > t.s.left {
		t.noDecimal = to
		return nil
	}
	t.s.spend(len(out))
	return t.peel(form{from: i, to: to, b: out, spans: sp.spans, layers: []Layer{{Name: "decimal"}}, octets: true})
}

// numbersEnd gives the offset after the last number of a list.
func numbersEnd(b []byte, p, end int) int {
	last := p
	for ; p < end; p++ {
		switch c := b[p]; {
		case c >= '0' && c <= '9':
			last = p + 1
		case c != ',' && c != '-' && !space(c):
			return last
		}
	}
	return last
}

// lastHex gives the offset after the last hex digit of b[from:to].
func lastHex(b []byte, from, to int) int {
	for to > from && nibble[b[to-1]] > 15 {
		to--
	}
	return to
}

// declaration gives the start of the line when it declares an array whose
// octets begin at i: «static const unsigned char resp[] = {». -1 if not.
func declaration(b []byte, i int) int {
	start := max(bytes.LastIndexByte(b[:i], '\n')+1, i-200)
	if bytes.IndexByte(b[start:i], '{') < 0 {
		return -1
	}
	return start
}

package armor

import "bytes"

// maxURL bounds the URLs that are looked into.
const maxURL = 1 << 14

// decodeTarget finds the target in the line b[p:end] and the request in it.
func decodeTarget(b []byte, p, end int, target []byte) ([]byte, []Span, bool) {
	i := bytes.Index(b[p:end], target)
	if i < 0 {
		return nil, nil, false
	}
	return decodeURL(b, p+i, p+i+len(target))
}

// decodeURL takes the OCSP request out of the path of a URL (RFC 6960,
// appendix A.1): base64 with + / = escaped. It also takes what people and
// programs make of that: nothing escaped, escaped twice, spaces for +,
// base64url, no padding. A / may be of the path or of the base64, so segments
// are joined from the right. The longest run that is one element is taken: a /
// inside base64 may stand right before an inner SEQUENCE that fits, too.
func decodeURL(b []byte, from, to int) (out []byte, spans []Span, ok bool) {
	if to-from > maxURL {
		return nil, nil, false
	}
	var clean []byte
	var pos, width []int
	var starts []int
	if i := bytes.Index(b[from:to], []byte("://")); i >= 0 {
		from += i + 3
	}
	for i := from; i < to; {
		c, n := b[i], 1
		if c == '?' || c == '#' {
			break
		}
		if c == '/' {
			starts = append(starts, len(clean)+1)
		}
		if c == '%' {
			c, n = percent(b[i:to])
		} else if c == ' ' {
			c = '+'
		}
		clean, pos, width = append(clean, c), append(pos, i), append(width, n)
		i += n
	}
	for len(clean) > 0 && clean[len(clean)-1] == '=' {
		clean = clean[:len(clean)-1]
	}
	whole := len(clean)
	for whole > 0 && clean[whole-1] == '/' {
		whole--
	}
	start, stop := -1, 0
	valid := len(clean)
	for k := len(starts) - 1; k >= 0; k-- {
		at := starts[k]
		for valid > at && base64Value[clean[valid-1]] != notBase64 {
			valid--
		}
		if valid > at {
			break
		}
		for _, end := range [...]int{len(clean), whole} {
			if fits(clean, at, end) {
				start, stop = at, end
				break
			}
		}
	}
	if start < 0 {
		return nil, nil, false
	}
	var d decoder
	for i := start; i < stop; {
		j := i + 1
		for width[i] == 1 && j < stop && width[j] == 1 && pos[j] == pos[j-1]+1 {
			j++
		}
		d.feed(clean, i, j)
		c := &d.spans[len(d.spans)-1]
		c.In, c.InLen = pos[i], pos[j-1]+width[j-1]-pos[i]
		i = j
	}
	return d.bytes(newSplitter(Limits{})), d.spans, true
}

// fits says whether base64 characters spell one SEQUENCE exactly.
func fits(c []byte, from, to int) bool {
	if to-from < 12 || c[from] != 'M' {
		return false
	}
	var d decoder
	d.feed(c, from, from+8)
	h := header(d.out, 0)
	return len(d.out) > 2 && d.out[0] == 0x30 && h.ok && h.n+h.length == (to-from)*3/4
}

// percent reads an escape, once or twice escaped.
func percent(b []byte) (c byte, n int) {
	if bytes.HasPrefix(b, []byte("%25")) && len(b) >= 5 && nibble[b[3]] < 16 && nibble[b[4]] < 16 {
		return nibble[b[3]]<<4 | nibble[b[4]], 5
	}
	if len(b) >= 3 && nibble[b[1]] < 16 && nibble[b[2]] < 16 {
		return nibble[b[1]]<<4 | nibble[b[2]], 3
	}
	return '%', 1
}

// urlEnd gives the end of a URL: white space and quotes end it.
func urlEnd(b []byte, p, end int) int {
	for p < end && b[p] > ' ' && b[p] != '"' && b[p] != '\'' && b[p] != '<' && b[p] != '>' && b[p] != '`' {
		p++
	}
	return p
}

// url recognises a GET URL of OCSP that begins at p, a request line in a log
// among them.
func (t *scan) url(p, end int) *found {
	b := t.b
	from := p
	if bytes.HasPrefix(b[p:end], []byte("GET /")) {
		from += 4
	}
	to := urlEnd(b, from, end)
	out, spans, ok := decodeURL(b, from, to)
	if !ok && from < t.noURL {
		return nil
	}
	if !ok {
		// Spaces for +: the URL may take the rest of the line.
		last := end
		if i := bytes.IndexAny(b[to:min(end, to+maxURL)], "\"'<>`"); i >= 0 {
			last = to + i
		}
		if i := bytes.Index(b[from:min(last, from+maxURL)], []byte(" HTTP/")); i >= 0 {
			last = from + i
		}
		_, last = trim(b, from, last)
		t.noURL = last
		if out, spans, ok = decodeURL(b, from, last); !ok {
			return nil
		}
		to = last
	}
	return t.peel(form{
		from: from, to: to, b: out, spans: spans, layers: []Layer{{Name: "url"}}, label: "application/ocsp-request",
		http:   &HTTP{Request: true, Method: "GET", Target: string(b[from:to]), DeclaredLength: -1},
		octets: true,
	})
}

// dataURL recognises a data: URL (RFC 2397).
func (t *scan) dataURL(p, end int) *found {
	b := t.b
	comma := bytes.IndexByte(b[p:min(end, p+200)], ',')
	if comma < 0 {
		return nil
	}
	head := string(b[p+5 : p+comma])
	from, to := p+comma+1, urlEnd(b, p, end)
	if to <= from {
		return nil
	}
	f := form{from: p, to: to, octets: true}
	const base64 = ";base64"
	coded := len(head) >= len(base64) && head[len(head)-len(base64):] == base64
	if coded {
		head = head[:len(head)-len(base64)]
	}
	media, _, _ := bytes.Cut([]byte(head), []byte{';'})
	f.label = string(media)
	f.layers = []Layer{{"data-url", head}}
	var clean []byte
	var sp speller
	for i := from; i < to; {
		c, n := b[i], 1
		if c == '%' {
			c, n = percent(b[i:to])
		}
		clean = append(clean, c)
		sp.octet(i, n)
		i += n
	}
	if coded {
		var d decoder
		d.feed(clean, 0, len(clean))
		f.b, f.problems = d.bytes(t.s), nil
		f.layers = append(f.layers, d.layer())
		f.spans = (&view{b: clean, spans: sp.spans}).compose(d.spans)
		if len(f.b) == 0 {
			return nil
		}
		return t.peel(f)
	}
	t.s.spend(len(clean))
	f.b, f.spans = clean, sp.spans
	return t.peel(f)
}

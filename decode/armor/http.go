package armor

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// startLine reads the first line of an HTTP message. curl -v puts «< » or «> »
// before each line of a head.
type startLine struct {
	prefix byte // '<', '>' or 0
	text   []byte
}

func httpStart(l []byte) (s startLine, ok bool) {
	if len(l) > 2 && (l[0] == '<' || l[0] == '>') && l[1] == ' ' {
		s.prefix, l = l[0], l[2:]
	}
	s.text = l
	if bytes.HasPrefix(l, []byte("HTTP/")) {
		return s, len(l) >= 9 && l[5] >= '1' && l[5] <= '3' && bytes.IndexByte(l[:min(len(l), 10)], ' ') > 5
	}
	if len(l) < 5 || l[0] < 'A' || l[0] > 'Z' {
		return s, false
	}
	i := bytes.IndexByte(l[:min(len(l), 10)], ' ')
	if i < 3 {
		return s, false
	}
	for _, c := range l[:i] {
		if c < 'A' || c > 'Z' {
			return s, false
		}
	}
	k := bytes.LastIndex(l, []byte(" HTTP/"))
	return s, k > i && len(l)-k <= 9 && len(l)-k >= 7
}

// startsHTTP says whether octets that are no text begin with a message.
func startsHTTP(b []byte) bool {
	end, _ := line(b, 0)
	_, ok := httpStart(b[:end])
	return ok
}

// nextStart finds the next line that begins a message, or the end.
func nextStart(b []byte, p int) int {
	for p < len(b) {
		end, next := line(b, p)
		if _, ok := httpStart(b[p:end]); ok {
			return p
		}
		p = next
	}
	return len(b)
}

// message recognises an HTTP request or response (RFC 9112).
func (t *scan) message(p, end int) *found {
	if !atLine(t.b, p) && p != t.start { // a body of octets ends within a line
		return nil
	}
	start, ok := httpStart(t.b[p:end])
	if !ok {
		return nil
	}
	m := &HTTP{DeclaredLength: -1}
	m.first(start.text)
	body := t.head(m, start.prefix, p)
	f := form{from: p, to: body, http: m, octets: true, layers: []Layer{{Name: "http"}}}
	switch {
	case m.Request && (start.prefix != 0 || m.DeclaredLength < 0 && m.field("Transfer-Encoding") == ""):
	case m.Status/100 == 1 || m.Status == 204 || m.Status == 304:
	default:
		t.body(m, &f, body)
	}
	if f.b == nil && m.Request {
		if b, spans, ok := decodeTarget(t.b, p, end, []byte(m.Target)); ok {
			f.b, f.spans = b, spans
			f.layers = append(f.layers, Layer{Name: "url"})
			f.label = "application/ocsp-request"
		}
	}
	return t.peel(f)
}

// first reads the start line.
func (m *HTTP) first(l []byte) {
	words := strings.SplitN(string(l), " ", 3)
	if words[0][:min(5, len(words[0]))] == "HTTP/" {
		m.Status, _ = strconv.Atoi(strings.TrimSpace(words[1]))
		if len(words) > 2 {
			m.Reason = words[2]
		}
		return
	}
	m.Request, m.Method = true, words[0]
	rest := string(l[len(words[0])+1:])
	m.Target = strings.TrimSpace(rest[:strings.LastIndex(rest, " HTTP/")])
}

// field gives the value of the header field of that name, "" without one.
func (m *HTTP) field(name string) string {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// mediaType is the Content-Type without parameters.
func (m *HTTP) mediaType() string {
	v, _, _ := strings.Cut(m.field("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(v))
}

// maxHeaders bounds the header fields of a message.
const maxHeaders = 256

// head reads the header fields and returns where the body begins.
func (t *scan) head(m *HTTP, prefix byte, p int) int {
	_, p = line(t.b, p)
	for p < len(t.b) {
		end, next := line(t.b, p)
		l := t.b[p:end]
		if prefix != 0 {
			if len(l) == 0 || l[0] != prefix {
				if len(l) > 0 && l[0] == '*' {
					p = next
					continue
				}
				break
			}
			l = bytes.TrimPrefix(l[1:], []byte(" "))
		}
		if len(bytes.TrimSpace(l)) == 0 {
			p = next
			break
		}
		i := bytes.IndexByte(l, ':')
		if n := len(m.Headers); (l[0] == ' ' || l[0] == '\t') && n > 0 {
			m.Headers[n-1].Value += " " + string(bytes.TrimSpace(l))
		} else if i <= 0 || bytes.IndexByte(l[:i], ' ') >= 0 || !isText(l) || n >= maxHeaders {
			m.Problems = append(m.Problems, "The header fields do not end with an empty line.")
			break
		} else {
			m.Headers = append(m.Headers, Header{string(l[:i]), string(bytes.TrimSpace(l[i+1:]))})
		}
		p = next
	}
	if v := m.field("Content-Length"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			m.Problems = append(m.Problems, fmt.Sprintf("Content-Length is «%s», not a number.", v))
		} else {
			m.DeclaredLength = n
		}
	}
	if prefix == 0 {
		return p
	}
	// curl -v reports on the transfer between head and body.
	for p < len(t.b) {
		end, next := line(t.b, p)
		if l := t.b[p:end]; !bytes.HasPrefix(l, []byte("* ")) && !bytes.HasPrefix(l, []byte("{ [")) && !bytes.HasPrefix(l, []byte("} [")) {
			break
		}
		p = next
	}
	return p
}

// body finds the body and undoes transfer and content codings.
func (t *scan) body(m *HTTP, f *form, p int) {
	b := t.b
	media := m.mediaType()
	f.label = media
	f.layers[0].Label = media
	rest := b[p:]
	declared := m.DeclaredLength
	chunked := strings.Contains(strings.ToLower(m.field("Transfer-Encoding")), "chunked")
	f.b = nil
	if chunked {
		var ok bool
		if f.b, f.spans, f.to, ok = t.chunks(p); !ok {
			chunked = false
			m.Problems = append(m.Problems, "Transfer-Encoding says chunked, but the body is not in chunks: a program has joined them already.")
		}
	}
	if !chunked {
		switch {
		case len(rest) == 0 || startsHTTP(rest):
			f.to = p
		case declared >= 0 && declared <= len(rest) && !(binaryMedia(media) && isText(rest[:min(declared, 256)])):
			f.to = p + declared
		default:
			f.to = nextStart(b, p)
		}
		f.b = b[p:f.to]
		f.spans = []Span{same(0, p, f.to-p)}
	}
	text := isText(f.b)
	if n := len(f.b); declared >= 0 && n != declared && !chunked && !(text && n > declared && binaryMedia(media)) {
		m.Problems = append(m.Problems, fmt.Sprintf("Content-Length is %d, but %d octets of body are here.", declared, n))
	}
	t.content(m, f)
	if why := mangled(f.b); why != "" && !text {
		f.problems = append(f.problems, Problem{p, why})
		f.whole = true
	}
	f.whole = f.whole || binaryMedia(media) && media != "application/pkixcmp" && !text && !gzipped(f.b) && len(f.b) > 0
}

// content undoes the content codings that are not seen from the octets.
func (t *scan) content(m *HTTP, f *form) {
	switch coding := strings.ToLower(m.field("Content-Encoding")); coding {
	case "", "identity":
	case "gzip", "x-gzip":
		if !gzipped(f.b) {
			m.Problems = append(m.Problems, "Content-Encoding says gzip, but the body is not compressed: a program has expanded it already.")
		}
	case "deflate":
		if out, problem := t.s.inflate(f.b); out != nil {
			f.b, f.spans = out, nil
			f.layers = append(f.layers, Layer{Name: "deflate"})
			if problem != "" {
				f.problems = append(f.problems, Problem{f.from, problem})
			}
		} else {
			m.Problems = append(m.Problems, "Content-Encoding says deflate, but the body cannot be expanded.")
		}
	default:
		m.Problems = append(m.Problems, fmt.Sprintf("Content-Encoding «%s» is not undone.", coding))
	}
}

// binaryMedia says whether a media type stands for octets.
func binaryMedia(media string) bool {
	switch {
	case media == "", strings.HasPrefix(media, "text/"), strings.HasPrefix(media, "multipart/"),
		strings.HasSuffix(media, "json"), strings.HasSuffix(media, "xml"), strings.Contains(media, "pem"),
		media == "application/x-www-form-urlencoded", media == "application/javascript":
		return false
	}
	return true
}

// chunks joins a body in chunks (RFC 9112, section 7.1).
func (t *scan) chunks(p int) (out []byte, spans []Span, to int, ok bool) {
	b := t.b
	for p < len(b) {
		end, next := line(b, p)
		digits, _, _ := bytes.Cut(b[p:end], []byte{';'})
		digits = bytes.TrimSpace(digits)
		if len(digits) == 0 || len(digits) > 8 {
			return out, spans, p, len(out) > 0
		}
		size := 0
		for _, c := range digits {
			if nibble[c] > 15 {
				return out, spans, p, len(out) > 0
			}
			size = size<<4 | int(nibble[c])
		}
		p = next
		if size == 0 {
			// Trailer fields, up to an empty line.
			for p < len(b) {
				end, next := line(b, p)
				if end == p {
					p = next
					break
				}
				if bytes.IndexByte(b[p:end], ':') <= 0 || startsHTTP(b[p:end]) {
					break
				}
				p = next
			}
			if out == nil {
				out, spans = []byte{}, []Span{}
			}
			return out, spans, p, true
		}
		n := t.s.spend(min(size, len(b)-p))
		spans = append(spans, same(len(out), p, n))
		out = append(out, b[p:p+n]...)
		if n < size {
			return out, spans, p + min(size, len(b)-p), true
		}
		p += n
		if p+1 < len(b) && b[p] == '\r' && b[p+1] == '\n' {
			p += 2
		} else if p < len(b) && b[p] == '\n' {
			p++
		}
	}
	return out, spans, p, len(out) > 0
}

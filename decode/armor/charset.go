package armor

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"unicode/utf8"
)

// compressed opens a gzip stream (RFC 1952).
func (s *splitter) compressed(v *view) bool {
	if !gzipped(v.b) {
		return false
	}
	r, err := gzip.NewReader(bytes.NewReader(v.b))
	if err != nil {
		return false
	}
	out, problem := s.expand(r, len(v.b))
	if len(out) == 0 {
		return false
	}
	f := form{from: 0, to: len(v.b), b: out, layers: []Layer{{Name: "gzip"}}, octets: true}
	if problem != "" {
		f.problems = []Problem{{0, problem}}
	}
	s.peel(v, f)
	return true
}

// inflate expands a deflate body, which servers send with and without the
// zlib header of RFC 1950.
func (s *splitter) inflate(b []byte) (out []byte, problem string) {
	if r, err := zlib.NewReader(bytes.NewReader(b)); err == nil {
		return s.expand(r, len(b))
	}
	return s.expand(flate.NewReader(bytes.NewReader(b)), len(b))
}

// ratio bounds how far a compressed stream is expanded. Messages and text come
// to less than twenty times their size; what is empty but for its length comes
// to a thousand times.
const ratio = 64

// expand reads a compressed stream of n octets as far as the limits allow.
func (s *splitter) expand(r io.Reader, n int) (out []byte, problem string) {
	most := min(s.left, 1<<20+ratio*n)
	out, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	switch {
	case len(out) > most && most < s.left:
		out, err = out[:most], nil
		problem = fmt.Sprintf("The compressed stream holds more than %d times its %d octets: the rest is cut off after %d.", ratio, n, most)
	case len(out) > most:
		out, err = out[:most], nil
		problem = fmt.Sprintf("The limit of %d decoded octets is reached: the rest is cut off.", s.max.Bytes)
	}
	s.spend(len(out))
	if err != nil {
		problem = fmt.Sprintf("The compressed stream breaks off: %v.", err)
	}
	return out, problem
}

// charset opens text in UTF-16, in UTF-8 with a byte order mark, and in
// quoted-printable.
func (s *splitter) charset(v *view) bool {
	b := v.b
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) && len(b) > 3:
		s.peel(v, form{
			from: 0, to: len(b), b: b[3:], spans: []Span{same(0, 3, len(b)-3)},
			layers: []Layer{{"charset", "UTF-8 with byte order mark"}},
		})
		return true
	case bytes.HasPrefix(b, []byte("\xff\xfe")) || alternating(b, 1):
		return s.utf16(v, 0, 1, "UTF-16LE")
	case bytes.HasPrefix(b, []byte("\xfe\xff")) || alternating(b, 0):
		return s.utf16(v, 1, 0, "UTF-16BE")
	case quotedPrintable(b):
		out, spans := unquote(b)
		s.spend(len(out))
		s.peel(v, form{from: 0, to: len(b), b: out, spans: spans, layers: []Layer{{Name: "quoted-printable"}}})
		return true
	}
	return false
}

// alternating says whether b begins as Latin text in UTF-16 does, without mark.
func alternating(b []byte, zero int) bool {
	if len(b) < 16 {
		return false
	}
	for i, c := range b[:16] {
		if i%2 == zero && c != 0 || i%2 != zero && (c == 0 || c > 0x7e || control[c]) {
			return false
		}
	}
	return true
}

func (s *splitter) utf16(v *view, lo, hi int, name string) bool {
	b := v.b
	if len(b)*3/2 > s.left {
		return false
	}
	out := make([]byte, 0, len(b)/2)
	var spans []Span
	at := 0
	if b[lo]|b[hi] == 0xff {
		at = 2
	}
	for i := at; i+1 < len(b); {
		r := rune(b[i+lo]) | rune(b[i+hi])<<8
		w := 2
		if r >= 0xd800 && r < 0xdc00 && i+3 < len(b) && b[i+2+hi]&0xfc == 0xdc {
			r = 0x10000 + (r-0xd800)<<10 + (rune(b[i+2+lo]) | rune(b[i+2+hi]&3)<<8)
			w = 4
		}
		n := len(out)
		out = utf8.AppendRune(out, r)
		k := len(out) - n
		if c := len(spans) - 1; c >= 0 && k == 1 && spans[c].Stride == 2 {
			spans[c].OutLen++
			spans[c].InLen += 2
		} else {
			run := Span{n, k, i, w, 0}
			if k == 1 {
				run.Stride = 2
			}
			spans = append(spans, run)
		}
		i += w
	}
	// A key may begin like the byte order mark.
	if !isText(out) || mayBeKey(v) && len(out) > len(b) {
		return false
	}
	s.spend(len(out))
	s.peel(v, form{from: 0, to: len(b), b: out, spans: spans, layers: []Layer{{"charset", name}}})
	return true
}

// quotedPrintable says whether a text is in quoted-printable (RFC 2045,
// section 6.7): every = is an escape or breaks a line, and one at least spells =.
func quotedPrintable(b []byte) bool {
	if !bytes.Contains(b, []byte("=3D")) || !isText(b) {
		return false
	}
	for i := 0; ; {
		k := bytes.IndexByte(b[i:], '=')
		if k < 0 {
			return true
		}
		i += k + 1
		_, n := escapeQP(b[i:])
		if n == 0 {
			return false
		}
		i += n
	}
}

// escapeQP reads what follows =: c is -1 for a soft line break.
func escapeQP(b []byte) (c, n int) {
	switch {
	case len(b) >= 2 && nibble[b[0]] < 16 && nibble[b[1]] < 16:
		return int(nibble[b[0]])<<4 | int(nibble[b[1]]), 2
	case len(b) >= 2 && b[0] == '\r' && b[1] == '\n':
		return -1, 2
	case len(b) >= 1 && b[0] == '\n':
		return -1, 1
	case len(b) == 0:
		return -1, 0
	}
	return 0, 0
}

func unquote(b []byte) (out []byte, spans []Span) {
	for i := 0; i < len(b); {
		k := bytes.IndexByte(b[i:], '=')
		if k < 0 {
			k = len(b) - i
		}
		if k > 0 {
			spans = append(spans, same(len(out), i, k))
			out = append(out, b[i:i+k]...)
			i += k
			continue
		}
		c, n := escapeQP(b[i+1:])
		if c >= 0 {
			spans = append(spans, Span{len(out), 1, i, 1 + n, 1 + n})
			out = append(out, byte(c))
		}
		i += 1 + n
	}
	return out, spans
}

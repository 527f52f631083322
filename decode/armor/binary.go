package armor

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// octets looks for pieces in a view of which nothing is known yet.
func (s *splitter) octets(v *view) {
	b := v.b
	switch {
	case len(b) == 0:
	case s.compressed(v):
	case recording(b):
		s.add(v, 0, len(b), Piece{Known: true, Label: "capture"})
	case s.charset(v):
	case isText(b):
		s.text(v)
	case b[0] == 0x30 && header(b, 0).ok:
		s.sequences(v)
	case startsHTTP(b):
		s.text(v)
	case wireLabel(b) != "":
		s.add(v, 0, len(b), Piece{Known: true, Label: wireLabel(b)})
	case oneElement(b):
		s.add(v, 0, len(b), Piece{Known: true})
	case bytes.Contains(b, beginMark) || bytes.Contains(b, []byte("\nHTTP/1.")):
		s.text(v)
	case s.max.Claims != nil && s.max.Claims(b):
		s.add(v, 0, len(b), Piece{Known: true})
	default:
		s.unknown(v, 0, len(b), v.octets)
	}
}

// recording recognises the files of packet recorders by their first octets:
// pcap in both byte orders, and pcapng.
func recording(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	switch string(b[:4]) {
	case "\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1", "\x0a\x0d\x0d\x0a":
		return true
	}
	return false
}

// sequences takes SEQUENCE elements one by one. What follows the last one and
// is no whole SEQUENCE stays attached to it, so that trailing octets are found
// by whoever reads the piece.
func (s *splitter) sequences(v *view) {
	b := v.b
	for at := 0; at < len(b) && !s.full(); {
		end := elementEnd(b, at)
		if end < 0 || end == len(b) || b[end] != 0x30 || !follows(b, end) {
			end = len(b)
		}
		s.add(v, at, end, Piece{Known: true, Secret: privateKey(b[at:end])})
		at = end
	}
}

// follows says whether a whole SEQUENCE of some size begins at off.
func follows(b []byte, off int) bool {
	end := elementEnd(b, off)
	return end >= off+8
}

// unknown lists octets in which nothing is recognised, but for the OCSP
// responses that lie in them.
func (s *splitter) unknown(v *view, from, to int, known bool) {
	at := from
	for _, c := range carve(v.b[from:to]) {
		a, z := from+c.In, from+c.In+c.InLen
		if a > at {
			s.add(v, at, a, Piece{})
		}
		s.add(v, a, z, Piece{Known: true, Layers: []Layer{{"carved", "OCSP response"}}})
		at = z
		known = false
	}
	if at == to {
		return
	}
	p := Piece{Known: known}
	if m := mangled(v.b[from:to]); m != "" {
		off, _ := v.place(from, to)
		p.Problems = []Problem{{off, m}}
	}
	s.add(v, at, to, p)
}

// mayBeKey says whether v is octets rather than text: it was spelled on purpose,
// or has the size of keys, and is no UTF-8.
func mayBeKey(v *view) bool {
	n := len(v.b)
	return (v.octets || n <= 80 && n%16 == 0) && !utf8.Valid(v.b)
}

// mangled tells octets that went through a conversion to UTF-8.
func mangled(b []byte) string {
	if bytes.Count(b, []byte("\xef\xbf\xbd")) < 2 || !utf8.Valid(b) {
		return ""
	}
	return "The octets ef bf bd stand where others were: a program took binary data for UTF-8 text, which cannot be undone."
}

// head is the identifier and length of an element.
type head struct {
	ok, indefinite bool
	n, length      int // octets of the head; of the contents
}

// header reads a head with a tag of one octet or more and a length of at most
// four octets. The contents need not be there.
func header(b []byte, off int) (h head) {
	i := off + 1
	if i >= len(b) {
		return h
	}
	if b[off]&0x1f == 0x1f {
		for i < len(b) && b[i]&0x80 != 0 {
			i++
		}
		i++
		if i >= len(b) || i-off > 6 {
			return h
		}
	}
	l := int(b[i])
	i++
	if l == 0x80 {
		return head{b[off]&0x20 != 0, true, i - off, 0}
	}
	if l > 0x80 {
		k := l & 0x7f
		if k > 8 || i+k > len(b) {
			return h
		}
		l = 0
		for _, c := range b[i : i+k] {
			if l >= 1<<23 {
				return h
			}
			l = l<<8 | int(c)
		}
		i += k
	}
	return head{true, false, i - off, l}
}

// elementEnd gives the offset after the element at off, -1 if it is not whole.
func elementEnd(b []byte, off int) int {
	for open := 0; ; {
		if open > 0 && off+1 < len(b) && b[off] == 0 && b[off+1] == 0 {
			open--
			off += 2
		} else {
			h := header(b, off)
			if !h.ok || h.length > len(b)-off-h.n {
				return -1
			}
			off += h.n + h.length
			if h.indefinite {
				open++
			}
		}
		if open == 0 {
			return off
		}
	}
}

// oneElement says whether b is one element exactly, of a tag that ASN.1 uses.
func oneElement(b []byte) bool {
	return b[0] != 0 && len(b) > 2 && elementEnd(b, 0) == len(b)
}

// plausible says whether octets that were decoded from text begin as a
// SEQUENCE does. More proof is asked of few octets than of many.
func plausible(b []byte, total int) bool {
	if len(b) < 2 || b[0] != 0x30 {
		return false
	}
	h := header(b, 0)
	if !h.ok {
		return false
	}
	if h.indefinite {
		return total > 8
	}
	if h.n+h.length == total {
		return true
	}
	if total < 16 || h.n >= len(b) {
		return false
	}
	// Cut off or with something behind it: the first inner tag must make sense.
	switch b[h.n] {
	case 0x02, 0x06, 0x0a, 0x30, 0x31, 0xa0:
		return h.n+h.length > total/2 && h.length < 1<<26
	}
	return false
}

// recognised says whether decoded octets begin as something known does.
func recognised(b []byte, total int) bool {
	return plausible(b, total) || bytes.HasPrefix(b, beginMark) || gzipped(b) || wireLabelOf(b, total) != ""
}

func gzipped(b []byte) bool { return len(b) > 10 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8 }

// wireLabel names TLS records, a handshake message and captures by their first octets.
func wireLabel(b []byte) string { return wireLabelOf(b, len(b)) }

func wireLabelOf(b []byte, total int) string {
	if len(b) < 6 {
		return ""
	}
	switch {
	case b[0] >= 20 && b[0] <= 23 && b[1] == 3 && b[2] <= 4 && 5+int(binary.BigEndian.Uint16(b[3:])) <= total:
		return "tls-records"
	case handshake(b, total):
		return "tls-handshake"
	}
	switch binary.BigEndian.Uint32(b) {
	case 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a:
		return "capture"
	}
	return ""
}

// handshake says whether b is handshake messages that add up to total octets;
// where b is less than that, the first one must do so.
func handshake(b []byte, total int) bool {
	for at := 0; at < total; {
		if at+4 > len(b) || b[at] > 25 {
			return false
		}
		n := int(b[at+1])<<16 | int(b[at+2])<<8 | int(b[at+3])
		if n == 0 && b[at] != 0 && b[at] != 14 || at == 0 && n < 2 {
			return false
		}
		at += 4 + n
		if at == total {
			return true
		}
	}
	return false
}

// privateKey recognises the private keys of RFC 5958, RFC 8017 and RFC 5915:
// a version, then an AlgorithmIdentifier, an INTEGER or an OCTET STRING.
func privateKey(b []byte) bool {
	h := header(b, 0)
	if !h.ok || len(b) < h.n+5 || b[0] != 0x30 {
		return false
	}
	c := b[h.n:]
	if c[0] != 2 || c[1] != 1 || c[2] > 1 {
		return false
	}
	switch c[3] {
	case 0x30:
		end := elementEnd(c, 3)
		return end > 0 && end < len(c) && c[end] == 0x04
	case 0x02:
		return true
	}
	return c[3] == 0x04 && c[2] == 1
}

var oidBasic = []byte{6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1}

// carve finds the OCSP responses that lie anywhere in some octets: the runs
// are In, InLen. An OCSPResponse begins with its responseStatus, an ENUMERATED
// (RFC 6960, section 4.2.1); where that is missing, the ResponseBytes with
// the OID of a basic response are taken.
func carve(b []byte) []Span {
	var out []Span
	done := 0
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], 0x01)
		if i < 0 {
			return out
		}
		i += at
		at = i + 1
		off, end := -1, -1
		switch {
		case i > 0 && b[i-1] == 0x0a && i+1 < len(b) && b[i+1] < 10:
			off, end = enclosing(b, done, i-1)
			if rest := end - (i + 2); off >= 0 && (b[i+1] == 0) != (rest > 0) || rest > 0 && b[i+2] != 0xa0 {
				off = -1
			}
		case i >= 10 && bytes.Equal(b[i-10:i+1], oidBasic):
			off, end = enclosing(b, done, i-10)
		}
		if off >= 0 {
			out = append(out, Span{In: off, InLen: end - off})
			done, at = end, end
		}
	}
}

// enclosing finds the SEQUENCE whose contents begin at c.
func enclosing(b []byte, from, c int) (off, end int) {
	for n := 2; n <= 6 && c-n >= from; n++ {
		if b[c-n] != 0x30 {
			continue
		}
		if h := header(b, c-n); h.ok && !h.indefinite && h.n == n && h.length <= len(b)-c {
			return c - n, c + h.length
		}
	}
	return -1, -1
}

package armor

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// parsed is a line of openssl asn1parse:
//
//	26:d=3  hl=4 l=1297 prim: OCTET STRING      [HEX DUMP]:3082050D…
type parsed struct {
	off, head, length int
	constructed       bool
	tag               byte
	dump              bool
	value             string
	hasValue          bool
}

// parsedLine says whether a line may be of asn1parse.
func parsedLine(l []byte) bool {
	i := bytes.Index(l[:min(len(l), 12)], []byte(":d="))
	return i > 0 && bytes.Contains(l[:min(len(l), 40)], []byte("hl="))
}

// asn1parse takes the lines together. Tags and lengths are all there, but of
// the contents only what OpenSSL prints: if every value can be had, the octets
// are put together again, otherwise the text is handed on.
func (t *scan) asn1parse(p int) *found {
	from, to := p, p
	from, _ = trim(t.b, from, len(t.b))
	var out []byte
	base := -1
	missing := ""
	for p < len(t.b) {
		end, next := line(t.b, p)
		a, z := trim(t.b, p, end)
		if !parsedLine(t.b[a:z]) {
			break
		}
		l, ok := parseLine(string(t.b[a:z]))
		if base < 0 {
			base = l.off
		}
		if missing == "" {
			switch {
			case !ok, l.off-base != len(out), len(out)+l.length > t.s.left:
				missing = "a line that does not follow"
			default:
				out = l.header(out)
				if !l.constructed && l.length > 0 {
					v, ok := l.contents()
					if !ok || len(v) != l.length {
						missing = "the contents at offset " + strconv.Itoa(l.off)
					}
					out = append(out, v...)
				}
			}
		}
		to, p = z, next
	}
	if missing == "" && (len(out) == 0 || elementEnd(out, 0) != len(out)) {
		missing = "the end"
	}
	layer := Layer{"openssl-text", "asn1parse"}
	if missing == "" {
		t.s.spend(len(out))
		off := form{from: from, to: to, b: out, layers: []Layer{layer}, whole: true}
		off.problems = []Problem{{from, "The octets are put together from printed tags, lengths and values: it is the original if that was DER."}}
		return t.peel(off)
	}
	return &found{from, to, func() {
		at, _ := t.v.place(from, to)
		t.s.add(t.v, from, to, Piece{
			Text: true, Known: true, Label: "asn1parse", Layers: []Layer{layer}, Secret: mentionsSecret(t.b[from:to]),
			Problems: []Problem{{at, "The octets cannot be put together from this text: it lacks " + missing + ". Paste the input of asn1parse instead."}},
		})
	}}
}

func parseLine(s string) (l parsed, ok bool) {
	number := func(before string) int {
		i := strings.Index(s, before)
		if i < 0 {
			return -1
		}
		s = strings.TrimLeft(s[i+len(before):], " ")
		end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if end < 0 {
			end = len(s)
		}
		n, err := strconv.Atoi(s[:end])
		if err != nil {
			return -1
		}
		return n
	}
	l.off = number("")
	if number(":d=") < 0 {
		return l, false
	}
	l.head, l.length = number("hl="), number("l=")
	i := strings.Index(s, ": ")
	if l.off < 0 || l.head < 2 || l.head > 6 || l.length < 0 || l.length > 1<<28 || i < 0 {
		return l, false
	}
	l.constructed = strings.HasSuffix(s[:i], " cons")
	s = s[i+2:]
	name := s
	if i := strings.Index(s, "[HEX DUMP]:"); i >= 0 {
		name, l.value, l.dump, l.hasValue = s[:i], s[i+len("[HEX DUMP]:"):], true, true
	} else if i := strings.IndexByte(s, ':'); i >= 0 {
		name, l.value, l.hasValue = s[:i], s[i+1:], true
	}
	l.tag, ok = tagByName(strings.TrimSpace(name))
	if l.constructed {
		l.tag |= 0x20
	}
	return l, ok
}

var tagNames = map[string]byte{
	"BOOLEAN": 1, "INTEGER": 2, "BIT STRING": 3, "OCTET STRING": 4, "NULL": 5, "OBJECT": 6, "ENUMERATED": 10,
	"UTF8STRING": 12, "SEQUENCE": 16, "SET": 17, "NUMERICSTRING": 18, "PRINTABLESTRING": 19, "T61STRING": 20,
	"IA5STRING": 22, "UTCTIME": 23, "GENERALIZEDTIME": 24, "VISIBLESTRING": 26, "UNIVERSALSTRING": 28, "BMPSTRING": 30,
}

// tagByName reads «SEQUENCE» and «cont [ 0 ]».
func tagByName(name string) (byte, bool) {
	if t, ok := tagNames[name]; ok {
		return t, true
	}
	class, rest, ok := strings.Cut(name, " [ ")
	n, err := strconv.Atoi(strings.TrimSuffix(rest, " ]"))
	if !ok || err != nil || n < 0 || n > 30 {
		return 0, false
	}
	switch class {
	case "appl":
		return 0x40 | byte(n), true
	case "cont":
		return 0x80 | byte(n), true
	case "priv":
		return 0xc0 | byte(n), true
	}
	return 0, false
}

// header appends identifier and length in as many octets as hl says.
func (l parsed) header(out []byte) []byte {
	out = append(out, l.tag)
	if l.head == 2 {
		return append(out, byte(l.length))
	}
	out = append(out, 0x80|byte(l.head-2))
	for i := l.head - 3; i >= 0; i-- {
		out = append(out, byte(l.length>>(8*i)))
	}
	return out
}

// printedOIDs are those that OpenSSL prints by name and that an OCSPResponse
// has outside its OCTET STRING.
var printedOIDs = map[string][]byte{"Basic OCSP Response": oidBasic[2:]}

// contents gives the octets of a primitive value as printed.
func (l parsed) contents() ([]byte, bool) {
	if l.dump {
		return unhex(l.value)
	}
	if !l.hasValue {
		return nil, false
	}
	switch l.tag {
	case 1:
		n, err := strconv.Atoi(l.value)
		return []byte{byte(n)}, err == nil && n >= 0 && n <= 255
	case 2, 10:
		if strings.HasPrefix(l.value, "-") {
			return nil, false
		}
		v, ok := unhex(l.value)
		if ok && len(v) == l.length-1 {
			v = append([]byte{0}, v...)
		}
		return v, ok
	case 6:
		if v, ok := printedOIDs[l.value]; ok {
			return v, true
		}
		return dotted(l.value)
	case 4, 12, 18, 19, 22, 23, 24, 26:
		return []byte(l.value), true
	}
	return nil, false
}

func unhex(s string) ([]byte, bool) {
	if len(s)%2 != 0 {
		return nil, false
	}
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		if nibble[s[i]]|nibble[s[i+1]] > 15 {
			return nil, false
		}
		out = append(out, nibble[s[i]]<<4|nibble[s[i+1]])
	}
	return out, true
}

// dotted encodes an object identifier of numbers.
func dotted(s string) (out []byte, ok bool) {
	first := 0
	for i, part := range strings.Split(s, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > math.MaxInt>>8 {
			return nil, false
		}
		if i == 0 {
			first = n
			continue
		}
		if i == 1 {
			n += 40 * first
		}
		for shift := 42; shift > 0; shift -= 7 {
			if n>>shift > 0 {
				out = append(out, 0x80|byte(n>>shift))
			}
		}
		out = append(out, byte(n&0x7f))
	}
	return out, len(out) > 0
}

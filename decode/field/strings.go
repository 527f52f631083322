package field

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"derscope/decode/der"
)

// stringTypes are the character string types by their tag numbers, and what each
// may hold.
var stringTypes = [31]func([]byte) (string, bool){
	12: func(b []byte) (string, bool) { return strings.ToValidUTF8(string(b), "\ufffd"), utf8.Valid(b) }, // UTF8String
	18: func(b []byte) (string, bool) { return latin(b), only(b, " 0123456789") },                        // NumericString
	19: func(b []byte) (string, bool) { return latin(b), printable(b) },                                  // PrintableString
	20: func(b []byte) (string, bool) { return latin(b), true },                                          // TeletexString
	22: func(b []byte) (string, bool) { return latin(b), ascii(b) },                                      // IA5String
	26: func(b []byte) (string, bool) { return latin(b), ascii(b) },                                      // VisibleString
	30: bmp,                                                                                              // BMPString
	28: universal,                                                                                        // UniversalString
}

func latin(b []byte) string {
	if ascii(b) {
		return string(b)
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func only(b []byte, set string) bool {
	for _, c := range b {
		if strings.IndexByte(set, c) < 0 {
			return false
		}
	}
	return true
}

func printable(b []byte) bool {
	for _, c := range b {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(" '()+,-./:=?", c) >= 0) {
			return false
		}
	}
	return true
}

func bmp(b []byte) (string, bool) {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units)), len(b)%2 == 0
}

func universal(b []byte) (string, bool) {
	var s strings.Builder
	for i := 0; i+4 <= len(b); i += 4 {
		s.WriteRune(rune(uint32(b[i])<<24 | uint32(b[i+1])<<16 | uint32(b[i+2])<<8 | uint32(b[i+3])))
	}
	return s.String(), len(b)%4 == 0
}

// IsText says that t is the tag of a character string type.
func IsText(t der.Tag) bool { return textOf(t) != nil }

func textOf(t der.Tag) func([]byte) (string, bool) {
	if t.Class != der.Universal || t.Number >= uint32(len(stringTypes)) {
		return nil
	}
	return stringTypes[t.Number]
}

// Text reads a character string of whatever type it is.
func (r *Reader) Text(label string) Field[string] {
	e, ok := r.Next()
	if ok && !r.quiet {
		if IsText(e.Tag) && !e.Constructed {
			return r.TextAs(label, e.Tag, e.Tag)
		}
	}
	_, ref, _ := r.header(label, func(der.Element) bool { return false }, "a character string")
	return Field[string]{Ref: ref}
}

// TextAs reads a character string of type typ under a tag.
func (r *Reader) TextAs(label string, tag, typ der.Tag) Field[string] {
	b, ref, ok := r.leaf(label, typ.String(), tag)
	if !ok {
		return Field[string]{Ref: ref}
	}
	s, fits := textOf(typ)(b)
	if !fits {
		r.Fault(String, ref, "«%s» holds characters that a %s does not have", s, typ)
	}
	r.Show(ref, s)
	return Field[string]{s, ref, true}
}

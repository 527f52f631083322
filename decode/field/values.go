package field

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"derscope/decode/der"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// Int is the contents octets of an INTEGER: two's complement, big end first.
type Int []byte

// Big is the value.
func (v Int) Big() *big.Int {
	n := new(big.Int).SetBytes(v)
	if len(v) > 0 && v[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(v))))
	}
	return n
}

// Int64 is the value, and whether it fits.
func (v Int) Int64() (int64, bool) {
	if len(v) == 0 || len(v) > 8 {
		return 0, false
	}
	n := int64(int8(v[0]))
	for _, c := range v[1:] {
		n = n<<8 | int64(c)
	}
	return n, true
}

// Sign is -1, 0 or 1.
func (v Int) Sign() int {
	if len(v) > 0 && v[0]&0x80 != 0 {
		return -1
	}
	for _, c := range v {
		if c != 0 {
			return 1
		}
	}
	return 0
}

// Text is the value in hex with colons, as serial numbers are written:
// 03:a1:7f. A sign octet of zero is left out.
func (v Int) Text() string {
	return Colons(trim(v))
}

// Colons writes octets as hex with colons.
func Colons(b []byte) string {
	const digits = "0123456789abcdef"
	s := make([]byte, 0, 3*len(b))
	for i, c := range b {
		if i > 0 {
			s = append(s, ':')
		}
		s = append(s, digits[c>>4], digits[c&15])
	}
	return string(s)
}

// hexText writes octets for people: short ones whole, long ones with their number.
func hexText(b []byte) string {
	if len(b) <= 32 {
		return hex.EncodeToString(b)
	}
	return hex.EncodeToString(b[:16]) + "… (" + strconv.Itoa(len(b)) + " octets)"
}

// BitString is the contents of a BIT STRING.
type BitString struct {
	Bytes  []byte
	Unused int // bits of the last octet that do not count
}

// Bit says whether bit n is set, bit 0 being the first.
func (b BitString) Bit(n int) bool {
	return n/8 < len(b.Bytes) && b.Bytes[n/8]&(0x80>>(n%8)) != 0
}

// leaf reads a primitive element of a tag as a node without children.
func (r *Reader) leaf(label, typ string, tag der.Tag) (content []byte, ref report.Ref, ok bool) {
	e, ref, ok := r.header(label, func(e der.Element) bool { return e.Tag == tag && !e.Constructed }, typ)
	if !ok {
		return nil, ref, false
	}
	content = r.b[e.Content():e.Close()]
	ref = r.add(label, typ, e.Off, e.Header, e.Close()-e.Off, report.Leaf)
	r.fix(ref)
	r.forms(e, ref)
	r.off = e.Close()
	return content, ref, true
}

// Integer reads an INTEGER.
func (r *Reader) Integer(label string) Field[Int] { return r.IntegerAs(label, der.Integer) }

// IntegerAs reads an INTEGER under another tag.
func (r *Reader) IntegerAs(label string, tag der.Tag) Field[Int] {
	b, ref, ok := r.leaf(label, "INTEGER", tag)
	if !ok {
		return Field[Int]{Ref: ref}
	}
	v := Int(b)
	r.checkInt(v, ref)
	if n := r.node(ref); n != nil {
		i, small := v.Int64()
		switch {
		case small:
			n.Value = strconv.FormatInt(i, 10)
		case len(v) > 64: // the number of a key
			n.Value = strconv.Itoa(v.Big().BitLen()) + " bits: " + hexText(trim(v))
		default:
			n.Value = v.Text()
		}
	}
	return Field[Int]{v, ref, len(b) > 0}
}

// trim leaves the sign octet of a positive number out.
func trim(v Int) []byte {
	if len(v) > 1 && v[0] == 0 {
		return v[1:]
	}
	return v
}

func (r *Reader) checkInt(v Int, ref report.Ref) {
	switch {
	case len(v) == 0:
		r.Fault(Integer, ref, "an INTEGER of no octets")
	case len(v) > 1 && (v[0] == 0 && v[1] < 0x80 || v[0] == 0xff && v[1] >= 0x80):
		r.Fault(Integer, ref, "the INTEGER is padded: its first octet %02x is not needed", v[0])
	}
}

// Enum reads an ENUMERATED whose values have names.
func (r *Reader) Enum(label string, names map[int]string) Field[int] {
	return r.EnumAs(label, der.Enumerated, "ENUMERATED", names)
}

// IntegerEnum reads an INTEGER whose values have names.
func (r *Reader) IntegerEnum(label string, names map[int]string) Field[int] {
	return r.EnumAs(label, der.Integer, "INTEGER", names)
}

// EnumAs reads a small number with names under a tag.
func (r *Reader) EnumAs(label string, tag der.Tag, typ string, names map[int]string) Field[int] {
	b, ref, ok := r.leaf(label, typ, tag)
	if !ok {
		return Field[int]{Ref: ref}
	}
	r.checkInt(b, ref)
	v, small := Int(b).Int64()
	if n := r.node(ref); n != nil {
		switch name, known := names[int(v)]; {
		case !small:
			n.Value = Int(b).Text()
		case known:
			n.Value = name + " (" + strconv.FormatInt(v, 10) + ")"
		default:
			n.Value = strconv.FormatInt(v, 10)
		}
	}
	return Field[int]{int(v), ref, small}
}

// Boolean reads a BOOLEAN.
func (r *Reader) Boolean(label string) Field[bool] { return r.BooleanAs(label, der.Boolean) }

// BooleanAs reads a BOOLEAN under another tag.
func (r *Reader) BooleanAs(label string, tag der.Tag) Field[bool] {
	b, ref, ok := r.leaf(label, "BOOLEAN", tag)
	if !ok {
		return Field[bool]{Ref: ref}
	}
	if len(b) != 1 {
		r.Fault(Boolean, ref, "a BOOLEAN of %d octets", len(b))
		return Field[bool]{Ref: ref}
	}
	if b[0] != 0 && b[0] != 0xff {
		r.Fault(Boolean, ref, "TRUE is written %02x: DER wants ff", b[0])
	}
	r.Show(ref, strings.ToUpper(strconv.FormatBool(b[0] != 0)))
	return Field[bool]{b[0] != 0, ref, true}
}

// Null reads a NULL.
func (r *Reader) Null(label string) report.Ref { return r.NullAs(label, der.Null).Ref }

// NullAs reads a NULL under another tag, with its faults: contents, or the
// constructed form. The value is the contents octets.
func (r *Reader) NullAs(label string, tag der.Tag) Field[[]byte] {
	e, ref, ok := r.header(label, func(e der.Element) bool { return e.Tag == tag }, "NULL")
	if !ok {
		return Field[[]byte]{Ref: ref}
	}
	ref = r.add(label, "NULL", e.Off, e.Header, min(e.End(), r.end)-e.Off, report.Leaf)
	r.fix(ref)
	r.forms(e, ref)
	r.off = min(e.End(), r.end)
	switch {
	case e.Constructed:
		r.Fault(NullContent, ref, "a NULL in the constructed form")
	case e.Len > 0:
		r.Fault(NullContent, ref, "a NULL with %s of contents", report.Plural(e.Len, "octet", "octets"))
	}
	return Field[[]byte]{r.b[e.Content():e.Close()], ref, true}
}

// OID reads an OBJECT IDENTIFIER.
func (r *Reader) OID(label string) Field[oid.ID] { return r.OIDAs(label, der.OID) }

// OIDAs reads an OBJECT IDENTIFIER under another tag.
func (r *Reader) OIDAs(label string, tag der.Tag) Field[oid.ID] {
	b, ref, ok := r.leaf(label, "OBJECT IDENTIFIER", tag)
	if !ok {
		return Field[oid.ID]{Ref: ref}
	}
	id, good := oid.Parse(b)
	if !good {
		r.Fault(ObjectID, ref, "the OBJECT IDENTIFIER %x cannot be read", b)
	}
	r.Show(ref, id.String())
	return Field[oid.ID]{id, ref, good}
}

// Octets reads an OCTET STRING. The segments of a constructed one are nodes of
// their own, and the value is what they join to.
func (r *Reader) Octets(label string) Field[[]byte] {
	return r.OctetsAs(label, der.OctetString)
}

// OctetsAs reads an OCTET STRING under another tag.
func (r *Reader) OctetsAs(label string, tag der.Tag) Field[[]byte] {
	retag := r.retag // for the second look
	e, ref, ok := r.header(label, func(e der.Element) bool { return e.Tag == tag }, "OCTET STRING")
	if !ok {
		return Field[[]byte]{Ref: ref}
	}
	r.retag = retag
	if e.Constructed {
		var joined []byte
		ref, _ := r.open(label, "OCTET STRING", func(e der.Element) bool { return true }, func(r *Reader) {
			r.Fault(Segmented, r.at, "an OCTET STRING in segments: DER wants it whole")
			List(r, "segment", func(r *Reader, l string) bool {
				s := r.Octets(l)
				joined = append(joined, s.Value...)
				return s.OK
			})
		})
		r.Show(ref, hexText(joined))
		return Field[[]byte]{joined, ref, true}
	}
	b, ref, ok := r.leaf(label, "OCTET STRING", tag)
	if ok && r.t.mute == 0 {
		r.Show(ref, hexText(b))
	}
	return Field[[]byte]{b, ref, ok}
}

// Bits reads a BIT STRING.
func (r *Reader) Bits(label string) Field[BitString] { return r.BitsAs(label, der.BitString) }

// BitsAs reads a BIT STRING under another tag.
func (r *Reader) BitsAs(label string, tag der.Tag) Field[BitString] {
	b, ref, ok := r.leaf(label, "BIT STRING", tag)
	if !ok {
		return Field[BitString]{Ref: ref}
	}
	if len(b) == 0 {
		r.Fault(Bits, ref, "a BIT STRING without the octet that counts its unused bits")
		return Field[BitString]{Ref: ref}
	}
	v := BitString{b[1:], int(b[0])}
	switch {
	case v.Unused > 7 || v.Unused > 0 && len(v.Bytes) == 0:
		r.Fault(Bits, ref, "%d unused bits in %d octets", v.Unused, len(v.Bytes))
	case v.Unused > 0 && v.Bytes[len(v.Bytes)-1]&(1<<v.Unused-1) != 0:
		r.Fault(Bits, ref, "%d unused bits at the end, and not all of them are zero", v.Unused)
	}
	if r.t.mute == 0 {
		r.Show(ref, fmt.Sprintf("%d bits: %s", 8*len(v.Bytes)-v.Unused, hexText(v.Bytes)))
	}
	return Field[BitString]{v, ref, true}
}

// Any reads the next element with no schema: as a tree of ASN.1.
func (r *Reader) Any(label string) report.Ref {
	if r.quiet || r.Empty() {
		return r.at
	}
	e, err := der.Next(r.b, r.off, r.end)
	if err != nil {
		return r.stop(BadElement, label, "%s: %v", label, err)
	}
	if e.Constructed {
		ref, _ := r.open(label, e.Tag.String(), func(der.Element) bool { return true }, func(r *Reader) {
			List(r, label, func(r *Reader, l string) struct{} { r.Any(l); return struct{}{} })
		})
		return ref
	}
	switch e.Tag {
	case der.Boolean:
		return r.Boolean(label).Ref
	case der.Integer:
		return r.Integer(label).Ref
	case der.BitString:
		return r.Bits(label).Ref
	case der.OctetString:
		return r.Octets(label).Ref
	case der.Null:
		return r.Null(label)
	case der.OID:
		return r.OID(label).Ref
	case der.Enumerated:
		return r.Enum(label, nil).Ref
	case der.UTCTime, der.GeneralizedTime:
		return r.TimeEither(label).Ref
	}
	if IsText(e.Tag) {
		return r.Text(label).Ref
	}
	b, ref, ok := r.leaf(label, e.Tag.String(), e.Tag)
	if ok && r.t.mute == 0 {
		r.Show(ref, plainText(b))
	}
	return ref
}

// plainText shows octets of unknown type: as text where they are, else as hex.
func plainText(b []byte) string {
	if len(b) > 0 && ascii(b) && strings.IndexFunc(string(b), func(c rune) bool { return c < 0x20 || c == 0x7f }) < 0 {
		return string(b)
	}
	return hexText(b)
}

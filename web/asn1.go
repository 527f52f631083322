package web

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// asn1Row is a line of the ASN.1 view: an element, or octets that are none.
type asn1Row struct {
	der.Element
	Depth  int
	Kids   bool // it holds elements
	Open   bool
	Inside bool   // it fills a string of octets or bits, which says nothing of that
	Fault  string // why it is no element
	In     int    // elements that it holds; 0: not counted
	At, Of int    // its place among those beside it, from 1, and how many these are
}

// opens says where the elements inside e begin. A string of octets or bits is
// opened if nothing but constructed elements fill it: by chance that is rare.
func opens(b []byte, e der.Element) (from int, wrapped bool) {
	from = e.Content()
	if e.Constructed || e.Tag != der.OctetString && e.Tag != der.BitString {
		return from, false
	}
	if e.Tag == der.BitString {
		if e.Len < 3 || b[from] != 0 {
			return from, false
		}
		from++
	}
	if e.Close()-from < 2 || b[from]&0x20 == 0 && e.Close()-from < 3 {
		return from, false
	}
	switch b[from] {
	case 0x30, 0x31: // SEQUENCE, SET
	case 0x02, 0x03, 0x04, 0x0a, 0x0c, 0x16, 0x18: // what extensions and keys hold
		if in, err := der.Next(b, from, e.Close()); err != nil || in.End() != e.Close() || e.Tag == der.BitString {
			return from, false
		}
	default:
		return from, false
	}
	_, err := countSome(b, from, e.Close())
	return from, err == nil
}

// some bounds how far elements are counted only to draw a row.
const some = 2000

// countSome counts elements, up to more than some.
func countSome(b []byte, off, end int) (n int, err error) {
	for ; off < end && n <= some; n++ {
		e, err := der.Next(b, off, end)
		if err != nil {
			return n, err
		}
		off = e.End()
	}
	return n, nil
}

// elementText says what an element holds, in few words.
func elementText(b []byte, r asn1Row) string {
	if r.Fault != "" {
		return fmt.Sprintf("%d octets: %s", r.Len, r.Fault)
	}
	in := b[r.Content():r.Close()]
	if r.Constructed {
		n, err := r.In, error(nil)
		if n == 0 {
			n, err = countSome(b, r.Content(), r.Close())
		}
		switch {
		case err != nil || n == 1:
			return ""
		case r.In == 0 && n > some:
			return "more than " + count(some) + " elements"
		}
		return count(n) + " elements"
	}
	if r.Tag.Class != der.Universal {
		return stringText(in)
	}
	switch r.Tag {
	case der.Boolean:
		if len(in) == 1 {
			return strings.ToUpper(strconv.FormatBool(in[0] != 0))
		}
	case der.Integer, der.Enumerated:
		return integerText(in)
	case der.OID:
		return oidText(in)
	case der.Null:
		return ""
	case der.BitString:
		if len(in) > 0 {
			bits := fmt.Sprintf("%d bits", len(in)*8-8-int(in[0]))
			if r.Kids || len(in) == 1 {
				return bits
			}
			return fmt.Sprintf("%s: %x", bits, in[1:min(len(in), 25)]) + dots(len(in) > 25)
		}
	case der.OctetString:
		if r.Kids {
			return fmt.Sprintf("%d octets", len(in))
		}
		return stringText(in)
	case der.UTCTime, der.GeneralizedTime:
		return timeText(r.Tag, string(in))
	default:
		if utf8.Valid(in) && r.Tag.Number >= der.UTF8String.Number {
			return shorten(strings.ToValidUTF8(string(in), "·"), 80)
		}
	}
	return octetText(in)
}

// timeText gives a moment as the page writes moments, if it is written as
// certificates have it (RFC 5280, section 4.1.2.5), or else as it stands.
func timeText(tag der.Tag, text string) string {
	layout := "20060102150405Z"
	if tag == der.UTCTime {
		layout = "060102150405Z"
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return shorten(strings.ToValidUTF8(text, "·"), 80)
	}
	if tag == der.UTCTime && t.Year() >= 2050 {
		t = t.AddDate(-100, 0, 0)
	}
	return t.Format(momentLayout) + " UTC"
}

func octetText(b []byte) string {
	if len(b) > 24 {
		return fmt.Sprintf("%d octets: %x…", len(b), b[:24])
	}
	return fmt.Sprintf("%x", b)
}

func dots(more bool) string {
	if more {
		return "…"
	}
	return ""
}

// integerText gives a number as one, unless it is long, as serial numbers are.
func integerText(b []byte) string {
	if len(b) == 0 || len(b) > 8 {
		return octetText(b)
	}
	n := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n.String()
}

// oidText gives an object identifier with dots, and its name.
func oidText(b []byte) string {
	id, ok := oid.Parse(b)
	if !ok {
		return octetText(b)
	}
	if name := id.Name(); name != "" {
		return string(id) + " " + name
	}
	return string(id)
}

// stringText gives octets of no known type: as they are, or as the text that
// they are likely to be.
func stringText(b []byte) string {
	odd := func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError }
	if len(b) < 4 || !utf8.Valid(b) || strings.ContainsFunc(string(b), odd) {
		return octetText(b)
	}
	return strconv.Quote(shorten(string(b), 80))
}

package edit

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"derscope/decode/oid"
)

// clock is how a moment is written for people.
const clock = "2006-01-02 15:04:05"

// Expect says how the value of a type is written, for people; "" means that
// it is written in hexadecimal alone.
func Expect(typ string) string {
	switch typ {
	case "INTEGER", "ENUMERATED":
		return "a number, such as 17, 0x11 or 62:48:8c"
	case "BOOLEAN":
		return "TRUE or FALSE"
	case "OBJECT IDENTIFIER":
		return "an object identifier, such as 1.3.6.1.5.5.7.48.1 or its name"
	case "UTCTime", "GeneralizedTime":
		return "a moment in UTC, such as 2026-11-20 09:12:00"
	case "UTF8String", "BMPString", "UniversalString":
		return "any characters"
	case "PrintableString", "IA5String", "VisibleString", "NumericString":
		return "characters of ASCII"
	case "TeletexString":
		return "characters of Latin-1"
	case "uint8", "uint16", "uint24", "uint32", "uint64":
		return "a number of " + typ[4:] + " bits, such as 17"
	}
	return ""
}

// Text writes contents octets as Contents reads them.
func Text(typ string, b []byte) string {
	switch typ {
	case "INTEGER", "ENUMERATED":
		n := new(big.Int).SetBytes(b)
		switch {
		case len(b) > 0 && b[0]&0x80 != 0:
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		case len(b) > 8:
			return "0x" + n.Text(16)
		}
		return n.String()
	case "BOOLEAN":
		if len(b) == 1 && b[0] == 0 {
			return "FALSE"
		}
		return "TRUE"
	case "OBJECT IDENTIFIER":
		id, _ := oid.Parse(b)
		return string(id)
	case "UTCTime", "GeneralizedTime":
		for form, year := range map[string]string{"060102150405Z": "UTCTime", "20060102150405Z": "GeneralizedTime"} {
			if t, err := time.Parse(form, string(b)); err == nil && year == typ {
				if typ == "UTCTime" && t.Year() >= 2050 { // RFC 5280, section 4.1.2.5.1
					t = t.AddDate(-100, 0, 0)
				}
				return t.Format(clock)
			}
		}
		return string(b)
	case "BMPString":
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(b[2*i:])
		}
		return string(utf16.Decode(units))
	case "UniversalString":
		var runes []rune
		for ; len(b) >= 4; b = b[4:] {
			runes = append(runes, rune(binary.BigEndian.Uint32(b)))
		}
		return string(runes)
	case "TeletexString":
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes)
	case "uint8", "uint16", "uint24", "uint32", "uint64":
		return new(big.Int).SetBytes(b).String()
	}
	if Expect(typ) == "" {
		return hex.EncodeToString(b)
	}
	return string(b)
}

// Contents reads a value as people write it, and gives the contents octets of
// its type. moment reads a time.
func Contents(typ, entry string, moment func(string) (time.Time, bool)) ([]byte, error) {
	wrong := func(why string) ([]byte, error) {
		return nil, fmt.Errorf("«%s» is not %s%s", short(entry), Expect(typ), why)
	}
	trimmed := strings.TrimSpace(entry)
	switch typ {
	case "INTEGER", "ENUMERATED":
		n, ok := integer(trimmed)
		if !ok {
			return wrong("")
		}
		return twos(n), nil
	case "BOOLEAN":
		switch strings.ToUpper(trimmed) {
		case "TRUE":
			return []byte{0xff}, nil
		case "FALSE":
			return []byte{0}, nil
		}
		return wrong("")
	case "OBJECT IDENTIFIER":
		id := oid.ID(trimmed)
		if strings.Trim(trimmed, "0123456789.") != "" {
			id = oid.Named(trimmed)
		}
		b := id.Bytes()
		if b == nil {
			return wrong("; a name must be one that is known here, and the first two numbers at the most 2.39")
		}
		return b, nil
	case "UTCTime", "GeneralizedTime":
		t, ok := moment(trimmed)
		switch {
		case !ok:
			return wrong("")
		case typ == "GeneralizedTime":
			return t.UTC().AppendFormat(nil, "20060102150405Z"), nil
		case t.Year() < 1950 || t.Year() > 2049:
			return wrong(fmt.Sprintf(": a UTCTime holds the years 1950 to 2049, and this is %d", t.Year()))
		}
		return t.UTC().AppendFormat(nil, "060102150405Z"), nil
	case "BMPString":
		var out []byte
		for _, u := range utf16.Encode([]rune(entry)) {
			out = binary.BigEndian.AppendUint16(out, u)
		}
		return out, nil
	case "UniversalString":
		var out []byte
		for _, r := range entry {
			out = binary.BigEndian.AppendUint32(out, uint32(r))
		}
		return out, nil
	case "TeletexString", "PrintableString", "IA5String", "VisibleString", "NumericString":
		most := rune(0x7f)
		if typ == "TeletexString" {
			most = 0xff
		}
		out := make([]byte, 0, len(entry))
		for _, r := range entry {
			if r > most {
				return wrong(fmt.Sprintf(": %s has no «%c»", typ, r))
			}
			out = append(out, byte(r))
		}
		return out, nil
	case "UTF8String":
		return []byte(entry), nil
	case "uint8", "uint16", "uint24", "uint32", "uint64":
		bits, _ := strconv.Atoi(typ[4:])
		n, err := strconv.ParseUint(trimmed, 0, bits)
		if err != nil {
			return wrong("")
		}
		return number(int(n), bits/8), nil
	}
	return Hex(entry)
}

// Hex reads octets in hexadecimal, with or without something between them.
func Hex(entry string) ([]byte, error) {
	plain := strings.NewReplacer(" ", "", ":", "", "\n", "", "\r", "", "\t", "", "0x", "").Replace(entry)
	b, err := hex.DecodeString(plain)
	switch {
	case err == hex.ErrLength:
		return nil, fmt.Errorf("an odd number of digits, %d: each octet is two hexadecimal digits", len(plain))
	case err != nil:
		at := strings.IndexFunc(plain, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) })
		r, _ := utf8.DecodeRuneInString(plain[at:])
		return nil, fmt.Errorf("«%c» is no hexadecimal digit: write octets such as 30 03 02 01 05", r)
	}
	return b, nil
}

// integer reads a number: in hexadecimal after 0x, and where it has colons or
// letters. A name in front, as in «successful (0)», does not matter.
func integer(s string) (*big.Int, bool) {
	if open := strings.LastIndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") {
		s = s[open+1 : len(s)-1]
	}
	plain, minus := strings.CutPrefix(s, "-")
	base := 10
	if digits, ok := strings.CutPrefix(plain, "0x"); ok {
		plain, base = digits, 16
	} else if strings.ContainsAny(plain, ":abcdefABCDEF") {
		plain, base = strings.ReplaceAll(plain, ":", ""), 16
	}
	n, ok := new(big.Int).SetString(plain, base)
	if !ok || strings.ContainsAny(plain, "+-_") {
		return nil, false
	}
	if minus {
		n.Neg(n)
	}
	return n, true
}

// twos writes a number as the contents of an INTEGER (X.690, section 8.3).
func twos(n *big.Int) []byte {
	if n.Sign() >= 0 {
		return n.FillBytes(make([]byte, n.BitLen()/8+1))
	}
	width := new(big.Int).Not(n).BitLen()/8 + 1
	return new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*width))).FillBytes(make([]byte, width))
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

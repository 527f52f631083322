package relay

import (
	"unicode"
	"unicode/utf8"
)

// international refuses labels that pretend to be internationalised: what
// programs make of xn--localhost- or of digits in full width differs.
func international(label, coded string) error {
	text, ok := punycode(coded)
	if !ok {
		return refuse("The label «%s» of the host cannot be read as an internationalised one (RFC 3492).", label)
	}
	beyond := false
	for _, c := range text {
		beyond = beyond || c >= utf8.RuneSelf
		switch {
		case c >= utf8.RuneSelf && !unicode.In(c, unicode.Letter, unicode.Mark),
			c >= 0x2100 && c < 0x2190,   // letterlike symbols
			c >= 0xf900 && c < 0xfb50,   // ligatures and doubles
			c >= 0xfe70 && c < 0xfff0,   // other widths and shapes
			c >= 0x1d400 && c < 0x1d800, // letters of mathematics
			unicode.IsUpper(c):
			return refuse("The label «%s» of the host holds U+%04X, which programs take for another character or refuse.", label, c)
		}
	}
	if !beyond {
		return refuse("The label «%s» of the host is marked as internationalised and holds ASCII alone: some programs take it for «%s».", label, string(text))
	}
	return nil
}

// punycode reads the part of a label behind xn--, of 59 octets at the most.
//
// RFC 3492, section 6.2
func punycode(s string) (out []rune, ok bool) {
	const base, tMin, tMax, skew, damp = 36, 1, 26, 38, 700
	n, i, bias := 128, 0, 72
	at := 0
	for k := len(s) - 1; k > 0; k-- {
		if s[k] == '-' {
			out, at = []rune(s[:k]), k+1
			break
		}
	}
	for first := true; at < len(s); first = false {
		old, w := i, 1
		for k := base; ; k += base {
			if at >= len(s) {
				return nil, false
			}
			var digit int
			switch c := s[at]; {
			case c >= 'a' && c <= 'z':
				digit = int(c - 'a')
			case c >= '0' && c <= '9':
				digit = int(c-'0') + 26
			default:
				return nil, false
			}
			at++
			i += digit * w
			if i > 1<<30 {
				return nil, false
			}
			t := min(max(k-bias, tMin), tMax)
			if digit < t {
				break
			}
			if w *= base - t; w > 1<<30 {
				return nil, false
			}
		}
		size := len(out) + 1
		delta := (i - old) / 2
		if first {
			delta = (i - old) / damp
		}
		delta += delta / size
		k := 0
		for ; delta > (base-tMin)*tMax/2; k += base {
			delta /= base - tMin
		}
		bias = k + (base-tMin+1)*delta/(delta+skew)
		n += i / size
		i %= size
		if n > unicode.MaxRune || n >= 0xd800 && n < 0xe000 {
			return nil, false
		}
		out = append(out[:i], append([]rune{rune(n)}, out[i:]...)...)
		i++
	}
	return out, len(out) > 0
}

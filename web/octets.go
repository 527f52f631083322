package web

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// perLine is how many octets a line of the hex view holds: 16, or half of
// that where there is no room.
func perLine(pixels int) int {
	if pixels > 0 && pixels < 470 {
		return 8
	}
	return 16
}

// hexLines is how many lines n octets take.
func hexLines(n, per int) int { return (n + per - 1) / per }

// run is a part of a line of octets that is coloured alike.
type run struct {
	Part string // "", "header", "content"
	Hex  string // with spaces between the octets
	Text string // printable ones as they are, a dot for any other
}

// hexRuns cuts a line of octets where the colour changes.
func hexRuns(b []byte, line, per int, m mark) []run {
	from, to := line*per, min(len(b), (line+1)*per)
	var runs []run
	for i := from; i < to; {
		part, j := m.part(i), i+1
		for j < to && m.part(j) == part {
			j++
		}
		runs = append(runs, run{part, hexText(b[i:j]), plainText(b[i:j])})
		i = j
	}
	return runs
}

// part says whether octet i is of the header or the content of the selection.
func (m mark) part(i int) string {
	switch {
	case i < m.Off || i >= m.End():
		return ""
	case i < m.Off+m.Header:
		return "header"
	}
	return "content"
}

func hexText(b []byte) string {
	var s strings.Builder
	for i, c := range b {
		if i > 0 {
			s.WriteByte(' ')
		}
		s.WriteString(hex.EncodeToString([]byte{c}))
	}
	return s.String()
}

func plainText(b []byte) string {
	text := make([]rune, len(b))
	for i, c := range b {
		text[i] = '·'
		if c >= 0x20 && c < 0x7f {
			text[i] = rune(c)
		}
	}
	return string(text)
}

// offsetText writes an offset with as many digits as the largest one needs.
func offsetText(off, size int) string {
	digits := 4
	for size > 1<<(4*digits) {
		digits += 2
	}
	return fmt.Sprintf("%0*x", digits, off)
}

// octetAt tells which octet of a run of n lies at x, a fraction of its width
// on the screen: all characters are of one width, and an octet takes two and
// a space in hexadecimal, one as text.
func octetAt(x float64, n int, asText bool) int {
	i := int(x * float64(n))
	if !asText {
		i = int(x * float64(3*n-1) / 3)
	}
	return min(max(0, i), n-1)
}

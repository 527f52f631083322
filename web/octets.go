package web

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"derscope/decode/report"
)

// perLine is how many octets a line of the hex view holds: 16, or half of
// that where there is no room.
func perLine(pixels int) int {
	if pixels > 0 && pixels < 560 {
		return 8
	}
	return 16
}

// hexLines is how many lines n octets take.
func hexLines(n, per int) int { return (n + per - 1) / per }

// run is a part of a line of octets that is coloured alike.
type run struct {
	Part string // "", or of "header", "content", "hidden", "hit", "picked" those that hold
	Hex  string // with spaces between the octets
	Text string // printable ones as they are, a dot for any other
}

// hexRuns cuts a line of octets where the colour changes.
func hexRuns(b []byte, line, per int, p paint) []run {
	from, to := line*per, min(len(b), (line+1)*per)
	var runs []run
	for i := from; i < to; {
		part, j := p.part(i), i+1
		for j < to && p.part(j) == part {
			j++
		}
		r := run{part, hexText(b[i:j]), plainText(b[i:j])}
		if strings.Contains(part, "hidden") {
			r.Hex, r.Text = strings.TrimSpace(strings.Repeat("·· ", j-i)), strings.Repeat("·", j-i)
		}
		runs = append(runs, r)
		i = j
	}
	return runs
}

// paint is what octets are coloured by.
type paint struct {
	mark mark
	hits []int // where what is looked for begins
	long int   // octets of what is looked for
	grip grip

	hidden []report.Span // kept secret
}

// part says what octet i is of.
func (p paint) part(i int) string {
	var parts []string
	switch m := p.mark; {
	case i < m.Off || i >= m.End():
	case i < m.Off+m.Header:
		parts = append(parts, "header")
	default:
		parts = append(parts, "content")
	}
	if overlap(p.hidden, i, i+1) {
		parts = append(parts, "hidden")
	} else if k, _ := slices.BinarySearch(p.hits, i+1); k > 0 && i < p.hits[k-1]+p.long {
		parts = append(parts, "hit")
	}
	if p.grip.has(p.mark.Source, i) {
		parts = append(parts, "picked")
	}
	return strings.Join(parts, " ")
}

// overlap says whether any of some spans has an octet from one offset to before
// another.
func overlap(spans []report.Span, from, to int) bool {
	return slices.ContainsFunc(spans, func(s report.Span) bool { return s.Off < to && from < s.End() })
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

package armor

import (
	"bytes"
	"fmt"
	"math"
)

// dump recognises lines that begin with a growing offset: xxd, hexdump, od,
// OpenSSL's BIO_dump, Wireshark, tcpdump -X.
func (t *scan) dump(p, end int) *found {
	if !atLine(t.b, p) {
		return nil
	}
	d := dumper{t: t}
	first, ok := d.line(p, end)
	if !ok {
		return nil
	}
	_, next := line(t.b, p)
	if !d.style(first, next) {
		return nil
	}
	return d.read(p, first)
}

// dumpLine is a line of a dump, before its octets are read.
type dumpLine struct {
	from     int    // of the offset
	digits   []byte // the offset as written
	at, end  int    // of what follows the offset
	squeezed bool   // a line of * alone: the line before is repeated
	colon    bool
}

// offset reads the offset in a radix.
func (l dumpLine) offset(radix int) (n int) {
	for _, c := range l.digits {
		v := int(nibble[c])
		if v >= radix || n > math.MaxInt>>8 {
			return -1
		}
		n = n*radix + v
	}
	return n
}

type dumper struct {
	t     *scan
	radix int
	width int // octets of a full line
	base  int
	out   []byte
	sp    speller
	probs []Problem
}

// line splits a line of a dump.
func (d *dumper) line(p, end int) (l dumpLine, ok bool) {
	b := d.t.b
	from, end := unquoted(b, p, end)
	if from < end && b[from] == '*' && end == from+1 {
		return dumpLine{from: from, at: end, end: end, squeezed: true}, true
	}
	for from < end && (b[from] == '*' || b[from] == '#' || b[from] == '|') {
		from++
	}
	l = dumpLine{from: from, end: end}
	if from+2 < end && b[from] == '0' && b[from+1]|0x20 == 'x' {
		from += 2
	}
	i := from
	for i < end && nibble[b[i]] < 16 {
		i++
	}
	if i-from < 4 || i-from > 16 {
		return l, false
	}
	l.digits, l.at = b[from:i], i
	if i == end {
		return l, true
	}
	switch {
	case b[i] == ':':
		l.colon = true
		l.at++
	case i+3 <= end && b[i] == ' ' && b[i+1] == '-' && b[i+2] == ' ':
		l.at += 3
		l.colon = true
	case b[i] != ' ' && b[i] != '\t':
		return l, false
	}
	return l, true
}

// unquoted trims white space and the marks of quoted mail.
func unquoted(b []byte, from, to int) (int, int) {
	for from < to && (space(b[from]) || b[from] == '>') {
		from++
	}
	return trim(b, from, to)
}

// style finds radix and width from the first line and the one after it.
func (d *dumper) style(first dumpLine, next int) bool {
	if first.squeezed {
		return false
	}
	free := d.octets(first, 1<<10, nil)
	if free == 0 || !d.readable(first) {
		return false
	}
	d.radix, d.width = 16, 0
	var second dumpLine
	if next < len(d.t.b) {
		end, _ := line(d.t.b, next)
		if l, ok := d.line(next, end); ok && !l.squeezed {
			second = l
		}
	}
	if second.digits != nil {
		for _, r := range [...]int{16, 10, 8} {
			w := second.offset(r) - first.offset(r)
			if first.offset(r) >= 0 && w > 0 && w <= 256 && d.octets(first, w, nil) == w && (r == 16 || free == w) {
				d.radix, d.width = r, w
				break
			}
		}
	}
	zero := first.offset(16) == 0
	if d.width == 0 {
		// One line alone, or one before a *: only a dump from the start is believed.
		if d.width = min(free, 16); !zero || free < 2 {
			return false
		}
	}
	d.base = first.offset(d.radix)
	return zero || d.width >= 8
}

// readable says whether the groups are hex: od prints octal words of six
// digits, xxd -b binary octets.
func (d *dumper) readable(l dumpLine) bool {
	b := d.t.b
	n := groupSize(b, l)
	if n != 4 || !l.colon {
		return n&(n-1) == 0 && n <= 8 || l.colon
	}
	i := l.at
	for space(b[i]) {
		i++
	}
	return len(bytes.Trim(b[i:i+8], "01")) > 0
}

// octets reads at most max octets of a line and hands them to take.
func (d *dumper) octets(l dumpLine, max int, take func(v byte, pos int)) (n int) {
	b := d.t.b
	size := 0 // digits of the first group
	for i := l.at; n < max; {
		gap := i
		for i < l.end && (b[i] == ' ' || b[i] == '\t') {
			i++
		}
		gap = i - gap
		if i < l.end && b[i] == '-' && n > 0 && gap == 0 {
			i++
		}
		if n > 0 && gap > 1 && !(gap == 2 && (n == 8 || n%8 == 0 && max > 16)) {
			return n
		}
		start := i
		if i+2 < l.end && b[i] == '0' && b[i+1] == 'x' {
			i += 2
			start = i
		}
		for i < l.end && nibble[b[i]] < 16 {
			i++
		}
		k := i - start
		if k == 0 || k%2 != 0 || i < l.end && b[i] != ' ' && b[i] != '\t' && b[i] != '-' && b[i] != ',' {
			return n
		}
		if size == 0 {
			size = k
		} else if k > size {
			return n
		}
		if i < l.end && b[i] == ',' {
			i++
		}
		for j := start; j < i && j+1 < l.end && nibble[b[j]] < 16 && n < max; j += 2 {
			if take != nil {
				take(nibble[b[j]]<<4|nibble[b[j+1]], j)
			}
			n++
		}
	}
	return n
}

// maxSqueezed bounds the octets that lines of * stand for.
const maxSqueezed = 1 << 24

// read takes lines as long as their offsets go on.
func (d *dumper) read(p int, l dumpLine) *found {
	t := d.t
	from, to := l.from, l.from
	squeezed := -1 // offset of a line of *
	words := 0
	final := -1
	squeezedLeft := maxSqueezed
	for p < len(t.b) {
		end, next := line(t.b, p)
		l, ok := d.line(p, end)
		if !ok || l.squeezed && (squeezed >= 0 || len(d.out) < d.width) {
			break
		}
		if l.squeezed {
			squeezed, to, p = l.from, l.end, next
			continue
		}
		at := l.offset(d.radix) - d.base
		if squeezed >= 0 {
			gap := at - len(d.out)
			if gap < 0 || gap > min(squeezedLeft, t.s.left-len(d.out)) {
				d.probs = append(d.probs, Problem{squeezed, fmt.Sprintf("The line * stands for %d octets, more than are filled in.", gap)})
				break
			}
			squeezedLeft -= gap
			last := d.out[len(d.out)-d.width:]
			for i := range gap {
				d.put(last[i%d.width], squeezed, 1)
			}
			squeezed = -1
		}
		if l.at == l.end && at > 0 && at <= len(d.out) {
			// hexdump and od end with the offset of the end.
			final, to = at, l.end
			break
		}
		if at != len(d.out) || len(d.out) >= t.s.left {
			if at > len(d.out) && len(d.out) > 0 {
				d.probs = append(d.probs, Problem{l.from, fmt.Sprintf("The dump goes on at offset %#x after %#x: lines are missing between.", at+d.base, len(d.out)+d.base)})
			}
			break
		}
		n := d.octets(l, d.width, func(v byte, pos int) { d.put(v, pos, 2) })
		if n == 0 {
			break
		}
		if !l.colon {
			words = max(words, groupSize(t.b, l))
		}
		to, p = l.end, next
		if n < d.width {
			end, _ := line(t.b, p)
			if l, ok := d.line(p, end); p < len(t.b) && ok && !l.squeezed && l.at == l.end && l.offset(d.radix)-d.base <= len(d.out) {
				final, to = l.offset(d.radix)-d.base, l.end
			}
			break
		}
	}
	t.s.spend(len(d.out))
	f := form{from: from, to: to, layers: []Layer{{"hex", "dump"}}, octets: true}
	if words > 1 {
		d.reverse(words)
		f.coarse = true
		d.probs = append(d.probs, Problem{from, fmt.Sprintf("A dump in words of %d octets: they are read as little-endian, as most machines print them.", words)})
	}
	if final >= 0 {
		d.out = d.out[:min(final, len(d.out))]
		d.sp.cut(len(d.out))
	}
	if len(d.out) < 8 && !recognised(d.out, len(d.out)) {
		return nil
	}
	f.b, f.spans, f.problems = d.out, d.sp.spans, d.probs
	return t.peel(f)
}

func (d *dumper) put(v byte, pos, w int) {
	d.out = append(d.out, v)
	d.sp.octet(pos, w)
}

// groupSize gives the octets of the first group of a line.
func groupSize(b []byte, l dumpLine) int {
	i := l.at
	for i < l.end && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	start := i
	for i < l.end && nibble[b[i]] < 16 {
		i++
	}
	return (i - start) / 2
}

// reverse turns words round, unless they already begin as something known.
func (d *dumper) reverse(n int) {
	for i := 0; i+n <= len(d.out); i += n {
		for a, z := i, i+n-1; a < z; a, z = a+1, z-1 {
			d.out[a], d.out[z] = d.out[z], d.out[a]
		}
	}
}

package edit

import "bytes"

// Merge adds a change to others. The places of c are those of the octets as
// the others leave them; the places of the answer are those of b. A change
// inside of another, or around it, becomes one with it; one that restores what
// b has is none.
func Merge(b []byte, have []Change, c Change) []Change {
	now, pieces := apply(b, have)
	if c.From < 0 || c.To < c.From || c.To > len(now) {
		return have
	}
	lo, hi := c.From, c.To
	joined := make([]bool, len(have))
	for again := true; again; {
		again = false
		for _, p := range pieces {
			if p.change >= 0 && !joined[p.change] && meets(p.At, p.End, lo, hi) {
				lo, hi = min(lo, p.At), max(hi, p.End)
				joined[p.change], again = true, true
			}
		}
	}
	m := Change{From: old(pieces, lo), Path: c.Path, Was: c.Was, Is: c.Is}
	m.To = m.From
	if hi > lo {
		m.To = oldEnd(pieces, hi)
	}
	inner := Change{From: c.From - lo, To: c.To - lo, With: c.With}
	for _, l := range c.Around {
		if l.Off >= lo && l.Off < hi {
			inner.Around = append(inner.Around, Level{l.Off - lo, l.Header, l.Vector})
			continue
		}
		l.Off = old(pieces, l.Off)
		for _, p := range pieces {
			if p.change < 0 && p.From == l.Off {
				l.Header = p.To - p.From
			}
		}
		m.Around = append(m.Around, l)
	}
	m.With = Apply(now[lo:hi], []Change{inner})
	out := make([]Change, 0, len(have)+1)
	for _, p := range pieces {
		if p.change < 0 || !joined[p.change] {
			continue
		}
		h := have[p.change]
		if p.At == lo {
			m.From = min(m.From, h.From)
		}
		if p.End == hi {
			m.To = max(m.To, h.To)
		}
		switch {
		case h.Path == c.Path:
			m.Was = h.Was
		case p.At < c.From || p.End > c.To: // it goes on around the new one
			m.Path, m.Was, m.Is = h.Path, h.Was, h.Is+"; "+c.Path+": "+c.Is
		}
	}
	for i, h := range have {
		if !joined[i] {
			out = append(out, h)
		}
	}
	if bytes.Equal(m.With, b[m.From:m.To]) {
		return out
	}
	return append(out, m)
}

// meets says whether two runs share an octet, are the same, or one that is
// empty lies inside the other.
func meets(a, b, lo, hi int) bool {
	if a == b || lo == hi {
		return a == lo && b == hi || lo < a && b < hi || a < lo && hi < b
	}
	return a < hi && lo < b
}

// old brings the place of a first octet back to what it was.
func old(pieces []piece, at int) int {
	was, now := 0, 0
	for _, p := range pieces {
		if p.End > at {
			break
		}
		was, now = p.To, p.End
	}
	return was + at - now
}

// oldEnd does so for the place after a last octet.
func oldEnd(pieces []piece, at int) int {
	was, now := 0, 0
	for _, p := range pieces {
		if p.End > at || p.At >= at {
			break
		}
		was, now = p.To, p.End
	}
	return was + at - now
}

package armor

import "sort"

// Span maps a run of a piece's octets to the run of the input that spells it.
// [Span.At] gives the place of a single octet.
type Span struct {
	Out, OutLen int
	In, InLen   int
	// Stride is how far apart in the input two neighbours begin; zero if that
	// is not constant: then the lengths are in proportion, as with base64.
	Stride int
}

// At gives the place in the input of the octet i of the run. Base64 spells an
// octet with parts of two or three characters: all of them are given.
func (s Span) At(i int) (off, n int) {
	switch {
	case s.Stride > 0:
		return s.In + i*s.Stride, s.width()
	case s.OutLen <= 0:
		return s.In, 0
	}
	from, to := i*s.InLen/s.OutLen, ((i+1)*s.InLen+s.OutLen-1)/s.OutLen
	return s.In + from, to - from
}

// width is how much input spells one octet of a run with a stride.
func (s Span) width() int { return s.InLen - (s.OutLen-1)*s.Stride }

// same is a run that stands in the input as it is.
func same(out, in, n int) Span { return Span{out, n, in, n, 1} }

// view is octets as they are below some layers, with the way back to the input.
type view struct {
	b      []byte
	spans  []Span // ascending in both; characters between runs belong to none
	opaque bool   // out of compression: every octet has the place of the stream
	coarse bool   // runs were joined to save memory: places are near, not exact
	layers []Layer
	http   *HTTP
	label  string
	octets bool
	secret bool
}

// maxSpans bounds the runs that are kept for one view.
const maxSpans = 1 << 16

// setSpans keeps the runs, joined when there are too many.
func (v *view) setSpans(spans []Span) {
	if len(spans) > maxSpans {
		v.coarse = true
		k := len(spans)/maxSpans + 1
		joined := make([]Span, 0, maxSpans)
		for i := 0; i < len(spans); i += k {
			a, z := spans[i], spans[min(i+k, len(spans))-1]
			joined = append(joined, Span{a.Out, z.Out + z.OutLen - a.Out, a.In, z.In + z.InLen - a.In, 0})
		}
		spans = joined
	}
	v.spans = spans
}

// place gives the run of input that b[from:to] came from.
func (v *view) place(from, to int) (off, n int) {
	if len(v.spans) == 0 {
		return 0, 0
	}
	if v.opaque {
		return v.spans[0].In, v.spans[0].InLen
	}
	off = v.start(from)
	if to <= from {
		return off, 0
	}
	i := v.find(to - 1)
	s := v.spans[i]
	end := s.In + s.InLen
	if k := to - s.Out; k < s.OutLen {
		at, w := s.At(k - 1)
		end = at + w
	}
	return off, max(end-off, 0)
}

// start gives the place of the octet at off.
func (v *view) start(off int) int {
	s := v.spans[v.find(off)]
	k := off - s.Out
	if k >= s.OutLen {
		return s.In + s.InLen
	}
	at, _ := s.At(max(k, 0))
	return at
}

// find gives the index of the run that holds off, or of the one before it.
func (v *view) find(off int) int {
	i := sort.Search(len(v.spans), func(i int) bool { return v.spans[i].Out > off })
	return max(i-1, 0)
}

// compose maps runs of this view to the input.
func (v *view) compose(spans []Span) []Span {
	if len(v.spans) == 1 && v.spans[0].Stride == 1 {
		if v.spans[0].In == 0 {
			return spans
		}
		out := make([]Span, len(spans))
		for i, s := range spans {
			out[i] = s
			out[i].In += v.spans[0].In
		}
		return out
	}
	out := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s.Stride == 1 {
			// Octet for octet: the runs of this view carry over.
			for _, c := range v.cut(s.In, s.In+s.InLen) {
				c.Out += s.Out
				out = append(out, c)
			}
			continue
		}
		if r := v.spans[v.find(s.In)]; s.In+s.InLen <= r.Out+r.OutLen && r.Stride > 0 {
			off, n := v.place(s.In, s.In+s.InLen)
			out = append(out, Span{s.Out, s.OutLen, off, n, s.Stride * r.Stride})
			continue
		}
		// An irregular run below: every octet has a place of its own.
		for i := range s.OutLen {
			at, w := s.At(i)
			off, n := v.place(at, at+w)
			out = append(out, Span{s.Out + i, 1, off, n, 0})
		}
	}
	return out
}

// cut gives the runs of b[from:to], counted from from.
func (v *view) cut(from, to int) []Span {
	var out []Span
	for i := v.find(from); i < len(v.spans) && v.spans[i].Out < to; i++ {
		s := v.spans[i]
		a, z := max(from, s.Out), min(to, s.Out+s.OutLen)
		if a >= z {
			continue
		}
		c := Span{a - from, z - a, s.In, s.InLen, s.Stride}
		if z-a < s.OutLen {
			off, _ := s.At(a - s.Out)
			last, w := s.At(z - 1 - s.Out)
			c.In, c.InLen = off, last+w-off
		}
		out = append(out, c)
	}
	return out
}

// speller builds the runs of something spelled octet by octet.
type speller struct {
	spans []Span
	last  int
}

// octet notes that the next octet is spelled by w characters at pos.
func (s *speller) octet(pos, w int) {
	n := len(s.spans)
	if n == 0 {
		s.spans = append(s.spans, Span{0, 1, pos, w, w})
		s.last = pos
		return
	}
	c := &s.spans[n-1]
	step := pos - s.last
	s.last = pos
	width := c.width()
	if c.OutLen == 1 {
		width = c.InLen
		if step >= w && step <= 2*w+4 {
			c.Stride = step
		}
	}
	if step != c.Stride || w != width {
		s.spans = append(s.spans, Span{c.Out + c.OutLen, 1, pos, w, w})
		return
	}
	c.OutLen++
	c.InLen = pos + w - c.In
}

// cut forgets what was noted after the first n octets.
func (s *speller) cut(n int) {
	k := len(s.spans)
	for k > 0 && s.spans[k-1].Out >= n {
		k--
	}
	s.spans = s.spans[:k]
	if k == 0 {
		return
	}
	if c := &s.spans[k-1]; c.Out+c.OutLen > n {
		at, w := c.At(n - 1 - c.Out)
		c.OutLen, c.InLen = n-c.Out, at+w-c.In
	}
}

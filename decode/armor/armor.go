// Package armor finds the pieces in whatever was pasted or dropped: it peels
// PEM, base64, hex dumps, HTTP messages and the like off, and hands over the
// octets inside with the place each of them came from.
//
// It says nothing about what a piece is: kinds decide that, with the layers and
// labels as hints. Nothing is dropped in silence: a stretch in which nothing is
// recognised is a piece too, with Known false.
//
// The time is linear in the input and in the octets decoded from it, which
// [Limits] bounds.
//
//	for _, p := range armor.Split(pasted, armor.Limits{}) { ... p.Bytes ... }
//
// Sources: RFC 7468 (PEM), RFC 4648 (base64), RFC 9112 (HTTP), RFC 6960
// appendix A (GET).
package armor

import "fmt"

// Layer is one wrapping that was peeled off, outermost first.
type Layer struct {
	// Name says which wrapping: "http", "pem", "base64", "hex", "json", ...
	Name string
	// Label is the PEM label, the media type, the JSON path, ...
	Label string
}

// Header is one header field of an HTTP message, as sent.
type Header struct {
	Name, Value string
}

// HTTP is the message that carried a piece.
type HTTP struct {
	Request bool
	// Method and Target are those of a request. A pasted GET URL has Method
	// "GET" and the URL as its Target.
	Method, Target string
	Status         int
	Reason         string
	Headers        []Header
	// DeclaredLength is the Content-Length, -1 when there is none.
	DeclaredLength int
	Problems       []string
}

// Problem is something about the wrapping that people should know.
type Problem struct {
	Off     int // octets of the input
	Message string
}

// Piece is one thing found in the input.
type Piece struct {
	// Bytes is what is inside all layers; for unrecognised text, the text.
	Bytes []byte
	// Off and Len say where the outermost form lies in the input.
	Off, Len int
	Layers   []Layer
	// Label is a hint: the PEM label or the media type.
	Label string
	// Secret marks a private key, a Master-Key, a resumption PSK, a key log.
	Secret bool
	HTTP   *HTTP
	// Wire says where the piece stands in a conversation that was printed; nil for others.
	Wire *Wire
	// Text marks printed text rather than octets.
	Text bool
	// Known is false for a stretch nothing was recognised in.
	Known    bool
	Problems []Problem
	Spans    []Span
}

// Limits bound the work. A zero field stands for its default.
type Limits struct {
	Bytes  int // octets of all pieces together; 256 MiB
	Pieces int // 1024
	Layers int // 8
	// Claims says that octets of no form known here are one thing all the same,
	// and are not to be taken apart. Nil: nothing is.
	Claims func([]byte) bool
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	if l.Pieces <= 0 {
		l.Pieces = 1024
	}
	if l.Layers <= 0 {
		l.Layers = 8
	}
	return l
}

// Split finds the pieces of an input, in order of appearance. It never fails.
//
// Pieces do not overlap in the input, except that those out of one compressed
// stream all have the place of that stream. What lies between pieces is white
// space, punctuation, or the names around values in JSON and HTTP.
func Split(in []byte, l Limits) []Piece {
	s := newSplitter(l)
	s.octets(&view{b: in, spans: []Span{same(0, 0, len(in))}})
	s.remainder(in)
	return s.pieces
}

// splitter holds what has been found and what may still be spent.
type splitter struct {
	max    Limits
	left   int // octets that may still be decoded
	pieces []Piece
	// scaffold are the runs of input that were understood and hold no piece:
	// JSON names, headings. Nothing else may be left out.
	scaffold []Span
	lastView *view // of the last piece, and where it ended there
	lastTo   int
}

func newSplitter(l Limits) *splitter {
	l = l.withDefaults()
	return &splitter{max: l, left: l.Bytes}
}

// full says that only the piece for the remainder is left.
func (s *splitter) full() bool { return len(s.pieces) >= s.max.Pieces-1 }

// remainder lists what was not looked at because there are too many pieces.
func (s *splitter) remainder(in []byte) {
	if !s.full() {
		return
	}
	from := 0
	if n := len(s.pieces); n > 0 {
		from = s.pieces[n-1].Off + s.pieces[n-1].Len
	}
	from, to := trim(in, from, len(in))
	if from == to {
		return
	}
	s.pieces = append(s.pieces, Piece{
		Bytes: in[from:to], Off: from, Len: to - from, Text: isText(in[from:to]), Secret: mentionsSecret(in[from:to]),
		Spans:    []Span{same(0, from, to-from)},
		Problems: []Problem{{from, fmt.Sprintf("The limit is %d pieces: the %d octets from here are not looked at.", s.max.Pieces, to-from)}},
	})
}

// add appends the piece p that is v.b[from:to].
func (s *splitter) add(v *view, from, to int, p Piece) {
	if s.full() {
		return
	}
	p.Bytes = v.b[from:to:to]
	p.Off, p.Len = v.place(from, to)
	if i := len(s.pieces); i > 0 && !v.opaque {
		end := p.Off + p.Len
		p.Off = s.after(i, p.Off)
		p.Len = max(end-p.Off, 0)
		if s.lastView == v && s.lastTo == from {
			// What the spelling has between the two belongs to the former.
			s.pieces[i-1].Len = p.Off - s.pieces[i-1].Off
		}
	}
	s.lastView, s.lastTo = v, to
	p.Layers = append(v.layers[:len(v.layers):len(v.layers)], p.Layers...)
	p.HTTP = v.http
	p.Secret = p.Secret || v.secret
	if p.Label == "" {
		p.Label = v.label
	}
	if !v.opaque && !v.coarse {
		p.Spans = v.cut(from, to)
	}
	s.pieces = append(s.pieces, p)
}

// skip notes a run that is understood and holds no piece.
func (s *splitter) skip(v *view, from, to int) {
	if from < to {
		off, n := v.place(from, to)
		s.scaffold = append(s.scaffold, Span{In: off, InLen: n})
	}
}

// form is a wrapping found in a view.
type form struct {
	from, to int // where it lies in the view
	b        []byte
	spans    []Span  // runs of b in the view; nil: b came out of compression
	layers   []Layer // outermost first
	label    string
	http     *HTTP
	problems []Problem // offsets in the view
	whole    bool      // b is one piece and not looked into
	wire     *Wire
	octets   bool // b was spelled on purpose: a piece, whatever it is
	secret   bool
	coarse   bool // the runs are near, not exact
}

// peel opens a wrapping and looks for pieces inside.
func (s *splitter) peel(v *view, f form) {
	in := &view{
		b: f.b, layers: append(v.layers[:len(v.layers):len(v.layers)], f.layers...),
		http: v.http, label: v.label, octets: f.octets, secret: v.secret || f.secret,
	}
	if f.label != "" {
		in.label = f.label
	}
	if f.http != nil {
		in.http = f.http
	}
	off, n := v.place(f.from, f.to)
	if v.opaque || f.spans == nil {
		in.opaque, in.spans = true, []Span{{0, len(f.b), off, n, 0}}
	} else {
		in.coarse = v.coarse || f.coarse
		in.setSpans(v.compose(f.spans))
	}
	first := len(s.pieces)
	switch {
	case s.full():
		return
	case f.whole:
		s.add(in, 0, len(f.b), Piece{Known: true, Wire: f.wire})
	case len(in.layers) >= s.max.Layers:
		s.add(in, 0, len(f.b), Piece{Problems: []Problem{{off, fmt.Sprintf("Wrapped %d times: what is inside is not opened further.", len(in.layers))}}})
	default:
		s.octets(in)
	}
	if len(s.pieces) == first {
		s.add(in, 0, len(f.b), Piece{Known: f.octets || f.http != nil})
	}
	if end := off + n; !v.opaque {
		s.stretch(first, s.after(first, off), end)
	}
	for _, p := range f.problems {
		at, _ := v.place(p.Off, p.Off)
		s.pieces[first].Problems = append(s.pieces[first].Problems, Problem{at, p.Message})
	}
}

// after moves an offset behind the piece before the i-th: a base64 character
// that spells parts of both belongs to the former.
func (s *splitter) after(i, off int) int {
	if i == 0 || i > len(s.pieces) {
		return off
	}
	p := s.pieces[i-1]
	return max(off, p.Off+p.Len)
}

// stretch makes the pieces since first cover a whole wrapping, its first and
// last octets included.
func (s *splitter) stretch(first, from, to int) {
	if first == len(s.pieces) {
		return
	}
	// Pieces out of one compressed stream share its place, and move with it.
	a, z := s.pieces[first], s.pieces[len(s.pieces)-1]
	for i := range s.pieces[first:] {
		p := &s.pieces[first+i]
		isFirst, isLast := i == 0 || p.Off == a.Off && p.Len == a.Len, p.Off == z.Off && p.Len == z.Len
		end := p.Off + p.Len
		if isFirst {
			p.Off = from
		}
		if isLast {
			end = to
		}
		p.Len = max(end-p.Off, 0)
	}
}

// spend takes n octets from what may be decoded and says how many there were.
func (s *splitter) spend(n int) int {
	n = min(n, s.left)
	s.left -= n
	return n
}

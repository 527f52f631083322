package sig

import (
	"math/big"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// elements hands out the elements of a constructed value one after the other.
// What cannot be read is the end, and left() then says that something is there.
type elements struct {
	b   []byte
	off int
}

// take reads the next element if it has this tag.
func (s *elements) take(t der.Tag) (contents, whole []byte, ok bool) {
	e, err := der.Next(s.b, s.off, len(s.b))
	if err != nil || e.Tag != t {
		return nil, nil, false
	}
	s.off = e.End()
	return s.b[e.Content():e.Close()], s.b[e.Off:e.End()], true
}

// rest reads the next element of whatever tag.
func (s *elements) rest() (tag der.Tag, whole []byte, ok bool) {
	e, err := der.Next(s.b, s.off, len(s.b))
	if err != nil {
		return der.Tag{}, nil, false
	}
	s.off = e.End()
	return e.Tag, s.b[e.Off:e.End()], true
}

// left says whether octets remain.
func (s *elements) left() bool { return s.off < len(s.b) }

// open reads b as one element with this tag, with nothing behind it.
func open(b []byte, t der.Tag) (elements, bool) {
	s := elements{b: b}
	contents, _, ok := s.take(t)
	return elements{b: contents}, ok && !s.left()
}

// integer reads an INTEGER; minimal says whether it has no octet too many.
func (s *elements) integer() (n *big.Int, minimal, ok bool) {
	b, whole, ok := s.take(der.Integer)
	if !ok || len(b) == 0 {
		return nil, false, false
	}
	n = new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	padded := len(b) > 1 && (b[0] == 0 && b[1]&0x80 == 0 || b[0] == 0xff && b[1]&0x80 != 0)
	e, _ := der.Next(whole, 0, len(whole))
	return n, !padded && !e.LongLength, true
}

// bits reads a BIT STRING.
func (s *elements) bits() (octets []byte, unused int, ok bool) {
	b, _, ok := s.take(der.BitString)
	if !ok || len(b) == 0 {
		return nil, 0, false
	}
	return b[1:], int(b[0]), true
}

// algorithm reads an AlgorithmIdentifier.
func (s *elements) algorithm() (a Algorithm, ok bool) {
	contents, whole, ok := s.take(der.Sequence)
	if !ok {
		return a, false
	}
	in := elements{b: contents}
	id, _, ok := in.take(der.OID)
	if !ok {
		return a, false
	}
	a.Raw = whole
	if a.ID, ok = oid.Parse(id); !ok {
		return a, false
	}
	if in.left() {
		if _, a.Parameters, ok = in.rest(); !ok {
			return a, false
		}
		a.Present = true
	}
	return a, !in.left()
}

// AlgorithmID is the identifier that an AlgorithmIdentifier begins with, whatever
// follows it; "" where there is none.
func AlgorithmID(b []byte) oid.ID {
	in, _, _ := der.First(b, der.Sequence)
	contents, _, _ := der.First(in, der.OID)
	id, _ := oid.Parse(contents)
	return id
}

// null says whether the parameters are NULL.
func (a Algorithm) null() bool { return len(a.Parameters) == 2 && a.Parameters[0] == 5 }

// plain says whether the parameters are NULL or absent, which is the same for
// hash algorithms (RFC 4055, section 2.1; RFC 5754, section 2).
func (a Algorithm) plain() bool { return !a.Present || a.null() }

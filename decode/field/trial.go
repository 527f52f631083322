package field

import (
	"derscope/decode/der"
	"derscope/decode/report"
)

// Trial gives a Reader over octets that records nothing: to see whether they
// can be read as something at all. Its Breaks tell. The Refs of what it reads
// are all None.
func Trial(b []byte) *Reader {
	t := NewTree(Limits{})
	t.Add(report.Source{Bytes: b})
	t.mute = 1
	return t.Reader(0)
}

// Whole reads the next element unopened, as a leaf whose value is all its
// octets: it is to be opened as a piece.
func (r *Reader) Whole(label, typ string) Field[[]byte] {
	e, ref, ok := r.header(label, func(der.Element) bool { return true }, typ)
	if !ok {
		return Field[[]byte]{Ref: ref}
	}
	ref = r.add(label, typ, e.Off, e.Header, min(e.End(), r.end)-e.Off, report.Leaf)
	r.fix(ref)
	b := r.b[e.Off:min(e.End(), r.end)]
	r.off = e.Off + len(b)
	r.Show(ref, report.Plural(len(b), "octet", "octets"))
	return Field[[]byte]{b, ref, true}
}

// PieceInside says that the contents of a node are a message in its own right.
func (r *Reader) PieceInside(hint string, at report.Ref, given any) {
	n := len(r.t.Pieces)
	r.PieceWith(hint, at, given)
	if len(r.t.Pieces) > n && r.t.Pieces[n].Hint != "" {
		r.t.Pieces[n].Span = r.t.Nodes[at].Content()
	}
}

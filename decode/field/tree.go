// Package field reads and labels in one step: a [Reader] takes values from the
// octets of an element and records for each the node that the report shows.
// What it returns is a [Field], the value with its node.
//
// A structure decoder looks like the ASN.1 it decodes:
//
//	// CertID ::= SEQUENCE { hashAlgorithm …, serialNumber CertificateSerialNumber }
//	id.Ref = r.Seq("certID", func(r *field.Reader) {
//		id.Hash = algorithm(r, "hashAlgorithm")
//		id.Serial = r.Integer("serialNumber")
//	})
//
// # What happens to a fault?
//
// One fault makes one [Fault] at the node where it stands. The rest of the
// element becomes raw nodes and its Reader is quiet from there, so that one
// fault is one finding; the Reader of the element around it goes on. What is
// left over in an element is recorded as trailing. So the headers of all nodes
// and the contents of the leaves cover every source exactly once: that is the
// property under fuzzing.
//
// # What about BER?
//
// Indefinite lengths, long lengths and segmented strings are read like the
// others and reported, never refused: what is signed or accepted by some
// program must be shown.
//
// # What is it not for?
//
// It judges nothing: that a value is read says no more than that its octets are
// of its type. Rules are the business of the kinds.
//
// Sources: X.690 (2021), sections 8 and 11; RFC 5280, section 4.1.2.5, for times;
// RFC 9846, section 3, for the presentation language of TLS.
package field

import (
	"fmt"
	"sort"

	"derscope/decode/report"
)

// Limits bound what is recorded. Zero means the default.
type Limits struct {
	Nodes    int // nodes held in all (200,000)
	Depth    int // nesting of elements (64)
	List     int // elements of a list that become nodes at once (1,000)
	Pieces   int // messages found inside messages (1,024)
	Problems int // faults kept of a source (1,000); sixteen times that of all
}

func (l Limits) filled() Limits {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Nodes, 200_000)
	set(&l.Depth, 64)
	set(&l.List, 1_000)
	set(&l.Pieces, 1_024)
	set(&l.Problems, 1_000)
	return l
}

// Kind is a sort of fault.
type Kind uint8

const (
	Truncated    Kind = iota // the octets end too early
	BadElement               // no tag and length can be read here
	Unexpected               // another tag than the structure wants
	Missing                  // the element ends before a required part
	Trailing                 // octets after the last part
	LongLength               // a length in more octets than needed
	Indefinite               // an indefinite length
	Integer                  // an INTEGER that is empty or padded
	NullContent              // a NULL with contents, or constructed
	Boolean                  // a BOOLEAN that is neither 00 nor ff
	Bits                     // a BIT STRING whose unused bits are wrong
	String                   // characters that the type does not have
	TimeForm                 // a time that can be read but is not in the one form of DER
	TimeType                 // UTCTime where GeneralizedTime belongs
	TimeCalendar             // no such moment
	SetOrder                 // a SET OF that is not sorted
	DefaultSent              // a DEFAULT value that was sent
	ObjectID                 // an OBJECT IDENTIFIER that cannot be read
	Depth                    // nested deeper than the limit
	TooMany                  // more nodes or pieces than the limit
	Value                    // anything else that is wrong with a value
	Segmented                // a string in segments (BER)
	Tagging                  // EXPLICIT where IMPLICIT belongs, or the other way round
	Empty                    // a list of no elements where there must be one
)

// Fault is something wrong with the input, at its place.
type Fault struct {
	Kind    Kind
	Ref     report.Ref
	Source  int
	Off     int // octets into the source
	Message string
}

// Piece is a message of its own found inside another: a certificate in a
// response, a response in a handshake.
type Piece struct {
	Hint  string // the kind it should be: "certificate"
	Span  report.Span
	Given any // see Reader.Given
}

// Tree is what Readers record.
type Tree struct {
	Sources []report.Source
	Nodes   []report.Node
	Lists   []report.List
	Faults  []Fault
	Pieces  []Piece
	// Dropped counts the faults beyond Limits.Problems.
	Dropped int

	limits  Limits
	openers []opener // beside Lists
	given   any      // see Reader.Given
	begun   int      // faults before the source that is read now
	most    int      // nodes that there may be behind it
	mute    int      // while above zero nothing is recorded, but for
	heard   uint32   // the first fault of each kind: the kinds that there were
	full    bool     // the node limit was reached and reported
	breaks  int      // see Reader.Breaks
	broke   string
}

type opener struct {
	read  func(*Reader, string)
	label string
	marks []int // offset of every List-th element
	from  *Reader
	tls   bool // the elements are of the presentation language of TLS
}

// NewTree makes an empty tree.
func NewTree(l Limits) *Tree {
	l = l.filled()
	return &Tree{limits: l, most: l.Nodes}
}

// Add adds a source.
func (t *Tree) Add(s report.Source) int {
	t.Sources = append(t.Sources, s)
	return len(t.Sources) - 1
}

// Reader begins the reading of a source: it stands before the first octet, and
// outside any node.
func (t *Tree) Reader(source int) *Reader { return t.ReaderWith(source, nil) }

// ReaderWith is Reader for a source of which something is known: see Reader.Given.
func (t *Tree) ReaderWith(source int, given any) *Reader {
	t.begun, t.full = len(t.Faults), false
	// One source does not leave nothing to those behind it, which may be the
	// certificates that it is judged by.
	left := t.limits.Nodes - len(t.Nodes)
	t.most = len(t.Nodes) + max(left-left/4, min(512, t.limits.Nodes/4))
	t.given = given
	return &Reader{t: t, src: source, b: t.Sources[source].Bytes, at: report.None, end: len(t.Sources[source].Bytes)}
}

// count keeps account of the faults that cost a value.
func (t *Tree) count(k Kind, message string) {
	if k <= Trailing || k == ObjectID {
		t.breaks++
		if message != "" {
			t.broke = message
		}
	}
}

// deaf says that a fault is not to be recorded: it lies far down a long list,
// where one of its kind was found before. The first one is, for rules must not
// take a list for sound of which only the beginning is.
func (t *Tree) deaf(k Kind) bool { return t.mute > 0 && t.heard&(1<<k) != 0 }

func (t *Tree) fault(f Fault) {
	t.count(f.Kind, f.Message)
	if t.mute > 0 {
		if t.deaf(f.Kind) {
			return
		}
		t.heard |= 1 << f.Kind
		f.Ref = report.None
	}
	if f.Ref != report.None {
		n := &t.Nodes[f.Ref]
		n.Flags |= report.Faulty
		if n.Note == "" {
			n.Note = f.Message
		}
	}
	if n := t.limits.Problems; len(t.Faults)-t.begun >= n || len(t.Faults) >= 16*n {
		t.Dropped++
		return
	}
	t.Faults = append(t.Faults, f)
}

// pass goes past one element without making nodes of it, and says whether
// there was one. Vectors of TLS have no tag and length, so they are read.
func (o *opener) pass(r *Reader) bool {
	if !o.tls {
		_, ok := r.Skip()
		return ok
	}
	start := r.off
	r.t.mute++
	o.read(r, o.label)
	r.t.mute--
	return r.off > start
}

// Open makes nodes of the elements from, from+1, … of a long list, n at the
// most. A node's Parent is an index into the answer, or None for the elements
// themselves. It records nothing in the tree.
func (t *Tree) Open(list report.Ref, from, n int) []report.Node {
	for i, l := range t.Lists {
		if l.Node != list {
			continue
		}
		o := &t.openers[i]
		n = min(n, t.limits.List, l.Count-from)
		if n <= 0 || from < 0 {
			return nil
		}
		side := NewTree(t.limits)
		side.Sources = t.Sources
		side.Nodes = make([]report.Node, 0, 8*n) // as many as an entry of a CRL has
		r := *o.from
		r.t, r.at = side, report.None
		r.off = o.marks[from/t.limits.List]
		for k := from - from%t.limits.List; k < from+n; k++ {
			if k < from {
				o.pass(&r)
				continue
			}
			o.read(&r, fmt.Sprintf("%s[%d]", o.label, k))
		}
		return side.Nodes
	}
	return nil
}

// At gives the element of a long list that holds an octet of the list's
// source, or -1.
func (t *Tree) At(list report.Ref, off int) int {
	for i, l := range t.Lists {
		if l.Node != list {
			continue
		}
		o := &t.openers[i]
		k := sort.SearchInts(o.marks, off+1) - 1
		if k < 0 {
			return -1
		}
		r := *o.from
		r.t, r.at = NewTree(t.limits), report.None
		r.t.Sources = t.Sources
		r.off = o.marks[k]
		for k *= t.limits.List; k < l.Count; k++ {
			start := r.off
			if !o.pass(&r) || off < start {
				break
			}
			if off < r.off {
				return k
			}
		}
	}
	return -1
}

package report

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"time"

	"derscope/decode/oid"
)

// This file writes the fields of an item as nested JSON.

// branch is a run of nodes that fields are written from: those of an item, or
// elements of a long list that were opened for the purpose.
type branch struct {
	nodes       []Node
	lo          int     // the first node of the run
	first, next []int32 // of node lo+i: its first child, its next sibling; or -1
	opened      bool    // they are no nodes of the report
}

// threads links the nodes from lo to hi. An item's later roots are octets
// after its end: they become the last children of the first root.
func threads(nodes []Node, lo, hi int, opened bool) *branch {
	t := &branch{nodes: nodes, lo: lo, first: make([]int32, hi-lo), next: make([]int32, hi-lo), opened: opened}
	for i := range t.first {
		t.first[i], t.next[i] = -1, -1
	}
	for i := hi - 1; i > lo; i-- {
		up := int(nodes[i].Parent)
		if up == int(None) {
			if opened {
				continue
			}
			up = lo
		}
		t.next[i-lo], t.first[up-lo] = t.first[up-lo], int32(i)
	}
	return t
}

func (w *jsonWriter) fields(it *Item) {
	w.field(threads(w.r.Nodes, int(it.Root), int(it.End), false), int(it.Root), 0)
}

// field writes node i, and those below it. The first above octets of w.path are
// the names above it.
func (w *jsonWriter) field(t *branch, i, above int) {
	if w.full() {
		return
	}
	n := &t.nodes[i]
	w.path = appendEscaped(w.path[:above], n.Label)
	first := t.first[i-t.lo]
	hidden := w.r.hidden(n) && !w.o.Reveal
	w.open('{')
	w.key("name")
	w.str(n.Label)
	w.key("path")
	w.next()
	w.b = append(append(append(w.b, '"'), w.path...), '"')
	w.key("type")
	w.str(n.Type)
	if !hidden {
		if first < 0 {
			w.value(n)
		}
		w.text("text", n.Value)
	}
	w.number("offset", n.Span.Off)
	w.number("header", n.Header)
	w.number("length", n.Span.Len)
	if !t.opened {
		w.text("status", w.marks[Ref(i)-w.item.Root].String())
	}
	if !hidden {
		w.text("note", n.Note)
	}
	if !n.Spec.IsZero() {
		w.key("ref")
		w.cite(n.Spec)
	}
	if first >= 0 {
		if n.Flags&Wrapper == 0 {
			w.path = append(w.path, '/')
			above = len(w.path)
		}
		w.children(t, i, first, above)
	}
	if n.Span.Source != w.item.Source {
		w.text("layer", w.r.Sources[n.Span.Source].Name)
	}
	w.flag("secret", w.r.hidden(n))
	w.close('}')
}

func (w *jsonWriter) children(t *branch, list int, k int32, above int) {
	w.key("children")
	w.open('[')
	var more *Node
	for ; k >= 0; k = t.next[int(k)-t.lo] {
		switch n := &t.nodes[k]; {
		case n.Flags&More != 0:
			more = n
		case n.Parent == None:
			w.field(t, int(k), 0)
		default:
			w.field(t, int(k), above)
		}
	}
	l, known := w.list(Ref(list))
	known = known && !t.opened
	if more != nil && known && w.o.Open != nil {
		w.rest(l, above)
		more = nil
	}
	w.close(']')
	if more == nil {
		return
	}
	w.key("more")
	w.open('{')
	if known {
		w.number("count", l.Count-l.Shown)
	}
	w.number("offset", more.Span.Off)
	w.number("length", more.Span.Len)
	w.close('}')
}

func (w *jsonWriter) list(n Ref) (List, bool) {
	if w.lists == nil {
		w.lists = map[Ref]List{}
		for _, l := range w.r.Lists {
			w.lists[l.Node] = l
		}
	}
	l, ok := w.lists[n]
	return l, ok
}

// rest writes the elements of a long list that are no nodes.
func (w *jsonWriter) rest(l List, above int) {
	for from := l.Shown; from < l.Count && !w.full(); {
		nodes := w.o.Open(l.Node, from, l.Count-from)
		if len(nodes) == 0 {
			return
		}
		t := threads(nodes, 0, len(nodes), true)
		for i := range nodes {
			if nodes[i].Parent == None {
				from++
				w.field(t, i, above)
			}
		}
	}
}

// value writes the value of a node that holds no others, by its type.
func (w *jsonWriter) value(n *Node) {
	b := w.r.Octets(n.Content())
	switch n.Type {
	case "INTEGER", "ENUMERATED":
		if len(b) > 0 {
			w.key("value")
			w.integer(b)
		}
	case "uint8", "uint16", "uint24", "uint32", "uint64":
		w.key("value")
		w.integer(append([]byte{0}, b...))
	case "BOOLEAN":
		if len(b) == 1 {
			w.key("value")
			w.bool(b[0] != 0)
		}
	case "NULL":
		w.key("value")
		w.raw("null")
	case "OBJECT IDENTIFIER":
		id, _ := oid.Parse(b)
		w.key("value")
		w.str(string(id))
	case "UTCTime", "GeneralizedTime":
		w.key("value")
		w.str(moment(n.Value, b))
	case "BIT STRING":
		w.key("value")
		w.hex(b[min(1, len(b)):])
	case "UTF8String", "NumericString", "PrintableString", "TeletexString", "IA5String", "VisibleString", "UniversalString", "BMPString":
		w.key("value")
		w.str(n.Value)
	case "SEQUENCE", "SET", "end-of-contents":
	default:
		w.key("value")
		w.hex(b)
	}
}

func (w *jsonWriter) hex(b []byte) {
	w.next()
	w.b = append(w.b, '"')
	w.b = hex.AppendEncode(w.b, b)
	w.b = append(w.b, '"')
}

// integer writes a two's complement number: as a JSON number where every
// program reads it exactly, else as a string of digits. Above the bound of
// octets, which no honest field reaches, the digits would cost too much time.
func (w *jsonWriter) integer(b []byte) {
	const most = 4096
	if len(b) > most {
		w.str("0x" + hex.EncodeToString(b))
		return
	}
	v := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	if v.IsInt64() && v.Int64() <= 1<<53 && v.Int64() >= -1<<53 {
		w.raw(strconv.FormatInt(v.Int64(), 10))
		return
	}
	w.str(v.String())
}

// moment is a time in the form of RFC 3339 if the reader made a moment of it,
// else the characters sent. Fractions of a second are in these alone.
func moment(shown string, sent []byte) string {
	t, err := time.Parse(clock, shown)
	if err != nil {
		return string(sent)
	}
	s := t.Format("2006-01-02T15:04:05")
	if i := bytes.IndexAny(sent, ".,"); i >= 0 {
		digits := sent[i+1:]
		n := 0
		for n < len(digits) && '0' <= digits[n] && digits[n] <= '9' {
			n++
		}
		if d := strings.TrimRight(string(digits[:n]), "0"); d != "" {
			s += "." + d
		}
	}
	return s + "Z"
}

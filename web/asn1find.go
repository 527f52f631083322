package web

import (
	"bytes"
	"slices"
	"strings"

	"derscope/decode/der"
	"derscope/decode/report"
)

// FindElements looks for a text among what the ASN.1 view shows of the elements
// of b, or for octets, which are found in the innermost element around them.
// It packs the first elements at most. It begins at an offset and looks at some
// thousand elements: so a caller can show what was found so far, and stop.
func FindElements(b []byte, what string, octets []byte, from, most int) (p Packer) {
	f := elementFinder{b: b, text: strings.ToLower(strings.TrimSpace(what)), octets: octets, most: most, from: from, left: atOnce}
	if f.text != "" {
		f.walk(0, len(b), 0)
	}
	more := 0
	if len(f.found) > most {
		f.found, more = f.found[:most], 1
	}
	p.Text(string(octets))
	p.Int(more)
	p.Int(f.next)
	p.Int(0)
	p.Int(len(f.found))
	for _, m := range f.found {
		p.Int(m.Off)
		p.Int(m.Len)
		p.Int(m.Header)
	}
	return p
}

type elementFinder struct {
	b      []byte
	text   string
	octets []byte
	most   int
	found  []mark
	from   int // elements that begin before it were looked at
	left   int // elements to look at
	next   int // where to go on; 0: all was looked at
}

// holds says whether the octets that are looked for lie between two offsets.
func (f *elementFinder) holds(from, to int) bool {
	return len(f.octets) > 0 && from < to && bytes.Contains(f.b[from:to], f.octets)
}

// walk looks through the elements from off to end and says whether octets were
// found across the beginning of one: they lie in what is around.
func (f *elementFinder) walk(off, end, depth int) (across bool) {
	start, reach := off, len(f.octets)-1
	for off < end && len(f.found) <= f.most && f.next == 0 {
		across = across || f.holds(max(off-reach, start), min(off+reach, end))
		row := asn1Row{Depth: depth}
		e, err := der.Next(f.b, off, end)
		if err != nil {
			e = der.Element{Off: off, Len: end - off}
			row.Fault = err.Error()
		}
		row.Element = e
		if e.End() <= f.from {
			off, across = e.End(), false
			continue
		}
		if f.left--; f.left < 0 {
			f.next = off
			return across
		}
		from, wrapped := 0, false
		if err == nil {
			from, wrapped = opens(f.b, e)
			row.Kids = (e.Constructed && e.Len > 0 || wrapped) && depth < 2*der.MaxDepth
		}
		place := len(f.found)
		found := off >= f.from && f.says(row)
		if row.Kids {
			// The walk itself looks across the end of the header.
			found = off >= f.from && f.holds(off, from) || found
			found = f.walk(from, e.Close(), depth+1) || off >= f.from && f.holds(max(off, from-reach), min(from+reach, e.Close())) || found
		} else {
			found = f.holds(off, e.End()) || found
		}
		if found {
			f.found = slices.Insert(f.found, place, mark{report.Span{Off: off, Len: e.End() - off}, e.Header})
		}
		off = e.End()
	}
	return across
}

// says says whether the row of an element reads like what is looked for; a
// moment is also found as it is written in the octets.
func (f *elementFinder) says(r asn1Row) bool {
	if (r.Tag == der.UTCTime || r.Tag == der.GeneralizedTime) && bytes.Contains(bytes.ToLower(f.b[r.Off+r.Header:r.End()]), []byte(f.text)) {
		return true
	}
	return strings.Contains(strings.ToLower(elementName(r)), f.text) || strings.Contains(strings.ToLower(elementText(f.b, r)), f.text)
}

// elementName is what a row calls an element.
func elementName(r asn1Row) string {
	if r.Fault != "" {
		return "✕"
	}
	return r.Tag.String() + form(r)
}

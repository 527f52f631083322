package cmp

import (
	"strings"

	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// Where information stands: which values belong there differs.
const (
	InHeader = "generalInfo"
	InGenM   = "genm"
	InGenP   = "genp"
)

// Infos is a SEQUENCE OF InfoTypeAndValue.
type Infos struct {
	Ref  report.Ref // None: absent
	List []*Info
}

// Info is an InfoTypeAndValue.
//
//	InfoTypeAndValue ::= SEQUENCE {
//		infoType   OBJECT IDENTIFIER,
//		infoValue  ANY DEFINED BY infoType OPTIONAL }
//
// RFC 9810, section 5.1.1
type Info struct {
	Ref, ValueRef report.Ref // ValueRef: None where there is no value
	ID            oid.ID
	Raw           []byte      // infoValue as received; nil: absent
	At            report.Span // where that lies
	// Value is what it was read as: of the type beside its identifier in
	// infoTypes; nil: its type is not known, or it could not be read.
	Value any
	Fault string // why a known value could not be read
}

// Present says that there is a value.
func (i *Info) Present() bool { return i.ValueRef != report.None }

// Name is the name of the type without its arc: implicitConfirm; the dotted form
// of one that is not known.
func (i *Info) Name() string {
	if t, ok := infoTypes[i.ID]; ok {
		return t.name
	}
	return strings.TrimPrefix(i.ID.Name(), "id-it-")
}

// Type is what is known of its type, and whether anything is.
func (i *Info) Type() (InfoType, bool) {
	t, ok := infoTypes[i.ID]
	return t, ok
}

// Find gives the first of a type, or nil.
func (l Infos) Find(id oid.ID) *Info {
	for _, i := range l.List {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// readInfos reads information that stands in place.
func readInfos(r *field.Reader, label, place string, m *Message) Infos {
	var l Infos
	l.Ref = r.Seq(label, func(r *field.Reader) {
		if place == InHeader {
			some(r, label)
		}
		l.List = field.List(r, label, func(r *field.Reader, label string) *Info { return readInfo(r, label, m) })
	})
	return l
}

func readInfo(r *field.Reader, label string, m *Message) *Info {
	i := &Info{ValueRef: report.None}
	i.Ref = r.Seq(label, func(r *field.Reader) {
		i.ID = r.OID("infoType").Value
		if r.Empty() || r.Quiet() {
			return
		}
		i.Raw, i.At = r.Element(), r.Span(report.None)
		i.At.Len = len(i.Raw)
		t, known := infoTypes[i.ID]
		if !known || t.read == nil {
			i.ValueRef = r.Any("infoValue")
			return
		}
		if t.section != "" {
			r.Cite(rfc9810(t.section))
		}
		before, _ := r.Breaks()
		i.Value, i.ValueRef = t.read(r, t.name, m)
		if after, words := r.Breaks(); after > before {
			i.Value, i.Fault = nil, words
			r.Discount(before) // the structure around it is whole
		}
	})
	shown := i.Name()
	if i.Fault != "" {
		shown += ": cannot be read"
	}
	r.Show(i.Ref, shown)
	return i
}

// ImplicitConfirm says that the header asks for or grants implicit confirmation.
func (h *Header) ImplicitConfirm() *Info { return h.GeneralInfo.Find(IDImplicitConfirm) }

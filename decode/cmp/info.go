package cmp

import (
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
	Raw           []byte // infoValue as received; nil: absent
	Value         any    // what it was read as; nil: not known, or it could not be read
	Fault         string // why a known value could not be read
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

// Types of information.
const (
	idImplicitConfirm   oid.ID = "1.3.6.1.5.5.7.4.13"
	idConfirmWaitTime   oid.ID = "1.3.6.1.5.5.7.4.14"
	idOrigPKIMessage    oid.ID = "1.3.6.1.5.5.7.4.15"
	idCertProfile       oid.ID = "1.3.6.1.5.5.7.4.21"
	idKemCiphertextInfo oid.ID = "1.3.6.1.5.5.7.4.24"
)

// readInfos reads information that stands in place.
func readInfos(r *field.Reader, label, place string) Infos {
	var l Infos
	l.Ref = r.Seq(label, func(r *field.Reader) {
		l.List = field.List(r, label, func(r *field.Reader, label string) *Info { return readInfo(r, label, place) })
	})
	return l
}

func readInfo(r *field.Reader, label, place string) *Info {
	i := &Info{ValueRef: report.None}
	i.Ref = r.Seq(label, func(r *field.Reader) {
		i.ID = r.OID("infoType").Value
		if r.Empty() || r.Quiet() {
			return
		}
		i.Raw = r.Element()
		i.ValueRef = r.Any("infoValue")
	})
	r.Show(i.Ref, i.ID.Name())
	return i
}

// ImplicitConfirm says that the header asks for or grants implicit confirmation.
func (h *Header) ImplicitConfirm() *Info { return h.GeneralInfo.Find(idImplicitConfirm) }

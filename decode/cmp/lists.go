package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Inner is an element that is an item of its own: a message or a CRL inside a
// message. Its octets are read there, and nowhere else.
type Inner struct {
	Ref report.Ref
	Raw []byte
}

// some reports a list that is empty where it must not be: SIZE (1..MAX).
func some(r *field.Reader, label string) {
	if r.Empty() {
		r.Fault(field.Empty, r.At(), "%s is an empty list: it has at least one element, or is left out", label)
	}
}

// readCertificates reads a SEQUENCE SIZE (1..MAX) OF CMPCertificate. Each
// becomes an item.
func readCertificates(r *field.Reader, label string) Certificates {
	type entry struct {
		certificate *cert.Certificate
		at          report.Ref
	}
	var c Certificates
	c.Ref = r.Seq(label, func(r *field.Reader) {
		some(r, label)
		seen := 0
		for _, e := range field.List(r, label, func(r *field.Reader, label string) (e entry) {
			if seen++; seen > parsed {
				e.at = r.Whole(label, "CMPCertificate").Ref
				r.Note(e.at, "not opened: so many of a list are")
				return e
			}
			e.certificate, e.at = readCertificate(r, label)
			return e
		}) {
			c.List, c.Refs = append(c.List, e.certificate), append(c.Refs, e.at)
		}
	})
	r.Show(c.Ref, report.Plural(len(c.List), "certificate", "certificates"))
	return c
}

// parsed bounds the certificates of a list that are looked at.
const parsed = 100

// readCertificate reads a CMPCertificate; nil is answered where it is no
// X.509 certificate.
//
//	CMPCertificate ::= CHOICE {
//		x509v3PKCert  Certificate,
//		... }
//
// RFC 9810, section 5.1
func readCertificate(r *field.Reader, label string) (*cert.Certificate, report.Ref) {
	if !r.Peek(der.Sequence) {
		if r.Empty() {
			return nil, r.Whole(label, "CMPCertificate").Ref // which reports that it is missing
		}
		at := r.Any(label)
		r.Note(at, "another format than X.509")
		return nil, at
	}
	before, _ := r.Breaks()
	k := cert.ReadCertificate(r, label)
	r.Discount(before) // what is inside is its own matter
	r.Piece("certificate", k.Ref)
	return k, k.Ref
}

// readCRL passes a CertificateList, which may be long: it is an item.
func readCRL(r *field.Reader, label string) Inner {
	if !r.Peek(der.Sequence) {
		return Inner{Ref: r.Stop(label, "%s: want a CertificateList, which is a SEQUENCE", label)}
	}
	w := r.Whole(label, "CertificateList")
	r.Piece("crl", w.Ref)
	return Inner{w.Ref, w.Value}
}

// readCRLs reads a SEQUENCE SIZE (1..MAX) OF CertificateList.
func readCRLs(r *field.Reader, label string) (at report.Ref, list []Inner) {
	at = r.Seq(label, func(r *field.Reader) {
		some(r, label)
		list = field.List(r, label, readCRL)
	})
	r.Show(at, report.Plural(len(list), "CRL", "CRLs"))
	return at, list
}

package client

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// form is how strictly a program reads octets.
type form uint8

const (
	ber    form = iota // all of BER: OpenSSL
	padded             // DER, but lengths may have leading zeros: libtasn1
	strict             // DER: BoringSSL
	narrow             // DER, with tags of one octet and lengths of two at most: mozilla::pkix
)

// octets is a run of elements that is read from the front.
type octets struct {
	b    []byte
	form form
}

func (o *octets) empty() bool { return len(o.b) == 0 }

// next reads an element: its identifier octet, its contents, all of it.
func (o *octets) next() (id byte, content, raw []byte, ok bool) {
	e, err := der.Next(o.b, 0, len(o.b))
	if err != nil {
		return 0, nil, nil, false
	}
	switch {
	case o.form != ber && e.Indefinite,
		o.form >= strict && (e.LongLength || e.LongTag),
		o.form == narrow && (o.b[0]&31 == 31 || e.Len > 0xffff):
		return 0, nil, nil, false
	}
	id, content, raw = o.b[0], o.b[e.Content():e.Close()], o.b[:e.End()]
	o.b = o.b[e.End():]
	return id, content, raw, true
}

// peek says whether the next identifier octet is this one.
func (o *octets) peek(id byte) bool { return len(o.b) > 0 && o.b[0] == id }

// take reads the contents of an element with this identifier octet.
func (o *octets) take(id byte) (octets, bool) {
	if !o.peek(id) {
		return octets{}, false
	}
	_, content, _, ok := o.next()
	return octets{content, o.form}, ok
}

// raw reads one element, whatever it is, with its header.
func (o *octets) raw() ([]byte, bool) {
	_, _, raw, ok := o.next()
	return raw, ok
}

// maybe reads the contents of an OPTIONAL element.
func (o *octets) maybe(id byte) (in octets, there, ok bool) {
	if !o.peek(id) {
		return octets{}, false, true
	}
	in, ok = o.take(id)
	return in, true, ok
}

// only reads the contents of an element that must be all there is.
func (o octets) only(id byte) (octets, bool) {
	in, ok := o.take(id)
	return in, ok && o.empty()
}

// canonicalTime reads YYYYMMDDHHMMSSZ, the one form of DER.
func canonicalTime(b []byte) (time.Time, bool) {
	if len(b) != 15 {
		return time.Time{}, false
	}
	t, err := time.Parse("20060102150405Z", string(b))
	return t, err == nil
}

// paddedInteger says that the contents are no INTEGER of DER: empty, or with a
// first octet that is not needed.
func paddedInteger(b []byte) bool {
	return len(b) == 0 || len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80)
}

// carried is what was read of a response before: the certificates in it, each of
// which remembers the verifications that were made with it, the name of its
// responder, and all of it as OpenSSL reads it. Nil knows nothing.
type carried struct {
	certificates []*cert.Certificate
	responder    cert.Name
	content      []byte // what basic was read of
	basic        *basic
}

// certificate reads a certificate that was carried in a response.
func (known *carried) certificate(raw []byte) *cert.Certificate {
	if known != nil {
		for _, k := range known.certificates {
			if k.Raw != nil && bytes.Equal(k.Raw, raw) {
				return k
			}
		}
	}
	tree := field.NewTree(field.Limits{})
	return cert.ReadCertificate(tree.Reader(tree.Add(report.Source{Name: "certificate", Bytes: raw})), "certificate")
}

// algorithm reads an AlgorithmIdentifier.
func algorithm(raw []byte) sig.Algorithm {
	a, _ := sig.ParseAlgorithm(raw)
	return a
}

// name reads the name of a responder.
func (known *carried) name(raw []byte) cert.Name {
	if known != nil && known.responder.Raw != nil && bytes.Equal(known.responder.Raw, raw) {
		return known.responder
	}
	tree := field.NewTree(field.Limits{})
	return cert.ReadName(tree.Reader(tree.Add(report.Source{Name: "name", Bytes: raw})), "name")
}

// oidText writes the contents of an OBJECT IDENTIFIER in dotted form.
func oidText(b []byte) string {
	id, _ := oid.Parse(b)
	return string(id)
}

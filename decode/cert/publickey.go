package cert

import (
	"bytes"
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

// PublicKey is a SubjectPublicKeyInfo.
type PublicKey struct {
	Ref  report.Ref
	Raw  []byte // the whole element
	Bits []byte // subjectPublicKey without tag, length and unused-bits octet: what key hashes are made of
	Key  sig.Key
	Err  string // why Key cannot be used; "" if it can
}

// ReadPublicKey reads a SubjectPublicKeyInfo and opens the key inside.
//
//	SubjectPublicKeyInfo ::= SEQUENCE {
//		algorithm         AlgorithmIdentifier,
//		subjectPublicKey  BIT STRING }
//
// RFC 5280, section 4.1
func ReadPublicKey(r *field.Reader, label string) PublicKey {
	k := PublicKey{Raw: r.Element()}
	k.Ref = r.Seq(label, func(r *field.Reader) {
		a := ReadAlgorithm(r, "algorithm")
		bits := r.Bits("subjectPublicKey")
		if !bits.OK {
			return
		}
		k.Bits = bits.Value.Bytes
		before, _ := r.Breaks()
		r.Within(bits.Ref, 1, func(r *field.Reader) { openKey(r, a, len(k.Bits)) })
		r.Discount(before)
	})
	k.parse()
	if !r.Muted() {
		r.Show(k.Ref, k.Key.Name())
	}
	return k
}

// parse makes Key of Raw.
func (k *PublicKey) parse() {
	var err error
	if k.Key, err = sig.ParseKey(k.Raw); err != nil {
		k.Err = strings.TrimPrefix(err.Error(), "sig: ")
		return
	}
	k.Err = k.Key.Fault
}

// Same says that two keys are one. The octets of the BIT STRING alone do not
// say so: with domain parameters of their choice anyone knows the secret of the
// same octets (CVE-2020-0601).
func (k PublicKey) Same(other PublicKey) bool {
	if len(k.Bits) == 0 || !bytes.Equal(k.Bits, other.Bits) {
		return false
	}
	if bytes.Equal(k.Raw, other.Raw) {
		return true
	}
	a, b := k.Key, other.Key
	switch a.Family() {
	case "":
		return false
	case "RSA": // whatever it is to be used for, the numbers are all of it
		return b.Family() == "RSA"
	case "EC":
		return b.Family() == "EC" && a.Curve != "" && a.Curve == b.Curve
	}
	return a.Algorithm.ID == b.Algorithm.ID && bytes.Equal(a.Algorithm.Parameters, b.Algorithm.Parameters)
}

// openKey reads what is inside subjectPublicKey. What it does not know stays
// one leaf.
func openKey(r *field.Reader, a Algorithm, size int) {
	switch a.ID {
	case idRSA, idPSS:
		rsaPublicKey(r, "RSAPublicKey")
		return
	case idDSA:
		r.Cite(spec.RFC(3279, "2.3.2"))
		r.Integer("DSAPublicKey")
		return
	case idEC:
		r.Cite(spec.RFC(5480, "2.2"))
		if ecPoint(r, size) {
			return
		}
	}
	switch parts := keyParts[string(a.ID)]; {
	case parts != nil:
		r.Cite(parts[0].cite)
		for _, p := range parts {
			r.Fixed(p.label, p.octets)
		}
	case size > 0:
		r.Fixed("key", size)
	}
}

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
//
// RFC 8017, appendix A.1.1
func rsaPublicKey(r *field.Reader, label string) report.Ref {
	r.Cite(spec.RFC(8017, "A.1.1"))
	return r.Seq(label, func(r *field.Reader) {
		r.Integer("modulus")
		r.Integer("publicExponent")
	})
}

// pointForms are the first octets of an elliptic curve point: SEC 1, 2.3.3.
var pointForms = map[int]string{
	0: "point at infinity", 2: "compressed, y even", 3: "compressed, y odd", 4: "uncompressed",
	6: "hybrid, y even", 7: "hybrid, y odd",
}

// ecPoint reads the coordinates of a point, if it has the shape of one.
func ecPoint(r *field.Reader, size int) bool {
	if size < 3 || size%2 == 0 {
		return false
	}
	switch r.Left()[0] {
	case 2, 3:
		r.Uint("form", 1, pointForms)
		r.Fixed("x", size-1)
	case 4, 6, 7:
		r.Uint("form", 1, pointForms)
		r.Fixed("x", size/2)
		r.Fixed("y", size/2)
	default:
		return false
	}
	return true
}

// keyPart is a part of a key that is a plain run of octets.
type keyPart struct {
	label  string
	octets int
	cite   spec.Ref
}

// keyParts are the keys that are plain octets, by algorithm.
var keyParts = map[string][]keyPart{
	"1.3.101.110": {{"u", 32, spec.RFC(7748, "5")}},
	"1.3.101.111": {{"u", 56, spec.RFC(7748, "5")}},
	"1.3.101.112": {{"A", 32, spec.RFC(8032, "5.1.5")}},
	"1.3.101.113": {{"A", 57, spec.RFC(8032, "5.2.5")}},
	// FIPS 204, algorithm 22: pkEncode.
	"2.16.840.1.101.3.4.3.17": {{"rho", 32, spec.RFC(9881, "4")}, {"t1", 1280, spec.RFC(9881, "4")}},
	"2.16.840.1.101.3.4.3.18": {{"rho", 32, spec.RFC(9881, "4")}, {"t1", 1920, spec.RFC(9881, "4")}},
	"2.16.840.1.101.3.4.3.19": {{"rho", 32, spec.RFC(9881, "4")}, {"t1", 2560, spec.RFC(9881, "4")}},
}

// ReadKeyFile reads a public key that stands by itself: a SubjectPublicKeyInfo,
// or the two numbers of PKCS #1.
func ReadKeyFile(r *field.Reader) *PublicKey {
	if !shape(r.Left(), "{i") {
		defer r.Cite(r.Cite(rfc5280("4.1")))
		k := ReadPublicKey(r, "subjectPublicKeyInfo")
		return &k
	}
	k := PublicKey{Bits: r.Element()}
	k.Raw = wrapRSA(k.Bits)
	k.Ref = rsaPublicKey(r, "RSAPublicKey")
	k.parse()
	r.Show(k.Ref, k.Key.Name())
	return &k
}

// wrapRSA makes the SubjectPublicKeyInfo of an RSAPublicKey.
func wrapRSA(key []byte) []byte {
	algorithm := []byte{0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00}
	bits := wrap(der.BitString, append([]byte{0}, key...))
	return wrap(der.Sequence, append(algorithm, bits...))
}

// wrap puts a tag and a length before contents.
func wrap(t der.Tag, contents []byte) []byte {
	first := byte(t.Number)
	if t == der.Sequence {
		first |= 0x20
	}
	n := len(contents)
	if n < 0x80 {
		return append([]byte{first, byte(n)}, contents...)
	}
	return append([]byte{first, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, contents...)
}

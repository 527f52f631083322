package envelope

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// EncryptedValue is what CMP encrypted with before EnvelopedData: no recipient
// is named, and nothing says whether what comes out is what went in.
//
//	EncryptedValue ::= SEQUENCE {
//		intendedAlg  [0] AlgorithmIdentifier OPTIONAL,
//		symmAlg      [1] AlgorithmIdentifier OPTIONAL,
//		encSymmKey   [2] BIT STRING          OPTIONAL,
//		keyAlg       [3] AlgorithmIdentifier OPTIONAL,
//		valueHint    [4] OCTET STRING        OPTIONAL,
//		encValue     BIT STRING }
//
// RFC 4211, section 2.1 and appendix B
type EncryptedValue struct {
	Ref                           report.Ref
	OK                            bool
	Intended, Symmetric, KeyCoder *cert.Algorithm // intendedAlg, symmAlg, keyAlg; nil: absent
	Key                           field.Field[field.BitString]
	Hint                          field.Field[[]byte]
	Value                         field.Field[field.BitString]
}

// ReadEncryptedValue reads an EncryptedValue.
func ReadEncryptedValue(r *field.Reader, label string) *EncryptedValue {
	defer r.Cite(r.Cite(spec.RFC(4211, "2.1")))
	v := &EncryptedValue{Key: field.Field[field.BitString]{Ref: report.None}, Hint: field.Field[[]byte]{Ref: report.None}}
	before, _ := r.Breaks()
	algorithm := func(r *field.Reader, n int, label string, to **cert.Algorithm) {
		if r.Retag(n, der.Sequence) {
			a := cert.ReadAlgorithm(r, label)
			*to = &a
		}
	}
	v.Ref = r.Seq(label, func(r *field.Reader) {
		algorithm(r, 0, "intendedAlg", &v.Intended)
		algorithm(r, 1, "symmAlg", &v.Symmetric)
		if r.Peek(der.Ctx(2)) {
			v.Key = r.BitsAs("encSymmKey", der.Ctx(2))
		}
		algorithm(r, 3, "keyAlg", &v.KeyCoder)
		if r.Peek(der.Ctx(4)) {
			v.Hint = r.OctetsAs("valueHint", der.Ctx(4))
		}
		v.Value = r.Bits("encValue")
	})
	after, _ := r.Breaks()
	v.OK = after == before
	if v.Symmetric != nil {
		r.Show(v.Ref, "encrypted with "+v.Symmetric.Name()+", in the older form")
	}
	return v
}

// Open opens the value with the first of the openers that can: only RSA keys do.
func (v *EncryptedValue) Open(openers []Opener) Opening {
	o := Opening{Item: -1}
	if v.Symmetric == nil || !v.Key.OK || !v.Value.OK {
		return o
	}
	a := cert.Algorithm{}
	a.ID = idRSA
	if v.KeyCoder != nil {
		a = *v.KeyCoder
	}
	for _, with := range openers {
		if with.Private == nil || with.Private.RSA == nil || o.Tried == attempts {
			continue
		}
		o.Tried++
		key, fault := transported(a, with.Private.RSA, v.Key.Value.Bytes)
		var content []byte
		if fault == "" {
			content, fault = decrypt(v.Symmetric.ID, v.Symmetric.Parameters, key, v.Value.Value.Bytes, false)
		}
		if fault == "" {
			return Opening{Content: content, Item: with.Item, Tried: o.Tried}
		}
		if o.Fault == "" {
			o.Fault = fault
		}
	}
	return o
}

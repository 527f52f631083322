package cert

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

// Algorithm is an AlgorithmIdentifier with its node.
type Algorithm struct {
	Ref report.Ref
	sig.Algorithm
}

// Algorithms whose parameters or keys are read further.
const (
	idRSA  oid.ID = "1.2.840.113549.1.1.1"
	idPSS  oid.ID = "1.2.840.113549.1.1.10"
	idDSA  oid.ID = "1.2.840.10040.4.1"
	idEC   oid.ID = "1.2.840.10045.2.1"
	idMGF1 oid.ID = "1.2.840.113549.1.1.8"
)

// ReadAlgorithm reads an algorithm with its parameters.
//
//	AlgorithmIdentifier ::= SEQUENCE {
//		algorithm   OBJECT IDENTIFIER,
//		parameters  ANY DEFINED BY algorithm OPTIONAL }
//
// RFC 5280, section 4.1.1.2
func ReadAlgorithm(r *field.Reader, label string) Algorithm {
	a := Algorithm{Algorithm: sig.Algorithm{Raw: r.Element()}}
	a.Ref = r.Seq(label, func(r *field.Reader) {
		defer r.Cite(r.Cite(rfc5280("4.1.1.2")))
		a.ID = r.OID("algorithm").Value
		if r.Empty() || r.Quiet() {
			return
		}
		a.Present = true
		a.Parameters = r.Element()
		switch {
		case a.ID == idPSS && r.Peek(der.Sequence):
			pssParameters(r)
		case a.ID == idDSA && r.Peek(der.Sequence):
			dsaParameters(r)
		case a.ID == idMGF1 && r.Peek(der.Sequence):
			ReadAlgorithm(r, "parameters")
		case a.ID == idEC && r.Peek(der.OID):
			r.Cite(spec.RFC(5480, "2.1.1"))
			r.OID("namedCurve")
		default:
			r.Any("parameters")
		}
	})
	if !r.Muted() && a.ID != "" {
		r.Show(a.Ref, a.Name())
	}
	return a
}

// Name is the algorithm's name for people; the dotted form if it has none.
func (a Algorithm) Name() string {
	if s := a.Scheme(); s.Name != "" && s.Name != string(a.ID) {
		return s.Name
	}
	if _, name, _, ok := sig.Digest(a.ID); ok {
		return name
	}
	return a.ID.String()
}

//	RSASSA-PSS-params ::= SEQUENCE {
//		hashAlgorithm     [0] HashAlgorithm    DEFAULT sha1,
//		maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
//		saltLength        [2] INTEGER          DEFAULT 20,
//		trailerField      [3] TrailerField     DEFAULT trailerFieldBC }
//
// RFC 4055, section 3.1
func pssParameters(r *field.Reader) {
	r.Cite(spec.RFC(4055, "3.1"))
	r.Seq("parameters", func(r *field.Reader) {
		r.Explicit(0, "hashAlgorithm", func(r *field.Reader) { ReadAlgorithm(r, "hashAlgorithm") })
		r.Explicit(1, "maskGenAlgorithm", func(r *field.Reader) { ReadAlgorithm(r, "maskGenAlgorithm") })
		r.Explicit(2, "saltLength", func(r *field.Reader) { r.Integer("saltLength") })
		r.Explicit(3, "trailerField", func(r *field.Reader) {
			r.IntegerEnum("trailerField", map[int]string{1: "trailerFieldBC"})
		})
	})
}

// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
//
// RFC 3279, section 2.3.2
func dsaParameters(r *field.Reader) {
	r.Cite(spec.RFC(3279, "2.3.2"))
	r.Seq("parameters", func(r *field.Reader) {
		r.Integer("p")
		r.Integer("q")
		r.Integer("g")
	})
}

// ReadSignature reads the BIT STRING of a signature made with a, and opens it
// where there are parts inside: the two numbers of ECDSA and DSA.
func ReadSignature(r *field.Reader, label string, a Algorithm) field.Field[field.BitString] {
	defer r.Cite(r.Cite(rfc5280("4.1.1.3")))
	s := r.Bits(label)
	if !s.OK || r.Muted() || len(s.Value.Bytes) == 0 || s.Value.Bytes[0] != 0x30 {
		return s
	}
	value := map[string]string{"EC": "ECDSA-Sig-Value", "DSA": "Dss-Sig-Value"}[a.Scheme().Family]
	if value == "" {
		return s
	}
	// ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
	r.Cite(spec.RFC(3279, "2.2.3"))
	before, _ := r.Breaks()
	defer r.Discount(before)
	r.Within(s.Ref, 1, func(r *field.Reader) {
		r.Seq(value, func(r *field.Reader) {
			r.Integer("r")
			r.Integer("s")
		})
	})
	return s
}

// Verify verifies a signature over signed, with the reasons that lie before any
// computing.
func Verify(a Algorithm, k PublicKey, signed []byte, s field.Field[field.BitString]) sig.Result {
	switch {
	case signed == nil || !s.OK:
		return sig.Result{Outcome: sig.Malformed, Why: "what is signed, or the signature, cannot be read"}
	case k.Err != "":
		return sig.Result{Outcome: sig.Malformed, Why: "the key cannot be used: " + k.Err}
	case s.Value.Unused != 0:
		return sig.Result{Outcome: sig.Malformed, Why: "the signature is not a whole number of octets"}
	}
	return sig.Verify(a.Algorithm, k.Key, signed, s.Value.Bytes)
}

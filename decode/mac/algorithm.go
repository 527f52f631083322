// Package mac reads and computes the message authentication codes that CMP
// protects messages with: from a password, a Diffie-Hellman or KEM secret, or a
// key as it is.
//
// It knows no message: it is given octets, and a secret.
//
// Documents: RFC 9810, section 5.1.3; RFC 4211, section 4.4; RFC 9045; RFC 9481,
// section 6; RFC 8018, section 7.1.
package mac

import (
	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Method is how a key is made of a secret.
type Method int

const (
	None     Method = iota // no MAC: a signature, or an algorithm that is not known
	PBM                    // PasswordBasedMac
	PBMAC1                 // PBKDF2 in front of a MAC
	Direct                 // the secret is the key: HMAC, GMAC, KMAC
	DHBased                // DHBasedMac
	KEMBased               // KemBasedMac
)

// Algorithm is a protectionAlg. Of the members behind Method those of its method are set.
type Algorithm struct {
	cert.Algorithm
	Method Method
	PBM    *PBMParameter
}

// PBMParameter says how a MAC key is made of a password.
//
//	PBMParameter ::= SEQUENCE {
//		salt            OCTET STRING,
//		owf             AlgorithmIdentifier,
//		iterationCount  INTEGER,
//		mac             AlgorithmIdentifier }
//
// RFC 9810, section 5.1.3.1
type PBMParameter struct {
	Ref        report.Ref
	Salt       field.Field[[]byte]
	OWF        cert.Algorithm
	Iterations field.Field[field.Int]
	MAC        cert.Algorithm
}

// Identifiers of protection algorithms.
const (
	IDPasswordBasedMac oid.ID = "1.2.840.113533.7.66.13"
	IDPBMAC1           oid.ID = "1.2.840.113549.1.5.14"
	IDDHBasedMac       oid.ID = "1.2.840.113533.7.66.30"
	IDKemBasedMac      oid.ID = "1.2.840.113533.7.66.16"
)

// ReadAlgorithm reads an AlgorithmIdentifier of a protection, and opens the
// parameters of a MAC.
func ReadAlgorithm(r *field.Reader, label string) *Algorithm {
	a := &Algorithm{}
	var id oid.ID
	if b := r.Element(); b != nil {
		field.Trial(b).Seq(label, func(r *field.Reader) { id = r.OID("algorithm").Value })
	}
	switch id {
	case IDPasswordBasedMac:
		a.Method = PBM
		a.read(r, label, "5.1.3.1", func(r *field.Reader) { a.PBM = readPBM(r) })
	default:
		a.Algorithm = cert.ReadAlgorithm(r, label)
	}
	return a
}

// read reads an AlgorithmIdentifier whose parameters f reads.
func (a *Algorithm) read(r *field.Reader, label, section string, f func(*field.Reader)) {
	a.Raw = r.Element()
	a.Ref = r.Seq(label, func(r *field.Reader) {
		a.ID = r.OID("algorithm").Value
		if r.Empty() || r.Quiet() {
			return
		}
		a.Present = true
		a.Parameters = r.Element()
		defer r.Cite(r.Cite(spec.RFC(9810, section)))
		f(r)
	})
	r.Show(a.Ref, a.ID.Name())
}

func readPBM(r *field.Reader) *PBMParameter {
	p := &PBMParameter{}
	p.Ref = r.Seq("parameters", func(r *field.Reader) {
		p.Salt = r.Octets("salt")
		p.OWF = cert.ReadAlgorithm(r, "owf")
		p.Iterations = r.Integer("iterationCount")
		p.MAC = cert.ReadAlgorithm(r, "mac")
	})
	return p
}

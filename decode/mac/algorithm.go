// Package mac reads and computes the message authentication codes that CMP
// protects messages with: from a password, a Diffie-Hellman or KEM secret, or a
// key as it is.
//
// It knows no message: it is given octets, and a secret.
//
// # How is a MAC computed?
//
// [Algorithm.Cost] says how many rounds a password costs, which its maker may
// have set to billions: who computes asks first. [Algorithm.Keys] makes the key,
// or the keys where programs are known to differ, and [Code.Sum] the value.
//
// Documents: RFC 9810, section 5.1.3; RFC 4211, section 4.4; RFC 9045; RFC 9481,
// section 6; RFC 8018, section 7.1.
package mac

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
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

// Algorithm is a protectionAlg. Of the members behind Method that of its method
// is set; nil where it could not be read as what it should be.
type Algorithm struct {
	cert.Algorithm
	Method Method
	Whole  bool // the parameters could be read to their end
	PBM    *PBMParameter
	PBMAC1 *PBMAC1Params
	DH     *DHBMParameter
	KEM    *KemBMParameter
	Direct *Code
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
	MAC        *Code
}

// PBMAC1Params says by what a key is derived from a password, and used.
//
//	PBMAC1-params ::= SEQUENCE {
//		keyDerivationFunc  AlgorithmIdentifier,
//		messageAuthScheme  AlgorithmIdentifier }
//
// RFC 8018, section A.5
type PBMAC1Params struct {
	Ref    report.Ref
	KDF    cert.Algorithm
	PBKDF2 *PBKDF2Params // nil: the function is another, or cannot be read
	MAC    *Code
}

// DHBMParameter says how a MAC key is made of a Diffie-Hellman secret.
//
//	DHBMParameter ::= SEQUENCE { owf AlgorithmIdentifier, mac AlgorithmIdentifier }
//
// RFC 9810, section 5.1.3.2
type DHBMParameter struct {
	Ref report.Ref
	OWF cert.Algorithm
	MAC *Code
}

// KemBMParameter says how a MAC key is made of the secret of a KEM.
//
//	KemBMParameter ::= SEQUENCE {
//		kdf         AlgorithmIdentifier,
//		kemContext  [0] OCTET STRING OPTIONAL,
//		len         INTEGER (1..MAX),
//		mac         AlgorithmIdentifier }
//
// RFC 9810, section 5.1.3.4
type KemBMParameter struct {
	Ref     report.Ref
	KDF     *KDF
	Context field.Field[[]byte] // Ref None: absent
	Len     field.Field[field.Int]
	MAC     *Code
}

// Identifiers of protection algorithms.
const (
	IDPasswordBasedMac oid.ID = "1.2.840.113533.7.66.13"
	IDPBMAC1           oid.ID = "1.2.840.113549.1.5.14"
	IDDHBasedMac       oid.ID = "1.2.840.113533.7.66.30"
	IDKemBasedMac      oid.ID = "1.2.840.113533.7.66.16"
	IDPBKDF2           oid.ID = "1.2.840.113549.1.5.12"

	idPBES2 oid.ID = "1.2.840.113549.1.5.13"
)

// ReadAlgorithm reads an AlgorithmIdentifier of a protection, and opens the
// parameters of a MAC.
func ReadAlgorithm(r *field.Reader, label string) *Algorithm {
	a := &Algorithm{}
	before, _ := r.Breaks()
	id := peek(r)
	open := func(section string, f func(*field.Reader)) {
		defer r.Cite(r.Cite(spec.RFC(9810, section)))
		a.Algorithm = readOpened(r, label, f)
	}
	switch id {
	case IDPasswordBasedMac:
		a.Method = PBM
		open("5.1.3.1", func(r *field.Reader) { a.PBM = ReadPBM(r) })
	case IDPBMAC1:
		a.Method = PBMAC1
		defer r.Cite(r.Cite(spec.RFC(8018, "A.5")))
		a.Algorithm = readOpened(r, label, func(r *field.Reader) { a.PBMAC1 = ReadPBMAC1(r) })
	case IDDHBasedMac:
		a.Method = DHBased
		open("5.1.3.2", func(r *field.Reader) { a.DH = readDH(r) })
	case IDKemBasedMac:
		a.Method = KEMBased
		open("5.1.3.4", func(r *field.Reader) { a.KEM = readKEM(r) })
	default:
		if codeOf(id) != nil {
			a.Method, a.Direct = Direct, ReadCode(r, label)
			a.Algorithm = a.Direct.Algorithm
		} else {
			a.Algorithm = cert.ReadAlgorithm(r, label)
		}
	}
	after, _ := r.Breaks()
	a.Whole = after == before
	return a
}

// peek is the identifier of the AlgorithmIdentifier that comes next.
func peek(r *field.Reader) oid.ID { return sig.AlgorithmID(r.Element()) }

// readOpened reads an AlgorithmIdentifier whose parameters f reads where they are
// a SEQUENCE.
func readOpened(r *field.Reader, label string, f func(*field.Reader)) cert.Algorithm {
	var a cert.Algorithm
	a.Raw = r.Element()
	a.Ref = r.Seq(label, func(r *field.Reader) {
		a.ID = r.OID("algorithm").Value
		if r.Empty() || r.Quiet() {
			return
		}
		a.Present = true
		a.Parameters = r.Element()
		if r.Peek(der.Sequence) {
			f(r)
		} else {
			r.Any("parameters")
		}
	})
	r.Show(a.Ref, a.ID.Name())
	return a
}

// ReadPBM reads a PBMParameter.
func ReadPBM(r *field.Reader) *PBMParameter {
	p := &PBMParameter{}
	p.Ref = r.Seq("parameters", func(r *field.Reader) {
		p.Salt = r.Octets("salt")
		p.OWF = cert.ReadAlgorithm(r, "owf")
		p.Iterations = r.Integer("iterationCount")
		p.MAC = ReadCode(r, "mac")
	})
	return p
}

// ReadPBMAC1 reads PBMAC1-params.
func ReadPBMAC1(r *field.Reader) *PBMAC1Params {
	p := &PBMAC1Params{}
	p.Ref = r.Seq("parameters", func(r *field.Reader) {
		switch peek(r) {
		case IDPBKDF2, idPBES2: // some programs write the one and mean the other
			p.KDF = readOpened(r, "keyDerivationFunc", func(r *field.Reader) { p.PBKDF2 = readPBKDF2(r) })
		default:
			p.KDF = cert.ReadAlgorithm(r, "keyDerivationFunc")
		}
		p.MAC = ReadCode(r, "messageAuthScheme")
	})
	return p
}

func readDH(r *field.Reader) *DHBMParameter {
	p := &DHBMParameter{}
	p.Ref = r.Seq("parameters", func(r *field.Reader) {
		p.OWF = cert.ReadAlgorithm(r, "owf")
		p.MAC = ReadCode(r, "mac")
	})
	return p
}

func readKEM(r *field.Reader) *KemBMParameter {
	p := &KemBMParameter{Context: field.Field[[]byte]{Ref: report.None}}
	p.Ref = r.Seq("parameters", func(r *field.Reader) {
		p.KDF = readKDF(r, "kdf")
		r.Explicit(0, "kemContext", func(r *field.Reader) { p.Context = r.Octets("kemContext") })
		p.Len = r.Integer("len")
		p.MAC = ReadCode(r, "mac")
	})
	return p
}

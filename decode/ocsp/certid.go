package ocsp

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// CertID names a certificate: by its issuer's name and key, hashed, and its
// serial number.
//
//	CertID ::= SEQUENCE {
//		hashAlgorithm   AlgorithmIdentifier,
//		issuerNameHash  OCTET STRING, -- of the issuer's DN
//		issuerKeyHash   OCTET STRING, -- of the issuer's public key
//		serialNumber    CertificateSerialNumber }
//
// RFC 6960, section 4.1.1
type CertID struct {
	Ref      report.Ref
	Hash     cert.Algorithm
	NameHash field.Field[[]byte]
	KeyHash  field.Field[[]byte]
	Serial   field.Field[field.Int]
}

func readCertID(r *field.Reader, label string) (id CertID) {
	r.Cite(rfc6960("4.1.1"))
	id.Ref = r.Seq(label, func(r *field.Reader) {
		id.Hash = cert.ReadAlgorithm(r, "hashAlgorithm")
		id.NameHash = r.Octets("issuerNameHash")
		id.KeyHash = r.Octets("issuerKeyHash")
		id.Serial = r.Integer("serialNumber")
		if !r.Muted() {
			r.Show(id.Serial.Ref, id.Serial.Value.Text())
		}
	})
	r.Cite(rfc6960("4.2.1"))
	if !r.Muted() {
		r.Show(id.Ref, id.HashName()+" · serial "+id.Serial.Value.Text())
	}
	return id
}

// HashName names the hash of the CertID: "SHA-1", or the dotted form.
func (id CertID) HashName() string {
	if _, name, _, ok := sig.Digest(id.Hash.ID); ok {
		return name
	}
	return id.Hash.ID.String()
}

// hash computes the hash of the CertID; nil for an algorithm that is not known.
func (id CertID) hash(b []byte) []byte {
	if digest, _, _, ok := sig.Digest(id.Hash.ID); ok {
		return digest(b)
	}
	return nil
}

// Fit says which parts of a CertID fit a certificate.
type Fit struct {
	HashKnown bool // the hash algorithm is one that is computed here
	Serial    bool // the serial number is the subject's
	Name      bool // the name hash is that of the subject's issuer field (or of the issuer's subject, with no subject)
	Key       bool // the key hash is that of the issuer's key
}

// All says that the entry is for the certificate.
func (f Fit) All() bool { return f.Serial && f.Name && f.Key }

// Fit compares the CertID with a certificate and its issuer; either may be nil.
func (id CertID) Fit(subject, issuer *cert.Certificate) (f Fit) {
	digest, _, _, ok := sig.Digest(id.Hash.ID)
	f.HashKnown = ok
	if subject != nil {
		f.Serial = id.Serial.OK && sameInteger(id.Serial.Value, subject.Serial.Value)
		f.Name = ok && bytes.Equal(id.NameHash.Value, digest(subject.Issuer.Raw))
	} else if issuer != nil {
		f.Name = ok && bytes.Equal(id.NameHash.Value, digest(issuer.Subject.Raw))
	}
	if issuer != nil {
		f.Key = ok && bytes.Equal(id.KeyHash.Value, digest(issuer.PublicKey.Bits))
	}
	return f
}

// Same says that two CertIDs name the same certificate in the same hash.
// Parameters of the hash do not count: both NULL and absent occur.
func (id CertID) Same(other CertID) bool {
	return id.Hash.ID == other.Hash.ID && bytes.Equal(id.NameHash.Value, other.NameHash.Value) &&
		bytes.Equal(id.KeyHash.Value, other.KeyHash.Value) && sameInteger(id.Serial.Value, other.Serial.Value)
}

// SameIssuer says that two CertIDs name the same issuer in the same hash.
func (id CertID) SameIssuer(other CertID) bool {
	return id.Hash.ID == other.Hash.ID && bytes.Equal(id.NameHash.Value, other.NameHash.Value) &&
		bytes.Equal(id.KeyHash.Value, other.KeyHash.Value)
}

// sameInteger compares as numbers: padding does not count.
func sameInteger(a, b field.Int) bool {
	return len(a) > 0 && len(b) > 0 && bytes.Equal(shortest(a), shortest(b)) || bytes.Equal(a, b)
}

// shortest is an integer without padding.
func shortest(v field.Int) []byte {
	for len(v) > 1 && (v[0] == 0 && v[1] < 0x80 || v[0] == 0xff && v[1] >= 0x80) {
		v = v[1:]
	}
	return v
}

// eachID judges every CertID of the response and answers with the worst.
func eachID(judge func(*View, CertID) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, s := range v.singles() {
			o = check.Worst(o, judge(v, s.ID))
		}
		return o
	}
}

var certIDRules = []rule{{
	ID: "ocsp.certid.hash-known", Group: groupCertID, Level: check.May, Refs: "RFC 6960 §4.1.1",
	Title: "The hash of each CertID is one that can be computed",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return hashKnown(id) }),
}, {
	ID: "ocsp.certid.hash-lengths", Group: groupCertID, Level: check.Must, Refs: "RFC 6960 §4.1.1",
	Title: "The hashes in each CertID have the length of their algorithm",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return hashLengths(id) }),
}, {
	ID: "ocsp.certid.hash-sha1", Group: groupCertID, Level: check.Advice, Refs: "RFC 9919 §3.1.1; RFC 9919 §8.7",
	Title: "CertIDs in SHA-1 do no harm",
	Judge: func(c *check.Context, v *View) check.Outcome {
		wanted := c.Profiles["rfc9919"]
		for _, s := range v.singles() {
			wanted = wanted && s.ID.HashName() != "SHA-256"
		}
		return eachID(func(v *View, id CertID) check.Outcome { return hashSHA1(wanted, id) })(c, v)
	},
}, {
	ID: "ocsp.certid.hash-weak", Group: groupCertID, Level: check.Must, Refs: "RFC 6960 §4.1.1",
	Title: "No CertID uses MD2, MD4 or MD5",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return hashWeak(id) }),
}, {
	ID: "ocsp.certid.hash-support", Group: groupCertID, Level: check.Should, Refs: "RFC 6960 §4.1.1",
	Title: "The hash of each CertID is one that browsers know",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return hashSupport(id) }),
}, {
	ID: "ocsp.certid.parameters", Group: groupCertID, Level: check.Should, Refs: "RFC 5754 §2",
	Title: "The parameters of each hash are NULL or absent",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return hashParameters(id) }),
}, {
	ID: "ocsp.certid.serial-positive", Group: groupCertID, Level: check.Should, Refs: "RFC 5280 §4.1.2.2",
	Title: "Every serial number is positive",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return serialPositive(id) }),
}, {
	ID: "ocsp.certid.serial-length", Group: groupCertID, Level: check.Should, Refs: "RFC 5280 §4.1.2.2",
	Title: "Every serial number has at most 20 octets",
	Judge: eachID(func(v *View, id CertID) check.Outcome { return serialLength(id) }),
}}

// The functions below judge one CertID; requests use them too.

func hashKnown(id CertID) check.Outcome {
	if !id.Hash.ID.Valid() {
		return check.Skip()
	}
	if _, _, _, ok := sig.Digest(id.Hash.ID); !ok {
		return check.Needs("answer", id.Hash.Ref, "The CertID is hashed with %s, which cannot be computed here: whether it names your certificate stays open.", id.Hash.ID)
	}
	return check.Holds(id.Hash.Ref, "")
}

func hashLengths(id CertID) check.Outcome {
	_, name, size, ok := sig.Digest(id.Hash.ID)
	if !ok || !id.NameHash.OK || !id.KeyHash.OK {
		return check.Skip()
	}
	if n := len(id.NameHash.Value); n != size {
		return check.Broken(id.NameHash.Ref, "issuerNameHash has %d octets, %s gives %d: it matches nothing. Firefox refuses the response if the serial number fits.", n, name, size)
	}
	if n := len(id.KeyHash.Value); n != size {
		return check.Broken(id.KeyHash.Ref, "issuerKeyHash has %d octets, %s gives %d: it matches nothing. Firefox refuses the response if the serial number fits.", n, name, size)
	}
	return check.Holds(id.Hash.Ref, "")
}

func hashSHA1(wanted bool, id CertID) check.Outcome {
	if id.HashName() != "SHA-1" {
		return check.Skip()
	}
	const why = "SHA-1 only names the issuer here, it proves nothing; the ecosystem moves to SHA-256."
	if wanted { // something better, and no entry has it
		return check.Doubtful(id.Hash.Ref, why)
	}
	return check.Note(id.Hash.Ref, why)
}

func hashWeak(id CertID) check.Outcome {
	switch name := id.HashName(); name {
	case "MD2", "MD4", "MD5":
		return check.Broken(id.Hash.Ref, "The CertID is hashed with %s: Go and the browsers do not know such entries.", name)
	}
	return check.Holds(id.Hash.Ref, "")
}

func hashSupport(id CertID) check.Outcome {
	switch name := id.HashName(); name {
	case "SHA-1", "SHA-256", "SHA-384", "SHA-512":
		return check.Holds(id.Hash.Ref, "")
	case "MD2", "MD4", "MD5":
		return check.Skip()
	default:
		if _, _, _, known := sig.Digest(id.Hash.ID); !known {
			return check.Skip()
		}
		return check.Doubtful(id.Hash.Ref, "The CertID is hashed with %s: OpenSSL can compare it, browsers and Go cannot.", name)
	}
}

func hashParameters(id CertID) check.Outcome {
	if !id.Hash.Present {
		return check.Holds(id.Hash.Ref, "")
	}
	p := id.Hash.Parameters
	if e, err := der.Next(p, 0, len(p)); err != nil || e.Tag != der.Null || e.Len != 0 {
		return check.Doubtful(id.Hash.Ref, "The parameters are % x; expected are 05 00 (NULL) or none.", p[:min(8, len(p))])
	}
	return check.Holds(id.Hash.Ref, "")
}

func serialPositive(id CertID) check.Outcome {
	if !id.Serial.OK {
		return check.Skip()
	}
	if id.Serial.Value.Sign() <= 0 {
		return check.Doubtful(id.Serial.Ref, "The serial number is %s. CAs must not give such numbers out, yet clients should cope.", id.Serial.Value.Big())
	}
	return check.Holds(id.Serial.Ref, "")
}

func serialLength(id CertID) check.Outcome {
	if !id.Serial.OK {
		return check.Skip()
	}
	if n := len(id.Serial.Value); n > 20 {
		return check.Doubtful(id.Serial.Ref, "The serial number has %d octets. CAs must not use more than 20.", n)
	}
	return check.Holds(id.Serial.Ref, "")
}

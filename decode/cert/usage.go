package cert

import (
	"strconv"
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// KeyUsage is what a key may be used for.
//
// RFC 5280, section 4.2.1.3
type KeyUsage struct {
	Ref  report.Ref
	Bits field.BitString
}

// The bits of KeyUsage.
const (
	DigitalSignature = iota
	NonRepudiation
	KeyEncipherment
	DataEncipherment
	KeyAgreement
	KeyCertSign
	CRLSign
	EncipherOnly
	DecipherOnly
)

var keyUsageNames = []string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}

// Has says that a bit is set.
func (k KeyUsage) Has(bit int) bool { return k.Bits.Bit(bit) }

// String lists the bits that are set.
func (k KeyUsage) String() string { return bitNames(k.Bits, keyUsageNames) }

// bitNames lists the names of the bits that are set; those without one by number.
func bitNames(b field.BitString, names []string) string {
	var set []string
	for i := range min(8*len(b.Bytes), 64) {
		if !b.Bit(i) {
			continue
		}
		if i < len(names) {
			set = append(set, names[i])
		} else {
			set = append(set, "bit "+strconv.Itoa(i))
		}
	}
	if set == nil {
		return "none"
	}
	return strings.Join(set, ", ")
}

// namedBits reads a BIT STRING whose bits have names.
func namedBits(r *field.Reader, label string, tag der.Tag, names []string) (field.Field[field.BitString], string) {
	f := r.BitsAs(label, tag)
	text := bitNames(f.Value, names)
	// X.690, section 11.2.2
	if n := 8*len(f.Value.Bytes) - f.Value.Unused; f.OK && n > 0 && !f.Value.Bit(n-1) {
		r.Fault(field.Bits, f.Ref, "%s ends in zero bits, which DER leaves out where bits have names", label)
	}
	if f.OK && !r.Muted() {
		r.Show(f.Ref, text)
	}
	return f, text
}

func keyUsage(r *field.Reader) (any, string) {
	f, text := namedBits(r, "KeyUsage", der.BitString, keyUsageNames)
	return KeyUsage{f.Ref, f.Value}, text
}

// The Netscape certificate type, of before 1999.
func netscapeCertType(r *field.Reader) (any, string) {
	_, text := namedBits(r, "NetscapeCertType", der.BitString, []string{
		"SSL client", "SSL server", "S/MIME", "object signing", "reserved", "SSL CA", "S/MIME CA", "object signing CA"})
	return text, text
}

// ExtKeyUsage are the purposes of a key.
//
//	ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
//
// RFC 5280, section 4.2.1.12
type ExtKeyUsage []oid.ID

// Purposes of a key.
const (
	PurposeAny         oid.ID = "2.5.29.37.0"
	PurposeServerAuth  oid.ID = "1.3.6.1.5.5.7.3.1"
	PurposeClientAuth  oid.ID = "1.3.6.1.5.5.7.3.2"
	PurposeOCSPSigning oid.ID = "1.3.6.1.5.5.7.3.9"
)

// purposes are the names of RFC 5280 without their prefix, and common others.
var purposes = map[oid.ID]string{
	PurposeAny: "any", PurposeServerAuth: "serverAuth", PurposeClientAuth: "clientAuth",
	"1.3.6.1.5.5.7.3.3": "codeSigning", "1.3.6.1.5.5.7.3.4": "emailProtection",
	"1.3.6.1.5.5.7.3.8": "timeStamping", PurposeOCSPSigning: "OCSPSigning",
	"1.3.6.1.5.5.7.3.17": "ipsecIKE", "1.3.6.1.5.5.7.3.27": "cmcCA", "1.3.6.1.5.5.7.3.28": "cmcRA",
	"1.3.6.1.5.5.7.3.32": "cmKGA", "1.3.6.1.4.1.11129.2.4.4": "precertificateSigning",
	"1.3.6.1.4.1.311.10.3.3": "microsoftServerGatedCrypto", "1.3.6.1.4.1.311.20.2.2": "microsoftSmartcardLogon",
	"2.16.840.1.113730.4.1": "netscapeServerGatedCrypto",
}

// String lists the purposes.
func (k ExtKeyUsage) String() string { return listed(k, purpose) }

func purpose(id oid.ID) string {
	if name := purposes[id]; name != "" {
		return name
	}
	return id.String()
}

func extKeyUsage(r *field.Reader) (any, string) {
	var k ExtKeyUsage
	r.Seq("ExtKeyUsageSyntax", func(r *field.Reader) {
		k = field.List(r, "keyPurposeId", func(r *field.Reader, label string) oid.ID {
			f := r.OID(label)
			if f.OK {
				r.Show(f.Ref, purpose(f.Value))
			}
			return f.Value
		})
	})
	return k, k.String()
}

// TLSFeatures are TLS extensions that a server must support.
//
//	Features ::= SEQUENCE OF INTEGER
//
// RFC 7633, section 4.1
type TLSFeatures []int

// Features that have a meaning in certificates.
const (
	StatusRequest   = 5
	StatusRequestV2 = 17
)

var featureNames = map[int]string{StatusRequest: "status_request", StatusRequestV2: "status_request_v2"}

// feature writes a feature as its name and number.
func feature(n int) string {
	if name := featureNames[n]; name != "" {
		return name + "(" + strconv.Itoa(n) + ")"
	}
	return strconv.Itoa(n)
}

func tlsFeatures(r *field.Reader) (any, string) {
	var list TLSFeatures
	r.Seq("Features", func(r *field.Reader) {
		list = field.List(r, "feature", func(r *field.Reader, label string) int {
			f := r.IntegerEnum(label, featureNames)
			if !f.OK {
				return -1
			}
			return f.Value
		})
	})
	return list, listed(list, feature)
}

// BasicConstraints says whether the subject is a CA, and how long a path below
// it may be.
//
// RFC 5280, section 4.2.1.9
type BasicConstraints struct {
	Ref     report.Ref
	CA      bool
	PathLen field.Field[field.Int]
}

//	BasicConstraints ::= SEQUENCE {
//		cA                 BOOLEAN DEFAULT FALSE,
//		pathLenConstraint  INTEGER (0..MAX) OPTIONAL }
func basicConstraints(r *field.Reader) (any, string) {
	b := &BasicConstraints{}
	b.Ref = r.Seq("BasicConstraints", func(r *field.Reader) {
		if r.Peek(der.Boolean) {
			ca := r.Boolean("cA")
			b.CA = ca.Value
			if ca.OK && !ca.Value {
				r.Flag(ca.Ref, report.Default)
				r.Fault(field.DefaultSent, ca.Ref, "cA is FALSE, the default, and was sent: DER leaves it out")
			}
		}
		if !r.Empty() {
			b.PathLen = r.Integer("pathLenConstraint")
		}
	})
	text := "CA:FALSE"
	if b.CA {
		text = "CA:TRUE"
	}
	if b.PathLen.OK {
		text += ", pathlen:" + b.PathLen.Value.Big().String()
	}
	return b, text
}

// NameConstraints are the names that certificates below a CA may and may not have.
//
// RFC 5280, section 4.2.1.10
type NameConstraints struct {
	Ref                 report.Ref
	Permitted, Excluded []GeneralName
}

//	NameConstraints ::= SEQUENCE {
//		permittedSubtrees  [0] GeneralSubtrees OPTIONAL,
//		excludedSubtrees   [1] GeneralSubtrees OPTIONAL }
func nameConstraints(r *field.Reader) (any, string) {
	c := &NameConstraints{}
	c.Ref = r.Seq("NameConstraints", func(r *field.Reader) {
		c.Permitted = subtrees(r, 0, "permittedSubtrees")
		c.Excluded = subtrees(r, 1, "excludedSubtrees")
	})
	var parts []string
	if len(c.Permitted) > 0 {
		parts = append(parts, "permitted "+GeneralNames(c.Permitted).String())
	}
	if len(c.Excluded) > 0 {
		parts = append(parts, "excluded "+GeneralNames(c.Excluded).String())
	}
	return c, strings.Join(parts, "; ")
}

//	GeneralSubtree ::= SEQUENCE {
//		base     GeneralName,
//		minimum  [0] INTEGER DEFAULT 0,
//		maximum  [1] INTEGER OPTIONAL }
func subtrees(r *field.Reader, n int, label string) (list []GeneralName) {
	if !r.Peek(der.Ctx(n)) {
		return nil
	}
	r.Implicit(n, label, "GeneralSubtrees", func(r *field.Reader) {
		list = field.List(r, label, func(r *field.Reader, label string) (g GeneralName) {
			at := r.Seq(label, func(r *field.Reader) {
				g = ReadGeneralName(r, "base")
				if r.Peek(der.Ctx(0)) {
					r.IntegerAs("minimum", der.Ctx(0))
				}
				if r.Peek(der.Ctx(1)) {
					r.IntegerAs("maximum", der.Ctx(1))
				}
			})
			r.Show(at, g.String())
			return g
		})
	})
	return list
}

package cert

import (
	"strconv"
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// The extensions of this file tell where revocation is published, and are those
// of CRLs and their entries.

// Reason is why a certificate was revoked: a CRLReason.
//
// RFC 5280, section 5.3.1
type Reason int

var reasonNames = map[int]string{
	0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
	5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}

// Known says that RFC 5280 defines the reason.
func (n Reason) Known() bool { return reasonNames[int(n)] != "" }

// String is the name of the reason.
func (n Reason) String() string {
	if name := reasonNames[int(n)]; name != "" {
		return name
	}
	return "undefined (" + strconv.Itoa(int(n)) + ")"
}

// ReadReason reads a CRLReason under a tag; der.Enumerated where nothing else is said.
func ReadReason(r *field.Reader, label string, tag der.Tag) field.Field[Reason] {
	f := r.EnumAs(label, tag, "ENUMERATED", reasonNames)
	return field.Field[Reason]{Value: Reason(f.Value), Ref: f.Ref, OK: f.OK}
}

func reasonCode(r *field.Reader) (any, string) {
	f := ReadReason(r, "CRLReason", der.Enumerated)
	return f.Value, f.Value.String()
}

// flagNames are the bits of ReasonFlags.
var flagNames = []string{
	"unused", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
	"certificateHold", "privilegeWithdrawn", "aACompromise",
}

func invalidityDate(r *field.Reader) (any, string) {
	f := r.Time("InvalidityDate")
	return f.Value, day(f.Value.Time)
}

func holdInstruction(r *field.Reader) (any, string) {
	f := r.OID("HoldInstructionCode")
	return f.Value, f.Value.String()
}

// DistributionPoint is a place where a CRL is published.
//
// RFC 5280, section 4.2.1.13
type DistributionPoint struct {
	Ref       report.Ref
	FullName  GeneralNames
	Relative  []Attribute // nameRelativeToCRLIssuer
	Reasons   field.Field[field.BitString]
	CRLIssuer GeneralNames
}

// String writes the places, or else who publishes.
func (p DistributionPoint) String() string {
	switch {
	case p.FullName != nil:
		return p.FullName.String()
	case p.Relative != nil:
		return rdnText(p.Relative)
	}
	return p.CRLIssuer.String()
}

// DistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
type DistributionPoints []DistributionPoint

//	DistributionPoint ::= SEQUENCE {
//		distributionPoint  [0] DistributionPointName OPTIONAL,
//		reasons            [1] ReasonFlags OPTIONAL,
//		cRLIssuer          [2] GeneralNames OPTIONAL }
func crlPoints(r *field.Reader) (any, string) {
	var points DistributionPoints
	r.Seq("CRLDistributionPoints", func(r *field.Reader) {
		points = field.List(r, "distributionPoint", func(r *field.Reader, label string) (p DistributionPoint) {
			p.Ref = r.Seq(label, func(r *field.Reader) {
				p.FullName, p.Relative = pointName(r)
				if r.Peek(der.Ctx(1)) {
					p.Reasons, _ = namedBits(r, "reasons", der.Ctx(1), flagNames)
				}
				p.CRLIssuer = namesAs(r, 2, "cRLIssuer")
			})
			if !r.Muted() {
				r.Show(p.Ref, p.String())
			}
			return p
		})
	})
	return points, listed(points, DistributionPoint.String)
}

// pointName reads the name of a distribution point, if there is one.
//
//	DistributionPointName ::= CHOICE {
//		fullName                 [0] GeneralNames,
//		nameRelativeToCRLIssuer  [1] RelativeDistinguishedName }
func pointName(r *field.Reader) (full GeneralNames, relative []Attribute) {
	r.Explicit(0, "distributionPoint", func(r *field.Reader) {
		if r.Peek(der.Ctx(1)) {
			at := r.Implicit(1, "nameRelativeToCRLIssuer", "RelativeDistinguishedName", func(r *field.Reader) {
				relative = readRDN(r)
			})
			r.Show(at, rdnText(relative))
			return
		}
		full = namesAs(r, 0, "fullName")
	})
	return full, relative
}

// IssuingDistributionPoint says what a CRL covers.
//
// RFC 5280, section 5.2.5
type IssuingDistributionPoint struct {
	Ref                                       report.Ref
	FullName                                  GeneralNames
	Relative                                  []Attribute
	OnlyUser, OnlyCA, Indirect, OnlyAttribute bool
	OnlySome                                  field.Field[field.BitString]
}

//	IssuingDistributionPoint ::= SEQUENCE {
//		distributionPoint           [0] DistributionPointName OPTIONAL,
//		onlyContainsUserCerts       [1] BOOLEAN DEFAULT FALSE,
//		onlyContainsCACerts         [2] BOOLEAN DEFAULT FALSE,
//		onlySomeReasons             [3] ReasonFlags OPTIONAL,
//		indirectCRL                 [4] BOOLEAN DEFAULT FALSE,
//		onlyContainsAttributeCerts  [5] BOOLEAN DEFAULT FALSE }
func issuingPoint(r *field.Reader) (any, string) {
	p := &IssuingDistributionPoint{}
	var parts []string
	p.Ref = r.Seq("IssuingDistributionPoint", func(r *field.Reader) {
		p.FullName, p.Relative = pointName(r)
		if p.FullName != nil || p.Relative != nil {
			parts = append(parts, DistributionPoint{FullName: p.FullName, Relative: p.Relative}.String())
		}
		only := func(n int, label string, to *bool) {
			if r.Peek(der.Ctx(n)) {
				*to = r.BooleanAs(label, der.Ctx(n)).Value
			}
			if *to {
				parts = append(parts, label)
			}
		}
		only(1, "onlyContainsUserCerts", &p.OnlyUser)
		only(2, "onlyContainsCACerts", &p.OnlyCA)
		if r.Peek(der.Ctx(3)) {
			var names string
			p.OnlySome, names = namedBits(r, "onlySomeReasons", der.Ctx(3), flagNames)
			parts = append(parts, "only "+names)
		}
		only(4, "indirectCRL", &p.Indirect)
		only(5, "onlyContainsAttributeCerts", &p.OnlyAttribute)
	})
	return p, strings.Join(parts, ", ")
}

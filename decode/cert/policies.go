package cert

import (
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// Policy is one policy under which a certificate was issued.
//
// RFC 5280, section 4.2.1.4
type Policy struct {
	Ref  report.Ref
	ID   oid.ID
	CPS  []string // URIs of certification practice statements
	Text []string // explicit texts of user notices
}

// String writes the policy, with its name if it has one.
func (p Policy) String() string { return p.ID.String() }

// Qualifiers of a policy.
const (
	qualifierCPS    oid.ID = "1.3.6.1.5.5.7.2.1"
	qualifierNotice oid.ID = "1.3.6.1.5.5.7.2.2"
)

//	PolicyInformation ::= SEQUENCE {
//		policyIdentifier  CertPolicyId,
//		policyQualifiers  SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
func certificatePolicies(r *field.Reader) (any, string) {
	var list []Policy
	r.Seq("certificatePolicies", func(r *field.Reader) {
		list = field.List(r, "policyInformation", func(r *field.Reader, label string) (p Policy) {
			p.Ref = r.Seq(label, func(r *field.Reader) {
				p.ID = r.OID("policyIdentifier").Value
				if r.Empty() {
					return
				}
				r.Seq("policyQualifiers", func(r *field.Reader) {
					field.List(r, "policyQualifiers", func(r *field.Reader, label string) struct{} {
						r.Seq(label, func(r *field.Reader) { p.qualifier(r) })
						return struct{}{}
					})
				})
			})
			r.Show(p.Ref, p.String())
			return p
		})
	})
	return list, listed(list, Policy.String)
}

//	PolicyQualifierInfo ::= SEQUENCE {
//		policyQualifierId  PolicyQualifierId,
//		qualifier          ANY DEFINED BY policyQualifierId }
func (p *Policy) qualifier(r *field.Reader) {
	switch id := r.OID("policyQualifierId").Value; {
	case id == qualifierCPS && r.Peek(der.IA5String):
		p.CPS = append(p.CPS, r.Text("cPSuri").Value)
	case id == qualifierNotice && r.Peek(der.Sequence):
		// UserNotice ::= SEQUENCE {
		//	noticeRef     NoticeReference OPTIONAL,
		//	explicitText  DisplayText OPTIONAL }
		r.Seq("userNotice", func(r *field.Reader) {
			if r.Peek(der.Sequence) {
				r.Seq("noticeRef", func(r *field.Reader) {
					r.Text("organization")
					r.Seq("noticeNumbers", func(r *field.Reader) {
						field.List(r, "noticeNumbers", (*field.Reader).Integer)
					})
				})
			}
			if !r.Empty() {
				p.Text = append(p.Text, r.Text("explicitText").Value)
			}
		})
	case !r.Empty():
		r.Any("qualifier")
	}
}

// PolicyMapping says that a policy of the issuer is as good as one of the subject.
type PolicyMapping struct {
	Issuer, Subject oid.ID
}

// String writes both policies.
func (m PolicyMapping) String() string { return m.Issuer.String() + " as " + m.Subject.String() }

//	PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE {
//		issuerDomainPolicy   CertPolicyId,
//		subjectDomainPolicy  CertPolicyId }
func policyMappings(r *field.Reader) (any, string) {
	var list []PolicyMapping
	r.Seq("PolicyMappings", func(r *field.Reader) {
		list = field.List(r, "mapping", func(r *field.Reader, label string) (m PolicyMapping) {
			at := r.Seq(label, func(r *field.Reader) {
				m.Issuer = r.OID("issuerDomainPolicy").Value
				m.Subject = r.OID("subjectDomainPolicy").Value
			})
			r.Show(at, m.String())
			return m
		})
	})
	return list, listed(list, PolicyMapping.String)
}

// PolicyConstraints bound how far a path may go without stated policies, and
// with mapped ones.
type PolicyConstraints struct {
	RequireExplicit, InhibitMapping field.Field[field.Int]
}

//	PolicyConstraints ::= SEQUENCE {
//		requireExplicitPolicy  [0] SkipCerts OPTIONAL,
//		inhibitPolicyMapping   [1] SkipCerts OPTIONAL }
func policyConstraints(r *field.Reader) (any, string) {
	c := &PolicyConstraints{}
	var parts []string
	r.Seq("PolicyConstraints", func(r *field.Reader) {
		if r.Peek(der.Ctx(0)) {
			c.RequireExplicit = r.IntegerAs("requireExplicitPolicy", der.Ctx(0))
			parts = append(parts, "requireExplicitPolicy "+c.RequireExplicit.Value.Big().String())
		}
		if r.Peek(der.Ctx(1)) {
			c.InhibitMapping = r.IntegerAs("inhibitPolicyMapping", der.Ctx(1))
			parts = append(parts, "inhibitPolicyMapping "+c.InhibitMapping.Value.Big().String())
		}
	})
	return c, strings.Join(parts, ", ")
}

// number reads an extension that is one INTEGER.
func number(label string) func(*field.Reader) (any, string) {
	return func(r *field.Reader) (any, string) {
		f := r.Integer(label)
		return f.Value, decimal(f.Value)
	}
}

// decimal writes a number of reasonable size in decimal, others in hex.
func decimal(v field.Int) string {
	if len(v) > 20 {
		return field.Colons(head(v))
	}
	return v.Big().String()
}

package cert

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Extension is one extension. Decoded is false for an unknown one, and for a
// known one whose value cannot be read; Fault then says why.
//
// RFC 5280, section 4.1
type Extension struct {
	Ref      report.Ref
	ID       oid.ID
	Critical bool
	Value    []byte // the octets inside extnValue
	ValueRef report.Ref
	Known    bool // its type is one that this package, or the reader's caller, reads
	Decoded  bool
	Fault    string
	// Content of a decoded one: the type beside its identifier in knownExtensions.
	Content any
}

// Extensions by their identifiers.
const (
	IDSubjectDirectoryAttributes oid.ID = "2.5.29.9"
	IDSubjectKeyIdentifier       oid.ID = "2.5.29.14"
	IDKeyUsage                   oid.ID = "2.5.29.15"
	IDPrivateKeyUsagePeriod      oid.ID = "2.5.29.16"
	IDSubjectAltName             oid.ID = "2.5.29.17"
	IDIssuerAltName              oid.ID = "2.5.29.18"
	IDBasicConstraints           oid.ID = "2.5.29.19"
	IDCRLNumber                  oid.ID = "2.5.29.20"
	IDReasonCode                 oid.ID = "2.5.29.21"
	IDHoldInstruction            oid.ID = "2.5.29.23"
	IDInvalidityDate             oid.ID = "2.5.29.24"
	IDDeltaCRLIndicator          oid.ID = "2.5.29.27"
	IDIssuingDistributionPoint   oid.ID = "2.5.29.28"
	IDCertificateIssuer          oid.ID = "2.5.29.29"
	IDNameConstraints            oid.ID = "2.5.29.30"
	IDCRLDistributionPoints      oid.ID = "2.5.29.31"
	IDCertificatePolicies        oid.ID = "2.5.29.32"
	IDPolicyMappings             oid.ID = "2.5.29.33"
	IDAuthorityKeyIdentifier     oid.ID = "2.5.29.35"
	IDPolicyConstraints          oid.ID = "2.5.29.36"
	IDExtKeyUsage                oid.ID = "2.5.29.37"
	IDFreshestCRL                oid.ID = "2.5.29.46"
	IDInhibitAnyPolicy           oid.ID = "2.5.29.54"
	IDAuthorityInfoAccess        oid.ID = "1.3.6.1.5.5.7.1.1"
	IDSubjectInfoAccess          oid.ID = "1.3.6.1.5.5.7.1.11"
	IDTLSFeature                 oid.ID = "1.3.6.1.5.5.7.1.24"
	IDOCSPNoCheck                oid.ID = "1.3.6.1.5.5.7.48.1.5"
	IDSCTList                    oid.ID = "1.3.6.1.4.1.11129.2.4.2"
	IDCTPoison                   oid.ID = "1.3.6.1.4.1.11129.2.4.3"
	IDSCTListOCSP                oid.ID = "1.3.6.1.4.1.11129.2.4.5"
	IDNetscapeCertType           oid.ID = "2.16.840.1.113730.1.1"
	IDNetscapeComment            oid.ID = "2.16.840.1.113730.1.13"
	IDMicrosoftTemplateName      oid.ID = "1.3.6.1.4.1.311.20.2"
	IDMicrosoftCAVersion         oid.ID = "1.3.6.1.4.1.311.21.1"
	IDMicrosoftNextPublish       oid.ID = "1.3.6.1.4.1.311.21.4"
	IDMicrosoftTemplate          oid.ID = "1.3.6.1.4.1.311.21.7"
	IDMicrosoftAppPolicies       oid.ID = "1.3.6.1.4.1.311.21.10"
)

// known is what this package knows of an extension: its name, where it is
// defined, and how to read its value. read answers with the content, and with
// its text for people.
type known struct {
	name string
	spec spec.Ref
	read func(*field.Reader) (content any, text string)
}

// knownExtensions are the extensions that are read, with the type of Content.
var knownExtensions = map[oid.ID]known{
	IDSubjectDirectoryAttributes: {"subjectDirectoryAttributes", rfc5280("4.2.1.8"), directoryAttributes},              // []DirectoryAttribute
	IDSubjectKeyIdentifier:       {"subjectKeyIdentifier", rfc5280("4.2.1.2"), subjectKeyIdentifier},                   // KeyIdentifier
	IDKeyUsage:                   {"keyUsage", rfc5280("4.2.1.3"), keyUsage},                                           // KeyUsage
	IDPrivateKeyUsagePeriod:      {"privateKeyUsagePeriod", spec.RFC(3280, "4.2.1.4"), privateKeyPeriod},               // *Period
	IDSubjectAltName:             {"subjectAltName", rfc5280("4.2.1.6"), altName("SubjectAltName")},                    // GeneralNames
	IDIssuerAltName:              {"issuerAltName", rfc5280("4.2.1.7"), altName("IssuerAltName")},                      // GeneralNames
	IDBasicConstraints:           {"basicConstraints", rfc5280("4.2.1.9"), basicConstraints},                           // *BasicConstraints
	IDCRLNumber:                  {"cRLNumber", rfc5280("5.2.3"), number("CRLNumber")},                                 // field.Int
	IDReasonCode:                 {"reasonCode", rfc5280("5.3.1"), reasonCode},                                         // Reason
	IDHoldInstruction:            {"holdInstructionCode", spec.RFC(3280, "5.3.2"), holdInstruction},                    // oid.ID
	IDInvalidityDate:             {"invalidityDate", rfc5280("5.3.2"), invalidityDate},                                 // field.Moment
	IDDeltaCRLIndicator:          {"deltaCRLIndicator", rfc5280("5.2.4"), number("BaseCRLNumber")},                     // field.Int
	IDIssuingDistributionPoint:   {"issuingDistributionPoint", rfc5280("5.2.5"), issuingPoint},                         // *IssuingDistributionPoint
	IDCertificateIssuer:          {"certificateIssuer", rfc5280("5.3.3"), altName("CertificateIssuer")},                // GeneralNames
	IDNameConstraints:            {"nameConstraints", rfc5280("4.2.1.10"), nameConstraints},                            // *NameConstraints
	IDCRLDistributionPoints:      {"cRLDistributionPoints", rfc5280("4.2.1.13"), crlPoints},                            // DistributionPoints
	IDCertificatePolicies:        {"certificatePolicies", rfc5280("4.2.1.4"), certificatePolicies},                     // []Policy
	IDPolicyMappings:             {"policyMappings", rfc5280("4.2.1.5"), policyMappings},                               // []PolicyMapping
	IDAuthorityKeyIdentifier:     {"authorityKeyIdentifier", rfc5280("4.2.1.1"), authorityKeyIdentifier},               // *AuthorityKeyIdentifier
	IDPolicyConstraints:          {"policyConstraints", rfc5280("4.2.1.11"), policyConstraints},                        // *PolicyConstraints
	IDExtKeyUsage:                {"extKeyUsage", rfc5280("4.2.1.12"), extKeyUsage},                                    // ExtKeyUsage
	IDFreshestCRL:                {"freshestCRL", rfc5280("4.2.1.15"), crlPoints},                                      // DistributionPoints
	IDInhibitAnyPolicy:           {"inhibitAnyPolicy", rfc5280("4.2.1.14"), number("InhibitAnyPolicy")},                // field.Int
	IDAuthorityInfoAccess:        {"authorityInfoAccess", rfc5280("4.2.2.1"), infoAccess("AuthorityInfoAccessSyntax")}, // AuthorityInfo
	IDSubjectInfoAccess:          {"subjectInfoAccess", rfc5280("4.2.2.2"), infoAccess("SubjectInfoAccessSyntax")},     // AuthorityInfo
	IDTLSFeature:                 {"tlsfeature", spec.RFC(7633, "4"), tlsFeatures},                                     // TLSFeatures
	IDOCSPNoCheck:                {"ocsp-nocheck", spec.RFC(6960, "4.2.2.2.1"), null("NULL")},                          // nil
	IDSCTList:                    {"embeddedSCTs", spec.RFC(6962, "3.3"), sctList},                                     // []SCT
	IDCTPoison:                   {"ctPoison", spec.RFC(6962, "3.1"), null("NULL")},                                    // nil
	IDSCTListOCSP:                {"ocspSCTs", spec.RFC(6962, "3.3"), sctList},                                         // []SCT
	IDNetscapeCertType:           {"netscapeCertType", spec.Ref{}, netscapeCertType},                                   // string
	IDNetscapeComment:            {"netscapeComment", spec.Ref{}, text("NetscapeComment")},                             // string
	IDMicrosoftTemplateName:      {"microsoftTemplateName", spec.Ref{}, text("CertificateTemplateName")},               // string
	IDMicrosoftCAVersion:         {"microsoftCAVersion", spec.Ref{}, number("CAVersion")},                              // field.Int
	IDMicrosoftNextPublish:       {"microsoftNextPublish", spec.Ref{}, nextPublish},                                    // field.Moment
	IDMicrosoftTemplate:          {"microsoftCertificateTemplate", spec.Ref{}, microsoftTemplate},                      // oid.ID
	IDMicrosoftAppPolicies:       {"microsoftApplicationPolicies", spec.Ref{}, certificatePolicies},                    // []Policy
}

// Find gives the first extension of a type, or nil.
func Find(list []Extension, id oid.ID) *Extension {
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

// content gives what an extension holds, if it is there and could be read.
func content[T any](list []Extension, id oid.ID) (v T, ok bool) {
	if e := Find(list, id); e != nil && e.Decoded {
		v, ok = e.Content.(T)
	}
	return v, ok
}

// Name is the name of the extension's type, or its dotted form.
func (e *Extension) Name() string {
	if k, ok := knownExtensions[e.ID]; ok {
		return k.name
	}
	return e.ID.String()
}

// ReadExtensions reads a SEQUENCE OF Extension. One that cannot be read stops
// nothing but itself.
func ReadExtensions(r *field.Reader, label string) []Extension {
	_, list := ListExtensions(r, label)
	return list
}

// ListExtensions is ReadExtensions with the node of the list.
func ListExtensions(r *field.Reader, label string) (at report.Ref, list []Extension) {
	at = r.Seq(label, func(r *field.Reader) {
		list = field.List(r, label, func(r *field.Reader, label string) Extension {
			return ReadExtension(r, label, nil)
		})
	})
	return at, list
}

// ReadExtension reads one extension. open may be nil; it is called inside
// extnValue for a type that this package does not know, and answers whether it
// has read the value. It may set Content.
//
//	Extension ::= SEQUENCE {
//		extnID     OBJECT IDENTIFIER,
//		critical   BOOLEAN DEFAULT FALSE,
//		extnValue  OCTET STRING }
//
// RFC 5280, section 4.1
func ReadExtension(r *field.Reader, label string, open func(*field.Reader, *Extension) bool) Extension {
	e := Extension{ValueRef: report.None}
	text := ""
	if k, ok := knownExtensions[peekID(r)]; ok && !k.spec.IsZero() {
		defer r.Cite(r.Cite(k.spec))
	}
	e.Ref = r.Seq(label, func(r *field.Reader) {
		r.Cite(rfc5280("4.2"))
		e.ID = r.OID("extnID").Value
		if r.Peek(der.Boolean) {
			critical := r.Boolean("critical")
			e.Critical = critical.Value
			if critical.OK && !critical.Value {
				r.Flag(critical.Ref, report.Default)
				r.Fault(field.DefaultSent, critical.Ref, "critical is FALSE, the default, and was sent: DER leaves it out")
			}
		}
		before, _ := r.Breaks()
		e.ValueRef = r.Wrapped("extnValue", func(r *field.Reader) {
			e.Value = r.Left()
			text = readValue(r, &e, open)
		})
		if after, words := r.Breaks(); after > before {
			e.Decoded, e.Content, e.Fault = false, nil, words
			r.Discount(before)
		}
	})
	if r.Muted() || e.ID == "" {
		return e
	}
	shown := e.Name()
	switch {
	case e.Fault != "" && e.Known:
		shown += ": cannot be read"
	case text != "":
		shown += ": " + text
	}
	if e.Critical {
		shown += ", critical"
	}
	r.Show(e.Ref, shown)
	return e
}

// peekID is the type of the extension that comes next, "" where there is none.
func peekID(r *field.Reader) oid.ID {
	b := r.Element()
	outer, err := der.Next(b, 0, len(b))
	if err != nil {
		return ""
	}
	inner, err := der.Next(b, outer.Content(), outer.Close())
	if err != nil || inner.Tag != der.OID {
		return ""
	}
	id, _ := oid.Parse(b[inner.Content():inner.Close()])
	return id
}

// readValue reads what is inside extnValue, and gives its text.
func readValue(r *field.Reader, e *Extension, open func(*field.Reader, *Extension) bool) (text string) {
	k, ok := knownExtensions[e.ID]
	switch {
	case ok:
		if !k.spec.IsZero() {
			r.Cite(k.spec)
		}
		e.Known, e.Decoded = true, true
		e.Content, text = k.read(r)
		return text
	case open != nil && open(r, e):
		e.Known, e.Decoded = true, true
		return ""
	}
	readUnknown(r, "value")
	return ""
}

// readUnknown shows octets as ASN.1 if they are that through and through, and
// else as they are.
func readUnknown(r *field.Reader, label string) {
	switch left := r.Left(); {
	case len(left) == 0:
	case wellFormed(left, 0):
		r.Rest(label)
	default:
		r.Fixed(label, len(left))
	}
}

// wellFormed says that b is a run of elements, and so is the inside of each
// constructed one.
func wellFormed(b []byte, depth int) bool {
	if depth > der.MaxDepth {
		return false
	}
	for off := 0; off < len(b); {
		e, err := der.Next(b, off, len(b))
		if err != nil || e.Constructed && !wellFormed(b[e.Content():e.Close()], depth+1) {
			return false
		}
		off = e.End()
	}
	return true
}

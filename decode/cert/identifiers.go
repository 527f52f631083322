package cert

import (
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// KeyIdentifier names a key, by whatever octets its CA chose.
//
// RFC 5280, section 4.2.1.2
type KeyIdentifier []byte

func subjectKeyIdentifier(r *field.Reader) (any, string) {
	f := r.Octets("SubjectKeyIdentifier")
	return KeyIdentifier(f.Value), field.Colons(head(f.Value))
}

// head keeps texts short: the octets of an identifier, but not of a novel.
func head(b []byte) []byte { return b[:min(len(b), 64)] }

// AuthorityKeyIdentifier names the key that signed.
//
// RFC 5280, section 4.2.1.1
type AuthorityKeyIdentifier struct {
	Ref    report.Ref
	KeyID  KeyIdentifier // nil if there is none
	Issuer GeneralNames
	Serial field.Field[field.Int]
}

//	AuthorityKeyIdentifier ::= SEQUENCE {
//		keyIdentifier              [0] KeyIdentifier           OPTIONAL,
//		authorityCertIssuer        [1] GeneralNames            OPTIONAL,
//		authorityCertSerialNumber  [2] CertificateSerialNumber OPTIONAL }
func authorityKeyIdentifier(r *field.Reader) (any, string) {
	a := &AuthorityKeyIdentifier{}
	a.Ref = r.Seq("AuthorityKeyIdentifier", func(r *field.Reader) {
		if r.Peek(der.Ctx(0)) {
			a.KeyID = r.OctetsAs("keyIdentifier", der.Ctx(0)).Value
		}
		a.Issuer = namesAs(r, 1, "authorityCertIssuer")
		if r.Peek(der.Ctx(2)) {
			a.Serial = r.IntegerAs("authorityCertSerialNumber", der.Ctx(2))
			showSerial(r, a.Serial)
		}
	})
	text := ""
	switch {
	case a.KeyID != nil:
		text = field.Colons(head(a.KeyID))
	case a.Issuer != nil:
		text = a.Issuer.String()
	}
	return a, text
}

// altName reads GeneralNames as the whole value of an extension.
func altName(label string) func(*field.Reader) (any, string) {
	return func(r *field.Reader) (any, string) {
		names := ReadGeneralNames(r, label)
		return names, names.String()
	}
}

// Period is a span of time whose ends may be open.
type Period struct {
	NotBefore, NotAfter field.Field[field.Moment]
}

//	PrivateKeyUsagePeriod ::= SEQUENCE {
//		notBefore  [0] GeneralizedTime OPTIONAL,
//		notAfter   [1] GeneralizedTime OPTIONAL }
//
// RFC 3280, section 4.2.1.4
func privateKeyPeriod(r *field.Reader) (any, string) {
	p, text := &Period{}, ""
	r.Seq("PrivateKeyUsagePeriod", func(r *field.Reader) {
		if r.Peek(der.Ctx(0)) {
			p.NotBefore = r.TimeAs("notBefore", der.Ctx(0), der.GeneralizedTime)
			text = "from " + day(p.NotBefore.Value.Time)
		}
		if r.Peek(der.Ctx(1)) {
			p.NotAfter = r.TimeAs("notAfter", der.Ctx(1), der.GeneralizedTime)
			text += " to " + day(p.NotAfter.Value.Time)
		}
	})
	return p, text
}

// DirectoryAttribute is an attribute of the subject that is no part of its name.
type DirectoryAttribute struct {
	Type   oid.ID
	Values int
}

// SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute
func directoryAttributes(r *field.Reader) (any, string) {
	var list []DirectoryAttribute
	r.Seq("SubjectDirectoryAttributes", func(r *field.Reader) {
		list = field.List(r, "attribute", func(r *field.Reader, label string) DirectoryAttribute {
			a := readAttributeSet(r, label, nil)
			return DirectoryAttribute{a.Type, a.Values}
		})
	})
	return list, listed(list, func(a DirectoryAttribute) string { return a.Type.String() })
}

// attributeSet is an attribute with a set of values.
type attributeSet struct {
	Ref    report.Ref
	Type   oid.ID
	Values int
}

// readAttributeSet reads an Attribute; open may be nil, and answers whether it
// has read a value.
//
//	Attribute ::= SEQUENCE { type AttributeType, values SET OF AttributeValue }
//
// RFC 5280, appendix A.1
func readAttributeSet(r *field.Reader, label string, open func(r *field.Reader, id oid.ID, label string) bool) (a attributeSet) {
	a.Ref = r.Seq(label, func(r *field.Reader) {
		a.Type = r.OID("type").Value
		r.Set("values", func(r *field.Reader) {
			a.Values = len(field.List(r, "values", func(r *field.Reader, label string) struct{} {
				if open == nil || !open(r, a.Type, label) {
					r.Any(label)
				}
				return struct{}{}
			}))
		})
	})
	r.Show(a.Ref, a.Type.String())
	return a
}

// Access methods.
const (
	MethodOCSP      oid.ID = "1.3.6.1.5.5.7.48.1"
	MethodCAIssuers oid.ID = "1.3.6.1.5.5.7.48.2"
)

var methodNames = map[oid.ID]string{
	MethodOCSP: "OCSP", MethodCAIssuers: "caIssuers",
	"1.3.6.1.5.5.7.48.3": "timeStamping", "1.3.6.1.5.5.7.48.5": "caRepository",
}

// AccessDescription is one way to reach information.
type AccessDescription struct {
	Ref      report.Ref
	Method   oid.ID
	Location GeneralName
}

// String writes the method and the place.
func (a AccessDescription) String() string {
	name := methodNames[a.Method]
	if name == "" {
		name = a.Method.String()
	}
	return name + " " + a.Location.Text
}

// AuthorityInfo is what authorityInfoAccess and subjectInfoAccess hold.
type AuthorityInfo []AccessDescription

// URLs are the URIs of a method.
func (a AuthorityInfo) URLs(method oid.ID) []string {
	var urls []string
	for _, d := range a {
		if d.Method == method && d.Location.Choice == URI {
			urls = append(urls, d.Location.Text)
		}
	}
	return urls
}

// infoAccess reads a list of access descriptions.
//
//	AccessDescription ::= SEQUENCE {
//		accessMethod    OBJECT IDENTIFIER,
//		accessLocation  GeneralName }
//
// RFC 5280, section 4.2.2.1
func infoAccess(label string) func(*field.Reader) (any, string) {
	return func(r *field.Reader) (any, string) {
		var info AuthorityInfo
		r.Seq(label, func(r *field.Reader) {
			info = field.List(r, "accessDescription", func(r *field.Reader, label string) (d AccessDescription) {
				d.Ref = r.Seq(label, func(r *field.Reader) {
					method := r.OID("accessMethod")
					d.Method = method.Value
					if name := methodNames[d.Method]; name != "" {
						r.Show(method.Ref, name)
					}
					d.Location = ReadGeneralName(r, "accessLocation")
				})
				r.Show(d.Ref, d.String())
				return d
			})
		})
		return info, listed(info, AccessDescription.String)
	}
}

// text reads an extension that is one character string.
func text(label string) func(*field.Reader) (any, string) {
	return func(r *field.Reader) (any, string) {
		f := r.Text(label)
		return f.Value, f.Value
	}
}

// null reads an extension that says all by being there.
func null(label string) func(*field.Reader) (any, string) {
	return func(r *field.Reader) (any, string) {
		r.Null(label)
		return nil, ""
	}
}

// nextPublish is when a Microsoft CA means to publish the next CRL.
func nextPublish(r *field.Reader) (any, string) {
	f := r.TimeEither("nextPublish")
	return f.Value, day(f.Value.Time)
}

//	CertificateTemplate ::= SEQUENCE {
//		templateID            OBJECT IDENTIFIER,
//		templateMajorVersion  INTEGER OPTIONAL,
//		templateMinorVersion  INTEGER OPTIONAL }
func microsoftTemplate(r *field.Reader) (any, string) {
	r.Cite(spec.Ref{})
	var id oid.ID
	r.Seq("CertificateTemplate", func(r *field.Reader) {
		id = r.OID("templateID").Value
		if !r.Empty() {
			r.Integer("templateMajorVersion")
		}
		if !r.Empty() {
			r.Integer("templateMinorVersion")
		}
	})
	return id, id.String()
}

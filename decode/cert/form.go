package cert

import (
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// moment is a time with its name.
type moment struct {
	name string
	field.Field[field.Moment]
}

var readableRules = []certificateRule{{
	ID: "cert.readable", Group: certReadable, Level: check.Must, Refs: "RFC 5280 §4.1; X.690 §10",
	Title: "The certificate can be read to its end, and is DER",
	Judge: func(c *check.Context, v *CertificateView) check.Outcome {
		return readable(c, insideValues(v.Extensions, v.Algorithm.Ref))
	},
}}

var extensionRules = []certificateRule{{
	ID: "cert.ext.critical", Group: certExtension, Level: check.Must, Refs: "RFC 5280 §4.2",
	Title: "Every critical extension is known",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome { return criticalKnown(v.Extensions, v.Ref) },
}, {
	ID: "cert.ext.values", Group: certExtension, Level: check.Must, Refs: "RFC 5280 §4.2",
	Title: "The values of the known extensions can be read",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome { return unreadValue(v.Extensions, v.Ref) },
}, {
	ID: "cert.ext.once", Group: certExtension, Level: check.Must, Refs: "RFC 5280 §4.2",
	Title: "No extension stands there twice",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		if len(v.Extensions) == 0 {
			return check.Skip()
		}
		return once(v.Extensions, v.Ref)
	},
}, {
	ID: "cert.ext.poison", Group: certExtension, Level: check.Must, Refs: "RFC 6962 §3.1",
	Title: "It is a certificate, and not a precertificate for a log",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		e := v.Extension(IDCTPoison)
		if e == nil {
			return check.Skip()
		}
		return check.Broken(e.Ref, "It is a precertificate: a CA shows it to transparency logs, and its poison keeps every program from taking it for a certificate.")
	},
}, {
	ID: "cert.ext.ca", Group: certExtension, Level: check.Must, Refs: "RFC 5280 §4.2.1.9; RFC 5280 §4.2.1.3",
	Title: "basicConstraints and keyUsage agree on whether it is a CA",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		usage, said := v.KeyUsage()
		b := v.Extension(IDBasicConstraints)
		switch {
		case b == nil && !said:
			return check.Skip()
		case said && usage.Has(KeyCertSign) && !v.IsCA():
			return check.Broken(usage.Ref, "keyUsage has keyCertSign, but cA is not TRUE.")
		case said && v.IsCA() && !usage.Has(KeyCertSign):
			return check.Broken(usage.Ref, "It is a CA, but keyUsage has %s and lacks keyCertSign.", usage).And(b.Ref)
		case v.IsCA() && !b.Critical:
			return check.Doubtful(b.Ref, "It is a CA, and basicConstraints is not critical: CAs have it critical.")
		case b == nil:
			return check.Holds(usage.Ref, "It is no CA.")
		case v.IsCA():
			return check.Holds(b.Ref, "It is a CA.")
		}
		return check.Holds(b.Ref, "It is no CA.")
	},
}}

var strengthRules = []certificateRule{{
	ID: "cert.key.strength", Group: certKey, Level: check.Must, Refs: "RFC 5280 §4.1.2.7; TLS BR §6.1.5",
	Title: "The public key is strong enough",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		if v.PublicKey.Raw == nil {
			return check.Skip()
		}
		return strongKey(v.PublicKey)
	},
}, {
	ID: "cert.signature.algorithm", Group: certKey, Level: check.Must, Refs: "RFC 5280 §4.1.1.2; TLS BR §7.1.3.2",
	Title: "The signature algorithm is one that is still trusted",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		return strongSignature(v.Algorithm, v.Self || v.OK && v.SelfIssued())
	},
}, {
	ID: "cert.signature.same", Group: certKey, Level: check.Must, Refs: "RFC 5280 §4.1.1.2",
	Title: "The algorithm inside is the one outside",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome { return sameAlgorithm(v.Inner, v.Algorithm) },
}}

var formRules = []certificateRule{{
	ID: "cert.form.version", Group: certForm, Level: check.Must, Refs: "RFC 5280 §4.1.2.1",
	Title: "The version allows for what is there",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		n, _ := v.Version.Value.Int64()
		at := v.Version.Ref
		if !v.Version.OK {
			at = v.Ref
		}
		switch {
		case !v.OK:
			return check.Skip()
		case n < 0 || n > 2:
			return check.Broken(at, "Version %d is not defined: 0, 1 and 2 stand for v1, v2 and v3.", n)
		case len(v.Extensions) > 0 && n < 2:
			return check.Broken(at, "It is v%d and has extensions, which came with v3.", n+1)
		case (v.IssuerUID.OK || v.SubjectUID.OK) && n < 1:
			return check.Broken(at, "It is v1 and has unique identifiers, which came with v2.")
		}
		return check.Holds(at, "v%d.", n+1)
	},
}, {
	ID: "cert.form.serial", Group: certForm, Level: check.Should, Refs: "RFC 5280 §4.1.2.2",
	Title: "The serial number is positive and has at most 20 octets",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		s := v.Serial
		switch {
		case !s.OK:
			return check.Skip()
		case s.Value.Sign() < 0:
			return check.Broken(s.Ref, "The serial number is negative: %s. Some programs read it as a positive one.", s.Value.Text())
		case s.Value.Sign() == 0:
			return check.Broken(s.Ref, "The serial number is zero.")
		case len(s.Value) > 20:
			return check.Broken(s.Ref, "The serial number has %d octets; 20 are the most.", len(s.Value))
		}
		return check.Holds(s.Ref, "")
	},
}, {
	ID: "cert.form.unique-ids", Group: certForm, Level: check.Should, Refs: "RFC 5280 §4.1.2.8",
	Title: "There are no unique identifiers",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		switch {
		case v.IssuerUID.OK:
			return check.Broken(v.IssuerUID.Ref, "issuerUniqueID is there: CAs are not to use it.")
		case v.SubjectUID.OK:
			return check.Broken(v.SubjectUID.Ref, "subjectUniqueID is there: CAs are not to use it.")
		}
		return check.Skip()
	},
}, {
	ID: "cert.form.extensions", Group: certForm, Level: check.Should, Refs: "RFC 5280 §4.1.2.9",
	Title: "The list of extensions holds some, where it is there",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		switch {
		case !v.OK || v.Extended == report.None:
			return check.Skip()
		case len(v.Extensions) == 0:
			return check.Broken(v.Extended, "The list of extensions is there and empty: it is to hold one at least, or to be left out.")
		}
		return check.Holds(v.Extended, "%s.", count(len(v.Extensions), "extension", "extensions"))
	},
}, {
	ID: "cert.form.issuer", Group: certForm, Level: check.Must, Refs: "RFC 5280 §4.1.2.4",
	Title: "The issuer has a name",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		switch {
		case v.Issuer.Raw == nil:
			return check.Skip()
		case len(v.Issuer.RDNs) == 0:
			return check.Broken(v.Issuer.Ref, "The name of the issuer is empty: nobody can find its certificate by it.")
		}
		return check.Holds(v.Issuer.Ref, "")
	},
}, {
	ID: "cert.form.subject", Group: certForm, Level: check.Must, Refs: "RFC 5280 §4.1.2.6; RFC 5280 §4.2.1.6",
	Title: "The subject has a name, in one place or the other",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		e := v.Extension(IDSubjectAltName)
		switch {
		case v.Subject.Raw == nil:
			return check.Skip()
		case len(v.Subject.RDNs) > 0:
			return check.Holds(v.Subject.Ref, "")
		case e == nil:
			return check.Broken(v.Subject.Ref, "subject is empty, and there is no subjectAltName.")
		case v.IsCA():
			return check.Broken(v.Subject.Ref, "It is a CA and its subject is empty: what it issues could not name it.")
		case !e.Critical:
			return check.Doubtful(e.Ref, "subject is empty, so subjectAltName is to be critical, and is not.")
		}
		return check.Holds(e.Ref, "subject is empty, and subjectAltName is critical.")
	},
}}

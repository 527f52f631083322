package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

var templateRules = []rule{{
	ID: "cmp.template.version", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 4211 §5; RFC 9483 §4.1.1",
	Title: "The certificate that is asked for is v3", Headline: "The certificate that is asked for is not v3",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			f := t.Version
			if !f.OK {
				return check.Skip()
			}
			if n, ok := f.Value.Int64(); !ok || n != 2 {
				return check.Doubtful(f.Ref, "version is %s; 2, which stands for v3, is the only one to ask for. Leave the field out.", bigText(f.Value))
			}
			return check.Holds(f.Ref, "")
		})
	},
}, {
	ID: "cmp.template.serial", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §5",
	Title: "The request leaves the serial number to the CA", Headline: "The request asks for a serial number",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			if t.Serial.Ref == report.None {
				return check.Holds(report.None, "")
			}
			return check.Broken(t.Serial.Ref, "serialNumber is there: %s. The CA alone numbers its certificates. Leave the field out.", t.Serial.Value.Text())
		})
	},
}, {
	ID: "cmp.template.signing-alg", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §5; RFC 9810 §D.6",
	Title: "The request leaves the signature algorithm to the CA", Headline: "The request prescribes how the CA is to sign",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Body.Type == cmp.CCR {
			return check.Skip()
		}
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			if t.SigningAlg == nil {
				return check.Holds(report.None, "")
			}
			return check.Broken(t.SigningAlg.Ref, "signingAlg is there: %s. The CA chooses how it signs. Leave the field out.", t.SigningAlg.Name())
		})
	},
}, {
	ID: "cmp.template.unique-ids", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §5",
	Title: "The request has no unique identifiers", Headline: "The request asks for a unique identifier",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			switch {
			case t.IssuerUID != report.None:
				return check.Broken(t.IssuerUID, "issuerUID is there: it was for v2 certificates, and no CA is to put it into one. Leave the field out.")
			case t.SubjectUID != report.None:
				return check.Broken(t.SubjectUID, "subjectUID is there: it was for v2 certificates, and no CA is to put it into one. Leave the field out.")
			}
			return check.Holds(report.None, "")
		})
	},
}, {
	ID: "cmp.template.issuer", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §5",
	Title: "The request names no other issuer than its recipient",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			r := v.Header.Recipient
			switch {
			case t.Issuer == nil:
				return check.Holds(report.None, "")
			case r.Choice != cert.DirectoryName || Null(r):
				return check.Note(t.Issuer.Ref, "issuer is there: %s. It is a wish, and seldom needed.", t.Issuer)
			}
			switch Compare(*t.Issuer, r.Name) {
			case Different:
				if k := v.signer(c); k != nil && Compare(*t.Issuer, k.Issuer) >= Folded {
					return check.Note(t.Issuer.Ref, "issuer is %s, which issued the certificate that signs this message, and the recipient is %s. OpenSSL's client writes the issuer of its own certificate there unless -issuer names another: a CA may take it for the wish to be served elsewhere, and answer wrongAuthority.", t.Issuer, r.Name).And(r.Ref)
				}
				return check.Broken(t.Issuer.Ref, "issuer is %s, and the recipient is %s. Either the message goes to another CA than the one that is to issue, or one name is mistyped.", t.Issuer, r.Name).And(r.Ref)
			case Reordered:
				return check.Broken(t.Issuer.Ref, "issuer is %s, and the recipient %s has the same parts in another order: another name for most programs.", t.Issuer, r.Name).And(r.Ref)
			}
			return check.Note(t.Issuer.Ref, "issuer is there, and is the recipient. It is a wish, and seldom needed.").And(r.Ref)
		})
	},
}, {
	ID: "cmp.template.validity", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §5",
	Title: "The lifetime that is asked for begins, ends, and is not over", Headline: "The lifetime that is asked for has no date",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			from, to := t.NotBefore, t.NotAfter
			switch {
			case t.Validity == report.None:
				return check.Skip()
			case from.Ref == report.None && to.Ref == report.None:
				return check.Broken(t.Validity, "validity has neither notBefore nor notAfter; it is to have one at least, or to be left out.")
			case from.OK && to.OK && !to.Value.After(from.Value.Time):
				return check.Doubtful(to.Ref, "notAfter, %s, is not later than notBefore, %s: no certificate could be used.", report.Clock(to.Value.Time), report.Clock(from.Value.Time)).And(from.Ref)
			case to.OK && !c.At.IsZero() && to.Value.Before(c.At):
				return check.Doubtful(to.Ref, "notAfter is %s, which is past: the certificate would have expired before it is issued.", report.Clock(to.Value.Time))
			}
			return check.Holds(t.Validity, "")
		})
	},
}, {
	ID: "cmp.template.alternative", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.2.1",
	Title: "A template of another form stands in place of the usual one", Headline: "The request has two templates",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			alt := crmf.Find(q.Request.Controls, crmf.IDAltCertTemplate)
			switch t := q.Request.Template; {
			case alt == nil:
				return check.Skip()
			case !t.Empty:
				return check.Broken(t.Ref, "There is an altCertTemplate, and certTemplate is not empty: which of the two is asked for cannot be told. Empty one.").And(alt.Ref)
			}
			return check.Holds(alt.Ref, "")
		})
	},
}}

package enrol

import (
	"slices"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

var pkcs10Rules = []rule{{
	ID: "cmp.p10.version", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.4; RFC 2986 §4.1",
	Title: "The version of the PKCS #10 request is 0", Headline: "The version of the PKCS #10 request is not 0",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		q := v.Body.PKCS10
		if q == nil || !q.Version.OK {
			return check.Skip()
		}
		if n, ok := q.Version.Value.Int64(); !ok || n != 0 {
			return check.Doubtful(q.Version.Ref, "The version is %s; 0, which stands for v1, is the only one there is.", bigText(q.Version.Value))
		}
		return check.Holds(q.Version.Ref, "")
	},
}, {
	ID: "cmp.p10.signature", Group: groupBody, Level: check.Must, Refs: "RFC 2986 §4.2",
	Title: "The PKCS #10 request is signed with the private key of the key in it", Headline: "The signature of the PKCS #10 request does not fit its key",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		q := v.Body.PKCS10
		if q == nil || !q.OK {
			return check.Skip()
		}
		switch r := q.Possessed(); r.Outcome {
		case sig.Valid:
			return check.Holds(q.Signature.Ref, "Whoever made the request has the private key of the %s key in it.", q.PublicKey.Key.Name()).And(q.PublicKey.Ref)
		case sig.Wrong:
			return check.Broken(q.Signature.Ref, "%s. The request was changed, or signed with another key; a server answers badPOP.", sentence(r.Why)).And(q.PublicKey.Ref)
		case sig.Unknown:
			return undecided(q.Signature.Ref, "It cannot be verified: %s.", r.Why)
		default:
			return check.Broken(q.Signature.Ref, "The signature cannot be checked: %s.", r.Why).And(q.PublicKey.Ref)
		}
	},
}, {
	ID: "cmp.p10.subject", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.4",
	Title: "The PKCS #10 request names someone", Headline: "The PKCS #10 request names nobody",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		q := v.Body.PKCS10
		switch {
		case q == nil || q.Subject.Raw == nil:
			return check.Skip()
		case len(q.Subject.RDNs) == 0 && cert.Find(q.Extensions, cert.IDSubjectAltName) == nil:
			return check.Doubtful(q.Subject.Ref, "subject is empty, and no subjectAltName is asked for: the certificate would name nobody.")
		}
		return check.Holds(q.Subject.Ref, "")
	},
}, {
	ID: "cmp.p10.password", Group: groupBody, Level: check.Should, Refs: "RFC 2985 §5.4.1",
	Title: "The PKCS #10 request has no password in clear text",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		q := v.Body.PKCS10
		switch {
		case q == nil || !q.OK:
			return check.Skip()
		case slices.Contains(q.Attributes, idChallengePassword):
			return check.Broken(q.Ref, "The attribute challengePassword is there, a secret that everybody on the way can read. It belongs to SCEP and to revoking by telephone; CMP authenticates the message itself. Leave it out.")
		}
		return check.Holds(q.Ref, "")
	},
}}

// idChallengePassword is an attribute: RFC 2985, section 5.4.1.
const idChallengePassword oid.ID = "1.2.840.113549.1.9.7"

package cert

import (
	"derscope/decode/check"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

type requestRule = check.Rule[*Request]

func rfc2986(section string) spec.Ref { return spec.RFC(2986, section) }

// The rules of certification requests, in the order of their groups.
var requestRules = []requestRule{{
	ID: "csr.readable", Group: csrReadable, Level: check.Must, Refs: "RFC 2986 §4; X.690 §10",
	Title: "The request can be read to its end, and is DER",
	Judge: func(c *check.Context, _ *Request) check.Outcome { return readable(c) },
}, {
	ID: "csr.signature.possession", Group: csrSignature, Level: check.Must, Refs: "RFC 2986 §3",
	Title: "It is signed with the private key of the key that it holds",
	Judge: func(_ *check.Context, q *Request) check.Outcome {
		if !q.OK {
			return check.Skip()
		}
		switch res := q.Possessed(); res.Outcome {
		case sig.Valid:
			return check.Holds(q.Signature.Ref, "Whoever made the request has the private key.").And(q.PublicKey.Ref)
		case sig.Wrong:
			return check.Broken(q.Signature.Ref, "The signature does not fit the key in the request: %s. The request was changed, or was made with another key.", res.Why).And(q.PublicKey.Ref)
		case sig.Unknown:
			return check.Doubtful(q.Signature.Ref, "The signature is not computed here: %s.", res.Why)
		default:
			return check.Broken(q.Signature.Ref, "The signature cannot be checked: %s.", res.Why).And(q.PublicKey.Ref)
		}
	},
}, {
	ID: "csr.key.strength", Group: csrKey, Level: check.Must, Refs: "TLS BR §6.1.5",
	Title: "The public key is strong enough",
	Judge: func(_ *check.Context, q *Request) check.Outcome {
		if q.PublicKey.Raw == nil {
			return check.Skip()
		}
		return strongKey(q.PublicKey)
	},
}, {
	ID: "csr.signature.algorithm", Group: csrKey, Level: check.Must, Refs: "RFC 2986 §4.2",
	Title: "The signature algorithm is one that is still trusted",
	Judge: func(_ *check.Context, q *Request) check.Outcome { return strongSignature(q.Algorithm, false) },
}, {
	ID: "csr.form.version", Group: csrForm, Level: check.Should, Refs: "RFC 2986 §4.1",
	Title: "The version is v1(0)",
	Judge: func(_ *check.Context, q *Request) check.Outcome {
		switch n, _ := q.Version.Value.Int64(); {
		case !q.Version.OK:
			return check.Skip()
		case n != 0:
			return check.Broken(q.Version.Ref, "The version is %s; 0 is the only one there is.", decimal(q.Version.Value))
		}
		return check.Holds(q.Version.Ref, "")
	},
}, {
	ID: "csr.form.attributes", Group: csrForm, Level: check.Should, Refs: "RFC 2986 §4.1",
	Title: "The attributes are there, if only as an empty set",
	Judge: func(_ *check.Context, q *Request) check.Outcome {
		switch {
		case !q.OK:
			return check.Skip()
		case !q.Attributed:
			return check.Broken(q.Ref, "attributes is missing: it may be empty, but is not optional. OpenSSL reads such a request, Go refuses it.")
		}
		return check.Holds(q.Ref, "")
	},
}, {
	ID: "csr.form.name", Group: csrForm, Level: check.Should, Refs: "RFC 2986 §4.1; RFC 5280 §4.2.1.6",
	Title: "It asks for a name",
	Judge: func(_ *check.Context, q *Request) check.Outcome {
		e := Find(q.Extensions, IDSubjectAltName)
		switch {
		case q.Subject.Raw == nil:
			return check.Skip()
		case e == nil && len(q.Subject.RDNs) == 0:
			return check.Broken(q.Subject.Ref, "subject is empty, and no subjectAltName is asked for.")
		case e == nil:
			return check.Note(q.Subject.Ref, "No subjectAltName is asked for: TLS clients look nowhere else for the name of a server.")
		}
		return check.Holds(q.Subject.Ref, "").And(e.Ref)
	},
}, {
	ID: "csr.form.extensions", Group: csrForm, Level: check.Must, Refs: "RFC 2985 §5.4.2",
	Title: "No extension is asked for twice",
	Judge: func(_ *check.Context, q *Request) check.Outcome {
		if len(q.Extensions) == 0 {
			return check.Skip()
		}
		return once(q.Extensions, q.Ref)
	},
}}

package enrol

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

var answerRules = []rule{{
	ID: "cmp.rep.count", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9810 §5.3.4",
	Title: "One request is answered", Headline: "The number of responses is not one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Reply == nil || v.Body.Reply.At == report.None {
			return check.Skip()
		}
		switch n := len(v.Body.Reply.Responses); n {
		case 1:
			return check.Holds(v.Body.Reply.At, "")
		case 0:
			return check.Doubtful(v.Body.Reply.At, "The list of responses is empty: no request is answered.")
		default:
			return check.Doubtful(v.Body.Reply.At, "There are %d responses; OpenSSL's client takes one (MULTIPLE_RESPONSES_NOT_SUPPORTED).", n)
		}
	},
}, {
	ID: "cmp.rep.id", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9483 §4.1.4; RFC 9810 §5.3.4",
	Title: "The answer has the number of the request", Headline: "The answer has another number than the request",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		n, ok := r.ID.Value.Int64()
		switch {
		case !r.ID.OK:
			return check.Skip()
		case ok && (n == int64(i) || n == -1 && v.Body.Type == cmp.CP):
			return check.Holds(r.ID.Ref, "")
		}
		return check.Doubtful(r.ID.Ref, "certReqId is %s; %d is usual, and -1 in the cp to a p10cr. A client that looks for its own number finds none.", bigText(r.ID.Value), i)
	}),
}, {
	ID: "cmp.rep.certificate", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.1; RFC 9810 §5.3.4",
	Title: "A granted request brings its certificate, and no other does", Headline: "Granted, but without a certificate",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		switch s := r.Status.Value(); {
		case !r.Status.Status.OK:
			return check.Skip()
		case r.Status.Granted() && r.Pair == nil:
			return check.Broken(r.Ref, "The status is %s, and there is no certifiedKeyPair: the certificate is missing. OpenSSL stops with CERTIFICATE_NOT_FOUND.", s).And(r.Status.Ref)
		case (s == cmp.Rejection || s == cmp.Waiting) && r.Pair != nil:
			return check.Doubtful(r.Pair.Ref, "The status is %s, and there is a certificate: clients go by the status and do not look at it.", s).And(r.Status.Ref)
		}
		return check.Holds(r.Ref, "")
	}),
}, {
	ID: "cmp.rep.certificate-form", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.4; RFC 5280 §4.1",
	Title: "The new certificate can be read",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		if r.Pair == nil || r.Pair.EncryptedCert != nil {
			return check.Skip()
		}
		switch k := r.Pair.Certificate; {
		case k == nil || !k.OK:
			return check.Doubtful(r.Pair.CertRef, "The certificate cannot be read to its end as one of X.509: OpenSSL stops with UNKNOWN_CERT_TYPE.")
		case k.PublicKey.Err != "":
			return check.Doubtful(r.Pair.CertRef, "The key of the certificate cannot be used here: %s.", k.PublicKey.Err)
		default:
			return check.Holds(r.Pair.CertRef, "")
		}
	}),
}, {
	ID: "cmp.rep.encrypted", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.2.8.3.2",
	Title: "The encrypted certificate is for the key that is to be certified",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for _, s := range v.Sealed(c) {
			if s.What == sealedCert {
				all = append(all, v.encrypted(s))
			}
		}
		return check.Worst(all...)
	},
}, {
	ID: "cmp.rep.private-key", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.1; RFC 9483 §4.1.6",
	Title: "A private key comes only to those who asked for one", Headline: "A private key comes unasked",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		if r.Pair == nil || r.Pair.PrivateKey == nil {
			return check.Skip()
		}
		at := r.Pair.PrivateKey.Ref
		if r.Status.Value() == cmp.Rejection {
			return check.Doubtful(at, "The request is refused, and a private key comes all the same.").And(r.Status.Ref)
		}
		switch t, known := v.asked(r); {
		case !known:
			return check.Needs("request", at, "There is a private key that the CA made: whether it was asked for needs the request.")
		case t == nil:
			return check.Skip()
		case !t.Central():
			return check.Broken(at, "The request has a public key of its own, and the answer a private key: somebody else has, or made, this key. OpenSSL stops with UNEXPECTED_CENTRAL_GEN_KEY.")
		}
		return check.Holds(at, "The CA made the key, so others know it too.")
	}),
}, {
	ID: "cmp.rep.private-key-missing", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.6",
	Title: "Who asked the CA for a key gets it", Headline: "The private key that was asked for is missing",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		t, _ := v.asked(r)
		if t == nil || !t.Central() || !r.Status.Granted() || r.Pair == nil {
			return check.Skip()
		}
		if r.Pair.PrivateKey == nil {
			return check.Broken(r.Pair.Ref, "The request has no public key, which asks the CA to make the pair; the answer has no private key: the certificate is of no use.")
		}
		return check.Holds(r.Pair.PrivateKey.Ref, "")
	}),
}, {
	ID: "cmp.rep.info", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.3.4",
	Title: "The answer has no text of its own",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		if r.RspInfo.Ref == report.None {
			return check.Skip()
		}
		return check.Note(r.RspInfo.Ref, "rspInfo is %s: text pairs as of regInfo, for this answer alone.", quoted(r.RspInfo.Value))
	}),
}, {
	ID: "cmp.rep.publication", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.2.7; RFC 4211 §6.3",
	Title: "The CA does not say where it published the certificate",
	Judge: eachResponse(func(c *check.Context, v *View, i int, r *cmp.CertResponse) check.Outcome {
		if r.Pair == nil || r.Pair.Publication == nil {
			return check.Skip()
		}
		p := r.Pair.Publication
		if p.Action.OK && p.Action.Value == 0 {
			return check.Note(p.Ref, "publicationInfo says that the certificate is not published.")
		}
		return check.Note(p.Ref, "publicationInfo says where the CA published the certificate.")
	}),
}, {
	ID: "cmp.krp.content", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.8",
	Title: "Recovered keys come with the certificates that belong to them",
	Judge: func(c *check.Context, v *View) check.Outcome {
		k := v.Body.Recovery
		switch {
		case k == nil || k.Status == nil:
			return check.Skip()
		case k.Status.Value() == cmp.Waiting && (k.NewSigCert != nil || k.CACerts.Present() || k.HistoryRef != report.None):
			return check.Doubtful(k.Ref, "The status is waiting, and there are keys or certificates already.").And(k.Status.Ref)
		case k.HistoryRef != report.None && !k.CACerts.Present():
			return check.Doubtful(k.HistoryRef, "keyPairHist has %s, and there are no caCerts: the certificates of the CAs that the old ones lead to are missing.",
				report.Plural(len(k.History), "key", "keys"))
		}
		return check.Holds(k.Ref, "")
	},
}}

// encrypted judges a certificate that only the owner of its key can read.
func (v *View) encrypted(s *Sealed) check.Outcome {
	if s.Content == nil {
		return check.Needs("key", s.Ref, "The certificate is encrypted: who can read it, and confirm it, has the private key. To open it here add that key.")
	}
	k := s.Certificate()
	var t *crmf.CertTemplate
	for _, r := range v.responses() {
		if r.Pair == s.Pair {
			t, _ = v.asked(r)
		}
	}
	switch {
	case k == nil:
		return check.Note(s.Ref, "It opens, and what is inside is no certificate.")
	case t == nil || t.Central():
		return check.Note(s.Ref, "It opens with the key at hand and is the certificate of %s.", whose(k))
	case !t.PublicKey.Same(k.PublicKey):
		return check.Note(s.Ref, "It opens and is the certificate of %s, for another key than the request's.", whose(k))
	}
	return check.Holds(s.Ref, "It opens and has the key of the request.")
}

// responses are those of an ip, cp, kup or ccp.
func (v *View) responses() []*cmp.CertResponse {
	if v.Body.Reply == nil {
		return nil
	}
	return v.Body.Reply.Responses
}

// asked is the template of the request that a response answers. known says that
// the request is at hand; the template is nil where it has no such request.
func (v *View) asked(r *cmp.CertResponse) (t *crmf.CertTemplate, known bool) {
	q := v.Request()
	if q == nil || q == v || !q.Body.Type.Enrolls() {
		return nil, false
	}
	for _, m := range q.Body.Requests {
		if m.Request != nil && m.Request.Template != nil && bytes.Equal(m.Request.ID.Value, r.ID.Value) {
			return m.Request.Template, true
		}
	}
	return nil, true
}

// eachResponse makes a rule for all responses of an ip, cp, kup or ccp.
func eachResponse(judge func(*check.Context, *View, int, *cmp.CertResponse) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for i, r := range v.responses() {
			if i == 100 { // nobody answers more
				break
			}
			all = append(all, judge(c, v, i, r))
		}
		return check.Worst(all...)
	}
}

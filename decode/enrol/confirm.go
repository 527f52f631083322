package enrol

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
)

var confirmRules = []rule{{
	ID: "cmp.conf.count", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9810 §5.3.18",
	Title: "One certificate is confirmed", Headline: "The number of confirmed certificates is not one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.CertConf || !v.Body.OK {
			return check.Skip()
		}
		switch n := len(v.Body.Confirmed); n {
		case 1:
			return check.Holds(v.Body.Ref, "")
		case 0:
			return check.Note(v.Body.Ref, "The list is empty: the client refuses every certificate of the answer.")
		default:
			return check.Doubtful(v.Body.Ref, "%d certificates are confirmed in one message; OpenSSL's server takes one.", n)
		}
	},
}, {
	ID: "cmp.conf.id", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9810 §5.3.18",
	Title: "The confirmation names the request by its number", Headline: "The confirmation names no request of the answer",
	Judge: eachConfirmed(func(v *View, i int, s cmp.CertStatus) check.Outcome {
		n, ok := s.ID.Value.Int64()
		if !s.ID.OK {
			return check.Skip()
		}
		if a := v.Answers; a != nil && a.Body.Reply != nil {
			for _, r := range a.Body.Reply.Responses {
				if bytes.Equal(r.ID.Value, s.ID.Value) {
					return check.Holds(s.ID.Ref, "")
				}
			}
			return check.Doubtful(s.ID.Ref, "certReqId is %s; the %s has %s. Repeat the number of the answer.", bigText(s.ID.Value), a.Body.Name(), ids(a.Body.Reply.Responses))
		}
		if !ok || n != -1 && n != int64(i) {
			return check.Doubtful(s.ID.Ref, "certReqId is %s; %d is usual, and -1 after a p10cr.", bigText(s.ID.Value), i)
		}
		return check.Holds(s.ID.Ref, "")
	}),
}, {
	ID: "cmp.conf.status", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1",
	Title: "The certificate is taken or refused", Headline: "The confirmation neither takes nor refuses the certificate",
	Judge: eachConfirmed(func(v *View, i int, s cmp.CertStatus) check.Outcome {
		if s.Status == nil || !s.Status.Status.OK {
			return check.Holds(s.Ref, "")
		}
		switch s.Status.Value() {
		case cmp.Accepted, cmp.Rejection:
			return check.Holds(s.Status.Ref, "")
		default:
			return check.Doubtful(s.Status.Ref, "The status is %s; a client takes a certificate (accepted, or no statusInfo at all) or refuses it (rejection).", statusName(s.Status))
		}
	}),
}, {
	ID: "cmp.conf.hash-size", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.18",
	Title: "certHash is as long as a hash",
	Judge: eachConfirmed(func(v *View, i int, s cmp.CertStatus) check.Outcome {
		if !s.Hash.OK {
			return check.Skip()
		}
		switch n := len(s.Hash.Value); n {
		case 20, 28, 32, 48, 64:
			return check.Holds(s.Hash.Ref, "")
		case 16:
			return check.Doubtful(s.Hash.Ref, "certHash has 16 octets: MD5, or a hash that was cut. The hash of the certificate's signature has 20 and more.")
		default:
			return check.Doubtful(s.Hash.Ref, "certHash has %s; hashes have 20 (SHA-1), 28, 32 (SHA-256), 48 or 64. It is the hash of the certificate in DER.", report.Plural(n, "octet", "octets"))
		}
	}),
}, {
	ID: "cmp.conf.hash-alg", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §5.3.18; RFC 9481 §3.3",
	Title: "hashAlg is sent where the signature has no hash", Headline: "hashAlg stands under a version that does not have it",
	Judge: eachConfirmed(func(v *View, i int, s cmp.CertStatus) check.Outcome {
		if s.HashAlg == nil {
			return check.Skip()
		}
		if n, _ := v.Header.Version.Value.Int64(); v.Header.Version.OK && n < 3 {
			return check.Doubtful(s.HashAlg.Ref, "hashAlg is there and pvno is %d: the field exists since cmp2021 (3), and older receivers cannot read the message.", n).And(v.Header.Version.Ref)
		}
		if k := v.confirmed(s); k != nil {
			if h := k.Certificate.Algorithm.Scheme().Hash; h != "" {
				return check.Note(s.HashAlg.Ref, "hashAlg is %s; the certificate is signed with %s, whose hash both sides take where the field is absent.", s.HashAlg.Name(), h)
			}
		}
		return check.Holds(s.HashAlg.Ref, "")
	}),
}, {
	ID: "cmp.pkiconf.null", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §5.3.17",
	Title: "The content of pkiconf is NULL", Headline: "The content of pkiconf is not NULL",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.PKIConf {
			return check.Skip()
		}
		if len(v.Body.Raw) < 2 || !bytes.HasSuffix(v.Body.Raw, []byte{5, 0}) || len(v.Body.Raw) != 4 {
			return check.Doubtful(v.Body.Ref, "The body is %s; it says nothing but «fine», which is written b3:02:05:00. OpenSSL does not mind.", octets(v.Body.Raw))
		}
		return check.Holds(v.Body.Ref, "")
	},
}}

// confirmed is the answer that a CertStatus confirms; nil: it is not at hand, or
// brings no certificate that can be read.
func (v *View) confirmed(s cmp.CertStatus) *cmp.CertifiedKeyPair {
	if v.Answers == nil {
		return nil
	}
	for _, r := range v.Answers.responses() {
		if bytes.Equal(r.ID.Value, s.ID.Value) && r.Pair != nil && r.Pair.Certificate != nil {
			return r.Pair
		}
	}
	return nil
}

// eachConfirmed makes a rule for all elements of a certConf.
func eachConfirmed(judge func(*View, int, cmp.CertStatus) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for i, s := range v.Body.Confirmed {
			all = append(all, judge(v, i, s))
		}
		return check.Worst(all...)
	}
}

// ids lists the numbers of responses.
func ids(list []*cmp.CertResponse) string {
	var all []string
	for i, r := range list {
		if i == 6 {
			all = append(all, "more")
			break
		}
		all = append(all, bigText(r.ID.Value))
	}
	if all == nil {
		return "none"
	}
	return report.Enumerate(all)
}

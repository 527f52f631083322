package enrol

import (
	"fmt"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/mac"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// The rules of this file judge how a message is protected, by whatever means;
// those of MACs alone stand in mac_rules.go, those of signatures in signer_rules.go.

var protectionRules = []rule{{
	ID: "cmp.der.reencode", Group: groupEncoding, Level: check.Should, Refs: "RFC 9810 §5.1.3; X.690 §10",
	Title: "Header and body stay the same when they are encoded again",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Protected() || v.Header.Raw == nil || v.Body.Raw == nil {
			return check.Skip()
		}
		for _, part := range []struct {
			name string
			raw  []byte
			at   report.Ref
		}{{"The header", v.Header.Raw, v.Header.Ref}, {"The body", v.Body.Raw, v.Body.Ref}} {
			if d, ok := der.Canonical(part.raw); ok && string(d) != string(part.raw) {
				return check.Doubtful(part.at, "%s has %s, in DER %d. OpenSSL and others decode and encode again before they verify, and so compute the protection over other octets than were sent: send DER.",
					part.name, report.Plural(len(part.raw), "octet", "octets"), len(d))
			}
		}
		return check.Holds(v.Protection.Ref, "")
	},
}, {
	ID: "cmp.prot.present", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.5; RFC 9483 §3.6.4; RFC 9810 §5.1.3",
	Title: "The message is protected", Headline: "The %s is not protected",
	Judge: judgePresent,
}, {
	ID: "cmp.prot.algorithm", Group: groupProtection, Level: check.Should, Refs: "RFC 9483 §3.1; RFC 9481 §3; RFC 9481 §6; RFC 9481 §7",
	Title: "protectionAlg is known, and strong enough",
	Judge: func(c *check.Context, v *View) check.Outcome {
		a := v.Header.Algorithm
		if a == nil || !v.Protected() {
			return check.Skip()
		}
		if a.Method != mac.None {
			if a.Method == mac.Direct && a.Direct.Name() == "HMAC-MD5" {
				return check.Doubtful(a.Ref, "It is HMAC-MD5. MD5 is broken as a hash, and no algorithm of RFC 9481: use HMAC-SHA256.")
			}
			return check.Holds(a.Ref, "%s.", a.Describe())
		}
		s := a.Scheme()
		switch {
		case s.Family == "" && a.ID.Name() != "":
			return undecided(a.Ref, "%s (%s) is not computed here: whether it protects the message cannot be said. A server that does not know it either answers badAlg.", a.ID.Name(), a.ID)
		case s.Family == "":
			return undecided(a.Ref, "%s is not known here. A server that does not know it either answers badAlg.", string(a.ID))
		case s.Weak == sig.Broken:
			return check.Doubtful(a.Ref, "It is %s. Forgeries of such signatures have been made: use SHA-256.", s.Name)
		case s.Weak == sig.Legacy:
			return check.Doubtful(a.Ref, "It is %s, which is no longer to be used: servers may answer badAlg. Use SHA-256 with RSA or ECDSA.", s.Name)
		}
		return check.Holds(a.Ref, "%s.", s.Name)
	},
}, {
	ID: "cmp.prot.parameters", Group: groupProtection, Level: check.Must, Refs: "RFC 9481 §6; RFC 8017 §A.2.4; RFC 8410 §3",
	Title: "The parameters of protectionAlg are those of the algorithm", Headline: "The parameters of protectionAlg cannot be read",
	Judge: judgeParameters,
}, {
	ID: "cmp.prot.bits", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.3; X.690 §8.6",
	Title: "The protection is a whole number of octets, and as long as it should be", Headline: "The protection is not a whole number of octets",
	Judge: func(c *check.Context, v *View) check.Outcome {
		p := v.Protection
		if !p.OK {
			return check.Skip()
		}
		n := len(p.Value.Bytes)
		if p.Value.Unused != 0 {
			return check.Broken(p.Ref, "The BIT STRING has %s, and %d of its last bits do not count. A MAC or a signature is whole octets: the first octet of the value is 00.", report.Plural(n, "octet", "octets"), p.Value.Unused)
		}
		if want, by := v.length(c); want > 0 && want != n {
			return check.Doubtful(p.Ref, "It has %s, and %s gives %d.", report.Plural(n, "octet", "octets"), by, want).And(v.Header.Algorithm.Ref)
		}
		if v.ByMAC() && n < 10 {
			return check.Doubtful(p.Ref, "It has %s, as its parameters ask: so short a MAC is guessed by trying. Ask for 16 octets or more.", report.Plural(n, "octet", "octets")).And(v.Header.Algorithm.Ref)
		}
		return check.Holds(p.Ref, "%s.", report.Plural(n, "octet", "octets"))
	},
}, {
	ID: "cmp.prot.form", Group: groupProtection, Level: check.Should, Refs: "RFC 9810 §5.1.3; X.690 §10",
	Title: "The protection is made over the very octets that came, and they are DER",
	Judge: func(c *check.Context, v *View) check.Outcome {
		form, proved := v.proved(c)
		if !proved {
			return check.Skip()
		}
		same := len(v.forms()) == 1
		switch {
		case form == Reencoded:
			return check.Doubtful(v.Protection.Ref, "It fits only after header and body are encoded again, in DER: the sender protected DER, and somebody on the way wrote it otherwise. Programs that verify the octets as they come refuse it.")
		case !same:
			return check.Doubtful(v.Protection.Ref, "It fits the octets as they came, which are not DER. Programs that encode again before they verify, as OpenSSL does, refuse it: send DER.")
		}
		return check.Holds(v.Protection.Ref, "")
	},
}}

func judgePresent(c *check.Context, v *View) check.Outcome {
	if v.Body.Type.Announces() || v.Body.Type < 0 {
		return check.Skip()
	}
	a, at := v.Header.Algorithm, v.Header.Ref
	switch {
	case v.Protected() && a != nil:
		return check.Holds(v.Protection.Ref, "")
	case v.Protected():
		return check.Broken(v.Protection.Ref, "There is a protection, but the header has no protectionAlg that says how it was made: nobody can verify it.")
	case a != nil:
		return check.Broken(a.Ref, "The header says protection by %s, and the protection is not there: it was left out, or taken away on the way.", a.Describe())
	}
	const open = "Anybody on the way could have written or changed it."
	t := v.Body.Type
	if what := v.unprotectedAllowed(); what != "" && c.On("unprotectedErrors") {
		return check.Note(at, "It is not protected. The switch unprotectedErrors lets the client accept that of %s. %s", what, open)
	}
	if t == cmp.Error {
		return check.Doubtful(at, "An error message may come without protection where its sender cannot make one. %s OpenSSL's client refuses it without -unprotected_errors.", open)
	}
	return check.Broken(at, "There is neither protectionAlg nor protection. %s OpenSSL refuses it with «missing protection».", open)
}

// unprotectedAllowed says what kind of message OpenSSL's client accepts without
// protection when it is told to; "" for any other.
func (v *View) unprotectedAllowed() string {
	switch t := v.Body.Type; {
	case t == cmp.Error:
		return "an error message"
	case t == cmp.PKIConf:
		return "a pkiconf"
	case t == cmp.RP && v.Body.Revoked != nil && len(v.Body.Revoked.Statuses) > 0 && v.Body.Revoked.Statuses[0].Value() == cmp.Rejection:
		return "an rp that rejects"
	case t.Replies() && t != cmp.CCP && v.Body.Reply != nil && len(v.Body.Reply.Responses) == 1:
		if s := v.Body.Reply.Responses[0].Status; s != nil && s.Value() == cmp.Rejection {
			return "an " + t.String() + " that rejects"
		}
	}
	return ""
}

func judgeParameters(c *check.Context, v *View) check.Outcome {
	a := v.Header.Algorithm
	switch {
	case a == nil || !v.Protected() || a.ID == "":
		return check.Skip()
	case a.Method == mac.None && a.Scheme().Family == "":
		return check.Skip() // cmp.prot.algorithm says it
	case a.Method == mac.None:
		s := a.Scheme()
		if s.Fault != "" {
			return check.Broken(a.Ref, "They are no parameters of %s: %s.", s.Name, s.Fault)
		}
		if why := a.ParameterFault(); why != "" {
			if s.Family == "RSA" && len(a.Parameters) == 0 { // as OpenSSL 3.0 leaves them out in all it signs
				return check.Note(a.Ref, "%s: %s. OpenSSL 3.0 leaves them out, and most programs accept that.", s.Name, why)
			}
			return check.Doubtful(a.Ref, "%s: %s. Strict programs refuse it.", s.Name, why)
		}
		return check.Holds(a.Ref, "")
	}
	if code := a.Code(); code == nil || !a.Whole {
		return check.Broken(a.Ref, "They are not those of %s: the MAC cannot be computed from them, and receivers refuse the message.", a.ID)
	}
	for _, k := range a.Codes() {
		if why := k.ParameterFault(); why != "" {
			return check.Doubtful(k.Ref, "%s: %s.", k.Name(), why)
		}
	}
	return check.Holds(a.Ref, "")
}

// length is how many octets the protection should have, and what says so; 0 if
// that is not known.
func (v *View) length(c *check.Context) (int, string) {
	a := v.Header.Algorithm
	switch {
	case a == nil:
		return 0, ""
	case a.Method != mac.None:
		if k := a.Code(); k != nil {
			return k.Size(), k.Name()
		}
		return 0, ""
	}
	if s := v.Signing(c); s.Best != nil && s.Best.KeyFits == report.Pass {
		if n, ok := s.Best.Certificate.PublicKey.Key.SignatureLength(); ok {
			return n, fmt.Sprintf("the key of %s", report.Clean(s.Best.Certificate.Title()))
		}
	}
	return 0, ""
}

// proved says over which octets the protection was verified, if it was.
func (v *View) proved(c *check.Context) (Form, bool) {
	if v.ByMAC() {
		m := v.MAC(c)
		return m.Form, m.Status == report.Pass
	}
	if s := v.Signing(c); s.Best != nil && s.Best.Proved() {
		return s.Best.Form, true
	}
	return AsReceived, false
}

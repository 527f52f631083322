package enrol

import (
	"fmt"
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// ofSigned is a rule about messages that are protected by a signature.
func ofSigned(f func(*check.Context, *View, *Signing) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if !v.Signed() {
			return check.Skip()
		}
		return f(c, v, v.Signing(c))
	}
}

// ofSigner is a rule about the certificate that the signature is judged by.
func ofSigner(f func(*check.Context, *View, *Candidate) check.Outcome) func(*check.Context, *View) check.Outcome {
	return ofSigned(func(c *check.Context, v *View, s *Signing) check.Outcome {
		if s.Best == nil || s.Best.Bare {
			return check.Skip() // cmp.prot.certificate says it
		}
		return f(c, v, s.Best)
	})
}

// certAt is where to point for a certificate: at itself where it travels in the
// message, else at what names it.
func (v *View) certAt(k *Candidate, ref report.Ref) report.Ref {
	switch {
	case k.Where == InExtra:
		return ref
	case v.Header.SenderKID.OK:
		return v.Header.SenderKID.Ref
	}
	return v.Header.Sender.Ref
}

// at says where a candidate was found, for people.
func (k *Candidate) at() string {
	switch k.Where {
	case Pinned:
		if k.Bare {
			return "the public key that you gave as the signer's"
		}
		return "the certificate that you gave as the signer's"
	case Earlier:
		return "the certificate that signed an earlier message of this side"
	case InExtra:
		return "extraCerts[" + strconv.Itoa(k.Nth) + "]"
	case AsAnchor:
		return "a trust anchor"
	}
	return "a certificate that lies beside the message"
}

// meant says what the header has to name its signer by.
func (v *View) meant() string {
	s := "sender " + calls(v.Header.Sender)
	if kid := v.Header.SenderKID; kid.OK {
		s += ", senderKID " + short(kid.Value)
	}
	return s
}

func kid(k *cert.Certificate) string {
	if id := k.SKI(); id != nil {
		return short(id)
	}
	return "none"
}

var signerRules = []rule{{
	ID: "cmp.prot.certificate", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.3",
	Title:    "The certificate of the signer is at hand",
	Headline: "No certificate at hand is the signer's: %s",
	Judge:    ofSigned(signerFound),
}, {
	ID: "cmp.prot.signature", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.3.3",
	Title:    "The key of the signer made the signature",
	Headline: "The signature does not fit: %s",
	Judge: ofSigned(func(c *check.Context, v *View, s *Signing) check.Outcome {
		at := v.Message.Protection.Ref
		if s.Best == nil {
			return check.Needs("signer", at, "Without the signer's certificate the signature cannot be verified: add it.")
		}
		k, name, key := s.Best, v.Header.Algorithm.Scheme().Name, s.Best.key()
		switch k.Signature {
		case report.Pass:
			over := "header and body as received"
			if k.Form == Reencoded {
				over = "header and body in DER, which is not how they came"
			}
			return check.Holds(at, "%s made it: %s over %s.", sentence(key), name, over).And(v.certAt(k, k.Certificate.PublicKey.Ref))
		case report.Open:
			if s.Limit != "" {
				return check.Needs("signer", at, "%s: give the signer's certificate that role.", sentence(s.Limit))
			}
			return undecided(at, "%s.", sentence(k.Result.Why))
		}
		if k.KeyFits == report.Fail {
			return check.Broken(at, "%s cannot have made it: %s.", sentence(key), k.Result.Why).And(v.certAt(k, k.Certificate.PublicKey.Ref))
		}
		if o := s.Maker(); o != k && k.Where == Pinned {
			return check.Broken(at, "%s did not make it, %s did: %s. Only what you gave as the signer's counts; OpenSSL reports SRVCERT_DOES_NOT_VALIDATE_MSG.", sentence(key), o.key(), o.at()).And(v.certAt(k, k.Certificate.PublicKey.Ref))
		}
		return check.Broken(at, "%s did not make it: %s. Either header or body were changed after signing, or another key signed. Servers answer badMessageCheck.",
			sentence(key), k.Result.Why).And(v.certAt(k, k.Certificate.PublicKey.Ref))
	}),
}, {
	ID: "cmp.prot.key-fit", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.1",
	Title:    "The algorithm is one of the signer's key",
	Headline: "The algorithm is none of the signer's key: %s",
	Judge: ofSigner(func(c *check.Context, v *View, k *Candidate) check.Outcome {
		at, name, key := v.Header.Algorithm.Ref, v.Header.Algorithm.Scheme().Name, k.Certificate.PublicKey.Key.Name()
		switch k.KeyFits {
		case report.Pass:
			return check.Holds(at, "%s, %s.", name, key)
		case report.Open:
			return check.Skip() // cmp.prot.algorithm says it
		}
		return check.Broken(at, "protectionAlg is %s, the key of %s is %s: it cannot have made this signature.", name, title(k.Certificate), key).And(v.certAt(k, k.Certificate.PublicKey.Ref))
	}),
}, {
	ID: "cmp.prot.key-size", Group: groupProtection, Level: check.Must, Strict: "3gpp", Refs: "RFC 9481 §7",
	Title: "Key and hash of the signature are strong", Headline: "Key or hash of the signature can be broken",
	Judge: ofSigner(keySize),
}, {
	ID: "cmp.prot.key-usage", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.5",
	Title:    "The signer's certificate allows signing",
	Headline: "The signer's certificate does not allow signing: %s",
	Judge: ofSigner(func(c *check.Context, v *View, k *Candidate) check.Outcome {
		u, ok := k.Certificate.KeyUsage()
		switch {
		case !ok:
			return check.Holds(v.certAt(k, k.Certificate.Ref), "It has no keyUsage, so nothing is forbidden.")
		case k.Usage == report.Fail && c.On("ignoreKeyUsage"):
			return check.Doubtful(v.certAt(k, u.Ref), "keyUsage of %s is %s, without digitalSignature. The switch ignoreKeyUsage lets it pass.", title(k.Certificate), u)
		case k.Usage == report.Fail:
			return check.Broken(v.certAt(k, u.Ref), "keyUsage of %s is %s, without digitalSignature. OpenSSL reports MISSING_KEY_USAGE_DIGITALSIGNATURE: issue the certificate anew with that bit.", title(k.Certificate), u)
		}
		return check.Holds(v.certAt(k, u.Ref), "%s.", u)
	}),
}, {
	ID: "cmp.prot.validity", Group: groupProtection, Level: check.Must, Refs: "RFC 5280 §6; RFC 5280 §6.1.3",
	Title:    "The signer's certificate is valid",
	Headline: "The signer's certificate is not valid: %s",
	Judge:    ofSigner(signerValid),
}, {
	ID: "cmp.prot.chain", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.5; RFC 9810 §5.1.3.3",
	Title:    "The signer's certificate leads to a trust anchor",
	Headline: "The signer's certificate leads to no trust anchor: %s",
	Judge:    ofSigner(signerChain),
}}

// undecided is open, and nothing that could be added would settle it.
func undecided(at report.Ref, why string, a ...any) check.Outcome {
	o := check.Needs("", at, why, a...)
	o.Needs = nil
	return o
}

// key names the key of a candidate, and whose it is.
func (k *Candidate) key() string {
	name := k.Certificate.PublicKey.Key.Name()
	if k.Bare {
		return "the key that you gave (" + name + ")"
	}
	return "the key of " + title(k.Certificate) + " (" + name + ")"
}

func signerFound(c *check.Context, v *View, s *Signing) check.Outcome {
	at := v.Header.Sender.Ref
	if v.Header.SenderKID.OK {
		at = v.Header.SenderKID.Ref
	}
	k := s.Best
	if k == nil {
		switch n := len(v.ExtraCerts.List); {
		case n > 0:
			return check.Broken(at, "The message names its signer: %s. None of %s in extraCerts has that name or key identifier, and the key of none made the signature.", v.meant(), report.Plural(n, "certificate", "certificates")).And(v.ExtraCerts.Ref)
		case v.first():
			return check.Broken(at, "The message names its signer: %s; it brings no certificate, and none at hand is that. OpenSSL sends no self-signed one along. Add the signer's certificate, with the role «signer».", v.meant())
		}
		return check.Needs("signer", at, "The message names its signer: %s. Its certificate came with an earlier message: add that, or the certificate.", v.meant())
	}
	if k.Bare {
		return check.Holds(at, "You gave the public key of the signer: nothing is known of it but that.")
	}
	who := fmt.Sprintf("%s (%s)", title(k.Certificate), k.at())
	place := v.certAt(k, k.Certificate.Ref)
	switch {
	case k.Where == Pinned:
		return check.Holds(place, "It is that of %s.", who)
	case k.KeyID == report.Fail && k.Certificate.SKI() == nil:
		return check.Doubtful(place, "%s has no subject key identifier, and senderKID is %s: OpenSSL says «missing Subject Key Identifier from certificate» and does not take it.", who, short(v.Header.SenderKID.Value)).And(at)
	case k.KeyID == report.Fail:
		return check.Doubtful(place, "%s has the key identifier %s, and senderKID is %s: OpenSSL does not take it for the signer's.", who, kid(k.Certificate), short(v.Header.SenderKID.Value)).And(at)
	case k.Alike == Reordered:
		return check.Doubtful(place, "%s has the subject «%s», and sender is %s: the same parts in another order, so programs take them for two names.", who, report.Clean(k.Certificate.Subject.String()), calls(v.Header.Sender)).And(v.Header.Sender.Ref)
	case k.Subject == report.Fail:
		return check.Doubtful(place, "%s has the subject «%s», and sender is %s: OpenSSL says «subject does not match sender» and does not take it.", who, report.Clean(k.Certificate.Subject.String()), calls(v.Header.Sender)).And(v.Header.Sender.Ref)
	case k.Where == Beside:
		return check.Doubtful(place, "It is that of %s: the message does not bring it, and whoever receives it needs to have it already.", who)
	}
	return check.Holds(place, "It is that of %s.", who)
}

// first says that the message is the first of its side: the other one cannot
// have its certificate from an earlier message.
func (v *View) first() bool {
	switch {
	case v.Answers != nil:
		return v.Answers.Body.Type.First()
	case v.From == cmp.Server:
		return v.Body.Type.Replies() || v.Body.Type == cmp.RP || v.Body.Type == cmp.GenP || v.Body.Type == cmp.KRP
	}
	return v.Body.Type.First()
}

// keySize judges strength by RFC 9481, section 7. TS 33.310 forbids what is weak.
func keySize(c *check.Context, v *View, k *Candidate) check.Outcome {
	at, key := v.Header.Algorithm.Ref, k.Certificate.PublicKey.Key
	scheme := v.Header.Algorithm.Scheme()
	if scheme.Known && scheme.Weak != sig.Strong {
		return check.Doubtful(at, "The signature is %s, which is no longer safe; TS 33.310 forbids MD5 and SHA-1. Sign with SHA-256.", scheme.Name)
	}
	place := v.certAt(k, k.Certificate.PublicKey.Ref)
	switch n := key.Size(); {
	case key.Family() == "RSA" && n < 2048:
		return check.Doubtful(place, "The key of %s has %d bits: RSA keys have 2,048 at the least.", title(k.Certificate), n)
	case key.Family() == "EC" && n > 0 && n < 224:
		return check.Doubtful(place, "The key of %s is on a curve of %d bits: they have 224 at the least.", title(k.Certificate), n)
	}
	return check.Holds(at, "%s, %s.", scheme.Name, key.Name())
}

func signerValid(c *check.Context, v *View, k *Candidate) check.Outcome {
	from, to := k.Certificate.NotBefore, k.Certificate.NotAfter
	name := title(k.Certificate)
	if !from.OK || !to.OK {
		return check.Broken(v.certAt(k, k.Certificate.Ref), "The validity of %s cannot be read.", name)
	}
	if c.At.IsZero() {
		return check.Needs("time", v.certAt(k, to.Ref), "Give a reference time: %s is valid from %s to %s.", name, report.Clock(from.Value.Time), report.Clock(to.Value.Time))
	}
	why, at := "", to.Ref
	switch {
	case k.Valid == report.Pass:
		return check.Holds(v.certAt(k, to.Ref), "Until %s.", report.Clock(to.Value.Time))
	case c.At.Before(from.Value.Time):
		why, at = fmt.Sprintf("%s begins %s, %s", name, report.Clock(from.Value.Time), report.Distance(from.Value.Time, c.At)), from.Ref
	default:
		why = fmt.Sprintf("%s ended %s, %s", name, report.Clock(to.Value.Time), report.Distance(to.Value.Time, c.At))
	}
	if m := v.Header.MessageTime; m.OK && k.Certificate.ValidAt(m.Value.Time) {
		return check.Doubtful(v.certAt(k, at), "%s. When the message was made, %s, it was valid.", why, report.Clock(m.Value.Time)).And(m.Ref)
	}
	return check.Broken(v.certAt(k, at), "%s. OpenSSL does not take it.", why)
}

func signerChain(c *check.Context, v *View, k *Candidate) check.Outcome {
	at := v.certAt(k, k.Certificate.Issuer.Ref)
	switch {
	case k.Where == Pinned:
		return check.Holds(at, "You gave the certificate as the signer's, so it is trusted as it is.")
	case v.byTelecom(c, k):
		return check.Doubtful(at, "Self-issued certificates of extraCerts serve as anchors, because the switch permitTAInExtraCertsForIR is on: nothing but this message vouches for them.").And(v.ExtraCerts.Ref)
	case k.Way == nil:
		what := "Whether %s may speak for the PKI is not checked: add the root that you trust, and give it the role «trust anchor»."
		if v.From == cmp.Client {
			what = "Whether the PKI knows %s is not checked: add the root that its certificate leads to, and give it the role «trust anchor»."
		}
		return check.Needs("anchor", at, what, title(k.Certificate))
	}
	if limit := k.Way.Limit; limit != "" && !k.Way.Holds() {
		return check.Needs("anchor", at, "%s: %s", sentence(limit), k.Way.Why())
	}
	switch k.Way.Status() {
	case report.Pass:
		return check.Holds(at, "%s", k.Way.Why())
	case report.Open:
		return check.Needs("anchor", at, "%s", k.Way.Why())
	}
	if v.othersAnchors(c, k) {
		return check.Needs("anchor", at, "%s The anchors at hand are those of the client, for what the server sends. Whether the server knows that root is its own affair; one that does not answers signerNotTrusted.", k.Way.Why())
	}
	return check.Broken(at, "%s OpenSSL reports POTENTIALLY_INVALID_CERTIFICATE, servers signerNotTrusted.", k.Way.Why())
}

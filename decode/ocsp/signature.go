package ocsp

import (
	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
)

var signatureRules = []rule{{
	ID: "ocsp.signature.valid", Group: groupSignature, Level: check.Must, Refs: "RFC 6960 §3.2",
	Title:    "The signature fits the signed octets and the signer's key",
	Headline: "The signature is wrong",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		s := v.Signer
		switch {
		case !b.Signature.OK:
			return check.Skip()
		case s.Cert == nil && s.Other != nil:
			return check.Holds(b.Signature.Ref, "It verifies under the key of %s, which is not the one that responderID names.", s.Other.Title())
		case s.Cert == nil && v.Issuer == nil:
			return check.Needs("signer", b.Signature.Ref, "Add the issuer's or the responder's certificate.")
		case s.Cert == nil:
			return check.Needs("signer", b.Signature.Ref, "The signer's certificate is not at hand.")
		}
		switch s.Result.Outcome {
		case sig.Valid:
			return check.Holds(b.Signature.Ref, "It covers %d octets of tbsResponseData, header included, under the key of %s.", len(b.TBS), s.Cert.Title())
		case sig.Unknown, sig.TooLarge:
			return check.Needs("answer", b.Signature.Ref, "It cannot be computed: %s.", s.Result.Why)
		}
		return check.Broken(b.Signature.Ref, "It does not verify under the key of %s: %s.", s.Cert.Title(), s.Result.Why).And(b.Data.Ref)
	}),
}, {
	ID: "ocsp.signature.by-other", Group: groupSignature, Level: check.Advice, Refs: "RFC 6960 §4.2.2.3",
	Title: "Another certificate's key fits the signature",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if v.Signer.Other == nil {
			return check.Skip()
		}
		return check.Note(b.Signature.Ref, "The key of %s verifies it: a right signature with a wrong name tag.", v.Signer.Other.Title())
	}),
}, {
	ID: "ocsp.signature.reencoded", Group: groupSignature, Level: check.Should, Refs: "X.690 §10.1",
	Title: "What is signed is DER, so that re-encoding changes nothing",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		span := v.Basic.DataSpan
		for _, f := range c.Faults {
			if (f.Kind == field.LongLength || f.Kind == field.Indefinite || f.Kind == field.Segmented) && f.Source == span.Source && f.Off >= span.Off && f.Off < span.End() {
				if v.Signer.Cert == nil || v.Signer.Result.Outcome == sig.Valid {
					return check.Doubtful(f.Ref, "tbsResponseData is BER at octet %d (%s) and was signed as sent. OpenSSL and Bouncy Castle hash their own re-encoding and find the signature wrong.", f.Off, f.Message)
				}
				if v.validReencoded() {
					return check.Doubtful(f.Ref, "The signature covers the DER re-encoding of tbsResponseData, not the octets as sent: OpenSSL accepts it, others do not.")
				}
			}
		}
		if v.Signer.Result.Outcome != sig.Valid {
			return check.Skip()
		}
		return check.Holds(b.Data.Ref, "")
	}),
}, {
	ID: "ocsp.signature.known", Group: groupSignature, Level: check.May, Refs: "RFC 6960 §4.3",
	Title: "The signature algorithm is known",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if !b.Algorithm.ID.Valid() {
			return check.Skip()
		}
		s := b.Algorithm.Scheme()
		if !s.Known {
			why := s.Fault
			if why == "" {
				why = "no such algorithm is computed here"
			}
			return check.Needs("answer", b.Algorithm.Ref, "It is %s: %s.", s.Name, why)
		}
		return check.Holds(b.Algorithm.Ref, "%s", s.Name)
	}),
}, {
	ID: "ocsp.signature.fits-key", Group: groupSignature, Level: check.Must, Refs: "RFC 6960 §4.3",
	Title:    "The algorithm is one of the signer's type of key",
	Headline: "The signature is of another type than the key",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		scheme, key := v.Basic.Algorithm.Scheme(), s.Cert.PublicKey.Key
		if scheme.Family == "" || key.Family() == "" {
			return check.Skip()
		}
		if scheme.Family != key.Family() {
			return check.Broken(v.Basic.Algorithm.Ref, "The algorithm is %s, the key of %s is %s.", scheme.Name, s.Cert.Title(), key.Name())
		}
		return check.Holds(v.Basic.Algorithm.Ref, "")
	}),
}, {
	ID: "ocsp.signature.weak", Group: groupSignature, Level: check.Must, Refs: "Mozilla RSP §5.1.3; TLS BR §7.1.3.2.1",
	Title:    "The algorithm of the signature is not outdated",
	Headline: "Signed with a broken hash",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		s := b.Algorithm.Scheme()
		switch {
		case !b.Algorithm.ID.Valid():
			return check.Skip()
		case s.Weak == sig.Broken:
			return check.Broken(b.Algorithm.Ref, "%s: collisions are cheap, so the signature proves little. Only OpenSSL accepts it.", s.Name)
		case s.Family == "DSA":
			return check.Doubtful(b.Algorithm.Ref, "%s: DSA is outdated. Go, Chromium and Firefox do not know it.", s.Name)
		case s.Weak == sig.Legacy:
			return check.Doubtful(b.Algorithm.Ref, "%s: the certificate authorities gave it up in 2022.", s.Name)
		}
		return check.Holds(b.Algorithm.Ref, "")
	}),
}, {
	ID: "ocsp.signature.parameters", Group: groupSignature, Level: check.Should, Refs: "RFC 4055 §5; RFC 5758 §3.2; RFC 8410 §3; RFC 9881 §2",
	Title: "The algorithm's parameters are written as its document says",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if !b.Algorithm.ID.Valid() {
			return check.Skip()
		}
		if f := b.Algorithm.ParameterFault(); f != "" {
			return check.Doubtful(b.Algorithm.Ref, "%s: %s. Strict clients compare these octets.", b.Algorithm.Scheme().Name, f)
		}
		return check.Holds(b.Algorithm.Ref, "")
	}),
}, {
	ID: "ocsp.signature.pss", Group: groupSignature, Level: check.Should, Refs: "TLS BR §7.1.3.2.1; RFC 4055 §3.1",
	Title: "PSS uses one hash throughout and a salt of its length",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		p := b.Algorithm.Scheme().PSS
		if p == nil {
			return check.Skip()
		}
		if f := p.Fault(); f != "" {
			return check.Doubtful(b.Algorithm.Ref, "In the PSS parameters %s. Browsers know three combinations only.", f)
		}
		return check.Holds(b.Algorithm.Ref, "%s, salt of %d octets", p.Hash, p.Salt)
	}),
}, {
	ID: "ocsp.signature.bits", Group: groupSignature, Level: check.Must, Refs: "X.690 §8.6",
	Title:    "The signature is a whole number of octets",
	Headline: "The signature is not a whole number of octets",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if !b.Signature.OK {
			return check.Skip()
		}
		if n := b.Signature.Value.Unused; n != 0 {
			return check.Broken(b.Signature.Ref, "The last octet counts %s as unused; a signature has none. GnuTLS does not mind.", report.Plural(n, "bit", "bits"))
		}
		return check.Holds(b.Signature.Ref, "")
	}),
}, {
	ID: "ocsp.signature.length", Group: groupSignature, Level: check.Must, Refs: "RFC 8017 §8.2.2",
	Title:    "The signature has the length of the key's signatures",
	Headline: "The signature has the wrong length",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		b, key := v.Basic, s.Cert.PublicKey.Key
		want, fixed := key.SignatureLength()
		if !fixed || !b.Signature.OK || b.Algorithm.Scheme().Family != key.Family() {
			return check.Skip()
		}
		if have := len(b.Signature.Value.Bytes); have != want {
			return check.Broken(b.Signature.Ref, "It has %d octets; %s makes signatures of %d. It is cut off, or made with another key.", have, key.Name(), want)
		}
		return check.Holds(b.Signature.Ref, "")
	}),
}, {
	ID: "ocsp.signature.ecdsa-form", Group: groupSignature, Level: check.Must, Refs: "RFC 3279 §2.2.3",
	Title:    "An ECDSA signature is a SEQUENCE of two minimal positive INTEGERs",
	Headline: "The signature is written in a form that clients refuse",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if family := b.Algorithm.Scheme().Family; family != "EC" || !b.Signature.OK {
			return check.Skip()
		}
		var key sig.Key
		if v.Signer.Cert != nil {
			key = v.Signer.Cert.PublicKey.Key
			if family := key.Family(); family != "" && family != "EC" {
				return check.Skip() // fits-key says it
			}
		}
		if f := sig.ECDSAForm(key, b.Signature.Value.Bytes); f != "" {
			return check.Broken(b.Signature.Ref, "Its form is wrong: %s.", f)
		}
		return check.Holds(b.Signature.Ref, "")
	}),
}, {
	ID: "ocsp.signature.oid-legacy", Group: groupSignature, Level: check.Should, Refs: "RFC 3279 §2.2.1",
	Title: "The algorithm has its usual identifier",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if b.Algorithm.Legacy() {
			return check.Doubtful(b.Algorithm.Ref, "1.3.14.3.2.29 is a second name for RSA with SHA-1; the usual one is 1.2.840.113549.1.1.5. Go does not know it.")
		}
		if s := b.Algorithm.Scheme(); s.Family != "RSA" || s.Hash != "SHA-1" {
			return check.Skip()
		}
		return check.Holds(b.Algorithm.Ref, "")
	}),
}}

// validReencoded says that the signature fits the DER form of tbsResponseData.
func (v *View) validReencoded() bool {
	tbs, ok := der.Canonical(v.Basic.TBS)
	if !ok || v.Signer.Cert == nil {
		return false
	}
	k := v.Signer.Cert.PublicKey
	return k.Err == "" && sig.Verify(v.Basic.Algorithm.Algorithm, k.Key, tbs, v.Basic.Signature.Value.Bytes).Outcome == sig.Valid
}

package ocsp

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// ofSigner makes a rule that applies where the signer's certificate is known.
func ofSigner(judge func(*check.Context, *View, Signer) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Basic == nil || v.Signer.Cert == nil {
			return check.Skip()
		}
		return judge(c, v, v.Signer)
	}
}

// place is the node of the signer's certificate, where it stands in the
// response, and else of responderID.
func (v *View) place() report.Ref {
	if v.Signer.Place == Embedded {
		return v.Signer.Cert.Ref
	}
	return v.Basic.Data.Responder.Ref
}

var signerRules = []rule{{
	ID: "ocsp.signer.found", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.3",
	Title:    "The signer's certificate is at hand",
	Headline: "The signer's certificate is missing",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		id := b.Data.Responder
		switch s := v.Signer; {
		case s.Cert != nil:
			return check.Holds(v.place(), "responderID is %s: %s (%s).", id, s.Cert.Title(), s.Place)
		case !id.OK:
			return check.Broken(id.Ref, "responderID cannot be read.")
		case v.Issuer == nil && len(v.candidates()) == 0:
			return check.Needs("issuer", id.Ref, "responderID is %s. Add the certificate of the CA: it signs by itself, or its certificate says who may.", id)
		case v.Issuer == nil && s.Other == nil:
			return check.Needs("signer", id.Ref, "responderID is %s; none of the certificates at hand is that. Add the issuer or the responder's certificate.", id)
		case s.Other != nil:
			return check.Broken(id.Ref, "responderID is %s; no certificate at hand fits, though the key of %s verifies the signature.", id, s.Other.Title())
		}
		if v.misled() {
			return check.Needs("issuer", id.Ref, "responderID is %s, and the issuer at hand is %s. Add the certificate of %s, which issued %s.", id, v.Issuer.Title(), v.Subject.Issuer.Short(), v.Subject.Title())
		}
		return check.Broken(id.Ref, "responderID is %s. It is not the issuer %s, and the responder left its certificate out: a client cannot find it.", id, v.Issuer.Title())
	}),
}, {
	ID: "ocsp.signer.id-fits", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.3",
	Title:    "The key that verifies is the one that responderID names",
	Headline: "Signed by another than it names",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		s := v.Signer
		switch {
		case s.Cert != nil && s.Result.Outcome == sig.Valid:
			return check.Holds(b.Data.Responder.Ref, "")
		case s.Other != nil && b.Data.Responder.OK:
			return check.Broken(b.Data.Responder.Ref, "It says it is signed by %s; it is signed by %s.", b.Data.Responder, s.Other.Title())
		}
		return check.Skip()
	}),
}, {
	ID: "ocsp.signer.id-ski", Group: groupSigner, Level: check.Should, Refs: "RFC 6960 §4.2.1",
	Title: "The key hash is the SHA-1 of the key",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		id := v.Basic.Data.Responder
		if id.ByName {
			return check.Skip()
		}
		if s.BySKI {
			return check.Doubtful(id.Ref, "responderID is the subjectKeyIdentifier %s; the SHA-1 of the key is %x. GnuTLS forgives it, nobody else does.", id, s.Cert.KeyHash())
		}
		return check.Holds(id.Ref, "")
	}),
}, {
	ID: "ocsp.signer.id-name-octets", Group: groupSigner, Level: check.Should, Refs: "RFC 5280 §7.1",
	Title: "The name equals the signer's subject octet by octet",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		id := v.Basic.Data.Responder
		if !id.ByName {
			return check.Skip()
		}
		if !s.Octets {
			return check.Doubtful(id.Ref, "responderID is %s, the signer's subject %s: equal only after folding case, space and string type. Firefox and Apple compare octets.", id, s.Cert.Subject)
		}
		return check.Holds(id.Ref, "")
	}),
}, {
	ID: "ocsp.signer.ambiguous", Group: groupSigner, Level: check.Should, Refs: "RFC 6960 §4.2.2.3",
	Title: "Only one certificate fits responderID",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		if s.Fitting > 1 {
			return check.Doubtful(v.place(), "%d certificates at hand fit %s: a client may pick the wrong one.", s.Fitting, v.Basic.Data.Responder)
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.authorized", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The signer has the right to answer for this issuer",
	Headline: "The signer has no right to answer for this issuer",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		switch {
		case s.Local:
			return check.Holds(v.place(), "%s is trusted here by local decision.", s.Cert.Title())
		case v.Issuer == nil:
			return check.Needs("issuer", v.place(), "Add the certificate of the CA that issued the certificate: the signer is that CA, or carries its permission.")
		case s.Unbacked:
			return check.Needs("subject", v.place(), "The CA %s stands in the response alone, and anyone can put one there. Add the certificate that the response should be about, or the root as an anchor.", v.Issuer.Title())
		case s.IsIssuer:
			if octets, _ := s.Cert.Subject.Equal(v.Issuer.Subject); !octets {
				return check.Doubtful(v.place(), "It is signed with the issuer's key under another name, %s.", s.Cert.Title())
			}
			return check.Holds(v.place(), "%s answers for itself.", v.Issuer.Title())
		case s.Authorized():
			return check.Holds(v.place(), "%s issued %s with the OCSP signing purpose.", v.Issuer.Title(), s.Cert.Title())
		case s.Under.Outcome == sig.Unknown || s.Under.Outcome == sig.TooLarge:
			return check.Needs("issuer", v.place(), "Whether %s issued %s cannot be computed: %s.", v.Issuer.Title(), s.Cert.Title(), s.Under.Why)
		case s.Under.Outcome != sig.Valid:
			if _, folded := s.Cert.Subject.Equal(v.Issuer.Subject); folded {
				return check.Broken(v.place(), "The signer is named %s as the issuer is, but has another key: the CA was given a new one, or someone took its name.", s.Cert.Title())
			}
			return check.Broken(v.place(), "%s is neither the issuer %s nor issued by it: a signature without the right to give it is worth nothing.", s.Cert.Title(), v.Issuer.Title())
		}
		return check.Broken(v.place(), "%s issued %s, but not for signing OCSP responses.", v.Issuer.Title(), s.Cert.Title())
	}),
}, {
	ID: "ocsp.signer.is-issuer", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title: "The CA answers for itself",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		if !s.IsIssuer {
			return check.Skip()
		}
		return check.Holds(v.place(), "The response is signed with the key that signed the certificate.")
	}),
}, {
	ID: "ocsp.signer.self-vouching", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The certificate does not vouch for itself",
	Headline: "%s vouches for itself",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		switch {
		case v.Subject == nil:
			return check.Skip()
		case s.Cert.PublicKey.Same(v.Subject.PublicKey) && s.IsIssuer: // it is self-signed: nobody else could answer for it
			return check.Doubtful(v.place(), "%s is signed with its own key, and that key says that it is not revoked: whoever has the key can say so.", v.Subject.Title())
		case s.IsIssuer:
			return check.Skip()
		case s.Cert.PublicKey.Same(v.Subject.PublicKey):
			return check.Broken(v.place(), "%s is the certificate in question: its own key says that it is not revoked.", s.Cert.Title())
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.local", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title: "The signer is trusted by local decision",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		if !s.Local {
			return check.Skip()
		}
		return check.Note(v.place(), "%s is trusted here because you said so, not because the CA did.", s.Cert.Title())
	}),
}, {
	ID: "ocsp.signer.ca-digital-signature", Group: groupSigner, Level: check.Should, Refs: "TLS BR §7.1.2.10.7",
	Title: "A CA that signs responses has the digitalSignature usage",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		usage, ok := s.Cert.KeyUsage()
		if !s.IsIssuer || !ok {
			return check.Skip()
		}
		if !usage.Has(cert.DigitalSignature) {
			return check.Doubtful(v.place(), "keyUsage of %s is %s: without digitalSignature a CA must not sign responses under the Baseline Requirements.", s.Cert.Title(), usage)
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.critical", Group: groupSigner, Level: check.Should, Refs: "RFC 5280 §4.2",
	Title: "The signer's certificate has no unknown critical extension",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		for _, e := range s.Cert.Extensions {
			if e.Critical && !e.Known {
				return check.Doubtful(v.place(), "The extension %s is critical and unknown: path validation refuses the certificate.", e.ID)
			}
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.key-strength", Group: groupSigner, Level: check.Must, Refs: "TLS BR §6.1.5",
	Title:    "The signer's key is strong enough",
	Headline: "The signer's key can be broken",
	Judge: ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		k := s.Cert.PublicKey.Key
		if k.Family() == "RSA" && k.Size() < 1024 {
			return check.Broken(v.place(), "The key is %s. Keys under 1,024 bits have been broken; whoever breaks this one can take a revocation back.", k.Name())
		}
		if k.Family() == "RSA" && k.Size() < 2048 {
			return check.Doubtful(v.place(), "The key is %s; 2,048 bits are the least today.", k.Name())
		}
		return check.Holds(v.place(), "%s", k.Name())
	}),
}}

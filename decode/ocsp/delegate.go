package ocsp

import (
	"bytes"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// ofDelegate makes a rule that applies where the signer is not the issuer.
func ofDelegate(judge func(*check.Context, *View, *cert.Certificate) check.Outcome) func(*check.Context, *View) check.Outcome {
	return ofSigner(func(c *check.Context, v *View, s Signer) check.Outcome {
		if !s.Delegated {
			return check.Skip()
		}
		return judge(c, v, s.Cert)
	})
}

var delegateRules = []rule{{
	ID: "ocsp.signer.delegated-direct", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §2.6; RFC 6960 §4.2.2.2",
	Title:    "Issued directly by the CA that issued the certificate",
	Headline: "The signer was not issued by this CA",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		switch v.Signer.Under.Outcome {
		case sig.Valid:
			return check.Holds(v.place(), "The responder's certificate verifies under the key of %s. A delegated responder two steps down would be refused.", v.Issuer.Title())
		case sig.Unknown, sig.TooLarge:
			return check.Needs("issuer", v.place(), "Its signature cannot be computed: %s.", v.Signer.Under.Why)
		}
		if v.Signer.Local {
			return check.Skip()
		}
		if _, folded := k.Issuer.Equal(v.Issuer.Subject); folded {
			return check.Broken(v.place(), "%s names %s as its issuer, but its signature does not verify under that CA's key: another key of that name issued it.", k.Title(), v.Issuer.Title())
		}
		return check.Broken(v.place(), "%s is issued by %s; its signature does not verify under the key of %s. Delegation goes one step, from the CA that issued the certificate.", k.Title(), k.Issuer.Short(), v.Issuer.Title())
	}),
}, {
	ID: "ocsp.signer.delegated-eku", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The responder's certificate has the OCSP signing purpose",
	Headline: "The signer's certificate lacks the OCSP signing purpose",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if v.Signer.Purpose {
			return check.Holds(v.extension(k, cert.IDExtKeyUsage), "")
		}
		if v.Signer.Local {
			return check.Skip()
		}
		return check.Broken(v.extension(k, cert.IDExtKeyUsage), "The certificate of %s lacks id-kp-OCSPSigning: %s. Without this purpose any leaf could vouch for itself. Go's package does not look.", k.Title(), purposeText(k))
	}),
}, {
	ID: "ocsp.signer.delegated-any-eku", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The purpose is named, not covered by «any»",
	Headline: "The signer's certificate lacks the OCSP signing purpose",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if present, _ := k.HasEKU(cert.PurposeAny); !present {
			return check.Skip()
		}
		if v.Signer.AnyOnly {
			return check.Broken(v.extension(k, cert.IDExtKeyUsage), "The certificate has anyExtendedKeyUsage and not id-kp-OCSPSigning: «any purpose» does not include this one.")
		}
		return check.Holds(v.extension(k, cert.IDExtKeyUsage), "")
	}),
}, {
	ID: "ocsp.signer.delegated-name", Group: groupSigner, Level: check.Should, Refs: "TLS BR §7.1.2.8",
	Title: "The responder's certificate names the issuer as it names itself",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if v.Signer.Under.Outcome != sig.Valid {
			return check.Skip()
		}
		octets, folded := k.Issuer.Equal(v.Issuer.Subject)
		if !octets && folded {
			return check.Doubtful(v.place(), "Its issuer and the CA's subject both are %s, but differ in octets: in a string type, case or space. Firefox and GnuTLS refuse it.", v.Issuer.Subject)
		}
		if !octets {
			return check.Doubtful(v.place(), "Its issuer is %s, the CA's subject %s: the same key under another name. Chromium and Go accept it; OpenSSL, Firefox and GnuTLS refuse it.", k.Issuer, v.Issuer.Subject)
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.delegated-other-key", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The responder's certificate is not from another key of the CA",
	Headline: "The signer was issued by another key of the CA",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		_, folded := k.Issuer.Equal(v.Issuer.Subject)
		if !folded || v.Signer.Local {
			return check.Skip()
		}
		if o := v.Signer.Under.Outcome; o == sig.Wrong || o == sig.Mismatch || o == sig.Malformed {
			return check.Broken(v.place(), "It names %s as its issuer, but is signed by another key than the one that signed the certificate. After a new CA key the responder needs a new certificate.", v.Issuer.Title())
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.delegated-far", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The responder stands one step below the issuer",
	Headline: "The signer stands in another place of the hierarchy",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if v.Signer.Under.Outcome == sig.Valid {
			return check.Holds(v.place(), "")
		}
		if _, folded := k.Issuer.Equal(v.Issuer.Subject); folded || v.Signer.Local {
			return check.Skip() // delegated-other-key says it
		}
		all := v.candidates()
		for _, up := range all[:min(len(all), tried)] {
			if up.cert == k || k.SignedBy(up.cert).Outcome != sig.Valid {
				continue
			}
			if up.cert.SignedBy(v.Issuer).Outcome == sig.Valid && !bytes.Equal(up.cert.Raw, v.Issuer.Raw) {
				return check.Broken(v.place(), "%s is issued by %s, which is issued by %s: two steps, and delegation goes one.", k.Title(), up.cert.Title(), v.Issuer.Title())
			}
			return check.Broken(v.place(), "%s is issued by %s, which stands beside or above %s: it speaks for other certificates.", k.Title(), up.cert.Title(), v.Issuer.Title())
		}
		return check.Skip()
	}),
}, {
	ID: "ocsp.signer.valid-now", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2",
	Title:    "The responder's certificate is valid now",
	Headline: "The responder's certificate is not valid now",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		from, to := k.NotBefore, k.NotAfter
		switch {
		case !from.OK || !to.OK:
			return check.Skip()
		case c.At.IsZero():
			return check.Needs("time", v.place(), "Give a reference time.")
		case c.At.Before(from.Value.Time):
			return check.Broken(v.at(from.Ref), "It begins %s, %s. Chromium and Go do not look at the dates.", report.Clock(from.Value.Time), report.Distance(from.Value.Time, c.At))
		case c.At.After(to.Value.Time):
			return check.Broken(v.at(to.Ref), "It ended %s, %s. Chromium and Go do not look at the dates.", report.Clock(to.Value.Time), report.Distance(to.Value.Time, c.At))
		}
		return check.Holds(v.at(to.Ref), "Until %s.", report.Clock(to.Value.Time))
	}),
}, {
	ID: "ocsp.signer.nocheck", Group: groupSigner, Level: check.Should, Refs: "RFC 6960 §4.2.2.2.1; Mozilla RSP §5.2",
	Title: "The responder's certificate says that its own revocation need not be checked",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.Extension(cert.IDOCSPNoCheck) == nil {
			return check.Doubtful(v.place(), "id-pkix-ocsp-nocheck is absent: whether the responder itself is revoked stays unchecked.")
		}
		return check.Holds(v.extension(k, cert.IDOCSPNoCheck), "")
	}),
}, {
	ID: "ocsp.signer.nocheck-form", Group: groupSigner, Level: check.Must, Refs: "RFC 6960 §4.2.2.2.1",
	Title:    "nocheck is NULL and not critical",
	Headline: "The responder's nocheck extension has a wrong value",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		e := k.Extension(cert.IDOCSPNoCheck)
		switch {
		case e == nil:
			return check.Skip()
		case !bytes.Equal(e.Value, []byte{5, 0}):
			return check.Broken(v.at(e.Ref), "Its value is % x; it has to be NULL, 05 00.", e.Value[:min(8, len(e.Value))])
		case e.Critical:
			return check.Doubtful(v.at(e.Ref), "It is critical: GnuTLS refuses the responder for it.")
		}
		return check.Holds(v.at(e.Ref), "")
	}),
}, {
	ID: "ocsp.signer.revocation-pointer", Group: groupSigner, Level: check.Advice, Refs: "RFC 6960 §4.2.2.2.1",
	Title: "Without nocheck, the certificate says where its revocation stands",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.Extension(cert.IDOCSPNoCheck) != nil {
			return check.Skip()
		}
		var where []string
		where = append(append(where, k.CRLURLs()...), k.OCSPURLs()...)
		if len(where) == 0 {
			return check.Note(v.place(), "There is neither a CRL distribution point nor an OCSP responder: nobody can find out whether it is revoked.")
		}
		return check.Note(v.place(), "Its own revocation can be looked up at %s.", strings.Join(where, ", "))
	}),
}, {
	ID: "ocsp.signer.key-usage", Group: groupSigner, Level: check.Should, Refs: "RFC 5280 §4.2.1.3; RFC 5280 §4.2.1.12",
	Title: "The key usage allows signing responses",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		usage, ok := k.KeyUsage()
		if !ok {
			return check.Skip()
		}
		if !usage.Has(cert.DigitalSignature) && !usage.Has(cert.NonRepudiation) {
			return check.Doubtful(v.extension(k, cert.IDKeyUsage), "keyUsage is %s: neither digitalSignature nor nonRepudiation. The key was not meant for signing such answers.", usage)
		}
		return check.Holds(v.extension(k, cert.IDKeyUsage), "")
	}),
}, {
	ID: "ocsp.signer.not-ca", Group: groupSigner, Level: check.Should, Refs: "TLS BR §7.1.2.8.4",
	Title: "The responder is not a CA",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.IsCA() {
			return check.Doubtful(v.extension(k, cert.IDBasicConstraints), "basicConstraints says CA:TRUE: a leaked responder key would also sign certificates. Firefox refuses it.")
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.certificate-signature", Group: groupSigner, Level: check.Must, Refs: "Mozilla RSP §5.1.3",
	Title:    "The responder's certificate is signed with a strong hash",
	Headline: "The responder's certificate is signed with a broken hash",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		scheme := k.Algorithm.Scheme()
		switch scheme.Weak {
		case sig.Broken:
			return check.Broken(v.at(k.Algorithm.Ref), "It is signed with %s: a forged responder certificate is as good as a stolen CA key.", scheme.Name)
		case sig.Legacy:
			return check.Doubtful(v.at(k.Algorithm.Ref), "It is signed with %s. Firefox refuses it.", scheme.Name)
		}
		return check.Holds(v.at(k.Algorithm.Ref), "")
	}),
}, {
	ID: "ocsp.signer.lifetime", Group: groupSigner, Level: check.Should, Refs: "RFC 9919 §3.2.2; RFC 6960 §4.2.2.2.1",
	Title: "A responder that cannot be revoked is short-lived",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.Extension(cert.IDOCSPNoCheck) == nil || !k.NotBefore.OK || !k.NotAfter.OK {
			return check.Skip()
		}
		if life := k.NotAfter.Value.Sub(k.NotBefore.Value.Time); life > 366*day {
			return check.Doubtful(v.place(), "It has nocheck and lives for %s: it cannot be revoked, so it should be short-lived.", report.Length(life))
		}
		return check.Holds(v.place(), "")
	}),
}, {
	ID: "ocsp.signer.dedicated", Group: groupSigner, Level: check.Should, Refs: "TLS BR §7.1.2.8.5; Microsoft §3.1.18",
	Title: "The responder's certificate has no other purpose",
	Judge: ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if !v.Signer.Purpose {
			return check.Skip()
		}
		if n := len(purposeList(k)); n > 1 {
			return check.Doubtful(v.extension(k, cert.IDExtKeyUsage), "Its purposes are %s. One key, one job.", purposes(k))
		}
		return check.Holds(v.extension(k, cert.IDExtKeyUsage), "")
	}),
}}

// purposeList gives the extended key usages of a certificate.
func purposeList(k *cert.Certificate) []oid.ID {
	e := k.Extension(cert.IDExtKeyUsage)
	if e == nil {
		return nil
	}
	list, _ := e.Content.(cert.ExtKeyUsage)
	return list
}

// purposes lists the extended key usages for people.
func purposes(k *cert.Certificate) string {
	list := purposeList(k)
	if len(list) == 0 {
		return "none"
	}
	names := make([]string, len(list))
	for i, id := range list {
		names[i] = id.String()
	}
	return strings.Join(names, ", ")
}

// purposeText says in a sentence which purposes a certificate has.
func purposeText(k *cert.Certificate) string {
	if len(purposeList(k)) == 0 {
		return "it names no purpose"
	}
	return "its purposes are " + purposes(k)
}

// at gives a node of the signer's certificate if it stands in the response;
// the nodes of other items are no place to point at from this one.
func (v *View) at(ref report.Ref) report.Ref {
	if v.Signer.Place == Embedded {
		return ref
	}
	return v.Basic.Data.Responder.Ref
}

// extension gives the node of an extension of the signer's certificate, or of
// the certificate where it has none.
func (v *View) extension(k *cert.Certificate, id oid.ID) report.Ref {
	if e := k.Extension(id); e != nil {
		return v.at(e.Ref)
	}
	return v.place()
}

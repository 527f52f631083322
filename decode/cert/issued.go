package cert

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
)

type certificateRule = check.Rule[*CertificateView]

// signedByIssuer judges the signature of a thing by its issuer's key.
func signedByIssuer(i Issued, name Name, at report.Ref) check.Outcome {
	switch {
	case name.Raw == nil:
		return check.Skip()
	case i.By == nil:
		return check.Needs("issuer", at, "The certificate of %s is not at hand: without its key nobody can tell whether it signed this.", name)
	case i.Self && i.Signed.Outcome == sig.Valid:
		return check.Holds(at, "It is signed with its own key: a root, or a certificate that someone made alone. Nothing but your own trust in it vouches for it.")
	}
	switch by := i.By.Subject; i.Signed.Outcome {
	case sig.Valid:
		return check.Holds(at, "%s signed it.", by).And(i.By.PublicKey.Ref)
	case sig.Wrong:
		return check.Broken(at, "The signature does not fit the key of %s, which has the right name: %s.", by, i.Signed.Why).And(i.By.PublicKey.Ref)
	case sig.Unknown:
		return check.Doubtful(at, "The signature is not computed here: %s.", i.Signed.Why)
	}
	return check.Broken(at, "The signature cannot be checked with the key of %s: %s.", i.By.Subject, i.Signed.Why).And(i.By.PublicKey.Ref)
}

// keyIDFits compares the authority key identifier with the issuer's own.
func keyIDFits(i Issued, list []Extension, aki []byte) check.Outcome {
	if i.By == nil || aki == nil || i.By.SKI() == nil {
		return check.Skip()
	}
	at := Find(list, IDAuthorityKeyIdentifier).Ref
	if ski := i.By.SKI(); !bytes.Equal(aki, ski) {
		return check.Broken(at, "It names the key %s, the issuer's certificate has %s.", field.Colons(head(aki)), field.Colons(head(ski)))
	}
	return check.Holds(at, "")
}

// mayIssue judges whether the issuer's certificate lets its key sign this.
func mayIssue(i Issued, bit int, what string) check.Outcome {
	if i.By == nil || i.Self {
		return check.Skip()
	}
	by := i.By
	if b := by.Extension(IDBasicConstraints); bit == KeyCertSign && !by.IsCA() {
		if b == nil {
			if n, _ := by.Version.Value.Int64(); n < 2 && by.SelfIssued() {
				return check.Doubtful(by.Ref, "%s is a root of version %d, of before there was a way to say that it is a CA.", by.Title(), n+1)
			}
			return check.Broken(by.Ref, "%s lacks basicConstraints: it is no CA, and what it signs counts for nothing.", by.Title())
		}
		return check.Broken(b.Ref, "%s has CA:FALSE: it is no CA, and what it signs counts for nothing.", by.Title())
	}
	if usage, ok := by.KeyUsage(); ok && !usage.Has(bit) {
		return check.Broken(usage.Ref, "The key of %s may be used for %s, and so not to sign %s.", by.Title(), usage, what)
	}
	return check.Holds(by.Ref, "")
}

var issuedRules = []certificateRule{{
	ID: "cert.issuer.signed", Group: certIssuer, Level: check.Must, Refs: "RFC 5280 §6.1.3",
	Title: "The issuer that it names signed it",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		if !v.OK {
			return check.Skip()
		}
		return signedByIssuer(v.Issued, v.Issuer, v.Signature.Ref)
	},
}, {
	ID: "cert.issuer.ca", Group: certIssuer, Level: check.Must, Refs: "RFC 5280 §4.2.1.9; RFC 5280 §4.2.1.3",
	Title: "The issuer is a CA",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		return mayIssue(v.Issued, KeyCertSign, "certificates")
	},
}, {
	ID: "cert.issuer.key-id", Group: certIssuer, Level: check.Should, Refs: "RFC 5280 §4.2.1.1",
	Title: "Its authority key identifier is that of the issuer",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		return keyIDFits(v.Issued, v.Extensions, v.AKI())
	},
}, {
	ID: "cert.issuer.time", Group: certIssuer, Level: check.Must, Refs: "RFC 5280 §6.1.3",
	Title: "The issuer's certificate is valid at the time too",
	Judge: func(c *check.Context, v *CertificateView) check.Outcome {
		if v.By == nil || v.Self || c.At.IsZero() {
			return check.Skip()
		}
		return validity(c, v.By, "The certificate of "+v.By.Title())
	},
}, {
	ID: "cert.revoked.listed", Group: certRevoked, Level: check.Must, Refs: "RFC 5280 §5.3; RFC 5280 §6.3.3",
	Title: "The CRL at hand does not list it",
	Judge: func(c *check.Context, v *CertificateView) check.Outcome {
		switch {
		case v.CRL == nil:
			return check.Skip()
		case v.Listed < 0:
			return check.Holds(v.CRL.Ref, "It is not among %s of %s.", count(len(v.CRL.Entries), "entry", "entries"), v.CRL.Title())
		}
		e := v.CRL.Entry(v.Listed)
		at, why := v.CRL.Entries[v.Listed].Ref, ""
		if at == report.None {
			at = v.CRL.Revoked
		}
		reason, said := e.Reason()
		if said {
			why = ", " + reason.String()
		}
		if said && reason == removeFromCRL {
			return check.Note(at, "It was on hold, and is taken off the list again.")
		}
		return check.Broken(at, "Revoked on %s%s, entry %d of %s.", report.Clock(e.Date.Time), why, v.Listed, v.CRL.Title()).And(v.Serial.Ref)
	},
}}

// removeFromCRL ends a hold; it stands in delta CRLs alone.
const removeFromCRL Reason = 8

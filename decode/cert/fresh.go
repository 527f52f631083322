package cert

import (
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

type crlRule = check.Rule[*CRLView]

// at is the node of an entry, or of the list where the entry has none.
func (v *CRLView) at(i int) report.Ref {
	if ref := v.Entries[i].Ref; ref != report.None {
		return ref
	}
	return v.Revoked
}

// The rules of CRLs, in the order of their groups.
var crlRules = []crlRule{{
	ID: "crl.readable", Group: crlReadable, Level: check.Must, Refs: "RFC 5280 §5.1; X.690 §10",
	Title: "The CRL can be read to its end, and is DER",
	Judge: func(c *check.Context, v *CRLView) check.Outcome {
		o := readable(c)
		if v.unread >= 0 && !o.Bad() {
			return check.Broken(v.at(v.unread), "Entry %d cannot be read: %s%s.", v.unread, v.unreadWhy, more(v.unreadAll))
		}
		return o
	},
}, {
	ID: "crl.issuer.signed", Group: crlIssuer, Level: check.Must, Refs: "RFC 5280 §6.3.3",
	Title: "The issuer that it names signed it",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		if !v.OK {
			return check.Skip()
		}
		return signedByIssuer(v.Issued, v.Issuer, v.Signature.Ref)
	},
}, {
	ID: "crl.issuer.usage", Group: crlIssuer, Level: check.Must, Refs: "RFC 5280 §4.2.1.3; RFC 5280 §6.3.3",
	Title: "The issuer's key may sign CRLs",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome { return mayIssue(v.Issued, CRLSign, "CRLs") },
}, {
	ID: "crl.issuer.key-id", Group: crlIssuer, Level: check.Should, Refs: "RFC 5280 §5.2.1",
	Title: "Its authority key identifier is that of the issuer",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome { return keyIDFits(v.Issued, v.Extensions, v.AKI()) },
}, {
	ID: "crl.fresh.begun", Group: crlFresh, Level: check.Must, Refs: "RFC 5280 §5.1.2.4",
	Title: "It was issued before the time asked for",
	Judge: func(c *check.Context, v *CRLView) check.Outcome {
		t := v.ThisUpdate
		switch {
		case !t.OK:
			return check.Skip()
		case c.At.IsZero():
			return check.Needs("time", t.Ref, "It was issued on %s: say for which moment you ask.", report.Clock(t.Value.Time))
		case t.Value.After(c.At):
			return check.Broken(t.Ref, "thisUpdate is %s, %s.", report.Clock(t.Value.Time), report.Distance(t.Value.Time, c.At))
		}
		return check.Holds(t.Ref, "It was issued %s.", report.Distance(t.Value.Time, c.At))
	},
}, {
	ID: "crl.fresh.current", Group: crlFresh, Level: check.Must, Refs: "RFC 5280 §5.1.2.5; RFC 5280 §6.3.3",
	Title: "The next one is not yet due",
	Judge: func(c *check.Context, v *CRLView) check.Outcome {
		t := v.NextUpdate
		switch {
		case !v.OK:
			return check.Skip()
		case !t.OK:
			return check.Doubtful(v.ThisUpdate.Ref, "nextUpdate is missing: RFC 5280 requires it, and without it nobody knows how long to rely on this list.")
		case c.At.IsZero():
			return check.Needs("time", t.Ref, "The next one is due on %s: say for which moment you ask.", report.Clock(t.Value.Time))
		case c.At.After(t.Value.Time):
			return check.Broken(t.Ref, "The next one was due on %s, %s.", report.Clock(t.Value.Time), report.Distance(t.Value.Time, c.At))
		}
		return check.Holds(t.Ref, "The next one is due %s.", report.Distance(t.Value.Time, c.At))
	},
}, {
	ID: "crl.ext.critical", Group: crlExtension, Level: check.Must, Refs: "RFC 5280 §5.2",
	Title: "Every critical extension is known",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome { return criticalKnown(v.Extensions, v.Ref) },
}, {
	ID: "crl.ext.once", Group: crlExtension, Level: check.Must, Refs: "RFC 5280 §4.2",
	Title: "No extension stands there twice",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		if len(v.Extensions) == 0 {
			return check.Skip()
		}
		return once(v.Extensions, v.Ref)
	},
}, {
	ID: "crl.ext.entries", Group: crlExtension, Level: check.Must, Refs: "RFC 5280 §5.3",
	Title: "Every critical extension of an entry is known",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		if len(v.Entries) == 0 {
			return check.Skip()
		}
		if v.critical >= 0 {
			return check.Broken(v.at(v.critical), "Entry %d has the critical extension %s, which is not known: the whole list must not be used.", v.critical, v.criticalName)
		}
		return check.Holds(v.Revoked, "")
	},
}, {
	ID: "crl.ext.partial", Group: crlExtension, Level: check.Advice, Refs: "RFC 5280 §5.2.4; RFC 5280 §5.2.5",
	Title: "The list says what it covers",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		if e := Find(v.Extensions, IDDeltaCRLIndicator); e != nil {
			base, _ := content[field.Int](v.Extensions, IDDeltaCRLIndicator)
			return check.Note(e.Ref, "It is a delta CRL: it lists what changed since the CRL with the number %s.", decimal(base))
		}
		p, ok := content[*IssuingDistributionPoint](v.Extensions, IDIssuingDistributionPoint)
		switch {
		case !ok:
			return check.Skip()
		case p.OnlyUser:
			return check.Note(p.Ref, "It covers no certificates of CAs (onlyContainsUserCerts).")
		case p.OnlyCA:
			return check.Note(p.Ref, "It covers certificates of CAs only (onlyContainsCACerts).")
		case p.OnlyAttribute:
			return check.Note(p.Ref, "It covers attribute certificates only (onlyContainsAttributeCerts).")
		case p.OnlySome.OK:
			return check.Note(p.Ref, "It covers some reasons only (onlySomeReasons): %s.", bitNames(p.OnlySome.Value, flagNames))
		case p.Indirect:
			return check.Note(p.Ref, "It lists certificates of other CAs, too (indirectCRL).")
		}
		return check.Skip()
	},
}, {
	ID: "crl.signature.algorithm", Group: crlSignature, Level: check.Must, Refs: "RFC 5280 §5.1.1.2",
	Title: "The signature algorithm is one that is still trusted",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome { return strongSignature(v.Algorithm, false) },
}, {
	ID: "crl.signature.same", Group: crlSignature, Level: check.Must, Refs: "RFC 5280 §5.1.1.2",
	Title: "The algorithm inside is the one outside",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome { return sameAlgorithm(v.Inner, v.Algorithm) },
}, {
	ID: "crl.form.version", Group: crlForm, Level: check.Must, Refs: "RFC 5280 §5; RFC 5280 §5.1.2.1",
	Title: "It is version 2",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		n, _ := v.Version.Value.Int64()
		switch {
		case !v.OK:
			return check.Skip()
		case len(v.Extensions) > 0 && n != 1:
			return check.Broken(v.Ref, "It has extensions, and its version is v%d.", n+1)
		case v.Version.OK && n != 1:
			return check.Broken(v.Version.Ref, "The version is written out as %d; where it stands it is v2(1).", n)
		case !v.Version.OK:
			return check.Doubtful(v.Ref, "It is v1: RFC 5280 wants v2, with cRLNumber and authorityKeyIdentifier, and Go reads no other.")
		}
		return check.Holds(v.Version.Ref, "v2.")
	},
}, {
	ID: "crl.form.number", Group: crlForm, Level: check.Should, Refs: "RFC 5280 §5.2.3",
	Title: "It has a number of at most 20 octets",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		number, ok := v.Number()
		switch {
		case !v.OK || !v.Version.OK:
			return check.Skip()
		case !ok:
			return check.Broken(v.Ref, "The extension cRLNumber is missing: two lists of a CA cannot be put in order.")
		case len(number) > 20 || number.Sign() < 0:
			return check.Broken(Find(v.Extensions, IDCRLNumber).Ref, "The number %s is negative, or has more than 20 octets.", decimal(number))
		}
		return check.Holds(Find(v.Extensions, IDCRLNumber).Ref, "Number %s.", decimal(number))
	},
}, {
	ID: "crl.form.key-id", Group: crlForm, Level: check.Should, Refs: "RFC 5280 §5.2.1",
	Title: "It names the key that signed it",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		e := Find(v.Extensions, IDAuthorityKeyIdentifier)
		switch {
		case !v.OK || !v.Version.OK:
			return check.Skip()
		case e == nil:
			return check.Broken(v.Ref, "The extension authorityKeyIdentifier is missing.")
		}
		return check.Holds(e.Ref, "")
	},
}, {
	ID: "crl.form.unique", Group: crlForm, Level: check.Should, Refs: "RFC 5280 §5.1.2.6",
	Title: "Every serial number is listed once",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		switch {
		case len(v.Entries) == 0:
			return check.Skip()
		case v.twin >= 0:
			return check.Broken(v.at(v.twin), "Entries %d and %d both have the serial number %s.", v.twinOf, v.twin, v.Entry(v.twin).Serial.Text()).And(v.at(v.twinOf))
		}
		return check.Holds(v.Revoked, "%s.", count(len(v.Entries), "entry", "entries"))
	},
}, {
	ID: "crl.form.dates", Group: crlForm, Level: check.Should, Refs: "RFC 5280 §5.1.2.6",
	Title: "No entry is dated after the list",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		if len(v.Entries) == 0 || !v.ThisUpdate.OK {
			return check.Skip()
		}
		if v.later >= 0 {
			return check.Broken(v.at(v.later), "Entry %d was revoked on %s, after thisUpdate, which is %s.", v.later,
				report.Clock(v.Entry(v.later).Date.Time), report.Clock(v.ThisUpdate.Value.Time)).And(v.ThisUpdate.Ref)
		}
		return check.Holds(v.Revoked, "")
	},
}, {
	ID: "crl.form.reasons", Group: crlForm, Level: check.Should, Refs: "RFC 5280 §5.3.1",
	Title: "Every reason is one that is defined",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		switch {
		case v.reasons == 0:
			return check.Skip()
		case v.oddReason >= 0:
			return check.Broken(v.at(v.oddReason), "The reason of entry %d is %d, which RFC 5280 does not define.", v.oddReason, v.parts(v.oddReason).reason)
		case v.taken >= 0 && Find(v.Extensions, IDDeltaCRLIndicator) == nil:
			return check.Broken(v.at(v.taken), "The reason of entry %d is removeFromCRL(8), which stands in delta CRLs alone.", v.taken)
		}
		return check.Holds(v.Revoked, "%s.", count(v.reasons, "reason", "reasons"))
	},
}, {
	ID: "crl.form.empty", Group: crlForm, Level: check.Should, Refs: "RFC 5280 §5.1.2.6",
	Title: "A list without entries leaves revokedCertificates out",
	Judge: func(_ *check.Context, v *CRLView) check.Outcome {
		switch {
		case !v.OK || len(v.Entries) > 0:
			return check.Skip()
		case v.Revoked != report.None:
			return check.Broken(v.Revoked, "revokedCertificates is there and empty: RFC 5280 wants it left out.")
		}
		return check.Holds(v.Ref, "Nothing is revoked.")
	},
}}

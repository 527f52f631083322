package ocsp

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// The rules of this file and of the other lint files belong to profiles, and
// never touch the verdict.

func baseline(id, title, section string, level check.Level, judge func(*check.Context, *View) check.Outcome) rule {
	return lint("br", groupBR, id, title, level, tlsBR(section), judge)
}

// ofLeaf makes a rule for the entries that count, of a certificate that is no
// CA's. A certificate that is not at hand is taken for a leaf.
func ofLeaf(judge func(c *check.Context, v *View, s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if v.Subject != nil && v.Subject.IsCA() || !s.ThisUpdate.OK {
			return check.Skip()
		}
		return judge(c, v, s)
	})
}

// ofCA makes a rule for the entries that count, of a CA's certificate.
func ofCA(judge func(c *check.Context, v *View, s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if v.Subject == nil || !v.Subject.IsCA() {
			return check.Skip()
		}
		return judge(c, v, s)
	})
}

// interval is the length of the window, counted inclusively as the Baseline
// Requirements do (TLS BR, section 4.9.9).
func (s Single) interval() time.Duration {
	return s.NextUpdate.Value.Sub(s.ThisUpdate.Value.Time) + time.Second
}

var sunset = time.Date(2022, 6, 1, 0, 0, 0, 0, time.UTC)

var baselineRules = []rule{
	baseline("interval-min", "The validity interval is at least 8 hours", "4.9.9", check.Must, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Skip()
		}
		if s.interval() < 8*time.Hour {
			return check.Broken(s.NextUpdate.Ref, "It is %s, counted inclusively.", report.Length(s.interval()))
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	baseline("interval-max", "The validity interval is at most 10 days", "4.9.9", check.Must, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Broken(s.ThisUpdate.Ref, "There is no nextUpdate, so it has no end.")
		}
		if s.interval() > 10*day {
			return check.Broken(s.NextUpdate.Ref, "It is %s, counted inclusively.", report.Length(s.interval()))
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	baseline("refresh", "A newer response is not yet due", "4.9.9", check.Should, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK || c.At.IsZero() {
			return check.Skip()
		}
		this, next := s.ThisUpdate.Value.Time, s.NextUpdate.Value.Time
		due := this.Add(next.Sub(this) / 2)
		if s.interval() >= 16*time.Hour {
			due = next.Add(-8 * time.Hour)
			if four := this.Add(4 * day); four.Before(due) {
				due = four
			}
		}
		if c.At.After(due) {
			return check.Doubtful(s.NextUpdate.Ref, "A newer one has been due since %s, %s.", report.Clock(due), report.Distance(due, c.At))
		}
		return check.Holds(s.NextUpdate.Ref, "Due %s.", report.Distance(due, c.At))
	})),
	baseline("ca-refresh", "The status of a CA is at most 12 months old", "4.9.9", check.Should, ofCA(func(c *check.Context, v *View, s Single) check.Outcome {
		if c.At.IsZero() || !s.ThisUpdate.OK {
			return check.Skip()
		}
		if c.At.After(s.ThisUpdate.Value.AddDate(1, 0, 0)) {
			return check.Doubtful(s.ThisUpdate.Ref, "thisUpdate is %s, %s.", report.Clock(s.ThisUpdate.Value.Time), report.Distance(s.ThisUpdate.Value.Time, c.At))
		}
		return check.Holds(s.ThisUpdate.Ref, "")
	})),
	baseline("ca-reason", "The revocation of a CA says why", "7.3", check.Must, ofCA(func(c *check.Context, v *View, s Single) check.Outcome {
		if s.Standing != Revoked {
			return check.Skip()
		}
		if !s.Reason.OK {
			return check.Broken(s.StatusRef, "%s is a CA, and revocationReason is absent.", v.Subject.Title())
		}
		return check.Holds(s.Reason.Ref, "")
	})),
	baseline("reason", "The revocation reason is one that is allowed", "7.2.2", check.Must, reasons(func(v *View, s Single, reason int) check.Outcome {
		switch {
		case reason == 1 || reason == 3 || reason == 4 || reason == 5 || reason == 9:
		case reason == 2 && v.Subject != nil && v.Subject.IsCA():
		default:
			return check.Broken(s.Reason.Ref, "It is %s (%d); allowed are keyCompromise, affiliationChanged, superseded, cessationOfOperation and privilegeWithdrawn, for CAs cACompromise too.", s.Reason.Value, reason)
		}
		return check.Holds(s.Reason.Ref, "")
	})),
	baseline("reason-extension", "No entry has a reasonCode extension", "7.3.2", check.Must, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		for _, s := range b.Data.Singles {
			if e := cert.Find(s.Extensions, cert.IDReasonCode); e != nil {
				return check.Broken(e.Ref, "singleExtensions holds reasonCode; the reason belongs in RevokedInfo.")
			}
		}
		return check.Holds(b.Data.Responses, "")
	})),
	baseline("algorithm-octets", "The signature algorithm is one of the listed encodings", "7.1.3.2", check.Must, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if b.Algorithm.Raw == nil {
			return check.Skip()
		}
		if b.Algorithm.Baseline() {
			return check.Holds(b.Algorithm.Ref, "")
		}
		return check.Broken(b.Algorithm.Ref, "Its octets are %s (%s), which is none of the encodings listed byte for byte.", brief(b.Algorithm.Raw), b.Algorithm.Scheme().Name)
	})),
	baseline("sha1", "SHA-1 is not used after May 2022", "7.1.3.2.1", check.Must, produced(func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome {
		if v.Basic.Algorithm.Scheme().Hash != "SHA-1" {
			return check.Skip()
		}
		if !p.Value.Before(sunset) {
			return check.Broken(v.Basic.Algorithm.Ref, "It was produced %s with SHA-1; the sunset was 2022-06-01.", report.Clock(p.Value.Time))
		}
		return check.Holds(v.Basic.Algorithm.Ref, "")
	})),
	baseline("unassigned-good", "No serial number that was never issued is called good", "4.9.9", check.May, counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if s.Standing != Good {
			return check.Skip()
		}
		if len(v.Matching) > 0 {
			return check.Holds(s.StatusRef, "The certificate exists: it is at hand.")
		}
		return check.Needs("subject", s.StatusRef, "Whether the serial number was ever given out cannot be seen from one response; CT would tell.")
	})),
}

func responder(id, title, section string, level check.Level, judge func(*check.Context, *View, *cert.Certificate) check.Outcome) rule {
	return baseline("responder-"+id, title, section, level, ofDelegate(judge))
}

// forbidden makes a rule against an extension of the responder's certificate.
func forbidden(id, title string, ext oid.ID, strength func(report.Ref, string, ...any) check.Outcome, why string) rule {
	section := "7.1.2.8.2"
	if ext == cert.IDCertificatePolicies {
		section = "7.1.2.8.8"
	}
	return responder(id, title, section, check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if e := k.Extension(ext); e != nil {
			return strength(v.at(e.Ref), why)
		}
		return check.Holds(v.place(), "")
	})
}

var baselineResponderRules = []rule{
	responder("eku", "Its only purpose is OCSP signing", "7.1.2.8.5", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if list := purposeList(k); len(list) != 1 || list[0] != cert.PurposeOCSPSigning {
			return check.Broken(v.extension(k, cert.IDExtKeyUsage), "Its purposes are %s; exactly id-kp-OCSPSigning is allowed.", purposes(k))
		}
		return check.Holds(v.extension(k, cert.IDExtKeyUsage), "")
	}),
	responder("nocheck", "It has nocheck", "7.1.2.8.6", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		switch e := k.Extension(cert.IDOCSPNoCheck); {
		case e == nil:
			return check.Broken(v.place(), "id-pkix-ocsp-nocheck is absent.")
		case e.Critical:
			return check.Broken(v.at(e.Ref), "id-pkix-ocsp-nocheck is critical.")
		case !bytes.Equal(e.Value, []byte{5, 0}):
			return check.Broken(v.at(e.Ref), "The value of id-pkix-ocsp-nocheck is % x, not 05 00.", e.Value[:min(8, len(e.Value))])
		default:
			return check.Holds(v.at(e.Ref), "")
		}
	}),
	responder("ku", "Its key usage is digitalSignature alone, and critical", "7.1.2.8.7", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		e := k.Extension(cert.IDKeyUsage)
		if e == nil {
			return check.Broken(v.place(), "keyUsage is absent.")
		}
		usage, _ := k.KeyUsage()
		if usage.String() != "digitalSignature" {
			return check.Broken(v.at(e.Ref), "keyUsage is %s; digitalSignature alone is allowed.", usage)
		}
		if !e.Critical {
			return check.Broken(v.at(e.Ref), "keyUsage is not critical.")
		}
		return check.Holds(v.at(e.Ref), "")
	}),
	responder("bc", "Its basicConstraints, if there, are empty", "7.1.2.8.4", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		e := k.Extension(cert.IDBasicConstraints)
		if e == nil {
			return check.Holds(v.place(), "")
		}
		if !bytes.Equal(e.Value, []byte{0x30, 0}) {
			return check.Broken(v.at(e.Ref), "basicConstraints are % x; if present, exactly 30 00 is allowed.", e.Value[:min(8, len(e.Value))])
		}
		return check.Holds(v.at(e.Ref), "")
	}),
	responder("aki", "It names the key that signed it", "7.1.2.8.2", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		switch e := k.Extension(cert.IDAuthorityKeyIdentifier); {
		case e == nil:
			return check.Broken(v.place(), "authorityKeyIdentifier is absent.")
		case e.Critical:
			return check.Broken(v.at(e.Ref), "authorityKeyIdentifier is critical.")
		default:
			return check.Holds(v.at(e.Ref), "")
		}
	}),
	responder("ski", "It names its own key", "7.1.2.8.2", check.Should, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.Extension(cert.IDSubjectKeyIdentifier) == nil {
			return check.Doubtful(v.place(), "subjectKeyIdentifier is absent; it should be there.")
		}
		return check.Holds(v.extension(k, cert.IDSubjectKeyIdentifier), "")
	}),
	forbidden("cdp", "It has no CRL distribution points", cert.IDCRLDistributionPoints, check.Broken, "cRLDistributionPoints is there; nocheck makes it pointless."),
	responder("aia", "It has no authority information access", "7.1.2.8.3", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		e := k.Extension(cert.IDAuthorityInfoAccess)
		if e == nil {
			return check.Holds(v.place(), "")
		}
		info, _ := e.Content.(cert.AuthorityInfo)
		for _, a := range info {
			if a.Method != cert.MethodOCSP {
				return check.Broken(v.at(e.Ref), "authorityInfoAccess has the method %s; only ocsp is allowed.", a.Method)
			}
		}
		return check.Doubtful(v.at(e.Ref), "authorityInfoAccess is there; it is not recommended.")
	}),
	forbidden("san", "It has no subjectAltName", cert.IDSubjectAltName, check.Broken, "subjectAltName is there; a responder is no host."),
	forbidden("nc", "It has no name constraints", cert.IDNameConstraints, check.Broken, "nameConstraints is there; it is for CAs only."),
	forbidden("policies", "It has no certificate policies", cert.IDCertificatePolicies, check.Doubtful, "certificatePolicies is there: it should not be since 2.0, and may break path validation."),
	responder("other", "It has no other extension", "7.1.2.8.2", check.Should, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		for _, e := range k.Extensions {
			switch e.ID {
			case cert.IDOCSPNoCheck, cert.IDExtKeyUsage, cert.IDKeyUsage, cert.IDBasicConstraints, cert.IDAuthorityKeyIdentifier, cert.IDSubjectKeyIdentifier,
				cert.IDCRLDistributionPoints, cert.IDAuthorityInfoAccess, cert.IDSubjectAltName, cert.IDNameConstraints, cert.IDCertificatePolicies, cert.IDSCTList:
			default:
				return check.Doubtful(v.at(e.Ref), "%s is there; it is not recommended.", e.ID)
			}
		}
		return check.Holds(v.place(), "")
	}),
	responder("version", "It is of version 3", "7.1.2.8", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if n, ok := k.Version.Value.Int64(); !k.Version.OK || !ok || n != 2 {
			return check.Broken(v.place(), "Its version is v%d; extensions need v3.", n+1)
		}
		return check.Holds(v.at(k.Version.Ref), "")
	}),
	responder("uids", "It has no unique identifiers", "7.1.2.8", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.IssuerUID.OK {
			return check.Broken(v.place(), "issuerUniqueID is there: a relic of version 2.")
		}
		if k.SubjectUID.OK {
			return check.Broken(v.place(), "subjectUniqueID is there: a relic of version 2.")
		}
		return check.Holds(v.place(), "")
	}),
	responder("serial", "Its serial number is positive and has 64 bits at least", "7.1.2.8", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		n := k.Serial.Value.Big()
		switch {
		case !k.Serial.OK:
			return check.Skip()
		case n.Sign() < 0:
			return check.Broken(v.at(k.Serial.Ref), "It is %s, and the first bit makes it negative; it must be positive and below 2^159.", k.Serial.Value.Text())
		case n.Sign() == 0 || n.BitLen() > 159:
			return check.Broken(v.at(k.Serial.Ref), "It is %s; it must be positive and below 2^159.", k.Serial.Value.Text())
		case n.BitLen() <= 56: // 64 random bits hardly ever start with a zero octet
			return check.Doubtful(v.at(k.Serial.Ref), "It is %s, of %d bits; 64 random bits are needed.", k.Serial.Value.Text(), n.BitLen())
		}
		return check.Holds(v.at(k.Serial.Ref), "")
	}),
	responder("issuer-octets", "Its issuer is the CA's subject, byte for byte", "7.1.2.8", check.Must, func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if v.Signer.Under.Outcome != sig.Valid {
			return check.Skip()
		}
		if !bytes.Equal(k.Issuer.Raw, v.Issuer.Subject.Raw) {
			return check.Broken(v.at(k.Issuer.Ref), "Its issuer %s and the CA's subject %s differ in octets.", k.Issuer, v.Issuer.Subject)
		}
		return check.Holds(v.at(k.Issuer.Ref), "")
	}),
}

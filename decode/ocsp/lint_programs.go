package ocsp

import (
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// lint makes a rule of a profile.
func lint(profile string, g *check.Group, id, title string, level check.Level, ref spec.Ref, judge func(*check.Context, *View) check.Outcome) rule {
	return rule{ID: "ocsp." + profile + "." + id, Group: g, Level: level, Profile: profile, Refs: spec.Join(ref), Title: title, Judge: judge}
}

func mozilla(id, title, section string, level check.Level, judge func(*check.Context, *View) check.Outcome) rule {
	return lint("mozilla", groupMozilla, id, title, level, mozillaRSP(section), judge)
}

var mozillaRules = []rule{
	mozilla("next", "nextUpdate is at most 10 days after thisUpdate", "6", check.Must, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Broken(s.ThisUpdate.Ref, "There is no nextUpdate.")
		}
		if d := s.NextUpdate.Value.Sub(s.ThisUpdate.Value.Time); d > 10*day {
			return check.Broken(s.NextUpdate.Ref, "It is %s after thisUpdate.", report.Length(d))
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	mozilla("within-certs", "nextUpdate lies within the validity of the certificates in it, or of the issuer", "6", check.Must, counting(func(c *check.Context, v *View, s Single) check.Outcome {
		list := v.embedded()
		if len(list) == 0 && v.Issuer != nil {
			list = []*cert.Certificate{v.Issuer}
		}
		if len(list) == 0 || !s.NextUpdate.OK {
			return check.Skip()
		}
		for _, k := range list {
			if k.NotAfter.OK && s.NextUpdate.Value.After(k.NotAfter.Value.Time) {
				return check.Broken(s.NextUpdate.Ref, "nextUpdate is %s; %s ends %s.", report.Clock(s.NextUpdate.Value.Time), k.Title(), report.Clock(k.NotAfter.Value.Time))
			}
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	mozilla("age", "thisUpdate is at most 4 days old", "6", check.Should, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if c.At.IsZero() {
			return check.Skip()
		}
		if c.At.Sub(s.ThisUpdate.Value.Time) > 4*day {
			return check.Doubtful(s.ThisUpdate.Ref, "It is from %s; the service must be updated every four days.", report.Distance(s.ThisUpdate.Value.Time, c.At))
		}
		return check.Holds(s.ThisUpdate.Ref, "")
	})),
	mozilla("nocheck", "The responder's certificate has nocheck", "5.2", check.Must, ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if k.Extension(cert.IDOCSPNoCheck) == nil {
			return check.Broken(v.place(), "id-pkix-ocsp-nocheck is absent: that counts as misissuance.")
		}
		return check.Holds(v.extension(k, cert.IDOCSPNoCheck), "")
	})),
	mozilla("sha1", "SHA-1 is not used after June 2023", "5.1.3", check.Must, produced(func(c *check.Context, v *View, p field.Field[field.Moment]) check.Outcome {
		uses := v.Basic.Algorithm.Scheme().Hash == "SHA-1"
		if k := v.Signer.Cert; v.Signer.Delegated && k.Algorithm.Scheme().Hash == "SHA-1" {
			uses = true
		}
		if !uses {
			return check.Skip()
		}
		if !p.Value.Before(time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC)) {
			return check.Broken(v.Basic.Algorithm.Ref, "SHA-1 signs the response or its signer's certificate, and it was produced %s.", report.Clock(p.Value.Time))
		}
		return check.Holds(v.Basic.Algorithm.Ref, "")
	})),
}

func microsoft(id, title, section string, level check.Level, judge func(*check.Context, *View) check.Outcome) rule {
	return lint("microsoft", groupMicrosoft, id, title, level, microsoftPR(section), judge)
}

var microsoftRules = []rule{
	microsoft("interval", "The validity interval is 8 hours to 7 days", "3.2.2", check.Must, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK {
			return check.Broken(s.ThisUpdate.Ref, "There is no nextUpdate, so it has no end.")
		}
		if d := s.NextUpdate.Value.Sub(s.ThisUpdate.Value.Time); d < 8*time.Hour || d > 7*day {
			return check.Broken(s.NextUpdate.Ref, "It is %s.", report.Length(d))
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	microsoft("refresh", "A newer response is not yet due", "3.2.2", check.Should, ofLeaf(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.NextUpdate.OK || c.At.IsZero() {
			return check.Skip()
		}
		life := s.NextUpdate.Value.Sub(s.ThisUpdate.Value.Time)
		if life > 16*time.Hour && c.At.Sub(s.ThisUpdate.Value.Time) > life/2 || s.NextUpdate.Value.Sub(c.At) < 8*time.Hour {
			return check.Doubtful(s.NextUpdate.Ref, "Of its %s, %s are left: the next one must be out by now.", report.Length(life), report.Length(max(0, s.NextUpdate.Value.Sub(c.At))))
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	microsoft("eku", "The responder's certificate has no other purpose", "3.1.18", check.Must, ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		if list := purposeList(k); len(list) != 1 || list[0] != cert.PurposeOCSPSigning {
			return check.Broken(v.extension(k, cert.IDExtKeyUsage), "Its purposes are %s.", purposes(k))
		}
		return check.Holds(v.extension(k, cert.IDExtKeyUsage), "")
	})),
}

func volume(id, title, section string, level check.Level, judge func(*check.Context, *View) check.Outcome) rule {
	return lint("rfc9919", groupVolume, id, title, level, spec.RFC(9919, section), judge)
}

var volumeRules = []rule{
	volume("by-key", "The responder is named by its key", "3.2.2", check.Should, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if b.Data.Responder.ByName {
			return check.Doubtful(b.Data.Responder.Ref, "It is named by %s; new responders must use the shorter key hash.", b.Data.Responder)
		}
		return check.Holds(b.Data.Responder.Ref, "")
	})),
	volume("sha256", "An entry uses SHA-256", "3.2.1", check.Should, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		for _, s := range b.Data.Singles {
			if s.ID.HashName() == "SHA-256" {
				return check.Holds(s.ID.Hash.Ref, "")
			}
		}
		if len(b.Data.Singles) == 0 {
			return check.Skip()
		}
		return check.Doubtful(b.Data.Singles[0].ID.Hash.Ref, "The entries use %s. One entry for each hash is fine during the change.", b.Data.Singles[0].ID.HashName())
	})),
	volume("one", "It is about one certificate", "3.2.1", check.Should, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if n := serials(b.Data.Singles); n > 1 {
			return check.Doubtful(b.Data.Responses, "It is about %d certificates.", n)
		}
		return check.Holds(b.Data.Responses, "")
	})),
	volume("no-extensions", "It has no response extensions", "3.2.1", check.Should, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if len(b.Data.Extensions) > 0 {
			return check.Doubtful(b.Data.ExtensionsRef, "It has %s: that keeps it from being cached.", identifiers(b.Data.Extensions))
		}
		return check.Holds(b.Data.Ref, "")
	})),
	volume("next", "There is a nextUpdate", "3.2.4", check.Must, counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if !s.HasNext {
			return check.Broken(s.Ref, "nextUpdate is absent; the profile requires it.")
		}
		return check.Holds(s.NextUpdate.Ref, "")
	})),
	volume("signer-included", "The responder's certificate is included", "3.2.2", check.Must, ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		s := v.Signer
		switch {
		case s.Cert == nil && v.Issuer != nil && !b.HasCerts:
			return check.Broken(b.Data.Responder.Ref, "It is signed by %s, which is not the issuer, and certs is absent: clients do not go and fetch it.", b.Data.Responder)
		case s.Cert == nil || !s.Delegated:
			return check.Skip()
		case s.Place != Embedded:
			return check.Broken(b.Data.Responder.Ref, "The certificate of %s is not in certs: clients do not go and fetch it.", s.Cert.Title())
		}
		return check.Holds(s.Cert.Ref, "")
	})),
	volume("nocheck", "The responder's certificate has nocheck and no pointer", "3.2.2", check.Should, ofDelegate(func(c *check.Context, v *View, k *cert.Certificate) check.Outcome {
		switch {
		case k.Extension(cert.IDOCSPNoCheck) == nil:
			return check.Doubtful(v.place(), "id-pkix-ocsp-nocheck is absent: keep the certificate short-lived and say so.")
		case k.Extension(cert.IDCRLDistributionPoints) != nil:
			return check.Doubtful(v.extension(k, cert.IDCRLDistributionPoints), "It has nocheck and cRLDistributionPoints: leave the pointer out, and keep the certificate short-lived.")
		case k.Extension(cert.IDAuthorityInfoAccess) != nil:
			return check.Doubtful(v.extension(k, cert.IDAuthorityInfoAccess), "It has nocheck and authorityInfoAccess: leave the pointer out, and keep the certificate short-lived.")
		}
		return check.Holds(v.extension(k, cert.IDOCSPNoCheck), "")
	})),
}

package ocsp

import (
	"fmt"
	"slices"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// ofSubject makes a rule that needs a response with entries and the subject.
func ofSubject(judge func(c *check.Context, v *View) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if len(v.singles()) == 0 {
			return check.Skip()
		}
		if v.Subject == nil {
			return check.Needs("subject", v.singles()[0].ID.Ref, "Add the certificate that the response should be about.")
		}
		return judge(c, v)
	}
}

// matchCertificate judges whether an entry is for the subject.
func matchCertificate(c *check.Context, v *View) check.Outcome {
	if v.Issuer == nil {
		return check.Needs("issuer", v.singles()[0].ID.Ref, "Add the certificate of %s, which issued %s.", v.Subject.Issuer.Short(), v.Subject.Title())
	}
	if len(v.Matching) > 0 {
		return check.Holds(v.singles()[v.Matching[0]].ID.Ref, "Serial number %s and the hashes of %s's name and key fit.", v.Subject.Serial.Value.Text(), v.Issuer.Title())
	}
	if i := v.incomparable(); i >= 0 {
		id := v.singles()[i].ID
		return check.Needs("answer", id.Ref, "Entry %d has the serial number %s; its CertID is hashed with %s, which cannot be computed here. Ask the responder with SHA-1 or SHA-256.", i, id.Serial.Value.Text(), id.HashName())
	}
	return check.Broken(v.singles()[0].ID.Ref, "No entry names %s (serial %s, issued by %s). %s", v.Subject.Title(), v.Subject.Serial.Value.Text(), v.Subject.Issuer.Short(), v.mismatch())
}

// foreign says that the issuer at hand is one that no entry names, whichever
// the certificate.
func (v *View) foreign() bool {
	for _, f := range v.Fits {
		if !f.HashKnown || f.Name && f.Key {
			return false
		}
	}
	return v.Issuer != nil && len(v.Fits) > 0
}

var matchRules = []rule{{
	ID: "ocsp.match.certificate", Group: groupMatch, Level: check.Must, Refs: "RFC 6960 §3.2",
	Title:    "An entry is for this certificate",
	Headline: "No answer for %s",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Subject == nil && v.foreign() {
			return check.Broken(v.singles()[0].ID.Ref, "No entry is about a certificate of %s: the hashes of its name and key are others.", v.Issuer.Title())
		}
		return ofSubject(matchCertificate)(c, v)
	},
}, {
	ID: "ocsp.match.serial", Group: groupMatch, Level: check.Must, Refs: "RFC 6960 §4.1.1",
	Title:    "An entry has the certificate's serial number",
	Headline: "No answer for %s: another serial number",
	Judge: ofSubject(func(c *check.Context, v *View) check.Outcome {
		for i, f := range v.Fits {
			if f.Serial {
				return check.Holds(v.singles()[i].ID.Serial.Ref, "")
			}
		}
		first := v.singles()[0].ID
		if !first.Serial.OK {
			return check.Broken(first.Serial.Ref, "The certificate's serial number is %s; that in the response cannot be read.", v.Subject.Serial.Value.Text())
		}
		return check.Broken(first.Serial.Ref, "The certificate's serial number is %s; the response has %s.", v.Subject.Serial.Value.Text(), first.Serial.Value.Text())
	}),
}, {
	ID: "ocsp.match.issuer-name", Group: groupMatch, Level: check.Must, Refs: "RFC 6960 §4.1.1",
	Title:    "The entry with this serial number names the certificate's issuer",
	Headline: "No answer for %s: the same serial number of another CA",
	Judge: ofSubject(func(c *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for i, f := range v.Fits {
			switch id := v.singles()[i].ID; {
			case !f.Serial || !f.HashKnown:
			case f.Name:
				return check.Holds(id.NameHash.Ref, "")
			default:
				what := "The serial number fits"
				which := "the same number from another CA"
				if f.Key {
					what, which = "The serial number and the key hash fit", "the key of that CA under another name"
				}
				o = check.Broken(id.NameHash.Ref, "%s, but issuerNameHash is %s; the %s of the name %s is %s: %s.", what, digest(id.NameHash.Value), id.HashName(), v.Subject.Issuer.Short(), digest(id.hash(v.Subject.Issuer.Raw)), which)
			}
		}
		return o
	}),
}, {
	ID: "ocsp.match.issuer-key", Group: groupMatch, Level: check.Must, Refs: "RFC 6960 §4.1.2",
	Title:    "The entry with this issuer name has its key, too",
	Headline: "No answer for %s: another key of its CA",
	Judge: ofSubject(func(c *check.Context, v *View) check.Outcome {
		if v.Issuer == nil {
			return check.Needs("issuer", v.singles()[0].ID.KeyHash.Ref, "Add the certificate of %s.", v.Subject.Issuer.Short())
		}
		o := check.Skip()
		for i, f := range v.Fits {
			switch id := v.singles()[i].ID; {
			case !f.Serial || !f.Name:
			case f.Key:
				return check.Holds(id.KeyHash.Ref, "")
			default:
				which := "the CA was given a new key, or someone took its name"
				if v.misled() {
					which = "that is not the CA that the certificate names"
				}
				o = check.Broken(id.KeyHash.Ref, "Serial number and issuer name fit, but issuerKeyHash is %s; the %s of the key of %s is %s: %s.", digest(id.KeyHash.Value), id.HashName(), v.Issuer.Title(), digest(id.hash(v.Issuer.PublicKey.Bits)), which)
			}
		}
		return o
	}),
}, {
	ID: "ocsp.match.serial-only", Group: groupMatch, Level: check.Should, Refs: "RFC 6960 §4.1.1",
	Title: "No entry fits by its serial number alone",
	Judge: ofSubject(func(c *check.Context, v *View) check.Outcome {
		for i, f := range v.Fits {
			if f.Serial && f.HashKnown && !f.Name && !(f.Key && v.Issuer != nil) {
				return check.Doubtful(v.singles()[i].ID.Ref, "Entry %d has the serial number and no other part. Go's package compares nothing else and would take it.", i)
			}
		}
		return check.Holds(v.singles()[0].ID.Ref, "")
	}),
}, {
	ID: "ocsp.match.issuer-of-subject", Group: groupMatch, Level: check.Must, Refs: "RFC 5280 §6.1",
	Title:    "The issuer at hand issued the certificate",
	Headline: "The issuer at hand did not issue %s",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Subject == nil || v.Issuer == nil {
			return check.Skip()
		}
		octets, folded := v.Issuer.Subject.Equal(v.Subject.Issuer)
		switch {
		case !folded:
			return check.Broken(report.None, "%s was issued by %s; the certificate given is that of %s. Most answers that seem to match nothing come from a wrong issuer.", v.Subject.Title(), v.Subject.Issuer.Short(), v.Issuer.Title())
		case v.Issued.Outcome == sig.Unknown || v.Issued.Outcome == sig.TooLarge:
			return check.Needs("issuer", report.None, "The signature of %s cannot be computed: %s.", v.Subject.Title(), v.Issued.Why)
		case v.Issued.Outcome != sig.Valid:
			return check.Broken(report.None, "%s has the right name, but its key did not sign %s: it is another generation of that CA, or an impostor.", v.Issuer.Title(), v.Subject.Title())
		case !octets:
			return check.Holds(report.None, "The names are equal only after folding case and space.")
		}
		return check.Holds(report.None, "%s signed %s.", v.Issuer.Title(), v.Subject.Title())
	},
}, {
	ID: "ocsp.match.request", Group: groupMatch, Level: check.Must, Refs: "RFC 6960 §4.2.2.3",
	Title:    "Everything that was asked is answered",
	Headline: "Not all that was asked for is answered",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Request == nil || v.Basic == nil {
			return check.Skip()
		}
		for i, a := range v.Request.List {
			if v.answered(a.ID) < 0 {
				return check.Broken(v.Basic.Data.Responses, "Request %d asks for serial %s in %s; no entry answers it.", i, a.ID.Serial.Value.Text(), a.ID.HashName())
			}
		}
		return check.Holds(v.Basic.Data.Responses, "")
	},
}, {
	ID: "ocsp.match.unrequested", Group: groupMatch, Level: check.Should, Refs: "RFC 6960 §4.2.2.3",
	Title: "Nothing is answered that was not asked",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Request == nil || v.Basic == nil {
			return check.Skip()
		}
		for i, s := range v.singles() {
			if !v.asked(s.ID) {
				return check.Doubtful(s.ID.Ref, "Entry %d, serial %s, was not asked for. Allowed for answers made in advance.", i, s.ID.Serial.Value.Text())
			}
		}
		return check.Holds(v.Basic.Data.Responses, "")
	},
}, {
	ID: "ocsp.match.hash-as-asked", Group: groupMatch, Level: check.Should, Refs: "RFC 6960 §4.2.2.3",
	Title: "The answer uses the hash of the question",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Request == nil || v.Basic == nil {
			return check.Skip()
		}
		for _, a := range v.Request.List {
			if v.entries.exact(a.ID) >= 0 {
				continue
			}
			if i := v.entries.otherwise(a.ID); i >= 0 {
				id := v.singles()[i].ID
				return check.Doubtful(id.Hash.Ref, "Asked in %s, answered in %s. OpenSSL compares the algorithm too and does not find it.", a.ID.HashName(), id.HashName())
			}
		}
		return check.Holds(v.Basic.Data.Responses, "")
	},
}, {
	ID: "ocsp.match.precertificate", Group: groupMatch, Level: check.Advice, Refs: "RFC 6962 §3.1; TLS BR §4.9.9",
	Title: "The certificate is a precertificate",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Subject == nil || v.Subject.Extension(cert.IDCTPoison) == nil {
			return check.Skip()
		}
		return check.Note(report.None, "%s carries the CT poison: it is a precertificate. Its serial number must be answered like the certificate's.", v.Subject.Title())
	},
}}

// incomparable gives an entry that has the serial number and may be for the
// subject, but for a hash that is not computed here; -1 if there is none.
func (v *View) incomparable() int {
	return slices.IndexFunc(v.Fits, func(f Fit) bool { return f.Serial && !f.HashKnown })
}

// mismatch explains which part of which entry does not fit.
func (v *View) mismatch() string {
	var serial, name, key, keyOnly bool
	for _, f := range v.Fits {
		serial = serial || f.Serial
		name = name || f.Serial && f.Name
		key = key || f.Key && f.Name
		keyOnly = keyOnly || f.Key && !f.Name
	}
	switch {
	case name && v.misled():
		return "The serial number and the issuer's name fit, its key does not: the issuer at hand is another CA, " + v.Issuer.Title() + "."
	case name:
		return "The serial number and the issuer's name fit, its key does not: the issuer at hand is another generation of that CA."
	case keyOnly:
		return "An entry has the issuer's key under another name."
	case serial:
		return "An entry has the same serial number, but from another CA."
	case key:
		return "The issuer fits; the answer is for another of its certificates."
	}
	return "Neither the serial number nor the issuer fits."
}

// misled says that the issuer at hand is not the one that the subject names.
func (v *View) misled() bool {
	if v.Issuer == nil || v.Subject == nil {
		return false
	}
	_, folded := v.Issuer.Subject.Equal(v.Subject.Issuer)
	return !folded
}

// digest shows the start of a hash.
func digest(b []byte) string {
	if len(b) <= 8 {
		return fmt.Sprintf("%x", b)
	}
	return fmt.Sprintf("%x…", b[:8])
}

// answered gives the entry that answers a CertID, in whatever hash, or -1.
func (v *View) answered(id CertID) int {
	if i := v.entries.exact(id); i >= 0 {
		return i
	}
	if len(v.Matching) > 0 && id.Fit(v.Subject, v.Issuer).All() {
		return v.Matching[0]
	}
	if v.Subject == nil || v.Issuer == nil {
		return v.entries.otherwise(id)
	}
	return -1
}

// asked says whether the request names what a CertID names.
func (v *View) asked(id CertID) bool {
	return v.questions.exact(id) >= 0 || v.questions.otherwise(id) >= 0
}

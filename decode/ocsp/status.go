package ocsp

import (
	"fmt"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Conclusion is the status of the subject at a moment: which entries count, and
// what they say together.
//
// Revoked beats all, even from a stale entry; of the fresh ones good beats
// unknown; stale ones say nothing for sure.
type Conclusion struct {
	Entry    int // the entry that decides, or -1
	Standing Standing
	Stale    bool // it rests on entries that are not fresh
	Mixed    bool // a fresh unknown stands beside a fresh good
}

// Conclude finds the status of the subject. Without its issuer at hand the
// entries count that have its serial number and issuer name; where there are
// none, and without a subject, all entries count, if they agree.
func (v *View) Conclude(at time.Time) Conclusion {
	singles, count := v.singles(), v.Matching
	if v.Subject == nil || v.Issuer == nil {
		count = nil
		for i, f := range v.Fits {
			if f.Serial && f.Name {
				count = append(count, i)
			}
		}
		if count == nil {
			for i, s := range singles {
				if s.Standing != singles[0].Standing {
					return Conclusion{Entry: -1}
				}
				count = append(count, i)
			}
		}
	}
	var first [4]int
	var fresh [4]bool
	for i := range first {
		first[i] = -1
	}
	for _, i := range count {
		s := singles[i]
		now := !at.IsZero() && age(s, at) < report.Fail
		if first[s.Standing] < 0 || now && !fresh[s.Standing] {
			first[s.Standing], fresh[s.Standing] = i, now
		}
	}
	switch {
	case first[Revoked] >= 0:
		return Conclusion{first[Revoked], Revoked, !fresh[Revoked], false}
	case fresh[Good]:
		return Conclusion{first[Good], Good, false, fresh[Unknown]}
	case fresh[Unknown]:
		return Conclusion{first[Unknown], Unknown, false, false}
	case first[Good] >= 0:
		return Conclusion{first[Good], Good, true, false}
	case first[Unknown] >= 0:
		return Conclusion{first[Unknown], Unknown, true, false}
	}
	return Conclusion{Entry: -1}
}

// hidden gives an entry that may be about the subject, though it does not match
// in full, and does not say good; -1 if there is none. open: its hash is not one
// that is computed here.
func (v *View) hidden() (entry int, open bool) {
	entry = -1
	for i, f := range v.Fits {
		switch s := v.singles()[i]; {
		case !f.Serial || f.All() || s.Standing == Good:
		case !f.HashKnown:
			return i, true
		case f.Key && v.Issuer != nil && entry < 0:
			entry = i
		}
	}
	return entry, false
}

// counting makes a rule that looks at the entries that count: those for the
// subject, or, without a match, all of them.
func counting(judge func(c *check.Context, v *View, s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, i := range v.counted() {
			o = check.Worst(o, judge(c, v, v.singles()[i]))
		}
		return o
	}
}

// deciding makes a rule that looks at the entry that decides, for of several
// that are for the subject only that one has to be fresh; without one it looks
// at every entry that counts.
func deciding(judge func(c *check.Context, v *View, s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if k := v.Conclude(c.At); len(v.Matching) > 1 && k.Entry >= 0 {
			return judge(c, v, v.singles()[k.Entry])
		}
		return counting(judge)(c, v)
	}
}

// counted gives the entries that count.
func (v *View) counted() []int {
	if len(v.Matching) > 0 {
		return v.Matching
	}
	all := make([]int, len(v.singles()))
	for i := range all {
		all[i] = i
	}
	return all
}

// concluded makes a rule that looks at the entry that decides.
func concluded(judge func(c *check.Context, v *View, k Conclusion, s Single) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Subject != nil && v.Issuer != nil && len(v.Matching) == 0 {
			return check.Skip()
		}
		k := v.Conclude(c.At)
		if k.Entry < 0 {
			return check.Skip()
		}
		return judge(c, v, k, v.singles()[k.Entry])
	}
}

// neverIssued is the revocationTime of a certificate that was never issued.
//
// RFC 6960, section 2.2
var neverIssued = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

func (s Single) neverIssued() (hold, epoch bool) {
	return s.Reason.OK && s.Reason.Value == 6, s.RevokedAt.OK && s.RevokedAt.Value.Equal(neverIssued)
}

var standingRules = []rule{{
	ID: "ocsp.cert.good", Group: groupStanding, Level: check.Must, Refs: "RFC 6960 §2.2",
	Title: "The certificate is good",
	Judge: concluded(func(c *check.Context, v *View, k Conclusion, s Single) check.Outcome {
		if k.Standing != Good {
			return check.Skip()
		}
		if hidden, open := v.hidden(); hidden >= 0 {
			h := v.singles()[hidden]
			if open {
				return check.Needs("answer", h.StatusRef, "Entry %d has the same serial number and says %s; its CertID is hashed with %s, which cannot be computed here: whether it is about %s stays open.", hidden, h.Standing, h.ID.HashName(), v.Subject.Title()).And(s.StatusRef)
			}
			return check.Doubtful(h.StatusRef, "Entry %d says %s of the same serial number under the issuer's key and another name: if both names are this CA's, the certificate is not good.", hidden, h.Standing).And(s.StatusRef)
		}
		if k.Mixed {
			return check.Doubtful(s.StatusRef, "One fresh entry says good, another unknown: clients disagree.")
		}
		return check.Holds(s.StatusRef, "The responder knows of no revocation.")
	}),
}, {
	ID: "ocsp.cert.good-meaning", Group: groupStanding, Level: check.Advice, Refs: "RFC 6960 §2.2",
	Title: "«Good» means not revoked",
	Judge: concluded(func(c *check.Context, v *View, k Conclusion, s Single) check.Outcome {
		if k.Standing != Good {
			return check.Skip()
		}
		return check.Note(s.StatusRef, "It does not prove that the certificate was ever issued, nor that it is within its validity.")
	}),
}, {
	ID: "ocsp.cert.revoked", Group: groupStanding, Level: check.Must, Refs: "RFC 6960 §2.2",
	Title: "The certificate is not revoked",
	Judge: concluded(func(c *check.Context, v *View, k Conclusion, s Single) check.Outcome {
		if k.Standing != Revoked {
			return check.Holds(s.StatusRef, "")
		}
		text := "revocationTime cannot be read"
		if s.RevokedAt.OK {
			text = "revocationTime is " + report.Clock(s.RevokedAt.Value.Time)
			if !c.At.IsZero() {
				text += " (" + report.Distance(s.RevokedAt.Value.Time, c.At) + ")"
			}
		}
		switch {
		case !s.Reason.OK:
			text += ", no reason is given"
		case s.Reason.Value.Known():
			text += ", the reason " + s.Reason.Value.String()
		default:
			text += fmt.Sprintf(", the reason %d, which is not defined", int(s.Reason.Value))
		}
		if hold, epoch := s.neverIssued(); hold && epoch {
			text += ": that says that no such certificate was ever issued"
		}
		if k.Stale && !c.At.IsZero() {
			text += "; the entry is stale, and a revocation stands all the same"
		}
		return check.Broken(s.StatusRef, "%s.", text)
	}),
}, {
	ID: "ocsp.cert.unknown", Group: groupStanding, Level: check.Must, Refs: "RFC 6960 §2.2",
	Title: "The responder knows the certificate",
	Judge: concluded(func(c *check.Context, v *View, k Conclusion, s Single) check.Outcome {
		if k.Standing != Unknown {
			return check.Holds(s.StatusRef, "")
		}
		return check.Broken(s.StatusRef, "The responder says unknown: it does not serve this issuer or never heard of the serial number. A client may ask elsewhere.")
	}),
}, {
	ID: "ocsp.cert.reason-defined", Group: groupStanding, Level: check.Must, Refs: "RFC 5280 §5.3.1",
	Title:    "The revocation reason has a meaning",
	Headline: "Revoked for a reason that does not exist",
	Judge: reasons(func(v *View, s Single, reason int) check.Outcome {
		if !s.Reason.Value.Known() {
			return check.Broken(s.Reason.Ref, "The reason is %d; defined are 0 to 6 and 8 to 10. Chromium drops the entry, so that a revoked certificate looks merely unanswered.", reason)
		}
		return check.Holds(s.Reason.Ref, "")
	}),
}, {
	ID: "ocsp.cert.reason-hold", Group: groupStanding, Level: check.Should, Refs: "RFC 5280 §5.3.1",
	Title: "The revocation is not a hold",
	Judge: reasons(func(v *View, s Single, reason int) check.Outcome {
		if _, epoch := s.neverIssued(); reason == 6 && epoch {
			return check.Skip() // not-issued-form says what it means
		}
		if reason == 6 {
			return check.Doubtful(s.Reason.Ref, "certificateHold (6) may be lifted again. It is not allowed for web certificates.")
		}
		return check.Holds(s.Reason.Ref, "")
	}),
}, {
	ID: "ocsp.cert.reason-remove", Group: groupStanding, Level: check.Should, Refs: "RFC 5280 §5.3.1",
	Title: "The reason is not removeFromCRL",
	Judge: reasons(func(v *View, s Single, reason int) check.Outcome {
		if reason == 8 {
			return check.Doubtful(s.Reason.Ref, "removeFromCRL (8) belongs in delta CRLs: there it takes a certificate off the list.")
		}
		return check.Holds(s.Reason.Ref, "")
	}),
}, {
	ID: "ocsp.cert.reason-zero", Group: groupStanding, Level: check.Should, Refs: "RFC 5280 §5.3.1; TLS BR §7.2.2",
	Title: "An unspecified reason is left out",
	Judge: reasons(func(v *View, s Single, reason int) check.Outcome {
		if reason == 0 {
			return check.Doubtful(s.Reason.Ref, "unspecified (0) is spelled out; it should be left out.")
		}
		return check.Holds(s.Reason.Ref, "")
	}),
}, {
	ID: "ocsp.cert.revoked-future", Group: groupStanding, Level: check.Should, Refs: "RFC 6960 §2.4",
	Title: "The revocation lies in the past",
	Judge: revocations(func(c *check.Context, v *View, s Single, when field.Moment) check.Outcome {
		if c.At.IsZero() {
			return check.Needs("time", s.RevokedAt.Ref, "Give a reference time.")
		}
		if when.After(c.At) {
			return check.Doubtful(s.RevokedAt.Ref, "revocationTime is %s, %s: a revocation announced ahead.", report.Clock(when.Time), report.Distance(when.Time, c.At))
		}
		return check.Holds(s.RevokedAt.Ref, "")
	}),
}, {
	ID: "ocsp.cert.revoked-after-this", Group: groupStanding, Level: check.Should, Refs: "RFC 6960 §2.4",
	Title: "The revocation lies before thisUpdate",
	Judge: revocations(func(c *check.Context, v *View, s Single, when field.Moment) check.Outcome {
		if !s.ThisUpdate.OK {
			return check.Skip()
		}
		if when.After(s.ThisUpdate.Value.Time) {
			return check.Doubtful(s.RevokedAt.Ref, "Revoked %s, thisUpdate %s: the responder says it knew before it happened.", report.Clock(when.Time), report.Clock(s.ThisUpdate.Value.Time)).And(s.ThisUpdate.Ref)
		}
		return check.Holds(s.RevokedAt.Ref, "")
	}),
}, {
	ID: "ocsp.cert.revoked-before-issue", Group: groupStanding, Level: check.Advice, Refs: "TLS BR §7.2.2",
	Title: "The revocation is dated before the certificate",
	Judge: revocations(func(c *check.Context, v *View, s Single, when field.Moment) check.Outcome {
		if hold, epoch := s.neverIssued(); v.Subject == nil || !v.Subject.NotBefore.OK || !when.Before(v.Subject.NotBefore.Value.Time) || hold && epoch {
			return check.Skip()
		}
		return check.Note(s.RevokedAt.Ref, "Revoked %s, valid from %s: back-dated to the compromise, or copied from another certificate.", report.Clock(when.Time), report.Clock(v.Subject.NotBefore.Value.Time))
	}),
}, {
	ID: "ocsp.cert.not-issued-form", Group: groupStanding, Level: check.Should, Refs: "RFC 6960 §2.2",
	Title: "A certificate that was never issued is said to be on hold since 1970",
	Judge: counting(func(c *check.Context, v *View, s Single) check.Outcome {
		hold, epoch := s.neverIssued()
		extended := cert.Find(v.Basic.Data.Extensions, ExtendedRevokeID) != nil
		switch {
		case s.Standing != Revoked || !epoch && !(hold && extended):
			return check.Skip()
		case hold && epoch:
			return check.Note(s.RevokedAt.Ref, "Revoked on 1 January 1970 with certificateHold: the agreed way to say that there is no such certificate.")
		case epoch:
			return check.Doubtful(s.RevokedAt.Ref, "The revocation is dated 1 January 1970, but the reason is not certificateHold: only part of the pattern for «never issued».")
		}
		return check.Doubtful(s.Reason.Ref, "The reason is certificateHold under extended revoke, but the date is not 1 January 1970: only part of the pattern for «never issued».")
	}),
}, {
	ID: "ocsp.cert.not-issued-extension", Group: groupStanding, Level: check.Must, Refs: "RFC 6960 §2.2; RFC 6960 §4.4.8",
	Title:    "«Never issued» comes with extended revoke",
	Headline: "Says «never issued» without saying that it may",
	Judge: counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if hold, epoch := s.neverIssued(); s.Standing != Revoked || !hold || !epoch {
			return check.Skip()
		}
		if find(v.Basic.Data.Extensions, ExtendedRevokeID) == nil {
			return check.Broken(s.RevokedAt.Ref, "The entry says that the certificate was never issued; responseExtensions lacks extended-revoke, which must say that this reading is meant.")
		}
		return check.Holds(s.RevokedAt.Ref, "")
	}),
}, {
	ID: "ocsp.cert.not-issued-extras", Group: groupStanding, Level: check.Must, Refs: "RFC 6960 §2.2",
	Title:    "«Never issued» names no CRL",
	Headline: "Says «never issued» and names a CRL",
	Judge: counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if hold, epoch := s.neverIssued(); s.Standing != Revoked || !hold || !epoch {
			return check.Skip()
		}
		for _, e := range s.Extensions {
			switch e.ID {
			case CRLReferenceID, cert.IDReasonCode, cert.IDHoldInstruction, cert.IDInvalidityDate, cert.IDCertificateIssuer:
				return check.Broken(e.Ref, "The entry says that the certificate was never issued, and has %s: such a certificate stands on no CRL.", e.ID)
			}
		}
		return check.Holds(s.Ref, "")
	}),
}}

// reasons makes a rule for the reasons of the entries that count.
func reasons(judge func(v *View, s Single, reason int) check.Outcome) func(*check.Context, *View) check.Outcome {
	return counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if s.Standing != Revoked || !s.Reason.OK {
			return check.Skip()
		}
		return judge(v, s, int(s.Reason.Value))
	})
}

// revocations makes a rule for the revocation times of the entries that count.
func revocations(judge func(c *check.Context, v *View, s Single, when field.Moment) check.Outcome) func(*check.Context, *View) check.Outcome {
	return counting(func(c *check.Context, v *View, s Single) check.Outcome {
		if s.Standing != Revoked || !s.RevokedAt.OK {
			return check.Skip()
		}
		return judge(c, v, s, s.RevokedAt.Value)
	})
}

// moment gives the time that an extension holds.
func moment(e *cert.Extension) (field.Moment, bool) {
	t, ok := e.Content.(field.Moment)
	return t, ok && e.Decoded && !t.IsZero()
}

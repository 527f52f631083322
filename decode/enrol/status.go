package enrol

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
)

var statusRules = []rule{{
	ID: "cmp.status.known", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.2.3",
	Title: "The status is one that is defined", Headline: "The status is none that is defined",
	Judge: eachStatus(func(v *View, s *cmp.PKIStatusInfo) check.Outcome {
		if n, ok := s.Status.Value.Int64(); !ok || n < 0 || n > 6 {
			return check.Broken(s.Status.Ref, "The status is %s; from 0, accepted, to 6, keyUpdateWarning, are defined. OpenSSL stops here with UNKNOWN_PKISTATUS.", bigText(s.Status.Value))
		}
		return check.Holds(s.Status.Ref, "")
	}),
}, {
	ID: "cmp.status.allowed", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9483 §4.2; RFC 9483 §3.6.4; RFC 9483 §4.4; RFC 9810 §5.2.3",
	Title: "The status belongs into this message", Headline: "The status does not belong into this message",
	Judge: func(c *check.Context, v *View) check.Outcome {
		base, strict := allowed(v.Body.Type)
		if base == nil {
			return check.Skip()
		}
		return eachStatus(func(v *View, s *cmp.PKIStatusInfo) check.Outcome {
			n := s.Value()
			switch {
			case n.String() == "":
				return check.Skip()
			case !slices.Contains(base, n):
				return check.Doubtful(s.Status.Ref, "The status is %s (%d), which %s does not say: %s.", n, int(n), article(v.Body.Name()), only(base))
			case c.Profiles["lw"] && !slices.Contains(strict, n):
				return check.Broken(s.Status.Ref, "The status is %s (%d); in the lightweight profile %s says %s.", n, int(n), article(v.Body.Name()), only(strict))
			}
			return check.Holds(s.Status.Ref, "")
		})(c, v)
	},
}, {
	ID: "cmp.status.fail-info", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9483 §4.4; RFC 9810 §5.3.4",
	Title: "A failure has a reason, a success has none", Headline: "A success has a reason for a failure",
	Judge: eachStatus(func(v *View, s *cmp.PKIStatusInfo) check.Outcome {
		if s.FailInfo.Ref == report.None {
			return check.Skip()
		}
		if s.Granted() || s.Value() == cmp.Waiting {
			return check.Doubtful(s.FailInfo.Ref, "The status is %s, and failInfo says %s: the two contradict each other. Clients go by the status.", s.Value(), reasons(s)).And(s.Status.Ref)
		}
		return check.Holds(s.FailInfo.Ref, "")
	}),
}, {
	ID: "cmp.status.fail-reason", Group: groupBody, Level: check.Advice, Refs: "RFC 9483 §3.6.4",
	Title: "A refusal says why",
	Judge: eachStatus(func(v *View, s *cmp.PKIStatusInfo) check.Outcome {
		if s.Value() != cmp.Rejection {
			return check.Skip()
		}
		if s.FailInfo.Ref == report.None && s.Text.Ref == report.None {
			return check.Note(s.Ref, "There is neither failInfo nor statusString: only the log of the other side tells why.")
		}
		return check.Holds(s.Ref, "")
	}),
}, {
	ID: "cmp.status.fail-bits", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.2.3",
	Title: "The bits of failInfo are reasons of CMP",
	Judge: eachStatus(func(v *View, s *cmp.PKIStatusInfo) check.Outcome {
		if !s.FailInfo.OK {
			return check.Skip()
		}
		stamping := -1
		for _, bit := range s.Bits() {
			if bit > 26 {
				return check.Doubtful(s.FailInfo.Ref, "Bit %d of failInfo is set; the last that is defined is 26, duplicateCertReq. Perhaps the bits were counted from the other end.", bit)
			}
			if bit >= 14 && bit <= 16 {
				stamping = bit
			}
		}
		if stamping >= 0 {
			return check.Note(s.FailInfo.Ref, "failInfo says %s (bit %d), which is meant for time stamping.", cmp.FailureName(stamping), stamping)
		}
		return check.Holds(s.FailInfo.Ref, "")
	}),
}}

// allowed are the statuses that a body says, and those of the lightweight profile.
func allowed(t cmp.Type) (base, strict []cmp.Status) {
	answer := []cmp.Status{cmp.Accepted, cmp.GrantedWithMods, cmp.Rejection, cmp.Waiting}
	switch t {
	case cmp.IP, cmp.CP, cmp.KRP, cmp.CCP:
		return answer, answer
	case cmp.KUP:
		answer = append(answer, cmp.KeyUpdateWarning)
		return answer, answer
	case cmp.RP:
		return []cmp.Status{cmp.Accepted, cmp.GrantedWithMods, cmp.Rejection, cmp.RevocationWarning, cmp.RevocationNotification}, []cmp.Status{cmp.Accepted, cmp.Rejection}
	case cmp.Error:
		both := []cmp.Status{cmp.Rejection, cmp.Waiting}
		return both, both
	case cmp.CertConf:
		both := []cmp.Status{cmp.Accepted, cmp.Rejection}
		return both, both
	case cmp.RAnn:
		both := []cmp.Status{cmp.RevocationWarning, cmp.RevocationNotification}
		return both, both
	}
	return nil, nil
}

// only lists statuses for a sentence.
func only(list []cmp.Status) string {
	var names []string
	for _, s := range list {
		names = append(names, s.String())
	}
	return "only " + report.Enumerate(names)
}

// statuses are all that the body says of how things went, in order.
func (v *View) statuses() []*cmp.PKIStatusInfo {
	b := &v.Body
	var all []*cmp.PKIStatusInfo
	put := func(s *cmp.PKIStatusInfo) {
		if s != nil && s.Ref != report.None && s.Status.OK {
			all = append(all, s)
		}
	}
	if b.Reply != nil {
		for _, r := range b.Reply.Responses {
			put(r.Status)
		}
	}
	if b.Revoked != nil {
		for _, s := range b.Revoked.Statuses {
			put(s)
		}
	}
	if b.Recovery != nil {
		put(b.Recovery.Status)
	}
	if b.Error != nil {
		put(b.Error.Status)
	}
	for _, s := range b.Confirmed {
		put(s.Status)
	}
	if b.Revocation != nil && b.Revocation.Status.OK {
		put(&cmp.PKIStatusInfo{Ref: b.Revocation.Status.Ref, Status: b.Revocation.Status, Text: cmp.FreeText{Ref: report.None}, FailInfo: noBits})
	}
	return all
}

// eachStatus makes a rule for all statuses of the body.
func eachStatus(judge func(*View, *cmp.PKIStatusInfo) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for _, s := range v.statuses() {
			all = append(all, judge(v, s))
		}
		return check.Worst(all...)
	}
}

var noBits = field.Field[field.BitString]{Ref: report.None}

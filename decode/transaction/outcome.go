package transaction

import (
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

var outcomeRules = []rule{{
	ID: "cmp.txn.failed", Group: groupOutcome, Level: check.Must, Refs: "RFC 9483 §3.6; RFC 9810 §5.2.3",
	Title: "The transaction does what it was begun for", Headline: "The transaction failed",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if m, s := v.refusal(); m != nil {
			return check.Broken(s.Ref, "%s %s. %s", named(m), refuses(m, s), explained(m, s))
		}
		if v.answer == nil {
			return check.Skip()
		}
		return check.Holds(v.answer.Core().Body.Ref, "")
	},
}}

// refusal is the message that ends the transaction without success, with the
// status that says so; nil: none does.
func (v *View) refusal() (*enrol.View, *cmp.PKIStatusInfo) {
	for _, m := range v.Messages {
		b := &m.Core().Body
		if m.Again != nil {
			continue
		}
		for _, s := range statuses(b) {
			if s.Value() == cmp.Rejection || b.Type == cmp.Error && s.Value() != cmp.Waiting {
				return m, s
			}
		}
	}
	return nil, nil
}

// refuses says what a status says.
func refuses(m *enrol.View, s *cmp.PKIStatusInfo) string {
	out := "ends it with an error"
	if m.Core().Body.Type != cmp.Error {
		out = "refuses the request"
	}
	if list := s.Failures(); len(list) > 0 {
		out += ", " + report.Enumerate(list)
	}
	return out
}

// words are the free text of a refusal.
func words(m *enrol.View, s *cmp.PKIStatusInfo) string {
	t := said(s.Text)
	if e := m.Core().Body.Error; e != nil {
		if d := said(e.Details); d != "" && d != t {
			if t != "" {
				t += "; "
			}
			t += d
		}
	}
	return t
}

// explained says in words what the bits of a status mean, with its text, and what
// to do.
func explained(m *enrol.View, s *cmp.PKIStatusInfo) string {
	out, do := "", ""
	for i, bit := range s.Bits() {
		if i == 3 {
			break
		}
		if t := enrol.Meaning(bit); t != "" {
			out = join(out, cmp.FailureName(bit)+": "+t+".")
			do = join(do, enrol.Advice(bit))
		}
	}
	if t := words(m, s); t != "" {
		out = join("It says «"+t+"».", out)
	}
	if out == "" {
		out = named(m) + " does not say why: ask whoever runs the CA for its log."
	}
	return join(out, do)
}

package enrol

import (
	"derscope/decode/check"
	"derscope/decode/mac"
	"derscope/decode/report"
)

// The rules of this file judge how a message is protected; those of MACs alone
// stand in pbm.go, those of signatures beside what finds the signer.

var protectionRules = []rule{{
	ID: "cmp.prot.mac", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.3.1; RFC 9483 §3.5",
	Title:    "The shared secret makes the MAC of the message",
	Headline: "The MAC of the %s is not made with the secret that was given",
	Judge: func(c *check.Context, v *View) check.Outcome {
		a := v.Header.Algorithm
		if a == nil || a.Method == mac.DHBased || a.Method == mac.KEMBased {
			return check.Skip()
		}
		return v.judgeMAC(c)
	},
}}

// judgeMAC answers with what was computed of the MAC.
func (v *View) judgeMAC(c *check.Context) check.Outcome {
	m := v.MAC(c)
	at := v.Protection.Ref
	switch {
	case m.Status == report.NoStatus:
		return check.Skip()
	case m.Status == report.Pass:
		return check.Holds(at, "%s", m.Why)
	case m.Status == report.Fail:
		return check.Broken(at, "%s", m.Why).And(v.Header.Algorithm.Ref)
	case m.Needs != "":
		return check.Needs(m.Needs, at, "%s", m.Why)
	}
	o := check.Needs("", at, "%s", m.Why)
	o.Needs = nil
	return o
}

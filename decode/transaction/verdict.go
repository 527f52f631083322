package transaction

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// speaking are the ids that can make the headline, in their order: see
// check.Speaker. What tells that a message is not genuine comes first, then what
// is wrong with it, then what it says.
var speaking = []string{"cmp.txn.id", "cmp.txn.recip-nonce", "cmp.txn.nonce-reuse", "cmp.prot.mac", "cmp.prot.signature", "cmp.prot.",
	"cmp.txn.poll-start", "cmp.txn.poll-final", "cmp.txn.pair", "cmp.txn.order", "cmp.txn.count", "cmp.txn.req-id",
	"cmp.pop.", "cmp.p10.", "cmp.txn.key", "cmp.txn.cert-hash", "cmp.txn.revoke-target", "cmp.txn.confirm-needless",
	"cmp.txn.failed", "cmp.txn.", "cmp.", "*cmp.prot.", "*cmp.txn.", "*cmp."}

// verdict is the answer in one sentence.
func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	s := check.Sum(tree)
	row, ok := check.Speaker(tree, speaking)
	if !ok || s == report.Pass {
		return v.good(s)
	}
	m := v.messageAt(row.At)
	switch {
	case row.Status == report.Fail:
		out := v.bad(c, row, m)
		out.Status = s
		return out
	case row.Status == report.Open:
		out := v.good(s)
		out.Detail = join(open(row), out.Detail)
		return out
	}
	out := v.good(s)
	out.Detail = join(row.Why, out.Detail)
	return out
}

// open says what is missing for a judgement.
func open(row report.Check) string {
	if strings.HasPrefix(row.ID, "cmp.prot.") {
		return "Whether the messages are genuine is not proved. " + row.Why
	}
	return row.Why
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + " " + b
}

// bad is the headline of what fails.
func (v *View) bad(c *check.Context, row report.Check, m *enrol.View) report.Verdict {
	out := report.Verdict{Headline: headline(row), Detail: row.Why}
	switch row.ID {
	case "cmp.txn.recip-nonce", "cmp.txn.id":
		if m == nil {
			break
		}
		out.Headline = refuse(m)
		if out.Detail = v.replayed(row.ID, m); out.Detail == "" {
			out.Detail = row.Why
		}
		out.Detail = join(out.Detail, genuine(c, m))
		return out
	case "cmp.prot.mac", "cmp.prot.signature":
		if m == nil {
			break
		}
		out.Headline = refuse(m)
		if n := v.unproved(c); row.ID == "cmp.prot.mac" && n > 1 {
			out.Headline = "The shared secret makes none of the MACs"
		}
	case "cmp.txn.failed":
		m, s := v.refusal()
		out.Headline = v.refused(m, s)
		out.Detail = advised(s)
		if t := words(m, s); t != "" {
			out.Detail = "It says «" + t + "»." + out.Detail
		}
		if out.Detail = strings.TrimSpace(out.Detail); out.Detail == "" {
			out.Detail = row.Why
		}
		return out
	default:
		if !strings.HasPrefix(row.ID, "cmp.txn.") && m != nil {
			out.Headline = "There is a fault in " + number(m) + " (" + m.Body.Name() + ")"
			out.Detail = row.Why
		}
	}
	if m, s := v.refusal(); m != nil {
		out.Detail = join(out.Detail, named(m)+" "+refuses(m, s)+".")
	}
	return out
}

// headline is what a rule says of itself when it fails.
func headline(row report.Check) string {
	for _, set := range rules {
		for i := range set {
			if set[i].ID == row.ID && set[i].Headline != "" {
				return set[i].Headline
			}
		}
	}
	return row.Title
}

// refuse names who must not take a message.
func refuse(m *enrol.View) string {
	if m.From == cmp.Client {
		return "The CA must refuse " + number(m)
	}
	return "The client must refuse " + number(m)
}

// replayed says what is wrong with the numbers of a message.
func (v *View) replayed(id string, m *enrol.View) string {
	if id == "cmp.txn.id" {
		return "Its transactionID is not that of " + number(v.Messages[0]) + ", so it belongs to another conversation."
	}
	for _, l := range v.links() {
		if l.m != m || l.ok() {
			continue
		}
		if len(m.Header.RecipNonce.Value) == 0 {
			return "It has no recipNonce to repeat the senderNonce of " + number(l.before) + ", so it may be replayed."
		}
		return "Its recipNonce is not the senderNonce of " + number(l.before) + ", so it may be replayed."
	}
	return ""
}

// genuine says what is known of the protection of a message that is wrong otherwise.
func genuine(c *check.Context, m *enrol.View) string {
	switch wayOf(m) {
	case "a MAC":
		switch m.MAC(c).Status {
		case report.Pass:
			return "The MAC itself is valid."
		case report.Fail:
			return "The MAC does not match either."
		}
	case "signature":
		if s := m.Signing(c); s.Best != nil {
			switch s.Best.Signature {
			case report.Pass:
				return "The signature itself is valid."
			case report.Fail:
				return "The signature does not verify either."
			}
		}
	case "":
		return "It is not protected either."
	}
	return ""
}

// unproved is the number of MACs where not one of them is right.
func (v *View) unproved(c *check.Context) int {
	n := 0
	for _, m := range v.Messages {
		if wayOf(m) != "a MAC" {
			continue
		}
		if m.MAC(c).Status != report.Fail {
			return 0
		}
		n++
	}
	return n
}

// refused is the headline of a transaction that the other side ends.
func (v *View) refused(m *enrol.View, s *cmp.PKIStatusInfo) string {
	who := "The CA"
	if m.From == cmp.Client {
		who = "The client"
	}
	out := who + " refuses " + v.what()
	if m.From == cmp.Client {
		out = who + " ends the transaction with an error"
	}
	if list := s.Failures(); len(list) > 0 {
		return out + ": " + report.Enumerate(list[:min(len(list), 3)])
	}
	return out
}

// messageAt is the message that a row points at; nil: none.
func (v *View) messageAt(at []report.Ref) *enrol.View {
	if len(at) == 0 {
		return nil
	}
	var best *enrol.View
	for _, m := range v.Messages {
		if m.Ref <= at[0] && (best == nil || m.Ref > best.Ref) {
			best = m
		}
	}
	return best
}

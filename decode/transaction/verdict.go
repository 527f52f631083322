package transaction

import (
	"slices"
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// speaking are the ids that can make the headline, in their order: see
// check.Speaker. What tells that a message does not belong here comes first, then
// that nobody vouches for it, then what is wrong with it, then what it says.
var speaking = []string{
	"cmp.der.tagging", "cmp.der.outer", "cmp.der.", "cmp.body.known",
	"cmp.txn.id", "cmp.txn.recip-nonce", "cmp.txn.nonce-reuse",
	"cmp.header.protection-alg", "cmp.prot.present", "cmp.prot.parameters", "cmp.prot.bits", "cmp.prot.pbmac1-kdf", "cmp.prot.mac", "cmp.prot.dh", "cmp.prot.kem",
	"cmp.prot.key-fit", "cmp.header.sender-kid-cert", "cmp.header.sender-cert", "cmp.prot.certificate", "cmp.prot.signature",
	"cmp.prot.expected-sender", "cmp.prot.key-usage", "cmp.prot.validity", "cmp.prot.chain", "cmp.prot.revocation", "cmp.prot.",
	"cmp.txn.poll-start", "cmp.txn.poll-final", "cmp.txn.pair", "cmp.txn.order", "cmp.txn.count", "cmp.txn.req-id",
	"cmp.header.version", "cmp.header.", "cmp.pop.signature", "cmp.p10.signature", "cmp.pop.", "cmp.p10.",
	"cmp.txn.key", "cmp.txn.cert-hash", "cmp.txn.revoke-target", "cmp.txn.confirm-needless",
	"cmp.txn.failed", "cmp.txn.", "cmp.",
	"*cmp.prot.mac", "*cmp.prot.dh", "*cmp.prot.kem", "*cmp.prot.certificate", "*cmp.prot.signature", "*cmp.prot.chain", "*cmp.prot.", "*cmp.txn.", "*cmp.",
}

// warning are those of what is doubtful.
var warning = []string{"cmp.txn.", "cmp.prot.", "cmp."}

// verdict is the answer in one sentence.
func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	s := check.Sum(tree)
	vouched := unvouched(tree)
	tree = counting(tree)
	switch s {
	case report.Fail:
		row, _ := check.Speaker(tree, speaking)
		out := v.bad(c, row, v.messageAt(row.At))
		out.Status = s
		return out
	case report.Open:
		row, _ := check.Speaker(tree, speaking)
		out := v.good(s)
		out.Detail = join(open(row), out.Detail)
		return out
	case report.Warn:
		row, _ := check.Speaker(tree, warning)
		out := v.good(s)
		if row.ID == "cmp.txn.rejected" { // which says all that the headline leaves open
			out.Detail = ""
		}
		out.Detail = join(join(out.Detail, row.Why), vouched)
		return out
	}
	out := v.good(s)
	out.Detail = join(out.Detail, vouched)
	return out
}

// unvouched says that nothing vouches for those who signed, where no anchor is
// at hand: all else can hold for messages of somebody else's making.
func unvouched(tree []report.Check) string {
	row, _ := check.Find(tree, "cmp.prot.chain")
	if row.Status != report.Open || !slices.Contains(row.Needs, "anchor") {
		return ""
	}
	return "Who signed is not checked: no trust anchor is at hand. Add the root that you trust, and say that it is one."
}

// counting is the tree without the rows that do not count for the verdict.
func counting(tree []report.Check) (out []report.Check) {
	for _, k := range tree {
		switch {
		case k.Advice:
		case k.Children == nil:
			out = append(out, k)
		default:
			k.Children = counting(k.Children)
			if len(k.Children) > 0 {
				out = append(out, k)
			}
		}
	}
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
	case "cmp.txn.failed":
		m, s := v.refusal()
		out.Headline, out.Detail = v.refused(m, s), explained(m, s)
		return out
	default:
		if strings.HasPrefix(row.ID, "cmp.txn.") || m == nil {
			break
		}
		out.Headline = m.Headline(row) + " (" + number(m) + ")"
		if strings.HasPrefix(row.ID, "cmp.prot.") {
			out.Headline, out.Detail = refuse(m), strings.TrimPrefix(row.Why, named(m)+": ")
			if why := faults[row.ID]; why != "" {
				out.Headline += ": " + why
			}
		}
		if row.ID == "cmp.prot.mac" {
			switch n := v.unproved(c); {
			case n > 1:
				out.Headline = "The shared secret makes none of the MACs"
			case m.MAC(c).Slip != "", m.MAC(c).Apart && v.blamesMAC():
				out.Headline = "The two sides do not have the same shared secret"
			}
		}
	}
	if m, s := v.refusal(); m != nil {
		out.Detail = join(out.Detail, named(m)+" "+refuses(m, s)+".")
	}
	return out
}

// blamesMAC says that a message refuses another for its MAC: by the bit that
// stands for it, or in the words of OpenSSL's server.
func (v *View) blamesMAC() bool {
	if _, s := v.refusal(); s != nil {
		cause := strings.ToLower(enrol.Cause(s))
		return strings.Contains(cause, "badmessagecheck") || strings.Contains(cause, "wrong pbm value")
	}
	return false
}

// faults say in few words why a message must be refused.
var faults = map[string]string{
	"cmp.prot.present":         "it is not protected",
	"cmp.prot.mac":             "its MAC does not match",
	"cmp.prot.dh":              "its MAC does not match",
	"cmp.prot.kem":             "its MAC does not match",
	"cmp.prot.signature":       "its signature does not match",
	"cmp.prot.certificate":     "its signer's certificate is not found",
	"cmp.prot.key-usage":       "its signer's certificate does not allow signing",
	"cmp.prot.validity":        "its signer's certificate is not valid at the time",
	"cmp.prot.chain":           "its signer leads to no trust anchor",
	"cmp.prot.revocation":      "its signer's certificate is revoked",
	"cmp.prot.expected-sender": "another sender is expected",
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
	if cause := enrol.Cause(s); cause != "" {
		return out + ": " + report.Clean(cause)
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

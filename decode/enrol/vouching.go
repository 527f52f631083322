package enrol

import (
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
)

// settle takes out of the verdict what nobody can answer from messages alone: a
// signature that fits says that nothing was changed, though no anchor was given
// to tell who made it, and no list of what is revoked.
func (v *View) settle(c *check.Context, tree []report.Check) {
	for i := range tree {
		if tree[i].ID != groupProtection.ID {
			continue
		}
		rows := tree[i].Children
		for j := range rows {
			if r := &rows[j]; r.Status == report.Open && (r.ID == "cmp.prot.revocation" || r.ID == "cmp.prot.chain" && !v.trusting(c)) {
				r.Advice = true
			}
		}
	}
}

// trusting says that anchors are at hand that are meant for this message.
func (v *View) trusting(c *check.Context) bool {
	s := v.Signing(c)
	return s.Trusting && !(s.Best != nil && v.othersAnchors(c, s.Best))
}

// othersAnchors says that the path of a client's certificate only ends, and that
// the anchors at hand are the client's own: they vouch for an answer, or there is
// one that grants what was asked. A device comes with a certificate of its maker,
// of which its new CA knows the root, and the device itself mostly not.
func (v *View) othersAnchors(c *check.Context, k *Candidate) bool {
	if v.From != cmp.Client || v.In == nil || k.Way == nil || k.Way.Anchored() || k.Way.Limit != "" {
		return false
	}
	if i, _ := k.Way.Break(); i >= 0 {
		return false
	}
	for _, o := range v.In.Messages {
		if o.From != cmp.Server {
			continue
		}
		if len(o.granted()) > 0 {
			return true
		}
		if b := o.Signing(c).Best; b != nil && b.Proved() && b.Path == report.Pass {
			return true
		}
	}
	return false
}

// counting is a tree without the rows that settle took out of the verdict.
func counting(tree []report.Check) []report.Check {
	out := append([]report.Check(nil), tree...)
	for i := range out {
		if out[i].ID != groupProtection.ID {
			continue
		}
		rows := out[i].Children
		out[i].Children = nil
		for _, r := range rows {
			if !r.Advice {
				out[i].Children = append(out[i].Children, r)
			}
		}
	}
	return out
}

// signedBy says who signed the message, and what is not known of that; "" if
// nobody did.
func (v *View) signedBy(c *check.Context) string {
	s := v.Signing(c)
	switch k := s.Best; {
	case k == nil || !k.Proved():
		return ""
	case k.Bare:
		return "signed with the key that was given"
	case k.Where == Pinned || v.trusting(c):
		return "signed by " + whose(k.Certificate)
	default:
		return "signed by " + whose(k.Certificate) + " (without a trust anchor at hand)"
	}
}

// roles say which items serve to judge the message, and as what.
func (v *View) roles(c *check.Context) (out []check.Link) {
	if v.ByMAC() {
		if m := v.MAC(c); m.Secret >= 0 {
			out = append(out, check.Link{Item: m.Secret, Role: "secret"})
		}
		return out
	}
	k := v.Signing(c).Best
	if k == nil {
		return nil
	}
	if k.Item >= 0 {
		out = append(out, check.Link{Item: k.Item, Role: "signer"})
	}
	if k.Way != nil && k.Way.Anchored() {
		if i := v.x.itemOf(k.Way.End()); i >= 0 && i != k.Item {
			out = append(out, check.Link{Item: i, Role: "anchor"})
		}
	}
	return out
}

package enrol

import (
	"crypto/subtle"
	"fmt"

	"derscope/decode/check"
	"derscope/decode/crmf"
	"derscope/decode/mac"
	"derscope/decode/report"
)

// keyMAC computes the MAC over a public key in poposkInput with the shared
// secrets at hand, once: it depends on the switch «work» alone.
//
// RFC 4211, sections 4.1 and 4.4
func (v *View) keyMAC(c *check.Context, i *crmf.SigningKeyInput) *MAC {
	type key struct {
		input *crmf.SigningKeyInput
		work  int64
	}
	m, _ := c.Once(key{i, workOf(c)}, func() any { return v.x.prover(c).proveKey(i) }).(*MAC)
	return m
}

func (p *prover) proveKey(i *crmf.SigningKeyInput) *MAC {
	a := i.MAC.Algorithm
	m := &MAC{Secret: -1, Status: report.Open}
	cost := a.Cost()
	why := a.Unusable()
	switch {
	case a.Method != mac.PBM && a.Method != mac.PBMAC1:
		m.Why = "It is not computed: " + a.Name() + " is no MAC with a password; RFC 4211 wants one here."
	case why != "":
		m.Why = "It cannot be computed: " + why + "."
	case cost < 0 || cost > p.most:
		m.Why = fmt.Sprintf("It is not computed: it costs %s, and no more than %d are computed unasked.", rounds(a), p.most)
	case len(p.tries) == 0:
		m.Why = asks[a.Method]
	default:
		p.tryKey(i, m, cost)
	}
	return m
}

// tryKey looks for the secret that makes the MAC.
func (p *prover) tryKey(i *crmf.SigningKeyInput, m *MAC, cost int64) {
	for _, t := range p.tries {
		if p.left < cost {
			m.Why = "It is not computed with all secrets: together they cost too much. Give fewer at a time."
			return
		}
		for _, k := range p.keysOf(i.MAC.Algorithm, t, true) {
			sum, why := k.Code.Sum(k.Bytes, i.PublicKey.Raw)
			if why != "" || subtle.ConstantTimeCompare(sum, i.MAC.Value.Value.Bytes) != 1 {
				continue
			}
			m.Status, m.Secret, m.Deviation = report.Pass, t.item, k.Deviation
			m.Why = "The shared secret, applied to the key with " + i.MAC.Algorithm.Describe() + ", gives this very value."
			if k.Deviation != "" {
				m.Why += " But only if " + k.Deviation + "."
			}
			return
		}
	}
	m.Status = report.Fail
	m.Why = "The shared secret that was given makes another value: it is not that of this request, or the key was exchanged after the MAC was made."
}

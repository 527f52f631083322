package enrol

import (
	"crypto/subtle"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/crmf"
	"derscope/decode/mac"
	"derscope/decode/report"
)

// What proofs of possession cost to verify is bounded, for one message and for
// all together: a paste can hold a thousand requests with keys of any size.

// Bounds in the cost of an RSA 2048 verification, which takes an eighth of a
// millisecond in a browser.
const (
	proofsOfMessage = 8_000
	proofsOfAll     = 4 * proofsOfMessage
)

// provable says that the proof of possession of a request is verified: those
// that come first are, as long as they are affordable.
func (v *View) provable(c *check.Context, q *crmf.CertReqMsg) bool {
	type key struct{}
	all, _ := c.Once(key{}, func() any {
		set, left := map[*crmf.CertReqMsg]bool{}, proofsOfAll
		for _, w := range v.x.Messages {
			mine := proofsOfMessage
			for _, q := range w.Body.Requests[:min(len(w.Body.Requests), mostRequests)] {
				if q.POP == nil || q.POP.Form != crmf.Signature {
					continue
				}
				cost := proofCost(q)
				if mine -= cost; mine < 0 || left < cost {
					break
				}
				left -= cost
				set[q] = true
			}
		}
		return set
	}).(map[*crmf.CertReqMsg]bool)
	return all[q]
}

// proofCost is what a proof costs at the most. With a poposkInput four runs of
// octets are tried, else three.
func proofCost(q *crmf.CertReqMsg) int {
	k, tries := q.Request.Template.PublicKey, 3
	if q.POP.Input != nil {
		tries = 4
		if q.Request.Template.Central() {
			k = &q.POP.Input.PublicKey
		}
	}
	if k == nil {
		return 1
	}
	return tries * verifyCost(*k)
}

// verifyCost is about what one verification with a key costs.
func verifyCost(k cert.PublicKey) int {
	size := k.Key.Size()
	blocks := max(1, size/2048)
	switch k.Key.Family() {
	case "RSA":
		steps := 17 // of the usual exponent
		if e := k.Key.Exponent; e != nil && e.BitLen() > steps {
			steps = 2 * e.BitLen() // half of its bits are set
		}
		return blocks * blocks * steps / 17
	case "DSA":
		return 60 * blocks * blocks
	case "EC":
		return 20 + size*size*size/765_000
	}
	return 50
}

// keyMAC is what was found of the MAC over a public key in poposkInput with the
// shared secrets at hand. It depends on the switch «work» alone.
//
// RFC 4211, sections 4.1 and 4.4
func (v *View) keyMAC(c *check.Context, i *crmf.SigningKeyInput) *MAC {
	type key struct{ work int64 }
	work := workOf(c)
	all, _ := c.Once(key{work}, func() any {
		p := &prover{x: v.x, most: work, left: inAll * work, keys: map[string][]mac.Key{}}
		p.candidates()
		found := map[*crmf.SigningKeyInput]*MAC{}
		for _, w := range v.x.Messages {
			for _, q := range w.Body.Requests[:min(len(w.Body.Requests), mostRequests)] {
				if q.POP != nil && q.POP.Input != nil && q.POP.Input.MAC != nil {
					found[q.POP.Input] = p.proveKey(q.POP.Input)
				}
			}
		}
		return found
	}).(map[*crmf.SigningKeyInput]*MAC)
	if m := all[i]; m != nil {
		return m
	}
	return &MAC{Secret: -1, Status: report.Open, Why: "It is not computed."}
}

func (p *prover) proveKey(i *crmf.SigningKeyInput) *MAC {
	a := i.MAC.Algorithm
	m := &MAC{Secret: -1, Status: report.Open}
	cost := a.Cost()
	why := a.Unusable()
	switch {
	case a.Method != mac.PBM && a.Method != mac.PBMAC1:
		m.Why = "It is not computed: " + a.Name() + " is no MAC with a password, and RFC 4211 wants one here."
	case why != "":
		m.Why = "It cannot be computed: " + why + "."
	case cost < 0 || cost > p.most:
		m.Why = fmt.Sprintf("It is not computed: it costs %s, and no more than %d are computed unasked.", rounds(a), p.most)
	case len(p.tries) == 0:
		m.Needs, m.Why = "secret", asks[a.Method]
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

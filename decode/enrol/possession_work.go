package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/crmf"
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

package enrol

import (
	"bytes"
	"crypto/subtle"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/mac"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// The rules of poposkInput: what is signed where the template lacks name or key.

var signedInputRules = []rule{{
	ID: "cmp.pop.input", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 4211 §4.1; RFC 9810 §5.2.8.2",
	Title: "poposkInput is there exactly where name or key is missing", Headline: "What the signature covers lacks the name or the key",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachPOP(crmf.Signature, func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			t := q.Request.Template
			switch {
			case replaced(q):
				return check.Skip()
			case p.Input == nil && t.PublicKey == nil:
				return check.Broken(p.Ref, "publicKey is missing in the template, so poposkInput is to have it, and is missing too: there is no key to verify the signature with. OpenSSL says POPO_MISSING_PUBLIC_KEY.").And(t.Ref)
			case p.Input == nil && t.Subject == nil:
				return check.Broken(p.Ref, "subject is missing in the template, so poposkInput is to name the sender, and is missing too: the signature binds no name. OpenSSL says POPO_MISSING_SUBJECT. Put the subject in, if only an empty one.").And(t.Ref)
			case p.Input != nil && t.PublicKey != nil && t.Subject != nil:
				return check.Doubtful(p.Input.Ref, "poposkInput is there, and the template has both subject and publicKey: it is to be left out then, and certReq signed.").And(t.Ref)
			case p.Input != nil:
				return check.Holds(p.Input.Ref, "")
			}
			return check.Holds(p.Ref, "")
		})
	},
}, {
	ID: "cmp.pop.input-key", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §4.1",
	Title: "poposkInput has the key of the template", Headline: "poposkInput has another key than the template",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachInput(func(q *crmf.CertReqMsg, i *crmf.SigningKeyInput) check.Outcome {
			k := q.Request.Template.PublicKey
			switch {
			case k == nil || len(k.Bits) == 0 || i.PublicKey.Raw == nil:
				return check.Skip()
			case !k.Same(i.PublicKey):
				return check.Broken(i.PublicKey.Ref, "publicKey is the %s here, and the %s in the template: what is signed is not what is asked for. OpenSSL says POPO_INCONSISTENT_PUBLIC_KEY.", keyEnd(i.PublicKey), keyEnd(*k)).And(k.Ref)
			}
			return check.Holds(i.PublicKey.Ref, "").And(k.Ref)
		})
	},
}, {
	ID: "cmp.pop.input-sender", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §4.1",
	Title: "The sender in poposkInput is that of the message",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachInput(func(_ *crmf.CertReqMsg, i *crmf.SigningKeyInput) check.Outcome {
			if i.Sender == nil {
				return check.Skip()
			}
			s := v.Header.Sender
			same := i.Sender.Choice == s.Choice && i.Sender.Text == s.Text
			if i.Sender.Choice == cert.DirectoryName && s.Choice == cert.DirectoryName {
				same = Compare(i.Sender.Name, s.Name).Equal()
			}
			if !same {
				return check.Broken(i.Sender.Ref, "sender is %s here, and %s in the header: whoever signed the request is not who sends it.", i.Sender.Text, s.Text).And(s.Ref)
			}
			return check.Holds(i.Sender.Ref, "").And(s.Ref)
		})
	},
}, {
	ID: "cmp.pop.input-mac", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §4.1; RFC 4211 §4.4; RFC 9045 §3",
	Title: "The MAC in poposkInput binds the key to the shared secret", Headline: "The MAC over the key is not that of the shared secret",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachInput(func(_ *crmf.CertReqMsg, i *crmf.SigningKeyInput) check.Outcome {
			if i.MAC == nil || i.PublicKey.Raw == nil {
				return check.Skip()
			}
			m := v.keyMAC(c, i)
			switch m.Status {
			case report.Pass:
				return check.Holds(i.MAC.Value.Ref, "%s", m.Why).And(i.PublicKey.Ref)
			case report.Fail:
				return check.Broken(i.MAC.Value.Ref, "%s", m.Why).And(i.PublicKey.Ref)
			}
			if m.Needs != "" {
				return check.Needs(m.Needs, i.MAC.Ref, "%s", m.Why)
			}
			return undecided(i.MAC.Ref, "%s", m.Why)
		})
	},
}, {
	ID: "cmp.pop.input-form", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §4.1; RFC 9810 §5.2.8.2",
	Title: "Of poposkInput those octets are signed that most programs mean",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachInput(func(q *crmf.CertReqMsg, i *crmf.SigningKeyInput) check.Outcome {
			if !v.provable(c, q) {
				return check.Skip()
			}
			r := q.Possessed()
			switch {
			case r.Outcome != sig.Valid:
				return check.Skip()
			case r.Over == crmf.OverInput && !bytes.Equal(i.Raw[:1], []byte{0x30}):
				return check.Note(i.Ref, "What is signed is poposkInput with the tag of a SEQUENCE (30), which is what OpenSSL signs and verifies.")
			case r.Over == crmf.OverTagged:
				return check.Broken(i.Ref, "What is signed is poposkInput as it was sent, with its tag a0: OpenSSL and others sign the SEQUENCE (30) that the tag stands for, and would refuse this.")
			case r.Over == crmf.OverContents:
				return check.Broken(i.Ref, "What is signed are the contents of poposkInput without tag and length, the «value octets» of RFC 9810: OpenSSL and others sign the SEQUENCE (30), and would refuse this.")
			}
			return check.Holds(i.Ref, "")
		})
	},
}}

// eachInput judges the poposkInput of all requests that have one.
func (v *View) eachInput(judge func(*crmf.CertReqMsg, *crmf.SigningKeyInput) check.Outcome) check.Outcome {
	return v.eachPOP(crmf.Signature, func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
		if p.Input == nil {
			return check.Skip()
		}
		return judge(q, p.Input)
	})
}

// keyEnd tells a key from others of its type by its last octets.
func keyEnd(k cert.PublicKey) string {
	end := k.Bits[max(0, len(k.Bits)-4):]
	return k.Key.Name() + " key that ends in " + field.Colons(end)
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

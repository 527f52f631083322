package crmf

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/sig"
)

// Possession is what verifying the signature of a proof of possession gave.
type Possession struct {
	sig.Result
	Key  *cert.PublicKey // that it was verified with; nil: there is none
	Over Signed          // what was signed, where the outcome is Valid
}

// Signed is what the signature of a proof of possession was found to cover.
type Signed int

const (
	OverRequest   Signed = iota // certReq: where there is no poposkInput
	OverInput                   // poposkInput with the tag of a SEQUENCE
	OverTagged                  // poposkInput as it was sent, with tag [0]
	OverContents                // the contents of poposkInput alone
	OverCanonical               // certReq in DER, where it came in BER
	OverTemplate                // certTemplate alone: nobody should
	Besides                     // certReq, though there is a poposkInput: nobody should
)

// Possessed verifies the signature of the proof of possession, once, with the
// key that is to be certified. There is to be one.
//
// With a poposkInput RFC 4211 has its value signed and RFC 9810 the octets of
// the value, so all that may be meant is tried.
func (m *CertReqMsg) Possessed() Possession {
	if m.possessed == nil {
		p := m.verify()
		m.possessed = &p
	}
	return *m.possessed
}

func (m *CertReqMsg) verify() Possession {
	type try struct {
		over Signed
		b    []byte
	}
	var tries []try
	out := Possession{}
	p, q := m.POP, m.Request
	if t := q.Template; !t.Central() {
		out.Key = t.PublicKey
	} else if p.Input != nil && p.Input.PublicKey.Raw != nil {
		out.Key = &p.Input.PublicKey
	}
	if out.Key == nil {
		out.Result = sig.Result{Outcome: sig.Malformed, Why: "there is no key to verify it with"}
		return out
	}
	if p.Input != nil {
		for i, b := range p.Input.Signed() {
			tries = append(tries, try{OverInput + Signed(i), b})
		}
		tries = append(tries, try{Besides, q.Raw})
	} else {
		tries = append(tries, try{OverRequest, q.Raw})
		if d, ok := der.Canonical(q.Raw); ok && !bytes.Equal(d, q.Raw) {
			tries = append(tries, try{OverCanonical, d})
		}
		tries = append(tries, try{OverTemplate, q.Template.Raw})
	}
	for i, t := range tries {
		res := cert.Verify(p.Algorithm, *out.Key, t.b, p.Signature)
		if i == 0 || res.Outcome == sig.Valid {
			out.Result, out.Over = res, t.over
		}
		if res.Outcome != sig.Wrong { // no other octets change that
			break
		}
	}
	return out
}

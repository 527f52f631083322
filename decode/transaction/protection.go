package transaction

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/mac"
	"derscope/decode/report"
)

var protectionRules = []rule{{
	ID: "cmp.txn.protection-kind", Group: groupProtection, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.2; RFC 9483 §3.5",
	Title: "All messages are protected in the same way", Headline: "MAC and signature are mixed",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var first *enrol.View
		worst := check.Skip()
		for _, m := range v.Messages {
			way := wayOf(m)
			switch {
			case way == "" || m.Again != nil:
			case first == nil:
				first = m
			case wayOf(first) == way:
				worst = check.Worst(worst, check.Holds(m.Header.Algorithm.Ref, ""))
			default:
				worst = check.Worst(worst, check.Doubtful(m.Header.Algorithm.Ref, "%s is protected by %s, %s by %s. A server that wants the one answers wrongIntegrity to the other, and a client with a secret alone cannot check a signature: give it the anchor, too.",
					named(m), way, number(first), wayOf(first)).And(first.Header.Algorithm.Ref))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.credentials", Group: groupProtection, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 9483 §4.4",
	Title: "Each side protects all its messages with the same credentials", Headline: "One side changes its credentials",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		v.beside(func(first, m *enrol.View) {
			if wayOf(first) == "" || wayOf(first) != wayOf(m) {
				return
			}
			switch m.Core().Body.Type {
			case cmp.CertConf, cmp.PollReq, cmp.PKIConf, cmp.PollRep:
				worst = check.Worst(worst, sameCredentials(first, m))
			}
		})
		return worst
	},
}, {
	ID: "cmp.txn.pbm-constant", Group: groupProtection, Level: check.Advice, Refs: "RFC 9810 §5.1.3.1; RFC 9483 §4.1.5",
	Title: "Salt and iteration count stay the same",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var first *enrol.View
		for _, m := range v.Messages {
			a := m.Header.Algorithm
			if a == nil || a.PBM == nil || m.Again != nil {
				continue
			}
			if first == nil {
				first = m
				continue
			}
			p, q := first.Header.Algorithm.PBM, a.PBM
			if key(p.Iterations) != key(q.Iterations) {
				return check.Note(q.Iterations.Ref, "iterationCount is %s in %s, %s in %s. That is allowed.", whole(p.Iterations), number(first), whole(q.Iterations), number(m)).And(p.Iterations.Ref)
			}
			if !bytes.Equal(p.Salt.Value, q.Salt.Value) {
				return check.Note(q.Salt.Ref, "%s has another salt than %s. That is safe, and costs the rounds once more for each message.", named(m), number(first)).And(p.Salt.Ref)
			}
		}
		if first == nil {
			return check.Skip()
		}
		return check.Holds(first.Header.Algorithm.PBM.Ref, "")
	},
}, {
	ID: "cmp.txn.certs-first", Group: groupProtection, Level: check.Should, Refs: "RFC 9483 §3.3",
	Title: "On first contact each side sends its certificates", Headline: "A side signs and does not send its certificate",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		seen := map[cmp.Side]bool{}
		for _, m := range v.Messages {
			if m.Again != nil || seen[m.From] {
				continue
			}
			seen[m.From] = true
			if wayOf(m) != "signature" {
				continue
			}
			switch s := m.Signing(c); {
			case len(m.ExtraCerts.List) > 0:
				worst = check.Worst(worst, check.Holds(m.ExtraCerts.Ref, ""))
			case s.Best == nil || s.Best.Signature != report.Pass:
				worst = check.Worst(worst, check.Broken(m.Header.Algorithm.Ref, "%s is signed and has no extraCerts, and the signer's certificate is not here either: the other side may not know it.", named(m)))
			}
		}
		return worst
	},
}}

// wayOf is how a message is protected: MAC or signature; "" if it is not.
func wayOf(m *enrol.View) string {
	switch a := m.Header.Algorithm; {
	case a == nil || !m.Protected():
		return ""
	case a.Method != mac.None:
		return "a MAC"
	case m.BySignature():
		return "signature"
	}
	return ""
}

// sameCredentials compares the references of two messages of one side, or where
// there are none the certificates that they send first.
func sameCredentials(first, m *enrol.View) check.Outcome {
	a, b := first.Header.SenderKID, m.Header.SenderKID
	switch {
	case len(a.Value) > 0 && len(b.Value) > 0:
		if bytes.Equal(a.Value, b.Value) {
			return check.Holds(b.Ref, "")
		}
		return check.Doubtful(b.Ref, "senderKID of %s is %s, that of %s %s: the same side uses other credentials.", number(m), octets(b.Value), number(first), octets(a.Value)).And(a.Ref)
	case wayOf(m) == "signature" && len(first.ExtraCerts.List) > 0 && len(m.ExtraCerts.List) > 0:
		p, q := first.ExtraCerts.List[0], m.ExtraCerts.List[0]
		if p == nil || q == nil {
			return check.Skip()
		}
		if bytes.Equal(p.Raw, q.Raw) {
			return check.Holds(q.Ref, "")
		}
		return check.Doubtful(q.Ref, "%s is signed by %s, %s by %s: the same side uses another certificate.", named(m), q.Title(), number(first), p.Title()).And(p.Ref)
	}
	return check.Skip()
}

var kemRules = []rule{{
	ID: "cmp.txn.kem", Group: groupProtection, Level: check.Should, Refs: "RFC 9810 §5.1.3.4; RFC 9810 §8.8",
	Title: "The KEM secret serves this transaction alone", Headline: "A KEM secret is used in another transaction",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var uses *enrol.View
		for _, m := range v.Messages {
			if a := m.Header.Algorithm; a != nil && a.Method == mac.KEMBased {
				uses = m
				break
			}
		}
		if uses == nil {
			return check.Skip()
		}
		all := ciphertexts(c)
		own, elsewhere := (*ciphertext)(nil), (*ciphertext)(nil)
		for i := range all {
			switch k := &all[i]; {
			case k.m.In == v.Transaction:
				own = k
			case elsewhere == nil:
				elsewhere = k
			}
		}
		at := uses.Header.Algorithm.Ref
		switch {
		case own != nil:
			for i := range all {
				if k := &all[i]; k.m.In != v.Transaction && bytes.Equal(k.value, own.value) {
					return check.Broken(own.at, "The ciphertext of %s stands in a transaction with transactionID %s, too: the same key protects both.", number(own.m), octets(k.m.Header.TransactionID.Value)).And(k.at)
				}
			}
			return check.Holds(own.at, "").And(at)
		case elsewhere != nil:
			return check.Broken(at, "%s is protected with a KEM secret, and no ciphertext came in this transaction; one came with transactionID %s, not %s. The transactionID goes into the key, so both sides have different ones.",
				named(uses), octets(elsewhere.m.Header.TransactionID.Value), octets(uses.Header.TransactionID.Value)).And(elsewhere.at)
		}
		return check.Needs("request", at, "%s is protected with a KEM secret. The message that carried its ciphertext (KemCiphertextInfo) is not here.", named(uses))
	},
}}

// ciphertext is a KemCiphertextInfo with its message.
type ciphertext struct {
	m     *enrol.View
	at    report.Ref
	value []byte // the whole of the information, which differs when the ciphertext does
}

// ciphertexts are all that were found.
func ciphertexts(c *check.Context) []ciphertext {
	type memo struct{}
	all, _ := c.Once(memo{}, func() any {
		var list []ciphertext
		for _, m := range enrol.IndexOf(c).Messages {
			for _, infos := range []cmp.Infos{m.Header.GeneralInfo, m.Body.Infos} {
				if i := infos.Find(cmp.IDKemCiphertextInfo); i != nil && len(i.Raw) > 0 && m.Again == nil {
					list = append(list, ciphertext{m, i.Ref, i.Raw})
				}
			}
		}
		return list
	}).([]ciphertext)
	return all
}

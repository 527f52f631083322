package enrol

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/mac"
	"derscope/decode/report"
)

// wide is how many octets numbers that nobody may guess have: RFC 9483, section 3.1.
const wide = 16

var nonceRules = []rule{{
	ID: "cmp.header.transaction-id", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §5.1.1; RFC 9483 §3.5",
	Title: "The message names its transaction", Headline: "The message names no transaction",
	Judge: func(c *check.Context, v *View) check.Outcome {
		h := &v.Header
		switch {
		case h.TransactionID.Ref != report.None:
			return check.Holds(h.TransactionID.Ref, "")
		case h.Algorithm != nil && h.Algorithm.Method == mac.KEMBased:
			return check.Broken(h.Ref, "There is no transactionID, and the key of a KEM-based MAC is derived from it.")
		case v.later():
			return check.Broken(h.Ref, "There is no transactionID, and %s belongs to messages before it: the receiver cannot tell which. It answers badDataFormat.", article(v.Body.Name()))
		}
		return check.Doubtful(h.Ref, "There is no transactionID: nothing ties an answer to this message. Send 16 random octets.")
	},
}, {
	ID: "cmp.header.transaction-id-size", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9810 §5.1.1",
	Title: "The transactionID has 16 octets", Headline: "The transactionID has not 16 octets",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.TransactionID
		if !f.OK {
			return check.Skip()
		}
		if len(f.Value) != wide {
			return check.Doubtful(f.Ref, "The transactionID has %s: 16 random ones keep two transactions apart.", report.Plural(len(f.Value), "octet", "octets"))
		}
		return check.Holds(f.Ref, "")
	},
}, {
	ID: "cmp.header.sender-nonce", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.5; RFC 9810 §5.1.1",
	Title: "The message has a number of its own", Headline: "The message has no number of its own",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if f := v.Header.SenderNonce; f.Ref != report.None {
			return check.Holds(f.Ref, "")
		}
		return check.Doubtful(v.Header.Ref, "There is no senderNonce: nobody can tell this message from a copy of it that is sent again. A strict receiver answers badSenderNonce.")
	},
}, {
	ID: "cmp.header.sender-nonce-size", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.5",
	Title: "The senderNonce has 16 octets or more", Headline: "The senderNonce is too short",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.SenderNonce
		if !f.OK {
			return check.Skip()
		}
		if len(f.Value) < wide {
			return check.Doubtful(f.Ref, "The senderNonce has %s of 16: it could be guessed or repeat. Some servers refuse it.", report.Plural(len(f.Value), "octet", "octets"))
		}
		return check.Holds(f.Ref, "")
	},
}, {
	ID: "cmp.header.sender-nonce-random", Group: groupHeader, Level: check.Should, Refs: "RFC 9483 §3.1",
	Title: "The senderNonce is fresh",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.SenderNonce
		if !f.OK || len(f.Value) == 0 {
			return check.Skip()
		}
		switch {
		case len(f.Value) > 1 && bytes.Count(f.Value, f.Value[:1]) == len(f.Value):
			return check.Doubtful(f.Ref, "All %d octets of the senderNonce are %02x: it is no random number, and protects from no replay.", len(f.Value), f.Value[0])
		case bytes.Equal(f.Value, v.Header.TransactionID.Value):
			return check.Doubtful(f.Ref, "The senderNonce is the transactionID, %s: it is the same in each message of this side.", octets(f.Value))
		case bytes.Equal(f.Value, v.Header.RecipNonce.Value):
			return check.Doubtful(f.Ref, "The senderNonce is a copy of recipNonce, %s: a number that the other side chose proves nothing to this one.", octets(f.Value))
		}
		if w := v.twin(c); w != nil {
			return check.Doubtful(f.Ref, "The senderNonce %s is also that of another message, %s: a number that was used before proves no freshness.", octets(f.Value), w.Body.Name())
		}
		return check.Holds(f.Ref, "")
	},
}, {
	ID: "cmp.header.recip-nonce", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9483 §3.5",
	Title: "The answer repeats the number of what it answers", Headline: "The answer does not say which message it answers",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch t := v.Body.Type; {
		case t.Replies() || t == cmp.RP || t == cmp.KRP || t == cmp.GenP || t == cmp.PKIConf || t == cmp.PollRep || t == cmp.CertConf:
		default:
			return check.Skip()
		}
		switch f, a := v.Header.RecipNonce, v.Answers; {
		case f.Ref != report.None:
			return check.Holds(f.Ref, "")
		case a != nil && a.Header.SenderNonce.OK:
			return check.Broken(v.Header.Ref, "There is no recipNonce; the %s before it has the senderNonce %s, which belongs there. A receiver answers badRecipientNonce.",
				a.Body.Name(), octets(a.Header.SenderNonce.Value))
		}
		return check.Doubtful(v.Header.Ref, "There is no recipNonce: %s answers a message, and copies its senderNonce to prove it.", article(v.Body.Name()))
	},
}, {
	ID: "cmp.header.recip-nonce-first", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1",
	Title: "A first message has no number to repeat", Headline: "A first message repeats a number",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.RecipNonce
		if !v.Body.Type.First() || v.Place > 0 || v.Given != nil {
			return check.Skip()
		}
		if f.Ref != report.None {
			return check.Doubtful(f.Ref, "recipNonce is %s in a first message, which answers nothing: leave it out.", octets(f.Value))
		}
		return check.Holds(v.Header.Ref, "")
	},
}}

// later says that the message can only follow others of its transaction.
func (v *View) later() bool {
	switch v.Body.Type {
	case cmp.CertConf, cmp.PollReq, cmp.PollRep, cmp.POPDecC, cmp.POPDecR:
		return true
	}
	return false
}

// twin is another message with the same senderNonce. A copy of the message, and
// one whose protection or wrapper alone is new, are none: an RA passes messages
// on with their numbers.
func (v *View) twin(c *check.Context) *View {
	if v.Given != nil || v.Body.Type == cmp.Nested {
		return nil
	}
	type key struct{}
	seen, _ := c.Once(key{}, func() any {
		seen := map[string][2]*View{} // two different ones at most
		for _, w := range v.x.Messages {
			n := w.Header.SenderNonce
			if w.Given != nil || w.Body.Type == cmp.Nested || !n.OK {
				continue
			}
			two := seen[string(n.Value)]
			if two[0] == nil {
				two[0] = w
			} else if two[1] == nil && !bytes.Equal(two[0].Body.Raw, w.Body.Raw) {
				two[1] = w
			}
			seen[string(n.Value)] = two
		}
		return seen
	}).(map[string][2]*View)
	for _, w := range seen[string(v.Header.SenderNonce.Value)] {
		if w != nil && !bytes.Equal(w.Body.Raw, v.Body.Raw) {
			return w
		}
	}
	return nil
}

package transaction

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

var pairingRules = []rule{{
	ID: "cmp.txn.id", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.1.1; RFC 9483 §3.1",
	Title: "All messages have the same transactionID", Headline: "The messages have different transactionIDs",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var first *enrol.View
		worst := check.Skip()
		for _, m := range v.Messages {
			f := m.Header.TransactionID
			switch {
			case first == nil:
				if len(f.Value) > 0 {
					first, worst = m, check.Holds(f.Ref, "")
				}
			case len(f.Value) == 0:
				worst = check.Worst(worst, check.Doubtful(m.Header.Ref, "%s has no transactionID; %s has %s. OpenSSL's client refuses that (TRANSACTIONID_UNMATCHED).",
					named(m), number(first), octets(first.Header.TransactionID.Value)).And(first.Header.TransactionID.Ref))
			case !bytes.Equal(f.Value, first.Header.TransactionID.Value):
				worst = check.Worst(worst, check.Broken(f.Ref, "%s has transactionID %s; %s has %s. It belongs to another conversation: look for a cache or a proxy that mixes up answers.",
					named(m), octets(f.Value), number(first), octets(first.Header.TransactionID.Value)).And(first.Header.TransactionID.Ref))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.id-reuse", Group: groupPairing, Level: check.Should, Refs: "RFC 9810 §5.1.1",
	Title: "No other transaction has this transactionID", Headline: "A transactionID serves two transactions",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.several || v.ID == nil {
			return check.Skip()
		}
		m := v.Messages[0]
		if v.Before == nil || !m.Core().Body.Type.First() {
			return check.Holds(m.Header.TransactionID.Ref, "")
		}
		other := v.Before.Messages[0]
		if bytes.Equal(other.Header.SenderNonce.Value, m.Header.SenderNonce.Value) {
			return check.Holds(m.Header.TransactionID.Ref, "")
		}
		return check.Broken(m.Header.TransactionID.Ref, "%s begins another transaction with transactionID %s, which one before it has, too (senderNonce %s there, %s here). A CA may answer transactionIdInUse: make a new one for each.",
			named(m), octets(v.ID), octets(other.Header.SenderNonce.Value), octets(m.Header.SenderNonce.Value)).And(other.Header.TransactionID.Ref)
	},
}, {
	ID: "cmp.txn.order", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.3; RFC 9483 §3.5",
	Title: "Each message may come where it stands", Headline: "A message comes out of turn",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Holds(v.Messages[0].Body.Ref, "")
		if v.Sorted {
			worst = check.Note(v.Messages[0].Header.SenderNonce.Ref, "The messages are put in the order of their nonces: in what was pasted they stand in another one.")
		}
		for i, m := range v.Messages {
			p := &v.steps[i]
			t := m.Core().Body.Type
			switch {
			case p.gap && i == 0:
				worst = check.Worst(worst, check.Note(m.Body.Ref, "%s begins no transaction: what came before it is not here.", named(m)))
			case p.gap:
				worst = check.Worst(worst, check.Note(m.Body.Ref, "A message is missing before %s: it does not follow from %s.", number(m), number(v.Messages[i-1])))
			case !p.bad || p.before == failed || p.before == done && t == cmp.CertConf || t == cmp.PollReq: // rules of their own
			case len(p.want) == 0 && m.From == cmp.Server && p.before != done:
				worst = check.Worst(worst, check.Broken(m.Body.Ref, "%s comes where the server has nothing to answer: it is the client's turn.", named(m)))
			case len(p.want) == 0:
				worst = check.Worst(worst, check.Broken(m.Body.Ref, "%s comes when all was said.", named(m)))
			default:
				worst = check.Worst(worst, check.Broken(m.Body.Ref, "%s comes where %s may come. OpenSSL answers UNEXPECTED_PKIBODY.", named(m), types(p.want)))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.pair", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.3",
	Title: "Each answer is of the kind that its request gets", Headline: "An answer is of the wrong kind",
	Judge: perAnswer(func(_ *check.Context, v *View, m, q *enrol.View) check.Outcome {
		if v.steps[m.Place].gap || !m.Core().Body.Type.Known() {
			return check.Skip()
		}
		a, b := q.Core().Body.Type, m.Core().Body.Type
		ok := enrol.Fits(a, b) || a == cmp.Nested || b == cmp.Nested
		if w, known := finals[v.origin]; a == cmp.POPDecR && known && enrol.Final(b) {
			ok = b == w
		}
		if ok {
			return check.Holds(m.Body.Ref, "")
		}
		return check.Broken(m.Body.Ref, "%s answers %s (%s), which gets %s. The client refuses it.", named(m), number(q), a, gets(a, v.origin)).And(q.Body.Ref)
	}),
}, {
	ID: "cmp.txn.complete", Group: groupPairing, Level: check.Advice, Refs: "RFC 9483 §4.1.1",
	Title: "The transaction comes to its end", Headline: "The transaction is not over",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if missing := v.missing(); missing != "" {
			return check.Note(v.last.Body.Ref, "The recording ends before the transaction does: %s.", missing)
		}
		if v.last == nil {
			return check.Skip()
		}
		return check.Holds(v.last.Body.Ref, "")
	},
}, {
	ID: "cmp.txn.after-error", Group: groupPairing, Level: check.Should, Refs: "RFC 9483 §3.6.4",
	Title: "Nothing follows an error but its confirmation", Headline: "The transaction goes on behind an error",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var fault *enrol.View
		for _, m := range v.Messages {
			switch t := m.Core().Body.Type; {
			case m.Again != nil:
			case fault == nil:
				if t == cmp.Error && !m.Waiting() {
					fault = m
				}
			case t != cmp.PKIConf && !(t == cmp.Error && m.From != fault.From):
				return check.Broken(m.Body.Ref, "%s follows the error in %s: the transaction was over. Begin a new one, with a new transactionID.", named(m), number(fault)).And(fault.Body.Ref)
			}
		}
		if fault == nil {
			return check.Skip()
		}
		return check.Holds(fault.Body.Ref, "")
	},
}, {
	ID: "cmp.txn.repeat", Group: groupPairing, Level: check.Advice, Refs: "RFC 9810 §5.1.1",
	Title: "No message is there twice",
	Judge: func(c *check.Context, v *View) check.Outcome {
		for _, m := range v.Messages {
			if m.Again != nil {
				return check.Note(m.Ref, "%s has the octets of %s once more: it was sent or pasted twice, and counts once.", named(m), number(m.Again)).And(m.Again.Ref)
			}
		}
		return check.Holds(report.None, "")
	},
}, {
	ID: "cmp.txn.nested", Group: groupPairing, Level: check.Should, Refs: "RFC 9483 §5.2.2",
	Title: "Each answer in a nested message has its request in the other one", Headline: "A batch of answers does not fit the requests",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Answers
			if m.Body.Type != cmp.Nested || m.From != cmp.Server || q == nil || q.Body.Type != cmp.Nested || m.Again != nil {
				continue
			}
			worst = check.Worst(worst, check.Holds(m.Body.Ref, ""))
			for _, in := range m.Inner {
				if in.Answers == nil || in.Answers.Carrier != q.Item {
					worst = check.Worst(worst, check.Broken(in.Ref, "%s holds a message %s with transactionID %s, for which no request is in %s.",
						named(m), in.Body.Name(), octets(in.Header.TransactionID.Value), number(q)).And(q.Body.Ref))
				}
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.announce", Group: groupPairing, Level: check.Advice, Refs: "RFC 9810 §5.3.13; RFC 9810 §5.3.14; RFC 9810 §5.3.15; RFC 9810 §5.3.16; RFC 9811 §3.5",
	Title: "No message is an announcement",
	Judge: perMessage(func(_ *check.Context, _ *View, m *enrol.View) check.Outcome {
		if m.Body.Type.Announces() {
			return check.Note(m.Body.Ref, "%s tells something that nobody asked for, and gets no answer.", named(m))
		}
		return check.Skip()
	}),
}}

// gets are the bodies that answer another.
func gets(q, origin cmp.Type) string {
	var list []cmp.Type
	for t := cmp.IR; t <= cmp.PollRep; t++ {
		final, known := finals[origin]
		if enrol.Fits(q, t) && t != cmp.Error && !((q == cmp.PollReq || q == cmp.POPDecR) && known && enrol.Final(t) && t != final) {
			list = append(list, t)
		}
	}
	return types(append(list, cmp.Error))
}

// missing says what would come next where the transaction is not over; "" if it is.
func (v *View) missing() string {
	if v.last == nil {
		return ""
	}
	switch v.end {
	case sent:
		if list := v.next(sent, cmp.Server); len(list) > 0 {
			return "the answer to " + number(v.last) + " is missing (" + types(list) + ")"
		}
		return "the answer to " + number(v.last) + " is missing"
	case polling:
		return "the client was told to wait, and asks again with a pollReq"
	case challenged:
		return "the client is to answer the challenge with a popdecr"
	case answered:
		return "the confirmation is missing (certConf, pkiconf), for implicitConfirm was not granted"
	}
	return ""
}

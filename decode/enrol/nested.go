package enrol

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
)

var nestedRules = []rule{{
	ID: "cmp.nested.count", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §5.2.2; RFC 9810 §5.1.3.5",
	Title: "A nested message holds a message", Headline: "The nested message is empty",
	Judge: nested(func(c *check.Context, v *View) check.Outcome {
		switch n := len(v.Body.Messages); n {
		case 0:
			return check.Broken(v.Body.Ref, "The nested message holds none. It holds the message that it protects once more, or several as a batch.")
		case 1:
			return check.Note(v.Body.Ref, "It holds one message: an RA has added its protection.")
		default:
			return check.Note(v.Body.Ref, "It holds %d messages: a batch, which is answered by a batch.", n)
		}
	}),
}, {
	ID: "cmp.nested.protection", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §5.2.2",
	Title: "The RA signs what it passes on", Headline: "No signature of the RA vouches for what it passes on",
	Judge: nested(func(c *check.Context, v *View) check.Outcome {
		switch {
		case v.BySignature():
			return check.Holds(v.Header.Algorithm.Ref, "")
		case !v.Protected():
			return check.Doubtful(v.Body.Ref, "The nested message has no protection: its one purpose is to add that of the RA. Sign it.")
		case v.Header.Algorithm == nil:
			return check.Skip()
		}
		return check.Doubtful(v.Header.Algorithm.Ref, "The nested message is protected by %s; the RA is to sign it, so that the CA can see who has checked what is inside.", v.Header.Algorithm.Name())
	}),
}, {
	ID: "cmp.nested.single", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §5.2.2.1",
	Title: "Around one message stand its own numbers", Headline: "The wrapper has other numbers than the message inside",
	Judge: nested(func(c *check.Context, v *View) check.Outcome {
		if len(v.Body.Messages) != 1 || len(v.Inner) != 1 {
			return check.Skip()
		}
		in := v.Inner[0]
		for _, n := range []struct {
			label          string
			outside, inner []byte
			at             report.Ref
		}{
			{"transactionID", v.Header.TransactionID.Value, in.Header.TransactionID.Value, v.Header.TransactionID.Ref},
			{"senderNonce", v.Header.SenderNonce.Value, in.Header.SenderNonce.Value, v.Header.SenderNonce.Ref},
		} {
			if !bytes.Equal(n.outside, n.inner) {
				at := n.at
				if at == report.None {
					at = v.Header.Ref
				}
				return check.Doubtful(at, "%s is %s outside and %s inside; around one message both are the same, or the answer finds no way back.", n.label, orAbsent(n.outside), orAbsent(n.inner))
			}
		}
		return check.Holds(v.Header.Ref, "")
	}),
}, {
	ID: "cmp.nested.batch", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §5.2.2.2; RFC 9810 §5.1.3.5",
	Title: "A batch has numbers of its own, and one direction", Headline: "The batch has the numbers of a message inside, or two directions",
	Judge: nested(func(c *check.Context, v *View) check.Outcome {
		if len(v.Body.Messages) < 2 || len(v.Inner) == 0 {
			return check.Skip()
		}
		side := cmp.Either
		var first *View
		for i, in := range v.Inner {
			if id := v.Header.TransactionID; id.OK && bytes.Equal(id.Value, in.Header.TransactionID.Value) {
				return check.Doubtful(id.Ref, "The batch has transactionID %s, and so has message %d in it: the batch is a transaction of its own.", octets(id.Value), i+1)
			}
			switch {
			case in.From == cmp.Either:
			case side == cmp.Either:
				side, first = in.From, in
			case side != in.From:
				return check.Doubtful(v.Body.Messages[i].Ref, "The batch holds %s and %s: requests and answers do not go the same way.", article(first.Body.Name()), article(in.Body.Name()))
			}
		}
		return check.Holds(v.Body.Ref, "")
	}),
}, {
	ID: "cmp.nested.inner", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §5.2.2; RFC 9810 §5.1.3.5",
	Title: "Every message inside is in order", Headline: "A message inside is not in order",
	Judge: nested(func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for i, in := range v.Inner {
			if i < len(v.Body.Messages) {
				all = append(all, in.rolled(c, v.Body.Messages[i].Ref, i+1))
			}
		}
		return check.Worst(all...)
	}),
}}

// nested makes a rule of nested messages.
func nested(judge func(*check.Context, *View) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.Nested || !v.Body.OK && len(v.Body.Messages) == 0 {
			return check.Skip()
		}
		return judge(c, v)
	}
}

// rolled is the verdict on a message inside another as an outcome there.
func (v *View) rolled(c *check.Context, at report.Ref, n int) check.Outcome {
	tree, verdict := v.x.judged(v, c)
	switch verdict.Status {
	case report.Fail:
		return check.Broken(at, "Message %d inside, %s: %s. %s", n, v.Body.Name(), verdict.Headline, verdict.Detail)
	case report.Open:
		need := "answer"
		if row, ok := check.First(tree, report.Open); ok && len(row.Needs) > 0 {
			need = row.Needs[0]
		}
		return check.Needs(need, at, "Message %d inside, %s, cannot be judged to the end: %s", n, v.Body.Name(), verdict.Detail)
	case report.Warn:
		row, _ := check.First(tree, report.Warn)
		return check.Doubtful(at, "Message %d inside, %s: %s", n, v.Body.Name(), row.Why)
	}
	return check.Holds(at, "")
}

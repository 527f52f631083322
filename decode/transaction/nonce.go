package transaction

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

var nonceRules = []rule{{
	ID: "cmp.txn.recip-nonce", Group: groupContinuity, Level: check.Must, Refs: "RFC 9810 §5.1.1; RFC 9483 §3.5; RFC 9483 §4.4",
	Title: "recipNonce repeats the senderNonce of the message before", Headline: "A recipNonce answers no message",
	Judge: perLink(func(l link) check.Outcome {
		if l.ok() {
			return check.Holds(l.m.Header.RecipNonce.Ref, "It proves that each answer was made for this very message.")
		}
		return l.broken()
	}),
}, {
	ID: "cmp.txn.recip-nonce-poll", Group: groupContinuity, Level: check.Advice, Refs: "RFC 9483 §5.1.5",
	Title: "The final answer after waiting repeats a nonce that all clients know",
	Judge: perLink(func(l link) check.Outcome {
		if l.delayed == nil || !l.ok() {
			return check.Skip()
		}
		at := l.m.Header.RecipNonce.Ref
		if bytes.Equal(l.m.Header.RecipNonce.Value, l.before.Header.SenderNonce.Value) {
			return check.Note(at, "The final answer in %s repeats the senderNonce of %s, the last pollReq: all versions of OpenSSL accept that.", number(l.m), number(l.before))
		}
		return check.Note(at, "The final answer in %s repeats the senderNonce of %s, the request that had to wait, not of %s. OpenSSL accepts that since 3.3; older ones say RECIPNONCE_UNMATCHED.", number(l.m), number(l.delayed), number(l.before))
	}),
}, {
	ID: "cmp.txn.nonce-reuse", Group: groupContinuity, Level: check.Must, Refs: "RFC 9483 §3.1",
	Title: "Each senderNonce is used once", Headline: "A senderNonce is used twice",
	Judge: func(c *check.Context, v *View) check.Outcome {
		seen := map[string]*enrol.View{}
		at := report.None
		for _, m := range v.Messages {
			f := m.Header.SenderNonce
			if m.Again != nil || len(f.Value) == 0 {
				continue
			}
			if other := seen[string(f.Value)]; other != nil {
				return check.Broken(f.Ref, "%s has senderNonce %s, which %s has, too. A number that comes twice proves nothing: make a fresh one for each message.", named(m), octets(f.Value), number(other)).And(other.Header.SenderNonce.Ref)
			}
			seen[string(f.Value)], at = m, f.Ref
		}
		if len(seen) < 2 {
			return check.Skip()
		}
		return check.Holds(at, "")
	},
}}

// link is a message with the one that it has to follow.
type link struct {
	m, before *enrol.View
	delayed   *enrol.View // the request that had to wait, which a final answer may repeat, too
}

// links are the messages that must repeat a nonce. Those that follow something
// which is not at hand are left out, for theirs is not known.
func (v *View) links() []link {
	if v.linked != nil {
		return v.linked
	}
	v.linked = []link{}
	var client, server *enrol.View
	waited := false
	for i, m := range v.Messages {
		if m.Again != nil || m.Body.Type.Announces() || m.From == cmp.Either {
			continue
		}
		before := server
		if m.From == cmp.Server {
			before = client
		}
		known := !v.steps[i].gap && before != nil && len(before.Header.SenderNonce.Value) > 0
		if known {
			l := link{m: m, before: before}
			if q := m.Request(); m.From == cmp.Server && waited && !m.Waiting() && q != nil && q != before && before.Core().Body.Type == cmp.PollReq {
				l.delayed = q
			}
			v.linked = append(v.linked, l)
		}
		if m.From == cmp.Client {
			client = m
		} else {
			server = m
			waited = waited || m.Waiting()
		}
	}
	return v.linked
}

// ok says that the nonce is one of those that it may be.
func (l link) ok() bool {
	n := l.m.Header.RecipNonce.Value
	return bytes.Equal(n, l.before.Header.SenderNonce.Value) || l.delayed != nil && len(n) > 0 && bytes.Equal(n, l.delayed.Header.SenderNonce.Value)
}

// broken says what is wrong with it.
func (l link) broken() check.Outcome {
	f, have := l.m.Header.RecipNonce, l.before.Header.SenderNonce
	if len(f.Value) == 0 {
		return check.Broken(l.m.Header.Ref, "%s has no recipNonce; the senderNonce of %s is %s. Nothing proves that it was made for that message.", named(l.m), number(l.before), octets(have.Value)).And(have.Ref)
	}
	if m := l.m.Answers; l.m.Linked && m != l.before {
		return check.Broken(f.Ref, "The recipNonce of %s is %s: that of %s. It has to be %s, the senderNonce of %s.", number(l.m), octets(f.Value), number(m), octets(have.Value), number(l.before)).And(have.Ref)
	}
	return check.Broken(f.Ref, "The recipNonce of %s is %s, the senderNonce of %s is %s. Without the right one it may be a replay: look for a cache between the two.", number(l.m), octets(f.Value), number(l.before), octets(have.Value)).And(have.Ref)
}

package ocsp

import (
	"bytes"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/report"
)

// ofNonce makes a rule that applies where the response has a nonce.
func ofNonce(judge func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome) func(*check.Context, *View) check.Outcome {
	return ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		e := cert.Find(b.Data.Extensions, NonceID)
		n := nonceOf(b.Data.Extensions)
		if n == nil {
			return check.Skip()
		}
		return judge(c, v, n, e.Ref)
	})
}

// sameNonce compares the nonce of the response with the one that was sent.
// People paste it with the header of its OCTET STRING, as OpenSSL prints it;
// that form counts too.
func sameNonce(n *Nonce, sent []byte) bool {
	if bytes.Equal(n.Bytes, sent) {
		return true
	}
	e, err := der.Next(sent, 0, len(sent))
	return err == nil && e.Tag == der.OctetString && e.End() == len(sent) && bytes.Equal(n.Bytes, sent[e.Content():])
}

var nonceRules = []rule{{
	ID: "ocsp.nonce.match", Group: groupNonce, Level: check.Must, Refs: "RFC 6960 §4.4.1",
	Title:    "The nonce is the one that was sent",
	Headline: "Made for another request: the nonce differs",
	Judge: ofNonce(func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome {
		switch {
		case v.Nonce != nil && sameNonce(n, v.Nonce):
			return check.Holds(at, "This answer was made for this request.")
		case v.Nonce != nil:
			return check.Broken(at, "Sent was %s, answered is %s: the answer was made for another question.", brief(v.Nonce), brief(n.Bytes))
		case v.Request != nil:
			return check.Skip()
		}
		return check.Needs("nonce", at, "The nonce of the response is %s. Add the request, or the nonce that you sent.", brief(n.Bytes))
	}),
}, {
	ID: "ocsp.nonce.present", Group: groupNonce, Level: check.Should, Refs: "RFC 9919 §5",
	Title: "A nonce that was sent is answered",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if v.Nonce == nil {
			return check.Skip()
		}
		if find(b.Data.Extensions, NonceID) == nil {
			return check.Doubtful(b.Data.Ref, "The nonce %s was sent, and none came back. Answers made in advance cannot carry one: then time must do.", brief(v.Nonce))
		}
		return check.Holds(cert.Find(b.Data.Extensions, NonceID).Ref, "")
	}),
}, {
	ID: "ocsp.nonce.unasked", Group: groupNonce, Level: check.Advice, Refs: "RFC 9919 §5",
	Title: "A nonce that was not asked for is ignored",
	Judge: ofNonce(func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome {
		if v.Nonce != nil || v.Request == nil {
			return check.Skip()
		}
		return check.Note(at, "The request has no nonce, the response has one: clients must ignore it.")
	}),
}, {
	ID: "ocsp.nonce.length", Group: groupNonce, Level: check.Must, Refs: "RFC 9654 §2.1",
	Title:    "The nonce has 16 to 32 octets",
	Headline: "The nonce has a length that is not allowed",
	Judge: ofNonce(func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome {
		switch k := len(n.Bytes); {
		case k == 0 || k > 128:
			return check.Broken(at, "It has %d octets; 1 to 128 are allowed.", k)
		case k < 16:
			return check.Doubtful(at, "It has %s: too short to be unique. A requester must send 32 at least.", report.Plural(k, "octet", "octets"))
		case k > 32:
			return check.Doubtful(at, "It has %d octets; code written for RFC 8954 stops at 32.", k)
		}
		return check.Holds(at, "%d octets", len(n.Bytes))
	}),
}, {
	ID: "ocsp.nonce.encoding", Group: groupNonce, Level: check.Should, Refs: "RFC 6960 §4.4.1",
	Title: "The nonce stands in an OCTET STRING of its own",
	Judge: ofNonce(func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome {
		if !n.Wrapped {
			return check.Doubtful(at, "Its octets stand bare in extnValue, as before 2013. OpenSSL compares octets, so a bare and a wrapped nonce differ.")
		}
		return check.Holds(at, "")
	}),
}, {
	ID: "ocsp.nonce.critical", Group: groupNonce, Level: check.Should, Refs: "RFC 6960 §4.1.2",
	Title: "The nonce is not critical",
	Judge: ofNonce(func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome {
		if find(v.Basic.Data.Extensions, NonceID).Critical {
			return check.Doubtful(at, "It is critical. Chromium and Firefox refuse any critical extension of the response.")
		}
		return check.Holds(at, "")
	}),
}, {
	ID: "ocsp.nonce.place", Group: groupNonce, Level: check.Must, Refs: "RFC 9654 §2.1",
	Title:    "The nonce belongs to the response, not to an entry",
	Headline: "The nonce stands in the wrong place",
	Judge: eachOf(NonceID, func(c *check.Context, v *View, e placed) check.Outcome {
		if e.in == inEntry {
			return check.Broken(e.Ref, "It stands in entry %d; it belongs to the whole message.", e.entry)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.nonce.random", Group: groupNonce, Level: check.Should, Refs: "RFC 9654 §2.1",
	Title: "The nonce looks random",
	Judge: ofNonce(func(c *check.Context, v *View, n *Nonce, at report.Ref) check.Outcome {
		if len(n.Bytes) < 4 {
			return check.Skip()
		}
		if how := pattern(n.Bytes); how != "" {
			return check.Doubtful(at, "Its octets %s %s: it must come from a strong random source.", brief(n.Bytes), how)
		}
		return check.Holds(at, "")
	}),
}}

// pattern says in what way octets are not random, or "".
func pattern(b []byte) string {
	same, counting, text := true, true, true
	for i, c := range b {
		text = text && c >= 0x20 && c < 0x7f
		if i > 0 {
			same = same && c == b[0]
			counting = counting && c == b[i-1]+1
		}
	}
	switch {
	case same:
		return "are all the same"
	case counting:
		return "count up"
	case text:
		return "are text"
	}
	return ""
}

// brief shows of a nonce what fits in a sentence.
func brief(b []byte) string {
	switch n := len(b); {
	case n == 0:
		return "empty"
	case n > 32:
		return fmt.Sprintf("%x… (%d octets)", b[:32], n)
	}
	return fmt.Sprintf("%x", b)
}

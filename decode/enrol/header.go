package enrol

import (
	"slices"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/crmf"
	"derscope/decode/mac"
	"derscope/decode/report"
)

var headerRules = []rule{{
	ID: "cmp.header.version", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §7; RFC 9483 §3.5",
	Title: "The version is cmp2000 (2) or cmp2021 (3)", Headline: "The version is none of CMP",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.Version
		if !f.OK {
			return check.Skip()
		}
		switch n, _ := f.Value.Int64(); n {
		case 2, 3:
			return check.Holds(f.Ref, "")
		case 1:
			return check.Doubtful(f.Ref, "pvno is 1: cmp1999 of RFC 2510, which confirms certificates in another way. OpenSSL refuses it; send 2.")
		}
		return check.Broken(f.Ref, "pvno is %s; 1, 2 and 3 are defined. A receiver answers unsupportedVersion: send 2.", bigText(f.Value))
	},
}, {
	ID: "cmp.header.version-needed", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §7; RFC 9810 §5.2.8.3.3; RFC 9810 §5.3.13",
	Title: "Fields that came with cmp2021 stand under pvno 3", Headline: "A field of cmp2021 stands under an older version",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f, n := v.Header.Version, v.newer()
		version, _ := f.Value.Int64()
		if !f.OK || n.what == "" {
			return check.Skip()
		}
		if version < 3 {
			return check.Doubtful(f.Ref, "pvno is %d, and the message has %s, which exists since cmp2021: older receivers cannot read it. Set pvno to 3.", version, n.what).And(n.at)
		}
		return check.Holds(f.Ref, "").And(n.at)
	},
}, {
	ID: "cmp.header.version-needless", Group: groupHeader, Level: check.Advice, Refs: "RFC 9810 §7",
	Title: "pvno 3 is sent only where something needs it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.Version
		if n, _ := f.Value.Int64(); !f.OK || n != 3 {
			return check.Skip()
		}
		if v.newer().what != "" || v.In != nil && v.In.cmp2021() {
			return check.Holds(f.Ref, "")
		}
		return check.Note(f.Ref, "pvno is 3, and nothing here needs cmp2021: with 2 older programs read it too (OpenSSL up to 3.1 accepts 2 alone).")
	},
}, {
	ID: "cmp.header.recipient", Group: groupHeader, Level: check.Advice, Refs: "RFC 9483 §3.1; RFC 9810 §5.1.1",
	Title: "The recipient is an X.500 name",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch g := v.Header.Recipient; {
		case g.Choice < 0:
			return check.Skip()
		case g.Choice != cert.DirectoryName:
			return check.Note(g.Ref, "The recipient is %s: a directoryName is usual, and an empty one where the CA's name is not known.", g)
		default:
			return check.Holds(g.Ref, "")
		}
	},
}, {
	ID: "cmp.header.recip-kid", Group: groupHeader, Level: check.Advice, Refs: "RFC 9810 §5.1.1",
	Title: "recipKID is sent only with Diffie-Hellman protection",
	Judge: func(c *check.Context, v *View) check.Outcome {
		h := &v.Header
		if h.RecipKID.Ref == report.None {
			return check.Skip()
		}
		if h.Algorithm != nil && h.Algorithm.Method == mac.DHBased {
			return check.Holds(h.RecipKID.Ref, "")
		}
		return check.Note(h.RecipKID.Ref, "recipKID names a key of the receiver, and this protection uses none: it is ignored.")
	},
}, {
	ID: "cmp.header.message-time", Group: groupHeader, Level: check.Should, Refs: "RFC 9483 §3.5; RFC 9810 §5.1.1",
	Title: "The message was sent about now", Headline: "The sender's clock is off",
	Judge: messageTime,
}, {
	ID: "cmp.header.protection-alg", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §5.1.1; RFC 9483 §3.1",
	Title: "protectionAlg and protection come together", Headline: "Of protectionAlg and protection one is missing",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch a := v.Header.Algorithm; {
		case a == nil && !v.Protected():
			return check.Skip()
		case a == nil:
			return check.Broken(v.Protection.Ref, "There is a protection value of %s, and no protectionAlg in the header that says how it was made.",
				report.Plural(len(v.Protection.Value.Bytes), "octet", "octets"))
		case !v.Protected():
			return check.Broken(a.Ref, "The header promises a protection by %s, and there is none: it was cut off, or never made.", a.Name())
		default:
			return check.Holds(a.Ref, "").And(v.Protection.Ref)
		}
	},
}, {
	ID: "cmp.header.free-text", Group: groupHeader, Level: check.Advice, Refs: "RFC 9810 §5.1.1",
	Title: "There is no text for people",
	Judge: func(c *check.Context, v *View) check.Outcome {
		f := v.Header.FreeText
		if f.Ref == report.None {
			return check.Skip()
		}
		return check.Note(f.Ref, "«%s»: for people alone, programs must not act on it.", freeText(f))
	},
}}

// tolerance is how far a clock may be off before somebody minds.
const tolerance = 5 * time.Minute

// messageTime judges messageTime. Messages are mostly looked at long after they
// were sent: those of one recording are compared with each other instead.
func messageTime(c *check.Context, v *View) check.Outcome {
	f := v.Header.MessageTime
	if f.Ref == report.None || !f.OK {
		return check.Skip()
	}
	for _, w := range []*View{v.Answers, v.Reply} {
		if w == nil || !w.Header.MessageTime.OK {
			continue
		}
		// An answer may take its time; a clock that runs backwards may not.
		early, late := v.Header.MessageTime.Value.Time, w.Header.MessageTime.Value.Time
		if w == v.Answers {
			early, late = late, early
		}
		if back := early.Sub(late); back > tolerance {
			return check.Doubtful(f.Ref, "messageTime is %s, that of the %s %s: the answer is dated %s before what it answers. One of the two clocks is off.",
				report.Clock(f.Value.Time), w.Body.Name(), report.Clock(w.Header.MessageTime.Value.Time), report.Length(back))
		}
	}
	if c.At.IsZero() {
		return check.Needs("time", f.Ref, "messageTime is %s: whether that is now needs a time to compare with.", report.Clock(f.Value.Time))
	}
	switch d := c.At.Sub(f.Value.Time); {
	case d < -tolerance:
		return check.Doubtful(f.Ref, "messageTime is %s, %s: a server with a clock answers badTime. Set the sender's clock, or judge at the time of the recording.",
			report.Clock(f.Value.Time), report.Distance(f.Value.Time, c.At))
	case d > 24*time.Hour, d > tolerance && len(v.conversation()) > 1:
		return check.Note(f.Ref, "messageTime is %s, %s: a recording.", report.Clock(f.Value.Time), report.Distance(f.Value.Time, c.At))
	case d > tolerance:
		return check.Doubtful(f.Ref, "messageTime is %s, %s: a server with a clock answers badTime beyond some minutes. If this is no recording, set the sender's clock.",
			report.Clock(f.Value.Time), report.Distance(f.Value.Time, c.At))
	}
	return check.Holds(f.Ref, "")
}

// conversation is the messages that belong together with this one, at least itself.
func (v *View) conversation() []*View {
	if v.In == nil {
		return []*View{v}
	}
	return v.In.Messages
}

// newer is a field that exists since cmp2021.
type newer struct {
	what string // "" if there is none
	at   report.Ref
}

// newer finds the first field of the message that exists since cmp2021.
//
// RFC 9810, section 7
func (v *View) newer() newer {
	b := &v.Body
	for _, m := range b.Requests {
		if p := m.POP; p != nil {
			if p.MAC != nil {
				return newer{"agreeMAC", p.MAC.Ref}
			}
			if n := enveloped(p.Encrypted, "encryptedKey"); n.what != "" {
				return n
			}
		}
	}
	for _, p := range b.Pairs() {
		if n := enveloped(p.EncryptedCert, "encryptedCert"); n.what != "" {
			return n
		}
		if n := enveloped(p.PrivateKey, "privateKey"); n.what != "" {
			return n
		}
	}
	for _, s := range b.Confirmed {
		if s.HashAlg != nil {
			return newer{"hashAlg", s.HashAlg.Ref}
		}
	}
	for _, k := range b.Challenges {
		if k.Encrypted != nil {
			return newer{"encryptedRand", k.Encrypted.Ref}
		}
	}
	if b.Update != nil && b.Update.Root {
		return newer{"rootCaKeyUpdate in ckuann", b.Update.Ref}
	}
	return newer{}
}

// cmp2021 says that a message of the transaction has such a field.
func (t *Transaction) cmp2021() bool {
	if t.needs3 == nil {
		has := slices.ContainsFunc(t.Messages, func(v *View) bool { return v.newer().what != "" })
		t.needs3 = &has
	}
	return *t.needs3
}

// enveloped says that an encrypted key is in the form that came with cmp2021.
func enveloped(k *crmf.EncryptedKey, what string) newer {
	if k == nil || !k.Enveloped {
		return newer{}
	}
	return newer{what + " as EnvelopedData", k.Ref}
}

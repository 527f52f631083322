package enrol

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/mac"
	"derscope/decode/report"
)

var macRules = []rule{{
	ID: "cmp.prot.mac", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.3.1; RFC 9483 §3.5",
	Title:    "The shared secret makes the MAC of the message",
	Headline: "The secret that was given does not make the MAC of the %s",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.Method == mac.DHBased || a.Method == mac.KEMBased {
			return check.Skip()
		}
		return v.judgeMAC(c)
	}),
}, {
	ID: "cmp.prot.pbm-iterations", Group: groupProtection, Level: check.Must, Refs: "RFC 4211 §4.4; RFC 9045 §4.3",
	Title: "The iterationCount slows down guessing, and is one that receivers accept", Headline: "The iterationCount is out of bounds",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.PBM == nil || !a.PBM.Iterations.OK {
			return check.Skip()
		}
		at, value := a.PBM.Iterations.Ref, bigText(a.PBM.Iterations.Value)
		switch n := a.Rounds(); {
		case a.PBM.Iterations.Value.Sign() > 0 && (n < 0 || n > mac.Ever):
			return undecided(at, "iterationCount is %s. No more than 10000000 are ever computed here, and OpenSSL refuses more than 100000: it is a mistake, or meant to keep the receiver busy.", value)
		case n < 100:
			return check.Broken(at, "iterationCount is %s, and 100 is the least. OpenSSL refuses it with «bad pbm iterationcount». Ask the sender for 10000.", value)
		case n < 10_000:
			return check.Doubtful(at, "iterationCount is %s: whoever records the message can try many secrets a second. RFC 9045 wants 10000 where people choose the secret; a random one of 16 octets needs no more. Some CAs accept no more than 2047.", value)
		case n > 100_000:
			return check.Note(at, "iterationCount is %s. OpenSSL refuses more than 100000.", value)
		}
		return check.Holds(at, "%s rounds.", value)
	}),
}, {
	ID: "cmp.prot.pbm-salt", Group: groupProtection, Level: check.Should, Refs: "RFC 4211 §4.4; RFC 8018 §4.1",
	Title: "The salt is random, and from 8 to 1024 octets long",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		f, ok := a.Salt()
		if !ok {
			return check.Skip()
		}
		n := len(f.Value)
		switch {
		case n < 8:
			return check.Doubtful(f.Ref, "The salt has %s, and 8 are the least: tables of guesses can be made for all such salts beforehand. Use 16 random octets.", report.Plural(n, "octet", "octets"))
		case n > 1024:
			return check.Doubtful(f.Ref, "The salt has %d octets. More than 16 random ones add nothing, and receivers may refuse more than 1024.", n)
		case patterned(f.Value):
			return check.Doubtful(f.Ref, "The salt is a pattern, %x: one table of guesses serves for all messages that have it. Take random octets.", f.Value[:min(n, 16)])
		}
		return check.Holds(f.Ref, "%d octets.", n)
	}),
}, {
	ID: "cmp.prot.pbm-hash", Group: groupProtection, Level: check.Should, Refs: "RFC 9045 §4.2; RFC 9045 §4.4; RFC 9481 §6.1.1",
	Title: "Hash and MAC inside PasswordBasedMac are still safe",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.PBM == nil || a.PBM.MAC == nil {
			return check.Skip()
		}
		owf, code := mac.HashName(a.PBM.OWF.ID), a.PBM.MAC.Name()
		switch {
		case a.PBM.OWF.ID == mac.MD5 || code == "HMAC-MD5" || code == "DES-MAC":
			return check.Doubtful(a.PBM.OWF.Ref, "owf is %s, mac is %s: MD5 and DES are broken. Use SHA-256 and HMAC-SHA256.", owf, code).And(a.PBM.MAC.Ref)
		case a.PBM.OWF.ID == mac.SHA1 && code == "HMAC-SHA1":
			return check.Note(a.PBM.OWF.Ref, "SHA-1 with HMAC-SHA1, as was usual for long. RFC 9045 wants SHA-256 and HMAC-SHA256.").And(a.PBM.MAC.Ref)
		}
		return check.Holds(a.PBM.OWF.Ref, "")
	}),
}, {
	ID: "cmp.prot.pbmac1-kdf", Group: groupProtection, Level: check.Must, Refs: "RFC 9481 §6.1.2; RFC 8018 §A.5",
	Title: "PBMAC1 derives its key with PBKDF2, as the document says", Headline: "PBMAC1 does not derive its key with PBKDF2",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		p := a.PBMAC1
		if p == nil {
			return check.Skip()
		}
		m := v.MAC(c)
		switch {
		case !p.Standard() && m.Status == report.Pass:
			return check.Doubtful(p.KDF.Ref, "keyDerivationFunc is %s, and the value is the one that PBKDF2 gives: the sender wrote the wrong identifier, as Bouncy Castle did for a while. Others refuse it.", p.KDF.ID)
		case !p.Standard():
			return check.Broken(p.KDF.Ref, "keyDerivationFunc is %s, and only PBKDF2 (1.2.840.113549.1.5.12) is defined there.", p.KDF.ID)
		case m.Status == report.Pass && m.Deviation != "":
			return check.Doubtful(p.KDF.Ref, "The value fits only if %s. Others, who follow the document, refuse the message.", m.Deviation)
		}
		return check.Holds(p.KDF.Ref, "")
	}),
}, {
	ID: "cmp.prot.pbmac1-length", Group: groupProtection, Level: check.Should, Refs: "RFC 9579 §5; RFC 9579 §9; RFC 8018 §A.2",
	Title: "The keyLength of PBMAC1 is said, and that of its hash",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.PBMAC1 == nil || a.PBMAC1.PBKDF2 == nil || a.Code() == nil {
			return check.Skip()
		}
		f, want := a.PBMAC1.PBKDF2.KeyLength, a.Code().KeyLength()
		n, ok := f.Value.Int64()
		switch {
		case f.Ref == report.None:
			return check.Doubtful(a.PBMAC1.PBKDF2.Ref, "keyLength is absent: each side has to guess that it is %d octets, the length of %s.", want, a.Code().Name())
		case !ok || n < 20:
			return check.Doubtful(f.Ref, "keyLength is %s octets. Under 20 the key is easier to guess than the MAC, and RFC 9579 has receivers refuse it: take %d.", bigText(f.Value), want)
		case want > 0 && n == int64(8*want):
			return check.Doubtful(f.Ref, "keyLength is %d, as if it counted bits. It counts octets, and %s takes %d.", n, a.Code().Name(), want)
		case want > 0 && n != int64(want):
			return check.Doubtful(f.Ref, "keyLength is %d octets, and %s has %d. Both sides must make the same of it.", n, a.Code().Name(), want)
		}
		return check.Holds(f.Ref, "%d octets.", n)
	}),
}, {
	ID: "cmp.prot.direct-key", Group: groupProtection, Level: check.Should, Refs: "RFC 9481 §6.2; RFC 9483 §1.5",
	Title: "The key of the MAC is random, and no password",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.Method != mac.Direct {
			return check.Skip()
		}
		const advice = "Nothing slows down guessing here. Where people choose the secret, use PBMAC1 or PasswordBasedMac."
		m := v.MAC(c)
		switch {
		case m.Status != report.Pass:
			return check.Doubtful(a.Ref, "%s takes the shared secret itself for its key, so that it must be random and at least 16 octets long. %s", a.Direct.Name(), advice)
		case len(m.key) < 16:
			return check.Doubtful(a.Ref, "The key has %s, and 16 random ones are the least. %s", report.Plural(len(m.key), "octet", "octets"), advice)
		case printable(m.key):
			return check.Doubtful(a.Ref, "The key is text, which people choose and others guess. %s", advice)
		}
		return check.Holds(a.Ref, "The key has %d octets.", len(m.key))
	}),
}, {
	ID: "cmp.prot.dh", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.3.2",
	Title: "The Diffie-Hellman secret makes the MAC of the message", Headline: "The Diffie-Hellman secret does not make the MAC of the %s",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.Method != mac.DHBased {
			return check.Skip()
		}
		return v.judgeMAC(c)
	}),
}, {
	ID: "cmp.prot.kem", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.3.4",
	Title: "The secret of the KEM makes the MAC of the message", Headline: "The secret of the KEM does not make the MAC of the %s",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		if a.Method != mac.KEMBased {
			return check.Skip()
		}
		o := v.judgeMAC(c)
		if a.KEM == nil || a.Code() == nil {
			return o
		}
		if n, ok := a.KEM.Len.Value.Int64(); ok && a.Code().KeyLength() > 0 && n != int64(a.Code().KeyLength()) {
			o = check.Worst(o, check.Doubtful(a.KEM.Len.Ref, "len is %d octets, and %s takes a key of %d.", n, a.Code().Name(), a.Code().KeyLength()))
		}
		return o
	}),
}, {
	ID: "cmp.prot.openssl", Group: groupProtection, Level: check.Advice, Refs: "OpenSSL crypto/cmp/cmp_vfy.c",
	Title: "OpenSSL knows this way of protecting",
	Judge: ofMAC(func(c *check.Context, v *View, a *mac.Algorithm) check.Outcome {
		switch a.Method {
		case mac.PBM:
			return check.Skip()
		case mac.DHBased:
			return check.Note(a.Ref, "OpenSSL refuses it: «unsupported protection alg dhbasedmac».")
		}
		return check.Note(a.Ref, "OpenSSL (up to 4.1-dev) takes %s for a signature, and ends with «no suitable sender cert» or «missing trust anchor», whatever the secret. PasswordBasedMac it knows.", a.Describe())
	}),
}}

// ofMAC lets a rule judge messages that are protected by a MAC.
func ofMAC(f func(*check.Context, *View, *mac.Algorithm) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if !v.ByMAC() || !v.Protected() {
			return check.Skip()
		}
		return f(c, v, v.Header.Algorithm)
	}
}

// judgeMAC answers with what was computed of the MAC.
func (v *View) judgeMAC(c *check.Context) check.Outcome {
	m := v.MAC(c)
	at := v.Protection.Ref
	switch {
	case m.Status == report.Pass:
		return check.Holds(at, "%s", m.Why)
	case m.Status == report.Fail:
		return check.Broken(at, "%s", m.Why).And(v.Header.Algorithm.Ref)
	case m.Needs != "":
		return check.Needs(m.Needs, at, "%s", m.Why)
	}
	return undecided(at, "%s", m.Why)
}

// patterned says that octets are all the same, or count up or down.
func patterned(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	step := b[1] - b[0]
	if step != 0 && step != 1 && step != 0xff {
		return false
	}
	for i := 1; i < len(b); i++ {
		if b[i]-b[i-1] != step {
			return false
		}
	}
	return true
}

// printable says that octets are text that can be typed.
func printable(b []byte) bool {
	return bytes.IndexFunc(b, func(c rune) bool { return c < ' ' || c > '~' }) < 0
}

package connection

import (
	"strconv"
	"time"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/suite"
)

// identities are the PSKs that the ClientHello offers, without the ticket of
// the older extension. What is judged of each is bounded.
func (v *View) identities() []Offered {
	const most = 16
	var all []Offered
	for _, o := range v.Offered {
		if o.Place >= 0 && len(all) < most {
			all = append(all, o)
		}
	}
	return all
}

// ofIdentities makes a rule of what is judged of each PSK.
func ofIdentities(judge func(*View, Offered) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(_ *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, id := range v.identities() {
			o = check.Worst(o, judge(v, id))
		}
		return o
	}
}

// hello is the ClientHello with PSKs in it and its extension, or nil.
func (v *View) hello() (*handshake.ClientHello, *handshake.Extension) {
	if v.CH == nil {
		return nil, nil
	}
	return v.CH, v.CH.Extensions.Get(handshake.ExtPreSharedKey)
}

// modes of psk_key_exchange_modes: RFC 9846, section 4.3.9.
const (
	pskKE    = 0
	pskDHEKE = 1
)

func (v *View) pskModes() *handshake.Numbers {
	if x := v.CH.Extensions.Get(handshake.ExtPSKModes); x != nil {
		n, _ := x.Value.(*handshake.Numbers)
		return n
	}
	return nil
}

var pskRules = []rule{{
	ID: "tls.psk.form", Group: groupResumption, Level: check.Must, Refs: "RFC 9846 §4.3.11",
	Title:    "The offer of PSKs stands last, with one binder for each",
	Headline: "The offer of PSKs is malformed",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		ch, x := v.hello()
		if x == nil {
			return check.Skip()
		}
		o := ch.Offer()
		if list := ch.Extensions.List; &list[len(list)-1] != x {
			return check.Broken(x.Ref, "pre_shared_key is followed by %s: it must be the last extension, because the binders cover what stands before them (illegal_parameter, 47).", report.Plural(len(list)-1-indexOfExtension(list, x), "extension", "extensions"))
		}
		switch {
		case o == nil:
			return check.Skip() // tls.ext.body says why it cannot be read
		case len(o.Identities) == 0:
			return check.Broken(x.Ref, "There is no identity: whoever has no PSK leaves the extension out.")
		case len(o.Identities) != len(o.Binders):
			return check.Broken(o.BindersRef, "There are %s and %s: each identity has its own.", report.Plural(len(o.Identities), "identity", "identities"), report.Plural(len(o.Binders), "binder", "binders")).And(o.IdentitiesRef)
		}
		for i, b := range o.Binders {
			if n := len(b.Value); n < 32 {
				return check.Broken(b.Ref, "Binder %d has %s, 32 are the least.", i, octetCount(n))
			}
		}
		return check.Holds(x.Ref, "%s.", report.Plural(len(o.Identities), "identity", "identities"))
	},
}, {
	ID: "tls.psk.modes", Group: groupResumption, Level: check.Must, Refs: "RFC 9846 §4.3.9; RFC 9325 §3.4",
	Title:    "The client says how a PSK may be used, and wants fresh keys with it",
	Headline: "psk_key_exchange_modes is missing, or allows resumption without fresh keys",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		ch, x := v.hello()
		if ch == nil {
			return check.Skip()
		}
		n := v.pskModes()
		switch {
		case n == nil && x != nil:
			return check.Broken(x.Ref, "There is pre_shared_key and no psk_key_exchange_modes: servers must abort with missing_extension (109).")
		case n == nil:
			return check.Skip()
		case n.Has(pskKE) && !n.Has(pskDHEKE):
			return check.Doubtful(n.Ref, "psk_ke is the only mode: every resumption is protected by the old secret alone, and a stolen ticket key reads it all. Offer psk_dhe_ke (1) instead.")
		case n.Has(pskKE) && v.SH != nil && (v.Mode == Full || v.SH.Extensions.Has(handshake.ExtKeyShare)):
			return check.Note(n.Ref, "psk_ke (0) is offered beside psk_dhe_ke, as GnuTLS does. The server made fresh keys here, so that it does no harm; another server may choose it, and then a stolen ticket key reads the resumed connection.")
		case n.Has(pskKE):
			return check.Doubtful(n.Ref, "psk_ke (0) is offered beside psk_dhe_ke: a server may choose it, and then a stolen ticket key reads the resumed connection.")
		}
		for _, f := range n.List {
			if f.Value > pskDHEKE {
				return check.Note(f.Ref, "Mode %d is not defined: servers pass over it. Some clients send such a value to see that they do.", f.Value)
			}
		}
		return check.Holds(n.Ref, "psk_dhe_ke.")
	},
}, {
	ID: "tls.psk.hash", Group: groupResumption, Level: check.Should, Refs: "RFC 9846 §4.2.2; RFC 9846 §4.3.11",
	Title:    "The hash of each PSK is that of a suite that is offered",
	Headline: "No suite that is offered has the hash of the PSK",
	Judge: ofIdentities(func(v *View, o Offered) check.Outcome {
		if !o.Binder.OK {
			return check.Skip()
		}
		hash := binderHash(len(o.Binder.Value))
		if hash == suite.None {
			return check.Broken(o.Binder.Ref, "Binder %d has %s: no hash of TLS 1.3 is as long (SHA-256 has 32, SHA-384 has 48).", o.Place, octetCount(len(o.Binder.Value)))
		}
		for _, f := range v.CH.Suites.List {
			if s, ok := suite.Lookup(uint16(f.Value)); ok && f.OK && s.TLS13 && s.Hash == hash {
				return check.Note(o.Binder.Ref, "Binder %d has %s, the length of %s: the connection that gave the ticket had a suite like %s.", o.Place, octetCount(hash.Size()), hash, s.Name)
			}
		}
		return check.Broken(o.Binder.Ref, "Binder %d has %s, the length of %s, and the ClientHello offers no suite of TLS 1.3 with it: the ticket cannot be used.", o.Place, octetCount(hash.Size()), hash).And(v.CH.Suites.Ref)
	}),
}, {
	ID: "tls.psk.binder", Group: groupResumption, Level: check.Must, Refs: "RFC 9846 §4.3.11.2; RFC 9258 §5.2",
	Title:    "The binder proves that the client has the secret of the ticket",
	Headline: "The client does not have the secret of this ticket",
	Judge:    ofIdentities(judgeBinder),
}, {
	ID: "tls.psk.age", Group: groupResumption, Level: check.Must, Refs: "RFC 9846 §4.3.11.1",
	Title:    "The client says an age that the ticket can have",
	Headline: "The client says an age that the ticket cannot have",
	Judge:    ofIdentities(judgeAge),
}, {
	ID: "tls.psk.age-clock", Group: groupResumption, Level: check.Should, Refs: "RFC 9846 §4.3.10; RFC 9846 §8.3",
	Title:    "The age that the client says is the age that the ticket has",
	Headline: "The age that the client says is not that of the ticket",
	Judge: ofIdentities(func(v *View, o Offered) check.Outcome {
		add, _, _, known := o.mask()
		issued, from := o.issuedAt()
		said := v.H.EventOf(v.CH)
		if !known || issued.IsZero() || said == nil || said.At.IsZero() || !o.Age.OK {
			return check.Skip()
		}
		ms := ticketAge(uint32(o.Age.Value), add)
		if negative(ms) {
			return check.Skip() // tls.psk.age says so
		}
		age, real := inMilliseconds(ms), said.At.Sub(issued)
		apart := (age - real).Abs()
		switch {
		case apart > 10*time.Second:
			return check.Broken(o.Age.Ref, "The client says %s; by %s the ticket is %s old. They are %s apart: servers refuse early data then, and go on with the handshake.", span(age), from, span(real), span(apart))
		case !early(age, real):
			return check.Broken(o.Age.Ref, "The client says %s; by %s the ticket is %s old. OpenSSL takes early data where the client's age is at most 1 s over its own and 10 s under it.", span(age), from, span(real))
		}
		return check.Holds(o.Age.Ref, "The client says %s; by %s it is %s.", span(age), from, span(real))
	}),
}, {
	ID: "tls.psk.selected", Group: groupResumption, Level: check.Must, Refs: "RFC 9846 §4.3.9; RFC 9846 §4.3.11",
	Title:    "The server takes a PSK that was offered, under conditions that were offered",
	Headline: "The server takes a PSK that does not fit",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.judgeSelected() },
}, {
	ID: "tls.psk.forward-secrecy", Group: groupResumption, Level: check.Should, Refs: "RFC 9846 §4.3.9; RFC 9325 §3.4",
	Title:    "The resumed connection has fresh keys beside the PSK",
	Headline: "Resumed on the old secret alone, without fresh keys",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		at, ok := v.selected()
		switch {
		case !ok:
			return check.Skip()
		case !v.SH.Extensions.Has(handshake.ExtKeyShare):
			return check.Broken(at.Ref, "The ServerHello has pre_shared_key and no key_share (psk_ke): whoever learns the secret of the ticket, now or later, reads this connection.")
		}
		return check.Holds(v.SH.Extensions.Get(handshake.ExtKeyShare).Ref, "")
	},
}}

func indexOfExtension(list []handshake.Extension, x *handshake.Extension) int {
	for i := range list {
		if &list[i] == x {
			return i
		}
	}
	return -1
}

// selected is the number with which the server takes a PSK, if it takes one.
func (v *View) selected() (*handshake.Number, bool) {
	if v.SH == nil || !v.TLS13() {
		return nil, false
	}
	x := v.SH.Extensions.Get(handshake.ExtPreSharedKey)
	if x == nil {
		return nil, false
	}
	n, ok := x.Value.(*handshake.Number)
	return n, ok && n != nil && n.OK
}

func (v *View) judgeSelected() check.Outcome {
	n, ok := v.selected()
	switch {
	case !ok:
		return check.Skip()
	case v.CH == nil:
		return check.Needs("client-hello", n.Ref, "The server takes identity %d: whether it was offered stands in the ClientHello.", n.Value)
	}
	o := v.CH.Offer()
	if o == nil || n.Value >= uint64(len(o.Identities)) {
		offered := 0
		if o != nil {
			offered = len(o.Identities)
		}
		return check.Broken(n.Ref, "The server takes identity %d, the client offered %s, counted from 0 (illegal_parameter, 47).", n.Value, report.Plural(offered, "identity", "identities"))
	}
	if int(n.Value) < len(o.Binders) && v.SuiteOK {
		b := o.Binders[n.Value]
		if h := binderHash(len(b.Value)); h != suite.None && h != v.Suite.Hash {
			return check.Broken(n.Ref, "Identity %d is bound to %s, and the suite is %s with %s: a PSK serves suites of its own hash only.", n.Value, h, v.Suite.Name, v.Suite.Hash).And(v.SH.Suite.Ref, b.Ref)
		}
	}
	modes := v.pskModes()
	if !v.SH.Extensions.Has(handshake.ExtKeyShare) && modes != nil && !modes.Has(pskKE) {
		return check.Broken(n.Ref, "The ServerHello has no key_share, and the client offers psk_dhe_ke alone, which needs one.").And(modes.Ref)
	}
	return check.Holds(n.Ref, "Identity %d of %d.", n.Value, len(o.Identities))
}

// known from a ticket or session, for the arithmetic of its age.
//
// mask is the ticket_age_add, the lifetime in seconds (0: not known) and where
// they stand.
func (o Offered) mask() (add uint32, lifetime uint64, from string, ok bool) {
	switch {
	case o.From != nil && o.From.AgeAdd.OK:
		return uint32(o.From.AgeAdd.Value), o.From.Lifetime.Value, "the NewSessionTicket", true
	case o.File != nil && o.File.AgeAdd.OK:
		return o.File.AgeAdd.Value, o.File.LifetimeHint.Value, "the saved session", true
	case o.State != nil && o.State.AgeAdd.OK:
		return o.State.AgeAdd.Value, o.State.LifetimeHint.Value, "the opened ticket", true
	}
	return 0, 0, "", false
}

// issuedAt is when the ticket was issued, as well as that is known, and by what.
func (o Offered) issuedAt() (time.Time, string) {
	switch {
	case o.State != nil && o.State.Created.OK && !o.State.Original:
		return o.State.Created.Value, "the time in the opened ticket"
	case o.File != nil && o.File.Created.OK && !o.File.Original:
		return o.File.Created.Value, "the time in the saved session"
	case !o.At.IsZero():
		return o.At, "the time at which it was sent"
	}
	return time.Time{}, ""
}

func judgeAge(v *View, o Offered) check.Outcome {
	if !o.Age.OK {
		return check.Skip()
	}
	add, lifetime, from, known := o.mask()
	if !known {
		if o.Age.Value == 0 {
			return check.Note(o.Age.Ref, "Identity %d has the age 0, as PSKs that were agreed on otherwise have. A ticket's age is hidden by its ticket_age_add.", o.Place)
		}
		return check.Needs("new-session-ticket", o.Age.Ref, "obfuscated_ticket_age of identity %d is %d. The age comes out with the ticket_age_add of the NewSessionTicket, or of a saved session.", o.Place, o.Age.Value)
	}
	ms := ticketAge(uint32(o.Age.Value), add)
	age := inMilliseconds(ms)
	arithmetic := strconv.FormatUint(o.Age.Value, 10) + " − " + strconv.FormatUint(uint64(add), 10)
	if uint32(o.Age.Value) < add {
		arithmetic += " + 2³²"
	}
	arithmetic += " = " + strconv.FormatUint(uint64(ms), 10) + " ms"
	issued, _ := o.issuedAt()
	sent := v.H.EventOf(v.CH)
	switch limit := time.Duration(min(lifetime, 604800)) * time.Second; {
	case negative(ms):
		return check.Doubtful(o.Age.Ref, "With ticket_age_add of %s the age is %s: no ticket is so old. It is below zero, or masked with another ticket_age_add.", from, arithmetic)
	case age > session.Week:
		return check.Broken(o.Age.Ref, "The ticket is %s old (%s): more than the seven days that any ticket has.", span(age), arithmetic)
	case lifetime > 0 && age > limit:
		return check.Broken(o.Age.Ref, "The ticket is %s old (%s), and was good for %s: clients must not offer it any more.", span(age), arithmetic, span(limit))
	case ms == 0 && sent != nil && !sent.At.IsZero() && !issued.IsZero() && sent.At.Sub(issued) > 24*time.Hour:
		return check.Doubtful(o.Age.Ref, "The client says 0 ms, and the ticket is %s old: the time of its arrival was lost.", span(sent.At.Sub(issued)))
	case wholeSeconds(ms):
		return check.Note(o.Age.Ref, "The client has had the ticket for %s (%s). Whole seconds are the habit of OpenSSL, which says 0 for the first two.", span(age), arithmetic)
	}
	return check.Holds(o.Age.Ref, "The client has had the ticket for %s (%s).", span(age), arithmetic)
}

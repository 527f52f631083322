package ticket

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/session"
)

var openRules = []check.Rule[*View]{{
	ID: "ticket.key-name", Group: groupOpens, Level: check.May, Refs: "RFC 5077 §4",
	Title:    "A key of this name is at hand",
	Headline: "Sealed: give the ticket key to look inside",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		l := v.layout()
		if l == nil || !l.named() {
			return check.Skip()
		}
		p, ok := partOf(v.parts(), KeyName)
		if !ok {
			return check.Skip()
		}
		at, name := v.node(p), short(v.Bytes[p.Off:p.End()])
		switch {
		case v.Proved() && v.Key.File < 0:
			return check.Note(at, "The ticket names its key %s. It opens without a key being given, because this one can be guessed.", name)
		case v.Status >= WrongMAC && v.Key.Name == nil && v.Key.scheme != fromGnu:
			return check.Holds(at, "The ticket names its key %s, and a key without a name of its own opens it.", name)
		case v.Status >= WrongMAC:
			return check.Holds(at, "The ticket names its key %s, and a key of this name was given.", name).And(v.Key.Ref)
		case !v.Given:
			return check.Needs("ticket-key", at, "The ticket names its key %s%s. No key was given: add the server's ticket keys.", name, v.guessed())
		}
		return check.Needs("ticket-key", at, "The ticket names its key %s%s, and none of the keys given has this name. The key was rotated, or is of another server: add the key that was in use when the ticket was made.", name, v.guessed())
	},
}, {
	ID: "ticket.mac", Group: groupOpens, Level: check.Must, Refs: "RFC 5077 §4; RFC 5077 §5.3",
	Title:    "The MAC holds under a key that was given",
	Headline: "Right key name, wrong MAC",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		l := v.layout()
		at := v.at(MAC)
		switch {
		case l == stateful || l == plaintext || len(v.Bytes) < 32:
			return check.Skip()
		case v.Proved():
			return check.Holds(at, "The ticket verifies with %s. Layout: %s; %s.", v.with(), v.Opening.Layout.Title, orderSaid(v.Key)).And(v.Key.Ref)
		case v.Status == WrongMAC:
			return check.Broken(at, "A key of this name was given, and the MAC holds with it in no order of its parts (%s). The ticket was changed or cut, or the file holds another key under the same name: give the one with which the server sealed it.",
				strings.Join(v.Tried, "; ")).And(v.Key.Ref)
		case !v.Given:
			return check.Needs("ticket-key", at, "No key was given: whether the ticket is genuine cannot be judged.")
		case l != nil && !l.named():
			return check.Needs("ticket-key", at, "None of the keys given opens it, in whichever layout. That of %s, which is the likeliest, names no key, so that nothing tells which one to look for: add those that the server had when it made the ticket.", l.Title)
		}
		return check.Needs("ticket-key", at, "The ticket is under none of the keys that were given.")
	},
}, {
	ID: "ticket.key-order", Group: groupOpens, Level: check.Should, Refs: "nginx src/event/ngx_event_openssl.c; HAProxy src/ssl_sock.c; OpenSSL ssl/t1_lib.c",
	Title:    "The parts of the key file are in the order that its program reads",
	Headline: "The key fits only in another program's order",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		k := v.Key
		switch {
		case k == nil || k.File < 0 || k.scheme != block || k.h2o:
			return check.Skip()
		case v.Status == WrongMAC:
			return check.Doubtful(k.Ref, "The key name is equal, and no order verifies. Tried: %s.", strings.Join(v.Tried, "; "))
		case v.Hint != "":
			return check.Doubtful(k.Ref, "%s. So the two programs have different keys out of one file, and refuse each other's tickets: put the parts in the other order for one of them.", v.Hint).And(v.at(MAC))
		case k.Letters:
			return check.Doubtful(k.Ref, "The MAC holds with the letters of the file as the key, in the order %s: the server reads the text as it is.", orderWords[k.Order])
		case k.Said:
			return check.Holds(k.Ref, "The MAC holds in the order of %s: %s.", k.Program, orderWords[k.Order])
		}
		return check.Note(k.Ref, "The MAC holds in the order of %s: %s. %s", k.Program, orderWords[k.Order], mixup)
	},
}, {
	ID: "ticket.state", Group: groupOpens, Level: check.Must, Refs: "RFC 5077 §4",
	Title:    "The state inside can be read",
	Headline: "Genuine, but the state cannot be read",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		at := v.at(Ciphertext)
		switch {
		case v.Status == Unreadable:
			return check.Broken(at, "The MAC holds, so the server made this ticket: but %s. OpenSSL answers NO_DECRYPT to this, as to a wrong key. Look for another version of the program, or another cipher, on one of the servers.", strings.TrimPrefix(v.Why, "the MAC holds, and "))
		case v.Status == Opened && v.State != nil && v.State.SecretKind == session.Wrapped:
			return check.Needs("key", at, "The state is one of %s. Its secret is sealed once more under another key, which the ticket key does not open.", v.Session)
		case v.Status == Opened:
			return check.Holds(at, "%s of state, which reads as one of %s.", report.Plural(len(v.Plain), "octet", "octets"), v.Session)
		}
		return check.Skip()
	},
}}

// mixup is why two servers with the same file refuse each other's tickets.
const mixup = "Of 48 octets nginx and HAProxy read name, aes, hmac; Apache and OpenSSL name, hmac, aes. Of 80 octets HAProxy reads name, aes, hmac; nginx and OpenSSL name, hmac, aes. The same file in two programs need not be the same key."

// orderSaid says how the key was cut.
func orderSaid(k *Key) string {
	if k.Order == Derived {
		return "keys derived from the secret as " + k.Program + " does"
	}
	return "order " + orderWords[k.Order]
}

// guessed says that the name is one only if the layout is.
func (v *View) guessed() string {
	if v.Strong() {
		return ""
	}
	return ", if it has the layout of " + v.layout().Title
}

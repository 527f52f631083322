package ticket

import (
	"encoding/binary"
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
)

var keyUseRules = []check.Rule[*KeyView]{{
	ID: "stek.order", Group: keyOpens, Level: check.May, Refs: "nginx src/event/ngx_event_openssl.c; HAProxy src/ssl_sock.c; OpenSSL ssl/t1_lib.c",
	Title:    "The order of the parts is known",
	Headline: "%s: order unknown until a ticket opens",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		if !v.either() {
			return check.Skip()
		}
		if k := v.fits(); k != nil && k.scheme == block {
			return check.Note(v.at(k.Place), "A ticket opens in the order of %s: %s.", k.Program, orderWords[k.Order])
		}
		for i := range v.keys {
			if k := &v.keys[i]; k.Said {
				return check.Holds(v.Ref, "The form of the file says it: %s reads %s.", k.Program, orderWords[k.Order])
			}
		}
		if len(v.tried) > 0 {
			return check.Note(v.Ref, "Both orders were tried on every ticket here, and none opens.")
		}
		n := len(v.Blocks[0].Bytes)
		return check.Needs("ticket", v.Ref, "Nothing in the file says where one key ends and the other begins: of %d octets %s read name, aes, hmac, and %s name, hmac, aes. A ticket that opens decides.",
			n, map[int]string{48: byNginx48, 80: byHAProxy80}[n], map[int]string{48: byOpenSSL48, 80: byOpenSSL80}[n])
	},
}, {
	ID: "stek.role", Group: keyOpens, Level: check.Advice, Refs: "HAProxy src/ssl_sock.c; nginx src/event/ngx_event_openssl.c",
	Title: "Which key seals new tickets",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		n := len(v.Blocks)
		switch {
		case n < 2:
			return check.Skip()
		case v.Form == FormHAProxy:
			return check.Note(v.at(max(n-2, 0)), "HAProxy seals with the last key but one, number %d; the last one is known ahead of its time, and the others only open old tickets. Who comes with a ticket under another key than %d gets a new one.", max(n-1, 1), max(n-1, 1))
		case v.Form == FormH2O:
			return check.Note(v.Ref, "h2o seals with the newest key whose not_before has passed, and opens with all.")
		}
		return check.Note(v.at(0), "Programs with several keys seal with the first and open with all: who comes with a ticket under another one gets a new ticket. nginx does so with several files, Go with several keys.")
	},
}, {
	ID: "stek.fits", Group: keyOpens, Level: check.Should, Refs: "RFC 5077 §4; GnuTLS lib/stek.c",
	Title:    "The key opens the tickets that are here",
	Headline: "The key opens none of the tickets here",
	Judge: func(c *check.Context, v *KeyView) check.Outcome {
		m := len(v.tried)
		if m == 0 {
			return check.Skip()
		}
		tickets := report.Plural(m, "ticket", "tickets")
		none := "It opens none of the " + tickets
		if m == 1 {
			none = "It does not open the ticket"
		}
		first := v.tried[0].t.Ref
		switch {
		case v.opened == 0 && v.named > 0:
			return check.Doubtful(v.Ref, "It has the name that a ticket here gives, and the MAC holds in no order of its parts: it is another key under this name, or the ticket was changed.").And(first)
		case v.opened == 0:
			return check.Doubtful(v.Ref, "%s here, in any order: it is from another server or another week.", none).And(first)
		}
		for _, x := range v.tried {
			if o := &x.o; o.Proved() {
				first = x.t.Ref
				if o.Late(c.At) {
					return check.Note(v.Ref, "It opens %d of %s. The ticket is under GnuTLS's time step %d, which began at %s: at %s the server is at step %d, and takes only that and the one before it.", v.opened, tickets, o.Step,
						report.Clock(time.Unix(o.Step*stepSeconds, 0)), report.Clock(c.At), c.At.Unix()/stepSeconds).And(first)
				}
				if late, ok := o.Key.expired(c.At); ok {
					return check.Note(v.Ref, "It opens %d of %s. By its own date this key of wolfSSL was used until %s.", v.opened, tickets, report.Clock(late)).And(first)
				}
			}
		}
		return check.Holds(v.Ref, "It opens %d of %s here.", v.opened, tickets).And(first)
	},
}}

// expired says until when a key of wolfSSL seals tickets, if that has passed.
func (k *Key) expired(at time.Time) (time.Time, bool) {
	if k.scheme != rolling || len(k.material) < 24 || at.IsZero() {
		return time.Time{}, false
	}
	n := len(k.material)
	off := n - 8
	if half := (n - 24) / 2; string(k.CipherKey) == string(k.material[16+half:16+2*half]) {
		off = n - 4
	}
	until := time.Unix(int64(binary.BigEndian.Uint32(k.material[off:])), 0).UTC()
	return until, until.Before(at)
}

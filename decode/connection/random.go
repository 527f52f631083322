package connection

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
)

// randomRules judge what should be fresh.
var randomRules = []rule{{
	ID: "tls.hello.random", Group: groupNegotiation, Level: check.Should, Refs: "RFC 9846 §4.2.2; RFC 9846 §4.2.3; RFC 9846 §C.1",
	Title:    "The randoms look random, and come once",
	Headline: "A random is not random: %s",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		w := check.Skip()
		if v.CH != nil {
			w = v.random("client random", v.CH.Random, 0)
		}
		if v.SH != nil {
			// The last eight octets can be a mark.
			w = check.Worst(w, v.random("server random", v.SH.Random, 8))
		}
		return w
	},
}}

func (v *View) random(what string, f field.Field[[]byte], tail int) check.Outcome {
	if !f.OK || len(f.Value) != 32 {
		return v.unread(f.Ref, "The "+what)
	}
	b := f.Value[:32-tail]
	if constant(b) {
		return check.Broken(f.Ref, "The %s is %s: the same octet throughout.", what, octetWords(f.Value))
	}
	if counting(b) {
		return check.Broken(f.Ref, "The %s is %s: each octet one more than the one before.", what, octetWords(f.Value))
	}
	for _, item := range v.Repeated(what, f.Value) {
		if v.elsewhere(item) {
			return check.Broken(f.Ref, "The %s %s stands in another connection as well: two handshakes that should have nothing in common.", what, octetWords(f.Value))
		}
	}
	return check.Holds(f.Ref, "The %s is %s.", what, octetWords(f.Value))
}

func constant(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}

func counting(b []byte) bool {
	for i, c := range b {
		if c != b[0]+byte(i) {
			return false
		}
	}
	return true
}

// elsewhere says that a handshake is certainly of another connection: both sides'
// hellos are there, and one of them differs. The same handshake can be pasted
// twice, as messages and as a capture.
func (v *View) elsewhere(item int) bool {
	h, ok := v.all.exhibits[item].Value.(*handshake.Handshake)
	if !ok || v.CH == nil || v.SH == nil {
		return false
	}
	ch, sh := h.ClientHello(), h.ServerHello()
	return ch != nil && sh != nil && (!bytes.Equal(ch.Random.Value, v.CH.Random.Value) || !bytes.Equal(sh.Random.Value, v.SH.Random.Value))
}

package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// firstHello is the one that offers early data: that before a
// HelloRetryRequest, where there is one.
func (v *View) firstHello() *handshake.ClientHello {
	if v.CH1 != nil {
		return v.CH1
	}
	return v.CH
}

// earlyLimit is how many octets of early data the first ticket allows, where
// something at hand tells, and what tells it.
func (v *View) earlyLimit() (most uint64, from string, known bool) {
	for _, o := range v.identities() {
		if o.Place != 0 {
			continue
		}
		switch {
		case o.From != nil:
			if x := o.From.Extensions.Get(handshake.ExtEarlyData); x != nil {
				if n, ok := x.Value.(*handshake.Number); ok && n != nil && n.OK {
					return n.Value, "the NewSessionTicket", true
				}
				return 0, "", false
			}
			return 0, "the NewSessionTicket", true
		case o.File != nil && o.File.MaxEarlyData.OK:
			return uint64(o.File.MaxEarlyData.Value), "the saved session", true
		case o.State != nil && o.State.MaxEarlyData.OK:
			return uint64(o.State.MaxEarlyData.Value), "the opened ticket", true
		}
	}
	return 0, "", false
}

// earlySent counts the octets of early data that were opened.
func (v *View) earlySent() (n int, at report.Ref) {
	at = report.None
	for i := range v.H.Events {
		e := &v.H.Events[i]
		if e.From != handshake.Client {
			continue
		}
		if e.Kind == handshake.Message && (e.Type == handshake.TypeEndOfEarlyData || e.Type == handshake.TypeFinished) {
			break
		}
		if e.Kind == handshake.ApplicationData && e.Protected {
			n += len(e.Raw)
			if at == report.None {
				at = e.Ref
			}
		}
	}
	return n, at
}

var earlyRules = []rule{{
	ID: "tls.psk.early-offer", Group: groupResumption, Level: check.Must, Refs: "RFC 9846 §4.3.10; RFC 9846 §4.2.2",
	Title:    "Early data is offered with a ticket that allows it",
	Headline: "Early data is offered where it must not be",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		ch := v.firstHello()
		if ch == nil {
			return check.Skip()
		}
		if v.CH1 != nil && v.CH != v.CH1 {
			if x := v.CH.Extensions.Get(handshake.ExtEarlyData); x != nil {
				return check.Broken(x.Ref, "The second ClientHello has early_data: after a HelloRetryRequest nothing more may be sent early.")
			}
		}
		x := ch.Extensions.Get(handshake.ExtEarlyData)
		if x == nil {
			return check.Skip()
		}
		if !ch.Extensions.Has(handshake.ExtPreSharedKey) {
			return check.Broken(x.Ref, "There is early_data and no pre_shared_key: no key is agreed on to protect it with.")
		}
		if most, from, known := v.earlyLimit(); known && most == 0 {
			return check.Broken(x.Ref, "By %s the first ticket allows no early data.", from)
		}
		return check.Note(x.Ref, "What is sent early is under the suite and the protocol (ALPN) of the first ticket, and whoever records it can send it again.")
	},
}, {
	ID: "tls.psk.early-accepted", Group: groupResumption, Level: check.Must,
	Refs:     "RFC 9846 §4.3.10; RFC 9846 §4.7.1; RFC 9846 §E.3",
	Title:    "Early data is taken under the conditions of the first ticket, or not at all",
	Headline: "Early data is taken under other conditions than those of its ticket",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.judgeEarly() },
}, {
	ID: "tls.psk.early-replay", Group: groupResumption, Level: check.Must,
	Refs:     "RFC 9846 §8; RFC 9846 §8.2; RFC 9846 §F.5",
	Title:    "Its early data is seen once",
	Headline: "The same early data comes twice",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		ch := v.firstHello()
		if ch == nil || !ch.Extensions.Has(handshake.ExtEarlyData) {
			return check.Skip()
		}
		at, sent := ch.Extensions.Get(handshake.ExtEarlyData).Ref, v.H.EventOf(ch)
		if sent == nil {
			return check.Skip()
		}
		for _, i := range v.Repeated("client hello", sent.Raw) {
			h, ok := v.all.exhibits[i].Value.(*handshake.Handshake)
			if !ok || v.same(h) {
				continue
			}
			if took(v.EE) && took(h.EncryptedExtensions()) {
				return check.Broken(at, "The same ClientHello, to the last octet, stands in another connection, and both servers took its early data: what it asks for was done twice.").And(h.Ref)
			}
			return check.Doubtful(at, "The same ClientHello, to the last octet, stands in another connection: someone sends its early data again. Whether both were taken is not seen.").And(h.Ref)
		}
		return check.Holds(at, "")
	},
}}

// took says that a server accepted early data.
func took(e *handshake.EncryptedExtensions) bool {
	return e != nil && e.Extensions.Has(handshake.ExtEarlyData)
}

// same says that a handshake is this very connection once more: its ServerHello
// has the same random.
func (v *View) same(h *handshake.Handshake) bool {
	sh := h.ServerHello()
	return v.SH != nil && sh != nil && sameOctets(sh.Random.Value, v.SH.Random.Value)
}

func (v *View) judgeEarly() check.Outcome {
	ch := v.firstHello()
	if ch == nil {
		return check.Skip()
	}
	x := ch.Extensions.Get(handshake.ExtEarlyData)
	switch {
	case x == nil:
		return check.Skip()
	case v.SH != nil && v.Old():
		return check.Broken(v.SH.Ref, "The client offered early data, and the server answers with %s: the client must end the connection, for the early data is lost to it.", suite.Version(v.Version)).And(x.Ref)
	case v.HRR != nil:
		return check.Note(v.HRR.Ref, "Refused: a HelloRetryRequest came, and what was sent early is dropped.").And(x.Ref)
	case v.EE == nil:
		return check.Skip()
	}
	yes := v.EE.Extensions.Get(handshake.ExtEarlyData)
	n, ok := v.selected()
	first := v.firstTicket()
	if yes == nil {
		why := "the server does not say why; most take none unless they are told to, or refuse a ticket that they saw before"
		switch {
		case !ok:
			why = "the server took no PSK"
		case n.Value != 0:
			why = "the server took another ticket than the first"
		case first.alpn != "" && first.alpn != v.alpn():
			why = "the protocol is " + named(v.alpn()) + ", and was " + named(first.alpn)
		case first.suite != 0 && v.SH != nil && uint64(first.suite) != v.SH.Suite.Value:
			why = "the suite is " + suite.Name(uint16(v.SH.Suite.Value)) + ", and was " + suite.Name(first.suite)
		}
		return check.Note(v.EE.Ref, "Refused: %s. The client sends it again after the handshake.", why).And(x.Ref)
	}
	most, from, known := v.earlyLimit()
	sent, sentAt := v.earlySent()
	switch {
	case v.SH != nil && !ok:
		return check.Broken(yes.Ref, "Early data is accepted, and the ServerHello takes no PSK.").And(v.SH.Ref)
	case ok && n.Value != 0:
		return check.Broken(yes.Ref, "Early data is accepted, and the server takes identity %d: it is protected by the first, 0.", n.Value).And(n.Ref)
	case first.alpn != "" && first.alpn != v.alpn():
		return check.Broken(yes.Ref, "Early data is accepted, and the protocol is %s; that of the ticket was %s, and the early data speaks it.", named(v.alpn()), named(first.alpn))
	case first.suite != 0 && v.SH != nil && v.SH.Suite.OK && uint64(first.suite) != v.SH.Suite.Value:
		return check.Broken(yes.Ref, "Early data is accepted, and the suite is %s; that of the ticket was %s, and the early data is protected by it.", suite.Name(uint16(v.SH.Suite.Value)), suite.Name(first.suite)).And(v.SH.Suite.Ref)
	case known && uint64(sent) > most:
		return check.Broken(sentAt, "The client sent %s early; %s allows %d.", octetCount(sent), from, most)
	case sent > 0:
		return check.Holds(yes.Ref, "The server took %s.", octetCount(sent))
	}
	return check.Holds(yes.Ref, "")
}

// condition is what early data depends on: how the connection that gave the
// first ticket was.
type condition struct {
	suite uint16
	alpn  string
}

func (v *View) firstTicket() (c condition) {
	for _, o := range v.identities() {
		if o.Place == 0 {
			for _, s := range o.sessions() {
				if s.Cipher.OK {
					c.suite = s.Cipher.Value
				}
				if s.ALPN.OK {
					c.alpn = s.ALPN.Value
				}
			}
		}
	}
	return c
}

// named writes the name of a protocol, where there is one.
func named(s string) string {
	if s == "" {
		return "none"
	}
	return "«" + s + "»"
}

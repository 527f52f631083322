package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
)

// statusRules judge how the staple travels; what it says is judged with the
// staple.
var statusRules = []rule{{
	ID: "tls.status.order", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8",
	Title:    "CertificateStatus comes once, directly after Certificate",
	Headline: "CertificateStatus comes where it must not",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.TLS13() {
			return check.Skip()
		}
		all := v.H.Of(handshake.TypeCertificateStatus)
		if len(all) == 0 {
			if v.SH != nil && v.Old() && v.SH.Extensions.Has(handshake.ExtStatusRequest) && v.flightSeen() {
				return check.Note(v.SH.Extensions.Get(handshake.ExtStatusRequest).Ref, "The ServerHello promises a staple, and no CertificateStatus came. That is allowed: clients wait and see.")
			}
			return check.Skip()
		}
		e := all[0]
		switch before := v.beforeOf(e); {
		case len(all) > 1:
			return check.Broken(all[1].Ref, "There are %d CertificateStatus messages, one is allowed: clients answer unexpected_message (10).", len(all)).And(e.Ref)
		case v.Mode == Resumed:
			return check.Broken(e.Ref, "The session was resumed, without a certificate that a staple could be for.")
		case before != nil && !(before.Kind == handshake.Message && before.Type == handshake.TypeCertificate):
			return check.Broken(e.Ref, "It comes after %s, and belongs directly after Certificate: clients answer unexpected_message (10).", eventName(before)).And(before.Ref)
		}
		return check.Holds(e.Ref, "")
	},
}, {
	ID: "tls.status.client", Group: groupClient, Level: check.Advice, Refs: "RFC 9846 §4.4.2; RFC 9846 §4.5.1.1",
	Title: "The server does not ask for a staple for the client's certificate",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		for _, r := range v.CRs {
			x := r.Extensions.Get(handshake.ExtStatusRequest)
			if r.Version != TLS13 || x == nil {
				continue
			}
			for _, s := range v.Staples {
				if s.From == handshake.Client {
					return check.Note(x.Ref, "The server asks for a staple for the client's certificate, and the client sent one.").And(s.Ref)
				}
			}
			what := "whether one comes is not seen"
			if v.Client.Message != nil {
				what = "the client sent none, which is allowed"
			}
			return check.Note(x.Ref, "The server asks for a staple for the client's certificate, and %s. Go's servers always ask, OpenSSL's clients never answer.", what)
		}
		if len(v.CRs) > 0 {
			return check.Holds(v.CRs[0].Ref, "")
		}
		return check.Skip()
	},
}}

// beforeOf is what the same side sent before an event, or nil.
func (v *View) beforeOf(e *handshake.Event) *handshake.Event {
	var last *handshake.Event
	for i := range v.H.Events {
		o := &v.H.Events[i]
		if o == e {
			break
		}
		if o.From == e.From {
			last = o
		}
	}
	return last
}

// flightSeen says that the server's messages up to the place of the staple were
// seen: that of TLS 1.2 comes between Certificate and what follows it.
func (v *View) flightSeen() bool {
	if v.Server.Message == nil {
		return false
	}
	if v.Server.Message.Version == TLS13 {
		return true
	}
	seen := false
	for i := range v.H.Events {
		e := &v.H.Events[i]
		if seen && e.Kind == handshake.Message && e.From != handshake.Client && e.Type != handshake.TypeCertificateStatus {
			return true
		}
		if m, ok := e.Body.(*handshake.Certificate); ok {
			seen = seen || m == v.Server.Message
		}
	}
	return false
}

package connection

import (
	"slices"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/client"
	"derscope/decode/handshake"
	"derscope/decode/ocsp"
	"derscope/decode/report"
)

// callbackStatusRules say what OpenSSL's callback for the status of a certificate
// was given on either side, and what it must have returned.
//
// Source: ssl/statem/extensions_srvr.c, extensions_clnt.c, statem_clnt.c of
// OpenSSL 3.0.19, measured.
var callbackStatusRules = []rule{
	{
		ID: "tls.callback.status.server", Group: groupCallbacks, Level: check.Should, Refs: "RFC 6066 §8",
		Title: "What the server stapled is what its status callback can lead to",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			if v.CH == nil {
				return check.Skip()
			}
			w := v.Wire()
			at := v.requestRef()
			answers, called := w.ServerFits()
			switch {
			case w.Staple >= 0 && !w.Asked && !v.CH.Extensions.Has(handshake.ExtStatusRequestV2):
				return check.Doubtful(v.stapleRef(), "A response of %s came although the ClientHello does not ask for one: OpenSSL does not call the callback then, so another server sent it.", report.Plural(w.Staple, "octet", "octets"))
			case !w.Asked:
				return check.Note(at, "Not called: the ClientHello does not ask for an OCSP response.")
			case !called:
				return check.Note(at, "Not called: a session is resumed, and no certificate is sent.")
			case len(answers) > 0:
				return check.Note(at, "Called before the ServerHello. It led to %s, which fits %s.", v.serverSent(w), either(serverWords(answers)))
			case w.Alert.Number != 0 && w.Alert.Place == callback.InsteadOfHello:
				return check.Note(at, "An OpenSSL server calls it before the ServerHello; %s is not the alert of this callback, which is always internal_error (80).", alertName(uint64(w.Alert.Number)))
			}
			return check.Note(at, "An OpenSSL server calls it before the ServerHello; what it returned shows in the server's Certificate, which is not here.")
		},
	},
	{
		ID: "tls.callback.status.client", Group: groupCallbacks, Level: check.Advice, Refs: "RFC 6066 §8",
		Title: "What the client's status callback is told",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			if v.SH == nil || v.CH == nil || v.Mode == Undecided {
				return check.Skip()
			}
			w := v.Wire()
			_, sees, called := w.ClientFits()
			at := v.stapleRef()
			if at == report.None {
				at = v.SH.Ref
			}
			when := "at ServerHelloDone"
			if w.Version == callback.TLS13 {
				when = "at the server's Finished"
			}
			switch {
			case !w.Asked:
				return check.Note(at, "Not called: the ClientHello does not ask for an OCSP response.")
			case !called:
				return check.Note(at, "Not called: a session of TLS 1.2 or older is resumed.")
			case sees == callback.Unknown:
				return check.Note(at, "Called %s, after the chain is verified; with how many octets shows in the server's Certificate, which is not here.", when)
			case sees < 0:
				return check.Note(at, "Called %s with length -1 and no octets: nothing came.", when)
			}
			return check.Note(at, "Called %s, after the chain is verified, with the %s of the response.", when, report.Plural(sees, "octet", "octets"))
		},
	},
	{
		ID: "tls.callback.status.return", Group: groupCallbacks, Level: check.Should, Refs: "RFC 6066 §8",
		Title: "The client's next message is one that its status callback leads to",
		Judge: func(c *check.Context, v *View) check.Outcome {
			w := v.Wire()
			answers, _, called := w.ClientFits()
			if v.SH == nil || v.CH == nil || !called {
				return check.Skip()
			}
			if w.WentOn {
				return check.Note(v.SH.Ref, "The client went on: its callback returned a positive number, or there is none.")
			}
			if w.Alert.From != callback.Client || w.Alert.Place != callback.AfterServer {
				return check.Skip()
			}
			at := v.lastAlert().Ref
			switch {
			case w.Alert.Number == 113 && w.Staple >= 0:
				return check.Note(at, "The alert bad_certificate_status_response (113) says it: the callback returned 0; from OpenSSL 3.6 on the library itself says so of a response that it cannot decode.")
			case len(answers) > 0 && w.Alert.Number == 113:
				return check.Note(at, "The alert bad_certificate_status_response (113) says it: the callback returned 0, though nothing came that it could judge.")
			case len(answers) > 0:
				return check.Note(at, "The alert internal_error (80) says it: the callback returned less than 0, to say that it could not judge.")
			case w.Alert.Number == 42 && w.Staple >= 0 && !v.stapleGood(c):
				return check.Note(at, "bad_certificate (42) instead of 113 or 80: so does GnuTLS, which judges the staple by itself, and has no callback to ask. With OpenSSL it means that the chain was refused before the callback was asked.").And(v.stapleRef())
			case certificateAlert(w.Alert.Number):
				return check.Doubtful(at, "%s instead of 113 or 80: the chain was refused before the callback was asked; look at the certificates first.", alertName(uint64(w.Alert.Number)))
			}
			return check.Skip()
		},
	},
	{
		ID: "tls.callback.status.advice", Group: groupCallbacks, Level: check.Should, Refs: "RFC 6066 §8; RFC 7633 §4.2.3.1",
		Title: "The client did what a careful status callback would return",
		Judge: func(c *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if _, _, called := w.ClientFits(); !called || w.Staple == callback.Unknown || w.Hello == callback.ResumedHello {
				return check.Skip()
			}
			value, why := v.Advice(c)
			at := v.stapleRef()
			if at == report.None && v.Server.Message != nil {
				at = v.Server.Message.Ref
			}
			switch {
			case value == "0" && w.WentOn:
				return check.Doubtful(at, "A careful callback returns 0: %s. The client went on all the same; OpenSSL accepts any response where no callback looks at it.", why)
			case value == "":
				return check.Note(at, "No single answer is right: %s.", why)
			}
			return check.Note(at, "A careful callback returns %s: %s.", value, why)
		},
	},
	{
		ID: "tls.callback.status.resumed", Group: groupCallbacks, Level: check.Must, Refs: "RFC 6066 §8; RFC 9846 §4.5.1.1",
		Title:    "The client's status callback lets a resumption pass",
		Headline: "The client's status callback refuses a resumption",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if w.Hello != callback.ResumedHello || !w.Asked {
				return check.Skip()
			}
			if w.Version == callback.TLS12 {
				return check.Note(v.SH.Ref, "A session of TLS 1.2 or older is resumed: the callback is not called.")
			}
			if w.Alert == (callback.Alert{Number: 113, From: callback.Client, Place: callback.AfterServer}) {
				return check.Broken(v.lastAlert().Ref, "The callback returned 0 at length -1, and bad_certificate_status_response (113) ended a good resumption: no response can come without a certificate. Return 1 where SSL_session_reused() says so.").And(v.SH.Ref)
			}
			return check.Note(v.SH.Ref, "In TLS 1.3 OpenSSL calls the client's callback on a resumption too, with length -1; one that returns 0 for want of a response ends it with 113. Ask SSL_session_reused() first.")
		},
	},
	{
		ID: "tls.callback.status.mixed-up", Group: groupCallbacks, Level: check.Should, Refs: "RFC 6066 §8",
		Title: "The client did not refuse a response that is good",
		Judge: func(c *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if w.Alert.Number != 113 || w.Alert.From != callback.Client || w.Staple < 0 {
				return check.Skip()
			}
			at := v.lastAlert().Ref
			switch value, why := v.Advice(c); value {
			case "1":
				return check.Doubtful(at, "The client refused with 113, though a careful callback returns 1: %s. This looks like a server's function on a client: there 0 is SSL_TLSEXT_ERR_OK, here it refuses.", why).And(v.stapleRef())
			case "0":
				return check.Holds(at, "It refused with 113, and a careful callback does so: %s.", why)
			default:
				return check.Note(at, "It refused with 113; whether the response deserves that is open: %s.", why)
			}
		},
	},
}

// Advice is what a careful callback of the client returns for what the server
// stapled: "1", "0", or "" where that is a matter of policy or something is missing.
func (v *View) Advice(c *check.Context) (value, why string) {
	for i := range v.Staples {
		s := &v.Staples[i]
		if s.From == handshake.Client || s.Entry != 0 {
			continue
		}
		is, ok := v.stapleView(c, s).(*ocsp.View)
		if !ok {
			return "0", "the octets cannot be decoded: the staple is unsatisfactory"
		}
		of := *c
		of.Self, of.Source, of.Size, of.HTTP = s.Item, s.DER, len(s.DER), nil
		return client.Staple(&of, is)
	}
	if leaf := v.Server.Leaf(); leaf != nil && leaf.MustStaple(handshake.ExtStatusRequest) {
		return "0", "nothing came, and the certificate demands a response (its TLS feature extension holds status_request)"
	}
	return "", "nothing came, and what to do without a response is a matter of policy; most clients go on"
}

// requestRef is the place of status_request in the ClientHello, else of the ClientHello.
func (v *View) requestRef() report.Ref {
	if x := v.CH.Extensions.Get(handshake.ExtStatusRequest); x != nil {
		return x.Ref
	}
	return v.CH.Ref
}

// stapleRef is the place of the response for the server's certificate, or None.
func (v *View) stapleRef() report.Ref {
	for i := range v.Staples {
		if s := &v.Staples[i]; s.From != handshake.Client && s.Entry == 0 {
			return s.Ref
		}
	}
	return report.None
}

// serverSent says what shows of the server's answer.
func (v *View) serverSent(w callback.Wire) string {
	switch {
	case w.Alert.Number != 0 && w.Alert.Place == callback.InsteadOfHello:
		return "internal_error (80) in its place"
	case w.Staple >= 0:
		return "a response of " + report.Plural(w.Staple, "octet", "octets")
	}
	return "no response"
}

// serverWords names answers of the server's callback.
func serverWords(list []callback.StatusServer) (words []string) {
	for _, s := range list {
		words = append(words, [...]string{"SSL_TLSEXT_ERR_OK (0) with a response", "SSL_TLSEXT_ERR_OK (0) without a response", "SSL_TLSEXT_ERR_NOACK (3) (or no callback, which looks the same)",
			"SSL_TLSEXT_ERR_ALERT_FATAL (2)", "SSL_TLSEXT_ERR_ALERT_WARNING (1)", "a value that is not defined"}[s])
	}
	return words
}

// certificateAlert says that an alert is about the chain.
func certificateAlert(n uint8) bool {
	return slices.Contains([]uint8{42, 43, 44, 45, 46, 48, 49}, n)
}

// stapleGood says that a careful callback would take the staple.
func (v *View) stapleGood(c *check.Context) bool {
	value, _ := v.Advice(c)
	return value != "0"
}

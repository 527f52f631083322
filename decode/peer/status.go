package peer

import (
	"slices"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/report"
)

const statusFunction = "SSL_CTX_set_tlsext_status_cb"

// statusClient is what the client's callback for the status of a certificate meets.
func statusClient(c *check.Context, v *connection.View, g callback.Version) report.Callback {
	w := v.WireIn(g)
	k := report.Callback{Callback: statusFunction, Side: "client", Protocol: g.String()}
	kind := callback.Full
	if w.Hello == callback.ResumedHello {
		kind = callback.Resumption
	}
	when := "at ServerHelloDone, when the chain is verified"
	if g == callback.TLS13 {
		when = "at the server's Finished, when the chain is verified"
	}
	fits, sees, _ := w.ClientFits()
	server := callback.OKWithoutResponse
	if w.Staple >= 0 {
		server = callback.OKWithResponse
	}
	k.Called = w.Asked && (kind == callback.Full || g == callback.TLS13)
	if w.Alert.Place == callback.InsteadOfHello {
		k.Called = false
	}
	switch {
	case w.Alert.Place == callback.InsteadOfHello:
		k.Sees = "nothing: the server ended the handshake before"
		return k
	case !w.Asked:
		k.Sees = "nothing: the ClientHello does not ask for an OCSP response (SSL_set_tlsext_status_type was not called)"
		return k
	case !k.Called:
		k.Sees = "nothing: a session of TLS 1.2 or older is resumed, and the callback is not called"
		return k
	case kind == callback.Resumption:
		k.Sees = "SSL_get_tlsext_status_ocsp_resp gives -1 and no octets, at the server's Finished: a session is resumed, and no certificate comes"
	case w.Hello == callback.NoHello || sees == callback.Unknown:
		k.Sees = "SSL_get_tlsext_status_ocsp_resp gives the length of the response, or -1 if none came, " + when
	case sees < 0:
		k.Sees = "SSL_get_tlsext_status_ocsp_resp gives -1 and no octets, " + when + ": the server stapled nothing"
	default:
		k.Sees = "SSL_get_tlsext_status_ocsp_resp gives " + report.Plural(sees, "octet", "octets") + ", " + when
	}
	advice, why := "", ""
	switch {
	case kind == callback.Resumption:
		advice, why = "1", "ask SSL_session_reused() first: the certificate was judged when the session was made, and 0 would end every resumption"
	case w.Hello != callback.NoHello && w.Staple != callback.Unknown:
		advice, why = v.Advice(c)
	}
	k.Why = why
	for _, a := range []struct {
		value string
		n     int
	}{{"1", 1}, {"0", 0}, {"-1", -1}} {
		o := callback.Status(g, kind, server, a.n, max(0, w.Staple))
		s := ending(o)
		if a.n < 0 {
			s += ", to say that the callback itself could not judge"
		}
		k.Returns = append(k.Returns, report.Return{Value: a.value, Outcome: s, Advised: advice == a.value,
			Seen: slices.ContainsFunc(fits, func(f callback.ClientFit) bool { return !f.NoCallback && f.Value == a.n })})
	}
	k.Returns = append(k.Returns, report.Return{Value: "no callback", Outcome: "whatever came is ignored, and the handshake goes on", Default: true,
		Seen: slices.ContainsFunc(fits, func(f callback.ClientFit) bool { return f.NoCallback })})
	return k
}

// statusServer is what the server's callback meets: nothing; it hands over a response.
func statusServer(c *check.Context, v *connection.View, g callback.Version) report.Callback {
	w := v.WireIn(g)
	fits, called := w.ServerFits()
	k := report.Callback{Callback: statusFunction, Side: "server", Protocol: g.String(), Called: called}
	switch {
	case !w.Asked:
		k.Sees = "nothing: the ClientHello does not ask for an OCSP response, and the callback is not called"
		return k
	case !called:
		k.Sees = "nothing: a session is resumed, no certificate is sent, and the callback is not called"
		return k
	}
	k.Sees = "nothing: it hands over the response itself, by SSL_set_tlsext_status_ocsp_resp, before the ServerHello is made"
	advice := ""
	if w.Staple >= 0 {
		advice, k.Why = v.Advice(c)
	}
	sent := "the response goes out in the first entry of the Certificate"
	if g == callback.TLS12 {
		sent = "the ServerHello acknowledges status_request, and a CertificateStatus with the response follows the Certificate"
	}
	for _, a := range []struct {
		s              callback.StatusServer
		value, outcome string
		advised        bool
	}{
		{callback.OKWithResponse, "SSL_TLSEXT_ERR_OK (0) with a response", sent, advice == "1"},
		{callback.OKWithoutResponse, "SSL_TLSEXT_ERR_OK (0) without one", "nothing is sent, as with NOACK", false},
		{callback.NoAck, "SSL_TLSEXT_ERR_NOACK (3)", "nothing is sent", advice == "0"},
		{callback.AlertFatal, "SSL_TLSEXT_ERR_ALERT_FATAL (2)", ending(callback.Status(g, callback.Full, callback.AlertFatal, 1, 0)), false},
		{callback.AlertWarning, "SSL_TLSEXT_ERR_ALERT_WARNING (1)", ending(callback.Status(g, callback.Full, callback.AlertWarning, 1, 0)), false},
		{callback.Undefined, "any other value", ending(callback.Status(g, callback.Full, callback.Undefined, 1, 0)), false},
	} {
		k.Returns = append(k.Returns, report.Return{Value: a.value, Outcome: a.outcome, Advised: a.advised, Seen: slices.Contains(fits, a.s)})
	}
	k.Returns = append(k.Returns, report.Return{Value: "no callback", Outcome: "nothing is sent", Default: true, Seen: slices.Contains(fits, callback.NoAck)})
	return k
}

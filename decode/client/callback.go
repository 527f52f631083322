package client

import (
	"fmt"
	"time"

	"derscope/decode/check"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/sig"
)

const statusCallback = "SSL_CTX_set_tlsext_status_cb"

// statusCallbacks is what the callback for a certificate status meets. The one
// function serves both sides, and its answers mean different things
// there: a server's 0 is «fine», a client's 0 «refuse». That is why both are shown.
//
// Source: ssl/statem/extensions_clnt.c, extensions_srvr.c, statem_clnt.c of
// OpenSSL 3.0.19, whose answers were measured; RFC 6066, section 8.
func statusCallbacks(s *served, v *ocsp.View) []report.Callback {
	d, n := decide(s, v), len(s.response)
	return []report.Callback{
		clientCallback(d, n, "TLS 1.2", "When a session is resumed it is not called"),
		clientCallback(d, n, "TLS 1.3", "When a session is resumed it is called with -1 and no octets: ask SSL_session_reused() before refusing, or every resumption fails"),
		serverCallback(d, n, "TLS 1.2", "the ServerHello acknowledges status_request, and a CertificateStatus with these octets follows the Certificate"),
		serverCallback(d, n, "TLS 1.3", "the first CertificateEntry carries these octets in its status_request extension"),
	}
}

func clientCallback(d decision, n int, protocol, resumed string) report.Callback {
	return report.Callback{
		Callback: statusCallback, Side: "client", Protocol: protocol, Called: true,
		Sees: fmt.Sprintf("SSL_get_tlsext_status_ocsp_resp gives %d octets, this response; without a staple it gives -1. %s", n, resumed),
		Returns: []report.Return{
			{Value: "1", Outcome: "the handshake goes on", Advised: d.verdict == staplesWell},
			{Value: "0", Outcome: "fatal alert bad_certificate_status_response (113)", Advised: d.verdict == staplesBadly},
			{Value: "-1", Outcome: "fatal alert internal_error (80): for when the callback itself could not judge"},
			{Value: "no callback", Outcome: "the response is ignored, and the handshake goes on", Default: true},
		},
		Why: d.why,
	}
}

func serverCallback(d decision, n int, protocol, sent string) report.Callback {
	why := d.why
	if d.verdict == staplesBadly {
		why += ". Without a staple most clients go on; with this one some end the connection"
	}
	return report.Callback{
		Callback: statusCallback, Side: "server", Protocol: protocol, Called: true,
		Sees: fmt.Sprintf("nothing: it hands the response over itself, SSL_set_tlsext_status_ocsp_resp(ssl, octets, %d). It is called if the client asked, and not when a session is resumed", n),
		Returns: []report.Return{
			{Value: "SSL_TLSEXT_ERR_OK (0)", Outcome: sent, Advised: d.verdict == staplesWell},
			{Value: "SSL_TLSEXT_ERR_NOACK (3)", Outcome: "no staple is sent", Advised: d.verdict == staplesBadly},
			{Value: "SSL_TLSEXT_ERR_ALERT_FATAL (2)", Outcome: "fatal alert internal_error (80) in place of the ServerHello"},
			{Value: "SSL_TLSEXT_ERR_ALERT_WARNING (1)", Outcome: "the same as 2, as is any other value"},
			{Value: "no callback", Outcome: "no staple is sent", Default: true},
		},
		Why: why,
	}
}

// Staple is what a careful callback of a client returns for a response: "1",
// "0", or "" where that is a matter of policy or something is missing; and why.
func Staple(c *check.Context, v *ocsp.View) (value, why string) {
	e := evidence{response: c.Source, subject: v.Subject, issuer: v.Issuer, at: c.At}
	s := newServed(e, runGo(e))
	s.unproven = unproven(v, c.At)
	d := decide(s, v)
	return [...]string{undecided: "", staplesWell: "1", staplesBadly: "0"}[d.verdict], d.why
}

// decision is what to make of a staple.
type decision struct {
	verdict staplesHow
	why     string
}

type staplesHow uint8

const (
	undecided staplesHow = iota // a matter of policy, or something is missing
	staplesWell
	staplesBadly
)

// decide judges a staple in the order in which a callback should: it is there,
// it can be read, it is for this certificate, it is proven, fresh, good.
func decide(s *served, v *ocsp.View) decision {
	switch {
	case !s.read, s.unparsed():
		return decision{staplesBadly, "the octets cannot be decoded: the staple is unsatisfactory"}
	case s.failed():
		return decision{staplesBadly, "an error status (" + statusText(s.outer.status) + ") is no answer"}
	case s.issuer == nil:
		return decision{why: wants["issuer"]}
	case s.subject == nil:
		return decision{why: wants["subject"]}
	case v.Basic == nil || len(v.Matching) == 0:
		return decision{staplesBadly, "no entry is for this certificate"}
	case s.unproven != "":
		return decision{staplesBadly, s.unproven}
	case v.UnknownCritical() != "":
		return decision{staplesBadly, "the extension " + v.UnknownCritical().String() + " is critical and unknown: such a response must not be used"}
	case broken(v) != "":
		return decision{staplesBadly, broken(v)}
	case s.at.IsZero():
		return decision{why: wants["time"]}
	}
	return standing(s.at, v)
}

// broken says what of the signature anyone could forge, or "".
func broken(v *ocsp.View) string {
	k := v.Signer.Cert
	switch {
	case v.Basic.Algorithm.Scheme().Weak == sig.Broken:
		return "the signature is made with a broken hash"
	case v.Signer.Delegated && k.Algorithm.Scheme().Weak == sig.Broken:
		return "the responder's certificate is signed with a broken hash"
	case k.PublicKey.Key.Family() == "RSA" && k.PublicKey.Key.Size() < 1024:
		return "the signer's key, " + k.PublicKey.Key.Name() + ", can be broken"
	}
	return ""
}

// standing decides by the entries that are for the certificate: revoked counts
// even when stale, then unknown, then good.
func standing(at time.Time, v *ocsp.View) decision {
	var fresh [4]bool
	for _, i := range v.Matching {
		entry := v.Basic.Data.Singles[i]
		if entry.Standing == ocsp.Revoked {
			return decision{staplesBadly, "the certificate is revoked: RFC 6066 asks for alert 113, though many clients send certificate_revoked (44)"}
		}
		this, next := entry.ThisUpdate.Value, entry.NextUpdate.Value
		if entry.ThisUpdate.OK && !this.After(at.Add(fiveMinutes)) && (!entry.HasNext || entry.NextUpdate.OK && !next.Before(at.Add(-fiveMinutes)) && !next.Before(this.Time)) {
			fresh[entry.Standing] = true
		}
	}
	switch {
	case fresh[ocsp.Good]:
		return decision{staplesWell, "the response is for this certificate, proven, within its times, and says good"}
	case fresh[ocsp.Unknown]:
		return decision{why: "the responder does not know the certificate: a matter of policy. Refuse where the certificate demands a staple"}
	}
	return decision{staplesBadly, "the response is not within its times, five minutes allowed"}
}

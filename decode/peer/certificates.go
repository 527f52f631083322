package peer

import (
	"slices"
	"strings"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/report"
)

const certificateFunction = "SSL_CTX_set_client_cert_cb"

// certificateCallback is what the client certificate callback meets.
func certificateCallback(c *check.Context, v *connection.View) report.Callback {
	w := v.Wire()
	k := report.Callback{Callback: certificateFunction, Side: "client", Protocol: w.Version.String(), Called: true}
	k.Sees = "SSL_get_client_CA_list gives " + v.Asks() + "; it is called "
	if w.Version == callback.TLS13 {
		k.Sees += "after the server's CertificateVerify"
	} else {
		k.Sees += "on the CertificateRequest, before ServerHelloDone"
	}
	k.Sees += ", unless a usable certificate was set before"
	fit, unfit := v.Usable(c)
	fits := w.CertFits()
	for _, a := range []struct {
		value   string
		answers []callback.Answer
		advised bool
	}{
		{value: "1 with certificate and key", answers: []callback.Answer{callback.Give}, advised: len(fit) > 0},
		{value: "0", answers: []callback.Answer{callback.Refuse}, advised: len(fit) == 0 && len(unfit) > 0},
		{value: "1 without certificate or key", answers: []callback.Answer{callback.GiveNone}},
		{value: "any other positive number", answers: []callback.Answer{callback.Other}},
		{value: "-1", answers: []callback.Answer{callback.Wait}},
		{value: "no callback"},
	} {
		r := report.Return{Value: a.value, Advised: a.advised, Default: a.answers == nil}
		r.Outcome = certificateLeads(w.Version, a.answers)
		r.Seen = slices.ContainsFunc(fits, func(f callback.CertFit) bool {
			if a.answers == nil || f.NoCallback {
				return f.NoCallback && a.answers == nil
			}
			return f.Answer == a.answers[0]
		})
		k.Returns = append(k.Returns, r)
	}
	k.Why = candidates(v, v.Standings(c))
	return k
}

// certificateLeads writes what an answer leads to, with a server that makes a
// certificate optional and with one that requires it.
func certificateLeads(g callback.Version, answers []callback.Answer) string {
	optional := callback.ClientCert(g, callback.Optional, callback.Matching, answers...)
	required := callback.ClientCert(g, callback.Requiring, callback.Matching, answers...)
	if optional.End == callback.Suspended {
		return "nothing is sent: SSL_connect returns -1 with SSL_ERROR_WANT_X509_LOOKUP, and the next call asks the callback again from the start"
	}
	var empty bool
	for _, s := range optional.Steps {
		empty = empty || s.What == callback.EmptyCertificate
	}
	if !empty {
		return "Certificate and CertificateVerify are sent; the server verifies the chain, or ends with an alert"
	}
	s := "an empty Certificate is sent: "
	if optional.End == callback.Stopped {
		plain := callback.ClientCert(g, callback.Requiring, callback.Matching, callback.Refuse)
		return s + "an optional server goes on, a requiring one ends with " + plain.Alert.String() + "; the error left on the client's queue makes the next SSL_get_error report SSL_ERROR_SSL"
	}
	return s + "an optional server goes on, a requiring one ends with " + required.Alert.String()
}

// candidates says how the certificates at hand stand to the request: by the rule
// of the standard, and by what libraries do.
func candidates(v *connection.View, list []connection.Standing) string {
	if list == nil {
		return "paste the certificates that the client has, and they are held against the request"
	}
	var all []string
	for _, s := range list[:min(len(list), 4)] {
		words := s.Name + ": "
		switch {
		case len(v.CR.Authorities.List) == 0:
			words += "any issuer will do"
		case s.Folded:
			words += "its issuer is in the list for OpenSSL, which folds case and spaces; the octets differ, so that Go's static certificates are not chosen"
		case s.Listed:
			words += "its issuer is in the list, octet for octet, for every library"
		default:
			words += "no issuer of it is in the list: by the standard it should not be sent; OpenSSL sends it all the same, Go chooses no such static certificate"
		}
		if !s.Fits {
			words += ". It does not fit: " + strings.TrimSuffix(strings.Join(s.Against, " "), ".")
		}
		all = append(all, words)
	}
	if n := len(list) - len(all); n > 0 {
		all = append(all, "and "+report.Plural(n, "certificate", "certificates")+" more, see the checks")
	}
	return strings.Join(all, ". ")
}

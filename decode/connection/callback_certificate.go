package connection

import (
	"strings"
	"time"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// callbackCertificateRules say what OpenSSL's client certificate callback was
// given, and what it must have returned.
//
// Source: ssl/statem/statem_clnt.c, ssl/statem/statem_srvr.c of OpenSSL 3.0.19,
// measured.
var callbackCertificateRules = []rule{
	{
		ID: "tls.callback.clientcert.called", Group: groupCallbacks, Level: check.Should, Refs: "RFC 9846 §4.4.2; RFC 5246 §7.4.4",
		Title: "The client's certificate callback has something to return",
		Judge: func(c *check.Context, v *View) check.Outcome {
			if v.CR == nil {
				return check.Skip()
			}
			when := "It is called when the CertificateRequest comes, before ServerHelloDone, unless a usable certificate was set before. "
			if v.requestIs13() {
				when = "It is called after the server's CertificateVerify, unless a usable certificate was set before. "
			}
			asks := v.Asks()
			switch fit, unfit := v.Usable(c); {
			case len(v.Candidates) == 0:
				return check.Note(v.CR.Ref, "%sSSL_get_client_CA_list gives %s.", when, asks)
			case len(fit) == 0:
				return check.Doubtful(v.CR.Ref, "%sSSL_get_client_CA_list gives %s. None of the certificates at hand fits: %s.", when, asks, strings.Join(unfit, ", "))
			default:
				return check.Note(v.CR.Ref, "%sSSL_get_client_CA_list gives %s. It could return %s.", when, asks, either(fit))
			}
		},
	},
	{
		ID: "tls.callback.clientcert.return", Group: groupCallbacks, Level: check.Advice, Refs: "RFC 9846 §4.5.1; RFC 5246 §7.4.6",
		Title: "What the client's certificate callback returned",
		Judge: func(_ *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if !w.Requested || w.Sent == callback.SentUnknown {
				return check.Skip()
			}
			why := "An empty Certificate: there is no callback, or it returned 0, 1 without certificate or key, another number than 1, or a certificate that cannot be used. All of these look the same."
			if w.Sent == callback.SentOne {
				why = "A certificate was sent: the callback returned exactly 1 with certificate and key, or one was set before and it was not asked."
			}
			if d := v.pause(); d > 0 {
				why += " The client waited " + report.Length(d) + " before: the callback can have returned less than 0 in between, and was asked again."
			}
			return check.Note(v.Client.Message.Ref, "%s", why)
		},
	},
	{
		ID: "tls.callback.clientcert.server", Group: groupCallbacks, Level: check.Should, Refs: "RFC 9846 §4.5.1; RFC 9846 §6.2; RFC 5246 §7.4.6",
		Title: "The server takes what the client's certificate callback returned",
		Judge: func(c *check.Context, v *View) check.Outcome {
			w := v.Wire()
			if !w.Requested || w.Sent == callback.SentUnknown {
				return check.Skip()
			}
			fit, unfit := v.Usable(c)
			at := v.Client.Message.Ref
			if a := w.Alert; a.From == callback.Server && a.Place == callback.AfterClientDone {
				at = v.lastAlert().Ref
				name := alertName(uint64(a.Number))
				late := ""
				if w.Version == callback.TLS13 {
					late = " The client's SSL_connect had returned 1 by then; it learns of this when it reads."
				}
				switch causes := w.Causes(); {
				case len(causes) == 0 || causes[0].Callback != "client_cert":
				case w.Sent == callback.SentNone && len(fit) > 0:
					return check.Doubtful(at, "%s: the server requires a certificate, and an empty list was sent although %s would do.%s", name, either(fit), late)
				case w.Sent == callback.SentNone:
					return check.Note(at, "%s: the server requires a certificate, and the client sent an empty list.%s", name, late)
				default:
					seen := ""
					if len(unfit) > 0 {
						seen = " What does not fit: " + strings.Join(unfit, ", ") + "."
					}
					return check.Note(at, "%s: %s.%s%s", name, causes[0].Text, seen, late)
				}
				return check.Skip()
			}
			switch {
			case w.Sent == callback.SentNone && len(fit) > 0:
				return check.Doubtful(at, "The client sent an empty list although %s would do: its callback returned 0, or was not there.", either(fit))
			case w.Done:
				return check.Holds(at, "The handshake went on.")
			}
			return check.Skip()
		},
	},
}

// Asks says what SSL_get_client_CA_list gives the callback.
func (v *View) Asks() string {
	n := len(v.CR.Authorities.List)
	switch {
	case n > 0:
		words := "a stack of " + report.Plural(n, "name", "names")
		var names []string
		if list := v.requests(); len(list) > 0 {
			for _, one := range list[0].names[:min(len(list[0].names), 3)] {
				names = append(names, one.name.String())
			}
		}
		if names != nil {
			words += " (" + strings.Join(names, "; ")
			if n > len(names) {
				words += "; …"
			}
			words += ")"
		}
		return words
	case v.requestIs13():
		return "NULL, which means any CA"
	}
	return "an empty stack, which means any CA"
}

// requestIs13 says that the CertificateRequest is one of TLS 1.3.
func (v *View) requestIs13() bool {
	return v.CR != nil && (v.CR.Version == TLS13 || v.TLS13())
}

// Standing is how a certificate at hand stands to the first request.
type Standing struct {
	Name    string
	Fits    bool     // no check refuses it
	Against []string // what refuses it
	// Listed: the list of authorities names an issuer of its chain. Folded: only for
	// programs that fold case and spaces.
	Listed, Folded bool
}

// Standings are those of all candidates.
func (v *View) Standings(c *check.Context) (list []Standing) {
	requests := v.requests()
	all := v.answers()
	for i := range all {
		s := Standing{Name: all[i].called(), Fits: true}
		if len(requests) > 0 {
			how, _, _ := all[i].issuer(&requests[0])
			s.Listed, s.Folded = how != other, how == folded
			for _, g := range check.Judge(c, answering{v, &all[i], &requests[0]}, []*check.Group{groupCandidate}, candidateRules) {
				for _, row := range g.Children {
					if row.Status == report.Fail {
						s.Fits, s.Against = false, append(s.Against, row.Why)
					}
				}
			}
		}
		list = append(list, s)
	}
	return list
}

// Usable names the candidates that no check refuses, and the others.
func (v *View) Usable(c *check.Context) (fit, unfit []string) {
	for _, s := range v.Standings(c) {
		if s.Fits {
			fit = append(fit, s.Name)
		} else {
			unfit = append(unfit, s.Name)
		}
	}
	return fit, unfit
}

// longPause is the time from which on a client has waited: for a person, or a token.
const longPause = 2 * time.Second

// pause is how long the client waited before its certificate; 0: it did not, or
// the times are not known.
func (v *View) pause() time.Duration {
	var last time.Time
	for i := range v.H.Events {
		e := &v.H.Events[i]
		if e.Body == v.Client.Message && !last.IsZero() && !e.At.IsZero() {
			if d := e.At.Sub(last); d >= longPause {
				return d
			}
			return 0
		}
		if e.From == handshake.Server && !e.At.IsZero() {
			last = e.At
		}
	}
	return 0
}

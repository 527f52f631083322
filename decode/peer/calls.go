package peer

import (
	"strconv"

	"derscope/decode/callback"
	"derscope/decode/check"
	"derscope/decode/connection"
	"derscope/decode/report"
)

// calls are what SSL_connect or SSL_accept gives, for the side that gave up, else
// for the client.
func calls(_ *check.Context, v *connection.View) []report.Call {
	w := v.Wire()
	k := report.Call{Call: "SSL_connect", Version: "3.0"}
	other := ""
	if w.Alert.From == callback.Server {
		k.Call = "SSL_accept"
	}
	switch causes := w.Causes(); {
	case w.Alert.Number != 0:
		k.Returns = "-1"
		if w.Alert.From == callback.Server {
			other = "SSL_connect returns -1: " + w.Alert.Heard()
			if w.Version == callback.TLS13 && w.Alert.Place == callback.AfterClientDone {
				other = "SSL_connect has returned 1 by then; the next SSL_read says: " + w.Alert.Heard()
			}
		} else {
			other = "SSL_accept returns -1: " + w.Alert.Heard()
		}
		if len(causes) > 0 {
			k.Reason = causes[0].Reason
			k.Next = causes[0].Text
			for _, more := range causes[1:] {
				k.Next += "; or " + more.Text
			}
			k.Next += ". " + other
		} else {
			k.Next = other
		}
	case w.Done || v.Complete():
		k.Returns = "1"
	default:
		return nil // the end was not seen
	}
	k.Callbacks = answers(w, v)
	return []report.Call{k}
}

// answers are what the callbacks were told and must have returned.
func answers(w callback.Wire, v *connection.View) (all []report.Answer) {
	if v.CH == nil {
		return nil
	}
	all = append(all, ticketAnswer(w, v))
	if w.Asked {
		all = append(all, serverAnswer(w), clientAnswer(w))
	}
	if w.Requested {
		all = append(all, certificateAnswer(w))
	}
	return all
}

func ticketAnswer(w callback.Wire, v *connection.View) report.Answer {
	a := report.Answer{Callback: "session_ticket", Side: "server", Called: report.Pass}
	told := v.Told(w.Version)
	fits := w.TicketFits(nil, told...)
	if w.Offer == callback.NotOffered {
		a.Called, a.Status = report.Fail, callback.None.String()
	}
	status := map[string]bool{}
	seen := map[string]bool{}
	for _, f := range fits {
		if status[f.Status.String()] = true; f.Called && !seen[f.Return.String()] {
			seen[f.Return.String()] = true
			a.Returns = append(a.Returns, f.Return.String())
		}
		a.Rows = append(a.Rows, f.Rows...)
	}
	if len(status) == 1 && len(fits) > 0 {
		a.Status = fits[0].Status.String()
	}
	return a
}

func serverAnswer(w callback.Wire) report.Answer {
	a := report.Answer{Callback: "status", Side: "server", Called: report.Pass}
	fits, called := w.ServerFits()
	if !called {
		a.Called = report.Fail
	}
	for _, s := range fits {
		a.Returns = append(a.Returns, s.String())
		if o := callback.Status(w.Version, callback.Full, s, 1, max(0, w.Staple)); o.Row != "" {
			a.Rows = append(a.Rows, o.Row)
		}
	}
	return a
}

func clientAnswer(w callback.Wire) report.Answer {
	a := report.Answer{Callback: "status", Side: "client", Called: report.Pass}
	fits, sees, called := w.ClientFits()
	switch {
	case w.Hello == callback.NoHello && w.Alert.Number == 0:
		a.Called = report.Open
	case !called:
		a.Called = report.Fail
	case sees == callback.NoResponse:
		a.Status = "-1"
	case sees != callback.Unknown:
		a.Status = "octets:" + strconv.Itoa(sees)
	}
	for _, f := range fits {
		if f.NoCallback {
			a.Returns = append(a.Returns, "no callback")
		} else {
			a.Returns = append(a.Returns, strconv.Itoa(f.Value))
		}
		a.Rows = append(a.Rows, f.Rows...)
	}
	return a
}

func certificateAnswer(w callback.Wire) report.Answer {
	a := report.Answer{Callback: "client_cert", Side: "client", Called: report.Pass}
	if w.Sent == callback.SentUnknown {
		a.Called = report.Open
	}
	for _, f := range w.CertFits() {
		word := "no callback"
		if !f.NoCallback {
			word = f.Answer.String()
		}
		a.Returns = append(a.Returns, word)
		a.Rows = append(a.Rows, f.Rows...)
	}
	return a
}

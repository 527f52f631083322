package callback

import (
	"strings"
	"testing"
)

func said(fits []TicketFit) string {
	var all []string
	for _, f := range fits {
		s := f.Status.String() + "/" + f.Return.String()
		if !f.Called {
			s = f.Status.String()
		} else if f.Default {
			s += "*"
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

// What is seen leads back to the answers that fit: the table of section 16.1
// of the catalogue, with the strikes for keys of the library.
func TestTicketFits(t *testing.T) {
	stop := Alert{80, Server, InsteadOfHello}
	for _, c := range []struct {
		what string
		w    Wire
		keys []Keys
		want string
	}{
		{"nothing offered, 1.2", Wire{Version: TLS12, Offer: NotOffered, Hello: FullHello}, nil, "NONE"},
		{"nothing offered, 1.3", Wire{Version: TLS13, Offer: NotOffered, Hello: FullHello, Tickets: 2}, nil, "NONE"},
		{"nothing offered, one ticket", Wire{Version: TLS13, Offer: NotOffered, Hello: FullHello, Tickets: 1}, nil, ""},
		{"empty, one ticket", Wire{Version: TLS12, Offer: OfferedEmpty, Hello: FullHello, Tickets: 1}, nil, "EMPTY/IGNORE_RENEW*"},
		{"empty, no ticket", Wire{Version: TLS12, Offer: OfferedEmpty, Hello: FullHello}, nil, "EMPTY/IGNORE"},
		{"full, one ticket, 1.2", Wire{Version: TLS12, Offer: Offered, Hello: FullHello, Tickets: 1}, nil, "NO_DECRYPT/IGNORE_RENEW* SUCCESS/IGNORE_RENEW SUCCESS_RENEW/IGNORE_RENEW"},
		{"full, two tickets, 1.3", Wire{Version: TLS13, Offer: Offered, Hello: FullHello, Tickets: 2}, []Keys{BuiltIn}, "NO_DECRYPT/IGNORE_RENEW* SUCCESS_RENEW/IGNORE_RENEW"},
		{"full, no ticket", Wire{Version: TLS13, Offer: Offered, Hello: FullHello}, nil, "NO_DECRYPT/IGNORE SUCCESS/IGNORE SUCCESS_RENEW/IGNORE"},
		{"resumed, no ticket", Wire{Version: TLS12, Offer: Offered, Hello: ResumedHello}, nil, "SUCCESS/USE* SUCCESS_RENEW/USE"},
		{"resumed, no ticket, 1.3", Wire{Version: TLS13, Offer: Offered, Hello: ResumedHello}, []Keys{BuiltIn}, "SUCCESS_RENEW/USE"},
		{"resumed, one ticket", Wire{Version: TLS13, Offer: Offered, Hello: ResumedHello, Tickets: 1}, nil, "SUCCESS/USE_RENEW SUCCESS_RENEW/USE_RENEW*"},
		{"resumed, tickets sealed", Wire{Version: TLS13, Offer: Offered, Hello: ResumedHello, Tickets: Unknown}, []Keys{BuiltIn}, "SUCCESS_RENEW/USE SUCCESS_RENEW/USE_RENEW*"},
		{"alert", Wire{Version: TLS12, Offer: Offered, Alert: stop}, []Keys{BuiltIn}, "NO_DECRYPT/USE NO_DECRYPT/USE_RENEW NO_DECRYPT/ABORT SUCCESS/ABORT"},
		{"alert, empty", Wire{Version: TLS12, Offer: OfferedEmpty, Alert: stop}, nil, "EMPTY/USE EMPTY/USE_RENEW EMPTY/ABORT"},
		{"another alert", Wire{Version: TLS12, Offer: Offered, Alert: Alert{40, Server, InsteadOfHello}}, nil, ""},
		{"nothing seen", Wire{Version: TLS12, Offer: Offered}, nil, ""},
	} {
		if got := said(c.w.TicketFits(c.keys)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// Of every row that was measured, going from its wire back to the answers gives
// the row again.
func TestFitsHoldTheirRow(t *testing.T) {
	for _, r := range Rows() {
		part := strings.Split(r.Key, "/")
		v := TLS12
		if part[1] == "TLS1.3" {
			v = TLS13
		}
		w := Wire{Version: v, Alert: r.Alert, Tickets: r.Tickets, Staple: NoResponse, Done: r.End == Completed}
		sent := r.Alert.Place != InsteadOfHello
		if sent {
			if w.Hello = FullHello; r.Resumed {
				w.Hello = ResumedHello
			}
		}
		var rows []string
		switch part[0] {
		case "ticket":
			if part[4] == "default" {
				continue
			}
			w.Offer = Offered
			statuses := []TicketStatus{NoDecrypt, Success, SuccessRenew}
			switch part[3] {
			case "NONE":
				if w.Offer = NotOffered; part[4] != DefaultReturn(None).String() {
					continue // one stands for all: it is not called
				}
			case "EMPTY":
				w.Offer = OfferedEmpty
			}
			for _, f := range w.TicketFits(nil, statuses...) {
				rows = append(rows, f.Rows...)
			}
		case "status":
			if part[2] == "not requested" || r.Row == "" {
				continue
			}
			w.Asked, w.WentOn = true, r.End == Completed
			if strings.HasPrefix(part[3], "OK+resp") && sent {
				w.Staple = octets
			}
			if !sent {
				for _, c := range w.Causes() {
					rows = append(rows, c.Rows...)
				}
				break
			}
			fits, sees, called := w.ClientFits()
			if called != (r.Calls > 0 || part[2] == "client no cb") || called && sees != r.Sees && part[2] != "client no cb" {
				t.Errorf("%s: called %v with %d, want %d", r.Key, called, sees, r.Sees)
			}
			if !called {
				continue
			}
			for _, f := range fits {
				rows = append(rows, f.Rows...)
			}
		case "client_cert":
			w.Requested, w.Sent = true, SentNone
			if strings.Contains(part[4], "+cert") {
				w.Sent = SentOne
			}
			if strings.HasPrefix(part[4], "-1") {
				continue // a pause does not show
			}
			for _, f := range w.CertFits() {
				rows = append(rows, f.Rows...)
			}
		}
		if !strings.Contains(" "+strings.Join(rows, " ;")+" ", r.Key) {
			t.Errorf("%s does not come back: %q", r.Key, rows)
		}
	}
}

// An alert is led back to the callback that can have caused it, and to the
// rows of section 16.2.
func TestCauses(t *testing.T) {
	for _, c := range []struct {
		w    Wire
		want string // callback and side, rows
	}{
		{Wire{Version: TLS13, Offer: Offered, Asked: true, Staple: Unknown, Alert: Alert{80, Server, InsteadOfHello}}, "session_ticket server 9,  server 0, status server 3"},
		{Wire{Version: TLS12, Offer: NotOffered, Asked: true, Staple: Unknown, Alert: Alert{80, Server, InsteadOfHello}}, "status server 3"},
		{Wire{Version: TLS12, Offer: NotOffered, Alert: Alert{80, Server, InsteadOfHello}}, ""},
		{Wire{Version: TLS13, Hello: FullHello, Asked: true, Staple: 40, Alert: Alert{113, Client, AfterServer}}, "status client 1"},
		{Wire{Version: TLS13, Hello: FullHello, Asked: true, Staple: NoResponse, Alert: Alert{80, Client, AfterServer}}, "status client 2"},
		{Wire{Version: TLS13, Hello: ResumedHello, Asked: true, Staple: NoResponse, Alert: Alert{113, Client, AfterServer}}, "status client 1"},
		{Wire{Version: TLS12, Hello: FullHello, Requested: true, Sent: SentNone, Alert: Alert{40, Server, AfterClientDone}}, "client_cert client 9"},
		{Wire{Version: TLS13, Hello: FullHello, Requested: true, Sent: SentNone, Alert: Alert{116, Server, AfterClientDone}}, "client_cert client 15"},
		{Wire{Version: TLS13, Hello: FullHello, Requested: true, Sent: SentOne, Alert: Alert{48, Server, AfterClientDone}}, "client_cert client 0"},
		{Wire{Version: TLS12, Hello: FullHello, Alert: Alert{80, Server, AfterClientDone}}, " server 0"},
		{Wire{Version: TLS12, Hello: FullHello, Alert: Alert{10, Client, AfterTicket}}, " client 0"},
		{Wire{Version: TLS13, Offer: OfferedEmpty, Alert: Alert{50, Server, InsteadOfHello}}, " server 0"},
	} {
		var got []string
		for _, cause := range c.w.Causes() {
			got = append(got, cause.Callback+" "+cause.Side.String()+" "+itoa(len(cause.Rows)))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%+v: %q, want %q", c.w.Alert, s, c.want)
		}
	}
}

// What a server sent tells what its status callback returned.
func TestServerFits(t *testing.T) {
	for _, c := range []struct {
		w    Wire
		want string
	}{
		{Wire{Version: TLS12, Asked: true, Hello: FullHello, Staple: 471}, "OK+resp"},
		{Wire{Version: TLS13, Asked: true, Hello: FullHello, Staple: NoResponse}, "OK no resp, NOACK"},
		{Wire{Version: TLS13, Asked: true, Hello: FullHello, Staple: Unknown}, ""},
		{Wire{Version: TLS13, Asked: true, Staple: Unknown, Alert: Alert{80, Server, InsteadOfHello}}, "ALERT_FATAL, ALERT_WARNING(1), -7"},
		{Wire{Version: TLS13, Asked: true, Staple: Unknown, Alert: Alert{40, Server, InsteadOfHello}}, ""},
		{Wire{Version: TLS13, Asked: true, Hello: ResumedHello, Staple: NoResponse}, "not called"},
		{Wire{Version: TLS12, Hello: FullHello, Staple: NoResponse}, "not called"},
	} {
		fits, called := c.w.ServerFits()
		var words []string
		for _, s := range fits {
			words = append(words, s.String())
		}
		got := strings.Join(words, ", ")
		if !called {
			got = "not called"
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.w, got, c.want)
		}
	}
}

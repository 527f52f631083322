package web

import (
	"strings"
	"testing"

	"derscope/decode/report"
)

// connection is a report of two messages and what they are together.
func connection() *report.Report {
	r := sample()
	of := report.Item{
		Kind: "tls", Title: "TLS connection to www.example.org", Carrier: -1, Input: "paste", Members: []int{0, 1},
		Verdict: report.Verdict{Status: report.Warn, Headline: "Resumed, with a ticket that anybody can open"},
		Calls: []report.Call{{Call: "SSL_connect", Version: "OpenSSL 3.0", Returns: "1", Reason: "the handshake ended", Next: "nothing", Errors: []string{"SSL_R_NONE"},
			Callbacks: []report.Answer{{Callback: "session_ticket", Side: "server", Called: report.Pass, Status: "SUCCESS_RENEW", Returns: []string{"USE_RENEW"}}}}},
		Callbacks: []report.Callback{{Callback: "SSL_CTX_set_session_ticket_cb", Side: "server", Protocol: "TLS 1.3", Called: true, Sees: "`SUCCESS_RENEW`",
			Returns: []report.Return{
				{Status: "SUCCESS_RENEW", Value: "USE_RENEW (4)", Outcome: "resumed, one new ticket", Default: true, Advised: true, Seen: true},
				{Status: "SUCCESS_RENEW", Value: "ABORT (0)", Outcome: "fatal alert"},
				{Status: "NO_DECRYPT", Value: "IGNORE (1)", Outcome: "full handshake, no new ticket"},
			}}},
		Pictures: []report.Picture{{Name: "ladder", Title: "Who sent what", W: 480, H: 90}},
		Wants:    []report.Want{{Need: "ticket-key", Text: "the server's ticket key"}},
	}
	r.Items = append(r.Items, of)
	return r
}

// A transaction heads its members and is judged first; the structure leads to
// them, and what callbacks are not told here is folded.
func TestTransaction(t *testing.T) {
	s := newState()
	s.take(connection())
	html := shown(t, s)
	has(t, html, "TLS connection to www.example.org", "2 parts", "Resumed, with a ticket", "What your calls return", "SSL_R_NONE",
		"Who sent what", "svg ladder", "USE_RENEW (4)", "fits what was seen", "NO_DECRYPT", "1 answer")
	if strings.Contains(html, "full handshake, no new ticket") {
		t.Error("answers to what the callback is not told are not folded")
	}
	if strings.Contains(html, `role="tree"`) || strings.Contains(html, `id="hex"`) {
		t.Error("a transaction has fields or octets")
	}
	if order := inOrder(s.report.Items); len(order) != len(s.report.Items) || order[0] != len(order)-1 {
		t.Errorf("the items stand in the order %v", order)
	}
	s.choose(0)
	has(t, shown(t, s), `role="tree"`, "Expired: the status is old")
	s.choose(len(s.report.Items) - 1)
	s.take(connection())
	if s.item != len(s.report.Items)-1 {
		t.Error("read again, another item is judged")
	}
}

// What is typed for a secret is evidence that stays here.
func TestSecretNeeds(t *testing.T) {
	s := newState()
	s.take(connection())
	s.openForm(partEvidence + " ticket-key")
	has(t, shown(t, s), "masked", "goes into no link", "Add the ticket key", ">Show<")
	s.provide([]Evidence{{Name: "key", Bytes: []byte("00")}})
	if e := s.files[0]; !e.Secret || e.Kind != "ticket-key" || s.stays(&e) == "" {
		t.Errorf("it is kept as %+v", e)
	}
}

package decode

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	tls "derscope/testdata/talk"
)

// stage is a small PKI for conversations that are made in a test.
type stage struct {
	now                   time.Time
	ca, leaf, client      *x509.Certificate
	key, caKey, clientKey *ecdsa.PrivateKey
}

func newStage(t *testing.T) *stage {
	t.Helper()
	return stageAt(t, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
}

func stageAt(t *testing.T, now time.Time) *stage {
	t.Helper()
	s := &stage{now: now}
	var serial int64
	issue := func(name string, usage x509.ExtKeyUsage, parent *x509.Certificate, by *ecdsa.PrivateKey, more ...pkix.Extension) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		serial++
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: s.now.AddDate(0, 0, -30),
			NotAfter: s.now.AddDate(0, 0, 30), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{usage}, BasicConstraintsValid: true, ExtraExtensions: more}
		if parent == nil {
			c.IsCA, c.ExtKeyUsage, c.DNSNames, c.KeyUsage = true, nil, nil, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
			parent, by = c, key
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
		return c, key
	}
	s.ca, s.caKey = issue("Example CA", 0, nil, nil)
	s.leaf, s.key = issue("www.example.org", x509.ExtKeyUsageServerAuth, s.ca, s.caKey)
	s.client, s.clientKey = issue("user.example.org", x509.ExtKeyUsageClientAuth, s.ca, s.caKey)
	return s
}

// response is an OCSP response for the server's certificate.
func (s *stage) response(t *testing.T, status int) []byte {
	t.Helper()
	b, err := ocsp.CreateResponse(s.ca, s.ca, ocsp.Response{Status: status, SerialNumber: s.leaf.SerialNumber, ThisUpdate: s.now.Add(-time.Hour),
		NextUpdate: s.now.Add(time.Hour), RevokedAt: s.now.Add(-2 * time.Hour)}, s.caKey)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func signer(k *ecdsa.PrivateKey) func([]byte) []byte {
	return func(content []byte) []byte {
		sum := sha256.Sum256(content)
		b, err := k.Sign(rand.Reader, sum[:], crypto.SHA256)
		if err != nil {
			panic(err)
		}
		return b
	}
}

func (s *stage) wishes(version uint16, tickets int) tls.Wishes {
	w := tls.Wishes{Version: version, Host: "www.example.org", Seed: "first", Chain: [][]byte{s.leaf.Raw}, Sign: signer(s.key), Start: s.now.Add(-time.Hour)}
	for i := range tickets {
		w.Tickets = append(w.Tickets, tls.Ticket{Lifetime: 7200, AgeAdd: uint32(i+1) * 0x01234567, Nonce: []byte{byte(i)}, Octets: tls.Random("ticket "+string(rune('0'+i)), 192)})
	}
	return w
}

// again resumes, or tries to.
func (s *stage) again(version uint16, tickets int) tls.Wishes {
	first := s.wishes(version, 2).Run()
	w := s.wishes(version, tickets)
	w.Resume, w.Seed, w.Age = &first.Sessions[0], "second", 10*time.Minute
	return w
}

func (s *stage) request(w *tls.Wishes, given bool) {
	name, _ := asn1.Marshal(s.ca.Subject.ToRDNSequence())
	w.Request = &tls.Request{Types: []byte{64}, Schemes: []uint16{0x0403}, Authorities: [][]byte{name}}
	if given {
		w.ClientChain, w.ClientSign = [][]byte{s.client.Raw}, signer(s.clientKey)
	}
}

// heard is the report of a conversation that was recorded in clear, beside inputs.
func heard(k *tls.Talk, at time.Time, in ...Input) *report.Report {
	given := &handshake.Transcript{Version: k.Version}
	var b []byte
	for _, s := range k.Sent {
		form := map[byte]handshake.Form{20: handshake.CipherSpec, 21: handshake.Alerts, 22: handshake.Messages, 23: handshake.Application}[s.Type]
		given.Parts = append(given.Parts, handshake.Part{Off: len(b), Len: len(s.Plain), From: handshake.Side(s.From), Form: form, At: s.At, Protected: s.Protected, Record: -1})
		b = append(b, s.Plain...)
	}
	c := gather(in, Limits{}, nil)
	c.add(found{Candidate: check.Candidate{Bytes: b, Hint: "tls-handshake", Given: given}, known: true,
		item: report.Item{Input: "recorded", Len: len(b), Carrier: -1}, source: report.Source{Name: "recorded", Bytes: b}})
	c.derive()
	c.link()
	c.stand()
	return c.Report(Options{At: at})
}

// fired says in a line for each callback what the wire shows of it: its side, and
// the answers that fit.
func fired(it *report.Item) string {
	var all []string
	for i := range it.Callbacks {
		k := &it.Callbacks[i]
		name := strings.TrimSuffix(strings.TrimPrefix(k.Callback, "SSL_CTX_set_"), "_cb") + " " + k.Side
		if !k.Called {
			all = append(all, name+": not called")
			continue
		}
		var seen []string
		for _, r := range k.Returns {
			if r.Seen {
				value, _, _ := strings.Cut(r.Value, " (")
				if r.Status != "" {
					value = r.Status + "/" + value
				}
				seen = append(seen, value)
			}
		}
		all = append(all, name+": "+strings.Join(seen, ", "))
	}
	return strings.Join(all, "\n")
}

// doubts are the checks of the group Callbacks that warn or fail.
func doubts(it *report.Item) string {
	var all []string
	for _, g := range it.Checks {
		if g.ID != "tls.callbacks" {
			continue
		}
		for _, k := range g.Children {
			if k.Status == report.Warn || k.Status == report.Fail {
				all = append(all, strings.TrimPrefix(k.ID, "tls.callback.")+" "+k.Status.String())
			}
		}
	}
	return strings.Join(all, ", ")
}

// Handshake by handshake: which callback fired, with what, and what it must have
// returned.
func TestCallbacks(t *testing.T) {
	s := newStage(t)
	good, revoked := s.response(t, ocsp.Good), s.response(t, ocsp.Revoked)
	stop := func(name string, from tls.Side, alert byte) func(*tls.Wishes) {
		return func(w *tls.Wishes) { w.Stop, w.Alert = name, tls.Alert{From: from, Level: 2, Description: alert} }
	}
	const (
		none   = "session_ticket server: not called"
		noStat = "tlsext_status client: not called\ntlsext_status server: not called"
		wentOn = "tlsext_status client: 1, no callback\n"
	)
	for _, c := range []struct {
		what   string
		w      tls.Wishes
		change func(w *tls.Wishes)
		closed bool // the server closes, so that no ticket can have been missed
		want   string
		doubts string
	}{
		{what: "full, 1.3", w: s.wishes(0x0304, 2), want: none + "\n" + noStat},
		{what: "full, 1.3, one ticket", w: s.wishes(0x0304, 1), want: none + "\n" + noStat},
		{what: "full, 1.2, asks for a ticket", w: s.wishes(0x0303, 1), want: "session_ticket server: EMPTY/IGNORE_RENEW\n" + noStat},
		{what: "good staple, 1.3", w: s.wishes(0x0304, 2), change: func(w *tls.Wishes) { w.Staple = good },
			want: none + "\n" + wentOn + "tlsext_status server: SSL_TLSEXT_ERR_OK"},
		{what: "revoked staple, 1.2, goes on", w: s.wishes(0x0303, 0), change: func(w *tls.Wishes) { w.Staple = revoked },
			want: none + "\n" + wentOn + "tlsext_status server: SSL_TLSEXT_ERR_OK", doubts: "status.advice warn"},
		{what: "no staple, 1.3", w: s.wishes(0x0304, 2), change: func(w *tls.Wishes) { w.AskStatus = true },
			want: none + "\n" + wentOn + "tlsext_status server: SSL_TLSEXT_ERR_OK, SSL_TLSEXT_ERR_NOACK, no callback"},
		{what: "good staple refused, 1.2", w: s.wishes(0x0303, 0), change: func(w *tls.Wishes) {
			w.Staple = good
			stop("ServerHelloDone", tls.Client, 113)(w)
		}, want: none + "\ntlsext_status client: 0\ntlsext_status server: SSL_TLSEXT_ERR_OK", doubts: "status.mixed-up warn"},
		{what: "chain refused, 1.2", w: s.wishes(0x0303, 0), change: func(w *tls.Wishes) {
			w.Staple = good
			stop("ServerHelloDone", tls.Client, 48)(w)
		}, want: none + "\ntlsext_status client: \ntlsext_status server: SSL_TLSEXT_ERR_OK", doubts: "status.return warn"},
		{what: "resumed, 1.3", w: s.again(0x0304, 1), want: "session_ticket server: SUCCESS_RENEW/USE_RENEW, SUCCESS/USE_RENEW\n" + noStat},
		{what: "resumed, 1.3, no ticket", w: s.again(0x0304, 0), closed: true, want: "session_ticket server: SUCCESS_RENEW/USE, SUCCESS/USE\n" + noStat,
			doubts: "ticket.renewal-lost warn"},
		{what: "resumed, 1.3, status asked", w: s.again(0x0304, 1), change: func(w *tls.Wishes) { w.AskStatus = true },
			want: "session_ticket server: SUCCESS_RENEW/USE_RENEW, SUCCESS/USE_RENEW\n" + wentOn + "tlsext_status server: not called"},
		{what: "resumed, 1.3, killed", w: s.again(0x0304, 1), change: func(w *tls.Wishes) {
			w.AskStatus = true
			stop("Finished", tls.Client, 113)(w)
		}, want: "session_ticket server: SUCCESS_RENEW/USE_RENEW, SUCCESS/USE_RENEW, SUCCESS_RENEW/USE, SUCCESS/USE\ntlsext_status client: 0\ntlsext_status server: not called",
			doubts: "status.resumed fail"},
		{what: "resumed, 1.2", w: s.again(0x0303, 0), change: func(w *tls.Wishes) { w.AskStatus = true },
			want: "session_ticket server: SUCCESS/USE, SUCCESS_RENEW/USE\n" + noStat},
		{what: "refused, 1.3", w: s.again(0x0304, 2), change: func(w *tls.Wishes) { w.Refuse = true },
			want: "session_ticket server: NO_DECRYPT/IGNORE_RENEW, SUCCESS/IGNORE_RENEW, SUCCESS_RENEW/IGNORE_RENEW\n" + noStat},
		{what: "aborted at the hello, 1.2", w: s.again(0x0303, 0), change: stop("ClientHello", tls.Server, 80),
			want: "session_ticket server: NO_DECRYPT/USE, NO_DECRYPT/USE_RENEW, NO_DECRYPT/ABORT, SUCCESS/ABORT, SUCCESS_RENEW/ABORT", doubts: "ticket.return fail"},
		{what: "status callback aborts, 1.3", w: s.wishes(0x0304, 0), change: func(w *tls.Wishes) {
			w.AskStatus = true
			stop("ClientHello", tls.Server, 80)(w)
		}, want: none + "\ntlsext_status client: not called\ntlsext_status server: SSL_TLSEXT_ERR_ALERT_FATAL, SSL_TLSEXT_ERR_ALERT_WARNING, any other value"},
		{what: "certificate given, 1.3", w: s.wishes(0x0304, 2), change: func(w *tls.Wishes) { s.request(w, true) },
			want: none + "\n" + noStat + "\nclient_cert client: 1 with certificate and key"},
		{what: "none given, 1.2", w: s.wishes(0x0303, 1), change: func(w *tls.Wishes) { s.request(w, false) },
			want: "session_ticket server: EMPTY/IGNORE_RENEW\n" + noStat + "\nclient_cert client: 0, 1 without certificate or key, any other positive number, no callback"},
	} {
		if c.change != nil {
			c.change(&c.w)
		}
		k := c.w.Run()
		if c.closed {
			k.Sent = append(k.Sent, tls.Sent{From: tls.Server, Type: 21, Plain: []byte{1, 0}})
		}
		r := heard(k, s.now, Input{Name: "ca", Bytes: s.ca.Raw})
		var it *report.Item
		for i := range r.Items {
			if r.Items[i].Kind == "tls-handshake" {
				it = &r.Items[i]
				break
			}
		}
		if it == nil {
			t.Fatalf("%s: there is no handshake", c.what)
		}
		got := fired(it)
		if !strings.Contains(c.want, "tlsext_status") { // before a version is agreed both can stand there
			got, _, _ = strings.Cut(got, "\n")
		}
		if sorted(got) != sorted(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
		if got := doubts(it); got != c.doubts {
			t.Errorf("%s: the checks doubt %q, want %q", c.what, got, c.doubts)
		}
	}
}

// sorted has the answers of each line in order.
func sorted(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		head, tail, _ := strings.Cut(l, ": ")
		words := strings.Split(tail, ", ")
		for a := range words {
			for b := range a {
				if words[a] < words[b] {
					words[a], words[b] = words[b], words[a]
				}
			}
		}
		lines[i] = head + ": " + strings.Join(words, ", ")
	}
	return strings.Join(lines, "\n")
}

// A transaction says what SSL_connect or SSL_accept gives, and what the callbacks
// were told on the way: the shape of the contract.
func TestCallsOfConnections(t *testing.T) {
	s := newStage(t)
	stop := s.again(0x0303, 0)
	stop.Stop, stop.Alert = "ClientHello", tls.Alert{From: tls.Server, Level: 2, Description: 80}
	resumed := s.again(0x0304, 1)
	resumed.AskStatus = true
	late := s.again(0x0304, 0)
	late.Refuse = true
	s.request(&late, false)
	k := late.Run()
	k.Sent = append(k.Sent, tls.Sent{From: tls.Server, Type: 21, Plain: []byte{2, 116}})
	for _, c := range []struct {
		what             string
		talk             *tls.Talk
		ticket           []byte
		call, returns    string
		reason, callback string
	}{
		{"aborted", stop.Run(), stop.Resume.Ticket, "SSL_accept", "-1", "internal error",
			"session_ticket server pass: USE USE_RENEW ABORT"},
		{"resumed", resumed.Run(), resumed.Resume.Ticket, "SSL_connect", "1", "",
			"session_ticket server pass: USE_RENEW, status server fail: , status client pass -1: 1 no callback"},
		{"refused", k, late.Resume.Ticket, "SSL_accept", "-1", "peer did not return a certificate",
			"session_ticket server pass: IGNORE IGNORE_RENEW, client_cert client pass: no callback 0 1 no data 1 cert only 7"},
	} {
		r := heard(c.talk, s.now, Input{Name: "ticket", Bytes: c.ticket, Kind: "session-ticket"})
		it := &r.Items[len(r.Items)-1]
		if it.Kind != "tls" || len(it.Calls) != 1 {
			t.Errorf("%s: the last item is a %s with %d calls", c.what, it.Kind, len(it.Calls))
			continue
		}
		got := it.Calls[0]
		var all []string
		for _, a := range got.Callbacks {
			word := a.Callback + " " + a.Side + " " + a.Called.String()
			if a.Status != "" {
				word += " " + a.Status
			}
			all = append(all, word+": "+strings.Join(a.Returns, " "))
		}
		if callbacks := strings.Join(all, ", "); got.Call != c.call || got.Returns != c.returns || got.Reason != c.reason || callbacks != c.callback {
			t.Errorf("%s: %s returns %s (%s), %s", c.what, got.Call, got.Returns, got.Reason, callbacks)
		}
		b := string(r.JSON(report.JSONOptions{}))
		if !strings.Contains(b, `"callbacks": [`) || !strings.Contains(b, `"session_ticket"`) || !strings.Contains(b, `"rows": [`) {
			t.Errorf("%s: the JSON lacks the callbacks of the call", c.what)
		}
	}
}

package handshake_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"derscope/decode/handshake"
	"derscope/decode/suite"
	"derscope/testdata/talk"
)

// spoken are conversations made by package talk, of every shape.
func spoken() map[string]*talk.Talk {
	all := map[string]*talk.Talk{}
	for name, version := range map[string]uint16{"1.2": 0x0303, "1.3": 0x0304} {
		sign := func(b []byte) []byte { return []byte("signature") }
		w := talk.Wishes{Version: version, Seed: name, Host: "www.example.org", ALPN: []string{"http/1.1"}, Chain: [][]byte{[]byte("leaf"), []byte("issuer")}, Sign: sign}
		all[name+" plain"] = w.Run()
		w.Staple, w.Tickets = []byte("staple"), []talk.Ticket{{Lifetime: 7200, AgeAdd: 77, Nonce: []byte{0}, Octets: talk.Random("ticket", 160), Early: 1 << 14}}
		w.Request = &talk.Request{Types: []byte{1, 64}, Schemes: []uint16{0x0403}, Authorities: [][]byte{{0x30, 0}}}
		w.ClientChain, w.ClientSign = [][]byte{[]byte("user")}, sign
		w.Data = [2][]byte{[]byte("question"), []byte("answer")}
		full := w.Run()
		all[name+" full"] = full
		w.Request, w.Resume, w.Age, w.Seed = nil, &full.Sessions[0], 10*time.Minute, name+" again"
		all[name+" resumed"] = w.Run()
		w.Refuse = true
		all[name+" refused"] = w.Run()
		w.Refuse, w.Stop, w.Alert = false, "ServerHello", talk.Alert{From: talk.Client, Level: 2, Description: 47}
		all[name+" stopped"] = w.Run()
		w.Stop = ""
		if version == 0x0304 {
			w.Early = []byte("early question")
			all[name+" early"] = w.Run()
			w.Early, w.Retry = nil, true
			all[name+" retried"] = w.Run()
		}
	}
	return all
}

// given is what a capture would say beside the records, or the messages.
func given(t *talk.Talk, opened bool) ([]byte, *handshake.Transcript) {
	var b []byte
	x := &handshake.Transcript{}
	for _, s := range t.Sent {
		p := handshake.Part{Off: len(b), Len: len(s.Record), From: handshake.Side(s.From), Form: handshake.Records, At: s.At, Record: -1}
		octets := s.Record
		if opened && s.Protected {
			octets = s.Plain
			p.Len, p.Protected = len(octets), true
			p.Form = map[byte]handshake.Form{20: handshake.CipherSpec, 21: handshake.Alerts, 22: handshake.Messages, 23: handshake.Application}[s.Type]
		}
		b = append(b, octets...)
		x.Parts = append(x.Parts, p)
	}
	return b, x
}

// TestSpoken: the conversations read without a fault, as records, opened, and
// in records cut small; and what was wished for is found.
func TestSpoken(t *testing.T) {
	for name, s := range spoken() {
		t.Run(name, func(t *testing.T) {
			b, x := given(s, true)
			h, tree := read(t, b, x)
			for _, f := range tree.Faults {
				t.Errorf("opened: %s at %d", f.Message, f.Off)
			}
			i := 0
			for _, e := range h.Events {
				want := s.Sent[i]
				if e.Name() != want.Name && want.Type == 22 || int(e.From) != int(want.From) || !bytes.Equal(e.Raw, want.Plain) || e.Protected != want.Protected || !e.At.Equal(want.At) {
					t.Errorf("event %d is %s from the %v with %d octets, want %s from the %v with %d", i, e.Name(), e.From, len(e.Raw), want.Name, want.From, len(want.Plain))
				}
				i++
			}
			if i != len(s.Sent) || h.Version != s.Version && !strings.HasSuffix(name, "stopped") {
				t.Errorf("%d events of %d, version %04x", i, len(s.Sent), h.Version)
			}
			for _, b := range [][]byte{s.Records(), s.Stream(talk.Client), s.Stream(talk.Server), talk.Split(s.Records(), 100), talk.Split(s.Stream(talk.Server), 3), s.Messages(talk.Server)} {
				h, tree := read(t, b, nil)
				for _, f := range tree.Faults {
					t.Errorf("%d octets, %s: %s at %d", len(b), h.Title(), f.Message, f.Off)
				}
			}
			if strings.HasSuffix(name, "full") {
				whole(t, h)
			}
		})
	}
}

// whole looks for everything that a full conversation was to have.
func whole(t *testing.T, h *handshake.Handshake) {
	t.Helper()
	c, s, q, n := h.Certificate(handshake.Client), h.Certificate(handshake.Server), h.CertificateRequest(), h.Tickets()
	if c == nil || s == nil || q == nil || len(n) != 1 {
		t.Fatalf("certificates %v, %v, request %v, tickets %v", c, s, q, n)
	}
	if len(s.Entries) != 2 || string(s.Entries[1].DER.Value) != "issuer" || string(c.Entries[0].DER.Value) != "user" || len(q.Authorities.List) != 1 || len(q.Algorithms.List) != 1 {
		t.Errorf("certificates %+v, %+v, request %+v", c, s, q)
	}
	if n[0].Lifetime.Value != 7200 || len(n[0].Ticket.Value) != 160 || n[0].Fit != handshake.Told {
		t.Errorf("ticket %+v", n[0])
	}
	if h.Version == 0x0304 {
		if st := s.Entries[0].Staple(); st == nil || string(st.Response.Value) != "staple" || n[0].AgeAdd.Value != 77 || !n[0].Extensions.Has(handshake.ExtEarlyData) {
			t.Errorf("staple %v, ticket %+v", st, n[0])
		}
	} else if st := h.CertificateStatus(); st == nil || string(st.Response.Value) != "staple" {
		t.Errorf("staple %v", st)
	}
}

// TestSealed: the records of package talk open with the lines of its key log,
// so what is tried on them is tried on true records.
func TestSealed(t *testing.T) {
	for name, s := range spoken() {
		t.Run(name, func(t *testing.T) {
			secrets := map[string][]byte{}
			for _, l := range strings.Split(strings.TrimSpace(s.KeyLog), "\n") {
				f := strings.Fields(l)
				if len(f) == 3 {
					secrets[f[0]] = unhex(t, f[2])
				}
			}
			var open [3]*suite.Opener
			var phase [3]int
			for _, r := range s.Sent {
				if !r.Protected {
					continue
				}
				if s.Version == 0x0303 {
					if open[1] == nil {
						open[1], open[2] = openers12(t, s, secrets["CLIENT_RANDOM"])
					}
				} else {
					openers13(t, r, secrets, &open, &phase)
				}
				got, err := open[r.From].Open(r.Record[0], 0x0303, r.Record[5:])
				if err != nil || got.Type != r.Type || !bytes.Equal(got.Content, r.Plain) {
					t.Fatalf("%s of the %v: %v", r.Name, r.From, err)
				}
			}
		})
	}
}

func openers12(t *testing.T, s *talk.Talk, main []byte) (*suite.Opener, *suite.Opener) {
	c, _ := suite.Lookup(0xc02b)
	hello := s.Message("ServerHello", 0)
	client, server, err := c.Openers(0x0303, main, s.ClientRandom, hello[6:38], false)
	if err != nil {
		t.Fatal(err)
	}
	return client, server
}

// openers13 makes the opener of the next phase where one begins.
func openers13(t *testing.T, r talk.Sent, secrets map[string][]byte, open *[3]*suite.Opener, phase *[3]int) {
	label := map[talk.Side]string{talk.Client: "CLIENT_", talk.Server: "SERVER_"}[r.From]
	want := 2
	switch {
	case r.Type == 22 && r.Name != "NewSessionTicket" && r.Name != "EndOfEarlyData":
		want = 1
	case r.Name == "EndOfEarlyData", r.Type == 23 && string(r.Plain) == "early question":
		want, label = -1, "CLIENT_EARLY_"
	}
	if phase[r.From] == want {
		return
	}
	phase[r.From] = want
	label += map[int]string{-1: "TRAFFIC_SECRET", 1: "HANDSHAKE_TRAFFIC_SECRET", 2: "TRAFFIC_SECRET_0"}[want]
	c, _ := suite.Lookup(0x1301)
	o, err := c.Opener13(secrets[label])
	if err != nil {
		t.Fatal(label, err)
	}
	open[r.From] = o
}

package keylog

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// Logs is the kind of key logs.
var Logs = check.Of(check.Kind{
	Name: "key-log", Title: "Key log", Spec: spec.RFC(9850, "2"), Secret: true, Marks: true,
	Match: Match, Rules: check.Catalogue(lineRules, matchRules),
}, Read, look, judge)

// View is a key log with the connections that its lines belong to.
type View struct {
	*Log
	Hellos   int  // connections whose ClientHello was found
	Captures bool // a recording is among the evidence
	Matched  []Belongs
	Sessions []Stored
}

// Belongs is a connection that lines belong to, in TLS 1.3 or before.
type Belongs struct {
	Item    int
	Lines   []int // into Log.Lines
	Version uint16
	Missing []string // labels that would be needed to read all of it
	Other   string   // a label of another version than the connection's
	Opened  bool     // a record was opened with it
	Closed  bool     // records stayed closed although the label is there
	Proved  int      // Finished messages that verify with it
	Failed  int      // Finished messages that do not
}

// Stored is a session whose main secret stands in a line.
type Stored struct {
	Item, Line int
	Ticket     bool
}

func look(c *check.Context, l *Log) *View {
	v := &View{Log: l}
	seen := map[string]bool{}
	for _, e := range check.All[*handshake.Handshake](c) {
		hello := e.Is.ClientHello()
		if hello == nil || !hello.Random.OK {
			continue
		}
		random := hello.Random.Value
		if !seen[string(random)] {
			seen[string(random)] = true
			v.Hellos++
		}
		if lines := l.Labels(random); len(lines) > 0 {
			v.Matched = append(v.Matched, l.match(e.Item, e.Is, hello, lines))
		}
	}
	for _, e := range c.Exhibits {
		v.Captures = v.Captures || e.Kind == "capture"
	}
	for _, e := range check.All[*session.Session](c) {
		if s := e.Is; s.Secret.OK && s.SecretKind == session.Main {
			for i, k := range l.Lines {
				if k.Label == ClientRandom && len(k.Secret) > 0 && slices.Equal(k.Secret, s.Secret.Value) {
					v.Sessions = append(v.Sessions, Stored{e.Item, i, s.Ticket.OK && len(s.Ticket.Value) > 0})
				}
			}
		}
	}
	return v
}

// match compares a connection with the lines of its client random.
func (l *Log) match(item int, h *handshake.Handshake, hello *handshake.ClientHello, lines []int) Belongs {
	m := Belongs{Item: item, Lines: lines, Version: h.Version}
	has := func(label string) bool {
		_, ok := l.Secret(label, hello.Random.Value)
		return ok
	}
	if h.Version != 0 {
		for _, i := range lines {
			if p, ok := labelled(l.Lines[i].Label); ok && p != 0 && (p == 0x0304) != (h.Version == 0x0304) {
				m.Other = l.Lines[i].Label
			}
		}
		want := []string{ClientRandom}
		if h.Version == 0x0304 {
			want = []string{ClientHandshake, ServerHandshake, ClientTraffic, ServerTraffic}
			if hello.Extensions.Get(handshake.ExtEarlyData) != nil {
				want = append(want, ClientEarly)
			}
		}
		for _, label := range want {
			if !has(label) {
				m.Missing = append(m.Missing, label)
			}
		}
	}
	carried, whole := h.Transcript != nil, true
	if carried {
		whole = !slices.ContainsFunc(h.Transcript.Parts, func(p handshake.Part) bool { return p.Gap })
	}
	for i := range h.Events {
		e := &h.Events[i]
		switch {
		case e.Protected:
			m.Opened = m.Opened || carried
		case e.Kind == handshake.ClosedRecord, e.Kind == handshake.ApplicationData:
			m.Closed = whole && h.Version != 0
		}
	}
	if whole {
		m.Proved, m.Failed = l.finished(h, hello.Random.Value)
	}
	return m
}

// finished counts the Finished messages that verify with the log, and those
// that do not. It stops where a message is missing or the version is not known.
func (l *Log) finished(h *handshake.Handshake, random []byte) (proved, failed int) {
	server := h.ServerHello()
	if server == nil || !server.Suite.OK {
		return 0, 0
	}
	s, ok := suite.Lookup(uint16(server.Suite.Value))
	if !ok || s.Hash == suite.None || s.TLS13 != (h.Version == 0x0304) {
		return 0, 0
	}
	var messages [][]byte
	for i := range h.Events {
		e := &h.Events[i]
		closed := e.Kind == handshake.ClosedRecord || e.Kind == handshake.ApplicationData && !e.Protected && s.TLS13
		if e.Kind == handshake.Lost || e.Faults || closed {
			return proved, failed // a message may be missing from here on
		}
		if e.Kind != handshake.Message || e.Type == handshake.TypeHelloRequest {
			continue
		}
		if e.Type == handshake.TypeFinished && len(e.Raw) > 4 {
			if want, ok := l.verifyData(&s, h.Version, e.From, random, messages); ok {
				if slices.Equal(want, e.Raw[4:]) {
					proved++
				} else {
					failed++
				}
			}
		}
		messages = append(messages, e.Raw)
		if hello, ok := e.Body.(*handshake.ServerHello); ok && hello.Retry && len(messages) == 2 {
			messages[0] = s.Hash.MessageHash(messages[0])
		}
		if proved+failed == 2 {
			break
		}
	}
	return proved, failed
}

// verifyData is what a Finished should hold.
func (l *Log) verifyData(s *suite.Suite, version uint16, from handshake.Side, random []byte, messages [][]byte) ([]byte, bool) {
	if !s.TLS13 {
		secret, ok := l.Secret(ClientRandom, random)
		if !ok || from == handshake.Unknown {
			return nil, false
		}
		return s.FinishedOld(version, secret, from.String(), slices.Concat(messages...)), true
	}
	label := ServerHandshake
	if from == handshake.Client {
		label = ClientHandshake
	}
	secret, ok := l.Secret(label, random)
	if !ok || len(secret) != s.Hash.Size() {
		return nil, false
	}
	return s.Hash.Finished(secret, s.Hash.Sum(messages...)), true
}

// order says who speaks in the headline.
var order = []string{"keylog.conflict", "keylog.opens", "keylog.line", "*keylog.match", "*keylog.complete", "keylog.match"}

func judge(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, groups, lineRules, matchRules)
	f := check.Finding{Title: "Key log: " + report.Plural(len(v.Lines), "line", "lines"), Checks: tree}
	f.Verdict = report.Verdict{Status: check.Sum(tree), Headline: "Secrets of " + report.Plural(v.connections(), "connection", "connections")}
	if row, ok := check.Speaker(tree, order); ok {
		f.Verdict.Headline, f.Verdict.Detail = v.headline(row), row.Why
	} else {
		f.Verdict.Detail = "Whoever has them and a recording reads what was said."
	}
	protocols := []string{}
	for _, k := range v.Lines {
		if p, ok := labelled(k.Label); ok && p != 0 && k.Secret != nil {
			name := "TLS 1.3"
			if p != 0x0304 {
				name = "TLS 1.2"
			}
			if !slices.Contains(protocols, name) {
				protocols = append(protocols, name)
			}
		}
	}
	slices.Sort(protocols)
	f.Summary = []report.Member{
		{Key: "readable", Value: check.Part(tree, "keylog.line", "keylog.conflict").String()},
		{Key: "lines", Value: len(v.Lines)},
		{Key: "connections", Value: v.connections()},
		{Key: "matched", Value: len(v.Matched)},
		{Key: "protocols", Value: protocols},
	}
	for _, need := range []string{"keylog.match", "keylog.complete"} {
		row, ok := check.Find(tree, need)
		if !ok || row.Status != report.Open {
			continue
		}
		if need == "keylog.match" {
			f.Wants = append(f.Wants, report.Want{Need: "capture", Text: "A recording of the connections, or the hello of one of them",
				How: "tcpdump -i any -s 0 -w recording.pcap port 443"})
			continue
		}
		f.Wants = append(f.Wants, report.Want{Need: "key-log", Text: "The lines that are missing, from the same run",
			How: "SSLKEYLOGFILE=keys.log curl https://HOST/"})
	}
	return f
}

// connections are the client randoms that usable lines have.
func (l *Log) connections() int {
	seen := map[string]bool{}
	for _, k := range l.Lines {
		if k.Random != nil && k.Secret != nil {
			seen[string(k.Random)] = true
		}
	}
	return len(seen)
}

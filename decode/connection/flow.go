package connection

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// flowRules judge the order of messages.
var flowRules = []rule{{
	ID: "tls.flow.order", Group: groupEnd, Level: check.Must, Refs: "RFC 9846 §5; RFC 9846 §A; RFC 5246 §7.3; RFC 5077 §3.1",
	Title:    "Messages come in an allowed order",
	Headline: "A message out of turn: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.flowOrder() },
}, {
	ID: "tls.flow.complete", Group: groupEnd, Level: check.May, Refs: "RFC 9846 §2; RFC 5246 §7.3",
	Title: "Where the handshake ends is seen",
	Judge: func(_ *check.Context, v *View) check.Outcome { return v.flowComplete() },
}, {
	ID: "tls.flow.renegotiation", Group: groupEnd, Level: check.Must, Refs: "RFC 9846 §4.2.2; RFC 9113 §9.2.1; RFC 7627 §5.4",
	Title:    "The connection has one handshake",
	Headline: "A second handshake in the connection: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.flowRenegotiation() },
}}

// Steps of a flow that are no messages.
const (
	atStart   uint16 = 1000 + iota
	afterCCS         // ≤ 1.2
	retryStep        // a HelloRetryRequest
)

// next says what a side may send after what it sent last. Messages that both
// forms of a Certificate stand for are one.
type next map[uint16][]uint16

// server12, client12: RFC 5246, section 7.3; RFC 5077, section 3.1.
// server13, client13: RFC 9846, appendix A.
var (
	server12 = next{
		atStart: {0, 2, 3}, 0: {2}, 3: {2, 3}, 2: {23, 11, 12, 13, 14, 4, afterCCS}, 23: {11, 12, 14}, 11: {22, 12, 13, 14}, 22: {12, 13, 14},
		12: {13, 14}, 13: {14}, 14: {4, afterCCS}, 4: {afterCCS}, afterCCS: {20}, 20: {0, 2},
	}
	client12 = next{
		atStart: {1}, 1: {1, 23, 11, 16, afterCCS}, 23: {11, 16}, 11: {16, 21}, 21: {16}, 16: {15, afterCCS}, 15: {afterCCS}, afterCCS: {20, 67}, 67: {20}, 20: {1},
	}
	server13 = next{
		atStart: {2, retryStep}, retryStep: {2, retryStep}, 2: {8}, 8: {13, 11, 20}, 13: {11}, 11: {15}, 15: {20}, 20: {4, 24, 13}, 4: {4, 24, 13}, 24: {4, 24, 13},
	}
	client13 = next{
		atStart: {1}, 1: {1, 5, 11, 20}, 5: {11, 20}, 11: {15, 20}, 15: {20}, 20: {24, 11}, 24: {24, 11},
	}
)

// step is what an event is in a flow.
func step(e *handshake.Event) (uint16, bool) {
	switch e.Kind {
	case handshake.ChangeCipherSpec:
		return afterCCS, true
	case handshake.Message:
		if b, ok := e.Body.(*handshake.ServerHello); ok && b.Retry {
			return retryStep, true
		}
		if e.Type == handshake.TypeCompressedCertificate {
			return handshake.TypeCertificate, true
		}
		return uint16(e.Type), true
	}
	return 0, false
}

func stepName(s uint16) string {
	switch s {
	case afterCCS:
		return "ChangeCipherSpec"
	case retryStep:
		return "HelloRetryRequest"
	}
	return messageName(uint8(s))
}

// flowOrder walks through what each side sent. Across the sides nothing is
// judged: halves that were pasted one behind the other say nothing of that.
func (v *View) flowOrder() check.Outcome {
	if v.Version == 0 || len(v.H.Events) < 2 {
		return check.Skip()
	}
	tables := [3]next{nil, client12, server12}
	if v.TLS13() {
		tables = [3]next{nil, client13, server13}
	}
	var last [3]uint16
	var before, finished [3]*handshake.Event
	last[handshake.Client], last[handshake.Server] = atStart, atStart
	w, steps := check.Skip(), 0
	first := report.None
	for i := range v.H.Events {
		e := &v.H.Events[i]
		side := e.From
		if e.Kind == handshake.Lost {
			last = [3]uint16{}
			w = check.Worst(w, open(e.Ref, "Octets are missing here: whether a message is missing with them cannot be said."))
			continue
		}
		if side == handshake.Unknown {
			continue
		}
		if e.Kind == handshake.ClosedRecord {
			last[side] = 0 // anything can be in there
			continue
		}
		s, ok := step(e)
		if !ok {
			continue
		}
		if steps++; first == report.None {
			first = e.Ref
		}
		if s == afterCCS && v.TLS13() {
			if finished[side] != nil {
				return check.Broken(e.Ref, "The %s sends a ChangeCipherSpec after its Finished; in TLS 1.3 it means nothing, and may come before that only (unexpected_message 10).", side).And(finished[side].Ref)
			}
			// s_client prints of one that comes in the header of its record alone.
			header := len(e.Raw) == 5 && e.Raw[0] == handshake.RecordCipherSpec && e.Raw[4] == 1
			if !header && (len(e.Raw) != 1 || e.Raw[0] != 1) {
				return check.Broken(e.Ref, "The ChangeCipherSpec holds %s; in TLS 1.3 it is the one octet 01 (unexpected_message 10).", octetWords(e.Raw))
			}
			continue
		}
		if s == handshake.TypeClientHello && last[side] == s {
			w = check.Worst(w, v.twoHellos(e, before[side]))
		}
		may, known := tables[side][last[side]]
		if last[side] == atStart && !starts(tables[side][atStart], s) {
			known = false // the paste begins in the middle
		}
		if known && starts(may, afterCCS) && !v.changes(side) {
			// Messages without records: a ChangeCipherSpec is none of them.
			may = append(may[:len(may):len(may)], tables[side][afterCCS]...)
		}
		if known && !starts(may, s) && steps > 1 {
			at := report.None
			if before[side] != nil {
				at = before[side].Ref
			}
			return check.Broken(e.Ref, "The %s sends %s after %s; in %s %s may come there (unexpected_message 10).",
				side, stepName(s), stepName(last[side]), suite.Version(v.Version), allowed(may)).And(at)
		}
		last[side], before[side] = s, e
		if s == handshake.TypeFinished {
			finished[side] = e
		}
	}
	if steps < 2 {
		return check.Skip()
	}
	if w.Applies() {
		return w
	}
	return check.Holds(first, "%s in order.", report.Plural(steps, "message is", "messages are"))
}

// twoHellos judges a ClientHello that follows another one. Where the server has
// answered with its ServerHello, a HelloRetryRequest must have asked for it.
func (v *View) twoHellos(e, first *handshake.Event) check.Outcome {
	a, _ := first.Body.(*handshake.ClientHello)
	b, _ := e.Body.(*handshake.ClientHello)
	if v.HRR != nil || v.SH == nil || v.H.Datagrams || a == nil || b == nil {
		return check.Skip()
	}
	if !bytes.Equal(a.Random.Value, b.Random.Value) {
		return check.Broken(e.Ref, "Two ClientHellos follow each other, with the client randoms %s and %s: they are of two connections, and the ServerHello answers one of them. Give each connection by itself.",
			colons(a.Random.Value), colons(b.Random.Value)).And(first.Ref)
	}
	return check.Doubtful(e.Ref, "Two ClientHellos follow each other, and no HelloRetryRequest asks for the second: either it is missing here, or a message was pasted twice.").And(first.Ref)
}

// changes says that a ChangeCipherSpec of a side is here.
func (v *View) changes(side handshake.Side) bool {
	for i := range v.H.Events {
		if e := &v.H.Events[i]; e.Kind == handshake.ChangeCipherSpec && e.From == side {
			return true
		}
	}
	return false
}

func starts(list []uint16, s uint16) bool {
	for _, k := range list {
		if k == s {
			return true
		}
	}
	return false
}

// allowed names what may come.
func allowed(list []uint16) string {
	var words []string
	for _, s := range list {
		switch s {
		case 23, 21, 67, 3:
		default:
			words = append(words, stepName(s))
		}
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	if words == nil {
		return "nothing"
	}
	return "only " + words[0]
}

// flowComplete says whether both Finished are here, and what is missing.
func (v *View) flowComplete() check.Outcome {
	if v.CH == nil && v.SH == nil {
		return check.Skip()
	}
	if v.Complete() {
		return check.Holds(v.H.Finished(handshake.Server).Ref, "The Finished of both sides are here.").And(v.H.Finished(handshake.Client).Ref)
	}
	closed := v.sealedEnd()
	last := v.lastMessage()
	at, name := v.H.Ref, "nothing"
	if last != nil {
		at, name = last.Ref, eventName(last)
	}
	switch {
	case closed == sealedWhole:
		return check.Holds(at, "Both sides changed to the new keys, and each sent a message under them: the Finished, which are encrypted.")
	case v.lastAlert() != nil && v.lastError() != nil:
		return check.Note(at, "It ends with an alert after %s.", name)
	case closed == sealedSome && v.SH == nil:
		return check.Needs("server-hello", at, "After %s everything is encrypted, and the ServerHello is not here: without its cipher suite no key log opens the rest. Record both directions, from the beginning.", name)
	case closed == sealedSome:
		return check.Needs("key-log", at, "After %s everything is encrypted. Add the key log of the connection to read on.", name)
	}
	return check.Note(at, "It ends after %s: %s.", name, v.whoIsNext(last))
}

// How much of the end is encrypted.
const (
	sealedNot = iota
	sealedSome
	sealedWhole // of TLS 1.2: a message of each side behind its ChangeCipherSpec
)

func (v *View) sealedEnd() int {
	var ccs, behind [3]bool
	some := false
	for i := range v.H.Events {
		e := &v.H.Events[i]
		switch e.Kind {
		case handshake.ChangeCipherSpec:
			ccs[e.From] = true
		case handshake.ClosedRecord:
			some = true
			if e.Type == handshake.RecordHandshake && ccs[e.From] {
				behind[e.From] = true
			}
		case handshake.ApplicationData:
			some = some || !e.Protected
		}
	}
	switch {
	case v.Old() && behind[handshake.Client] && behind[handshake.Server]:
		return sealedWhole
	case some:
		return sealedSome
	}
	return sealedNot
}

// lastMessage is the last message that can be read, or nil.
func (v *View) lastMessage() *handshake.Event {
	for i := len(v.H.Events) - 1; i >= 0; i-- {
		if e := &v.H.Events[i]; e.Kind == handshake.Message {
			return e
		}
	}
	return nil
}

// whoIsNext says who should have spoken after a message.
func (v *View) whoIsNext(e *handshake.Event) string {
	if e == nil {
		return "no message is here"
	}
	if e.From == handshake.Unknown {
		return "which side comes next is not known"
	}
	switch b := e.Body.(type) {
	case *handshake.ClientHello:
		return "the server should answer"
	case *handshake.ServerHello:
		if b.Retry {
			return "the client should send a second ClientHello"
		}
		return "the server should go on"
	}
	table := server12
	switch {
	case v.TLS13() && e.From == handshake.Client:
		table = client13
	case v.TLS13():
		table = server13
	case e.From == handshake.Client:
		table = client12
	}
	s, _ := step(e)
	if s == handshake.TypeFinished || s == handshake.TypeServerHelloDone {
		return "the " + e.From.Other().String() + " should go on"
	}
	if may := table[s]; len(may) > 0 {
		return "the " + e.From.String() + " should go on with " + strings.TrimPrefix(allowed(may), "only ")
	}
	return "the " + e.From.String() + " should go on"
}

func (v *View) flowRenegotiation() check.Outcome {
	hello := false // the ServerHello was seen
	for i := range v.H.Events {
		e := &v.H.Events[i]
		if b, ok := e.Body.(*handshake.ServerHello); ok && !b.Retry {
			hello = true
		}
		if e.Kind != handshake.Message || e.Type != handshake.TypeHelloRequest && !(e.Type == handshake.TypeClientHello && hello && v.again(e)) {
			continue
		}
		what := "A " + eventName(e) + " comes after the ServerHello"
		if e.Type == handshake.TypeHelloRequest {
			what = "The server asks for a new handshake (HelloRequest)"
		}
		switch {
		case v.TLS13():
			return check.Broken(e.Ref, "%s; TLS 1.3 has no renegotiation (unexpected_message 10).", what)
		case v.alpn() == "h2":
			return check.Doubtful(e.Ref, "%s, and the protocol is HTTP/2, which forbids it.", what)
		case v.SH != nil && !v.SH.Extensions.Has(handshake.ExtExtendedMainSecret):
			return check.Doubtful(e.Ref, "%s, and the session has no extended main secret: an attacker can join two connections into one.", what)
		}
		return check.Note(e.Ref, "%s.", what)
	}
	if !hello {
		return check.Skip()
	}
	return check.Holds(v.SH.Ref, "")
}

// again says that a ClientHello is not the one that the ServerHello answers,
// which can stand behind it where halves were pasted.
func (v *View) again(e *handshake.Event) bool { return e.Body != any(v.CH) && e.Body != any(v.CH1) }

package connection

import (
	"bytes"
	"slices"

	"derscope/decode/handshake"
	"derscope/decode/suite"
)

// transcript is the messages of a handshake in the order in which they are
// hashed, whatever order they were pasted in.
type transcript struct {
	events []*handshake.Event
	// sure says that nothing can be missing between them: they come from one
	// item, without a gap and without anything that is still encrypted.
	sure bool
}

// orders are the messages of a handshake in order. Those of the client are
// marked by a number above 255.
var (
	order13 = []uint16{clients | 1, 2, 8, 13, 11, 15, 20, clients | 5, clients | 11, clients | 15, clients | 20}
	order12 = []uint16{clients | 1, 2, 23, 11, 22, 12, 13, 14, clients | 23, clients | 11, clients | 16, clients | 15, clients | 67, clients | 20, 4, 20}
	// Resumed: RFC 5077, section 3.1.
	order12short = []uint16{clients | 1, 2, 4, 20, clients | 67, clients | 20}
)

const clients = 256

// transcript gathers the messages of the first handshake.
func (v *View) transcript() transcript {
	order := order13
	switch {
	case v.TLS13():
	case v.Mode == Resumed:
		order = order12short
	default:
		order = order12
	}
	t := transcript{sure: len(v.Items) == 1 && !v.H.Partial}
	found := map[uint16]*handshake.Event{}
	var retry *handshake.Event
	done := [3]bool{}
	for i := range v.H.Events {
		e := &v.H.Events[i]
		switch e.Kind {
		case handshake.Lost:
			t.sure = false
		case handshake.ClosedRecord:
			// Of TLS 1.2 the Finished alone may stay closed.
			if v.TLS13() && !done[handshake.Client] {
				t.sure = false
			}
		}
		if e.Kind != handshake.Message || done[e.From] {
			continue
		}
		if b, ok := e.Body.(*handshake.ServerHello); ok && b.Retry {
			retry = e
			continue
		}
		key := uint16(e.Type)
		if e.Type == handshake.TypeCompressedCertificate {
			key = handshake.TypeCertificate
		}
		if fromClient(e) {
			key |= clients
		}
		if found[key] == nil {
			found[key] = e
		}
		done[e.From] = e.Type == handshake.TypeFinished && e.From != handshake.Unknown
	}
	// Which ClientHello counts does not hang on their place.
	if found[clients|1] != nil && v.CH != nil {
		found[clients|1] = v.H.EventOf(v.CH)
	}
	if retry != nil {
		if v.CH1 == nil {
			t.sure = false
		} else {
			t.events = append(t.events, v.H.EventOf(v.CH1))
		}
		t.events = append(t.events, retry)
		if v.CH1 == v.CH {
			delete(found, clients|1) // the second is not here
		}
	}
	for _, key := range order {
		if e := found[key]; e != nil {
			t.events = append(t.events, e)
		}
	}
	return t
}

// fromClient says that a message is the client's, by its side or its type.
func fromClient(e *handshake.Event) bool {
	switch e.From {
	case handshake.Client:
		return true
	case handshake.Server:
		return false
	}
	return e.Type == handshake.TypeClientHello || e.Type == handshake.TypeClientKeyExchange || e.Type == handshake.TypeEndOfEarlyData
}

// until gives the messages before one; false if it is not part of them.
func (t transcript) until(e *handshake.Event) ([][]byte, bool) {
	var all [][]byte
	for _, k := range t.events {
		if k == e {
			return all, true
		}
		all = append(all, k.Raw)
	}
	return nil, false
}

// has says that the messages begin with both hellos, and hold these types.
func (t transcript) has(types ...uint8) bool {
	seen := map[uint8]bool{}
	for _, e := range t.events {
		seen[e.Type] = true
	}
	for _, n := range append([]uint8{handshake.TypeClientHello, handshake.TypeServerHello}, types...) {
		if !seen[n] {
			return false
		}
	}
	return true
}

// hash is the transcript hash: RFC 9846, section 4.1. After a HelloRetryRequest
// the first ClientHello counts by its hash.
func (v *View) hash(h suite.Hash, messages [][]byte) []byte {
	if v.HRR != nil && len(messages) > 1 {
		return h.Retried(messages[0], messages[1:]...)
	}
	return h.Sum(messages...)
}

// joined puts messages one behind the other.
func joined(messages [][]byte) (all []byte) {
	for _, m := range messages {
		all = append(all, m...)
	}
	return all
}

// secretBook is what can be asked for the secrets of a connection: a key log.
type secretBook interface {
	Secret(label string, random []byte) ([]byte, bool)
}

// logged lists the secrets that key logs have for this connection, each once.
// Of two logs one can be damaged: what proves something counts, not what came first.
func (v *View) logged(label string) (all [][]byte) {
	if v.CH == nil {
		return nil
	}
	for _, l := range v.all.logs {
		s, ok := l.Secret(label, v.CH.Random.Value)
		if ok && !slices.ContainsFunc(all, func(b []byte) bool { return bytes.Equal(b, s) }) {
			all = append(all, s)
		}
	}
	return all
}

package handshake

import (
	"derscope/decode/check"
	"derscope/decode/suite"
)

// Match says how well octets fit the kind tls-handshake.
func Match(c check.Candidate) check.Match {
	b := c.Bytes
	if _, ok := c.Given.(*Transcript); ok {
		return check.Match{Score: 98, Why: "what one connection carried"}
	}
	if c.Text {
		return check.Match{}
	}
	switch {
	case recordHead(b) && (5+u16(b[3:]) <= len(b) || b[0] == RecordHandshake && len(b) > 9):
		m := check.Match{Score: 92, Why: "a TLS record of type " + name(suite.ContentTypes, uint16(b[0]), 8) + " and version " + suite.Version(uint16(u16(b[1:])))}
		if n := 5 + u16(b[3:]); n < len(b) && !recordHead(b[n:]) && len(b)-n >= 5 {
			m.Score = 80
		}
		return m
	case datagramHead(b) && 13+u16(b[11:]) <= len(b):
		return check.Match{Score: 92, Why: "a DTLS record of type " + name(suite.ContentTypes, uint16(b[0]), 8)}
	case oldHello(b):
		return check.Match{Score: 88, Why: "a ClientHello in the form of SSL 2.0"}
	case wholeMessages(b):
		return check.Match{Score: 91, Why: "handshake messages that add up, the first a " + plain(suite.HandshakeTypes, uint16(b[0]), "message")}
	case c.Hint == "tls-handshake" || c.Label == "tls-handshake" || c.Label == "tls-records" || c.Label == "tls-alert":
		return check.Match{Score: 90, Why: "labelled " + c.Label + c.Hint}
	case len(b) > 42 && helloStart(b):
		return check.Match{Score: 60, Why: "it begins as a " + suite.HandshakeTypes[int(b[0])] + " does"}
	}
	return check.Match{}
}

// wholeMessages says whether b is handshake messages of known types that add up.
func wholeMessages(b []byte) bool {
	at := 0
	for at < len(b) {
		if len(b)-at < 4 || suite.HandshakeTypes[int(b[at])] == "" {
			return false
		}
		n := u24(b[at+1:])
		if n == 0 && b[at] != TypeHelloRequest && b[at] != TypeServerHelloDone && b[at] != TypeEndOfEarlyData || at == 0 && n < 2 {
			return false
		}
		at += 4 + n
	}
	return at == len(b) && at > 0
}

// helloStart says whether a hello begins here, whatever its length says.
func helloStart(b []byte) bool {
	return (b[0] == TypeClientHello || b[0] == TypeServerHello) && b[4] == 3 && b[5] <= 4 && b[38] <= 32
}

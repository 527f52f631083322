// Package talk makes TLS handshakes for tests and vectors: TLS 1.2 and 1.3, full
// and resumed, with staple, client certificate, tickets, early data and alerts.
// Nothing in it is random, so the same wishes give the same octets.
//
//	w := talk.Wishes{Version: 0x0304, Host: "www.example.org", Chain: chain, Sign: sign}
//	t := w.Run()
//	t.Stream(talk.Client)        // the records of one side
//	t.Dump()                     // what openssl s_client -msg prints
//	t.KeyLog                     // lines of SSLKEYLOGFILE
//	w.Resume = &t.Sessions[0]    // and run again
//
// Every message can be changed before it is hashed and sent: see [Wishes.Edit].
// The key schedule is that of package suite; records are sealed here.
package talk

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"time"
)

// Side is who sends.
type Side int

const (
	Client Side = 1
	Server Side = 2
)

func (s Side) String() string { return [...]string{"", "client", "server"}[s] }

// Wishes are what a handshake is to be like. Of the zero Wishes, Host and Chain
// are needed for a full handshake.
type Wishes struct {
	Version uint16 // 0x0303 or 0x0304, which is the default
	Suite   uint16 // default 0x1301, 0xc02b
	Seed    string // what makes the randoms and keys of two connections differ
	Host    string
	ALPN    []string

	Chain  [][]byte // certificates of the server
	Scheme uint16   // of its signature; default 0x0403
	Sign   func(content []byte) []byte

	AskStatus bool
	Staple    []byte
	Staples   [][]byte // of the entries behind the first, in TLS 1.3

	Request      *Request // of a client certificate
	ClientChain  [][]byte // empty: the client has none
	ClientScheme uint16
	ClientSign   func(content []byte) []byte

	// Resume is a session of an earlier Run that the client offers; Refuse has the
	// server not take it. Age is how old its ticket is when it is offered.
	Resume *Session
	Refuse bool
	Age    time.Duration
	// Offer has the client send the extension session_ticket in TLS 1.2, empty
	// where there is no session. Tickets are issued in the order given.
	Tickets []Ticket

	Retry bool      // a HelloRetryRequest comes first
	Early []byte    // early data of the client
	Data  [2][]byte // application data of the client, then of the server

	// Edit changes a message, with its header of four octets, before it is hashed
	// and sent; nil takes it away. name is as in Sent.
	Edit func(name string, from Side, message []byte) []byte
	// Stop ends the conversation behind the first message of this name with an alert.
	Stop  string
	Alert Alert

	Start time.Time // of the first message; each further flight comes 20 ms later
}

// Request is what a CertificateRequest asks for.
type Request struct {
	Types       []byte
	Schemes     []uint16
	Authorities [][]byte // names, DER
}

// Ticket is a ticket that the server issues. Make makes it of the secret that it
// is to hold: the main secret, or the PSK of TLS 1.3.
type Ticket struct {
	Lifetime uint32
	AgeAdd   uint32
	Nonce    []byte
	Early    uint32 // max_early_data_size; 0: no extension
	Octets   []byte
	Make     func(secret []byte) []byte
}

// Alert is an alert, sent by a side.
type Alert struct {
	From        Side
	Level       byte
	Description byte
}

// Session is what a client keeps to resume.
type Session struct {
	Version, Suite uint16
	Secret         []byte // main secret, or the PSK of TLS 1.3
	Ticket         []byte
	Lifetime       uint32
	AgeAdd         uint32
	Issued         time.Time
}

// Sent is one thing that was sent, in order.
type Sent struct {
	From      Side
	Type      byte   // of the record
	Name      string // ClientHello, Alert, ChangeCipherSpec, ApplicationData, …
	Plain     []byte // the message with its header, or the contents of the record
	Record    []byte // as it goes over the wire, with the header of the record
	Protected bool
	At        time.Time
}

// Talk is a conversation that was made.
type Talk struct {
	Version      uint16
	Sent         []Sent
	KeyLog       string
	Sessions     []Session
	ClientRandom []byte
}

// Random are n octets that follow from a name.
func Random(name string, n int) []byte {
	var out []byte
	for i := 0; len(out) < n; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "derscope %s %d", name, i))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

// Stream is the records of one side, one behind the other.
func (t *Talk) Stream(from Side) []byte {
	var b []byte
	for _, s := range t.Sent {
		if s.From == from {
			b = append(b, s.Record...)
		}
	}
	return b
}

// Records are those of both sides in the order of sending.
func (t *Talk) Records() []byte {
	var b []byte
	for _, s := range t.Sent {
		b = append(b, s.Record...)
	}
	return b
}

// Messages are the handshake messages of one side as they were before they were
// sealed, without records.
func (t *Talk) Messages(from Side) []byte {
	var b []byte
	for _, s := range t.Sent {
		if s.From == from && s.Type == 22 {
			b = append(b, s.Plain...)
		}
	}
	return b
}

// Message is the n-th message of a name, from zero, or nil.
func (t *Talk) Message(name string, n int) []byte {
	for _, s := range t.Sent {
		if s.Name == name {
			if n == 0 {
				return s.Plain
			}
			n--
		}
	}
	return nil
}

// Dump is what openssl s_client -msg prints of the conversation, without the
// lines about records.
func (t *Talk) Dump() string {
	var b bytes.Buffer
	for _, s := range t.Sent {
		sort, more := "", ""
		switch s.Type {
		case 20:
			sort = "ChangeCipherSpec"
		case 21:
			sort, more = "Alert", map[byte]string{1: "warning", 2: "fatal"}[s.Plain[0]]+" alert"
		case 22:
			sort, more = "Handshake", s.Name
			if more == "HelloRetryRequest" {
				more = "ServerHello"
			}
		default:
			continue
		}
		arrow := ">>>"
		if s.From == Server {
			arrow = "<<<"
		}
		version := "TLS 1.2"
		if t.Version == 0x0304 {
			version = "TLS 1.3"
		}
		fmt.Fprintf(&b, "%s %s, %s [length %04x]", arrow, version, sort, len(s.Plain))
		if more != "" {
			b.WriteString(", " + more)
		}
		for i, c := range s.Plain {
			if i%16 == 0 {
				b.WriteString("\n   ")
			}
			fmt.Fprintf(&b, " %02x", c)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Split cuts the records of a stream so that none holds more than n octets of
// handshake messages, and joins messages that follow each other.
func Split(stream []byte, n int) []byte {
	var out, held []byte
	var version [2]byte
	flush := func() {
		for len(held) > 0 {
			k := min(n, len(held))
			out = append(out, 22, version[0], version[1], byte(k>>8), byte(k))
			out = append(out, held[:k]...)
			held = held[k:]
		}
	}
	for len(stream) >= 5 {
		l := 5 + int(stream[3])<<8 + int(stream[4])
		if stream[0] == 22 {
			version = [2]byte{stream[1], stream[2]}
			held = append(held, stream[5:l]...)
		} else {
			flush()
			out = append(out, stream[:l]...)
		}
		stream = stream[l:]
	}
	flush()
	return out
}

// Package session reads the states of TLS sessions: what a server seals into a
// ticket, what a client keeps to resume with, and the text that OpenSSL prints
// of them. One [Session] holds what any of fourteen programs writes.
//
//	if format, ok := session.Recognise(plaintext); ok {
//		// the key was the right one: these octets are a state of that program
//	}
//
// # How is a state told from noise?
//
// No state names its program. A reader of this package therefore takes octets
// only if all of them are used, every length fits, and what has few possible
// values (protocol, suite, flags, lengths of secrets) has one of them. Octets
// that come out of a wrong key have no chance to pass.
//
// # What is secret here?
//
// The octets as a whole, and the nodes of secrets, keys and tickets' plaintext.
// The other fields are what one opens a session for, and are shown.
//
// Sources: RFC 5077, RFC 9846, and the source code of each program, named
// at its reader.
package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
)

// The formats of states: the words of the report's contract.
const (
	OpenSSL   = "openssl"
	BoringSSL = "boringssl"
	LibreSSL  = "libressl"
	Go        = "go"
	GnuTLS    = "gnutls"
	NSS       = "nss"
	MbedTLS   = "mbedtls"
	WolfSSL   = "wolfssl"
	Rustls    = "rustls"
	S2N       = "s2n"
	Picotls   = "picotls"
	Fizz      = "fizz"
	JSSE      = "jsse"
	Botan     = "botan"
)

// SecretKind says what a secret is good for.
type SecretKind uint8

const (
	NoSecret   SecretKind = iota
	Main                  // the main secret of TLS 1.2 and below: opens the connection itself
	PSK                   // the secret of one ticket of TLS 1.3
	Resumption            // the resumption secret of TLS 1.3: gives the PSK of every ticket of its connection
	Wrapped               // sealed under a further key
)

// String is the word of the report's summary.
func (k SecretKind) String() string {
	return [...]string{"", "main", "psk", "resumption", "wrapped"}[k]
}

// Answer is yes, no, or that the format does not say.
type Answer uint8

const (
	Unknown Answer = iota
	No
	Yes
)

// answerOf makes an answer of what a format says.
func answerOf(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// Session is a state as far as it was read. A field that the format does not
// have, or that is left out, is not OK.
type Session struct {
	Ref    report.Ref
	Format string   // "" if no reader fits
	Fits   []string // other formats that read the same octets as well
	// Oldest and Newest are the releases between which this was written, as far
	// as the octets tell: "OpenSSL 3.0"; "" for no bound.
	Oldest, Newest string
	Printed        bool   // it was printed as text
	Sealed         bool   // it was sealed in a ticket: see Opened
	Wrong          string // why no reader fits, or the one that should fit does not

	Protocol   field.Field[uint16] // 0x0303, 0xfefd
	Cipher     field.Field[uint16]
	Secret     field.Field[[]byte]
	SecretKind SecretKind

	ID      field.Field[[]byte]
	Context field.Field[[]byte] // OpenSSL's session-id context
	Ticket  field.Field[[]byte] // that a client keeps

	Created  field.Field[time.Time]
	Original bool                   // Created is the time of the first handshake, through renewals
	First    field.Field[time.Time] // of the first handshake, where it is kept beside Created
	Timeout  field.Field[uint64]    // seconds from Created
	Expires  field.Field[time.Time]

	LifetimeHint field.Field[uint64] // seconds, of the NewSessionTicket
	AgeAdd       field.Field[uint32]
	Nonce        field.Field[[]byte]
	MaxEarlyData field.Field[uint32]

	Host    field.Field[string]
	ALPN    field.Field[string]
	AppData field.Field[[]byte]

	ExtendedMainSecret    Answer
	ExtendedMainSecretRef report.Ref
	ClientSide            Answer // Yes: a client's file; No: what a server keeps or seals

	// Peer is the other side's certificates, its own first: the server's in a
	// client's file, the client's in what a server seals.
	Peer         []field.Field[[]byte]
	VerifyResult field.Field[int64] // X509_V_* of OpenSSL; 0 if left out
	Staple       field.Field[[]byte]

	ClientRandom, ServerRandom field.Field[[]byte]
	Group                      field.Field[uint16]

	unkept     bool         // BoringSSL's words stand in place of it
	badVersion report.Ref   // the version of the structure, where it is none that is known
	order      []report.Ref // tagged parts of ASN.1 that stand out of order, or twice
	zeros      []report.Ref // numbers that are zero, and would be left out
	strays     []report.Ref // lines of text that OpenSSL does not print in a session
}

// Opened is given to the reader of octets that came out of a ticket: see
// field.Reader.Given.
type Opened struct{}

// PeerIs says whose certificates Peer holds: "server", "client", or "" if the
// format does not say which side wrote it.
func (s *Session) PeerIs() string {
	switch s.ClientSide {
	case Yes:
		return "server"
	case No:
		return "client"
	}
	return ""
}

// TLS13 says that the session is of TLS 1.3 or DTLS 1.3.
func (s *Session) TLS13() bool {
	return s.Protocol.OK && (s.Protocol.Value == 0x0304 || s.Protocol.Value == 0xfefc)
}

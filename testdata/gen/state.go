package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// The parts that states of sessions are made of: numbers, and octets behind a
// length of one to four octets, as TLS writes them.

func num(width int, n uint64) []byte {
	b := make([]byte, width)
	for i := range b {
		b[width-1-i] = byte(n >> (8 * i))
	}
	return b
}

func behind(width int, parts ...[]byte) []byte {
	b := bytes.Join(parts, nil)
	return append(num(width, uint64(len(b))), b...)
}

func all(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// drawn are octets that look random and follow from a name.
func drawn(name string, n int) []byte {
	var b []byte
	for i := byte(0); len(b) < n; i++ {
		sum := sha256.Sum256(append([]byte(name), i))
		b = append(b, sum[:]...)
	}
	return b[:n]
}

func unix(t time.Time) uint64  { return uint64(t.Unix()) }
func milli(t time.Time) uint64 { return uint64(t.UnixMilli()) }

// session is an SSL_SESSION of OpenSSL, field by field. A field of nil is left out.
type session struct {
	version  int64
	protocol int64
	suite    uint16
	id       []byte
	secret   []byte
	parts    map[byte]der // by tag, without it
	order    []byte       // tags in another order than theirs
	tail     der
}

// savedSession is what a client of OpenSSL 3 saves after a good handshake with
// www.example.org.
func (s *scene) savedSession(protocol int64) *session {
	ticket := drawn("ticket", 192)
	id := sha256.Sum256(ticket)
	o := &session{version: 1, protocol: protocol, suite: 0xc02f, id: id[:], secret: drawn("main secret", 48), parts: map[byte]der{
		1: integer(at(-time.Hour).Unix()), 2: integer(7200), 3: der(s.leaf.der), 4: octets(), 6: octets([]byte("www.example.org")...),
		9: integer(7200), 10: octets(ticket...), 19: integer(29),
	}}
	if protocol == 0x0304 {
		o.suite, o.secret = 0x1301, drawn("psk", 32)
		o.parts[14] = integer(0x5db1a411)
	} else {
		o.parts[13] = integer(1)
	}
	return o
}

func (o *session) der() der {
	b := join(integer(o.version), integer(o.protocol), octets(num(2, uint64(o.suite))...), octets(o.id...), octets(o.secret...))
	order := o.order
	if order == nil {
		for n := range byte(34) {
			if o.parts[n] != nil {
				order = append(order, n)
			}
		}
	}
	for _, n := range order {
		if n < 31 {
			b = join(b, explicit(n, o.parts[n]))
			continue
		}
		b = join(b, der{0xbf, n}, der{byte(len(o.parts[n]))}, o.parts[n])
	}
	return join(seq(b), o.tail)
}

// saved is a scene of one session of OpenSSL, with changes.
func saved(protocol int64, change func(s *scene, o *session)) func(s *scene) {
	return func(s *scene) {
		o := s.savedSession(protocol)
		if change != nil {
			change(s, o)
		}
		s.instead = append([]file{armored("session.pem", "SSL SESSION PARAMETERS", o.der())}, s.with...)
	}
}

// plainState is a scene of one state of another program, as hex.
func plainState(make func(s *scene) []byte) func(s *scene) {
	return func(s *scene) { s.instead = []file{hexFile("session.hex", make(s))} }
}

// printedSession is the block that OpenSSL 3 prints of a session.
func printedSession(o *session, version, cipher, secret string, last ...string) string {
	var b strings.Builder
	line := func(form string, a ...any) { fmt.Fprintf(&b, "    "+form+"\n", a...) }
	b.WriteString("SSL-Session:\n")
	line("Protocol  : %s", version)
	line("Cipher    : %s", cipher)
	line("Session-ID: %X", o.id)
	line("Session-ID-ctx: ")
	line("%s: %X", secret, o.secret)
	line("PSK identity: None")
	line("PSK identity hint: None")
	line("SRP username: None")
	line("TLS session ticket lifetime hint: 7200 (seconds)")
	line("TLS session ticket:")
	b.WriteString(bioDump(o.parts[10][3:]) + "\n")
	line("Start Time: %d", at(-time.Hour).Unix())
	line("Timeout   : 7200 (sec)")
	line("Verify return code: 0 (ok)")
	for _, l := range last {
		line("%s", l)
	}
	return b.String()
}

// bioDump is the hex dump of OpenSSL's BIO_dump.
func bioDump(b []byte) string {
	var t strings.Builder
	for i := 0; i < len(b); i += 16 {
		part := b[i:min(i+16, len(b))]
		fmt.Fprintf(&t, "    %04x - ", i)
		for k, c := range part {
			sign := " "
			if k == 7 && len(part) > 8 {
				sign = "-"
			}
			fmt.Fprintf(&t, "%02x%s", c, sign)
		}
		t.WriteString(strings.Repeat("   ", 16-len(part)) + "  ")
		for _, c := range part {
			if c < ' ' || c > '~' {
				c = '.'
			}
			t.WriteByte(c)
		}
		t.WriteString("\n")
	}
	return t.String()
}

// message is a handshake message.
func message(kind byte, body ...[]byte) []byte {
	b := all(body...)
	return all([]byte{kind}, behind(3, b))
}

// finishedOver is the verify_data of TLS 1.2 with SHA-256.
func finishedOver(secret []byte, side string, messages []byte) []byte {
	sum := sha256.Sum256(messages)
	seed := append([]byte(side+" finished"), sum[:]...)
	mac := func(parts ...[]byte) []byte {
		h := hmac.New(sha256.New, secret)
		for _, p := range parts {
			h.Write(p)
		}
		return h.Sum(nil)
	}
	return mac(mac(seed), seed)[:12]
}

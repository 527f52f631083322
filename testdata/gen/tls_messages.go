package main

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// The builders of this file make messages of TLS by hand: what they are made of
// can be anything, right or wrong. They encrypt nothing.

// vec is a vector of the presentation language: a length of n octets, and what follows.
func vec(n int, parts ...der) der {
	b := join(parts...)
	out := make(der, n, n+len(b))
	for i, size := n-1, len(b); i >= 0; i, size = i-1, size>>8 {
		out[i] = byte(size)
	}
	return append(out, b...)
}

func u16(n int) der { return der{byte(n >> 8), byte(n)} }
func u32(n uint32) der {
	return der{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

// u16s are several numbers.
func u16s(list ...int) (all der) {
	for _, n := range list {
		all = append(all, u16(n)...)
	}
	return all
}

// tlsMessage is a handshake message with its header.
func tlsMessage(t byte, body ...der) der { return append(der{t}, vec(3, body...)...) }

// record is a record with its header.
func record(t byte, fragment der) der { return join(der{t, 3, 3}, vec(2, fragment)) }

// types of extensions
const (
	xServerName   = 0
	xStatus       = 5
	xGroups       = 10
	xAlgorithms   = 13
	xALPN         = 16
	xStatusV2     = 17
	xEMS          = 23
	xTicket       = 35
	xPSK          = 41
	xEarly        = 42
	xVersions     = 43
	xModes        = 45
	xAuthorities  = 47
	xFilters      = 48
	xPostAuth     = 49
	xKeyShare     = 51
	xRequest      = 58
	xRenegotation = 0xff01
)

// block is a list of extensions.
type block []extensionOf

type extensionOf struct {
	typ  int
	body der
}

func (b block) der() (all der) {
	for _, e := range b {
		all = append(all, join(u16(e.typ), vec(2, e.body))...)
	}
	return all
}

// set replaces an extension, or adds it at the end.
func (b *block) set(typ int, parts ...der) {
	for i := range *b {
		if (*b)[i].typ == typ {
			(*b)[i].body = join(parts...)
			return
		}
	}
	*b = append(*b, extensionOf{typ, join(parts...)})
}

func (b *block) drop(typ int) {
	var kept block
	for _, e := range *b {
		if e.typ != typ {
			kept = append(kept, e)
		}
	}
	*b = kept
}

// hello is a ClientHello or a ServerHello.
type hello struct {
	random, id der
	suites     []int // of a server: the one
	block
}

func (h *hello) client() der {
	return tlsMessage(1, der{3, 3}, h.random, vec(1, h.id), vec(2, u16s(h.suites...)), der{1, 0}, vec(2, h.block.der()))
}

func (h *hello) server() der {
	return tlsMessage(2, der{3, 3}, h.random, vec(1, h.id), u16s(h.suites[:1]...), der{0}, vec(2, h.block.der()))
}

func serverName(host string) der { return vec(2, der{0}, vec(2, der(host))) }

// clientHello is one of a client that knows all versions from TLS 1.2 on.
func clientHello() *hello {
	h := &hello{random: random("client random", 32), id: random("session id", 32), suites: []int{0x1301, 0x1302, 0xc02b, 0xc02f}}
	h.set(xServerName, serverName("www.example.org"))
	h.set(xStatus, der{1, 0, 0, 0, 0})
	h.set(xGroups, vec(2, u16s(0x1d, 0x17)))
	h.set(xAlgorithms, vec(2, u16s(0x0403, 0x0804, 0x0401)))
	h.set(xALPN, vec(2, vec(1, der("h2")), vec(1, der("http/1.1"))))
	h.set(xEMS)
	h.set(xTicket)
	h.set(xRenegotation, der{0})
	h.set(xModes, der{1, 1})
	h.set(xVersions, vec(1, u16s(0x0304, 0x0303)))
	h.set(xKeyShare, vec(2, u16(0x1d), vec(2, random("client share", 32))))
	return h
}

// oldHello is one of a client that knows TLS 1.2 alone.
func oldHello() *hello {
	h := clientHello()
	h.id, h.suites = nil, []int{0xc02b, 0xc02f}
	h.drop(xModes)
	h.drop(xVersions)
	h.drop(xKeyShare)
	return h
}

// serverHello answers with TLS 1.3.
func serverHello() *hello {
	h := &hello{random: random("server random", 32), id: random("session id", 32), suites: []int{0x1301}}
	h.set(xKeyShare, u16(0x1d), vec(2, random("server share", 32)))
	h.set(xVersions, u16(0x0304))
	return h
}

// oldServer answers with TLS 1.2.
func oldServer() *hello {
	h := &hello{random: random("server random", 32), id: random("other id", 32), suites: []int{0xc02b}}
	h.set(xRenegotation, der{0})
	h.set(xEMS)
	h.set(xTicket)
	h.set(xStatus)
	return h
}

// encryptedExtensions is the message with these extensions.
func encryptedExtensions(b block) der { return tlsMessage(8, vec(2, b.der())) }

// chain13 is the Certificate message of TLS 1.3, each certificate with its extensions.
func chain13(list []*certificate, of func(i int) block) der {
	var entries der
	for i, c := range list {
		var b block
		if of != nil {
			b = of(i)
		}
		entries = append(entries, join(vec(3, c.der), vec(2, b.der()))...)
	}
	return tlsMessage(11, vec(1), vec(3, entries))
}

// chain12 is that of older versions.
func chain12(list ...*certificate) der {
	var entries der
	for _, c := range list {
		entries = append(entries, vec(3, c.der)...)
	}
	return tlsMessage(11, vec(3, entries))
}

// status is the structure CertificateStatus.
func statusOf(response []byte) der { return join(der{1}, vec(3, response)) }

// psk is what a ticket of TLS 1.3 stands for.
type psk struct {
	secret, ticket, nonce der
	add                   uint32
	lifetime              uint32
	early                 int // max_early_data_size; 0: no such extension
	made                  time.Time
}

// goodPSK was given an hour before the clock.
func goodPSK() *psk {
	return &psk{secret: random("psk", 32), ticket: random("sealed ticket", 192), nonce: make(der, 8), add: 0x5db1a411, lifetime: 7200, made: at(-time.Hour)}
}

// newTicket is the NewSessionTicket of TLS 1.3.
func (p *psk) newTicket() der {
	var b block
	if p.early > 0 {
		b.set(xEarly, u32(uint32(p.early)))
	}
	return tlsMessage(4, u32(p.lifetime), u32(p.add), vec(1, p.nonce), vec(2, p.ticket), vec(2, b.der()))
}

// oldTicket is that of older versions.
func oldTicket(lifetime uint32, ticket der) der { return tlsMessage(4, u32(lifetime), vec(2, ticket)) }

// label is HKDF-Expand-Label with SHA-256.
func label(secret []byte, name string, context []byte) []byte {
	info := join(u16(32), vec(1, der("tls13 "+name)), vec(1, context))
	out, err := hkdf.Expand(sha256.New, secret, string(info), 32)
	if err != nil {
		panic(err)
	}
	return out
}

// offer adds PSKs to a hello of a client, each with the age that it has an hour
// after it was given, and with its binder. before are the messages of a retry.
func (h *hello) offer(list ...*psk) der {
	var identities, blank der
	for _, p := range list {
		age := uint32(time.Hour/time.Millisecond) + p.add
		identities = append(identities, join(vec(2, p.ticket), u32(age))...)
		blank = append(blank, vec(1, make(der, 32))...)
	}
	h.set(xPSK, vec(2, identities), vec(2, blank))
	whole := h.client()
	covered := sha256.Sum256(whole[:len(whole)-2-len(blank)])
	var binders der
	for _, p := range list {
		early, err := hkdf.Extract(sha256.New, p.secret, make([]byte, 32))
		if err != nil {
			panic(err)
		}
		none := sha256.Sum256(nil)
		m := hmac.New(sha256.New, label(label(early, "res binder", none[:]), "finished", nil))
		m.Write(covered[:])
		binders = append(binders, vec(1, m.Sum(nil))...)
	}
	h.set(xPSK, vec(2, identities), vec(2, binders))
	return h.client()
}

// clientSession is a session as OpenSSL's clients save it.
type clientSession struct {
	version, suite int
	id, secret     der
	ticket         der
	made           time.Time
	timeout        int64
	peer           *certificate
	host, alpn     string
	hint           int64
	ems            bool
	add            uint32
	early          int64
}

// session is that of the ticket.
func (p *psk) session(leaf *certificate) *clientSession {
	id := sha256.Sum256(p.ticket)
	return &clientSession{version: 0x0304, suite: 0x1301, id: id[:], secret: p.secret, ticket: p.ticket, made: p.made, timeout: 7200, peer: leaf,
		host: "www.example.org", hint: int64(p.lifetime), ems: true, add: p.add, early: int64(p.early)}
}

// oldSession is one of TLS 1.2.
func oldSession(leaf *certificate) *clientSession {
	ticket := random("old ticket", 176)
	id := sha256.Sum256(ticket)
	return &clientSession{version: 0x0303, suite: 0xc02b, id: id[:], secret: random("main secret", 48), ticket: ticket, made: at(-time.Hour), timeout: 7200,
		peer: leaf, host: "www.example.org", hint: 7200, ems: true}
}

// der is SSL_SESSION_ASN1 of ssl/ssl_asn1.c.
func (s *clientSession) der() der {
	parts := []der{integer(1), integer(int64(s.version)), octets(u16(s.suite)...), octets(s.id...), octets(s.secret...),
		explicit(1, integer(s.made.Unix())), explicit(2, integer(s.timeout))}
	if s.peer != nil {
		parts = append(parts, explicit(3, s.peer.der))
	}
	parts = append(parts, explicit(4, octets()))
	if s.host != "" {
		parts = append(parts, explicit(6, octets(der(s.host)...)))
	}
	if s.ticket != nil {
		parts = append(parts, explicit(9, integer(s.hint)), explicit(10, octets(s.ticket...)))
	}
	if s.ems {
		parts = append(parts, explicit(13, integer(1)))
	}
	if s.version == 0x0304 {
		parts = append(parts, explicit(14, integer(int64(s.add))))
	}
	if s.early > 0 {
		parts = append(parts, explicit(15, integer(s.early)))
	}
	if s.alpn != "" {
		parts = append(parts, explicit(16, octets(der(s.alpn)...)))
	}
	return seq(parts...)
}

func (s *clientSession) file() file { return armored("session.pem", "SSL SESSION PARAMETERS", s.der()) }

// certificateRequest is one of TLS 1.3 with a context and these extensions.
func certificateRequest(context der, b block) der {
	return tlsMessage(13, vec(1, context), vec(2, b.der()))
}

// oldRequest is one of TLS 1.2.
func oldRequest(types der, algorithms []int, names ...der) der {
	return tlsMessage(13, vec(1, types), vec(2, u16s(algorithms...)), vec(2, nameList(names)))
}

// requesting are the usual extensions of a request.
func requesting(names ...der) (b block) {
	b.set(xAlgorithms, vec(2, u16s(0x0403, 0x0804, 0x0401)))
	if names != nil {
		b.set(xAuthorities, vec(2, nameList(names)))
	}
	return b
}

func nameList(names []der) (all der) {
	for _, n := range names {
		all = append(all, vec(2, n)...)
	}
	return all
}

// shown has the scene be messages, as hex, and other files.
func (s *scene) shown(messages der, more ...file) {
	s.instead = append([]file{hexFile("handshake.hex", messages)}, more...)
}

// hexLine is a secret as one line of hex.
func hexLine(name string, b []byte) file { return file{name, hex.EncodeToString(b) + "\n"} }

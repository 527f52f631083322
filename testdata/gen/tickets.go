package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	be "encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"derscope/testdata/seal"
)

// ticketVectors are the tables for testdata/ticket.
func ticketVectors() [][]vector { return [][]vector{lone, sealedBadly, ticketsTogether, ticketKeys} }

// noise gives n octets that follow from a word and look random.
func noise(what string, n int) (out []byte) {
	for i := byte(0); len(out) < n; i++ {
		h := sha256.Sum256(append([]byte(what), i))
		out = append(out, h[:]...)
	}
	return out[:n]
}

// stek is a key file of 48 or 80 octets, and how it can be cut.
type stek []byte

func (k stek) name() []byte   { return k[:16] }
func (k stek) first() []byte  { return k[16 : 16+(len(k)-16)/2] }
func (k stek) second() []byte { return k[16+(len(k)-16)/2:] }

// openssl seals as OpenSSL cuts the file (nginx too, where it has 80 octets):
// name, hmac, aes.
func (k stek) openssl(what string, state []byte) []byte {
	return seal.OpenSSL(k.name(), k.second(), k.first(), noise("iv "+what, 16), state)
}

// haproxy seals as HAProxy does, and nginx with 48 octets: name, aes, hmac.
func (k stek) haproxy(what string, state []byte) []byte {
	return seal.OpenSSL(k.name(), k.first(), k.second(), noise("iv "+what, 16), state)
}

// webKey is the ticket key of the web server of most vectors.
var webKey = stek(noise("ticket key of web 7", 80))

// sealedState is a session of OpenSSL as a server seals it.
type sealedState struct {
	version, suite  int
	secret          []byte
	made            time.Duration // from the clock
	timeout         int64
	host, alpn, app string
	context         string
	peer            []byte
}

// state12 and state13 are sessions that were made an hour and twelve minutes ago.
func state12() sealedState {
	return sealedState{version: 0x0303, suite: 0xc02f, secret: noise("main secret", 48), made: -72 * time.Minute, timeout: 7200, host: "www.example.org", context: "web"}
}

func state13() sealedState {
	return sealedState{version: 0x0304, suite: 0x1302, secret: noise("psk", 48), made: -72 * time.Minute, timeout: 7200, host: "www.example.org", alpn: "h2", app: "user=17", context: "web"}
}

func (s sealedState) der() []byte {
	parts := []der{integer(1), integer(int64(s.version)), octets(byte(s.suite>>8), byte(s.suite)), octets(noise("session id", 32)...), octets(s.secret...),
		explicit(1, integer(at(s.made).Unix())), explicit(2, integer(s.timeout))}
	if s.peer != nil {
		parts = append(parts, explicit(3, der(s.peer)))
	}
	parts = append(parts, explicit(4, octets([]byte(s.context)...)))
	text := func(n byte, v string) {
		if v != "" {
			parts = append(parts, explicit(n, octets([]byte(v)...)))
		}
	}
	text(6, s.host)
	if s.version < 0x0304 {
		parts = append(parts, explicit(13, integer(1)))
	} else {
		parts = append(parts, explicit(14, integer(0x5db1a411)))
	}
	text(16, s.alpn)
	text(18, s.app)
	return seq(append(parts, explicit(19, integer(29)))...)
}

// goState is a session of Go 1.26 as a server seals it.
func goState(version, suite int, secret []byte, made time.Duration) []byte {
	b := be.BigEndian.AppendUint16(nil, uint16(version))
	b = append(b, 1)
	b = be.BigEndian.AppendUint16(b, uint16(suite))
	b = be.BigEndian.AppendUint64(b, uint64(at(made).Unix()))
	b = append(append(b, byte(len(secret))), secret...)
	b = append(b, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0) // no extra, extended main secret, no early data, no certificates, no chains
	if version < 0x0304 {
		b = append(b, 0, 29) // the group
	}
	return b
}

// nssState is a session of NSS, whose secret is wrapped.
func nssState(made time.Duration) []byte {
	b := []byte{0x01, 0x0a, 3, 3, 0xc0, 0x2f}
	b = append(b, 1, 0, 0, 8, 0) // RSA, 2048 bits
	b = append(b, 4, 0, 0, 1, 0, 0, 0, 0, 29)
	b = append(b, 0, 0, 8, 4, 0) // the signature scheme; no curve
	b = append(b, 0, 0, 0x10, 0x82)
	b = append(b, 0, 48)
	b = append(b, noise("wrapped secret", 48)...)
	b = append(b, 0) // no client certificate
	b = be.BigEndian.AppendUint64(b, uint64(at(made).UnixMicro()))
	b = append(append(b, 0, 15), "www.example.org"...)
	b = append(b, 1, 0, 0, 0, 0) // extended main secret; flags
	b = append(b, 2)
	b = append(b, "h2"...)
	return append(b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

// offer shows a ticket and what is beside it.
func (s *scene) offer(ticket []byte, with ...file) {
	s.instead = append([]file{hexFile("ticket.hex", ticket)}, with...)
}

func keyFile(k []byte) file { return hexFile("ticket-key.hex", k) }

// haproxyFile is a file of tls-ticket-keys.
func haproxyFile(keys ...[]byte) file {
	var b strings.Builder
	for _, k := range keys {
		b.WriteString(base64.StdEncoding.EncodeToString(k) + "\n")
	}
	return file{"tls-ticket-keys", b.String()}
}

// otherName is a key of another day.
func otherName(what string) stek { return stek(noise("ticket key "+what, 80)) }

var lone = []vector{
	{name: "openssl12", about: "A ticket of OpenSSL with a TLS 1.2 session, and its key.",
		make: func(s *scene) { s.offer(webKey.openssl("12", state12().der()), keyFile(webKey)) }},
	{name: "openssl13", about: "A ticket of OpenSSL with a TLS 1.3 session, and its key.",
		make: func(s *scene) { s.offer(webKey.openssl("13", state13().der()), keyFile(webKey)) }},
	{name: "sealed", about: "The ticket alone: without a key nothing can be said of its inside.",
		make: func(s *scene) { s.offer(webKey.openssl("13", state13().der())) }},
	{name: "sealed12", about: "A ticket of TLS 1.2 alone: nothing shows what is in it.",
		make: func(s *scene) { s.offer(webKey.openssl("12", state12().der())) }},
	{name: "wrong-key", about: "A key of the right name, with other octets behind it: the MAC does not hold.", make: func(s *scene) {
		k := append(bytes.Clone(webKey.name()), noise("other keys under the name", 64)...)
		s.offer(webKey.openssl("13", state13().der()), keyFile(k))
	}},
	{name: "rotated", about: "The key of the next day: it has another name.",
		make: func(s *scene) { s.offer(webKey.openssl("13", state13().der()), keyFile(otherName("of tomorrow"))) }},
	{name: "nginx48", about: "A ticket that nginx sealed with a file of 48 octets: name, aes, hmac.", make: func(s *scene) {
		k := stek(noise("nginx", 48))
		t := state12()
		t.suite = 0xc02f
		s.offer(k.haproxy("nginx", t.der()), keyFile(k))
	}},
	{name: "order-haproxy", about: "A ticket of HAProxy, and the file of its keys, of which the middle one seals.", make: func(s *scene) {
		s.offer(webKey.haproxy("ha", state13().der()), haproxyFile(otherName("of yesterday"), webKey, otherName("of tomorrow")))
	}},
	{name: "order-mixed", about: "A ticket that nginx sealed, and the same key in HAProxy's file: HAProxy cuts it in another order.", make: func(s *scene) {
		s.offer(webKey.openssl("ha", state13().der()), haproxyFile(otherName("of yesterday"), webKey, otherName("of tomorrow")))
	}},
	{name: "go", about: "A ticket of Go with a TLS 1.3 session, and its key.", make: func(s *scene) {
		k := noise("go key", 32)
		s.offer(seal.Go(k, noise("iv go", 16), goState(0x0304, 0x1301, noise("go psk", 32), -3*time.Hour)), keyFile(k))
	}},
	{name: "go-other", about: "The same ticket of Go, and the key of another server.", make: func(s *scene) {
		s.offer(seal.Go(noise("go key", 32), noise("iv go", 16), goState(0x0304, 0x1301, noise("go psk", 32), -3*time.Hour)), keyFile(noise("go key of another server", 32)))
	}},
	{name: "go12-old", about: "A ticket of Go with a TLS 1.2 session whose first handshake was nine days ago.", make: func(s *scene) {
		k := noise("go key", 32)
		s.offer(seal.Go(k, noise("iv go", 16), goState(0x0303, 0xc02b, noise("go main", 48), -9*24*time.Hour)), keyFile(k))
	}},
	{name: "gnutls-zero", about: "A ticket of GnuTLS 3.6.13 under the all-zero key (CVE-2020-13777).",
		make: func(s *scene) { s.offer(seal.GnuTLSDirect(make([]byte, 64), noise("iv zero", 16), gnutlsState())) }},
	{name: "gnutls", about: "A ticket of GnuTLS, and the secret of which it makes keys every 18 hours.", make: func(s *scene) {
		k := noise("gnutls master", 64)
		s.offer(seal.GnuTLS(k, uint64(clock.Unix()/64800), noise("iv gnutls", 16), gnutlsState()), keyFile(k))
	}},
	{name: "gnutls-step", about: "The same GnuTLS key ten days later: the ticket's time step is long past.", make: func(s *scene) {
		k := noise("gnutls master", 64)
		s.offer(seal.GnuTLS(k, uint64(clock.Unix()/64800)-13, noise("iv gnutls", 16), gnutlsState()), keyFile(k))
	}},
	{name: "nss", about: "A ticket of NSS: the secret in it is sealed once more.", make: func(s *scene) {
		k := append([]byte("NSS!"), noise("nss key", 76)...)
		s.offer(seal.NSS(k[:16], k[48:], k[16:48], noise("iv nss", 16), nssState(-time.Hour)), keyFile(k))
	}},
	{name: "h2o", about: "A ticket of h2o, and its keys as h2o stores them.", make: func(s *scene) {
		k := noise("h2o key", 96)
		s.offer(seal.OpenSSL(webKey.name(), k[:32], k[32:], noise("iv h2o", 16), state13().der()),
			file{"ticket-keys.yaml", "- name: " + hex.EncodeToString(webKey.name()) + "\n  cipher: AES-256-CBC\n  hash: SHA-256\n  key: " + hex.EncodeToString(k) + "\n"})
	}},
	{name: "stateful", about: "A ticket of 32 octets: the key of the server's table.", make: func(s *scene) {
		s.offer(noise("stateful", 32))
		s.option("kind ticket.hex session-ticket")
	}},
	{name: "client-certificate", about: "There is a client's certificate in the ticket.", make: func(s *scene) {
		t := state12()
		t.peer = s.leaf.der
		s.offer(webKey.openssl("peer", t.der()), keyFile(webKey))
	}},
	{name: "client-expired", about: "The client's certificate in the ticket has expired since.", make: func(s *scene) {
		t := state12()
		t.peer, t.made = s.leaf.der, 70*24*time.Hour-time.Hour
		s.offer(webKey.openssl("peer", t.der()), keyFile(webKey))
		s.option("at %s", at(70*24*time.Hour).Format(time.RFC3339))
	}},
}

var sealedBadly = []vector{
	{name: "counting", about: "The key counts upwards from 00, as keys in examples do.", make: func(s *scene) {
		k := make(stek, 80)
		for i := range k {
			k[i] = byte(i)
		}
		s.offer(k.openssl("13", state13().der()), keyFile(k))
	}},
	{name: "unreadable", about: "The MAC holds, and behind it is no session.",
		make: func(s *scene) { s.offer(webKey.openssl("13", noise("no session", 150)), keyFile(webKey)) }},
	{name: "plaintext", about: "The ticket is the session itself, not encrypted.", make: func(s *scene) {
		s.offer(state12().der())
		s.option("kind ticket.hex session-ticket")
	}},
	{name: "cut", about: "A ticket of NSS whose end is missing.", make: func(s *scene) {
		k := append([]byte("NSS!"), noise("nss key", 76)...)
		t := seal.NSS(k[:16], k[48:], k[16:48], noise("iv nss", 16), nssState(-time.Hour))
		s.offer(t[:len(t)-21])
	}},
	{name: "short", about: "Twenty octets: no server takes so short a ticket.", make: func(s *scene) {
		s.offer(noise("short", 20))
		s.option("kind ticket.hex session-ticket")
	}},
	{name: "extra-length", about: "The length before the ticket was copied with it.", make: func(s *scene) {
		t := webKey.openssl("13", state13().der())
		s.offer(append([]byte{byte(len(t) >> 8), byte(len(t))}, t...), keyFile(webKey))
		s.option("kind ticket.hex session-ticket")
	}},
	{name: "future", about: "The ticket was made tomorrow.", make: func(s *scene) {
		t := state13()
		t.made = 24 * time.Hour
		s.offer(webKey.openssl("13", t.der()), keyFile(webKey))
	}},
	{name: "expired", about: "The ticket's two hours are over.", make: func(s *scene) {
		t := state13()
		t.made = -3 * time.Hour
		s.offer(webKey.openssl("13", t.der()), keyFile(webKey))
	}},
	{name: "protection", about: "A session with AES-256 in a ticket that is sealed with AES-128.", make: func(s *scene) {
		k := stek(noise("apache", 48))
		s.offer(k.openssl("128", state13().der()), keyFile(k))
	}},
	{name: "entropy", about: "The sealed part has the same block twice, as ECB leaves it.", make: func(s *scene) {
		t := webKey.openssl("13", state13().der())
		copy(t[64:80], t[32:48])
		s.offer(t)
	}},
}

var ticketsTogether = []vector{
	{name: "nonce-reuse", about: "Two tickets of Go with one IV: their states can be told from their XOR.", make: func(s *scene) {
		k := noise("go key", 32)
		one := seal.Go(k, noise("iv go", 16), goState(0x0304, 0x1301, noise("go psk", 32), -3*time.Hour))
		two := seal.Go(k, noise("iv go", 16), goState(0x0304, 0x1301, noise("go psk 2", 32), -2*time.Hour))
		s.offer(one, hexFile("ticket-2.hex", two), keyFile(k))
	}},
	{name: "hosts", about: "Tickets of two hosts under one key.", make: func(s *scene) {
		t := state13()
		t.host, t.secret = "shop.example.org", noise("psk of the shop", 48)
		s.offer(webKey.openssl("13", state13().der()), hexFile("ticket-2.hex", webKey.openssl("shop", t.der())), keyFile(webKey))
	}},
	{name: "hosts-apart", about: "Tickets of two hosts, each under a key of its own.", make: func(s *scene) {
		t := state13()
		t.host, t.secret = "shop.example.org", noise("psk of the shop", 48)
		k := otherName("of the shop")
		s.offer(webKey.openssl("13", state13().der()), hexFile("ticket-2.hex", k.openssl("shop", t.der())), keyFile(webKey), hexFile("ticket-key-2.hex", k))
	}},
	{name: "key-age", about: "Two tickets under one key, ten days apart.", make: func(s *scene) {
		t := state13()
		t.made, t.secret = -10*24*time.Hour, noise("psk of old", 48)
		s.offer(webKey.openssl("13", state13().der()), hexFile("ticket-2.hex", webKey.openssl("old", t.der())), keyFile(webKey))
	}},
	{name: "reused", about: "One ticket in the ClientHellos of two connections.", make: func(s *scene) {
		t := webKey.openssl("12", state12().der())
		s.instead = []file{hexFile("hello-1.hex", helloWith("one", t)), hexFile("hello-2.hex", helloWith("two", t))}
	}},
	{name: "reused-retry", about: "The two ClientHellos around a HelloRetryRequest: they offer one ticket in one connection.", pair: "reused", make: func(s *scene) {
		h, p := clientHello(), goodPSK()
		first := h.offer(p)
		h.set(xKeyShare, vec(2, u16(23), vec(2, join(der{4}, random("share of P-256", 64)))))
		s.instead = []file{hexFile("hello-1.hex", first), hexFile("hello-2.hex", h.offer(p))}
	}},
	{name: "key-rotated", about: "Two tickets of one host under two keys.", make: func(s *scene) {
		t := state13()
		t.made, t.secret = -71*time.Minute, noise("psk of after", 48)
		k := otherName("of tomorrow")
		s.offer(webKey.openssl("13", state13().der()), hexFile("ticket-2.hex", k.openssl("after", t.der())), keyFile(webKey), hexFile("ticket-key-2.hex", k))
	}},
}

// helloWith is a ClientHello of TLS 1.2 that offers a ticket.
func helloWith(what string, ticket []byte) []byte {
	ext := func(n int, body []byte) []byte {
		return append([]byte{byte(n >> 8), byte(n), byte(len(body) >> 8), byte(len(body))}, body...)
	}
	list := append([]byte{0, 18, 0, 0, 15}, "www.example.org"...)
	all := ext(0, list)
	all = append(all, ext(23, nil)...)
	all = append(all, ext(10, []byte{0, 4, 0, 29, 0, 23})...)
	all = append(all, ext(13, []byte{0, 4, 4, 3, 8, 4})...)
	all = append(all, ext(35, ticket)...)
	b := append([]byte{3, 3}, noise("random "+what, 32)...)
	b = append(append(b, 32), noise("session id "+what, 32)...)
	b = append(b, 0, 4, 0xc0, 0x2f, 0, 0xff, 1, 0)
	b = append(append(b, byte(len(all)>>8), byte(len(all))), all...)
	return append([]byte{1, 0, byte(len(b) >> 8), byte(len(b))}, b...)
}

// onlyKey shows a key file alone.
func (s *scene) onlyKey(f file) {
	s.instead = []file{f}
	s.option("kind %s ticket-key", f.name)
}

var ticketKeys = []vector{
	{name: "key-alone", about: "A key file of 80 octets, and no ticket to try it on.", make: func(s *scene) { s.onlyKey(keyFile(webKey)) }},
	{name: "key-size", about: "A file of 81 octets is no key of any program.", make: func(s *scene) { s.onlyKey(keyFile(noise("size", 81))) }},
	{name: "key-text", about: "The file is 48 letters of hexadecimal text, which nginx takes as they are.", make: func(s *scene) {
		letters := stek(hex.EncodeToString(noise("letters", 24)))
		s.offer(letters.haproxy("letters", state12().der()), file{"ticket.key", string(letters) + "\n"})
		s.option("kind ticket.key ticket-key")
	}},
	{name: "key-zero", about: "A key of zeros.", make: func(s *scene) { s.onlyKey(keyFile(make([]byte, 80))) }},
	{name: "key-parts", about: "The cipher key and the MAC key are the same.", make: func(s *scene) {
		half := noise("half", 32)
		s.onlyKey(keyFile(append(noise("name", 16), append(bytes.Clone(half), half...)...)))
	}},
	{name: "key-two-lines", about: "HAProxy takes no fewer than three keys.",
		make: func(s *scene) { s.onlyKey(haproxyFile(webKey, otherName("of tomorrow"))) }},
	{name: "key-repeated", about: "A rotation that made no new key: a line stands there twice.",
		make: func(s *scene) { s.onlyKey(haproxyFile(otherName("of yesterday"), webKey, webKey)) }},
}

package main

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"strings"

	"derscope/testdata/talk"
)

// short is a conversation with one certificate, so that its vector is small.
func (s *scene) short(version uint16) talk.Wishes {
	w := s.conversation(version)
	w.Chain = w.Chain[:1]
	return w
}

// forming shows a conversation in the form that files makes of it.
func forming(version uint16, files func(s *scene, w talk.Wishes) []file) func(s *scene) {
	return func(s *scene) { s.show(files(s, s.short(version))...) }
}

// octetsOf is one run of octets as hex.
func octetsOf(f func(s *scene, w talk.Wishes) []byte) func(s *scene, w talk.Wishes) []file {
	return func(s *scene, w talk.Wishes) []file { return []file{hexFile("tls.hex", f(s, w))} }
}

// extensionsText is what s_client -tlsextdebug prints of extensions.
func extensionsText(list ...[]byte) string {
	var b strings.Builder
	for _, x := range list {
		typ, body := int(x[0])<<8|int(x[1]), x[4:]
		fmt.Fprintf(&b, "TLS server extension %q (id=%d), len=%d\n", map[int]string{5: "status request", 16: "application layer protocol negotiation",
			43: "supported versions", 51: "key share"}[typ], typ, len(body))
		for at := 0; at < len(body); at += 16 {
			line := body[at:min(at+16, len(body))]
			fmt.Fprintf(&b, "%04x - ", at)
			for i, c := range line {
				mark := " "
				if i == 7 && len(line) > 8 {
					mark = "-"
				}
				b.WriteString(hex.EncodeToString([]byte{c}) + mark)
			}
			fmt.Fprintf(&b, "%s  %s\n", strings.Repeat("   ", 16-len(line)), strings.Map(func(c rune) rune {
				if c < 32 || c > 126 {
					return '.'
				}
				return c
			}, string(line)))
		}
	}
	return b.String()
}

// datagram is a record of DTLS 1.2 with one message, or a fragment of one.
func datagram(number int, message []byte, from, to int) []byte {
	body := message[4:]
	fragment := append(append([]byte{message[0]}, message[1:4]...), 0, byte(number))
	fragment = append(append(fragment, talk.Num(3, uint64(from))...), talk.Num(3, uint64(to-from))...)
	fragment = append(fragment, body[from:to]...)
	head := append([]byte{22, 0xfe, 0xfd, 0, 0}, talk.Num(6, uint64(number))...)
	return append(head, talk.Vec(2, fragment)...)
}

// tlsForms is about the forms in which TLS is pasted: tls.record.form,
// tls.message.form and tls.message.version.
var tlsForms = []vector{
	{name: "form-records", about: "What each side of a TLS 1.2 handshake sent, as records, in two files.",
		make: forming(0x0303, func(s *scene, w talk.Wishes) []file {
			t := w.Run()
			return []file{hexFile("client.hex", t.Stream(talk.Client)), hexFile("server.hex", t.Stream(talk.Server))}
		})},
	{name: "form-mixed", about: "The records of both sides of a TLS 1.3 handshake, in the order of sending.", pair: "form-records",
		make: forming(0x0304, octetsOf(func(s *scene, w talk.Wishes) []byte { return w.Run().Records() }))},
	{name: "form-split", about: "The server's messages are cut into records of 90 octets.", pair: "form-records",
		make: forming(0x0303, octetsOf(func(s *scene, w talk.Wishes) []byte { return talk.Split(w.Run().Stream(talk.Server), 90) }))},
	{name: "form-cut", about: "The records end in the middle of the certificate.", pair: "form-records",
		make: forming(0x0303, octetsOf(func(s *scene, w talk.Wishes) []byte { return w.Run().Stream(talk.Server)[:300] }))},
	{name: "form-dump-12", about: "A TLS 1.2 handshake as s_client -msg prints it, with staple, client certificate and ticket.", pair: "form-dump-13",
		make: forming(0x0303, dumped)},
	{name: "form-dump-13", about: "A TLS 1.3 handshake as s_client -msg prints it, with staple, client certificate and tickets.", pair: "form-dump-12",
		make: forming(0x0304, dumped)},
	{name: "form-dump-retry", about: "A TLS 1.3 handshake with a HelloRetryRequest, as s_client -msg prints it.",
		make: forming(0x0304, func(s *scene, w talk.Wishes) []file {
			w.Retry = true
			return []file{dumpFile("handshake.txt", w.Run())}
		})},
	{name: "form-dump-alert", about: "The client ends the handshake at the ServerHello, as s_client -msg prints it.",
		make: forming(0x0303, func(s *scene, w talk.Wishes) []file {
			w.Stop, w.Alert = "ServerHello", talk.Alert{From: talk.Client, Level: 2, Description: 47}
			return []file{dumpFile("handshake.txt", w.Run())}
		})},
	{name: "form-extensions", about: "Extensions of TLS 1.3 as s_client -tlsextdebug prints them, a staple among them.",
		make: func(s *scene) {
			s.show(file{"tlsextdebug.txt", extensionsText(talk.Ext(43, []byte{3, 4}), talk.Ext(51, []byte{0, 29}, talk.Vec(2, talk.Random("share", 32))),
				talk.Ext(16, talk.Vec(2, talk.Vec(1, []byte("h2")))), talk.Ext(5, []byte{1}, talk.Vec(3, []byte{0x30, 3, 10, 1, 6})))})
		}},
	{name: "form-hello", about: "A ClientHello without its record.",
		make: forming(0x0304, octetsOf(func(s *scene, w talk.Wishes) []byte { return w.Run().Message("ClientHello", 0) }))},
	{name: "form-hello-overrun", about: "The length inside the server name runs past the extension.", pair: "form-hello",
		make: forming(0x0304, octetsOf(func(s *scene, w talk.Wishes) []byte {
			b := w.Run().Message("ClientHello", 0)
			b[bytes.Index(b, []byte("www.example.org"))-1]++
			return b
		}))},
	{name: "form-hello-left", about: "Two octets stand behind the extensions of the ClientHello.", pair: "form-hello",
		make: forming(0x0304, octetsOf(func(s *scene, w talk.Wishes) []byte {
			return talk.Msg(1, w.Run().Message("ClientHello", 0)[4:], []byte{0, 0})
		}))},
	{name: "form-hello-ssl2", about: "A ClientHello for TLS 1.0 in the form of SSL 2.0.", pair: "form-hello",
		make: func(s *scene) {
			body := append([]byte{1, 3, 1, 0, 3, 0, 0, 0, 16, 0, 0, 0x2f}, talk.Random("challenge", 16)...)
			s.show(hexFile("tls.hex", append([]byte{0x80, byte(len(body))}, body...)))
		}},
	{name: "form-certificate-12", about: "A Certificate message of TLS 1.2 alone: it reads in that form only.", pair: "form-certificate-13",
		make: forming(0x0303, octetsOf(func(s *scene, w talk.Wishes) []byte { return w.Run().Message("Certificate", 0) }))},
	{name: "form-certificate-13", about: "A Certificate message of TLS 1.3 alone: it reads in that form only.", pair: "form-certificate-12",
		make: forming(0x0304, octetsOf(func(s *scene, w talk.Wishes) []byte { return w.Run().Message("Certificate", 0) }))},
	{name: "form-certificate-other", about: "The Certificate of a TLS 1.3 handshake has the form of TLS 1.2.", pair: "form-certificate-13",
		make: forming(0x0304, func(s *scene, w talk.Wishes) []file {
			w.Edit = func(name string, from talk.Side, m []byte) []byte {
				if name == "Certificate" {
					return talk.Msg(11, talk.Vec(3, talk.Vec(3, s.leaf.der)))
				}
				return m
			}
			return []file{dumpFile("handshake.txt", w.Run())}
		})},
	{name: "form-certificate-zlib", about: "The server's Certificate is compressed with zlib.", pair: "form-certificate-13",
		make: forming(0x0304, func(s *scene, w talk.Wishes) []file {
			w.Edit = func(name string, from talk.Side, m []byte) []byte {
				switch name {
				case "ClientHello":
					h := talk.ParseHello(m)
					h.Put(talk.Ext(27, talk.Vec(1, []byte{0, 1})))
					return h.Bytes()
				case "Certificate":
					var z bytes.Buffer
					c := zlib.NewWriter(&z)
					c.Write(m[4:])
					c.Close()
					return talk.Msg(25, []byte{0, 1}, talk.Num(3, uint64(len(m)-4)), talk.Vec(3, z.Bytes()))
				}
				return m
			}
			return []file{dumpFile("handshake.txt", w.Run())}
		})},
	{name: "form-ticket-12", about: "A NewSessionTicket of TLS 1.2 alone.", pair: "form-ticket-13",
		make: func(s *scene) {
			s.show(hexFile("tls.hex", talk.Msg(4, talk.Num(4, 7200), talk.Vec(2, talk.Random("ticket", 160)))))
		}},
	{name: "form-ticket-13", about: "A NewSessionTicket of TLS 1.3 alone.", pair: "form-ticket-12",
		make: func(s *scene) {
			s.show(hexFile("tls.hex", talk.Msg(4, talk.Num(4, 7200), talk.Num(4, 0x5eed5eed), talk.Vec(1, []byte{0, 0, 0, 1}), talk.Vec(2, talk.Random("ticket", 160)), talk.Vec(2))))
		}},
	{name: "form-ticket-both", about: "A NewSessionTicket alone that reads in the forms of TLS 1.2 and 1.3.", pair: "form-ticket-13",
		make: func(s *scene) {
			// ticket_age_add begins with what TLS 1.2 takes for the length of the ticket.
			rest := append(talk.Vec(1, []byte{0, 0, 0, 1}), talk.Vec(2, talk.Random("ticket", 160))...)
			rest = append(rest, talk.Vec(2)...)
			s.show(hexFile("tls.hex", talk.Msg(4, talk.Num(4, 7200), talk.Num(2, uint64(len(rest)+2)), []byte{0x5e, 0xed}, rest)))
		}},
	{name: "form-datagrams", about: "The hellos of a DTLS 1.2 handshake; the ServerHello comes in two fragments.",
		make: forming(0x0303, octetsOf(func(s *scene, w talk.Wishes) []byte {
			t := w.Run()
			ch, sh := t.Message("ClientHello", 0), t.Message("ServerHello", 0)
			// DTLS has a cookie behind the session id.
			at := 4 + 2 + 32 + 1 + int(ch[38])
			ch = talk.Msg(1, []byte{0xfe, 0xfd}, ch[6:at], []byte{0}, ch[at:])
			sh = talk.Msg(2, []byte{0xfe, 0xfd}, sh[6:])
			half := (len(sh) - 4) / 2
			return append(append(datagram(0, ch, 0, len(ch)-4), datagram(0, sh, 0, half)...), datagram(0, sh, half, len(sh)-4)...)
		}))},
}

// dumped is a conversation with everything in it.
func dumped(s *scene, w talk.Wishes) []file {
	w.Staple = s.response.der()
	s.asking(&w)
	c := s.user(nil)
	s.answering(&w, c)
	w.ClientChain = w.ClientChain[:1]
	w.Tickets = someTickets(1)
	return []file{dumpFile("handshake.txt", w.Run()), certFile("issuer.pem", s.issuer)}
}

package main

import (
	"crypto/sha256"
	"time"

	"derscope/testdata/seal"
	"derscope/testdata/talk"
)

// granted are n tickets of a server, whose octets are noise.
func granted(n int) (list []talk.Ticket) {
	for i := range n {
		list = append(list, talk.Ticket{Lifetime: 7200, AgeAdd: 0x5eed0000 + uint32(i)*0x01234567, Nonce: []byte{0, 0, 0, 0, 0, 0, 0, byte(i)},
			Octets: talk.Random("granted "+string(rune('0'+i)), 192)})
	}
	return list
}

// endingWith has an alert stand behind the first message of a name.
func endingWith(w *talk.Wishes, behind string, from talk.Side, alert byte) {
	w.Stop, w.Alert = behind, talk.Alert{From: from, Level: 2, Description: alert}
}

// returning has a client come back with the first ticket of an earlier connection.
func returning(version uint16, change func(s *scene, w *talk.Wishes)) func(s *scene) {
	return conversing(version, func(s *scene, w *talk.Wishes) {
		first := *w
		first.Tickets = granted(2)
		*w = resuming(first, first.Run(), 0)
		w.Tickets = nil
		if change != nil {
			change(s, w)
		}
	})
}

// ticketSecret is the file of ticket keys that the tickets of sealedSession are sealed with.
var ticketSecret = talk.Random("ticket keys of the callbacks", 80)

// sealedSession is an OpenSSL server's ticket of a session of TLS 1.2; flags as
// in SSL_SESSION_ASN1, 1 for the extended main secret.
func sealedSession(secret []byte, made time.Time, flags int64) []byte {
	parts := []der{integer(1), integer(0x0303), octets(0xc0, 0x2b), octets(), octets(secret...), explicit(1, integer(made.Unix())), explicit(2, integer(7200)), explicit(4, octets())}
	if flags > 0 {
		parts = append(parts, explicit(13, integer(flags)))
	}
	parts = append(parts, explicit(19, integer(0x1d)))
	iv := sha256.Sum256(secret)
	return seal.OpenSSL(ticketSecret[:16], ticketSecret[48:], ticketSecret[16:48], iv[:16], seq(parts...))
}

// opening has a client come back with a ticket that the key beside it opens, and
// the server refuse it.
func opening(flags int64) func(s *scene) {
	return func(s *scene) {
		first := s.conversation(0x0303)
		made := first.Start
		first.Tickets = []talk.Ticket{{Lifetime: 7200, Make: func(secret []byte) []byte { return sealedSession(secret, made, flags) }}}
		w := resuming(first, first.Run(), 0)
		w.Refuse, w.Tickets, w.Staple = true, granted(1), s.response.der()
		s.show(dumpFile("handshake.txt", w.Run()), hexFile("ticket-key.hex", ticketSecret), certFile("issuer.pem", s.issuer))
	}
}

// callbacks are about what OpenSSL's callbacks are told, and what shows of their
// answers: tls.callback.*.
var callbacks = []vector{
	{name: "callback-full", about: "TLS 1.3 with a good staple and two tickets, as between OpenSSL's programs.",
		make: conversing(0x0304, func(s *scene, w *talk.Wishes) { w.Staple, w.Tickets = s.response.der(), granted(2) })},
	{name: "callback-one-ticket", about: "The server issues one ticket after a full handshake of TLS 1.3, where OpenSSL issues two.", pair: "callback-full",
		make: conversing(0x0304, func(s *scene, w *talk.Wishes) { w.Staple, w.Tickets = s.response.der(), granted(1) })},
	{name: "callback-abort", about: "A ticket is offered, and internal_error stands in place of the ServerHello.", pair: "callback-resumed-12",
		make: returning(0x0303, func(_ *scene, w *talk.Wishes) { endingWith(w, "ClientHello", talk.Server, 80) })},
	{name: "callback-resumed-12", about: "A session of TLS 1.2 is resumed, and the client asked for a staple.",
		make: returning(0x0303, func(_ *scene, w *talk.Wishes) { w.AskStatus = true })},
	{name: "callback-resumed", about: "A session of TLS 1.3 is resumed, and the client asked for a staple.",
		make: returning(0x0304, func(_ *scene, w *talk.Wishes) { w.AskStatus, w.Tickets = true, granted(1) })},
	{name: "callback-resumed-ended", about: "The client ends a resumption with 113, because it wants a staple.", pair: "callback-resumed",
		make: returning(0x0304, func(_ *scene, w *talk.Wishes) {
			w.AskStatus, w.Tickets = true, granted(1)
			endingWith(w, "Finished", talk.Client, 113)
		})},
	{name: "callback-no-renewal", about: "A session of TLS 1.3 is resumed, and the server closes without having issued a ticket.", pair: "callback-resumed",
		make: func(s *scene) {
			first := s.conversation(0x0304)
			first.Tickets = granted(2)
			w := resuming(first, first.Run(), 0)
			w.Tickets, w.AskStatus = nil, true
			k := w.Run()
			k.Sent = append(k.Sent, talk.Sent{From: talk.Server, Type: 21, Name: "Alert", Plain: []byte{1, 0}})
			s.show(dumpFile("handshake.txt", k), certFile("issuer.pem", s.issuer))
		}},
	{name: "callback-mixed-up", about: "The client refuses a good staple with 113, as a server's function on a client does.", pair: "callback-full",
		make: conversing(0x0303, func(s *scene, w *talk.Wishes) {
			w.Staple = s.response.der()
			endingWith(w, "ServerHelloDone", talk.Client, 113)
		})},
	{name: "callback-chain-first", about: "The client refuses the chain with unknown_ca, before its status callback is asked.", pair: "callback-full",
		make: conversing(0x0303, func(s *scene, w *talk.Wishes) {
			w.Staple = s.response.der()
			endingWith(w, "ServerHelloDone", talk.Client, 48)
		})},
	{name: "callback-revoked", about: "The staple says that the certificate is revoked, and the client goes on.", pair: "callback-full",
		make: conversing(0x0304, func(s *scene, w *talk.Wishes) {
			s.first().status = revoked(at(-30*day), -1)
			w.Staple, w.Tickets = s.response.der(), granted(2)
		})},
	{name: "callback-unasked", about: "A staple comes that the client did not ask for.", pair: "callback-full",
		make: conversing(0x0303, func(s *scene, w *talk.Wishes) {
			w.Staple = s.response.der()
			w.Edit = func(name string, _ talk.Side, message []byte) []byte {
				if name != "ClientHello" {
					return message
				}
				h := talk.ParseHello(message)
				h.Drop(5)
				return h.Bytes()
			}
		})},
	{name: "callback-certificate", about: "The server asks for a certificate, and the client sends one that fits.",
		make: conversing(0x0304, func(s *scene, w *talk.Wishes) {
			s.asking(w)
			s.answering(w, s.user(nil))
			w.Staple, w.Tickets = s.response.der(), granted(2)
		})},
	{name: "callback-certificate-none", about: "The server requires a certificate, the client sends an empty list, though one that fits is at hand.", pair: "callback-certificate",
		make: func(s *scene) {
			conversing(0x0303, func(s *scene, w *talk.Wishes) {
				s.asking(w)
				w.Staple = s.response.der()
				endingWith(w, "Finished", talk.Server, 40)
			})(s)
			s.instead = append(s.instead, certFile("user.pem", s.user(nil)))
		}},
	{name: "callback-certificate-unfit", about: "The server asks for a certificate, and the one at hand expired yesterday.", pair: "callback-certificate",
		make: func(s *scene) {
			conversing(0x0303, func(s *scene, w *talk.Wishes) {
				s.asking(w)
				w.Staple = s.response.der()
			})(s)
			s.instead = append(s.instead, certFile("user.pem", s.user(func(c *certificate) { c.end = at(-day) })))
		}},
	{name: "callback-request", about: "A CertificateRequest alone, and a certificate that fits.", pair: "callback-certificate",
		make: func(s *scene) {
			w := s.conversation(0x0303)
			s.asking(&w)
			for _, m := range w.Run().Sent {
				if m.Name == "CertificateRequest" {
					s.show(hexFile("request.hex", m.Plain), certFile("user.pem", s.user(nil)))
				}
			}
		}},
	{name: "callback-generate", about: "The server ends a handshake of TLS 1.2 where its ticket belongs: its generation callback returned 0.", pair: "callback-refused",
		make: conversing(0x0303, func(s *scene, w *talk.Wishes) {
			w.Staple, w.Tickets = s.response.der(), granted(1)
			endingWith(w, "Finished", talk.Server, 80)
		})},
	{name: "callback-refused", about: "A ticket opens, and a full handshake follows: the session has no extended main secret.", make: opening(0)},
	{name: "callback-ignored", about: "A ticket opens, and a full handshake follows without a reason inside.", pair: "callback-refused", make: opening(1)},
}

package main

import "time"

// sessions is about saved sessions of OpenSSL: session.*.
var sessions = []vector{
	{name: "session-openssl-13", about: "A TLS 1.3 session as openssl s_client -sess_out saves it, with nothing wrong.", make: saved(0x0304, nil)},
	{name: "session-openssl-12", about: "A TLS 1.2 session as openssl s_client -sess_out saves it, with nothing wrong.", make: saved(0x0303, nil)},
	{name: "session-expired", about: "A TLS 1.3 session whose two hours ended yesterday.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.parts[1] = integer(at(-day).Unix()) })},
	{name: "session-future", about: "A session that was made a day after the time of evaluation.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.parts[1] = integer(at(day).Unix()) })},
	{name: "session-week", about: "A TLS 1.3 session whose timeout and lifetime are thirty days: on the eighth it is past its time.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) {
			o.parts[1], o.parts[2], o.parts[9] = integer(at(-8*day).Unix()), integer(30*86400), integer(30*86400)
		})},
	{name: "session-timeless", about: "A session without time and timeout.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { delete(o.parts, 1); delete(o.parts, 2) })},
	{name: "session-timeout-longer", about: "The client keeps the session for longer than the server takes the ticket.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.parts[2] = integer(86400) })},
	{name: "session-without-ticket", about: "A TLS 1.3 session that was saved before the server sent a ticket.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { delete(o.parts, 9); delete(o.parts, 10); delete(o.parts, 14) })},
	{name: "session-lifetime-zero", about: "The server says that the ticket is to be thrown away at once.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.parts[9] = integer(0) })},
	{name: "session-early-data", about: "A session with which early data may be sent.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.parts[15], o.parts[16] = integer(16384), octets([]byte("h2")...) })},
	{name: "session-without-age-add", about: "A TLS 1.3 session that lacks ticket_age_add.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { delete(o.parts, 14) })},
	{name: "session-wrong-host", about: "The session is for www.example.com, the certificate for www.example.org.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.parts[6] = octets([]byte("www.example.com")...) })},
	{name: "session-no-host", about: "No host name is stored.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { delete(o.parts, 6) })},
	{name: "session-no-certificate", about: "The server's certificate is not stored.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { delete(o.parts, 3) })},
	{name: "session-certificate-expired", about: "The certificate in the session expired yesterday.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) {
			o.parts[3] = der(s.host("www.example.org", s.issuing, func(c *certificate) { c.end = at(-day) }).der)
		})},
	{name: "session-not-verified", about: "The certificate was not verified when the session was made.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.parts[5] = integer(20) })},
	{name: "session-no-ems", about: "A TLS 1.2 session without extended main secret.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { delete(o.parts, 13) })},
	{name: "session-other-id", about: "The session id is not the hash of the ticket.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.id = drawn("id", 32) })},
	{name: "session-long-id", about: "The session id has 33 octets.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.id = drawn("id", 33) })},
	{name: "session-server", about: "What an OpenSSL server seals, with a client certificate and no session-id context.", pair: "session-server-context",
		make: saved(0x0303, func(s *scene, o *session) { serverSide(o); o.parts[4] = octets() })},
	{name: "session-server-context", about: "What an OpenSSL server seals, with a client certificate and a session-id context.",
		make: saved(0x0303, func(s *scene, o *session) { serverSide(o) })},
	{name: "session-rc4", about: "A session with RC4.", pair: "session-openssl-12", make: saved(0x0303, func(s *scene, o *session) { o.suite = 0xc011 })},
	{name: "session-cipher-of-13", about: "A TLS 1.2 session with a suite of TLS 1.3.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.suite = 0x1301 })},
	{name: "session-tls10", about: "A session of TLS 1.0.", pair: "session-openssl-12", make: saved(0x0301, func(s *scene, o *session) { o.suite = 0xc013 })},
	{name: "session-protocol-unknown", about: "A session of a version that there is not.", pair: "session-openssl-12",
		make: saved(0x0309, nil)},
	{name: "session-zero-secret", about: "The secret is zero.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.secret = make([]byte, 48) })},
	{name: "session-short-secret", about: "The secret is of another hash than the suite's.", pair: "session-openssl-13",
		make: saved(0x0304, func(s *scene, o *session) { o.suite = 0x1302 })},
	{name: "session-order", about: "Two tagged parts stand in the wrong order.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.order = []byte{2, 1, 3, 4, 6, 9, 10, 13, 19} })},
	{name: "session-zeros", about: "A number that is zero is written, which OpenSSL leaves out.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.parts[5] = integer(0) })},
	{name: "session-trailing", about: "Octets follow the session.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { o.tail = der{0, 0} })},
	{name: "session-cut", about: "The file ends in the middle of the secret.", pair: "session-openssl-12",
		make: func(s *scene) {
			b := s.savedSession(0x0303).der()
			s.instead = []file{armored("session.pem", "SSL SESSION PARAMETERS", b[:80])}
		}},
	{name: "session-not-resumable", about: "BoringSSL's words in place of a session.",
		make: func(s *scene) {
			s.instead = []file{armored("session.pem", "SSL SESSION PARAMETERS", []byte("NOT RESUMABLE"))}
		}},
	{name: "session-ambiguous", about: "A session with nothing that tells OpenSSL, LibreSSL and BoringSSL apart.", pair: "session-openssl-12",
		make: saved(0x0303, func(s *scene, o *session) { delete(o.parts, 13); delete(o.parts, 19) })},
	{name: "session-appdata", about: "What an OpenSSL 3.2 server seals for TLS 1.3, with application data and a raw public key.",
		make: saved(0x0304, func(s *scene, o *session) {
			serverSide(o)
			delete(o.parts, 3)
			o.parts[18], o.parts[20] = octets([]byte("user=alice")...), der(s.key("leaf").spki)
		})},
	{name: "session-boringssl", about: "A session of BoringSSL, with the OCSP response of the first handshake.", make: boring(0)},
	{name: "session-staple-stale", about: "The OCSP response in a session of BoringSSL is past its nextUpdate.", pair: "session-boringssl", make: boring(-10 * day)},
	{name: "session-contexts", about: "Two states of one server have different session-id contexts.", pair: "session-server-context",
		make: func(s *scene) {
			one, two := s.savedSession(0x0303), s.savedSession(0x0303)
			serverSide(one)
			serverSide(two)
			two.parts[4] = octets([]byte("other")...)
			s.instead = []file{armored("one.pem", "SSL SESSION PARAMETERS", one.der()), armored("two.pem", "SSL SESSION PARAMETERS", two.der())}
		}},
	{name: "session-printed-12", about: "A TLS 1.2 session as openssl s_client prints it.",
		make: func(s *scene) {
			o := s.savedSession(0x0303)
			s.instead = []file{{"s_client.txt", printedSession(o, "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "Master-Key", "Extended master secret: yes") + "---\n"}}
		}},
	{name: "session-printed-13", about: "Two tickets of one TLS 1.3 connection as openssl s_client prints them.",
		make: func(s *scene) {
			one, two := s.savedSession(0x0304), s.savedSession(0x0304)
			two.id, two.secret, two.parts[10] = drawn("second id", 32), drawn("second psk", 32), octets(drawn("second ticket", 192)...)
			last := []string{"Extended master secret: no", "Max Early Data: 0"}
			arrived := "---\nPost-Handshake New Session Ticket arrived:\n"
			s.instead = []file{{"s_client.txt", arrived + printedSession(one, "TLSv1.3", "TLS_AES_128_GCM_SHA256", "Resumption PSK", last...) +
				"---\nread R BLOCK\n" + arrived + printedSession(two, "TLSv1.3", "TLS_AES_128_GCM_SHA256", "Resumption PSK", last...) + "---\nread R BLOCK\n"}}
		}},
	{name: "session-printed-odd", about: "A printed session with a line that OpenSSL does not print, and without its secret.", pair: "session-printed-12",
		make: func(s *scene) {
			s.instead = []file{{"s_client.txt", "SSL-Session:\n    Protocol  : TLSv1.2\n    Cipher    : ECDHE-RSA-AES128-GCM-SHA256\n    Password: hunter2\n"}}
		}},
	{name: "session-from-nst", about: "A session and the NewSessionTicket that its ticket came in.", pair: "session-from-nst-mixed",
		make: func(s *scene) { s.besideTicket(7200) }},
	{name: "session-from-nst-mixed", about: "A session and a NewSessionTicket with the same ticket and another lifetime.", pair: "session-from-nst",
		make: func(s *scene) { s.besideTicket(3600) }},
	{name: "session-from-handshake", about: "A session and the handshake that it comes from: the Finished proves the secret.", pair: "session-from-handshake-other",
		make: func(s *scene) { s.besideHandshake(drawn("main secret", 48)) }},
	{name: "session-from-handshake-other", about: "A session and a handshake of the same session id whose Finished was made with another secret.", pair: "session-from-handshake",
		make: func(s *scene) { s.besideHandshake(drawn("another secret", 48)) }},
}

// serverSide makes a server's state of a client's: sealed in tickets, it has
// neither ticket nor id.
func serverSide(o *session) {
	delete(o.parts, 9)
	delete(o.parts, 10)
	delete(o.parts, 6)
	if o.protocol != 0x0304 {
		o.id = nil
	}
	o.parts[4] = octets([]byte("shop")...)
}

// boring is a session of BoringSSL whose OCSP response was made by so much earlier.
func boring(shift time.Duration) func(s *scene) {
	return saved(0x0303, func(s *scene, o *session) {
		s.times(shift-6*time.Hour, shift+4*day)
		delete(o.parts, 19)
		o.parts[13] = octets(drawn("peer", 32)...)
		o.parts[16] = octets(s.response.der()...)
		o.parts[17] = boolean()
		o.parts[18] = integer(29)
		o.parts[22] = der{1, 1, 0}
		o.parts[23] = integer(0x0804)
		o.parts[25] = integer(7200)
		delete(o.parts, 6)
	})
}

// besideTicket puts the message beside the session that its ticket came in.
func (s *scene) besideTicket(lifetime uint64) {
	o := s.savedSession(0x0304)
	nst := message(4, num(4, lifetime), num(4, 0x5db1a411), behind(1, []byte{0}), behind(2, drawn("ticket", 192)), behind(2))
	s.instead = []file{armored("session.pem", "SSL SESSION PARAMETERS", o.der()), hexFile("nst.hex", nst)}
}

// besideHandshake puts a handshake of TLS 1.2 with a Finished of the secret
// beside a session.
func (s *scene) besideHandshake(secret []byte) {
	o := s.savedSession(0x0303)
	delete(o.parts, 9)
	delete(o.parts, 10)
	name := behind(2, []byte{0}, behind(2, []byte("www.example.org")))
	hello := message(1, num(2, 0x0303), drawn("client random", 32), []byte{0}, behind(2, num(2, 0xc02f)), behind(1, []byte{0}),
		behind(2, num(2, 0), behind(2, name), num(2, 23), num(2, 0)))
	messages := all(hello,
		message(2, num(2, 0x0303), drawn("server random", 32), behind(1, o.id), num(2, 0xc02f), []byte{0}, behind(2, num(2, 23), num(2, 0))),
		message(11, behind(3, behind(3, s.leaf.der))),
		message(12, []byte{3}, num(2, 29), behind(1, drawn("share", 32)), num(2, 0x0804), behind(2, drawn("signature", 70))),
		message(14), message(16, behind(1, drawn("other share", 32))))
	messages = append(messages, message(20, finishedOver(secret, "client", messages))...)
	s.instead = []file{armored("session.pem", "SSL SESSION PARAMETERS", o.der()), hexFile("handshake.hex", messages)}
}

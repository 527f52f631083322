package main

import (
	"time"

	"derscope/testdata/pcapfile"
	"derscope/testdata/seal"
)

// offering shows a ClientHello with a PSK beside other files.
func offering(change func(h *hello, p *psk), more ...func(s *scene, p *psk) file) func(s *scene) {
	return func(s *scene) {
		h, p := clientHello(), goodPSK()
		if change != nil {
			change(h, p)
		}
		if p.ticket != nil && !h.has(xPSK) {
			h.offer(p)
		}
		s.shown(h.client())
		for _, f := range more {
			s.instead = append(s.instead, f(s, p))
		}
	}
}

func (b block) has(typ int) bool {
	for _, e := range b {
		if e.typ == typ {
			return true
		}
	}
	return false
}

// withSession is the client's own file.
func withSession(s *scene, p *psk) file { return p.session(s.leaf).file() }

// withTicket is the message that gave the ticket.
func withTicket(_ *scene, p *psk) file { return hexFile("ticket.hex", p.newTicket()) }

// seenAt is a recording of a ClientHello that says that its ticket is an hour
// old, which was made an hour before the clock; when is the time of the packet.
func seenAt(when time.Duration) func(s *scene) {
	return func(s *scene) {
		h, p := clientHello(), goodPSK()
		r := pcapfile.Recording{Start: at(when)}
		r.Dial("192.0.2.10:49152", "198.51.100.7:443").Send(pcapfile.Client, record(22, h.offer(p)))
		s.instead = []file{hexFile("capture.hex", r.PCAP()), withSession(s, p)}
	}
}

// answered shows a hello with a PSK and the server's answer, and the session.
func answered(change func(ch, sh *hello, p *psk), ee *block, more ...func(s *scene, p *psk) file) func(s *scene) {
	return func(s *scene) {
		ch, sh, p := clientHello(), serverHello(), goodPSK()
		sh.set(xPSK, u16(0))
		if change != nil {
			change(ch, sh, p)
		}
		if !ch.has(xPSK) {
			ch.offer(p)
		}
		all := join(ch.client(), sh.server())
		if ee != nil {
			all = join(all, encryptedExtensions(*ee))
		}
		s.shown(all)
		for _, f := range more {
			s.instead = append(s.instead, f(s, p))
		}
	}
}

// early has the hello offer early data with a ticket that allows it.
func early(ch *hello, p *psk) {
	p.early = 16384
	ch.set(xEarly)
}

// tlsPSKs is about PSKs and early data: tls.psk.*.
var tlsPSKs = []vector{
	{name: "psk", about: "A ClientHello offers a ticket, and the session proves its binder.", pair: "psk-binder",
		make: offering(nil, withSession)},
	{name: "psk-binder", about: "The binder is made with another secret than that of the ticket.", pair: "psk",
		make: offering(nil, func(s *scene, p *psk) file {
			other := *p
			other.secret = random("another psk", 32)
			return withSession(s, &other)
		})},
	{name: "psk-alone", about: "A ClientHello offers a ticket, and nothing else is at hand.", pair: "psk", make: offering(nil)},
	{name: "psk-given", about: "The PSK itself is at hand, as hex.", pair: "psk",
		make: offering(nil, func(s *scene, p *psk) file {
			s.option("kind psk.txt shared-secret")
			return hexLine("psk.txt", p.secret)
		})},
	{name: "psk-given-other", about: "A secret is at hand that is not the PSK.", pair: "psk-given",
		make: offering(nil, func(s *scene, _ *psk) file {
			s.option("kind psk.txt shared-secret")
			return hexLine("psk.txt", random("another psk", 32))
		})},
	{name: "psk-not-last", about: "An extension stands behind pre_shared_key.", pair: "psk",
		make: offering(func(h *hello, p *psk) {
			h.offer(p)
			h.set(21, make(der, 8))
		}, withSession)},
	{name: "psk-no-modes", about: "A PSK is offered without psk_key_exchange_modes.", pair: "psk",
		make: offering(func(h *hello, _ *psk) { h.drop(xModes) }, withSession)},
	{name: "psk-ke", about: "psk_ke is the only mode that the client offers.", pair: "psk",
		make: offering(func(h *hello, _ *psk) { h.set(xModes, der{1, 0}) }, withSession)},
	{name: "psk-hash", about: "The binder is made with SHA-256, and every suite that is offered has SHA-384.", pair: "psk",
		make: offering(func(h *hello, _ *psk) { h.suites = []int{0x1302, 0xc02c} }, withSession)},
	{name: "psk-age-add", about: "The age is masked with another ticket_age_add than that of the ticket.", pair: "psk",
		make: offering(nil, func(_ *scene, p *psk) file {
			other := *p
			other.add += 7200_000
			return withTicket(nil, &other)
		})},
	{name: "psk-age-clock", about: "The client says an age of an hour half an hour after the ticket was made.", pair: "psk-age-clock-right",
		make: seenAt(-time.Hour / 2)},
	{name: "psk-age-clock-right", about: "The client says an age of an hour an hour after the ticket was made.", pair: "psk-age-clock",
		make: seenAt(0)},
	{name: "psk-age-over", about: "The ticket is offered for an hour after its time.", pair: "psk",
		make: offering(func(_ *hello, p *psk) { p.lifetime = 1800 }, withTicket)},
	{name: "psk-taken", about: "The server takes the PSK, with fresh keys.", pair: "psk-taken-ke", make: answered(nil, &block{}, withSession)},
	{name: "psk-taken-ke", about: "The server takes the PSK without fresh keys.", pair: "psk-taken",
		make: answered(func(ch, sh *hello, _ *psk) {
			ch.set(xModes, der{2, 1, 0})
			sh.drop(xKeyShare)
		}, &block{}, withSession)},
	{name: "psk-taken-beyond", about: "The server takes the second identity of one.", pair: "psk-taken",
		make: answered(func(_, sh *hello, _ *psk) { sh.set(xPSK, u16(1)) }, &block{}, withSession)},
	{name: "psk-taken-hash", about: "The server takes a PSK of SHA-256 in a suite of SHA-384.", pair: "psk-taken",
		make: answered(func(_, sh *hello, _ *psk) { sh.suites = []int{0x1302} }, &block{}, withSession)},
	{name: "early", about: "The client offers early data, and the server takes it.", pair: "early-refused",
		make: answered(func(ch, _ *hello, p *psk) { early(ch, p) }, &block{{xALPN, vec(2, vec(1, der("h2")))}, {xEarly, nil}}, withH2)},
	{name: "early-refused", about: "The client offers early data, and the server does not take it.", pair: "early",
		make: answered(func(ch, _ *hello, p *psk) { early(ch, p) }, &block{{xALPN, vec(2, vec(1, der("h2")))}}, withH2)},
	{name: "early-alpn", about: "The server takes early data and chooses another protocol than that of the ticket.", pair: "early",
		make: answered(func(ch, _ *hello, p *psk) { early(ch, p) }, &block{{xALPN, vec(2, vec(1, der("http/1.1")))}, {xEarly, nil}}, withH2)},
	{name: "early-not-allowed", about: "The client offers early data with a ticket that was not issued for it.", pair: "early",
		make: offering(func(h *hello, _ *psk) { h.set(xEarly) }, withTicket)},
	{name: "early-no-psk", about: "The client offers early data and no PSK.", pair: "early",
		make: func(s *scene) {
			h := clientHello()
			h.set(xEarly)
			s.shown(h.client())
		}},
	{name: "early-replay", about: "The same ClientHello with early data comes to two servers, and both take it.", pair: "early",
		make: func(s *scene) {
			ch, p := clientHello(), goodPSK()
			early(ch, p)
			hello := ch.offer(p)
			for _, name := range []string{"first", "second"} {
				sh := serverHello()
				sh.random = random(name+" server", 32)
				sh.set(xKeyShare, u16(0x1d), vec(2, random(name+" server share", 32)))
				sh.set(xPSK, u16(0))
				s.instead = append(s.instead, hexFile(name+".hex", join(hello, sh.server(), encryptedExtensions(block{{xEarly, nil}}))))
			}
		}},
}

// withH2 is the client's file of a session that spoke HTTP/2.
func withH2(s *scene, p *psk) file {
	one := p.session(s.leaf)
	one.alpn = "h2"
	return one.file()
}

// resumed shows the records of a resumption in TLS 1.2 beside the session.
func resumed(change func(ch, sh *hello, one *clientSession)) func(s *scene) {
	return func(s *scene) {
		ch, sh, one := oldHello(), oldServer(), oldSession(s.leaf)
		ch.id, sh.id = one.id, one.id
		ch.set(xTicket, one.ticket)
		sh.drop(xTicket)
		sh.drop(xStatus)
		if change != nil {
			change(ch, sh, one)
		}
		s.shown(join(record(22, ch.client()), record(22, sh.server()), record(20, der{1})), one.file())
	}
}

// tlsResumptions is about resumption: tls.resume.*.
var tlsResumptions = []vector{
	{name: "resumed-12", about: "A session of TLS 1.2 is resumed by its ticket.", pair: "resumed-12-refused", make: resumed(nil)},
	{name: "resumed-12-refused", about: "A ticket of TLS 1.2 is offered and not taken.", pair: "resumed-12",
		make: func(s *scene) {
			ch, sh, one := oldHello(), oldServer(), oldSession(s.leaf)
			ch.id = one.id
			ch.set(xTicket, one.ticket)
			s.shown(join(ch.client(), sh.server(), chain12(s.leaf, s.issuing.certificate)), one.file())
		}},
	{name: "resumed-12-suite", about: "A session of TLS 1.2 is resumed with another suite.", pair: "resumed-12",
		make: resumed(func(_, sh *hello, _ *clientSession) { sh.suites = []int{0xc02f} })},
	{name: "resumed-12-ems", about: "The session has extended_main_secret, and the ServerHello that resumes it has not.", pair: "resumed-12",
		make: resumed(func(_, sh *hello, _ *clientSession) { sh.drop(xEMS) })},
	{name: "resumed-12-id", about: "A ticket of TLS 1.2 is offered with an empty session id.", pair: "resumed-12",
		make: resumed(func(ch, sh *hello, _ *clientSession) { ch.id, sh.id = nil, nil })},
	{name: "resumed-12-host", about: "A session of TLS 1.2 is resumed at another host, which its certificate does not name.", pair: "resumed-12",
		make: func(s *scene) {
			resumed(func(ch, _ *hello, _ *clientSession) { ch.set(xServerName, serverName("mail.example.org")) })(s)
			s.instead = append(s.instead, certFile("leaf.pem", s.leaf))
		}},
	{name: "resumed-12-alpn", about: "The session spoke HTTP/2, and the connection that resumes it speaks HTTP/1.1.", pair: "resumed-12",
		make: resumed(func(_, sh *hello, one *clientSession) {
			one.alpn = "h2"
			sh.set(xALPN, vec(2, vec(1, der("http/1.1"))))
		})},
	{name: "resumed-12-identity", about: "A ticket with a client's certificate inside, given at one host, is taken at another.", pair: "resumed-12",
		make: func(s *scene) {
			key := random("ticket key", 80)
			one := oldSession(s.visitor("Example Client", s.issuing, nil))
			one.ticket = nil
			ticket := seal.OpenSSL(key[:16], key[48:], key[16:48], random("ticket iv", 16), one.der())
			ch, sh := oldHello(), oldServer()
			ch.set(xServerName, serverName("admin.example.org"))
			ch.id, sh.id = random("made-up id", 32), random("made-up id", 32)
			ch.set(xTicket, ticket)
			sh.drop(xTicket)
			sh.drop(xStatus)
			s.shown(join(record(22, ch.client()), record(22, sh.server()), record(20, der{1})), hexLine("ticket-key.txt", key))
		}},
	{name: "psk-of-12", about: "A session of TLS 1.2 is offered as a PSK of TLS 1.3.", pair: "psk",
		make: offering(nil, func(s *scene, p *psk) file {
			one := oldSession(s.leaf)
			one.ticket = p.ticket
			return one.file()
		})},
}

// issued shows a NewSessionTicket of TLS 1.3, with changes.
func issued(change func(p *psk)) func(s *scene) {
	return func(s *scene) {
		p := goodPSK()
		if change != nil {
			change(p)
		}
		s.instead = []file{hexFile("ticket.hex", p.newTicket())}
	}
}

// issuedTwice shows two tickets of one connection, the second with changes.
func issuedTwice(change func(p *psk)) func(s *scene) {
	return func(s *scene) {
		p, q := goodPSK(), goodPSK()
		q.ticket, q.nonce, q.add = random("second ticket", 192), der{0, 0, 0, 0, 0, 0, 0, 1}, 0x1b2c3d4e
		change(q)
		s.instead = []file{hexFile("tickets.hex", join(p.newTicket(), q.newTicket()))}
	}
}

// tlsTickets is about NewSessionTicket: tls.nst.*.
var tlsTickets = []vector{
	{name: "nst", about: "A ticket of TLS 1.3 as OpenSSL gives it.", pair: "nst-eight-days", make: issued(nil)},
	{name: "nst-eight-days", about: "A ticket of TLS 1.3 claims eight days.", pair: "nst",
		make: issued(func(p *psk) { p.lifetime = uint32(8 * 24 * time.Hour / time.Second) })},
	{name: "nst-no-mask", about: "ticket_age_add is 0.", pair: "nst", make: issued(func(p *psk) { p.add = 0 })},
	{name: "nst-early", about: "The ticket allows 16,384 octets of early data.", pair: "nst", make: issued(func(p *psk) { p.early = 16384 })},
	{name: "nst-empty", about: "The ticket of TLS 1.3 is empty.", pair: "nst", make: issued(func(p *psk) { p.ticket = nil })},
	{name: "nst-12", about: "A ticket of TLS 1.2 with a lifetime of two hours.", pair: "nst-12-empty",
		make: func(s *scene) {
			s.instead = []file{hexFile("ticket.hex", oldTicket(7200, random("old ticket", 176)))}
		}},
	{name: "nst-12-empty", about: "A server of TLS 1.2 has no ticket after all.", pair: "nst-12",
		make: func(s *scene) {
			s.shown(join(record(22, oldHello().client()), record(22, oldServer().server()), record(22, oldTicket(0, nil)), record(20, der{1})))
		}},
	{name: "nst-pair", about: "Two tickets of one connection, as OpenSSL gives them.", pair: "nst-pair-nonce", make: issuedTwice(func(*psk) {})},
	{name: "nst-pair-nonce", about: "Two tickets of one connection have one nonce.", pair: "nst-pair",
		make: issuedTwice(func(q *psk) { q.nonce = make(der, 8) })},
	{name: "nst-pair-same", about: "Two tickets of one connection are the same.", pair: "nst-pair",
		make: issuedTwice(func(q *psk) { q.ticket = goodPSK().ticket })},
	{name: "nst-pair-mask", about: "Two tickets of one connection have one ticket_age_add.", pair: "nst-pair",
		make: issuedTwice(func(q *psk) { q.add = goodPSK().add })},
	{name: "nst-unpromised", about: "A ticket of TLS 1.2 comes that the ServerHello did not promise.", pair: "nst-12",
		make: func(s *scene) {
			sh := oldServer()
			sh.drop(xTicket)
			s.shown(join(record(22, oldHello().client()), record(22, sh.server()), record(22, oldTicket(7200, random("old ticket", 176))), record(20, der{1})))
		}},
	{name: "nst-misplaced", about: "A ticket of TLS 1.2 comes before the server's certificate.", pair: "nst-12",
		make: func(s *scene) {
			s.shown(join(oldHello().client(), oldServer().server(), oldTicket(7200, random("old ticket", 176)), chain12(s.leaf, s.issuing.certificate)))
		}},
}

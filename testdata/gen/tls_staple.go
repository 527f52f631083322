package main

import (
	"time"
)

// stapled are the extensions of a certificate with a staple.
func stapled(response []byte) block {
	var b block
	b.set(xStatus, statusOf(response))
	return b
}

// flight13 is what a server of TLS 1.3 sends up to its certificate, the staple
// as the block of extensions of each certificate gives it.
func (s *scene) flight13(change func(ch, sh *hello), of func(i int) block) {
	ch, sh := clientHello(), serverHello()
	if change != nil {
		change(ch, sh)
	}
	var ee block
	ee.set(xALPN, vec(2, vec(1, der("h2"))))
	s.shown(join(ch.client(), sh.server(), encryptedExtensions(ee), chain13([]*certificate{s.leaf, s.issuing.certificate}, of)))
}

// first13 has the first certificate carry the staple of the scene.
func (s *scene) first13(change func(ch, sh *hello)) {
	s.flight13(change, func(i int) block {
		if i > 0 {
			return nil
		}
		return stapled(s.response.der())
	})
}

// flight12 is what a server of TLS 1.2 sends up to the staple, which is given as
// the body of its message; nil: there is none.
func (s *scene) flight12(change func(ch, sh *hello), status der) {
	ch, sh := oldHello(), oldServer()
	if change != nil {
		change(ch, sh)
	}
	all := join(ch.client(), sh.server(), chain12(s.leaf, s.issuing.certificate))
	if status != nil {
		all = join(all, tlsMessage(22, status))
	}
	s.shown(all)
}

// entryFor is an answer for another certificate, put in place of the leaf's.
func (s *scene) aboutAnother() {
	s.first().id.serial = serialFor("another")
}

// tlsStaples is about staples as a handshake carries them: ocsp.staple.* and
// tls.status.*.
var tlsStaples = []vector{
	{name: "staple-13", about: "A good staple stands beside the first certificate of TLS 1.3.",
		make: func(s *scene) { s.first13(nil) }},
	{name: "staple-13-none", about: "The client asks for a staple, and no certificate has one.", pair: "staple-13",
		make: func(s *scene) { s.flight13(nil, nil) }},
	{name: "staple-13-not-asked", about: "The client does not ask for a staple, and none comes.", pair: "staple-13-none",
		make: func(s *scene) { s.flight13(func(ch, _ *hello) { ch.drop(xStatus) }, nil) }},
	{name: "staple-13-expired", about: "The staple expired yesterday.", pair: "staple-13",
		make: func(s *scene) {
			s.times(-6*day, -day)
			s.first13(nil)
		}},
	{name: "staple-13-revoked", about: "The staple says that the server's certificate is revoked.", pair: "staple-13",
		make: func(s *scene) {
			s.first().status = revoked(at(-3*time.Hour), 1)
			s.first13(nil)
		}},
	{name: "staple-13-later", about: "The server staples an error of its responder: try later.", pair: "staple-13",
		make: func(s *scene) {
			s.flight13(nil, func(i int) block {
				if i > 0 {
					return nil
				}
				return stapled(seq(enumerated(3)))
			})
		}},
	{name: "staple-13-other", about: "The staple is for another certificate than the server shows.", pair: "staple-13",
		make: func(s *scene) {
			s.aboutAnother()
			s.first13(nil)
		}},
	{name: "staple-13-second", about: "The staple for the server's certificate stands beside the second one.", pair: "staple-13",
		make: func(s *scene) {
			s.flight13(nil, func(i int) block {
				if i == 0 {
					return nil
				}
				return stapled(s.response.der())
			})
		}},
	{name: "staple-13-nonce", about: "The staple has a nonce that the client did not send.", pair: "staple-13",
		make: func(s *scene) {
			nonced(sent)(s)
			s.first13(nil)
		}},
	{name: "staple-13-nonce-other", about: "The client asks for a staple with one nonce, and gets one with another.", pair: "staple-13-nonce",
		make: func(s *scene) {
			nonced(sent)(s)
			s.first13(func(ch, _ *hello) {
				ch.set(xStatus, der{1}, vec(2), vec(2, extensions([]extension{nonceOf(random("another nonce", 32))})))
			})
		}},
	{name: "staple-13-empty", about: "The staple has no octets.", pair: "staple-13",
		make: func(s *scene) {
			s.flight13(nil, func(i int) block { return block{{xStatus, der{1, 0, 0, 0}}}[:1-i] })
		}},
	{name: "staple-13-length", about: "The length inside the staple is one more than the octets that follow.", pair: "staple-13",
		make: func(s *scene) {
			s.flight13(nil, func(i int) block {
				b := statusOf(s.response.der())
				b[3]++
				return block{{xStatus, b}}[:1-i]
			})
		}},
	{name: "staple-13-type", about: "The staple is of type 2, which TLS 1.3 does not have.", pair: "staple-13",
		make: func(s *scene) {
			s.flight13(nil, func(i int) block {
				return block{{xStatus, join(der{2}, vec(3, vec(3, s.response.der())))}}[:1-i]
			})
		}},
	{name: "staple-13-v2", about: "The server answers status_request_v2 in TLS 1.3.", pair: "staple-13",
		make: func(s *scene) {
			s.flight13(func(ch, sh *hello) {
				ch.set(xStatusV2, vec(2, der{2}, vec(2, der{0, 0, 0, 0})))
				sh.set(xStatusV2)
			}, nil)
		}},
	{name: "staple-13-must", about: "The certificate demands a staple, the client asks for one, and none comes.", pair: "staple-13-must-kept",
		make: func(s *scene) {
			demanding(features(5))(s)
			s.flight13(nil, nil)
		}},
	{name: "staple-13-must-kept", about: "The certificate demands a staple, and a good one comes.", pair: "staple-13-must",
		make: func(s *scene) {
			demanding(features(5))(s)
			s.first13(nil)
		}},
	{name: "staple-13-two", about: "Two connections to two hosts, each with the staple of its own certificate.", pair: "staple-13-crossed",
		make: func(s *scene) { s.twoHosts(false) }},
	{name: "staple-13-crossed", about: "Two connections to two hosts, the second with the staple of the first one's certificate.", pair: "staple-13-two",
		make: func(s *scene) { s.twoHosts(true) }},
	{name: "staple-12", about: "A good staple comes in a message of its own in TLS 1.2.",
		make: func(s *scene) { s.flight12(nil, statusOf(s.response.der())) }},
	{name: "staple-12-unannounced", about: "The staple comes in TLS 1.2, and the ServerHello did not say so.", pair: "staple-12",
		make: func(s *scene) {
			s.flight12(func(_, sh *hello) { sh.drop(xStatus) }, statusOf(s.response.der()))
		}},
	{name: "staple-12-order", about: "CertificateStatus comes before Certificate.", pair: "staple-12",
		make: func(s *scene) {
			s.shown(join(oldHello().client(), oldServer().server(), tlsMessage(22, statusOf(s.response.der())), chain12(s.leaf, s.issuing.certificate)))
		}},
	{name: "staple-12-many", about: "A list of staples in TLS 1.2 has one more than there are certificates.", pair: "staple-12",
		make: func(s *scene) {
			s.flight12(func(ch, sh *hello) {
				ch.set(xStatusV2, vec(2, der{2}, vec(2, der{0, 0, 0, 0})))
				sh.drop(xStatus)
				sh.set(xStatusV2)
			}, join(der{2}, vec(3, vec(3, s.response.der()), vec(3), vec(3))))
		}},
}

// twoHosts shows two connections; crossed: the second has the first one's staple.
func (s *scene) twoHosts(crossed bool) {
	one := s.response.der()
	second := s.host("mail.example.org", s.issuing, nil)
	two := goodResponse(s.issuing, second)
	of := func(host string, leaf *certificate, response []byte) der {
		ch, sh := clientHello(), serverHello()
		ch.set(xServerName, serverName(host))
		for _, h := range []*hello{ch, sh} {
			h.random = random(host+" random "+string(rune(len(h.suites))), 32)
		}
		ch.set(xKeyShare, vec(2, u16(0x1d), vec(2, random(host+" client share", 32))))
		sh.set(xKeyShare, u16(0x1d), vec(2, random(host+" server share", 32)))
		return join(ch.client(), sh.server(), encryptedExtensions(nil), chain13([]*certificate{leaf, s.issuing.certificate}, func(i int) block {
			return block{{xStatus, statusOf(response)}}[:1-i]
		}))
	}
	other := two.der()
	if crossed {
		other = one
	}
	s.instead = []file{hexFile("www.hex", of("www.example.org", s.leaf, one)), hexFile("mail.hex", of("mail.example.org", second, other))}
}

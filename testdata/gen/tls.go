package main

import (
	"time"

	"derscope/testdata/talk"
)

// conversation are the wishes for a good handshake with www.example.org, which
// vectors change: TLS 1.2 (0x0303) or 1.3 (0x0304), the server's chain of two
// certificates, no staple, no request of a client certificate, no ticket.
//
//	w := s.conversation(0x0304)
//	w.Staple = s.response.der()
//	s.show(dumpFile("handshake.txt", w.Run()))
func (s *scene) conversation(version uint16) talk.Wishes {
	w := talk.Wishes{Version: version, Host: "www.example.org", Seed: "connection", ALPN: []string{"http/1.1"}, AskStatus: true, Start: at(-time.Minute),
		Chain: [][]byte{s.leaf.der, s.issuer.der}, Scheme: schemeOf(s.leaf.key),
		Sign: func(content []byte) []byte { return signAs(s.leaf.key, content) }}
	if version == 0x0303 && s.leaf.key.rsa != nil {
		w.Suite = 0xc02f
	}
	return w
}

// schemeOf is the signature scheme that a key signs handshakes with.
func schemeOf(k *key) uint16 {
	if k.rsa != nil {
		return 0x0804
	}
	return 0x0403
}

// signAs signs a handshake with the scheme of schemeOf.
func signAs(k *key, content []byte) []byte {
	if k.rsa != nil {
		return k.sign(pssSHA256, content)
	}
	return k.sign(ecdsaSHA256, content)
}

// asking has the server ask for a client certificate of the issuing CA.
func (s *scene) asking(w *talk.Wishes) {
	w.Request = &talk.Request{Types: []byte{1, 64}, Schemes: []uint16{0x0403, 0x0804, 0x0401}, Authorities: [][]byte{s.issuing.subject}}
}

// user is the certificate of a user, for client authentication, with its key.
func (s *scene) user(change func(c *certificate)) *certificate {
	return s.host("user.example.org", s.issuing, func(c *certificate) {
		c.key = s.key("client")
		c.with(purposes("1.3.6.1.5.5.7.3.2"))
		if change != nil {
			change(c)
		}
	})
}

// answering has the client send a certificate, with its issuer.
func (s *scene) answering(w *talk.Wishes, c *certificate) {
	w.ClientChain = [][]byte{c.der, s.issuing.der}
	w.ClientScheme = schemeOf(c.key)
	w.ClientSign = func(content []byte) []byte { return signAs(c.key, content) }
}

// someTickets are n tickets whose octets are noise, each with values of its own.
func someTickets(n int) []talk.Ticket {
	var list []talk.Ticket
	for i := range n {
		list = append(list, talk.Ticket{Lifetime: 7200, AgeAdd: 0x5eed0000 + uint32(i)*0x01234567, Nonce: []byte{0, 0, 0, 0, 0, 0, 0, byte(i)},
			Octets: talk.Random("ticket "+string(rune('0'+i)), 192)})
	}
	return list
}

// resuming are the wishes for a second connection that offers the session i of a
// first one, ten minutes later.
func resuming(w talk.Wishes, first *talk.Talk, i int) talk.Wishes {
	w.Resume = &first.Sessions[i]
	w.Seed, w.Age = w.Seed+", again", 10*time.Minute
	w.Start = w.Resume.Issued.Add(w.Age)
	return w
}

// dumpFile is what openssl s_client -msg prints of a conversation.
func dumpFile(name string, t *talk.Talk) file { return file{name, t.Dump()} }

// show puts files in place of the response and its certificates.
func (s *scene) show(files ...file) { s.instead = files }

// conversing makes a vector of the dump of one conversation, with changes.
func conversing(version uint16, change func(s *scene, w *talk.Wishes)) func(s *scene) {
	return func(s *scene) {
		w := s.conversation(version)
		if change != nil {
			change(s, &w)
		}
		s.show(dumpFile("handshake.txt", w.Run()), certFile("issuer.pem", s.issuer))
	}
}

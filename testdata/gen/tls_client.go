package main

import (
	"os"
	"time"
)

// visitor is the certificate of a client, with changes.
func (s *scene) visitor(name string, by *authorityCert, change func(c *certificate)) *certificate {
	k := s.key("client")
	c := &certificate{
		version: 2, serial: serialFor(name), subject: dn(name), key: k,
		begin: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		end:   time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		extensions: []extension{
			endEntity(), keyUsage(digitalSignature), purposes(idClientAuth), authorityKey(by.key.hash()),
		},
	}
	if change != nil {
		change(c)
	}
	return by.issue(c)
}

const idClientAuth = "1.3.6.1.5.5.7.3.2"

// request shows a CertificateRequest beside the certificates of a client.
func (s *scene) request(message der, candidates ...*certificate) {
	var more []file
	for i, c := range candidates {
		more = append(more, certFile([]string{"client.pem", "second.pem", "third.pem"}[i], c))
	}
	s.instead = append([]file{hexFile("request.hex", message)}, more...)
}

// ask13 is a request of TLS 1.3 for the issuing CA's certificates, with changes.
func (s *scene) ask13(change func(b *block)) der {
	b := requesting(s.issuing.subject)
	if change != nil {
		change(&b)
	}
	return certificateRequest(nil, b)
}

// keyOf is one of the keys of the generator, as a file.
func keyOf(name, key string) file {
	b, err := os.ReadFile("testdata/gen/keys/" + key + ".pem")
	if err != nil {
		if b, err = os.ReadFile("keys/" + key + ".pem"); err != nil {
			panic(err)
		}
	}
	return file{name, string(b)}
}

// nameAs is a name like that of a CA, its common name in another string type or
// with other letters.
func nameAs(common der) der {
	return seq(set(seq(oid("2.5.4.10"), utf8("Example"))), set(seq(oid("2.5.4.3"), common)))
}

// filterOf is oid_filters with these pairs of identifier and values.
func filterOf(pairs ...der) der {
	var all der
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, join(vec(1, pairs[i]), vec(2, pairs[i+1]))...)
	}
	return vec(2, all)
}

// beside makes a vector of a request and one client certificate.
func beside(ask func(s *scene) der, change func(c *certificate)) func(s *scene) {
	return func(s *scene) { s.request(ask(s), s.visitor("Example Client", s.issuing, change)) }
}

func plainAsk(s *scene) der { return s.ask13(nil) }

// after13 shows a request in the handshake of TLS 1.3.
func (s *scene) after13(change func(ch, sh *hello), request der) {
	ch, sh := clientHello(), serverHello()
	if change != nil {
		change(ch, sh)
	}
	s.shown(join(ch.client(), sh.server(), encryptedExtensions(nil), request))
}

// tlsClients is about client certificates: tls.certreq.*, tls.candidate.* and
// tls.status.client.
var tlsClients = []vector{
	{name: "request", about: "A request of TLS 1.3 names one CA, and the client has a certificate of it and one of another.", pair: "request-none-fits",
		make: func(s *scene) {
			s.request(plainAsk(s), s.visitor("Example Client", s.issuing, nil), s.visitor("Client of another CA", s.other, nil))
		}},
	{name: "request-none-fits", about: "A request of TLS 1.3 names one CA, and the client has a certificate of another.", pair: "request",
		make: func(s *scene) { s.request(plainAsk(s), s.visitor("Client of another CA", s.other, nil)) }},
	{name: "request-alone", about: "A request of TLS 1.3 names one CA, and no certificate is at hand.", pair: "request",
		make: func(s *scene) { s.request(plainAsk(s)) }},
	{name: "request-any", about: "A request of TLS 1.3 names no CA.", pair: "request",
		make: beside(func(s *scene) der { return s.ask13(func(b *block) { b.drop(xAuthorities) }) }, nil)},
	{name: "request-12", about: "A request of TLS 1.2 names types, signatures and one CA.",
		make: beside(func(s *scene) der { return oldRequest(der{1, 64}, []int{0x0403, 0x0401}, s.issuing.subject) }, nil)},
	{name: "request-12-types", about: "A request of TLS 1.2 takes fixed Diffie-Hellman certificates alone.", pair: "request-12",
		make: beside(func(s *scene) der { return oldRequest(der{3, 4}, []int{0x0403, 0x0401}, s.issuing.subject) }, nil)},
	{name: "request-12-contradicts", about: "A request of TLS 1.2 has the type for ECDSA and no signature of it.", pair: "request-12",
		make: beside(func(s *scene) der { return oldRequest(der{1, 64}, []int{0x0401, 0x0501}, s.issuing.subject) }, nil)},
	{name: "request-no-algorithms", about: "A request of TLS 1.3 lacks signature_algorithms.", pair: "request",
		make: beside(func(s *scene) der { return s.ask13(func(b *block) { b.drop(xAlgorithms) }) }, nil)},
	{name: "request-sha1", about: "A request of TLS 1.2 takes signatures over SHA-1 alone.", pair: "request-12",
		make: beside(func(s *scene) der { return oldRequest(der{1, 64}, []int{0x0201, 0x0203}, s.issuing.subject) }, nil)},
	{name: "request-pkcs1", about: "A request of TLS 1.3 takes RSA as PKCS #1 only, which cannot sign a handshake.", pair: "request",
		make: beside(func(s *scene) der {
			return s.ask13(func(b *block) { b.set(xAlgorithms, vec(2, u16s(0x0401, 0x0501))) })
		}, nil)},
	{name: "request-not-a-name", about: "One of the authorities is a UTF8String and no Name.", pair: "request",
		make: beside(func(s *scene) der {
			return certificateRequest(nil, requesting(s.issuing.subject, utf8("Example Issuing CA R3")))
		}, nil)},
	{name: "request-twice", about: "One authority is listed twice.", pair: "request",
		make: beside(func(s *scene) der { return certificateRequest(nil, requesting(s.issuing.subject, s.issuing.subject)) }, nil)},
	{name: "request-filters", about: "The server asks for a certificate with the purpose clientAuth.", pair: "request-filters-any",
		make: beside(func(s *scene) der {
			return s.ask13(func(b *block) { b.set(xFilters, filterOf(oid("2.5.29.37"), seq(oid(idClientAuth)))) })
		}, nil)},
	{name: "request-filters-any", about: "A filter asks for anyExtendedKeyUsage, which it must not.", pair: "request-filters",
		make: beside(func(s *scene) der {
			return s.ask13(func(b *block) { b.set(xFilters, filterOf(oid("2.5.29.37"), seq(oid("2.5.29.37.0")))) })
		}, nil)},
	{name: "request-staple", about: "The server asks for a staple for the client's certificate.", pair: "request",
		make: beside(func(s *scene) der { return s.ask13(func(b *block) { b.set(xStatus) }) }, nil)},
	{name: "request-context", about: "A request in the handshake has a context.", pair: "request",
		make: func(s *scene) {
			s.after13(nil, certificateRequest(random("context", 32), requesting(s.issuing.subject)))
		}},
	{name: "request-resumed", about: "The server takes a PSK and asks for a certificate all the same.", pair: "request",
		make: func(s *scene) {
			s.after13(func(ch, sh *hello) {
				ch.offer(goodPSK())
				sh.set(xPSK, u16(0))
			}, s.ask13(nil))
		}},

	{name: "candidate-folded", about: "The CA is listed in another string type than in the certificate: OpenSSL finds it, Go does not.", pair: "request",
		make: beside(func(s *scene) der {
			return certificateRequest(nil, requesting(nameAs(printable("Example Issuing CA R3"))))
		}, nil)},
	{name: "candidate-algorithm", about: "The client's key is on P-256, and the request takes P-384 alone.", pair: "request",
		make: beside(func(s *scene) der {
			return s.ask13(func(b *block) { b.set(xAlgorithms, vec(2, u16s(0x0503, 0x0805))) })
		}, nil)},
	{name: "candidate-chain-algorithm", about: "The certificate is signed with RSA, which the request does not list.", pair: "request",
		make: beside(func(s *scene) der {
			return s.ask13(func(b *block) { b.set(xAlgorithms, vec(2, u16s(0x0403))) })
		}, nil)},
	{name: "candidate-usage", about: "The client's key may be used for key agreement alone.", pair: "request",
		make: beside(plainAsk, func(c *certificate) { c.with(keyUsage(0x08)) })},
	{name: "candidate-purpose", about: "The certificate is for servers.", pair: "request",
		make: beside(plainAsk, func(c *certificate) { c.with(purposes(idServerAuth)) })},
	{name: "candidate-expired", about: "The certificate expired yesterday.", pair: "request",
		make: beside(plainAsk, func(c *certificate) { c.end = at(-day) })},
	{name: "candidate-key", about: "The private key beside the certificate is its own.", pair: "candidate-key-other",
		make: func(s *scene) {
			beside(plainAsk, nil)(s)
			s.instead = append(s.instead, keyOf("key.pem", "client"))
		}},
	{name: "candidate-key-other", about: "The private key beside the certificate is another one.", pair: "candidate-key",
		make: func(s *scene) {
			beside(plainAsk, nil)(s)
			s.instead = append(s.instead, keyOf("key.pem", "leaf"))
		}},
	{name: "candidate-chain", about: "The request names the root, which is two steps above the certificate.", pair: "request",
		make: func(s *scene) {
			beside(func(s *scene) der { return certificateRequest(nil, requesting(s.root.subject)) }, nil)(s)
			s.instead = append(s.instead, certFile("intermediate.pem", s.issuing.certificate))
		}},
}

package main

import "time"

// states is about what other programs than OpenSSL seal or save.
var states = []vector{
	{name: "session-go-client", about: "What a client of Go 1.21 to 1.24 saves of TLS 1.3.", make: plainState(func(s *scene) []byte { return s.goState(0x0304, 2, 0) })},
	{name: "session-go-12", about: "What Go 1.25 seals into a ticket of TLS 1.2, with a client certificate and its OCSP response.",
		make: plainState(func(s *scene) []byte { return s.goState(0x0303, 1, 29) })},
	{name: "session-go-old-12", about: "What Go 1.20 and earlier seal into a ticket of TLS 1.2.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0303), num(2, 0xc02f), num(8, unix(at(-time.Hour))), behind(2, drawn("main secret", 48)), behind(3, behind(3, s.leaf.der)))
	})},
	{name: "session-go-old-13", about: "What Go 1.20 and earlier seal into a ticket of TLS 1.3.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0304), []byte{0}, num(2, 0x1301), num(8, unix(at(-time.Hour))), behind(1, drawn("resumption", 32)), behind(3))
	})},
	{name: "session-gnutls-12", about: "What a client of GnuTLS 3.7.9 saves of TLS 1.2, with both randoms.", make: plainState(func(s *scene) []byte { return s.gnutlsState(4, 2) })},
	{name: "session-gnutls-13", about: "What a client of GnuTLS 3.7.9 saves of TLS 1.3.", make: plainState(func(s *scene) []byte { return s.gnutlsState(5, 2) })},
	{name: "session-gnutls-ticket", about: "What GnuTLS 3.7.9 seals into a ticket of TLS 1.3.", make: plainState(func(s *scene) []byte {
		return all(num(2, 6), num(4, 0x5db1a411), num(4, 21600), behind(1, drawn("resumption", 32)), behind(1, drawn("nonce", 4)),
			behind(2, s.gnutlsState(5, 1)), num(8, unix(at(-time.Hour))), num(4, 5000), make([]byte, 7))
	})},
	{name: "session-nss", about: "What NSS seals: the secret is wrapped once more.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x010a), num(2, 0x0303), num(2, 0xc02f), []byte{1}, num(4, 2048), []byte{4}, num(4, 255), num(4, 29), num(4, 0x0804), []byte{0},
			num(4, 0x1082), behind(2, drawn("wrapped", 48)), []byte{0}, num(8, uint64(at(-time.Hour).UnixMicro())), behind(2, []byte("www.example.org")), []byte{1},
			num(4, 0), behind(1, []byte("h2")), num(4, 0), num(4, 0xfffffff0), behind(2))
	})},
	{name: "session-mbedtls-2", about: "What Mbed TLS 2.28.3 keeps of TLS 1.2.", make: plainState(func(s *scene) []byte {
		return all([]byte{2, 28, 3}, num(2, 0x7f), num(8, unix(at(-time.Hour))), num(2, 0xc02f), []byte{0}, mbedCommon(), behind(3, s.leaf.der),
			behind(3, drawn("ticket", 160)), num(4, 86400), []byte{0, 0, 0})
	})},
	{name: "session-mbedtls-36-12", about: "What a client of Mbed TLS 3.6 keeps of TLS 1.2.", make: plainState(func(s *scene) []byte {
		return all([]byte{3, 6, 2}, num(2, 0x7ff), []byte{3, 0}, num(2, 0xc02f), num(8, unix(at(-time.Hour))), mbedCommon(), behind(3, s.leaf.der),
			behind(3, drawn("ticket", 160)), num(4, 86400), []byte{0, 0})
	})},
	{name: "session-mbedtls-36-13", about: "What a client of Mbed TLS 3.6 keeps of TLS 1.3.", make: plainState(func(s *scene) []byte {
		return all([]byte{3, 6, 2}, num(2, 0x7ff), []byte{4, 0}, num(2, 0x1301), num(4, 0x5db1a411), []byte{5}, behind(1, drawn("psk", 32)),
			num(4, 0), num(2, 16385), behind(2, []byte("www.example.org\x00")), num(8, milli(at(-time.Hour))), num(4, 7200), behind(2, drawn("ticket", 160)))
	})},
	{name: "session-mbedtls-server", about: "What a server of Mbed TLS 3.6 seals of TLS 1.3.", make: plainState(func(s *scene) []byte {
		return all([]byte{3, 6, 2}, num(2, 0x7ff), []byte{4, 1}, num(2, 0x1302), num(4, 0x5db1a411), []byte{5}, behind(1, drawn("psk", 48)),
			num(4, 1024), num(2, 16385), num(8, milli(at(-time.Hour))), behind(2, []byte("h2\x00")))
	})},
	{name: "session-wolfssl-12", about: "What wolfSSL seals of TLS 1.2.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0303), num(2, 0xc02f), drawn("main secret", 48), num(4, unix(at(-time.Hour))), []byte{1}, drawn("id", 32))
	})},
	{name: "session-wolfssl-13", about: "What wolfSSL seals of TLS 1.3, with 64-bit times and OpenSSL's names.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0304), num(2, 0x1301), drawn("psk", 32), make([]byte, 16), num(8, milli(at(-time.Hour))), []byte{0}, num(4, 0x5db1a411), num(2, 29),
			[]byte{2, 0, 1, 0, 0, 0, 0, 0, 0}, num(4, 4096), drawn("id", 32), []byte{4}, []byte("shop"), make([]byte, 28))
	})},
	{name: "session-rustls", about: "What rustls 0.23 seals of TLS 1.3.", make: plainState(func(s *scene) []byte {
		return all([]byte{1}, behind(1, []byte("www.example.org")), num(2, 0x0304), num(2, 0x1301), behind(1, drawn("psk", 32)), []byte{0}, []byte{1},
			behind(3, behind(3, s.leaf.der)), []byte{1}, behind(1, []byte("h2")), behind(2, []byte("user=alice")), num(8, unix(at(-time.Hour))), num(4, 0x5db1a411))
	})},
	{name: "session-rustls-024", about: "What rustls 0.24 seals of TLS 1.2.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0303), num(8, unix(at(-time.Hour))), []byte{1}, behind(1, []byte("www.example.org")), num(2, 0xc02f), []byte{1, 0},
			behind(3, s.leaf.der), behind(3, behind(3, s.issuing.der)), []byte{0}, behind(2), drawn("main secret", 48), []byte{1})
	})},
	{name: "session-rustls-024-key", about: "What rustls 0.24 seals of TLS 1.3, with a raw public key of the client.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0304), num(8, unix(at(-time.Hour))), []byte{0}, num(2, 0x1301), []byte{1, 1}, behind(3, s.key("leaf").spki), []byte{1},
			behind(1, []byte("h2")), behind(2), behind(1, drawn("psk", 32)), num(4, 0x5db1a411))
	})},
	{name: "session-s2n-12", about: "What a client of s2n-tls exports of TLS 1.2.", make: plainState(func(s *scene) []byte {
		return all([]byte{1}, behind(2, drawn("ticket", 108)), []byte{4, 33}, num(2, 0xc02f), num(8, uint64(at(-time.Hour).UnixNano())), drawn("main secret", 48), []byte{1})
	})},
	{name: "session-s2n-id", about: "What a client of s2n-tls exports of TLS 1.2 with a session id.", make: plainState(func(s *scene) []byte {
		return all([]byte{0}, behind(1, drawn("id", 32)), []byte{4, 33}, num(2, 0xc02f), num(8, uint64(at(-time.Hour).UnixNano())), drawn("main secret", 48), []byte{0})
	})},
	{name: "session-s2n-13", about: "What a server of s2n-tls seals of TLS 1.3, with early data.", make: plainState(func(s *scene) []byte {
		return all([]byte{2, 34}, num(2, 0x1301), num(8, uint64(at(-time.Hour).UnixNano())), num(4, 0x5db1a411), behind(1, drawn("psk", 32)),
			num(8, uint64(at(6*day).UnixNano())), num(4, 4096), behind(1, []byte("h2")), behind(2, []byte("context")))
	})},
	{name: "session-picotls", about: "What picotls seals.", make: plainState(func(s *scene) []byte {
		return behind(2, []byte("ptls0001"), num(8, milli(at(-time.Hour))), behind(2, drawn("psk", 32)), num(2, 29), num(2, 0x1301), num(4, 0x5db1a411),
			behind(2, []byte("www.example.org")), behind(1, []byte("h2")))
	})},
	{name: "session-picotls-context", about: "What picotls seals with a context in place of a name.", make: plainState(func(s *scene) []byte {
		return behind(2, []byte("ptls0001"), num(8, milli(at(-time.Hour))), behind(2, drawn("psk", 48)), num(2, 29), num(2, 0x1302), num(4, 0x5db1a411),
			behind(2, drawn("context", 32)), behind(1))
	})},
	{name: "session-fizz", about: "What fizz seals, with the client's certificate.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0304), num(2, 0x1301), behind(2, drawn("resumption", 32)), behind(2, []byte("www.example.org")), []byte{1}, behind(2, s.leaf.der),
			num(4, 0x5db1a411), num(8, unix(at(-time.Hour))), behind(1, []byte("h2")), behind(2, []byte("token")), num(8, unix(at(-day))))
	})},
	{name: "session-fizz-identity", about: "What fizz seals, with the client's identity alone.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0304), num(2, 0x1301), behind(2, drawn("resumption", 32)), behind(2), []byte{2}, behind(2, []byte("alice")),
			num(4, 0x5db1a411), num(8, unix(at(-time.Hour))), behind(1))
	})},
	{name: "session-jsse", about: "What Java 24 and earlier seal of TLS 1.2, with both randoms and an OCSP response.", make: plainState((*scene).javaState)},
	{name: "session-jsse-13", about: "What Java 24 and earlier seal of TLS 1.3.", make: plainState(func(s *scene) []byte {
		return all(num(2, 0x0304), num(2, 0x1301), []byte{1}, num(2, 0x0804), []byte{0}, behind(2, []byte("TlsResumptionMasterSecret")), behind(2, drawn("psk", 32)),
			behind(1, drawn("identity", 8)), behind(1), []byte{0}, behind(1), behind(1), num(2, 0), num(4, 16709), num(4, 0xffffffff), num(8, milli(at(-time.Hour))),
			num(2, 0), behind(1), num(2, 0), []byte{0}, []byte{2}, behind(1, []byte("PSK")), behind(4, drawn("agreed", 32)), behind(4, []byte("client")),
			behind(1, []byte("TlsExporterMasterSecret")), behind(2, drawn("exporter", 32)), behind(1), behind(1))
	})},
	{name: "session-jsse-25", about: "What Java 25 seals of TLS 1.3.", make: plainState(func(s *scene) []byte { return s.javaState25(0x0304) })},
	{name: "session-jsse-25-12", about: "What Java 25 seals of TLS 1.2.", make: plainState(func(s *scene) []byte { return s.javaState25(0x0303) })},
	{name: "session-botan", about: "What a client of Botan 3.3 saves of TLS 1.3.", make: func(s *scene) {
		b := seq(integer(20231031), integer(at(-time.Hour).Unix()), integer(3), integer(4), integer(0x1301), integer(1), der{1, 1, 0}, der{1, 1, 0},
			octets(drawn("psk", 32)...), seq(der(s.leaf.der)), octets(), utf8("www.example.org"), utf8("https"), integer(443), integer(0), der{1, 1, 0},
			integer(0), integer(0x5db1a411), integer(7200))
		s.instead = []file{armored("session.pem", "TLS SESSION", b)}
	}},
	{name: "session-botan-old", about: "A session of Botan 2, whose structure is another.", pair: "session-botan", make: func(s *scene) {
		b := seq(integer(20160812), integer(at(-time.Hour).Unix()), integer(3), integer(3), octets(drawn("id", 32)...), octets(drawn("ticket", 64)...), integer(0xc02f))
		s.instead = []file{armored("session.pem", "TLS SESSION", b)}
	}},
}

// mbedCommon is session id, main secret and result of the verification.
func mbedCommon() []byte {
	return all([]byte{32}, drawn("id", 32), drawn("main secret", 48), num(4, 0))
}

// goState is SessionState of Go 1.21 and later; group 0 leaves the group out.
func (s *scene) goState(protocol uint64, side byte, group uint64) []byte {
	suite, secret := uint64(0xc02f), drawn("main secret", 48)
	ems := byte(1)
	if protocol == 0x0304 {
		suite, secret, ems = 0x1301, drawn("psk", 32), 0
	}
	staple := all(num(2, 5), behind(2, []byte{1}, behind(3, s.response.der())))
	b := all(num(2, protocol), []byte{side}, num(2, suite), num(8, unix(at(-time.Hour))), behind(1, secret), behind(3, behind(3, []byte("user=alice"))), []byte{ems, 0},
		behind(3, behind(3, s.leaf.der), behind(2, staple)), behind(3, behind(3, behind(3, s.issuing.der))))
	if group != 0 {
		b = append(b, num(2, group)...)
	}
	if side == 2 && protocol == 0x0304 {
		b = all(b, num(8, unix(at(6*day))), num(4, 0x5db1a411))
	}
	return b
}

// gnutlsState is a packed session of GnuTLS 3.7.9: version 4 is TLS 1.2, 5 is
// TLS 1.3; side 1 is a server, 2 a client.
func (s *scene) gnutlsState(version, side uint64) []byte {
	certs := all(num(4, 0))
	if side == 2 {
		certs = all(num(4, 1), behind(4, s.leaf.der))
	}
	auth := all(num(4, 0), behind(4), behind(4), behind(4), certs, num(4, 0))
	params := all(num(4, side), num(4, 6), num(4, 1), num(4, 1), behind(1, drawn("id", 32)), num(4, version), num(4, 1), num(4, 1))
	head := all(num(4, 0xFADEBADD+0x030709), num(4, unix(at(-time.Hour))), num(4, 21600), []byte{1}, behind(4, auth))
	if version == 5 {
		ticket := behind(4)
		if side == 2 {
			ticket = behind(4, num(4, 21600), num(4, 0x5db1a411), behind(1, drawn("nonce", 4)), behind(4, drawn("ticket", 192)), behind(1, drawn("resumption", 32)),
				num(8, unix(at(-time.Hour))), num(4, 5000), num(4, 0))
		}
		return all(head, behind(4, params, num(2, 0x1301)), ticket)
	}
	params = all(params, num(2, 0xc02f), behind(1, drawn("main secret", 48)), behind(1, drawn("client random", 32)), behind(1, drawn("server random", 32)),
		num(4, 16384), num(4, 16384), num(4, 6), num(4, 1), num(4, 0), num(4, 1), num(4, 0))
	return all(head, behind(4, params), num(4, 2), num(4, 13), behind(4, behind(4, drawn("ticket", 208))),
		num(4, 18), behind(4, behind(2, []byte("www.example.org"))))
}

// javaState is what JSSE up to release 24 seals of TLS 1.2.
func (s *scene) javaState() []byte {
	return all(num(2, 0x0303), num(2, 0xc02f), []byte{2}, num(2, 0x0804), num(2, 0x0403), []byte{1}, num(2, 0x0804), num(2, 0), behind(1),
		behind(1, []byte("TlsMasterSecret")), behind(2, drawn("main secret", 48)), []byte{1}, behind(1, []byte("HTTPS")), behind(1, []byte("www.example.org")),
		num(2, 1), behind(1, []byte("www.example.org")), num(4, 16709), num(4, 0xffffffff), num(8, milli(at(-time.Hour))), num(2, 1), behind(2, s.response.der()),
		behind(1, []byte("192.0.2.7")), num(2, 50123), []byte{1}, behind(4, s.leaf.der), []byte{1, 1}, behind(4, s.issuing.der),
		behind(1), behind(1, drawn("client random", 32)), behind(1, drawn("server random", 32)))
}

// javaState25 is what JSSE of release 25 seals.
func (s *scene) javaState25(protocol uint64) []byte {
	suite, secret := num(2, 0x1301), behind(2, drawn("psk", 32))
	if protocol == 0x0303 {
		suite, secret = num(2, 0xc02f), all(behind(2, drawn("main secret", 48)), []byte{1})
	}
	return all(num(2, protocol), suite, []byte{1}, num(2, 0x0804), secret, behind(1), behind(1, []byte("www.example.org")), num(2, 0), num(4, 16709), num(4, 0xffffffff),
		num(8, milli(at(-time.Hour))), behind(1, []byte("192.0.2.7")), num(2, 50123), []byte{0}, []byte{1}, behind(1, []byte("EC")), num(4, 0x11223344))
}

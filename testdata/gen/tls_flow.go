package main

import (
	"bytes"
	"compress/zlib"

	"derscope/testdata/talk"
)

// withLog shows a conversation and its key log.
func withLog(version uint16, change func(s *scene, w *talk.Wishes)) func(s *scene) {
	return func(s *scene) {
		w := s.conversation(version)
		w.AskStatus = true
		if change != nil {
			change(s, &w)
		}
		t := w.Run()
		s.show(dumpFile("handshake.txt", t), file{"keys.log", t.KeyLog})
	}
}

// compressing sends the certificates of the server compressed, as if they had
// another length.
func compressing(more int, offered bool) func(*scene, *talk.Wishes) {
	return func(_ *scene, w *talk.Wishes) {
		if offered {
			asks(w, func(h *talk.Hello) { h.Put(talk.Ext(27, talk.Vec(1, talk.Nums(2, 1)))) })
		}
		editing(w, "Certificate", func(_ talk.Side, m []byte) []byte {
			var b bytes.Buffer
			z, _ := zlib.NewWriterLevel(&b, zlib.NoCompression) // the same in every release of Go
			z.Write(m[4:])
			z.Close()
			return talk.Msg(25, talk.Num(2, 1), talk.Num(3, uint64(len(m)-4+more)), talk.Vec(3, b.Bytes()))
		})
	}
}

// ending has a side end the handshake behind a message.
func ending(after string, from talk.Side, number byte, change func(s *scene, w *talk.Wishes)) func(*scene, *talk.Wishes) {
	return func(s *scene, w *talk.Wishes) {
		if change != nil {
			change(s, w)
		}
		w.Stop, w.Alert = after, talk.Alert{From: from, Level: 2, Description: number}
	}
}

// tampered changes the last octet of the messages of a name.
func tampered(name string) func(*scene, *talk.Wishes) {
	return func(_ *scene, w *talk.Wishes) {
		editing(w, name, func(_ talk.Side, m []byte) []byte {
			m = bytes.Clone(m)
			m[len(m)-1] ^= 1
			return m
		})
	}
}

// tlsMessages are vectors of the form of records and messages.
var tlsMessages = []vector{
	{"record-cut", "The last record of the server is cut off.", "", func(s *scene) {
		b := s.plainRecords(talk.Server)
		s.show(hexFile("server.hex", b[:len(b)-3]))
	}},
	{"record-version", "The record of a ClientHello has version 0x0304.", "", func(s *scene) {
		b := s.plainRecords(talk.Client)
		b[2] = 4
		s.show(hexFile("client.hex", b))
	}},
	{"record-empty", "A handshake record is empty.", "", func(s *scene) {
		b := s.plainRecords(talk.Client)
		s.show(hexFile("client.hex", append(b, 22, 3, 3, 0, 0)))
	}},
	{"message-cut", "A ClientHello whose last three octets are missing.", "", func(s *scene) {
		w := s.conversation(0x0304)
		m := w.Run().Message("ClientHello", 0)
		s.show(hexFile("hello.hex", m[:len(m)-3]))
	}},
	{"message-left-over", "An octet behind the last field of a ServerHelloDone.", "", conversing(0x0303, func(_ *scene, w *talk.Wishes) {
		editing(w, "ServerHelloDone", func(talk.Side, []byte) []byte { return talk.Msg(14, []byte{0}) })
	})},
	{"message-finished", "A Finished of twelve octets in TLS 1.3.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) {
		editing(w, "Finished", func(from talk.Side, m []byte) []byte {
			if from == talk.Server {
				return m
			}
			return talk.Msg(20, m[4:16])
		})
	})},
	{"message-of-12", "A Certificate in the form of TLS 1.2 in a handshake of TLS 1.3.", "", conversing(0x0304, func(s *scene, w *talk.Wishes) {
		editing(w, "Certificate", func(talk.Side, []byte) []byte {
			return talk.Msg(11, talk.Vec(3, talk.Vec(3, s.leaf.der), talk.Vec(3, s.issuer.der)))
		})
	})},
	{"message-status", "A CertificateStatus in TLS 1.3.", "", conversing(0x0304, func(s *scene, w *talk.Wishes) {
		w.AskStatus = true
		editing(w, "CertificateVerify", func(_ talk.Side, m []byte) []byte {
			return append(talk.Msg(22, []byte{1}, talk.Vec(3, s.response.der())), m...)
		})
	})},
}

// plainRecords are the records of one side that are not encrypted, of TLS 1.2.
func (s *scene) plainRecords(from talk.Side) (b []byte) {
	w := s.conversation(0x0303)
	for _, sent := range w.Run().Sent {
		if sent.From == from && !sent.Protected && sent.Type == 22 {
			b = append(b, sent.Record...)
		}
	}
	return b
}

// tlsProofs are vectors of certificates and of what proves something.
var tlsProofs = []vector{
	{"proof-13", "A handshake of TLS 1.3 with its key log: everything is proved.", "", withLog(0x0304, nil)},
	{"proof-12", "A handshake of TLS 1.2 with its key log.", "", withLog(0x0303, nil)},
	{"proof-13-client", "Both sides prove their keys.", "", withLog(0x0304, func(s *scene, w *talk.Wishes) {
		s.asking(w)
		s.answering(w, s.user(nil))
	})},
	{"proof-12-client", "The client proves its key in TLS 1.2.", "", withLog(0x0303, func(s *scene, w *talk.Wishes) {
		s.asking(w)
		s.answering(w, s.user(nil))
	})},
	{"proof-signature", "One bit of the server's signature is changed.", "", withLog(0x0304, tampered("CertificateVerify"))},
	{"proof-missing", "A certificate without proof of its key.", "", withLog(0x0304, func(_ *scene, w *talk.Wishes) {
		editing(w, "CertificateVerify", func(talk.Side, []byte) []byte { return nil })
	})},
	{"proof-pkcs1", "RSA signs a handshake of TLS 1.3 by PKCS #1.", "", withLog(0x0304, func(s *scene, w *talk.Wishes) {
		w.Scheme = 0x0401
		w.Sign = func(content []byte) []byte { return s.leaf.key.sign(rsaSHA256, content) }
	})},
	{"proof-finished", "One bit of the Finished is changed.", "", withLog(0x0304, tampered("Finished"))},
	{"chain-order", "The certificates come in the wrong order.", "", conversing(0x0304, func(s *scene, w *talk.Wishes) {
		w.Chain = [][]byte{s.leaf.der, s.root.der, s.issuer.der}
	})},
	{"chain-empty", "The server has no certificate.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) { w.Chain = nil })},
	{"chain-host", "The certificate is for another host.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) { w.Host = "mail.example.net" })},
	{"compressed", "A certificate message that was compressed.", "", withLog(0x0304, compressing(0, true))},
	{"compressed-length", "A compressed certificate message announces another length.", "", withLog(0x0304, compressing(7, true))},
	{"compressed-unasked", "A compressed certificate message that nobody asked for.", "", withLog(0x0304, compressing(0, false))},
}

// tlsFlows are vectors of the order of messages and of how it ends.
var tlsFlows = []vector{
	{"flow-left-out", "The EncryptedExtensions are left out.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) {
		editing(w, "EncryptedExtensions", func(talk.Side, []byte) []byte { return nil })
	})},
	{"flow-hello-request", "The server asks for a second handshake in HTTP/2.", "", conversing(0x0303, func(_ *scene, w *talk.Wishes) {
		w.ALPN = []string{"h2"}
		editing(w, "Finished", func(from talk.Side, m []byte) []byte {
			if from == talk.Server {
				return append(m, talk.Msg(0)...)
			}
			return m
		})
	})},
	{"flow-sealed", "A recording of TLS 1.3 without its key log, which ends with nineteen octets.", "", func(s *scene) {
		w := s.conversation(0x0304)
		ending("Finished", talk.Server, 80, nil)(s, &w)
		s.show(hexFile("records.hex", w.Run().Records()))
	}},
	{"alert-unknown-ca", "The client does not know the issuer, and says so.", "", conversing(0x0304, ending("CertificateVerify", talk.Client, 48, nil))},
	{"alert-explained", "The client ends it for the signature that is wrong.", "", withLog(0x0304, ending("CertificateVerify", talk.Client, 51, tampered("CertificateVerify")))},
	{"alert-other", "The signature is wrong, and the alert speaks of something else.", "", withLog(0x0304, ending("CertificateVerify", talk.Client, 120, tampered("CertificateVerify")))},
	{"alert-close", "A handshake that is closed in the usual way.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) {
		w.Stop, w.Alert = "CertificateVerify", talk.Alert{From: talk.Client, Level: 1, Description: 0}
	})},
	{"alert-internal", "The server says internal_error in place of a ServerHello.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) {
		w.AskStatus = true
		w.Stop, w.Alert = "ClientHello", talk.Alert{From: talk.Server, Level: 2, Description: 80}
	})},
}

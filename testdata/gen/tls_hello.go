package main

import "derscope/testdata/talk"

// answer is the parts of a ServerHello, to be changed and put together again.
type answer struct {
	version     uint16
	random, id  []byte
	suite       uint16
	compression byte
	extensions  [][]byte
}

func parseServer(m []byte) *answer {
	b := m[4:]
	h := &answer{version: uint16(b[0])<<8 | uint16(b[1]), random: b[2:34:34]}
	n := int(b[34])
	h.id = b[35 : 35+n : 35+n]
	b = b[35+n:]
	h.suite, h.compression = uint16(b[0])<<8|uint16(b[1]), b[2]
	for b = b[5:]; len(b) >= 4; {
		n := 4 + int(b[2])<<8 + int(b[3])
		h.extensions = append(h.extensions, b[:n:n])
		b = b[n:]
	}
	return h
}

func (h *answer) bytes() []byte {
	return talk.Msg(2, talk.Num(2, uint64(h.version)), h.random, talk.Vec(1, h.id), talk.Num(2, uint64(h.suite)), []byte{h.compression}, talk.Vec(2, h.extensions...))
}

func (h *answer) drop(typ uint16) {
	for i, x := range h.extensions {
		if uint16(x[0])<<8|uint16(x[1]) == typ {
			h.extensions = append(h.extensions[:i:i], h.extensions[i+1:]...)
			return
		}
	}
}

// editing adds a change of the messages of a name to the wishes.
func editing(w *talk.Wishes, name string, change func(from talk.Side, m []byte) []byte) {
	before := w.Edit
	w.Edit = func(n string, from talk.Side, m []byte) []byte {
		if before != nil {
			m = before(n, from, m)
		}
		if n == name && m != nil {
			return change(from, m)
		}
		return m
	}
}

// asks changes the ClientHello.
func asks(w *talk.Wishes, change func(h *talk.Hello)) {
	editing(w, "ClientHello", func(_ talk.Side, m []byte) []byte {
		h := talk.ParseHello(m)
		change(h)
		return h.Bytes()
	})
}

// replying changes the ServerHello.
func replying(w *talk.Wishes, change func(h *answer)) {
	editing(w, "ServerHello", func(_ talk.Side, m []byte) []byte {
		h := parseServer(m)
		change(h)
		return h.bytes()
	})
}

// asking13 and asking12 are vectors of a ClientHello with a change, answered.
func asking13(change func(h *talk.Hello)) func(s *scene) {
	return conversing(0x0304, func(_ *scene, w *talk.Wishes) { w.AskStatus = true; asks(w, change) })
}

func asking12(change func(h *talk.Hello)) func(s *scene) {
	return conversing(0x0303, func(_ *scene, w *talk.Wishes) { w.AskStatus = true; asks(w, change) })
}

func answering13(change func(h *answer)) func(s *scene) {
	return conversing(0x0304, func(_ *scene, w *talk.Wishes) { w.AskStatus = true; replying(w, change) })
}

func answering12(change func(h *answer)) func(s *scene) {
	return conversing(0x0303, func(_ *scene, w *talk.Wishes) { w.AskStatus = true; replying(w, change) })
}

// tlsHellos are vectors of what is agreed in the hellos.
var tlsHellos = []vector{
	{"hello-versions", "The client offers TLS 1.1 beside what is allowed.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(43, talk.Vec(1, talk.Nums(2, 0x0304, 0x0303, 0x0302))))
	})},
	{"hello-tls11", "The server selects TLS 1.1.", "", answering12(func(h *answer) { h.version = 0x0302 })},
	{"hello-draft", "The server selects a version that was not offered.", "", answering13(func(h *answer) {
		h.drop(43)
		h.extensions = append(h.extensions, talk.Ext(43, talk.Num(2, 0x7f1c)))
	})},
	{"hello-suite-other", "The server selects a suite that was not offered.", "", answering13(func(h *answer) { h.suite = 0x1303 })},
	{"hello-suite-rc4", "The client offers RC4.", "", asking12(func(h *talk.Hello) { h.Suites = append(h.Suites, 0x0005) })},
	{"hello-suite-static", "The server selects a suite with a static RSA exchange.", "", conversing(0x0303, func(_ *scene, w *talk.Wishes) {
		asks(w, func(h *talk.Hello) { h.Suites = append(h.Suites, 0x009c) })
		replying(w, func(h *answer) { h.suite = 0x009c })
	})},
	{"hello-echo", "The session id comes back with one octet changed.", "", answering13(func(h *answer) {
		h.id = append([]byte(nil), h.id...)
		h.id[7] ^= 1
	})},
	{"hello-fields", "The legacy_version of a hello for TLS 1.3 is 0x0304.", "", asking13(func(h *talk.Hello) { h.Version = 0x0304 })},
	{"hello-compression", "The client offers compression.", "", asking12(func(h *talk.Hello) { h.Compression = []byte{1, 0} })},
	{"hello-random", "The client random is one octet over and over.", "", asking13(func(h *talk.Hello) {
		h.Random = make([]byte, 32)
		for i := range h.Random {
			h.Random[i] = 0x5a
		}
	})},
	{"hello-downgrade", "TLS 1.2 is selected, and the server random says that 1.3 was possible; the client offered it.", "", conversing(0x0303, func(_ *scene, w *talk.Wishes) {
		asks(w, func(h *talk.Hello) { h.Put(talk.Ext(43, talk.Vec(1, talk.Nums(2, 0x0304, 0x0303)))) })
		replying(w, func(h *answer) { h.random = append(append([]byte(nil), h.random[:24]...), "DOWNGRD\x01"...) })
	})},
	{"hello-downgrade-mark", "The mark of a server of TLS 1.3, for a client that offers no more than 1.2.", "", answering12(func(h *answer) {
		h.random = append(append([]byte(nil), h.random[:24]...), "DOWNGRD\x01"...)
	})},
	{"hello-fallback", "The client comes back with an older version, and the server could do better.", "", conversing(0x0303, func(_ *scene, w *talk.Wishes) {
		asks(w, func(h *talk.Hello) { h.Suites = append(h.Suites, 0x5600) })
		replying(w, func(h *answer) { h.random = append(append([]byte(nil), h.random[:24]...), "DOWNGRD\x01"...) })
	})},
	{"hello-renegotiation", "The server does not answer renegotiation_info.", "", answering12(func(h *answer) { h.drop(0xff01) })},
	{"hello-renegotiation-full", "The renegotiation_info of a first hello is not empty.", "", asking12(func(h *talk.Hello) {
		h.Put(talk.Ext(0xff01, talk.Vec(1, []byte("twelve octet"))))
	})},
	{"retry", "A HelloRetryRequest for another group, which the client follows.", "", conversing(0x0304, retrying(nil))},
	{"retry-same", "A HelloRetryRequest for a group whose share is there.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) { w.Retry = true })},
	{"retry-changed", "The second hello asks for another protocol.", "", conversing(0x0304, retrying(func(h *talk.Hello) {
		h.Put(talk.Ext(16, talk.Vec(2, talk.Vec(1, []byte("h2")))))
	}))},
}

// retrying has the server ask for another share than the first hello has; change
// changes the second hello.
func retrying(change func(h *talk.Hello)) func(*scene, *talk.Wishes) {
	return func(_ *scene, w *talk.Wishes) {
		w.Retry = true
		n := 0
		asks(w, func(h *talk.Hello) {
			if n++; n == 1 {
				point := append([]byte{4}, talk.Random("share of P-256", 64)...)
				h.Put(talk.Ext(51, talk.Vec(2, talk.Num(2, 23), talk.Vec(2, point))))
			} else if change != nil {
				change(h)
			}
		})
	}
}

// tlsExtensions are vectors of single extensions.
var tlsExtensions = []vector{
	{"ext-body", "The supported_versions of the client holds half a number.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(43, []byte{5, 3, 4, 3, 3, 3}))
	})},
	{"ext-twice", "An extension stands there twice.", "", asking13(func(h *talk.Hello) {
		h.Extensions = append(h.Extensions, talk.Ext(23))
	})},
	{"ext-place", "The extension status_request stands in the EncryptedExtensions.", "", conversing(0x0304, func(_ *scene, w *talk.Wishes) {
		w.AskStatus = true
		editing(w, "EncryptedExtensions", func(talk.Side, []byte) []byte { return talk.Msg(8, talk.Vec(2, talk.Ext(5))) })
	})},
	{"ext-unasked", "The server answers a protocol that nobody asked for.", "", asking13(func(h *talk.Hello) { h.Drop(16) })},
	{"ext-grease", "The client sends a value without meaning.", "", asking13(func(h *talk.Hello) { h.Put(talk.Ext(0x3a3a)) })},
	{"ext-host-address", "The server_name is an address.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(0, talk.Vec(2, []byte{0}, talk.Vec(2, []byte("192.0.2.1")))))
	})},
	{"ext-host-two", "The server_name holds two names.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(0, talk.Vec(2, []byte{0}, talk.Vec(2, []byte("www.example.org")), []byte{0}, talk.Vec(2, []byte("example.org")))))
	})},
	{"ext-alpn-other", "The server picks a protocol that the client does not name.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(16, talk.Vec(2, talk.Vec(1, []byte("h2")))))
	})},
	{"ext-status-nonce", "The client wants a nonce in the staple.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(5, []byte{1}, talk.Vec(2), talk.Vec(2, seq(seq(oid("1.3.6.1.5.5.7.48.1.2"), tlv(4, tlv(4, []byte("nonce"))))))))
	})},
	{"ext-algorithms-sha1", "SHA-1 comes before SHA-256.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(13, talk.Vec(2, talk.Nums(2, 0x0203, 0x0403, 0x0804))))
	})},
	{"ext-algorithms-none", "A hello for TLS 1.3 without signature_algorithms.", "", asking13(func(h *talk.Hello) { h.Drop(13) })},
	{"ext-share-twice", "Two key shares of one group.", "", asking13(func(h *talk.Hello) {
		i := h.Index(51)
		share := h.Extensions[i][6:]
		h.Put(talk.Ext(51, talk.Vec(2, share, share)))
	})},
	{"ext-share-unnamed", "A key share of a group that is not named.", "", asking13(func(h *talk.Hello) {
		h.Put(talk.Ext(10, talk.Vec(2, talk.Nums(2, 23))))
	})},
}

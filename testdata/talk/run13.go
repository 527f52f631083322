package talk

import (
	"time"

	"derscope/decode/suite"
)

func (r *run) run13() {
	h := r.s.Hash
	var psk []byte
	if r.Resume != nil {
		psk = r.Resume.Secret
	}
	hello := r.hello()
	if r.Early != nil {
		hello.Put(Ext(42))
	}
	r.sendHello(hello, psk)
	early := h.Extract(nil, psk)
	if r.Early != nil {
		secret := h.DeriveSecret(early, "c e traffic", r.hash())
		r.log("CLIENT_EARLY_TRAFFIC_SECRET", secret)
		r.record(Client, 20, "ChangeCipherSpec", []byte{1})
		r.seal[Client] = r.sealer13(secret)
		r.record(Client, 23, "ApplicationData", r.Early)
	}
	if r.Retry {
		r.seal[Client] = nil
		r.first = r.all[0]
		r.send(Server, "HelloRetryRequest", Msg(2, []byte{3, 3}, retry, Vec(1, hello.SessionID), Num(2, uint64(r.Suite)), []byte{0},
			Vec(2, Ext(43, []byte{3, 4}), Ext(51, []byte{0, 29}))))
		r.record(Server, 20, "ChangeCipherSpec", []byte{1})
		r.record(Client, 20, "ChangeCipherSpec", []byte{1})
		hello.Drop(41)
		hello.Drop(42)
		r.sendHello(hello, psk)
	}
	resumed := psk != nil && !r.Refuse
	exts := [][]byte{Ext(43, []byte{3, 4}), Ext(51, Num(2, 29), Vec(2, r.key[Server].PublicKey().Bytes()))}
	if resumed {
		exts = append(exts, Ext(41, []byte{0, 0}))
	} else {
		early = h.Extract(nil, nil)
	}
	r.send(Server, "ServerHello", Msg(2, []byte{3, 3}, r.random[Server], Vec(1, hello.SessionID), Num(2, uint64(r.Suite)), []byte{0}, Vec(2, exts...)))
	if !r.Retry {
		r.record(Server, 20, "ChangeCipherSpec", []byte{1})
	}
	hs := h.Extract(h.DeriveSecret(early, "derived", h.Sum()), r.shared())
	client, server := h.DeriveSecret(hs, "c hs traffic", r.hash()), h.DeriveSecret(hs, "s hs traffic", r.hash())
	r.log("CLIENT_HANDSHAKE_TRAFFIC_SECRET", client)
	r.log("SERVER_HANDSHAKE_TRAFFIC_SECRET", server)
	r.seal[Server] = r.sealer13(server)

	var ee [][]byte
	if len(r.ALPN) > 0 {
		ee = append(ee, Ext(16, Vec(2, Vec(1, []byte(r.ALPN[0])))))
	}
	if r.Early != nil && resumed && !r.Retry {
		ee = append(ee, Ext(42))
	}
	r.send(Server, "EncryptedExtensions", Msg(8, Vec(2, ee...)))
	if r.Request != nil && !resumed {
		x := [][]byte{Ext(13, Vec(2, Nums(2, r.Request.Schemes...)))}
		if r.Request.Authorities != nil {
			x = append(x, Ext(47, Vec(2, vectors(2, r.Request.Authorities))))
		}
		r.send(Server, "CertificateRequest", Msg(13, Vec(1), Vec(2, x...)))
	}
	if !resumed {
		r.send(Server, "Certificate", r.certificate13(r.Chain, append([][]byte{r.Staple}, r.Staples...)...))
		r.send(Server, "CertificateVerify", Msg(15, Num(2, uint64(r.Scheme)), Vec(2, r.Sign(signed("server", r.hash())))))
	}
	r.send(Server, "Finished", Msg(20, h.Finished(server, r.hash())))
	main := h.Extract(h.DeriveSecret(hs, "derived", h.Sum()), nil)
	clientData, serverData := h.DeriveSecret(main, "c ap traffic", r.hash()), h.DeriveSecret(main, "s ap traffic", r.hash())
	r.log("CLIENT_TRAFFIC_SECRET_0", clientData)
	r.log("SERVER_TRAFFIC_SECRET_0", serverData)
	r.log("EXPORTER_SECRET", h.DeriveSecret(main, "exp master", r.hash()))
	r.seal[Server] = r.sealer13(serverData)

	switch {
	case r.Early != nil && resumed && !r.Retry:
		r.send(Client, "EndOfEarlyData", Msg(5))
	case !r.Retry && r.Early == nil:
		r.record(Client, 20, "ChangeCipherSpec", []byte{1})
	}
	r.seal[Client] = r.sealer13(client)
	if r.Request != nil && !resumed {
		r.send(Client, "Certificate", r.certificate13(r.ClientChain))
		if len(r.ClientChain) > 0 {
			r.send(Client, "CertificateVerify", Msg(15, Num(2, uint64(r.ClientScheme)), Vec(2, r.ClientSign(signed("client", r.hash())))))
		}
	}
	r.send(Client, "Finished", Msg(20, h.Finished(client, r.hash())))
	r.seal[Client] = r.sealer13(clientData)
	resumption := h.DeriveSecret(main, "res master", r.hash())
	for _, t := range r.Tickets {
		r.issue13(t, resumption)
	}
	for i, data := range r.Data {
		if data != nil {
			r.record(Side(i+1), 23, "ApplicationData", data)
		}
	}
}

// issue13 sends a NewSessionTicket, and keeps the session that it makes.
func (r *run) issue13(t Ticket, resumption []byte) {
	psk := r.s.Hash.TicketPSK(resumption, t.Nonce)
	octets := t.Octets
	if t.Make != nil {
		octets = t.Make(psk)
	}
	var x []byte
	if t.Early > 0 {
		x = Ext(42, Num(4, uint64(t.Early)))
	}
	r.send(Server, "NewSessionTicket", Msg(4, Num(4, uint64(t.Lifetime)), Num(4, uint64(t.AgeAdd)), Vec(1, t.Nonce), Vec(2, octets), Vec(2, x)))
	r.t.Sessions = append(r.t.Sessions, Session{r.Version, r.Suite, psk, octets, t.Lifetime, t.AgeAdd, r.now})
}

// sendHello sends a ClientHello, with a PSK and its binder where there is one.
func (r *run) sendHello(hello *Hello, psk []byte) {
	if psk == nil {
		r.send(Client, "ClientHello", hello.Bytes())
		return
	}
	h := r.s.Hash
	age := uint32(r.Age/time.Millisecond) + r.Resume.AgeAdd
	identities := Vec(2, Vec(2, r.Resume.Ticket), Num(4, uint64(age)))
	hello.Extensions = append(hello.Extensions, Ext(41, identities, Vec(2, Vec(1, make([]byte, h.Size())))))
	b := hello.Bytes()
	cut := b[:len(b)-3-h.Size()]
	sum := h.Sum(cut)
	if r.first != nil {
		sum = h.Retried(r.first, r.all[1], cut)
	}
	copy(b[len(b)-h.Size():], h.Binder(psk, suite.Resumption, sum))
	r.send(Client, "ClientHello", b)
}

// hash is the transcript hash: RFC 9846, section 4.1.
func (r *run) hash() []byte {
	if r.first != nil && len(r.all) > 1 {
		return r.s.Hash.Retried(r.first, r.all[1:]...)
	}
	return r.s.Hash.Sum(r.all...)
}

func (r *run) sealer13(secret []byte) *sealer {
	key, iv := r.s.TrafficKeys(secret)
	return sealing(key, iv, true)
}

// signed is what a CertificateVerify signs: RFC 9846, section 4.5.2.
func signed(side string, hash []byte) []byte {
	b := make([]byte, 64, 200)
	for i := range b {
		b[i] = 0x20
	}
	b = append(b, "TLS 1.3, "+side+" CertificateVerify\x00"...)
	return append(b, hash...)
}

// retry is the random of a HelloRetryRequest: RFC 9846, section 4.2.3.
var retry = []byte("\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c")

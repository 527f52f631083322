package talk

func (r *run) run12() {
	hello := r.hello()
	r.send(Client, "ClientHello", hello.Bytes())
	resumed := r.Resume != nil && !r.Refuse
	exts := [][]byte{Ext(0xff01, Vec(1))}
	if r.Host != "" && !resumed {
		exts = append(exts, Ext(0))
	}
	exts = append(exts, Ext(23))
	if r.Tickets != nil {
		exts = append(exts, Ext(35))
	}
	if r.Staple != nil && !resumed {
		exts = append(exts, Ext(5))
	}
	if len(r.ALPN) > 0 {
		exts = append(exts, Ext(16, Vec(2, Vec(1, []byte(r.ALPN[0])))))
	}
	id := Random(r.Seed+" session id", 32)
	if resumed {
		id = hello.SessionID
	} else if r.Tickets != nil {
		id = nil
	}
	r.send(Server, "ServerHello", Msg(2, []byte{3, 3}, r.random[Server], Vec(1, id), Num(2, uint64(r.Suite)), []byte{0}, Vec(2, exts...)))
	if resumed {
		r.log("CLIENT_RANDOM", r.Resume.Secret)
		r.issue12(r.Resume.Secret)
		r.finish12(Server, r.Resume.Secret)
		r.finish12(Client, r.Resume.Secret)
		r.data()
		return
	}
	r.send(Server, "Certificate", certificate12(r.Chain))
	if r.Staple != nil {
		r.send(Server, "CertificateStatus", Msg(22, []byte{1}, Vec(3, r.Staple)))
	}
	params := join([]byte{3, 0, 29}, Vec(1, r.key[Server].PublicKey().Bytes()))
	r.send(Server, "ServerKeyExchange", Msg(12, params, Num(2, uint64(r.Scheme)), Vec(2, r.Sign(join(r.random[Client], r.random[Server], params)))))
	if q := r.Request; q != nil {
		r.send(Server, "CertificateRequest", Msg(13, Vec(1, q.Types), Vec(2, Nums(2, q.Schemes...)), Vec(2, vectors(2, q.Authorities))))
	}
	r.send(Server, "ServerHelloDone", Msg(14))
	if r.Request != nil {
		r.send(Client, "Certificate", certificate12(r.ClientChain))
	}
	r.send(Client, "ClientKeyExchange", Msg(16, Vec(1, r.key[Client].PublicKey().Bytes())))
	h := r.s.PRFHash(0x0303)
	main := h.PRF(r.shared(), "extended master secret", h.Sum(r.transcript()), 48)
	r.log("CLIENT_RANDOM", main)
	if r.Request != nil && len(r.ClientChain) > 0 {
		r.send(Client, "CertificateVerify", Msg(15, Num(2, uint64(r.ClientScheme)), Vec(2, r.ClientSign(r.transcript()))))
	}
	r.finish12(Client, main)
	r.issue12(main)
	r.finish12(Server, main)
	r.data()
}

func (r *run) data() {
	for i, data := range r.Data {
		if data != nil {
			r.record(Side(i+1), 23, "ApplicationData", data)
		}
	}
}

// finish12 sends ChangeCipherSpec and Finished.
func (r *run) finish12(from Side, main []byte) {
	r.record(from, 20, "ChangeCipherSpec", []byte{1})
	k := r.s.KeyBlock(0x0303, main, r.random[Client], r.random[Server])
	if from == Client {
		r.seal[Client] = sealing(k.ClientKey, k.ClientIV, false)
	} else {
		r.seal[Server] = sealing(k.ServerKey, k.ServerIV, false)
	}
	r.send(from, "Finished", Msg(20, r.s.FinishedOld(0x0303, main, from.String(), r.transcript())))
}

// issue12 sends the tickets, of which there is one at the most.
func (r *run) issue12(main []byte) {
	for _, t := range r.Tickets {
		octets := t.Octets
		if t.Make != nil {
			octets = t.Make(main)
		}
		r.send(Server, "NewSessionTicket", Msg(4, Num(4, uint64(t.Lifetime)), Vec(2, octets)))
		r.t.Sessions = append(r.t.Sessions, Session{r.Version, r.Suite, main, octets, t.Lifetime, 0, r.now})
	}
}

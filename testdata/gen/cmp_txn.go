package main

import (
	"crypto"
	"time"
)

// information makes a vector of a genm and its genp, without certificates: the
// smallest transaction, for what has nothing to do with what it is about.
func information(change func(t *cmpTalk)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.inform()
		if change != nil {
			change(t)
		}
	})
}

// inform adds a genm for the root's update and the genp that has none.
func (t *cmpTalk) inform() {
	t.server.extra = nil
	t.ask(cmpGenM, seq(infoValue(itCACerts)))
	t.answer(cmpGenP, seq(infoValue(itCACerts)))
}

// waits makes a vector of a request that has to wait: ir, ip with waiting, two polls
// and the final ip, as far as the recording goes.
func waits(change func(t *cmpTalk)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
		t.answer(cmpIP, nil).responses = []*certResponse{{status: statusInfo(waiting, "")}}
		t.ask(cmpPollReq, pollReq(0))
		t.answer(cmpPollRep, pollRep(0, 60))
		t.ask(cmpPollReq, pollReq(0))
		last := t.answer(cmpIP, nil)
		last.responses, last.extra = []*certResponse{t.grant()}, t.server.extra
		t.messages[1].extra = nil
		for i, m := range t.messages[4:] {
			m.time = generalized(cmpStart.Add(time.Duration(70+i) * time.Second))
		}
		t.scene.option("at 2026-11-20T12:05:00Z")
		if change != nil {
			change(t)
		}
	})
}

// short is an enrolment that ends with the ip: the client is not seen to go on.
func (t *cmpTalk) short() (request, answer *cmpMessage) {
	request, answer = t.ask(cmpIR, nil), t.answer(cmpIP, nil)
	request.requests = []*certReqMsg{t.request()}
	answer.responses = []*certResponse{t.grant()}
	answer.info = []der{implicitConfirm()}
	request.info = []der{implicitConfirm()}
	return request, answer
}

func issuing(change func(t *cmpTalk, request, answer *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		request, answer := t.short()
		change(t, request, answer)
	})
}

// confirming is issuing with a certConf and a pkiconf, as implicitConfirm is neither
// asked for nor granted.
func confirming(change func(t *cmpTalk, c *cmpMessage)) func(s *scene) {
	return issuing(func(t *cmpTalk, request, answer *cmpMessage) {
		request.info, answer.info = nil, nil
		c := t.ask(cmpCertConf, nil)
		c.confirms = []*certStatus{{of: answer.responses[0]}}
		t.answer(cmpPKIConf, null())
		change(t, c)
	})
}

// closedKEM is a KemBasedMac whose key nobody here has.
func closedKEM() computed {
	return computed{algorithm(idKemBasedMac, seq(algorithm(idHKDFSHA256), integer(32), algorithm(hmacIDs[crypto.SHA256], null()))),
		func([]byte) []byte { return random("kem mac", 32) }}
}

// kemInfo is a KemCiphertextInfo.
func kemInfo(seed string) der {
	return infoValue(itKEMCiphertext, seq(algorithm("2.16.840.1.101.3.4.4.1"), octets(random(seed, 768)...)))
}

// twice is a second genm and genp behind those that are there.
func (t *cmpTalk) twice(change func(m *cmpMessage)) {
	n := len(t.messages)
	t.inform()
	t.messages[n].answers = nil
	for _, m := range t.messages[n:] {
		change(m)
	}
}

// cmpPairing is about which messages there are, and in which order.
var cmpPairing = []vector{
	{name: "txn-id-other", pair: "genm", about: "The answer has another transactionID than the request.", make: information(func(t *cmpTalk) {
		t.messages[1].transactionID = random("another", 16)
	})},
	{name: "txn-id-missing", about: "The answer has no transactionID.", make: information(func(t *cmpTalk) { t.messages[1].transactionID = nil })},
	{name: "txn-id-reuse", about: "Two transactions have the same transactionID.", make: information(func(t *cmpTalk) {
		t.twice(func(*cmpMessage) {})
	})},
	{name: "txn-id-mixed", about: "Two transactions have the same transactionID, and the first answer comes last.", pair: "txn-id-reuse", make: information(func(t *cmpTalk) {
		t.twice(func(*cmpMessage) {})
		m := t.messages
		t.messages = []*cmpMessage{m[0], m[2], m[3], m[1]}
	})},
	{name: "txn-two", about: "Two transactions follow each other.", make: information(func(t *cmpTalk) {
		t.twice(func(m *cmpMessage) { m.transactionID = random("second", 16) })
	})},
	{name: "txn-none", about: "No message has a transactionID or a nonce.", make: information(func(t *cmpTalk) {
		for _, m := range t.messages {
			m.transactionID, m.senderNonce, m.answers = nil, nil, nil
		}
	})},
	{name: "txn-turned", about: "The answer was pasted before the request.", make: information(func(t *cmpTalk) {
		t.messages[0], t.messages[1] = t.messages[1], t.messages[0]
	})},
	{name: "txn-order", about: "The client asks for information where a certificate is to be confirmed.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		c.kind, c.confirms, c.content = cmpGenM, nil, seq(infoValue(itCACerts))
		t.messages = t.messages[:3]
	})},
	{name: "txn-pair", about: "A cp answers an ir.", make: issuing(func(t *cmpTalk, _, answer *cmpMessage) { answer.kind = cmpCP })},
	{name: "txn-cut", about: "The recording ends before the certificate is confirmed.", make: confirming(func(t *cmpTalk, _ *cmpMessage) { t.messages = t.messages[:2] })},
	{name: "txn-begun", about: "The recording begins with the certConf.", make: confirming(func(t *cmpTalk, _ *cmpMessage) { t.messages = t.messages[2:] })},
	{name: "txn-count-more", about: "One request gets two answers.", make: issuing(func(t *cmpTalk, _, answer *cmpMessage) {
		answer.responses = append(answer.responses, &certResponse{status: statusInfo(rejection, "")})
	})},
	{name: "txn-count-fewer", about: "Of two requests one is answered.", make: issuing(func(t *cmpTalk, request, _ *cmpMessage) {
		second := t.request()
		second.id = 1
		request.requests = append(request.requests, second)
	})},
	{name: "txn-req-id", about: "The answer is for a certReqId that was not asked.", make: issuing(func(t *cmpTalk, _, answer *cmpMessage) { answer.responses[0].id = 7 })},
	{name: "txn-after-error", about: "The client goes on behind an error.", make: information(func(t *cmpTalk) {
		t.messages[1].kind, t.messages[1].content = cmpError, errorMsg(statusInfo(rejection, "no such thing", 2), 0)
		t.ask(cmpGenM, seq(infoValue(itCACerts)))
	})},
	{name: "txn-error-confirmed", about: "The client confirms an error.", make: information(func(t *cmpTalk) {
		t.messages[1].kind, t.messages[1].content = cmpError, errorMsg(statusInfo(rejection, "", 23), 0, "device-7 may not ask")
		t.ask(cmpPKIConf, null())
	})},
	{name: "txn-repeat", about: "The request was sent twice.", make: information(func(t *cmpTalk) {
		t.messages = []*cmpMessage{t.messages[0], t.messages[0], t.messages[1]}
	})},
	{name: "txn-announced", about: "The CA announces two certificates.", make: talking(func(t *cmpTalk) {
		t.server.extra = nil
		t.answer(cmpCAnn, t.ca.der)
		t.answer(cmpCAnn, t.root.der).answers = nil
	})},
	{name: "txn-nested", about: "An RA sends a batch of requests, and gets a batch of answers.", make: batch(nil)},
	{name: "txn-nested-other", about: "The batch of answers holds one that nobody asked for.", make: batch(func(in *cmpMessage) {
		in.transactionID, in.answers, in.recipNonce = random("foreign", 16), nil, random("foreign nonce", 16)
	})},
}

// batch is two nested messages that an RA and the CA sign, with two genm and their
// genp in them.
func batch(change func(answer *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.inform()
		t.twice(func(m *cmpMessage) { m.transactionID = random("second", 16) })
		in := t.messages
		if change != nil {
			change(in[3])
		}
		t.signed()
		t.messages, t.seed, t.secret = nil, "batch", cmpSecret
		t.ask(cmpNested, nil).content = pkiMessages(in[0], in[2])
		t.answer(cmpNested, nil).content = pkiMessages(in[1], in[3])
	})
}

// cmpPolling is about waiting and asking again.
var cmpPolling = []vector{
	{name: "txn-polling", about: "The client is told to wait, asks twice and gets its certificate.", make: waits(nil)},
	{name: "txn-polling-delayed", about: "The final answer repeats the nonce of the request that had to wait.", make: waits(func(t *cmpTalk) {
		t.messages[5].answers = t.messages[0]
	})},
	{name: "txn-replay", about: "The final answer repeats the nonce of no message: an old one was played again.", make: waits(func(t *cmpTalk) {
		t.messages[5].recipNonce = random("an older nonce", 16)
	})},
	{name: "txn-poll-start", about: "The client polls though nothing waits.", make: information(func(t *cmpTalk) {
		t.ask(cmpPollReq, pollReq(-1))
		t.answer(cmpPollRep, pollRep(-1, 5))
	})},
	{name: "txn-poll-id", about: "The client polls for another certReqId than the one that waits.", make: waits(func(t *cmpTalk) {
		t.messages[2].content = pollReq(-1)
	})},
	{name: "txn-poll-error", about: "After an error with waiting the client polls for certReqId 0, as OpenSSL does.", make: information(func(t *cmpTalk) {
		t.messages[1].kind, t.messages[1].content = cmpError, errorMsg(statusInfo(waiting, ""), 0)
		t.ask(cmpPollReq, pollReq(0))
	})},
	{name: "txn-poll-early", about: "The client asks again after a second, though it was told to wait a minute.", make: waits(func(t *cmpTalk) {
		t.messages[4].time = generalized(cmpStart.Add(3 * time.Second))
	})},
	{name: "txn-poll-waiting", about: "The status waiting comes again while the client polls.", make: waits(func(t *cmpTalk) {
		t.messages[3].kind, t.messages[3].content = cmpIP, nil
		t.messages[3].responses = []*certResponse{{status: statusInfo(waiting, "")}}
		t.messages = t.messages[:4]
	})},
	{name: "txn-poll-final", about: "A cp ends the waiting for an ip.", make: waits(func(t *cmpTalk) { t.messages[5].kind = cmpCP })},
}

// cmpContinuity is about numbers, names and times.
var cmpContinuity = []vector{
	{name: "txn-nonce-missing", about: "The answer has no recipNonce.", make: information(func(t *cmpTalk) { t.messages[1].answers = nil })},
	{name: "txn-nonce-reuse", about: "The answer has the senderNonce of the request.", make: information(func(t *cmpTalk) {
		t.messages[1].senderNonce = t.messages[0].senderNonce
	})},
	{name: "txn-recipient", about: "The answer is for somebody else.", make: information(func(t *cmpTalk) {
		t.messages[1].recipient = directory(dn("device-8"))
	})},
	{name: "txn-sender", about: "The CA changes its name.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages[3].sender = directory(dn("Another CA"))
	})},
	{name: "txn-version", about: "The answer has pvno 3, the request 2.", make: information(func(t *cmpTalk) { t.messages[1].version = 3 })},
	{name: "txn-time", about: "The clock of the client goes back by an hour.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		c.time = generalized(cmpStart.Add(-time.Hour))
	})},
	{name: "txn-mixed", about: "The client uses a secret, the CA signs.", make: information(func(t *cmpTalk) {
		t.server = t.signer(t.device("Example CMP Server", t.scene.key("responder-2"), nil))
		t.anchor = true
		m := t.messages[1]
		m.by, m.senderKID, m.sender, m.extra = t.server.by, t.server.kid, directory(t.server.name), t.server.extra
		t.messages[0].recipient = directory(t.server.name)
	})},
	{name: "txn-credentials", about: "The client confirms under another reference.", make: confirming(func(t *cmpTalk, c *cmpMessage) { c.senderKID = []byte("device-8") })},
	{name: "txn-salt", about: "The answer has another salt than the request.", make: information(func(t *cmpTalk) {
		by := t.pbm()
		by.salt = random("fresh salt", 16)
		t.messages[1].by = by
	})},
	{name: "txn-certs-first", about: "Both sides sign, and send no certificates.", make: talking(func(t *cmpTalk) {
		t.signed()
		t.client.extra, t.anchor = nil, false
		t.inform()
	})},
	{name: "txn-kem", about: "The answer is protected with a KEM secret of this transaction.", make: information(func(t *cmpTalk) {
		t.messages[0].version, t.messages[1].version = 3, 3
		t.messages[0].info, t.messages[1].by = []der{kemInfo("ct")}, closedKEM()
	})},
	{name: "txn-kem-other", about: "A KEM secret of one transaction protects another one.", make: information(func(t *cmpTalk) {
		t.messages[0].info = []der{kemInfo("ct")}
		t.twice(func(m *cmpMessage) { m.transactionID = random("second", 16) })
		for _, m := range t.messages {
			m.version = 3
		}
		t.messages[3].by = closedKEM()
	})},
	{name: "txn-kem-twice", about: "One KEM ciphertext serves two transactions.", make: information(func(t *cmpTalk) {
		t.twice(func(m *cmpMessage) { m.transactionID = random("second", 16) })
		for _, m := range t.messages {
			m.version, m.info = 3, []der{kemInfo("ct")}
		}
		t.messages[1].info, t.messages[3].info = nil, nil
		t.messages[1].by, t.messages[3].by = closedKEM(), closedKEM()
	})},
}

// cmpOutcome is about what a transaction leads to.
var cmpOutcome = []vector{
	{name: "txn-implicit-refused", about: "implicitConfirm is asked for and not granted.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages[0].info = []der{implicitConfirm()}
	})},
	{name: "txn-key", about: "The certificate has another key than was asked for, and the client accepts it.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		t.messages[1].responses[0].cert = t.device("device-7", t.scene.key("p256"), nil)
	})},
	{name: "txn-subject", about: "The certificate has another subject than was asked for.", make: issuing(func(t *cmpTalk, _, answer *cmpMessage) {
		answer.responses[0].cert = t.device("device-8", t.key, nil)
	})},
	{name: "txn-subject-mods", about: "The subject was changed, and the status says so.", make: issuing(func(t *cmpTalk, _, answer *cmpMessage) {
		answer.responses[0].status = statusInfo(grantedWithMods, "")
		answer.responses[0].cert = t.device("device-8", t.key, nil)
	})},
	{name: "txn-extensions", about: "An extension that was asked for is not in the certificate.", make: issuing(func(t *cmpTalk, request, _ *cmpMessage) {
		request.requests[0].template.extensions = []extension{keyUsage(digitalSignature), purposes("1.3.6.1.5.5.7.3.2")}
	})},
	{name: "txn-extensions-kept", about: "The certificate has the extension that was asked for.", make: issuing(func(t *cmpTalk, request, _ *cmpMessage) {
		request.requests[0].template.extensions = []extension{keyUsage(digitalSignature)}
	})},
	{name: "txn-issuer", about: "The new certificate comes from another CA than the old one.", make: talking(func(t *cmpTalk) {
		request, answer := t.short()
		request.kind, answer.kind = cmpKUR, cmpKUP
		request.requests[0].controls = []der{attributeValue(idOldCertID, seq(directory(dn("Former Device CA")), t.old.serial))}
	})},
	{name: "txn-profile", about: "The client asks for a named kind of certificate.", make: issuing(func(_ *cmpTalk, request, _ *cmpMessage) {
		request.info = append(request.info, infoValue(itCertProfile, seq(utf8("device"))))
	})},
	{name: "txn-template", about: "The CA sends a template, and the request deviates from it.", make: templateFirst([]extension{keyUsage(digitalSignature), purposes("1.3.6.1.5.5.7.3.2")})},
	{name: "txn-template-kept", about: "The CA sends a template, and the request follows it.", make: templateFirst(nil)},
	{name: "txn-confirm-missing", about: "The CA confirms what the client has not confirmed.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages[3].answers = nil
		t.messages = append(t.messages[:2], t.messages[3])
	})},
	{name: "txn-confirm-skipped", about: "The client begins the next transaction without a certConf.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages = t.messages[:2]
		t.twice(func(m *cmpMessage) { m.transactionID = random("second", 16) })
	})},
	{name: "txn-confirm-needless", about: "The client confirms though implicitConfirm was granted.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages[0].info, t.messages[1].info = []der{implicitConfirm()}, []der{implicitConfirm()}
	})},
	{name: "txn-confirm-refused", about: "The client confirms a certificate that it did not get.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		t.messages[1].responses[0] = &certResponse{status: statusInfo(rejection, "no such device", 19)}
		c.confirms[0].hash = random("no certificate", 32)
	})},
	{name: "txn-hash-other", about: "certHash is that of another algorithm than the certificate is signed with.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		c.confirms[0].hash = sum(crypto.SHA1, t.messages[1].responses[0].cert.der)
	})},
	{name: "txn-hash-cut", about: "certHash is the beginning of a hash.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		c.confirms[0].hash = sum(crypto.SHA512, t.messages[1].responses[0].cert.der)[:32]
	})},
	{name: "txn-hash-wrong", about: "certHash is the hash of another certificate.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		c.confirms[0].hash = sum(crypto.SHA256, t.old.der)
	})},
	{name: "txn-hash-alg", about: "certHash is made with the algorithm that hashAlg names.", make: confirming(func(t *cmpTalk, c *cmpMessage) {
		c.version = 3
		c.confirms[0].hash, c.confirms[0].hashAlg = sum(crypto.SHA512, t.messages[1].responses[0].cert.der), algorithm("2.16.840.1.101.3.4.2.3")
	})},
	{name: "txn-wait-time", about: "The certConf comes when the CA has stopped waiting.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages[1].info = []der{infoValue(itConfirmWaitTime, generalized(cmpStart.Add(time.Second)))}
	})},
	{name: "txn-wait-time-kept", about: "The certConf comes in time.", make: confirming(func(t *cmpTalk, _ *cmpMessage) {
		t.messages[1].info = []der{infoValue(itConfirmWaitTime, generalized(cmpStart.Add(time.Hour)))}
	})},
	{name: "txn-rejected", about: "The client refuses the certificate.", make: confirming(func(_ *cmpTalk, c *cmpMessage) {
		c.confirms[0].status = statusInfo(rejection, "not for me", 7)
	})},
	{name: "txn-failed", about: "The CA refuses for want of a proof of possession.", make: issuing(func(_ *cmpTalk, _, answer *cmpMessage) {
		answer.info, answer.responses[0] = nil, &certResponse{status: statusInfo(rejection, "the proof does not verify", 9)}
	})},
	{name: "txn-mac", about: "The CA answers with another shared secret than the client has.", make: information(func(t *cmpTalk) {
		by := t.pbm()
		by.secret = []byte("another secret")
		t.messages[1].by = by
	})},
	{name: "txn-mac-line", about: "The CA has a line feed at the end of its shared secret.", pair: "txn-mac", make: information(func(t *cmpTalk) {
		by := t.pbm()
		by.secret = append(append([]byte(nil), by.secret...), '\n')
		t.messages[1].by = by
	})},
	{name: "txn-revoke-serial", about: "The answer speaks of another serial number than was to be revoked.", make: revoking(func(t *cmpTalk, id func(*certificate) der) der {
		return id(t.device("device-9", t.key, nil))
	})},
	{name: "txn-revoke-issuer", about: "The answer speaks of a certificate of another CA.", make: revoking(func(t *cmpTalk, _ func(*certificate) der) der {
		return seq(directory(dn("Another CA")), t.old.serial)
	})},
	{name: "txn-info-other", about: "The answer holds another type of information than was asked for.", make: information(func(t *cmpTalk) {
		t.messages[1].content = seq(infoValue(itRootCAKeyUpdate))
	})},
	{name: "txn-info-extra", about: "The answer holds more than was asked for.", make: information(func(t *cmpTalk) {
		t.messages[1].content = seq(infoValue(itCACerts), infoValue(itRootCAKeyUpdate))
	})},
}

func revoking(named func(t *cmpTalk, id func(*certificate) der) der) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.server.extra = nil
		t.ask(cmpRR, seq(revDetails(t.old, reasonCode(1))))
		t.answer(cmpRP, revRep([]der{statusInfo(accepted, "")}, []der{named(t, certIDOf)}, nil))
	})
}

// templateFirst is a genm for the template, its genp, and an enrolment behind them.
func templateFirst(wanted []extension) func(s *scene) {
	return talking(func(t *cmpTalk) {
		template := certTemplate{subject: dn("…"), extensions: wanted}
		t.ask(cmpGenM, seq(infoValue(itCertReqTemplate)))
		t.answer(cmpGenP, seq(infoValue(itCertReqTemplate, seq(template.der()))))
		request, _ := t.short()
		request.answers = nil
		for _, m := range t.messages[2:] {
			m.transactionID = random("second", 16)
		}
	})
}

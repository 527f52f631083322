package main

import "time"

// cmpClients are transactions in which OpenSSL's client returns something that
// is worth a story of its own.
var cmpClients = []vector{
	{name: "client-nonce", about: "The certificate comes in an answer that was recorded earlier.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) {
		t.replied(cmpIP, t.grant()).recipNonce = random("the nonce of another day", 16)
	})},
	{name: "client-anchor", about: "The CA signs its answer, and the client has a password and no root.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) {
		server := t.signer(t.old)
		m := t.replied(cmpIP, t.grant())
		m.by, m.sender, m.senderKID, m.extra = server.by, directory(server.name), server.kid, server.extra
	})},
	{name: "client-twice", about: "The CA says «waiting» once more where the client polls already.", make: begun(cmpIR, func(t *cmpTalk) {
		t.replied(cmpIP, &certResponse{status: statusInfo(waiting, "")})
		t.ask(cmpPollReq, pollReq(0))
		t.replied(cmpIP, &certResponse{status: statusInfo(waiting, "")})
		t.ask(cmpPollReq, pollReq(0))
		t.settled(cmpIP)
	})},
	{name: "client-delayed", about: "The CA asks to wait with an error message, and answers the first question in the end.", make: begun(cmpIR, func(t *cmpTalk) {
		first := t.messages[0]
		t.answer(cmpError, errorMsg(statusInfo(waiting, ""), 0))
		t.ask(cmpPollReq, pollReq(0))
		t.answer(cmpPollRep, pollRep(0, 5))
		t.ask(cmpPollReq, pollReq(0))
		t.settled(cmpIP)
		t.messages[5].recipNonce = first.senderNonce
	})},
	{name: "client-late", about: "The time that the client was given is over before the CA has decided.", pair: "client-abort", make: begun(cmpIR, func(t *cmpTalk) {
		t.option("set totalTimeout=6")
		t.replied(cmpIP, &certResponse{status: statusInfo(waiting, "")})
		t.ask(cmpPollReq, pollReq(0))
		t.answer(cmpPollRep, pollRep(0, 60)).time = generalized(cmpStart.Add(3 * time.Second))
	})},
	{name: "client-abort", about: "The application does not want to wait any longer.", make: begun(cmpIR, func(t *cmpTalk) {
		t.replied(cmpIP, &certResponse{status: statusInfo(waiting, "")})
		t.ask(cmpPollReq, pollReq(0))
		t.answer(cmpPollRep, pollRep(0, 60))
		t.ask(cmpError, errorMsg(statusInfo(rejection, "polling aborted"), 0, "by application"))
		t.answer(cmpPKIConf, null())
	})},
	{name: "client-update", about: "The CA has updated the certificate before, and says so.", make: begun(cmpKUR, func(t *cmpTalk) {
		g := t.grant()
		g.status = statusInfo(keyUpdateWarning, "")
		t.replied(cmpKUP, g)
	})},
	{name: "client-open", about: "The error of the CA is not protected, and the client was told to take that.", pair: "story-unprotected", make: begun(cmpIR, func(t *cmpTalk) {
		t.option("set unprotectedErrors=yes")
		t.answer(cmpError, errorMsg(statusInfo(rejection, "wrong pbm value", badRequest), 0x1d00009b)).by = nil
	})},
	{name: "client-cp", about: "The CA answers an ir with a cp.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) { t.replied(cmpCP, t.grant()) })},
	{name: "client-two", about: "The CA answers one request with two certificates.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) {
		second := t.grant()
		second.id = 1
		t.replied(cmpIP, t.grant(), second)
	})},
	{name: "client-unconfirmed", about: "The CA does not take the certConf.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) {
		t.settled(cmpIP)
		t.messages[3].kind, t.messages[3].content = cmpError, errorMsg(statusInfo(rejection, "certhash unmatched", badRequest), 0x1d00009c)
	})},
	{name: "client-key", about: "The certificate is for another key than the client's.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) {
		g := &certResponse{cert: t.device("device-7", t.scene.key("client"), nil)}
		t.replied(cmpIP, g)
		t.ask(cmpCertConf, nil).confirms = []*certStatus{{of: g, status: statusInfo(rejection, "public key in new certificate does not match our enrollment key", 7)}}
		t.answer(cmpPKIConf, null())
	})},
	{name: "client-sender", about: "Another CA answers than the one that the client expects.", pair: "ir-pbm", make: begun(cmpIR, func(t *cmpTalk) {
		t.option("set expectedSender=/O=Example/CN=Office")
		t.replied(cmpIP, t.grant())
	})},
	{name: "client-mobile", about: "The root comes with the answer, as base stations have it.", make: talking(func(t *cmpTalk) {
		t.signed()
		t.option("set permitTAInExtraCertsForIR=yes")
		other := t.scene.ca("Example Factory Root", "p256", nil)
		t.beside = append(t.beside, certFile("factory.pem", other.certificate))
		t.scene.option("role factory.pem anchor")
		t.anchor = false
		operator := t.ca
		t.ca = other // the maker's, who gave the station its first certificate
		t.client = t.signer(t.device("device-7", t.scene.key("client"), nil))
		t.ca = operator
		t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
		t.settled(cmpIP)
		t.messages[1].extra = append(t.messages[1].extra, t.root.der)
		t.messages[2].extra, t.messages[3].extra = nil, nil
	})},
}

// begun makes a vector that begins with a request under a shared secret.
func begun(kind byte, tell func(t *cmpTalk)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		r := t.request()
		if kind == cmpKUR {
			r.controls = []der{attributeValue(idOldCertID, certIDOf(t.old))}
		}
		t.ask(kind, nil).requests = []*certReqMsg{r}
		tell(t)
	})
}

// replied answers with responses.
func (t *cmpTalk) replied(kind byte, list ...*certResponse) *cmpMessage {
	m := t.answer(kind, nil)
	m.responses = list
	return m
}

// settled grants the request, and has that confirmed.
func (t *cmpTalk) settled(kind byte) {
	g := t.grant()
	t.replied(kind, g)
	t.ask(cmpCertConf, nil).confirms = []*certStatus{{of: g, id: g.id}}
	t.answer(cmpPKIConf, null())
}

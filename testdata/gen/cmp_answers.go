package main

// ipAlone makes a vector of the ip alone of an enrolment, with one thing of
// its only response changed.
func ipAlone(change func(t *cmpTalk, m *cmpMessage, r *certResponse)) func(s *scene) {
	return oneMessage(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) { change(t, m, m.responses[0]) })
}

// refusedWith makes the same of a status, without a certificate.
func refusedWith(status der) func(s *scene) {
	return ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.status, r.cert, m.caPubs = status, nil, nil
	})
}

// rrAlone makes a vector of an rr with a signature, told by f.
func rrAlone(content func(t *cmpTalk) der) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.signed()
		t.ask(cmpRR, content(t))
	})
}

// rpAlone makes a vector of an rp with a signature.
func rpAlone(content func(t *cmpTalk) der) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.signed()
		t.say(false, cmpRP, content(t)).recipNonce = random("asked before", 16)
	})
}

// told makes a vector of one message of the client or the server with a MAC,
// not the first of its transaction.
func told(client bool, kind byte, content der) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.say(client, kind, content).recipNonce = random("asked before", 16)
	})
}

// confAlone makes a vector of the certConf alone of an enrolment.
func confAlone(change func(t *cmpTalk, m *cmpMessage, s *certStatus)) func(s *scene) {
	return oneMessage(cmpIR, 2, func(t *cmpTalk, m *cmpMessage) { change(t, m, m.confirms[0]) })
}

// cmpAnswers are answers to requests for certificates.
var cmpAnswers = []vector{
	{name: "refused", about: "The CA refuses: the proof of possession failed.", make: refusedWith(statusInfo(rejection, "signature over the request is wrong", 9))},
	{name: "refused-silently", about: "The CA refuses, and says no word more.", make: refusedWith(statusInfo(rejection, ""))},
	{name: "refused-bit-30", about: "A reason that is none.", make: refusedWith(statusInfo(rejection, "no", 30))},
	{name: "refused-policy", about: "A reason that is meant for time stamping.", make: refusedWith(statusInfo(rejection, "", 15))},
	{name: "waiting", about: "The CA has not decided yet.", make: refusedWith(statusInfo(waiting, "an officer looks at it"))},
	{name: "status-7", about: "A status that does not exist.", make: refusedWith(statusInfo(7, ""))},
	{name: "status-revoked", about: "A status that belongs to revocations, in an ip.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.status = statusInfo(revocationNotification, "")
	})},
	{name: "granted-with-failure", about: "Accepted, with a reason for a failure.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.status = statusInfo(accepted, "", 9)
	})},
	{name: "granted-with-changes", about: "Granted, with changes.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.status = statusInfo(grantedWithMods, "another validity")
	})},
	{name: "granted-nothing", about: "Accepted, and no certificate.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) { r.cert = nil })},
	{name: "refused-with-certificate", about: "Refused, and a certificate all the same.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.status, m.caPubs = statusInfo(rejection, "", 19), nil
	})},
	{name: "responses-two", about: "Two responses in one ip.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		second := *r
		second.id = 1
		m.responses = append(m.responses, &second)
	})},
	{name: "responses-none", about: "An ip without a response.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) { m.responses, m.caPubs = nil, nil })},
	{name: "response-id", about: "An ip for request 5.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) { r.id = 5 })},
	{name: "certificate-no-x509", about: "The certificate is something else.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.pair = seq(explicit(0, seq(integer(1), utf8("no certificate"))))
	})},
	{name: "certificate-encrypted", about: "The certificate is encrypted for its own key, which is not here.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		k, cek := t.scene.key("twin"), random("cek", 16)
		issued := t.device("device-7", k, func(c *certificate) { c.with(keyUsage(keyEncipherment)) })
		e := envelope{version: 2, recipients: []der{transport(2, byKeyID(k.hash()), k, cek)}, contentType: idData, cipher: idAES128CBC, key: cek, content: issued.der}
		m.version, r.pair = 3, seq(explicit(1, retag(0, e.der())))
	})},
	{name: "key-unasked", about: "A private key for a client that has one.", make: enrolling(cmpIR, func(t *cmpTalk) {
		t.messages[1].version = 3
		e := envelope{version: 0, contentType: idCMSSigned, cipher: idAES128CBC, key: random("cek", 16), content: der("nobody can read this")}
		e.recipients = []der{password([]byte(cmpSecret), random("another salt", 16), 10_000, idAES128Wrap, e.key)}
		t.messages[1].responses[0].key = wrap(0, e.der())
	})},
	{name: "key-missing", about: "A client asks the CA for a key, and gets a certificate alone.", make: enrolling(cmpIR, func(t *cmpTalk) {
		t.messages[0].requests[0] = &certReqMsg{template: certTemplate{subject: t.client.name}}
	})},
	{name: "ca-pubs-in-cp", about: "caPubs in a cp.", make: oneMessage(cmpCR, 1, func(t *cmpTalk, m *cmpMessage) { m.caPubs = []der{t.root.der} })},
	{name: "ca-pubs-intermediate", about: "caPubs with an intermediate certificate.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		m.caPubs = []der{t.ca.der}
	})},
	{name: "ca-pubs-other-root", about: "caPubs with the root of another hierarchy.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		m.caPubs = []der{t.ca2().der}
	})},
	{name: "ca-pubs-signed", about: "A signed ip that brings another root.", make: oneSigned(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) {
		other := t.ca2()
		m.responses[0].cert = other.issue(&certificate{version: 2, serial: serialFor("device-7 of another"), subject: dn("device-7"), key: t.key, begin: t.old.begin, end: t.old.end})
		m.caPubs = []der{other.der}
	})},
	{name: "ca-pubs-own-root", about: "A signed ip that brings the root of its own signer.", make: oneSigned(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) { m.caPubs = []der{t.root.der} })},
	{name: "chain-missing", about: "An ip without the certificate of the CA that issued the new one.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) { m.caPubs, m.extra = nil, nil })},
	{name: "certificate-old", about: "The new certificate is three weeks old.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.cert = t.device("device-7", t.key, func(c *certificate) { c.begin = c.begin.AddDate(0, 0, -21) })
	})},
	{name: "certificate-ahead", about: "The new certificate is valid from next week.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.cert = t.device("device-7", t.key, func(c *certificate) { c.begin = c.begin.AddDate(0, 0, 7) })
	})},
	{name: "response-info", about: "A response with a text of its own.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) { r.info = []byte("place?rack 4%") })},
	{name: "publication-info", about: "The CA says where it published the certificate.", make: ipAlone(func(t *cmpTalk, m *cmpMessage, r *certResponse) {
		r.pair = seq(explicit(0, r.cert.der), explicit(1, seq(integer(1), seq(seq(integer(3), implicit(6, der("ldap://ca.example.org")...))))))
	})},
	{name: "krp-without-chain", about: "Recovered keys without the certificates of the CAs.", make: talking(func(t *cmpTalk) {
		m := t.say(false, cmpKRP, nil)
		m.recipNonce = random("asked before", 16)
		m.content = seq(statusInfo(accepted, ""), explicit(2, seq(seq(explicit(0, t.old.der)))))
	})},
}

// ca2 is a root of another hierarchy.
func (t *cmpTalk) ca2() *authorityCert { return t.scene.ca("Another Root", "p384", nil) }

// cmpRevocations are rr and rp.
var cmpRevocations = []vector{
	{name: "rr-none", about: "An rr that names nothing.", make: rrAlone(func(t *cmpTalk) der { return seq() })},
	{name: "rr-two", about: "An rr for two certificates.", make: rrAlone(func(t *cmpTalk) der {
		d := revDetails(t.old, reasonCode(4))
		return seq(d, d)
	})},
	{name: "rr-without-serial", about: "An rr that names the issuer alone.", make: rrAlone(func(t *cmpTalk) der {
		return seq(seq(certTemplate{issuer: t.old.issuer}.der(), extensions([]extension{reasonCode(4)})))
	})},
	{name: "rr-by-key", about: "An rr that names the certificate by subject and key.", make: rrAlone(func(t *cmpTalk) der {
		return seq(seq(certTemplate{subject: t.old.subject, publicKey: t.old.key.spki}.der(), extensions([]extension{reasonCode(4)})))
	})},
	{name: "rr-with-subject", about: "An rr with more than issuer and serial number.", make: rrAlone(func(t *cmpTalk) der {
		return seq(seq(certTemplate{serial: t.old.serial, issuer: t.old.issuer, subject: t.old.subject}.der(), extensions([]extension{reasonCode(4)})))
	})},
	{name: "rr-without-reason", about: "An rr that gives no reason.", make: rrAlone(func(t *cmpTalk) der { return seq(revDetails(t.old)) })},
	{name: "rr-reason-7", about: "A reason that does not exist.", make: rrAlone(func(t *cmpTalk) der { return seq(revDetails(t.old, reasonCode(7))) })},
	{name: "rr-reason-8", about: "An rr that asks to end a hold.", make: rrAlone(func(t *cmpTalk) der { return seq(revDetails(t.old, reasonCode(8))) })},
	{name: "rr-of-another", about: "A device asks to revoke the certificate of another.", make: rrAlone(func(t *cmpTalk) der {
		return seq(revDetails(t.device("device-8", t.key, nil), reasonCode(1)))
	})},
	{name: "rr-by-secret", about: "An rr under a shared secret.", make: talking(func(t *cmpTalk) { t.ask(cmpRR, seq(revDetails(t.old, reasonCode(1)))) })},
	{name: "rp-refused", about: "The CA refuses to revoke: it knows no such certificate.", make: rpAlone(func(t *cmpTalk) der {
		return revRep([]der{statusInfo(rejection, "no such certificate", 4)}, nil, nil)
	})},
	{name: "rp-none", about: "An rp that says nothing.", make: rpAlone(func(t *cmpTalk) der { return revRep(nil, nil, nil) })},
	{name: "rp-lists", about: "An rp with two names for one status.", make: rpAlone(func(t *cmpTalk) der {
		return revRep([]der{statusInfo(accepted, "")}, []der{certIDOf(t.old), certIDOf(t.old)}, nil)
	})},
	{name: "rp-crl", about: "A revocation, with a CRL that does not list it.", make: talking(func(t *cmpTalk) {
		t.signed()
		t.ask(cmpRR, seq(revDetails(t.old, reasonCode(1))))
		l := &crl{by: t.ca, version: integer(1), this: utcTime(at(-day)), next: utcTime(at(6 * day)), entries: []der{struck(serialFor("device-5"), at(-2*day))},
			extensions: []extension{authorityKey(t.ca.key.hash()), {idCRLNumber, false, integer(17)}}}
		t.answer(cmpRP, revRep([]der{statusInfo(accepted, "")}, []der{certIDOf(t.old)}, []der{l.der()}))
	})},
}

// cmpConfirms are certConf, pkiconf, pollReq and pollRep.
var cmpConfirms = []vector{
	{name: "conf-refused", about: "The client refuses the certificate.", make: confAlone(func(t *cmpTalk, m *cmpMessage, s *certStatus) {
		s.status = statusInfo(rejection, "public key in new certificate does not match our enrollment key", 7)
	})},
	{name: "conf-empty", about: "A certConf without a line: all is refused.", make: confAlone(func(t *cmpTalk, m *cmpMessage, s *certStatus) { m.confirms = nil })},
	{name: "conf-two", about: "A certConf with two lines.", make: confAlone(func(t *cmpTalk, m *cmpMessage, s *certStatus) {
		second := *s
		second.id = 1
		m.confirms = append(m.confirms, &second)
	})},
	{name: "conf-id", about: "A certConf for request 5.", make: confAlone(func(t *cmpTalk, m *cmpMessage, s *certStatus) { s.id = 5 })},
	{name: "conf-waiting", about: "A certConf that says waiting.", make: confAlone(func(t *cmpTalk, m *cmpMessage, s *certStatus) { s.status = statusInfo(waiting, "") })},
	{name: "conf-hash-short", about: "A certHash of ten octets.", make: confAlone(func(t *cmpTalk, m *cmpMessage, s *certStatus) { s.hash = random("cut", 10) })},
	{name: "pkiconf-text", about: "A pkiconf with a text.", make: oneMessage(cmpIR, 3, func(t *cmpTalk, m *cmpMessage) { m.content = utf8("fine") })},
	{name: "poll-request", about: "The client asks whether the CA has decided.", make: told(true, cmpPollReq, pollReq(0))},
	{name: "poll-answer", about: "The CA asks for a minute more.", make: told(false, cmpPollRep, pollRep(0, 60, "an officer looks at it"))},
	{name: "poll-two", about: "A pollReq for two requests.", make: told(true, cmpPollReq, pollReq(0, 1))},
	{name: "poll-id", about: "A pollReq for request 5.", make: told(true, cmpPollReq, pollReq(5))},
	{name: "poll-past", about: "A pollRep with a time to wait below zero.", make: told(false, cmpPollRep, pollRep(0, -60))},
	{name: "poll-year", about: "A pollRep that asks for a year.", make: told(false, cmpPollRep, pollRep(0, 31_536_000))},
}

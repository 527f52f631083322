package main

import "time"

// cmpStories are whole transactions that are worth telling: what the gallery
// offers, and what each of them is compared with.
var cmpStories = []vector{
	{name: "story-secret", about: "The secret at hand is not the one that the two sides share.", pair: "ir-pbm",
		make: enrolling(cmpIR, func(t *cmpTalk) { t.secret = "another secret" })},
	{name: "story-poll", about: "The CA takes its time: the client asks twice before the certificate comes.", make: polling(nil)},
	{name: "story-nonce", about: "The last answer repeats the nonce of an earlier question.", pair: "story-poll",
		make: polling(func(t *cmpTalk) { t.messages[5].recipNonce = random("an earlier nonce", 16) })},
	{name: "story-root", about: "The root at hand is not the one that the server's certificate leads to.", pair: "ir-signed",
		make: enrollingSigned(cmpIR, func(t *cmpTalk) { t.root = t.scene.ca("Another Root", "p256", nil) })},
	{name: "story-maker", about: "The device comes with a certificate of its maker, whose root only the CA knows.", pair: "ir-signed",
		make: talking(func(t *cmpTalk) {
			t.signed()
			operator := t.ca
			t.ca = t.scene.ca("Maker CA", "p256", t.scene.ca("Maker Root", "ec-ca", nil))
			t.client = t.signer(t.device("device-7", t.key, nil))
			t.ca = operator
			t.enrol(cmpIR)
		})},
	{name: "story-template", about: "The name in the template was changed after the device signed it.", pair: "ir-signed",
		make: enrollingSigned(cmpIR, func(t *cmpTalk) {
			pop := t.messages[0].requests[0].pop
			t.messages[0].requests[0].pop = func(der) der {
				return pop((&certReqMsg{template: certTemplate{subject: dn("device-8"), publicKey: t.key.spki}}).request())
			}
		})},
	{name: "story-p10", about: "The signature inside the PKCS #10 request was changed.", pair: "p10cr",
		make: enrolling(cmpP10CR, func(t *cmpTalk) {
			b := append(der(nil), t.messages[0].content...)
			b[len(b)-1] ^= 1
			t.messages[0].content = b
		})},
	{name: "story-kur", about: "The key update names another certificate than the one that signs.", pair: "kur",
		make: enrollingSigned(cmpKUR, func(t *cmpTalk) {
			t.messages[0].requests[0].controls = []der{attributeValue(idOldCertID, seq(directory(t.old.issuer), serialFor("another")))}
		})},
	{name: "story-rr-refused", about: "The CA does not revoke the certificate: it does not know it.", pair: "rr", make: talking(func(t *cmpTalk) {
		t.signed()
		t.ask(cmpRR, seq(revDetails(t.old, reasonCode(1))))
		t.answer(cmpRP, revRep([]der{statusInfo(rejection, "no such certificate", badCertID)}, []der{certIDOf(t.old)}, nil))
	})},
	{name: "story-refused", about: "The CA refuses the request and says why.", pair: "ir-pbm", make: talking(func(t *cmpTalk) {
		t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
		t.answer(cmpIP, nil).responses = []*certResponse{{status: statusInfo(rejection, "no such device", badCertTemplate, notAuthorized)}}
	})},
	{name: "story-hash", about: "The certConf confirms another certificate than the one that was issued.", pair: "ir-pbm",
		make: enrolling(cmpIR, func(t *cmpTalk) { t.messages[2].confirms[0].hash = random("another certificate", 32) })},
	{name: "story-implicit", about: "The client asks to be spared the confirmation, and the CA agrees.", make: talking(func(t *cmpTalk) { implicitly(t, true) })},
	{name: "story-unasked", about: "The CA waives the confirmation, which nobody asked for.", pair: "story-implicit",
		make: talking(func(t *cmpTalk) { implicitly(t, false) })},
	{name: "story-unprotected", about: "The CA answers with an error that nothing protects.", pair: "story-protected", make: talking(func(t *cmpTalk) {
		failing(t).by = nil
	})},
	{name: "story-protected", about: "The CA answers with an error under the shared secret.", make: talking(func(t *cmpTalk) { failing(t) })},
	{name: "story-warning", about: "The CA warns that the certificate is about to be revoked.", pair: "rr", make: talking(func(t *cmpTalk) {
		t.signed()
		t.ask(cmpRR, seq(revDetails(t.old, reasonCode(1))))
		t.answer(cmpRP, revRep([]der{statusInfo(4, "until the operator agrees")}, []der{certIDOf(t.old)}, nil))
	})},
	{name: "story-nested", about: "A registration authority wraps the request of a device and signs around it.", make: nesting(nil)},
	{name: "story-nested-broken", about: "What is inside the wrapper was changed behind the device's back.", pair: "story-nested",
		make: nesting(func(inner *cmpMessage) {
			inner.late = func(m *cmpMessage) { m.senderNonce = random("changed", 16) }
		})},
}

// Bits of PKIFailureInfo that stories need.
const (
	badRequest      = 2
	badCertID       = 4
	badCertTemplate = 19
	notAuthorized   = 23
)

// polling makes a vector of an enrolment in which the client has to ask again.
func polling(change func(t *cmpTalk)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
		t.answer(cmpIP, nil).responses = []*certResponse{{status: statusInfo(3, "")}}
		t.ask(cmpPollReq, pollReq(0))
		t.answer(cmpPollRep, pollRep(0, 60))
		t.ask(cmpPollReq, pollReq(0))
		granted := t.grant()
		a := t.answer(cmpIP, nil)
		a.responses, a.extra, t.messages[1].extra = []*certResponse{granted}, t.messages[1].extra, nil
		t.ask(cmpCertConf, nil).confirms = []*certStatus{{of: granted}}
		t.answer(cmpPKIConf, null())
		for i, m := range t.messages[4:] { // a minute has passed
			m.time = generalized(cmpStart.Add(time.Minute + time.Duration(4+i)*time.Second))
		}
		if change != nil {
			change(t)
		}
	})
}

// implicitly makes an enrolment whose answer grants implicit confirmation.
func implicitly(t *cmpTalk, asked bool) {
	q := t.ask(cmpIR, nil)
	q.requests = []*certReqMsg{t.request()}
	if asked {
		q.info = []der{implicitConfirm()}
	}
	a := t.answer(cmpIP, nil)
	a.responses = []*certResponse{t.grant()}
	a.info = []der{implicitConfirm()}
}

// failing makes an enrolment that ends in an error, and answers with that.
func failing(t *cmpTalk) *cmpMessage {
	t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
	return t.answer(cmpError, errorMsg(statusInfo(rejection, "enrolment is closed", badRequest), 0))
}

// nesting makes a vector of a request that a registration authority forwards,
// wrapped, and of the answer.
func nesting(change func(inner *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.signed()
		device, server := t.client, t.server
		inner := t.ask(cmpIR, nil)
		inner.requests = []*certReqMsg{t.request()}
		if change != nil {
			change(inner)
		}
		ra := t.signer(t.device("Example RA", t.scene.key("p256"), func(c *certificate) { c.with(purposes("1.3.6.1.5.5.7.3.28")) }))
		t.messages, t.client = nil, ra
		outer := t.ask(cmpNested, pkiMessages(inner))
		outer.transactionID, outer.senderNonce = inner.transactionID, inner.senderNonce
		t.client, t.server = device, server
		granted := t.grant()
		a := t.answer(cmpIP, nil)
		a.responses = []*certResponse{granted}
	})
}

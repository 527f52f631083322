package main

import (
	"crypto"
	"time"
)

// newRoot is the root of t with a new key, valid from a day ago.
func (t *cmpTalk) newRoot() *authorityCert {
	r := t.scene.ca("Example Device Root", "p384", nil)
	return &authorityCert{r.again(r.key, func(c *certificate) { c.begin, c.end = at(-day), at(10*365*day) })}
}

// newWithOld is the new root certified by the old one, oldWithNew the reverse.
func (t *cmpTalk) newWithOld(n *authorityCert) *certificate {
	return n.again(t.root.key, func(c *certificate) { c.end = t.root.end })
}

func (t *cmpTalk) oldWithNew(n *authorityCert) *certificate {
	return t.root.again(n.key, func(*certificate) {})
}

// rootUpdate is a RootCaKeyUpdateContent; nil leaves a certificate out.
func rootUpdate(newWithNew der, newWithOld, oldWithNew *certificate) der {
	var a, b der
	if newWithOld != nil {
		a = explicit(0, newWithOld.der)
	}
	if oldWithNew != nil {
		b = explicit(1, oldWithNew.der)
	}
	return seq(newWithNew, a, b)
}

// announcing makes a ckuann of a new root; change comes before it is encoded.
func announcing(content func(t *cmpTalk, n *authorityCert) der, version int64) func(s *scene) {
	return saying(cmpCKUAnn, nil, func(t *cmpTalk, m *cmpMessage) {
		m.version, m.content = version, content(t, t.newRoot())
		t.beside = []file{certFile("root.pem", t.root.certificate)}
	})
}

// list is a CRL of the CA of t.
func (t *cmpTalk) list(this, next time.Duration) der {
	l := t.emptyList(this, next)
	l.entries = []der{struck(t.old.serial, at(this-day), reasonCode(1))}
	return l.der()
}

// emptyList is a CRL of the CA of t that lists nothing.
func (t *cmpTalk) emptyList(this, next time.Duration) *crl {
	return &crl{by: t.ca, version: integer(1), this: utcTime(at(this)), next: utcTime(at(next)),
		extensions: []extension{authorityKey(t.ca.key.hash()), {idCRLNumber, false, integer(7)}}}
}

// lists makes a crlann of a CRL, with the certificate of the CA beside it.
func lists(this, next time.Duration, beside bool) func(s *scene) {
	return saying(cmpCRLAnn, nil, func(t *cmpTalk, m *cmpMessage) {
		m.content = seq(t.list(this, next))
		if beside {
			t.beside = []file{certFile("ca.pem", t.ca.certificate)}
		}
	})
}

// announced makes a rann.
func announced(status int64, will time.Time) func(s *scene) {
	return saying(cmpRAnn, nil, func(t *cmpTalk, m *cmpMessage) {
		m.content = seq(integer(status), certIDOf(t.old), generalized(will), generalized(at(-2*day)))
	})
}

// wrapping makes a vector of a nested message that an RA signs around requests.
// change comes before the nested one is protected.
func wrapping(n int, change func(t *cmpTalk, outer *cmpMessage, inner []*cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		ra := t.signer(t.device("Example RA", t.scene.key("responder-2"), func(c *certificate) { c.with(purposes("1.3.6.1.5.5.7.3.28")) }))
		var inner []*cmpMessage
		for i := range n {
			m := t.ask(cmpIR, nil)
			m.requests = []*certReqMsg{t.request()}
			m.answers = nil
			if i > 0 {
				m.transactionID = random("another transactionID", 16)
			}
			inner = append(inner, m)
		}
		t.messages = nil
		t.client = ra
		outer := t.ask(cmpNested, nil)
		if n == 1 {
			outer.senderNonce = inner[0].senderNonce
		} else {
			outer.transactionID, outer.senderNonce = random("batch", 16), random("batch nonce", 16)
		}
		if change != nil {
			change(t, outer, inner)
		}
		if outer.content == nil {
			outer.content = pkiMessages(inner...)
		}
		t.beside = append(t.beside, certFile("root.pem", t.root.certificate))
		t.scene.option("role root.pem anchor")
	})
}

// challenging makes a vector of an ir by challenge, the popdecc and the popdecr.
// owf and witness belong to the number, and change comes last.
func challenging(change func(t *cmpTalk, c, r *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		number := integerOctets(random("number", 16)...)
		q := t.ask(cmpIR, nil)
		q.requests = []*certReqMsg{t.request()}
		q.requests[0].pop = subsequent(2, 1)
		c := t.answer(cmpPopDecC, seq(challenge(algorithm(hashIDs[crypto.SHA256]), sum(crypto.SHA256, number), random("challenge", 64))))
		c.extra = nil
		r := t.ask(cmpPopDecR, seq(number))
		if change != nil {
			change(t, c, r)
		}
		t.messages = t.messages[1:]
	})
}

// challenge is a Challenge of cmp2000.
func challenge(owf der, witness, encrypted []byte) der {
	return seq(owf, octets(witness...), octets(encrypted...))
}

// cmpBodies is about bodies of all kinds: cmp.body.*, cmp.nested.*, cmp.challenge.*, cmp.announce.*.
var cmpBodies = []vector{
	{name: "body-unknown", about: "The tag of the body is [27].",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.asBody = func(b der) der { return explicit(27, body(b)) } })},
	{name: "recovery", about: "A key is recovered: krr and krp, with the certificates of former keys.", make: talking(func(t *cmpTalk) {
		t.ask(cmpKRR, nil).requests = []*certReqMsg{t.request()}
		t.answer(cmpKRP, seq(statusInfo(accepted, ""), explicit(0, t.device("device-7", t.key, nil).der), explicit(1, seq(t.ca.der)),
			explicit(2, seq(seq(explicit(0, t.old.der)))))).extra = nil
	})},
	{name: "recovery-lw", about: "A key is to be recovered, in the lightweight profile.", pair: "recovery", make: saying(cmpKRR, nil, func(t *cmpTalk, m *cmpMessage) {
		m.requests = []*certReqMsg{t.request()}
		t.option("profile lw")
	})},

	{name: "nested-one", about: "An RA adds its signature to a request.", make: wrapping(1, nil)},
	{name: "nested-empty", about: "A nested message holds none.", pair: "nested-one",
		make: wrapping(1, func(_ *cmpTalk, outer *cmpMessage, _ []*cmpMessage) { outer.content = seq() })},
	{name: "nested-mac", about: "The nested message is protected by a MAC.", pair: "nested-one",
		make: wrapping(1, func(t *cmpTalk, outer *cmpMessage, _ []*cmpMessage) { outer.by = t.pbm() })},
	{name: "nested-other-nonce", about: "The nested message has another senderNonce than the one in it.", pair: "nested-one",
		make: wrapping(1, func(_ *cmpTalk, outer *cmpMessage, _ []*cmpMessage) { outer.senderNonce = random("another", 16) })},
	{name: "nested-batch", about: "An RA passes two requests on.", make: wrapping(2, nil)},
	{name: "nested-batch-id", about: "A batch has the transactionID of a message in it.", pair: "nested-batch",
		make: wrapping(2, func(_ *cmpTalk, outer *cmpMessage, inner []*cmpMessage) { outer.transactionID = inner[1].transactionID })},
	{name: "nested-batch-mixed", about: "A batch holds a request and an answer.", pair: "nested-batch",
		make: wrapping(2, func(t *cmpTalk, _ *cmpMessage, inner []*cmpMessage) {
			inner[1].kind, inner[1].requests, inner[1].content = cmpPollRep, nil, pollRep(0, 60)
		})},
	{name: "nested-inner", about: "The message inside a nested one has been changed.", pair: "nested-one",
		make: wrapping(1, func(_ *cmpTalk, _ *cmpMessage, inner []*cmpMessage) {
			inner[0].late = func(m *cmpMessage) { m.recipient = nullDN() }
		})},
	{name: "nested-deep", about: "Messages are nested six deep.", make: talking(func(t *cmpTalk) {
		m := t.ask(cmpGenM, seq())
		for range 6 {
			up := *m
			up.kind, up.content, up.made = cmpNested, pkiMessages(m), nil
			m = &up
		}
		t.messages = []*cmpMessage{m}
	})},

	{name: "challenge", about: "A private key is proven by decrypting a number: popdecc and popdecr.", make: challenging(nil)},
	{name: "challenge-wrong", about: "The number in the popdecr is not that of the challenge.", pair: "challenge",
		make: challenging(func(_ *cmpTalk, _, r *cmpMessage) { r.content = seq(integerOctets(random("another", 16)...)) })},
	{name: "challenge-no-owf", about: "The first challenge names no hash function.", pair: "challenge",
		make: challenging(func(_ *cmpTalk, c, _ *cmpMessage) {
			c.content = seq(challenge(nil, sum(crypto.SHA256, integerOctets(random("number", 16)...)), random("challenge", 64)))
		})},
	{name: "challenge-form", about: "A challenge under pvno 3 is in the form of cmp2000.", pair: "challenge",
		make: challenging(func(_ *cmpTalk, c, _ *cmpMessage) { c.version = 3 })},

	{name: "ckuann", about: "A CA announces its new key.", make: announcing(func(t *cmpTalk, n *authorityCert) der {
		return explicit(0, rootUpdate(n.der, t.newWithOld(n), t.oldWithNew(n)))
	}, 3)},
	{name: "ckuann-2000", about: "A CA announces its new key in the form of cmp2000.", make: announcing(func(t *cmpTalk, n *authorityCert) der {
		return seq(t.oldWithNew(n).der, t.newWithOld(n).der, n.der)
	}, 2)},
	{name: "ckuann-other", about: "The certificate that should lead to the new key is signed by another CA.", pair: "ckuann",
		make: announcing(func(t *cmpTalk, n *authorityCert) der {
			return explicit(0, rootUpdate(n.der, n.again(t.scene.key("ec-ca"), func(*certificate) {}), t.oldWithNew(n)))
		}, 3)},
	{name: "cann", about: "A CA announces a certificate, without protection.", make: saying(cmpCAnn, nil, func(t *cmpTalk, m *cmpMessage) {
		m.content, m.by = t.old.der, nil
	})},
	{name: "rann", about: "A CA announces that a certificate will be revoked.", make: announced(revocationWarning, at(day))},
	{name: "rann-status", about: "The announcement of a revocation says accepted.", pair: "rann", make: announced(accepted, at(day))},
	{name: "rann-done", about: "The revocation is said to be done, and to come tomorrow.", pair: "rann", make: announced(revocationNotification, at(day))},
	{name: "crlann", about: "A CA announces its CRL.", make: lists(-day, 6*day, true)},
	{name: "crlann-old", about: "A CA announces a CRL that has run out.", pair: "crlann", make: lists(-9*day, -2*day, true)},
	{name: "crlann-alone", about: "A CA announces its CRL, and its certificate is not at hand.", pair: "crlann", make: lists(-day, 6*day, false)},
}

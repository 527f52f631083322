package main

import "time"

// wanting makes a vector of an ir with a MAC whose one request is changed.
func wanting(change func(t *cmpTalk, r *certReqMsg)) func(s *scene) {
	return wantingIn(cmpIR, change)
}

func wantingIn(kind byte, change func(t *cmpTalk, r *certReqMsg)) func(s *scene) {
	return oneMessage(kind, 0, func(t *cmpTalk, m *cmpMessage) { change(t, m.requests[0]) })
}

// askingSigned is wanting in a message that is signed.
func wantingSigned(kind byte, change func(t *cmpTalk, r *certReqMsg)) func(s *scene) {
	return oneSigned(kind, 0, func(t *cmpTalk, m *cmpMessage) { change(t, m.requests[0]) })
}

// asked is wanting with one field of the template changed.
func asked(change func(t *cmpTalk, c *certTemplate)) func(s *scene) {
	return wanting(func(t *cmpTalk, r *certReqMsg) { change(t, &r.template) })
}

// askedOf is wanting for a key and what is signed with it.
func askedOf(name string, list ...extension) func(s *scene) {
	return wanting(func(t *cmpTalk, r *certReqMsg) {
		k := t.scene.key(name)
		r.template.publicKey, r.template.extensions, r.pop = k.spki, list, possession(k)
	})
}

// counted asks as often as there are numbers.
func counted(ids ...int64) func(s *scene) {
	return oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
		m.requests = nil
		for _, id := range ids {
			r := t.request()
			r.id = id
			m.requests = append(m.requests, r)
		}
	})
}

// laid has a vector judged by a profile too.
func laid(profile string, make func(s *scene)) func(s *scene) {
	return func(s *scene) {
		make(s)
		s.option("profile %s", profile)
	}
}

func inYears(years int) der { return utcTime(time.Date(2026+years, 11, 20, 0, 0, 0, 0, time.UTC)) }

// cmpRequests is about the list of requests and what they ask for: cmp.req.*
// and cmp.template.*.
var cmpRequests = []vector{
	{name: "req-two", about: "Two requests, for a key to sign and a key to encrypt with.", make: counted(0, 1)},
	{name: "req-three", about: "Three requests in one message.", make: counted(0, 1, 2)},
	{name: "req-none", about: "The list of requests is empty.", make: counted()},
	{name: "req-id-five", about: "The one request has the number 5.", make: counted(5)},
	{name: "req-id-five-lw", about: "The one request has the number 5, in the lightweight profile.", pair: "req-id-five", make: laid("lw", counted(5))},
	{name: "req-id-twice", about: "Two requests have the number 0.", make: counted(0, 0)},
	{name: "req-id-minus", about: "The request has the number -1, which stands for the whole message.", make: counted(-1)},

	{name: "template-version", about: "The version asked for is 1, an X.509 v2.", make: asked(func(_ *cmpTalk, c *certTemplate) { c.version = integer(1) })},
	{name: "template-version-three", about: "The version asked for is 2, an X.509 v3.", make: asked(func(_ *cmpTalk, c *certTemplate) { c.version = integer(2) })},
	{name: "template-serial", about: "A serial number is asked for.", make: asked(func(_ *cmpTalk, c *certTemplate) { c.serial = integer(4711) })},
	{name: "template-signing-alg", about: "The signature algorithm of the CA is prescribed.",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.signingAlg = ecdsaSHA256.id })},
	{name: "template-issuer-uid", about: "A unique identifier of the issuer is asked for.", make: asked(func(_ *cmpTalk, c *certTemplate) { c.issuerUID = bits(1) })},
	{name: "template-subject-uid", about: "A unique identifier of the subject is asked for.", make: asked(func(_ *cmpTalk, c *certTemplate) { c.subjectUID = bits(1) })},
	{name: "template-issuer", about: "The recipient is asked for as issuer.", make: asked(func(t *cmpTalk, c *certTemplate) { c.issuer = t.ca.subject })},
	{name: "template-issuer-other", about: "Another issuer than the recipient is asked for.", pair: "template-issuer",
		make: asked(func(t *cmpTalk, c *certTemplate) { c.issuer = t.root.subject })},
	{name: "template-validity", about: "A lifetime of a year is asked for.",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.notBefore, c.notAfter = inYears(0), inYears(1) })},
	{name: "template-validity-empty", about: "validity is there and has no date.", pair: "template-validity",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.validity = der{} })},
	{name: "template-validity-turned", about: "The lifetime asked for ends before it begins.", pair: "template-validity",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.notBefore, c.notAfter = inYears(2), inYears(1) })},
	{name: "template-validity-past", about: "The lifetime asked for ended a year ago.", pair: "template-validity",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.notAfter = inYears(-1) })},
	{name: "template-no-subject", about: "No subject is asked for, and a poposkInput names the sender.",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			r.template.subject = nil
			r.pop = possessionOf(t.key, explicit(0, directory(t.client.name)))
		})},
	{name: "template-null-subject", about: "The subject is empty, and a critical subjectAltName is asked for.",
		make: asked(func(_ *cmpTalk, c *certTemplate) {
			c.subject, c.extensions = seq(), []extension{critical(hosts("device-7.example.org"))}
		})},
	{name: "template-null-subject-lax", about: "The subject is empty, and the subjectAltName is not critical.", pair: "template-null-subject",
		make: asked(func(_ *cmpTalk, c *certTemplate) {
			c.subject, c.extensions = seq(), []extension{hosts("device-7.example.org")}
		})},
	{name: "template-nameless", about: "The subject is empty, and no subjectAltName is asked for.", pair: "template-null-subject",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.subject = seq() })},
	{name: "template-central", about: "There is no public key: the CA is to make it.", make: wanting(func(_ *cmpTalk, r *certReqMsg) { r.template.publicKey, r.pop = nil, nil })},
	{name: "template-central-alg", about: "The public key is an algorithm without octets: the CA is to make one.", pair: "template-central",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			r.template.publicKey, r.pop = seq(algorithm(idEC, oid("1.2.840.10045.3.1.7")), bits()), nil
		})},
	{name: "template-key-broken", about: "The point of the public key lies on no curve.",
		make: asked(func(t *cmpTalk, c *certTemplate) {
			c.publicKey = append(der(nil), t.key.spki...)
			c.publicKey[len(c.publicKey)-1] ^= 1
		})},
	{name: "template-key-small", about: "The public key is RSA with 1024 bits.", make: askedOf("rsa1024")},
	{name: "template-key-dsa", about: "The public key is a DSA key.", make: askedOf("dsa")},
	{name: "template-usage", about: "An EC key is to sign.", make: askedOf("leaf", keyUsage(digitalSignature))},
	{name: "template-usage-encipher", about: "An EC key is to encipher keys.", pair: "template-usage", make: askedOf("leaf", keyUsage(0x20))},
	{name: "template-usage-agree", about: "The key is to agree on keys alone, and its possession is proved by a signature.", pair: "template-usage",
		make: askedOf("leaf", keyUsage(0x08))},
	{name: "template-usage-ed25519", about: "An Ed25519 key is to agree on keys.", make: askedOf("ed25519", keyUsage(0x08))},
	{name: "template-extension-twice", about: "The same extension is asked for twice.",
		make: askedOf("leaf", hosts("a.example.org"), hosts("b.example.org"))},
	{name: "template-extension-broken", about: "The value of keyUsage is no BIT STRING.", make: askedOf("leaf", extension{idKeyUsage, true, integer(5)})},
	{name: "template-ca", about: "A device asks to be a CA.", make: askedOf("leaf", authority())},
	{name: "template-ra", about: "A device asks to be an RA.", make: askedOf("leaf", purposes("1.3.6.1.5.5.7.3.28"))},
	{name: "template-alternative", about: "A template of another form stands beside one that is not empty.",
		make: wanting(func(_ *cmpTalk, r *certReqMsg) {
			r.controls = []der{attributeValue(idRegCtrl+"7", seq(oid(idUnknown), null()))}
		})},
	{name: "template-alternative-alone", about: "A template of another form stands in place of the usual one.", pair: "template-alternative",
		make: wanting(func(_ *cmpTalk, r *certReqMsg) {
			r.template, r.pop = certTemplate{}, raVerified
			r.controls = []der{attributeValue(idRegCtrl+"7", seq(oid(idUnknown), null()))}
		})},

	{name: "tagging-subject", about: "Tag [5] replaces the tag of the subject in place of wrapping it.",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			c := &r.template
			c.more, c.subject, c.publicKey = join(retag(5, c.subject), retag(6, c.publicKey)), nil, nil
		})},
	{name: "tagging-pop", about: "Tag [1] wraps the proof of possession in place of replacing its tag.",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			pop := r.pop
			r.pop = func(q der) der { return explicit(1, seq(body(pop(q)))) }
		})},
}

// cmpControls is about controls and registration information: cmp.control.* and
// cmp.reginfo.*.
var cmpControls = []vector{
	{name: "control-unknown", about: "A control that nobody knows.", make: controlled(attributeValue(idUnknown, null()))},
	{name: "control-twice", about: "The same control stands there twice.",
		make: controlled(attributeValue(idRegCtrl+"4", implicit(1, 5)), attributeValue(idRegCtrl+"4", implicit(1, 6)))},
	{name: "control-broken", about: "The value of oldCertID is a text.", make: controlled(attributeValue(idOldCertID, utf8("device-6")))},
	{name: "control-token", about: "A registration token stands in clear.", make: controlled(attributeValue(idRegCtrl+"1", utf8("not a secret")))},
	{name: "control-authenticator", about: "An authenticator stands in clear.", make: controlled(attributeValue(idRegCtrl+"2", utf8("not a secret")))},
	{name: "control-archive", about: "The PKI is asked to keep the private key that it makes.",
		make: wanting(func(_ *cmpTalk, r *certReqMsg) {
			r.template.publicKey, r.pop = nil, nil
			r.controls = []der{attributeValue(idRegCtrl+"4", implicit(2, 0xff))}
		})},
	{name: "control-archive-not", about: "The PKI is asked not to keep the private key that it makes.", pair: "control-archive",
		make: wanting(func(_ *cmpTalk, r *certReqMsg) {
			r.template.publicKey, r.pop = nil, nil
			r.controls = []der{attributeValue(idRegCtrl+"4", implicit(2, 0))}
		})},
	{name: "control-archive-key", about: "The private key is handed over, encrypted in the old form.",
		make: controlled(attributeValue(idRegCtrl+"4", explicit(0, seq(retag(1, algorithm("2.16.840.1.101.3.4.1.2", octets(random("iv", 16)...))), bits(random("key", 32)...)))))},
	{name: "control-publish", about: "The certificate is to be published by LDAP.",
		make: controlled(published(1, seq(integer(3), tlv(0x86, der("ldap://ldap.example.org/")))))},
	{name: "control-publish-not", about: "The certificate is not to be published, and a place is named.", pair: "control-publish",
		make: controlled(published(0, seq(integer(3), tlv(0x86, der("ldap://ldap.example.org/")))))},
	{name: "control-publish-method", about: "The certificate is to be published in a way that is not defined.", pair: "control-publish",
		make: controlled(published(1, seq(integer(7))))},
	{name: "control-old-cert", about: "oldCertID stands in an ir.",
		make: wanting(func(t *cmpTalk, r *certReqMsg) { r.controls = []der{attributeValue(idOldCertID, certIDOf(t.old))} })},
	{name: "krr", about: "Old keys are asked for, to be encrypted to a key that is given.", make: recovering(func(t *cmpTalk, r *certReqMsg) {})},
	{name: "krr-no-key", about: "Old keys are asked for without a key to encrypt them to.", pair: "krr",
		make: recovering(func(t *cmpTalk, r *certReqMsg) { r.controls = nil })},
	{name: "krr-key-broken", about: "Old keys are asked for, to be encrypted to a key without octets.", pair: "krr",
		make: recovering(func(t *cmpTalk, r *certReqMsg) {
			r.controls = []der{attributeValue(idRegCtrl+"6", seq(algorithm(idEC, oid("1.2.840.10045.3.1.7")), bits()))}
		})},

	{name: "reginfo-pairs", about: "Names and values for the registration.", make: registered(attributeValue(idRegInfo+"1", utf8("version?1%asset?100%25 wood%3f%")))},
	{name: "reginfo-pairs-broken", about: "A name for the registration begins with a digit.", pair: "reginfo-pairs",
		make: registered(attributeValue(idRegInfo+"1", utf8("version?1%7th floor?yes%")))},
	{name: "reginfo-request", about: "The RA wants the same as the device.",
		make: wanting(func(t *cmpTalk, r *certReqMsg) { r.regInfo = []der{attributeValue(idRegInfo+"2", r.request())} })},
	{name: "reginfo-request-other", about: "The RA wants another name than the device.", pair: "reginfo-request",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			q := *r
			q.template.subject = dn("device-8")
			r.regInfo = []der{attributeValue(idRegInfo+"2", q.request())}
		})},
	{name: "reginfo-request-twice", about: "The RA wants two things in place of one.", pair: "reginfo-request",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			q := attributeValue(idRegInfo+"2", r.request())
			r.regInfo = []der{q, q}
		})},
}

func controlled(list ...der) func(s *scene) {
	return wanting(func(_ *cmpTalk, r *certReqMsg) { r.controls = list })
}

func registered(list ...der) func(s *scene) {
	return wanting(func(_ *cmpTalk, r *certReqMsg) { r.regInfo = list })
}

// published is the control pkiPublicationInfo.
func published(action int64, places ...der) der {
	return attributeValue(idRegCtrl+"3", seq(integer(action), seq(places...)))
}

// recovering makes a vector of a krr.
func recovering(change func(t *cmpTalk, r *certReqMsg)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		r := t.request()
		r.template.publicKey, r.pop = nil, nil
		r.controls = []der{attributeValue(idRegCtrl+"6", t.key.spki)}
		change(t, r)
		t.ask(cmpKRR, nil).requests = []*certReqMsg{r}
	})
}

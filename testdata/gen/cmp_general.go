package main

// inquiring makes a vector of a genm and the genp that answers it; each is made of
// what the function gives for its only element.
func inquiring(genm, genp func(t *cmpTalk) der) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.ask(cmpGenM, seq(genm(t)))
		t.answer(cmpGenP, seq(genp(t))).extra = nil
	})
}

// rolling makes a vector of a question for a new root and its answer, made of
// the new root. The old one is in the question.
func rolling(genp func(t *cmpTalk, n *authorityCert) der) func(s *scene) {
	return inquiring(func(t *cmpTalk) der { return infoValue(itRootCACert, t.root.der) },
		func(t *cmpTalk) der { return infoValue(itRootCAKeyUpdate, genp(t, t.newRoot())) })
}

// templated makes a vector of a genp with a template and a keySpec.
func templated(template certTemplate, keySpec ...der) func(s *scene) {
	return inquiring(always(infoValue(itCertReqTemplate)), func(t *cmpTalk) der {
		if template.subject == nil {
			template.subject = t.client.name
		}
		var spec der
		if keySpec != nil {
			spec = seq(keySpec...)
		}
		return infoValue(itCertReqTemplate, seq(template.der(), spec))
	})
}

// newLists makes a vector of a question for a newer CRL than that of a time, and its answer.
func newLists(source func(t *cmpTalk) der, have der, answer func(t *cmpTalk) der) func(s *scene) {
	return inquiring(func(t *cmpTalk) der { return infoValue(itCRLStatusList, seq(seq(source(t), have))) }, answer)
}

// byIssuer is the CRLSource of the CA.
func byIssuer(t *cmpTalk) der { return explicit(1, seq(directory(t.ca.subject))) }

// current is a genp with the CRL of the CA.
func current(t *cmpTalk) der { return infoValue(itCRLs, seq(t.list(-day, 6*day))) }

const (
	itCAKeyUpdateInfo = idIT + "5"
	itSuppLangTags    = idIT + "16"
	idAlgID           = idRegCtrl + "11"
	idRSAKeyLen       = idRegCtrl + "12"
)

// cmpGeneral is about general messages and errors: cmp.genm.*, cmp.genp.*, cmp.error.*.
var cmpGeneral = []vector{
	{name: "genm-two", about: "A genm asks two questions.",
		make: saying(cmpGenM, always(seq(infoValue(itCACerts), infoValue(itCertReqTemplate))), nil)},
	{name: "genm-two-lw", about: "A genm asks two questions, in the lightweight profile.", pair: "genm-two",
		make: saying(cmpGenM, always(seq(infoValue(itCACerts), infoValue(itCertReqTemplate))), func(t *cmpTalk, _ *cmpMessage) { t.option("profile lw") })},
	{name: "genm-private", about: "A genm asks about something of a private type.",
		make: saying(cmpGenM, always(seq(infoValue(privateType, integer(7)))), nil)},
	{name: "genm-value", about: "A question that has no value brings one.",
		make: saying(cmpGenM, func(t *cmpTalk) der { return seq(infoValue(itCACerts, seq(t.ca.der))) }, nil)},
	{name: "genm-unreadable", about: "The value of a question is of another type.",
		make: saying(cmpGenM, always(seq(infoValue(itSuppLangTags, integer(1)))), nil)},
	{name: "genp-unreadable", about: "The value of an answer is of another type.",
		make: inquiring(always(infoValue(itCACerts)), always(infoValue(itCACerts, octets(1))))},
	{name: "genp-nothing", about: "The server has no certificates of CAs to tell.",
		make: inquiring(always(infoValue(itCACerts)), always(infoValue(itCACerts)))},
	{name: "genm-deprecated", about: "A new key is told of in the way of cmp2000.",
		make: inquiring(func(t *cmpTalk) der { return infoValue(itRootCACert, t.root.der) }, func(t *cmpTalk) der {
			n := t.newRoot()
			return infoValue(itCAKeyUpdateInfo, seq(t.oldWithNew(n).der, t.newWithOld(n).der, n.der))
		})},
	{name: "genm-root-absent", about: "The client asks for a new root and does not say which it has, in the lightweight profile.",
		make: saying(cmpGenM, always(seq(infoValue(itRootCACert))), func(t *cmpTalk, _ *cmpMessage) { t.option("profile lw") })},
	{name: "genm-root-leaf", about: "The client asks for a new root and names a certificate that is none.",
		make: saying(cmpGenM, func(t *cmpTalk) der { return seq(infoValue(itRootCACert, t.old.der)) }, nil)},
	{name: "genm-crl", about: "The client asks for a newer CRL and gets one.",
		make: newLists(byIssuer, generalized(at(-8*day)), current)},
	{name: "genm-crl-nobody", about: "The client asks for a CRL and names no issuer.", pair: "genm-crl",
		make: newLists(always(explicit(1, seq(implicit(2, []byte("ca.example.org")...)))), nil, current)},
	{name: "genp-crl-old", about: "The CRL that the server sends is not newer than the client's.", pair: "genm-crl",
		make: newLists(byIssuer, generalized(at(-day)), current)},
	{name: "genp-crl-point", about: "The client names a distribution point.", pair: "genm-crl",
		make: newLists(always(explicit(0, tlv(0xa0, implicit(6, []byte("http://crl.example.org/1.crl")...)))), generalized(at(-8*day)), current)},
	{name: "genm-lang", about: "The client offers two languages, the server picks one.",
		make: inquiring(always(infoValue(itSuppLangTags, freeText("de", "en"))), always(infoValue(itSuppLangTags, freeText("de"))))},
	{name: "genm-lang-all", about: "The server repeats all languages.", pair: "genm-lang",
		make: inquiring(always(infoValue(itSuppLangTags, freeText("de", "en"))), always(infoValue(itSuppLangTags, freeText("de", "en"))))},

	{name: "genp-every", about: "An answer has one of each value that a genp can have and that no other vector shows.", make: saying(cmpGenP, func(t *cmpTalk) der {
		ec := seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
		return seq(
			infoValue(idIT+"1", t.ca.der), infoValue(idIT+"2", seq(ec, algorithm("1.3.101.112"))), infoValue(idIT+"3", seq(ec)),
			infoValue(idIT+"4", algorithm("2.16.840.1.101.3.4.1.42")), infoValue(idIT+"6", t.list(-day, 6*day)),
			infoValue(idIT+"7", seq(oid(privateType))), infoValue(idIT+"11", ec))
	}, func(t *cmpTalk, m *cmpMessage) {
		m.recipNonce = random("asked", 16)
		t.beside = []file{certFile("ca.pem", t.ca.certificate)}
	})},
	{name: "genm-every", about: "A question has one of each value that a genm can have and that no other vector shows.", make: saying(cmpGenM, func(t *cmpTalk) der {
		rdn := seq(oid("2.5.4.11"), utf8("List 1"))
		secret := seq(tlv(0xa1, oid("2.16.840.1.101.3.4.1.42"), octets(random("iv", 16)...)), tlv(0x82, der{0}, random("key", 64)), bits(random("passphrase", 16)...))
		return seq(infoValue(idIT+"10", oid("1.2.840.10045.2.1")), infoValue(idIT+"12", secret), infoValue(idIT+"8"),
			infoValue(itCRLStatusList, seq(seq(explicit(0, tlv(0xa1, rdn))))), infoValue("1.3.6.1.4.1.3029.3.1.1"))
	}, nil)},
	{name: "genp-leaf", about: "Of the CA certificates that the server sends one is none.", pair: "genm",
		make: inquiring(always(infoValue(itCACerts)), func(t *cmpTalk) der { return infoValue(itCACerts, seq(t.ca.der, t.old.der)) })},
	{name: "genp-root", about: "The server tells of a new root.", make: rolling(func(t *cmpTalk, n *authorityCert) der {
		return rootUpdate(n.der, t.newWithOld(n), t.oldWithNew(n))
	})},
	{name: "genp-root-forged", about: "The new root is not signed with its own key.", pair: "genp-root", make: rolling(func(t *cmpTalk, n *authorityCert) der {
		return rootUpdate(n.again(t.scene.key("ec-ca"), func(*certificate) {}).der, t.newWithOld(n), t.oldWithNew(n))
	})},
	{name: "genp-root-unlinked", about: "newWithOld is not signed with the old key.", pair: "genp-root", make: rolling(func(t *cmpTalk, n *authorityCert) der {
		return rootUpdate(n.der, n.again(t.scene.key("ec-ca"), func(c *certificate) { c.end = t.root.end }), nil)
	})},
	{name: "genp-root-dates", about: "newWithOld is valid longer than the old root.", pair: "genp-root", make: rolling(func(t *cmpTalk, n *authorityCert) der {
		return rootUpdate(n.der, n.again(t.root.key, func(c *certificate) { c.end = t.root.end.Add(day) }), nil)
	})},
	{name: "genp-template", about: "The server says what a request must have.",
		make: templated(certTemplate{}, attributeValue(idRSAKeyLen, integer(3072)))},
	{name: "genp-template-serial", about: "The template of the server has a serial number.", pair: "genp-template",
		make: templated(certTemplate{serial: integer(7)}, attributeValue(idRSAKeyLen, integer(3072)))},
	{name: "genp-key-spec", about: "keySpec names RSA as an algorithm.", pair: "genp-template",
		make: templated(certTemplate{}, attributeValue(idAlgID, algorithm("1.2.840.113549.1.1.1", null())))},
	{name: "genp-kem", about: "The server sends a KEM ciphertext.",
		make: inquiring(always(infoValue(itKEMCiphertext)), always(infoValue(itKEMCiphertext, seq(algorithm(idMLKEM768), octets(random("ct", 1088)...)))))},
	{name: "genp-kem-short", about: "The KEM ciphertext is one octet short.", pair: "genp-kem",
		make: inquiring(always(infoValue(itKEMCiphertext)), always(infoValue(itKEMCiphertext, seq(algorithm(idMLKEM768), octets(random("ct", 1087)...)))))},

	{name: "error", about: "The server refuses a request with a reason.", make: saying(cmpError, refused(statusInfo(rejection, "no such profile", 19), 0), nil)},
	{name: "error-status", about: "An error message says accepted.", pair: "error", make: saying(cmpError, refused(statusInfo(accepted, ""), 0), nil)},
	{name: "error-waiting", about: "The server asks to wait by an error message.", pair: "error", make: saying(cmpError, refused(statusInfo(waiting, ""), 0), nil)},
	{name: "error-waiting-reason", about: "The server asks to wait, and gives a reason of failure.", pair: "error-waiting",
		make: saying(cmpError, refused(statusInfo(waiting, "", 25), 0), nil)},
	{name: "error-code", about: "The server sends OpenSSL's number for its error.", pair: "error",
		make: saying(cmpError, refused(statusInfo(rejection, "", 2), 58<<23|158, "error processing message"), nil)},
	{name: "error-unprotected", about: "The server refuses a message without protection.", pair: "error",
		make: saying(cmpError, refused(statusInfo(rejection, "", 1), 0), func(_ *cmpTalk, m *cmpMessage) { m.by = nil })},
	{name: "error-unprotected-known", about: "The server refuses without protection what it has read.", pair: "error-unprotected",
		make: saying(cmpError, refused(statusInfo(rejection, "", 19), 0), func(_ *cmpTalk, m *cmpMessage) { m.by = nil })},
	{name: "error-client", about: "The client answers a certificate with an error message, in the lightweight profile.", make: talking(func(t *cmpTalk) {
		t.enrol(cmpIR)
		t.messages = t.messages[:2]
		t.ask(cmpError, errorMsg(statusInfo(rejection, "not what was asked for", 7), 0))
		t.option("profile lw")
	})},
}

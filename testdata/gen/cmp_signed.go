package main

// serverSays makes a vector of one signed genp, which is short. server changes
// who signs before, change the message after it was made; either may be nil.
func serverSays(server func(t *cmpTalk), change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.signed()
		if server != nil {
			server(t)
		}
		q := t.ask(cmpGenM, seq(infoValue(itCACerts)))
		m := t.answer(cmpGenP, seq(infoValue(itCACerts)))
		t.messages = []*cmpMessage{m}
		m.answers, m.recipNonce = nil, q.senderNonce
		if change != nil {
			change(t, m)
		}
	})
}

// server has the server sign with a certificate of its own, changed.
func server(change func(t *cmpTalk, c *certificate)) func(t *cmpTalk) {
	return serverKey("responder-2", change)
}

func serverKey(name string, change func(t *cmpTalk, c *certificate)) func(t *cmpTalk) {
	return func(t *cmpTalk) {
		t.server = t.signer(t.device("cmp.example.org", t.scene.key(name), func(c *certificate) {
			if change != nil {
				change(t, c)
			}
		}))
	}
}

// ofServer changes the server's side as a whole.
func ofServer(change func(t *cmpTalk, p *cmpParty)) func(t *cmpTalk) {
	return func(t *cmpTalk) {
		server(nil)(t)
		change(t, &t.server)
	}
}

// confirmSigned has the server sign the pkiconf of a transaction with a MAC.
func (t *cmpTalk) confirmSigned() {
	p, m := t.signer(t.device("cmp.example.org", t.scene.key("responder-2"), nil)), t.messages[3]
	m.sender, m.senderKID, m.by, m.extra = directory(p.name), p.kid, p.by, p.extra
}

// selfSigned is a certificate that vouches for itself.
func (t *cmpTalk) selfSigned(cn string, k *key) *certificate {
	c := &certificate{version: 2, serial: serialFor(cn), subject: dn(cn), issuer: dn(cn), key: k, begin: at(-day), end: at(300 * day),
		extensions: []extension{keyUsage(digitalSignature), subjectKey(k.hash())}}
	return c.sign(k)
}

// lay puts a certificate beside the messages, in a role if it has one.
func (t *cmpTalk) lay(name string, c *certificate, role string) {
	t.beside = append(t.beside, certFile(name, c))
	if role != "" {
		t.scene.option("role %s %s", name, role)
	}
}

// certified is the certificate that the server signs with.
func (t *cmpTalk) certified() der { return t.server.extra[0] }

// withdrawn puts a CRL of the CA beside the messages; list are the serial
// numbers on it.
func (t *cmpTalk) withdrawn(change func(l *crl), list ...der) {
	l := t.emptyList(-day, 6*day)
	for _, serial := range list {
		l.entries = append(l.entries, struck(serial, at(-day), reasonCode(1)))
	}
	if change != nil {
		change(l)
	}
	t.beside = append(t.beside, armored("crl.pem", "X509 CRL", l.der()))
}

// answered puts an OCSP response of the CA about a certificate beside the messages.
func (t *cmpTalk) answered(c *certificate, change func(e *entry)) {
	r := goodResponse(t.ca, c)
	if change != nil {
		change(&r.entries[0])
	}
	t.beside = append(t.beside, armored("response.pem", "OCSP RESPONSE", r.der()))
}

const idHashMLDSA65 = "2.16.840.1.101.3.4.3.33"

// cmpSigned is about protection by signatures: cmp.prot.*.
var cmpSigned = []vector{
	{name: "signed", about: "An answer signed by the server, with its certificate and the root.", make: serverSays(server(nil), nil)},
	{name: "signed-rsa", about: "Signed with RSA PKCS #1 v1.5.", pair: "signed", make: serverSays(serverKey("other", nil), nil)},
	{name: "signed-rsa-absent", about: "protectionAlg has no parameters where NULL belongs, as OpenSSL 3.0 writes it.", pair: "signed-rsa", make: serverSays(serverKey("other", nil), func(_ *cmpTalk, m *cmpMessage) {
		m.algorithm = algorithm("1.2.840.113549.1.1.11")
	})},
	{name: "signed-pss", about: "Signed with RSASSA-PSS.", pair: "signed", make: serverSays(func(t *cmpTalk) {
		serverKey("other", nil)(t)
		t.server.by = signing{t.scene.key("other"), pssSHA256}
	}, nil)},
	{name: "signed-p521", about: "Signed with ECDSA on P-521 and SHA-512.", pair: "signed", make: serverSays(func(t *cmpTalk) {
		serverKey("p521", nil)(t)
		t.server.by = signing{t.scene.key("p521"), ecdsaSHA512}
	}, nil)},
	{name: "signed-ed25519", about: "Signed with Ed25519.", pair: "signed", make: serverSays(serverKey("ed25519", nil), nil)},
	{name: "signed-ed448", about: "Signed with Ed448.", pair: "signed", make: serverSays(serverKey("ed448", nil), nil)},
	{name: "signed-ml-dsa", about: "Signed with ML-DSA-44.", pair: "signed", make: serverSays(serverKey("mldsa44", nil), nil)},
	{name: "signed-slh-dsa", about: "Signed with SLH-DSA-SHA2-128s.", pair: "signed", make: serverSays(serverKey("slhdsa", nil), nil)},
	{name: "signed-hash-ml-dsa", about: "protectionAlg is HashML-DSA-65, which is known by name and not computed.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.algorithm = algorithm(idHashMLDSA65) })},

	{name: "signer-absent", about: "The message brings no certificate, and none is at hand.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.extra = nil })},
	{name: "signer-beside", about: "The server's certificate lies beside the message that does not bring it.", pair: "signer-absent",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) {
			m.extra = nil
			t.beside = append(t.beside, armored("server.pem", "CERTIFICATE", t.certified()), certFile("ca.pem", t.ca.certificate))
		})},
	{name: "signer-none-of-them", about: "extraCerts has the certificates of others.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) { m.extra = []der{t.old.der, t.ca.der} })},
	{name: "signer-pinned", about: "A self-signed certificate of the server, given as the signer's.",
		make: serverSays(func(t *cmpTalk) {
			c := t.selfSigned("cmp.example.org", t.scene.key("responder-2"))
			t.server, t.anchor = t.signer(c), false
			t.server.extra = nil
			t.lay("server.pem", c, "signer")
		}, nil)},
	{name: "signer-pinned-other", about: "Another certificate was given as the signer's than the one that signed.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, _ *cmpMessage) {
			t.lay("other.pem", t.device("ra.example.org", t.scene.key("p256"), nil), "signer")
		})},
	{name: "signer-key-only", about: "The bare public key of the server, given as the signer's.", pair: "signer-absent",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) {
			m.extra = nil
			t.beside = append(t.beside, armored("server.pub", "PUBLIC KEY", t.scene.key("responder-2").spki))
			t.scene.option("role server.pub signer")
		})},
	{name: "signer-other-kid", about: "senderKID is not the key identifier of the certificate.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) { m.senderKID = random("another key", 20) })},
	{name: "signer-no-ski", about: "The certificate has no subject key identifier.", pair: "signed",
		make: serverSays(server(func(_ *cmpTalk, c *certificate) { c.without(idSKI) }), nil)},
	{name: "signer-name-turned", about: "The sender's name is that of the certificate, read from its other end.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) {
			m.sender = directory(seq(set(seq(oid("2.5.4.3"), utf8("cmp.example.org"))), set(seq(oid("2.5.4.10"), utf8("Example")))))
		})},
	{name: "signer-other-name", about: "The sender has another name than the certificate.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.sender = directory(dn("ra.example.org")) })},

	{name: "signature-changed", about: "The message was changed behind the signature.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) {
			m.late = func(m *cmpMessage) { m.transactionID = random("another transaction", 16) }
		})},
	{name: "signature-other-key", about: "Another key of the same kind signed.", pair: "signed",
		make: serverSays(ofServer(func(t *cmpTalk, p *cmpParty) { p.by = signing{t.key, t.key.usual} }), nil)},
	{name: "signature-re-encoded", about: "The header came in BER; the signature is over its DER.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) {
			m.late = func(m *cmpMessage) { m.asHeader = func(h der) der { return indefinite(h) } }
		})},
	{name: "signature-key-fit", about: "protectionAlg is RSA, the key of the certificate is on a curve.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.algorithm = rsaSHA256.id })},
	{name: "signature-rsa-1024", about: "The server's RSA key has 1,024 bits.", pair: "signed-rsa", make: serverSays(serverKey("rsa1024", nil), nil)},
	{name: "signature-sha1", about: "Signed with RSA and SHA-1, where TS 33.310 counts.", pair: "signed-rsa",
		make: serverSays(func(t *cmpTalk) {
			serverKey("other", nil)(t)
			t.server.by = signing{t.scene.key("other"), rsaSHA1}
			t.scene.option("profile 3gpp")
		}, nil)},

	{name: "signer-key-usage", about: "The server's certificate allows key encipherment alone.", pair: "signed",
		make: serverSays(server(func(_ *cmpTalk, c *certificate) { c.with(keyUsage(keyEncipherment)) }), nil)},
	{name: "signer-key-usage-ignored", about: "The same, with the switch ignoreKeyUsage.", pair: "signer-key-usage",
		make: serverSays(server(func(t *cmpTalk, c *certificate) {
			c.with(keyUsage(keyEncipherment))
			t.scene.option("set ignoreKeyUsage=1")
		}), nil)},
	{name: "signer-expired", about: "The server's certificate ended ten days ago.", pair: "signed",
		make: serverSays(server(func(_ *cmpTalk, c *certificate) { c.begin, c.end = at(-100*day), at(-10*day) }), nil)},
	{name: "signer-expired-since", about: "The server's certificate was valid when the message was made, and is not now.", pair: "signed",
		make: serverSays(server(func(_ *cmpTalk, c *certificate) { c.end = at(0).Add(-1) }), nil)},
	{name: "signer-not-yet", about: "The server's certificate begins tomorrow.", pair: "signed",
		make: serverSays(server(func(_ *cmpTalk, c *certificate) { c.begin = at(day) }), nil)},

	{name: "chain-no-anchor", about: "No trust anchor was given.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, _ *cmpMessage) { t.anchor = false })},
	{name: "chain-elsewhere", about: "The anchor is the root of others.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, _ *cmpMessage) {
			t.anchor = false
			t.lay("other-root.pem", t.scene.ca("Example Other Device Root", "p384", nil).certificate, "anchor")
		})},
	{name: "chain-gap", about: "The CA between the server and the root is missing.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) { m.extra = m.extra[:1] })},
	{name: "chain-expired", about: "The CA between the server and the root has expired.", pair: "signed",
		make: serverSays(func(t *cmpTalk) {
			t.ca = &authorityCert{t.ca.again(t.root.key, func(c *certificate) { c.end = at(-30 * day) })}
			server(nil)(t)
		}, nil)},
	{name: "chain-no-ca", about: "The certificate between the server and the root is no CA.", pair: "signed",
		make: serverSays(func(t *cmpTalk) {
			t.ca = &authorityCert{t.ca.again(t.root.key, func(c *certificate) { c.with(endEntity()) })}
			server(nil)(t)
		}, nil)},
	{name: "chain-ca-pubs", about: "The shared secret vouches for caPubs, and these for the signer of the confirmation.",
		make: enrolling(cmpIR, func(t *cmpTalk) { t.confirmSigned() })},
	{name: "chain-ca-pubs-unproved", about: "The same without the secret: nobody vouches for caPubs.", pair: "chain-ca-pubs",
		make: enrolling(cmpIR, func(t *cmpTalk) {
			t.confirmSigned()
			t.secret = ""
		})},
	{name: "signer-self-signed", about: "The signer's certificate is self-signed, and nobody vouches for it.", pair: "signer-pinned",
		make: serverSays(func(t *cmpTalk) {
			t.server, t.anchor = t.signer(t.selfSigned("cmp.example.org", t.scene.key("responder-2"))), false
			t.server.extra = t.server.extra[:1]
		}, nil)},
	{name: "signer-ra", about: "The server is a registration authority, by its purpose.", pair: "signed",
		make: serverSays(server(func(_ *cmpTalk, c *certificate) { c.with(purposes("1.3.6.1.5.5.7.3.28")) }), nil)},

	{name: "signer-revoked", about: "A CRL lists the server's certificate.", pair: "signed",
		make: serverSays(server(func(t *cmpTalk, c *certificate) { t.withdrawn(nil, c.serial) }), nil)},
	{name: "signer-not-listed", about: "A CRL does not list the server's certificate.", pair: "signer-revoked",
		make: serverSays(server(func(t *cmpTalk, c *certificate) { t.withdrawn(nil) }), nil)},
	{name: "signer-old-list", about: "The CRL at hand ended yesterday.", pair: "signer-not-listed",
		make: serverSays(server(func(t *cmpTalk, c *certificate) {
			t.withdrawn(func(l *crl) { l.this, l.next = utcTime(at(-8*day)), utcTime(at(-day)) })
		}), nil)},
	{name: "signer-revoked-ocsp", about: "An OCSP response says that the server's certificate is revoked.", pair: "signed",
		make: serverSays(func(t *cmpTalk) {
			c := t.device("cmp.example.org", t.scene.key("responder-2"), nil)
			t.server = t.signer(c)
			t.answered(c, func(e *entry) { e.status = revoked(at(-5*day), 1) })
		}, nil)},
	{name: "signer-good-ocsp", about: "An OCSP response says that the server's certificate is good.", pair: "signer-revoked-ocsp",
		make: serverSays(func(t *cmpTalk) {
			c := t.device("cmp.example.org", t.scene.key("responder-2"), nil)
			t.server = t.signer(c)
			t.answered(c, nil)
		}, nil)},

	{name: "sender-expected", about: "The sender is the one that is expected.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, _ *cmpMessage) { t.scene.option("set expectedSender=/O=Example/CN=cmp.example.org") })},
	{name: "sender-unexpected", about: "Another sender is expected.", pair: "sender-expected",
		make: serverSays(server(nil), func(t *cmpTalk, _ *cmpMessage) { t.scene.option("set expectedSender=CN=ca.example.org,O=Example") })},
	{name: "anchor-3gpp", about: "An ip brings the root that vouches for it, and the switch of TS 33.310 is on.",
		make: oneSigned(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) {
			t.anchor = false
			t.scene.option("set permitTAInExtraCertsForIR=1")
			m.extra = append(m.extra[:len(m.extra):len(m.extra)], t.root.der)
		})},
	{name: "anchor-3gpp-none", about: "The switch of TS 33.310 is on, and no self-issued certificate comes along.", pair: "anchor-3gpp",
		make: oneSigned(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) {
			t.anchor = false
			t.scene.option("set permitTAInExtraCertsForIR=1")
		})},
	{name: "anchor-3gpp-other", about: "The self-issued certificate that comes along vouches for nobody here.", pair: "anchor-3gpp",
		make: oneSigned(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) {
			t.anchor = false
			t.scene.option("set permitTAInExtraCertsForIR=1")
			m.extra = append(m.extra[:len(m.extra):len(m.extra)], t.scene.ca("Example Other Device Root", "p384", nil).der)
		})},
}

// cmpExtraCerts is about the certificates that come along: cmp.certs.*.
var cmpExtraCerts = []vector{
	{name: "certs-first", about: "The CA comes before the signer.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.extra = []der{m.extra[1], m.extra[0]} })},
	{name: "certs-root", about: "The root is sent along.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) { m.extra = append(m.extra[:2:2], t.root.der) })},
	{name: "certs-twice", about: "The CA is sent twice.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.extra = append(m.extra[:2:2], m.extra[1]) })},
	{name: "certs-many", about: "Eleven elements are sent along, most of another format.", pair: "certs-other-format",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) {
			for len(m.extra) < 11 {
				m.extra = append(m.extra[:len(m.extra):len(m.extra)], explicit(1, null()))
			}
		})},
	{name: "certs-order", about: "Between the signer and its CA stands a stranger.", pair: "signed",
		make: serverSays(server(nil), func(t *cmpTalk, m *cmpMessage) { m.extra = []der{m.extra[0], t.old.der, m.extra[1]} })},
	{name: "certs-incomplete", about: "A CA below the CA issued the signer's certificate; the CA above is not sent along.", pair: "signed",
		make: serverSays(func(t *cmpTalk) {
			above := t.ca
			t.ca = t.scene.ca("Example Device Sub CA", "p256", above)
			server(nil)(t)
			t.lay("ca.pem", above.certificate, "")
		}, nil)},
	{name: "certs-other-format", about: "An element of extraCerts is tagged [1]: another format than X.509.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) { m.extra = append(m.extra[:2:2], explicit(1, octets(1, 2, 3))) })},
	{name: "certs-cut", about: "An element of extraCerts is a SEQUENCE, but no certificate.", pair: "signed",
		make: serverSays(server(nil), func(_ *cmpTalk, m *cmpMessage) {
			m.extra = append(m.extra[:2:2], seq(integer(1), utf8("no certificate")))
		})},
}

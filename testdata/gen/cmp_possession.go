package main

import (
	"crypto"
	"time"
)

// proved is wanting with another proof of possession.
func proved(pop func(t *cmpTalk) func(request der) der) func(s *scene) {
	return wanting(func(t *cmpTalk, r *certReqMsg) { r.pop = pop(t) })
}

// popSigned is the form signature over octets, with a poposkInput in front if
// that is not nil.
func popSigned(k *key, sch scheme, input, over der) der {
	return tlv(0xa1, input, sch.id, bits(k.sign(sch, over)...))
}

// withInput is a request without a subject whose poposkInput has the contents
// that a function makes; over are the octets that are signed, of its contents.
func withInput(contents func(t *cmpTalk) der, over func(contents der) der) func(s *scene) {
	return wanting(func(t *cmpTalk, r *certReqMsg) {
		r.template.subject = nil
		c := contents(t)
		r.pop = func(der) der { return popSigned(t.key, t.key.usual, explicit(0, c), over(c)) }
	})
}

// bySender is a poposkInput that names the sender of the message.
func bySender(t *cmpTalk) der { return join(explicit(0, directory(t.client.name)), t.key.spki) }

// byMAC is a poposkInput with a MAC over the key.
func byMAC(by func(t *cmpTalk) cmpProtector) func(t *cmpTalk) der {
	return func(t *cmpTalk) der {
		p := by(t)
		return join(seq(p.algorithm(), bits(p.protect(t.key.spki)...)), t.key.spki)
	}
}

func asSequence(contents der) der { return seq(contents) }

// sealedKey is an EnvelopedData for the CA with the private key of the client,
// in the type that is named.
func sealedKey(t *cmpTalk, contentType string) der {
	e := envelope{version: 2, contentType: contentType, cipher: idAES128CBC, key: random("cek", 16), content: seq(packaged("leaf", t.key))}
	e.recipients = []der{agreement(keyIDInside(t.ca.key.hash()), t.ca.key, random("ukm", 16), idAES128Wrap, e.key)}
	return e.der()
}

// handedOver is the form keyEncipherment (2) or keyAgreement (3) of a POPOPrivKey.
func handedOver(form byte, method func(t *cmpTalk) der) func(s *scene) {
	return proved(func(t *cmpTalk) func(der) der { return func(der) der { return explicit(form, method(t)) } })
}

// handedOverNew is handedOver in a message of cmp2021.
func handedOverNew(form byte, method func(t *cmpTalk) der) func(s *scene) {
	return oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
		m.version = 3
		m.requests[0].pop = func(der) der { return explicit(form, method(t)) }
	})
}

func fixed(b der) func(*cmpTalk) der { return func(*cmpTalk) der { return b } }

// cmpPossessions is about proofs of possession: cmp.pop.*.
var cmpPossessions = []vector{
	{name: "pop-absent", about: "There is a public key, and no proof of its possession.", make: proved(func(*cmpTalk) func(der) der { return nil })},
	{name: "pop-absent-lw", about: "There is a public key and no proof of its possession, in the lightweight profile.", pair: "pop-absent",
		make: laid("lw", proved(func(*cmpTalk) func(der) der { return nil }))},
	{name: "pop-central", about: "The CA is to make the key, and possession of it is claimed.",
		make: wanting(func(_ *cmpTalk, r *certReqMsg) { r.template.publicKey, r.pop = nil, raVerified })},
	{name: "pop-ra-mac", about: "An end entity says raVerified under its shared secret.", make: proved(func(*cmpTalk) func(der) der { return raVerified })},
	{name: "pop-ra-open", about: "raVerified in a message that nothing protects.",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.requests[0].pop, m.by = raVerified, nil })},
	{name: "pop-ra", about: "An RA says raVerified: its certificate has the purpose cmcRA.",
		make: talking(func(t *cmpTalk) {
			t.signed()
			t.client = t.signer(t.device("Example RA", t.scene.key("p256"), func(c *certificate) { c.with(purposes("1.3.6.1.5.5.7.3.28")) }))
			r := t.request()
			r.template.subject, r.pop = dn("device-8"), raVerified
			t.ask(cmpIR, nil).requests = []*certReqMsg{r}
		})},
	{name: "pop-ra-device", about: "A device says raVerified and signs with a certificate for no such purpose.", pair: "pop-ra",
		make: wantingSigned(cmpIR, func(_ *cmpTalk, r *certReqMsg) { r.pop = raVerified })},
	{name: "pop-ra-unknown", about: "raVerified, signed with a certificate that is not here.", pair: "pop-ra",
		make: oneSigned(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.requests[0].pop, m.extra = raVerified, nil })},
	{name: "pop-flipped", about: "One bit of the signature that proves possession is turned over.",
		make: proved(func(t *cmpTalk) func(der) der {
			return func(q der) der { return tlv(0xa1, t.key.usual.id, flipped(t.key.sign(t.key.usual, q))) }
		})},
	{name: "pop-other-key", about: "Possession is proved with another key than the one in the request.", pair: "pop-flipped",
		make: proved(func(t *cmpTalk) func(der) der { return possession(t.scene.key("p256")) })},
	{name: "pop-template", about: "The signature covers the template alone.", pair: "pop-flipped",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			r.pop = func(der) der { return popSigned(t.key, t.key.usual, nil, r.template.der()) }
		})},
	{name: "pop-ber", about: "The request has a length in too many octets, and its DER was signed.",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			var canonical der
			r.asRequest = func(q der) der {
				canonical = q
				return longLength(q, 3)
			}
			r.pop = func(der) der { return popSigned(t.key, t.key.usual, nil, canonical) }
		})},
	{name: "pop-unknown-algorithm", about: "The signature is of an algorithm that nobody knows.",
		make: proved(func(t *cmpTalk) func(der) der {
			return func(q der) der {
				return popSigned(t.key, scheme{id: algorithm(idUnknown), hash: crypto.SHA256}, nil, q)
			}
		})},
	{name: "pop-mismatch", about: "The algorithm is one of RSA, and the key is on P-256.",
		make: proved(func(t *cmpTalk) func(der) der {
			return func(q der) der { return popSigned(t.key, scheme{id: rsaSHA256.id, hash: crypto.SHA256}, nil, q) }
		})},
	{name: "pop-sha1", about: "Possession is proved with SHA-1.",
		make: proved(func(t *cmpTalk) func(der) der {
			return func(q der) der { return popSigned(t.key, ecdsaSHA1, nil, q) }
		})},
	{name: "pop-ed448", about: "The key is Ed448.", make: askedOf("ed448")},
	{name: "pop-mldsa44", about: "The key is ML-DSA-44.", make: askedOf("mldsa44")},

	{name: "pop-input-missing", about: "There is no subject, and no poposkInput in its place.",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.subject = nil })},
	{name: "pop-input-no-key", about: "Possession is claimed by a signature, and no key is named.",
		make: asked(func(_ *cmpTalk, c *certTemplate) { c.publicKey = nil })},
	{name: "pop-input-needless", about: "There is a poposkInput although the template has name and key.",
		make: proved(func(t *cmpTalk) func(der) der { return possessionOf(t.key, explicit(0, directory(t.client.name))) })},
	{name: "pop-input-tagged", about: "poposkInput is signed with its tag a0.", pair: "template-no-subject",
		make: withInput(bySender, func(c der) der { return explicit(0, c) })},
	{name: "pop-input-contents", about: "Of poposkInput the contents alone are signed.", pair: "template-no-subject",
		make: withInput(bySender, func(c der) der { return c })},
	{name: "pop-input-beside", about: "There is a poposkInput, and the signature covers certReq.", pair: "template-no-subject",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			r.template.subject = nil
			r.pop = func(q der) der { return popSigned(t.key, t.key.usual, explicit(0, bySender(t)), q) }
		})},
	{name: "pop-input-other-key", about: "poposkInput has another key than the template.", pair: "template-no-subject",
		make: withInput(func(t *cmpTalk) der {
			return join(explicit(0, directory(t.client.name)), t.scene.key("p256").spki)
		}, asSequence)},
	{name: "pop-input-other-sender", about: "poposkInput names another sender than the header.", pair: "template-no-subject",
		make: withInput(func(t *cmpTalk) der { return join(explicit(0, directory(dn("device-8"))), t.key.spki) }, asSequence)},
	{name: "pop-input-mac", about: "poposkInput binds the key to the shared secret.",
		make: withInput(byMAC(func(t *cmpTalk) cmpProtector { return t.pbm() }), asSequence)},
	{name: "pop-input-pbmac1", about: "poposkInput binds the key to the shared secret by PBMAC1.", pair: "pop-input-mac",
		make: withInput(byMAC(func(t *cmpTalk) cmpProtector {
			return derivedMAC{secret: []byte(cmpSecret), salt: random("salt", 16), prf: crypto.SHA256, mac: crypto.SHA256, rounds: 10_000, length: 32}
		}), asSequence)},
	{name: "pop-input-mac-wrong", about: "poposkInput binds the key to another secret.", pair: "pop-input-mac",
		make: withInput(byMAC(func(t *cmpTalk) cmpProtector {
			p := t.pbm()
			p.secret = []byte("another secret")
			return p
		}), asSequence)},
	{name: "pop-input-mac-open", about: "poposkInput has a MAC over the key, and the secret is not here.", pair: "pop-input-mac",
		make: wanting(func(t *cmpTalk, r *certReqMsg) {
			r.template.subject, t.secret = nil, ""
			c := byMAC(func(t *cmpTalk) cmpProtector { return t.pbm() })(t)
			r.pop = func(der) der { return popSigned(t.key, t.key.usual, explicit(0, c), seq(c)) }
		})},

	{name: "pop-encrypted-cert", about: "Possession is to be proved by opening the certificate.", make: handedOver(2, fixed(implicit(1, 0)))},
	{name: "pop-challenge", about: "Possession is to be proved by answering a challenge.", make: handedOver(3, fixed(implicit(1, 1)))},
	{name: "pop-private-key", about: "The private key is handed over in an EnvelopedData.",
		make: handedOverNew(2, func(t *cmpTalk) der { return retag(4, sealedKey(t, idEncKeyWithID)) })},
	{name: "pop-private-key-opened", about: "The private key is handed over, and the CA's key is here to open it.", pair: "pop-private-key",
		make: handedOverNew(2, func(t *cmpTalk) der {
			t.beside = append(t.beside, armored("ca.key", "PRIVATE KEY", private("ec-ca")))
			return retag(4, sealedKey(t, idEncKeyWithID))
		})},
	{name: "pop-private-key-other", about: "Another private key is handed over than the one of the key in the request.", pair: "pop-private-key-opened",
		make: oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
			t.beside = append(t.beside, armored("ca.key", "PRIVATE KEY", private("ec-ca")))
			m.version = 3
			m.requests[0].template.publicKey = t.scene.key("p256").spki
			m.requests[0].pop = func(der) der { return explicit(2, retag(4, sealedKey(t, idEncKeyWithID))) }
		})},
	{name: "pop-private-key-type", about: "The private key is handed over as octets of no special type.", pair: "pop-private-key",
		make: handedOverNew(2, func(t *cmpTalk) der { return retag(4, sealedKey(t, "1.2.840.113549.1.7.1")) })},
	{name: "pop-private-key-broken", about: "encryptedKey is no EnvelopedData.", pair: "pop-private-key", make: handedOverNew(2, fixed(explicit(4, integer(2))))},
	{name: "pop-this-message", about: "The private key is handed over in the old form, an EncryptedValue.",
		make: handedOver(2, fixed(retag(0, bits(seq(retag(1, algorithm(idAES128CBC, octets(random("iv", 16)...))), bits(random("key", 48)...))...))))},
	{name: "pop-agree-mac", about: "A MAC with a Diffie-Hellman key proves possession.",
		make: handedOverNew(3, fixed(retag(3, seq(algorithm("1.3.6.1.5.5.7.6.3"), bits(random("mac", 32)...)))))},
	{name: "pop-dh-mac", about: "A MAC with a Diffie-Hellman key proves possession in the old form.", make: handedOver(3, fixed(retag(2, bits(random("mac", 20)...))))},

	{name: "pop-identity", about: "A device asks for a certificate in the name of another.",
		make: wantingSigned(cmpIR, func(_ *cmpTalk, r *certReqMsg) { r.template.subject = dn("device-8") })},
	{name: "pop-identity-lw", about: "A device asks for a certificate in the name of another, in the lightweight profile.", pair: "pop-identity",
		make: laid("lw", wantingSigned(cmpIR, func(_ *cmpTalk, r *certReqMsg) { r.template.subject = dn("device-8") }))},
}

// certifying makes a vector of a p10cr whose PKCS #10 request is changed.
func certifying(change func(t *cmpTalk, r *csr)) func(s *scene) {
	return oneMessage(cmpP10CR, 0, func(t *cmpTalk, m *cmpMessage) {
		r := &csr{subject: t.client.name, key: t.key, attributes: explicit(0)}
		change(t, r)
		m.content = r.der()
	})
}

// updating makes a vector of a kur whose request is changed.
func updating(change func(t *cmpTalk, r *certReqMsg)) func(s *scene) {
	return wantingSigned(cmpKUR, change)
}

// updatingOld is updating of another certificate than the usual one.
func updatingOld(old func(c *certificate)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.old = t.device("device-7", t.scene.key("client"), old)
		t.signed()
		t.enrol(cmpKUR)
		only(0, nil)(t)
	})
}

// crossing makes a vector of a ccr in which the CA asks the root.
func crossing(change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.signed()
		t.client = cmpParty{name: t.ca.subject, kid: t.ca.key.hash(), by: signing{t.ca.key, t.ca.key.usual}, extra: []der{t.ca.der}}
		t.key = t.ca.key
		r := &certReqMsg{pop: possession(t.key), template: certTemplate{signingAlg: ecdsaSHA256.id, issuer: t.server.name,
			notBefore: inYears(0), notAfter: inYears(2), subject: t.ca.subject, publicKey: t.key.spki}}
		m := t.ask(cmpCCR, nil)
		m.requests = []*certReqMsg{r}
		change(t, m)
	})
}

// cmpUpdates is about p10cr, kur and ccr: cmp.p10.*, cmp.kur.*, cmp.ccr.*.
var cmpUpdates = []vector{
	{name: "p10-version", about: "The PKCS #10 request has the version 1.", make: certifying(func(_ *cmpTalk, r *csr) { r.version = 1 })},
	{name: "p10-flipped", about: "One bit of the signature of the PKCS #10 request is turned over.", make: certifying(func(_ *cmpTalk, r *csr) { r.value = flipped })},
	{name: "p10-nameless", about: "The PKCS #10 request names nobody.", make: certifying(func(_ *cmpTalk, r *csr) { r.subject = seq() })},
	{name: "p10-password", about: "The PKCS #10 request has a challenge password.",
		make: certifying(func(_ *cmpTalk, r *csr) {
			r.attributes = explicit(0, attribute("1.2.840.113549.1.9.7", printable("not a secret")))
		})},
	{name: "p10-ca", about: "The PKCS #10 request asks for the powers of a CA.",
		make: certifying(func(_ *cmpTalk, r *csr) { r.attributes = wanted(authority()) })},

	{name: "kur-no-old", about: "The kur does not say which certificate is to be replaced.", pair: "kur",
		make: updating(func(_ *cmpTalk, r *certReqMsg) { r.controls = nil })},
	{name: "kur-other", about: "The kur names another certificate than the one that signed it.", pair: "kur",
		make: updating(func(t *cmpTalk, r *certReqMsg) {
			other := t.device("device-6", t.scene.key("p256"), nil)
			r.controls = []der{attributeValue(idOldCertID, certIDOf(other))}
			t.beside = append(t.beside, certFile("device-6.pem", other))
		})},
	{name: "kur-mac", about: "The kur is protected by a MAC.", pair: "kur",
		make: oneMessage(cmpKUR, 0, func(t *cmpTalk, _ *cmpMessage) { t.beside = append(t.beside, certFile("device-7.pem", t.old)) })},
	{name: "kur-no-signer", about: "The certificate that signed the kur is not here.", pair: "kur",
		make: oneSigned(cmpKUR, 0, func(_ *cmpTalk, m *cmpMessage) { m.extra = nil })},
	{name: "kur-subject", about: "The update asks for another name.", pair: "kur",
		make: updating(func(_ *cmpTalk, r *certReqMsg) { r.template.subject = dn("device-8") })},
	{name: "kur-san", about: "The update asks for a subjectAltName that the old certificate does not have.", pair: "kur",
		make: updating(func(_ *cmpTalk, r *certReqMsg) { r.template.extensions = []extension{hosts("device-7.example.org")} })},
	{name: "kur-same-key", about: "The update is for the old key.", pair: "kur",
		make: updating(func(t *cmpTalk, r *certReqMsg) {
			k := t.scene.key("client")
			r.template.publicKey, r.pop = k.spki, possession(k)
		})},
	{name: "kur-extra", about: "The update asks for a lifetime and a key usage too.", pair: "kur",
		make: updating(func(_ *cmpTalk, r *certReqMsg) {
			r.template.notAfter, r.template.extensions = inYears(1), []extension{keyUsage(digitalSignature)}
		})},
	{name: "kur-expired", about: "The old certificate expired a month ago.", pair: "kur",
		make: updatingOld(func(c *certificate) { c.begin, c.end = at(-400*24*time.Hour), at(-30*24*time.Hour) })},

	{name: "ccr", about: "A CA asks the root for a cross-certificate.", make: crossing(func(*cmpTalk, *cmpMessage) {})},
	{name: "ccr-two", about: "A CA asks for two cross-certificates in one message.", pair: "ccr",
		make: crossing(func(t *cmpTalk, m *cmpMessage) {
			r := *m.requests[0]
			r.id = 1
			m.requests = append(m.requests, &r)
		})},
	{name: "ccr-lacking", about: "A CA asks for a cross-certificate without saying how long or how signed.", pair: "ccr",
		make: crossing(func(_ *cmpTalk, m *cmpMessage) {
			c := &m.requests[0].template
			c.signingAlg, c.notBefore, c.notAfter = nil, nil, nil
		})},
	{name: "ccr-mac", about: "A CA asks for a cross-certificate under a shared secret.", pair: "ccr",
		make: crossing(func(t *cmpTalk, m *cmpMessage) {
			m.by, m.senderKID, t.secret = t.pbm(), []byte("Example Device CA"), cmpSecret
		})},
	{name: "ccr-private-key", about: "A CA hands over its private key in a ccr.", pair: "ccr",
		make: crossing(func(t *cmpTalk, m *cmpMessage) {
			m.version = 3
			m.requests[0].pop = func(der) der { return explicit(2, retag(4, sealedKey(t, idEncKeyWithID))) }
		})},
}

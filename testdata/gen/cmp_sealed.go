package main

import "bytes"

// central is a private key that the CA makes and sends, with what each vector
// has otherwise.
type central struct {
	*cmpTalk
	package_  der // AsymmetricKeyPackage
	signed    signedKeys
	envelope  envelope
	cek       []byte
	ukm       []byte
	wrap      string
	recipient func(c *central) der
	reply     *certResponse
	withKey   bool                 // the client's private key is beside the messages
	inner     func(c *central) der // what is encrypted, in place of signed
}

// keys makes a vector of an ir without a key, and the ip that brings one,
// encrypted by key agreement for the client's certificate. change comes before
// anything is encoded.
func keys(change func(c *central)) func(s *scene) { return talkingKeys(false, change) }

// keysByPassword is keys under a shared secret.
func keysByPassword(change func(c *central)) func(s *scene) { return talkingKeys(true, change) }

func talkingKeys(secret bool, change func(c *central)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		c := &central{cmpTalk: t, cek: random("cek", 16), ukm: random("ukm", 16), wrap: idAES128Wrap, withKey: true}
		if secret {
			c.recipient = func(c *central) der {
				return password([]byte(cmpSecret), random("another salt", 16), 10_000, c.wrap, c.cek)
			}
		} else {
			t.old = t.device("device-7", t.scene.key("client"), func(k *certificate) { k.with(keyUsage(digitalSignature | keyAgreement)) })
			t.signed()
			c.recipient = func(c *central) der { return agreement(keyIDInside(t.old.key.hash()), t.old.key, c.ukm, c.wrap, c.cek) }
		}
		authority := t.device("Example Key Authority", t.scene.key("p256"), func(k *certificate) { k.with(purposes(idCMKGA)) })
		c.package_ = seq(packaged("leaf", t.key))
		c.signed = signedKeys{version: 3, key: t.scene.key("p256"), cert: authority}
		c.envelope = envelope{version: 2, contentType: idCMSSigned, cipher: idAES128CBC}
		if secret {
			c.envelope.version = 0
		}
		q := t.ask(cmpIR, nil)
		q.version = 3
		q.requests = []*certReqMsg{{template: certTemplate{subject: t.client.name}}}
		a := t.answer(cmpIP, nil)
		a.version = 3
		c.reply = t.grant()
		a.responses = []*certResponse{c.reply}
		if change != nil {
			change(c)
		}
		c.signed.content = c.package_
		c.envelope.key, c.envelope.content = c.cek, c.signed.der()
		if c.inner != nil {
			c.envelope.content = c.inner(c)
		}
		if c.envelope.recipients == nil {
			c.envelope.recipients = []der{c.recipient(c)}
		}
		if c.reply.key == nil {
			c.reply.key = retag(0, c.envelope.der())
		}
		if c.withKey && !secret {
			t.beside = append(t.beside, armored("client.key", "PRIVATE KEY", private("client")))
		}
	})
}

const keyAgreement = 0x08

// cmpSealed is about what is encrypted.
var cmpSealed = []vector{
	{name: "env-agreed", about: "The CA makes the key and sends it encrypted for the client's certificate.", make: keys(nil)},
	{name: "env-password", about: "The CA makes the key and sends it encrypted with the shared secret.", make: keysByPassword(nil)},
	{name: "env-closed", about: "The private key from the CA, without the key that opens it.", pair: "env-agreed",
		make: keys(func(c *central) { c.withKey = false })},
	{name: "env-broken", about: "The wrapped key has a flipped bit: the client's key does not open it.", pair: "env-agreed", make: keys(func(c *central) {
		good := c.recipient
		c.recipient = func(c *central) der {
			b := good(c)
			b[len(b)-1] ^= 1
			return b
		}
	})},
	{name: "env-version", about: "EnvelopedData has version 0 with a key agreement.", pair: "env-agreed",
		make: keys(func(c *central) { c.envelope.version = 0 })},
	{name: "env-two-recipients", about: "The key is encrypted for the client and for somebody else.", pair: "env-agreed", make: keys(func(c *central) {
		other := c.scene.key("sub")
		c.envelope.recipients = []der{c.recipient(c), agreement(keyIDInside(other.hash()), other, c.ukm, c.wrap, c.cek)}
	})},
	{name: "env-kind", about: "The request is signed, and the key is encrypted with a password.", pair: "env-agreed", make: keys(func(c *central) {
		c.envelope.version = 0
		c.recipient = func(c *central) der {
			return password([]byte("another secret"), random("salt", 16), 10_000, c.wrap, c.cek)
		}
	})},
	{name: "env-recipient", about: "The recipient is another key identifier than the request's senderKID.", pair: "env-agreed", make: keys(func(c *central) {
		c.recipient = func(c *central) der { return agreement(keyIDInside(c.ca.key.hash()), c.old.key, c.ukm, c.wrap, c.cek) }
	})},
	{name: "env-recipient-serial", about: "The recipient is named by issuer and serial number.", pair: "env-agreed", make: keys(func(c *central) {
		c.recipient = func(c *central) der { return agreement(bySerial(c.old), c.old.key, c.ukm, c.wrap, c.cek) }
	})},
	{name: "env-usage", about: "The client's certificate allows no key agreement.", pair: "env-agreed", make: keys(func(c *central) {
		c.old = c.device("device-7", c.scene.key("client"), nil)
		c.client = c.signer(c.old)
		c.messages[0].extra = c.client.extra
	})},
	{name: "env-no-ukm", about: "The key agreement has no random value.", pair: "env-agreed",
		make: keys(func(c *central) { c.ukm = nil })},
	{name: "env-salt", about: "The password is used with the salt of the message's MAC.", pair: "env-password", make: keysByPassword(func(c *central) {
		c.recipient = func(c *central) der {
			return password([]byte(cmpSecret), random(c.seed+" salt", 16), 10_000, c.wrap, c.cek)
		}
	})},
	{name: "env-rounds", about: "The password goes through 500 rounds.", pair: "env-password", make: keysByPassword(func(c *central) {
		c.recipient = func(c *central) der { return password([]byte(cmpSecret), random("salt", 16), 500, c.wrap, c.cek) }
	})},
	{name: "env-wrap", about: "The content is encrypted with 256 bits and its key wrapped with 128.", pair: "env-agreed", make: keys(func(c *central) {
		c.envelope.cipher, c.cek = idAES256CBC, random("cek", 32)
	})},
	{name: "env-content", about: "What is encrypted is called data, as OpenSSL 3.5 calls it, and holds the key alone.", pair: "env-agreed", make: keys(func(c *central) {
		c.envelope.contentType, c.package_ = idData, der(private("leaf"))
	})},
	{name: "env-3des", about: "The content is encrypted with triple DES.", pair: "env-agreed", make: keys(func(c *central) {
		c.envelope.cipher, c.cek = id3DESCBC, random("cek", 24)
	})},
	{name: "env-value", about: "The private key travels in an EncryptedValue.", pair: "env-agreed", make: keys(func(c *central) {
		k := c.scene.key("twin")
		value := seq(retag(1, algorithm(idAES128CBC, octets(random("iv", 16)...))), retag(2, bits(k.rsa.encrypt(c.cek)...)), retag(3, algorithm(idRSA, null())), bits(cbcPadded(c.cek, random("iv", 16), private("leaf"))...))
		c.reply.key = value
		c.beside = append(c.beside, armored("old.key", "PRIVATE KEY", private("twin")))
	})},
	{name: "env-signature", about: "The signature over the key package is not its signer's.", pair: "env-agreed", make: keys(func(c *central) {
		c.signed.spoil = func(s []byte) { s[len(s)-1] ^= 1 }
	})},
	{name: "env-signer-serial", about: "The signer of the key package is named by issuer and serial number.", pair: "env-agreed", make: keys(func(c *central) {
		c.signed.sid = bySerial(c.signed.cert)
	})},
	{name: "env-authority", about: "The signer of the key package is not appointed to make keys.", pair: "env-agreed", make: keys(func(c *central) {
		c.signed.cert = c.device("Example Key Authority", c.scene.key("p256"), nil)
	})},
	{name: "env-authority-mac", about: "Under a shared secret, the signer of the key package is not appointed to make keys.", pair: "env-password", make: keysByPassword(func(c *central) {
		c.signed.cert = c.device("Example Key Authority", c.scene.key("p256"), nil)
	})},
	{name: "env-authority-other", about: "The signer of the key package is appointed by a root of its own making.", pair: "env-agreed", make: keys(func(c *central) {
		root, k := c.ca2(), c.scene.key("p256")
		own := &certificate{version: 2, serial: serialFor("own"), subject: dn("Example Key Authority"), key: k, begin: at(-day), end: at(300 * day),
			extensions: []extension{keyUsage(digitalSignature), subjectKey(k.hash()), purposes(idCMKGA)}}
		c.signed.cert = root.issue(own)
	})},
	{name: "env-unsigned", about: "The key package is encrypted without a signature.", pair: "env-agreed", make: keys(func(c *central) {
		c.inner = func(c *central) der { return c.package_ }
	})},
	{name: "env-two-keys", about: "The key package holds two keys.", pair: "env-agreed", make: keys(func(c *central) {
		c.package_ = seq(packaged("leaf", c.key), packaged("sub", c.scene.key("sub")))
	})},
	{name: "env-key-unfit", about: "The private key is not that of the certificate beside it.", pair: "env-agreed", make: keys(func(c *central) {
		c.package_ = seq(packaged("sub", c.scene.key("sub")))
	})},
	{name: "env-transport", about: "The certificate comes encrypted for the RSA key that it certifies: who can confirm it has the key.", make: talking(func(t *cmpTalk) {
		t.signed()
		k := t.scene.key("twin")
		q := t.ask(cmpIR, nil)
		q.version = 3
		q.requests = []*certReqMsg{{template: certTemplate{subject: t.client.name, publicKey: k.spki}, pop: subsequent(2, 0)}}
		a := t.answer(cmpIP, nil)
		a.version = 3
		issued := t.device("device-7", k, func(c *certificate) { c.with(keyUsage(keyEncipherment)) })
		cek := random("cek", 16)
		e := envelope{version: 2, recipients: []der{transport(2, byKeyID(k.hash()), k, cek)}, contentType: idData, cipher: idAES128CBC, key: cek, content: issued.der}
		a.responses = []*certResponse{{pair: seq(explicit(1, retag(0, e.der())))}}
		t.beside = append(t.beside, armored("device.key", "PRIVATE KEY", private("twin")))
	})},
}

func cbcPadded(key, iv, content []byte) []byte {
	e := envelope{version: 0, contentType: idData, cipher: idAES128CBC, key: key, content: content}
	b := e.der() // the content is its last part, behind the parameters with the same iv
	n := (len(content)/16 + 1) * 16
	if !bytes.Contains(b, iv) {
		panic("gen: another iv")
	}
	return b[len(b)-n:]
}

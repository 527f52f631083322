package main

import (
	"bytes"
	"crypto"
	_ "crypto/md5"
	"encoding/hex"
)

// protectedBy makes a vector of an ir with another protection.
func protectedBy(change func(t *cmpTalk) cmpProtector) func(s *scene) {
	return oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) { m.by = change(t) })
}

// byPBM makes a vector of an ir with another PasswordBasedMac.
func byPBM(change func(p *passwordMAC)) func(s *scene) {
	return protectedBy(func(t *cmpTalk) cmpProtector {
		p := t.pbm()
		change(&p)
		return p
	})
}

// byPBMAC1 makes a vector of an ir with PBMAC1.
func byPBMAC1(change func(p *derivedMAC) cmpProtector) func(s *scene) {
	return protectedBy(func(t *cmpTalk) cmpProtector {
		p := derivedMAC{secret: []byte(cmpSecret), salt: random(t.seed+" salt", 16), prf: crypto.SHA256, mac: crypto.SHA256, rounds: 10_000, length: 32}
		if change == nil {
			return p
		}
		return change(&p)
	})
}

// withKey makes a vector of an ir whose MAC has 32 random octets for its key,
// which lie beside it in hexadecimal.
func withKey(by func(key []byte) cmpProtector) func(s *scene) {
	return protectedBy(func(t *cmpTalk) cmpProtector {
		key := random(t.seed+" key", 32)
		t.secret = hex.EncodeToString(key)
		return by(key)
	})
}

// another changes a copy of PBMAC1 that makes the value, and keeps what is written.
func another(p *derivedMAC, change func(q *derivedMAC)) cmpProtector {
	q := *p
	change(&q)
	return computed{p.algorithm(), q.protect}
}

// throughKEM makes a vector of a transaction in which the server first gets a
// ciphertext from the client's genp, and then protects with what is inside.
func throughKEM(change func(t *cmpTalk, m *cmpMessage, key der, shared []byte)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		key, ciphertext, shared := kemSecret("kem")
		t.secret = ""
		by := kemMAC(shared, random(t.seed+" transactionID", 16), 32)
		t.client.by, t.server.by = by, by
		q := t.ask(cmpGenM, seq(infoValue(itKemCiphertextInfo)))
		a := t.answer(cmpGenP, seq(infoValue(itKemCiphertextInfo, seq(algorithm(idMLKEM768), octets(ciphertext...)))))
		t.enrol(cmpIR)
		t.messages = t.messages[:3]
		for _, m := range t.messages {
			m.version = 3
		}
		q.by, a.by = t.pbm(), t.pbm()
		t.secret = cmpSecret
		change(t, t.messages[2], key, shared)
	})
}

const itKemCiphertextInfo = idIT + "24"

// cmpProtections are about how messages are protected by MACs.
var cmpProtections = []vector{
	{name: "mac-pbm", about: "An ir with PasswordBasedMac.", make: oneMessage(cmpIR, 0, nil)},
	{name: "mac-wrong", about: "The secret that was given is another.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(t *cmpTalk, _ *cmpMessage) { t.secret = "another-secret" })},
	{name: "mac-no-secret", about: "There is no secret to compute the MAC with.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(t *cmpTalk, _ *cmpMessage) { t.secret = "" })},
	{name: "mac-changed", about: "The answer was changed after it was protected.", pair: "ir-pbm",
		make: enrolling(cmpIR, func(t *cmpTalk) { t.messages[1].late = func(m *cmpMessage) { m.freeText = []string{"changed"} } })},
	{name: "mac-cut", about: "Of the MAC there are 16 octets, and not 32.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.asValue = func(b []byte) der { return bits(b[:16]...) } })},
	{name: "mac-bits", about: "The last bit of the MAC is said to be unused.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) {
			m.asValue = func(b []byte) der { return namedBits(append([]byte{1}, b...)...) }
		})},
	{name: "mac-none", about: "The message is not protected.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.by = nil })},
	{name: "mac-stripped", about: "The header names the protection, and it was taken away.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.algorithm, m.by = m.by.algorithm(), nil })},
	{name: "mac-unnamed", about: "There is a protection, and the header does not say by what.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.by = computed{nil, m.by.protect} })},
	{name: "mac-error-open", about: "An error message without protection.", make: talking(func(t *cmpTalk) {
		t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
		t.answer(cmpError, errorMsg(statusInfo(2, "no such device", 5), 0)).by = nil
	})},
	{name: "mac-error-allowed", about: "The same error message, with the switch that allows it.", pair: "mac-error-open", make: talking(func(t *cmpTalk) {
		t.ask(cmpIR, nil).requests = []*certReqMsg{t.request()}
		t.answer(cmpError, errorMsg(statusInfo(2, "no such device", 5), 0)).by = nil
		t.option("set unprotectedErrors=1")
	})},

	{name: "mac-indefinite", about: "The header has an indefinite length, and so it was protected.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.asHeader = indefinite })},
	{name: "mac-reencoded", about: "The header has an indefinite length, and was protected with a definite one.", pair: "mac-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) {
			m.late = func(m *cmpMessage) { m.asHeader = indefinite }
		})},

	{name: "mac-rounds-99", about: "The iterationCount is 99.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.rounds = 99 })},
	{name: "mac-rounds-500", about: "The iterationCount is 500, as OpenSSL has it.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.rounds = 500 })},
	{name: "mac-rounds-150000", about: "The iterationCount is 150000.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.rounds = 150_000 })},
	{name: "mac-rounds-many", about: "The iterationCount is 2000000: that is computed only when it is allowed.", pair: "mac-pbm",
		make: protectedBy(func(t *cmpTalk) cmpProtector { return unmade(t, 2_000_000) })},
	{name: "mac-rounds-endless", about: "The iterationCount is 99999999999.", pair: "mac-pbm",
		make: protectedBy(func(t *cmpTalk) cmpProtector { return unmade(t, 99_999_999_999) })},
	{name: "mac-rounds-negative", about: "The iterationCount is -1.", pair: "mac-pbm",
		make: protectedBy(func(t *cmpTalk) cmpProtector { return unmade(t, -1) })},
	{name: "mac-salt-short", about: "The salt has four octets.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.salt = p.salt[:4] })},
	{name: "mac-salt-long", about: "The salt has 1100 octets.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.salt = random("long", 1100) })},
	{name: "mac-salt-same", about: "The salt is sixteen times 42.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.salt = bytes.Repeat([]byte{42}, 16) })},
	{name: "mac-sha1", about: "owf is SHA-1, mac HMAC-SHA1.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.owf, p.mac = crypto.SHA1, crypto.SHA1 })},
	{name: "mac-md5", about: "owf is MD5, mac HMAC-MD5.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) {
		p.owf, p.mac = crypto.MD5, crypto.MD5
		p.parameters = seq(octets(p.salt...), algorithm(hashIDs[crypto.MD5], null()), integer(p.rounds), algorithm(idHMACMD5))
	})},
	{name: "mac-gmac-inside", about: "mac is AES-256-GMAC: its key is cut from the hash.", pair: "mac-pbm", make: protectedBy(func(t *cmpTalk) cmpProtector {
		p := t.pbm()
		g := gmac(p.base(), random("nonce", 12))
		return computed{algorithm(idPasswordBasedMac, seq(octets(p.salt...), algorithm(hashIDs[p.owf]), integer(p.rounds), g.id)), g.value}
	})},
	{name: "mac-parameters", about: "PBMParameter ends behind the salt.", pair: "mac-pbm", make: byPBM(func(p *passwordMAC) { p.parameters = seq(octets(p.salt...)) })},
	{name: "mac-unknown", about: "protectionAlg is an identifier that nobody knows.", pair: "mac-pbm", make: protectedBy(func(t *cmpTalk) cmpProtector {
		return computed{algorithm("1.3.6.1.4.1.99999.1"), t.pbm().protect}
	})},

	{name: "mac-pbmac1", about: "An ir with PBMAC1.", make: byPBMAC1(nil)},
	{name: "mac-pbmac1-no-length", about: "PBKDF2-params have no keyLength.", pair: "mac-pbmac1",
		make: byPBMAC1(func(p *derivedMAC) cmpProtector { p.length = 0; return *p })},
	{name: "mac-pbmac1-short", about: "The keyLength is 16.", pair: "mac-pbmac1", make: byPBMAC1(func(p *derivedMAC) cmpProtector { p.length = 16; return *p })},
	{name: "mac-pbmac1-bits", about: "The keyLength is 256, and the key has 256 bits.", pair: "mac-pbmac1",
		make: byPBMAC1(func(p *derivedMAC) cmpProtector {
			p.length = 256
			return another(p, func(q *derivedMAC) { q.length = 32 })
		})},
	{name: "mac-pbmac1-prf", about: "The PRF is said to be HMAC-SHA512, and HMAC-SHA256 was used.", pair: "mac-pbmac1",
		make: byPBMAC1(func(p *derivedMAC) cmpProtector {
			p.prf = crypto.SHA512
			return another(p, func(q *derivedMAC) { q.prf = crypto.SHA256 })
		})},
	{name: "mac-pbmac1-pbes2", about: "The key derivation is called PBES2, and is PBKDF2.", pair: "mac-pbmac1",
		make: byPBMAC1(func(p *derivedMAC) cmpProtector {
			p.parameters = seq(algorithm("1.2.840.113549.1.5.13", seq(octets(p.salt...), integer(p.rounds), integer(32), algorithm(hmacIDs[p.prf], null()))),
				algorithm(hmacIDs[p.mac], null()))
			return *p
		})},
	{name: "mac-pbmac1-scrypt", about: "The key derivation is scrypt.", pair: "mac-pbmac1",
		make: byPBMAC1(func(p *derivedMAC) cmpProtector {
			p.parameters = seq(algorithm("1.3.6.1.4.1.11591.4.11", seq(octets(p.salt...), integer(16384), integer(8), integer(1))), algorithm(hmacIDs[p.mac], null()))
			return *p
		})},

	{name: "mac-hmac", about: "The password itself is the key of an HMAC.", make: protectedBy(func(t *cmpTalk) cmpProtector {
		return plainMAC{secret: []byte(cmpSecret + ", as it is"), mac: crypto.SHA256}.with(t)
	})},
	{name: "mac-hmac-random", about: "Random octets are the key of an HMAC.", pair: "mac-hmac",
		make: withKey(func(key []byte) cmpProtector { return plainMAC{secret: key, mac: crypto.SHA256} })},
	{name: "mac-hmac-md5", about: "An HMAC with MD5.", pair: "mac-hmac-random", make: withKey(func(key []byte) cmpProtector {
		return computed{algorithm(idHMACMD5), func(part []byte) []byte { return hmacOf(crypto.MD5, key, part) }}
	})},
	{name: "mac-hmac-sha3", about: "An HMAC with SHA3-256.", make: withKey(func(key []byte) cmpProtector { return sha3MAC(key) })},
	{name: "mac-hmac-sha3-null", about: "The parameters of an HMAC with SHA3-256 are NULL.", pair: "mac-hmac-sha3",
		make: withKey(func(key []byte) cmpProtector { return sha3MAC(key, null()) })},
	{name: "mac-gmac", about: "AES-256-GMAC.", make: withKey(func(key []byte) cmpProtector { return gmac(key, random("nonce", 12)) })},
	{name: "mac-kmac", about: "KMAC256.", make: withKey(func(key []byte) cmpProtector { return kmac256(key) })},

	{name: "mac-gmac-short", about: "Of AES-256-GMAC four octets are asked for.", pair: "mac-gmac", make: withKey(func(key []byte) cmpProtector {
		nonce := random("nonce", 12)
		whole := gmac(key, nonce)
		return computed{algorithm(idAES256GMAC, seq(octets(nonce...), integer(4))), func(part []byte) []byte { return whole.value(part)[:4] }}
	})},
	{name: "mac-dh", about: "DHBasedMac, with the CA's private key and the client's certificate.", make: oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
		m.by, m.extra, t.secret = dhMAC(agreed("ec-ca", t.old.key.public)), []der{t.old.der}, ""
		t.beside = append(t.beside, armored("ca.key", "PRIVATE KEY", private("ec-ca")))
	})},
	{name: "mac-dh-secret", about: "DHBasedMac, with the secret that was agreed on.", pair: "mac-dh", make: oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
		z := agreed("ec-ca", t.old.key.public)
		m.by, t.secret = dhMAC(z), hex.EncodeToString(z)
	})},
	{name: "mac-dh-wrong", about: "DHBasedMac, with another secret.", pair: "mac-dh-secret", make: oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
		m.by, t.secret = dhMAC(agreed("ec-ca", t.old.key.public)), hex.EncodeToString(random("another", 32))
	})},
	{name: "mac-dh-open", about: "DHBasedMac, with nothing to compute it with.", pair: "mac-dh", make: oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
		m.by, t.secret = dhMAC(agreed("ec-ca", t.old.key.public)), ""
	})},

	{name: "mac-kem", about: "KemBasedMac with ML-KEM-768, the ciphertext in a genp, and the private key.", make: throughKEM(func(t *cmpTalk, _ *cmpMessage, key der, _ []byte) {
		t.beside = append(t.beside, armored("kem.key", "PRIVATE KEY", key))
	})},
	{name: "mac-kem-secret", about: "KemBasedMac with the secret of the KEM.", pair: "mac-kem", make: throughKEM(func(t *cmpTalk, m *cmpMessage, _ der, shared []byte) {
		t.secret, t.messages = hex.EncodeToString(shared), []*cmpMessage{m}
	})},
	{name: "mac-kem-length", about: "len is 16, and HMAC-SHA256 takes a key of 32 octets.", pair: "mac-kem", make: throughKEM(func(t *cmpTalk, m *cmpMessage, key der, shared []byte) {
		m.by = kemMAC(shared, m.transactionID, 16)
		t.beside = append(t.beside, armored("kem.key", "PRIVATE KEY", key))
	})},
	{name: "mac-kem-wrong", about: "The private key is another than the ciphertext was made for.", pair: "mac-kem", make: throughKEM(func(t *cmpTalk, _ *cmpMessage, _ der, _ []byte) {
		other, _, _ := kemSecret("other")
		t.beside = append(t.beside, armored("kem.key", "PRIVATE KEY", other))
	})},
	{name: "mac-kem-open", about: "The private key without the message that carries the ciphertext.", pair: "mac-kem", make: throughKEM(func(t *cmpTalk, m *cmpMessage, key der, _ []byte) {
		t.secret, t.messages = "", []*cmpMessage{m}
		t.beside = append(t.beside, armored("kem.key", "PRIVATE KEY", key))
	})},
}

// unmade is PasswordBasedMac with so many rounds, and a value that nobody computed.
func unmade(t *cmpTalk, rounds int64) cmpProtector {
	p := t.pbm()
	p.rounds = rounds
	return computed{p.algorithm(), func([]byte) []byte { return random("value", 32) }}
}

// with puts the key beside the message.
func (p plainMAC) with(t *cmpTalk) cmpProtector {
	t.secret = string(p.secret)
	return p
}

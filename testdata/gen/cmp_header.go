package main

import (
	"strings"
	"time"
)

// alone makes a vector of an ir alone with a MAC, with one thing of it changed.
func alone(change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return oneMessage(cmpIR, 0, change)
}

// aloneSigned is alone with a signature.
func aloneSigned(change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return oneSigned(cmpIR, 0, change)
}

// informed makes a vector of the message i of an enrolment, with information in its header.
func informed(i int, list ...der) func(s *scene) {
	return oneMessage(cmpIR, i, func(t *cmpTalk, m *cmpMessage) { m.info = list })
}

// inOneFile puts the messages of a vector into one file: where they do not tell
// themselves which comes first, the order in which they stand does.
func inOneFile(make func(s *scene)) func(s *scene) {
	return func(s *scene) {
		make(s)
		all := []file{{"messages.pem", ""}}
		for _, f := range s.instead {
			if strings.Contains(f.text, "BEGIN PKIXCMP") {
				all[0].text += f.text
			} else {
				all = append(all, f)
			}
		}
		s.instead = all
	}
}

const itKEMCiphertext = idIT + "24"

// parts is a Name of an organization and a common name, in an order of its own.
func parts(list ...[2]string) der {
	var all []der
	for _, p := range list {
		all = append(all, set(seq(oid(p[0]), utf8(p[1]))))
	}
	return seq(all...)
}

const (
	idO  = "2.5.4.10"
	idCN = "2.5.4.3"
)

// cmpHeader are headers with one thing wrong.
var cmpHeader = []vector{
	{name: "version-1", about: "A message of cmp1999.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.version = 1 })},
	{name: "version-9", about: "A version that does not exist.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.version = 9 })},
	{name: "version-3-needless", about: "pvno 3, and nothing in the transaction that needs it.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.version = 3 })},
	{name: "hash-alg-version-2", about: "A certConf with hashAlg under pvno 2.", make: oneMessage(cmpIR, 2, func(t *cmpTalk, m *cmpMessage) {
		m.confirms[0].hashAlg = algorithm("2.16.840.1.101.3.4.2.1")
	})},
	{name: "hash-alg-needless", about: "A certConf with hashAlg for a certificate whose signature has a hash.", make: enrolling(cmpIR, func(t *cmpTalk) {
		for _, m := range t.messages {
			m.version = 3
		}
		t.messages[2].confirms[0].hashAlg = algorithm("2.16.840.1.101.3.4.2.1")
	})},

	{name: "sender-dns", about: "The sender is a host name.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.sender = implicit(2, der("device-7.example.org")...) })},
	{name: "sender-nobody", about: "A MAC, an empty sender and no senderKID.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.sender, m.senderKID = nullDN(), nil })},
	{name: "sender-null-signed", about: "A signed message with an empty sender.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) { m.sender = nullDN() })},
	{name: "sender-other", about: "The sender is not the subject of the certificate that signed.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) { m.sender = directory(dn("device-8")) })},
	{name: "sender-reordered", about: "The sender is the subject of the certificate that signed, from the other end.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) {
		m.sender = directory(parts([2]string{idCN, "device-7"}, [2]string{idO, "Example"}))
	})},
	{name: "sender-folded", about: "The sender is the subject of the certificate that signed, in other letters.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) {
		m.sender = directory(dn("DEVICE-7"))
	})},
	{name: "sender-without-cn", about: "A MAC, and a sender without a commonName.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.sender = directory(parts([2]string{idO, "Example"})) })},
	{name: "sender-kid-absent", about: "A signed message without senderKID.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) { m.senderKID = nil })},
	{name: "sender-kid-other", about: "senderKID is the key identifier of another key.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) { m.senderKID = t.ca.key.hash() })},
	{name: "sender-kid-reference", about: "senderKID is a reference number, and the commonName another.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.senderKID = []byte("4711") })},
	{name: "sender-kid-reference-lw", about: "The same, judged by the lightweight profile.", pair: "sender-kid-reference", make: alone(func(t *cmpTalk, m *cmpMessage) {
		t.option("profile lw")
		m.senderKID = []byte("4711")
	})},
	{name: "signer-missing", about: "A signed message that comes without the certificate of its signer.", make: aloneSigned(func(t *cmpTalk, m *cmpMessage) { m.extra = nil })},
	{name: "recipient-dns", about: "The recipient is a host name.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.recipient = implicit(2, der("ca.example.org")...) })},
	{name: "recip-kid", about: "recipKID under a MAC that has no use for it.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.recipKID = t.ca.key.hash() })},
	{name: "free-text", about: "A header with a text for people.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.freeText = []string{"Line 4, second shift"} })},

	{name: "time-ahead", about: "A message that was sent an hour from now.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.time = generalized(at(time.Hour)) })},
	{name: "time-behind", about: "A message alone that was sent an hour ago.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.time = generalized(at(-time.Hour)) })},
	{name: "time-backwards", about: "An answer that is dated twenty minutes before its request.", make: enrolling(cmpIR, func(t *cmpTalk) {
		t.messages[1].time = generalized(cmpStart.Add(-20 * time.Minute))
	})},

	{name: "protection-unnamed", about: "A protection, and no protectionAlg in the header.", make: alone(func(t *cmpTalk, m *cmpMessage) {
		m.late = func(m *cmpMessage) { m.by = nil }
	})},

	{name: "transaction-id-absent", about: "A first message without a transactionID.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.transactionID = nil })},
	{name: "transaction-id-lost", about: "A certConf without a transactionID.", make: oneMessage(cmpIR, 2, func(t *cmpTalk, m *cmpMessage) { m.transactionID = nil })},
	{name: "transaction-id-short", about: "A transactionID of four octets.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.transactionID = m.transactionID[:4] })},
	{name: "sender-nonce-absent", about: "A message without a senderNonce.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.senderNonce = nil })},
	{name: "sender-nonce-short", about: "A senderNonce of eight octets.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.senderNonce = m.senderNonce[:8] })},
	{name: "sender-nonce-zero", about: "A senderNonce of zeros.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.senderNonce = make([]byte, 16) })},
	{name: "sender-nonce-again", about: "The answer has the number of the request for its own.", make: inOneFile(enrolling(cmpIR, func(t *cmpTalk) {
		t.messages[1].senderNonce = t.messages[0].senderNonce
	}))},
	{name: "recip-nonce-absent", about: "An answer that repeats no number of the request.", make: inOneFile(enrolling(cmpIR, func(t *cmpTalk) {
		t.messages[1].answers = nil
	}))},
	{name: "recip-nonce-first", about: "A first message that repeats a number.", make: alone(func(t *cmpTalk, m *cmpMessage) { m.recipNonce = random("nobody's", 16) })},

	{name: "info-unknown", about: "Information of a type that nobody knows.", make: informed(0, infoValue("1.3.6.1.4.1.55555.1", integer(17)))},
	{name: "info-twice", about: "implicitConfirm twice.", make: informed(0, implicitConfirm(), implicitConfirm())},
	{name: "info-place", about: "A question for caCerts in the header.", make: informed(0, infoValue(itCACerts))},
	{name: "implicit-value", about: "implicitConfirm with TRUE for its value.", make: informed(0, infoValue(itImplicitConfirm, boolean()))},
	{name: "implicit-place", about: "implicitConfirm in a certConf.", make: informed(2, implicitConfirm())},
	{name: "wait-text", about: "confirmWaitTime is a text.", make: informed(1, infoValue(itConfirmWaitTime, utf8("soon")))},
	{name: "wait-past", about: "A confirmWaitTime before the message was sent.", make: informed(1, infoValue(itConfirmWaitTime, generalized(cmpStart.Add(-time.Hour))))},
	{name: "wait-place", about: "confirmWaitTime in a request.", make: informed(0, infoValue(itConfirmWaitTime, generalized(cmpStart.Add(time.Hour))))},
	{name: "wait-implicit", about: "confirmWaitTime beside implicitConfirm.", make: informed(1, implicitConfirm(), infoValue(itConfirmWaitTime, generalized(cmpStart.Add(time.Hour))))},
	{name: "wait-without-time", about: "confirmWaitTime without a messageTime.", make: oneMessage(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) {
		m.info, m.time = []der{infoValue(itConfirmWaitTime, generalized(cmpStart.Add(time.Hour)))}, nil
	})},
	{name: "profile-bare", about: "certProfile is a text without the list around it.", make: informed(0, infoValue(itCertProfile, utf8("sensor")))},
	{name: "profile-two", about: "Two profile names for one request.", make: informed(0, infoValue(itCertProfile, seq(utf8("sensor"), utf8("gateway"))))},
	{name: "profile-place", about: "certProfile in an answer.", make: informed(1, infoValue(itCertProfile, seq(utf8("sensor"))))},
	{name: "original-message", about: "An RA passes on an ir, with the message that it received.", make: alone(func(t *cmpTalk, m *cmpMessage) {
		received := *m
		m.info = []der{infoValue(itOrigPKIMessage, pkiMessages(&received))}
	})},
	{name: "original-text", about: "origPKIMessage is a text.", make: informed(0, infoValue(itOrigPKIMessage, utf8("see above")))},
	{name: "kem-ciphertext-short", about: "A ciphertext that is too short for ML-KEM-768.", make: informed(0,
		infoValue(itKEMCiphertext, seq(algorithm(idMLKEM768), octets(random("ciphertext", 100)...))))},
}

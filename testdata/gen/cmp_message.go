package main

import (
	"crypto"
	"crypto/hmac"
)

// The alternatives of PKIBody (RFC 9810, section 5.1.2).
const (
	cmpIR byte = iota
	cmpIP
	cmpCR
	cmpCP
	cmpP10CR
	cmpPopDecC
	cmpPopDecR
	cmpKUR
	cmpKUP
	cmpKRR
	cmpKRP
	cmpRR
	cmpRP
	cmpCCR
	cmpCCP
	cmpCKUAnn
	cmpCAnn
	cmpRAnn
	cmpCRLAnn
	cmpPKIConf
	cmpNested
	cmpGenM
	cmpGenP
	cmpError
	cmpCertConf
	cmpPollReq
	cmpPollRep
)

var cmpNames = [...]string{"ir", "ip", "cr", "cp", "p10cr", "popdecc", "popdecr", "kur", "kup", "krr", "krp", "rr", "rp", "ccr", "ccp",
	"ckuann", "cann", "rann", "crlann", "pkiconf", "nested", "genm", "genp", "error", "certConf", "pollReq", "pollRep"}

// cmpMessage is a PKIMessage (RFC 9810, section 5.1) before encoding. Of what
// may be absent nil is, and an empty slice is a field without octets.
type cmpMessage struct {
	version           int64 // pvno
	sender, recipient der   // GeneralName
	time              der   // GeneralizedTime
	algorithm         der   // protectionAlg, in place of that of by
	senderKID         []byte
	recipKID          []byte
	transactionID     []byte
	senderNonce       []byte
	recipNonce        []byte
	answers           *cmpMessage // whose senderNonce recipNonce repeats, where that is nil
	freeText          []string
	info              []der // generalInfo: see infoValue

	kind      byte
	requests  []*certReqMsg   // ir cr kur krr ccr
	caPubs    []der           // ip cp kup ccp
	responses []*certResponse // ip cp kup ccp
	confirms  []*certStatus   // certConf
	content   der             // of the other bodies, and in place of the above

	by    cmpProtector // nil: no protection
	extra []der        // extraCerts

	// What makes the encoding otherwise, each nil in most vectors: the header
	// and the body as they are protected, the value of the protection from its
	// octets, changes after it was computed, and the message as a whole.
	asHeader, asBody func(element der) der
	asValue          func(octets []byte) der
	late             func(m *cmpMessage)
	asWhole          func(message der) der

	made der // the message once it was encoded
}

// header encodes a PKIHeader (RFC 9810, section 5.1.1).
func (m *cmpMessage) header() der {
	parts := []der{integer(m.version), m.sender, m.recipient}
	put := func(n byte, content der) {
		if content != nil {
			parts = append(parts, explicit(n, content))
		}
	}
	octetString := func(n byte, b []byte) {
		if b != nil {
			put(n, octets(b...))
		}
	}
	put(0, m.time)
	switch {
	case m.algorithm != nil:
		put(1, m.algorithm)
	case m.by != nil:
		put(1, m.by.algorithm())
	}
	octetString(2, m.senderKID)
	octetString(3, m.recipKID)
	octetString(4, m.transactionID)
	octetString(5, m.senderNonce)
	switch {
	case m.recipNonce == nil && m.answers != nil:
		octetString(6, m.answers.senderNonce)
	default:
		octetString(6, m.recipNonce)
	}
	if m.freeText != nil {
		put(7, freeText(m.freeText...))
	}
	if m.info != nil {
		put(8, seq(m.info...))
	}
	h := seq(parts...)
	if m.asHeader != nil {
		h = m.asHeader(h)
	}
	return h
}

// body encodes the PKIBody, its tag included.
func (m *cmpMessage) body() der {
	b := explicit(m.kind, m.inner())
	if m.kind > 30 {
		b = join(der{0xbf}, tlv(m.kind&0x7f, m.inner()))
	}
	if m.asBody != nil {
		b = m.asBody(b)
	}
	return b
}

// inner is the content of the body.
func (m *cmpMessage) inner() der {
	if m.content != nil {
		return m.content
	}
	switch m.kind {
	case cmpIR, cmpCR, cmpKUR, cmpKRR, cmpCCR:
		return certReqMessages(m.requests...)
	case cmpIP, cmpCP, cmpKUP, cmpCCP:
		return certRepMessage(m.caPubs, m.responses)
	case cmpCertConf:
		return certConf(m.confirms...)
	}
	panic("gen: a " + cmpNames[m.kind] + " without content")
}

// der encodes the message, once.
func (m *cmpMessage) der() der {
	if m.made != nil {
		return m.made
	}
	header, body := m.header(), m.body()
	var protection, extra der
	if m.by != nil {
		value := m.by.protect(seq(header, body))
		protection = bits(value...)
		if m.asValue != nil {
			protection = m.asValue(value)
		}
		protection = explicit(0, protection)
	}
	if m.late != nil {
		n := *m
		m.late(&n)
		header, body, m.extra, m.asWhole = n.header(), n.body(), n.extra, n.asWhole
	}
	if m.extra != nil {
		extra = explicit(1, seq(m.extra...))
	}
	m.made = seq(header, body, protection, extra)
	if m.asWhole != nil {
		m.made = m.asWhole(m.made)
	}
	return m.made
}

// cmpProtector makes the protection of messages.
type cmpProtector interface {
	algorithm() der
	protect(part []byte) []byte // ProtectedPart in, the octets of the BIT STRING out
}

// signing is a protection by signature.
type signing struct {
	key    *key
	scheme scheme
}

func (p signing) algorithm() der             { return p.scheme.id }
func (p signing) protect(part []byte) []byte { return p.key.sign(p.scheme, part) }

// hmacIDs are those of RFC 9481, section 6.2.1.
var hmacIDs = map[crypto.Hash]string{
	crypto.SHA1:   "1.2.840.113549.2.7",
	crypto.SHA224: "1.2.840.113549.2.8",
	crypto.SHA256: "1.2.840.113549.2.9",
	crypto.SHA384: "1.2.840.113549.2.10",
	crypto.SHA512: "1.2.840.113549.2.11",
}

const (
	idPasswordBasedMac = "1.2.840.113533.7.66.13"
	idPBMAC1           = "1.2.840.113549.1.5.14"
	idPBKDF2           = "1.2.840.113549.1.5.12"
)

func hmacOf(h crypto.Hash, key, text []byte) []byte {
	w := hmac.New(h.New, key)
	w.Write(text)
	return w.Sum(nil)
}

// passwordMAC is PasswordBasedMac (RFC 9810, section 5.1.3.1).
type passwordMAC struct {
	secret, salt []byte
	owf, mac     crypto.Hash
	rounds       int64
	parameters   der // in place of PBMParameter
}

func (p passwordMAC) algorithm() der {
	if p.parameters != nil {
		return algorithm(idPasswordBasedMac, p.parameters)
	}
	return algorithm(idPasswordBasedMac, seq(octets(p.salt...), algorithm(hashIDs[p.owf], null()), integer(p.rounds), algorithm(hmacIDs[p.mac], null())))
}

func (p passwordMAC) protect(part []byte) []byte { return hmacOf(p.mac, p.base(), part) }

// base is what the MAC key is cut from: secret and salt, hashed as often as rounds says.
func (p passwordMAC) base() []byte {
	k := sum(p.owf, p.secret, p.salt)
	for range p.rounds - 1 {
		k = sum(p.owf, k)
	}
	return k
}

// derivedMAC is PBMAC1 with PBKDF2 (RFC 8018, section 7.1).
type derivedMAC struct {
	secret, salt []byte
	prf, mac     crypto.Hash
	rounds       int64
	length       int // of the key; 0: the field is absent, and the length that of the MAC
	parameters   der // in place of PBMAC1-params
}

func (p derivedMAC) algorithm() der {
	if p.parameters != nil {
		return algorithm(idPBMAC1, p.parameters)
	}
	var length, prf der
	if p.length > 0 {
		length = integer(int64(p.length))
	}
	if p.prf != crypto.SHA1 {
		prf = algorithm(hmacIDs[p.prf], null())
	}
	return algorithm(idPBMAC1, seq(
		algorithm(idPBKDF2, seq(octets(p.salt...), integer(p.rounds), length, prf)), algorithm(hmacIDs[p.mac], null())))
}

func (p derivedMAC) protect(part []byte) []byte {
	n := p.length
	if n == 0 {
		n = p.mac.Size()
	}
	return hmacOf(p.mac, pbkdf2(p.prf, p.secret, p.salt, p.rounds, n), part)
}

// pbkdf2 is that of RFC 8018, section 5.2.
func pbkdf2(prf crypto.Hash, secret, salt []byte, rounds int64, n int) []byte {
	var all []byte
	for block := byte(1); len(all) < n; block++ {
		u := hmacOf(prf, secret, join(salt, der{0, 0, 0, block}))
		t := append([]byte(nil), u...)
		for range rounds - 1 {
			u = hmacOf(prf, secret, u)
			for i := range t {
				t[i] ^= u[i]
			}
		}
		all = append(all, t...)
	}
	return all[:n]
}

// plainMAC has the secret for the key of an HMAC (RFC 9481, section 6.2.1).
type plainMAC struct {
	secret []byte
	mac    crypto.Hash
}

func (p plainMAC) algorithm() der             { return algorithm(hmacIDs[p.mac], null()) }
func (p plainMAC) protect(part []byte) []byte { return hmacOf(p.mac, p.secret, part) }

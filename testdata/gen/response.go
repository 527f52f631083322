package main

import (
	"crypto"
	"crypto/sha256"
	_ "crypto/sha3"
	"time"

	_ "golang.org/x/crypto/sha3"
)

const (
	idBasic         = "1.3.6.1.5.5.7.48.1.1"
	idNonce         = "1.3.6.1.5.5.7.48.1.2"
	idCRLRef        = "1.3.6.1.5.5.7.48.1.3"
	idAcceptable    = "1.3.6.1.5.5.7.48.1.4"
	idArchive       = "1.3.6.1.5.5.7.48.1.6"
	idLocator       = "1.3.6.1.5.5.7.48.1.7"
	idPreferred     = "1.3.6.1.5.5.7.48.1.8"
	idExtended      = "1.3.6.1.5.5.7.48.1.9"
	idSCTInResponse = "1.3.6.1.4.1.11129.2.4.5"
)

// response is an OCSPResponse (RFC 6960, section 4.2.1) before encoding. A
// vector changes what makes it special; the rest is a good answer for the
// leaf, signed by the issuing CA, byName, without certificates.
type response struct {
	status       der
	kind         string // responseType
	version, rid der
	produced     der
	entries      []entry
	extensions   []extension
	signer       *key
	scheme       *scheme // in place of the signer's usual one
	id           der     // signatureAlgorithm in place of the scheme's own
	certs        []der

	tbs   func(tbs der) der                 // encodes tbsResponseData otherwise, before signing
	value func(signature []byte) der        // the signature element, from the octets
	basic func(basic der) der               // encodes BasicOCSPResponse otherwise
	outer func(basic der, whole der) []byte // the whole message otherwise
}

// entry is a SingleResponse.
type entry struct {
	id             certID
	certID, status der // certID replaces the encoding of id
	this, next     der
	extensions     []extension
}

// certID is the CertID of a certificate under an issuer.
type certID struct {
	hash   crypto.Hash
	name   der // the issuer's Name
	key    *key
	serial der
}

// der encodes the CertID (RFC 6960, section 4.1.1).
func (id certID) der() der {
	return seq(algorithm(hashIDs[id.hash], null()),
		octets(sum(id.hash, id.name)...), octets(sum(id.hash, id.key.public)...), id.serial)
}

var (
	good    = der{0x80, 0x00}
	unknown = der{0x82, 0x00}
)

// revoked is RevokedInfo as a CertStatus; a reason below zero is left out.
func revoked(when time.Time, reason int) der {
	if reason < 0 {
		return explicit(1, generalized(when))
	}
	return explicit(1, generalized(when), explicit(0, enumerated(byte(reason))))
}

func byName(name der) der   { return explicit(1, name) }
func byKey(hash []byte) der { return explicit(2, octets(hash...)) }

// nonceOf wraps the nonce twice, as RFC 9654, section 2.1 says.
func nonceOf(value []byte) extension { return extension{idNonce, false, octets(value...)} }

// random is n octets that look random and are always the same.
func random(seed string, n int) []byte { return mgf1(crypto.SHA256, []byte(seed), n) }

// goodResponse answers for a certificate of the CA: signed 3 h 12 min before
// the clock and good for four days.
func goodResponse(by *authorityCert, leaf *certificate) response {
	this := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	return response{
		status: enumerated(0), kind: idBasic, rid: byName(by.subject), produced: generalized(this), signer: by.key,
		entries: []entry{{
			id:     certID{crypto.SHA1, by.subject, by.key, leaf.serial},
			status: good, this: generalized(this), next: generalized(this.Add(4 * day)),
		}},
	}
}

func (e entry) der() der {
	id := e.certID
	if id == nil {
		id = e.id.der()
	}
	var next, ext der
	if e.next != nil {
		next = explicit(0, e.next)
	}
	if e.extensions != nil {
		ext = explicit(1, extensions(e.extensions))
	}
	return seq(id, e.status, e.this, next, ext)
}

// tbsDER encodes ResponseData.
func (r *response) tbsDER() der {
	var list, ext der
	for _, e := range r.entries {
		list = append(list, e.der()...)
	}
	if r.extensions != nil {
		ext = explicit(1, extensions(r.extensions))
	}
	tbs := seq(r.version, r.rid, r.produced, seq(list), ext)
	if r.tbs != nil {
		tbs = r.tbs(tbs)
	}
	return tbs
}

// basicDER signs and encodes BasicOCSPResponse.
func (r *response) basicDER() der {
	tbs := r.tbsDER()
	s := r.signer.usual
	if r.scheme != nil {
		s = *r.scheme
	}
	id := s.id
	if r.id != nil {
		id = r.id
	}
	octets := r.signer.sign(s, tbs)
	value := bits(octets...)
	if r.value != nil {
		value = r.value(octets)
	}
	var certs der
	if r.certs != nil {
		certs = explicit(0, seq(r.certs...))
	}
	basic := seq(tbs, id, value, certs)
	if r.basic != nil {
		basic = r.basic(basic)
	}
	return basic
}

// der encodes the whole message.
func (r *response) der() []byte {
	basic := r.basicDER()
	whole := seq(r.status, explicit(0, seq(oid(r.kind), octets(basic...))))
	if r.outer != nil {
		return r.outer(basic, whole)
	}
	return whole
}

// sct is a signed certificate timestamp of RFC 6962, section 3.2, in a list
// of one. Its signature is made up: nobody can check it without the log.
func sct(when time.Time) []byte {
	log := sha256.Sum256([]byte("Example Log 2026"))
	ms := uint64(when.UnixMilli())
	one := join(der{0}, log[:])
	for i := 56; i >= 0; i -= 8 {
		one = append(one, byte(ms>>i))
	}
	fake := seq(integerOctets(random("sct r", 32)[:31]...), integerOctets(random("sct s", 32)[:31]...))
	one = join(one, der{0, 0, 4, 3, 0, byte(len(fake))}, fake)
	one = join(der{0, byte(len(one))}, one)
	return join(der{0, byte(len(one))}, one)
}

package main

import (
	"crypto/sha256"
	"time"
)

// extension is one Extension of RFC 5280, section 4.1.
type extension struct {
	id       string
	critical bool
	value    der
}

func (e extension) der() der {
	if e.critical {
		return seq(oid(e.id), boolean(), octets(e.value...))
	}
	return seq(oid(e.id), octets(e.value...))
}

// critical is the extension marked critical.
func critical(e extension) extension {
	e.critical = true
	return e
}

func extensions(list []extension) der {
	var all der
	for _, e := range list {
		all = append(all, e.der()...)
	}
	return seq(all)
}

const (
	idSKI          = "2.5.29.14"
	idKeyUsage     = "2.5.29.15"
	idSAN          = "2.5.29.17"
	idBC           = "2.5.29.19"
	idCRLNumber    = "2.5.29.20"
	idReason       = "2.5.29.21"
	idHold         = "2.5.29.23"
	idInvalidity   = "2.5.29.24"
	idCertIssuer   = "2.5.29.29"
	idNC           = "2.5.29.30"
	idCDP          = "2.5.29.31"
	idPolicies     = "2.5.29.32"
	idAKI          = "2.5.29.35"
	idEKU          = "2.5.29.37"
	idAIA          = "1.3.6.1.5.5.7.1.1"
	idTLSFeature   = "1.3.6.1.5.5.7.1.24"
	idNocheck      = "1.3.6.1.5.5.7.48.1.5"
	idSCTList      = "1.3.6.1.4.1.11129.2.4.2"
	idPoison       = "1.3.6.1.4.1.11129.2.4.3"
	idServerAuth   = "1.3.6.1.5.5.7.3.1"
	idOCSPSigning  = "1.3.6.1.5.5.7.3.9"
	idAnyPurpose   = "2.5.29.37.0"
	idAccessOCSP   = "1.3.6.1.5.5.7.48.1"
	idAccessIssuer = "1.3.6.1.5.5.7.48.2"
	idPolicyDV     = "2.23.140.1.2.1"

	// idUnknown is an arc of ISO member body 2.999, which is set aside for
	// examples (X.660).
	idUnknown = "2.999.7"
)

// Bits of KeyUsage, first octet (RFC 5280, section 4.2.1.3).
const (
	digitalSignature = 0x80
	keyEncipherment  = 0x20
	keyCertSign      = 0x04
	cRLSign          = 0x02
)

func keyUsage(bits byte) extension {
	unused := byte(0)
	for b := bits; b&1 == 0; b >>= 1 {
		unused++
	}
	return extension{idKeyUsage, true, namedBits(unused, bits)}
}

func purposes(ids ...string) extension {
	var all der
	for _, id := range ids {
		all = append(all, oid(id)...)
	}
	return extension{idEKU, false, seq(all)}
}

func authority() extension { return extension{idBC, true, seq(boolean())} }
func endEntity() extension { return extension{idBC, true, seq()} }
func nocheck() extension   { return extension{idNocheck, false, null()} }
func poison() extension    { return extension{idPoison, true, null()} }

func subjectKey(id []byte) extension   { return extension{idSKI, false, octets(id...)} }
func authorityKey(id []byte) extension { return extension{idAKI, false, seq(implicit(0, id...))} }

func hosts(names ...string) extension {
	var all der
	for _, n := range names {
		all = append(all, implicit(2, []byte(n)...)...)
	}
	return extension{idSAN, false, seq(all)}
}

// access is an authorityInfoAccess of pairs: method, URL.
func access(pairs ...string) extension {
	var all der
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, seq(oid(pairs[i]), implicit(6, []byte(pairs[i+1])...))...)
	}
	return extension{idAIA, false, seq(all)}
}

func crlAt(url string) extension {
	return extension{idCDP, false, seq(seq(explicit(0, explicit(0, implicit(6, []byte(url)...)))))}
}

func policies(ids ...string) extension {
	var all der
	for _, id := range ids {
		all = append(all, seq(oid(id))...)
	}
	return extension{idPolicies, false, seq(all)}
}

func features(list ...int64) extension {
	var all der
	for _, f := range list {
		all = append(all, integer(f)...)
	}
	return extension{idTLSFeature, false, seq(all)}
}

// dn is a Name of an organisation and a common name.
func dn(cn string) der {
	return seq(
		set(seq(oid("2.5.4.10"), utf8("Example"))),
		set(seq(oid("2.5.4.3"), utf8(cn))),
	)
}

// certificate is what goes into a certificate; der is set once it is signed.
type certificate struct {
	version    int64 // 2 says v3, 0 leaves the field out
	serial     der
	scheme     *scheme // in place of the issuer key's usual one
	issuer     der
	begin, end time.Time
	subject    der
	key        *key
	uniqueID   der // issuerUniqueID and subjectUniqueID, if any
	extensions []extension

	validity der                        // in place of begin and end
	list     der                        // in place of extensions, without the [3]
	outer    der                        // signatureAlgorithm in place of the scheme's own
	value    func(signature []byte) der // the signature element, from the octets

	der der
}

// serialFor is a serial number of 16 octets, fixed by the name it is for.
func serialFor(name string) der {
	h := sha256.Sum256([]byte(name))
	h[0] = h[0]&0x3f | 0x40
	return tlv(0x02, h[:16])
}

// with replaces the extension of the same kind, or adds one.
func (c *certificate) with(e extension) {
	for i := range c.extensions {
		if c.extensions[i].id == e.id {
			c.extensions[i] = e
			return
		}
	}
	c.extensions = append(c.extensions, e)
}

func (c *certificate) without(id string) {
	var kept []extension
	for _, e := range c.extensions {
		if e.id != id {
			kept = append(kept, e)
		}
	}
	c.extensions = kept
}

// sign fills in der.
//
//	TBSCertificate of RFC 5280, section 4.1
func (c *certificate) sign(k *key) *certificate {
	s := k.usual
	if c.scheme != nil {
		s = *c.scheme
	}
	var version, ext der
	if c.version != 0 {
		version = explicit(0, integer(c.version))
	}
	if len(c.extensions) > 0 {
		ext = explicit(3, extensions(c.extensions))
	}
	if c.list != nil {
		ext = explicit(3, c.list)
	}
	validity := c.validity
	if validity == nil {
		validity = seq(certificateTime(c.begin), certificateTime(c.end))
	}
	tbs := seq(version, c.serial, s.id, c.issuer, validity, c.subject, c.key.spki, c.uniqueID, ext)
	outer := s.id
	if c.outer != nil {
		outer = c.outer
	}
	octets := k.sign(s, tbs)
	value := bits(octets...)
	if c.value != nil {
		value = c.value(octets)
	}
	c.der = seq(tbs, outer, value)
	return c
}

// again is the certificate with changes, signed anew.
func (c *certificate) again(k *key, change func(c *certificate)) *certificate {
	n := *c
	n.extensions = append([]extension(nil), c.extensions...)
	change(&n)
	return n.sign(k)
}

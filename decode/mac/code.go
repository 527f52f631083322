package mac

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha3"
	"fmt"
	"hash"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

// Code is a MAC algorithm that is given its key, with its parameters.
type Code struct {
	cert.Algorithm
	Nonce  field.Field[[]byte]    // of GMAC
	Length field.Field[field.Int] // of GMAC in octets, of KMAC in bits; Ref None: absent
	Custom field.Field[[]byte]    // customizationString of KMAC; Ref None: absent
}

// family is the construction of a MAC.
type family uint8

const (
	isHMAC family = iota
	isGMAC
	isKMAC
	isDES // known by name, and not computed
)

// code is what is known of a MAC algorithm.
type code struct {
	id   oid.ID
	name string
	family
	hash oid.ID // of HMAC
	size int    // octets of the value; of GMAC the key's
}

// Identifiers of hashes and of families of algorithms.
const (
	SHA1     oid.ID = "1.3.14.3.2.26"
	MD5      oid.ID = "1.2.840.113549.2.5"
	sha2, kt oid.ID = "2.16.840.1.101.3.4.2.", "2.16.840.1.101.3.4.1."
	rsadsi   oid.ID = "1.2.840.113549.2."
)

// codes are the MAC algorithms known here.
//
// RFC 9481, section 6.2; RFC 9810 and RFC 4211 for the old arc of HMAC (RFC 2202)
var codes = [...]code{
	{"1.3.6.1.5.5.8.1.2", "HMAC-SHA1", isHMAC, SHA1, 20},
	{"1.3.6.1.5.5.8.1.1", "HMAC-MD5", isHMAC, MD5, 16},
	{rsadsi + "6", "HMAC-MD5", isHMAC, MD5, 16},
	{rsadsi + "7", "HMAC-SHA1", isHMAC, SHA1, 20},
	{rsadsi + "8", "HMAC-SHA224", isHMAC, sha2 + "4", 28},
	{rsadsi + "9", "HMAC-SHA256", isHMAC, sha2 + "1", 32},
	{rsadsi + "10", "HMAC-SHA384", isHMAC, sha2 + "2", 48},
	{rsadsi + "11", "HMAC-SHA512", isHMAC, sha2 + "3", 64},
	{rsadsi + "12", "HMAC-SHA512/224", isHMAC, sha2 + "5", 28},
	{rsadsi + "13", "HMAC-SHA512/256", isHMAC, sha2 + "6", 32},
	{sha2 + "13", "HMAC-SHA3-224", isHMAC, sha2 + "7", 28},
	{sha2 + "14", "HMAC-SHA3-256", isHMAC, sha2 + "8", 32},
	{sha2 + "15", "HMAC-SHA3-384", isHMAC, sha2 + "9", 48},
	{sha2 + "16", "HMAC-SHA3-512", isHMAC, sha2 + "10", 64},
	{kt + "9", "AES-128-GMAC", isGMAC, "", 16},
	{kt + "29", "AES-192-GMAC", isGMAC, "", 24},
	{kt + "49", "AES-256-GMAC", isGMAC, "", 32},
	{sha2 + "19", "KMAC128", isKMAC, "", 32},
	{sha2 + "20", "KMAC256", isKMAC, "", 64},
	{"1.3.14.3.2.10", "DES-MAC", isDES, "", 4},
}

// codeOf finds a MAC algorithm; nil: it is none, or not known.
func codeOf(id oid.ID) *code {
	for i := range codes {
		if codes[i].id == id {
			return &codes[i]
		}
	}
	return nil
}

// ReadCode reads the AlgorithmIdentifier of a MAC, and its parameters where they
// are a SEQUENCE.
//
//	GMACParameters ::= SEQUENCE {
//		nonce   OCTET STRING,
//		length  INTEGER DEFAULT 12 }                 RFC 9044, section 3.1
//
//	KMACwithSHAKE128-params ::= SEQUENCE {
//		kMACOutputLength     INTEGER DEFAULT 256,    in bits
//		customizationString  OCTET STRING DEFAULT ''H }  RFC 8702, section 3.4
func ReadCode(r *field.Reader, label string) *Code {
	c := &Code{Length: field.Field[field.Int]{Ref: report.None}, Nonce: field.Field[[]byte]{Ref: report.None}, Custom: field.Field[[]byte]{Ref: report.None}}
	k := codeOf(peek(r))
	switch {
	case k != nil && k.family == isGMAC:
		defer r.Cite(r.Cite(spec.RFC(9044, "3.1")))
		c.Algorithm = readOpened(r, label, func(r *field.Reader) {
			r.Seq("parameters", func(r *field.Reader) {
				c.Nonce = r.Octets("nonce")
				if !r.Empty() && !r.Quiet() {
					c.Length = r.Integer("length")
				}
			})
		})
	case k != nil && k.family == isKMAC:
		defer r.Cite(r.Cite(spec.RFC(8702, "3.4")))
		c.Algorithm = readOpened(r, label, func(r *field.Reader) {
			r.Seq("parameters", func(r *field.Reader) {
				if r.Peek(der.Integer) {
					c.Length = r.Integer("kMACOutputLength")
				}
				if !r.Empty() && !r.Quiet() {
					c.Custom = r.Octets("customizationString")
				}
			})
		})
	default:
		c.Algorithm = cert.ReadAlgorithm(r, label)
	}
	return c
}

// Name is the name for people: HMAC-SHA256.
func (c *Code) Name() string {
	if k := codeOf(c.ID); k != nil {
		return k.name
	}
	return c.ID.String()
}

// Size is how long the values are in octets; 0 if that is not known.
func (c *Code) Size() int {
	k := codeOf(c.ID)
	if k == nil {
		return 0
	}
	n, stated := c.Length.Value.Int64()
	absent := c.Length.Ref == report.None && !c.Length.OK // what is read without nodes has no Ref either
	switch {
	case k.family == isGMAC && absent:
		return 12 // the default of RFC 9044
	case k.family == isGMAC && stated && n > 0 && n <= 16:
		return int(n)
	case k.family == isKMAC && stated && n > 0 && n <= 8*maxKMAC && n%8 == 0:
		return int(n / 8)
	case !absent:
		return 0
	}
	return k.size
}

// maxKMAC bounds the octets that a KMAC is asked for.
const maxKMAC = 1024

// KeySize is how long the key must be; 0: of any length.
func (c *Code) KeySize() int {
	if k := codeOf(c.ID); k != nil && k.family == isGMAC {
		return k.size
	}
	return 0
}

// KeyLength is how long a key for it usually is: as its value is long, or as it
// must be; 0 if that is not known.
func (c *Code) KeyLength() int {
	if k := codeOf(c.ID); k != nil && k.family != isDES {
		return k.size
	}
	return 0
}

// Sum computes the MAC. Where it cannot, why tells.
func (c *Code) Sum(key, data []byte) (sum []byte, why string) {
	if why := c.unusable(); why != "" {
		return nil, why
	}
	switch k := codeOf(c.ID); k.family {
	case isHMAC:
		h := hmac.New(sig.Hash(k.hash), key)
		h.Write(data)
		return h.Sum(nil), ""
	case isGMAC:
		return c.gmac(k, key, data)
	default:
		return kmac(k.size == 32, key, data, c.Custom.Value, c.Size()), ""
	}
}

// unusable says why no value can be computed, whatever the key; "" if one can.
func (c *Code) unusable() string {
	k := codeOf(c.ID)
	switch {
	case k == nil:
		return "the MAC " + c.ID.String() + " is not known here"
	case k.family == isDES:
		return k.name + " is not computed here"
	case c.Size() == 0:
		return "the length that is asked of " + k.name + " cannot be used"
	case k.family == isGMAC && (!c.Nonce.OK || len(c.Nonce.Value) == 0 || len(c.Nonce.Value) > maxNonce):
		return "the nonce of " + k.name + " cannot be used"
	}
	return ""
}

// gmac is AES-GCM over nothing, with the data beside it.
//
// NIST SP 800-38D, section 6.4; RFC 9044
func (c *Code) gmac(k *code, key, data []byte) ([]byte, string) {
	if len(key) != k.size {
		return nil, fmt.Sprintf("%s takes a key of %d octets, and this one has %d", k.name, k.size, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err.Error()
	}
	gcm, err := cipher.NewGCMWithNonceSize(block, len(c.Nonce.Value))
	if err != nil {
		return nil, err.Error()
	}
	return gcm.Seal(nil, c.Nonce.Value, nil, data)[:c.Size()], ""
}

// maxNonce bounds the nonce of a GMAC, which is hashed where it has not 12 octets.
const maxNonce = 1024

// kmac is KMAC128, or KMAC256.
//
// NIST SP 800-185, section 4
func kmac(narrow bool, key, data, custom []byte, size int) []byte {
	rate, s := 136, sha3.NewCSHAKE256
	if narrow {
		rate, s = 168, sha3.NewCSHAKE128
	}
	h := s([]byte("KMAC"), custom)
	pad := append(leftEncode(rate), leftEncode(8*len(key))...)
	pad = append(pad, key...)
	if n := len(pad) % rate; n > 0 {
		pad = append(pad, make([]byte, rate-n)...)
	}
	h.Write(pad)
	h.Write(data)
	right := leftEncode(8 * size) // right_encode has the count behind
	h.Write(append(right[1:], right[0]))
	out := make([]byte, size)
	h.Read(out)
	return out
}

// leftEncode is left_encode: a number, and in front of it how many octets it takes.
//
// NIST SP 800-185, section 2.3.1
func leftEncode(n int) []byte {
	b := []byte{byte(n)}
	for n >>= 8; n > 0; n >>= 8 {
		b = append([]byte{byte(n)}, b...)
	}
	return append([]byte{byte(len(b))}, b...)
}

// ParameterFault says what is wrong with the parameters for this algorithm; "" if
// nothing, or if it is unknown.
func (c *Code) ParameterFault() string {
	k := codeOf(c.ID)
	null := len(c.Parameters) == 2 && c.Parameters[0] == 5
	switch {
	case k == nil:
	case k.family == isGMAC && (!c.Present || !c.Nonce.OK):
		return "the parameters lack the nonce, and RFC 9044 §3.1 requires it"
	case k.family == isGMAC && c.Size() < 12:
		return "the length of the value is not from 12 to 16 octets (RFC 9044 §3.1)"
	case k.family == isKMAC && null:
		return "the parameters are NULL, and RFC 8702 §3.4 wants them absent or a SEQUENCE"
	case k.family == isHMAC && c.Present && !null:
		return "the parameters are there, and it has none"
	case k.family == isHMAC && null && len(k.id) > len(sha2) && k.id[:len(sha2)] == sha2:
		return "the parameters are NULL, and RFC 9688 §4 wants them absent"
	}
	return ""
}

// bare is a MAC without parameters.
func bare(id oid.ID) *Code {
	c := &Code{Length: field.Field[field.Int]{Ref: report.None}}
	c.ID = id
	return c
}

// hash is the hash of an HMAC; nil where the MAC is another.
func (c *Code) hash() func() hash.Hash {
	if k := codeOf(c.ID); k != nil && k.family == isHMAC {
		return sig.Hash(k.hash)
	}
	return nil
}

package connection

import (
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/sig"
)

// scheme is a SignatureScheme of TLS 1.3, or a pair of hash and signature of
// TLS 1.2: the numbers are the same.
type scheme struct {
	family string // of keys, as sig.Key has it; "" for numbers that are not known
	hash   string
	pss    string // "rsae": RSASSA-PSS with a key for anything; "pss": with one for that alone
	curve  string // that it is tied to in TLS 1.3
	legacy bool   // a code point of RFC 9963: PKCS #1 in TLS 1.3, of clients alone
}

// schemes are the registered ones: RFC 9846, section 4.3.3; RFC 8734; RFC 9963.
var schemes = map[uint16]scheme{
	0x0101: {family: "RSA", hash: "MD5"},
	0x0102: {family: "DSA", hash: "MD5"},
	0x0103: {family: "EC", hash: "MD5"},
	0x0201: {family: "RSA", hash: "SHA-1"},
	0x0202: {family: "DSA", hash: "SHA-1"},
	0x0203: {family: "EC", hash: "SHA-1"},
	0x0301: {family: "RSA", hash: "SHA-224"},
	0x0302: {family: "DSA", hash: "SHA-224"},
	0x0303: {family: "EC", hash: "SHA-224"},
	0x0401: {family: "RSA", hash: "SHA-256"},
	0x0402: {family: "DSA", hash: "SHA-256"},
	0x0403: {family: "EC", hash: "SHA-256", curve: "P-256"},
	0x0420: {family: "RSA", hash: "SHA-256", legacy: true},
	0x0501: {family: "RSA", hash: "SHA-384"},
	0x0502: {family: "DSA", hash: "SHA-384"},
	0x0503: {family: "EC", hash: "SHA-384", curve: "P-384"},
	0x0520: {family: "RSA", hash: "SHA-384", legacy: true},
	0x0601: {family: "RSA", hash: "SHA-512"},
	0x0602: {family: "DSA", hash: "SHA-512"},
	0x0603: {family: "EC", hash: "SHA-512", curve: "P-521"},
	0x0620: {family: "RSA", hash: "SHA-512", legacy: true},
	0x0804: {family: "RSA", hash: "SHA-256", pss: "rsae"},
	0x0805: {family: "RSA", hash: "SHA-384", pss: "rsae"},
	0x0806: {family: "RSA", hash: "SHA-512", pss: "rsae"},
	0x0807: {family: "Ed25519"},
	0x0808: {family: "Ed448"},
	0x0809: {family: "RSA", hash: "SHA-256", pss: "pss"},
	0x080a: {family: "RSA", hash: "SHA-384", pss: "pss"},
	0x080b: {family: "RSA", hash: "SHA-512", pss: "pss"},
	0x081a: {family: "EC", hash: "SHA-256", curve: "brainpoolP256r1"},
	0x081b: {family: "EC", hash: "SHA-384", curve: "brainpoolP384r1"},
	0x081c: {family: "EC", hash: "SHA-512", curve: "brainpoolP512r1"},
	0x0904: {family: "ML-DSA", curve: "ML-DSA-44"},
	0x0905: {family: "ML-DSA", curve: "ML-DSA-65"},
	0x0906: {family: "ML-DSA", curve: "ML-DSA-87"},
}

// hashSizes are those of the hashes of RSASSA-PSS here.
var hashSizes = map[string]int{"SHA-256": 32, "SHA-384": 48, "SHA-512": 64}

// able says why a key cannot make a signature of this scheme over the handshake,
// in a version of TLS, or "" if it can.
func (s scheme) able(k sig.Key, version uint16) string {
	switch {
	case s.family == "" || s.family != k.Family():
		return "it is for another type of key"
	case version >= 0x0304 && (s.family == "DSA" || s.hash == "SHA-1" || s.hash == "SHA-224" || s.hash == "MD5"):
		return "TLS 1.3 has no such signature in the handshake"
	case s.family == "RSA":
		return s.ableRSA(k, version)
	case s.family == "EC" && version >= 0x0304 && s.curve != "" && k.Name() != "ECDSA "+s.curve:
		return "in TLS 1.3 it is for " + s.curve + " alone, and the key is " + k.Name()
	case s.family == "ML-DSA" && k.Name() != s.curve:
		return "it is for another size of key"
	case s.family == "ML-DSA" && version < 0x0304:
		return "it is for TLS 1.3"
	}
	return ""
}

func (s scheme) ableRSA(k sig.Key, version uint16) string {
	only := k.Algorithm.ID == idRSASSAPSS
	switch {
	case s.pss == "" && only:
		return "the key is for RSASSA-PSS alone"
	case s.legacy && version < 0x0304:
		return "it is for TLS 1.3"
	case s.pss == "" && version >= 0x0304 && !s.legacy:
		return "PKCS #1 cannot sign a handshake of TLS 1.3"
	case s.pss == "":
		return ""
	case (s.pss == "pss") != only:
		return "it is for RSA keys with another algorithm identifier"
	}
	// The encoded message needs room for the hash, a salt as long, and two octets:
	// RFC 8017, section 9.1.1.
	if bits := k.Size(); (bits+6)/8 < 2*hashSizes[s.hash]+2 {
		return "the key of " + strconv.Itoa(bits) + " bits is too short for RSASSA-PSS with " + s.hash
	}
	return ""
}

const idRSASSAPSS = "1.2.840.113549.1.1.10"

// certificateType is the ClientCertificateType that a key needs in TLS 1.2 and
// older: RFC 5246, section 7.4.4; RFC 8422, section 5.5. 0: none is known.
func certificateType(k sig.Key) uint16 {
	switch k.Family() {
	case "RSA":
		return 1
	case "DSA":
		return 2
	case "EC", "Ed25519", "Ed448":
		return 64
	}
	return 0
}

// madeBy says whether a signature inside a certificate is of this scheme.
func (s scheme) madeBy(a cert.Algorithm, issuer *cert.Certificate) bool {
	made := a.Scheme()
	if made.Family != s.family || s.legacy {
		return false
	}
	switch s.family {
	case "RSA":
		if made.Hash != s.hash || (made.PSS != nil) != (s.pss != "") {
			return false
		}
		return made.PSS == nil || issuer == nil || (s.pss == "pss") == (issuer.PublicKey.Key.Algorithm.ID == idRSASSAPSS)
	case "EC", "DSA":
		return made.Hash == s.hash
	case "ML-DSA":
		return made.Name == s.curve
	}
	return true
}

package connection

import (
	"encoding/hex"

	"derscope/decode/oid"
	"derscope/decode/sig"
)

// The identifiers of signature algorithms, by hash: RFC 8017, appendix A.2.4;
// RFC 5758, section 3.
var signatureIDs = map[string]map[string]oid.ID{
	"RSA": {"MD5": "1.2.840.113549.1.1.4", "SHA-1": "1.2.840.113549.1.1.5", "SHA-224": "1.2.840.113549.1.1.14",
		"SHA-256": "1.2.840.113549.1.1.11", "SHA-384": "1.2.840.113549.1.1.12", "SHA-512": "1.2.840.113549.1.1.13"},
	"EC": {"SHA-1": "1.2.840.10045.4.1", "SHA-224": "1.2.840.10045.4.3.1", "SHA-256": "1.2.840.10045.4.3.2",
		"SHA-384": "1.2.840.10045.4.3.3", "SHA-512": "1.2.840.10045.4.3.4"},
	"DSA": {"SHA-1": "1.2.840.10040.4.3", "SHA-224": "2.16.840.1.101.3.4.3.1", "SHA-256": "2.16.840.1.101.3.4.3.2",
		"SHA-384": "2.16.840.1.101.3.4.3.3", "SHA-512": "2.16.840.1.101.3.4.3.4"},
	"Ed25519": {"": "1.3.101.112"},
	"Ed448":   {"": "1.3.101.113"},
}

// sizedIDs are those of algorithms whose size is their key's.
var sizedIDs = map[string]oid.ID{"ML-DSA-44": "2.16.840.1.101.3.4.3.17", "ML-DSA-65": "2.16.840.1.101.3.4.3.18", "ML-DSA-87": "2.16.840.1.101.3.4.3.19"}

// pssHashes are the last octet of the hash's identifier and the length of the
// salt, which is that of the hash.
var pssHashes = map[string][2]string{"SHA-256": {"01", "20"}, "SHA-384": {"02", "30"}, "SHA-512": {"03", "40"}}

// algorithm is the scheme as an AlgorithmIdentifier; false if it cannot be
// computed here.
//
//	RSASSA-PSS-params ::= SEQUENCE {
//		hashAlgorithm [0], maskGenAlgorithm [1] MGF1 with the same hash, saltLength [2] }
//
// RFC 4055, section 3.1
func (s scheme) algorithm() (a sig.Algorithm, ok bool) {
	if s.pss != "" {
		p := pssHashes[s.hash]
		h := "300d06096086480165030402" + p[0] + "0500"
		a.ID, a.Present = idRSASSAPSS, true
		a.Parameters, _ = hex.DecodeString("3034a00f" + h + "a11c301a06092a864886f70d010108" + h + "a2030201" + p[1])
		return a, p[0] != ""
	}
	if a.ID = sizedIDs[s.curve]; a.ID == "" {
		a.ID = signatureIDs[s.family][s.hash]
	}
	return a, a.ID != ""
}

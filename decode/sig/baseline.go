package sig

import "encoding/hex"

// baseline are the AlgorithmIdentifiers that the TLS BR list octet by octet:
// seven for RSA (7.1.3.2.1), SHA-1 among them with conditions of its own, and
// three for ECDSA (7.1.3.2.2).
var baseline = []string{
	"300d06092a864886f70d0101050500",
	"300d06092a864886f70d01010b0500",
	"300d06092a864886f70d01010c0500",
	"300d06092a864886f70d01010d0500",
	baselinePSS("01", "20"),
	baselinePSS("02", "30"),
	baselinePSS("03", "40"),
	"300a06082a8648ce3d040302",
	"300a06082a8648ce3d040303",
	"300a06082a8648ce3d040304",
}

// baselinePSS is RSASSA-PSS with a SHA-2 hash, the same in MGF1, and its length as salt.
func baselinePSS(hash, salt string) string {
	sha := "300d06096086480165030402" + hash + "0500"
	return "304106092a864886f70d01010a3034" + "a00f" + sha + "a11c301a06092a864886f70d010108" + sha + "a2030201" + salt
}

// Baseline says whether a is one of the encodings that TLS BR 7.1.3.2 permits.
// Of RSASSA-PSS these are also the only ones that browsers know.
func (a Algorithm) Baseline() bool {
	octets := hex.EncodeToString(a.Raw)
	for _, b := range baseline {
		if octets == b {
			return true
		}
	}
	return false
}

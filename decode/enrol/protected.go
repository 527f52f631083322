package enrol

import "derscope/decode/mac"

// ByMAC says that the protectionAlg is a MAC.
func (v *View) ByMAC() bool {
	a := v.Header.Algorithm
	return a != nil && a.Method != mac.None
}

// BySignature says that the protectionAlg is a signature that is known by name.
func (v *View) BySignature() bool {
	a := v.Header.Algorithm
	return a != nil && a.Method == mac.None && a.Scheme().Family != ""
}

// ProtectedBy is the word of the report's contract for how a message is protected.
func (v *View) ProtectedBy() string {
	a := v.Header.Algorithm
	switch {
	case a == nil && !v.Protected():
		return "none"
	case a == nil:
		return "unknown"
	case v.BySignature():
		return "signature"
	}
	switch a.Method {
	case mac.Direct:
		return "mac"
	case mac.PBM:
		return "pbm"
	case mac.PBMAC1:
		return "pbmac1"
	case mac.DHBased:
		return "dh"
	case mac.KEMBased:
		return "kem"
	}
	return "unknown"
}

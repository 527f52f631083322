package sig

import "fmt"

// Verify says whether signature is that of key k over the octets signed, by
// algorithm a. It takes any octets whatever, and its time is bounded.
//
// It is exact about padding and numbers, as a forged signature lives on
// tolerance there; it does not mind parameters that are NULL or absent against
// the rules, see ParameterFault.
func Verify(a Algorithm, k Key, signed, signature []byte) Result {
	s := a.Scheme()
	family := k.Family()
	switch {
	case s.Fault != "":
		return Result{Outcome: Malformed, Why: s.Fault}
	case !s.Known:
		return Result{Why: fmt.Sprintf("signatures of %s are not computed here", s.Name)}
	case family == "" && !k.known():
		return Result{Why: fmt.Sprintf("keys of type %s are not known here", k.Name())}
	case s.Family != family, s.Hash == "" && a.ID != k.Algorithm.ID:
		return Result{Outcome: Mismatch, Why: fmt.Sprintf("the algorithm is %s, the key is %s", s.Name, k.Name())}
	case family == "DSA" && k.Algorithm.plain():
		return Result{Why: k.Fault}
	case k.Fault != "":
		return Result{Outcome: Malformed, Why: k.Fault}
	}
	var r Result
	switch family {
	case "RSA":
		r = verifyRSA(s, k, signed, signature)
	case "EC":
		r = verifyECDSA(s, k, signed, signature)
	case "DSA":
		r = verifyDSA(s, k, signed, signature)
	default:
		r = verifyPlain(k, signed, signature)
	}
	if r.Loose {
		r.Why += "; but for that, it fits"
	}
	return r
}

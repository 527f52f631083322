package sig

import (
	"fmt"

	"derscope/decode/oid"
)

// parameterRule is what the parameters of an algorithm have to be.
type parameterRule uint8

const (
	absent parameterRule = iota
	null                 // NULL
	either               // NULL or absent
	pssParams
)

// scheme is a signature algorithm with a hash function of its own choice.
type scheme struct {
	name, family, hash string
	rule               parameterRule
	source             string // of the rule
	weak               Weakness
}

// schemes are the signature algorithms for keys that serve several of them; see
// plainKeys for the others.
var schemes = map[oid.ID]scheme{
	"1.2.840.113549.1.1.2":    {"RSA PKCS #1 v1.5 with MD2", "RSA", "MD2", null, "RFC 3279 §2.2.1", Broken},
	"1.2.840.113549.1.1.3":    {"RSA PKCS #1 v1.5 with MD4", "RSA", "MD4", null, "RFC 8017 §A.2.4", Broken},
	"1.2.840.113549.1.1.4":    {"RSA PKCS #1 v1.5 with MD5", "RSA", "MD5", null, "RFC 3279 §2.2.1", Broken},
	"1.2.840.113549.1.1.5":    {"RSA PKCS #1 v1.5 with SHA-1", "RSA", "SHA-1", null, "RFC 3279 §2.2.1", Legacy},
	oiwSHA1RSA:                {"RSA PKCS #1 v1.5 with SHA-1", "RSA", "SHA-1", either, "OIW", Legacy},
	"1.2.840.113549.1.1.14":   {"RSA PKCS #1 v1.5 with SHA-224", "RSA", "SHA-224", null, "RFC 4055 §5", Strong},
	"1.2.840.113549.1.1.11":   {"RSA PKCS #1 v1.5 with SHA-256", "RSA", "SHA-256", null, "RFC 4055 §5", Strong},
	"1.2.840.113549.1.1.12":   {"RSA PKCS #1 v1.5 with SHA-384", "RSA", "SHA-384", null, "RFC 4055 §5", Strong},
	"1.2.840.113549.1.1.13":   {"RSA PKCS #1 v1.5 with SHA-512", "RSA", "SHA-512", null, "RFC 4055 §5", Strong},
	"1.2.840.113549.1.1.15":   {"RSA PKCS #1 v1.5 with SHA-512/224", "RSA", "SHA-512/224", null, "RFC 8017 §A.2.4", Strong},
	"1.2.840.113549.1.1.16":   {"RSA PKCS #1 v1.5 with SHA-512/256", "RSA", "SHA-512/256", null, "RFC 8017 §A.2.4", Strong},
	"2.16.840.1.101.3.4.3.13": {"RSA PKCS #1 v1.5 with SHA3-224", "RSA", "SHA3-224", null, "RFC 9688 §3.1", Strong},
	"2.16.840.1.101.3.4.3.14": {"RSA PKCS #1 v1.5 with SHA3-256", "RSA", "SHA3-256", null, "RFC 9688 §3.1", Strong},
	"2.16.840.1.101.3.4.3.15": {"RSA PKCS #1 v1.5 with SHA3-384", "RSA", "SHA3-384", null, "RFC 9688 §3.1", Strong},
	"2.16.840.1.101.3.4.3.16": {"RSA PKCS #1 v1.5 with SHA3-512", "RSA", "SHA3-512", null, "RFC 9688 §3.1", Strong},
	rsassaPSS:                 {"RSASSA-PSS", "RSA", "", pssParams, "RFC 4055 §3.1", Strong},
	pssSHAKE128:               {"RSASSA-PSS with SHAKE128", "RSA", "SHAKE128", absent, "RFC 8692 §3", Strong},
	pssSHAKE256:               {"RSASSA-PSS with SHAKE256", "RSA", "SHAKE256", absent, "RFC 8692 §3", Strong},
	"1.2.840.10045.4.1":       {"ECDSA with SHA-1", "EC", "SHA-1", absent, "RFC 3279 §2.2.3", Legacy},
	"1.2.840.10045.4.3.1":     {"ECDSA with SHA-224", "EC", "SHA-224", absent, "RFC 5758 §3.2", Strong},
	"1.2.840.10045.4.3.2":     {"ECDSA with SHA-256", "EC", "SHA-256", absent, "RFC 5758 §3.2", Strong},
	"1.2.840.10045.4.3.3":     {"ECDSA with SHA-384", "EC", "SHA-384", absent, "RFC 5758 §3.2", Strong},
	"1.2.840.10045.4.3.4":     {"ECDSA with SHA-512", "EC", "SHA-512", absent, "RFC 5758 §3.2", Strong},
	"2.16.840.1.101.3.4.3.9":  {"ECDSA with SHA3-224", "EC", "SHA3-224", absent, "RFC 9688 §3.2", Strong},
	"2.16.840.1.101.3.4.3.10": {"ECDSA with SHA3-256", "EC", "SHA3-256", absent, "RFC 9688 §3.2", Strong},
	"2.16.840.1.101.3.4.3.11": {"ECDSA with SHA3-384", "EC", "SHA3-384", absent, "RFC 9688 §3.2", Strong},
	"2.16.840.1.101.3.4.3.12": {"ECDSA with SHA3-512", "EC", "SHA3-512", absent, "RFC 9688 §3.2", Strong},
	"1.3.6.1.5.5.7.6.32":      {"ECDSA with SHAKE128", "EC", "SHAKE128", absent, "RFC 8692 §3", Strong},
	"1.3.6.1.5.5.7.6.33":      {"ECDSA with SHAKE256", "EC", "SHAKE256", absent, "RFC 8692 §3", Strong},
	"1.2.840.10040.4.3":       {"DSA with SHA-1", "DSA", "SHA-1", absent, "RFC 3279 §2.2.2", Legacy},
	"2.16.840.1.101.3.4.3.1":  {"DSA with SHA-224", "DSA", "SHA-224", absent, "RFC 5758 §3.1", Legacy},
	"2.16.840.1.101.3.4.3.2":  {"DSA with SHA-256", "DSA", "SHA-256", absent, "RFC 5758 §3.1", Legacy},
	"2.16.840.1.101.3.4.3.3":  {"DSA with SHA-384", "DSA", "SHA-384", absent, "RFC 5758 §3.1", Legacy},
	"2.16.840.1.101.3.4.3.4":  {"DSA with SHA-512", "DSA", "SHA-512", absent, "RFC 5758 §3.1", Legacy},
}

const (
	oiwSHA1RSA  = "1.3.14.3.2.29" // a second name for RSA with SHA-1, by the OSI implementors' workshop
	pssSHAKE128 = "1.3.6.1.5.5.7.6.30"
	pssSHAKE256 = "1.3.6.1.5.5.7.6.31"
)

// ParseAlgorithm reads an AlgorithmIdentifier with nothing behind it. When it
// answers false, what could be read is there all the same.
func ParseAlgorithm(der []byte) (Algorithm, bool) {
	s := elements{b: der}
	a, ok := s.algorithm()
	return a, ok && !s.left()
}

// Scheme explains what the identifier asks for.
func (a Algorithm) Scheme() Scheme {
	if p, ok := plainKeys[a.ID]; ok && p.signature > 0 {
		return Scheme{Name: p.name, Family: p.family, Known: true}
	}
	s, ok := schemes[a.ID]
	if !ok {
		return Scheme{Name: a.ID.String()}
	}
	out := Scheme{Name: s.name, Family: s.family, Hash: s.hash, Known: true, Weak: s.weak}
	switch a.ID {
	case pssSHAKE128, pssSHAKE256:
		size := digestNamed(s.hash).size
		out.PSS = &PSS{Hash: s.hash, MGFHash: s.hash, HashSize: size, Salt: size, Trailer: 1}
	case rsassaPSS:
		p, fault := parsePSS(a)
		if fault != "" {
			out.Fault, out.Known = fault, false
			return out
		}
		out.PSS, out.Hash = p, p.Hash
		out.Name += " with " + p.Hash
		out.Weak = p.weakness()
		out.Known = serves(p.Hash) && serves(p.MGFHash)
	}
	return out
}

// serves says whether RSASSA-PSS can be computed with this hash, for the message
// or in MGF1. SHAKE has identifiers of its own for that (RFC 8692, section 3).
func serves(hash string) bool {
	return digestNamed(hash).size > 0 && hash != "SHAKE128" && hash != "SHAKE256"
}

// Legacy says that the identifier is a second name for an algorithm that PKIX
// names otherwise: OIW sha1WithRSASignature.
func (a Algorithm) Legacy() bool { return a.ID == oiwSHA1RSA }

// ParameterFault says what is wrong with the parameters for this algorithm:
// NULL where absent is due, or the reverse; "" if nothing, or if the algorithm
// is unknown. It judges strictly; Verify does not mind.
func (a Algorithm) ParameterFault() string {
	rule, source := absent, ""
	if p, ok := plainKeys[a.ID]; ok {
		source = plainSource(p.family)
	} else if s, ok := schemes[a.ID]; ok {
		rule, source = s.rule, s.source
	} else {
		return ""
	}
	have := "present"
	switch {
	case !a.Present:
		have = "absent"
	case a.null():
		have = "NULL"
	}
	switch {
	case rule == pssParams:
		return pssParameterFault(a)
	case rule == absent && a.Present:
		return fmt.Sprintf("the parameters are %s, %s asks for none", have, source)
	case rule == null && have != "NULL":
		return fmt.Sprintf("the parameters are %s, %s asks for NULL", have, source)
	case rule == either && have == "present":
		return "the parameters are present, this algorithm has none"
	}
	return ""
}

// plainSource is the document that forbids parameters for keys of plain octets.
func plainSource(family string) string {
	switch family {
	case "ML-DSA":
		return "RFC 9881 §2"
	case "SLH-DSA":
		return "RFC 9909 §3"
	case "":
		return "the definition"
	}
	return "RFC 8410 §3"
}

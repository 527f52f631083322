package transaction

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// Hash algorithms that certificates are named with.
const (
	idSHA512   oid.ID = "2.16.840.1.101.3.4.2.3"
	idSHAKE256 oid.ID = "2.16.840.1.101.3.4.2.12"
	idEd25519  oid.ID = "1.3.101.112"
	idEd448    oid.ID = "1.3.101.113"
)

// hashes are all that are tried where the right one does not fit, the usual first.
var hashes = []oid.ID{"2.16.840.1.101.3.4.2.1", "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.2", idSHA512, "2.16.840.1.101.3.4.2.4",
	idSHAKE256, "2.16.840.1.101.3.4.2.11", "2.16.840.1.101.3.4.2.8", "2.16.840.1.101.3.4.2.9", "2.16.840.1.101.3.4.2.10", "2.16.840.1.101.3.4.2.7",
	"2.16.840.1.101.3.4.2.6", "2.16.840.1.101.3.4.2.5", "1.2.840.113549.2.5"}

// hashOf is the algorithm of a certHash: that of hashAlg, else the one in the
// certificate's own signature. The zero id says that there is none, so that
// hashAlg is needed.
//
// RFC 9810, section 5.3.18; RFC 9481, section 3
func hashOf(s *cmp.CertStatus, k *cert.Certificate) oid.ID {
	if s.HashAlg != nil {
		return s.HashAlg.ID
	}
	switch k.Algorithm.ID {
	case idEd25519:
		return idSHA512
	case idEd448:
		return idSHAKE256
	}
	name := k.Algorithm.Scheme().Hash
	for _, id := range hashes {
		if _, n, _, ok := sig.Digest(id); ok && n == name {
			return id
		}
	}
	return ""
}

// sum hashes octets; nil where the algorithm is not known.
func sum(id oid.ID, b []byte) []byte {
	h, _, _, ok := sig.Digest(id)
	if !ok {
		return nil
	}
	return h(b)
}

// hashName names an algorithm.
func hashName(id oid.ID) string {
	if _, n, _, ok := sig.Digest(id); ok {
		return n
	}
	return id.String()
}

// recognise looks for what a value is the hash of; "" if nothing is found.
func recognise(value []byte, k *cert.Certificate) string {
	if len(value) < 16 {
		return ""
	}
	of := func(b []byte, what string) string {
		for _, id := range hashes {
			switch h := sum(id, b); {
			case bytes.Equal(h, value):
				return hashName(id) + what
			case bytes.HasPrefix(h, value):
				return "the first " + report.Plural(len(value), "octet", "octets") + " of " + hashName(id) + what
			case len(h) >= 16 && bytes.HasPrefix(value, h):
				return hashName(id) + what + " with something behind it"
			}
		}
		return ""
	}
	if s := of(k.Raw, ""); s != "" {
		return s
	}
	if s := of(k.TBS, " of tbsCertificate alone"); s != "" {
		return s
	}
	return of(k.PublicKey.Raw, " of its public key")
}

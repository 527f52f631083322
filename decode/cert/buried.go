package cert

import (
	"strings"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// IsPrivateKey says whether octets are a private key by their form alone,
// whatever a label says of them.
func IsPrivateKey(b []byte) bool {
	switch {
	case shape(b, "{i{o"), shape(b, "{i{o}s"):
		return ofKeys(firstOID(b))
	case shape(b, "{is"):
		e, _ := der.Next(b, 0, len(b))
		i, _ := der.Next(b, e.Content(), len(b))
		s, err := der.Next(b, i.End(), len(b))
		return err == nil && i.Len == 1 && b[i.Content()] == 1 && s.Len >= 16 && s.End() < len(b) && b[s.End()]&^1 == 0xa0
	}
	// RSA: a version, a modulus and seven numbers more.
	if !shape(b, "{iiiiiiiii") {
		return false
	}
	e, _ := der.Next(b, 0, len(b))
	v, _ := der.Next(b, e.Content(), len(b))
	n, err := der.Next(b, v.End(), len(b))
	return err == nil && v.Len == 1 && n.Len >= 32
}

// ofKeys says whether an OBJECT IDENTIFIER is that of a sort of key: other
// structures too have a number, an algorithm and octets.
func ofKeys(content []byte) bool {
	id, _ := oid.Parse(content)
	switch id {
	case idRSA, idPSS, idEC, idDSA, "1.2.840.113549.1.3.1", "1.2.840.10046.2.1":
		return true
	}
	for _, arc := range []string{"1.3.101.1", "2.16.840.1.101.3.4.3.", "2.16.840.1.101.3.4.4."} {
		if strings.HasPrefix(string(id), arc) {
			return true
		}
	}
	return false
}

// HoldsPrivateKey says whether a private key stands anywhere in ASN.1 of
// whatever kind, in OCTET STRINGs too.
func HoldsPrivateKey(b []byte) bool { return holdsKey(b, 0) }

func holdsKey(b []byte, depth int) bool {
	if depth > der.MaxDepth {
		return false
	}
	for at := 0; at < len(b); {
		e, err := der.Next(b, at, len(b))
		if err != nil {
			return len(b)-at > 4 && b[at] == 0x30 && IsPrivateKey(b[at:]) // cut short
		}
		if e.Tag == der.Sequence && IsPrivateKey(b[at:e.End()]) {
			return true
		}
		opened := e.Constructed || e.Tag == der.OctetString || e.Tag == der.BitString || e.Tag.Class == der.Context
		if opened && e.Len > 2 {
			in := b[e.Content():e.Close()]
			if e.Tag == der.BitString && !e.Constructed {
				in = in[1:]
			}
			if holdsKey(in, depth+1) {
				return true
			}
		}
		at = e.End()
	}
	return false
}

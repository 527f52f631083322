package envelope

import (
	"derscope/decode/der"
)

// PackagedKey is a OneAsymmetricKey of a key package.
//
//	OneAsymmetricKey ::= SEQUENCE {
//		version              INTEGER,
//		privateKeyAlgorithm  AlgorithmIdentifier,
//		privateKey           OCTET STRING,
//		attributes       [0] Attributes OPTIONAL,
//		publicKey        [1] BIT STRING OPTIONAL }
//
// RFC 5958, section 2
type PackagedKey struct {
	Raw       []byte // the whole element: a key in PKCS #8
	Version   int
	HasPublic bool
}

// Keys takes a key package apart: a SEQUENCE OF OneAsymmetricKey. bare says that
// it is no package but a key alone, as OpenSSL sends it. No key: it is neither.
//
// RFC 5958, section 2; RFC 9483, section 4.1.6
func Keys(b []byte) (keys []PackagedKey, bare bool) {
	in, rest, ok := der.First(b, der.Sequence)
	if !ok || len(rest) > 0 {
		return nil, false
	}
	if k, is := packaged(b); is {
		return []PackagedKey{k}, true
	}
	for len(in) > 0 && len(keys) < 16 {
		_, after, ok := der.First(in, der.Sequence)
		if !ok {
			return nil, false
		}
		k, is := packaged(in[:len(in)-len(after)])
		if !is {
			return nil, false
		}
		keys, in = append(keys, k), after
	}
	return keys, false
}

// packaged reads a OneAsymmetricKey, or a key in an older form of its own.
func packaged(b []byte) (k PackagedKey, ok bool) {
	in, _, ok := der.First(b, der.Sequence)
	if !ok {
		return k, false
	}
	k.Raw = b
	n, in, ok := small(in)
	if !ok {
		return k, false
	}
	k.Version = n
	if _, rest, is := der.First(in, der.Sequence); is {
		if _, rest, is := der.First(rest, der.OctetString); is {
			for len(rest) > 0 {
				e, err := der.Next(rest, 0, len(rest))
				if err != nil {
					return k, false
				}
				k.HasPublic = k.HasPublic || e.Tag == der.Ctx(1)
				rest = rest[e.End():]
			}
			return k, true
		}
	}
	// RSAPrivateKey: nine numbers; ECPrivateKey: an OCTET STRING follows.
	e, err := der.Next(in, 0, len(in))
	return k, err == nil && (e.Tag == der.Integer || e.Tag == der.OctetString)
}

// small reads an INTEGER of up to 31 bits.
func small(b []byte) (n int, rest []byte, ok bool) {
	c, rest, ok := der.First(b, der.Integer)
	if !ok || len(c) == 0 || len(c) > 4 || c[0]&0x80 != 0 {
		return 0, b, false
	}
	for _, v := range c {
		n = n<<8 | int(v)
	}
	return n, rest, true
}

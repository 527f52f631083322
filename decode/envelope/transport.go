package envelope

import (
	"crypto/rsa"
	"fmt"
	"hash"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// The algorithms of key transport: RFC 8017, appendix A.
const (
	idRSA  oid.ID = "1.2.840.113549.1.1.1"
	idOAEP oid.ID = "1.2.840.113549.1.1.7"
)

// transported opens a key that was encrypted to an RSA key.
//
// RFC 3370, section 4.2.1; RFC 3560
func transported(a cert.Algorithm, k *rsa.PrivateKey, encrypted []byte) ([]byte, string) {
	const wrong = "the private key at hand does not fit: it was encrypted for another, or changed"
	switch a.ID {
	case idRSA:
		//lint:ignore SA1019 it warns of telling strangers whether this failed: here the owner of the key asks
		key, err := rsa.DecryptPKCS1v15(nil, k, encrypted)
		if err != nil {
			return nil, wrong
		}
		return key, ""
	case idOAEP:
		h, label := oaep(a.Parameters)
		if h == nil {
			return nil, "the parameters of RSAES-OAEP name a hash that is not computed here"
		}
		key, err := rsa.DecryptOAEP(h(), nil, k, encrypted, label)
		if err != nil {
			return nil, wrong
		}
		return key, ""
	}
	return nil, fmt.Sprintf("key transport by %s is not opened here", a.Name())
}

// oaep reads RSAES-OAEP-params. The hash is nil where it is not known, and where
// the mask has another than the label: such are not opened.
//
// RFC 8017, appendix A.2.1
func oaep(parameters []byte) (h func() hash.Hash, label []byte) {
	named, masked := idSHA1, idSHA1 // the defaults
	in, _, _ := der.First(parameters, der.Sequence)
	if a, rest, ok := der.First(in, der.Ctx(0)); ok { // hashAlgorithm
		named, in = sig.AlgorithmID(a), rest
	}
	if a, rest, ok := der.First(in, der.Ctx(1)); ok { // maskGenAlgorithm
		mgf, _, _ := der.First(a, der.Sequence)
		_, of, _ := der.First(mgf, der.OID)
		masked, in = sig.AlgorithmID(of), rest
	}
	if a, _, ok := der.First(in, der.Ctx(2)); ok { // pSourceAlgorithm
		source, _, _ := der.First(a, der.Sequence)
		_, of, _ := der.First(source, der.OID)
		label, _, _ = der.First(of, der.OctetString)
	}
	if named != masked {
		return nil, nil
	}
	return sig.Hash(named), label
}

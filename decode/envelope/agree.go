package envelope

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"encoding/binary"
	"fmt"

	"derscope/decode/der"
	"derscope/decode/mac"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// agreements are the ways to derive a key that two sides agreed on, with their
// hash: by the KDF of ANSI X9.63, or by HKDF.
//
// RFC 5753, section 7.1.4; RFC 8418, section 2
var agreements = map[oid.ID]struct {
	hash oid.ID
	hkdf bool
}{
	"1.3.133.16.840.63.0.2":      {idSHA1, false},
	"1.3.132.1.11.0":             {idSHA224, false},
	"1.3.132.1.11.1":             {idSHA256, false},
	"1.3.132.1.11.2":             {idSHA384, false},
	"1.3.132.1.11.3":             {idSHA512, false},
	"1.3.133.16.840.63.0.3":      {idSHA1, false},
	"1.3.132.1.14.0":             {idSHA224, false},
	"1.3.132.1.14.1":             {idSHA256, false},
	"1.3.132.1.14.2":             {idSHA384, false},
	"1.3.132.1.14.3":             {idSHA512, false},
	"1.2.840.113549.1.9.16.3.19": {idSHA256, true},
	"1.2.840.113549.1.9.16.3.20": {idSHA384, true},
	"1.2.840.113549.1.9.16.3.21": {idSHA512, true},
}

// The hashes that envelopes name.
const (
	idSHA1   oid.ID = "1.3.14.3.2.26"
	idSHA224 oid.ID = "2.16.840.1.101.3.4.2.4"
	idSHA256 oid.ID = "2.16.840.1.101.3.4.2.1"
	idSHA384 oid.ID = "2.16.840.1.101.3.4.2.2"
	idSHA512 oid.ID = "2.16.840.1.101.3.4.2.3"
)

// agreed opens a key that was wrapped with one agreed on by ECDH.
//
// RFC 5753, sections 3.1 and 7.2; RFC 8418, section 2
func (p *Recipient) agreed(f *For, k *ecdh.PrivateKey) ([]byte, string) {
	how, known := agreements[p.Algorithm.ID]
	wrap, _, isAlgorithm := der.First(p.Algorithm.Parameters, der.Sequence)
	size := wraps[sig.AlgorithmID(p.Algorithm.Parameters)]
	switch {
	case !known:
		return nil, fmt.Sprintf("key agreement by %s is not opened here", p.Algorithm.Name())
	case !isAlgorithm || len(wrap) == 0 || size == 0:
		return nil, "the parameters of the key agreement name no AES key wrap"
	}
	public, err := k.Curve().NewPublicKey(p.Sender.Bits)
	if err != nil {
		return nil, "the originator's key lies on another curve than the private key"
	}
	z, err := k.ECDH(public)
	if err != nil {
		return nil, "the two keys agree on no secret"
	}
	info := [][]byte{p.Algorithm.Parameters}
	if p.UKM.OK {
		info = append(info, der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, p.UKM.Value)))
	}
	info = append(info, der.Wrap(der.Ctx(2), der.Wrap(der.OctetString, binary.BigEndian.AppendUint32(nil, uint32(8*size)))))
	shared := der.Wrap(der.Sequence, info...)
	kek := mac.Counted(how.hash, z, shared, size, false)
	if how.hkdf {
		if kek, err = hkdf.Key(sig.Hash(how.hash), z, p.UKM.Value, string(shared), size); err != nil {
			return nil, err.Error()
		}
	}
	return unwrapped(kek, f.Key.Value, "private key")
}

// fromKEM opens a key that was wrapped with the shared secret of a KEM.
//
// RFC 9629, section 5
func (p *Recipient) fromKEM(f *For, decapsulate func([]byte) ([]byte, error)) ([]byte, string) {
	size := wraps[p.Algorithm.ID]
	n, _ := p.KEKLength.Value.Int64()
	switch {
	case size == 0:
		return nil, fmt.Sprintf("keys wrapped by %s are not opened here", p.Algorithm.Name())
	case n != int64(size):
		return nil, fmt.Sprintf("kekLength is %d, and the key wrap needs %d octets", n, size)
	}
	secret, err := decapsulate(p.Ciphertext.Value)
	if err != nil {
		return nil, "the ciphertext of the KEM has not the length of the private key's"
	}
	info := [][]byte{p.Algorithm.Raw, der.Wrap(der.Integer, p.KEKLength.Value)}
	if p.UKM.OK {
		info = append(info, der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, p.UKM.Value)))
	}
	kek, fault := mac.KDFOf(*p.Derivation).Key(secret, der.Wrap(der.Sequence, info...), size)
	if fault != "" {
		return nil, fault
	}
	return unwrapped(kek, f.Key.Value, "private key")
}

// Package private opens private keys that were given to open something with, or
// to be held against a certificate. What it opens is never shown, and it signs
// nothing: there is no way to a signature from here.
//
//	k, why := private.Parse("pkcs8", b)
//	fits := why == "" && k.Of(certificate.PublicKey.Raw)
//
// Documents: RFC 5958, RFC 5915, RFC 8017, appendix A.1.2, RFC 9935 for ML-KEM.
package private

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/mlkem"
	"crypto/rsa"
	"crypto/x509"
	"errors"

	"github.com/cloudflare/circl/kem/mlkem/mlkem512"

	"derscope/decode/der"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// Key is a private key. Of RSA, ECDH and KEM the one of its type is set, or none
// where it can only sign.
type Key struct {
	RSA  *rsa.PrivateKey
	ECDH *ecdh.PrivateKey
	// KEM opens a ciphertext; nil: it is no key of a KEM.
	KEM func(ciphertext []byte) (shared []byte, err error)
	// Public is the SubjectPublicKeyInfo of its public half.
	Public []byte
}

// Parse opens a key in the clear: form is that of cert.PrivateKey. In place of a
// key it says why there is none.
func Parse(form string, b []byte) (*Key, string) {
	var private any
	var err error
	switch form {
	case "pkcs8":
		if k := parseKEM(b); k != nil {
			return k, ""
		}
		private, err = x509.ParsePKCS8PrivateKey(b)
	case "pkcs1":
		private, err = x509.ParsePKCS1PrivateKey(b)
	case "sec1":
		private, err = x509.ParseECPrivateKey(b)
	default:
		return nil, "its form is not read here"
	}
	if err != nil {
		return nil, "keys of its type are not read here"
	}
	k := &Key{}
	var public any
	switch p := private.(type) {
	case *rsa.PrivateKey:
		k.RSA, public = p, &p.PublicKey
	case *ecdsa.PrivateKey:
		k.ECDH, _ = p.ECDH()
		public = &p.PublicKey
	case *ecdh.PrivateKey:
		k.ECDH, public = p, p.PublicKey()
	case crypto.Signer:
		public = p.Public()
	default:
		return nil, "keys of its type are not read here"
	}
	if k.Public, err = x509.MarshalPKIXPublicKey(public); err != nil {
		return nil, "its public key cannot be written"
	}
	return k, ""
}

// Of says that the key is the private half of a public one.
func (k *Key) Of(spki []byte) bool {
	if bytes.Equal(k.Public, spki) {
		return true
	}
	a, err := sig.ParseKey(k.Public)
	if err != nil {
		return false
	}
	b, err := sig.ParseKey(spki)
	return err == nil && a.Family() != "" && a.Family() == b.Family() && a.Name() == b.Name() && bytes.Equal(a.Bits, b.Bits)
}

// The identifiers of ML-KEM: RFC 9935, section 3.
const (
	idMLKEM512  oid.ID = "2.16.840.1.101.3.4.4.1"
	idMLKEM768  oid.ID = "2.16.840.1.101.3.4.4.2"
	idMLKEM1024 oid.ID = "2.16.840.1.101.3.4.4.3"
)

// parseKEM opens a key of ML-KEM that holds its seed: alone under the tag [0],
// or in front of the expanded key in a SEQUENCE.
//
// RFC 9935, section 6
func parseKEM(b []byte) *Key {
	outer, ok := der.Contents(b, der.Sequence)
	if !ok {
		return nil
	}
	_, rest, ok := der.First(outer, der.Integer)
	if !ok {
		return nil
	}
	algorithm, rest, ok := der.First(rest, der.Sequence)
	if !ok {
		return nil
	}
	name, _, ok := der.First(algorithm, der.OID)
	if !ok {
		return nil
	}
	id, _ := oid.Parse(name)
	value, _, ok := der.First(rest, der.OctetString)
	if !ok || id != idMLKEM512 && id != idMLKEM768 && id != idMLKEM1024 {
		return nil
	}
	seed, ok := der.Contents(value, der.Ctx(0))
	if !ok {
		if both, is := der.Contents(value, der.Sequence); is {
			seed, _, ok = der.First(both, der.OctetString)
		}
	}
	if !ok {
		return nil
	}
	k := &Key{}
	var point []byte
	switch id {
	case idMLKEM512:
		if len(seed) != mlkem512.KeySeedSize {
			return nil
		}
		public, private := mlkem512.NewKeyFromSeed(seed)
		point = make([]byte, mlkem512.PublicKeySize)
		public.Pack(point)
		k.KEM = func(ciphertext []byte) ([]byte, error) {
			if len(ciphertext) != mlkem512.CiphertextSize {
				return nil, errors.New("it is no ciphertext of ML-KEM-512")
			}
			shared := make([]byte, mlkem512.SharedKeySize)
			private.DecapsulateTo(shared, ciphertext)
			return shared, nil
		}
	case idMLKEM768:
		d, err := mlkem.NewDecapsulationKey768(seed)
		if err != nil {
			return nil
		}
		k.KEM, point = d.Decapsulate, d.EncapsulationKey().Bytes()
	default:
		d, err := mlkem.NewDecapsulationKey1024(seed)
		if err != nil {
			return nil
		}
		k.KEM, point = d.Decapsulate, d.EncapsulationKey().Bytes()
	}
	k.Public = der.Wrap(der.Sequence, der.Wrap(der.Sequence, der.Wrap(der.OID, id.Bytes())), der.Wrap(der.BitString, []byte{0}, point))
	return k
}

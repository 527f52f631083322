package mac

import (
	"crypto/hkdf"
	"encoding/binary"
	"fmt"
	"hash"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// KDF is a key derivation function, with what its parameters say.
type KDF struct {
	cert.Algorithm
	Hash   oid.ID // of KDF2 and KDF3
	Custom []byte // of KMAC
}

// kdf is what is known of a key derivation function.
type kdf struct {
	id   oid.ID
	hash oid.ID // "": that of the parameters, or none
	name string
	by   der.Tag // of the parameters: SEQUENCE is a hash, OCTET STRING a customization; NULL: they say nothing
	make func(k *KDF, z, info []byte, n int) []byte
}

const smime oid.ID = "1.2.840.113549.1.9.16.3."

// kdfs are the key derivation functions that a KEM is used with.
//
// RFC 8619 for HKDF; RFC 9688, sections 5.2 and 5.3, for KMAC, KDF2 and KDF3
var kdfs = [...]kdf{
	{smime + "28", sha2 + "1", "HKDF-SHA256", der.Null, hkdfKey},
	{smime + "29", sha2 + "2", "HKDF-SHA384", der.Null, hkdfKey},
	{smime + "30", sha2 + "3", "HKDF-SHA512", der.Null, hkdfKey},
	{"1.3.133.16.840.9.44.1.1", "", "KDF2", der.Sequence, func(k *KDF, z, info []byte, n int) []byte { return Counted(k.Hash, z, info, n, false) }},
	{"1.3.133.16.840.9.44.1.2", "", "KDF3", der.Sequence, func(k *KDF, z, info []byte, n int) []byte { return Counted(k.Hash, z, info, n, true) }},
	{sha2 + "21", "", "KMAC128", der.OctetString, func(k *KDF, z, info []byte, n int) []byte { return kmac(true, z, info, k.Custom, n) }},
	{sha2 + "22", "", "KMAC256", der.OctetString, func(k *KDF, z, info []byte, n int) []byte { return kmac(false, z, info, k.Custom, n) }},
}

func (k *KDF) find() *kdf {
	for i := range kdfs {
		if kdfs[i].id == k.ID {
			return &kdfs[i]
		}
	}
	return nil
}

// readKDF reads the AlgorithmIdentifier of a key derivation function.
func readKDF(r *field.Reader, label string) *KDF {
	return KDFOf(cert.ReadAlgorithm(r, label))
}

// KDFOf is the key derivation function that an AlgorithmIdentifier names.
func KDFOf(a cert.Algorithm) *KDF {
	k := &KDF{Algorithm: a}
	f := k.find()
	if f == nil {
		return k
	}
	k.Hash = f.hash
	switch f.by {
	case der.Sequence:
		k.Hash = sig.AlgorithmID(a.Parameters)
	case der.OctetString:
		k.Custom, _, _ = der.First(a.Parameters, der.OctetString)
	}
	return k
}

// Name is the name for people: HKDF-SHA256.
func (k *KDF) Name() string {
	if f := k.find(); f != nil {
		return f.name
	}
	return k.ID.String()
}

// Key derives n octets of the shared secret z.
func (k *KDF) Key(z, info []byte, n int) (key []byte, why string) {
	if why := k.unusable(); why != "" {
		return nil, why
	}
	if key = k.find().make(k, z, info, n); key == nil {
		return nil, fmt.Sprintf("%s does not make %d octets", k.Name(), n)
	}
	return key, ""
}

func (k *KDF) unusable() string {
	f := k.find()
	switch {
	case f == nil:
		return "the key derivation " + k.ID.String() + " is not known here"
	case f.by != der.OctetString && digest(k.Hash) == nil:
		return "the hash of " + f.name + " is not known here"
	}
	return ""
}

// hkdfKey is HKDF without a salt.
//
// RFC 5869
func hkdfKey(k *KDF, z, info []byte, n int) []byte {
	b, err := hkdf.Key[hash.Hash](sig.Hash(k.Hash), z, nil, string(info), n)
	if err != nil {
		return nil
	}
	return b
}

// Counted derives a key by hashing secret and info with a counter: behind the
// secret as in KDF2, which is the KDF of ANSI X9.63, or before it as in KDF3.
//
// ANSI X9.44; SEC 1, section 3.6.1
func Counted(h oid.ID, z, info []byte, n int, before bool) []byte {
	sum := digest(h)
	if sum == nil {
		return nil
	}
	var out []byte
	for i := uint32(1); len(out) < n; i++ {
		var in []byte
		if before {
			in = append(binary.BigEndian.AppendUint32(in, i), z...)
		} else {
			in = binary.BigEndian.AppendUint32(append(in, z...), i)
		}
		out = append(out, sum(append(in, info...))...)
	}
	return out[:n]
}

// unusable says why no key can be made.
func (p *KemBMParameter) unusable() string {
	if n, ok := p.Len.Value.Int64(); !ok || n < 1 || n > maxKey {
		return fmt.Sprintf("len is not from 1 to %d octets", maxKey)
	}
	return p.KDF.unusable()
}

// KEMKey makes the key of the secret that a KEM gives. transaction is the
// transactionID of the message that carried the ciphertext.
//
//	KemOtherInfo ::= SEQUENCE {
//		staticString   PKIFreeText,
//		transactionID  OCTET STRING,
//		kemContext     [0] OCTET STRING OPTIONAL }
//
// RFC 9810, section 5.1.3.4
func (a *Algorithm) KEMKey(ss, transaction []byte) (Key, string) {
	p := a.KEM
	n, _ := p.Len.Value.Int64()
	key, why := p.KDF.Key(ss, p.otherInfo(transaction), int(n))
	return Key{key, "", p.MAC}, why
}

func (p *KemBMParameter) otherInfo(transaction []byte) []byte {
	parts := [][]byte{der.Wrap(der.Sequence, der.Wrap(der.UTF8String, []byte("CMP-KEM"))), der.Wrap(der.OctetString, transaction)}
	if p.Context.OK {
		parts = append(parts, der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, p.Context.Value)))
	}
	return der.Wrap(der.Sequence, parts...)
}

// RSAKEM derives the shared secret of RSA-KEM from the number that was enciphered;
// nil where the parameters ask for what is not known here.
//
//	RsaKemParameters ::= SEQUENCE {
//		keyDerivationFunction  AlgorithmIdentifier,
//		keyLength              INTEGER }
//
// RFC 9690, section 2.2 and appendix A
func RSAKEM(z, parameters []byte) []byte {
	k, n := &KDF{Hash: sha2 + "1"}, int64(32)
	k.ID = "1.3.133.16.840.9.44.1.2"
	if len(parameters) > 0 {
		r := field.Trial(parameters)
		r.Seq("parameters", func(r *field.Reader) {
			k = readKDF(r, "keyDerivationFunction")
			n, _ = r.Integer("keyLength").Value.Int64()
		})
		if broken, _ := r.Breaks(); broken > 0 {
			return nil
		}
	}
	if n < 1 || n > maxKey {
		return nil
	}
	ss, _ := k.Key(z, nil, int(n))
	return ss
}
